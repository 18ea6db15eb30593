"""Scopes: the stretches of a case in which anything counts, and the calendar windows that cut it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Annotated, Any, TypeAlias, cast

from servstd.calendars import ALWAYS, Calendar, parse_date_limit
from servstd.calendars.windows import Windows, WindowsFrom, first_of_year
from servstd.conditions import Condition, Environment, parse_condition
from servstd.errors import Problem, StandardsError, closest, listed
from servstd.keys import meant_key, unknown_key_among
from servstd.models import Spelled, shown
from servstd.plan.plan import Scope
from servstd.standards.limit import DatesLimit, DurationLimit, parse_limit
from servstd.standards.selector import Selection, parse_selection
from servstd.standards.surroundings import Surroundings

_LENGTHS = ("day", "week", "month", "quarter", "year")
_ADVERBS = {"daily": "day", "weekly": "week", "monthly": "month", "quarterly": "quarter", "yearly": "year"}
PER_WORDS = (*_LENGTHS, *_ADVERBS)
"""The words that `per` takes."""
_FISCAL = {"fiscal_year": "year", "fiscal_quarter": "quarter"}
_FORMS = (*_FISCAL, "rolling")
_ENDS = ("from", "to")


@dataclass(frozen=True, slots=True)
class Per:
    """Hold the windows that cut a case: calendar ones, those of a fiscal year, or any of one length.

    Args:
        data: What the author wrote.
        length: `day`, `week`, `month`, `quarter`, `year`; empty where windows begin with events.
        first: The month and day on which the year begins.
        rolling: The length of a window that begins with an event.
    """

    data: object = field(compare=False)
    length: str = ""
    first: str = "01-01"
    rolling: DurationLimit | DatesLimit | None = None

    def sentence(self) -> str:
        """Return it in English, as it follows a number."""
        if self.rolling is not None:
            return f"in any {self.rolling.sentence().removeprefix('1 ')}"
        if self.first == "01-01":
            return f"a {self.length}"
        return f"a fiscal {self.length} from {self.first}"


def parse_per(data: object) -> Per:
    """Read which windows cut a case.

    Raises:
        StandardsError: SV161 an unknown word, SV185 no date for a fiscal year, SV186 any other mapping, SV12x a length
            that cannot be read.

    Example:
        >>> parse_per({"rolling": "12 months"}).sentence()
        'in any 12 months'
    """
    if isinstance(data, Per):
        return data
    if isinstance(data, Mapping) and len(data) == 1:
        ((name, value),) = data.items()
        if name in _FISCAL:
            return Per(data, _FISCAL[name], first_of_year(value))
        if name == "rolling":
            return Per(data, rolling=_rolling(value))
        if closest(str(name), _FORMS):
            raise StandardsError(unknown_key_among(str(name), list(_FORMS)).at(path=str(name)))
    if isinstance(data, Mapping):
        raise StandardsError(
            Problem(
                "SV186",
                f"`{shown(dict(data))}` names no windows.",
                help='write `{fiscal_year: "04-01"}`, `{fiscal_quarter: "04-01"}` or `{rolling: 12 months}`.',
            )
        )
    length = _ADVERBS.get(str(data), str(data))
    if length not in _LENGTHS:
        near = closest(length, _LENGTHS)
        raise StandardsError(
            Problem(
                "SV161",
                f"unknown value `{data!s:.40}`. Known here: {listed(_LENGTHS)}.",
                help=f"write `{near}`." if near else "",
            )
        )
    return Per(data, length)


def _rolling(data: object) -> DurationLimit | DatesLimit:
    """Return the length of a window: dates, or time on the wall clock."""
    node = parse_limit(data).node
    is_time = isinstance(node, DurationLimit) and node.clock != "business"
    if is_time or (isinstance(node, DatesLimit) and isinstance(node.count, int)):
        return cast("DurationLimit | DatesLimit", node)
    raise StandardsError(
        Problem(
            "SV186",
            f"`{data!s:.40}` is no length of a window.",
            help="write dates or a length of time: `12 months`, `30 days`, `24 hours`.",
            path="rolling",
        )
    )


PerField: TypeAlias = Annotated[
    str | Mapping[str, str],
    Spelled(parse_per, lambda per: per.data, "per"),
]
"""A model's field that takes every spelling of windows under mypy, and holds a `Per`."""


@dataclass(frozen=True, slots=True)
class While:
    """A scope: `{from: sign.on, to: sign.off}`, or a condition on the case's fields.

    Args:
        data: What the author wrote.
        opens: The event that opens a stretch.
        closes: The event that closes it.
        holds: Instead: the condition.
        match: The fields by which the event that closes finds the one that opened; empty where any closes.
    """

    data: Mapping[str, Any]
    opens: Selection | None = None
    closes: Selection | None = None
    holds: Condition | None = None
    match: tuple[str, ...] = ()

    def selections_at(self, place: str) -> dict[str, Selection]:
        """Return its selectors by place.

        Args:
            place: The key under which it stands.
        """
        found = {f"{place}.from": self.opens, f"{place}.to": self.closes}
        return {path: selection for path, selection in found.items() if selection is not None}

    def sentence(self) -> str:
        """Return it in English."""
        if self.holds is not None:
            return f"while {self.holds.sentence()}"
        opens, closes = cast("Selection", self.opens), cast("Selection", self.closes)
        shared = f" of the same {' and '.join(self.match)}" if self.match else ""
        return f"from {opens.sentence()} to {closes.sentence()}{shared}"


def parse_while(data: object) -> While:
    """Read a scope.

    Raises:
        StandardsError: SV118 for anything else, SV102 for a slip of `from`, `to` or `match`.

    Example:
        >>> parse_while({"from": "sign.on", "to": "sign.off", "match": "agent"}).sentence()
        'from sign on to sign off of the same agent'
    """
    if isinstance(data, While):
        return data
    if not isinstance(data, Mapping):
        raise StandardsError(
            Problem(
                "SV118",
                "`while` needs `from` and `to`, or a condition.",
                help="`{from: sign.on, to: sign.off}`.",
            )
        )
    told = cast("Mapping[str, Any]", data)
    if not _is_stretch(told):
        return While(told, holds=parse_condition(told))
    opens, closes = parse_selection(told["from"]), parse_selection(told["to"])
    return While(told, opens, closes, match=_fields(told.get("match", ())))


def _fields(written: object) -> tuple[str, ...]:
    names = [written] if isinstance(written, str) else written
    if isinstance(names, Sequence) and all(isinstance(name, str) and name.strip() for name in names):
        return tuple(names)
    raise StandardsError(
        Problem(
            "SV192",
            f"`match` names fields, and `{shown(written)}` is none.",
            help="write `match: incident_id`, or a list of fields.",
            path="match",
        )
    )


WhileField: TypeAlias = Annotated[
    Mapping[str, Any],
    Spelled(parse_while, lambda scope: scope.data, "while"),
]
"""A model's field that takes a scope under mypy, and holds a `While`."""


def parse_state(data: object) -> While | Condition:
    """Read a state of a case: a condition on its fields, or the stretches from one event to another.

    Raises:
        StandardsError: SV102 for a slip of `from`, `to` or `match`.

    Example:
        >>> parse_state({"from": "supply.lost", "to": "supply.restored"}).sentence()
        'from supply lost to supply restored'
    """
    is_stretch = isinstance(data, While) or (isinstance(data, Mapping) and _is_stretch(data))
    return parse_while(data) if is_stretch else parse_condition(data)


def _is_stretch(told: Mapping[Any, Any]) -> bool:
    """Return whether two events are told, and no condition; refuse a slip, which would be a condition on its key."""
    keys = [str(key) for key in told]
    missing = [end for end in _ENDS if end not in keys]
    strangers = [key for key in keys if key not in (*_ENDS, "match")]
    if len(strangers) == 1 and len(missing) <= 1 and meant_key(strangers[0], missing or ["match"]):
        raise StandardsError(unknown_key_among(strangers[0], [*_ENDS, "match"]).at(path=strangers[0]))
    return not missing and not strangers


StateField: TypeAlias = Annotated[
    Mapping[str, Any],
    Spelled(parse_state, lambda state: state.data, "while"),
]
"""A model's field that takes a state under mypy, and holds a `Condition`, or a `While` of two events."""


def compile_scope(scope: While | None, environment: Environment) -> Scope | None:
    """Return a scope compiled."""
    if scope is None:
        return None
    if scope.holds is not None:
        return Scope(holds=scope.holds.compile(environment))
    opens, closes = cast("Selection", scope.opens), cast("Selection", scope.closes)
    return Scope(opens.compile_any(environment), closes.compile_any(environment), match=scope.match)


def windows_of(
    per: Per | None, book: Surroundings, calendar: Calendar, *, is_after: bool = False
) -> Windows | WindowsFrom | None:
    """Return the windows of `per`, in the zone of the calendar or the book.

    Args:
        per: As written; None for none.
        book: The zone where the calendar has none.
        calendar: The standard's.
        is_after: Whether a window that begins with an event lies after it.

    Raises:
        StandardsError: SV106, neither has a zone; SV109, business days without a calendar.
    """
    if per is None:
        return None
    if isinstance(per.rolling, DurationLimit):
        return WindowsFrom(per.rolling.us, None, is_after=is_after)
    own = calendar.zone_name
    zone = own or book.timezone
    if zone is None:
        raise StandardsError(
            Problem(
                "SV106",
                f"`{per.sentence()}` needs a zone: there is neither a calendar nor a `timezone`.",
                help="write `timezone: Europe/London` in the book.",
                path="per",
            )
        )
    if per.rolling is None:
        return Windows(per.length, zone, per.first)
    if per.rolling.is_business and (own is None or calendar.refuses_business_days):
        raise StandardsError(
            Problem(
                "SV109",
                f"`{per.rolling.sentence()}` needs a calendar: on `always` every date is open.",
                help="give the standard a calendar with a zone of its own.",
                path="per.rolling",
            )
        )
    dates = parse_date_limit(
        per.rolling.text(cast("int", per.rolling.count)), day_one="next" if is_after else "same"
    )
    return WindowsFrom(dates, ALWAYS.in_zone(zone) if own is None else calendar, is_after=is_after)
