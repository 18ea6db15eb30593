"""Payments that grow: by tiers from a threshold on, and by stretches of time past the due instant."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from fractions import Fraction
from typing import Annotated, Any, Literal, TypeAlias, cast

from pydantic import ConfigDict, Field, PlainSerializer, PlainValidator, WithJsonSchema, model_validator

from servstd.calendars import DateLimit, is_date_limit, parse_date_limit
from servstd.durations import Span, parse_span
from servstd.errors import Problem, StandardsError
from servstd.expressions.values import number_from
from servstd.models import Model, shown
from servstd.standards.bound import read_percent
from servstd.standards.payment import Payment, PaymentField

Threshold: TypeAlias = Span | DateLimit | Fraction
"""Where a tier begins: a time on a clock, local dates, or a number."""

MEASURED_AS: Mapping[str, str] = {"share": "percent", "time": "time"}
"""What a threshold is written in by the unit of an objective's value; a number for all others."""


def read_stretch(text: object) -> Span | DateLimit:
    """Read a length of time: dates where days are meant, else a duration.

    Args:
        text: `12 hours`, `1 business day`, `3 months`.

    Raises:
        StandardsError: It is no length of time.
    """
    if isinstance(text, Span | DateLimit):
        return text
    if not isinstance(text, str) or not is_date_limit(text):
        return parse_span(text)
    found = parse_date_limit(text)
    if found.count < 0:
        raise StandardsError(
            Problem("SV123", f"`{text}` counts backwards, and is no length of time.", help="write `28 days`.")
        )
    return found


def _threshold(written: object) -> Threshold:
    """Read where a tier begins."""
    if isinstance(written, str) and written.strip().endswith("%"):
        return read_percent(written)
    held = number_from(Decimal(str(written)) if isinstance(written, float) else written)
    return read_stretch(written) if held is None else Fraction(held)


class Begun(Model):
    """Add a payment for each stretch of time past the due instant.

    Args:
        per_started: Each that has begun counts: `12 hours`, `1 day`, `1 business day`.
        per: Each that is over counts.
        amount: What each adds.
    """

    per_started: str | None = None
    """The stretch; one that has only begun counts in full: `12 hours`, `1 day`.

    Examples: `12 hours`, `1 day`
    """
    per: str | None = None
    """The stretch; only one that is over counts: `24 hours`.

    Examples: `24 hours`
    """
    amount: PaymentField
    """What each stretch adds: `45 GBP`.

    Examples: `45 GBP`
    """

    @model_validator(mode="after")
    def _one_stretch(self) -> Begun:
        if (self.per is None) == (self.per_started is None):
            raise StandardsError(
                Problem(
                    "SV702",
                    "what is paid by time needs either `per_started` or `per`.",
                    help="`{per_started: 1 day, amount: 10 GBP}`.",
                )
            )
        found = self.stretch
        if (found.count if isinstance(found, DateLimit) else found.us) < 1:
            raise StandardsError(
                Problem(
                    "SV702",
                    f"`{self.per or self.per_started}` is no stretch of time.",
                    help="write a length: `1 day`.",
                )
            )
        return self

    @property
    def stretch(self) -> Span | DateLimit:
        """The stretch as read."""
        return read_stretch(self.per_started if self.per is None else self.per)

    @property
    def payment(self) -> Payment:
        """What each stretch adds."""
        return cast("Payment", self.amount)


class Tier(Model):
    """Set a payment from a threshold on; the last tier of a list that fits is the one that holds.

    Args:
        from_: What is measured is this or more.
        above: It is more than this.
        below: It is less than this.
        flat: The payment.
        label: What follows otherwise.
    """

    model_config = ConfigDict(populate_by_name=True)
    from_: Annotated[str | int | Decimal | float | None, Field(alias="from")] = None
    """At this, and past it: `15 minutes`, `1500`, `99%`.

    Examples: `15 minutes`, `1500`
    """
    above: str | int | Decimal | float | None = None
    """Past this only.

    Examples: `18 hours`
    """
    below: str | int | Decimal | float | None = None
    """Under this: for shares, of which less is worse.

    Examples: `99.99%`
    """
    flat: PaymentField | None = None
    """The payment.

    Examples: `20 GBP`
    """
    label: str | None = None
    """What follows that is not counted: `a letter of apology`.

    Examples: `a letter of apology`
    """

    @model_validator(mode="after")
    def _one_threshold(self) -> Tier:
        given = [name for name in ("from_", "above", "below") if getattr(self, name) is not None]
        if len(given) != 1:
            raise StandardsError(
                Problem(
                    "SV703",
                    f"a tier needs one of `from`, `above`, `below`, not {len(given)}.",
                    help="`{from: 15 minutes, flat: 20 GBP}`, or short `[15 minutes, 20 GBP]`.",
                )
            )
        if self.flat is None and self.label is None:
            raise StandardsError(
                Problem("SV703", "a tier from which nothing follows.", help="give it `flat:` or `label:`.")
            )
        _ = self.threshold
        return self

    @property
    def written(self) -> str | int | Decimal | float:
        """The threshold as written."""
        return next(x for x in (self.from_, self.above, self.below) if x is not None)

    @property
    def threshold(self) -> Threshold:
        """The threshold as read."""
        return _threshold(self.written)

    @property
    def measures(self) -> Literal["time", "percent", "number"]:
        """What its threshold is compared with."""
        written = self.written
        if not isinstance(self.threshold, Fraction):
            return "time"
        return "percent" if isinstance(written, str) and written.strip().endswith("%") else "number"

    def covers(self, other: Tier) -> bool:
        """Tell whether it fits whatever another fits, as far as the two can be compared.

        Example:
            >>> Tier(from_="15 minutes", flat="10 GBP").covers(Tier(from_="1 hour", flat="20 GBP"))
            True
        """
        mine, others = _in_unit(self.threshold), _in_unit(other.threshold)
        if mine[0] != others[0] or self.measures != other.measures:
            return False
        if (self.below is None) != (other.below is None):
            return False
        if self.below is not None:
            return mine[1] >= others[1]
        return mine[1] < others[1] or (
            mine[1] == others[1] and (self.above is None or other.above is not None)
        )

    @property
    def payment(self) -> Payment | None:
        """The payment as read."""
        return cast("Payment | None", self.flat)


def _in_unit(threshold: Threshold) -> tuple[str, int | Fraction]:
    """Return what a threshold is counted in, and how many."""
    if isinstance(threshold, Fraction):
        return "", threshold
    return (
        (threshold.unit, threshold.count)
        if isinstance(threshold, DateLimit)
        else (threshold.clock, threshold.us)
    )


def _tier(data: object) -> object:
    if isinstance(data, Sequence) and not isinstance(data, str):
        if len(data) != 2:
            raise StandardsError(
                Problem("SV703", "a short tier is a threshold and a payment.", help="`[15 minutes, 20 GBP]`.")
            )
        return Tier(from_=data[0], flat=data[1])
    if isinstance(data, Mapping):
        return Tier(**{str(name): value for name, value in data.items()})
    if isinstance(data, Tier):
        return data
    message = f"`{shown(data)}` is no tier: a tier is a threshold and a payment."
    raise StandardsError(Problem("SV703", message, help="`[15 minutes, 20 GBP]`."))


def _tier_spelling(tier: Tier) -> object:
    return tier.model_dump(by_alias=True, exclude_unset=True)


TierField: TypeAlias = Annotated[
    Tier | Mapping[str, Any] | Sequence[Any],
    PlainValidator(_tier),
    PlainSerializer(_tier_spelling),
    WithJsonSchema(
        {
            "description": "A threshold and what follows: `[15 minutes, 20 GBP]`, `{above: 18 hours, flat: …}`.",
            "anyOf": [{"type": "array", "minItems": 2, "maxItems": 2}, {"type": "object"}],
        }
    ),
]
"""A model's field that takes every spelling of a tier under mypy, and holds a `Tier`."""
