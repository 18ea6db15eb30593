"""The named measures of a metric: their formulas, their units, the settings that each of them reads."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal, get_args

from servstd.statistics.contact_centre import SERVICE_LEVEL

MeasureName = Literal[
    "service_level",
    "asa",
    "aht",
    "abandonment",
    "occupancy",
    "longest_wait",
    "fcr",
    "transfers",
    "csat",
    "nps",
    "ces",
    "servqual",
    "response_rate",
]
Unit = Literal["share", "time", "number", "points"]

SETTINGS = (
    "threshold", "short", "field", "over", "scale", "top", "promoter", "detractor", "repeat_within", "match",
    "dimensions", "flowed_out",
)  # fmt: skip
"""What a measure may read beside its indicator."""


@dataclass(frozen=True, slots=True)
class Formula:
    """Say what one formula is and what it needs.

    Args:
        unit: Of its figure.
        says: The figure in English.
        needs: The settings that it cannot do without.
        takes: Further settings that it reads.
        less_is_better: Whether an upper bound is the usual promise.
        reads: What its indicator measures: `time`, `time of short` (where short contacts are told apart), `count`,
            `flag`; empty for a formula that does not ask.
    """

    unit: Unit
    says: str
    needs: tuple[str, ...] = ()
    takes: tuple[str, ...] = ()
    less_is_better: bool = False
    reads: Literal["", "time", "time of short", "count", "flag"] = ""


_NEEDED: Mapping[str, Sequence[str]] = {
    "abandoned_short_met": ("short",),
    "abandoned_short_excluded": ("short",),
    "flowed_out_in_base": ("flowed_out",),
}

MEASURES: Mapping[str, Mapping[str, Formula]] = {
    "service_level": {
        name: Formula(
            "share",
            f"the service level ({name.replace('_', ' ')})",
            ("threshold", *_NEEDED.get(name, ())),
            tuple(one for one in ("short", "flowed_out") if one not in _NEEDED.get(name, ())),
            reads="time",
        )
        for name in SERVICE_LEVEL
    },
    "asa": {
        "": Formula(
            "time", "the mean wait of those answered", takes=("field",), less_is_better=True, reads="time"
        )
    },
    "aht": {
        "": Formula("time", "the mean handling time", takes=("field",), less_is_better=True, reads="time")
    },
    "abandonment": {
        "": Formula(
            "share",
            "the share of those who gave up",
            takes=("short", "flowed_out"),
            less_is_better=True,
            reads="time of short",
        )
    },
    "occupancy": {"": Formula("share", "the share of ready time spent on contacts", ("over",), reads="time")},
    "longest_wait": {
        "": Formula("time", "the longest wait", takes=("field",), less_is_better=True, reads="time")
    },
    "fcr": {
        "by_flag": Formula("share", "the share of contacts that resolved their issue at once", reads="flag"),
        "by_repeat": Formula(
            "share",
            "the share of issues whose first contact was not followed by another",
            ("repeat_within", "match"),
        ),
        "by_contact": Formula(
            "share", "the share of contacts that were not followed by another", ("repeat_within", "match")
        ),
    },
    "transfers": {
        "": Formula("share", "the share of contacts that were passed on", less_is_better=True, reads="count")
    },
    "csat": {
        "top_box": Formula("share", "the share of satisfied answers", ("field",), ("scale", "top")),
        "mean": Formula("number", "the mean satisfaction", ("field",), ("scale",)),
    },
    "nps": {"": Formula("points", "the net promoter score", ("field",), ("scale", "promoter", "detractor"))},
    "ces": {
        "top_box": Formula("share", "the share that found it easy", ("field",), ("scale", "top")),
        "mean": Formula("number", "the mean effort", ("field",), ("scale",), less_is_better=True),
        "net": Formula("points", "the net easy score", ("field",), ("scale", "top")),
    },
    "servqual": {
        "": Formula("number", "the weighted gap between what was perceived and expected", ("dimensions",))
    },
    "response_rate": {"": Formula("share", "the share of those asked who answered")},
}
"""By measure, its formulas by name; `""` where there is only one."""

MEASURE_NAMES: tuple[str, ...] = get_args(MeasureName)
OF_CUSTOMERS = ("csat", "nps", "ces", "servqual")
"""What customers themselves say of the service."""

SCALES: Mapping[str, tuple[int, int]] = {"csat": (1, 5), "nps": (0, 10), "ces": (1, 7)}
"""The scale of each survey where the book names none; CES 1.0 has one of five."""

TOPS: Mapping[str, int] = {"csat": 2, "ces": 3}
"""How many of the best scores count where the book does not say."""


def settings_of(formula: Formula) -> Sequence[str]:
    """Return the settings that a formula reads."""
    return (*formula.needs, *formula.takes)
