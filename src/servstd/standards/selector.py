"""Selectors as the author writes them: which events a standard means."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Annotated, Any, Literal, TypeAlias, TypeVar, cast

from servstd.conditions import Condition, Environment, parse_condition
from servstd.errors import Problem, ServstdError, StandardsError, closest, listed
from servstd.expressions import Expression, Field, Span, parse_expression
from servstd.keys import unknown_key_among
from servstd.models import Spelled, join_path, shown
from servstd.plan.signals import SCHEDULED, AllOf, AnyOf, Selector

Change = Literal["opened", "warned", "breached", "met", "ended", "cancelled"]
CHANGES: tuple[Change, ...] = ("opened", "warned", "breached", "met", "ended", "cancelled")

_EVENT_KEYS = ("event", "where")
_VERDICT_KEYS = ("standard", "change", "where")
_FIRST_KEYS = ("event", "standard", "all", "at")  # each says what sort of selector it is
_EVERY_KEY = (*_FIRST_KEYS, "where", "change")
_ANY_EVENT = "*"
Parsed = TypeVar("Parsed")


@dataclass(frozen=True, slots=True)
class EventPart:
    """Take events of one name (`*` takes every name), where a condition holds."""

    name: str
    where: Condition | None = None


@dataclass(frozen=True, slots=True)
class VerdictPart:
    """Take the changes of another standard's verdicts."""

    standard: str
    change: Change
    where: Condition | None = None

    @property
    def event(self) -> str:
        """The name under which the change reaches the engine."""
        return verdict_event(self.standard, self.change)


_ALTERNATIVES = Problem(
    "SV110",
    "`all` and `at` cannot be one of several alternatives.",
    help="write them alone, or as a second standard.",
)


def verdict_event(standard: str, change: str) -> str:
    """Return the name of the event that a verdict's change is."""
    return f"standard:{standard}:{change}"


Part: TypeAlias = EventPart | VerdictPart


@dataclass(frozen=True, slots=True)
class Selection:
    """Hold a selector: any of its parts, or the last of all of them; or an instant that the case carries.

    Args:
        data: What the author wrote.
        any_of: The parts, any of which is enough.
        all_of: Several selections, the last of which completes.
        at: A scheduled instant.
    """

    data: object = field(compare=False)
    any_of: tuple[Part, ...] = ()
    all_of: tuple[Selection, ...] = ()
    at: Expression | None = None

    @property
    def parts(self) -> Iterator[Part]:
        """Every part, whichever way they are joined."""
        yield from self.any_of
        for member in self.all_of:
            yield from member.parts

    @property
    def events(self) -> frozenset[str]:
        """The names of the events it can take; `*` among them when it takes any."""
        return frozenset(part.name for part in self.parts if isinstance(part, EventPart))

    @property
    def standards(self) -> frozenset[str]:
        """The ids of the standards whose verdicts it reads."""
        return frozenset(part.standard for part in self.parts if isinstance(part, VerdictPart))

    @property
    def fields(self) -> frozenset[str]:
        """The fields that its conditions read."""
        read = frozenset(self.at.fields) if self.at else frozenset()
        return read.union(*(part.where.fields for part in self.parts if part.where is not None))

    def is_same(self, other: Selection) -> bool:
        """Return whether both take the same events, as far as their words say: the order of parts means nothing."""
        if self.all_of or other.all_of or self.at or other.at:
            return self == other
        return all(part in other.any_of for part in self.any_of) and all(
            part in self.any_of for part in other.any_of
        )

    def compile(self, environment: Environment) -> AnyOf | AllOf:
        """Return what the engine asks about each event."""
        if self.at is not None:
            return AnyOf((Selector(frozenset({SCHEDULED})),))
        if self.all_of:
            return AllOf(tuple(member.compile_any(environment) for member in self.all_of))
        return self.compile_any(environment)

    def compile_any(self, environment: Environment) -> AnyOf:
        """Return the selector of any of its parts."""
        return AnyOf(tuple(_selector(part, environment) for part in self.parts))

    def sentence(self) -> str:
        """Return the selector in English."""
        if self.at is not None:
            return self.at.sentence()
        if self.all_of:
            return " and ".join(member.sentence() for member in self.all_of)
        return " or ".join(_words(part) for part in self.any_of)


def parse_selection(data: object) -> Selection:
    """Read a selector: `reply.sent`, a list (any), `{event, where}`, `{all: [...]}`, `{standard, change}`, `{at}`.

    Raises:
        StandardsError: SV110 for anything else, with its path.

    Example:
        >>> parse_selection(["reply.sent", {"event": "call.made", "where": {"by": "human"}}]).sentence()
        'reply sent or call made (where by is human)'
    """
    if isinstance(data, Selection):
        return data
    if isinstance(data, str):
        return Selection(data, any_of=(EventPart(_name(data)),))
    if isinstance(data, Mapping):
        return _from_mapping(cast("Mapping[str, object]", data))
    if isinstance(data, Sequence) and data and not isinstance(data, bytes):
        return _from_list(data)
    raise StandardsError(_unreadable(data))


def _from_list(data: Sequence[object]) -> Selection:
    parts: list[Part] = []
    for place, item in enumerate(data):
        member = _inside(f"[{place}]", parse_selection, item)
        if member.all_of or member.at is not None:
            if len(data) > 1:
                raise StandardsError(_ALTERNATIVES)
            return member
        parts += member.any_of
    return Selection(data, any_of=tuple(parts))


def _from_mapping(data: Mapping[str, object]) -> Selection:
    if "all" in data:
        _only(data, ("all",))
        members = data["all"]
        if not isinstance(members, Sequence) or isinstance(members, str) or not members:
            raise StandardsError(Problem("SV110", "`all` needs a list of events.", path="all"))
        parsed = tuple(
            _inside(f"all[{place}]", parse_selection, member) for place, member in enumerate(members)
        )
        return Selection(data, all_of=parsed)
    if "at" in data:
        _only(data, ("at",))
        return Selection(data, at=_inside("at", _instant, data["at"]))
    where = _inside("where", parse_condition, data["where"]) if "where" in data else None
    if "standard" in data:
        _only(data, _VERDICT_KEYS)
        return Selection(data, any_of=tuple(_verdict_parts(data, where)))
    if "event" in data:
        _only(data, _EVENT_KEYS)
        names = data["event"] if isinstance(data["event"], list | tuple) else [data["event"]]
        return Selection(data, any_of=tuple(EventPart(_name(name), where) for name in names))
    raise StandardsError(_misspelled(data) or _unreadable(data))


def _instant(data: object) -> Expression:
    """Return what names an instant that a case carries, or a time before or after one."""
    at = parse_expression(data)
    if isinstance(at, Field | Span):
        return at
    written = f"${data}" if isinstance(data, str) and data.isidentifier() else "$promised_at"
    raise StandardsError(
        Problem(
            "SV195",
            f"`{shown(data)}` names no instant that a case carries.",
            help=f"write `{written}`, or a time before or after it: `48 hours before {written}`.",
        )
    )


def _misspelled(data: Mapping[str, object]) -> Problem | None:
    """Return the problem of the key that looks like one of a selector; None where none does."""
    for key in data:
        near = closest(str(key), _FIRST_KEYS)
        if near and key not in _EVERY_KEY:
            return unknown_key_among(str(key), list(_EVERY_KEY)).at(path=str(key))
    return None


def _verdict_parts(data: Mapping[str, object], where: Condition | None) -> Iterator[VerdictPart]:
    change = data.get("change", data.get("outcome"))
    if change not in CHANGES:
        near = closest(str(change), CHANGES) if change is not None else None
        what = "`change` is missing" if change is None else f"unknown change `{change!s:.40}`"
        raise StandardsError(
            Problem(
                "SV111",
                f"{what}. A verdict can be {listed(CHANGES)}.",
                help=f"write `change: {near}`." if near else "say which change is meant: `change: breached`.",
                path="change",
            )
        )
    names = data["standard"] if isinstance(data["standard"], list | tuple) else [data["standard"]]
    for name in names:
        yield VerdictPart(_name(name), change, where)


def _only(data: Mapping[str, object], known: tuple[str, ...]) -> None:
    for key in data:
        if key not in known:
            near = closest(str(key), known)
            raise StandardsError(
                Problem(
                    "SV102",
                    f"unknown key `{key}` in a selector. Known here: {listed(known)}.",
                    help=f"write `{near}:`." if near else "",
                    path=str(key),
                )
            )


def _name(data: object) -> str:
    if not isinstance(data, str) or not data.strip():
        raise StandardsError(_unreadable(data))
    return data.strip()


def _inside(path: str, parse: Callable[[Any], Parsed], data: object) -> Parsed:
    try:
        return parse(data)
    except ServstdError as failure:
        raise StandardsError(
            [problem.at(path=join_path(path, problem.path)) for problem in failure.problems]
        ) from None


def _unreadable(data: object) -> Problem:
    return Problem(
        "SV110",
        f"`{shown(data)}` names no event.",
        help="write an event name (`reply.sent`), a list of them, or `{event: reply.sent, where: {by: human}}`.",
    )


def _selector(part: Part, environment: Environment) -> Selector:
    where = part.where.compile(environment) if part.where is not None else None
    key = repr(part.where.root) if part.where is not None else ""
    if isinstance(part, VerdictPart):
        return Selector(frozenset({part.event}), where, key)
    return Selector(None if part.name == _ANY_EVENT else frozenset({part.name}), where, key)


def _words(part: Part) -> str:
    if isinstance(part, VerdictPart):
        said = f"`{part.standard}` {'is ' if part.change != 'ended' else ''}{part.change}"
    else:
        said = "any event" if part.name == _ANY_EVENT else part.name.replace(".", " ").replace("_", " ")
    return f"{said} (where {part.where.sentence()})" if part.where is not None else said


def _spelling(selection: Selection) -> object:
    return selection.data


SelectorSpec: TypeAlias = str | Mapping[str, Any] | Sequence[str | Mapping[str, Any]]
SelectorField: TypeAlias = Annotated[
    SelectorSpec,
    Spelled(parse_selection, _spelling, "selector"),
]
"""A model's field that takes every spelling of a selector under mypy, and holds a `Selection`."""
