"""Limits (semantics §3): four types, never confused, read off the fields of a case."""

import re
from dataclasses import dataclass
from fractions import Fraction

from .calendars import Always, add, subtract
from .conditions import number, same
from .facts import Instant, text
from .instants import DAY, HOUR, MINUTE, SECOND

ALWAYS = Always()
UNITS = {
    "second": SECOND,
    "seconds": SECOND,
    "s": SECOND,
    "sec": SECOND,
    "minute": MINUTE,
    "minutes": MINUTE,
    "min": MINUTE,
    "m": MINUTE,
    "hour": HOUR,
    "hours": HOUR,
    "h": HOUR,
}
DATE_UNITS = {
    "day": "day",
    "days": "day",
    "week": "week",
    "weeks": "week",
    "month": "month",
    "months": "month",
}
OPEN_WORDS = ("business", "working", "open")


@dataclass(frozen=True)
class Length:
    """Time on the calendar, or on the wall clock whatever the calendar."""

    us: int
    wall: bool = False


@dataclass(frozen=True)
class Dates:
    """Local dates."""

    number: int
    unit: str
    business: bool


@dataclass(frozen=True)
class Point:
    """An instant that the case carries."""

    us: int


@dataclass(frozen=True)
class Count:
    """So many other events."""

    number: int
    of: object


@dataclass(frozen=True)
class Nothing:
    """`none`: measures, and promises nothing."""


@dataclass(frozen=True)
class Unknown:
    """A limit that the case does not carry."""

    why: str


@dataclass(frozen=True)
class Several:
    """`earliest_of` or `latest_of`."""

    how: str
    members: tuple


def resolve(spec, facts):
    """The limit that a spelling means for a case, at one instant.

    `facts.promised` are the facts that promised instants are read from, which may be frozen (§4.6); `facts.calendar` measures spans.
    """
    if spec is None or spec == "none":
        return Nothing()
    if isinstance(spec, dict):
        return resolve_mapping(spec, facts)
    found = re.fullmatch(r"(.+?) (before|after) (\$\w+)", spec)
    if found:
        span, side, name = found.groups()
        at = value_of(name, facts.promised)
        step = resolve(span, facts)
        if not isinstance(at, Instant) or not isinstance(step, Length):
            return Unknown(name)
        calendar = ALWAYS if step.wall else facts.calendar  # a duration is time on the standard's calendar
        return Point(
            subtract(calendar, at.us, step.us) if side == "before" else add(calendar, at.us, step.us)
        )
    if re.fullmatch(r"\$\w+", spec):
        at = value_of(spec, facts.promised)
        return Point(at.us) if isinstance(at, Instant) else Unknown(spec)
    found = re.fullmatch(r"(\$\w+|[\d.]+) ((?:business|working|open|calendar) )?(\w+)", spec)
    if found:
        amount, word, unit = found.groups()
        amount = number(value_of(amount, facts)) if amount.startswith("$") else number(amount)
        if amount is None:
            return Unknown(spec)
        word = (word or "").strip()
        if unit in UNITS:
            return Length(int(Fraction(amount) * UNITS[unit]), word == "calendar")
        if unit in DATE_UNITS:
            if amount != int(amount):
                return Unknown(spec)
            weeks = DATE_UNITS[unit] == "week"
            return Dates(
                int(amount) * (7 if weeks else 1), "day" if weeks else DATE_UNITS[unit], word in OPEN_WORDS
            )
    found = re.fullmatch(r"(\d+) (\S+)", spec)
    if found:
        return Count(int(found[1]), found[2])
    return Length(length_of(spec))


def resolve_mapping(spec, facts):
    if "by" in spec:
        return resolve_table(spec, facts)
    if "count" in spec:
        return Count(spec["count"], spec["of"])
    how = "earliest_of" if "earliest_of" in spec else "latest_of"
    members = [resolve(member, facts) for member in spec[how]]
    known = tuple(
        member for member in members if not isinstance(member, Unknown)
    )  # §3: absent members are left out
    if not known:
        return Unknown(how)
    return Several(how, known)


def resolve_table(spec, facts):
    """A table by a field: the row that says the same text, else one that means the same, else `else`."""
    value = facts.case_fields.get(spec["by"])
    rows = {key: limit for key, limit in spec.items() if key not in ("by", "else")}
    if value is not None:
        for fits in (
            lambda key: text(key) == text(value),
            lambda key: same(value, key) or means_same(key, value),
        ):
            for key, limit in rows.items():
                if fits(key):
                    return resolve(limit, facts)
    if "else" in spec:  # silent.md 2
        return resolve(spec["else"], facts)
    return Unknown(f"no row for {value}")


def means_same(key, value):
    """`true` is what a condition takes for true (`yes`, `y`, `1`), and `1` is 1.0."""
    if text(key) in ("true", "false"):
        return same(value, text(key) == "true")
    return False


def value_of(name, facts):
    return facts.get(name.lstrip("$"))


def length_of(spec):
    """`60 minutes`, `1h30m`, `PT4H` as microseconds."""
    spec = spec.strip()
    found = re.fullmatch(r"PT(?:(\d+)H)?(?:(\d+)M)?(?:(\d+)S)?", spec) or re.fullmatch(
        r"(?:(\d+)h)?(?:(\d+)m)?(?:(\d+)s)?", spec
    )
    if found and any(found.groups()):
        return sum(
            int(part or 0) * unit for part, unit in zip(found.groups(), (HOUR, MINUTE, SECOND), strict=False)
        )
    amount, unit = spec.split()
    return (
        int(Fraction(amount) * UNITS[unit])
        if unit in UNITS
        else int(Fraction(amount)) * DAY * (7 if unit.startswith("week") else 1)
    )


def names_in(spec):
    """The fields that a limit reads."""
    if isinstance(spec, dict):
        names = {spec["by"]} if "by" in spec else set()
        for key, part in spec.items():
            if key in ("by", "count", "of"):
                continue
            for one in part if isinstance(part, list) else [part]:
                names |= names_in(one)
        return names
    return set(re.findall(r"\$(\w+)", spec)) if isinstance(spec, str) else set()


def is_instant(spec):
    """Whether a limit is a promised instant, which is frozen by default (§4.6)."""
    return isinstance(spec, str) and bool(re.search(r"(^| (before|after) )\$\w+$", spec))


def has_dates(limit):
    return isinstance(limit, Dates) or (isinstance(limit, Several) and any(map(has_dates, limit.members)))


def longer(limit, by):
    """A limit and what is added to it (§4.10)."""
    if isinstance(limit, Length) and isinstance(by, Length):
        return Length(limit.us + by.us, limit.wall)
    if isinstance(limit, Dates) and isinstance(by, Dates):
        return Dates(limit.number + by.number, limit.unit, limit.business)
    return Unknown("cannot be added") if isinstance(limit, Unknown) else limit
