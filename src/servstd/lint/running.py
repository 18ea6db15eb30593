"""Look for every sort of finding, leave out what the author has accepted, put the rest in the order of the file."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

from servstd.errors import EvaluationError, Problem, unknown_name
from servstd.expressions import written_names
from servstd.lint import (  # noqa: F401 - each registers its sorts
    bounds,
    clocks,
    conditions,
    consequences,
    dates,
    objectives,
    overrides,
    references,
    titles,
)
from servstd.lint.finding import Finding, Severity
from servstd.lint.sort import BOOK, LOG, STANDARD, Seen, Sort, of_book
from servstd.lint.subject import BookFacts, Subject
from servstd.models import path_parts
from servstd.remembered import forgets_texts

if TYPE_CHECKING:
    from servstd.events.log import Log

UNUSED = "SV579"


@forgets_texts
def lint(book: BookFacts, log: Log | None = None) -> list[Finding]:
    """Return what loads but cannot be meant, in the order of the book.

    A standard is looked at under each of its readings, beside other standards and a log under the one that holds.
    What is accepted, by the standard or by the book, is left out; an acceptance that leaves nothing out is a finding
    itself.

    Args:
        book: The book.
        log: Events, for the sorts that only a log shows (SV560 to SV569).

    Returns:
        The findings, without a place in a file.

    Raises:
        EvaluationError: SV582, the log holds no event.
    """
    if log is not None and not len(log):
        raise EvaluationError(
            Problem(
                "SV582", "the log holds no event, so nothing can be seen in it.", "give a log with events."
            )
        )
    subjects = [Subject(book, entry) for entry in book.entries]
    found = [*_in_standards(subjects), *_in_book(book, subjects)]
    looked = {sort.code for sort in (*STANDARD, *BOOK)}
    if log is not None:
        found += _in_log(book, subjects, log)
        looked |= {sort.code for sort in LOG}
    kept = _without_accepted(book, found, looked)
    return sorted(kept, key=lambda one: (_order(one.path), one.code))


def known_codes() -> list[str]:
    """Return the code of every sort, in order."""
    return sorted(_every_sort())


def refused_acceptances(book: BookFacts) -> list[Problem]:
    """Return the problem of each accepted code that no sort has."""
    told = [("accepted", book.accepted)]
    told += [(f"{entry.path}.accepted", entry.standard.accepted) for entry in book.entries]
    known = known_codes()
    return [
        unknown_name("SV580", "finding", code, known).at(path=f"{path}.{code}")
        for path, accepted in told
        for code in accepted
        if code not in known
    ]


def sort_of(code: str) -> Sort[object] | None:
    """Return the sort of a code; None for a code that is no finding's."""
    return _every_sort().get(code)


def _every_sort() -> dict[str, Sort[object]]:
    from servstd.lint import logs, stories, unknown  # noqa: F401, PLC0415 - they load NumPy

    return {sort.code: sort for sort in (*STANDARD, *BOOK, *LOG)}


def _in_standards(subjects: list[Subject]) -> Iterator[Finding]:
    for subject in subjects:
        yield from _in_standard(subject)
        for other in subject.others:
            # What the reading does not change was looked at under the one that holds.
            changed = f"{subject.root}.readings.{other.reading}."
            yield from (one for one in _in_standard(other) if one.path.startswith(changed))


def _in_standard(subject: Subject) -> Iterator[Finding]:
    for sort in STANDARD:
        for seen in sort.look(subject):
            yield _finding(sort.code, sort.severity, seen, subject.path(seen.path), subject.id)


def _in_book(book: BookFacts, subjects: list[Subject]) -> Iterator[Finding]:
    ids = {one.root: one.id for one in subjects}
    for sort in BOOK:
        for seen in sort.look(book, subjects):
            owner = ids.get(_root_of(seen.path, ids), "")
            yield _finding(sort.code, sort.severity, seen, seen.path, owner)


def _in_log(book: BookFacts, subjects: list[Subject], log: Log) -> Iterator[Finding]:
    from servstd.events.sprawling import within_cases  # noqa: PLC0415 - as above
    from servstd.lint import logs, stories, unknown  # noqa: F401, PLC0415 - they load NumPy
    from servstd.lint.observed import Observed  # noqa: PLC0415

    log = within_cases(log.with_nested(written_names(book)), (tuple(one.case) for one in subjects))
    observed = Observed(book, subjects, log)
    for subject in subjects:
        for sort in LOG:
            for seen in sort.look(subject, observed):
                yield _finding(sort.code, sort.severity, seen, subject.path(seen.path), subject.id)


def _finding(code: str, severity: Severity, seen: Seen, path: str, standard: str) -> Finding:
    return Finding(code, seen.message, seen.help, path, severity=seen.severity or severity, standard=standard)


def _root_of(path: str, roots: Mapping[str, object]) -> str:
    """Return the innermost of the standards in which a path lies; an empty text where it lies in none."""
    while path and path not in roots:
        path = path.rpartition(".")[0]
    return path


@of_book(UNUSED, "warning")
def an_acceptance_of_nothing(_book: BookFacts, _subjects: list[Subject]) -> Iterator[Seen]:
    """Find an entry under `accepted:` that leaves nothing out.

    The book was mended, or the entry stands in another standard. Left where it is, it would hide the same finding
    when it comes back. Entries for sorts that need a log are looked at only when there is one.

    Remedy: take the entry out.
    """
    yield from ()  # found where all others are known


def _without_accepted(book: BookFacts, found: list[Finding], looked: set[str]) -> Iterator[Finding]:
    """Yield what nobody accepts, and the acceptances that were of no use."""
    by_root = {entry.path: entry.standard.accepted for entry in book.entries}
    roots = {entry.standard.id: entry.path for entry in book.entries}
    owners = {entry.path: entry.standard.id for entry in book.entries}
    everywhere = book.accepted
    used: set[tuple[str, str]] = set()
    for one in found:
        root = _root_of(one.path, by_root) or roots.get(one.standard, "")
        if one.code in by_root.get(root, {}):
            used.add((root, one.code))
        elif one.code in everywhere:
            used.add(("", one.code))
        else:
            yield one
    for root, accepted in {"": everywhere, **by_root}.items():
        for code in accepted:
            if code in looked and (root, code) not in used:
                path = ".".join(part for part in (root, "accepted", code) if part)
                message = f"`{code}` is accepted, and nothing of the kind is found here."
                yield Finding(
                    UNUSED,
                    message,
                    "take the entry out.",
                    path,
                    severity="warning",
                    standard=owners.get(root, ""),
                )


def _order(path: str) -> tuple[Any, ...]:
    return tuple((0, part, "") if isinstance(part, int) else (1, 0, part) for part in path_parts(path))
