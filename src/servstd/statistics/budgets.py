"""Error budgets: how much may fail, how much has, how fast it goes, and when it is gone."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import inf

from servstd.errors import Problem
from servstd.statistics.inputs import (
    Number,
    bad_count,
    bad_number,
    bad_part,
    bad_share,
    exact,
    refuse,
    too_few,
)

BurnRate = Fraction | float
"""Exact, except for `math.inf`: something failed where nothing may."""


@dataclass(frozen=True, slots=True)
class Budget:
    """Hold the error budget of one window: 1 − share, of its events and of its time.

    Everything is signed and unrounded: more used than allowed is a negative rest, never 0. A share of 100 % allows
    nothing: no division takes place, one failure overspends it, and its burn rate is infinite, so that an alert on
    it is loud and not silent.

    Args:
        share: The share to reach, exact.
        attained: The share reached; None when nothing was counted.
        events: How many were counted; None where only the share is known.
        window_us: How long the window is, µs; None where the budget is not told as time.

    Raises:
        StatisticsError: SV670 no count, SV672 no length, SV673 no share.

    Source:
        Beyer, B. et al. (2018), The Site Reliability Workbook, chapters 2 and 5.

    Example:
        >>> budget = Budget.of_events(0.99, good=985, bad=15)
        >>> budget.allowed_events, budget.left_events, budget.burn_rate
        (Fraction(10, 1), Fraction(-5, 1), Fraction(3, 2))
        >>> Budget.of_events(1, good=9, bad=1).burn_rate
        inf
    """

    share: Fraction
    attained: Fraction | None
    events: int | None = None
    window_us: int | None = None

    @classmethod
    def of_events(cls, share: Number, *, good: int, bad: int, window_us: int | None = None) -> Budget:
        """Make a budget of counted events.

        Args:
            share: The share to reach: 0.99.
            good: How many were met.
            bad: How many were breached.
            window_us: How long the window is, µs.
        """
        refuse(
            bad_share("share", share), bad_count("good", good), bad_count("bad", bad), _bad_window(window_us)
        )
        return cls(exact(share), attained_share(good, bad), good + bad, window_us)

    @classmethod
    def of_share(cls, share: Number, *, attained: Number | None, window_us: int | None = None) -> Budget:
        """Make a budget where only the share reached is known.

        Args:
            share: The share to reach: 0.99.
            attained: The share reached; None when nothing was counted.
            window_us: How long the window is, µs.
        """
        refuse(
            bad_share("share", share),
            None if attained is None else bad_share("attained", attained),
            _bad_window(window_us),
        )
        return cls(exact(share), None if attained is None else exact(attained), None, window_us)

    @property
    def allowed(self) -> Fraction:
        """The share that may fail: 1 − share."""
        return 1 - self.share

    @property
    def used(self) -> Fraction | None:
        """The share that failed; None when nothing was counted."""
        return None if self.attained is None else 1 - self.attained

    @property
    def gap(self) -> Fraction | None:
        """By how much the share reached lies above the one to reach; negative below it."""
        return None if self.attained is None else self.attained - self.share

    @property
    def burn_rate(self) -> BurnRate | None:
        """How fast the budget goes: at 1 it lasts exactly for the window; infinite where nothing may fail."""
        return None if self.attained is None else burn_rate(self.share, self.attained)

    @property
    def consumed(self) -> BurnRate | None:
        """Which part of the budget is used, once its window is over; it may pass 1."""
        return self.burn_rate

    @property
    def left(self) -> BurnRate | None:
        """Which part of the budget is left: 1 − consumed, negative when overspent; clip it for display only."""
        return None if self.consumed is None else 1 - self.consumed

    @property
    def is_overspent(self) -> bool:
        """Whether more failed than may; what is used to the last is not overspent."""
        return self.used is not None and self.used > self.allowed

    @property
    def allowed_events(self) -> Fraction | None:
        """How many events may fail; a fraction: 0.675 of 135 is less than one."""
        return None if self.events is None else self.allowed * self.events

    @property
    def used_events(self) -> Fraction | None:
        """How many events failed."""
        return None if self.events is None else (self.used or Fraction(0)) * self.events

    @property
    def left_events(self) -> Fraction | None:
        """How many more may fail; negative when too many have."""
        if self.allowed_events is None or self.used_events is None:
            return None
        return self.allowed_events - self.used_events

    @property
    def is_less_than_one_event(self) -> bool:
        """Whether a single failure overspends a budget that is meant to allow some: the window is too thin."""
        return self.allowed_events is not None and 0 < self.allowed_events < 1

    @property
    def allowed_us(self) -> Fraction | None:
        """How much of the window may fail, µs: 43.2 minutes of 30 days at 99.9 %."""
        return None if self.window_us is None else self.allowed * self.window_us

    @property
    def used_us(self) -> Fraction | None:
        """How much of the window failed, µs: the failed share of its length."""
        return None if self.window_us is None or self.used is None else self.used * self.window_us

    @property
    def left_us(self) -> Fraction | None:
        """How much more of the window may fail, µs; negative when too much has."""
        return None if self.allowed_us is None or self.used_us is None else self.allowed_us - self.used_us


# -- shares of events and of slices of time ----------------------------------------------------------------------------


def attained_share(good: int, bad: int) -> Fraction | None:
    """Return good ÷ (good + bad): each event weighs the same (`occurrences`).

    Returns:
        The share, or None when there were no events.

    Raises:
        StatisticsError: SV670 no count.

    Source:
        OpenSLO specification v1, `budgetingMethod: Occurrences`.

    Example:
        >>> attained_share(99, 1), attained_share(0, 0)
        (Fraction(99, 100), None)
    """
    refuse(bad_count("good", good), bad_count("bad", bad))
    return Fraction(good, good + bad) if good + bad else None


def share_without(bad: int, total: int) -> Fraction | None:
    """Return 1 − bad ÷ total, for sources that count failures.

    Raises:
        StatisticsError: SV670 no count, SV671 more bad than there are.

    Example:
        >>> share_without(1, 100)
        Fraction(99, 100)
    """
    refuse(bad_part("bad", bad, "total", total))
    return Fraction(total - bad, total) if total else None


def timeslices(slices: Iterable[tuple[int, int]], slice_share: Number) -> Fraction | None:
    """Return the share of slices of time that were good, a slice being good when it reaches a share of its own.

    Each slice weighs the same, whatever its traffic; slices without events are left out.

    Args:
        slices: (good, bad) by slice.
        slice_share: The share that makes a slice good.

    Raises:
        StatisticsError: SV670 no count, SV673 no share.

    Source:
        OpenSLO specification v1, `budgetingMethod: Timeslices`.

    Example:
        >>> timeslices([(99, 1), (1, 1), (0, 0)], 0.95)
        Fraction(1, 2)
    """
    refuse(bad_share("slice_share", slice_share))
    shares = _shares(slices)
    return Fraction(sum(share >= exact(slice_share) for share in shares), len(shares)) if shares else None


def ratio_timeslices(slices: Iterable[tuple[int, int]]) -> Fraction | None:
    """Return the mean of the shares of slices: a quiet slice weighs as much as a busy one.

    It is another figure than `attained_share` of all: one failure of two at night counts like half of the rush.

    Args:
        slices: (good, bad) by slice; slices without events are left out.

    Raises:
        StatisticsError: SV670 no count.

    Source:
        OpenSLO specification v1, `budgetingMethod: RatioTimeslices`.

    Example:
        >>> 1 - ratio_timeslices([(99_999, 1), (1, 1)])
        Fraction(50001, 200000)
    """
    shares = _shares(slices)
    return sum(shares, Fraction(0)) / len(shares) if shares else None


# -- speed -------------------------------------------------------------------------------------------------------------


def burn_rate(share: Number, attained: Number) -> BurnRate:
    """Return how many times faster than allowed the budget is used: (1 − attained) ÷ (1 − share).

    Args:
        share: The share to reach.
        attained: The share reached in the stretch looked at.

    Returns:
        1 where the budget lasts exactly; 0 without failures; `math.inf` for a failure where none is allowed.

    Raises:
        StatisticsError: SV673 no share.

    Source:
        Beyer, B. et al. (2018), The Site Reliability Workbook, chapter 5, `burn rate`.

    Example:
        >>> burn_rate(0.99, 0.9138), burn_rate(1, 1), burn_rate(1, 0.9)
        (Fraction(431, 50), Fraction(0, 1), inf)
    """
    refuse(bad_share("share", share), bad_share("attained", attained))
    allowed, used = 1 - exact(share), 1 - exact(attained)
    if allowed == 0:
        return Fraction(0) if used == 0 else inf
    return used / allowed


def burn_factor(budget_share: Number, *, period_us: int, window_us: int) -> Fraction:
    """Return the burn rate at which a window uses a share of a period's budget: the threshold of an alert.

    Args:
        budget_share: The share of the budget: 0.02.
        period_us: How long the budget is to last, µs: 30 days.
        window_us: How long the alert looks back, µs: an hour.

    Raises:
        StatisticsError: SV672 no length, SV673 no share.

    Source:
        Beyer, B. et al. (2018), The Site Reliability Workbook, chapter 5, table 5-8: 2 % in an hour of 30 days is 14.4.

    Example:
        >>> float(burn_factor(0.02, period_us=30 * 24, window_us=1))  # any one unit of time
        14.4
    """
    refuse(
        bad_share("budget_share", budget_share), _bad_window(period_us, "period_us"), _bad_window(window_us)
    )
    return exact(budget_share) * period_us / window_us


def is_burning(factor: Number, *rates: BurnRate | None) -> bool:
    """Return whether the budget goes faster than a factor in every window looked at.

    The long window shows that it matters, the short one that it still goes on; a window without events is no alarm.

    Args:
        factor: The threshold, as `burn_factor` gives it.
        rates: The burn rates of the long and the short window; None where nothing was counted.

    Source:
        Beyer, B. et al. (2018), The Site Reliability Workbook, chapter 5, `multiwindow, multi-burn-rate alerts`.

    Example:
        >>> is_burning(14.4, 20, 15), is_burning(14.4, 20, 3), is_burning(14.4, 20, None)
        (True, False, False)
    """
    refuse(bad_number("factor", factor, least=0), too_few("rates", len(rates), 1))
    return all(rate is not None and rate > exact(factor) for rate in rates)


def lasts_us(period_us: int, rate: BurnRate, *, left: Number = 1) -> Fraction | None:
    """Return how long the budget lasts at a burn rate, µs: period × what is left ÷ rate.

    Args:
        period_us: How long the budget is to last, µs.
        rate: The burn rate that goes on.
        left: The part of the budget that is left.

    Returns:
        0 where nothing is left or the rate is infinite; None where nothing is used, so it never ends.

    Raises:
        StatisticsError: SV672 no length or rate.

    Source:
        Beyer, B. et al. (2018), The Site Reliability Workbook, chapter 5, table 5-4.

    Example:
        >>> lasts_us(28, 14), lasts_us(28, 0), lasts_us(28, 2, left=-1)
        (Fraction(2, 1), None, Fraction(0, 1))
    """
    is_endless = rate == inf
    refuse(
        _bad_window(period_us, "period_us"),
        None if is_endless else bad_number("rate", rate, least=0),
        bad_number("left", left),
    )
    if is_endless or left <= 0:
        return Fraction(0)
    return period_us * exact(left) / exact(rate) if rate else None


def exhausted_at_us(start_us: int, now_us: int, *, allowed: Number, used: Number) -> Fraction | None:
    """Return the instant at which the budget is gone if it goes on as it has since the window began.

    Args:
        start_us: When the window began, µs.
        now_us: Until when it was counted, µs; later than the start.
        allowed: The whole budget of the window, in events or µs.
        used: What is used of it, in the same unit.

    Returns:
        The instant, µs; before `now_us` when it is gone already; None where nothing is used.

    Raises:
        StatisticsError: SV672 no number, or `now_us` not after `start_us`.

    Example:
        >>> exhausted_at_us(0, 10, allowed=6, used=2)
        Fraction(30, 1)
    """
    refuse(
        bad_number("now_us", now_us, above=start_us),
        bad_number("allowed", allowed, least=0),
        bad_number("used", used, least=0),
    )
    return start_us + (now_us - start_us) * exact(allowed) / exact(used) if used else None


def longest_spell_us(window_us: int, share: Number, *, usual: Number, worst: Number) -> Fraction | None:
    """Return how long a bad spell may last in a window whose other time goes as usual, µs.

    Formula: window × (usual − share) ÷ (usual − worst).

    Args:
        window_us: How long the window is, µs.
        share: The share to reach.
        usual: The share reached in ordinary time.
        worst: The share reached in the bad spell, below the usual.

    Returns:
        0 where the usual is not enough already; None where the spell breaks nothing, however long.

    Raises:
        StatisticsError: SV672 no length, or a spell no worse than usual; SV673 no share.

    Source:
        OpenSLO, examples/budgeting-method, the attack of 13 h 45 min within 14 days.

    Example:
        >>> round(float(longest_spell_us(20_160, 0.95, usual=0.99, worst=0.01)), 3)  # in minutes
        822.857
    """
    refuse(
        _bad_window(window_us),
        bad_share("share", share),
        bad_share("usual", usual),
        bad_share("worst", worst),
    )
    refuse(bad_number("usual", usual, above=float(worst)))
    spare = exact(usual) - exact(share)
    if exact(worst) >= exact(share):
        return None
    return max(spare, Fraction(0)) * window_us / (exact(usual) - exact(worst))


# -- helpers -----------------------------------------------------------------------------------------------------------


def _bad_window(length_us: int | None, name: str = "window_us") -> Problem | None:
    return None if length_us is None else bad_count(name, length_us, least=1)


def _shares(slices: Iterable[tuple[int, int]]) -> Sequence[Fraction]:
    found = (attained_share(good, bad) for good, bad in slices)
    return [share for share in found if share is not None]
