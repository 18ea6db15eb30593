"""What people write for a limit, and how it is written here: `1d`, `2d 4h`, `two days`, `3 rings`, `next business day`.

Nothing here reads a limit. When a limit cannot be read, this module guesses what was meant, so that the error can give
the right spelling.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from decimal import Decimal
from typing import Final, NamedTuple

from servstd.errors import Problem, closest
from servstd.expressions.braces import in_braces

LIMITS: Final = (
    "write `60 minutes`, `10 business days`, `$promised_at`, `3 call.ring`, or `{earliest_of: [...]}`."
)
"""What a limit may be."""
_NEXT_DAY: Final = "write `1 business day`: it ends with the next open date of the calendar."
_SAME_DAY: Final = "write `1 day` with `day_rule: {day_one: same}`: the limit ends with the day of the start."
_PHRASES: Final = (
    (r"\b(next|nxt)\s+(business|working|work)\s+day\b|^nbd$", _NEXT_DAY),
    (
        r"\bnext\s+day\b|\btomorrow\b",
        "write `1 day`: it ends with the day after the start. `1 business day` counts open dates only.",
    ),
    (
        r"\b(close|end)\s+of\s+business\b|^(cob|eob|close)$",
        "write `1 business day` with `day_rule: {day_one: same, ends: close_of_business}`.",
    ),
    (r"\b(same|of\s+the|of)\s+(business\s+|working\s+)?day\b|\btoday\b|^eod$", _SAME_DAY),
    (
        r"\b(month|quarter|year)[\s_-]?end\b|\bend\s+of\s+(the\s+)?(month|quarter|year)\b|^eom$",
        "write `{next: month_end}` for its last day (also `quarter_end`), or `{next: month_end, lag: 15 days}`.",
    ),
    (
        r"^(asap|as soon as possible|immediately|instantly|at once|promptly|urgent)$",
        "write how long it may take at most: `15 minutes`.",
    ),
)
_WORDS: Final = {
    word: number
    for number, words in {
        "1": "a an one single", "2": "two", "3": "three", "4": "four", "5": "five", "6": "six", "7": "seven",
        "8": "eight", "9": "nine", "10": "ten", "12": "twelve", "14": "fourteen", "15": "fifteen", "20": "twenty",
        "24": "twenty-four", "30": "thirty", "45": "forty-five", "48": "forty-eight", "60": "sixty", "90": "ninety",
        "0.5": "half", "0.25": "quarter",
    }.items()
    for word in words.split()
}  # fmt: skip
_UNITS: Final = {
    name: unit
    for unit, names in {
        "second": "s sec secs second seconds",
        "minute": "m min mins mn minute minutes",
        "hour": "h hr hrs hour hours",
        "day": "d dy dys day days",
        "week": "w wk wks week weeks",
        "fortnight": "fortnight fortnights",
        "month": "mo mon mos mth mths month months",
        "quarter": "q qtr qtrs quarter quarters",
        "year": "y yr yrs year years",
        "business hour": "bh bhr bhrs",
        "business day": "bd bds bday bdays bizday bizdays busday busdays workday workdays weekday weekdays "
        "businessday businessdays workingday workingdays",
    }.items()
    for name in names.split()
}
_SECONDS: Final[Mapping[str, int]] = {
    "second": 1, "minute": 60, "hour": 3_600, "day": 86_400, "week": 604_800, "fortnight": 1_209_600,
}  # fmt: skip
_BELOW: Final = {"hour": "minute", "minute": "second"}
_OPEN: Final = {"b", "biz", "bus", "business", "working", "work", "office", "open", "opening"}
_WALL: Final = {"calendar", "clock", "wall", "elapsed"}
_AROUND: Final = re.compile(
    r"^(?:within|in|under|below|by|max(?:imum)?|up\s+to|at\s+most|no\s+(?:more|later)\s+than|less\s+than|<=?|≤|~)\s*"
    r"|\s*(?:max(?:imum)?|at\s+most|or\s+less|\.|!)$",
    re.IGNORECASE,
)
_PART: Final = re.compile(r"(?P<number>[0-9]{1,9}(?:[.,][0-9]{1,6})?)\s*-?(?P<words>[^\W\d_][^\d,;:]*)?")
_NUMBER: Final = re.compile(r"[0-9]{1,9}(?:\.[0-9]{1,6})?")
_CLOCK: Final = re.compile(r"(?P<one>[0-9]{1,3}):(?P<two>[0-9]{2})(?::(?P<three>[0-9]{2}))?")
_RANGE: Final = re.compile(
    r"(?:[0-9.,]+\s*[a-z]*\s*(?:-|–|to|until)|between\s+[0-9.,]+\s*[a-z]*\s*and)\s*(?P<end>[0-9.,]+\s*[a-z ]+)",
    re.IGNORECASE,
)
_ISO: Final = re.compile(
    r"P(?:(\d+)Y)?(?:(\d+)M)?(?:(\d+)W)?(?:(\d+)D)?(?:T(?:(\d+)H)?(?:(\d+)M)?(?:(\d+)S)?)?", re.IGNORECASE
)
_ISO_UNITS: Final = ("year", "month", "week", "day", "hour", "minute", "second")


class Part(NamedTuple):
    """A number with its unit; `unit` is empty where the word is no unit that we know."""

    number: Decimal
    unit: str
    word: str

    @property
    def text(self) -> str:
        """How it is written here: `2 business days`."""
        return f"{_plain(self.number)} {self.unit}{'' if self.number == 1 else 's'}"

    @property
    def is_dates(self) -> bool:
        """Whether it counts local dates."""
        return self.unit.rpartition(" ")[2] in ("day", "week", "fortnight", "month", "quarter", "year")


def meant(problem: Problem, text: str) -> Problem:
    """Return the problem of a text that is no limit, with the right spelling where it is plain what was meant."""
    if problem.code == "SV120":
        return problem
    remedy = remedy_for(text)
    if remedy and remedy != f"write `{text}`.":  # well written, and too long
        return replace(problem, message=f"`{text[:60]}` is no limit as it is written.", help=remedy)
    return replace(problem, message=problem.message.replace("is no duration", "is no limit"), help=LIMITS)


def remedy_for(text: str) -> str:
    """Return how to write what somebody has said; empty where nobody can tell what was meant.

    Args:
        text: The limit as written, which cannot be read.

    Example:
        >>> remedy_for("2d 4h")
        'write `52 hours` for a length of time; dates end at midnight, so that hours cannot be added to `2 days`.'
        >>> remedy_for("soon")
        ''
    """
    text = " ".join(text[:200].split())
    return next((remedy for find in _FINDERS if (remedy := find(text))), "")


def _phrase(text: str) -> str:
    return next((remedy for words, remedy in _PHRASES if re.search(words, text, re.IGNORECASE)), "")


def _alternatives(text: str) -> str:
    """Recognise two limits of which one holds: `3 rings or 20 seconds`, `2-4 hours`."""
    if found := _RANGE.fullmatch(text):
        return f"a limit is one figure, the end of the range: {_as_remedy(found['end'])}"
    sides = re.split(r"\s+or\s+|\s*/\s*", text, maxsplit=1, flags=re.IGNORECASE)
    if len(sides) < 2 or not all(re.match(r"[0-9]", side) for side in sides):
        return ""
    named = ", ".join(_written(side) for side in sides)
    return (
        f"write `{{earliest_of: [{named}]}}` for whichever ends first, `latest_of` for whichever ends last."
    )


def _written(text: str) -> str:
    parts = _parts(text)
    if len(parts) == 1 and not parts[0].unit:
        return f"{{count: {_plain(parts[0].number)}, of: {parts[0].word}}}"
    return " ".join(part.text for part in parts) or text


def _as_remedy(text: str) -> str:
    remedy = _amount(text)
    return remedy or f"write `{_written(text)}`."


def _clock(text: str) -> str:
    """Recognise `1:30`, of which nobody can tell whether it is hours or minutes."""
    found = _CLOCK.fullmatch(text)
    if found is None:
        return ""
    one, two, three = (int(found[name] or 0) for name in ("one", "two", "three"))
    if found["three"] is not None:
        return f"write `{_hms(one * 3600 + two * 60 + three)}`."
    return f"write `{_hms(one * 3600 + two * 60)}` or `{_hms(one * 60 + two)}`, whichever is meant."


def _hms(seconds: int) -> str:
    parts = ((seconds // 3600, "hour"), (seconds // 60 % 60, "minute"), (seconds % 60, "second"))
    return " ".join(Part(Decimal(number), unit, "").text for number, unit in parts if number) or "0 seconds"


def _iso(text: str) -> str:
    found = _ISO.fullmatch(text)
    if found is None or not any(found.groups()):
        return ""
    pairs = zip(found.groups(), _ISO_UNITS, strict=True)
    return _of_parts([Part(Decimal(number), unit, unit) for number, unit in pairs if number])


def _amount(text: str) -> str:
    """Recognise numbers with units of time or dates, in whatever spelling."""
    text = text.removeprefix("-") if re.match(r"-\s*[0-9]", text) else text
    for _ in range(2):
        text = _AROUND.sub("", text).strip()
    return _of_parts(_parts(_in_digits(text)))


def _of_parts(parts: list[Part]) -> str:
    if len(parts) > 1 and not parts[-1].word and parts[-2].unit in _BELOW:  # 1h 30
        parts = [*parts[:-1], Part(parts[-1].number, _BELOW[parts[-2].unit], "")]
    if len({part.unit for part in parts}) < len(parts):
        return ""
    if not parts or not all(part.unit for part in parts):
        return _count(parts[0]) if len(parts) == 1 else ""
    dates = [part for part in parts if part.is_dates]
    if not dates:
        is_whole = all(part.number == part.number.to_integral_value() for part in parts)
        written = " ".join(part.text for part in parts)
        return f"write `{written if is_whole else _hours(parts) or written}`."
    if len(parts) == 1:
        return _of_dates(parts[0])
    return _of_mixture(parts, dates)


def _of_dates(part: Part) -> str:
    """Tell dates from hours: `1d` is a local date, or 24 hours."""
    if part.unit == "fortnight":
        part = Part(part.number * 2, "week", part.word)
    hours, whole = _hours([part]), part.number.to_integral_value("ROUND_CEILING")
    dates = Part(whole, part.unit, part.word).text
    if whole != part.number:
        return (
            f"write `{hours}` for a length of time; dates are whole: `{dates}`."
            if hours
            else f"write `{dates}`."
        )
    if not hours:
        return f"write `{dates}`."
    return f"write `{dates}` for local dates, the last of which ends at midnight, or `{hours}` for a length of time."


def _of_mixture(parts: list[Part], dates: list[Part]) -> str:
    hours = _hours(parts)
    if len(dates) == len(parts) and hours:  # weeks and days
        days = Part(
            sum((part.number * (_SECONDS[part.unit] // 86_400) for part in parts), Decimal()), "day", ""
        )
        return f"write `{days.text}` for local dates, or `{hours}` for a length of time."
    first = dates[0].text
    if not hours:
        return f"dates and other units cannot be added: write one of them, as `{first}`."
    return f"write `{hours}` for a length of time; dates end at midnight, so that hours cannot be added to `{first}`."


def _hours(parts: list[Part]) -> str:
    """Return parts added up as hours; empty where a month or a business day is no fixed number of them."""
    if not all(part.unit in _SECONDS for part in parts):
        return ""
    seconds = sum((part.number * _SECONDS[part.unit] for part in parts), Decimal())
    return _hms(int(seconds)) if seconds == int(seconds) else ""


def _count(part: Part) -> str:
    """Recognise a number of events, or a unit that is misspelt."""
    if not part.word:
        return f"write `{_plain(part.number)} minutes`, `{_plain(part.number)} hours`, or the unit you mean."
    near = closest(part.word.rpartition(" ")[2], [name for name in _UNITS if len(name) > 3], cutoff=0.75)
    if near is not None and " " not in part.word:
        return _of_parts([Part(part.number, _UNITS[near], near)])
    number, minutes = _plain(part.number), Part(part.number, "minute", "").text
    if not number.isdigit():
        return ""
    return (
        f"write `{{count: {number}, of: {part.word}}}` if events are counted, with their kind as the log has it; a "
        f"kind with a dot is enough by itself, `{number} call.ring`. For time write its unit: `{minutes}`."
    )


def _parts(text: str) -> list[Part]:
    """Return the numbers of a text with their units; nothing where something is left over."""
    found = list(_PART.finditer(text))
    rest = _PART.sub("", text).strip(" ,;&+")
    if not found or rest:
        return []
    return [_part(one["number"], one["words"] or "") for one in found]


def _part(number: str, words: str) -> Part:
    cleaned = re.sub(
        r"[().]|\band\b|\bof\b|\btime\b|\s-|-\s", " ", words.replace("-", " "), flags=re.IGNORECASE
    )
    every = cleaned.split()
    kept = [word for word in every if word.lower() not in _OPEN | _WALL]
    clock = next(
        (name for name, known in (("business", _OPEN), ("calendar", _WALL)) if _holds(every, known)), ""
    )
    unit = _UNITS.get(kept[0].lower(), "") if len(kept) == 1 else ""
    if clock and unit in ("second", "minute", "hour", "day") and (unit, clock) != ("day", "calendar"):
        unit = f"{clock} {unit}"
    return Part(Decimal(number.replace(",", ".")), unit, " ".join(every))


def _holds(words: list[str], known: set[str]) -> bool:
    return any(word.lower() in known for word in words)


def _in_digits(text: str) -> str:
    """Return a text with its number in digits: `half an hour` as `0.5 hour`."""
    text = re.sub(r"^(?:an?\s+)?(half|quarter)\s+(?:of\s+)?(?:an?|one)\s+", r"\1 ", text, flags=re.IGNORECASE)
    first, _, rest = text.partition(" ")
    number = _WORDS.get(first.lower())
    return f"{number} {rest}" if number and rest else text


def _field(text: str) -> str:
    """Recognise the name of a field without its dollar sign."""
    if re.fullmatch(r"[^\W\d]\w*(?:_\w+|\.\w+)+", text):
        return f"an instant that the case carries is written with a dollar sign: `${text}`."
    if re.fullmatch(r"[^\W\d]+(?: [^\W\d]+)+", text):
        return (
            f"an instant that the case carries is written as `${{{text}}}`, a length of time as `60 minutes`."
        )
    return ""


def _plain(number: Decimal) -> str:
    return f"{number.normalize():f}"


_FINDERS: Final[tuple[Callable[[str], str], ...]] = (
    in_braces,
    _phrase,
    _clock,
    _iso,
    _alternatives,
    _amount,
    _field,
)


def table_remedy(data: Mapping[str, object], is_limit: Callable[[object], bool]) -> str:
    """Return how to write a mapping that is meant as a table of limits, or as one limit; empty for anything else.

    Args:
        data: The mapping, in which no key says what it is.
        is_limit: Whether a value can be read as a limit.

    Example:
        >>> table_remedy({"urban": "15 minutes"}, lambda value: True)
        'a table begins with the field that chooses: write `{by: area, urban: 15 minutes}` with the name of your field.'
    """
    named = {str(key): value for key, value in data.items()}
    return next((remedy for remedy in _table_remedies(named, is_limit) if remedy), "")


def _table_remedies(data: Mapping[str, object], is_limit: Callable[[object], bool]) -> Iterator[str]:
    from servstd.models import shown  # noqa: PLC0415 - models know nothing of limits

    if all(key.lower() in _UNITS and _NUMBER.fullmatch(str(value)) for key, value in data.items()):
        parts = [Part(Decimal(str(value)), _UNITS[key.lower()], key) for key, value in data.items()]
        yield _of_parts(parts)
    limits = {key: value for key, value in data.items() if is_limit(value)}
    others = {key: value for key, value in data.items() if key not in limits}
    if limits and not others:
        told = shown({"by": "area", **limits})
        yield f"a table begins with the field that chooses: write `{told}` with the name of your field."
    if limits and len(others) == 1 and isinstance(name := next(iter(others.values())), str):
        yield f"write `{shown({'by': name, **limits})}`: `by` names the field that chooses."
    if len(data) == 1:
        ((name, inner),) = data.items()
        if isinstance(inner, Mapping) and inner and all(map(is_limit, inner.values())):
            yield f"write `{shown({'by': name, **inner})}`: `by` names the field that chooses."
