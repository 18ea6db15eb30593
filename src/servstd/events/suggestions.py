"""What a time that cannot be read could have meant: formats to suggest, never to use."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from decimal import Decimal

from servstd.events.options import EXCEL_DAYS
from servstd.events.strptime import parser_for

_SAMPLE = 200
_DATES = (
    (re.compile(r"[0-9]{1,2}(?P<sep>[/.\-])[0-9]{1,2}(?P=sep)[0-9]{4}"), ("%d{0}%m{0}%Y", "%m{0}%d{0}%Y")),
    (re.compile(r"[0-9]{1,2}(?P<sep>[/.\-])[0-9]{1,2}(?P=sep)[0-9]{2}"), ("%d{0}%m{0}%y", "%m{0}%d{0}%y")),
    (re.compile(r"[0-9]{4}(?P<sep>[/.\-])[0-9]{1,2}(?P=sep)[0-9]{1,2}"), ("%Y{0}%m{0}%d",)),
    (re.compile(r"[0-9]{1,2}(?P<sep>[ \-])[A-Za-z]{3}(?P=sep)[0-9]{4}"), ("%d{0}%b{0}%Y",)),
    (re.compile(r"[0-9]{1,2}(?P<sep>[ \-])[A-Za-z]{3}(?P=sep)[0-9]{2}"), ("%d{0}%b{0}%y",)),
    (re.compile(r"[0-9]{1,2}(?P<sep>[ \-])[A-Za-z]{4,9}(?P=sep)[0-9]{4}"), ("%d{0}%B{0}%Y",)),
    (re.compile(r"[A-Za-z]{3}(?P<sep> )[0-9]{1,2}, [0-9]{4}"), ("%b %d, %Y",)),
    (re.compile(r"[A-Za-z]{4,9}(?P<sep> )[0-9]{1,2}, [0-9]{4}"), ("%B %d, %Y",)),
)
_CLOCK = re.compile(
    r"(?P<gap>T|, ?| at | +)(?P<hour>[0-9]{1,2}):[0-9]{2}(?P<second>:[0-9]{2})?(?P<fraction>\.[0-9]{1,6})?"
    r"(?P<half>(?P<space> ?)[AaPp][Mm])?(?P<zone> ?(?:Z|[+-][0-9]{2}:?[0-9]{2}))?"
)
_DAY_NUMBER = re.compile(r"[2-7][0-9]{4}(?:\.[0-9]{1,20})?")  # 1954 to 2119
_DIGITS = {8: "%Y%m%d", 10: "epoch_s", 12: "%Y%m%d%H%M", 13: "epoch_ms", 14: "%Y%m%d%H%M%S", 16: "epoch_us"}


class Remedies:
    """Say of each unreadable value of a column which format would read it; the sample is tried once a shape.

    Args:
        values: The column's values, of which a sample settles which of day and month comes first.

    Example:
        >>> Remedies(["01/02/2026", "03/02/2026"]).of("01/02/2026")
        'Day and month are open: say `time_format="%d/%m/%Y"` or `time_format="%m/%d/%Y"`.'
        >>> Remedies(["01/02/2026", "28/02/2026"]).of("01/02/2026")
        'Say `time_format="%d/%m/%Y"`.'
    """

    def __init__(self, values: Sequence[object]) -> None:
        self._values = values
        self._said: dict[tuple[str, ...], str] = {}

    def of(self, value: object) -> str:
        """Return a sentence with the `time_format` that would read the value, both where two would; or nothing."""
        formats = tuple(
            form for form in suggested_formats(value) if "%" not in form or _reads(form, str(value).strip())
        )
        if formats not in self._said:
            self._said[formats] = _sentence(_fitting(list(formats), self._values))
        return self._said[formats]


def _sentence(formats: Sequence[str]) -> str:
    if not formats:
        return ""
    first, *others = (f'`time_format="{name}"`' for name in formats)
    return f"Day and month are open: say {first} or {others[0]}." if others else f"Say {first}."


def suggested_formats(value: object) -> Iterator[str]:
    """Yield the formats that the shape of one value allows."""
    if isinstance(value, (int, Decimal)) and not isinstance(value, bool):
        value = str(value)
    if not isinstance(value, str) or len(value) > 60:
        return
    text = value.strip()
    whole = re.sub(r"\.0+$", "", text)
    if _DAY_NUMBER.fullmatch(text):
        yield EXCEL_DAYS
        return
    if whole.isascii() and whole.isdigit():
        if len(whole) in _DIGITS:
            yield _DIGITS[len(whole)]
        return
    for shape, formats in _DATES:
        date = shape.match(text)
        if date and (clock := _clock_format(text[date.end() :])) is not None:
            yield from (form.format(date["sep"]) + clock for form in formats)
            return


def _clock_format(text: str) -> str | None:
    if not text:
        return ""
    found = _CLOCK.fullmatch(text)
    if not found:
        return None
    parts = [found["gap"], "%I" if found["half"] else "%H", ":%M"]
    parts += [":%S"] if found["second"] else []
    parts += [".%f"] if found["fraction"] else []
    parts += [found["space"] + "%p"] if found["half"] else []
    zone = found["zone"]
    parts += [(" " if zone.startswith(" ") else "") + "%z"] if zone else []
    return "".join(parts)


def _fitting(formats: list[str], values: Sequence[object]) -> list[str]:
    """Return the formats that read most of a sample; more than one only if they read equally many."""
    if len(formats) < 2:
        return formats
    sample = [str(value).strip() for value in values[:_SAMPLE]]
    read = [sum(_reads(form, text) for text in sample) for form in formats]
    return [form for form, count in zip(formats, read, strict=True) if count == max(read)]


def _reads(form: str, text: str) -> bool:
    try:
        parser_for(form)(text)
    except ValueError:
        return False
    return True
