"""Burn alerts: whether the budget of an objective goes too fast, as of an instant."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from fractions import Fraction

from servstd.rollups.figures import rate_text, written_rate
from servstd.rollups.sample import Columns, Sample
from servstd.rollups.tally import Tally, tallies_of
from servstd.rollups.windowing import Span, cut_of
from servstd.standards.objective import Objective
from servstd.statistics.budgets import BurnRate, burn_rate, is_burning


@dataclass(frozen=True, slots=True)
class Burn:
    """Be what one alert says of one segment, as of the instant of the report.

    Args:
        standard: The standard's id.
        objective: The objective as text.
        segment: The segment; empty for all cases together.
        alert: The alert in words.
        factor: The burn rate that alerts.
        long_rate: The burn rate in the long stretch; None where nothing was judged in it; `inf` where something was
            breached and nothing may be.
        short_rate: That in the short one.
        is_burning: Whether both are faster than the factor.
    """

    standard: str
    objective: str
    segment: str
    alert: str
    factor: Fraction
    long_rate: BurnRate | None
    short_rate: BurnRate | None
    is_burning: bool

    def to_dict(self) -> dict[str, object]:
        """Return it as JSON writes it: rates as numbers, `infinite` where nothing may be breached."""
        return {
            "standard": self.standard,
            "objective": self.objective,
            "segment": self.segment,
            "alert": self.alert,
            "factor": float(self.factor),
            "long_rate": written_rate(self.long_rate),
            "short_rate": written_rate(self.short_rate),
            "is_burning": self.is_burning,
        }

    def __str__(self) -> str:
        rates = f"{rate_text(self.long_rate)} and {rate_text(self.short_rate)}"
        rates += f"; more than {rate_text(self.factor)} alerts"
        of = f" ({self.segment})" if self.segment else ""
        return f"{self.standard}{of}, {self.objective}: {self.alert}: {rates}"


def burns_of(
    standard: str,
    objective: Objective,
    columns: Columns,
    rows: Iterable[int],
    *,
    timezone: str,
    as_of_us: int,
    of: str = "",
) -> Iterator[Burn]:
    """Yield what each alert of an objective says of each segment.

    A stretch reaches back from `as_of`, which is in it; what is dated later is not. The window that holds `as_of` says
    how long the budget is to last.

    Args:
        standard: The standard's id.
        objective: A share, with alerts.
        columns: Verdict columns.
        rows: The positions of the standard's verdicts.
        timezone: The zone in which windows begin.
        as_of_us: The instant of the judgement.
        of: For which cases the objective holds, where it does not for all.
    """
    if not objective.burn_alerts:
        return
    sample = Sample.of(objective, columns, list(rows))
    instants = sample.instants(objective.dated_by, as_of_us)
    segments = sample.segments or [""] * len(instants)
    length = _window_us(objective, timezone, as_of_us)
    for segment in sorted(set(segments)) or [""]:
        chosen = [
            (at, outcome)
            for at, outcome, one in zip(instants, sample.outcomes, segments, strict=True)
            if one == segment
        ]
        for alert in objective.burn_alerts:
            factor = alert.threshold(length)
            if factor is not None:
                long, short = (
                    _rate(objective, chosen, as_of_us, us) for us in (alert.long_us, alert.short_us)
                )
                yield Burn(
                    standard=standard,
                    objective=str(objective),
                    segment=", ".join(filter(None, (of, segment))),
                    alert=alert.words(),
                    factor=factor,
                    long_rate=long,
                    short_rate=short,
                    is_burning=is_burning(factor, long, short),
                )


def _rate(
    objective: Objective, chosen: list[tuple[int, str]], as_of_us: int, length_us: int
) -> BurnRate | None:
    told = [outcome for at, outcome in chosen if as_of_us - length_us < at <= as_of_us]
    return rate_of(objective, tallies_of([""] * len(told), told, None, None).get("", Tally()))


def rate_of(objective: Objective, tally: Tally) -> BurnRate | None:
    """Return how many times faster than allowed the budget of a share is used; None where nothing was judged.

    Example:
        >>> from servstd.standards import Objective
        >>> rate_of(Objective(share="99%", window="month"), Tally(met=95, breached=5))
        Fraction(5, 1)
    """
    if objective.statistic.name != "share" or objective.weight is not None or tally.judged == 0:
        return None
    return burn_rate(objective.bound.kept.value, Fraction(tally.met, tally.judged))


def _window_us(objective: Objective, timezone: str, as_of_us: int) -> int | None:
    """Return the length of the window that holds an instant; None for everything and for no window."""
    if objective.over.shape in ("census", "busiest", "blocks"):
        return None
    span = Span(None, as_of_us)
    windows = cut_of(objective.over, timezone, span).windows({}, span, is_whole=True)
    return next((window.length_us for window, _ in windows), None)
