"""A scorecard's verdicts: the marks of each evaluation, weighed together."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from fractions import Fraction
from itertools import count
from typing import NamedTuple, cast

from servstd.engine.obligation import Obligation
from servstd.expressions.nodes import tidy
from servstd.rollups.figures import figure_text
from servstd.rollups.rolled import CaseKey, Columns, Rolled, fields_of, rows_by_case
from servstd.standards.bound import Bound
from servstd.standards.scorecard import Item, Mark
from servstd.statistics.scorecards import Score, weighted_score


class ItemPart(NamedTuple):
    """Be what one item contributed to a score, for its evidence.

    Args:
        name: The item's id.
        weight: Its weight, exact.
        mark: What it got.
        points: What it added to the score before any item failed all; None where it added nothing.
        reviewer: Who marked it; empty where nobody is named.
        outcome: `scored`, `n/a`, `open` or `unknown`.
        started_at: When what it rests on began, µs.
        ended_at: When that ended, µs; None while it has not.
        can_fail: Whether failing it fails all.
        breached_at: When the standard was first broken, µs; None for what is answered.
    """

    name: str
    weight: Fraction
    mark: Mark
    points: Fraction | None
    reviewer: str
    outcome: str
    started_at: int | None
    ended_at: int | None
    can_fail: bool = False
    breached_at: int | None = None


class _Evaluation(NamedTuple):
    """The rows that one score rests on."""

    answers: list[int]
    standards: Mapping[int, list[int]]
    """By place of the member."""


def scorecard(
    columns: Columns,
    *,
    items: Sequence[Item],
    least: Fraction,
    answers: int | None,
    each: bool,
    reviewer: str | None = None,
) -> Iterator[Rolled]:
    """Yield one verdict for each evaluation.

    A score is judged when all of its items are known; earlier only where nothing could change it. An item that
    fails all breaks it at once.

    Args:
        columns: The verdicts of the items' standards, and the evaluations; see `rolled.READ`.
        items: The items; the standards among them are the members 0, 1, … in their order.
        least: How many points of 100 are promised.
        answers: The member that records evaluations; None where no item is answered.
        each: Whether each record is an evaluation of its own; else all records of a case are one.
        reviewer: The field that names who evaluated.
    """
    card = _Card(items, least, reviewer, each and answers is not None)
    for key, rows in rows_by_case(columns):
        for one in _evaluations(columns, rows, answers, each=each):
            yield _rolled(columns, key, one, card)


def _evaluations(
    columns: Columns, rows: Sequence[int], answers: int | None, *, each: bool
) -> Iterator[_Evaluation]:
    standards: dict[int, list[int]] = {}
    records = []
    for row in rows:
        place = columns["member"][row]
        if place == answers:
            records.append(row)
        else:
            standards.setdefault(place, []).append(row)
    records.sort(key=lambda row: (columns["started_at"][row], columns["opened_by"][row]))
    if answers is None:
        yield _Evaluation([], standards)
    elif each:
        yield from (_Evaluation([row], standards) for row in records)
    elif records:
        yield _Evaluation(records, standards)


class _Card(NamedTuple):
    """What is promised, as the public function is told it."""

    items: Sequence[Item]
    least: Fraction
    reviewer: str | None
    each: bool


def _rolled(columns: Columns, key: CaseKey, one: _Evaluation, card: _Card) -> Rolled:
    of_standards = [row for rows in one.standards.values() for row in rows]
    rows = one.answers or of_standards
    first = min(rows, key=lambda row: (columns["started_at"][row], columns["opened_by"][row]))
    fields = {**fields_of(columns, of_standards), **fields_of(columns, one.answers)}
    parts = list(_parts(columns, one, card, fields))
    made = Obligation(
        columns["opened_by"][first], columns["started_at"][first], opened_id=columns["opened_id"][first]
    )
    score = _judge(made, parts, card.least)
    told = tuple(part._replace(points=_added(part, parts)) for part in parts) if score else tuple(parts)
    used = [*one.answers, *of_standards]
    return Rolled(key, made, told, fields, any(columns["tie"][row] for row in used))


def _parts(
    columns: Columns, one: _Evaluation, card: _Card, fields: Mapping[str, object]
) -> Iterator[ItemPart]:
    answers = columns["own"][one.answers[0]] if card.each else fields
    who = "" if card.reviewer is None else str(answers.get(card.reviewer, ""))
    members = count()
    for item in card.items:
        if item.answer is not None:
            yield _part(columns, item, item.mark(answers), one.answers, who)
            continue
        rows = one.standards.get(next(members), [])
        yield _part(columns, item, _of_verdicts(columns, rows, item), rows, who)


def _of_verdicts(columns: Columns, rows: Sequence[int], item: Item) -> Mark:
    """Mark a standard by its verdicts on the case: the share that is kept; one that is broken fails all."""
    outcomes = [columns["outcome"][row] for row in rows]
    met, broken = outcomes.count("met"), outcomes.count("breached")
    fails = item.auto_fail is True and broken > 0
    for state in ("open", "unknown"):
        if state in outcomes and not fails:
            return Mark(None, "open" if state == "open" else "unknown", f"{outcomes.count(state)} {state}")
    if not met + broken:
        return Mark(None, "n/a", outcomes[0] if outcomes else "never began")
    said = ("kept" if met else "broken") if met + broken == 1 else f"{met} of {met + broken} kept"
    return Mark(Fraction(met, met + broken), "scored", said, fails)


def _part(columns: Columns, item: Item, mark: Mark, rows: Sequence[int], who: str) -> ItemPart:
    ends = [columns["ended_at"][row] for row in rows]
    return ItemPart(
        item.id,
        item.exact_weight,
        mark,
        None,
        who,
        mark.state,
        min((columns["started_at"][row] for row in rows), default=None),
        None if None in ends else max(ends, default=None),
        item.auto_fail is not False,
        min((at for row in rows if (at := columns["breached_at"][row]) is not None), default=None),
    )


def _judge(made: Obligation, parts: Sequence[ItemPart], least: Fraction) -> Score | None:
    """Write what the marks come to; return the score where it is final."""
    failing = [part.name for part in parts if part.mark.fails]
    pending = [part for part in parts if part.outcome in ("open", "unknown")]
    made.limit = cast("int", tidy(least))
    begun = [part for part in parts if part.started_at is not None]
    ends = [at for part in begun if (at := part.ended_at) is not None]
    made.ended_at = max(ends, default=made.started_at) if len(ends) == len(begun) else None
    if not pending and not failing:
        return _final(made, parts, least)
    if failing:
        _fail(made, [part for part in parts if part.mark.fails])
        known = None if pending else _score(parts, {}, failing)
        if known is not None and known.raw_points is not None:
            made.reason += f"; {figure_text(known.raw_points, Bound(least, unit='points'))} points without it"
        return known
    best, worst = _score(parts, dict.fromkeys(_names(pending), Fraction(1))), _worst(parts, pending)
    if best is not None and (best.points or 0) < least:
        made.outcome = "breached"
        made.breached_at = max(_last(parts), made.started_at)
        reached = figure_text(best.points or 0, Bound(least, unit="points"))
        made.reason = f"no more than {reached} points can be reached"
    elif worst is not None and worst >= least and all(part.outcome == "unknown" for part in pending):
        made.outcome = "met"
    else:
        made.outcome = "open" if any(part.outcome == "open" for part in pending) else "unknown"
        made.reason = _unknown([part for part in pending if part.outcome == "unknown"])
    return None


def _unknown(parts: Sequence[ItemPart]) -> str:
    """Say which marks are not known, those for the same reason together."""
    said: dict[str, list[str]] = {}
    for part in parts:
        said.setdefault(part.mark.said, []).append(part.name)
    return "; ".join(f"{', '.join(names)}: {why}" for why, names in said.items())


def _final(made: Obligation, parts: Sequence[ItemPart], least: Fraction) -> Score | None:
    score = _score(parts, {})
    if score is None or score.points is None:
        made.outcome, made.reason = "cancelled", "no item applies"
        return None
    made.elapsed = cast("int", tidy(score.points))
    made.margin = cast("int", tidy(score.points - least))
    made.outcome = "met" if score.points >= least else "breached"
    made.breached_at = max(_last(parts), made.started_at) if made.outcome == "breached" else None
    made.at_limit = score.points == least
    return score


def _fail(made: Obligation, failed: Sequence[ItemPart]) -> None:
    made.outcome, made.elapsed, made.margin = "breached", 0, -(made.limit or 0)
    times = [(part.breached_at, part.ended_at, part.started_at) for part in failed]
    ends = [next(at for at in told if at is not None) for told in times]
    made.breached_at = max(min(ends), made.started_at)
    made.reason = f"failed all: {', '.join(part.name for part in failed)}"


def _score(
    parts: Sequence[ItemPart], assumed: Mapping[str, Fraction], failing: Sequence[str] = ()
) -> Score | None:
    """Return the weighted score, pending items taken for what is assumed; None where nothing of weight applies."""
    shares = {part.name: assumed.get(part.name, part.mark.share) for part in parts}
    weights = {part.name: part.weight for part in parts}
    if not any(weights[name] for name, share in shares.items() if share is not None):
        return None
    return weighted_score(shares, weights, auto_fail=failing)


def _worst(parts: Sequence[ItemPart], pending: Sequence[ItemPart]) -> Fraction | None:
    if any(part.can_fail for part in pending):
        return Fraction(0)
    score = _score(parts, dict.fromkeys(_names(pending), Fraction(0)))
    return None if score is None else score.points


def _added(part: ItemPart, parts: Sequence[ItemPart]) -> Fraction | None:
    whole = sum((other.weight for other in parts if other.mark.share is not None), Fraction(0))
    return None if part.mark.share is None or not whole else part.mark.share * part.weight / whole * 100


def _names(parts: Sequence[ItemPart]) -> list[str]:
    return [part.name for part in parts]


def _last(parts: Sequence[ItemPart]) -> int:
    """Return when the last mark that is known was known."""
    return max(
        (part.ended_at for part in parts if part.ended_at is not None and part.outcome == "scored"), default=0
    )
