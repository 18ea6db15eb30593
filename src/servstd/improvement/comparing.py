"""What if: two reports verdict by verdict, as of one log under two books or two calendars."""

from __future__ import annotations

from collections import Counter
from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from typing import Any, NamedTuple

from servstd.escaping import as_markdown, printable
from servstd.intervals import instant_us
from servstd.results.report import Report
from servstd.results.tables import html_table, markdown_table, plain_table
from servstd.results.verdict import Verdict
from servstd.results.verdicts import Verdicts
from servstd.results.wording import counted, local_text, margin_text
from servstd.rollups.figures import share_text

_COMPARED = ("outcome", "due_at", "margin")
_SHOWN = 20


class VerdictChange(NamedTuple):
    """Be one verdict that differs between two reports.

    Args:
        before: It in the first report.
        after: It in the second.
        what: What differs: `outcome`, `due_at`, `margin`.
    """

    before: Verdict
    after: Verdict
    what: tuple[str, ...]


class Shares(NamedTuple):
    """Be what a standard reached in each of two reports, over everything judged.

    Args:
        standard: The standard's id.
        before: (met, judged) in the first.
        after: (met, judged) in the second.
    """

    standard: str
    before: tuple[int, int]
    after: tuple[int, int]

    @property
    def difference(self) -> Fraction | None:
        """By how much the share rose; None where one side judged nothing."""
        if not self.before[1] or not self.after[1]:
            return None
        return Fraction(*self.after) - Fraction(*self.before)


@dataclass(frozen=True, eq=False, repr=False)
class Comparison:
    """Hold how two reports differ: `print(comparison)`, `.changes`, `.moves`, `.only_before`, `.only_after`.

    A verdict is the same one if standard, case and opening event are. The same cases stand on both sides, so a
    difference between the shares is exact, and no sample: it has no interval. To ask whether one month is better than
    another see `Report.compare_periods`.

    Args:
        before: The verdicts of the first report.
        after: Those of the second.
        rows: Pairs of positions, None on the side where the verdict is missing; in the order of the first report.
        notes: What a reader should know.
    """

    before: Verdicts
    after: Verdicts
    rows: tuple[tuple[int | None, int | None], ...]
    notes: tuple[str, ...] = ()

    @cached_property
    def changes(self) -> tuple[VerdictChange, ...]:
        """The verdicts that are in both and differ in outcome, due instant or margin."""
        return tuple(
            VerdictChange(self.before[one], self.after[other], what)
            for one, other in self.rows
            if one is not None and other is not None and (what := self._what(one, other))
        )

    @cached_property
    def only_before(self) -> tuple[Verdict, ...]:
        """The verdicts that the second report does not have."""
        return tuple(self.before[one] for one, other in self.rows if one is not None and other is None)

    @cached_property
    def only_after(self) -> tuple[Verdict, ...]:
        """The verdicts that the first report does not have."""
        return tuple(self.after[other] for one, other in self.rows if one is None and other is not None)

    @cached_property
    def moves(self) -> dict[tuple[str, str, str], int]:
        """How many verdicts went from which outcome to which, by standard; `-` where a side has none."""
        found: Counter[tuple[str, str, str]] = Counter()
        for one, other in self.rows:
            found[
                self._standard(one, other), self._outcome(self.before, one), self._outcome(self.after, other)
            ] += 1
        return dict(sorted(found.items()))

    @property
    def shares(self) -> tuple[Shares, ...]:
        """What each standard reached on both sides, over everything judged."""
        names = dict.fromkeys([*self.before.columns["standard"], *self.after.columns["standard"]])
        counts = [_judged(verdicts) for verdicts in (self.before, self.after)]
        return tuple(Shares(name, counts[0].get(name, (0, 0)), counts[1].get(name, (0, 0))) for name in names)

    @property
    def is_same(self) -> bool:
        """Whether nothing differs."""
        return not (self.changes or self.only_before or self.only_after)

    def to_dicts(self) -> list[dict[str, Any]]:
        """Return one mapping a verdict that differs or is on one side only, as JSON writes it."""
        found = []
        for one, other in self.rows:
            what = ("presence",) if one is None or other is None else self._what(one, other)
            if what:
                here = None if one is None else self.before[one]
                there = None if other is None else self.after[other]
                side, row = (self.before, one) if one is not None else (self.after, other or 0)
                found.append(
                    {
                        "standard": side.columns["standard"][row],
                        "case": side.columns["case"][row],
                        "what": list(what),
                        "before": None if here is None else here.to_row(),
                        "after": None if there is None else there.to_row(),
                    }
                )
        return found

    def to_dict(self) -> dict[str, Any]:
        """Return it as JSON writes it: counts, shares, and every verdict that differs."""
        return {
            "moves": [
                {"standard": standard, "before": one, "after": other, "count": number}
                for (standard, one, other), number in self.moves.items()
            ],
            "shares": [
                {"standard": one.standard, "before": list(one.before), "after": list(one.after)}
                for one in self.shares
            ],
            "verdicts": self.to_dicts(),
            "notes": list(self.notes),
        }

    def to_markdown(self) -> str:
        """Return it for a pull request: what each standard reached, and the verdicts whose outcome changed."""
        parts = [as_markdown(self._head()), markdown_table(_SHARES, self._share_rows(), right=(1, 2, 3))]
        if self._move_rows():
            parts.append(markdown_table(_MOVES, self._move_rows(), right=(3,)))
        if self._change_rows():
            parts.append(markdown_table(_CHANGES, self._change_rows()))
        return "\n\n".join([*parts, *(as_markdown(note) for note in self.notes)]) + "\n"

    def __str__(self) -> str:
        parts = [self._head(), plain_table(_SHARES, self._share_rows(), right=(1, 2, 3))]
        if self._move_rows():
            parts.append(plain_table(_MOVES, self._move_rows(), right=(3,)))
        if self._change_rows():
            parts.append(plain_table(_CHANGES, self._change_rows()))
        return "\n\n".join([*parts, *(printable(note) for note in self.notes)])

    def __repr__(self) -> str:
        return f"<Comparison: {self._head()}>"

    def _repr_html_(self) -> str:
        shares = html_table(_SHARES, self._share_rows(), self._head(), right=(1, 2, 3))
        moves = html_table(_MOVES, self._move_rows(), right=(3,)) if self._move_rows() else ""
        changes = html_table(_CHANGES, self._change_rows()) if self._change_rows() else ""
        return shares + moves + changes

    def _head(self) -> str:
        outcomes = sum("outcome" in one.what for one in self.changes)
        others = len(self.changes) - outcomes
        return (
            f"{counted(len(self.rows), 'verdict')}: {outcomes:,} changed their outcome, {others:,} their due or margin "
            f"alone, {len(self.only_before):,} only before, {len(self.only_after):,} only after"
        )

    def _share_rows(self) -> list[list[str]]:
        return [
            [one.standard, _share(one.before), _share(one.after), _points(one.difference)]
            for one in self.shares
        ]

    def _move_rows(self) -> list[list[str]]:
        return [
            [standard, one, other, f"{number:,}"]
            for (standard, one, other), number in self.moves.items()
            if one != other
        ]

    def _change_rows(self) -> list[list[str]]:
        """Return the first verdicts whose outcome changed; where none did, the first that changed at all."""
        shown = [one for one in self.changes if "outcome" in one.what] or self.changes
        return [
            [
                here.standard,
                here.case,
                f"{here.outcome} → {there.outcome}",
                f"{margin_text(here.margin, here.unit)} → {margin_text(there.margin, there.unit)}",
                f"{_due(here)} → {_due(there)}",
            ]
            for here, there, _ in shown[:_SHOWN]
        ]

    def _what(self, one: int, other: int) -> tuple[str, ...]:
        before, after = self.before.internal, self.after.internal
        return tuple(name for name in _COMPARED if before[name][one] != after[name][other])

    def _standard(self, one: int | None, other: int | None) -> str:
        side, row = (self.before, one) if one is not None else (self.after, other or 0)
        name: str = side.internal["standard"][row]
        return name

    @staticmethod
    def _outcome(verdicts: Verdicts, row: int | None) -> str:
        return "-" if row is None else str(verdicts.internal["outcome"][row])


def compare(before: Report, after: Report) -> Comparison:
    """Compare two reports verdict by verdict: the same log under another book, another calendar, another `as_of`.

    Args:
        before: What is.
        after: What would be.

    Returns:
        What differs: outcomes, due instants, margins, and verdicts that only one report has.

    Example:
        >>> import servstd
        >>> promise = "standards: [{id: reply, kind: respond, case: id, start: asked, stop: answered, within: %s}]"
        >>> log = servstd.read_events([{"time": "2026-03-02T09:00Z", "event": "asked", "id": 1},
        ...                            {"time": "2026-03-02T10:30Z", "event": "answered", "id": 1}])
        >>> reports = [servstd.evaluate(servstd.loads(promise % limit), log) for limit in ("1 hour", "2 hours")]
        >>> servstd.compare(*reports).moves
        {('reply', 'breached', 'met'): 1}
    """
    rows = _paired(_keys(before.verdicts), _keys(after.verdicts))
    return Comparison(before.verdicts, after.verdicts, tuple(rows), tuple(_notes(before, after)))


def _keys(verdicts: Verdicts) -> list[Hashable]:
    """Return what each verdict is known by; of several opened by one event, their number."""
    columns = verdicts.internal
    found: list[Hashable] = []
    seen: Counter[Hashable] = Counter()
    for row, standard in enumerate(columns["standard"]):
        opened = columns["opened_id"][row] or columns["started_at"][row]
        key = (standard, columns["case_key"][row], opened)
        found.append((*key, seen[key]))
        seen[key] += 1
    return found


def _paired(before: Sequence[Hashable], after: Sequence[Hashable]) -> list[tuple[int | None, int | None]]:
    places = {key: row for row, key in enumerate(after)}
    known = set(before)
    return [
        *((row, places.get(key)) for row, key in enumerate(before)),
        *((None, row) for row, key in enumerate(after) if key not in known),
    ]


def _notes(before: Report, after: Report) -> list[str]:
    notes = []
    if before.as_of_us != after.as_of_us:
        notes.append(
            f"The reports are of two instants: {before.as_of.isoformat()} and {after.as_of.isoformat()}."
        )
    if before.log is not after.log and len(before.log) != len(after.log):
        notes.append(f"The logs are not one: {len(before.log):,} and {len(after.log):,} events.")
    return notes


def _judged(verdicts: Verdicts) -> Mapping[str, tuple[int, int]]:
    counts = Counter(zip(verdicts.columns["standard"], verdicts.columns["outcome"], strict=True))
    names = {standard for standard, _ in counts}
    return {name: (counts[name, "met"], counts[name, "met"] + counts[name, "breached"]) for name in names}


_SHARES = ("standard", "before", "after", "points")
_MOVES = ("standard", "before", "after", "verdicts")
_CHANGES = ("standard", "case", "outcome", "margin", "due (UTC)")


def _share(counts: tuple[int, int]) -> str:
    met, judged = counts
    return f"{share_text(met, judged)} of {judged:,}" if judged else "nothing judged"


def _points(difference: Fraction | None) -> str:
    return "-" if difference is None else f"{float(difference) * 100:+.1f}"


def _due(verdict: Verdict) -> str:
    return "-" if verdict.due_at is None else local_text(instant_us(verdict.due_at), "UTC", weekday=False)
