"""One clock (semantics §4): what is used at an instant, when it is too much, when it is due."""

import itertools
from copy import copy
from dataclasses import replace

from .calendars import Always, add, difference, intersection, length, union
from .conditions import Facts, takes
from .dates import due_of_dates, passed
from .facts import NULLS, text
from .limits import Count, Dates, Length, Nothing, Point, Several, Unknown, is_instant, longer, resolve

ALWAYS = Always()
FOREVER = 10**18


class Clock:
    """The clock of one obligation: from `start`, in the stretches `runs`, until `end` (or as_of where it is None).

    Nothing is carried from one instant to the next: each question is asked of the whole set of events.
    """

    def __init__(
        self,
        case,
        standard,
        book,
        terms,
        hold,
        start,
        opener,
        runs,
        end,
        as_of,
        on_change,
        base=None,
        extra=None,
    ):
        self.case, self.standard, self.book, self.terms, self.hold = case, standard, book, terms, hold
        self.start, self.opener, self.runs, self.end, self.as_of = start, opener, runs, end, as_of
        self.on_change = on_change
        self.base = base if base is not None else start  # what a reset sets back to
        self.horizon = end if end is not None else as_of
        self.extensions = extra or []
        self.closed_counts, self.how, self.restarts, self.applies_later = [], None, [], False
        self.inherited, self.restarted_at = [], ()
        # The default of a standard whose own limit is a promised instant (silent.md 17).
        self.limit_frozen = "on_change" not in standard and is_instant(standard.get("within"))
        self.exclusive = standard.get("boundary") == "exclusive"

    # Which terms are in force? ---------------------------------------------------------------------------------
    def terms_at(self, us):
        if self.on_change == "freeze":
            return replace(self.at_first(), limit=self.first_known(us).limit)
        found = self.terms.at(max(us, self.start), self.start, self.opener)
        return replace(found, limit=self.first_known(us).limit) if self.limit_frozen else found

    def first_known(self, us):
        """§4.6 `freeze`: the terms at the start; those missing there are the first that come (silent.md 18)."""
        for stamp in self.grid(
            self.base if self.base in self.restarted_at else self.start, max(us, self.start)
        ):
            if not any(x <= stamp <= y for x, y in self.runs):
                continue
            if "every" in self.standard and self.end is not None and stamp >= self.end > self.start:
                break  # what ends a period cannot change it
            found = self.terms.at(stamp, self.start, self.opener) if stamp > self.start else self.at_first()
            if not isinstance(found.limit, Unknown):
                return found
        return self.at_first()

    def at_first(self):
        """The terms by the opening event's own fields; under `latest` those of the restart (§4.4)."""
        if (
            self.base > self.start
            and self.standard.get("recurs") == "latest"
            and self.base in self.restarted_at
        ):
            return self.terms.at(self.base, self.start, self.opener)
        return self.terms.at(self.start, self.start, self.opener, own=True)

    def applies_at(self, us):
        """Whether the standard applies at an instant: what was last known of it (silent.md 15)."""
        said = [
            self.at_first().applies,
            *(self.terms_at(at).applies for at in self.grid(self.start, us) if at <= us),
        ]
        known = [applies for applies in said if applies is not None]
        return known[-1] if known else None

    def has_ceased_before(self, us):
        """Whether it applied, or may have, and then did not (silent.md 19)."""
        said = [
            self.at_first().applies,
            *(self.applies_at(at) for at in self.grid(self.start, us) if at <= us),
        ]
        return any(before is not False and after is False for before, after in itertools.pairwise(said))

    def applied(self):
        return [self.at_first().applies, *(self.applies_at(at) for at in self.grid(self.start, self.horizon))]

    def limit_at(self, us):
        limit = self.terms_at(us).limit
        for at, how, amount in self.extensions:
            if at <= us:
                limit = amount if how == "within" else longer(limit, amount)
        return limit

    # When does it run? -----------------------------------------------------------------------------------------
    def grid(self, a, b):
        """All instants from a to b at which anything may change."""
        inside = [stamp for stamp in self.case.stamps if a < stamp < b]
        return [a, *inside, b] if a < b else [a]

    def open_time(self, a, b, judged_at, wall):
        """Open time from a to b on the calendars in force (§4.6: `carry` measures each span on its own)."""
        if wall:
            return [(a, b)] if a < b else []
        if self.on_change in ("recompute", "freeze"):
            return self.book.calendar(self.terms_at(judged_at).calendar, self.case, judged_at).open_in(a, b)
        grid = self.grid(a, b)
        return union(
            *[
                self.book.calendar(self.terms_at(x).calendar, self.case, x).open_in(x, y)
                for x, y in itertools.pairwise(grid)
            ]
        )

    def running(self, upto):
        """The stretches in which it was not between a stop and a reopening."""
        return intersection(self.runs, [(self.base, upto)])

    def counted(self, upto, judged_at, wall):
        open_time = self.open_time(self.base, upto, judged_at, wall)
        runs = union(
            difference(self.running(upto), self.hold.stretches(upto)),
            intersection(self.closed_counts, [(self.base, upto)]),
        )
        return intersection(open_time, runs)

    def paused_open_time(self, judged_at):
        """Open time since the base that was not counted because it was held."""
        open_time = self.open_time(self.base, self.horizon, judged_at, False)
        return length(difference(open_time, self.counted(self.horizon, judged_at, False)))

    def is_held_at_horizon(self):
        """Stop and cancel act before the pauses of their stamp (§4.1), as_of after them."""
        acts_first = self.how in ("stop", "cancel", "ceased") and self.end > self.start
        return self.hold.before(self.horizon) if acts_first else self.hold.at(self.horizon)

    def paused(self):
        """Open time during which it was held."""
        wall = self.is_wall(self.reported_limit())
        open_time = self.open_time(self.base, self.horizon, self.horizon, wall)
        return length(difference(open_time, self.counted(self.horizon, self.horizon, wall)))

    def is_wall(self, limit):
        """Of several limits that is so where all that count time count calendar hours."""
        members = limit.members if isinstance(limit, Several) else (limit,)
        lengths = [member for member in members if isinstance(member, Length)]
        return bool(lengths) and all(member.wall for member in lengths)

    # How much is used? -----------------------------------------------------------------------------------------
    def used(self, limit, us, judged_at=None):
        """What is used of a limit at an instant."""
        if isinstance(limit, Count):
            return self.count(
                limit, us, including=us == self.horizon and (self.end is None or self.how == "ends")
            )
        if isinstance(limit, Dates):
            return passed(self, limit, us)
        wall = self.is_wall(limit)
        if judged_at is None:  # what ceased to apply is measured by the terms before that
            judged_at = us - (self.how == "ceased" and us == self.horizon)
        return length(self.counted(us, judged_at, wall))

    def count(self, limit, us, including=False):
        """§3: other events in [start, stop), the start itself apart."""
        return len(
            [
                event
                for event in self.case.events
                if self.base <= event.time
                and (event.time < us or (including and event.time <= us))
                and event is not self.opener
                and takes(limit.of, event, self.case)
            ]
        )

    # When is it too much? --------------------------------------------------------------------------------------
    def first_exceeded(self, limit, a, b, judged_at):
        """The earliest instant in [a, b] at which the limit, in force there, is exceeded; None where there is none."""
        if isinstance(limit, (Nothing, Unknown)):
            return None
        if isinstance(limit, Several):
            found = [self.first_exceeded(member, a, b, judged_at) for member in limit.members]
            if limit.how == "earliest_of":
                return min((at for at in found if at is not None), default=None)
            return None if None in found else max(found)
        if isinstance(limit, Count):
            over = [
                s
                for s in self.case.stamps
                if (a <= s < b or s == b == judged_at)
                and (self.end is None or s < self.end or self.how == "ends")
                and self.count(limit, s, including=True) > limit.number - self.exclusive
            ]
            if self.count(limit, a) > limit.number - self.exclusive:
                return a
            return over[0] if over else None
        if isinstance(limit, Length):
            return self.first_beyond_length(limit, a, b, judged_at)
        due, inclusive = self.due_at_instant(limit, judged_at)
        if due is None:
            return None
        first = due + 1 if inclusive and not self.exclusive else due
        at = max(a, first)
        return at if at <= b else None

    def first_beyond_length(self, limit, a, b, judged_at):
        enough = limit.us if self.exclusive else limit.us + 1
        if self.used(limit, a, judged_at) >= enough:
            return a
        total = 0
        for x, y in self.counted(b, judged_at, limit.wall):
            if total + (y - x) >= enough:
                at = x + enough - total
                return at if a <= at <= b else None
            total += y - x
        return None

    def due_at_instant(self, limit, judged_at):
        """The due of dates and instants, and whether it is inclusive."""
        if isinstance(limit, Point):
            return limit.us, True
        return due_of_dates(self, limit, judged_at)

    # The due ---------------------------------------------------------------------------------------------------
    def due(self, limit, judged_at):
        """§4.7: the earliest instant at which the allowance is used up given what is known; None while paused."""
        if isinstance(limit, (Nothing, Unknown, Count)):
            return None
        if isinstance(limit, Several):
            found = [self.due(member, judged_at) for member in limit.members if not isinstance(member, Count)]
            if limit.how == "earliest_of":
                return min((at for at in found if at is not None), default=None)
            return None if None in found or not found else max(found)
        if not isinstance(limit, Length):
            due = self.due_at_instant(limit, judged_at)[0]
            moves = isinstance(limit, Dates) and self.standard.get("pauses") == "time"
            return None if moves and due > self.horizon and self.is_held_at_horizon() else due
        extended = [stamp for stamp, how, _ in self.extensions if stamp <= judged_at]
        since = (
            max([self.base, *extended]) if self.on_change == "recompute" else self.in_force_since(judged_at)
        )
        if limit.us <= 0:
            return since
        total = 0
        for x, y in self.counted(self.horizon, judged_at, limit.wall):
            if total + (y - x) >= limit.us:
                return max(since, x + limit.us - total)
            total += y - x
        if self.is_held_at_horizon():
            return None
        calendar = (
            ALWAYS
            if limit.wall
            else self.book.calendar(self.terms_at(judged_at).calendar, self.case, judged_at)
        )
        return add(calendar, self.horizon, limit.us - total)

    def in_force_since(self, us):
        """Since when the limit in force at an instant has been the same: a smaller one is due at the change (§4.6)."""
        since = self.base
        for stamp in self.grid(self.base, us):
            if (
                stamp <= us
                and stamp > self.base
                and (self.limit_at(stamp), self.terms_at(stamp).calendar)
                != (self.limit_at(stamp - 1), self.terms_at(stamp - 1).calendar)
            ):
                since = stamp
        return since

    # The verdict -----------------------------------------------------------------------------------------------
    def breach(self, known=True):
        """The first instant at which the limit in force is exceeded, with that limit and the instant since which its terms held."""
        grid = self.grid(self.base, self.horizon)
        if self.how in ("restart", "ceased") and len(grid) > 1:  # the new terms begin with the restart
            grid.pop()
        bounds = [*self.grid(self.base, self.horizon)[1:], self.horizon]
        for a, b in zip(grid, bounds, strict=False):
            if known and self.applies_at(a) is not True and not (a == self.horizon and self.applies_later):
                continue
            limit = self.limit_at(a)
            # What comes to apply measures from the start (§4.6); `recompute` is as if from the start.
            extended = [stamp for stamp, how, _ in self.extensions if stamp <= a]
            since = (
                max([self.base, *extended])
                if self.on_change == "recompute"
                else a
                if self.has_ceased_before(a)
                else min(a, self.in_force_since(a))
            )
            at = self.first_exceeded(limit, since, b, a)
            if at is not None:  # silence up to b itself is judged by the terms before b (silent.md 3)
                return at, limit, a
        return None

    def reported_limit(self):
        """§4.9: the limit that was broken stays the one that is reported."""
        broken = self.breach()
        return broken[1] if broken else self.limit_at(self.horizon)

    def extended(self):
        """§4.10: the extensions that come while it runs and its limit is not exceeded, as (instant, how, limit)."""
        extend = self.standard.get("extend")
        if not extend:
            return []
        probe, found = copy(self), list(self.inherited)
        probe.extensions = found
        for event in self.case.events:
            if (
                len(found) >= extend.get("times", 1)
                or event.time < self.base
                or (event.time == self.base and self.base not in self.restarts)
                or (self.end is not None and event.time >= self.end)
            ):
                continue
            if self.standard.get("recurs") == "every" and not self.fits(event):
                continue  # silent.md 5
            if takes(extend["event"], event, self.case) and not probe.breached_by(event.time):
                facts = Facts(self.case.fields(event.time), event)
                facts.promised, facts.calendar = (
                    facts,
                    self.book.calendar(self.terms_at(event.time).calendar, self.case, event.time),
                )
                how = "within" if "within" in extend else "by"
                found.append((event.time, how, resolve(extend[how], facts)))
        return found

    def fits(self, event):
        match = self.standard.get("match")
        names = [match] if isinstance(match, str) else match or []
        carried = [name for name in names if event.fields.get(name) not in NULLS]
        return not carried or all(
            self.opener.fields.get(name) not in NULLS
            and text(self.opener.fields[name]) == text(event.fields[name])
            for name in carried
        )

    def breached_by(self, us):
        part = copy(self)
        part.end = part.horizon = us
        return part.breach(known=False) is not None  # §4.10: known to apply or not

    def legs(self, resets):
        """The clock from each reset to the next (§4.1): the first ones end with the reset, the last one is what is left."""
        bounds = [self.start, *resets]
        legs = []
        for base, following in zip(bounds, [*resets, None], strict=False):
            leg = copy(self)
            leg.base = base
            leg.inherited = legs[-1].extensions if base in self.restarts else []  # silent.md 21
            if following is not None:
                leg.end = leg.horizon = following
                leg.how = "restart" if following in self.restarts else "reset"
                leg.applies_later = self.standard.get("recurs") != "latest" and True in [
                    self.applies_at(at) for at in self.grid(following, self.horizon)
                ]
            leg.extensions = leg.extended()
            legs.append(leg)
        return legs
