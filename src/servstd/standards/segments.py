"""Segments that the book names: `{daypart: {breakfast: {time: {open_in: mornings}}, rest: any}}`."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, fields, is_dataclass, replace
from typing import Annotated, Any, TypeAlias

from servstd.conditions import Condition, Environment, parse_condition
from servstd.conditions.tree import Decide
from servstd.errors import Problem, StandardsError
from servstd.models import Model, Spelled, join_path
from servstd.standards.base import Standard

OTHER, UNKNOWN = "other", "not known"
"""The segment of a case that none fits, and of one of which that is not known."""


@dataclass(frozen=True, slots=True)
class Segments:
    """Hold the segments of one name: each a condition, the first that holds being the case's.

    Args:
        data: What the author wrote.
        parts: By the name of the segment its condition; None for `any`, which fits all others.
    """

    data: Mapping[str, Any] = field(compare=False)
    parts: tuple[tuple[str, Condition | None], ...]

    @property
    def conditions(self) -> Iterator[tuple[str, Condition]]:
        """Its conditions, by name."""
        return ((name, condition) for name, condition in self.parts if condition is not None)

    @property
    def fields(self) -> frozenset[str]:
        """The fields that its conditions read."""
        return frozenset().union(*(condition.fields for _, condition in self.conditions))

    def compile(self, environment: Environment) -> list[tuple[str, Decide | None]]:
        """Return each segment with what tells whether a case is of it."""
        return [
            (name, None if condition is None else condition.compile(environment))
            for name, condition in self.parts
        ]

    def condition_of(self, name: str) -> Mapping[str, Any]:
        """Return the condition that a case is of a segment: its own holds, and none before it.

        Raises:
            StandardsError: SV609, there is no such segment.
        """
        before: list[Any] = []
        for part, condition in self.parts:
            if part == name:
                return {"all": [*([condition.data] if condition is not None else []), *before]}
            if condition is not None:
                before.append({"not": condition.data})
        known = ", ".join(f"`{part}`" for part, _ in self.parts)
        raise StandardsError(Problem("SV609", f"there is no segment `{name:.40}`. Known here: {known}."))


def parse_segments(written: object) -> Segments:
    """Read the segments of one name.

    Raises:
        StandardsError: SV609, no mapping from names to conditions, or something after `any`.

    Example:
        >>> parse_segments({"gold": {"plan": "gold"}, "rest": "any"}).parts[1]
        ('rest', None)
    """
    if isinstance(written, Segments):
        return written
    if not isinstance(written, Mapping) or not written:
        raise StandardsError(_no_segments("each segment has a name and a condition."))
    parts: list[tuple[str, Condition | None]] = []
    for name, condition in written.items():
        if parts and parts[-1][1] is None:
            raise StandardsError(
                _no_segments(f"`{name!s:.40}` comes after `any`, which fits all.", str(name))
            )
        try:
            parts.append((str(name), None if condition == "any" else parse_condition(condition)))
        except StandardsError as failure:
            raise StandardsError(
                [one.at(path=join_path(str(name), one.path)) for one in failure.problems]
            ) from None
    if parts[0][1] is None:
        raise StandardsError(_no_segments("`any` alone tells no case apart.", parts[0][0]))
    return Segments(written, tuple(parts))


def segment_of(parts: Sequence[tuple[str, Decide | None]], facts: Any) -> str:
    """Return the segment of a case: the first whose condition holds.

    Args:
        parts: The segments compiled.
        facts: What the case carries.

    Returns:
        `other` where none fits, `not known` where one that might fit cannot be decided.
    """
    for name, decide in parts:
        answer = True if decide is None else decide(facts)
        if answer is None:
            return UNKNOWN
        if answer:
            return name
    return OTHER


def with_segments(standard: Standard, segments: Mapping[str, Segments]) -> Standard:
    """Return a standard whose conditions on segments are written out.

    Args:
        standard: The standard.
        segments: Those of the book, by name.

    Raises:
        StandardsError: SV609, a condition asks for a segment that is not there.
    """
    if not segments:
        return standard
    changed = {
        name: found
        for name in type(standard).model_fields
        if name not in _JUDGED_BY
        and (found := _asking(held := getattr(standard, name), segments)) is not held
    }
    return standard.model_copy(update=changed) if changed else standard


_JUDGED_BY = ("objective", "objectives", "readings")
"""What names segments itself, or is read as a standard of its own."""


def _asking(held: Any, segments: Mapping[str, Segments]) -> Any:
    """Return what a key of a standard holds, its conditions written out; itself where it asks for no segment.

    Selectors, scopes, rows and levels hold conditions of their own; members of a bundle are written out by themselves.
    """
    if isinstance(held, Condition):
        asks = segments.keys() & held.fields
        return parse_condition(_written_out(held.data, segments)) if asks else held
    if isinstance(held, Model) and not isinstance(held, Standard):
        told = {name: _asking(getattr(held, name), segments) for name in type(held).model_fields}
        new = {name: one for name, one in told.items() if one is not getattr(held, name)}
        return held.model_copy(update=new) if new else held
    if is_dataclass(held) and not isinstance(held, type):
        told = {one.name: _asking(getattr(held, one.name), segments) for one in fields(held) if one.init}
        new = {name: one for name, one in told.items() if one is not getattr(held, name)}
        return replace(held, **new) if new else held
    if isinstance(held, tuple | list):
        members = [_asking(one, segments) for one in held]
        return type(held)(members) if any(a is not b for a, b in zip(members, held, strict=True)) else held
    if isinstance(held, Mapping):  # levels by name; a selector as written, of what is summed or spanned
        told = {key: _asking(value, segments) for key, value in held.items()}
        if (
            isinstance(where := held.get("where"), Mapping)
            and segments.keys() & parse_condition(where).fields
        ):
            told["where"] = _written_out(where, segments)
        return told if any(value is not held[key] for key, value in told.items()) else held
    return held


def _written_out(data: Any, segments: Mapping[str, Segments]) -> Any:
    """Return a condition in which each segment is its condition; conditions are no deeper than their parser allows."""
    if isinstance(data, list | tuple):
        return [_written_out(one, segments) for one in data]
    if not isinstance(data, Mapping):
        return data
    parts: list[Any] = []
    for key, value in data.items():
        if key in ("all", "any", "not"):
            parts.append({key: _written_out(value, segments)})
        elif key in segments:
            parts.append(_asked(segments[key], key, value))
        else:
            parts.append({key: value})
    return parts[0] if len(parts) == 1 else {"all": parts}


def _asked(segments: Segments, name: str, value: Any) -> Mapping[str, Any]:
    """Return the condition that a case is of one of the segments asked for."""
    asked = value
    if isinstance(value, Mapping) and len(value) == 1:
        operator, asked = next(iter(value.items()))
        if operator in ("ne", "not_in"):
            return {"not": _asked(segments, name, asked)}
        if operator not in ("eq", "in"):
            raise StandardsError(
                Problem(
                    "SV609",
                    f"`{operator}` cannot be asked of the segments `{name}`.",
                    help=f"write `{name}: {segments.parts[0][0]}`, or a list of them.",
                )
            )
    names = asked if isinstance(asked, list | tuple) else [asked]
    return {"any": [segments.condition_of(str(one)) for one in names]}


def _no_segments(why: str, path: str = "") -> Problem:
    return Problem(
        "SV609", f"these are no segments: {why}", help="`{gold: {plan: gold}, rest: any}`.", path=path
    )


SegmentsField: TypeAlias = Annotated[
    Mapping[str, Any], Spelled(parse_segments, lambda segments: segments.data, "segments")
]
"""A model's field that takes segments under mypy, and holds `Segments`."""
