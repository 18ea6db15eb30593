"""A control chart of attainments in time, with the signals that the tests find."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from math import isfinite
from typing import TYPE_CHECKING, Any, Literal

from servstd.control.figures import Figures, figures_of
from servstd.control.sparkline import sparkline
from servstd.escaping import printable
from servstd.intervals import instant_us
from servstd.results.tables import html_table, plain_table
from servstd.results.wording import counted, iso_text, rough_text
from servstd.rollups import Attainment
from servstd.statistics.control_charts import (
    Chart,
    laney_p_chart,
    laney_u_chart,
    p_chart,
    u_chart,
    xmr_charts,
)
from servstd.statistics.inputs import bad_choice, bad_count, refuse
from servstd.statistics.special_causes import TESTS

if TYPE_CHECKING:
    from servstd.results.report import Report

Kind = Literal["p", "u", "laney_p", "laney_u", "xmr"]
"""`p` and `laney_p` draw the share met; `u` and `laney_u` breaches per judged; `xmr` any figure as it is."""

_Counts = list[tuple[int, int]]
_Drawing = Callable[..., Chart]
_OF_COUNTS: Mapping[str, _Drawing] = {
    "p": p_chart,
    "laney_p": laney_p_chart,
    "u": u_chart,
    "laney_u": laney_u_chart,
}
KINDS = (*_OF_COUNTS, "xmr")
_OVERDISPERSED = 1.5


@dataclass(frozen=True, slots=True)
class ChartSignal:
    """Be a window that chance alone would rarely give.

    Args:
        window: Its name.
        index: Its place in the chart, from 0.
        value: The figure there.
        is_above: Whether it lies above the centre.
        test: The name of the test that found it.
        source: Who published the test.
    """

    window: str
    index: int
    value: Fraction
    is_above: bool
    test: str
    source: str


@dataclass(frozen=True, eq=False, repr=False)
class ControlChart:
    r"""Hold a figure by window with its control limits: `print(chart)`, `.signals`, `.to_dict()`, `.to_altair()`.

    The limits describe what the process does, not what was promised: a service can be in control and miss its
    objective every month, and only a change of the service will help; or meet it and be out of control. Windows that
    are not over, or began before the log, are not drawn.

    Args:
        standard: The standard's id.
        title: Its title.
        objective: The objective, as text.
        kind: Which chart.
        unit: Of the figures: `share`, `time` (µs), `dates`, `number`, `rate`.
        windows: The attainments drawn, in order of time.
        left_out: The names of the windows that are not whole.
        chart: Values, centre, limits.
        moving: The moving ranges beside an `xmr` chart; None for the others.
        wandering: How many times as much the figures vary as chance alone would give; None for an `xmr` chart.

    Example:
        >>> import servstd
        >>> book = servstd.loads("timezone: UTC\nstandards: [{id: reply, kind: respond, case: id, start: asked,"
        ...                      " stop: answered, within: 1 hour, objective: 90% a day}]")
        >>> rows = [{"time": f"2026-03-{day:02d}T{9 + late:02d}:{case:02d}Z", "event": event, "id": f"{day}-{case}"}
        ...         for day in range(1, 10) for case in range(20) for event, late in
        ...         (("asked", 0), ("answered", 2 if case < (12 if day == 7 else day % 3) else 0))]
        >>> chart = servstd.evaluate(book, servstd.read_events(rows, time="time", event="event")).chart("reply")
        >>> [(one.window, one.test) for one in chart.signals]
        [('2026-03-07', 'beyond_limits')]
    """

    standard: str
    title: str
    objective: str
    kind: Kind
    unit: str
    windows: tuple[Attainment, ...]
    left_out: tuple[str, ...]
    chart: Chart
    moving: Chart | None = None
    wandering: float | None = None

    @property
    def signals(self) -> tuple[ChartSignal, ...]:
        """Every signal, in the order of windows; those of the moving ranges come after those of the values."""
        charts = [self.chart] if self.moving is None else [self.chart, self.moving]
        return tuple(
            ChartSignal(
                self.windows[one.index].window,
                one.index,
                chart.values[one.index] or Fraction(0),
                (chart.values[one.index] or 0) > chart.centre,
                one.test if chart is self.chart else f"moving_range_{one.test}",
                TESTS[one.test].source,
            )
            for chart in charts
            for one in chart.signals
        )

    @property
    def is_in_control(self) -> bool:
        """Whether no test found anything."""
        return not self.signals

    def to_dict(self) -> dict[str, object]:
        """Return it as JSON writes it; figures as floats, for reading."""
        return {
            "standard": self.standard,
            "title": self.title,
            "objective": self.objective,
            "kind": self.kind,
            "unit": self.unit,
            "centre": float(self.chart.centre),
            "spread": self.chart.spread,
            "wandering": self.wandering,
            "is_in_control": self.is_in_control,
            "points": [self._point(place) for place in range(len(self.windows))],
            "signals": [
                {"window": one.window, "value": float(one.value), "test": one.test, "source": one.source}
                for one in self.signals
            ],
            "left_out": list(self.left_out),
        }

    def _point(self, place: int) -> dict[str, object]:
        one, chart = self.windows[place], self.chart
        value = chart.values[place]
        start = one.window_start
        return {
            "window": one.window,
            "start": None if start is None else iso_text(instant_us(start)),
            "judged": one.judged,
            "met": one.met,
            "value": None if value is None else float(value),
            "lower": _finite(chart.lower[place]),
            "upper": _finite(chart.upper[place]),
        }

    def to_vega(self) -> dict[str, Any]:
        """Return the picture as a Vega-Lite specification; nothing needs to be installed."""
        from servstd.control.picture import vega_of  # noqa: PLC0415 - only when asked

        return vega_of(self)

    def to_altair(self) -> Any:
        """Return the picture for a notebook.

        Raises:
            ImportError: Altair is not installed (`pip install "servstd[plot]"`).
        """
        import altair as alt  # noqa: PLC0415 - an extra

        return alt.Chart.from_dict(self.to_vega())

    def __str__(self) -> str:
        marked = {one.index for one in self.signals}
        picture = sparkline([one.window for one in self.windows], self.chart.values, marked)
        table = plain_table(_HEADER, self._rows(), right=(1, 2, 3)) if self.signals else ""
        parts = [f"{self.standard}  {self.title}".rstrip(), self._head(), "", picture]
        return printable_lines(
            [*parts, *(["", table] if table else []), *(f"\n{note}" for note in self._notes())]
        )

    def __repr__(self) -> str:
        windows, found = counted(len(self.windows), "window"), counted(len(self.signals), "signal")
        return f"<ControlChart: {printable(self.standard)}, {self.kind}, {windows}, {found}>"

    def _repr_html_(self) -> str:
        rows = [
            [one.window, f"{one.met:,} of {one.judged:,}", self._text(self.chart.values[place]),
             self._text(self.chart.lower[place]), self._text(self.chart.upper[place]), ", ".join(
                 signal.test.replace("_", " ") for signal in self.signals if signal.index == place)]
            for place, one in enumerate(self.windows)
        ]  # fmt: skip
        header = ("window", "met", "figure", "lower", "upper", "signal")
        return html_table(header, rows, f"{self.standard} {self.title}: {self._head()}", right=(1, 2, 3, 4))

    def _head(self) -> str:
        state = "in control" if self.is_in_control else counted(len(self.signals), "signal")
        windows = counted(len(self.windows), "window")
        return f"{_NAMES[self.kind]} of {self.objective}: {windows}, centre {self._text(self.chart.centre)}, {state}"

    def _notes(self) -> list[str]:
        found = []
        if self.wandering is not None and self.wandering > _OVERDISPERSED:
            says = f"The figures vary {self.wandering:.1f} times as much as chance alone would give"
            other = "" if self.kind.startswith("laney") else f"; `laney_{self.kind}` allows for it"
            found.append(f"{says}{other}.")
        if self.left_out:
            found.append(f"Not drawn, because not whole: {', '.join(self.left_out)}.")
        return found

    def _rows(self) -> list[list[str]]:
        chart = self.chart
        return [
            [
                one.window,
                self._text(one.value),
                self._text(chart.lower[one.index]),
                self._text(chart.upper[one.index]),
                f"{'above' if one.is_above else 'below'}: {one.test.replace('_', ' ')}",
            ]
            for one in self.signals
        ]

    def _text(self, value: Fraction | float | None) -> str:
        if value is None or not isfinite(value):
            return "-"
        if self.kind in ("p", "laney_p") or self.unit == "share":
            return f"{float(value) * 100:.1f}%"
        return rough_text(round(value)) if self.unit == "time" else f"{Decimal(float(value)):.3g}"


def printable_lines(parts: Iterable[str]) -> str:
    """Return lines whose texts cannot steer a terminal."""
    return "\n".join(printable(line) for part in parts for line in part.split("\n"))


_HEADER = ("window", "figure", "lower", "upper", "signal")
_NAMES: Mapping[str, str] = {
    "p": "p chart",
    "laney_p": "Laney p′ chart",
    "u": "u chart",
    "laney_u": "Laney u′ chart",
    "xmr": "XmR chart",
}


def _finite(value: float | None) -> float | None:
    return value if value is not None and isfinite(value) else None


def chart_of(
    report: Report,
    standard: str,
    *,
    kind: Kind | None = None,
    window: str | Mapping[str, Any] | None = None,
    objective: int | None = None,
    where: Mapping[str, str] | None = None,
    base: int | None = None,
    tests: Iterable[str] | None = None,
) -> ControlChart:
    """Return the control chart of a standard's attainments in time; `report.chart` calls this.

    Args:
        report: The report.
        standard: The standard's id.
        kind: `p`, `u`, `laney_p`, `laney_u` or `xmr`; left out, `p` for shares and `xmr` for other figures.
        window: Over what, instead of the objective's own window: `week`.
        objective: Which of the standard's objectives, from 0.
        where: Only verdicts with these traits: `{"region": "North"}`.
        base: The first so many windows set centre and limits, to judge the later ones by; all when left out.
        tests: Names of tests for special causes; the four of Western Electric when left out.

    Raises:
        EvaluationError: SV410 no such standard, SV683 no windows that follow each other, SV685 no such trait.
        StandardsError: SV152 no such window.
        StatisticsError: SV670 no `base`, SV674 no such kind or test, or a kind of counts for a mean, SV675 too few
            windows.
    """
    figures = figures_of(report, standard, window=window, objective=objective, where=where)
    chosen = kind or ("p" if figures.statistic == "share" else "xmr")
    refuse(
        bad_choice("kind", chosen, KINDS if figures.statistic == "share" else ("xmr",)),
        None if base is None else bad_count("base", base, least=1),
    )
    part = None if base is None else slice(0, base)
    chart, moving, wandering = _drawn(figures, chosen, part, tests)
    return ControlChart(
        standard=standard,
        title=report.book[standard].title or "",
        objective=figures.objective,
        kind=chosen,
        unit="rate" if chosen in ("u", "laney_u") else figures.windows[0].unit,
        windows=figures.windows,
        left_out=figures.left_out,
        chart=chart,
        moving=moving,
        wandering=wandering,
    )


def _drawn(
    figures: Figures, kind: str, base: slice | None, tests: Iterable[str] | None
) -> tuple[Chart, Chart | None, float | None]:
    if kind == "xmr":
        values = [one.exact_value for one in figures.windows]
        return *xmr_charts(values, base=base, tests=tests), None
    is_share = kind in ("p", "laney_p")
    counts: _Counts = [(one.met if is_share else one.breached, one.judged) for one in figures.windows]
    chart = _OF_COUNTS[kind](counts, base=base, tests=tests)
    if sum(bool(judged) for _, judged in counts[base or slice(None)]) < 2:
        return chart, None, None
    return chart, None, (laney_p_chart if is_share else laney_u_chart)(counts, base=base).spread
