"""Figures of contact centres: service level by named formula, waits, handling, occupancy, resolution."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Literal

from servstd.errors import Problem
from servstd.statistics.inputs import (
    Number,
    bad_choice,
    bad_count,
    bad_number,
    bad_part,
    exact,
    refuse,
)

ServiceLevelFormula = Literal[
    "abandoned_in_met",
    "abandoned_ignored",
    "abandoned_in_base",
    "abandoned_in_excluded",
    "abandoned_short_met",
    "abandoned_short_excluded",
    "flowed_out_in_base",
    "cisco_ignore",
    "cisco_negative",
    "cisco_positive",
]
"""How calls that were abandoned count; one answer to `80 % in 20 seconds` differs from the next by several points."""


@dataclass(frozen=True, slots=True)
class Calls:
    """Count the calls of a window by what became of them.

    `in` is within the threshold (20 seconds), the threshold itself included. Counts that a formula does not read
    may be left out.

    Args:
        answered_in: Answered within the threshold.
        answered: Answered in all.
        abandoned: Given up by the caller, in all.
        abandoned_in: Given up within the threshold.
        abandoned_short: Given up within a shorter time (5 seconds), before anybody could have answered.
        waiting_long: Still waiting, longer than the threshold; only Cisco's formulas count them.
        flowed_out: Left for another queue before anybody answered; only `flowed_out_in_base` counts them.

    Raises:
        StatisticsError: SV670 no count, SV671 more within the threshold than in all.

    Example:
        >>> Calls(answered_in=860, answered=1000, abandoned=60, abandoned_in=20).offered
        1060
    """

    answered_in: int
    answered: int
    abandoned: int = 0
    abandoned_in: int | None = None
    abandoned_short: int | None = None
    waiting_long: int = 0
    flowed_out: int = 0

    def __post_init__(self) -> None:
        refuse(
            bad_part("answered_in", self.answered_in, "answered", self.answered),
            bad_count("waiting_long", self.waiting_long),
            bad_count("flowed_out", self.flowed_out),
            bad_count("abandoned", self.abandoned),
        )
        for name in ("abandoned_in", "abandoned_short"):
            part = getattr(self, name)
            refuse(None if part is None else bad_part(name, part, "abandoned", self.abandoned))

    @property
    def offered(self) -> int:
        """Answered and abandoned: all calls whose fate this queue knows."""
        return self.answered + self.abandoned

    def without_short(self) -> Calls:
        """Return the counts as if short abandons had not called, for use with any formula.

        Raises:
            StatisticsError: SV676 they are not counted.
        """
        short = _needed(self, "abandoned_short", "counts without short abandons")
        within = None if self.abandoned_in is None else max(self.abandoned_in - short, 0)
        return replace(self, abandoned=self.abandoned - short, abandoned_in=within, abandoned_short=0)


def service_level(calls: Calls, formula: ServiceLevelFormula) -> Fraction | None:
    """Return the share of calls answered in time, by a named formula.

    The name has to be said, for the same calls give 81 % or 86 %. With `in` for within the threshold:

    | name | formula |
    |---|---|
    | `abandoned_in_met` | (answered in + abandoned in) ÷ (answered + abandoned) |
    | `abandoned_ignored` | answered in ÷ answered; callers who gave up are not there |
    | `abandoned_in_base` | answered in ÷ (answered + abandoned); whoever gives up was failed |
    | `abandoned_in_excluded` | answered in ÷ (answered + abandoned later); who gives up early counts nowhere |
    | `abandoned_short_met` | (answered in + abandoned short) ÷ (answered + abandoned) |
    | `abandoned_short_excluded` | answered in ÷ (answered + abandoned − abandoned short) |
    | `flowed_out_in_base` | answered in ÷ (answered + abandoned + flowed out); who is sent on was failed too |
    | `cisco_ignore` | answered in ÷ (events − abandoned in) |
    | `cisco_negative` | answered in ÷ events |
    | `cisco_positive` | (answered in + abandoned in) ÷ events |

    Cisco's events are also the calls that still wait, longer than the threshold; its short calls are left out
    before (`Calls.without_short`).

    Args:
        calls: The counts.
        formula: The name.

    Returns:
        The share, or None where the base is empty.

    Raises:
        StatisticsError: SV674 no such formula, SV676 a count that it needs is not given.

    Source:
        The first three, `abandoned_in_excluded` and `abandoned_short_met`: ICMI, QueueTips, 1 July 2002, formulas 1, 2,
        3, 4 and 5. `abandoned_short_excluded`: RingCentral, CallQueueServiceLevelSettings. `flowed_out_in_base`:
        Genesys Cloud, Configure the service level calculation. Cisco: Unified ICM user guide, Service Level Formulas,
        tables 3 and 4.

    Example:
        >>> calls = Calls(answered_in=860, answered=1000, abandoned=60, abandoned_in=20)
        >>> round(float(service_level(calls, "abandoned_in_base")), 3)
        0.811
        >>> round(float(service_level(calls, "abandoned_ignored")), 3)
        0.86
    """
    refuse(bad_choice("formula", formula, SERVICE_LEVEL))
    in_time, base = SERVICE_LEVEL[formula](calls)
    return Fraction(in_time, base) if base else None


def _in(calls: Calls) -> int:
    return _needed(calls, "abandoned_in", "the formula")


def _short(calls: Calls) -> int:
    return _needed(calls, "abandoned_short", "the formula")


def _events(calls: Calls) -> int:
    return calls.offered + calls.waiting_long


SERVICE_LEVEL: Mapping[str, Callable[[Calls], tuple[int, int]]] = {
    "abandoned_in_met": lambda calls: (calls.answered_in + _in(calls), calls.offered),
    "abandoned_ignored": lambda calls: (calls.answered_in, calls.answered),
    "abandoned_in_base": lambda calls: (calls.answered_in, calls.offered),
    "abandoned_in_excluded": lambda calls: (calls.answered_in, calls.offered - _in(calls)),
    "abandoned_short_met": lambda calls: (calls.answered_in + _short(calls), calls.offered),
    "abandoned_short_excluded": lambda calls: (calls.answered_in, calls.offered - _short(calls)),
    "flowed_out_in_base": lambda calls: (calls.answered_in, calls.offered + calls.flowed_out),
    "cisco_ignore": lambda calls: (calls.answered_in, _events(calls) - _in(calls)),
    "cisco_negative": lambda calls: (calls.answered_in, _events(calls)),
    "cisco_positive": lambda calls: (calls.answered_in + _in(calls), _events(calls)),
}
"""By name, the calls in time and the calls they are a share of."""


# -- means and rates ---------------------------------------------------------------------------------------------------


def average_speed_of_answer(waited: Number, answered: int) -> Fraction | None:
    """Return the mean wait of answered calls, in the unit of `waited`.

    A caller who gave up has no speed of answer; his wait is not in it. The mean says little of the longest.

    Args:
        waited: The waits of all answered calls together.
        answered: How many they are.

    Raises:
        StatisticsError: SV670 no count, SV672 no amount.

    Source:
        Cleveland, B. (2012), Call Center Management on Fast Forward, 3rd ed.

    Example:
        >>> average_speed_of_answer(1_500, 100)
        Fraction(15, 1)
    """
    refuse(bad_number("waited", waited, least=0), bad_count("answered", answered))
    return exact(waited) / answered if answered else None


def average_handling_time(
    *, talked: Number, held: Number = 0, wrapped_up: Number = 0, handled: int
) -> Fraction | None:
    """Return (talk + hold + wrap-up) ÷ contacts handled, in the unit of the times.

    Args:
        talked: Time in conversation, of all contacts together.
        held: Time on hold during them.
        wrapped_up: Work after them that keeps an agent from the next.
        handled: How many contacts.

    Raises:
        StatisticsError: SV670 no count, SV672 no amount.

    Source:
        Cleveland, B. (2012), Call Center Management on Fast Forward, 3rd ed.

    Example:
        >>> average_handling_time(talked=12_000, held=2_000, wrapped_up=4_000, handled=100)
        Fraction(180, 1)
    """
    refuse(
        bad_number("talked", talked, least=0),
        bad_number("held", held, least=0),
        bad_number("wrapped_up", wrapped_up, least=0),
        bad_count("handled", handled),
    )
    return (exact(talked) + exact(held) + exact(wrapped_up)) / handled if handled else None


def abandonment_rate(abandoned: int, offered: int, *, short: int = 0) -> Fraction | None:
    """Return the share of callers who gave up; short abandons count neither above nor below the line.

    Args:
        abandoned: Given up, short ones among them.
        offered: Answered and abandoned.
        short: Given up too soon to be blamed on the wait.

    Raises:
        StatisticsError: SV670 no count, SV671 more abandoned than offered.

    Source:
        Cleveland, B. (2012), Call Center Management on Fast Forward, 3rd ed.; leaving out short calls is a choice.

    Example:
        >>> abandonment_rate(50, 1000), abandonment_rate(50, 1000, short=10)
        (Fraction(1, 20), Fraction(4, 99))
    """
    refuse(
        bad_part("abandoned", abandoned, "offered", offered), bad_part("short", short, "abandoned", abandoned)
    )
    return Fraction(abandoned - short, offered - short) if offered > short else None


def occupancy(handling: Number, waiting: Number) -> Fraction | None:
    """Return the share of their ready time that agents spent on contacts: handling ÷ (handling + waiting).

    Breaks, meetings and training are in neither; they are shrinkage.

    Args:
        handling: Talk, hold and wrap-up, in any unit of time.
        waiting: Ready, without a contact, in the same unit.

    Raises:
        StatisticsError: SV672 no amount.

    Source:
        Cleveland, B. (2012), Call Center Management on Fast Forward, 3rd ed.

    Example:
        >>> occupancy(42, 8)
        Fraction(21, 25)
    """
    refuse(bad_number("handling", handling, least=0), bad_number("waiting", waiting, least=0))
    ready = exact(handling) + exact(waiting)
    return exact(handling) / ready if ready else None


def transfer_rate(transferred: int, handled: int) -> Fraction | None:
    """Return the share of contacts that were passed on to somebody else.

    Raises:
        StatisticsError: SV670 no count, SV671 more transferred than handled.

    Source:
        Cleveland, B. (2012), Call Center Management on Fast Forward, 3rd ed.

    Example:
        >>> transfer_rate(12, 200)
        Fraction(3, 50)
    """
    refuse(bad_part("transferred", transferred, "handled", handled))
    return Fraction(transferred, handled) if handled else None


def first_contact_resolution(resolved_first: int, issues: int) -> Fraction | None:
    """Return the share that needed no further contact: of issues, or of contacts.

    What `resolved` means is decided before counting: no repeat within some days, or a flag. So is the base. Of issues,
    a repeat is the failure of the first contact and no case of its own: three calls about one issue are one failure.
    Of contacts, each counts, and is resolved if none follows it: of those three, two failed and the last did not.

    Args:
        resolved_first: Issues without a second contact, or contacts that none follows; or flagged so.
        issues: All issues, or all contacts, whose time to come back has passed.

    Raises:
        StatisticsError: SV670 no count, SV671 more resolved than there are.

    Source:
        Cleveland, B. (2012), Call Center Management on Fast Forward, 3rd ed. There is no common method: ICMI,
        QueueTips, 1 July 2003. Of contacts: 1 − repeats ÷ contacts, as Call Centre Helper has it.

    Example:
        >>> first_contact_resolution(74, 100)
        Fraction(37, 50)
    """
    refuse(bad_part("resolved_first", resolved_first, "issues", issues))
    return Fraction(resolved_first, issues) if issues else None


def _needed(calls: Calls, name: str, what: str) -> int:
    value: int | None = getattr(calls, name)
    if value is None:
        refuse(Problem("SV676", f"{what} needs `{name}`, which is not counted.", path=name))
    return value or 0
