"""One obligation: what was in force from when to when, and what follows from it."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from zoneinfo import ZoneInfo

from oracle.calendars import ALWAYS, Hours, NeverOpens
from oracle.limits import NONE, UNKNOWN, DateDue, Held, Limit, counted_dates, date_due
from oracle.log import Event


@dataclass(frozen=True)
class Piece:
    """From `at` on: does the clock run, is the latch set, which limit and calendar are in force."""

    at: int
    running: bool
    held: bool
    limit: Limit
    hours: Hours
    resets: bool = False
    gap: bool = False  # between a stop and a reopening
    applies: bool | None = True  # does the standard apply; None where that is not known
    restarts: bool = False  # begun by a later start under `latest`: what is frozen is read anew
    ceases: bool = False  # opened again just as the standard ceases to apply: it breaks nothing
    extends: bool = False  # begun by an extension: its limit holds even where limits are frozen
    unextends: bool = (
        False  # begun by a reset, which ends an extension: what was frozen before it holds again
    )


@dataclass
class Obligation:
    started_at: int
    opener: Event
    order: tuple  # of the opening event: (time, stamp, place in it)
    lane: object = None
    state: str = "live"  # live, ended, cancelled
    ended_at: int | None = None
    reason: str | None = None
    pieces: list[Piece] = field(default_factory=list)
    after: list[Piece] = field(default_factory=list)  # what happens after the end, needed if it is reopened
    opened_by: Event | None = None  # the event that opened it last: the opener, or what reopened it
    extensions: int = 0
    ticks: list[tuple[int, int]] = field(default_factory=list)  # (instant, number of the piece)
    ticks_after: list[tuple[int, int]] = field(default_factory=list)  # the same, of what comes after the end
    lacks_amount: bool = False  # what was to be added up carried no number

    def add(self, piece: Piece) -> None:
        (self.pieces if self.state == "live" else self.after).append(piece)

    @property
    def appears(self) -> bool:
        """Say whether the standard ever applied to it: otherwise there is no verdict."""
        return any(piece.applies is not False for piece in self.pieces)

    @property
    def judged_pieces(self) -> list[Piece]:
        """Return the pieces up to the one with which the standard ceased to apply for good."""
        pieces = list(self.pieces)
        while self.appears and pieces[-1].applies is False:
            pieces.pop()
        return pieces

    @property
    def withdrawn_at(self) -> int | None:
        """Return since when the standard has not applied; None where it applies, or may."""
        at = None
        for piece in self.pieces:
            at = None if piece.applies is not False else piece.at if at is None else at
        return at


@dataclass(frozen=True)
class Terms:
    """How a standard judges its obligations."""

    zone: ZoneInfo | None
    exclusive: bool = False
    limit_change: str | None = None  # unsaid: carry, but freeze for an instant
    calendar_change: str = "carry"


@dataclass
class Finding:
    limit: Limit
    breached_at: int | None = None
    due_at: int | None = None
    elapsed: int | None = None
    margin: int | None = None
    amount: int | None = None
    paused: int = 0
    has_warned: list[int] = field(default_factory=list)


def judge(ob: Obligation, as_of: int, terms: Terms) -> Finding:
    """Judge an obligation at its end or at `as_of`."""
    end = as_of if ob.ended_at is None else ob.ended_at
    if ob.withdrawn_at is not None:
        end = ob.withdrawn_at
    pieces = settle(ob.judged_pieces, terms)
    last = pieces[-1].limit
    if last.kind in ("earliest_of", "latest_of"):
        return judge_members(ob, pieces, end, terms)
    return judge_one(ob, pieces, end, terms)


def settle(pieces: list[Piece], terms: Terms) -> list[Piece]:
    """Apply `freeze` and `restart`: afterwards only `carry` and `recompute` are left to tell apart."""
    # A promise that is absent at the start is the first value that comes.
    fixed = next((piece for piece in pieces if piece.limit.kind != "unknown"), pieces[0])
    limit_frozen = terms.limit_change == "freeze"
    if terms.limit_change is None and fixed.limit.kind == "instant":
        limit_frozen = True
    settled = []
    unextended = fixed
    for number, piece in enumerate(pieces):
        if piece.extends:
            fixed = piece
        if piece.unextends:
            fixed = unextended
        if piece.restarts:
            fixed = next((later for later in pieces[number:] if later.limit.kind != "unknown"), piece)
            unextended = fixed
        resets = piece.resets
        if number:
            before = pieces[number - 1]
            changed_limit = not (piece.extends or piece.unextends) and (
                piece.limit != before.limit and terms.limit_change == "restart" and not limit_frozen
            )
            other = piece.hours is not before.hours or piece.applies is not before.applies
            resets = resets or changed_limit or (other and terms.limit_change == "restart")
        settled.append(
            replace(
                piece,
                resets=resets,
                limit=fixed.limit if limit_frozen and fixed.at <= piece.at else piece.limit,
                hours=pieces[0].hours if terms.calendar_change == "freeze" else piece.hours,
            )
        )
    return settled


def judge_members(ob: Obligation, pieces: list[Piece], end: int, terms: Terms) -> Finding:
    """Judge several limits: the first (the last) of those known in a piece to be exceeded is the breach."""
    later = pieces[-1].limit.kind == "latest_of"
    number = len(pieces[-1].limit.members)
    each = [
        settle([replace(piece, limit=piece.limit.members[m]) for piece in pieces], terms)
        for m in range(number)
    ]
    whole = [
        replace(piece, limit=replace(piece.limit, members=tuple(member[n].limit for member in each)))
        for n, piece in enumerate(pieces)
    ]

    def known(n: int) -> list[list[Piece]]:
        return [
            member for member in each if member[n].limit.kind != "unknown"
        ]  # left out: its field is absent

    def pick(instants: list[int | None]) -> int | None:
        if later:
            return None if None in instants else max((at for at in instants if at is not None), default=None)
        return min((at for at in instants if at is not None), default=None)

    breached_at, judged = None, len(pieces) - 1
    for n, piece in enumerate(whole):
        if piece.gap or piece.ceases or not known(n) or not comes_to_apply(whole, n, terms):
            continue
        until = end if n == len(whole) - 1 else whole[n + 1].at
        at = outside_gaps(pick([exceeded_at(ob, member, n, terms) for member in known(n)]), whole)
        if at is not None and at <= until:
            breached_at, judged = at, n
            break
    clock = replace(NONE, clock=clock_of(whole[judged].limit))
    paused = paused_time(pieces, end, terms, clock)
    due = pick([due_of(ob, member, judged, terms) for member in known(judged)])
    # Members of different kinds have no common allowance: what they have in common is the due instant.
    used = Meter(ob, [replace(piece, limit=clock) for piece in pieces], len(pieces) - 1, terms).used(end)
    if not known(judged):
        return Finding(limit=UNKNOWN, elapsed=used, paused=paused)
    margin = None if due is None else due - end
    if margin is not None and breached_at is not None:
        reset = next((piece for piece in pieces[judged + 1 :] if piece.resets), None)
        at = end if reset is None else reset.at  # a breach that stands through a reset keeps its margin
        upto = len(pieces) - 1 if reset is None else pieces.index(reset) - 1
        is_equal = any(is_exactly_at(ob, member, (judged, upto), at, terms) for member in known(judged))
        margin = due - at or (0 if is_equal else -1)  # 0 only where equality breaches
    elif margin is not None and not is_late(ob, known(judged), judged, end, terms, later=later):
        margin = max(margin, 0)  # used up, and the calendar was closed from then on
    return Finding(pieces[-1].limit, breached_at, due, used, margin, paused=paused)


def is_exactly_at(ob: Obligation, pieces: list[Piece], span: tuple[int, int], at: int, terms: Terms) -> bool:
    """Say whether an instant is the very last of a limit, or what is used the whole of it."""
    number, upto = span
    limit = pieces[number].limit
    if limit.kind == "instant":
        return at == limit.amount
    if limit.kind == "dates":
        return at == dates_of(ob, pieces, number, terms).due
    measured = [replace(piece, limit=limit) for piece in pieces]
    return limit.kind in ("duration", "count") and Meter(ob, measured, upto, terms).used(at) == limit.amount


def is_over(ob: Obligation, at: int, terms: Terms) -> bool:
    """Say whether the limit in force at an instant is exceeded, known to apply or not, or one was broken before."""
    found = judge(ob, at, terms)
    if found.breached_at is not None and found.breached_at <= at:
        return True
    pieces = settle(ob.pieces, terms)
    last, limit = len(pieces) - 1, pieces[-1].limit
    if limit.kind in ("unknown", "none", "away"):
        return False
    number = len(limit.members)
    if not number:
        passed = exceeded_at(ob, pieces, last, terms)
        return passed is not None and passed <= at
    each = [
        settle([replace(one, limit=one.limit.members[m]) for one in ob.pieces], terms) for m in range(number)
    ]
    known = [one for one in each if one[-1].limit.kind != "unknown"]
    return bool(known) and is_late(ob, known, last, at, terms, later=limit.kind == "latest_of")


def is_late(
    ob: Obligation, members: list[list[Piece]], number: int, end: int, terms: Terms, *, later: bool
) -> bool:
    """Say whether the first (the last) of several limits was exceeded by an instant, known to apply or not."""
    passed = [at is not None and at <= end for at in (exceeded_at(ob, one, number, terms) for one in members)]
    return all(passed) if later else any(passed)


def due_of(ob: Obligation, pieces: list[Piece], number: int, terms: Terms) -> int | None:
    """Return when the allowance in force in a piece is used up, as far as is known."""
    limit = pieces[number].limit
    if limit.kind == "instant":
        return limit.amount
    if limit.kind == "dates":
        return dates_of(ob, pieces, number, terms).due
    if limit.kind == "count":  # never by silence, but once there is one too many it is known which
        passed = exceeded_at(ob, pieces, number, terms)
        return None if passed is None else passed - (not terms.exclusive)
    if limit.kind != "duration":
        return None
    # While the latch is set the future is unknown, but an allowance used up before is known.
    due = Meter(ob, pieces, number, terms).first_with(limit.amount)
    if due is None or terms.limit_change == "recompute":
        return due
    return max(due, known_since(pieces, number))


def hours_for(limit: Limit, hours: Hours) -> Hours:
    return ALWAYS if clock_of(limit) == "calendar" else hours


def clock_of(limit: Limit) -> str:
    """Return whose clock a limit is counted on: the wall's only if nothing in it is counted on another."""
    if limit.kind not in ("earliest_of", "latest_of"):
        return limit.clock
    clocks = {one.clock for one in limit.members if one.kind in ("duration", "dates")}
    return "calendar" if clocks == {"calendar"} else "standard"


class Meter:
    """How much an obligation has used up: open time while running, or events counted."""

    def __init__(self, ob: Obligation, pieces: list[Piece], upto: int, terms: Terms) -> None:
        """Measure with what is in force in piece `upto`, from the last reset before or in it."""
        self.judged = pieces[upto]
        reset = max([number for number in range(upto + 1) if pieces[number].resets], default=0)
        self.since = pieces[reset].at
        self.spans = []
        for number in range(reset, len(pieces)):
            piece = pieces[number]
            if number > upto:
                break
            until = pieces[number + 1].at if number < upto else None
            hours = piece.hours if terms.calendar_change == "carry" else self.judged.hours
            self.spans.append((piece.at, until, piece.running, hours_for(self.judged.limit, hours)))
        self.is_count = self.judged.limit.kind == "count"
        self.ticks = [t for t, number in ob.ticks if reset <= number <= upto]

    def used(self, at: int) -> int:
        if self.is_count:
            return sum(t <= at for t in self.ticks)
        total = 0
        for start, until, running, hours in self.spans:
            stop = at if until is None else min(at, until)
            if running and stop > start:
                total += hours.elapsed(start, stop)
        return total

    def first_with(self, amount: int) -> int | None:
        """Return the earliest instant with so much used up, if all goes on as at the end of the last span."""
        if self.is_count:
            return (
                self.ticks[amount - 1]
                if 0 < amount <= len(self.ticks)
                else (self.since if amount <= 0 else None)
            )
        used = 0
        for start, until, running, hours in self.spans:
            if used >= amount:
                return start
            if not running:
                continue
            try:
                at = hours.add(start, amount - used)
            except NeverOpens:
                return None
            if until is None or at <= until:
                return at
            used += hours.elapsed(start, until)
        return self.spans[-1][0] if used >= amount else None


def judge_one(ob: Obligation, pieces: list[Piece], end: int, terms: Terms) -> Finding:
    """Walk the pieces; the first in which the allowance is exceeded is the breach, and it stands."""
    breached_at, judged = None, len(pieces) - 1
    for number, piece in enumerate(pieces):
        if (
            piece.limit.kind in ("unknown", "none")
            or piece.gap
            or piece.ceases
            or not comes_to_apply(pieces, number, terms)
        ):
            continue
        is_last = number == len(pieces) - 1
        until = end if is_last else pieces[number + 1].at
        at = outside_gaps(exceeded_at(ob, pieces, number, terms), pieces)
        # What time alone has done by an instant comes before what the events of that instant do.
        if at is not None and (piece.limit.kind == "count" or at <= until):
            breached_at, judged = at, number
            break
    piece = pieces[judged]
    paused = paused_time(pieces, end, terms, piece.limit)
    finding = Finding(limit=piece.limit, breached_at=breached_at, paused=paused)
    latest = Meter(ob, [replace(each, limit=piece.limit) for each in pieces], len(pieces) - 1, terms)
    finding.elapsed = latest.used(end)
    limit = piece.limit
    if limit.kind in ("duration", "count"):
        finding.amount = limit.amount
        finding.margin = limit.amount - finding.elapsed
        finding.due_at = due_of(ob, pieces, judged, terms) if limit.kind == "duration" else None
        if breached_at is not None:
            finding.margin = margin_of_breach(ob, pieces, judged, end, terms)
    elif limit.kind == "instant":
        finding.due_at = limit.amount  # the limit is no amount
        finding.margin = limit.amount - kept_until(pieces, judged, breached_at, end)
    elif limit.kind == "dates":
        dates = dates_of(ob, pieces, judged, terms)
        finding.amount, finding.due_at = limit.amount, dates.due
        if finding.due_at is not None:
            finding.margin = finding.due_at - kept_until(pieces, judged, breached_at, end)
        finding.elapsed = counted_dates(
            limit,
            dates_of(ob, pieces, len(pieces) - 1, terms).first
            if pieces[-1].limit.kind == "dates"
            else dates.first,
            end,
            piece.hours,
            zone_of(piece, terms),
            held_since(pieces),
        )
    return finding


def kept_until(pieces: list[Piece], judged: int, breached_at: int | None, end: int) -> int:
    """Return until when a margin is counted: a breach that stands through a reset keeps the one that it had then."""
    resets = [piece.at for piece in pieces[judged + 1 :] if piece.resets]
    return end if breached_at is None or not resets else resets[0]


def margin_of_breach(ob: Obligation, pieces: list[Piece], judged: int, end: int, terms: Terms) -> int:
    """Return by how much an amount was passed: at the reset or the end; the most, where it was measured anew since."""
    limit = pieces[judged].limit
    measured = [replace(piece, limit=limit) for piece in pieces]

    def left(number: int, at: int) -> int:
        return limit.amount - Meter(ob, measured, number, terms).used(at)

    later = range(judged + 1, len(pieces))
    reset = next((number for number in later if pieces[number].resets), len(pieces))
    until = end if reset == len(pieces) else pieces[reset].at
    margin = left(reset - 1, until)
    before = [left(number - 1, pieces[number].at) for number in range(judged + 1, reset)]
    return min(before) if margin > 0 and before else margin


def comes_to_apply(pieces: list[Piece], number: int, terms: Terms) -> bool:
    """Say whether the standard applies in this piece, or comes to while the terms stay as they are."""
    if terms.limit_change == "restart":  # when it comes to apply, the clock begins anew
        return pieces[number].applies is True
    for piece in pieces[number:]:
        if piece.limit != pieces[number].limit:
            return False
        if piece.applies is True:
            return True
    return False


def known_since(pieces: list[Piece], number: int) -> int:
    """Return since when the limit of a piece has been in force without a change; from a gap, since its end."""
    while number and pieces[number - 1].limit == pieces[number].limit:
        number -= 1
    while pieces[number].gap:  # what falls due between a stop and a reopening takes effect at the latter
        number += 1
    return pieces[number].at


def outside_gaps(at: int | None, pieces: list[Piece]) -> int | None:
    """Return when something that time does takes effect: what falls between a stop and a reopening, at that."""
    closed_at = None
    for piece in pieces:
        if piece.gap:
            closed_at = piece.at if closed_at is None else closed_at
            continue
        if at is not None and closed_at is not None and closed_at < at <= piece.at:
            return piece.at
        closed_at = None
    return at


def exceeded_at(ob: Obligation, pieces: list[Piece], number: int, terms: Terms) -> int | None:
    """Return the earliest microsecond at which the allowance in force in this piece is exceeded."""
    piece = pieces[number]
    limit = piece.limit
    if limit.kind == "dates":
        dates = dates_of(ob, pieces, number, terms)
        if dates.due is None:
            return None
        late = dates.due if terms.exclusive or not dates.inclusive else dates.due + 1
        return max(late, *(each.at for each in pieces[: number + 1] if each.resets), ob.started_at)
    if limit.kind == "instant":
        # A promise that comes when it is already broken is broken as it comes.
        since = ob.started_at if terms.limit_change == "recompute" else known_since(pieces, number)
        since = max(since, *(piece.at for piece in pieces[: number + 1] if piece.resets), ob.started_at)
        return max(limit.amount if terms.exclusive else limit.amount + 1, since)
    meter = Meter(ob, pieces, number, terms)
    at = meter.first_with(limit.amount if terms.exclusive else limit.amount + 1)
    if at is None or terms.limit_change == "recompute":
        return at
    return max(
        at, known_since(pieces, number)
    )  # a smaller limit that is already exceeded breaches at the change


def dates_of(ob: Obligation, pieces: list[Piece], number: int, terms: Terms) -> DateDue:
    piece = pieces[number]
    start = max([each.at for each in pieces[: number + 1] if each.resets], default=ob.started_at)
    zone = zone_of(piece, terms)
    # As known then: a date that a roll puts before the dates counted may be over before a later pause begins.
    return date_due(piece.limit, start, piece.hours, zone, held_since(pieces[: number + 1]))


def zone_of(piece: Piece, terms: Terms) -> ZoneInfo:
    zone = piece.hours.zone or terms.zone
    assert zone is not None, "every local date needs a zone"
    return zone


def held_since(pieces: list[Piece]) -> Held:
    """Return the stretches since the last reset in which the clock stands."""
    start = max([piece.at for piece in pieces if piece.resets], default=pieces[0].at)
    return [(max(begun, start), until) for begun, until in held_in(pieces) if until is None or until > start]


def held_in(pieces: list[Piece]) -> Held:
    """Return the stretches in which the latch is set; closed time is a pause under `resume`."""
    found: Held = []
    for piece, after in zip(pieces, [*pieces[1:], None], strict=True):
        if piece.held or piece.gap:
            begun = found.pop()[0] if found and found[-1][1] == piece.at else piece.at
            found.append((begun, after.at if after else None))
    return found


def paused_time(pieces: list[Piece], end: int, terms: Terms, limit: Limit = NONE) -> int:
    """Return the time until the end, from the last reset on, in which the latch was set or the case closed.

    It is time that would have counted towards the limit: open time, or time on the wall clock.
    """
    total = 0
    reset = max([number for number, piece in enumerate(pieces) if piece.resets], default=0)
    pieces = pieces[reset:]
    for piece, until in zip(pieces, [*(each.at for each in pieces[1:]), end], strict=True):
        if (piece.held or piece.gap) and not piece.running:
            hours = pieces[-1].hours if terms.calendar_change == "recompute" else piece.hours
            total += hours_for(limit, hours).elapsed(piece.at, max(until, piece.at))
    return total
