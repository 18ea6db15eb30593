"""What `explain` says of a standard: every setting that decides a verdict has its words."""

from __future__ import annotations

import pytest

import servstd

CLOCK = "id: a, case: ticket, kind: respond, start: asked, stop: answered"
STANDARDS = {
    "in less than the limit": (f"{CLOCK}, within: 1 hour, boundary: exclusive", "after asked, answered must follow in less than 1h"),
    "before an instant": (f"{CLOCK}, within: $promised_at, boundary: exclusive", "answered must follow before the promised time"),
    "what is only measured": (f"{CLOCK}, within: none, objective: {{mean: 8 minutes, window: month}}", "the time from asked to answered is measured; the mean must be at most 8m a month"),
    "fewer than a number": ("id: a, case: call, kind: quantity, count: rang, at_most: 3, boundary: exclusive, ends: over", "the number of rang must be less than 3; until over"),
    "less than a time": ("id: a, case: call, kind: quantity, time_in: {status: held}, at_most: 2 minutes, boundary: exclusive, per: day", "must be less than 2m a day."),
    "between two numbers, the higher left out": (
        "id: a, case: call, kind: quantity, count: rang, at_least: 1, at_most: 3, boundary: exclusive, ends: over", "must be at least 1 and less than 3; until over"),
    "no more than a number": ("id: a, case: call, kind: quantity, count: rang, at_most: 3, ends: over", "the number of rang must be at most 3; until over"),
    "less than so long ago": ("id: a, case: works, kind: order, event: cut, needs: told, within: 30 days, boundary: exclusive", "less than 30 days earlier"),
    "pauses that stop hours": (f"{CLOCK}, within: 4 hours, pause_while: {{status: held}}", "within 4h, not counting the time while status is held."),
    "pauses that move no date": (f"{CLOCK}, within: 3 weeks, pause_while: {{status: held}}, pauses: ignore", "within 3 weeks, counting on in the time while status is held."),
    "pauses of hours and dates": (f"{CLOCK}, within: {{by: p, P1: 4 hours, else: 3 days}}, pause_while: {{status: held}}, pauses: ignore", "otherwise, not counting the time while status is held, except in dates."),
    "what else may happen": (f"{CLOCK}, within: 3 days, cancel: withdrawn, extend: {{event: told, by: 2 days}}", "within 3 days; withdrawn ends it without a verdict; told extends it by 2 days."),
    "updates for good": ("id: a, case: lift, kind: respond, every: 6 months, event: inspected", "after its first event, inspected must follow within 6 months, and again after each inspected."),
    "a percentile": (f"{CLOCK}, within: 1 hour, objective: {{p95: 40 minutes, window: month}}", "the 95th percentile must be at most 40m a month."),
    "the first of a decade": (f"{CLOCK}, within: 1 hour, objective: {{p91: 40 minutes, window: month}}", "the 91st percentile"),
    "windows by the end": (f"{CLOCK}, within: 1 hour, objective: {{share: 60%, window: month, dated_by: end}}", "of these, 60% a month must be met, counted when they ended."),
    "a sample": (
        f"{CLOCK}, within: 1 hour, objective: {{share: 60%, window: month, min_sample: 30, decide_on: {{interval: wilson, side: adverse}}}}",
        "60% a month must be met, of at least 30, decided on the adverse end of a 95% Wilson interval.",
    ),
    "what a metric reads, written in place": (
        "id: a, case: call, kind: metric, measure: asa, of: {kind: respond, start: offered, stop: answered}, at_most: 30 seconds, window: day",
        "of `a.of` (the time from offered to answered is measured) must be at most 30s a day",
    ),
    "what decides a metric": (
        (
            "id: a, case: call, kind: metric, measure: csat, formula: top_box, of: {kind: check, event: rated}, field: score, "
            "scale: [1, 5], top: 2, at_least: 85%, window: month, min_sample: 30, decide_on: {interval: wilson, side: adverse}"
        ),
        "a month, of at least 30 (field score, scale 1 to 5, top 2, decided on the adverse end of a 95% Wilson interval).",
    ),
    "an alert": (
        f"{CLOCK}, within: 1 hour, objective: {{share: 99%, window: month, alerts: [{{long: 1 hour, short: 5 minutes, budget: 2%}}]}}",
        "must be met, with an alert at 2% of the budget in 1 hour and still in 5 minutes.",
    ),
}  # fmt: skip


@pytest.mark.parametrize(("written", "said"), STANDARDS.values(), ids=STANDARDS.keys())
def test_a_standard_says_what_decides(written: str, said: str) -> None:
    book = servstd.loads(f"timezone: UTC\nstandards: [{{{written}}}]")
    assert said in book.standards[0].sentence(book)
