"""The base of every declarative object: frozen, strict about keys, with servstd's own errors."""

from __future__ import annotations

import re
import reprlib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from itertools import islice
from pathlib import PurePath
from typing import Any, ClassVar, Self, get_args

from pydantic import BaseModel, ConfigDict, GetCoreSchemaHandler, GetJsonSchemaHandler, ValidationError
from pydantic_core import CoreSchema, core_schema

from servstd.errors import MOST_PROBLEMS, Problem, ServstdError, StandardsError, closest, unknown_name
from servstd.keys import NOTHING, known_keys, member_of, unknown_key


class Model(BaseModel):
    """Hold what the author wrote; refuse unknown keys; raise `ServstdError`s, never pydantic's.

    A nested model is validated by pydantic without passing here, so its faults are reported by the outermost
    object, each with its full path.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", defer_build=True)
    error: ClassVar[type[ServstdError]] = StandardsError

    def __init__(self, /, *mapping: Any, **data: Any) -> None:
        if mapping:
            raise self.error(_by_name(type(self), mapping[0]))
        try:
            super().__init__(**data)
        except ValidationError as failure:
            raise self.error(problems_from(failure, data, type(self))) from None

    @classmethod
    def model_validate(cls, obj: Any, **settings: Any) -> Self:
        """Return the object that a mapping describes, as `cls(**mapping)` does.

        Raises:
            ServstdError: every fault, each with its path.
        """
        try:
            return super().model_validate(obj, **settings)
        except ValidationError as failure:
            raise cls.error(problems_from(failure, obj, cls)) from None

    def __repr_args__(self) -> Iterator[tuple[str | None, Any]]:
        """Give what was written, as it was written, to `repr`; what was left out says nothing there."""
        yield from self.model_dump(exclude_unset=True).items()


def _by_name(model: type[Model], given: object) -> Problem:
    """Return the problem of an object that is made from one value instead of its keys."""
    name = model.__name__
    help_ = (
        f"write `{name}(**mapping)`."
        if isinstance(given, Mapping)
        else f"give its keys by name: `{name}(key=…)`."
    )
    if name == "Book" and isinstance(given, str | PurePath):
        help_ = "to read a file, write `servstd.load(path)`; to read text, `servstd.loads(text)`."
    return Problem(_TYPE, f"`{name}` takes its keys by name, not `{shown(given)}`.", help_)


def problems_from(
    failure: ValidationError, data: object = None, model: type[BaseModel] | None = None
) -> list[Problem]:
    """Return every fault of a pydantic failure as a `Problem` with its path, our own ones unpacked.

    Branches of a union that each want another type become one problem, and none where a deeper one says more.

    Args:
        failure: What pydantic raised.
        data: The input that failed; with it the names that pydantic gives to branches are left out of paths.
        model: The model that refused it; with it unknown keys get the closest known one.

    Returns:
        The problems, in pydantic's order; not many more than can be told.
    """
    found: list[Problem] = []
    wanted: dict[str, list[str]] = {}
    for fault in failure.errors(include_url=False):
        if len(found) > MOST_PROBLEMS:
            break
        loc = fault["loc"]
        if data is not None:
            loc = written_loc(loc, data, is_missing=fault["type"] == "missing")
        path = path_text(loc)
        cause = fault.get("ctx", {}).get("error")
        if isinstance(cause, ServstdError):
            found += [inner.at(path=join_path(path, inner.path)) for inner in cause.problems]
        elif sort := _wanted(fault):
            sorts = wanted.setdefault(path, [])
            if not sorts:
                found.append(Problem(_OPEN, shown(fault["input"]), path=path))
            if sort not in sorts:
                sorts.append(sort)
        else:
            found.append(_problem(fault, path, loc, data, model))
    return _without_noise(found, wanted)


def written_loc(loc: tuple[int | str, ...], data: object, *, is_missing: bool) -> tuple[int | str, ...]:
    """Return pydantic's location without the parts that name no key of the input, such as union branches."""
    kept: list[int | str] = []
    for at, part in enumerate(loc):
        is_last = at == len(loc) - 1
        inner = member_of(data, part)
        if inner is NOTHING and not (is_last and is_missing):
            continue
        data = inner
        kept.append(part)
    return tuple(kept)


def path_text(loc: tuple[int | str, ...]) -> str:
    """Return pydantic's location as a path: `standards[2].calendar`.

    Example:
        >>> path_text(("standards", 2, "calendar"))
        'standards[2].calendar'
    """
    text = ""
    for part in loc:
        text += f"[{part}]" if isinstance(part, int) else f".{part}" if text else part
    return text


def path_parts(path: str) -> list[int | str]:
    """Return the parts of a path; keys that hold dots come in pieces.

    Example:
        >>> path_parts("standards[2].where.customer.id")
        ['standards', 2, 'where', 'customer', 'id']
    """
    parts: list[int | str] = []
    for name, index in re.findall(r"\[([0-9]+)\]|([^.\[]+|\[)", path):
        parts.append(int(name) if name else index)
    return parts


def join_path(outer: str, inner: str) -> str:
    """Return `inner` seen from where `outer` is."""
    if not outer or not inner:
        return outer or inner
    return f"{outer}{inner}" if inner.startswith("[") else f"{outer}.{inner}"


def shown(value: object) -> str:
    """Return a value for a message, as a book writes it: short, and safe for any nesting.

    Example:
        >>> shown("soon"), shown([[[[[1]]]]]), shown({"at_least": None})
        ("'soon'", '[[[...]]]', '{at_least: null}')
    """
    return _SHORT.repr(value)


class _Flow(reprlib.Repr):
    """Write values on one line as a book does, and not as Python does: `{at_least: 3}`, `true`, `null`."""

    def __init__(self) -> None:
        super().__init__()
        self.maxlevel = 3
        self.maxstring = self.maxother = 60

    def repr1(self, x: object, level: int) -> str:
        """Return one value; text within others stands without quotes."""
        if x is None or isinstance(x, bool):
            return "null" if x is None else str(x).lower()
        if isinstance(x, str) and level < self.maxlevel:
            return x[: self.maxstring]
        return str(x)[: self.maxother] if isinstance(x, Decimal | date) else super().repr1(x, level)

    def repr_dict(self, x: Mapping[object, object], level: int) -> str:
        """Return a mapping."""
        if level <= 0 and x:
            return "{...}"
        shown = [
            f"{self.repr1(key, level - 1)}: {self.repr1(held, level - 1)}"
            for key, held in islice(x.items(), self.maxdict)
        ]
        return f"{{{', '.join([*shown, *(['...'] if len(x) > self.maxdict else [])])}}}"


_SHORT = _Flow()
_TYPE = "SV101"
_OPEN = "SV101?"  # stands until every branch of a union has said what it wants
_WANTED = {
    "string_type": "text",
    "int_type": "a whole number",
    "int_parsing": "a whole number",
    "int_from_float": "a whole number",
    "float_type": "a number",
    "float_parsing": "a number",
    "decimal_type": "a number",
    "decimal_parsing": "a number",
    "bool_type": "true or false",
    "bool_parsing": "true or false",
    "list_type": "a list",
    "tuple_type": "a list",
    "set_type": "a list",
    "frozen_set_type": "a list",
    "dict_type": "a mapping",
    "mapping_type": "a mapping",
    "model_type": "a mapping",
    "model_attributes_type": "a mapping",
    "dataclass_type": "a mapping",
    "none_required": "nothing",
    "Sequence": "a list",
    "sequence_str": "a list",
    "Mapping": "a mapping",
}


def _wanted(fault: Any) -> str | None:
    """Return what a fault of type wanted instead; None when it is another sort of fault."""
    if fault["type"] == "is_instance_of":
        return _WANTED.get(str(fault["ctx"]["class"]))
    if fault["type"] == "literal_error" and isinstance(fault["input"], list | Mapping):
        return "text"
    return _WANTED.get(fault["type"])


def _problem(
    fault: Any, path: str, loc: tuple[int | str, ...], data: object, model: type[BaseModel] | None
) -> Problem:
    sort, context = fault["type"], fault.get("ctx", {})
    if sort == "extra_forbidden":
        return unknown_key(str(loc[-1]) if loc else "", model, data, loc[:-1]).at(path=path)
    if sort == "missing":
        return Problem(
            "SV104",
            f"the key `{loc[-1] if loc else ''}` is missing.",
            "add it; the standard needs it.",
            path=path,
        )
    if sort in ("union_tag_invalid", "union_tag_not_found"):
        own = known_keys(model, data, loc) if model else []
        foreign = (
            [key for key in fault["input"] if key not in own] if isinstance(fault["input"], Mapping) else []
        )
        return _tag_problem(sort, context, path, foreign)
    if sort in ("literal_error", "enum"):
        known = [name.strip("'") for name in re.split(r", | or ", str(context.get("expected", "")))]
        return unknown_name("SV161", "value", str(fault["input"]), known).at(path=path)
    if sort in _BOUNDS:
        return Problem(
            "SV162", f"{_BOUNDS[sort].format(**context)}, not `{shown(fault['input'])}`.", path=path
        )
    message = str(fault["msg"]).removeprefix("Value error, ").rstrip(".")
    return Problem(_TYPE, f"{message}, not `{shown(fault['input'])}`.", path=path)


_QUOTED = re.compile(r"'([^']*)'")
_BOUNDS = {
    "greater_than": "it must be more than {gt}",
    "greater_than_equal": "it must be at least {ge}",
    "less_than": "it must be less than {lt}",
    "less_than_equal": "it must be at most {le}",
    "too_short": "at least {min_length} are needed",
    "too_long": "at most {max_length} are allowed",
    "string_too_short": "at least {min_length} characters are needed",
    "string_too_long": "at most {max_length} characters are allowed",
}


def _tag_problem(sort: str, context: Mapping[str, Any], path: str, foreign: list[str]) -> Problem:
    key = str(context.get("discriminator", "'kind'")).strip("'")
    if sort == "union_tag_not_found" and (near := closest(key, map(str, foreign))):
        return Problem("SV102", f"unknown key `{near:.60}`.", f"write `{key}`.", path=join_path(path, near))
    if sort == "union_tag_not_found":
        return Problem("SV104", f"the key `{key}` is missing.", f"add `{key}:`.", path=path)
    known = _QUOTED.findall(str(context.get("expected_tags", "")))
    return unknown_name("SV160", key, str(context.get("tag", "")), known).at(path=join_path(path, key))


def _without_noise(found: list[Problem], wanted: dict[str, list[str]]) -> list[Problem]:
    """Write out which types would have done, unless another problem at or below the path says more."""
    said = [problem.path for problem in found if problem.code != _OPEN]
    paths = {problem.path for problem in found}
    misspelt = {(_parent(problem.path), problem.help) for problem in found if problem.code == "SV102"}
    kept: list[Problem] = []
    for problem in found:
        if (
            problem.code == "SV104"
            and (_parent(problem.path), f"write `{problem.path.rpartition('.')[2]}`.") in misspelt
        ):
            continue
        if problem.code != _OPEN:
            kept.append(problem)
        elif problem.path not in said and not any(_is_under(path, problem.path) for path in paths):
            sorts = " or ".join(wanted[problem.path])
            is_bare = sorts == "text" and problem.message[:1] not in "[{("
            help_ = f'for the text itself write `"{problem.message}"`.' if is_bare else ""
            if is_bare and problem.message[-1:].isdigit():
                help_ += " An amount needs its unit."
            kept.append(
                Problem(_TYPE, f"expected {sorts}, not `{problem.message}`.", help_, path=problem.path)
            )
    return list(dict.fromkeys(kept))


def _parent(path: str) -> str:
    return path.rpartition(".")[0]


def _is_under(path: str, outer: str) -> bool:
    return path.startswith(outer) and path[len(outer) : len(outer) + 1] in (".", "[")


@dataclass(frozen=True, slots=True)
class Spelled:
    """Make a field that takes every spelling which a function reads, holds what it returns, and keeps what was written.

    The type beside it (`Annotated[str | Mapping, Spelled(...)]`) is for type checkers. Pydantic never looks at it: to
    build validators for types that only `parse` can tell apart would double the time in which the models load.

    Args:
        parse: What reads a spelling; it raises a `ServstdError` for what it cannot read.
        written: What gives the spelling back.
        name: The definition in the JSON Schema that describes the spellings: `limit`.
    """

    parse: Callable[[Any], Any]
    written: Callable[[Any], Any]
    name: str

    def __get_pydantic_core_schema__(self, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        """Validate by `parse` alone."""
        return core_schema.no_info_plain_validator_function(
            self.parse, serialization=core_schema.plain_serializer_function_ser_schema(self.written)
        )

    def __get_pydantic_json_schema__(
        self, schema: CoreSchema, handler: GetJsonSchemaHandler
    ) -> dict[str, Any]:
        """Name the definition; `servstd.schema` puts it in."""
        return {"title": self.name}


@dataclass(frozen=True, slots=True)
class Nested:
    """Make a field that takes a model or a mapping that makes one; see `nested`."""

    model: type[Model]

    def __get_pydantic_core_schema__(self, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        """Make the model of a mapping; of the other types beside it pydantic takes those that are plain."""
        plain = [part for part in get_args(source) if part in (str, type(None))]
        made = core_schema.no_info_before_validator_function(
            self._made,
            core_schema.is_instance_schema(self.model, cls_repr="Mapping"),
        )
        return core_schema.union_schema([made, *(handler.generate_schema(part) for part in plain)])

    def _made(self, value: Any) -> Any:
        is_keyed = isinstance(value, Mapping) and all(isinstance(key, str) for key in value)
        return self.model(**value) if is_keyed else value

    def __get_pydantic_json_schema__(
        self, schema: CoreSchema, handler: GetJsonSchemaHandler
    ) -> dict[str, Any]:
        """Name the model; `servstd.schema` puts it in."""
        return {"title": self.model.__name__}


def nested(model: type[Model]) -> Nested:
    """Return the annotation of a field that takes a model or a mapping that makes one.

    Its type is then `Model | Mapping[str, Any]`, so that both spellings pass a type checker; `str` and `None` may
    stand beside them.
    """
    return Nested(model)
