"""Consequences: what a broken (or kept) promise is worth; read off verdicts, changing none."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Annotated, Any, Literal, cast, get_args

from pydantic import PrivateAttr, model_validator

from servstd.calendars import DateLimit
from servstd.conditions import Condition, ConditionField
from servstd.durations import Span
from servstd.errors import StandardsError
from servstd.expressions import Expression, is_arithmetic, parse_figure
from servstd.models import Model, nested
from servstd.standards.base import Standard
from servstd.standards.figures import READ
from servstd.standards.override import Effective
from servstd.standards.payment import Payment, PaymentField
from servstd.standards.respond import Respond
from servstd.standards.selector import SelectorField
from servstd.standards.source import Source
from servstd.standards.tiers import Begun, Tier, TierField, read_stretch
from servstd.standards.unmeant import unmeant

OfObjectives = Literal["missed", "reached"]
On = Literal["breached", "met", "cancelled", "missed", "reached"]
OF_OBJECTIVES: tuple[str, ...] = get_args(OfObjectives)

Measured = Literal["late", "elapsed", "share", "value"]
MEASURED: tuple[str, ...] = get_args(Measured)


class Instead(Model):
    """Change a consequence for some cases; the first row that fits holds, with all that it sets."""

    when: ConditionField
    """A condition on the case as last known.

    Examples: `{business: "yes"}`
    """
    flat: PaymentField | None = None
    """What is paid once instead.

    Examples: `190 GBP`
    """
    then: Annotated[Begun | Mapping[str, Any] | None, nested(Begun)] = None
    """What is added by time instead.

    Examples: `{per: 12 hours, amount: 90 GBP}`
    """
    tiers: Sequence[TierField] | None = None
    """Other tiers.

    Examples: `[[15 minutes, 40 GBP]]`
    """
    cap: PaymentField | None = None
    """Another most.

    Examples: `4000 GBP`
    """
    label: str | None = None
    """What follows instead that is not counted.

    Examples: `deemed approved`
    """


class Consequence(Model):
    """Say what follows from the verdicts or the windows of one standard; it changes none of them.

    A payment is flat, by tiers, by time past the due instant, or several of these together. It is rounded to two
    decimals, halves up, a verdict at a time. What needs a claim is owed when the claim came in time.

    Raises:
        StandardsError: SV700 to SV707, SV714.

    Example:
        >>> Consequence(standard="supply", flat="95 GBP", then={"per": "12 hours", "amount": "45 GBP"}).on
        'breached'
    """

    id: str | None = None
    """Its name in the report; the standard's when left out.

    Examples: `late-supply`
    """
    title: str | None = None
    """What follows, in one sentence.

    Examples: `95 GBP for a late supply`
    """
    standard: str
    """The standard whose verdicts or windows it reads.

    Examples: `supply`
    """
    on: On | Sequence[On] = "breached"
    """`breached`, `met` or `cancelled`: a row a verdict. `missed` or `reached`: a row a window of an objective. A
    list: any of them.

    Examples: `breached`, `missed`, `[missed, reached]`
    """
    when: ConditionField | None = None
    """Only for some cases: a condition on the case as last known.

    Examples: `{customer: household}`
    """
    effective: Annotated[Effective | Mapping[str, Any] | None, nested(Effective)] = None
    """From and until which start of a verdict, or of a window, it holds.

    Examples: `{from: 2026-04-01}`
    """
    flat: PaymentField | None = None
    """What is paid once: `95 GBP`, `10% of $fee GBP`, at the least so much, `max(0.1 * $fee, 20) GBP`, or pro rata.

    Examples: `95 GBP`, `10% of $fee GBP`, `max(0.1 * $fee, 20) GBP`, `share of $fee GBP`
    """
    per_started: str | None = None
    """Short for `then: {per_started: …}`: each stretch of time past the due instant that has begun.

    Examples: `1 day`
    """
    per: str | None = None
    """Short for `then: {per: …}`: each stretch of time past the due instant that is over.

    Examples: `12 hours`
    """
    amount: PaymentField | None = None
    """What each of these adds.

    Examples: `10.34 GBP`
    """
    then: Annotated[Begun | Mapping[str, Any] | None, nested(Begun)] = None
    """What is added by time: `{per_started: 12 hours, amount: 45 GBP}`.

    Examples: `{per: 12 hours, amount: 45 GBP}`
    """
    tiers: Sequence[TierField] = ()
    """Payments by how late it was, or by what `by` names; the last that fits holds.

    Examples: `[[15 minutes, 25% of $fare GBP], [60 minutes, 100% of $fare GBP]]`
    """
    by: str = "late"
    """What tiers measure: `late` (past the limit), `elapsed`, `share` (of the time of a quantity that was used),
    `value` (of an objective), or a field, `$km`.

    Examples: `late`, `$km`
    """
    day_one: Literal["next", "same"] = "next"
    """Whether days are counted from the day after the due date, or with it.

    Examples: `same`
    """
    cap: PaymentField | None = None
    """The most that one verdict or window can cost.

    Examples: `2000 GBP`
    """
    label: str | None = None
    """What follows that is not counted: `deemed approved`.

    Examples: `deemed approved`
    """
    claim: SelectorField | None = None
    """The event with which the customer claims; without one nothing has to be claimed.

    Examples: `claim.made`
    """
    claim_within: str | None = None
    """How long a claim may come after the breach is over: `28 days`, `3 months`, `30 business days`.

    Examples: `28 days`
    """
    overrides: Sequence[Annotated[Instead | Mapping[str, Any], nested(Instead)]] = ()
    """Other payments for some cases.

    Examples: `[{when: {business: "yes"}, flat: 190 GBP}]`
    """
    source: Annotated[Source | Mapping[str, Any] | None, nested(Source)] = None
    """Where it comes from.

    Examples: `{citation: 47 CFR 76.309(c)}`
    """

    _agreed: str = PrivateAttr(default="")

    @model_validator(mode="after")
    def _can_be_meant(self) -> Consequence:
        if problems := list(unmeant(self)):
            raise StandardsError(problems)
        return self

    def of_agreement(self, name: str) -> Consequence:
        """Return it as one of the cases, and the windows, of an agreement."""
        made = self.model_copy()
        made._agreed = name  # noqa: SLF001 - a copy of itself
        return made

    @property
    def agreement(self) -> str:
        """The agreement that it is of; empty where the book itself says it."""
        return self._agreed

    @property
    def causes(self) -> tuple[str, ...]:
        """The outcomes of verdicts, or of windows, that it follows from."""
        return (self.on,) if isinstance(self.on, str) else tuple(self.on)

    @property
    def reads_windows(self) -> bool:
        """Whether it follows from windows of objectives, not from verdicts."""
        return any(one in OF_OBJECTIVES for one in self.causes)

    @property
    def name(self) -> str:
        """Its id, or its standard's."""
        return self.id or self.standard

    @property
    def claim_id(self) -> str:
        """The id of the standard that says whether the claim came in time."""
        return f"{self.name}.claim"

    @property
    def claim_limit(self) -> Span | DateLimit | None:
        """How long a claim may come after the breach is over, as read."""
        return None if self.claim_within is None else read_stretch(self.claim_within)

    def claim_standard(self, standard: Standard) -> Respond | None:
        """Return the standard that says when a claim came; None where nothing has to be claimed.

        One claim is for all that has been broken, and not been claimed for, by then. Whether it came in time is not
        for its clock to say: time to claim begins when the breach is over.

        Args:
            standard: The standard whose verdicts are claimed for.
        """
        if self.claim is None:
            return None
        return Respond(
            id=self.claim_id,
            title=f"A claim is made for what follows from `{self.standard}`",
            case=standard.case,
            calendar=standard.calendar,
            start=[{"standard": self.standard, "change": one} for one in self.causes],
            stop=cast("Any", self.claim),
            stop_all=cast("Any", self.claim),
            within="none",
            recurs="every",
        )

    @property
    def counts_dates(self) -> bool:
        """Whether it counts local dates, so that it needs a zone."""
        return any(isinstance(one, DateLimit) for one in self._lengths)

    @property
    def counts_open_time(self) -> bool:
        """Whether it counts business days or hours, so that it needs a calendar."""
        return any(
            one.unit == "business days" if isinstance(one, DateLimit) else one.clock == "business"
            for one in self._lengths
        )

    @property
    def _lengths(self) -> list[Span | DateLimit]:
        """Every length of time that it names."""
        found: list[Span | DateLimit | None] = [self.claim_limit]
        found += [terms.begun.stretch for terms in self.all_terms if terms.begun]
        found += [
            tier.threshold
            for terms in self.all_terms
            for tier in terms.tiers
            if not isinstance(tier.threshold, Fraction)
        ]
        return [one for one in found if one is not None]

    @property
    def all_terms(self) -> list[Terms]:
        """What follows where no override fits, then under each of them."""
        return [self.terms, *(self.terms.changed_by(row) for row in self.instead)]

    @property
    def begun(self) -> Begun | None:
        """What is paid by time, however it was written."""
        if self.then is not None:
            return cast("Begun", self.then)
        if self.amount is None:
            return None
        return Begun(per_started=self.per_started, per=self.per, amount=self.amount)

    @property
    def terms(self) -> Terms:
        """What follows where no override fits."""
        return Terms(
            cast("Payment | None", self.flat),
            self.begun,
            tuple(cast("Sequence[Tier]", self.tiers)),
            cast("Payment | None", self.cap),
            self.label or "",
        )

    @property
    def instead(self) -> tuple[Instead, ...]:
        """Its overrides as read."""
        return tuple(cast("Instead", row) for row in self.overrides)

    @property
    def payments(self) -> Mapping[str, Payment]:
        """Every payment it names, by its place."""
        found: dict[str, object] = {}
        rows: list[tuple[str, Consequence | Instead]] = [("", self)]
        for place, row in rows + [(f"overrides[{n}].", row) for n, row in enumerate(self.instead)]:
            begun = row.then if isinstance(row.then, Begun) else None
            found |= {f"{place}flat": row.flat, f"{place}cap": row.cap}
            found |= {f"{place}then.amount": begun.amount if begun else None}
            tiers = cast("Sequence[Tier]", row.tiers or ())
            found |= {f"{place}tiers[{n}]": tier.flat for n, tier in enumerate(tiers)}
        found["amount"] = self.amount
        return {path: cast("Payment", payment) for path, payment in found.items() if payment is not None}

    @property
    def needs_share(self) -> bool:
        """Whether it asks for the share of its time that was used."""
        return self.by == "share" or any(terms.is_pro_rata for terms in self.all_terms)

    @property
    def measured_field(self) -> Expression | None:
        """The field that tiers measure, or arithmetic in fields; None where it is a figure of the verdict.

        Raises:
            StandardsError: SV130 to SV132 and SV194, it cannot be read.
        """
        return parse_figure(self.by, names=READ) if is_arithmetic(self.by) else None

    @property
    def conditions(self) -> Mapping[str, Condition]:
        """Every condition it holds, by its place."""
        found = {
            "when": self.when,
            **{f"overrides[{n}].when": row.when for n, row in enumerate(self.instead)},
        }
        return {place: cast("Condition", when) for place, when in found.items() if when is not None}


@dataclass(frozen=True, slots=True)
class Terms:
    """Hold what follows for one case."""

    flat: Payment | None
    begun: Begun | None
    tiers: tuple[Tier, ...]
    cap: Payment | None
    label: str

    @property
    def payments(self) -> list[Payment]:
        """Every payment among them."""
        found = [self.flat, self.cap, self.begun.payment if self.begun else None]
        found += [tier.payment for tier in self.tiers]
        return [payment for payment in found if payment is not None]

    @property
    def is_pro_rata(self) -> bool:
        """Whether some of it goes by the share of its time that was used."""
        return any(payment.is_pro_rata for payment in self.payments)

    def changed_by(self, row: Instead) -> Terms:
        """Return them with what an override sets."""
        return Terms(
            cast("Payment | None", row.flat) or self.flat,
            cast("Begun | None", row.then) or self.begun,
            tuple(cast("Sequence[Tier]", row.tiers)) if row.tiers is not None else self.tiers,
            cast("Payment | None", row.cap) or self.cap,
            row.label if row.label is not None else self.label,
        )
