"""What customers say, from contacts that carry scores: CSAT, NPS, CES, SERVQUAL, and how many answer."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from typing import Any, NamedTuple, cast

from servstd.conditions import ABSENT
from servstd.expressions import look_up
from servstd.expressions.values import number_from
from servstd.rollups.contacts import Contact, Interval, Reached, Setting, those
from servstd.standards.metric import Metric
from servstd.statistics.servqual import gap_score, gaps
from servstd.statistics.surveys import (
    effort_mean,
    effort_top_box,
    net_ease,
    net_promoter_of,
    response_rate,
    top_box,
)


class _Answers(NamedTuple):
    """The scores of a survey, and what carries none."""

    scores: list[int]
    silent: int
    strange: int
    waiting: int

    def reached(self, value: Fraction | None, met: int, breached: int, interval: Interval = None) -> Reached:
        return Reached(
            value, len(self.scores), met, breached, open=self.waiting, excluded=self.silent, unknown=self.strange,
            interval=interval,
        )  # fmt: skip


def _answers(contacts: Sequence[Contact], setting: Setting) -> _Answers:
    """Read the scores: what carries none is left out, what lies outside the scale is not known."""
    low, high = setting.metric.scores
    scores, silent, strange, waiting = [], 0, 0, 0
    for one in those(contacts, "ended", "open", "cancelled"):
        held = look_up(one.fields, setting.metric.field_names[0])
        number = None if isinstance(held, bool) else number_from(held)
        if held is ABSENT:
            silent, waiting = silent + (one.outcome != "open"), waiting + (one.outcome == "open")
        elif number is None or number != int(number) or not low <= number <= high:
            strange += 1
        else:
            scores.append(int(number))
    return _Answers(scores, silent, strange, waiting)


def of_csat(contacts: Sequence[Contact], setting: Setting) -> Reached:
    """Return the share of satisfied answers, or their mean."""
    answers, metric = _answers(contacts, setting), setting.metric
    if metric.formula == "mean":
        return _mean_of(answers, metric)
    least = metric.scores[1] - metric.best + 1
    return _top(answers, top_box(answers.scores, least=least, scale=metric.scores))


def _mean_of(answers: _Answers, metric: Metric) -> Reached:
    met = sum(metric.bound.admits(score) for score in answers.scores)
    value = effort_mean(answers.scores, scale=metric.scores)
    return answers.reached(value, met, len(answers.scores) - met)


def _top(answers: _Answers, found: Any) -> Reached:
    if found is None:
        return answers.reached(None, 0, 0)
    return answers.reached(found.value, found.counted, found.answers - found.counted, tuple(found.bounds))


def of_nps(contacts: Sequence[Contact], setting: Setting) -> Reached:
    """Return promoters minus detractors, in points from -100 to 100."""
    answers, metric = _answers(contacts, setting), setting.metric
    found = net_promoter_of(
        answers.scores, scale=metric.scores, promoter=metric.promotes, detractor=metric.detracts
    )
    if found is None:
        return answers.reached(None, 0, 0)
    number = len(answers.scores)
    interval = found.bounds()
    return answers.reached(
        found.points,
        int(found.promoters * number),
        int(found.detractors * number),
        None if interval is None else (interval.low, interval.high),
    )


def of_ces(contacts: Sequence[Contact], setting: Setting) -> Reached:
    """Return how easy customers found it: the share that did, the mean, or easy minus difficult in points."""
    answers, metric = _answers(contacts, setting), setting.metric
    low, high = metric.scores
    scores = answers.scores if metric.formula == "mean" else [score - low + 1 for score in answers.scores]
    points, best = high - low + 1, metric.best
    if metric.formula == "mean":
        return _mean_of(answers, metric)
    if metric.formula == "top_box":
        return _top(answers, effort_top_box(scores, top=best, points=points))
    net = net_ease(scores, top=best, bottom=best, points=points)
    easy, hard = sum(score > points - best for score in scores), sum(score <= best for score in scores)
    return answers.reached(None if net is None else net * 100, easy, hard)


def of_servqual(contacts: Sequence[Contact], setting: Setting) -> Reached:
    """Average what is expected and what is perceived by dimension, over the answers that hold both of all."""
    dimensions = setting.metric.all_dimensions
    rows, silent, strange = [], 0, 0
    for one in those(contacts, "ended", "open", "cancelled"):
        held = [
            look_up(one.fields, name)
            for dimension in dimensions.values()
            for name in (dimension.expected, dimension.perceived)
        ]
        numbers = [None if isinstance(value, bool) else number_from(value) for value in held]
        if all(value is ABSENT for value in held):
            silent += 1
        elif None in numbers:
            strange += 1
        else:
            rows.append([Fraction(cast("int", number)) for number in numbers])
    if not rows:
        return Reached(None, 0, excluded=silent, unknown=strange)
    means = [sum(column, Fraction(0)) / len(rows) for column in zip(*rows, strict=True)]
    gap = gaps(
        dict(zip(dimensions, means[::2], strict=True)), dict(zip(dimensions, means[1::2], strict=True))
    )
    weights = {name: one.exact_weight for name, one in dimensions.items()}
    return Reached(gap_score(gap, weights), len(rows), excluded=silent, unknown=strange)


def of_response_rate(contacts: Sequence[Contact], setting: Setting) -> Reached:  # noqa: ARG001 - one signature
    """Return the share of those reached who answered; who has not answered yet has not answered."""
    answered, open_, undelivered = (len(those(contacts, name)) for name in ("ended", "open", "cancelled"))
    found = response_rate(answered, answered + open_ + undelivered, undelivered=undelivered)
    if found is None:
        return Reached(None, 0, cancelled=undelivered)
    bounds = (found.bounds.low, found.bounds.high)
    return Reached(found.value, answered + open_, answered, open_, cancelled=undelivered, interval=bounds)
