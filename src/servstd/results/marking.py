"""What a verdict is marked with for its objectives: its segments, its weights, and the row of overrides that holds."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from fractions import Fraction
from typing import TYPE_CHECKING, NamedTuple, cast

from servstd.conditions.candidates import Candidates
from servstd.conditions.tree import every
from servstd.events.values import key_text
from servstd.expressions import ABSENT, FieldFacts, OverlaidFacts, look_up
from servstd.expressions.nodes import exact_number
from servstd.standards import Rollup
from servstd.standards.figures import READ
from servstd.standards.segments import segment_of
from servstd.standards.terms import asked_of, effective_at

if TYPE_CHECKING:
    from servstd.book import Book
    from servstd.conditions import Environment
    from servstd.conditions.tree import Decide
    from servstd.engine import Obligation
    from servstd.events.log import Log
    from servstd.expressions import Expression
    from servstd.rollups.rolling import Found
    from servstd.standards import Metric, Standard
    from servstd.standards.rows import ObjectiveRow
    from servstd.standards.selector import Selection

OWN = -1
"""The row of a verdict for which the standard's own objectives hold."""


class Marks(NamedTuple):
    """Be what one verdict is marked with."""

    segments: Mapping[str, str]
    """The segment of each name that an objective asks for; a field that is not carried is left out."""
    weights: Mapping[str, int | Fraction]
    """What it weighs, by the weight as written."""
    row: int
    """Which of the standard's rows of objectives holds; `OWN` where none does."""


NOTHING = Marks({}, {}, OWN)
Marker = Callable[["Obligation", Mapping[str, object]], Marks]
"""What marks a verdict, by what its case carries as last known."""


def marker_of(standard: Standard, book: Book, log: Log, unit: str) -> Marker | None:
    """Return what marks the verdicts of a standard; None where its objectives ask nothing of their cases.

    Fields count as last known, as in `exclude`: a case is of one segment, whatever it was called on the way. `time`,
    and what an event carries, are those of the event that opened the obligation.

    Args:
        standard: The standard.
        book: Whose segments and calendars its conditions ask.
        log: The events that are known.
        unit: What the standard counts.
    """
    objectives = [*standard.judged_by, *(one for row in standard.objective_rows for one in row.objectives)]
    names = sorted({name for one in objectives for name in one.segments})
    weights = {
        one.weight: one.weighs for one in objectives if one.weight is not None and one.weighs is not None
    }
    if not names and not weights and not standard.objective_rows:
        return None
    return _Marker(standard, book, log, names, weights=weights, unit=unit)


def flows_of(metric: Metric, book: Book, log: Log) -> Callable[[Found], bool] | None:
    """Return what tells whether a contact left for another queue, by the event that ended it; None where none does.

    Args:
        metric: The metric, which may name such events.
        book: Within which its selector is compiled.
        log: The events that are known.
    """
    if metric.flowed_out is None:
        return None
    surroundings = book.surroundings
    environment = surroundings.environment(surroundings.find(metric.calendar))
    selector = cast("Selection", metric.flowed_out).compile_any(environment)

    def flows(one: Found) -> bool:
        ended_by = one.obligation.ended_by
        if one.obligation.outcome != "cancelled" or not 0 <= ended_by < len(log):
            return False
        row = log.row(ended_by)
        return selector.takes(row.kind, FieldFacts(row.fields, one.told, row.time_us, row.kind))

    return flows


class _Marker:
    """Mark verdicts of one standard."""

    def __init__(
        self,
        standard: Standard,
        book: Book,
        log: Log,
        names: list[str],
        *,
        weights: Mapping[str, Expression],
        unit: str,
    ) -> None:
        surroundings = book.surroundings
        chosen = standard.as_chosen
        environment = surroundings.environment(surroundings.find(chosen.calendar), chosen.counting_rule)
        self._named = {
            name: segments.compile(environment)
            for name, segments in surroundings.segments.items()
            if name in names or any(name in row.fields for row in standard.objective_rows)
        }
        self._names, self._weights, self._unit = names, weights, unit
        self._reads_figures = any(
            one.name in READ and not one.scope for weight in weights.values() for one in weight.references
        )
        rows = standard.objective_rows
        self._rows: list[Decide] = [every(_conditions_of(row, environment)) for row in rows]
        self._candidates = Candidates(asked_of(row.when, row.chosen_by) for row in rows)
        # A rollup's verdict is opened by no event of its own.
        self._log = log if (self._rows or self._named) and not isinstance(standard, Rollup) else None

    def __call__(self, obligation: Obligation, known: Mapping[str, object]) -> Marks:
        named: dict[str, str] = {}
        facts = FieldFacts(self._opening(obligation), known, obligation.started_at)
        for name, parts in self._named.items():
            named[name] = segment_of(parts, facts)
        segments = {
            name: named[name] if name in named else key_text(look_up(known, name))
            for name in self._names
            if name in named or look_up(known, name) is not ABSENT
        }
        shown = OverlaidFacts(facts, named) if named else facts
        row = next((place for place in self._candidates.places(shown) if self._rows[place](shown)), OWN)
        return Marks(segments, self._weigh(obligation, known), row)

    def _opening(self, obligation: Obligation) -> Mapping[str, object]:
        """Return what the event carries that opened an obligation; nothing where no event did."""
        if self._log is None or not 0 <= obligation.opened_by < len(self._log):
            return {}
        return self._log.row(obligation.opened_by).fields

    def _weigh(self, obligation: Obligation, known: Mapping[str, object]) -> dict[str, int | Fraction]:
        """Return the numbers that the verdict is weighed by; what is no number, or less than 0, is no weight."""
        told = obligation.figures(self._unit) if self._reads_figures else {}
        facts = FieldFacts(told, known, obligation.started_at)
        numbers = {written: exact_number(weight.evaluate(facts)) for written, weight in self._weights.items()}
        return {written: number for written, number in numbers.items() if number is not None and number >= 0}


def _conditions_of(row: ObjectiveRow, environment: Environment) -> list[Decide]:
    """Return what must hold for a row of objectives to be that of a case."""
    effective = [] if row.effective is None else [effective_at(row.effective, environment)]
    return [*effective, *(one.compile(environment) for one in asked_of(row.when, row.chosen_by))]
