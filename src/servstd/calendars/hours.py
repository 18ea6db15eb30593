"""Read what authors write about hours: clock times, spans, weekdays, dates."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime
from itertools import pairwise
from typing import Any, TypeVar

from servstd.calendars.civil import WEEKDAYS, date_of, day_of
from servstd.errors import Problem, closest

T = TypeVar("T")
DAY_S = 86_400
LATEST_S = 2 * DAY_S
MOST_SPANS = 500
MOST_DAYS = 3_700

Spans = tuple[tuple[int, int], ...]
"""Spans of one date in seconds after its midnight, ascending; an end may lie past 86 400."""

WEEK: Sequence[int] = range(7)
_CLOCK = re.compile(r"([0-9]{1,2}):([0-9]{2})(?::([0-9]{2}))?")
_DASH = re.compile(r"\s*(?:-|\u2013|\u2014|\bto\b)\s*")
_GROUPS = {
    "weekdays": range(5),
    "weekday": range(5),
    "weekend": range(5, 7),
    "weekends": range(5, 7),
    "daily": WEEK,
    "every day": WEEK,
    "everyday": WEEK,
    "all": WEEK,
}
_NAMES = {name: number for number, day in enumerate(WEEKDAYS) for name in (day,)}
_NAMES |= {
    name: number
    for number, names in enumerate(
        (
            ("monday",),
            ("tuesday", "tues"),
            ("wednesday",),
            ("thursday", "thur", "thurs"),
            ("friday",),
            ("saturday",),
            ("sunday",),
        )
    )
    for name in names
}
ALL_DAY: Spans = ((0, DAY_S),)
_CLOSED = {"closed", "none", "shut"}
_ALL_DAY = {"open", "all day", "24h", "24 hours", "always"}


def read_week(value: object, path: str, problems: list[Problem]) -> tuple[Spans, ...]:
    """Return the spans of each weekday, Monday first; what is wrong is added to `problems`."""
    week = by_weekday(_week_items(value, path, problems), path, problems, read_spans)
    return tuple(week.get(number, ()) for number in range(7))


def by_weekday(
    items: Iterable[tuple[str, object]],
    path: str,
    problems: list[Problem],
    read: Callable[[object, str, list[Problem]], T],
) -> dict[int, T]:
    """Return what holds on each weekday that is named, Monday 0; what is wrong is added to `problems`.

    Args:
        items: Keys like `mon-fri`, each with what stands there.
        path: Where they stand, for messages.
        problems: Where problems go.
        read: What reads a value, its path, and where its problems go.
    """
    given: dict[int, str] = {}
    found: dict[int, T] = {}
    for key, value in items:
        read_value = read(value, f"{path}.{key}", problems)
        for weekday in _weekdays(key, path, problems):
            if weekday in given:
                message = f"`{key}` and `{given[weekday]}` both set {WEEKDAYS[weekday]}."
                problems.append(Problem("SV232", message, help="let each weekday stand once.", path=path))
            given[weekday], found[weekday] = key, read_value
    return found


def _week_items(value: object, path: str, problems: list[Problem]) -> Iterator[tuple[str, object]]:
    if value is None:
        return
    if isinstance(value, Mapping):
        for key, spans in value.items():
            yield str(key), spans
    elif isinstance(value, (str, Sequence)):
        yield "daily", value
    else:
        problems.append(_no_spans(value, path))


def is_weekday_key(key: object) -> bool:
    """Return whether a key names weekdays: `mon-fri`, `sat`, `mon,wed`, `daily`."""
    return isinstance(key, str) and _weekday_numbers(key) is not None


def _weekdays(key: str, path: str, problems: list[Problem]) -> Sequence[int]:
    numbers = _weekday_numbers(key)
    if numbers is None:
        near = closest(key, [*WEEKDAYS, *_GROUPS, "mon-fri", "sat-sun"])
        help_ = f"write `{near}`." if near else "write `mon`, `mon-fri`, `mon,wed` or `daily`."
        problems.append(Problem("SV231", f"`{key[:60]}` names no weekday.", help=help_, path=path))
    return numbers or ()


def _weekday_numbers(key: str) -> list[int] | None:
    """Read `mon-fri, sun`; a range may wrap: `fri-mon`."""
    key = key.strip().lower()
    if key in _GROUPS:
        return list(_GROUPS[key])
    found: list[int] = []
    for part in key.split(","):
        ends = [_NAMES.get(name.strip()) for name in _DASH.split(part.strip())]
        if not 1 <= len(ends) <= 2 or ends[0] is None or ends[-1] is None:
            return None
        found += [(ends[0] + step) % 7 for step in range((ends[-1] - ends[0]) % 7 + 1)]
    return list(dict.fromkeys(found))


def read_spans(value: object, path: str, problems: list[Problem], *, breaks: bool = False) -> Spans:
    """Return the spans of one date, checked against each other; what is wrong is added to `problems`.

    Args:
        value: `09:00-17:00`, a list of such, pairs, `closed`, `open` or `[]`.
        path: Where it stands, for messages.
        problems: Where problems go.
        breaks: Whether these are breaks, which may begin after 24:00 (inside an overnight shift).
    """
    spans: list[tuple[int, int, str]] = []
    for text in _span_texts(value, path, problems):
        span = _read_span(text, path, problems, breaks=breaks)
        if span is not None:
            spans.append((*span, _span_shown(text)))
    spans.sort()
    for (_, end, one), (start, _, other) in pairwise(spans):
        if start < end:
            message = f"`{one}` and `{other}` overlap."
            union = [span_text(span).replace("–", "-") for span in merge([span[:2] for span in spans])]
            quoted = ", ".join(f'"{one}"' for one in union)
            written = union[0] if len(union) == 1 else f"[{quoted}]"
            help_ = f"write their union, `{written}`, or let one end where the next begins."
            problems.append(Problem("SV233", message, help=help_, path=path))
    return tuple((start, end) for start, end, _ in spans)


def _span_texts(value: object, path: str, problems: list[Problem]) -> list[Any]:
    if isinstance(value, str):
        word = value.strip().lower()
        if word in _CLOSED:
            return []
        return ["00:00-24:00"] if word in _ALL_DAY else value.split(",")
    if isinstance(value, Sequence) and not isinstance(value, (bytes, bytearray)):
        if len(value) > MOST_SPANS:
            problems.append(
                Problem("SV230", f"{len(value)} spans a day are more than {MOST_SPANS}.", path=path)
            )
            return []
        return _pair_or_list(value)
    problems.append(_no_spans(value, path))
    return []


def _pair_or_list(value: Sequence[Any]) -> list[Any]:
    """Take `["09:00", "17:00"]` as the one span that it is."""
    if len(value) == 2 and all(isinstance(part, str) and _CLOCK.fullmatch(part.strip()) for part in value):
        return [tuple(value)]
    return list(value)


def _read_span(text: Any, path: str, problems: list[Problem], *, breaks: bool) -> tuple[int, int] | None:
    parts = _DASH.split(text.strip()) if isinstance(text, str) else text
    if not isinstance(parts, Sequence) or len(parts) != 2:
        problems.append(_no_spans(text, path))
        return None
    if isinstance(text, str) and not any(_CLOCK.fullmatch(part.strip()) for part in parts):
        problems.append(_no_spans(text, path))
        return None
    start, end = (read_clock(part, path, problems) for part in parts)
    if start is None or end is None:
        return None
    if start == end:
        help_ = "write `00:00-24:00` for the whole day, or `closed`."
        message = f"`{_span_shown(text)}` ends when it begins, so it is either nothing or a whole day."
        problems.append(Problem("SV234", message, help=help_, path=path))
        return None
    if start >= DAY_S and not breaks:
        message = f"`{_span_shown(text)}` begins after its date has ended."
        problems.append(Problem("SV234", message, help="give it to the next weekday.", path=path))
        return None
    return start, end if end > start else end + DAY_S


def read_clock(value: object, path: str, problems: list[Problem]) -> int | None:
    """Return a clock time as seconds after midnight, up to 48:00; None after adding a problem."""
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        problems.append(_number_for_clock(value, path))
        return None
    found = _CLOCK.fullmatch(value.strip()) if isinstance(value, str) else None
    if found is None:
        message = f"`{str(value)[:60]}` is no clock time."
        problems.append(
            Problem("SV230", message, help="write it like `09:00`, `17:30` or `24:00`.", path=path)
        )
        return None
    hours, minutes, seconds = int(found[1]), int(found[2]), int(found[3] or 0)
    total = hours * 3600 + minutes * 60 + seconds
    if minutes > 59 or seconds > 59 or total > LATEST_S:
        message = (
            f"`{found[0]}` is no clock time: hours go to 48 (`30:00` is six the next morning), minutes to 59."
        )
        problems.append(Problem("SV230", message, path=path))
        return None
    return total


def _number_for_clock(value: float, path: str) -> Problem:
    """Explain YAML 1.1, which reads an unquoted 22:30 as the number 1350 (or 81000 with seconds)."""
    minutes = int(value)
    guess = (
        f"{minutes // 60:02d}:{minutes % 60:02d}" if 0 <= minutes <= 2_880 and minutes == value else "22:30"
    )
    message = (
        f"`{value}` is a number, not a clock time; some YAML readers turn an unquoted `{guess}` into it."
    )
    return Problem("SV230", message, help=f'write it in quotes: `"{guess}"`.', path=path)


def _no_spans(value: object, path: str) -> Problem:
    message = f"`{str(value)[:60]}` is no span of hours."
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        message = (
            f"`{value}` is a number, not a span of hours; some YAML readers turn an unquoted `9:00` into one."
        )
    return Problem(
        "SV230", message, help='write it like `"09:00-17:00"`, a list of such, or `closed`.', path=path
    )


def _span_shown(text: Any) -> str:
    return text.strip() if isinstance(text, str) else "-".join(str(part) for part in text)


def read_days(value: object, path: str, problems: list[Problem]) -> range:
    """Return the day numbers of `2026-12-25`, a `date`, or `2026-12-24..2026-12-26`; both ends belong."""
    if isinstance(value, str) and len(value) <= 60:
        first, last = (value.strip().split("..", 1) * 2)[:2]
        if ".." not in value and "/" in value:
            first, last = value.strip().split("/", 1)
        start, end = (
            _read_day(first.strip(), path, problems),
            _read_day(last.strip(), path, problems, again=True),
        )
        if start is None or end is None:
            return range(0)
        if not 0 <= end - start <= MOST_DAYS:
            message = f"`{value}` does not run forwards within ten years."
            problems.append(Problem("SV235", message, path=path))
            return range(0)
        return range(start, end + 1)
    day = _read_day(value, path, problems)
    return range(0) if day is None else range(day, day + 1)


def _read_day(value: object, path: str, problems: list[Problem], *, again: bool = False) -> int | None:
    if isinstance(value, date) and not isinstance(value, datetime):
        return day_of(value)
    try:
        if isinstance(value, str) and len(value) == 10:
            return day_of(date.fromisoformat(value))
    except ValueError:
        pass
    if not again:
        message = f"`{str(value)[:60]}` is no date."
        problems.append(Problem("SV235", message, help="write it like `2026-12-25`.", path=path))
    return None


def merge(spans: Sequence[tuple[int, int]]) -> Spans:
    """Return spans in order, with those that touch or overlap joined."""
    joined: list[tuple[int, int]] = []
    for start, end in sorted(spans):
        if joined and start <= joined[-1][1]:
            joined[-1] = (joined[-1][0], max(end, joined[-1][1]))
        elif start < end:
            joined.append((start, end))
    return tuple(joined)


def without(spans: Spans, breaks: Spans) -> Spans:
    """Return what `spans` hold and `breaks` do not."""
    pieces = list(spans)
    for low, high in breaks:
        pieces = [
            piece
            for start, end in pieces
            for piece in ((start, min(end, low)), (max(start, high), end))
            if piece[0] < piece[1]
        ]
    return tuple(sorted(pieces))


def common(one: Spans, other: Spans) -> Spans:
    """Return what two ascending lists of spans both hold, in one sweep."""
    found: list[tuple[int, int]] = []
    index = 0
    for start, end in one:
        while index < len(other) and other[index][1] <= start:
            index += 1
        step = index
        while step < len(other) and other[step][0] < end:
            found.append((max(start, other[step][0]), min(end, other[step][1])))
            step += 1
    return tuple(found)


def clock_text(second: int) -> str:
    """Return seconds after midnight as a clock time: `09:00`, `30:00`."""
    minutes, seconds = divmod(second, 60)
    text = f"{minutes // 60:02d}:{minutes % 60:02d}"
    return f"{text}:{seconds:02d}" if seconds else text


def span_text(span: tuple[int, int]) -> str:
    """Return a span as people write it, an end past midnight as the clock shows it: `22:00-06:00`."""
    start, end = (span[0] - DAY_S, span[1] - DAY_S) if span[0] >= DAY_S else span
    shown = end - DAY_S if end > DAY_S and end - start < DAY_S else end
    return f"{clock_text(start)}\u2013{clock_text(shown)}"


def day_text(day: int) -> str:
    """Return a day number as `2026-12-25`."""
    return date_of(day).isoformat()
