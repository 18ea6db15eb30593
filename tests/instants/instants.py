"""Instants (semantics §1): integer microseconds since 1970 UTC, and the map from local times to them (§2)."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

SECOND = 1_000_000
MINUTE = 60 * SECOND
HOUR = 60 * MINUTE
DAY = 24 * HOUR
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
FIRST, LAST = None, None  # set below: instants lie in 1900 to 2199


def micros(moment):
    """An aware datetime as microseconds."""
    return (moment - EPOCH) // timedelta(microseconds=1)


def moment(us, zone=UTC):
    """Microseconds as an aware datetime in a zone."""
    return (EPOCH + timedelta(microseconds=us)).astimezone(zone)


def show(us):
    """Microseconds as text for people."""
    return None if us is None else moment(us).isoformat().replace("+00:00", "Z")


def zone_named(name):
    """The IANA zone, or None where there is none of that name."""
    try:
        return ZoneInfo(name)
    except (KeyError, ValueError):
        return None


def local_instant(zone, naive, fold=0):
    """§2: a repeated local time is its first occurrence; a skipped one is the instant of the change."""
    first = micros(naive.replace(tzinfo=zone, fold=0))
    if moment(first, zone).replace(tzinfo=None, fold=0) == naive:
        return micros(naive.replace(tzinfo=zone, fold=fold))
    # Skipped: read with the offset before the change it lies after it, with the offset after the change before it.
    low, high = micros(naive.replace(tzinfo=zone, fold=1)), first
    if low > high:
        low, high = high, low
    offset_before = moment(low, zone).utcoffset()
    while high - low > 1:
        middle = (low + high) // 2
        if moment(middle, zone).utcoffset() == offset_before:
            low = middle
        else:
            high = middle
    return high


def local_date_time(zone, day, us_of_day):
    """The instant of a clock time of a local date; 30:00 is six next morning (§1)."""
    days, rest = divmod(us_of_day, DAY)
    naive = datetime.combine(day + timedelta(days=days), datetime.min.time()) + timedelta(microseconds=rest)
    return local_instant(zone, naive)


def date_of(zone, us):
    """The local date of an instant."""
    return moment(us, zone).date()


def clock_of(zone, us):
    """The local time of day of an instant, in microseconds."""
    local = moment(us, zone).replace(tzinfo=None)
    return (local - datetime.combine(local.date(), datetime.min.time())) // timedelta(microseconds=1)


def read_instant(text, zone=None, fold=0):
    """§1: an instant from ISO text; None where it cannot be read or lies outside 1900-2199."""
    if not isinstance(text, str):
        return None
    try:
        read = datetime.fromisoformat(text.strip())
    except ValueError:
        return None
    if read.tzinfo is None:
        if zone is None:
            return None
        us = local_instant(zone, read, fold)
    else:
        us = micros(read)
    return us if FIRST <= us < LAST else None


def clock_text(text):
    """`09:30` as microseconds of the day."""
    hours, minutes = text.split(":")[:2]
    return int(hours) * HOUR + int(minutes) * MINUTE


def days_between(first, last):
    """All dates from first to last, both included."""
    while first <= last:
        yield first
        first += timedelta(days=1)


def read_date(text):
    return date.fromisoformat(text) if isinstance(text, str) else text


FIRST = micros(datetime(1900, 1, 1, tzinfo=UTC))
LAST = micros(datetime(2200, 1, 1, tzinfo=UTC))
