"""Kinds of event that a standard names and the log lacks: an event that never came, or a name spelt in another way."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from servstd.errors import closest, listed

if TYPE_CHECKING:
    from servstd.book import Book
    from servstd.events.log import Log
    from servstd.rollups import Attainment

_MOST = 6
_SHORTEST = 4
"""Letters that a name must have for one other letter to be a slip: `a` and `b` are two names."""
_PREFIXES = ("un", "re", "dis", "de", "in", "non", "mis", "pre", "post")
_SEPARATORS = re.compile(r"[\W_]+")


@dataclass(frozen=True, slots=True)
class AbsentKind:
    """A kind of event that standards name and no event of the log has.

    Args:
        kind: The name.
        standards: The ids of the standards that name it.
        near: A kind of the log that the book uses nowhere and that differs by a slip of the pen; None for none.
        like: The kind that looks most like it, where no slip explains the difference.
    """

    kind: str
    standards: tuple[str, ...]
    near: str | None = None
    like: str | None = None


def absent_kinds(book: Book, log: Log) -> tuple[AbsentKind, ...]:
    """Return every kind of event that a standard names and the log lacks, in the order of the book.

    A kind that the reader was told of (`kinds`) may be absent, and is not told.

    Args:
        book: The standards.
        log: The events.
    """
    there = set(log.kinds).union(log.undated.kinds if log.undated is not None else ())
    if not there:
        return ()
    named: dict[str, list[str]] = {}
    for entry in book.entries:
        for selection in (*entry.standard.selections.values(), *entry.standard.excluding.values()):
            for kind in selection.events:
                named.setdefault(kind, []).append(entry.standard.id)
    unused = sorted(there.difference(named, log.may_lack))
    return tuple(
        AbsentKind(kind, tuple(dict.fromkeys(ids)), _near(kind, unused), closest(kind, unused))
        for kind, ids in named.items()
        if kind != "*" and kind not in there and kind not in log.may_lack
    )


def misnamed(book: Book, absent: Iterable[AbsentKind]) -> dict[str, AbsentKind]:
    """Return the standards whose objectives decide nothing: they name a slip of the pen, or read one that does.

    Args:
        book: The standards.
        absent: What the log lacks.
    """
    found = {id_: one for one in absent if one.near is not None for id_ in one.standards}
    for place in book.reading_order:
        standard = book.entries[place].standard
        for id_ in book.read_by(standard).values():
            if id_ in found:
                found.setdefault(standard.id, found[id_])
    return found


def withheld(found: Iterable[Attainment], names: Mapping[str, AbsentKind]) -> Iterator[Attainment]:
    """Yield attainments, those of standards that name a slip of the pen deciding nothing.

    Args:
        found: Every attainment.
        names: By standard, the slip that it names.
    """
    for one in found:
        slip = names.get(one.standard)
        if slip is None or not one.is_decided:
            yield one
        else:
            yield replace(
                one, status="insufficient", why=f"no event is called `{slip.kind}`; `{slip.near}` is there"
            )


def _near(kind: str, unused: Iterable[str]) -> str | None:
    return next((other for other in unused if is_slip(kind, other)), None)


def is_slip(kind: str, other: str) -> bool:
    """Tell whether two names differ by a slip of the pen: in capitals, separators or one letter.

    Other digits are another name (`P1`, `P2`), and so is a prefix (`opened`, `reopened`).

    Args:
        kind: A name.
        other: Another one.

    Example:
        >>> is_slip("replied", "repplied"), is_slip("reply.sent", "Reply sent"), is_slip("opened", "reopened")
        (True, True, False)
    """
    one, two = _bare(kind), _bare(other)
    if _digits(one) != _digits(two) or _prefix(kind) != _prefix(other):
        return False
    return one == two or (min(len(one), len(two)) >= _SHORTEST and _is_one_letter(one, two))


def _bare(kind: str) -> str:
    return _SEPARATORS.sub("", kind.casefold())


def _digits(text: str) -> list[str]:
    return re.findall(r"\d", text)


def _prefix(kind: str) -> str:
    """Return a prefix that stands apart from its word: `re` of `re-opened`."""
    first = _SEPARATORS.split(kind.casefold(), maxsplit=1)[0]
    return first if first in _PREFIXES else ""


def _is_one_letter(one: str, two: str) -> bool:
    """Tell whether one letter was left out, put in or changed; not before the first, which makes another word."""
    short, long = sorted((one, two), key=len)
    same = next(
        (place for place, pair in enumerate(zip(short, long, strict=False)) if pair[0] != pair[1]), len(short)
    )
    if len(short) == len(long):
        return short[same + 1 :] == long[same + 1 :]
    return same > 0 and short[same:] == long[same + 1 :]


def told(absent: Iterable[AbsentKind]) -> Iterator[str]:
    """Yield a sentence for each slip of the pen, then one for all other kinds that never came.

    Args:
        absent: What the log lacks.
    """
    every = tuple(absent)
    for one in every:
        if one.near is not None:
            yield (
                f"No event is called `{one.kind}`, which {_named_by(one)}. There is `{one.near}`, which the book "
                f"does not use. The objectives of {listed(one.standards, most=3)} decide nothing until the book is "
                f"mended, or says that the event need not have happened: `events: {{kinds: [{one.kind}]}}`."
            )
    rest = [one for one in every if one.near is None]
    if rest:
        shown = ", ".join(_shown(one) for one in rest[:_MOST])
        more = f" and {len(rest) - _MOST} more" if len(rest) > _MOST else ""
        yield f"No event is called {shown}{more}."


def _named_by(one: AbsentKind) -> str:
    return f"{listed(one.standards, most=3)} {'names' if len(one.standards) == 1 else 'name'}"


def _shown(one: AbsentKind) -> str:
    like = f"; is it `{one.like}`?" if one.like else ""
    return f"`{one.kind}` ({_named_by(one)}{like})"
