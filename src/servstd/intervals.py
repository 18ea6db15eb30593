"""Instants as whole microseconds, and half-open stretches of time between two of them."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

from servstd.errors import CalendarError, Problem

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
DAY_US = 86_400_000_000
_SECOND_US = 1_000_000


class Instant(int):
    """Hold an instant in a field, so that nobody takes it for a number.

    It is an int: microseconds since 1970-01-01T00:00Z.

    Example:
        >>> Instant(0)
        Instant('1970-01-01T00:00:00Z')
    """

    __slots__ = ()

    def __repr__(self) -> str:
        return f"Instant('{instant_text(self)}')"

    def __str__(self) -> str:
        return instant_text(self)


def instant_us(at: datetime) -> int:
    """Return an aware datetime as microseconds since the epoch, UTC.

    A naive datetime is refused: it is an instant only together with a zone, and only the author knows which.

    Args:
        at: An aware datetime; its `fold` counts.

    Returns:
        Whole microseconds, exact, negative before 1970.

    Raises:
        CalendarError: SV201 when `at` is naive, SV202 when it is no datetime.

    Example:
        >>> instant_us(datetime(1970, 1, 1, 0, 0, 1, tzinfo=UTC))
        1000000
    """
    try:
        since = at - EPOCH
        return (since.days * 86_400 + since.seconds) * _SECOND_US + since.microseconds
    except (TypeError, AttributeError):
        raise CalendarError(_not_aware(at)) from None


def datetime_utc(us: int) -> datetime:
    """Return microseconds since the epoch as an aware datetime in UTC.

    Args:
        us: Microseconds since 1970-01-01T00:00Z.

    Returns:
        The same instant, exact.

    Raises:
        CalendarError: SV203 outside the years 1 to 9999.

    Example:
        >>> datetime_utc(1_000_000).isoformat()
        '1970-01-01T00:00:01+00:00'
    """
    try:
        return EPOCH + timedelta(microseconds=us)
    except OverflowError:
        raise CalendarError(
            Problem("SV203", f"`{us}` microseconds lie outside the years 1 to 9999.")
        ) from None


def timedelta_us(span: timedelta) -> int:
    """Return a timedelta as whole microseconds.

    Example:
        >>> timedelta_us(timedelta(seconds=-1))
        -1000000
    """
    return (span.days * 86_400 + span.seconds) * _SECOND_US + span.microseconds


def instant_text(us: int) -> str:
    """Return an instant as ISO 8601 in UTC, without needless zeros.

    Example:
        >>> instant_text(1_500_000)
        '1970-01-01T00:00:01.500000Z'
    """
    try:
        return datetime_utc(us).replace(tzinfo=None).isoformat() + "Z"
    except CalendarError:
        return f"{us}us"


@dataclass(frozen=True, slots=True, order=True)
class Interval:
    """Hold a half-open stretch of time `[start, end)` and why it counts or does not.

    Args:
        start_us: Where it begins, in microseconds since the epoch; inside.
        end_us: Where it ends; outside. An interval of length 0 holds nothing.
        open: Whether it counts.
        reason: Why: `shift Mon 09:00-17:00`, `holiday: Christmas Day`; empty when nobody asked.

    Example:
        >>> Interval(0, 10).intersect(Interval(5, 20))
        Interval(start_us=5, end_us=10, open=True, reason='')
    """

    start_us: int
    end_us: int
    open: bool = True
    reason: str = ""

    def __post_init__(self) -> None:
        if self.end_us < self.start_us:
            ends, starts = instant_text(self.end_us), instant_text(self.start_us)
            raise CalendarError(
                Problem("SV204", f"an interval cannot end ({ends}) before it starts ({starts}).")
            )

    @property
    def start(self) -> datetime:
        """Return where it begins, in UTC."""
        return datetime_utc(self.start_us)

    @property
    def end(self) -> datetime:
        """Return where it ends, in UTC."""
        return datetime_utc(self.end_us)

    @property
    def length_us(self) -> int:
        """Return how long it is, in microseconds."""
        return self.end_us - self.start_us

    @property
    def duration(self) -> timedelta:
        """Return how long it is."""
        return timedelta(microseconds=self.length_us)

    def has(self, at_us: int) -> bool:
        """Return whether an instant lies inside; the end does not."""
        return self.start_us <= at_us < self.end_us

    def is_empty(self) -> bool:
        """Return whether it holds no instant."""
        return self.start_us == self.end_us

    def intersect(self, other: Interval) -> Interval | None:
        """Return what both hold, or None when they hold nothing together; touching is nothing."""
        start, end = max(self.start_us, other.start_us), min(self.end_us, other.end_us)
        return replace(self, start_us=start, end_us=end) if start < end else None

    def subtract(self, other: Interval) -> tuple[Interval, ...]:
        """Return what this one holds and the other does not: none, one or two pieces."""
        pieces = (
            (self.start_us, min(self.end_us, other.start_us)),
            (max(self.start_us, other.end_us), self.end_us),
        )
        if other.is_empty():
            pieces = ((self.start_us, self.end_us),)  # type: ignore[assignment]
        return tuple(replace(self, start_us=a, end_us=b) for a, b in pieces if a < b)

    def clip(self, start_us: int, end_us: int) -> Interval | None:
        """Return the part between two instants, or None."""
        return self.intersect(Interval(start_us, max(start_us, end_us)))

    def __str__(self) -> str:
        parts = (
            f"{instant_text(self.start_us)}/{instant_text(self.end_us)}",
            "open" if self.open else "closed",
            self.reason,
        )
        return " ".join(part for part in parts if part)


def _not_aware(at: object) -> Problem:
    if isinstance(at, datetime):
        return Problem(
            "SV201",
            f"`{at.isoformat()}` is a local time without a zone, so it is no instant.",
            help='attach its zone: `at.replace(tzinfo=ZoneInfo("Europe/London"))`, or give the reader `timezone=`.',
        )
    return Problem(
        "SV202",
        f"`{at!r:.60}` is no instant: an aware `datetime` is expected.",
        help="give `datetime(2026, 3, 2, 9, 0, tzinfo=...)`.",
    )
