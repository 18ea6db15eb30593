"""What follows from verdicts and from windows: payments, labels and claims, as a table that changes no verdict."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, fields
from datetime import datetime
from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING, cast

from servstd.calendars import DateLimit
from servstd.conditions import Condition, Environment
from servstd.conditions.tree import Decide, every
from servstd.durations import Span
from servstd.expressions.values import number_from
from servstd.intervals import datetime_utc
from servstd.rollups.lateness import Cause, Lateness, Owed
from servstd.standards.consequence import Consequence, Terms
from servstd.standards.override import Effective
from servstd.standards.payment import Payment, rounded
from servstd.standards.terms import effective_at
from servstd.standards.tiers import Begun, Threshold, Tier

if TYPE_CHECKING:
    from servstd.conditions import Facts


@dataclass(frozen=True, slots=True)
class Outgoing:
    """Be what follows from one verdict, or from one window of an objective.

    Args:
        consequence: The consequence's id.
        standard: The standard's.
        case: The case's key; empty for a window.
        occurrence: Which verdict of the case; 0 for a window.
        window: The window's name; empty for a verdict.
        segment: The segment of the window.
        at: When it arose: the breach, the end, or the end of the window; aware, UTC.
        amount: The payment, two decimals; None for a label, or where a figure is missing.
        unit: Its unit: `GBP`.
        label: What follows that is not counted.
        status: `owed`; `claimable`, while a claim can still come; `lapsed`, when none came in time; `unknown`, where
            the case does not carry what the payment is made of.
        is_running: Whether it still grows, because nothing has ended the breach.
        claim_until: The due instant of the claim; None where none is needed or time does not end it.
        claimed_at: When it was claimed.
        how: The arithmetic, for a reader: `95 GBP + 2 × 45 GBP`.
    """

    consequence: str
    standard: str
    case: str
    occurrence: int
    window: str
    segment: str
    at: datetime
    amount: Decimal | None
    unit: str
    label: str
    status: Owed
    is_running: bool
    claim_until: datetime | None
    claimed_at: datetime | None
    how: str

    def to_dict(self) -> dict[str, object]:
        """Return it as a mapping from column to value."""
        return {one.name: getattr(self, one.name) for one in fields(self)}


class Missing(Exception):  # noqa: N818 - never leaves this module
    """Say that a case does not carry a figure."""


@dataclass(frozen=True, slots=True)
class Reckoning:
    """Reckon one consequence, compiled.

    Args:
        model: The consequence.
        lateness: How time past the due instant is counted.
        applies: Whether it holds for a case, by its condition and its dates; None for always.
        rows: Its overrides, compiled.
    """

    model: Consequence
    lateness: Lateness
    applies: Decide | None
    rows: tuple[Decide, ...]

    @classmethod
    def of(cls, model: Consequence, lateness: Lateness, environment: Environment) -> Reckoning:
        """Return a consequence compiled.

        Args:
            model: The consequence.
            lateness: How time past the due instant is counted.
            environment: What its conditions read.
        """
        parts = [when.compile(environment) for when in (model.when,) if isinstance(when, Condition)]
        if model.effective is not None:
            parts.append(effective_at(cast("Effective", model.effective), environment))
        rows = tuple(cast("Condition", row.when).compile(environment) for row in model.instead)
        return cls(model, lateness, every(parts) if parts else None, rows)

    def follow(self, cause: Cause, facts: Facts) -> Outgoing | None:
        """Return what follows from one cause; None where nothing does.

        Args:
            cause: The verdict or window.
            facts: What the case carried at last, read at the start of the cause.
        """
        if self.applies is not None and self.applies(facts) is not True:
            return None
        terms = self._terms(facts)
        try:
            found = self._worth(terms, cause, facts)
        except Missing as missing:
            return self._outgoing(cause, terms.label, None, "", f"no {missing} is carried", unknown=True)
        if found is None:
            return None
        worth, unit, label, how = found
        return self._outgoing(cause, label, worth, unit, how)

    def _terms(self, facts: Facts) -> Terms:
        for row, fits in zip(self.model.instead, self.rows, strict=True):
            if fits(facts) is True:
                return self.model.terms.changed_by(row)
        return self.model.terms

    def _worth(
        self, terms: Terms, cause: Cause, facts: Facts
    ) -> tuple[Fraction | None, str, str, str] | None:
        """Return the payment, its unit, the label and the arithmetic; None where no tier is reached."""
        tier = self._tier(terms.tiers, cause, facts)
        if terms.tiers and tier is None and terms.flat is None and terms.begun is None:
            return None
        parts = [
            (_worth(payment, facts), payment.unit, str(payment))
            for payment in (terms.flat, tier.payment if tier else None)
            if payment is not None
        ]
        if terms.begun is not None:
            parts.append(self._by_time(terms.begun, cause, facts))
        label = (tier.label if tier and tier.label else "") or terms.label
        if not parts:
            return None, "", label, ""
        worth = sum((part[0] for part in parts), Fraction(0))
        how = " + ".join(part[2] for part in parts if part[0] or len(parts) == 1)
        if terms.cap is not None and worth > (most := _worth(terms.cap, facts)):
            worth, how = most, f"{how}, at most {terms.cap}"
        return worth, parts[0][1], label, how

    def _by_time(self, begun: Begun, cause: Cause, facts: Facts) -> tuple[Fraction, str, str]:
        number, payment = self._stretches(begun, cause), begun.payment
        return number * _worth(payment, facts), payment.unit, f"{number} × {payment}"

    def _stretches(self, begun: Begun, cause: Cause) -> int:
        """Return how many stretches past the due instant have begun, or are over."""
        stretch = begun.stretch
        if isinstance(stretch, DateLimit):
            late, length = self.lateness.dates_late(stretch, cause), stretch.count
        else:
            late, length = self.lateness.time_us(stretch, cause), stretch.us
        return late // length if begun.per is not None else -(-late // length)

    # -- tiers -----------------------------------------------------------------------------------------------------

    def _tier(self, tiers: Iterable[Tier], cause: Cause, facts: Facts) -> Tier | None:
        holding = [tier for tier in tiers if self._holds(tier, cause, facts)]
        return holding[-1] if holding else None

    def _holds(self, tier: Tier, cause: Cause, facts: Facts) -> bool:
        measured, threshold = self._measured(tier.threshold, cause, facts)
        if tier.from_ is not None:
            return measured >= threshold
        return measured > threshold if tier.above is not None else measured < threshold

    def _measured(
        self, threshold: Threshold, cause: Cause, facts: Facts
    ) -> tuple[int | Fraction, int | Fraction]:
        """Return what a tier measures and its threshold, in one unit."""
        by, field = self.model.by, self.model.measured_field
        if field is not None:
            held = number_from(field.evaluate(facts))
            if held is None or not isinstance(threshold, Fraction):
                raise Missing(field.sentence().removeprefix("the "))
            return Fraction(held), threshold
        if isinstance(threshold, DateLimit):
            counted = self.lateness.dates_elapsed if by == "elapsed" else self.lateness.dates_late
            return counted(threshold, cause), threshold.count
        figure = {"late": cause.over, "elapsed": cause.elapsed}.get(by, cause.share)
        if isinstance(threshold, Span):
            if by == "late" and not cause.counts_time:
                return self.lateness.time_us(threshold, cause), threshold.us
            threshold = Fraction(threshold.us)
        if figure is None:
            raise Missing(f"figure for `{by}`")
        return Fraction(figure), threshold

    # -- the row ---------------------------------------------------------------------------------------------------

    def _outgoing(
        self, cause: Cause, label: str, worth: Fraction | None, unit: str, how: str, *, unknown: bool = False
    ) -> Outgoing:
        claim = cause.claim
        return Outgoing(
            consequence=self.model.name,
            standard=self.model.standard,
            case=cause.case,
            occurrence=cause.occurrence,
            window=cause.window,
            segment=cause.segment,
            at=datetime_utc(cause.at_us),
            amount=None if worth is None else rounded(worth),
            unit=unit,
            label=label,
            status="unknown" if unknown else claim.status if claim else "owed",
            is_running=cause.ended_us is None and not cause.window and self._grows,
            claim_until=_instant(claim.until_us if claim else None),
            claimed_at=_instant(claim.claimed_us if claim else None),
            how=how,
        )

    @property
    def _grows(self) -> bool:
        return self.model.begun is not None or (bool(self.model.tiers) and not self.model.by.startswith("$"))


def totals(rows: Iterable[Outgoing], status: Owed = "owed") -> dict[str, Decimal]:
    """Return what rows of one status come to, by unit; units are never added to each other."""
    found: dict[str, Decimal] = {}
    for row in rows:
        if row.status == status and row.amount is not None:
            found[row.unit] = found.get(row.unit, Decimal(0)) + row.amount
    return found


def _worth(payment: Payment, facts: Facts) -> Fraction:
    worth = payment.worth(facts)
    if worth is None:
        raise Missing(payment.figure.sentence().removeprefix("the "))
    return worth


def _instant(at_us: int | None) -> datetime | None:
    return None if at_us is None else datetime_utc(at_us)
