"""What must hold of many verdicts over a window: `95% a month`, `{p90: 40 minutes, window: month}`."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from functools import cached_property
from typing import TYPE_CHECKING, Annotated, Any, Literal, TypeAlias, cast

from pydantic import ConfigDict, PrivateAttr, model_validator

from servstd.calendars import Calendar
from servstd.errors import Problem, StandardsError
from servstd.expressions import Expression, parse_figure
from servstd.models import Model, Spelled, join_path, nested, shown
from servstd.standards.alert import BurnAlert
from servstd.standards.bound import Bound, Op, is_bare, read_own_limit, read_percent, spoken
from servstd.standards.certainty import DecideOn
from servstd.standards.field_names import NAMES
from servstd.standards.figures import READ
from servstd.standards.fitting import settings_that_do_not_go
from servstd.standards.objective_words import name_of, sentence_of
from servstd.standards.statistic import (
    Bounded,
    Of,
    Statistic,
    bounds_of_no_amount,
    one_statistic,
    read_bound,
    unknown_keys,
)
from servstd.standards.window import ADVERBS, Over, parse_window

DatedBy = Literal["start", "end", "due"]
Figure: TypeAlias = str | int | Decimal | float | Mapping[str, str | int | Decimal | float]

_SHORT = re.compile(
    r"(?P<share>[0-9][0-9.]{0,12}\s?%)(?:\s+(?P<of>met|breached))?"
    r"(?:\s+(?:(?:a|an|per|each|every|of|over|in)\s+)?(?P<window>[a-z]{1,12}))?",
    re.IGNORECASE,
)


class Objective(Model):
    """Demand a figure of the verdicts over a window: a share of met ones, a mean, a percentile, a count, a rate.

    The window is required: 95 % of a day and 95 % of a year are different promises. A window that is not over
    at `as_of`, or that began before the log, decides nothing.

    One of `share`, `mean`, `median`, `max`, `pNN` (`p90`), `count`, `rate` says which figure. Those of what cases
    used (`mean`, `median`, `max`, `pNN`) are found by nearest rank, so that `p90: 40 minutes` and `share: 90%` with
    `within: 40 minutes` agree. A case that has not ended counts as soon as what it has used is more than the bound,
    and stands beside until then: leaving cases open makes no figure better.

    Args:
        share: `95%`, or `{gt: 99%}` where reaching the bound is not enough.
        window: `day`, `week` (Monday to Sunday), `month`, `quarter`, `year`, or `all` for the whole log; fiscal ones,
            rolling ones and others as a mapping.

    Raises:
        StandardsError: SV150 to SV154, SV600 to SV608.

    Example:
        >>> objective = Objective(share="95%", window="month")
        >>> str(objective), objective.bound.is_met(19, 20)
        ('95% a month', True)
        >>> str(Objective(p90="40 minutes", window="month"))
        'p90 ≤ 40m a month'
    """

    model_config = ConfigDict(
        extra="allow",
        json_schema_extra={
            "patternProperties": {
                "^p[0-9]{1,2}(\\.[0-9]{1,3})?$": {
                    "description": "A percentile by nearest rank: `p90: 40 minutes`.",
                    "type": ["string", "number", "object"],
                }
            },
            "additionalProperties": False,
        },
    )

    if TYPE_CHECKING:  # percentiles have no end of names, so they are checked when an objective is made

        def __init__(self, /, **data: Any) -> None: ...

    share: Figure | None = None
    """The least share that is met, `95%`, `{gt: 99%}`; or the most that is breached, `{lt: 3%}`, `less than 3%`.

    Examples: `95%`, `{gt: 99%}`, `{lt: 3%}`, `less than 3%`
    """
    mean: Figure | None = None
    """The mean of what cases used: `35 seconds`. A bare amount points where the standard's own bound does: the most of
    a clock, the least of a scorecard. `{ge: 4}` is at least.

    Examples: `35 seconds`, `{ge: 4}`, `less than 35 seconds`
    """
    median: Figure | None = None
    """The middle of what cases used, the lower one of two: `30 minutes`.

    Examples: `30 minutes`
    """
    max: Figure | None = None
    """The most that a case used: `2 hours`.

    Examples: `2 hours`
    """
    count: Figure | None = None
    """How many verdicts at most, breached ones unless `of` says otherwise: `3`; `{ge: 30}` for at least.

    Examples: `3`, `{ge: 30}`
    """
    rate: Figure | None = None
    """How many per how many judged, or per length of the window: `5 per 1000`, `2 per day`.

    Examples: `5 per 1000`, `2 per day`
    """
    of: Of = "breached"
    """What a count or a rate counts: `breached`, `met`, `judged`, `open`, `cancelled`, `excluded`, `unknown`. A least
    share is of those `met`, a greatest of those `breached`.

    Examples: `met`
    """
    weight: str | None = None
    """What verdicts weigh in a share or a mean: a field of the case, or arithmetic in such fields and in figures.

    Examples: `$customers`, `hours($elapsed)`
    """
    window: str | Mapping[str, Any]
    """Over what: `hour`, `day`, `week`, `month`, `quarter`, `year` or `all`; `{fiscal_year: "04-01"}`,
    `{week: sunday}`, `{rolling: 30 days}`, `{blocks: [[2026-02-01, 2026-06-01]]}`, `{busiest: hour, of: day}`,
    `{census: month}`.

    Examples: `month`, `all`, `{rolling: 30 days}`, `{fiscal_year: "04-01"}`
    """
    within: str | None = None
    """Another limit for this objective alone, in the unit of the standard's: `90% within 15 seconds` beside `95%
    within 20 seconds`, `90%` within `1 business day` beside `100%` within three.

    Examples: `15 seconds`, `1 business day`
    """
    dated_by: DatedBy = "start"
    """Which instant puts a verdict into a window: its start, its end (without one, the breach), or its due.

    Examples: `due`
    """
    by: Annotated[str | Sequence[str], NAMES] = ()
    """Case fields by which cases are told apart; each segment must reach the bound.

    Examples: `[region]`, `queue`
    """
    min_sample: int = 1
    """Fewer judged verdicts than this decide nothing: `insufficient`.

    Examples: `30`
    """
    max_unknown: str = "1%"
    """More unknown verdicts than this share decide nothing: `insufficient`.

    Examples: `5%`
    """
    decide_on: Annotated[DecideOn | Mapping[str, Any] | None, nested(DecideOn)] = None
    """An end of an interval to decide on instead of the figure itself.

    Examples: `{interval: wilson, side: adverse, confidence: 95%}`
    """
    alerts: Sequence[Annotated[BurnAlert | Mapping[str, Any], nested(BurnAlert)]] = ()
    """How fast the budget of a share may go before the report says so.

    Examples: `[{long: 1 hour, short: 5 minutes, budget: 2%}]`
    """
    timezone: str | None = None
    """The zone in which windows begin; the calendar's, else the book's, when left out.

    Examples: `America/New_York`
    """

    _text: str | None = PrivateAttr(default=None)
    _name: str = PrivateAttr(default="share")
    _bounded: Bounded = PrivateAttr(default=Bounded())

    @model_validator(mode="before")
    @classmethod
    def _only_what_is_there(cls, data: Any) -> Any:
        if isinstance(data, Mapping):
            problems = unknown_keys(data, [*Objective.model_fields, "p90"])
            if "window" not in data and not problems:
                problems.append(_no_window("an objective"))
            problems += bounds_of_no_amount(data)
            if problems:
                raise StandardsError(problems)
            one_statistic(data)
        return data

    @model_validator(mode="after")
    def _can_be_meant(self) -> Objective:
        self._name = one_statistic(self.model_dump(exclude_none=True))
        problems: list[Problem] = []
        for path, read in (
            (self._name, lambda: self.bound),
            ("max_unknown", lambda: self.unknown_share),
            ("within", lambda: self.within is None or read_own_limit(self.within)),
            ("window", lambda: self.over),
        ):
            try:
                read()
            except StandardsError as error:
                problems += [problem.at(path=join_path(path, problem.path)) for problem in error.problems]
        if self.min_sample < 1:
            problems.append(
                Problem(
                    "SV150",
                    "`min_sample` counts verdicts: at least 1.",
                    help="write `min_sample: 30`.",
                    path="min_sample",
                )
            )
        if self.timezone is not None:
            problems += _zone_problems(self.timezone)
        if not problems:
            problems += settings_that_do_not_go(self)
        if problems:
            raise StandardsError(problems)
        return self

    @property
    def burn_alerts(self) -> tuple[BurnAlert, ...]:
        """Its alerts as read."""
        return tuple(cast("Sequence[BurnAlert]", self.alerts))

    @property
    def certainty(self) -> DecideOn | None:
        """The interval that decides; None where the figure itself does."""
        return cast("DecideOn | None", self.decide_on)

    @cached_property
    def statistic(self) -> Statistic:
        """Which figure it is about."""
        return Statistic.named(self._name)

    @cached_property
    def bound(self) -> Bound:
        """What the figure is compared with, exact."""
        _ = self.statistic
        is_backlog = isinstance(self.window, Mapping) and "census" in self.window
        of = self.of if self._name != "share" or "of" in self.model_fields_set else None
        written = getattr(self, self._name)
        return read_bound(self._name, written, of=of, bounded=self._bounded, is_backlog=is_backlog)

    @property
    def counts(self) -> Of:
        """What a share, a count or a rate counts."""
        return self.of if self._name != "share" else "breached" if self.bound.of else "met"

    @property
    def is_bare(self) -> bool:
        """Whether its amount stands without a comparison, so that the standard's own bound gives the direction."""
        return self.statistic.is_figure and is_bare(getattr(self, self._name))

    @property
    def bounded(self) -> Bounded:
        """What its figures are figures of."""
        return self._bounded

    def of_standard(self, bounded: Bounded) -> Objective:
        """Return it as an objective of a standard.

        Args:
            bounded: What the standard measures, and which way its own bound points.
        """
        if bounded == self._bounded or not (self.statistic.is_figure or self.within is not None):
            return self
        made = self.model_copy()
        made._bounded = bounded  # noqa: SLF001 - a copy of itself
        for name in ("bound", "bound_of_a_case"):
            made.__dict__.pop(name, None)  # what was read without the standard
        return made

    @cached_property
    def over(self) -> Over:
        """The windows it is taken over."""
        return parse_window(self.window)

    @property
    def unknown_share(self) -> Fraction:
        """The share of unknown verdicts above which nothing is decided, exact."""
        return read_percent(self.max_unknown)

    @cached_property
    def bound_of_a_case(self) -> Bound | None:
        """What each case is held against, where that is not the standard's own limit.

        A share, a count and a rate with `within` take that. A mean, a median, a maximum and a percentile take their own
        bound: what lies within it is met, what lies beyond it breached. So a percentile and the share within it agree.
        """
        if self.within is not None:
            return read_own_limit(self.within, "lt" if self._bounded.op == "lt" else "le")
        return self.bound if self.statistic.is_figure else None

    @property
    def weighs(self) -> Expression | None:
        """What verdicts weigh, as read."""
        return None if self.weight is None else parse_figure(self.weight, names=READ)

    @property
    def segments(self) -> tuple[str, ...]:
        """The fields of `by`."""
        names = (self.by,) if isinstance(self.by, str) else tuple(self.by)
        return tuple(names)

    @property
    def spelling(self) -> object:
        """What the author wrote."""
        return self._text if self._text is not None else self.model_dump(exclude_unset=True)

    def __str__(self) -> str:
        return name_of(self)

    def sentence(self) -> str:
        """Return it in English, for the end of a standard's sentence.

        Example:
            >>> Objective(mean="35 seconds", window="month").sentence()
            'the mean must be at most 35s a month'
            >>> Objective(share="less than 3%", window="month").sentence()
            'of these, less than 3% may be breached a month, so that more than 97% are met'
        """
        return sentence_of(self)

    def _meaning(self) -> tuple[object, ...]:
        return (
            self._name, self.bound, self.counts, self.weight, self.over, self.bound_of_a_case, self.dated_by,
            self.segments, self.min_sample, self.unknown_share, self.decide_on, self.burn_alerts, self.timezone,
        )  # fmt: skip

    def __eq__(self, other: object) -> bool:
        return self._meaning() == other._meaning() if isinstance(other, Objective) else NotImplemented

    def __hash__(self) -> int:
        return hash(self._meaning())


@dataclass(frozen=True, slots=True)
class NoObjective:
    """Be the word `none`: what the standard measures is promised to nobody, and decides nothing."""

    spelling: str = "none"


def parse_objective(spec: object) -> Objective | NoObjective:
    """Return the objective that the author wrote, short or long; `none` says that nothing is promised.

    Args:
        spec: `95% a month`, `more than 99% a week`, `100% overall`, or a mapping with `share` and `window`.

    Raises:
        StandardsError: SV150 unreadable, SV151 without a window, SV152 unknown window, SV153 no percentage,
            SV154 on another clock, SV600 to SV608 a figure, a window or a setting that cannot be meant.

    Example:
        >>> parse_objective("95% a month") == parse_objective({"share": "95%", "window": "month"})
        True
    """
    if isinstance(spec, Objective | NoObjective):
        return spec
    if spec == "none":
        return NoObjective()
    if isinstance(spec, Mapping):
        return Objective(**{str(name): value for name, value in spec.items()})
    return _read_short(spec)


def share_alone(written: object) -> Mapping[str, str] | None:
    """Return what a short form says that names no window, `99%`, `less than 3% breached`; None for anything else."""
    op, found = _short(written)
    return None if found is None or found["window"] else _share_in(op, found)


def _short(written: object) -> tuple[Op | None, re.Match[str] | None]:
    """Return the comparison of a short form and its parts; no parts where it is none."""
    op, rest = spoken(written.strip() if isinstance(written, str) else "")
    return op, _SHORT.fullmatch(rest) if isinstance(rest, str) and len(rest) < 80 else None


def _share_in(op: Op | None, found: re.Match[str]) -> dict[str, Any]:
    told: dict[str, Any] = {"share": found["share"] if op is None else {op: found["share"]}}
    return told | ({"of": found["of"].lower()} if found["of"] else {})


def zone_of(calendar: Calendar | None) -> str | None:
    """Return the zone of a calendar; None where it has none of its own, or takes the case's."""
    zone = None if calendar is None else calendar.timezone
    return zone if zone is not None and not zone.startswith("$") else None


def window_timezone(objective: Objective, calendar: Calendar | None, timezone: str | None) -> str | None:
    """Return the zone in which an objective's windows begin: its own, the calendar's, else the book's.

    Args:
        objective: Its own zone comes first.
        calendar: The standard's.
        timezone: The book's.

    Returns:
        The zone, or None where nothing names one, which is an error for every window of local dates.
    """
    return objective.timezone or zone_of(calendar) or timezone


def windows_without_zone(
    objectives: Sequence[tuple[str, Objective]], calendar: Calendar | None, timezone: str | None
) -> list[Problem]:
    """Return the problem of each objective, given with its path, that counts by dates where nobody says whose."""
    return [
        Problem(
            "SV155",
            f"`{_counted_by(path, objective)}` counts by local dates, and no zone is named.",
            help="write `timezone:` for the book, or give the standard a calendar that names one.",
            path=path,
        )
        for path, objective in objectives
        if objective.over.needs_zone and window_timezone(objective, calendar, timezone) is None
    ]


def _counted_by(path: str, objective: Objective) -> str:
    """Return what counts by dates: the objective, or of a metric, which has a figure of its own, the window."""
    written = objective.window if isinstance(objective.window, str) else shown(objective.window)
    return f"window: {written}" if path == "window" else str(objective)


def _read_short(spec: object) -> Objective:
    text = spec.strip() if isinstance(spec, str) else ""
    op, found = _short(text)
    if found is None:
        raise StandardsError(
            Problem(
                "SV150",
                f"`{str(spec)[:60]}` is no objective.",
                help="write `95% a month`, `less than 3% breached a month`, or a mapping with `share` and `window`.",
            )
        )
    if found["window"] is None:
        raise StandardsError(_no_window(f"`{text}`"))
    word = found["window"].lower()
    window = ADVERBS.get(word, word)
    objective = Objective(**_share_in(op, found), window=window)
    objective._text = text  # noqa: SLF001 - its own kind
    return objective


def _no_window(what: str) -> Problem:
    return Problem(
        "SV151",
        f"{what} names no window, and 95% of a day is another promise than 95% of a year.",
        help="write `95% a month`, or `window: month`; `window: all` for the whole log.",
    )


def _zone_problems(name: str) -> list[Problem]:
    from servstd.calendars.zones import zone_named  # noqa: PLC0415 - only where a zone is written
    from servstd.errors import CalendarError  # noqa: PLC0415

    try:
        zone_named(name)
    except CalendarError as error:
        return [problem.at(path="timezone") for problem in error.problems]
    return []


def _spelling(objective: Objective | NoObjective) -> object:
    return objective.spelling


EVERYTHING = Objective(share="100%", window="all")
"""What a standard without objectives is judged by: never green by silence."""

ObjectiveSpec: TypeAlias = str | Mapping[str, Any] | Objective
ObjectiveField: TypeAlias = Annotated[
    ObjectiveSpec,
    Spelled(parse_objective, _spelling, "objective"),
]
"""A model's field that takes every spelling of an objective under mypy, and holds an `Objective`."""
