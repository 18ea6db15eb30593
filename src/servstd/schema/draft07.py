"""From pydantic models to JSON Schema draft-07, in the shape that editors complete and explain best.

Pydantic's own generator is not used: its output follows its version, is draft 2020-12, and joins kinds by `oneOf`, of
which an editor can only say that none fits.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from types import UnionType
from typing import Annotated, Any, Literal, TypeAlias, Union, get_args, get_origin

from pydantic import BaseModel
from pydantic.fields import FieldInfo

from servstd.models import Nested, Spelled
from servstd.schema.words import Words, summary_of, words_of

Schema: TypeAlias = dict[str, Any]
Spelling: TypeAlias = Callable[["Draft07"], Schema]
_PLAIN: dict[object, str] = {
    str: "string",
    int: "integer",
    bool: "boolean",
    float: "number",
    Decimal: "number",
    date: "string",
    datetime: "string",
}
_BOUNDS = {"ge": "minimum", "le": "maximum", "gt": "exclusiveMinimum", "lt": "exclusiveMaximum"}


class Draft07:
    """Collect the definitions of models while their schemas are made.

    Args:
        spellings: How the fields that a function reads are written, by the name in `Spelled`.
        fields: Spellings of single fields whose type says too little, by (model, field).
    """

    def __init__(
        self,
        spellings: Mapping[str, Spelling],
        fields: Mapping[tuple[str, str], Spelling] | None = None,
    ) -> None:
        self.definitions: dict[str, Schema] = {}
        self._spellings = spellings
        self._fields = fields or {}

    def model(self, model: type[BaseModel]) -> Schema:
        """Return a reference to a model."""
        return self.define(model.__name__, lambda: self.mapping_of(model))

    def spelling(self, name: str) -> Schema:
        """Return a reference to a spelling."""
        return self.define(name, lambda: self._spellings[name](self))

    def define(self, name: str, make: Callable[[], Schema]) -> Schema:
        """Return a reference to a definition, which is made once; it may refer to itself."""
        if name not in self.definitions:
            self.definitions[name] = {}
            # A title, and no description: editors show the innermost description, which would hide that of the key.
            self.definitions[name] = {"title": name} | make()
        return {"$ref": f"#/definitions/{name}"}

    def mapping_of(self, model: type[BaseModel]) -> Schema:
        """Return a model as a mapping with its keys and no others."""
        words = words_of(model)
        fields = {field.alias or name: (name, field) for name, field in model.model_fields.items()}
        needed = [key for key, (_, field) in fields.items() if field.is_required() or key == "kind"]
        if "kind" in needed:
            needed.remove("id")  # demanded in the lists of a book: a standard written in place has none
        return {
            "type": "object",
            "properties": {
                key: self._key(model, name, field, words[name]) for key, (name, field) in fields.items()
            },
            "additionalProperties": False,
            **({"required": needed} if needed else {}),
            **_extra(model),
        }

    def _key(self, model: type[BaseModel], name: str, field: FieldInfo, words: Words) -> Schema:
        special = self._special(model, name)
        shape = special(self) if special else self.type_of(field.annotation, field.metadata)
        if name == "kind" and "const" in shape:
            return shape  # described once, where the kinds are listed
        told: Schema = {"description": words.text} if words.text else {}
        if words.examples:
            told["examples"] = words.values
        if isinstance(field.default, str | int | float):
            told["default"] = field.default
        # Beside a `$ref` draft-07 ignores every other key.
        return told | ({"allOf": [shape]} if "$ref" in shape else shape)

    def _special(self, model: type[BaseModel], name: str) -> Spelling | None:
        named = (self._fields.get((base.__name__, name)) for base in model.__mro__)
        return next((found for found in named if found), None)

    def type_of(self, annotation: Any, metadata: Sequence[Any] = ()) -> Schema:
        """Return the schema of an annotation."""
        if get_origin(annotation) is Annotated:
            inner, *more = get_args(annotation)
            return self.type_of(inner, [*more, *metadata])
        for note in metadata:
            if isinstance(note, Spelled):
                return self.spelling(note.name)
            if isinstance(note, Nested):
                plain = [part for part in _parts(annotation) if part in _PLAIN]
                return _any_of([self.model(note.model), *map(self.type_of, plain)])
        return self._bare(annotation) | _bounds(metadata)

    def _bare(self, annotation: Any) -> Schema:
        origin = get_origin(annotation)
        if annotation in _PLAIN:
            return {"type": _PLAIN[annotation]}
        if annotation in (Any, object):
            return {}
        if hasattr(annotation, "__value__"):
            return self.type_of(annotation.__value__)
        if origin is Literal:
            return _choice(get_args(annotation))
        if origin in (Union, UnionType):
            return _any_of([self.type_of(part) for part in _parts(annotation)])
        if isinstance(annotation, type) and issubclass(annotation, BaseModel):
            return self.model(annotation)
        if origin is tuple and get_args(annotation)[-1] is not Ellipsis:
            parts = [self.type_of(part) for part in get_args(annotation)]
            return {"type": "array", "items": parts, "minItems": len(parts), "maxItems": len(parts)}
        if isinstance(origin, type) and issubclass(origin, Mapping):
            values = self.type_of(get_args(annotation)[1])
            return {"type": "object"} | ({"additionalProperties": values} if values else {})
        if isinstance(origin, type) and issubclass(origin, Sequence):
            items = self.type_of(get_args(annotation)[0])
            return {"type": "array"} | ({"items": items} if items else {})
        raise TypeError(f"no JSON Schema for {annotation!r}")

    def told_apart(self, kinds: Mapping[str, type[BaseModel]]) -> Schema:
        """Return models told apart by `kind`: the kind that is named says what is wrong, no other does."""
        words = words_of(next(iter(kinds.values())))["kind"]
        summaries = "\n".join(f"- `{kind}`: {summary_of(model)}" for kind, model in kinds.items())
        kind: Schema = {"description": f"{words.text}\n\n{summaries}", "enum": list(kinds)}
        return {
            "type": "object",
            "required": ["kind"],
            "properties": {"kind": kind},
            "allOf": [{"if": is_kind(name), "then": self.model(model)} for name, model in kinds.items()],
        }


def _extra(model: type[BaseModel]) -> Schema:
    """Return what a model says of keys that have no end of names."""
    extra = model.model_config.get("json_schema_extra")
    return dict(extra) if isinstance(extra, dict) else {}


def is_kind(name: str) -> Schema:
    """Return the condition that a standard is of a kind."""
    return {"required": ["kind"], "properties": {"kind": {"const": name}}}


def _parts(annotation: Any) -> list[Any]:
    """Return the members of a union, or the one type; None is a key left out, which a file does not write."""
    members = get_args(annotation) if get_origin(annotation) in (Union, UnionType) else (annotation,)
    return [part for part in members if part is not type(None)]


def _choice(values: Sequence[Any]) -> Schema:
    return {"const": values[0]} if len(values) == 1 else {"enum": list(values)}


def _bounds(metadata: Sequence[Any]) -> Schema:
    return {
        word: getattr(note, name)
        for note in metadata
        for name, word in _BOUNDS.items()
        if getattr(note, name, None) is not None
    }


def _any_of(branches: list[Schema]) -> Schema:
    """Return what takes any of the branches; where each takes another type there is no `anyOf`.

    Of an `anyOf` an editor can only say that nothing fits. Keys of draft-07 concern one type each, so that branches of
    different types can stand in one schema, and what is wrong with a mapping is said of the mapping.
    """
    kept = list(_without_doubles(branches))
    if len(kept) == 1:
        return kept[0]
    types = [branch.get("type", "object" if "$ref" in branch else None) for branch in kept]
    told = [name for names in types for name in ([names] if isinstance(names, str) else names or ["?"])]
    if "number" in told and "integer" in told:
        told.remove("integer")
    clash = [key for branch in kept for key in branch if key not in ("type", "$ref")]
    if "?" in told or len(set(told)) < len(told) or len(set(clash)) < len(clash):
        return {"anyOf": kept}
    joined: Schema = {"type": told}
    for branch in kept:
        if "$ref" in branch:
            joined |= {"if": {"type": "object"}, "then": branch}
        elif "items" in branch and "if" not in joined:
            # Items in the open would make editors propose a list where one text is usual.
            joined |= {"if": {"type": "array"}, "then": {"items": branch["items"]}}
        else:
            joined |= {key: value for key, value in branch.items() if key != "type"}
    return joined


def _without_doubles(branches: list[Schema]) -> Iterator[Schema]:
    """Yield the branches; a bare mapping beside a model is that model's own spelling for type checkers."""
    has_model = any("$ref" in branch for branch in branches)
    for place, branch in enumerate(branches):
        if branch not in branches[:place] and not (has_model and branch == {"type": "object"}):
            yield branch
