"""Generated books of standards."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from hypothesis import strategies as st

KINDS = ("respond", "check", "gauge", "order", "quantity")
"""The kinds of standard that `books` can generate."""

_CALENDARS: dict[str, list[dict[str, Any]]] = {
    "office": [
        {"timezone": "Europe/London", "hours": {"mon-fri": "09:00-17:00"}},
        {
            "timezone": "Europe/Berlin",
            "hours": {"mon-thu": ["08:00-12:00", "13:00-17:00"], "fri": "08:00-14:00"},
            "holidays": [
                "2026-03-03",
                "2026-10-26",
                {"date": "2026-03-05", "hours": "10:00-15:30"},
                {"yearly": "03-06..03-07", "hours": "06:00-12:00"},
            ],
            "exceptions": {"2026-03-04": "10:00-11:00", "2026-03-08": "09:00-12:00", "2026-03-30": []},
        },
        {  # Saturday 28 February 2026 was worked, for a Monday
            "timezone": "Asia/Shanghai",
            "hours": {"mon": ["09:00-12:00", "13:00-19:00"], "tue-fri": "10:00-17:00"},
            "breaks": {"mon": "15:00-15:30"},
            "holidays": {"country": "CN"},
        },
    ],
    "night": [
        {"timezone": "America/New_York", "hours": {"mon-sun": "22:00-06:00"}},
        {
            "timezone": "Australia/Lord_Howe",
            "hours": {"mon-sat": "00:00-24:00"},
            "breaks": {"mon-fri": "12:00-12:30"},
        },
    ],
}
_APPLIES_TO: tuple[dict[str, Any], ...] = (
    {"priority": ["P1", "P2"]},
    {"not": {"by": "bot"}},
    {"cause": {"ne": "customer"}},  # a field that few events carry: often it is not known
)
_BY: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("vip", ("true", "false")),
    ("vip", ("false", "else")),
    ("grade", ("0", "1")),
    ("priority", ("P1", "P2")),
)
"""Tables, some without a row for all others: by what is true or false, by numbers of which one is nothing, by names."""
_CHOOSING: tuple[tuple[str, tuple[Any, Any]], ...] = (
    ("priority", ("P1", "P2")),
    ("vip", (False, True)),
    ("grade", (0, 1)),
)
_EFFECTIVE = ("2026-03-02T11:00:00Z", "2026-03-06T11:00:00Z", "2026-03-27T11:00:00Z", "2026-10-23T11:00:00Z")
_RECKONED = ("2 * $minutes minutes", "max($minutes, 30) - 15 minutes")
_DURATIONS = ("15 minutes", "30 minutes", "60 minutes", "1h30m", "PT2H", "4 hours", "8 hours")


_WALL = ("3 calendar hours", "30 calendar minutes")


def books(kinds: Sequence[str] = KINDS, *, most_standards: int = 2) -> st.SearchStrategy[dict[str, Any]]:
    """Generate books of standards as plain data.

    Args:
        kinds: Kinds of standard to draw from.
        most_standards: The most standards in one book; there is at least one.

    Returns:
        A strategy of books. Each has the calendars `office` and `night` and the case `case`.

    Example:
        >>> from hypothesis import find
        >>> sorted(find(books(["gauge"]), lambda book: True))
        ['calendars', 'case', 'servstd', 'standards', 'timezone']
    """
    return _books(tuple(kinds), most_standards)


@st.composite
def _books(draw: st.DrawFn, kinds: tuple[str, ...], most: int) -> dict[str, Any]:
    number = draw(st.integers(1, most))
    return {
        "servstd": 1,
        "case": "case",
        "timezone": "Europe/London",
        "calendars": {name: draw(st.sampled_from(some)) for name, some in _CALENDARS.items()},
        "standards": [
            {"id": f"s{place}", **draw(_STANDARDS[draw(st.sampled_from(kinds))]())} for place in range(number)
        ],
    }


def _maybe(draw: st.DrawFn, spec: dict[str, Any], name: str, *values: Any) -> None:
    """Set a key to one of the values, or leave it out half of the time."""
    choice = draw(st.integers(0, 2 * len(values) - 1)) - len(values)
    if choice >= 0:
        spec[name] = values[choice]


@st.composite
def _respond(draw: st.DrawFn) -> dict[str, Any]:
    family = draw(
        st.sampled_from(
            (
                "duration",
                "duration",
                "row",
                "row",
                "table",
                "field",
                "count",
                "instant",
                "dates",
                "dates",
                "dates",
                "of",
            )
        )
    )
    spec: dict[str, Any] = {"kind": "respond"}
    spec["start"] = draw(
        st.sampled_from(
            (
                "opened",
                "opened",
                ["opened", "update"],
                ["opened", "update"],
                "update",
                {"event": "opened", "where": {"by": "human"}},
            )
        )
    )
    spec["stop"] = draw(
        st.sampled_from(
            (
                "closed",
                "closed",
                ["closed", "update"],
                ["update", "closed"],
                {"event": "closed", "where": {"by": {"ne": "bot"}}},
                {"event": ["opened", "closed"], "where": {"status": ["working", "dropped"]}},
            )
        )
    )
    _set_limit(draw, spec, family)
    if family in {"duration", "row"} and draw(st.integers(0, 4)) == 0:
        _set_dates_of_force(draw, spec)
    _set_signals(draw, spec, can_pause=family not in {"instant", "of"})
    if family == "dates" and "pause" not in spec and draw(st.integers(0, 3)):
        spec.setdefault("pause_while", {"status": "waiting"})  # dates that pauses shift would be rare
    if family == "dates" and {"pause", "pause_while"} & set(spec):
        spec["pauses"] = draw(st.sampled_from(("ignore", "shift", "shift", "time")))
    _set_recurrence(draw, spec)
    _set_changes(draw, spec, family)
    _set_frame(draw, spec)
    if family in {"duration", "row", "field", "count", "dates"} and draw(st.integers(0, 6)) == 6:
        _make_periods(draw, spec)
    return spec


def _make_periods(draw: st.DrawFn, spec: dict[str, Any]) -> None:
    """Turn a clock into updates that are due again and again."""
    for name in ("stop", "recurs", "match", "stop_all", "reopen", "reopen_on", "on_change"):
        spec.pop(name, None)
    spec["every"] = spec.pop("within")
    spec["event"] = draw(st.sampled_from(("update", ["update", "note"])))
    _maybe(draw, spec, "until", "closed", ["closed", "update"])
    if draw(st.booleans()):
        del spec["start"]


def _set_dates_of_force(draw: st.DrawFn, spec: dict[str, Any]) -> None:
    """Let a row, or the whole standard, hold from some instant on, or until one."""
    when = {draw(st.sampled_from(("from", "until"))): draw(st.sampled_from(_EFFECTIVE))}
    if draw(st.integers(0, 2)):
        row: dict[str, Any] = {"effective": when, "within": draw(st.sampled_from(_DURATIONS))}
        _maybe(draw, row, "when", {"priority": "P1"}, {"by": "human"})
        spec["overrides"] = [row, *spec.get("overrides", ())]
    else:
        spec["effective"] = when


def _set_changes(draw: st.DrawFn, spec: dict[str, Any], family: str) -> None:
    if draw(st.integers(0, 2)) == 0:
        modes = ["carry", "recompute", "restart"]
        if spec.get("recurs", "once") == "once" and spec.get("reopen") != "new":
            modes.append("freeze")
        spec["on_change"] = draw(st.sampled_from(modes))
    if family in {"duration", "row", "dates", "instant"} and draw(st.integers(0, 3)) == 0:
        limit = ("3 days", "1 week") if family == "dates" else _DURATIONS
        more = ("1 day", "2 days") if family == "dates" else ("30 minutes", "60 minutes")
        extend: dict[str, Any] = {"event": draw(st.sampled_from(("note", "held", ["note", "moved"])))}
        if (
            isinstance(spec["within"], dict)
            or {"month", "$"} & set(_words(spec["within"]))
            or draw(st.booleans())
        ):
            extend["within"] = draw(st.sampled_from(limit))
        else:
            business = "business " if "business day" in spec["within"] else ""  # like is added to like
            wall = "calendar " if "calendar " in spec["within"] else ""
            extend["by"] = (
                draw(st.sampled_from(more)).replace(" day", f" {business}day").replace("min", f"{wall}min")
            )
        _maybe(draw, extend, "times", 2)
        spec["extend"] = extend
    if draw(st.integers(0, 4)) == 0:
        spec["ends"] = draw(st.sampled_from(("ended", "closed")))


def _words(limit: str) -> list[str]:
    """Return the words of a limit, a field as its dollar."""
    return ["$" if word.startswith("$") else word.rstrip("s") for word in limit.split()]


def _set_limit(draw: st.DrawFn, spec: dict[str, Any], family: str) -> None:
    calendar = draw(st.sampled_from(("always", "office", "office", "night")))
    if family == "dates":
        calendar = draw(st.sampled_from(("always", "office", "office", "office", "night")))
    if calendar != "always":
        spec["calendar"] = calendar
    durations = st.sampled_from(_DURATIONS if calendar == "always" else (*_DURATIONS, *_WALL))
    if family == "duration":
        spec["within"] = draw(durations)
        if calendar != "always" and draw(st.integers(0, 3)) == 0:
            spec["within"] = draw(st.sampled_from(("2 business hours", "3 calendar hours")))
    elif family == "row":
        if draw(st.booleans()):
            spec["within"] = {"by": "priority", "P1": draw(durations), "else": draw(durations)}
            _maybe(
                draw,
                spec,
                "within",
                *({"by": by, **{row: draw(durations) for row in rows}} for by, rows in _BY),
            )
        else:
            spec["within"] = draw(durations)
            row = {"when": {"priority": "P1"}, "within": draw(durations)}
            _maybe(draw, row, "calendar", "always", "night")
            spec["overrides"] = [row]
    elif family == "table":
        spec["within"] = draw(durations)
        by, (one, other) = draw(st.sampled_from(_CHOOSING))
        rows = [
            [one, draw(durations), "always"],
            [other, draw(durations), draw(st.sampled_from(("office", "night")))],
        ]
        if draw(st.booleans()):
            rows.append(["any", draw(durations), "always"])
        spec["overrides"] = [{"by": [by], "set": ["within", "calendar"], "rows": rows}]
    elif family == "field":
        spec["within"] = draw(st.sampled_from(("$minutes minutes", "$minutes minutes", *_RECKONED)))
    elif family == "count":
        spec["within"] = f"{draw(st.integers(1, 3))} call.ring"
    elif family == "instant":
        spec["within"] = draw(st.sampled_from(("$promised", "30 minutes before $promised")))
    elif family == "dates":
        spec |= draw(_dates(is_always=calendar == "always"))
    else:
        name = draw(st.sampled_from(("earliest_of", "latest_of")))
        others = draw(
            st.sampled_from(
                (
                    ["$promised"],
                    ["$promised"],
                    ["1 day"],
                    ["$minutes minutes", "$promised"],
                    [draw(durations)],
                )
            )
        )
        spec["within"] = {name: [draw(durations), *others]}


@st.composite
def _dates(draw: st.DrawFn, *, is_always: bool) -> dict[str, Any]:
    reckoned = "ceil($minutes / 30) business days"
    business = () if is_always else ("1 business day", "2 business days", "3 business days", reckoned)
    limit = draw(st.sampled_from((*business, "1 day", "3 days", "1 week", "1 month")))
    written: dict[str, Any] = {}
    _maybe(draw, written, "cutoff", "12:00", "16:30", "close_of_business", _BY_WEEKDAY)
    _maybe(draw, written, "early_start", "same", "open")
    _maybe(draw, written, "closed_start", "same", "next_open", "next_day", "previous_day")
    _maybe(draw, written, "day_one", "next", "same")
    _maybe(draw, written, "roll", "none", "forward", "backward")
    _maybe(draw, written, "ends", "end_of_day", "close_of_business", "same_time", "17:00")
    return {"within": limit, **({"day_rule": written} if written else {})}


_BY_WEEKDAY = {"mon-wed": "16:00", "fri": "close_of_business", "sun": "02:30"}
"""Cutoffs by weekday."""


def _set_signals(draw: st.DrawFn, spec: dict[str, Any], *, can_pause: bool) -> None:
    dropped = {"event": ["note", "opened"], "where": {"status": "dropped"}}
    _maybe(draw, spec, "cancel", "cancelled", "cancelled", "released", "closed", dropped)
    _maybe(draw, spec, "reset", "moved", "moved", "update")
    if can_pause:
        style = draw(st.sampled_from(("events", "level", "none", "both")))
        if style in {"events", "both"}:
            spec["pause"] = draw(st.sampled_from(("held", "held", ["held", "update"], "opened")))
            spec["resume"] = draw(st.sampled_from(("released", "released", ["released", "closed"])))
        if style in {"level", "both"}:
            spec["pause_while"] = draw(
                st.sampled_from(
                    ({"status": "waiting"}, {"status": ["waiting", "dropped"]}, {"not": {"by": "human"}})
                )
            )


def _set_recurrence(draw: st.DrawFn, spec: dict[str, Any]) -> None:
    _maybe(draw, spec, "recurs", "once", "each", "latest", "every", "every")
    recurs = spec.get("recurs", "once")
    if recurs == "every":
        _maybe(draw, spec, "match", "item")
        _maybe(draw, spec, "stop_all", "ended")
    if recurs in {"once", "each"}:
        _maybe(draw, spec, "reopen", "ignore", "ignore", "resume", "resume", "count", "count", "new")
        if spec.get("reopen", "ignore") != "ignore" and (recurs == "each" or draw(st.booleans())):
            spec["reopen_on"] = draw(st.sampled_from(("reopened", "note")))


def _set_frame(draw: st.DrawFn, spec: dict[str, Any]) -> None:
    if draw(st.integers(0, 3)) == 0:
        spec["boundary"] = "exclusive"
    if draw(st.integers(0, 1 if "reopen" in spec or "extend" in spec else 3)) == 0:
        spec["applies_to"] = draw(st.sampled_from(_APPLIES_TO))
    if draw(st.integers(0, 3)) == 0:
        spec["exclude"] = [{"when": {"cause": "customer"}, "reason": "theirs"}]


@st.composite
def _check(draw: st.DrawFn) -> dict[str, Any]:
    spec: dict[str, Any] = {"kind": "check", "event": draw(st.sampled_from(("checked", ["checked", "note"])))}
    if draw(st.booleans()):
        spec["for_each"] = "passengers"
        spec["expect"] = {"belt": "fastened"}
        _maybe(draw, spec, "require", "all", "any", {"at_least": 2}, "60%", "90%")
    else:
        spec["expect"] = draw(
            st.sampled_from(
                (
                    {"by": "human"},
                    {"minutes": {"le": 30}, "status": {"ne": "dropped"}},
                    {"any": [{"priority": "P1"}, {"not": {"by": "bot"}}]},
                    {"time": {"le": "$promised"}},
                    {"time": {"open_in": "office"}},
                    {"status": {"exists": True}},
                )
            )
        )
    _maybe(draw, spec, "missing_by", "ended", "closed")
    _set_frame(draw, spec)
    spec.pop("boundary", None)
    return spec


@st.composite
def _gauge(draw: st.DrawFn) -> dict[str, Any]:
    spec: dict[str, Any] = {"kind": "gauge"}
    if draw(st.integers(0, 3)):
        spec["level"] = {"plus": "joined", "minus": draw(st.sampled_from(("served", ["served", "left"])))}
        _maybe(draw, spec["level"], "initial", 0, 1)
        spec["above"] = draw(st.integers(1, 2))
    else:
        spec["level"] = {
            "set": draw(st.sampled_from(("$minutes", "$minutes", "2 * $minutes - 30"))),
            "on": "read",
        }
        bounds = draw(st.sampled_from(({"above": 30}, {"below": 30}, {"above": 60, "below": 15})))
        spec |= bounds
    if draw(st.integers(0, 3)):
        spec["then"] = draw(st.sampled_from(("relieved", ["relieved", "served"])))
        spec["within"] = draw(st.sampled_from(_DURATIONS))
        _maybe(draw, spec, "calendar", "office", "night")
        _maybe(draw, spec, "on_return", "cancel", "keep")
    if draw(st.integers(0, 2)) == 0:
        spec["ends"] = "ended"
    _set_frame(draw, spec)
    spec.pop("boundary", None)
    return spec


@st.composite
def _order(draw: st.DrawFn) -> dict[str, Any]:
    spec: dict[str, Any] = {"kind": "order", "event": draw(st.sampled_from(("closed", ["closed", "update"])))}
    if draw(st.integers(0, 2)) == 0:
        spec["position"] = draw(st.sampled_from(("first", "last", "last")))
        if spec["position"] == "last":
            spec["ends"] = draw(st.sampled_from(("ended", "closed")))
        _set_frame(draw, spec)
        spec.pop("boundary", None)
        return spec
    spec["needs"] = draw(st.sampled_from(("noticed", ["noticed", "update"])))
    way = draw(st.sampled_from(("within", "at_least", "both", "plain")))
    if way == "within":
        spec["within"] = draw(st.sampled_from((*_DURATIONS, *_WALL)))
    if way in {"at_least", "both"}:
        spec["at_least"] = draw(st.sampled_from(("15 minutes", "60 minutes", "2 calendar hours")))
    if way == "both":
        spec["at_most"] = draw(st.sampled_from(("2 hours", "24 hours", "8 calendar hours")))
    if way != "plain":
        _maybe(draw, spec, "calendar", "office")
    _maybe(draw, spec, "fresh", True)
    if draw(st.integers(0, 3)) == 0:
        spec["immediately"] = True
    _set_frame(draw, spec)
    if way == "plain":
        spec.pop("boundary", None)
    return spec


@st.composite
def _quantity(draw: st.DrawFn) -> dict[str, Any]:
    spec: dict[str, Any] = {"kind": "quantity"}
    what = draw(st.sampled_from(("count", "time_in", "sum")))
    if what == "count":
        spec["count"] = draw(st.sampled_from(("call.ring", {"event": "call.ring", "where": {"by": "human"}})))
        bounds: tuple[Any, Any] = (draw(st.integers(1, 2)), draw(st.integers(1, 3)))
    elif what == "sum":
        field = draw(st.sampled_from(("minutes", "minutes", "2 * $minutes", "max($minutes, 30)")))
        spec["sum"] = {"field": field, "of": draw(st.sampled_from(("call.ring", ["call.ring", "note"])))}
        bounds = (draw(st.sampled_from((15, 45))), draw(st.sampled_from((45, 90, 90, "3 * $minutes"))))
    else:
        spec["time_in"] = draw(
            st.sampled_from(
                (
                    {"status": "waiting"},
                    {"from": "held", "to": "released"},
                    {"from": ["held", "note"], "to": "released", "match": "item"},
                )
            )
        )
        bounds = (
            draw(st.sampled_from((*_DURATIONS[:4], *_WALL))),
            draw(st.sampled_from((*_DURATIONS, *_WALL))),
        )
        _maybe(draw, spec, "calendar", "office", "night")
    low, high = bounds
    if draw(st.integers(0, 2)):
        spec["at_most"] = high
    else:
        spec["at_least"] = low
    _set_scope(draw, spec)
    _set_frame(draw, spec)
    spec.pop("boundary", None)
    return spec


_LENGTHS = ("4 hours", "24 hours", "2 days", "1 month")


def _set_scope(draw: st.DrawFn, spec: dict[str, Any]) -> None:
    """Let the scope begin and end in one of the ways there are; a bound needs an end."""
    way = draw(st.sampled_from(("per", "per", "within", "until", "case", "case")))
    if way == "per":
        spec["per"] = draw(
            st.sampled_from(("fiscal_quarter", "day", "fiscal_year", "week", "month", "rolling"))
        )
        if spec["per"] == "rolling":
            spec["per"] = {"rolling": draw(st.sampled_from(_LENGTHS))}
        elif spec["per"] in {"fiscal_year", "fiscal_quarter"}:
            spec["per"] = {spec["per"]: draw(st.sampled_from(("03-27", "03-07")))}
    elif way == "within":
        spec["within"] = draw(st.sampled_from(("60 minutes", "4 hours", "3 calendar hours", "8 hours")))
    elif way == "until":
        spec["until"] = draw(st.sampled_from(("closed", ["closed", "call.ring"])))
    if way in {"within", "until"}:
        _maybe(draw, spec, "after", "opened", ["opened", "call.ring"])
    if "rolling" in spec.get("per", ()):
        _maybe(draw, spec, "ends", "ended", "closed")
    if way == "case":
        spec["ends"] = "ended"


_STANDARDS: dict[str, Callable[[], st.SearchStrategy[dict[str, Any]]]] = {
    "respond": _respond,
    "check": _check,
    "gauge": _gauge,
    "order": _order,
    "quantity": _quantity,
}
