"""`metric`: a named figure over a window, of what an indicator measured, that meets a bound."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from fractions import Fraction
from functools import cached_property
from typing import Annotated, Any, ClassVar, Final, Literal, NamedTuple, cast

from pydantic import model_validator

from servstd.durations import parse_duration
from servstd.errors import Problem, StandardsError
from servstd.expressions.values import number_from
from servstd.models import Model, nested
from servstd.plan.plan import Exclusion
from servstd.standards.base import Standard
from servstd.standards.bound import Bound, Op, read_figure_bound, read_percent
from servstd.standards.certainty import DecideOn
from servstd.standards.exclusion import compile_exclusions
from servstd.standards.field_names import NAMES
from servstd.standards.measures import MEASURES, SCALES, TOPS, Formula, MeasureName
from servstd.standards.member import Member, MemberField
from servstd.standards.metric_faults import faults_of, no_formula
from servstd.standards.objective import Objective
from servstd.standards.objective_words import qualified
from servstd.standards.rollup import Reads, Role, Rollup, RollupPlan
from servstd.standards.selector import Selection, SelectorField
from servstd.standards.surroundings import Surroundings
from servstd.standards.terms import applies_when
from servstd.standards.words import framed

Figure = str | int | Decimal | float
_DAYS = re.compile(r"([0-9]{1,4})\s*days?", re.IGNORECASE)


class Repeat(NamedTuple):
    """Say until when another contact is a repeat of the first: so many local dates, or so many microseconds."""

    days: int | None
    length_us: int = 0


_SETTINGS: Final = ("field", "scale", "top", "promoter", "detractor", "repeat_within", "match", "flowed_out")


class Dimension(Model):
    """Be one dimension of service quality: what is expected of it, what is perceived, how much it matters."""

    expected: Annotated[str, NAMES]
    """The field that holds what the customer expects.

    Examples: `expected_reliability`
    """
    perceived: Annotated[str, NAMES]
    """The field that holds what he perceives.

    Examples: `perceived_reliability`
    """
    weight: Figure = 1
    """How much it matters, in any unit: points of 100.

    Examples: `32`
    """

    @model_validator(mode="after")
    def _weighs(self) -> Dimension:
        number = number_from(self.weight)
        if number is None or number < 0:
            raise StandardsError(
                Problem("SV641", f"`{self.weight!s:.40}` is no weight.", help="write `32`.", path="weight")
            )
        return self

    @property
    def exact_weight(self) -> Fraction:
        """Its weight, exact."""
        return Fraction(cast("int", number_from(self.weight)))


class Metric(Rollup):
    """Promise a named figure over a window: service level, waits, resolution, satisfaction.

    It reads what an indicator measured, and has no verdicts on cases but an attainment for each window and segment. A
    contact that ended was answered, one that was cancelled was abandoned, one that is open still waits. Of a standard
    it reads what that measures, as if it had no limit, for a breach would hide how the contact ended. Where a figure
    has several formulas the name must be said.

    Example:
        >>> metric = Metric(id="level", measure="service_level", formula="abandoned_in_base", of="wait",
        ...                 threshold="20 seconds", at_least="80%", window="day")
        >>> str(metric.bound), metric.words()
        ('80%', 'service_level (abandoned_in_base) 80% a day')
    """

    unit: ClassVar[str] = "count"
    kind: Literal["metric"] = "metric"
    measure: MeasureName
    """Which figure.

    Examples: `service_level`, `nps`
    """
    formula: str | None = None
    """Which of its formulas, where there are several: how abandoned calls count, what resolved means.

    Examples: `abandoned_in_base`, `flowed_out_in_base`, `by_repeat`, `by_contact`, `top_box`
    """
    of: MemberField
    """What it reads: an indicator or a standard by its id, or an indicator written in place.

    Examples: `wait`, `{kind: respond, start: call.offered, stop: call.answered, cancel: call.abandoned}`
    """
    over: MemberField | None = None
    """For occupancy: the indicator of ready time without a contact.

    Examples: `idle`
    """
    threshold: str | None = None
    """For a service level: the wait within which a call is answered in time, itself included.

    Examples: `20 seconds`
    """
    short: str | None = None
    """How soon a caller gives up who had not really called; such calls count nowhere, or as the formula says.

    Examples: `5 seconds`
    """
    field: Annotated[str | Sequence[str] | None, NAMES] = None
    """The field of the case that holds the score; for times the field, or several that are added up, instead of what
    the indicator measured.

    Examples: `score`, `[talk_time, hold_time, wrap_up_time]`
    """
    scale: Sequence[int] | None = None
    """The lowest and the highest score that can be given; what lies outside is not known.

    Examples: `[1, 5]`, `[0, 10]`
    """
    top: int | None = None
    """How many of the best scores count as satisfied, or as easy.

    Examples: `2`
    """
    promoter: int | None = None
    """The lowest score of a promoter; 9 when left out.

    Examples: `9`
    """
    detractor: int | None = None
    """The highest score of a detractor; 6 when left out.

    Examples: `6`
    """
    repeat_within: str | None = None
    """How long after the first contact another one is a repeat.

    Examples: `7 days`, `24 hours`
    """
    match: Annotated[str | Sequence[str] | None, NAMES] = None
    """The fields that tell issues apart: who, about what.

    Examples: `[customer_id, topic]`
    """
    flowed_out: SelectorField | None = None
    """The event with which a contact leaves for another queue. The indicator ends with it, as with one that gives up,
    and it is no abandoned contact.

    Examples: `call.overflowed`, `{event: call.left, where: {to: queue}}`
    """
    dimensions: Mapping[str, Annotated[Dimension | Mapping[str, Any], nested(Dimension)]] | None = None
    """For SERVQUAL: the dimensions of quality.

    Examples: `{reliability: {expected: e1, perceived: p1, weight: 32}}`
    """
    at_least: Figure | None = None
    """The least that is promised, in the figure's unit.

    Examples: `80%`, `50 points`
    """
    at_most: Figure | None = None
    """The most.

    Examples: `30 seconds`, `5%`
    """
    boundary: Literal["inclusive", "exclusive"] = "inclusive"
    """Whether reaching the bound exactly is enough; `exclusive` is more than the least, or less than the most.

    Examples: `exclusive`
    """
    window: str | Mapping[str, Any]
    """Over what, as for objectives.

    Examples: `day`, `month`, `{rolling: 30 days}`
    """
    by: Annotated[str | Sequence[str], NAMES] = ()
    """Case fields, or segments of the book, each of which must reach the bound.

    Examples: `[queue]`
    """
    dated_by: Literal["start", "end"] = "start"
    """Which instant puts a contact into a window.

    Examples: `end`
    """
    min_sample: int = 1
    """Fewer than this decide nothing: `insufficient`.

    Examples: `30`
    """
    max_unknown: str = "1%"
    """More of which nothing is known than this share decide nothing: `insufficient`.

    Examples: `5%`
    """
    decide_on: Annotated[DecideOn | Mapping[str, Any] | None, nested(DecideOn)] = None
    """For shares: an end of an interval to decide on instead of the figure itself.

    Examples: `{interval: wilson, side: adverse, confidence: 95%}`
    """
    timezone: str | None = None
    """The zone in which windows begin; the calendar's, else the book's, when left out.

    Examples: `America/New_York`
    """

    @model_validator(mode="after")
    def _can_be_meant(self) -> Metric:
        formulas = MEASURES[self.measure]
        if self.formula not in formulas and (self.formula is not None or "" not in formulas):
            raise StandardsError(no_formula(self.measure, self.formula, [name for name in formulas if name]))
        problems = list(faults_of(self))
        for path, read in (
            ("threshold", lambda: self.threshold is None or parse_duration(self.threshold)),
            ("short", lambda: self.short is None or parse_duration(self.short)),
            ("repeat_within", lambda: self.repeat_within is None or self.repeat),
            ("", lambda: self.frame),
        ):
            try:
                read()
            except StandardsError as failure:
                problems += [one.at(path=path or one.path) for one in failure.problems]
        if problems:
            raise StandardsError(problems)
        return self

    @property
    def spec(self) -> Formula:
        """The formula: its unit, and what it reads."""
        return MEASURES[self.measure][self.formula or ""]

    @cached_property
    def bound(self) -> Bound:
        """What the figure is compared with, exact.

        Raises:
            StandardsError: SV153, SV601, SV655.
        """
        written = self.at_least if self.at_least is not None else self.at_most
        ops: tuple[Op, Op] = ("ge", "gt") if self.at_least is not None else ("le", "lt")
        op = ops[self.boundary == "exclusive"]
        unit = self.spec.unit
        if unit == "share":
            return Bound(read_percent(written), op)
        if unit == "time":
            found = read_figure_bound({op: cast("Figure", written)})
            if found.unit == "time":
                return found
        else:
            number = number_from(str(written).strip().removesuffix("points").strip())
            if number is not None:
                return Bound(Fraction(number), op, unit)
        help_ = {"time": "write `30 seconds`.", "points": "write `50 points`.", "number": "write `4.2`."}[
            unit
        ]
        raise StandardsError(
            Problem("SV655", f"`{written!s:.40}` is not in the unit of {self.spec.says}.", help=help_)
        )

    @cached_property
    def frame(self) -> Objective:
        """Its windows, segments and samples, as those of any objective.

        Raises:
            StandardsError: SV150 to SV154, SV606, SV607.
        """
        names = ("window", "by", "dated_by", "min_sample", "max_unknown", "timezone")
        told = {name: getattr(self, name) for name in names if name in self.model_fields_set}
        frame = Objective(share="100%", **told)
        if frame.over.shape == "census":
            message = "a census counts what is open at an instant, and a metric what came of contacts."
            raise StandardsError(
                Problem("SV654", message, help="write a standard with such an objective.", path="window")
            )
        return frame

    @property
    def judged_by(self) -> tuple[Objective, ...]:
        """What tells cases apart for it; the figure itself is its own."""
        return (self.frame,)

    @property
    def placed_objectives(self) -> list[tuple[str, Objective]]:
        """Its windows, with their path."""
        return [("window", self.frame)]

    @property
    def certainty(self) -> DecideOn | None:
        """The interval that decides; None where the figure itself does."""
        return cast("DecideOn | None", self.decide_on)

    @property
    def scores(self) -> tuple[int, int]:
        """The lowest and the highest score that can be given."""
        if self.scale is not None:
            return self.scale[0], self.scale[1]
        return (1, 5) if self.measure == "ces" and self.formula == "mean" else SCALES[self.measure]

    @property
    def best(self) -> int:
        """How many of the best scores count."""
        return self.top if self.top is not None else TOPS.get(self.measure, 1)

    @property
    def promotes(self) -> int:
        """The lowest score of a promoter."""
        return 9 if self.promoter is None else self.promoter

    @property
    def detracts(self) -> int:
        """The highest score of a detractor."""
        return 6 if self.detractor is None else self.detractor

    @property
    def repeat(self) -> Repeat:
        """Until when another contact is a repeat.

        Raises:
            StandardsError: SV121, SV122, no length of time; SV655, none at all.
        """
        found = _DAYS.fullmatch(str(self.repeat_within).strip())
        repeat = Repeat(int(found[1])) if found else Repeat(None, parse_duration(str(self.repeat_within)))
        if repeat.days is None and not repeat.length_us:
            message = f"within `{self.repeat_within}` nobody comes back."
            raise StandardsError(Problem("SV655", message, help="write `7 days`, or `24 hours`."))
        return repeat

    @property
    def all_dimensions(self) -> Mapping[str, Dimension]:
        """Its dimensions as read."""
        return cast("Mapping[str, Dimension]", self.dimensions or {})

    @property
    def field_names(self) -> tuple[str, ...]:
        """The fields of the score, or of the times."""
        names = (self.field,) if isinstance(self.field, str) else tuple(self.field or ())
        return tuple(names)

    @cached_property
    def reads(self) -> tuple[Reads, ...]:
        """What it reads; indicators in place with the ids they are known by: `level.of`."""
        named = [("of", self.of), ("over", self.over)]
        return tuple(
            Reads(path, cast("Member", member).named(f"{self.id}.{path}", self))
            for path, member in named
            if member is not None
        )

    @property
    def parts(self) -> Iterator[tuple[str, Standard, Role]]:
        """The indicators written in place."""
        for path, part, _ in super().parts:
            yield path, part, "indicator"

    def compile(self, book: Surroundings) -> RollupPlan:
        """Return which of the cases that it reads it counts; it has no case of its own."""
        environment = book.environment(book.find(self.calendar))
        exclusions: tuple[Exclusion, ...] = compile_exclusions(self.exclusions, environment)
        case = self.case_fields or book.case
        return RollupPlan(self.id, case, self.unit, applies_when(self, environment), exclusions)

    def unjoined(self, cases: Mapping[str, tuple[str, ...]], own: tuple[str, ...]) -> list[Problem]:  # noqa: ARG002
        """Return nothing: a metric counts cases, whatever names them."""
        return []

    def words(self) -> str:
        """Return the metric as its attainments name it: `service_level (abandoned_in_base) 80% a day`."""
        formula = f" ({self.formula})" if self.formula else ""
        return f"{self.measure}{formula} {self.bound} {self._window_words()}"

    def _window_words(self) -> str:
        by = f" by {', '.join(self.frame.segments)}" if self.frame.segments else ""
        return self.frame.over.words() + by

    def sentence(self, book: Surroundings | None = None) -> str:  # noqa: ARG002 - it is of no case
        """Return the metric as one sentence of English that a manager could sign."""
        return f"Of all cases{framed(self, ()).removeprefix('For each case')}"

    def promise(self) -> str:
        """Return the metric in English."""
        within = f" within {self.threshold}" if self.threshold else ""
        short = f", those of less than {self.short} apart," if self.short else ""
        of = cast("Member", self.of).named(f"{self.id}.of", self).words()
        return (
            f"{self.spec.says}{within} of {of}{short} must be {self.bound.sentence()} {self._window_words()}"
            f"{qualified(self.frame)}{self._settings_words()}"
        )

    def _settings_words(self) -> str:
        """Return what else decides the figure, as it was written."""
        said = [
            f"{name.replace('_', ' ')} {_listed(held, ' to ' if name == 'scale' else ' and ')}"
            for name in _SETTINGS
            if (held := getattr(self, name)) is not None
        ]
        if self.decide_on is not None:
            said.append(f"decided on {cast('DecideOn', self.decide_on).words()}")
        return f" ({', '.join(said)})" if said else ""


def _listed(held: object, between: str) -> str:
    """Return a setting, or the several of one, as written; a selector in words."""
    if isinstance(held, Selection):
        return held.sentence()
    if isinstance(held, Sequence) and not isinstance(held, str):
        return between.join(map(str, held))
    return str(held)
