"""What follows from a verdict, slow and obvious: days are walked one by one, stretches are counted one by one.

Written from `docs/agreements.md` and the decisions 0082, 0083, 0085 and 0236. No code is shared.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal, localcontext
from fractions import Fraction
from zoneinfo import ZoneInfo

from oracle.attainments import months_later
from oracle.calendars import HOUR, local_date, map_local

LENGTHS = {"hour": HOUR, "minute": HOUR // 60}
OPENS, CLOSES = 9 * 3600, 17 * 3600


class Unknown(Exception):
    """Something that decides is not carried."""


@dataclass(frozen=True)
class Row:
    """What follows from one verdict."""

    amount: str | None
    unit: str
    label: str
    status: str
    is_running: bool
    claim_until: int | None


@dataclass(frozen=True)
class Place:
    """Where a case is served, from 9 to 17 on weekdays, and until when it is looked at."""

    zone: ZoneInfo
    as_of: int

    def open_us(self, start: int, end: int) -> int:
        """Return the open time between two instants: every weekday's eight hours, cut by them."""
        day, total = local_date(start, self.zone), 0
        while day <= local_date(end, self.zone):
            if day.weekday() < 5:
                opens, closes = map_local(day, OPENS, self.zone), map_local(day, CLOSES, self.zone)
                total += max(0, min(closes, end) - max(opens, start))
            day += timedelta(days=1)
        return total

    def after_open_us(self, start: int, amount: int) -> int:
        """Return the earliest instant at which so much open time has passed."""
        day = local_date(start, self.zone)
        while True:
            if day.weekday() < 5:
                opens, closes = map_local(day, OPENS, self.zone), map_local(day, CLOSES, self.zone)
                lasts = max(0, closes - max(opens, start))
                if lasts >= amount:
                    return max(opens, start) + amount
                amount -= lasts
            day += timedelta(days=1)


def follows(spec: dict, verdict: dict, fields: dict, place: Place) -> Row | None:
    """Return what follows from a verdict of a case that carries these fields."""
    if verdict["outcome"] not in ([spec["on"]] if isinstance(spec["on"], str) else spec["on"]):
        return None
    terms = dict(spec)
    for row in spec.get("overrides", ()):
        if fits(row["when"], fields):
            terms.update({name: value for name, value in row.items() if name != "when"})
            break
    holds = fits(spec["when"], fields) if "when" in spec else True
    if holds is False:
        return None
    unknown = row_of(terms, verdict, place, (None, "", terms.get("label", "")), is_known=False)
    if holds is None:
        return unknown
    try:
        found = worth(terms, verdict, fields, place)
    except Unknown:
        return unknown
    return None if found is None else row_of(terms, verdict, place, found)


def fits(when: dict, fields: dict) -> bool | None:
    ((name, wanted),) = when.items()
    return fields[name] == wanted if name in fields else None


# -- amounts -----------------------------------------------------------------------------------------------------------


def worth(terms: dict, verdict: dict, fields: dict, place: Place) -> tuple[Fraction | None, str, str] | None:
    reached = None
    for tier in terms.get("tiers", ()):
        if is_reached(tier, terms, verdict, fields, place):
            reached = tier
    if terms.get("tiers") and reached is None and not terms.get("flat") and not terms.get("then"):
        return None
    paid = [paid_of(terms["flat"], verdict, fields)] if "flat" in terms else []
    paid += [paid_of(reached["flat"], verdict, fields)] if reached else []
    if "then" in terms:
        times = stretches(terms["then"], terms, verdict, place)
        amount, unit = paid_of(terms["then"]["amount"], verdict, fields)
        paid.append((amount * times, unit))
    if not paid:
        return None, "", terms.get("label", "")
    total = sum(amount for amount, _ in paid)
    if "cap" in terms:
        total = min(total, paid_of(terms["cap"], verdict, fields)[0])
    return total, paid[0][1], terms.get("label", "")


FORMULAS = {
    "2 * $fee": lambda fee, used, own: 2 * fee,
    "$fee + 5": lambda fee, used, own: fee + 5,
    "max(0.1 * $fee, 20)": lambda fee, used, own: max(Fraction(fee, 10), Fraction(20)),
    "25% of min($fee, 30)": lambda fee, used, own: Fraction(min(fee, 30), 4),
    "USED": lambda fee, used, own: used,
    "0.5 * USED + 1": lambda fee, used, own: used / 2 + 1,
    "$fee - USED": lambda fee, used, own: fee - used,
    "3 * $case.elapsed": lambda fee, used, own: Fraction(3 * own),
}
"""What is reckoned, by the fee and the field `elapsed` of the case, and the hours or days that the verdict used: USED."""


def reckoned(text: str, verdict: dict, fields: dict) -> Fraction:
    """Return what a formula gives; what is not there, and what is less than nothing, is unknown."""
    used = Fraction(verdict["elapsed"], HOUR if verdict["standard"] == "clock" else 1)
    for name, sign in (("fee", "$fee"), ("elapsed", "$case.elapsed")):
        if sign in text and name not in fields:
            raise Unknown
    amount = Fraction(FORMULAS[text](fields.get("fee", 0), used, fields.get("elapsed", 0)))
    if amount < 0:
        raise Unknown
    return amount


def paid_of(text: str, verdict: dict, fields: dict) -> tuple[Fraction, str]:
    """Read `20 GBP`, `$fee GBP`, `25% of $fee GBP`, and what is reckoned."""
    if text.removesuffix(" GBP") in FORMULAS:
        return reckoned(text.removesuffix(" GBP"), verdict, fields), "GBP"
    *figure, unit = text.split()
    share = Fraction(figure[0].rstrip("%")) / 100 if len(figure) == 3 else Fraction(1)
    if not figure[-1].startswith("$"):
        return Fraction(figure[0]), unit
    held = fields.get(figure[-1][1:])
    if held is None or held < 0:
        raise Unknown
    return share * Fraction(held), unit


def stretches(then: dict, terms: dict, verdict: dict, place: Place) -> int:
    are_over = "per" in then
    number, unit = read(then["per"] if are_over else then["per_started"])
    late = late_of(unit, terms, verdict, place, are_over=are_over)
    count = 0
    while (count + 1) * number <= late if are_over else count * number < late:
        count += 1
    return count


def is_reached(tier: dict, terms: dict, verdict: dict, fields: dict, place: Place) -> bool:
    (name,) = set(tier) & {"from", "above", "below"}
    by = terms.get("by", "late")
    if by.startswith("$"):
        if by[1:] not in fields:
            raise Unknown
        threshold, figure = tier[name], fields[by[1:]]
    else:
        threshold, unit = read(tier[name])
        measure = elapsed_of if by == "elapsed" else late_of
        figure = measure(unit, terms, verdict, place)
    return {"from": figure >= threshold, "above": figure > threshold, "below": figure < threshold}[name]


# -- lengths of time ---------------------------------------------------------------------------------------------------


def read(text: str) -> tuple[int, str]:
    """Read `2 hours`, `1 business day`, `3 calendar hours`: how many, in µs where it is a time."""
    number, *words = text.split()
    unit = " ".join(words).rstrip("s")
    return int(number) * LENGTHS.get(words[-1].rstrip("s"), 1), unit


def end_of(verdict: dict, place: Place) -> int:
    return place.as_of if verdict["ended_at"] is None else verdict["ended_at"]


def late_of(unit: str, terms: dict, verdict: dict, place: Place, *, are_over: bool = False) -> int:
    due, end = verdict["due_at"], end_of(verdict, place)
    if unit.endswith(("hour", "minute")):
        if not unit.startswith("calendar") and verdict["over"] is not None:
            return max(verdict["over"], 0)
        if due is None:
            raise Unknown
        return max(0, place.open_us(due, end) if unit.startswith("business") else end - due)
    if due is None:
        raise Unknown
    if end < due:
        return 0
    in_time = due if verdict["at"] > due else due - 1
    first, last = local_date(in_time, place.zone), local_date(end, place.zone)
    if unit == "month":
        over = months_over(first, last)
        return over if are_over else over + 1
    if are_over and first == last:
        return 0
    counted = days_after(first, last - timedelta(days=are_over), is_business=unit.startswith("business"))
    return counted + (terms.get("day_one") == "same")


def elapsed_of(unit: str, terms: dict, verdict: dict, place: Place) -> int:
    start, end = verdict["started_at"], end_of(verdict, place)
    if unit.endswith(("hour", "minute")):
        if not unit.startswith("calendar") and verdict["used"] is not None:
            return verdict["used"]
        return place.open_us(start, end) if unit.startswith("business") else end - start
    first, last = local_date(start, place.zone), local_date(end, place.zone)
    if unit == "month":
        return months_over(first, last)
    return days_after(first, last, is_business=unit.startswith("business"))


def days_after(first: date, last: date, *, is_business: bool) -> int:
    count = 0
    while first < last:
        first += timedelta(days=1)
        count += not is_business or first.weekday() < 5
    return count


def months_over(first: date, last: date) -> int:
    count = 0
    while months_later(first, count + 1) < last:
        count += 1
    return count


# -- the row -----------------------------------------------------------------------------------------------------------


def row_of(
    terms: dict, verdict: dict, place: Place, paid: tuple[Fraction | None, str, str], *, is_known: bool = True
) -> Row:
    amount, unit, label = paid
    status, until = claim_of(terms, verdict, place)
    grows = "then" in terms or (bool(terms.get("tiers")) and not terms.get("by", "late").startswith("$"))
    paid_by = [
        terms.get("flat", ""),
        terms.get("cap", ""),
        *(tier["flat"] for tier in terms.get("tiers", ())),
    ]
    grows = grows or any("USED" in text for text in paid_by)
    return Row(
        None if amount is None else cents(amount), unit, label, status if is_known else "unknown",
        verdict["ended_at"] is None and grows, until,
    )  # fmt: skip


def cents(amount: Fraction) -> str:
    with localcontext(prec=400):
        exact = Decimal(amount.numerator) / Decimal(amount.denominator)
        return str(exact.quantize(Decimal("0.01"), rounding=ROUND_HALF_UP))


def claim_of(terms: dict, verdict: dict, place: Place) -> tuple[str, int | None]:
    if "claim" not in terms:
        return "owed", None
    claimed = verdict["claimed_at"]
    if "claim_within" not in terms or verdict["ended_at"] is None:
        return ("claimable" if claimed is None else "owed"), None
    number, unit = read(terms["claim_within"])
    over: int = verdict["ended_at"]
    if unit.endswith("hour"):
        until = over + number if unit.startswith("calendar") else place.after_open_us(over, number)
        last = until
    else:
        day = local_date(over, place.zone)
        if unit == "month":
            day = months_later(day, number)
        while unit != "month" and number:
            day += timedelta(days=1)
            number -= not unit.startswith("business") or day.weekday() < 5
        until = map_local(day + timedelta(days=1), 0, place.zone)
        last = until - 1
    if claimed is None:
        return ("claimable" if place.as_of <= last else "lapsed"), until
    return ("owed" if claimed <= last else "lapsed"), until
