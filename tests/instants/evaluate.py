"""The whole: a book and a log in, verdicts and attainments out."""

from . import check, gauge, order, quantity, respond, unreadable
from .attainments import attain
from .calendars import read_calendar
from .clock import ALWAYS
from .conditions import takes
from .facts import cases_of, read_log
from .instants import zone_named

KINDS = {
    "respond": respond.judge,
    "check": check.judge,
    "order": order.judge,
    "gauge": gauge.judge,
    "quantity": quantity.judge,
}


class Book:
    """The words of a book, and what they name."""

    def __init__(self, spec):
        self.spec = spec
        self.zone = zone_named(spec["timezone"]) if "timezone" in spec else None
        self.known = {}

    def calendar(self, name, case=None, at=None):
        if name == "always":
            return ALWAYS
        if name not in self.known:
            self.known[name] = read_calendar(self.spec["calendars"][name], self.calendar, self.zone)
        return self.known[name]

    def zone_of(self, standard):
        """§1: every local date needs a zone: the calendar's, else the book's."""
        name = standard.get("calendar") or self.spec.get("calendar") or "always"
        zone = self.calendar(name).zone
        return zone if zone is not None else self.zone

    def case_names(self, standard):
        names = standard.get("case") or self.spec.get("case")
        return [names] if isinstance(names, str) else names


def attainments(spec, rows, options=None, as_of=None):
    """The attainments of the first objective of the first standard."""
    verdicts = evaluate(spec, rows, options, as_of)
    events, _ = read_log(rows, options or {})
    as_of = max(event.time for event in events) if as_of is None else as_of
    standard = spec["standards"][0]
    return attain(
        standard, standard["objectives"][0], verdicts, Book(spec), as_of, min(event.time for event in events)
    )


def evaluate(spec, rows, options=None, as_of=None):
    """The verdicts on a log, as rows of integers."""
    book = Book(spec)
    events, unread = read_log(rows, options or {})
    if as_of is None:
        as_of = max(event.time for event in events)
    events = [event for event in events if event.time <= as_of]  # §1: nothing after as_of is read
    log_begin = min((event.time for event in events), default=None)
    verdicts = []
    for standard in spec["standards"]:
        for case in cases_of(events, unread, book.case_names(standard)):
            extra = {"log_begin": log_begin} if standard["kind"] == "quantity" else {}
            judge = lambda case: KINDS[standard["kind"]](standard, case, book, as_of, **extra)
            found = judge(case)
            if case.unread:
                found = unreadable.doubt(
                    standard,
                    case,
                    judge,
                    found,
                    as_of,
                    book.calendar(standard["calendar"]) if "calendar" in standard else None,
                )
            ends = [event.time for event in case.events if takes(standard.get("ends"), event, case)]
            for number, verdict in enumerate(found, start=1):
                verdict.occurrence, verdict.standard, verdict.case = (
                    number,
                    standard["id"],
                    " / ".join(case.key),
                )
                verdict.fields = case.fields(min([as_of, *ends]))  # §4.11: after its end a case adds nothing
            verdicts += found
    return verdicts
