"""What a case learns from outside: other standards' verdicts, stretches of time, readings, recurrences, scopes."""

from __future__ import annotations

from stories import report, told

FAULTS = (
    "01:00 reported customer=C fault=F1 region=N",
    "01:00 reported customer=C fault=F2 region=S",
    "02:00 storm.on region=N",
    "04:30 storm.off region=N",
    "06:00 fixed customer=C fault=F1 region=N",
    "06:00 fixed customer=C fault=F2 region=S",
    "08:00 paid customer=C",
)
STORM = "{from: storm.on, to: storm.off, match: [region]}"


def test_a_stretch_of_time_leaves_out_the_cases_that_it_concerns():
    book = f"""
    standards: [{{id: repair, kind: respond, case: fault, start: reported, stop: fixed, within: 4 hours,
                 exclude: [{{during: {STORM}, reason: storm}}]}}]"""
    found = report(book, *FAULTS)
    assert told(found, "repair") == ["F1 excluded 300", "F2 breached 300"]
    assert [one.outcome_otherwise for one in found.verdicts] == ["breached", None]


def test_a_stretch_of_time_holds_the_clock():
    # five hours less the two and a half of the storm
    book = f"""
    standards: [{{id: repair, kind: respond, case: fault, start: reported, stop: fixed, within: 4 hours,
                 exclude: [{{during: {STORM}, reason: storm, effect: pause}}]}}]"""
    assert told(report(book, *FAULTS), "repair") == ["F1 met 150", "F2 breached 300"]


def test_a_breach_is_an_event_of_another_standard():
    # both faults breach just after 05:00; one payment closes one of the two clocks, the oldest
    book = """
    standards:
    - {id: repair, kind: respond, case: fault, start: reported, stop: fixed, within: 4 hours}
    - {id: paid, kind: respond, case: customer, start: {standard: repair, change: breached}, recurs: every,
       stop: paid, within: 10 hours}"""
    assert told(report(book, *FAULTS), "paid") == ["C met 179", "C open 179"]


def test_what_another_standard_took_is_summed():
    book = """
    timezone: UTC
    standards:
    - {id: repair, kind: respond, case: fault, start: reported, stop: fixed, within: none}
    - {id: off, kind: quantity, case: customer, per: month, at_most: 9 hours,
       sum: {field: elapsed, of: {standard: repair, change: ended}}}
    - {id: times, kind: quantity, case: customer, per: month, at_most: 2, count: {standard: repair, change: ended}}"""
    found = report(book, *FAULTS)
    assert told(found, "off") == ["C breached 600"]
    assert told(found, "times") == ["C open 2"]


def test_the_verdicts_of_another_standard_are_stretches_too():
    # the line is over its load from its third call, at 10:02, to midnight
    book = """
    timezone: UTC
    case: line
    standards:
    - {id: load, kind: quantity, count: call, at_most: 2, per: day}
    - {id: answer, kind: respond, case: call_id, start: call, stop: answered, within: 1 minute,
       exclude: [{during: {standard: load, match: [line]}, reason: overload}]}"""
    lines = [f"10:0{n} call line=L call_id={n}" for n in range(3)]
    found = report(
        book, *lines, "10:09 answered call_id=2", "10:09 call line=M call_id=9", "10:11 answered call_id=9"
    )
    assert told(found, "answer") == ["0 excluded 11", "1 excluded 10", "2 excluded 7", "9 breached 2"]


def test_readings_are_counted_where_they_part():
    book = """
    standards: [{id: reply, kind: respond, case: id, start: asked, stop: answered, within: 1 hour,
                 readings: {strict: {within: 30 minutes}, lenient: {within: 1 hour}}, reading: lenient}]"""
    found = report(book, "09:00 asked id=1", "09:20 answered id=1", "09:00 asked id=2", "09:40 answered id=2")
    assert told(found, "reply") == ["1 met 20", "2 met 40"]
    assert "read as `strict` instead of `lenient`, 1 of 2 verdicts would differ" in str(found)


def test_the_next_date_of_a_recurrence_is_the_due():
    # 6 March + 6 days is 12 March, before the 15th; + 10 days is 16 March, after it
    book = """
    recurrences: {issue: {rrule: "FREQ=MONTHLY;BYMONTHDAY=15", timezone: UTC}}
    standards:
    - {id: soon, kind: respond, case: id, start: paid, stop: sent, within: {next: issue, lead: 6 days}}
    - {id: later, kind: respond, case: id, start: paid, stop: sent, within: {next: issue, lead: 10 days}}
    timezone: UTC"""
    found = report(book, "09:00 paid id=1", "10:00 sent id=1")
    assert [str(one.due_at.date()) for one in found.verdicts] == [
        "2026-03-16",
        "2026-04-16",
    ]  # exclusive ends


def test_a_scheduled_start_counts_from_its_instant_even_when_known_later():
    book = "standards: [{id: visit, kind: respond, case: id, start: {at: $at}, stop: arrived, within: 30 minutes}]"
    found = report(
        book,
        "08:00 booked id=1 at=2026-03-06T10:00:00Z",
        "10:20 arrived id=1",
        "11:00 booked id=2 at=2026-03-06T10:00:00Z",
        "11:00 arrived id=2",
    )
    assert told(found, "visit") == ["1 met 20", "2 breached 60"]


def test_the_wait_of_the_oldest_item_is_a_level():
    # A waits from 09:00: too long just after 09:10, although B has come and gone
    book = """
    standards: [{id: wait, kind: gauge, case: shop, level: {oldest: joined, until: served, item: who},
                 above: 10 minutes, then: help.came, within: 5 minutes}]"""
    found = report(
        book, "09:00 joined shop=S who=A", "09:05 joined shop=S who=B", "09:06 served shop=S who=B",
        "09:12 help.came shop=S", "09:20 served shop=S who=A",
    )  # fmt: skip
    (one,) = found.verdicts
    assert (one.outcome, str(one.started_at)[11:26], one.elapsed) == ("met", "09:10:00.000001", 119_999_999)


def test_several_levels_are_compared():
    book = """
    standards: [{id: ratio, kind: gauge, case: room, ends: shut, expect: {staff: {ge: ceil($children / 3)}},
                 levels: {children: {plus: child.in, minus: child.out}, staff: {plus: staff.in, minus: staff.out}}}]"""
    lines = ["08:00 staff.in room=R", *(f"08:0{n} child.in room=R" for n in (1, 2, 3))]
    assert told(report(book, *lines, "17:00 shut room=R"), "ratio") == ["R met 0"]
    assert told(report(book, *lines, "08:04 child.in room=R", "17:00 shut room=R"), "ratio") == [
        "R breached 1"
    ]


def test_a_scope_limits_when_a_level_counts():
    # an open belt matters only while the sign is on; it is open when the sign comes on
    book = """
    standards: [{id: belts, kind: gauge, case: flight, level: {plus: opened, minus: fastened}, above: 0,
                 while: {from: sign.on, to: sign.off}, ends: landed}]"""
    calm = [
        "08:00 opened flight=X",
        "08:30 fastened flight=X",
        "09:00 sign.on flight=X",
        "09:30 sign.off flight=X",
    ]
    assert told(report(book, *calm, "10:00 opened flight=X", "11:00 landed flight=X"), "belts") == ["X met 0"]
    assert told(report(book, calm[0], *calm[2:], "11:00 landed flight=X"), "belts") == ["X breached 1"]


def test_the_short_form_of_regular_updates():
    book = """
    standards: [{id: news, kind: respond, case: id, start: opened, every: 2 hours, event: update, until: closed}]"""
    found = report(book, "08:00 opened id=1", "09:30 update id=1", "12:00 update id=1", "12:30 closed id=1")
    assert told(found, "news") == ["1 met 90", "1 breached 150", "1 met 30"]


def test_the_short_form_of_an_appointment():
    book = """
    standards: [{id: slot, kind: check, case: id, event: arrived,
                 between: [15 minutes before $at, 15 minutes after $at]}]"""
    at = "at=2026-03-06T10:00:00Z"
    found = report(book, f"10:15 arrived id=1 {at}", f"09:44 arrived id=2 {at}")
    assert [one.outcome for one in found.verdicts] == ["met", "breached"]


def test_an_extension_is_from_the_same_start_and_only_in_time():
    book = """
    standards: [{id: final, kind: respond, case: id, start: received, stop: final, within: 60 minutes,
                 extend: {event: holding, within: 3 hours}}]"""
    found = report(
        book, "08:00 received id=1", "08:50 holding id=1", "10:30 final id=1",
        "08:00 received id=2", "09:10 holding id=2", "10:30 final id=2",
    )  # fmt: skip
    assert told(found, "final") == ["1 met 150", "2 breached 150"]


def test_warnings_have_instants():
    book = """
    standards: [{id: reply, kind: respond, case: id, start: asked, stop: answered, within: 60 minutes,
                 warn_at: [50%, 10 minutes before]},
                {id: noticed, kind: respond, case: id, start: {standard: reply, change: warned}, stop: seen,
                 within: 5 minutes, recurs: every}]"""
    found = report(book, "08:00 asked id=1", "08:33 seen id=1", "08:40 answered id=1")
    # half of the hour is 08:30; ten minutes before its end is 08:50, after the answer
    assert told(found, "noticed") == ["1 met 3"]


def test_the_end_of_a_case_cancels_its_clocks():
    book = "standards: [{id: reply, kind: respond, case: id, start: asked, stop: answered, within: 1 hour, ends: gone}]"
    found = report(book, "08:00 asked id=1", "08:10 gone id=1", "12:00 other id=1")
    assert [(one.outcome, one.reason) for one in found.verdicts] == [("cancelled", "the case ended")]


def test_an_event_may_be_demanded_by_an_instant_that_the_case_carries():
    # nobody came to the first; the second was visited in time
    book = """
    standards: [{id: came, kind: check, case: id, event: arrived, expect: {time: {le: $slot_end}},
                 missing_by: {at: $slot_end}}]"""
    slot = "slot_end=2026-03-06T12:00:00Z"
    found = report(
        book,
        f"08:00 booked id=1 {slot}",
        f"08:00 booked id=2 {slot}",
        "11:00 arrived id=2",
        "13:00 other id=1",
    )
    assert [(one.case, one.outcome) for one in found.verdicts] == [("1", "breached"), ("2", "met")]
