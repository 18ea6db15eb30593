"""Everything servstd raises, and the one shape in which it says what is wrong.

    ServstdError
    ├── StandardsError        a book of standards that cannot be loaded            (SV1xx)
    ├── CalendarError         a calendar that cannot be meant                      (SV2xx)
    │   ├── NeverOpens        no instant answers the question                      (SV220)
    │   └── UncoveredYear     the holiday source does not know that year           (SV221)
    ├── EventsError           events that cannot be read at all                    (SV3xx)
    │   └── ReadingError      the reading options do not fit the file              (SV30x)
    ├── EvaluationError       a book and a log that cannot be evaluated together   (SV4xx)
    └── StatisticsError       numbers from which a figure cannot be computed       (SV67x)

All are `ValueError`s too, so that they pass through pydantic and are caught by people who know no better.
"""

from __future__ import annotations

import difflib
from collections.abc import Iterable
from dataclasses import dataclass, replace
from itertools import islice
from typing import Final, Self

from servstd.escaping import printable, without_commands

MOST_PROBLEMS: Final = 100
"""How many problems are told at once: nobody mends more at a time, and a stranger's file may have a million."""
_MOST_NAMES, _LONGEST_NAME = 1000, 100
"""Among how many names the closest is looked for, and up to which length of the name."""


@dataclass(frozen=True, slots=True)
class Problem:
    """Say one thing that is wrong: what, where, why, and how to mend it.

    A message quotes names and values of strangers, so what is not printable in it is written out: a problem is always
    one line of message and one of help, whatever the file holds.

    Args:
        code: Stable, `SV` and three digits; the documentation has an entry for each.
        message: What is wrong, with the value in backticks and what is known instead.
        help: How to mend it; empty when the message says so already.
        path: Where in the book: `standards[2].calendar`.
        where: Where in a file: `support.yaml:12:5` or `export.csv row 17`.

    Example:
        >>> print(Problem("SV103", "unknown calendar `ofice`.", path="standards[2].calendar"))
        SV103  standards[2].calendar
          unknown calendar `ofice`.
    """

    code: str
    message: str
    help: str = ""
    path: str = ""
    where: str = ""

    def __post_init__(self) -> None:
        # Path and place stay as they are: the first finds a value in its file, the second is the name of a file.
        object.__setattr__(self, "message", printable(self.message))
        object.__setattr__(self, "help", printable(self.help))

    def at(self, *, path: str | None = None, where: str | None = None) -> Self:
        """Return the same problem, placed."""
        return replace(
            self,
            path=self.path if path is None else path,
            where=self.where if where is None else where,
        )

    @property
    def label(self) -> str:
        """How it is called where it is shown: its code."""
        return self.code

    def __str__(self) -> str:
        head = "  ".join(printable(part) for part in (self.where, self.label, self.path) if part)
        help_ = f"\n  help: {self.help}" if self.help else ""
        return without_commands(f"{head}\n  {self.message}{help_}")


class ServstdError(ValueError):
    """Be the root of every error that servstd raises on purpose.

    Args:
        problems: One problem, several, or a bare message.

    Attributes:
        problems: All that is wrong, in the order of the file; of more than a hundred problems the first hundred.
    """

    default_code = "SV000"

    def __init__(self, problems: Problem | Iterable[Problem] | str) -> None:
        if isinstance(problems, str):
            problems = Problem(self.default_code, problems)
        every = (problems,) if isinstance(problems, Problem) else tuple(problems)
        self.problems: tuple[Problem, ...] = first_problems(every)
        super().__init__("\n\n".join(str(problem) for problem in self.problems))

    def __reduce__(self) -> tuple[type[ServstdError], tuple[tuple[Problem, ...]]]:
        return type(self), (self.problems,)


class StandardsError(ServstdError):
    """A book of standards cannot be loaded."""

    default_code = "SV100"


class CalendarError(ServstdError):
    """A calendar cannot be meant, or was asked something outside its years."""

    default_code = "SV200"


class NeverOpens(CalendarError):  # noqa: N818 - a fact, not a fault: named as the docs name it
    """No instant answers the question: the calendar does not open (again)."""

    default_code = "SV220"


class UncoveredYear(CalendarError):  # noqa: N818 - as above
    """The holiday source has no data for a year that was asked for."""

    default_code = "SV221"


class EventsError(ServstdError):
    """Events cannot be read at all."""

    default_code = "SV300"


class ReadingError(EventsError):
    """The reading options do not fit the file: an unknown column, a zone that is missing."""

    default_code = "SV301"


class EvaluationError(ServstdError):
    """A book and a log cannot be evaluated together."""

    default_code = "SV400"


class StatisticsError(ServstdError):
    """A figure cannot be computed from these numbers: more met than judged, a confidence of 95."""

    default_code = "SV670"


MORE: Final = Problem(
    "SV164",
    f"there are more problems; the first {MOST_PROBLEMS} are told.",
    help="mend these, and read it again.",
)
"""What stands after the last problem that is told."""


def first_problems(problems: tuple[Problem, ...]) -> tuple[Problem, ...]:
    """Return the first hundred problems, and after them that there are more."""
    if len(problems) <= MOST_PROBLEMS:
        return problems
    return (*[one for one in problems if one.code != MORE.code][:MOST_PROBLEMS], MORE)


def closest(name: str, known: Iterable[str], *, cutoff: float = 0.6) -> str | None:
    """Return the known name that looks most like `name`, or None when none does.

    It is looked for among the first thousand; a name of more than a hundred characters has none.

    Args:
        name: What was written.
        known: The names that may stand there.
        cutoff: How alike the two must be, from 0 to 1.

    Example:
        >>> closest("ofice", ["office", "always"])
        'office'
    """
    if len(name) > _LONGEST_NAME:
        return None
    by_lower = {candidate.lower(): candidate for candidate in islice(known, _MOST_NAMES)}
    found = difflib.get_close_matches(name.lower(), by_lower, n=1, cutoff=cutoff)
    return by_lower[found[0]] if found else None


def listed(names: Iterable[str], *, most: int = 12) -> str:
    """Return names in backticks for a message, cut after `most`.

    Example:
        >>> listed(["a", "b"])
        '`a`, `b`'
    """
    every = list(names)
    shown = ", ".join(f"`{name}`" for name in every[:most])
    return shown if len(every) <= most else f"{shown} and {len(every) - most} more"


def unknown_name(code: str, what: str, name: str, known: list[str]) -> Problem:
    """Return the problem of a name that is not among the known ones, with the closest one as the remedy."""
    near = closest(name, known)
    help_ = f"write `{near}`." if near else ""
    there = listed(dict.fromkeys(known)) or "none"
    return Problem(code, f"unknown {what} `{name:.60}`. Known here: {there}.", help=help_)
