"""A file as plain data that remembers where everything stood.

Readers of all formats speak to one `Builder`, which owns the limits: size, depth, number of values, equal
keys. Nothing here recurses, so no nesting can exhaust the stack.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Final, TypeAlias

from servstd.errors import MOST_PROBLEMS, Problem, StandardsError
from servstd.models import join_path, path_parts

MOST_BYTES: Final = 5_000_000
MOST_DEPTH: Final = 100
MOST_VALUES: Final = 500_000
_LONGEST_PATH: Final = 100

Path: TypeAlias = str | tuple[int | str, ...]


@dataclass(slots=True, eq=False)
class Place:
    """Say where a value stands, and its members.

    Args:
        line: Line of the value, from 1.
        column: Column of the value, from 1.
        name: The file.
        members: The places of what it holds, by key or by index.
        keys: For mappings: line and column of each key.
    """

    line: int
    column: int
    name: str
    members: dict[str | int, Place] = field(default_factory=dict)
    keys: dict[str, tuple[int, int]] = field(default_factory=dict)
    values: int = 1
    height: int = 0


@dataclass(frozen=True, slots=True, eq=False)
class Document:
    """Hold the plain data of a file and the position of each key and value.

    Attributes:
        data: Mappings, lists, text, int, Decimal, bool and None; keys are always text.
        name: The file, as it stands in messages.
        place: Where everything stood.
    """

    data: Any
    name: str
    place: Place

    def position(self, path: Path) -> tuple[int, int]:
        r"""Return line and column, from 1, of what a path names: of its key, or of an item in a list.

        A path that leaves the file (a key that is missing) gives the deepest part that is there.

        Example:
            >>> from servstd.files import parse_document
            >>> parse_document("a:\n  - b: 1\n").position("a[0].b")
            (2, 5)
        """
        return self._found(path)[1]

    def value_position(self, path: Path) -> tuple[int, int]:
        """Return line and column, from 1, of the value that a path names."""
        place, _ = self._found(path)
        return place.line, place.column

    def where(self, path: Path) -> str:
        """Return `file:line:column` of a path."""
        name, line, column = self.place_of(path)
        return f"{name}:{line}:{column}"

    def place_of(self, path: Path) -> tuple[str, int, int]:
        """Return file, line and column of a path."""
        place, (line, column) = self._found(path)
        return place.name, line, column

    def _found(self, path: Path) -> tuple[Place, tuple[int, int]]:
        place, at = self.place, (self.place.line, self.place.column)
        parts = path_parts(path) if isinstance(path, str) else list(path)
        while parts:
            taken = _taken(place, parts)
            if not taken:
                # Pydantic names the branch of a union in its path; the file has no such level.
                parts = parts[1:]
                continue
            key, parts = parts[0] if taken == 1 else ".".join(map(str, parts[:taken])), parts[taken:]
            inner = place.members[key]
            at = (
                place.keys.get(key, (inner.line, inner.column))
                if isinstance(key, str)
                else (inner.line, inner.column)
            )
            place = inner
        return place, at


def _taken(place: Place, parts: list[int | str]) -> int:
    """Return how many parts name one member: keys may hold dots (`customer.first_name`)."""
    if parts[0] in place.members:
        return 1
    for count in range(len(parts), 1, -1):
        if ".".join(map(str, parts[:count])) in place.members:
            return count
    return 0


@dataclass(slots=True)
class _Open:
    """A mapping or list that is not closed yet."""

    data: dict[str, Any] | list[Any]
    place: Place
    anchor: str | None
    key: str | None = None
    is_skipped: bool = False


class Builder:
    """Build a document from `open`, `key`, `scalar` and `close`, holding limits, collecting problems."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.problems: list[Problem] = []
        self.stack: list[_Open] = []
        self.anchors: dict[str, tuple[Any, Place] | None] = {}
        self.root: tuple[Any, Place] | None = None
        self.values = 0

    def too_deep(self, line: int, column: int) -> StandardsError:
        """Return the error that something is nested deeper than any standard needs."""
        return self.stop(
            "SV176", f"nested deeper than {MOST_DEPTH} levels.", "no standard needs that.", line, column
        )

    def open(
        self, data: dict[str, Any] | list[Any], line: int, column: int, anchor: str | None = None
    ) -> None:
        """Begin a mapping or a list.

        Raises:
            StandardsError: SV176, it is nested too deep.
        """
        if len(self.stack) >= MOST_DEPTH:
            raise self.too_deep(line, column)
        if anchor is not None:
            self.anchors[anchor] = None
        self.stack.append(_Open(data, Place(line, column, self.name), anchor))

    def close(self) -> None:
        """End the innermost mapping or list."""
        done = self.stack.pop()
        if done.anchor is not None:
            self.anchors[done.anchor] = (done.data, done.place)
        self._add(done.data, done.place)

    def key(self, text: str, line: int, column: int) -> None:
        """Name the next member of the innermost mapping; an equal key is a problem that names both lines."""
        frame = self.stack[-1]
        frame.key, frame.is_skipped = text, False
        first = frame.place.keys.get(text)
        if first:
            self.add_problem(
                "SV172",
                f"the key `{text:.60}` stands twice, in line {first[0]} and in line {line}.",
                "keep one; most readers would silently take the last.",
                line,
                column,
            )
            frame.is_skipped = True
        else:
            frame.place.keys[text] = (line, column)

    def scalar(self, value: object, line: int, column: int, anchor: str | None = None) -> None:
        """Add one plain value."""
        place = Place(line, column, self.name)
        if anchor is not None:
            self.anchors[anchor] = (value, place)
        self._add(value, place)

    def alias(self, value: object, place: Place, line: int, column: int) -> None:
        """Add what an anchor holds; counted as if it were written out.

        Raises:
            StandardsError: SV174, written out the file would hold too many values; SV176, too deep.
        """
        if len(self.stack) + place.height > MOST_DEPTH:
            raise self.too_deep(line, column)
        self._add(value, place)
        if self.values > MOST_VALUES:
            raise self.stop(
                "SV174",
                f"written out, the aliases would give more than {MOST_VALUES:,} values.",
                "write the values where they belong.",
                line,
                column,
            )

    def add_problem(self, code: str, message: str, help_: str, line: int, column: int) -> None:
        """Note what is wrong, and go on."""
        self.add(self._problem(code, message, help_, line, column))

    def add(self, problem: Problem) -> None:
        """Note a problem, and go on.

        Raises:
            StandardsError: all problems so far, where they are more than can be told.
        """
        self.problems.append(problem)
        if len(self.problems) > MOST_PROBLEMS:
            raise StandardsError(self.problems)

    def stop(self, code: str, message: str, help_: str, line: int, column: int) -> StandardsError:
        """Return the error that ends the reading, with all that was noted before."""
        return StandardsError([*self.problems, self._problem(code, message, help_, line, column)])

    def document(self) -> Document:
        """Return what was built.

        Raises:
            StandardsError: every problem noted on the way; SV179 where nothing was.
        """
        if self.problems:
            raise StandardsError(self.problems)
        if self.root is None:
            raise self.stop("SV179", "the file is empty.", "a book begins with `standards:`.", 1, 1)
        return Document(self.root[0], self.name, self.root[1])

    def _add(self, value: Any, place: Place) -> None:
        if not self.stack:
            self.root = (value, place)
            return
        frame = self.stack[-1]
        frame.place.values += place.values
        frame.place.height = max(frame.place.height, place.height + 1)
        self.values = max(self.values, frame.place.values)
        if isinstance(frame.data, list):
            frame.place.members[len(frame.data)] = place
            frame.data.append(value)
        elif frame.key is not None:
            if not frame.is_skipped:
                frame.data[frame.key] = value
                frame.place.members[frame.key] = place
            frame.key = None

    def _path(self) -> str:
        """Return where the value at hand stands; made for a problem only, since keys may be long and many."""
        path = ""
        for frame in self.stack:
            part = (
                f"[{len(frame.data)}]" if isinstance(frame.data, list) else (frame.key or "")[:_LONGEST_PATH]
            )
            path = join_path(path, part)
        return path if len(path) <= _LONGEST_PATH else f"{path[:_LONGEST_PATH]}…"

    def _problem(self, code: str, message: str, help_: str, line: int, column: int) -> Problem:
        return Problem(code, message, help_, path=self._path(), where=f"{self.name}:{line}:{column}")
