"""Load a book from files: positions, all problems at once, each with its place and its remedy."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any, Final

from servstd.book import Book
from servstd.errors import MORE, Problem, StandardsError, unknown_name
from servstd.files import FORMATS, Document, Place, parse_document, read_document
from servstd.models import path_parts, path_text, shown

MOST_FILES: Final = 1000


def load(*sources: str | os.PathLike[str] | Sequence[str | os.PathLike[str]]) -> Book:
    """Return the book that files hold.

    Several files, or a folder (all `.yaml`, `.yml`, `.json` and `.toml` in it and below, by name), make one
    book: their lists are joined, their mappings united, and a default that two files give must be the same.

    Args:
        sources: Files, folders, or lists of them.

    Returns:
        The book.

    Raises:
        StandardsError: every problem found, each with `file:line:column`, code, path, value, reason and
            remedy: SV17x files, SV101 to SV119, SV12x, SV15x, SV16x content, SV13x expressions,
            SV14x conditions.

    Example:
        >>> load("no-such-book.yaml")
        Traceback (most recent call last):
        servstd.errors.StandardsError: no-such-book.yaml  SV170
          there is no file `no-such-book.yaml`.
    """
    documents: list[Document] = []
    problems: list[Problem] = []
    for file in _files(sources):
        try:
            documents.append(read_document(file))
        except StandardsError as failure:
            problems += failure.problems
    if problems:
        raise StandardsError(problems)
    return book_from(_merged(documents) if len(documents) > 1 else documents[0])


def load_each(*sources: str | os.PathLike[str]) -> list[Book | StandardsError]:
    """Return the books that files hold: one, where `load` takes them as one, else each file as a book of its own.

    Files that contradict each other, by giving a default or an id twice, are no parts of one book: a folder of
    published standards is a shelf. A file that cannot be read, and a book that cannot be loaded, stands in the list as
    its error.

    Args:
        sources: Files and folders.

    Returns:
        The books, in the order of their files.

    Raises:
        StandardsError: SV170, a file or folder is not there.
    """
    read = [_read(file) for file in _files(sources)]
    documents = [one for one in read if isinstance(one, Document)]
    if len(read) == 1 or len(documents) < 2:
        return [_book_of(one) for one in read]
    whole = _as_one(documents)
    if whole is None:
        return [_book_of(one) for one in read]
    failed = [one for one in read if isinstance(one, StandardsError)]
    return [*failed, whole]


def _read(file: Path) -> Document | StandardsError:
    try:
        return read_document(file)
    except StandardsError as failure:
        return failure


def _book_of(document: Document | StandardsError) -> Book | StandardsError:
    if isinstance(document, StandardsError):
        return document
    try:
        return book_from(document)
    except StandardsError as failure:
        return failure


_CONTRADICTIONS = {"SV163", "SV107"}


def _as_one(documents: list[Document]) -> Book | StandardsError | None:
    """Return several documents as one book, or its errors; None where they are several books."""
    try:
        return book_from(_merged(documents))
    except StandardsError as failure:
        is_several = any(problem.code in _CONTRADICTIONS for problem in failure.problems)
        return None if is_several else failure


def loads(text: str | bytes, *, format: str = "yaml", name: str = "<text>") -> Book:  # noqa: A002 - the public name
    """Return the book that a text holds.

    Args:
        text: The book; bytes are UTF-8.
        format: `yaml`, `json` or `toml`.
        name: How messages call it.

    Returns:
        The book.

    Raises:
        StandardsError: every problem found, as for `load`.

    Example:
        >>> loads("standards: [{id: a, kind: respnd}]")
        Traceback (most recent call last):
        servstd.errors.StandardsError: <text>:1:21  SV160  standards[0].kind
          unknown kind `respnd`. Known here: `respond`, `order`, `quantity`, ...
          help: write `respond`.
    """
    if not isinstance(text, str | bytes):
        raise StandardsError(_no_text(text))
    return book_from(parse_document(text, format=format, name=name))


def _no_text(given: object) -> Problem:
    """Return the problem of what is neither a text nor a file: a mapping is a book in Python already."""
    help_ = (
        "write `servstd.Book(**mapping)`."
        if isinstance(given, Mapping)
        else "give text, or the path of a file."
    )
    return Problem("SV179", f"a book is read from text or from a file, not from `{shown(given)}`.", help_)


def book_from(document: Document) -> Book:
    """Return the book that a document holds, its problems placed and in the order of the file.

    Raises:
        StandardsError: every problem found.
    """
    data = document.data
    if not isinstance(data, Mapping):
        raise StandardsError(_not_a_book(document))
    try:
        book = Book(**data)
        book.__dict__["_document"] = document  # beside its fields: two equal books may stand in two files
        return book  # noqa: TRY300 - an `else` would put the good way last
    except StandardsError as failure:
        problems = [*failure.problems, *_hidden_problems(data, failure.problems)]
    raise StandardsError(_placed(_without_what_follows(problems), document))


_FOLLOWS = {"write `case`.": ("SV105",), "write `timezone`.": ("SV106", "SV155")}
"""By what is to be written instead of a slip in a key of the book: the problems that are there without it."""


def _without_what_follows(problems: Sequence[Problem]) -> list[Problem]:
    """Leave out that something of the book is missing where its key is only misspelt."""
    slips = [problem.help for problem in problems if problem.code == "SV102" and problem.path.isidentifier()]
    follow = {code for slip in slips for code in _FOLLOWS.get(slip, ())}
    return [problem for problem in problems if problem.code not in follow]


def _hidden_problems(data: Mapping[str, Any], known: Sequence[Problem]) -> Iterator[Problem]:
    """Yield what could not be seen beside faulty standards, by reading the book again without them.

    References between standards are left for the next time: what they name may be one of the faulty ones.
    """
    beside = [problem for problem in known if _standard_of(problem.path) is None]
    standards, calendars = data.get("standards"), data.get("calendars")
    if not isinstance(standards, list) or any(problem.code != "SV102" for problem in beside):
        return
    if beside and calendars is None:
        return  # the key that is misspelt may be `calendars` itself
    data = {key: value for key, value in data.items() if key not in {problem.path for problem in beside}}
    faulty = {_standard_of(problem.path) for problem in known} - {None}
    kept = [at for at in range(len(standards)) if at not in faulty]
    for at in faulty:
        name = (
            standards[at].get("calendar") if at is not None and isinstance(standards[at], Mapping) else None
        )
        names = [*calendars, "always"] if isinstance(calendars, Mapping) else ["always"]
        if (
            isinstance(name, str)
            and name not in names
            and not any(p.path == f"standards[{at}].calendar" for p in known)
        ):
            yield unknown_name("SV103", "calendar", name, names).at(path=f"standards[{at}].calendar")
    try:
        Book(**{**data, "standards": [standards[at] for at in kept]})
    except StandardsError as failure:
        for problem in failure.problems:
            at = _standard_of(problem.path)
            if at is not None and problem.code != "SV108":
                parts = path_parts(problem.path)
                yield problem.at(path=path_text((parts[0], kept[at], *parts[2:])))


def _standard_of(path: str) -> int | None:
    parts = path_parts(path)
    return parts[1] if len(parts) > 1 and parts[0] == "standards" and isinstance(parts[1], int) else None


def _placed(problems: list[Problem], document: Document) -> list[Problem]:
    """Return the problems with their places, in the order of the file."""
    placed = [(document.place_of(problem.path), problem) for problem in dict.fromkeys(problems)]
    placed.sort(key=lambda pair: (pair[1].code == MORE.code, pair[0][0] != document.name, *pair[0]))
    return [
        problem.at(where=problem.where or f"{name}:{line}:{column}")
        for (name, line, column), problem in placed
    ]


def _not_a_book(document: Document) -> Problem:
    if isinstance(document.data, list):
        message, help_ = "a book is a mapping, not a list.", "put `standards:` above the list."
    else:
        message, help_ = (
            f"a book is a mapping, not `{shown(document.data)}`.",
            "a book begins with `standards:`.",
        )
        if Path(str(document.data)).suffix.lower() in FORMATS:
            help_ = f'to read a file, write `servstd.load("{document.data}")`.'
    return Problem("SV179", message, help_, where=document.where(""))


def _files(sources: Sequence[Any]) -> list[Path]:
    files: list[Path] = []
    for source in sources:
        if isinstance(source, list | tuple):
            files += _files(source)
            continue
        if not isinstance(source, str | os.PathLike):
            raise StandardsError(_no_text(source))
        path = Path(source)
        if not os.fspath(source):  # as a path it would be the folder at hand
            raise StandardsError(Problem("SV170", "no file is named: the path is empty."))
        files += _files_in(path) if path.is_dir() else [path]
    if not files:
        raise StandardsError(Problem("SV170", "no file is named.", "give a file or a folder."))
    return files


def _files_in(folder: Path) -> list[Path]:
    found: list[Path] = []
    for directory, folders, names in os.walk(folder):
        inside = Path(directory)
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        files = (name for name in names if Path(name).suffix.lower() in FORMATS and name[0] != ".")
        here = sorted(inside / name for name in files)
        _refuse_what_leads_away([*(inside / name for name in folders), *here])
        found += here
        if len(found) > MOST_FILES:
            raise StandardsError(
                Problem(
                    "SV175",
                    f"the folder holds more than {MOST_FILES:,} files of standards.",
                    where=folder.as_posix(),
                )
            )
    if not found:
        raise StandardsError(
            Problem(
                "SV170",
                "the folder holds no `.yaml`, `.yml`, `.json` or `.toml` file.",
                where=folder.as_posix(),
            )
        )
    return found


def _refuse_what_leads_away(paths: Sequence[Path]) -> None:
    """Refuse links and pipes: whoever may put a file into a folder may not read another one by it.

    Raises:
        StandardsError: SV165 for each.
    """
    away = [path for path in paths if path.is_symlink() or not (path.is_file() or path.is_dir())]
    if away:
        raise StandardsError(
            [
                Problem(
                    "SV165",
                    "the folder holds a symbolic link or a special file, which is not followed.",
                    "put the file itself there, or name it beside the folder.",
                    where=path.as_posix(),
                )
                for path in away
            ]
        )


def _merged(documents: list[Document]) -> Document:
    """Return several documents as one: lists joined, mappings united, defaults the same."""
    problems = [_not_a_book(document) for document in documents if not isinstance(document.data, Mapping)]
    if problems:
        raise StandardsError(problems)
    first = documents[0]
    data: dict[str, Any] = {}
    place = Place(1, 1, first.name)
    for document in documents:
        for key in document.data:
            _merge(data, place, key, document, problems)
    if problems:
        raise StandardsError(problems)
    return Document(data, first.name, place)


def _merge(data: dict[str, Any], place: Place, key: str, document: Document, problems: list[Problem]) -> None:
    value, inner = document.data[key], document.place.members[key]
    if key not in data:
        data[key], place.members[key] = (
            value,
            replace(inner, members=dict(inner.members), keys=dict(inner.keys)),
        )
        place.keys[key] = document.position(key)
        if isinstance(value, list | Mapping):
            data[key] = list(value) if isinstance(value, list) else dict(value)
        return
    present, at = data[key], place.members[key]
    if isinstance(present, list) and isinstance(value, list):
        at.members |= {
            len(present) + index: member for index, member in inner.members.items() if isinstance(index, int)
        }
        present += value
    elif isinstance(present, dict) and isinstance(value, Mapping):
        for name, member in value.items():
            if name not in present:
                present[name] = member
                at.members[name], at.keys[name] = inner.members[name], inner.keys[name]
            elif repr(present[name]) != repr(member):
                where = document.where((key, name))
                problems.append(_two_meanings(f"{key}.{name}", at.members[name], where))
    elif repr(present) != repr(value):
        problems.append(_two_meanings(key, at, document.where(key)))


def _two_meanings(path: str, first: Place, where: str) -> Problem:
    return Problem(
        "SV163",
        f"`{path}` is given in {first.name}:{first.line} already, and not the same.",
        "give it once, or the same in every file.",
        path=path,
        where=where,
    )
