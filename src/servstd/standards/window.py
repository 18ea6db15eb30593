"""Over what an objective is taken: `month`, `{rolling: 30 days}`, `{busiest: hour, of: day}`, `{census: month}`."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from itertools import pairwise
from typing import Any, Literal

from servstd.calendars.civil import WEEKDAYS
from servstd.calendars.rolling import Unit
from servstd.calendars.windows import first_of_year
from servstd.errors import Problem, StandardsError, closest, listed
from servstd.expressions.values import is_zoneless, moment_from

Shape = Literal["calendar", "rolling", "blocks", "busiest", "census", "all"]

WINDOWS = ("hour", "day", "week", "month", "quarter", "year", "all")
ADVERBS: Mapping[str, str] = {
    "hourly": "hour",
    "daily": "day",
    "weekly": "week",
    "monthly": "month",
    "quarterly": "quarter",
    "yearly": "year",
    "annually": "year",
    "overall": "all",
}
SHAPES = ("fiscal_year", "fiscal_quarter", "fiscal_month", "week", "rolling", "blocks", "busiest", "census")
_FISCAL = {"fiscal_year": "year", "fiscal_quarter": "quarter", "fiscal_month": "month"}
_SPAN = re.compile(r"([0-9]{1,4})\s+(day|week|month)s?", re.IGNORECASE)
_LONGEST = {"day": 3660, "week": 520, "month": 120}
_BUSIEST = {"hour": ("day", "week", "month", "quarter", "year"), "day": ("week", "month", "quarter", "year")}
_CENSUS = ("day", "week", "month", "quarter", "year")
MOST_BLOCKS = 1_000


@dataclass(frozen=True, slots=True)
class Over:
    """Hold the windows of an objective as read.

    Args:
        written: What the author wrote.
        shape: How time is cut.
        length: Of calendar windows, of the one that is looked for (`busiest`) or at whose end is counted (`census`).
        first: On which date a year begins, or on which weekday a week.
        of: In what the busiest one is looked for.
        count: How long rolling windows are.
        unit: In which unit.
        blocks: Dates or instants, from and until, in order.

    Example:
        >>> parse_window({"rolling": "30 days"}).words()
        'in any 30 days'
    """

    written: object = field(compare=False)
    shape: Shape
    length: str = ""
    first: str = "01-01"
    of: str = ""
    count: int = 0
    unit: Unit = "day"
    blocks: tuple[tuple[str, str], ...] = ()

    @property
    def needs_zone(self) -> bool:
        """Whether it begins at local midnights; blocks of instants with a zone of their own do not."""
        if self.shape == "blocks":
            return any(is_zoneless(end) for block in self.blocks for end in block)
        return self.shape != "all"

    def words(self) -> str:
        """Return it as it follows a figure: `a month`, `in any 30 days`, `overall`."""
        return _WORDS[self.shape](self)


def parse_window(written: object) -> Over:
    """Return the windows that the author wrote.

    Args:
        written: `day`, `week` and so on, `all`; `{fiscal_year: "04-01"}` (quarter, month), `{week: sunday}`,
            `{rolling: 30 days}` (weeks, months), `{blocks: [[2026-02-01, 2026-06-01]]}` (until is exclusive),
            `{busiest: hour, of: day}`, `{census: month}`.

    Raises:
        StandardsError: SV152 unknown, SV185 no date for a fiscal year, SV606 no length that rolls, SV607 no blocks.

    Example:
        >>> parse_window({"fiscal_year": "04-01"}).words(), parse_window("month").words()
        ('a fiscal year from 04-01', 'a month')
    """
    if isinstance(written, str):
        return _named(written)
    if not isinstance(written, Mapping) or not written:
        raise StandardsError(_unknown(str(written)))
    data: Mapping[str, Any] = {str(key): value for key, value in written.items()}
    shape = next((name for name in SHAPES if name in data), None)
    extra = [name for name in data if name != shape and (name, shape) != ("of", "busiest")]
    if shape is None or extra:
        raise StandardsError(_unknown(extra[0] if extra else next(iter(data)), SHAPES))
    return _READERS[shape](data, shape)


def _named(written: str) -> Over:
    word = ADVERBS.get(written.lower(), written.lower())
    if word not in WINDOWS:
        raise StandardsError(_unknown(written))
    return Over(written, "all") if word == "all" else Over(written, "calendar", word)


def _fiscal(data: Mapping[str, Any], shape: str) -> Over:
    try:
        first = first_of_year(data[shape])
    except StandardsError as failure:
        raise StandardsError([problem.at(path=shape) for problem in failure.problems]) from None
    return Over(data, "calendar", _FISCAL[shape], first)


def _week(data: Mapping[str, Any], shape: str) -> Over:
    day = str(data[shape]).lower()[:3]
    if day not in WEEKDAYS or len(str(data[shape])) > len("wednesday"):
        raise StandardsError(
            Problem(
                "SV152",
                f"no week begins on `{data[shape]!s:.40}`.",
                help="write a weekday: `{week: sunday}`.",
                path=shape,
            )
        )
    return Over(data, "calendar", "week", day)


def _rolling(data: Mapping[str, Any], shape: str) -> Over:
    found = _SPAN.fullmatch(str(data[shape]).strip())
    unit: Any = found[2].lower() if found else ""
    count = int(found[1]) if found else 0
    if not 0 < count <= _LONGEST.get(unit, 0):
        raise StandardsError(
            Problem(
                "SV606",
                f"`{data[shape]!s:.40}` is no length of a rolling window.",
                help="write dates, from one up to ten years of them: `30 days`, `8 weeks`, `3 months`.",
                path=shape,
            )
        )
    return Over(data, "rolling", count=count, unit=unit)


def _blocks(data: Mapping[str, Any], shape: str) -> Over:
    written = data[shape]
    if isinstance(written, str) or not isinstance(written, Sequence) or not 0 < len(written) <= MOST_BLOCKS:
        raise StandardsError(_no_blocks("blocks are a list of `[from, until]`, from one up to 1,000."))
    blocks = [_block(one, place) for place, one in enumerate(written)]
    ends = sorted((_order(start), _order(end)) for start, end in blocks)
    for (_, end), (start, _) in pairwise(ends):
        if start < end:
            trailing = (
                "let each begin where the one before ends; the year up to any day is `{rolling: 365 days}`, that up to "
                "one day an objective with one block."
            )
            raise StandardsError(replace(_no_blocks("two blocks hold the same dates."), help=trailing))
    return Over(data, "blocks", blocks=tuple(sorted(blocks, key=lambda block: _order(block[0]))))


def _block(written: object, place: int) -> tuple[str, str]:
    path = f"blocks[{place}]"
    if isinstance(written, str) or not isinstance(written, Sequence) or len(written) != 2:
        raise StandardsError(_no_blocks("a block is `[from, until]`.", path))
    start, end = (one.isoformat() if isinstance(one, date | datetime) else str(one) for one in written)
    for text in (start, end):
        if moment_from(text, "UTC") is None:
            raise StandardsError(_no_blocks(f"`{text:.40}` is neither a date nor an instant.", path))
    if _order(start) >= _order(end):
        raise StandardsError(_no_blocks(f"`{start}` to `{end}` holds nothing: `until` is exclusive.", path))
    return start, end


def _order(text: str) -> int:
    """Return where an end of a block lies if its zone is UTC; only to compare ends with each other."""
    return instant_of(text, "UTC")


def instant_of(text: str, timezone: str) -> int:
    """Return an end of a block as an instant, µs; a date is its first one.

    Args:
        text: A date or an instant.
        timezone: The zone of those that name none.
    """
    found = moment_from(text, timezone)
    assert found is not None  # noqa: S101 - read before
    return found if isinstance(found, int) else found.start_us


def _busiest(data: Mapping[str, Any], shape: str) -> Over:
    inner, outer = str(data[shape]), str(data.get("of", ""))
    if inner not in _BUSIEST or outer not in _BUSIEST[inner]:
        raise StandardsError(
            Problem(
                "SV152",
                f"there is no busiest `{inner:.20}` of "
                + (f"`{outer:.20}`." if "of" in data else "nothing: `of` is missing."),
                help="write `{busiest: hour, of: day}`, or a `day` of a `week`, `month`, `quarter` or `year`.",
                path=shape,
            )
        )
    return Over(data, "busiest", inner, of=outer)


def _census(data: Mapping[str, Any], shape: str) -> Over:
    length = str(data[shape])
    if length not in _CENSUS:
        raise StandardsError(_unknown(length, _CENSUS).at(path=shape))
    return Over(data, "census", length)


_READERS: Mapping[str, Callable[[Mapping[str, Any], str], Over]] = {
    **dict.fromkeys(_FISCAL, _fiscal),
    "week": _week,
    "rolling": _rolling,
    "blocks": _blocks,
    "busiest": _busiest,
    "census": _census,
}


_WEEKDAYS = {
    "mon": "Monday", "tue": "Tuesday", "wed": "Wednesday", "thu": "Thursday", "fri": "Friday", "sat": "Saturday",
    "sun": "Sunday",
}  # fmt: skip


def _calendar_words(over: Over) -> str:
    if over.first in WEEKDAYS:
        return f"a week from {_WEEKDAYS[over.first]}"
    fiscal = "" if over.first == "01-01" else "fiscal "
    article = "an" if over.length == "hour" else "a"
    return f"{article} {fiscal}{over.length}" + (f" from {over.first}" if fiscal else "")


_WORDS: Mapping[str, Callable[[Over], str]] = {
    "calendar": _calendar_words,
    "rolling": lambda over: f"in any {over.unit}" if over.count == 1 else f"in any {over.count} {over.unit}s",
    "blocks": lambda over: (
        f"in each of {len(over.blocks)} blocks" if len(over.blocks) > 1 else "in one block"
    ),
    "busiest": lambda over: f"in the busiest {over.length} of a {over.of}",
    "census": lambda over: f"of what is open at the end of a {over.length}",
    "all": lambda _: "overall",
}


def _unknown(window: str, known: Sequence[str] = (*WINDOWS, *SHAPES)) -> Problem:
    near = closest(window, known)
    help_ = f"write `{near}`." if near else "write `window: month`, or `{rolling: 30 days}`."
    return Problem("SV152", f"unknown window `{window[:40]}`. Known: {listed(known)}.", help=help_)


def _no_blocks(why: str, path: str = "blocks") -> Problem:
    return Problem(
        "SV607", f"these are no blocks: {why}", help="`{blocks: [[2026-02-01, 2026-06-01]]}`.", path=path
    )
