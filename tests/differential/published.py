"""Put a published book and its worked events in the form that the oracle reads, by means of its own.

What the oracle does not know is named here, so that a book is compared in full or not at all. Holidays are taken from
the `holidays` library, date by date, and not from a calendar of servstd.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, cast
from zoneinfo import ZoneInfo

import holidays
import oracle

from servstd.files import parse_document

TESTS = Path(__file__).parents[1]
BOOKS = TESTS.parent / "examples" / "published"
WORKED = TESTS / "conformance" / "published"
YEARS = range(2023, 2030)
EPOCH = datetime.fromisoformat("1970-01-01T00:00+00:00")

# Decides no verdict.
FRAME = ("title", "description", "source", "objective", "objectives", "readings", "reading", "effective")
# Verdicts as events, stretches between events, scheduled starts, recurrences, several levels, sums, spans, scopes.
UNREAD = {"standard", "during", "at", "next", "levels", "item", "sum", "span", "while"}
SELECTORS = ("start", "stop", "cancel", "event", "needs", "then", "missing_by", "until", "after")
# Instants in a condition, shares, arithmetic, dates that a field carries.
UNREAD_TEXT = re.compile(r".*\b(before|after) \$.*|[\d.]+%|.*[(/*].*|\$\w+_on")
DATES = re.compile(r"\d+ (business |working )?(day|week|month|year)s?")
COUNT = re.compile(r"\d+ \w+\.\w+")


def told_book(name: str) -> dict[str, Any]:
    """Return a book as plain data."""
    return cast("dict[str, Any]", parse_document((BOOKS / f"{name}.yaml").read_bytes(), name=name).data)


def told_events(name: str) -> list[dict[str, Any]]:
    """Return the worked events of a book."""
    lines = (WORKED / name / "events.ndjson").read_text(encoding="utf-8").splitlines()
    return [json.loads(line) for line in lines]


def told_case(name: str) -> dict[str, Any]:
    """Return what the worked case expects."""
    return cast("dict[str, Any]", json.loads((WORKED / name / "expected.json").read_text(encoding="utf-8")))


def is_read(name: str) -> bool:
    """Tell whether the oracle knows every word of a book and of its events."""
    book, calendars = told_book(name), told_book(name).get("calendars") or {}
    if any(isinstance(value, float) for row in told_events(name) for value in row.values()):
        return False
    return all(map(is_plain, calendars.values())) and all(
        is_known(as_chosen(one)) for one in book["standards"]
    )


def is_plain(calendar: object) -> bool:
    """Tell whether a calendar is weekly hours in a zone of its own, with whole holidays."""
    if not isinstance(calendar, dict) or not set(calendar) <= {
        "timezone",
        "hours",
        "holidays",
        "exceptions",
    }:
        return False
    whole = (isinstance(one, str) or set(one) <= {"country", "subdivision"} for one in closures(calendar))
    return all(whole) and "$" not in calendar["timezone"]


def is_known(told: dict[str, Any]) -> bool:
    """Tell whether the oracle knows every word of a standard."""
    bounds = {str(told.get(name)) for name in ("within", "at_least", "at_most")}
    selected = [told[name] for name in SELECTORS if name in told]
    if told["kind"] != "respond" and any(DATES.fullmatch(bound) for bound in bounds):
        return False
    if told["kind"] == "quantity" and any(bound.startswith("$") for bound in bounds):
        return False
    if "all" in {word for one in selected for word in words_of(one) if not isinstance(one, str)}:
        return False
    beside = {name: value for name, value in told.items() if name != "within"}
    if any(UNREAD_TEXT.fullmatch(text) for text in texts_of(beside)) or UNREAD & set(words_of(told)):
        return False
    of_several = told.get("within") if isinstance(told.get("within"), dict) else {}
    return not any(
        COUNT.fullmatch(text) or UNREAD_TEXT.fullmatch(text) for text in texts_of(of_several)
    ) and not UNREAD_TEXT.fullmatch(str(told.get("within")).partition(" after ")[0])


def words_of(written: object) -> Iterator[str]:
    """Return every key."""
    if isinstance(written, Mapping):
        yield from written
        written = list(written.values())
    if isinstance(written, list):
        for one in written:
            yield from words_of(one)


def texts_of(written: object) -> Iterator[str]:
    """Return every text that is no key."""
    if isinstance(written, str):
        yield written
    for one in (
        written.values() if isinstance(written, Mapping) else written if isinstance(written, list) else ()
    ):
        yield from texts_of(one)


def as_chosen(standard: dict[str, Any]) -> dict[str, Any]:
    """Return a standard under the reading that holds, its short forms spelled out, without what decides nothing."""
    chosen = (standard.get("readings") or {}).get(standard.get("reading"), {})
    told = {name: value for name, value in (standard | chosen).items() if name not in FRAME}
    if "between" in told:
        first, last = told.pop("between")
        told["expect"] = {"time": {"ge": first, "le": last}}
    return cast("dict[str, Any]", undollared(told))


def undollared(written: object) -> object:
    """Return conditions with `$event.x: …` as the oracle writes it: `event.x: …`."""
    if isinstance(written, Mapping):
        return {str(name).removeprefix("$"): undollared(value) for name, value in written.items()}
    return [undollared(one) for one in written] if isinstance(written, list) else written


def judged(name: str) -> list[dict[str, Any]]:
    """Return the oracle's verdicts of the worked case."""
    book, told = told_book(name), told_case(name)
    calendars = {one: dated(calendar) for one, calendar in (book.get("calendars") or {}).items()}
    book |= {"calendars": calendars, "standards": [as_chosen(one) for one in book["standards"]]}
    zone, times = ZoneInfo(book["events"]["timezone"]), book["events"].get("times", ())
    events = [event_of(row, zone, times) for row in told_events(name)]
    return cast(
        "list[dict[str, Any]]",
        oracle.evaluate(book, events, instant(told["as_of"], ZoneInfo(told["timezone"]))),
    )


def closures(calendar: dict[str, Any]) -> list[Any]:
    found = calendar.get("holidays") or []
    return found if isinstance(found, list) else [found]


def dated(calendar: dict[str, Any]) -> dict[str, Any]:
    """Return a calendar whose holidays are dates."""
    days: list[str] = []
    for one in closures(calendar):
        days += [one] if isinstance(one, str) else public_holidays(one["country"], one.get("subdivision"))
    return calendar | {"holidays": days}


def public_holidays(country: str, subdivision: str | None) -> list[str]:
    return sorted(str(day) for day in holidays.country_holidays(country, subdiv=subdivision, years=YEARS))


def event_of(row: dict[str, Any], zone: ZoneInfo, times: list[str]) -> dict[str, Any]:
    """Return an event as the oracle reads it: its instants in UTC."""
    fields = {name: value for name, value in row.items() if name not in ("time", "event", "id", "sequence")}
    for name in times:
        if fields.get(name) is not None:
            fields[name] = (EPOCH + timedelta(microseconds=instant(fields[name], zone))).isoformat()
    known = {name: row[name] for name in ("id", "sequence") if name in row}
    return {"t": instant(row["time"], zone), "kind": row["event"], "fields": fields} | known


def instant(text: str, zone: ZoneInfo) -> int:
    """Return microseconds of a text that is local unless it says otherwise; of a time that comes twice the first."""
    moment = datetime.fromisoformat(text)
    moment = moment if moment.tzinfo else moment.replace(tzinfo=zone)
    return (moment - EPOCH) // timedelta(microseconds=1)
