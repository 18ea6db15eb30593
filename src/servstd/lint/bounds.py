"""Bounds that can never be met, and bounds that can never be broken."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from decimal import Decimal
from fractions import Fraction
from typing import cast

from servstd.durations import HOUR, parse_duration
from servstd.errors import ServstdError
from servstd.expressions.values import number_from
from servstd.lint.domains import inner_contradiction
from servstd.lint.sort import Seen, of_standard
from servstd.lint.subject import Subject
from servstd.lint.words import event_words, inside
from servstd.standards import Check, Gauge, Metric, Order, Quantity, Respond
from servstd.standards.limit import CountLimit, DatesLimit, DurationLimit, LimitNode, LimitText, parse_limit
from servstd.standards.member import Member
from servstd.standards.scope import Per
from servstd.standards.scorecard import Item, Scorecard
from servstd.standards.selector import Selection

_PERCENT = re.compile(r"([0-9]{1,3}(?:\.[0-9]{1,9})?)\s*%")
_LONGEST_WINDOW_H = {"day": 25, "week": 169, "month": 745, "quarter": 2_209, "year": 8_784}
"""Hours of the longest window: a day has 25 where the clocks go back."""


@of_standard("SV520", "error")
def a_bound_that_can_never_be_met(subject: Subject) -> Iterator[Seen]:
    """Find a promise that nothing could keep.

    The least is more than the most, a level must lie above its top and below its bottom, an expectation contradicts
    itself, the best marks of a scorecard do not reach it, or more than the whole of a window is demanded. Every case
    breaks it, whatever is done.

    Remedy: exchange the two figures, or take one of them out.
    """
    one = subject.standard
    if isinstance(one, Quantity | Order):
        yield from _crossed(subject, one)
    if isinstance(one, Quantity):
        yield from _more_than_the_window(one)
    if isinstance(one, Gauge):
        yield from _no_level(one)
    if isinstance(one, Scorecard):
        yield from _out_of_reach(one)
    if isinstance(one, Check) and one.expected is not None:
        field = inner_contradiction(one.expected.root)
        if field is not None:
            yield Seen(
                "expect" if one.expect is not None else "between",
                f"no value of {field.sentence()} can be all that is expected of it at once.",
                "write alternatives under `any:`, or exchange the two ends.",
            )


def _crossed(subject: Subject, one: Quantity | Order) -> Iterator[Seen]:
    least = _amount(one, "at_least")
    most = _amount(one, "at_most")
    if most is None and isinstance(one, Order):
        most = _amount(one, "within")
    if least is not None and most is not None and least[0] == most[0] and least[1] > most[1]:
        yield Seen(
            "at_least",
            f"at least {_written(one, 'at_least')} and at most "
            f"{_written(one, 'at_most') or _written(one, 'within')} cannot both be: `{subject.id}` is always broken.",
            "exchange the two.",
        )


def _written(one: Quantity | Order, name: str) -> str:
    held = getattr(one, name, None)
    return "" if held is None else f"`{held.data if isinstance(held, LimitText) else held}`"


def _amount(one: Quantity | Order, name: str) -> tuple[str, Fraction] | None:
    """Return a bound with its unit, where it is the same for every case."""
    held = getattr(one, name, None)
    if held is None:
        return None
    if isinstance(held, LimitText):
        return _of_node(held.node)
    text = str(held).strip()
    if found := _PERCENT.fullmatch(text):
        return "share", Fraction(Decimal(found[1]))
    number = number_from(held)
    if number is not None:
        return "number", Fraction(number)
    try:
        return _of_node(parse_limit(text).node)
    except ServstdError:
        return None


def _of_node(node: LimitNode) -> tuple[str, Fraction] | None:
    if isinstance(node, DurationLimit):
        return node.clock, Fraction(node.us)
    if isinstance(node, DatesLimit) and isinstance(node.count, int):
        return node.unit.removesuffix("s"), Fraction(node.count)
    return None


def _more_than_the_window(one: Quantity) -> Iterator[Seen]:
    held = _amount(one, "at_least")
    if held is None:
        return
    unit, amount = held
    if unit == "share" and amount > 100:
        yield Seen("at_least", f"`{one.at_least}` is more than the whole window.", "write `100%` or less.")
    per = cast("Per | None", one.per)
    hours = _LONGEST_WINDOW_H.get(per.length) if per is not None else None
    if one.time_in is not None and hours is not None and unit == "standard" and amount > hours * HOUR:
        yield Seen(
            "at_least",
            f"`{one.at_least}` a {per.length if per else ''}, which has {hours} hours at the most.",
            "write less, or a longer `per:`.",
        )


def _no_level(one: Gauge) -> Iterator[Seen]:
    above, below = number_from(one.above), number_from(one.below)
    if above is not None and below is not None and below > above:
        yield Seen(
            "below",
            f"a level may be neither above {above} nor below {below}, and every level is one of the two.",
            f"exchange them: `above: {below}, below: {above}`.",
        )
    elif above is not None and above < 0 and _counts(one):
        yield Seen(
            "above",
            f"a count of events is never less than 0, so it is always above {above}.",
            "write `above: 0`.",
        )


def _out_of_reach(one: Scorecard) -> Iterator[Seen]:
    """Yield a score that the best answers do not reach, and an item that every answer fails all with."""
    best = sum(((_best_share(item) * item.exact_weight) for item in one.all_items), Fraction())
    whole = sum((item.exact_weight for item in one.all_items), Fraction())
    if whole and 100 * best / whole < one.points:
        yield Seen(
            "at_least",
            f"the best answers to every item give {float(100 * best / whole):.1f} points, less than are promised.",
            "let the best answer of each item be worth 1, or promise less.",
        )
    for place, item in enumerate(one.all_items):
        ends, below = _scale(item)
        if ends is not None and below is not None and below > ends[1]:
            yield Seen(
                f"items[{place}].auto_fail",
                f"no answer on `{item.id}` is {below} or more, so each fails the whole scorecard.",
                f"write `below: {ends[0] + 1}`, or the answer that is meant.",
            )


def _best_share(item: Item) -> Fraction:
    """Return the share of the full mark that the best answer gets."""
    told = [number_from(share) for share in (item.values or {"yes": 1}).values()]
    return max(Fraction(number) for number in told if number is not None)


def _scale(item: Item) -> tuple[tuple[Fraction, Fraction] | None, Fraction | None]:
    """Return the ends of an item's scale, and below which answer it fails all."""
    ends = [Fraction(number) for end in item.scale or () if (number := number_from(end)) is not None]
    told = item.auto_fail.get("below") if isinstance(item.auto_fail, Mapping) else None
    below = number_from(told)
    return (ends[0], ends[1]) if len(ends) == 2 else None, None if below is None else Fraction(below)


def _counts(one: Gauge) -> bool:
    level = one.named_levels.get("level")
    return level is not None and level.plus is not None and level.amount is None


@of_standard("SV521", "warning")
def a_bound_that_can_never_be_broken(subject: Subject) -> Iterator[Seen]:
    """Find a promise that nothing could break.

    `at_least: 0`, at most 100 % of the time, a count of events below 0, a limit that counts the very events which
    stop the clock: all are kept by everybody, always, and the report shows a hundred per cent that means nothing.
    `objective: 0% overall` is left alone: it says that no promise is made.

    Remedy: write the figure that is meant.
    """
    one = subject.standard
    if isinstance(one, Quantity):
        least, most = _amount(one, "at_least"), _amount(one, "at_most")
        if least is not None and least[1] == 0 and one.sum is None:  # a sum of credits and debits may be less
            yield Seen(
                "at_least", "at least 0 is always so.", "write the least that is meant: `at_least: 1`."
            )
        if most is not None and most[0] == "share" and most[1] >= 100:
            yield Seen(
                "at_most",
                f"`{one.at_most}` of the time is all of it.",
                "write the share that is allowed: `1%`.",
            )
    if isinstance(one, Gauge) and _counts(one):
        below = number_from(one.below)
        if below is not None and below <= 0 and one.above is None:
            message = f"a count of events is never less than 0, so it is never below {below}."
            yield Seen("below", message, "write `below: 1` if there must be one.")
    if isinstance(one, Scorecard):
        yield from _never_failing(one)
    if isinstance(one, Respond) and isinstance(one.limit.node, CountLimit):
        counted = one.limit.node.of
        if counted.any_of and len(inside(counted, one.stops)) == len(counted.any_of):
            yield Seen(
                "within",
                f"{event_words(counted)} stops the clock and is what the limit counts, so the count never passes 1.",
                "count another event, or promise a time.",
            )


def _never_failing(one: Scorecard) -> Iterator[Seen]:
    """Yield a score of nothing, and an item that is said to fail all and never does."""
    if one.points == 0:
        yield Seen("at_least", "0 points of 100 are always reached.", "write the points that are promised.")
    for place, item in enumerate(one.all_items):
        ends, below = _scale(item)
        gets_something = item.values is not None and all(number_from(share) for share in item.values.values())
        is_lowest = ends is not None and below is not None and below <= ends[0]
        if is_lowest or (item.auto_fail is True and gets_something):
            yield Seen(
                f"items[{place}].auto_fail",
                f"no answer on `{item.id}` is that bad, so it never fails the whole scorecard.",
                "write below which answer it fails all, or give the worst answer 0.",
            )


@of_standard("SV523", "warning")
def one_answer_marked_twice(subject: Subject) -> Iterator[Seen]:
    """Find a scorecard that marks the same answer, or the same standard, under two items.

    Each item has its weight, so what is marked twice weighs twice; mostly one of the two was to mark something else.

    Remedy: name what the second item is to mark.
    """
    if not isinstance(subject.standard, Scorecard):
        return
    first: dict[tuple[str, str], str] = {}
    for place, item in enumerate(subject.standard.all_items):
        standard = item.standard.id if isinstance(item.standard, Member) else ""
        marked = (standard, item.answer or "")
        if marked in first and any(marked):
            yield Seen(
                f"items[{place}]",
                f"`{item.id}` marks `{marked[0] or marked[1]}`, which `{first[marked]}` marks already.",
                "name what this item is to mark, or leave it out.",
            )
        first.setdefault(marked, item.id)


@of_standard("SV522", "warning")
def a_level_that_only_rises(subject: Subject) -> Iterator[Seen]:
    """Find a level that events add to and none takes away from.

    Such a level counts who came and never who left. Once above its bound it stays there, and a reaction is demanded
    once and never again.

    Remedy: write under `minus:` what takes away; to bound a count, write `kind: quantity` with `at_most`.
    """
    levels = subject.standard.named_levels if isinstance(subject.standard, Gauge) else {}
    for name, level in levels.items():
        if level.plus is not None and level.minus is None:
            yield Seen(
                "level.plus" if name == "level" and "level" in levels else f"levels.{name}.plus",
                f"{event_words(cast('Selection', level.plus))} adds to the level and nothing takes away from it.",
                "write under `minus:` what takes away, or bound a count: `kind: quantity`, `at_most`.",
            )


@of_standard("SV524", "warning")
def short_contacts_longer_than_the_threshold(subject: Subject) -> Iterator[Seen]:
    """Find a service level that leaves out as short what has waited past its threshold.

    `short` is for those who hang up before anyone could answer, such as wrong numbers. `short: 60 seconds` beside
    `threshold: 20 seconds` also forgives those who gave up after three times the promised wait.

    Remedy: take a `short` below the threshold.
    """
    one = subject.standard
    if not isinstance(one, Metric) or one.short is None or one.threshold is None:
        return
    if parse_duration(one.short) > parse_duration(one.threshold):
        yield Seen(
            "short",
            f"who gave up after more than the {one.threshold} promised counts as short, up to {one.short}.",
            f"write a `short` of at most {one.threshold}.",
        )
