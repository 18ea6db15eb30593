"""Titles that say another figure than their standard."""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal
from fractions import Fraction
from typing import Literal

from servstd.durations import HOUR, MINUTE, SECOND
from servstd.lint.objectives import share_of
from servstd.lint.sort import Seen, of_standard
from servstd.lint.subject import Subject
from servstd.standards import Respond
from servstd.standards.bound import percent_text
from servstd.standards.limit import DatesLimit, DurationLimit

Length = Literal["time", "dates"]

_SPAN = re.compile(
    r"(?<![\w.$€£])([0-9]{1,6})[ -](?:(?:business|working|opening|calendar)[ -])?"
    r"(second|minute|hour|day|week|month)s?\b",
    re.IGNORECASE,
)
_BARE = re.compile(r"(?<![\w.$€£])[0-9]{1,6}(?![\w.]*%)")
_SHARE = re.compile(r"(?<![\w.])([0-9]{1,3}(?:\.[0-9]{1,3})?) ?(?:%|per cent\b|percent\b)")
_TIMES = {"second": SECOND, "minute": MINUTE, "hour": HOUR}
_DATES = {"day": 1, "week": 7, "month": 30, "quarter": 90, "year": 365}


@of_standard("SV555", "warning")
def a_title_that_says_something_else(subject: Subject) -> Iterator[Seen]:
    """Find a title whose figures are none of the standard's own.

    The title is what people sign and what the report shows. `Answer within 60 minutes` over `within: 90 minutes` is
    a copy of which one half was changed. Lengths of time are compared with lengths, days with days, shares with
    shares, and nothing is found as long as one figure of its sort agrees.

    Remedy: write the same figure in both.
    """
    title = subject.standard.title or ""
    if any(map(str.isdigit, title)):
        yield from _other_lengths(subject, title, "time")
        yield from _other_lengths(subject, title, "dates")
        yield from _other_shares(subject, title)


def _other_lengths(subject: Subject, title: str, sort: Length) -> Iterator[Seen]:
    units = _TIMES if sort == "time" else _DATES
    told = [(words[0], int(words[1]), units[unit]) for words in _SPAN.finditer(title)
            if (unit := words[2].lower()) in units]  # fmt: skip
    held = list(_held(subject, sort))
    if not told or not held:
        return
    # "in 10 seconds and 95 in 20": a number may leave its unit to the one before
    numbers = [int(number) for number in _BARE.findall(title)]
    meant = {count * unit for _, count, unit in told} | {
        count * unit for count in numbers for *_, unit in told
    }
    if not meant.intersection(figure for figure, _ in held):
        words = " and ".join(f"`{one}`" for one in dict.fromkeys(words for _, words in held))
        yield Seen(
            "title",
            f"the title says `{told[0][0]}`, and the standard {words}.",
            "write the same figure in both.",
        )


def _held(subject: Subject, sort: Length) -> Iterator[tuple[int | Fraction, str]]:
    """Yield the lengths that a standard names, in µs or days, each in words."""
    for term in subject.terms:
        node = term.node
        if sort == "time" and isinstance(node, DurationLimit):
            yield node.us, node.sentence()
        if sort == "dates" and isinstance(node, DatesLimit) and isinstance(node.count, int):
            unit = node.unit.split()[-1].lower().removesuffix("s")
            yield node.count * _DATES.get(unit, 1), node.sentence()
    for _, objective in subject.objectives:
        if objective.bound.unit == sort:
            yield objective.bound.value, str(objective)


def _other_shares(subject: Subject, title: str) -> Iterator[Seen]:
    told = [(words[0], Fraction(Decimal(words[1])) / 100) for words in _SHARE.finditer(title)]
    held = [one.bound for _, one in subject.objectives if share_of(one) is not None]
    meant = {value for bound in held for value in (bound.value, bound.kept.value, 1 - bound.kept.value)}
    if (
        told
        and held
        and isinstance(subject.standard, Respond)
        and not {share for _, share in told} & meant  # 3 % late is 97 % in time
    ):
        words = " and ".join(f"`{percent_text(bound.value)}`" for bound in held)
        yield Seen(
            "title",
            f"the title says `{told[0][0]}`, and the objective {words}.",
            "write the same figure in both.",
        )
