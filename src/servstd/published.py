"""The catalogue: standards that somebody published and somebody else is bound by, as books that run.

Each restates a source in servstd's own words, and none is legal advice.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, Literal, overload

from servstd.errors import Problem, StandardsError, closest, listed
from servstd.files import parse_document

if TYPE_CHECKING:
    from servstd.book import Book

DISCLAIMER: Final = "Each restates a source in servstd's own words; none is legal advice."
_STANDARDS: Final = "\nstandards:"


@dataclass(frozen=True, slots=True)
class Entry:
    """Hold what the catalogue knows of a published standard without reading its standards.

    Args:
        id: Its name: `us-cable-answer`.
        title: What it is about.
        citation: The paragraph.
        issuer: Who published it.
        jurisdiction: Where it binds: `US`, `UK-ENG`, or `INT`.
        domain: Its subject: `phone`, `repair`, …
        patterns: The shapes of its promises: `deadline`, `rate`, …
        features: What makes it hard to say: `biz_days`, `force_majeure`, …
        says: Whether the book says its source in full, or in part.
        note: What is left out, or was assumed.
        path: The file.
    """

    id: str
    title: str
    citation: str = ""
    issuer: str = ""
    jurisdiction: str = ""
    domain: str = ""
    patterns: tuple[str, ...] = ()
    features: tuple[str, ...] = ()
    says: Literal["full", "part"] = "full"
    note: str = ""
    path: Path = Path()

    def load(self) -> Book:
        """Return the book."""
        from servstd.loading import load  # noqa: PLC0415 - a list of entries needs no models

        return load(self.path)

    def has(self, word: str) -> bool:
        """Tell whether a word, in any case, stands in what is known of it."""
        told = (self.id, self.title, self.citation, self.issuer, self.jurisdiction, self.domain)
        return any(word.lower() in text.lower() for text in (*told, *self.patterns, *self.features))


@overload
def catalog(name: str) -> Book: ...
@overload
def catalog(
    *,
    words: str = "",
    domain: str | None = None,
    issuer: str | None = None,
    feature: str | None = None,
    jurisdiction: str | None = None,
) -> tuple[Entry, ...]: ...
def catalog(
    name: str | None = None,
    *,
    words: str = "",
    domain: str | None = None,
    issuer: str | None = None,
    feature: str | None = None,
    jurisdiction: str | None = None,
) -> Book | tuple[Entry, ...]:
    """Return a published standard as a book, or the entries of the catalogue.

    Each restates a source in servstd's own words, and none is legal advice: read the source before you rely on it.

    Args:
        name: The id of one; the list when left out.
        words: Only entries in which each of these words stands, in any case.
        domain: Only those on this subject: `phone`.
        issuer: Only those whose issuer has these words in it.
        feature: Only those with this feature or pattern: `biz_days`, `rate`.
        jurisdiction: Only those that bind there; a country has its parts as well: `US` has `US-CA`.

    Returns:
        The book; or the entries, by id.

    Raises:
        StandardsError: SV590 there is no such standard, SV591 no such domain, issuer, feature or jurisdiction;
            with the closest that there is.

    Example:
        >>> catalog("us-cable-answer")["answer"].title
        'A representative answers within 30 seconds of the connection, waiting included, nine times in ten'
        >>> [entry.id for entry in catalog(domain="phone", words="cable")][:2]
        ['us-cable-afterhours', 'us-cable-answer']
    """
    if name is not None:
        return _entry(name).load()
    found = entries()
    for facet, wanted in (
        ("domain", domain),
        ("issuer", issuer),
        ("feature", feature),
        ("jurisdiction", jurisdiction),
    ):
        if wanted is not None:
            _check_known(facet, wanted)
            found = tuple(entry for entry in found if _fits(entry, facet, wanted))
    return tuple(entry for entry in found if all(entry.has(word) for word in words.split()))


@lru_cache(maxsize=1)
def entries() -> tuple[Entry, ...]:
    """Return every entry by id, from the heads of the files alone."""
    return tuple(_read(path) for path in sorted(folder().glob("*.yaml")))


def folder() -> Path:
    """Return where the books stand: in the installed package, or among the examples of a checkout."""
    inside = Path(__file__).with_name("books")
    return inside if inside.is_dir() else Path(__file__).parents[2] / "examples" / "published"


def values_of(facet: str) -> list[str]:
    """Return what there is of a facet: all domains, issuers, features (patterns among them) or jurisdictions."""
    return sorted({value for entry in entries() for value in _values(entry, facet)})


def _entry(name: str) -> Entry:
    found = {entry.id: entry for entry in entries()}
    if name not in found:
        near = closest(name, found)
        help_ = f"write `{near}`." if near else "`servstd.catalog()` lists them."
        raise StandardsError(Problem("SV590", f"there is no published standard `{name[:60]}`.", help=help_))
    return found[name]


def _check_known(facet: str, wanted: str) -> None:
    known = values_of(facet)
    if not any(_matches(value, facet, wanted) for value in known):
        near = closest(wanted, known)
        help_ = f"write `{near}`." if near else f"known: {listed(known, most=20)}."
        raise StandardsError(
            Problem("SV591", f"no published standard has the {facet} `{wanted[:60]}`.", help=help_)
        )


def _fits(entry: Entry, facet: str, wanted: str) -> bool:
    return any(_matches(value, facet, wanted) for value in _values(entry, facet))


def _matches(value: str, facet: str, wanted: str) -> bool:
    value, wanted = value.lower(), wanted.lower()
    if facet == "issuer":
        return wanted in value
    return value == wanted or (facet == "jurisdiction" and value.startswith(f"{wanted}-"))


def _values(entry: Entry, facet: str) -> Iterable[str]:
    if facet == "feature":
        return (*entry.features, *entry.patterns)
    if facet == "jurisdiction":
        return entry.jurisdiction.split(", ")
    return (entry.domain,) if facet == "domain" else (entry.issuer,)


def _read(path: Path) -> Entry:
    """Read the head of a file: what stands above its standards."""
    head = path.read_text(encoding="utf-8").partition(_STANDARDS)[0]
    told: Any = parse_document(head, format="yaml", name=path.name).data
    source, published = _mapping(told, "source"), _mapping(told, "published")
    return Entry(
        path.stem,
        str(told.get("title", "")),
        str(source.get("citation", "")),
        str(source.get("issuer", "")),
        str(source.get("jurisdiction", "")),
        str(published.get("domain", "")),
        tuple(published.get("patterns", ())),
        tuple(published.get("features", ())),
        published.get("says", "full"),
        str(published.get("note", "")),
        path,
    )


def _mapping(told: Mapping[str, Any], key: str) -> Mapping[str, Any]:
    found = told.get(key)
    return found if isinstance(found, Mapping) else {}
