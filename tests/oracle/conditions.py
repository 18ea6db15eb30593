"""Conditions and values, three-valued: True, False, or None where evidence is missing."""

from __future__ import annotations

import fnmatch
import re
from collections.abc import Callable
from datetime import datetime

from oracle.calendars import Elsewhere, instant_us

ABSENT = object()


class Facts:
    """What a condition reads: the event's own fields first, then the case's."""

    def __init__(self, own: dict, case: dict, at: int, kind: str, calendars: dict | None = None) -> None:
        self.own, self.case, self.at, self.kind = own, case, at, kind
        self.calendars = calendars or {}

    def read(self, name: str) -> object:
        if name.startswith("event."):
            value = look_up(self.own, name[6:])
            return self.kind if value is ABSENT and name == "event.kind" else value
        if name.startswith("case."):
            return look_up(self.case, name[5:])
        if name == "time":
            return Instant(self.at)
        if name == "kind":
            return self.kind
        value = look_up(self.own, name)
        return look_up(self.case, name) if value is ABSENT else value

    def with_item(self, item: object) -> Facts:
        own = {**self.own, **item} if isinstance(item, dict) else {**self.own, "item": item}
        return Facts(own, self.case, self.at, self.kind, self.calendars)


class Instant(int):
    """An instant, so that it is not confused with a number."""


def look_up(fields: dict, name: str) -> object:
    if fields.get(name) is not None:
        return fields[name]
    value: object = fields
    for part in name.split("."):
        if not isinstance(value, dict) or value.get(part) is None:
            return ABSENT
        value = value[part]
    return value


def read_value(written: object, facts: Facts) -> object:
    if isinstance(written, str) and written.startswith("$"):
        return facts.read(written[1:])
    return written


def as_instant(value: object) -> int | None:
    if isinstance(value, Instant):
        return int(value)
    if isinstance(value, datetime):
        return instant_us(value)
    if isinstance(value, str) and re.fullmatch(r"\d{4}-\d\d-\d\dT.*(Z|[+-]\d\d:\d\d)", value):
        return instant_us(datetime.fromisoformat(value))
    return None


def comparable(left: object, right: object) -> tuple[object, object] | None:
    """Return the two as things that can be ordered, text read as what the other side is; None if they cannot."""
    if isinstance(left, bool) or isinstance(right, bool):
        return (left, right) if isinstance(left, bool) and isinstance(right, bool) else None
    first, second = as_instant(left), as_instant(right)
    if first is not None and second is not None:
        return first, second
    if isinstance(left, str) and isinstance(right, int):
        return (int(left), right) if re.fullmatch(r"-?\d+", left) else None
    if isinstance(left, int) and isinstance(right, str):
        return (left, int(right)) if re.fullmatch(r"-?\d+", right) else None
    if isinstance(left, str) and isinstance(right, str):
        return left, right
    if isinstance(left, int) and isinstance(right, int):
        return left, right
    return None


def equal(left: object, right: object) -> bool:
    if isinstance(left, bool) is not isinstance(right, bool):
        flag, other = (left, right) if isinstance(left, bool) else (right, left)
        # What an author calls true or false may be carried as a word or as 1 or 0; what is carried as such is no number.
        return truth(other) is flag if isinstance(other, str) or flag is right else False
    pair = comparable(left, right)
    return left == right if pair is None else pair[0] == pair[1]


def truth(value: object) -> bool | None:
    """Return what a value means where true or false is asked for."""
    word = str(value).strip().lower()
    return True if word in ("true", "yes", "y", "1") else False if word in ("false", "no", "n", "0") else None


def words(text: str) -> list[str]:
    return re.findall(r"\w+", text.casefold())


def mentions(text: str, wanted: str) -> bool:
    """Whole words, any case, one after the other."""
    have, want = words(text), words(wanted)
    return bool(want) and any(have[i : i + len(want)] == want for i in range(len(have) - len(want) + 1))


ORDERINGS: dict[str, Callable[[object, object], bool]] = {
    "lt": lambda a, b: a < b,  # type: ignore[operator]
    "le": lambda a, b: a <= b,  # type: ignore[operator]
    "gt": lambda a, b: a > b,  # type: ignore[operator]
    "ge": lambda a, b: a >= b,  # type: ignore[operator]
}


def compare(operator: str, value: object, written: object, facts: Facts) -> bool | None:
    if operator == "exists":
        return (value is not ABSENT) == bool(written)
    if operator in ("in", "not_in"):
        assert isinstance(written, list)
        found = is_any([compare("eq", value, each, facts) for each in written])
        return found if operator == "in" else negate(found)
    if value is ABSENT:
        return None
    if operator in ("open_in", "open_until"):
        at, hours = as_instant(value), facts.calendars[written]
        if isinstance(hours, Elsewhere):
            hours = hours.at(facts.read(hours.field))
        return None if at is None or hours is None else hours.is_open(at - (operator == "open_until"))
    other = read_value(written, facts)
    if other is ABSENT:
        return None
    if operator == "eq":
        return equal(value, other)
    if operator == "ne":
        return not equal(value, other)
    if operator in ORDERINGS:
        pair = comparable(value, other)
        return None if pair is None else ORDERINGS[operator](*pair)
    if operator == "contains":
        return (
            any(equal(each, other) for each in value) if isinstance(value, list) else str(other) in str(value)
        )
    if operator == "mentions":
        return mentions(str(value), str(other))
    if operator == "starts_with":
        return str(value).startswith(str(other))
    if operator == "ends_with":
        return str(value).endswith(str(other))
    if operator == "like":
        return fnmatch.fnmatchcase(str(value), str(other))
    raise ValueError(operator)


def negate(value: bool | None) -> bool | None:
    return None if value is None else not value


def is_all(values: list[bool | None]) -> bool | None:
    return False if False in values else None if None in values else True


def is_any(values: list[bool | None]) -> bool | None:
    return True if True in values else None if None in values else False


def holds(condition: object, facts: Facts) -> bool | None:
    """Judge a condition: a mapping of fields, all of which must hold, with `all`, `any`, `not` among them."""
    if condition is None:
        return True
    if isinstance(condition, list):
        return is_all([holds(each, facts) for each in condition])
    assert isinstance(condition, dict)
    found = []
    for written, wanted in condition.items():
        name = written.removeprefix("$")
        if name == "all":
            found.append(is_all([holds(each, facts) for each in wanted]))
        elif name == "any":
            found.append(is_any([holds(each, facts) for each in wanted]))
        elif name == "not":
            found.append(negate(holds(wanted, facts)))
        elif isinstance(wanted, dict):
            value = facts.read(name)
            found.append(is_all([compare(op, value, operand, facts) for op, operand in wanted.items()]))
        elif isinstance(wanted, list):
            found.append(compare("in", facts.read(name), wanted, facts))
        else:
            found.append(compare("eq", facts.read(name), wanted, facts))
    return is_all(found)


def gives(selector: object, facts: Facts) -> bool:
    """Say whether an event is selected; a `where` that is unknown does not select."""
    if selector is None:
        return False
    if isinstance(selector, str):
        return facts.kind == selector
    if isinstance(selector, list):
        return any(gives(each, facts) for each in selector)
    assert isinstance(selector, dict)
    if "standard" in selector:
        named = facts.kind == f"{selector['standard']}:{selector['change']}"
        return named and holds(selector.get("where"), facts) is True
    return gives(selector["event"], facts) and holds(selector.get("where"), facts) is True
