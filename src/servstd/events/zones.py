"""Local times to instants: zones of the `tzdata` package, by whole hours where a zone's offset stands still."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from functools import lru_cache
from importlib import resources
from typing import Literal
from zoneinfo import ZoneInfo

import numpy as np

from servstd.errors import Problem, ReadingError, closest
from servstd.events.columns import Instants

HOUR_US = 3_600_000_000
_EPOCH = datetime(1970, 1, 1)  # noqa: DTZ001 - the zero of local time
_MICROSECOND = timedelta(microseconds=1)


@lru_cache(maxsize=1)
def zone_names() -> frozenset[str]:
    """Return every zone that the tzdata package knows."""
    return frozenset((resources.files("tzdata") / "zones").read_text(encoding="utf-8").split())


@lru_cache(maxsize=256)
def zone_from(name: str) -> ZoneInfo:
    """Return the zone as the tzdata package defines it, never the machine's own copy.

    Raises:
        ReadingError: SV306 for an unknown zone, with the closest name.

    Example:
        >>> zone_from("Europe/London").key
        'Europe/London'
    """
    if name not in zone_names():
        near = closest(name, zone_names())
        raise ReadingError(
            Problem(
                "SV306",
                f"unknown timezone `{name:.60}`.",
                path="timezone",
                help=f"write `{near}`." if near else "give an IANA name: `Europe/London`, `UTC`.",
            )
        )
    place = resources.files("tzdata").joinpath("zoneinfo", *name.split("/"))
    with place.open("rb") as file:
        return ZoneInfo.from_file(file, key=name)


def instants_from_local(local_us: Instants, zone: ZoneInfo, fold: Literal["earlier", "later"]) -> Instants:
    """Return the instants of local times.

    A time that occurs twice is the one `fold` says; one that never occurs is the instant of the change.

    Args:
        local_us: Local microseconds since 1970-01-01 00:00 on the zone's own wall clock.
        zone: The zone.
        fold: `earlier` or `later`.
    """
    hours, place = np.unique(local_us // HOUR_US, return_inverse=True)
    offsets = [_steady_offset_us(int(hour), zone) for hour in hours.tolist()]
    steady = np.array([offset is not None for offset in offsets], bool)
    shift = np.array([offset or 0 for offset in offsets], np.int64)
    found: Instants = local_us - shift[place]
    for row in np.flatnonzero(~steady[place]).tolist():
        found[row] = _instant_us(int(local_us[row]), zone, fold)
    return found


def _steady_offset_us(hour: int, zone: ZoneInfo) -> int | None:
    """Return the offset of a local hour; None when the clock changes in it."""
    start = _EPOCH + timedelta(hours=hour)
    first = start.replace(tzinfo=zone)
    last = (start + timedelta(minutes=59, seconds=59)).replace(tzinfo=zone)
    seen = {at.replace(fold=fold).utcoffset() for at in (first, last) for fold in (0, 1)}
    only = seen.pop()
    return None if seen or only is None else only // _MICROSECOND


def _instant_us(local_us: int, zone: ZoneInfo, fold: Literal["earlier", "later"]) -> int:
    local = (_EPOCH + local_us * _MICROSECOND).replace(tzinfo=zone)
    before, after = (_offset_us(local.replace(fold=side)) for side in (0, 1))
    if before < after:  # the clock jumped over this time
        return _change_us(local_us - after, local_us - before, zone)
    return local_us - (after if fold == "later" else before)


def _change_us(low: int, high: int, zone: ZoneInfo) -> int:
    """Return the first instant in (low, high] whose offset is no longer that of `low`."""
    old = _offset_at_us(low, zone)
    while high - low > 1:
        middle = (low + high) // 2
        if _offset_at_us(middle, zone) == old:
            low = middle
        else:
            high = middle
    return high


def _offset_us(local: datetime) -> int:
    offset = local.utcoffset()
    return 0 if offset is None else offset // _MICROSECOND


def _offset_at_us(at_us: int, zone: ZoneInfo) -> int:
    return _offset_us((_EPOCH + at_us * _MICROSECOND).replace(tzinfo=UTC).astimezone(zone))
