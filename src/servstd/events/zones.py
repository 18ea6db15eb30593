"""Local times to instants, for whole columns."""

from __future__ import annotations

from typing import Literal

import numpy as np

from servstd.calendars.zones import Zone, zone_named
from servstd.errors import CalendarError, ReadingError
from servstd.events.columns import Instants


def zone_from(name: str) -> Zone:
    """Return the zone as the tzdata package defines it, never the machine's own copy.

    Raises:
        ReadingError: SV210 for an unknown zone, with the closest name.

    Example:
        >>> zone_from("Europe/London").name
        'Europe/London'
    """
    try:
        return zone_named(name)
    except CalendarError as unknown:
        raise ReadingError([problem.at(path="timezone") for problem in unknown.problems]) from None


def instants_from_local(local_us: Instants, zone: Zone, fold: Literal["earlier", "later"]) -> Instants:
    """Return the instants of local times.

    A time that occurs twice is the one `fold` says; one that never occurs is the instant of the change.

    Args:
        local_us: Microseconds since 1970-01-01 00:00 on the zone's own wall clock.
        zone: The zone.
        fold: `earlier` or `later`.
    """
    starts = np.array(zone.starts, np.int64) * 1_000_000
    offsets = np.array(zone.offsets, np.int64) * 1_000_000
    found: Instants
    if fold == "earlier":
        # The latest local time shown by the end of each offset: the first to reach `local` has it.
        reach = np.maximum.accumulate(starts[1:] + offsets[:-1])
        place = np.searchsorted(reach, local_us, "right")
        found = np.maximum(local_us - offsets[place], starts[place])
    else:
        # The earliest local time that it will show from each offset on: the last not past `local`.
        begin = np.minimum.accumulate((starts + offsets)[::-1])[::-1]
        place = np.searchsorted(begin, local_us, "right") - 1
        ends = np.append(starts[1:], np.iinfo(np.int64).max)
        found = np.minimum(local_us - offsets[place], ends[place])
    return found
