"""One test of one field, compiled: the operators of the language and what they mean."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal
from operator import ge, gt, le, lt
from typing import TYPE_CHECKING, Any, Final, TypeAlias

from servstd.conditions import texts
from servstd.conditions.compare import equals, is_missing, order
from servstd.conditions.places import is_open_at_place, zone_field
from servstd.errors import Problem, StandardsError, closest, unknown_name
from servstd.expressions import ABSENT, Constant, Environment, Expression, Facts, Field, Span
from servstd.expressions.spans import check_span
from servstd.expressions.values import instant_from, is_zoneless, moment_from, number_from
from servstd.intervals import Instant

if TYPE_CHECKING:
    from servstd.calendars import Calendar

Decide: TypeAlias = Callable[[Facts], bool | None]
Compare: TypeAlias = Callable[[object, object], bool | None]

EQUALITY: Final = ("eq", "ne")
ORDERINGS: Final = ("lt", "le", "gt", "ge")
MEMBERSHIP: Final = ("in", "not_in")
TEXTUAL: Final = ("contains", "mentions", "starts_with", "ends_with")
PATTERNS: Final = ("like", "matches")
OPENINGS: Final = ("open_in", "open_until")
OPERATORS: Final = (*EQUALITY, *ORDERINGS, *MEMBERSHIP, *TEXTUAL, *PATTERNS, "exists", *OPENINGS)


def compiled(
    field: Field, operator: str, operands: tuple[Expression, ...], environment: Environment
) -> Decide:
    """Return the closure of a test.

    Raises:
        StandardsError: SV103 an unknown calendar, SV142 a time compared with what is none, SV146 a literal
            without a zone, SV147 a span without a calendar.
    """
    check_operands(field, operands, environment)
    if operator in (*EQUALITY, *ORDERINGS, *MEMBERSHIP):
        _check_moments(field, operands)
    read = reader(field)
    if operator == "exists":
        wanted = _constant(operands[0])
        return lambda facts: (not is_missing(read(facts))) is wanted
    if (placed := placed_calendar(operator, operands, environment)) is not None:
        early_us = int(operator == "open_until")
        return lambda facts: is_open_at_place(placed, read(facts), facts, environment, early_us=early_us)
    if all(isinstance(operand, Constant) for operand in operands):
        decide = value_test(operator, tuple(_constant(operand) for operand in operands), environment)
        return lambda facts: decide(read(facts))
    if operator in MEMBERSHIP:
        return _member(read, operands, environment, is_in=operator == "in")
    compare, operand = comparer(operator, environment.timezone), operands[0]
    return lambda facts: _compared(compare, read(facts), lambda: operand.evaluate(facts, environment))


def placed_calendar(
    operator: str, operands: tuple[Expression, ...], environment: Environment
) -> Calendar | None:
    """Return the calendar whose hours are asked for where its zone is that of the case; else None."""
    if operator not in OPENINGS:
        return None
    calendar = environment.calendars.get(str(_constant(operands[0])))
    return calendar if calendar is not None and zone_field(calendar) else None


def value_test(
    operator: str, operands: tuple[object, ...], environment: Environment
) -> Callable[[object], bool | None]:
    """Return a test of one value against constants: what runs on each distinct value of a column.

    Values that are absent give None, except under `exists`.
    """
    operand = operands[0] if operands else ""
    if operator == "exists":
        return lambda value: (not is_missing(value)) is operand
    if operator in PATTERNS:
        fits = texts.glob(str(operand)) if operator == "like" else texts.regex(str(operand))
        return lambda value: None if is_missing(value) else _each(value, fits)
    if operator in OPENINGS:
        is_open = _open_in(str(operand), environment, operator)
        return lambda value: None if is_missing(value) else is_open(value)
    if operator in MEMBERSHIP:
        return _constant_member(operands, environment.timezone, is_in=operator == "in")
    if operator in ORDERINGS and type(operand) in (int, Decimal):
        return _number_test(_SIGNS[operator], operand)
    compare = comparer(operator, environment.timezone)
    if operator == "eq" and type(operand) is str:
        return lambda value: value == operand if type(value) is str else _known(compare, value, operand)
    return lambda value: _known(compare, value, operand)


def comparer(operator: str, timezone: str | None) -> Compare:
    """Return the comparison of two present values."""
    return {
        "eq": lambda value, operand: equals(value, operand, timezone),
        "ne": lambda value, operand: _opposite(equals(value, operand, timezone)),
        "lt": lambda value, operand: _ordered(value, operand, timezone, (-1,)),
        "le": lambda value, operand: _ordered(value, operand, timezone, (-1, 0)),
        "gt": lambda value, operand: _ordered(value, operand, timezone, (1,)),
        "ge": lambda value, operand: _ordered(value, operand, timezone, (1, 0)),
        "contains": _contains,
        "mentions": lambda value, operand: _textual(value, operand, texts.mentions),
        "starts_with": lambda value, operand: _textual(value, operand, str.startswith),
        "ends_with": lambda value, operand: _textual(value, operand, str.endswith),
    }[operator]


def reader(field: Field) -> Callable[[Facts], object]:
    """Return what reads a field; absent fields give `ABSENT` or None."""
    name = field.name
    if field.is_time:
        return lambda facts: Instant(facts.time_us)
    if field.is_kind:
        return field.evaluate
    if field.scope == "event":
        return lambda facts: facts.event(name)
    if field.scope == "case":
        return lambda facts: facts.case(name)

    def read(facts: Facts) -> object:
        value = facts.event(name)
        return facts.case(name) if value is ABSENT or value is None else value

    return read


def check_operands(field: Field, operands: tuple[Expression, ...], environment: Environment) -> None:
    """Check what can be known before any event: zones of literals, calendars of spans."""
    for operand in operands:
        if isinstance(operand, Span):
            check_span(operand.span, environment)
        elif isinstance(operand, Constant) and field.is_time and environment.timezone is None:
            text = operand.value
            if isinstance(text, str) and is_zoneless(text):
                raise StandardsError(
                    Problem(
                        "SV146",
                        f"`{text}` has no zone, so the event's time cannot be compared with it.",
                        f"add `timezone:` to the book, or write an offset: `{text[:10]}T00:00:00Z`.",
                    )
                )


def _check_moments(field: Field, operands: tuple[Expression, ...]) -> None:
    """Refuse to compare the event's time with text that is no time: no event could ever answer."""
    written = [one.value for one in operands if isinstance(one, Constant) and isinstance(one.value, str)]
    for text in written if field.is_time else ():
        if moment_from(text, "UTC") is None:
            raise StandardsError(
                Problem(
                    "SV142",
                    f"`{text:.40}` is neither a date nor an instant, and `time` is an instant.",
                    "write `2026-04-01`, or `2026-04-01T09:00Z`; hours of the day are those of a calendar: "
                    "`{time: {open_in: mornings}}`.",
                )
            )


_SIGNS: Final[dict[str, Callable[[Any, Any], bool]]] = {"lt": lt, "le": le, "gt": gt, "ge": ge}


def _number_test(compare: Callable[[Any, Any], bool], operand: object) -> Callable[[object], bool | None]:
    """Return the commonest ordering without its detours: against a number that the author wrote."""

    def decide(value: object) -> bool | None:
        number = number_from(value)
        return None if number is None else compare(number, operand)

    return decide


def _compared(compare: Compare, value: object, operand: Callable[[], object]) -> bool | None:
    if is_missing(value):
        return None
    other = operand()
    return None if is_missing(other) else compare(value, other)


def _known(compare: Compare, value: object, operand: object) -> bool | None:
    return None if is_missing(value) else compare(value, operand)


def _constant(operand: Expression) -> object:
    return operand.value if isinstance(operand, Constant) else ABSENT


def _ordered(value: object, operand: object, timezone: str | None, signs: tuple[int, ...]) -> bool | None:
    sign = order(value, operand, timezone)
    return None if sign is None else sign in signs


def _opposite(found: bool | None) -> bool | None:
    return None if found is None else not found


def _constant_member(
    operands: tuple[object, ...], timezone: str | None, *, is_in: bool
) -> Callable[[object], bool | None]:
    members = frozenset(operand for operand in operands if type(operand) is str)
    all_text = all(type(operand) is str for operand in operands)

    def decide(value: object) -> bool | None:
        if is_missing(value):
            return None
        if type(value) is str and (all_text or value in members):
            return (value in members) is is_in
        found = _any_equal(value, operands, timezone)
        return found if is_in else _opposite(found)

    return decide


def _member(
    read: Callable[[Facts], object],
    operands: tuple[Expression, ...],
    environment: Environment,
    *,
    is_in: bool,
) -> Decide:
    def decide(facts: Facts) -> bool | None:
        value = read(facts)
        if is_missing(value):
            return None
        members: list[object] = []
        for operand in operands:
            member = operand.evaluate(facts, environment)
            members += member if isinstance(member, list) and not isinstance(value, list) else [member]
        found = _any_equal(value, members, environment.timezone)
        return found if is_in else _opposite(found)

    return decide


def _any_equal(
    value: object, members: list[object] | tuple[object, ...], timezone: str | None
) -> bool | None:
    result: bool | None = False
    for member in members:
        found = equals(value, member, timezone)
        if found:
            return True
        if found is None:
            result = None
    return result


def _contains(value: object, operand: object) -> bool | None:
    if isinstance(value, list):
        return any(equals(member, operand) for member in value)
    return _textual(value, operand, str.__contains__)


def _textual(value: object, operand: object, fits: Callable[[str, str], bool]) -> bool | None:
    """Compare as text; an empty text on the right says nothing (a customer without a name): unknown."""
    wanted = texts.text_of(operand)
    if wanted is None:
        return False
    if not wanted.strip():
        return None
    return _each(value, lambda text: fits(text, wanted))


def _each(value: object, fits: Callable[[str], bool]) -> bool:
    """Tell whether text fits; of a list, whether one member does."""
    if isinstance(value, list):
        return any(_each(member, fits) for member in value if not isinstance(member, list))
    text = texts.text_of(value)
    return text is not None and fits(text)


def _open_in(name: str, environment: Environment, operator: str) -> Callable[[object], bool | None]:
    calendar = environment.calendars.get(name)
    if calendar is None and name == "always":
        return lambda value: None if instant_from(value) is None else True
    if calendar is None:
        told = unknown_name("SV103", "calendar", name, [*environment.calendars, "always"])
        near = closest(name, [*environment.calendars, "always"])
        help_ = f"write `{operator}: {near}`." if near else "add it under `calendars:`."
        raise StandardsError(replace(told, help=help_))
    is_open_us = calendar.is_open_us
    early_us = int(operator == "open_until")  # closing time belongs to the hours that it ends

    def is_open(value: object) -> bool | None:
        at = instant_from(value)
        return None if at is None else is_open_us(at - early_us)

    return is_open
