"""What a name means in columns: the column so called, else a value inside an object (`status.name`)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import islice

import numpy as np

from servstd.events.columns import Column, ColumnBuilder
from servstd.expressions.values import NOT_THERE, below, splits

MAX_NAMES = 1_000
_SAMPLE = 1_000


def column_of(columns: Mapping[str, Column], name: str) -> Column | None:
    """Return the column that a name means, or None.

    A row has the value of the column with that very name; where it carries none, the value inside an object, of the
    longest column name first: `ticket.status.name` is `name` in `ticket.status` before `status.name` in `ticket`.
    """
    layers = [columns[name]] if name in columns else []
    for outer, rest in splits(name):
        if has_objects(columns.get(outer)):
            inner = _inner(columns[outer], rest)
            layers += [inner] if inner.values else []
    return _layered(layers) if layers else None


def with_nested(columns: Mapping[str, Column], names: Iterable[str]) -> Mapping[str, Column]:
    """Return the columns, and for every name that means a value inside an object a column with that value.

    Each distinct object is looked into once a name, however often it stands in the log and however often it is read.
    """
    found = {}
    for name in dict.fromkeys(names):
        if any(has_objects(columns.get(outer)) for outer, _ in splits(name)):
            column = column_of(columns, name)
            if column is not None:
                found[name] = column
    return {**columns, **found} if found else columns


def has_objects(column: Column | None) -> bool:
    """Return whether a column holds objects, so that a dotted name may lead into it."""
    return column is not None and dict in set(map(type, column.values))


def has_only_objects(column: Column) -> bool:
    """Return whether a column holds objects and nothing else, so that no value of it is a name or a time."""
    return set(map(type, column.values)) - {type(None)} == {dict}


def every_name(columns: Mapping[str, Column]) -> list[str]:
    """Return the names that a reader of these columns can use: their own, and those of values inside objects.

    Long lists are cut, and of many objects the first ones are looked into: the names are for messages.
    """
    nested = (f"{name}.{path}" for name, column in columns.items() for path in _paths(column.values))
    return list(islice(dict.fromkeys([*columns, *islice(nested, MAX_NAMES)]), max(MAX_NAMES, len(columns))))


def _inner(column: Column, path: str) -> Column:
    """Return what the objects of a column hold at a path; a null object holds nulls."""
    builder = ColumnBuilder()
    for value in column.values:
        found = below(value, path)
        if found is NOT_THERE:
            builder.extend_absent(1)
        else:
            builder.append(found)
    inner = builder.column()
    return Column(np.append(inner.codes, np.int32(-1))[column.codes], inner.values)


def _layered(layers: Sequence[Column]) -> Column:
    """Return of each row the first layer that carries something."""
    first, *rest = layers
    for layer in rest:
        joined = Column.joined([first, layer])
        above, below = joined.codes[: len(first)], joined.codes[len(first) :]
        first = Column(np.where(above >= 0, above, below).astype(np.int32), joined.values)
    return first


def _paths(values: Sequence[object]) -> Iterator[str]:
    """Yield the dotted paths to everything that is no object, each once."""
    seen: set[str] = set()
    objects = (value for value in values if isinstance(value, dict))
    todo = [("", one) for one in islice(objects, _SAMPLE)][::-1]
    while todo:
        before, one = todo.pop()
        for name, value in one.items():
            path = f"{before}{name}"
            if isinstance(value, dict):
                todo.append((f"{path}.", value))
            elif path not in seen:
                seen.add(path)
                yield path
