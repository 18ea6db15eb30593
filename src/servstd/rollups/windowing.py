"""How the windows of an objective gather verdicts: which there are, what falls into each, and which may decide."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple, Protocol

from servstd.calendars.rolling import Rolling
from servstd.calendars.windows import Windows
from servstd.rollups.tally import Tally
from servstd.standards.window import Over, instant_of

if TYPE_CHECKING:
    from servstd.events.log import Log

MOST_EMPTY_WINDOWS = 5_000
"""Empty windows are rows too (`no_data`), but a year 1970 in the data must not make a million of them."""

OUTSIDE = -1_000_000_000
"""The number of what lies in no window."""

Tiles = Mapping[int, Tally]
"""Tallies by the smallest pieces of time that windows are made of; their numbers ascend with time."""


class Window(NamedTuple):
    """Be one window as the report names it."""

    label: str
    """`2026-03`, `30 days to 2026-03-30`, `all`."""
    timezone: str
    """The zone it begins in."""
    bounds_us: tuple[int, int] | None
    """Its first instant, and the first after it; None for everything."""
    is_unfinished: bool
    """Whether it is not over at `as_of`."""
    began_before_log: bool
    """Whether it began before the log's first event."""
    has_begun_cases: bool = False
    """Of a census: whether cases had begun by then, so that none open is known to be none."""
    is_standing: bool = False
    """Whether it is everything, or rolls: no date of the calendar names it."""

    @property
    def length_us(self) -> int | None:
        """How long it is; None for everything."""
        return None if self.bounds_us is None else self.bounds_us[1] - self.bounds_us[0]


class Span(NamedTuple):
    """What is known of time: from when to when the log is complete, and the instant of the judgement, µs."""

    first_us: int | None
    """From when on the log is complete; None for never."""
    as_of_us: int
    """The instant of the judgement."""
    until_us: int | None = None
    """The first instant that the log does not cover any more, where that was said."""

    @property
    def known_us(self) -> int:
        """Up to when windows may be over: what happened later is not known."""
        return self.as_of_us if self.until_us is None else min(self.as_of_us, self.until_us)

    @property
    def covered_us(self) -> tuple[int | None, int | None]:
        """From when and until when the log is complete; the end is None where the judgement does not come after it."""
        until = self.until_us
        return self.first_us, None if until is None or self.as_of_us <= until else until

    @classmethod
    def of(cls, log: Log, timezone: str | None, as_of_us: int) -> Span:
        """Return the span of a log as judged at an instant.

        Args:
            log: The events.
            timezone: The zone of the book, for local dates of `covers`.
            as_of_us: The instant of the judgement, µs.
        """
        until = None if log.covers is None else log.covers.bounds_us(timezone)[1]
        return cls(log.begins_us(timezone, as_of_us=as_of_us), as_of_us, until)

    def window(self, label: str, timezone: str, bounds_us: tuple[int, int]) -> Window:
        """Return a window with what the log says of it."""
        return Window(
            label,
            timezone,
            bounds_us,
            is_unfinished=self.known_us < bounds_us[1],
            began_before_log=self.first_us is None or bounds_us[0] < self.first_us,
        )


class Cut(Protocol):
    """Cut time into windows."""

    def tiles(self, instants: Sequence[int]) -> list[int]:
        """Return the piece of time that each instant lies in; `OUTSIDE` for one in no window."""
        ...

    def windows(self, tiles: Tiles, span: Span, *, is_whole: bool) -> Iterator[tuple[Window, Tally]]:
        """Yield every window, in order, with what falls into it.

        Args:
            tiles: What falls into the pieces.
            span: What the log covers.
            is_whole: Whether all cases are counted, and not a segment of them: then windows that hold nothing are
                yielded too, where the log covers them.
        """
        ...


def cut_of(over: Over, timezone: str, span: Span) -> Cut:
    """Return how the windows of an objective cut time.

    Args:
        over: The windows as read; not a census, which counts at instants.
        timezone: The zone of local dates.
        span: What the log covers.
    """
    if over.shape == "calendar":
        return CalendarCut(Windows(over.length, timezone, over.first))
    if over.shape == "rolling":
        return RollingCut(Rolling(over.count, over.unit, timezone))
    if over.shape == "busiest":
        return BusiestCut(Windows(over.length, timezone), Windows(over.of, timezone))
    if over.shape == "blocks":
        return BlockCut.of(over, timezone)
    said = span.first_us is not None and span.until_us is not None
    return Everything((span.first_us, span.until_us) if said else None)  # type: ignore[arg-type]


@dataclass(frozen=True, slots=True)
class Everything:
    """One window over all that the log covers. Cases dated before or after that get windows that decide nothing.

    Args:
        covered_us: From when to when the log was said to be complete, µs; None where nothing was said.
    """

    covered_us: tuple[int, int] | None = None

    def tiles(self, instants: Sequence[int]) -> list[int]:
        """Return 0 for what the log covers, -1 for what lies before it, 1 for what lies after."""
        if self.covered_us is None:
            return [0] * len(instants)
        first, last = self.covered_us
        return [-1 if at_us < first else int(at_us >= last) for at_us in instants]

    def windows(self, tiles: Tiles, span: Span, *, is_whole: bool) -> Iterator[tuple[Window, Tally]]:  # noqa: ARG002
        """Yield it, and around it what holds something."""
        all_ = Window("all", "", None, is_unfinished=False, began_before_log=False, is_standing=True)
        if -1 in tiles:
            yield all_._replace(label="earlier", began_before_log=True), tiles[-1]
        yield all_, tiles.get(0, Tally())
        if 1 in tiles:
            yield all_._replace(label="later", is_unfinished=True), tiles[1]


@dataclass(frozen=True, slots=True)
class CalendarCut:
    """Be calendar windows side by side.

    Args:
        calendar: Them.
    """

    calendar: Windows

    def tiles(self, instants: Sequence[int]) -> list[int]:
        """Return the windows of instants: a search among the starts of windows costs less than a zone."""
        if not instants:
            return []
        first, last = self.calendar.number(min(instants)), self.calendar.number(max(instants))
        if last - first > len(instants):
            return [self.calendar.number(at_us) for at_us in instants]
        starts = [self.calendar.start_us(number) for number in range(first, last + 1)]
        return [first - 1 + bisect_right(starts, at_us) for at_us in instants]

    def windows(self, tiles: Tiles, span: Span, *, is_whole: bool) -> Iterator[tuple[Window, Tally]]:
        """Yield those that hold something; those that the log covers whole and that hold nothing; at least one."""
        numbers = set(tiles)
        if is_whole:
            numbers.update(covered(self.calendar, span))
        for number in sorted(numbers) or [self.calendar.number(span.as_of_us)]:
            yield self.window(number, span), tiles.get(number, Tally())

    def window(self, number: int, span: Span) -> Window:
        """Return a window by its number, with what the log says of it."""
        bounds = self.calendar.start_us(number), self.calendar.start_us(number + 1)
        return span.window(self._label(number), self.calendar.timezone, bounds)

    def _label(self, number: int) -> str:
        """Return the name of a window; one that is named by its first date says what it is."""
        label = self.calendar.label(number)
        return label if self.calendar.first == "01-01" else f"{self.calendar.length} from {label}"


def covered(calendar: Windows, span: Span) -> Iterator[int]:
    """Yield the windows that lie whole between the log's first event and `as_of`."""
    if span.first_us is None:
        return
    first, last = calendar.number(span.first_us), calendar.number(span.known_us)
    if calendar.start_us(first) < span.first_us:
        first += 1
    if last - first > MOST_EMPTY_WINDOWS:
        return
    for number in range(first, last):
        if calendar.start_us(number) < calendar.start_us(number + 1):  # a zone may skip a whole date
            yield number


@dataclass(frozen=True, slots=True)
class RollingCut:
    """Be the windows of one length that end with each local date.

    Args:
        rolling: Them.
    """

    rolling: Rolling

    def tiles(self, instants: Sequence[int]) -> list[int]:
        """Return the local dates of instants."""
        return CalendarCut(self.rolling.days).tiles(instants)

    def windows(self, tiles: Tiles, span: Span, *, is_whole: bool) -> Iterator[tuple[Window, Tally]]:
        """Yield those that lie whole within the log, and the one that ends today.

        Those that began before the log are as many as a window has dates, and none of them could decide.
        """
        days = sorted(tiles)
        for number in self._ends(days, span, is_whole=is_whole):
            first, last = bisect_left(days, self.rolling.first_day(number)), bisect_right(days, number)
            tally = sum((tiles[day] for day in days[first:last]), Tally())
            if tally.number or is_whole:
                bounds = self.rolling.bounds_us(number)
                window = span.window(self.rolling.label(number), self.rolling.timezone, bounds)
                yield window._replace(is_standing=True), tally

    def _ends(self, days: Sequence[int], span: Span, *, is_whole: bool) -> Iterator[int]:
        today = self.rolling.last(span.as_of_us)
        if span.first_us is not None and days:
            first = max(self.rolling.last(span.first_us), self._of_interest(days, today, is_whole=is_whole))
            while first < today and self.rolling.bounds_us(first)[0] < span.first_us:
                first += 1
            last = today if is_whole else min(today, days[-1] + self.rolling.count * 31)
            yield from range(first, last)
        yield today

    def _of_interest(self, days: Sequence[int], today: int, *, is_whole: bool) -> int:
        """Return the first date worth a window: of a very long log the last ones."""
        return today - MOST_EMPTY_WINDOWS if is_whole else max(days[0], today - MOST_EMPTY_WINDOWS)


@dataclass(frozen=True, slots=True)
class BusiestCut:
    """Be, of each window, the part in which there were the most cases; of several alike the first.

    Every verdict but the excluded counts for how busy it was: a caller who gave up was there.

    Args:
        part: What is looked for: hours, days.
        whole: In what: days, weeks, months.
    """

    part: Windows
    whole: Windows

    def tiles(self, instants: Sequence[int]) -> list[int]:
        """Return the parts of instants."""
        return CalendarCut(self.part).tiles(instants)

    def windows(self, tiles: Tiles, span: Span, *, is_whole: bool) -> Iterator[tuple[Window, Tally]]:
        """Yield the busiest part of each window; whether it decides is a matter of the whole window."""
        found: dict[int, list[int]] = {}
        for tile in tiles:
            found.setdefault(self.whole.number(self.part.start_us(tile)), []).append(tile)
        numbers = set(found) | (set(covered(self.whole, span)) if is_whole else set())
        for number in sorted(numbers) or [self.whole.number(span.as_of_us)]:
            bounds = self.whole.start_us(number), self.whole.start_us(number + 1)
            window = span.window(self.whole.label(number), self.whole.timezone, bounds)
            if number not in found:
                yield window, Tally()
                continue
            tile = min(found[number], key=lambda tile: (tiles[tile].excluded - tiles[tile].number, tile))
            part = self.part.start_us(tile), self.part.start_us(tile + 1)
            yield window._replace(label=self.part.label(tile), bounds_us=part), tiles[tile]


@dataclass(frozen=True, slots=True)
class BlockCut:
    """Be stretches of time that the author named.

    Args:
        labels: Their names.
        bounds_us: Their ends, in order, none within another.
        timezone: The zone of their dates.
    """

    labels: Sequence[str]
    bounds_us: Sequence[tuple[int, int]]
    timezone: str

    @classmethod
    def of(cls, over: Over, timezone: str) -> BlockCut:
        """Place blocks in a zone."""
        labels = [f"{start} to {end}" for start, end in over.blocks]
        bounds = [(instant_of(start, timezone), instant_of(end, timezone)) for start, end in over.blocks]
        return cls(labels, bounds, timezone)

    def tiles(self, instants: Sequence[int]) -> list[int]:
        """Return the blocks of instants."""
        starts = [start for start, _ in self.bounds_us]
        found = [bisect_right(starts, at_us) - 1 for at_us in instants]
        return [
            tile if tile >= 0 and at_us < self.bounds_us[tile][1] else OUTSIDE
            for tile, at_us in zip(found, instants, strict=True)
        ]

    def windows(self, tiles: Tiles, span: Span, *, is_whole: bool) -> Iterator[tuple[Window, Tally]]:
        """Yield every block; of a segment those that hold something."""
        for tile, bounds in enumerate(self.bounds_us):
            if is_whole or tile in tiles:
                yield span.window(self.labels[tile], self.timezone, bounds), tiles.get(tile, Tally())
