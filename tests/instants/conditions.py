"""Conditions and selectors (semantics §5: three-valued; absent is unknown)."""

from decimal import Decimal, InvalidOperation

from .facts import NULLS, Instant, text

TRUE_WORDS, FALSE_WORDS = ("true", "yes", "y", "1"), ("false", "no", "n", "0")
OPERATORS = {
    "eq",
    "ne",
    "lt",
    "le",
    "gt",
    "ge",
    "in",
    "not_in",
    "exists",
    "contains",
    "starts_with",
    "ends_with",
    "mentions",
}


def all_of(values):
    values = list(values)
    return False if False in values else None if None in values else True


def any_of(values):
    values = list(values)
    return True if True in values else None if None in values else False


def negate(value):
    return None if value is None else not value


class Facts:
    """A field is the event's own, else the case's as last known."""

    def __init__(self, case_fields, event=None, extra=None):
        self.case_fields, self.event, self.extra = case_fields, event, extra or {}

    def get(self, name):
        if name in self.extra:
            return self.extra[name]
        if self.event is not None:
            if name in ("time", "$time"):
                return Instant(self.event.time)
            own = self.event.fields.get(name)
            if own not in NULLS:
                return own
        return self.case_fields.get(name)


def number(value):
    if isinstance(value, bool) or value is None:
        return None
    try:
        return Decimal(str(value))
    except InvalidOperation:
        return None


def same(left, right):
    """Whether a value says what is wanted: `true` takes yes, y and 1; 1 does not take true (silent.md 25)."""
    if (
        isinstance(left, bool)
        and not isinstance(right, bool)
        and number(right) is not None
        and not isinstance(right, str)
    ):
        return False
    if isinstance(left, bool) or isinstance(right, bool):
        words = [text(left).lower(), text(right).lower()]
        return any(all(word in group for word in words) for group in (TRUE_WORDS, FALSE_WORDS))
    if number(left) is not None and number(right) is not None:
        return number(left) == number(right)
    return text(left) == text(right)


def compare(left, right):
    """-1, 0, 1; or None where they cannot be compared."""
    if isinstance(left, Instant) and isinstance(right, Instant):
        left, right = left.us, right.us
    else:
        left, right = number(left), number(right)
    return None if left is None or right is None else (left > right) - (left < right)


def holds(condition, facts):
    """True, False or None (unknown)."""
    parts = []
    for name, wanted in condition.items():
        if name == "all":
            parts.append(all_of(holds(one, facts) for one in wanted))
        elif name == "any":
            parts.append(any_of(holds(one, facts) for one in wanted))
        elif name == "not":
            parts.append(negate(holds(wanted, facts)))
        else:
            parts.append(passes(facts.get(name), wanted, facts))
    return all_of(parts)


def passes(value, wanted, facts):
    if isinstance(wanted, list):
        return None if value is None else any(same(value, one) for one in wanted)
    if not isinstance(wanted, dict):
        return None if value is None else same(value, wanted)
    parts = []
    for operator, bound in wanted.items():
        if operator == "exists":
            parts.append((value is not None) == bound)
            continue
        if operator == "not":
            parts.append(negate(passes(value, bound, facts)))
            continue
        if operator in ("all", "any"):
            parts.append(
                (all_of if operator == "all" else any_of)(passes(value, one, facts) for one in bound)
            )
            continue
        if isinstance(bound, str) and bound.startswith("$"):
            bound = facts.get(bound[1:])
        if value is None or bound is None:
            parts.append(None)
        elif operator in ("eq", "ne"):
            parts.append(same(value, bound) == (operator == "eq"))
        elif operator in ("in", "not_in"):
            parts.append(any(same(value, one) for one in bound) == (operator == "in"))
        else:
            found = compare(value, bound)
            parts.append(
                None
                if found is None
                else {"lt": found < 0, "le": found <= 0, "gt": found > 0, "ge": found >= 0}[operator]
            )
    return all_of(parts)


def takes(selector, event, case):
    """Whether a selector takes an event; an unknown `where` does not take it (§5)."""
    if selector is None:
        return False
    if isinstance(selector, str):
        return selector in ("*", event.kind)
    if isinstance(selector, list):
        return any(takes(one, event, case) for one in selector)
    if "event" not in selector:
        raise NotImplementedError(selector)
    if not takes(selector["event"], event, case):
        return False
    return "where" not in selector or holds(selector["where"], Facts(case.fields(event.time), event)) is True


def kinds(selector):
    """The kinds of event that a selector names."""
    if selector is None:
        return set()
    if isinstance(selector, str):
        return {selector}
    if isinstance(selector, list):
        return set().union(*(kinds(one) for one in selector))
    return kinds(selector.get("event")) if "event" in selector else set()


def fields_read(condition):
    """The fields that a condition reads."""
    names = set()
    for name, wanted in (condition or {}).items():
        if name in ("all", "any"):
            names |= set().union(*(fields_read(one) for one in wanted))
        elif name == "not":
            names |= fields_read(wanted)
        else:
            names.add(name)
            for bound in wanted.values() if isinstance(wanted, dict) else ():
                if isinstance(bound, str) and bound.startswith("$"):
                    names.add(bound[1:])
    return names
