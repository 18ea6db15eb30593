"""Whatever is written, a calendar is made or a `CalendarError` is raised, in bounded time; nothing else."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from servstd.calendars import Calendar, parse_date_limit
from servstd.durations import parse_span
from servstd.errors import CalendarError, StandardsError

NOW = datetime(2026, 3, 2, 12, tzinfo=UTC)
BITS = st.sampled_from(
    [
        "09:00-17:00",
        "22:00-06:00",
        "24:00",
        "25:61",
        "mon",
        "mon-fri",
        "daily",
        "2026-03-02",
        "2026-03-01..2026-03-05",
        "12-24..01-02",
        "9:00",
        "closed",
        "",
        " ",
        "-",
        "..",
        "GB",
        "FREQ=DAILY",
        "FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30",
        "FREQ=MONTHLY;BYDAY=1MO",
        "0000-00-00",
        "9999-12-31",
        "0001-01-01",
        "\u0660\u0669:\u0660\u0660-\u0661\u0667:\u0660\u0660",
        "02-29",
        "13-45",
    ]
)
LEAVES = (
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | BITS
    | st.text(max_size=12)
    | st.dates()
    | st.binary(max_size=4)
)
KEYS = (
    BITS
    | st.sampled_from(
        [
            "country",
            "subdivision",
            "yearly",
            "rrule",
            "start",
            "date",
            "dates",
            "hours",
            "name",
            "valid_from",
            "opens_at",
            "closes_at",
            "reason",
            "categories",
        ]
    )
    | st.text(max_size=6)
)
JUNK = st.recursive(
    LEAVES, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(KEYS, inner, max_size=3), max_leaves=8
)
WORDS = st.fixed_dictionaries(
    {},
    optional=dict.fromkeys(
        (
            "timezone",
            "hours",
            "breaks",
            "holidays",
            "exceptions",
            "versions",
            "holidays_cut",
            "union",
            "complement",
            "title",
        ),
        JUNK,
    ),
)


def ask(words):
    try:
        calendar = Calendar(**words)
        calendar.to_dict()
        repr(calendar)
        calendar.problems()
        calendar.elapsed(NOW, NOW + timedelta(days=30))
        calendar.explain(NOW, NOW + timedelta(days=3))
        calendar.next_open(NOW)
        calendar.due("2 business days", start=NOW)
    except CalendarError as refusal:
        assert all(  # noqa: PT017 - not all that is drawn is refused
            problem.code.startswith(("SV1", "SV2")) and problem.message for problem in refusal.problems
        )


@settings(max_examples=250, deadline=5_000, suppress_health_check=list(HealthCheck))
@given(WORDS)
@example({"timezone": "UTC", "hours": {"mon": "09:00-17:00"}, "exceptions": {"9999-12-31": "09:00-10:00"}})
@example({"timezone": "UTC", "hours": {"mon": "09:00-17:00"}, "holidays": ["0001-01-01"]})
@example({"timezone": "UTC", "hours": {"mon": "09:00-17:00"}, "versions": [{"valid_from": "0001-01-01"}]})
@example(
    {
        "timezone": "UTC",
        "hours": {"mon": "09:00-17:00"},
        "versions": [{"valid_from": "9999-12-31", "hours": {}}],
    }
)
@example(
    {"timezone": "UTC", "hours": "always", "holidays": [{"rrule": "FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30"}]}
)
@example({"timezone": "UTC", "hours": {"mon": "09:00-17:00"}, "holidays": [{"yearly": "02-30"}]})
@example({"timezone": "UTC", "hours": {"mon": "09:00-17:00"}, "holidays": {"country": ["GB"]}})
@example({"timezone": "UTC", "hours": {"mon": "09:00-17:00"}, "holidays": {"country": "GB", "language": 5}})
@example(
    {
        "timezone": "UTC",
        "hours": {"mon": "09:00-17:00"},
        "holidays": {"country": "GB", "categories": {"a": 1}},
    }
)
@example({"union": [{"hours": "always"}, 5]})
@example({"complement": {"complement": {"hours": {"mon": "25:61"}}}})
def test_a_calendar_or_a_calendar_error(words):
    ask(words)


@pytest.mark.fuzz
@settings(max_examples=20_000, deadline=5_000, suppress_health_check=list(HealthCheck))
@given(WORDS)
def test_many_calendars_or_calendar_errors(words):
    ask(words)


@settings(max_examples=400, deadline=2_000)
@given(
    st.text(max_size=40)
    | st.from_regex(r"[0-9. ]{0,6}(hours?|min|s|h|business|PT|and|,| ){0,6}", fullmatch=True)
    | LEAVES
)
def test_a_duration_or_a_standards_error(text):
    try:
        parse_span(text)
    except StandardsError as refusal:
        assert refusal.problems[0].code in ("SV120", "SV121", "SV122")  # noqa: PT017 - not all that is drawn is refused


@settings(max_examples=400, deadline=2_000)
@given(
    st.text(max_size=40)
    | st.from_regex(
        r"-?[0-9]{0,6} ?(business|working|calendar)? ?(days?|weeks?|months?|years?)?", fullmatch=True
    ),
    st.dictionaries(st.sampled_from(["cutoff", "roll", "ends", "day_one", "x"]), LEAVES, max_size=2),
)
def test_a_date_limit_or_a_standards_error(text, words):
    try:
        limit = parse_date_limit(text, **words)
        Calendar(timezone="UTC", hours={"mon": "09:00-17:00"}).due(limit, start=NOW)
    except (StandardsError, CalendarError) as refusal:
        assert refusal.problems[0].message  # noqa: PT017 - not all that is drawn is refused


def test_a_date_that_is_no_python_date_is_refused():
    with pytest.raises(CalendarError):
        Calendar(
            timezone="UTC", hours={"mon": "09:00-17:00"}, exceptions={datetime(2026, 1, 1, tzinfo=UTC): []}
        )
    assert Calendar(timezone="UTC", hours={"mon": "09:00-17:00"}, exceptions={date(2026, 1, 1): []})
