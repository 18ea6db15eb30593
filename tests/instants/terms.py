"""The terms in force for a case at an instant: whether the standard applies, its limit and its calendar (§4.6)."""

from dataclasses import dataclass
from datetime import datetime

from .conditions import Facts, holds
from .facts import NULLS, Instant
from .instants import local_instant, read_date
from .limits import names_in, resolve


@dataclass(frozen=True)
class Terms:
    applies: object  # True, False or None (unknown)
    limit: object
    calendar: str


class TermsOf:
    """The terms of one standard for one case, asked of the fields as last known at an instant."""

    def __init__(self, standard, case, book):
        self.standard, self.case, self.book = standard, case, book
        self.known = {}
        self.names = names_in(standard.get("within") or standard.get("every"))

    def at(self, us, start, event=None, own=False):
        """The terms at an instant for an obligation that started at `start`, by `event`; with `own` its fields go first."""
        key = (us, start, event, own)
        if key not in self.known:
            self.known[key] = self.anew(us, start, event, own)
        return self.known[key]

    def anew(self, us, start, event, own):
        known = self.case.fields(us)
        if own:  # silent.md 7, 9
            known |= {name: value for name, value in event.fields.items() if value not in NULLS}
        facts = Facts(known)
        facts.promised = self.promised(us, start, event)
        applies = holds(self.standard.get("applies_to") or {}, facts)
        limit, calendar = None, None
        for row in self.standard.get("overrides", ()):  # each term is taken from the first row that sets it
            if (
                not self.in_effect(row.get("effective"), start)
                or holds(row.get("when") or {}, facts) is not True
            ):
                continue
            limit = limit or row.get("within")
            calendar = calendar or row.get("calendar")
        limit = limit or self.standard.get("within") or self.standard.get("every")
        calendar = calendar or self.standard.get("calendar") or self.book.spec.get("calendar") or "always"
        facts.calendar = self.book.calendar(calendar, self.case, us)
        return Terms(applies, resolve(limit, facts), calendar)

    def promised(self, us, start, event):
        """§4.6: a promised instant is frozen by default; one that is missing at the start is the first that comes."""
        if "on_change" in self.standard and self.standard["on_change"] != "freeze":
            return Facts(self.case.fields(us), event if us == start else None)
        known = {}
        for stamp in [start, *(stamp for stamp in self.case.stamps if start < stamp <= us)]:
            facts = Facts(self.case.fields(stamp), event if stamp == start else None)
            for name in self.names:
                if name not in known and isinstance(facts.get(name), Instant):
                    known[name] = facts.get(name)
        return Facts(known)

    def in_effect(self, effective, start):
        """`effective` is read at the start; the dates are local."""
        if not effective:
            return True
        zone = self.book.zone_of(self.standard)
        at = lambda day: local_instant(zone, datetime.combine(read_date(day), datetime.min.time()))
        return not ("from" in effective and start < at(effective["from"])) and not (
            "until" in effective and start >= at(effective["until"])
        )
