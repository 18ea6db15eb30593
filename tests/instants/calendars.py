"""Calendars (semantics §2): when a service is open, as half-open intervals of instants."""

from datetime import timedelta

from .instants import DAY, clock_text, date_of, days_between, local_date_time, read_date

DAYS = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"]
FAR = 40 * 366 * DAY


# Sets of instants: sorted lists of disjoint half-open intervals -------------------------------------------------
def union(*sets):
    joined = []
    for a, b in sorted(piece for pieces in sets for piece in pieces):
        if a >= b:
            continue
        if joined and a <= joined[-1][1]:
            joined[-1] = (joined[-1][0], max(b, joined[-1][1]))
        else:
            joined.append((a, b))
    return joined


def intersection(one, other):
    return union([(max(a, c), min(b, d)) for a, b in one for c, d in other if max(a, c) < min(b, d)])


def difference(one, other):
    left = union(one)
    for c, d in other:
        left = [piece for a, b in left for piece in ((a, min(b, c)), (max(a, d), b)) if piece[0] < piece[1]]
    return left


def length(pieces):
    return sum(b - a for a, b in pieces)


# Calendars -----------------------------------------------------------------------------------------------------
class Always:
    """Never closes; the default (§2)."""

    zone = None

    def open_in(self, a, b):
        return [(a, b)] if a < b else []

    def is_open_date(self, day):
        return True


class Weekly:
    """Hours of a week in a zone, with breaks, holidays, exceptions and later versions."""

    def __init__(
        self, zone, hours, breaks=None, holidays=(), exceptions=None, holidays_cut="anchor", versions=()
    ):
        self.zone = zone
        self.versions = [(None, week_of(hours), week_of(breaks_by_weekday(breaks)))]
        for version in sorted(versions, key=lambda v: v["valid_from"]):
            before = self.versions[-1]
            self.versions.append(
                (
                    read_date(version["valid_from"]),
                    week_of(version["hours"]) if "hours" in version else before[1],
                    week_of(breaks_by_weekday(version["breaks"])) if "breaks" in version else before[2],
                )
            )
        self.dated_breaks = {read_date(k): spans_of(v) for k, v in (breaks or {}).items() if k[0].isdigit()}
        self.holidays = {read_date(day) for day in holidays}
        self.exceptions = {read_date(k): spans_of(v) for k, v in (exceptions or {}).items()}
        self.holidays_cut = holidays_cut
        self.known = {}

    def week(self, day):
        """§2: past events keep the hours that were in force."""
        return [version for version in self.versions if version[0] is None or version[0] <= day][-1][1:]

    def shifts(self, day):
        """The open intervals of the shifts that start on a date (§2: a shift belongs to that date)."""
        if day not in self.known:
            self.known[day] = self.shifts_anew(day)
        return self.known[day]

    def shifts_anew(self, day):
        at = lambda clock: local_date_time(self.zone, day, clock)
        hours, breaks = (week[day.weekday()] for week in self.week(day))
        if day in self.exceptions:  # exception > holiday > weekly; weekly breaks do not apply (§2)
            return union([(at(a), at(b)) for a, b in self.exceptions[day]])
        if day in self.holidays:
            return []
        open_time = []
        for a, b in hours:
            inside = []
            for c, d in breaks:
                if (
                    b > DAY and c < a
                ):  # §2: a break earlier than an overnight start is the break inside the shift
                    c, d = c + DAY, d + DAY
                inside.append((at(c), at(d)))
            open_time += difference([(at(a), at(b))], inside)
        return union(open_time)

    def open_in(self, a, b):
        if a >= b:
            return []
        days = list(
            days_between(date_of(self.zone, a) - timedelta(days=2), date_of(self.zone, b) + timedelta(days=2))
        )
        pieces = union(*[self.shifts(day) for day in days])
        for day in days:
            whole = [(local_date_time(self.zone, day, 0), local_date_time(self.zone, day, DAY))]
            if self.holidays_cut == "mask" and day in self.holidays and day not in self.exceptions:
                pieces = difference(pieces, whole)
            if day in self.dated_breaks:  # §2: dated breaks always subtract
                pieces = difference(
                    pieces,
                    [
                        (local_date_time(self.zone, day, c), local_date_time(self.zone, day, d))
                        for c, d in self.dated_breaks[day]
                    ],
                )
        return intersection(pieces, [(a, b)])

    def is_open_date(self, day):
        """A date on which a shift starts of which something is left."""
        return bool(self.of_date(day))

    def of_date(self, day):
        """What is open of the shifts that start on a date."""
        shifts = self.shifts(day)
        if not shifts:
            return []
        return intersection(self.open_in(shifts[0][0], shifts[-1][1]), shifts)


class Combined:
    """§2: union, intersection, difference and complement are calendars."""

    def __init__(self, how, parts):
        self.how, self.parts = how, parts
        self.zone = next((part.zone for part in parts if part.zone is not None), None)

    def open_in(self, a, b):
        sets = [part.open_in(a, b) for part in self.parts]
        if self.how == "union":
            return union(*sets)
        if self.how == "complement":
            return difference([(a, b)], sets[0])
        first, *rest = sets
        for other in rest:
            first = intersection(first, other) if self.how == "intersection" else difference(first, other)
        return first

    def is_open_date(self, day):
        return bool(self.of_date(day))

    def of_date(self, day):
        return self.open_in(local_date_time(self.zone, day, 0), local_date_time(self.zone, day, DAY))


# Measuring ------------------------------------------------------------------------------------------------------
def elapsed(calendar, a, b):
    """Open time from a to b (§2: elapsed seconds)."""
    return length(calendar.open_in(a, b))


def add(calendar, start, amount):
    """§2: the earliest instant by which so much open time has passed."""
    if amount == 0:
        return start
    step, left, at = max(7 * DAY, amount), amount, start
    while at < start + FAR + 10 * amount:
        for a, b in calendar.open_in(at, at + step):
            if b - a >= left:
                return a + left
            left -= b - a
        at += step
    raise ValueError("the calendar never opens")


def subtract(calendar, end, amount):
    """§2: the latest instant from which so much open time passes until `end`."""
    if amount == 0:
        return end
    step, left, at = max(7 * DAY, amount), amount, end
    while at > end - FAR - 10 * amount:
        for a, b in reversed(calendar.open_in(at - step, at)):
            if b - a >= left:
                return b - left
            left -= b - a
        at -= step
    raise ValueError("the calendar never opens")


# Reading ---------------------------------------------------------------------------------------------------------
def spans_of(spans):
    """`"09:00-17:00"`, a list of such, `closed` or `open`, as pairs of microseconds of the day; overnight ends beyond 24:00."""
    if spans in ("closed", None, []):
        return []
    if spans == "open":
        return [(0, DAY)]
    pairs = []
    for span in [spans] if isinstance(spans, str) else spans:
        a, b = (clock_text(text) for text in span.split("-"))
        pairs.append((a, b if b > a else b + DAY))
    return pairs


def week_of(hours):
    week = {number: [] for number in range(7)}
    if hours in ("always", "open"):
        return {number: [(0, DAY)] for number in range(7)}
    for key, spans in (hours or {}).items():
        for number in weekdays(key):
            week[number] = spans_of(spans)
    return week


def weekdays(key):
    if key == "daily":
        return list(range(7))
    if key in ("weekdays", "weekend"):
        return list(range(5)) if key == "weekdays" else [5, 6]
    numbers = []
    for part in key.split(","):
        first, _, last = part.strip().partition("-")
        a, b = DAYS.index(first), DAYS.index(last or first)
        numbers += list(range(a, b + 1)) if a <= b else [*range(a, 7), *range(b + 1)]
    return numbers


def breaks_by_weekday(breaks):
    return {key: spans for key, spans in (breaks or {}).items() if not key[0].isdigit()}


def read_calendar(spec, named, book_zone):
    """A calendar from its words in the book. `named` reads another calendar of the book."""
    for how in ("union", "intersection", "difference"):
        if how in spec:
            return Combined(
                how,
                [
                    named(part) if isinstance(part, str) else read_calendar(part, named, book_zone)
                    for part in spec[how]
                ],
            )
    if "complement" in spec:
        return Combined("complement", [named(spec["complement"])])
    from .instants import zone_named

    zone = zone_named(spec["timezone"]) if "timezone" in spec else book_zone
    return Weekly(
        zone,
        spec.get("hours", "always"),
        spec.get("breaks"),
        spec.get("holidays", ()),
        spec.get("exceptions"),
        spec.get("holidays_cut", "anchor"),
        spec.get("versions", ()),
    )
