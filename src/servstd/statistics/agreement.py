"""Agreement: whether reviewers who look at the same contact see the same, beyond what chance would give."""

from __future__ import annotations

from collections import Counter
from collections.abc import Hashable, Iterable, Mapping, Sequence
from fractions import Fraction
from typing import Literal, get_args

from servstd.errors import Problem
from servstd.statistics.inputs import bad_choice, bad_numbers, exact, refuse

Level = Literal["nominal", "interval"]
"""What a difference of answers means: `nominal`, same or not; `interval`, how far apart the numbers are."""
LEVELS: tuple[str, ...] = get_args(Level)

Answers = Mapping[str, Hashable] | Sequence[Hashable]


def percent_agreement(units: Iterable[Sequence[Hashable]]) -> Fraction | None:
    """Return the share of pairs of reviewers who gave the same answer to the same unit.

    It flatters: where nine of ten contacts pass, two who never look agree on 82 %.

    Args:
        units: The answers of the reviewers by unit; None for one who gave none. Units with fewer than two are left out.

    Returns:
        The share, or None where no unit has two answers.

    Source:
        Fleiss, J. L. (1971), Measuring nominal scale agreement among many raters, Psychological Bulletin 76, the mean
        of Pᵢ weighted by its pairs.

    Example:
        >>> percent_agreement([("pass", "pass"), ("pass", "fail"), ("fail", "fail")])
        Fraction(2, 3)
    """
    same = pairs = 0
    for answers in _given(units):
        counts = Counter(answers)
        same += sum(number * (number - 1) for number in counts.values())
        pairs += len(answers) * (len(answers) - 1)
    return Fraction(same, pairs) if pairs else None


def cohens_kappa(first: Sequence[Hashable], second: Sequence[Hashable]) -> Fraction | None:
    """Return Cohen's kappa of two reviewers: agreement beyond chance, 1 for all, 0 for what chance gives.

    Chance is each reviewer's own habit: one who passes everybody agrees by chance with whoever is lenient.

    Formula: (pₒ − pₑ) ÷ (1 − pₑ), with pₑ = Σ share of the answer by the first × by the second.

    Args:
        first: Answers of the one, by unit.
        second: Answers of the other, by the same units; a unit that either left out (None) is left out.

    Returns:
        Kappa, or None where chance alone gives full agreement (both gave one answer only) or nothing is shared.

    Raises:
        StatisticsError: SV678 of different length.

    Source:
        Cohen, J. (1960), A coefficient of agreement for nominal scales, Educational and Psychological Measurement 20.

    Example:
        >>> cohens_kappa(["yes", "yes", "no", "no"], ["yes", "no", "no", "no"])
        Fraction(1, 2)
    """
    if len(first) != len(second):
        refuse(
            Problem("SV678", f"`first` holds {len(first)} answers and `second` {len(second)}.", path="second")
        )
    both = [(a, b) for a, b in zip(first, second, strict=True) if a is not None and b is not None]
    if not both:
        return None
    of_first, of_second = Counter(a for a, _ in both), Counter(b for _, b in both)
    seen = Fraction(sum(a == b for a, b in both), len(both))
    chance = Fraction(sum(of_first[one] * of_second[one] for one in of_first), len(both) ** 2)
    return (seen - chance) / (1 - chance) if chance != 1 else None


def krippendorffs_alpha(units: Iterable[Sequence[Hashable]], *, level: Level = "nominal") -> Fraction | None:
    """Return Krippendorff's alpha: agreement of any number of reviewers, some of whom may have left out units.

    Customary reading: 0.8 and more can be relied on, from 0.667 tentative conclusions.

    Formula: 1 − Dₒ/Dₑ over the matrix of coincidences: each unit of m answers adds each ordered pair 1/(m − 1) times.

    Args:
        units: The answers of the reviewers by unit; None for one who gave none. Units with fewer than two are left out.
        level: `nominal` for words, `interval` for scores, whose squared distance counts.

    Returns:
        Alpha, or None where all answers are one and the same, so that nothing could have differed.

    Raises:
        StatisticsError: SV672 an answer that is no number at `interval`, SV674 no such level.

    Source:
        Krippendorff, K. (2011), Computing Krippendorff's alpha-reliability, University of Pennsylvania.

    Example:
        >>> krippendorffs_alpha([(1, 1), (1, 2), (2, 2), (2, None)])
        Fraction(4, 9)
    """
    refuse(bad_choice("level", level, LEVELS))
    given = [tuple(answers) for answers in _given(units)]
    if level == "interval":
        refuse(
            *(one for place, answers in enumerate(given) for one in bad_numbers(f"units[{place}]", answers))
        )
        given = [tuple(exact(answer) for answer in answers) for answers in given]  # type: ignore[arg-type]
    totals = Counter(answer for answers in given for answer in answers)
    whole = totals.total()
    expected = _apart(totals, level)
    if not expected:
        return None
    observed = sum((_apart(Counter(answers), level) / (len(answers) - 1) for answers in given), Fraction(0))
    return 1 - observed * (whole - 1) / expected


def _given(units: Iterable[Sequence[Hashable]]) -> list[list[Hashable]]:
    """Return the answers of each unit that at least two have answered."""
    found = ([answer for answer in answers if answer is not None] for answers in units)
    return [answers for answers in found if len(answers) > 1]


def _apart(counts: Counter[Hashable], level: str) -> Fraction:
    """Return the sum, over ordered pairs of answers, of how far they are apart."""
    total = counts.total()
    if level == "nominal":
        return Fraction(total**2 - sum(number**2 for number in counts.values()))
    first = sum((exact(answer) * number for answer, number in counts.items()), Fraction(0))  # type: ignore[arg-type]
    second = sum((exact(answer) ** 2 * number for answer, number in counts.items()), Fraction(0))  # type: ignore[arg-type]
    return 2 * (total * second - first**2)
