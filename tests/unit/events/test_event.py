from __future__ import annotations

import pickle
from datetime import UTC, datetime, timedelta, timezone
from decimal import Decimal
from enum import Enum
from uuid import UUID

import pytest

from servstd.errors import EventsError
from servstd.events import Event, read_events
from servstd.events.values import content_key, field_value, key_text
from servstd.expressions import Duration
from servstd.intervals import Instant

NINE = datetime(2026, 3, 2, 9, tzinfo=UTC)


class Colour(Enum):
    RED = "red"


def test_a_naive_time_is_refused_with_the_remedy() -> None:
    with pytest.raises(EventsError, match=r"SV305(.|\n)*tzinfo=ZoneInfo"):
        Event("a", datetime(2026, 3, 2, 9))  # noqa: DTZ001


def test_an_event_needs_a_kind() -> None:
    with pytest.raises(EventsError, match="SV324"):
        Event("", NINE)


def test_an_event_cannot_be_changed() -> None:
    event = Event("a", NINE)
    with pytest.raises(AttributeError):
        event.kind = "b"
    with pytest.raises(AttributeError):
        del event.kind


def test_equal_instants_in_two_zones_are_equal_events() -> None:
    other = NINE.astimezone(timezone(timedelta(hours=5)))
    assert Event("a", NINE, {"x": 1}) == Event("a", other, {"x": 1})
    assert hash(Event("a", NINE)) == hash(Event("a", other))
    assert Event("a", NINE) != Event("a", NINE, id="1")


def test_events_survive_pickle() -> None:
    event = Event("a", NINE, {"x": Decimal("1.5"), "seats": [{"belt": "fastened"}]}, id=7, sequence=3)
    assert pickle.loads(pickle.dumps(event)) == event  # noqa: S301
    assert event.id == "7"


def test_events_are_read_back_as_they_are() -> None:
    events = [
        Event("a", NINE, {"ticket": "T-1", "time": "noon", "activity": "own field"}, id="1", sequence=2),
        Event("b", NINE, {"ticket": "T-1"}),
    ]
    log = read_events(events)
    assert set(log.events) == set(events)
    assert {event.kind: dict(event.fields) for event in log.events}["a"]["time"] == "noon"


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (0.1, Decimal("0.1")),
        (float("nan"), None),
        (Decimal("NaN"), None),
        (True, True),
        (NINE, Instant(1_772_442_000_000_000)),
        (datetime(2026, 3, 2, 9), "2026-03-02T09:00:00"),  # noqa: DTZ001
        (NINE.date(), "2026-03-02"),
        (timedelta(minutes=1, microseconds=5), Duration(60_000_005)),
        (Colour.RED, "red"),
        (UUID(int=1), "00000000-0000-0000-0000-000000000001"),
        ({"b": (1, 2.5)}, {"b": [1, Decimal("2.5")]}),
        ({3, 1, 2}, [1, 2, 3]),
        (b"abc", "abc"),
    ],
)
def test_any_python_value_becomes_one_that_events_carry(value: object, expected: object) -> None:
    found = field_value(value)
    assert found == expected
    assert type(found) is type(expected)


@pytest.mark.parametrize(
    ("left", "right", "same"),
    [
        (1, Decimal("1.00"), True),
        (1, True, False),
        (1, "1", False),
        ({"a": 1, "b": 2}, {"b": 2, "a": 1}, True),
        ([1, 2], [2, 1], False),
        (Decimal(1234567890123456789012345678901), Decimal(1234567890123456789012345678902), False),
        (Instant(5), 5, False),
    ],
)
def test_content_is_what_is_meant_and_not_how_it_is_written(left: object, right: object, same: bool) -> None:
    assert (content_key(left) == content_key(right)) is same


@pytest.mark.parametrize(
    ("value", "text"),
    [("T-1", "T-1"), (17, "17"), (Decimal("17.0"), "17"), (Decimal("1.50"), "1.5"), (False, "false"),
     (Decimal("1E+3"), "1000"), (Decimal(0), "0"), (Decimal("-0.25"), "-0.25"),
     (Instant(0), "1970-01-01T00:00:00Z")],
)  # fmt: skip
def test_a_case_key_is_text(value: object, text: str) -> None:
    assert key_text(value) == text


@pytest.mark.parametrize(
    "value",
    [10**5000, Decimal("1e999999999"), "\ud800", {"a": "\udfff"}],
    ids=["a number of 5000 digits", "an exponent of a billion", "half a character", "the same in a mapping"],
)
def test_what_no_report_could_print_is_refused(value: object) -> None:
    with pytest.raises(EventsError, match="SV326"):
        field_value(value)
