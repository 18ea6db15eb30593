"""What the models say of their own keys: the docstring under each field, and the examples at its end.

They are read from the source when a schema or a page is made, and never while models load: that took a third of the
time which the import of the models took.
"""

from __future__ import annotations

import ast
import inspect
import re
import sys
from collections.abc import Iterator
from functools import lru_cache
from itertools import pairwise
from typing import NamedTuple

from pydantic import BaseModel

from servstd.files import parse_document

_EXAMPLES = re.compile(r"\n\s*\n\s*Examples?:(?P<listed>.*)\Z", re.DOTALL)
_QUOTED = re.compile(r"`([^`]+)`")


class Words(NamedTuple):
    """Hold what is said of one key.

    Args:
        text: The description, on one line.
        examples: The examples as an author would write them.
    """

    text: str
    examples: tuple[str, ...]

    @property
    def values(self) -> list[object]:
        """The examples as values: each is read as YAML."""
        return [_value(text) for text in self.examples]


NOTHING = Words("", ())


def words_of(model: type[BaseModel]) -> dict[str, Words]:
    """Return what the docstrings under a model's fields say, by the name of the field.

    A field that a subclass declares anew without a docstring keeps the words of the one it replaces. The last
    paragraph of a docstring may be `Examples:`, each in backticks.

    Args:
        model: The model; the source of its module must be there.

    Example:
        >>> from servstd.standards import Respond
        >>> words_of(Respond)["start"].text
        'What starts the clock.'
    """
    found: dict[str, Words] = {}
    for base in reversed(model.__mro__):
        if issubclass(base, BaseModel) and base is not BaseModel:
            found |= dict(_told_by(base))
    return {name: found.get(name, NOTHING) for name in model.model_fields}


def summary_of(model: type[BaseModel]) -> str:
    """Return the first paragraph of a model's docstring on one line."""
    return _one_line((inspect.getdoc(model) or "").partition("\n\n")[0])


def read_words(docstring: str) -> Words:
    r"""Return a docstring's description and its examples.

    Example:
        >>> read_words("How long.\n\n    Examples: `60 minutes`, `{by: plan, gold: 1 hour}`")
        Words(text='How long.', examples=('60 minutes', '{by: plan, gold: 1 hour}'))
    """
    found = _EXAMPLES.search(docstring)
    if found is None:
        return Words(_one_line(docstring), ())
    examples = tuple(_one_line(text) for text in _QUOTED.findall(found["listed"]))
    return Words(_one_line(docstring[: found.start()]), examples)


def _told_by(model: type[BaseModel]) -> Iterator[tuple[str, Words]]:
    body = _classes(model.__module__)[model.__name__].body
    for statement, below in pairwise(body):
        if isinstance(statement, ast.AnnAssign) and isinstance(statement.target, ast.Name):
            docstring = below.value if isinstance(below, ast.Expr) else None
            if isinstance(docstring, ast.Constant) and isinstance(docstring.value, str):
                yield statement.target.id, read_words(docstring.value)


@lru_cache(maxsize=64)
def _classes(module: str) -> dict[str, ast.ClassDef]:
    tree = ast.parse(inspect.getsource(sys.modules[module]))
    return {node.name: node for node in tree.body if isinstance(node, ast.ClassDef)}


def _value(text: str) -> object:
    return parse_document(text, format="yaml", name="example").data


def _one_line(text: str) -> str:
    return " ".join(text.split())
