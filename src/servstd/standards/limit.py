"""Limits as the author writes them: a duration, dates, an instant or a count, never confused."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Annotated, Any, Literal, TypeAlias, cast

from servstd.calendars import is_date_limit, parse_date_limit
from servstd.conditions.compare import equals
from servstd.durations import Clock, format_duration, parse_span
from servstd.errors import Problem, ServstdError, StandardsError, closest
from servstd.events.values import key_text
from servstd.expressions import Expression, Field, parse_amount, parse_expression, parse_name
from servstd.files.scalars import resolved
from servstd.keys import unknown_key_among
from servstd.models import Spelled, join_path, shown
from servstd.remembered import remembered
from servstd.standards.length_unit import one_of, unitless
from servstd.standards.said import LIMITS, meant, table_remedy
from servstd.standards.selector import Selection, parse_selection

_FORMS = ("earliest_of", "latest_of", "next", "by")
_DIRECTION = re.compile(r"\s(?:before|after)\s")
_BRACES = re.compile(r"\$\{[^{}$]*\}")
_COUNT = re.compile(r"(?P<count>[0-9]{1,9})\s+(?P<event>[^\W\d][\w.:-]{0,200}(?<!\.))")


@dataclass(frozen=True, slots=True)
class DurationLimit:
    """Allow a length of time on the standard's calendar, on opening hours by demand, or on the wall clock."""

    us: int
    clock: Clock = "standard"

    def sentence(self) -> str:
        """Return it in words."""
        kind = {"standard": "", "business": " of opening hours", "calendar": " on the wall clock"}[self.clock]
        return format_duration(self.us) + kind


@dataclass(frozen=True, slots=True)
class FieldDuration:
    """Allow a length of time whose number is reckoned from what the case carries: `$minutes minutes`."""

    field: Expression
    unit: str
    clock: Clock = "standard"
    unit_us: int = 0

    def sentence(self) -> str:
        """Return it in words."""
        return f"{self.field.sentence()} {self.unit}"


@dataclass(frozen=True, slots=True)
class DatesLimit:
    """Allow a number of local dates: `10 business days`, `1 month`, `$days business days`."""

    count: int | Expression
    unit: str

    @property
    def is_business(self) -> bool:
        """Whether only open dates count, so that a calendar is needed."""
        return self.unit.startswith(("business", "working"))

    def text(self, count: int) -> str:
        """Return the limit with its count, as calendars read it."""
        return f"{count} {self.unit}"

    def sentence(self) -> str:
        """Return it in words."""
        return f"{self.count if isinstance(self.count, int) else self.count.sentence()} {self.unit}"


@dataclass(frozen=True, slots=True)
class InstantLimit:
    """Allow until an instant that the case carries: `$promised_at`, `48 hours before $appointment_at`."""

    at: Expression

    def sentence(self) -> str:
        """Return it in words."""
        return self.at.sentence()


@dataclass(frozen=True, slots=True)
class CountLimit:
    """Allow a number of other events: `3 call.ring`."""

    count: int
    of: Selection

    def sentence(self) -> str:
        """Return it in words."""
        return f"{self.count} {self.of.sentence()}"


@dataclass(frozen=True, slots=True)
class CombinedLimit:
    """Take the earliest or the latest of several limits."""

    which: Literal["earliest", "latest"]
    members: tuple[LimitNode, ...]

    def sentence(self) -> str:
        """Return it in words."""
        return f"the {self.which} of " + ", ".join(member.sentence() for member in self.members)


@dataclass(frozen=True, slots=True)
class NextLimit:
    """Allow until the next date of a recurrence, or so many dates after it: `{next: month_end, lag: 15 days}`."""

    name: str
    lead: LimitNode | None = None
    lag: DatesLimit | None = None

    def sentence(self) -> str:
        """Return it in words."""
        lead = f", at least {self.lead.sentence()} ahead" if self.lead else ""
        lag = f"{self.lag.sentence()} after " if self.lag else ""
        return f"{lag}the next {self.name.replace('_', ' ')}{lead}"


@dataclass(frozen=True, slots=True)
class Unlimited:
    """Promise nothing: a measure without a limit (`within: none`).

    Args:
        counts: The dates that are counted where objectives speak of days: `business days`, `days`; empty for time.
    """

    counts: str = ""

    def sentence(self) -> str:
        """Return it in words."""
        return self.counts or "any time"


@dataclass(frozen=True, slots=True)
class LimitTable:
    """Choose a limit by one field: `{by: priority, P1: 4 hours, P2: 1 day, else: 3 days}`."""

    by: str
    rows: tuple[tuple[str, LimitNode], ...]
    otherwise: LimitNode | None

    def row_of(self, held: object) -> str | None:
        """Return the value of the row that fits what a case carries; None where none does.

        A row fits that says the same, else the first that means the same: `true` is what a condition takes for true,
        and `1` is 1.0. False and 0 are values like any other.

        Args:
            held: What the case carries.

        Example:
            >>> table = parse_limit({"by": "vip", "true": "1 hour", "false": "4 hours"}).node
            >>> table.row_of(False), table.row_of("yes"), table.row_of("maybe")
            ('false', 'true', None)
        """
        text, values = key_text(held), [value for value, _ in self.rows]
        if text in values:
            return text
        return next((value for value in values if equals(held, _value_in(value))), None)

    def sentence(self) -> str:
        """Return it in words."""
        said = [f"{limit.sentence()} for {self.by} {value}" for value, limit in self.rows]
        if self.otherwise:
            said.append(f"{self.otherwise.sentence()} otherwise")
        return ", ".join(said)


LimitNode: TypeAlias = (
    DurationLimit
    | FieldDuration
    | DatesLimit
    | InstantLimit
    | CountLimit
    | CombinedLimit
    | NextLimit
    | Unlimited
    | LimitTable
)


@dataclass(frozen=True, slots=True)
class LimitText:
    """Hold a limit as written and as read."""

    data: object = field(compare=False)
    node: LimitNode

    def sentence(self) -> str:
        """Return the limit in English."""
        return self.node.sentence()


def parse_limit(data: object) -> LimitText:
    """Read a limit of any of the four types.

    A bare number is refused; `1 day` and `24 hours` are different; `none` measures without a promise.

    Raises:
        StandardsError: SV120 a bare number, SV122 cannot be read, SV123 a limit of nothing.

    Example:
        >>> parse_limit("3 call.ring").node.count
        3
    """
    return data if isinstance(data, LimitText) else LimitText(data, _node(data))


def _node(data: object) -> LimitNode:
    if isinstance(data, str):
        return _from_text(data.strip())
    if isinstance(data, Mapping):
        return _from_mapping(cast("Mapping[str, object]", data))
    if isinstance(data, Sequence) and not isinstance(data, bytes):
        help_ = "write `{earliest_of: [...]}` for whichever ends first, `latest_of` for whichever ends last."
        raise StandardsError(Problem("SV122", f"`{shown(list(data))}` is a list, and a limit is one.", help_))
    return DurationLimit(parse_span(data).us)


def _from_text(text: str) -> LimitNode:
    if text.lower() == "none":
        return Unlimited()
    if is_date_limit(text):
        return _dates(*text.split(maxsplit=1))
    if "$" in text:
        return _from_field(text)
    if (found := _COUNT.fullmatch(text)) and "." in found["event"]:
        return _count(int(found["count"]), found["event"])
    try:
        span = parse_span(text)
    except ServstdError as failure:
        raise StandardsError([meant(one, text) for one in failure.problems]) from None
    return DurationLimit(span.us, span.clock)


def _dates(count: str, unit: str) -> DatesLimit:
    parse_date_limit(f"{count} {unit}")
    number = 1 if count.isalpha() else int(count)
    if number < 0:
        raise StandardsError(
            Problem("SV123", f"`{count} {unit}` lies before its start.", help=f"write `{-number} {unit}`.")
        )
    return DatesLimit(number, unit)


def _from_field(text: str) -> LimitNode:
    if _DIRECTION.search(_BRACES.sub("$", text)):
        return InstantLimit(parse_expression(text))
    figure, unit = parse_amount(text)
    if not unit and isinstance(figure, Field):
        return InstantLimit(figure)
    if not unit:
        raise StandardsError(unitless(text))
    if is_date_limit(f"1 {unit}"):
        return DatesLimit(figure, unit)
    span = one_of(unit, text)
    return FieldDuration(figure, unit, span.clock, span.us)


def _count(count: int, of: object) -> LimitNode:
    if count < 0:
        raise StandardsError(Problem("SV123", f"`{count}` is no count of events."))
    return CountLimit(count, parse_selection(of))


def _from_mapping(data: Mapping[str, object]) -> LimitNode:
    both: tuple[Literal["earliest"], Literal["latest"]] = ("earliest", "latest")
    for which in both:
        if f"{which}_of" in data:
            members = data[f"{which}_of"]
            if len(data) > 1 or not isinstance(members, Sequence) or isinstance(members, str) or not members:
                raise StandardsError(
                    Problem("SV122", f"`{which}_of` needs a list of limits and nothing else.")
                )
            nodes = tuple(_inside(f"{which}_of[{i}]", item) for i, item in enumerate(members))
            return CombinedLimit(which, nodes)
    if "count" in data and "of" in data:
        count = data["count"]
        if not isinstance(count, int) or isinstance(count, bool):
            raise StandardsError(Problem("SV122", f"`{shown(count)}` is no count of events.", path="count"))
        return _count(count, data["of"])
    if "next" in data:
        return _next(data)
    if "by" in data:
        return _table(data)
    for key in data:
        if closest(str(key), _FORMS):
            raise StandardsError(unknown_key_among(str(key), list(_FORMS)).at(path=str(key)))
    raise StandardsError(
        Problem(
            "SV122",
            f"`{shown(dict(data))}` is no limit.",
            help=table_remedy(data, _is_limit) or LIMITS,
        )
    )


def _is_limit(data: object) -> bool:
    try:
        _node(data)
    except ServstdError:
        return False
    return True


def _next(data: Mapping[str, object]) -> LimitNode:
    name = data["next"]
    known = ["next", "lead", "lag"]
    strangers = [str(key) for key in data if key not in known]
    if strangers:
        raise StandardsError(unknown_key_among(strangers[0], known).at(path=strangers[0]))
    if not isinstance(name, str):
        raise StandardsError(
            Problem(
                "SV122", "`next` names a recurrence of the book.", help="`{next: month_end, lead: 6 days}`."
            )
        )
    lead = _inside("lead", data["lead"]) if "lead" in data else None
    if not isinstance(lead, DurationLimit | DatesLimit | None):
        raise StandardsError(Problem("SV122", "`lead` is a duration or a number of dates.", path="lead"))
    lag = _inside("lag", data["lag"]) if "lag" in data else None
    if not isinstance(lag, DatesLimit | None):
        raise StandardsError(
            Problem("SV122", "`lag` is a number of dates.", help="write `lag: 15 days`.", path="lag")
        )
    return NextLimit(name, lead, lag)


def _table(data: Mapping[str, object]) -> LimitNode:
    by = data["by"]
    if not isinstance(by, str):
        help_ = "write one name; by several a table chooses: `overrides: [{by: [plan, tier], set: within, rows: …}]`."
        raise StandardsError(
            Problem("SV122", "`by` names the field that chooses the limit.", help_, path="by")
        )
    if isinstance(rows := data.get("rows"), Sequence) and all(isinstance(row, Sequence) for row in rows):
        written = shown({"by": by, **{str(row[0]): row[-1] for row in rows if row}})
        raise StandardsError(
            Problem(
                "SV122",
                "`rows` stand in a table of `overrides`.",
                f"write each as a key: `{written}`.",
                path="rows",
            )
        )
    if set(data) <= {"by", "else"}:
        help_ = f"write a row for each value: `{{by: {by}, P1: 1 hour, else: 4 hours}}`."
        raise StandardsError(Problem("SV122", f"the table by `{by:.40}` has no rows.", help_))
    limits = tuple(
        (key_text(key), _inside(key_text(key), value))
        for key, value in data.items()
        if key not in ("by", "else")
    )
    otherwise = _inside("else", data["else"]) if "else" in data else None
    return LimitTable(parse_name(by).name, limits, otherwise)


@remembered(1024)
def _value_in(value: str) -> object:
    """Return what the value of a row means, as a YAML scalar does."""
    try:
        meant = resolved(value) if value else value
    except ValueError:
        return value
    return value if meant is None else meant


def _inside(path: str, data: object) -> LimitNode:
    try:
        return _node(data)
    except ServstdError as failure:
        raise StandardsError(
            [problem.at(path=join_path(path, problem.path)) for problem in failure.problems]
        ) from None


def limit_fields(node: LimitNode | None) -> frozenset[str]:
    """Return the fields that a limit reads from the case."""
    if isinstance(node, FieldDuration):
        return node.field.fields
    if isinstance(node, DatesLimit) and not isinstance(node.count, int):
        return node.count.fields
    if isinstance(node, InstantLimit):
        return node.at.fields
    if isinstance(node, CombinedLimit):
        return frozenset().union(*(limit_fields(member) for member in node.members))
    if isinstance(node, NextLimit):
        return limit_fields(node.lead) | limit_fields(node.lag)
    if isinstance(node, LimitTable):
        inner = frozenset().union(
            *(limit_fields(limit) for _, limit in node.rows), limit_fields(node.otherwise)
        )
        return inner | {node.by}
    return getattr(node, "fields", frozenset())  # bounds of other kinds know their own


def leaves(node: LimitNode | None) -> Iterator[LimitNode]:
    """Yield the limits that a limit is made of: the members of several, the rows of a table, else itself."""
    if isinstance(node, CombinedLimit):
        for member in node.members:
            yield from leaves(member)
    elif isinstance(node, LimitTable):
        for _, limit in node.rows:
            yield from leaves(limit)
        yield from leaves(node.otherwise)
    elif node is not None:
        yield node


def has_dates(node: LimitNode | None) -> bool:
    """Tell whether a limit, or a part of it, counts dates."""
    return any(
        isinstance(leaf, DatesLimit) or (isinstance(leaf, Unlimited) and leaf.counts != "")
        for leaf in leaves(node)
    )


def counts_open_time(node: LimitNode | None) -> bool:
    """Tell whether a limit, or a part of it, counts business hours or days, which only a calendar has."""
    return any(
        leaf.is_business
        if isinstance(leaf, DatesLimit)
        else leaf.counts.startswith("business")
        if isinstance(leaf, Unlimited)
        else isinstance(leaf, DurationLimit | FieldDuration) and leaf.clock == "business"
        for leaf in _counted(node)
    )


def needs_zone(node: LimitNode | None) -> bool:
    """Tell whether a limit, or a part of it, counts dates, those before or after another date among them."""
    return any(has_dates(leaf) for leaf in _counted(node))


def _counted(node: LimitNode | None) -> Iterator[LimitNode]:
    for leaf in leaves(node):
        yield leaf
        if isinstance(leaf, NextLimit):
            yield from (part for part in (leaf.lead, leaf.lag) if part is not None)


def can_be_added(more: LimitNode, to: LimitNode | None) -> bool:
    """Tell whether a limit lengthens another: hours add to hours, business days to business days.

    Rows of tables are taken one by one, whichever fits a case; several limits at once have no sum.
    """
    told = [*leaves(more), *leaves(to)]
    are_single = not any(isinstance(node, CombinedLimit) for node in (more, to))
    return to is not None and are_single and len({_sort(leaf) for leaf in told}) == 1


def _sort(leaf: LimitNode) -> tuple[object, ...]:
    if isinstance(leaf, DatesLimit):
        return DatesLimit, leaf.is_business, leaf.unit.startswith("month")
    if isinstance(leaf, DurationLimit | FieldDuration):
        return DurationLimit, leaf.clock == "calendar"
    return (type(leaf),)


def _spelling(limit: LimitText) -> object:
    return limit.data


LimitSpec: TypeAlias = str | Mapping[str, Any]
LimitField: TypeAlias = Annotated[
    LimitSpec,
    Spelled(parse_limit, _spelling, "limit"),
]
"""A model's field that takes every spelling of a limit under mypy, and holds a `LimitText`."""
