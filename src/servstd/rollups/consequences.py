"""What follows from verdicts and from windows: payments, labels and claims, as a table that changes no verdict."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields
from datetime import datetime
from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING, TypeAlias, cast

from servstd.calendars import DateLimit
from servstd.conditions import Condition, Environment
from servstd.conditions.tree import Decide, every
from servstd.durations import Span
from servstd.expressions import Expression, Field, OverlaidFacts
from servstd.expressions.nodes import walked
from servstd.expressions.values import length_from, number_from
from servstd.intervals import datetime_utc
from servstd.rollups.lateness import Cause, Lateness, Owed
from servstd.standards.consequence import Consequence, Terms
from servstd.standards.figures import GROWING
from servstd.standards.override import Effective
from servstd.standards.payment import Payment, added, rounded
from servstd.standards.terms import effective_at
from servstd.standards.tiers import MEASURED_AS, Begun, Threshold, Tier

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
        objective: The objective of the window as text; empty for a verdict.
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
    objective: str
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


_Found: TypeAlias = tuple[Fraction | None, str, str, str]
"""The payment, its unit, the label and the arithmetic."""


class Missing(Exception):  # noqa: N818 - never leaves this module
    """Say what is not known, so that neither is what follows."""


@dataclass(frozen=True, slots=True)
class Reckoning:
    """Reckon one consequence, compiled.

    Args:
        model: The consequence.
        applies: Whether it holds for a case, by its condition and its dates; None for always.
        rows: Its overrides, compiled.
    """

    model: Consequence
    applies: Decide | None
    rows: tuple[Decide, ...]

    @classmethod
    def of(cls, model: Consequence, environment: Environment) -> Reckoning:
        """Return a consequence compiled.

        Args:
            model: The consequence.
            environment: What its conditions read.
        """
        parts = [when.compile(environment) for when in (model.when,) if isinstance(when, Condition)]
        if model.effective is not None:
            parts.append(effective_at(cast("Effective", model.effective), environment))
        rows = tuple(cast("Condition", row.when).compile(environment) for row in model.instead)
        return cls(model, every(parts) if parts else None, rows)

    def follow(
        self, cause: Cause, facts: Facts, lateness: Lateness, figures: Mapping[str, object] | None = None
    ) -> Outgoing | None:
        """Return what follows from one cause; None where nothing does.

        Args:
            cause: The verdict or window.
            facts: What the case carried at last, read at the start of the cause. Conditions read these alone.
            lateness: How time past the due instant is counted for it.
            figures: The figures of the verdict, which payments and tiers read before the fields of the case.
        """
        holds = True if self.applies is None else self.applies(facts)
        if holds is False:
            return None
        terms = self._terms(facts)
        if holds is None:
            said = cast("Condition", self.model.when).sentence()
            return self._outgoing(
                cause, terms, (None, "", terms.label, f"not known whether {said}"), unknown=True
            )
        try:
            told = OverlaidFacts(facts, figures or {})
            found = _Reckoned(self.model, terms, cause, told, lateness).worth()
        except Missing as missing:
            return self._outgoing(cause, terms, (None, "", terms.label, str(missing)), unknown=True)
        return None if found is None else self._outgoing(cause, terms, found)

    def _terms(self, facts: Facts) -> Terms:
        for row, fits in zip(self.model.instead, self.rows, strict=True):
            if fits(facts) is True:
                return self.model.terms.changed_by(row)
        return self.model.terms

    # -- the row ---------------------------------------------------------------------------------------------------

    def _outgoing(self, cause: Cause, terms: Terms, found: _Found, *, unknown: bool = False) -> Outgoing:
        worth, unit, label, how = found
        claim = cause.claim
        return Outgoing(
            consequence=self.model.name,
            standard=self.model.standard,
            case=cause.case,
            occurrence=cause.occurrence,
            window=cause.window,
            segment=cause.segment,
            objective=cause.objective,
            at=datetime_utc(cause.at_us),
            amount=None if worth is None else rounded(worth),
            unit=unit,
            label=label,
            status="unknown" if unknown else claim.status if claim else "owed",
            is_running=cause.ended_us is None and not cause.window and self._grow(terms),
            claim_until=_instant(claim.until_us if claim else None),
            claimed_at=_instant(claim.claimed_us if claim else None),
            how=how,
        )

    def _grow(self, terms: Terms) -> bool:
        """Return whether what follows changes as long as nothing has ended its cause."""
        by = self.model.measured_field
        reckoned = [payment.figure for payment in terms.payments] + ([by] if by and terms.tiers else [])
        reads = any(one.name in GROWING and not one.scope for figure in reckoned for one in figure.references)
        return terms.begun is not None or bool(terms.tiers and by is None) or terms.is_pro_rata or reads


@dataclass(frozen=True, slots=True)
class _Reckoned:
    """Reckon what follows from one cause, for the terms of its case."""

    model: Consequence
    terms: Terms
    cause: Cause
    facts: Facts
    lateness: Lateness

    def worth(self) -> _Found | None:
        """Return the payment, its unit, the label and the arithmetic; None where no tier is reached."""
        terms, tier = self.terms, self._tier()
        if terms.tiers and tier is None and terms.flat is None and terms.begun is None:
            return None
        parts = [
            (self._paid(payment), payment.unit, str(payment))
            for payment in (terms.flat, tier.payment if tier else None)
            if payment is not None
        ]
        if terms.begun is not None:
            parts.append(self._by_time(terms.begun))
        label = (tier.label if tier and tier.label else "") or terms.label
        if not parts:
            return None, "", label, ""
        worth = sum((part[0] for part in parts), Fraction(0))
        how = " + ".join(part[2] for part in parts if part[0]) or parts[0][2]
        if terms.cap is not None and worth > (most := self._paid(terms.cap)):
            worth, how = most, f"{how}, at most {terms.cap}"
        return worth, parts[0][1], label, how

    def _paid(self, payment: Payment) -> Fraction:
        worth, name = payment.worth(self.facts), payment.figure.sentence().removeprefix("the ")
        if worth is None:
            raise Missing(f"no {self._missing(payment.figure) or name} is carried")
        if worth < 0:
            raise Missing(f"{name} is under 0, and nobody is paid less than nothing")
        if not payment.is_pro_rata:
            return worth
        if self.cause.share is None:
            raise Missing(_NO_SHARE)
        return worth * self.cause.share

    def _missing(self, figure: Expression) -> str:
        """Return the first name in a figure that stands for no number, in words; empty where each does."""
        names = (part for part in walked(figure) if isinstance(part, Field))
        empty = (one for one in names if length_from(one.evaluate(self.facts), 1) is None)
        return next((one.sentence().removeprefix("the ") for one in empty), "")

    def _by_time(self, begun: Begun) -> tuple[Fraction, str, str]:
        number, payment = self._stretches(begun), begun.payment
        return number * self._paid(payment), payment.unit, f"{number} × {payment}"

    def _stretches(self, begun: Begun) -> int:
        """Return how many stretches past the due instant have begun, or are over."""
        stretch, are_over = begun.stretch, begun.per is not None
        if isinstance(stretch, DateLimit):
            counted = self.lateness.dates_over if are_over else self.lateness.dates_late
            late, length = counted(stretch, self.cause), stretch.count
        else:
            late, length = self.lateness.time_us(stretch, self.cause), stretch.us
        if late is None:
            raise Missing(_NOTHING_DUE)
        return late // length if are_over else -(-late // length)

    # -- tiers -----------------------------------------------------------------------------------------------------

    def _tier(self) -> Tier | None:
        holding = [tier for tier in self.terms.tiers if self._holds(tier)]
        return holding[-1] if holding else None

    def _holds(self, tier: Tier) -> bool:
        if self.cause.unit and tier.measures != MEASURED_AS.get(self.cause.unit, "number"):
            return False  # another objective is meant
        measured, threshold = self._measured(tier.threshold)
        if tier.from_ is not None:
            return measured >= threshold
        return measured > threshold if tier.above is not None else measured < threshold

    def _measured(self, threshold: Threshold) -> tuple[int | Fraction, int | Fraction]:
        """Return what a tier measures and its threshold, in one unit."""
        figure: int | Decimal | Fraction | None
        unit, by = threshold, self.model.by
        if isinstance(threshold, DateLimit):
            figure = self._dates(threshold)
            unit = Fraction(threshold.count)
        elif isinstance(threshold, Span):
            figure = self._time(threshold)
            unit = Fraction(threshold.us)
        elif self.model.measured_field is not None:
            figure = number_from(self.model.measured_field.evaluate(self.facts))
            by = self.model.measured_field.sentence().removeprefix("the ")
        else:
            figure = {"late": self.cause.over, "elapsed": self.cause.elapsed}.get(by, self.cause.share)
        if figure is None:
            raise Missing({"late": _NOTHING_DUE, "share": _NO_SHARE}.get(by, f"no {by} is carried"))
        return Fraction(figure), cast("Fraction", unit)

    def _dates(self, limit: DateLimit) -> int | None:
        if self.model.by == "elapsed":
            return self.lateness.dates_elapsed(limit, self.cause)
        return self.lateness.dates_late(limit, self.cause)

    def _time(self, span: Span) -> int | Fraction | None:
        if self.model.by == "value":
            return self.cause.share
        if self.model.by == "elapsed":
            return self.lateness.time_taken_us(span, self.cause)
        return self.lateness.time_us(span, self.cause)


_NO_SHARE = "a share is known when its time is over"
_NOTHING_DUE = "nothing was due at an instant, so nothing is late"


def totals(rows: Iterable[Outgoing], status: Owed = "owed") -> dict[str, Decimal]:
    """Return what rows of one status come to, by unit; units are never added to each other."""
    found: dict[str, list[Decimal]] = {}
    for row in rows:
        if row.status == status and row.amount is not None:
            found.setdefault(row.unit, []).append(row.amount)
    return {unit: added(amounts) for unit, amounts in found.items()}


def _instant(at_us: int | None) -> datetime | None:
    return None if at_us is None else datetime_utc(at_us)
