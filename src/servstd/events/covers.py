"""What a log covers: from when to when it is complete, as its reader was told."""

from __future__ import annotations

from dataclasses import dataclass

from servstd.errors import EvaluationError, Problem, ReadingError
from servstd.expressions.values import is_zoneless, moment_from
from servstd.intervals import Instant, instant_text

_HELP = "write `covers: [2026-03-01, 2026-04-01]`: the first day, and the first day after the last."


@dataclass(frozen=True, slots=True)
class Covers:
    """The stretch of time of which a log holds everything: half-open, so the end is the first instant after it.

    Args:
        start: Its beginning: a local date, or an instant with its offset.
        end: The first date or instant after it.
        timezone: The zone of local dates where the book names none.
    """

    start: str
    end: str
    timezone: str | None = None

    def __post_init__(self) -> None:
        problems = [problem for text in (self.start, self.end) if (problem := _faulty(text)) is not None]
        if problems:
            raise ReadingError(problems)
        if is_zoneless(self.start) is is_zoneless(self.end):
            start, end = moment_from(self.start, "UTC"), moment_from(self.end, "UTC")
            if _first_us(start) >= _first_us(end):
                raise ReadingError(_reversed(self.start, self.end))

    def bounds_us(self, timezone: str | None) -> tuple[int, int]:
        """Return its beginning and the first instant after it, µs.

        Args:
            timezone: The zone of the book, in which local dates are meant.

        Raises:
            EvaluationError: SV414 a local date and no zone, SV415 an end that does not lie after its beginning.
        """
        zone = timezone or self.timezone
        if zone is None and (is_zoneless(self.start) or is_zoneless(self.end)):
            message = (
                f"`covers` begins or ends on a local date ({self.start} to {self.end}), and no zone is known."
            )
            help_ = "give the book a `timezone:`, or write instants with their offset: `2026-03-01T00:00Z`."
            raise EvaluationError(Problem("SV414", message, path="covers", help=help_))
        start, end = (_first_us(moment_from(text, zone)) for text in (self.start, self.end))
        if start >= end:
            raise EvaluationError(_reversed(self.start, self.end))
        return start, end

    def __str__(self) -> str:
        return f"{self.start} to {self.end}"


def _first_us(moment: object) -> int:
    """Return an instant, or the first one of a local day, µs."""
    return int(moment) if isinstance(moment, Instant) else int(moment.start_us)  # type: ignore[attr-defined]


def _faulty(text: str) -> Problem | None:
    if moment_from(text, "UTC") is None:
        return Problem(
            "SV342", f"`covers`: `{text:.40}` is neither a date nor an instant.", path="covers", help=_HELP
        )
    if is_zoneless(text) and len(text.strip()) > len("2026-03-01"):
        message = f"`covers`: `{text:.40}` is a local time without its offset."
        return Problem(
            "SV342", message, path="covers", help=f"write `{text.strip()}Z` for UTC, or the date alone."
        )
    return None


def _reversed(start: str, end: str) -> Problem:
    message = f"`covers` ends at `{end}`, which does not lie after its beginning `{start}`."
    return Problem("SV415", message, path="covers", help=_HELP)


def outside(covers: Covers, first_us: int, last_us: int) -> Problem:
    """Return the problem of a log none of whose events lies in what it is said to cover.

    Args:
        covers: What was said.
        first_us: The first event, µs.
        last_us: The last one.
    """
    message = (
        f"the log is said to cover {covers}, and none of its events lies there: they run from "
        f"{instant_text(first_us)} to {instant_text(last_us)}."
    )
    return Problem(
        "SV416", message, path="covers", help="correct `covers`, or read the export it is meant for."
    )
