"""What a consequence says that cannot be meant, whatever book it stands in."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from servstd.durations import Span
from servstd.errors import Problem, StandardsError
from servstd.expressions import is_arithmetic

if TYPE_CHECKING:
    from servstd.standards.consequence import Consequence
    from servstd.standards.tiers import Tier

_FITTING = {"late": ("time", "number"), "elapsed": ("time", "number"), "share": ("percent",)}
_ON_FIELDS = ("number", "percent")


def unmeant(one: Consequence) -> Iterator[Problem]:
    """Yield the problems of a consequence.

    Args:
        one: The consequence, its keys as read.
    """
    yield from _by_time_twice(one)
    yield from _nothing(one)
    yield from _causes(one)
    yield from _wrong_measure(one)
    yield from _claims(one)
    if not one.per_started or not one.per:  # said twice, it can be read neither way
        yield from _thresholds(one)
        yield from _hidden_tiers(one)
        yield from _units(one)
        yield from _not_of_windows(one)


def _by_time_twice(one: Consequence) -> Iterator[Problem]:
    short = [name for name in ("per_started", "per", "amount") if getattr(one, name) is not None]
    if short and (one.then is not None or len(short) != 2 or "amount" not in short):
        yield Problem(
            "SV702",
            "what is paid by time is said once: `per_started` (or `per`) with `amount`, or `then`.",
            help="`per_started: 1 day, amount: 10 GBP`.",
            path=short[0],
        )


def _nothing(one: Consequence) -> Iterator[Problem]:
    if not any((one.flat, one.label, one.then, one.per_started, one.per, one.tiers)):
        yield Problem(
            "SV704",
            "a consequence from which nothing follows.",
            help="give it `flat: 95 GBP`, `per_started: 1 day, amount: 10 GBP`, `tiers:` or `label:`.",
        )


def _causes(one: Consequence) -> Iterator[Problem]:
    of_windows = [cause in ("missed", "reached") for cause in one.causes]
    if not one.causes or len(set(of_windows)) > 1:
        yield Problem(
            "SV714",
            "it follows from verdicts (`breached`, `met`, `cancelled`) or from windows (`missed`, `reached`).",
            help="write `on: breached`, `on: [missed, reached]`, or two consequences.",
            path="on",
        )


def _wrong_measure(one: Consequence) -> Iterator[Problem]:
    try:
        is_named = one.measured_field is None
    except StandardsError as failure:
        yield from (problem.at(path="by") for problem in failure.problems)
        return
    if one.by not in ("late", "elapsed", "share", "value") and is_named:
        yield Problem(
            "SV705",
            f"`{one.by[:40]}` is nothing that tiers measure.",
            help="one of `late`, `elapsed`, `share`, `value`, or a field: `$km`.",
            path="by",
        )
    windows = one.reads_windows
    if one.tiers and windows != (one.by == "value"):
        yield Problem(
            "SV705",
            f"with `on: {one.causes[0] if one.causes else ''}` tiers cannot measure `{one.by}`.",
            help="write `by: value`." if windows else "write `by: late`, or another of a verdict.",
            path="by",
        )
    if windows and (one.then is not None or one.per_started or one.per):
        yield Problem(
            "SV705", "a window is not late, so nothing is paid by time.", help="use `flat` or `tiers`."
        )


def _thresholds(one: Consequence) -> Iterator[Problem]:
    """Refuse thresholds that what is measured can never be compared with."""
    fitting = _ON_FIELDS if is_arithmetic(one.by) else _FITTING.get(one.by)
    for tier in [tier for terms in one.all_terms for tier in terms.tiers]:
        if fitting is not None and tier.measures not in fitting:
            yield _unlike(one, tier)


def _hidden_tiers(one: Consequence) -> Iterator[Problem]:
    """Refuse a tier that never holds, because a later one fits whatever it fits: the last that fits holds."""
    lists = [("tiers", one.terms.tiers)]
    lists += [
        (f"overrides[{place}].tiers", one.terms.changed_by(row).tiers)
        for place, row in enumerate(one.instead)
        if row.tiers is not None
    ]
    for path, tiers in lists:
        for place, tier in enumerate(tiers):
            if any(later.covers(tier) for later in tiers[place + 1 :]):
                yield Problem(
                    "SV703",
                    f"`{tier.written}` never holds: the last tier that fits does, and one below fits all that it fits.",
                    help="order tiers so that each reaches further than the one above it.",
                    path=f"{path}[{place}]",
                )


def _unlike(one: Consequence, tier: Tier) -> Problem:
    examples = {"share": "`99%`"}
    return Problem(
        "SV705",
        f"`by: {one.by}` cannot be compared with `{tier.written}`.",
        help=f"write a threshold like {examples.get(one.by, '`15 minutes`, `2 days` or `3`')}."
        if not is_arithmetic(one.by)
        else "write a number.",
        path="tiers",
    )


def _claims(one: Consequence) -> Iterator[Problem]:
    if one.claim_within is not None and one.claim is None:
        yield Problem(
            "SV706", "`claim_within` without a claim.", help="name the event: `claim: claim.made`.",
            path="claim_within",
        )  # fmt: skip
    try:
        limit = one.claim_limit
    except StandardsError as failure:
        yield from (problem.at(path="claim_within") for problem in failure.problems)
    else:
        if isinstance(limit, Span) and limit.us == 0:
            yield Problem(
                "SV706",
                "nobody can claim within no time.",
                help="write `claim_within: 28 days`.",
                path="claim_within",
            )
    if one.claim is not None and one.reads_windows:
        yield Problem(
            "SV706",
            "the windows of an objective belong to no case, so no event claims for them.",
            help="let it read verdicts: a quantity `per: month` gives one a customer and month.",
            path="claim",
        )


def _units(one: Consequence) -> Iterator[Problem]:
    for terms in one.all_terms:
        joined = [terms.flat, terms.cap, terms.begun.payment if terms.begun else None]
        for tier in [tier.payment for tier in terms.tiers] or [None]:
            units = {payment.unit for payment in (*joined, tier) if payment is not None}
            if len(units) > 1:
                yield Problem(
                    "SV707",
                    f"payments in {' and '.join(f'`{unit}`' for unit in sorted(units))} cannot be added up.",
                    help="use one unit, or write two consequences.",
                )
                return


def _not_of_windows(one: Consequence) -> Iterator[Problem]:
    """Refuse what only a case carries where windows are read."""
    if not one.reads_windows:
        return
    told = {"when": one.when is not None, "overrides": bool(one.overrides)}
    read = {path: min(payment.fields) for path, payment in one.payments.items() if payment.fields}
    for path in [name for name, is_given in told.items() if is_given] or list(read)[:1]:
        yield Problem(
            "SV714",
            "a window belongs to no case, and carries no fields"
            + (f", no `{read[path]}` either." if path in read else "."),
            help="let an agreement say it for its cases, or read verdicts: a quantity `per: month` gives one a "
            "customer and month.",
            path=path,
        )
