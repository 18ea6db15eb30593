"""Members: the standards that another one reads, by id or written in place, and how their cases join its own."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Annotated, Any, TypeAlias, cast

from servstd.errors import Problem, StandardsError, closest, unknown_name
from servstd.models import Spelled, join_path, shown
from servstd.standards.base import Standard

_KEYS = ("standard", "on")


@dataclass(frozen=True, slots=True)
class Member:
    """Name a standard whose verdicts are read, or hold it.

    Args:
        data: What the author wrote.
        standard: The id of a standard of the book, or one written in place.
        on: The fields of the member's case that name the case of the reader, where the two have different cases.
    """

    data: object = field(compare=False)
    standard: str | Standard
    on: tuple[str, ...] = ()

    @property
    def is_in_place(self) -> bool:
        """Whether the standard itself is written here."""
        return isinstance(self.standard, Standard)

    def words(self) -> str:
        """Return it for a sentence: its id, and what it promises where it is written in place."""
        if not isinstance(self.standard, Standard):
            return f"`{self.id}`"
        promise = self.standard.promise().removesuffix(
            " must be kept"
        )  # of a bundle, which its reader says itself
        return f"`{self.id}` ({promise})"

    def named(self, id_: str, reader: Standard) -> Member:
        """Return the member with what it takes from its reader where it says nothing: id, case, calendar.

        Args:
            id_: Its id where it has none of its own.
            reader: The standard in which it is written.
        """
        if not isinstance(self.standard, Standard):
            return self
        told: dict[str, Any] = {}
        if not self.standard.id:
            told["id"] = id_
        if self.standard.case is None and reader.case is not None and not self.on:
            told["case"] = reader.case
        if self.standard.calendar is None and reader.calendar is not None:
            told["calendar"] = reader.calendar
        return replace(self, standard=self.standard.model_copy(update=told)) if told else self

    @property
    def id(self) -> str:
        """The id of the standard that is read."""
        return self.standard.id if isinstance(self.standard, Standard) else self.standard


def parse_member(data: object) -> Member:
    """Read a member: `answer`, `{standard: repair, on: customer_id}`, or a whole standard.

    Raises:
        StandardsError: SV630 it is none of these; whatever is wrong with a standard written in place.

    Example:
        >>> parse_member({"standard": "repair", "on": "customer_id"}).on
        ('customer_id',)
    """
    if isinstance(data, Member):
        return data
    if isinstance(data, Standard):
        return Member(data, data)
    if isinstance(data, str) and data.strip():
        return Member(data, data.strip())
    if isinstance(data, Mapping) and "kind" in data:
        return Member(data, _in_place(cast("Mapping[str, Any]", data)))
    if isinstance(data, Mapping) and "standard" in data:
        return _from_mapping(cast("Mapping[str, Any]", data))
    raise StandardsError(_unreadable(data))


def _from_mapping(data: Mapping[str, Any]) -> Member:
    for key in data:
        if key not in _KEYS:
            near = closest(str(key), _KEYS)
            message = f"unknown key `{key!s:.40}` in a member. Known here: `standard`, `on`."
            help_ = f"write `{near}:`." if near else ""
            raise StandardsError(Problem("SV102", message, help=help_, path=str(key)))
    on = data.get("on", ())
    names = (on,) if isinstance(on, str) else on
    if not isinstance(names, Sequence) or not all(isinstance(name, str) and name for name in names):
        message = "`on` names the fields of the member's case that name the case here."
        raise StandardsError(Problem("SV630", message, help="write `on: customer_id`.", path="on"))
    try:
        inner = parse_member(data["standard"])
    except StandardsError as failure:
        placed = [one.at(path=join_path("standard", one.path)) for one in failure.problems]
        raise StandardsError(placed) from None
    return Member(data, inner.standard, tuple(names))


def _in_place(data: Mapping[str, Any]) -> Standard:
    from servstd.standards import KINDS  # noqa: PLC0415 - the kinds are made of this module

    kind = data["kind"]
    if not isinstance(kind, str) or kind not in KINDS:
        raise StandardsError(unknown_name("SV160", "kind", str(kind), list(KINDS)).at(path="kind"))
    return KINDS[kind](**{"id": "", **{str(name): value for name, value in data.items()}})


def _unreadable(data: object) -> Problem:
    return Problem(
        "SV630",
        f"`{shown(data)}` names no standard.",
        help="write an id (`answer`), `{standard: repair, on: customer_id}`, or a whole standard with its `kind`.",
    )


def written_member(member: Member) -> object:
    """Return what the author wrote, a standard made in Python as the mapping that makes it."""
    data = member.data
    if isinstance(data, Standard):
        return _written(data)
    if isinstance(data, Mapping) and isinstance(data.get("standard"), Standard):
        return {**data, "standard": _written(data["standard"])}
    return data


def _written(standard: Standard) -> dict[str, Any]:
    named = {"id": standard.id} if standard.id else {}
    return {**named, "kind": standard.kind, **standard.model_dump(by_alias=True, exclude_unset=True)}


MemberSpec: TypeAlias = str | Mapping[str, Any] | Standard
MemberField: TypeAlias = Annotated[
    MemberSpec,
    Spelled(parse_member, written_member, "member"),
]
"""A model's field that takes every spelling of a member under mypy, and holds a `Member`."""
