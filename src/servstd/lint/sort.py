"""The sorts of finding: one table that the lint runs and the documentation is made from."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Generic, NamedTuple, TypeVar

from servstd.lint.finding import Severity

if TYPE_CHECKING:
    from servstd.lint.observed import Observed
    from servstd.lint.subject import BookFacts, Subject

Look_co = TypeVar("Look_co", covariant=True)


class Seen(NamedTuple):
    """Hold what a look has seen: where, what, and the text to write instead.

    Args:
        path: Below the standard for a look at a standard, else in the book.
        message: In a manager's words, what the book says in backticks.
        help: The remedy, with the text to write.
        severity: Where this one matters more, or less, than its sort.
    """

    path: str
    message: str
    help: str
    severity: Severity | None = None


@dataclass(frozen=True, slots=True)
class Sort(Generic[Look_co]):
    """Name one sort of finding, and how it is looked for.

    Args:
        code: `SV5` and two digits; never given twice.
        severity: What it is unless the look says otherwise.
        look: A pure function; its docstring is the text of the documentation.
    """

    code: str
    severity: Severity
    look: Look_co

    @property
    def name(self) -> str:
        """Its name: `hours-on-an-office-clock`."""
        return str(getattr(self.look, "__name__", "")).replace("_", "-")

    @property
    def title(self) -> str:
        """What is found, in one sentence."""
        first = self._paragraphs[0].removeprefix("Find ")
        return first[:1].upper() + first[1:]

    @property
    def why(self) -> str:
        """Why it matters."""
        return "\n\n".join(self._paragraphs[1:-1])

    @property
    def remedy(self) -> str:
        """What to write instead."""
        last = self._paragraphs[-1].removeprefix("Remedy: ")
        return last[:1].upper() + last[1:]

    @property
    def _paragraphs(self) -> list[str]:
        text = inspect.cleandoc(self.look.__doc__ or "Find something.")
        return [" ".join(part.split()) for part in text.split("\n\n")]


StandardLook = Callable[["Subject"], Iterable[Seen]]
BookLook = Callable[["BookFacts", "list[Subject]"], Iterable[Seen]]
LogLook = Callable[["Subject", "Observed"], Iterable[Seen]]

STANDARD: Final[list[Sort[StandardLook]]] = []
"""Sorts that one standard in its book shows."""
BOOK: Final[list[Sort[BookLook]]] = []
"""Sorts that the book as a whole shows."""
LOG: Final[list[Sort[LogLook]]] = []
"""Sorts that only a log shows."""


def of_standard(code: str, severity: Severity) -> Callable[[StandardLook], StandardLook]:
    """Return the decorator of a look at one standard."""

    def registered(look: StandardLook) -> StandardLook:
        STANDARD.append(Sort(code, severity, look))
        return look

    return registered


def of_book(code: str, severity: Severity) -> Callable[[BookLook], BookLook]:
    """Return the decorator of a look at the book as a whole."""

    def registered(look: BookLook) -> BookLook:
        BOOK.append(Sort(code, severity, look))
        return look

    return registered


def of_log(code: str, severity: Severity) -> Callable[[LogLook], LogLook]:
    """Return the decorator of a look at a standard beside a log."""

    def registered(look: LogLook) -> LogLook:
        LOG.append(Sort(code, severity, look))
        return look

    return registered
