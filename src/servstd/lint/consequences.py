"""Consequences that pay less than they say, or for what never comes."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from fractions import Fraction
from typing import cast

from servstd.calendars import DateLimit
from servstd.expressions import Constant
from servstd.lint.observed import Observed
from servstd.lint.sort import Seen, of_book, of_log
from servstd.lint.subject import BookFacts, Subject, placed_consequences
from servstd.models import join_path
from servstd.standards.consequence import Consequence, Terms
from servstd.standards.figures import READ
from servstd.standards.limit import CombinedLimit, DurationLimit, LimitTable
from servstd.standards.payment import Payment


@of_book("SV535", "warning")
def a_cap_that_is_reached_at_once(book: BookFacts, _subjects: list[Subject]) -> Iterator[Seen]:
    """Find a cap that cuts what is paid at once, or leaves nothing for what is added.

    `flat: 50 GBP` under `cap: 20 GBP` pays 20. Where the cap equals the flat payment, what is added by time or by tiers
    is written and never paid.

    Remedy: raise the cap, or write what is really paid.
    """
    for path, one in placed_consequences(book):
        for at, terms in _terms_of(one):
            flat, cap = _figure(terms.flat), _figure(terms.cap)
            if terms.flat is None or flat is None or cap is None or cap > flat:
                continue
            adds = bool(terms.begun or terms.tiers)
            if cap < flat:
                said = f"`{terms.flat}` is paid at once, and `cap: {terms.cap}` leaves less than that."
                help_ = f"raise the cap, or write `flat: {terms.cap}`."
            elif adds:
                said = (
                    f"`{terms.flat}` is paid at once and is the most: nothing that comes on top is ever paid."
                )
                help_ = "raise the cap, or leave out what is added."
            else:
                continue
            yield Seen(join_path(path, at), said, help_)


def _terms_of(one: Consequence) -> Iterator[tuple[str, Terms]]:
    """Yield what follows, with the path of its cap: the terms, then each override that sets one of the two."""
    yield "cap", one.terms
    for place, row in enumerate(one.instead):
        if row.cap is not None or row.flat is not None:
            yield f"overrides[{place}].{'cap' if row.cap is not None else 'flat'}", one.terms.changed_by(row)


def _figure(payment: Payment | None) -> Fraction | None:
    """Return what a payment is worth in every case; None where a case has to say it."""
    if payment is None or payment.is_pro_rata or not isinstance(payment.figure, Constant):
        return None
    return payment.share * Fraction(cast("Decimal", payment.figure.value))


@of_book("SV536", "warning")
def paid_by_lateness_where_nothing_is_late(book: BookFacts, _subjects: list[Subject]) -> Iterator[Seen]:
    """Find a payment by how late it was, for what was in time.

    `on: met` follows from what was kept: it is not late, so no stretch of time past its due instant has begun, and no
    tier of lateness is reached.

    Remedy: write `on: breached`, or tiers `by: elapsed`.
    """
    for path, one in placed_consequences(book):
        if set(one.causes) != {"met"}:
            continue
        if one.begun is not None:
            key = next(name for name in ("then", "per_started", "per") if getattr(one, name) is not None)
            yield Seen(
                f"{path}.{key}",
                "what is met is not late, so nothing is ever added by time.",
                "write `on: breached`, or `flat:` alone.",
            )
        if one.by == "late" and one.tiers:
            yield Seen(
                f"{path}.tiers",
                "what is met is not late, so no tier is ever reached.",
                "write `on: breached`, or `by: elapsed`.",
            )


@of_book("SV586", "warning")
def dates_after_a_limit_of_hours(book: BookFacts, subjects: list[Subject]) -> Iterator[Seen]:
    """Find a payment for each started date, beside a limit of hours.

    A limit of 24 hours ends at a time of day. `per_started: 1 day` counts the dates that begin after it: what is five
    hours late on the same date pays nothing, and what is one hour late past midnight pays a whole day.

    Remedy: write `per_started: 24 hours`; or `day_one: same`, where the date of the due instant itself counts.
    """
    limits = {
        subject.id: [term.node for term in subject.terms if term.name == "within"] for subject in subjects
    }
    for path, one in placed_consequences(book):
        nodes = [
            node for node in limits.get(one.standard, ()) if not isinstance(node, LimitTable | CombinedLimit)
        ]
        begun, is_of_hours = one.begun, bool(nodes) and all(isinstance(node, DurationLimit) for node in nodes)
        if begun is None or begun.per_started is None or one.day_one == "same" or not is_of_hours:
            continue
        stretch = begun.stretch
        is_late = set(one.causes) != {"met"}
        if is_late and isinstance(stretch, DateLimit) and stretch.unit == "days":
            key = "per_started" if one.per_started is not None else "then.per_started"
            yield Seen(
                f"{path}.{key}",
                f"`{begun.per_started}` counts the dates that begin after the due instant, and the limit of "
                f"`{one.standard}` is one of hours: what is late by some hours of the same date pays nothing.",
                f"write `per_started: {24 * stretch.count} hours`, or `day_one: same`, which counts the due date too.",
            )


@of_log("SV557", "warning")
def a_figure_with_the_name_of_a_field(subject: Subject, observed: Observed) -> Iterator[Seen]:
    """Find a payment or a weight that reads a figure of the verdict, while the log carries a field of that name.

    `cap: $limit GBP` is the limit of the standard. Where a case has a limit of its own, as a policy has, that one is
    `$case.limit`.

    Remedy: write `$case.limit` for the field of the case; leave it where the figure is meant, and keep the finding.
    """
    for path, figure in subject.reckoned:
        for one in sorted(figure.references, key=lambda field: field.name):
            if one.name in READ and not one.scope and observed.has_field(one.name):
                yield Seen(
                    path,
                    f"`${one.name}` is the figure of the verdict, and events of the log carry a field `{one.name}`.",
                    f"write `$case.{one.name}` if the field is meant.",
                )
