"""What every kind has: a case, a calendar, overrides, applicability, exclusions, and the row that comes out."""

from __future__ import annotations

import re
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from oracle.calendars import ALWAYS, Hours
from oracle.clock import Finding, Obligation, Terms, is_over, judge
from oracle.conditions import Facts, holds
from oracle.limits import DATE_SETTINGS, Limit, fits, in_force, is_effective, read_limit, unit_of
from oracle.log import Stamp

DATE_ENDS = ("end_of_day", "close_of_business", "same_time")


@dataclass
class Standard:
    """One standard of a book, with what it takes from the book."""

    spec: dict
    calendars: dict[str, Hours]
    default_calendar: str | None
    zone: ZoneInfo | None
    known_from: int | None = None  # from when on the log is complete
    known_until: int | None = None  # until when, where that lies before the judgement

    def __getitem__(self, name: str) -> object:
        return self.spec.get(name)

    @property
    def overrides(self) -> list[dict]:
        return self.spec.get("overrides") or []

    @property
    def settings(self) -> tuple:
        """The settings of date limits; on the standard itself `ends` is one only if it names an end rule."""
        rule = tuple((self.spec.get("day_rule") or {}).items())
        return rule + tuple(
            (name, self.spec[name])
            for name in DATE_SETTINGS
            if name in self.spec and (name != "ends" or is_date_end(self.spec[name]))
        )

    def facts(self, own: dict, case: dict, at: int, kind: str) -> Facts:
        return Facts(own, case, at, kind, self.calendars)

    def applies(self, facts: Facts) -> bool | None:
        """Say whether it applies: not where a table of overrides has no row that is known to fit."""
        for table in self.overrides:
            if "rows" in table and not any(fits(table, cells, facts) for cells in table["rows"]):
                return False
        if not is_effective(self["effective"], facts):  # type: ignore[arg-type]
            return False
        return holds(self["applies_to"], facts)

    def limit(self, facts: Facts) -> Limit:
        written = in_force(self.spec.get("within"), self.overrides, "within", facts)
        return read_limit(written, facts, self.hours(facts), self.settings)

    def hours(self, facts: Facts) -> Hours:
        written = self.spec.get("calendar") or self.default_calendar
        name = in_force(written, self.overrides, "calendar", facts)
        return ALWAYS if name in (None, "always") else self.calendars[str(name)]

    @property
    def watched(self) -> set[str]:
        """Return the names of the fields that the terms may read, and some words that are no fields."""
        return names_in(
            [
                self.spec.get(name)
                for name in ("applies_to", "within", "overrides", "extend", "at_most", "at_least")
            ]
        )

    @property
    def unit(self) -> str:
        """Return what the verdicts of a clock are measured in: what its own limit is written in."""
        return unit_of(self.spec.get("within"))

    @property
    def on_change(self) -> str | None:
        """Return the mode for a change of limit, calendar or applicability in mid-flight."""
        return self.spec.get("on_change")

    @property
    def terms(self) -> Terms:
        return Terms(
            zone=self.zone,
            exclusive=self.spec.get("boundary") == "exclusive",
            limit_change=self.on_change,
            calendar_change=self.on_change or "carry",
        )


def names_in(written: object) -> set[str]:
    if isinstance(written, str):
        return {written, *re.findall(r"[$]([\w.]+)", written)}
    if isinstance(written, list):
        return set().union(*(names_in(each) for each in written))
    if isinstance(written, dict):
        return {str(name) for name in written} | names_in(list(written.values()))
    return set()


def is_date_end(value: object) -> bool:
    return isinstance(value, str) and (value in DATE_ENDS or value[:1].isdigit())


def ends_case(standard: Standard, stamps: list[Stamp], gives) -> tuple[list[Stamp], int | None]:
    """Return the stamps up to the one that ends the case, and its instant."""
    selector = standard["ends"]
    if selector is None or is_date_end(selector):
        return stamps, None
    for number, stamp in enumerate(stamps):
        if any(gives(selector, stamp.facts(event, standard.calendars)) for event in stamp.events):
            return stamps[: number + 1], stamp.t
    return stamps, None


def exclusion(standard: Standard, facts: Facts) -> str | None:
    """Return the reason of the first exclusion that holds; one that is unknown does not exclude."""
    for row in standard.spec.get("exclude") or []:
        if "when" in row and holds(row["when"], facts) is True:
            return str(row.get("reason"))
    return None


def row(standard: Standard, case: tuple[str, ...], order: tuple, **values: object) -> dict:
    """Return a verdict; what is not given is None."""
    names = ("started_at", "ended_at", "due_at", "breached_at", "elapsed", "limit", "margin", "reason")
    base = dict.fromkeys(names)
    base |= {"standard": standard.spec["id"], "case": case, "outcome": "open", "outcome_otherwise": None}
    base |= {"unit": "time", "paused": 0, "tie": False, "order": order}
    return base | values


def unit_in(standard: Standard, found: Finding) -> str:
    """Dates where the limit in force counts dates, time where it counts time, whatever the standard's own limit is."""
    if standard.unit not in ("time", "dates"):
        return standard.unit
    if found.limit.kind == "dates":
        return "dates"
    return standard.unit if found.elapsed is None else "time"


def clock_row(standard: Standard, case: tuple[str, ...], ob: Obligation, as_of: int, last: dict) -> dict:
    """Judge an obligation of a clock and write it down."""
    found: Finding = judge(ob, as_of, standard.terms)
    if found.breached_at is not None:
        outcome = "breached"
    elif ob.state == "cancelled" or ob.withdrawn_at is not None:
        outcome = "cancelled"
    elif found.limit.kind == "unknown":
        outcome = "unknown"
    else:
        outcome = "met" if ob.ended_at is not None else "open"
    is_sure = outcome == "cancelled" and (
        ob.withdrawn_at is not None or not is_over(ob, int(ob.ended_at or 0), standard.terms)
    )
    if ob.pieces[-1].applies is None and outcome != "breached" and not is_sure:
        outcome = "unknown"  # if it applies, it may have been broken before it was cancelled
    facts = standard.facts({}, {**ob.opener.fields, **last}, ob.started_at, ob.opener.kind)
    return finish(
        standard,
        facts,
        row(
            standard,
            case,
            ob.order,
            started_at=ob.started_at,
            ended_at=ob.ended_at if ob.withdrawn_at is None else ob.withdrawn_at,
            due_at=found.due_at,
            breached_at=None if outcome == "unknown" else found.breached_at,
            elapsed=found.elapsed,
            limit=found.amount,
            margin=found.margin,
            unit=unit_in(standard, found),
            paused=found.paused,
            outcome=outcome,
            reason=ob.reason if outcome == "cancelled" else None,
        ),
    )


def finish(standard: Standard, facts: Facts, verdict: dict) -> dict:
    """Apply the exclusions, which win over every other outcome."""
    reason = exclusion(standard, facts)
    if reason is None:
        return verdict
    return verdict | {"outcome": "excluded", "outcome_otherwise": verdict["outcome"], "reason": reason}
