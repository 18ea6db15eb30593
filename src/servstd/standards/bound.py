"""What an objective compares, and with what: `share: 95%`, `p90: 40 minutes`, `count: {le: 3}`, exactly."""

from __future__ import annotations

import re
from collections.abc import Mapping
from decimal import Decimal
from fractions import Fraction
from typing import Any, Literal, NamedTuple, cast

from servstd.durations import format_duration, parse_span
from servstd.errors import Problem, StandardsError
from servstd.models import shown
from servstd.standards.said import remedy_for

Op = Literal["ge", "gt", "le", "lt"]
Figure = int | Fraction

_SIGNS: Mapping[Op, str] = {"ge": "≥ ", "gt": "> ", "le": "≤ ", "lt": "< "}
_WORDS: Mapping[Op, str] = {"ge": "at least", "gt": "more than", "le": "at most", "lt": "less than"}
_TURNED: Mapping[Op, Op] = {"ge": "le", "gt": "lt", "le": "ge", "lt": "gt"}
_SPOKEN: Mapping[str, Op] = {
    "at least": "ge", "no less than": "ge", "not less than": "ge", "no fewer than": "ge", "more than": "gt",
    "over": "gt", "above": "gt", "at most": "le", "no more than": "le", "not more than": "le", "up to": "le",
    "less than": "lt", "fewer than": "lt", "under": "lt", "below": "lt",
}  # fmt: skip
"""Comparisons as people write them before an amount: `less than 3%`."""
_SAID = re.compile(rf"(?P<words>{'|'.join(_SPOKEN)})\s+(?P<rest>.+)".replace(" ", r"[ ]+"), re.IGNORECASE)
_PERCENT = re.compile(r"([0-9]{1,3}(?:\.[0-9]{1,9})?)\s?%")
_NUMBER = re.compile(r"-?[0-9]{1,15}(?:\.[0-9]{1,9})?")
_DATES = re.compile(
    r"(?P<count>[0-9]{1,6}(?:\.[0-9]{1,9})?)\s+(?:(?P<sort>business|working|calendar)\s+)?days?",
    re.IGNORECASE,
)
_RATE = re.compile(
    r"(?P<most>[0-9]{1,15}(?:\.[0-9]{1,9})?)\s+(?:per|in)\s+"
    r"(?:an?\s+)?(?P<base>[0-9]{1,12})?\s*(?P<unit>hours?|days?|weeks?)?",
    re.IGNORECASE,
)
_LENGTHS = {"hour": 3_600_000_000, "day": 86_400_000_000, "week": 604_800_000_000}


class Per(NamedTuple):
    """Say per how much a rate counts: per 1,000 judged, or per day of the window.

    Example:
        >>> str(Per(1000)), str(Per(1, "day"))
        ('per 1,000', 'per day')
    """

    base: int
    """Per how many."""
    length: Literal["hour", "day", "week"] | None = None
    """Of which length of time, 24 hours a day; None for judged verdicts."""

    @property
    def length_us(self) -> int | None:
        """The length of time in µs that the rate counts by; None where it counts by judged verdicts."""
        return None if self.length is None else self.base * _LENGTHS[self.length]

    def __str__(self) -> str:
        if self.length is None:
            return f"per {self.base:,}"
        return f"per {self.length}" if self.base == 1 else f"per {self.base:,} {self.length}s"


class Bound(NamedTuple):
    """Hold what a figure must reach, or not pass, exactly.

    Example:
        >>> Bound(Fraction(95, 100)).is_met(19, 20), Bound(Fraction(95, 100), "gt").is_met(19, 20)
        (True, False)
        >>> str(Bound(Fraction(90_000_000), "le", "time"))
        '≤ 1m 30s'
    """

    value: Fraction
    """The bound: a share between 0 and 1, µs, days, or a number."""
    op: Op = "ge"
    """How a figure stands to it: `ge`, `gt`, `le` or `lt`."""
    unit: str = "share"
    """`share`, `time` (µs), `dates`, `rate`, or `number`."""
    per: Per | None = None
    """Per how much, of a rate."""
    of: Literal["", "breached"] = ""
    """What a share is a share of, where that is not what was met."""
    days: Literal["", "business", "calendar"] = ""
    """Which days are counted, where the author says it."""

    @property
    def kept(self) -> Bound:
        """The same promise as the least share that is met: less than 3% breached is more than 97% met.

        Example:
            >>> str(Bound(Fraction(3, 100), "lt", of="breached").kept)
            '> 97%'
        """
        return Bound(1 - self.value, _TURNED[self.op]) if self.of else self

    @property
    def is_most(self) -> bool:
        """Whether less is better."""
        return self.op in ("le", "lt")

    @property
    def is_strict(self) -> bool:
        """Whether reaching it exactly is not enough."""
        return self.op in ("gt", "lt")

    def admits(self, figure: Figure) -> bool:
        """Tell whether a figure meets it; nothing is rounded."""
        if self.is_most:
            return figure < self.value if self.is_strict else figure <= self.value
        return figure > self.value if self.is_strict else figure >= self.value

    def is_met(self, met: Figure, judged: Figure) -> bool:
        """Tell whether the share of `met` in `judged` meets it; whole numbers are compared, nothing is divided."""
        return self._replaced(self.value * judged).admits(met)

    def allowed(self, judged: int) -> int:
        """Return how many of `judged` may be breached with a share still met; 0 when none may.

        Example:
            >>> Bound(Fraction(99, 100)).allowed(250)
            2
        """
        wanted = self.value * judged
        needed = wanted.numerator // wanted.denominator + 1 if self.is_strict else -(-wanted // 1)
        return max(judged - int(needed), 0)

    def most(self, scale: Figure = 1) -> int:
        """Return the greatest whole number that an upper bound, times `scale`, admits; at least 0.

        Example:
            >>> Bound(Fraction(3), "le").most(), Bound(Fraction(3), "lt").most()
            (3, 2)
        """
        wanted = self.value * scale
        whole = int(wanted // 1)
        return max(whole - 1 if self.op == "lt" and whole == wanted else whole, 0)

    def sentence(self) -> str:
        """Return it in words: `at most 40m`."""
        return f"{_WORDS[self.op]} {self._amount()}"

    def __str__(self) -> str:
        return f"{'' if self.unit == 'share' and self.op == 'ge' else _SIGNS[self.op]}{self._amount()}"

    def _amount(self) -> str:
        amount = exact_text(self.value, self.unit)
        amount = amount.replace(" day", f" {self.days} day") if self.days else amount
        return amount + (f" {self.per or self.of}" if self.per or self.of else "")

    def _replaced(self, value: Fraction) -> Bound:
        return Bound(value, self.op, self.unit, self.per)


def read_share_bound(written: object, *, of: Literal["", "met", "breached"] = "") -> Bound:
    """Return the bound of a share: `95%`, `{gt: 99%}`, `less than 3%`.

    At least so much is of what was met, at most so much of what was breached: nobody promises to keep few promises.

    Args:
        written: What the author wrote.
        of: Of what, where the author says it; a bare share of what was breached is the most.

    Raises:
        StandardsError: SV150 another comparison, SV153 no percentage, SV614 few of what was met, or many of what was
            breached.

    Example:
        >>> str(read_share_bound("95%")), str(read_share_bound("less than 3%"))
        ('95%', '< 3% breached')
    """
    help_ = "a share is `95%`, `{gt: 99%}`, or `less than 3%` of what was breached."
    op, amount = _compared(written, "le" if of == "breached" else "ge", "SV150", help_)
    bound = Bound(read_percent(amount), op)
    if bound.is_most is (of == "met") and of:
        raise StandardsError(
            Problem(
                "SV614",
                f"{bound.sentence()} {of} is no promise.",
                help="promise the least that is met, `95%`, or the most that is breached, `at most 5%`.",
            )
        )
    return bound._replace(of="breached") if bound.is_most else bound


def read_figure_bound(written: object, op: Op = "le") -> Bound:
    """Return the bound of a mean, a median, a percentile or a maximum: `40 minutes`, `5 business days`, `{ge: 4}`.

    Args:
        written: What the author wrote.
        op: What a bare amount means, by what the standard itself promises.

    Raises:
        StandardsError: SV601 no amount.

    Example:
        >>> str(read_figure_bound("5 business days")), str(read_figure_bound({"ge": 4.5}))
        ('≤ 5 business days', '≥ 4.5')
    """
    said, amount = _compared(written, op, "SV601", "a bound is `40 minutes`, or `{ge: 4}`.")
    return (_dates(amount) or _amount(amount))._replace(op=said)


def is_bare(written: object) -> bool:
    """Tell whether an amount stands without a comparison, `85`, so that its direction is that of the standard.

    Example:
        >>> is_bare("40 minutes"), is_bare({"le": "40 minutes"}), is_bare("less than 40 minutes")
        (True, False, False)
    """
    return not isinstance(written, Mapping) and spoken(written)[0] is None


def spoken(written: object) -> tuple[Op | None, object]:
    """Return the comparison that stands before an amount, and the amount: `less than 3%` is `lt` and `3%`.

    Example:
        >>> spoken("Fewer than 3%"), spoken("95%")
        (('lt', '3%'), (None, '95%'))
    """
    found = _SAID.fullmatch(written.strip()) if isinstance(written, str) and len(written) < 200 else None
    if found is None:
        return None, written
    return _SPOKEN[" ".join(found["words"].lower().split())], found["rest"]


def read_own_limit(written: str, op: Op = "le") -> Bound:
    """Return the limit that an objective brings along: `15 seconds`, `1 business day`.

    Args:
        written: What the author wrote.
        op: How a case stands to a limit of the standard: `lt` where reaching it is too late.

    Raises:
        StandardsError: SV120 to SV122 no duration, SV154 another clock than the standard's.
    """
    text = written.strip()
    if (dates := _dates(text)) is not None:
        return dates._replace(op=op)
    span = parse_span(text)
    if span.clock == "calendar":
        raise StandardsError(own_clock(text))
    return Bound(Fraction(span.us), op, "time")


def read_count_bound(written: object, *, op: Op) -> Bound:
    """Return the bound of a number of verdicts: `3`, `{ge: 30}`.

    Args:
        written: What the author wrote.
        op: What a bare number means.

    Raises:
        StandardsError: SV601 no whole number.
    """
    said, amount = _compared(written, op, "SV601", "a count is `3`, or `{ge: 30}`.")
    bound = _dates(amount) or _amount(amount)
    if bound.unit != "number" or bound.value.denominator != 1 or bound.value < 0:
        raise StandardsError(
            Problem("SV601", f"`{amount!s:.40}` is no number of verdicts.", help="write `3`.")
        )
    return bound._replace(op=said)


def read_rate_bound(written: object, *, op: Op) -> Bound:
    """Return the bound of a rate: `5 per 1000` judged, `2 per day` of the window.

    Args:
        written: What the author wrote.
        op: What a bare rate means.

    Raises:
        StandardsError: SV601 no rate.

    Example:
        >>> str(read_rate_bound("5 per 1000", op="le")), str(read_rate_bound("2 per day", op="le"))
        ('≤ 5 per 1,000', '≤ 2 per day')
    """
    said, amount = _compared(written, op, "SV601", "a rate is `5 per 1000`, or `{lt: 2 per day}`.")
    found = _RATE.fullmatch(amount.strip()) if isinstance(amount, str) else None
    if found is None or not (found["base"] or found["unit"]) or int(found["base"] or 1) == 0:
        raise StandardsError(
            Problem(
                "SV601",
                f"`{amount!s:.40}` is no rate.",
                help="write `5 per 1000` for so many of a thousand judged, or `2 per day`.",
            )
        )
    length: Any = found["unit"] and found["unit"].lower().removesuffix("s")
    return Bound(Fraction(found["most"]), said, "rate", Per(int(found["base"] or 1), length))


def read_percent(text: object) -> Fraction:
    """Return a percentage as an exact share.

    Raises:
        StandardsError: SV153, no percentage, or more than 100.
    """
    found = _PERCENT.fullmatch(text.strip()) if isinstance(text, str) else None
    if found is None:
        raise StandardsError(
            Problem(
                "SV153",
                f"`{text!s:.40}` is no percentage, so nobody can tell 0.95 from 95.",
                help="write `95%`.",
            )
        )
    share = Fraction(found[1]) / 100
    if share > 1:
        raise StandardsError(
            Problem("SV153", f"`{text}` is more than everything.", help="a share is at most `100%`.")
        )
    return share


def percent_text(share: Fraction, places: int = 9) -> str:
    """Return an exact share as people write it: `95%`, `97.5%`.

    Example:
        >>> percent_text(Fraction(975, 1000)), percent_text(Fraction(1))
        ('97.5%', '100%')
    """
    return f"{number_text(share * 100, places)}%"


def number_text(value: Fraction, places: int = 9) -> str:
    """Return a number with as many decimals as it needs, and no more than `places`.

    Example:
        >>> number_text(Fraction(-9, 2)), number_text(Fraction(1234567))
        ('-4.5', '1234567')
    """
    scaled = int(abs(value) * 10**places)
    whole, part = divmod(scaled, 10**places)
    digits = f"{part:0{places}d}".rstrip("0") if places else ""
    return f"{'-' if value < 0 and scaled else ''}{whole}{'.' if digits else ''}{digits}"


def exact_text(value: Fraction, unit: str) -> str:
    """Return an amount in its unit, as exactly as its author wrote it.

    Example:
        >>> exact_text(Fraction(5_400_000_000), "time"), exact_text(Fraction(5), "dates")
        ('1h 30m', '5 days')
    """
    if unit == "share":
        return percent_text(value)
    if unit == "time":
        return format_duration(int(value))
    return number_text(value) + (f" day{'' if value == 1 else 's'}" if unit == "dates" else "")


def _compared(written: object, op: Op, code: str, help_: str) -> tuple[Op, object]:
    """Return the comparison and what is compared with, for `x` as for `{gt: x}` and `more than x`."""
    if not isinstance(written, Mapping):
        said, amount = spoken(written)
        return said or op, amount
    if len(written) == 1 and (key := next(iter(written))) in _SIGNS:
        return cast("Op", key), written[key]
    raise StandardsError(Problem(code, f"`{shown(dict(written))}` is no bound.", help=help_))


def _dates(written: object) -> Bound | None:
    """Return a number of days as a bound, with which days they are; None for anything else."""
    found = _DATES.fullmatch(written.strip()) if isinstance(written, str) else None
    if found is None:
        return None
    sort = (found["sort"] or "").lower().replace("working", "business")
    return Bound(Fraction(found["count"]), "le", "dates", days=cast("Any", sort))


def _amount(written: object) -> Bound:
    """Return an amount with its unit: a length of time, or a number."""
    if isinstance(written, (int, float, Decimal)) and not isinstance(written, bool):
        written = str(written)
    text = written.strip() if isinstance(written, str) else ""
    if _NUMBER.fullmatch(text):
        return Bound(Fraction(text), "le", "number")
    try:
        span = parse_span(text)
    except StandardsError as failure:
        raise StandardsError(
            Problem(
                "SV601",
                f"`{written!s:.40}` is no amount: {failure.problems[0].message}",
                help=_in_its_unit(text),
            )
        ) from None
    if span.clock == "calendar":
        raise StandardsError(own_clock(text))
    return Bound(Fraction(span.us), "le", "time")


_NUMBER_OF = re.compile(
    r"([0-9]+(?:\.[0-9]+)?)\s*(?:points?|events?|items?|times?|calls?|cases?)", re.IGNORECASE
)


def _in_its_unit(text: str) -> str:
    """Return how to write an amount in the unit of the standard, whichever that is."""
    if text.endswith("%"):
        return (
            f"a share of the cases is `share: {text}`. A figure is in what its standard measures: `40 minutes` of a "
            "clock and of time in a state, `5 business days` under a date limit, else a number: `85`."
        )
    if found := _NUMBER_OF.fullmatch(text):
        return f"write the number alone, it is in the standard's own unit: `{found[1]}`."
    return remedy_for(text) or "write `40 minutes` for time, `5 business days` for dates, or a number alone."


def own_clock(text: object) -> Problem:
    """Return the problem of an objective that names another clock than the standard's."""
    return Problem(
        "SV154",
        f"`{text}`: an objective counts on the standard's clock.",
        help="leave `calendar` out, or write a second standard.",
    )
