"""What customers say: CSAT, NPS, CES, response rates, and how much of the answer is chance."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from math import sqrt
from typing import NamedTuple

from servstd.errors import Problem, listed
from servstd.statistics.distributions import normal_quantile
from servstd.statistics.inputs import (
    Number,
    bad_confidence,
    bad_count,
    bad_part,
    bad_share,
    exact,
    refuse,
)
from servstd.statistics.intervals import Bounds, wilson

Scores = Iterable[int] | Mapping[int, int]
"""Scores one by one, or how many gave each score."""


class ShareOfAnswers(NamedTuple):
    """Be a share of answers with Wilson's interval.

    Example:
        >>> top_box([5, 4, 3, 5]).value
        Fraction(3, 4)
    """

    value: Fraction
    bounds: Bounds
    counted: int
    answers: int


def top_box(
    scores: Scores, *, least: int = 4, scale: tuple[int, int] = (1, 5), confidence: Number = 0.95
) -> ShareOfAnswers | None:
    """Return the share of answers at or above a score: CSAT, usually the two best of five.

    A mean of such scores treats the step from 1 to 2 like that from 4 to 5; the share of the satisfied does not.

    Args:
        scores: The answers, or a mapping from score to how many gave it.
        least: The lowest score that counts as satisfied.
        scale: The lowest and the highest score that can be given.
        confidence: Of the interval.

    Returns:
        The share and its interval, or None without answers.

    Raises:
        StatisticsError: SV677 a score outside the scale.

    Source:
        Morgan, N. A. and Rego, L. L. (2006), The value of different customer satisfaction and loyalty metrics in
        predicting business performance, Marketing Science 25, `top 2 box`.

    Example:
        >>> found = top_box({5: 30, 4: 20, 3: 25, 2: 15, 1: 10})
        >>> float(found.value), round(found.bounds.low, 3)
        (0.5, 0.404)
    """
    counts = counts_of(scores, scale)
    _check_scale(scale, least=least)
    return _share(sum(number for score, number in counts.items() if score >= least), counts, confidence)


def effort_top_box(
    scores: Scores, *, top: int = 3, points: int = 7, confidence: Number = 0.95
) -> ShareOfAnswers | None:
    """Return CES 2.0: the share that agrees that it was made easy, the three best of seven.

    Args:
        scores: Agreement from 1 to `points`, or a mapping from score to how many gave it.
        top: How many of the best scores count.
        points: How many scores the scale has.
        confidence: Of the interval.

    Raises:
        StatisticsError: SV677 a score outside the scale.

    Source:
        Dixon, M., Toman, N. and DeLisi, R. (2013), The Effortless Experience, CES v2.0; CEB counts 5, 6 and 7.

    Example:
        >>> effort_top_box({7: 40, 6: 15, 5: 10, 4: 20, 1: 15}).value
        Fraction(13, 20)
    """
    return top_box(scores, least=points - top + 1, scale=(1, points), confidence=confidence)


def effort_mean(scores: Scores, *, scale: tuple[int, int] = (1, 5)) -> Fraction | None:
    """Return CES 1.0: the mean effort, where less is better; on the scale of 2.0 the mean ease, where more is.

    Args:
        scores: The answers, or a mapping from score to how many gave it.
        scale: The lowest and the highest score that can be given.

    Raises:
        StatisticsError: SV677 a score outside the scale.

    Source:
        Dixon, M., Freeman, K. and Toman, N. (2010), Stop trying to delight your customers, Harvard Business Review 88.

    Example:
        >>> effort_mean([1, 2, 2, 5])
        Fraction(5, 2)
    """
    counts = counts_of(scores, scale)
    answers = sum(counts.values())
    return Fraction(sum(score * number for score, number in counts.items()), answers) if answers else None


def net_ease(scores: Scores, *, top: int = 3, bottom: int = 3, points: int = 7) -> Fraction | None:
    """Return the net easy score: the share of easy minus the share of difficult, −1 to 1.

    Args:
        scores: Ease from 1 to `points`, or a mapping from score to how many gave it.
        top: How many of the best scores are easy.
        bottom: How many of the worst are difficult.
        points: How many scores the scale has.

    Raises:
        StatisticsError: SV677 a score outside the scale, or parts that overlap.

    Source:
        BT and Henley Business School (2013), the Net Easy Score.

    Example:
        >>> net_ease([7, 6, 4, 1])
        Fraction(1, 4)
    """
    counts = counts_of(scores, (1, points))
    if top + bottom > points:
        refuse(Problem("SV677", f"{top} easy and {bottom} difficult of {points} scores overlap.", path="top"))
    answers = sum(counts.values())
    net = sum(
        (score > points - top) * number - (score <= bottom) * number for score, number in counts.items()
    )
    return Fraction(net, answers) if answers else None


# -- NPS ---------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class NetPromoter:
    """Hold a net promoter score: the share of promoters minus that of detractors.

    Args:
        promoters: Their share, exact.
        detractors: Their share, exact.
        answers: How many answered; None where only shares are known.

    Example:
        >>> found = net_promoter(291, 476, 395)
        >>> round(float(found.points), 1), round(found.margin(), 1)
        (-9.0, 4.4)
    """

    promoters: Fraction
    detractors: Fraction
    answers: int | None = None

    @classmethod
    def of_shares(cls, promoters: Number, detractors: Number, answers: int | None = None) -> NetPromoter:
        """Make one of published shares.

        Raises:
            StatisticsError: SV673 shares that are none, or more than everything together.
        """
        refuse(
            bad_share("promoters", promoters),
            bad_share("detractors", detractors),
            None if answers is None else bad_count("answers", answers, least=1),
        )
        refuse(bad_share("promoters and detractors", exact(promoters) + exact(detractors)))
        return cls(exact(promoters), exact(detractors), answers)

    @property
    def share(self) -> Fraction:
        """The score as a share, −1 to 1."""
        return self.promoters - self.detractors

    @property
    def points(self) -> Fraction:
        """The score as it is told, −100 to 100; it is no percentage."""
        return self.share * 100

    @property
    def variance(self) -> Fraction:
        """The variance of one answer, counted as 1, 0 or −1: p + d − (p − d)²."""
        return self.promoters + self.detractors - self.share**2

    def margin(self, *, confidence: Number = 0.95) -> float | None:
        """Return the half width of the plain interval, in points: 100·z·√(variance/n); None without a number.

        Where all say the same it is 0, which no survey of five people shows: `bounds` is right there.

        Raises:
            StatisticsError: SV673 no confidence.

        Source:
            The variance of a difference of two shares of one multinomial sample.
        """
        refuse(bad_confidence(confidence))
        if not self.answers:
            return None
        return 100 * normal_quantile((1 + float(confidence)) / 2) * sqrt(self.variance / self.answers)

    def bounds(self, *, confidence: Number = 0.95) -> Bounds | None:
        """Return the adjusted interval, in points: three answers are added, ¾ promoters and ¾ detractors among them.

        Raises:
            StatisticsError: SV673 no confidence.

        Source:
            Rocks, B. (2016), Interval estimation for the Net Promoter Score, The American Statistician 70, 365-372.
        """
        refuse(bad_confidence(confidence))
        if not self.answers:
            return None
        size, more = self.answers + 3, Fraction(3, 4)
        shrunk = NetPromoter(
            (self.promoters * self.answers + more) / size,
            (self.detractors * self.answers + more) / size,
            size,
        )
        reach = shrunk.margin(confidence=confidence) or 0.0
        middle = float(shrunk.points)
        return Bounds(max(middle - reach, -100.0), min(middle + reach, 100.0))


def net_promoter(promoters: int, passives: int, detractors: int) -> NetPromoter | None:
    """Return the net promoter score of counted answers; None without any.

    Raises:
        StatisticsError: SV670 no count.

    Source:
        Reichheld, F. F. (2003), The one number you need to grow, Harvard Business Review 81.

    Example:
        >>> net_promoter(70, 20, 10).points
        Fraction(60, 1)
    """
    refuse(
        bad_count("promoters", promoters),
        bad_count("passives", passives),
        bad_count("detractors", detractors),
    )
    answers = promoters + passives + detractors
    if not answers:
        return None
    return NetPromoter(Fraction(promoters, answers), Fraction(detractors, answers), answers)


def net_promoter_of(
    scores: Scores, *, scale: tuple[int, int] = (0, 10), promoter: int = 9, detractor: int = 6
) -> NetPromoter | None:
    """Return the net promoter score of scores.

    Args:
        scores: The answers, or a mapping from score to how many gave it.
        scale: The lowest and the highest score that can be given; some surveys have no 0.
        promoter: The lowest score of a promoter.
        detractor: The highest score of a detractor.

    Raises:
        StatisticsError: SV677 a score outside the scale.

    Source:
        As `net_promoter`.

    Example:
        >>> net_promoter_of([10, 9, 8, 3]).points
        Fraction(25, 1)
    """
    counts = counts_of(scores, scale)
    if not detractor < promoter:
        refuse(Problem("SV677", f"a score of {promoter} would be promoter and detractor.", path="detractor"))
    promoters = sum(number for score, number in counts.items() if score >= promoter)
    detractors = sum(number for score, number in counts.items() if score <= detractor)
    return net_promoter(promoters, sum(counts.values()) - promoters - detractors, detractors)


# -- who answers -------------------------------------------------------------------------------------------------------


def response_rate(
    answered: int, asked: int, *, undelivered: int = 0, confidence: Number = 0.95
) -> ShareOfAnswers | None:
    """Return the share of those reached who answered, with Wilson's interval.

    A high figure from few answers is a figure of those who care to answer; show this beside every survey.

    Args:
        answered: Complete answers.
        asked: Requests sent.
        undelivered: Of these, how many reached nobody.
        confidence: Of the interval.

    Raises:
        StatisticsError: SV670 no count, SV671 more answers than people asked.

    Source:
        AAPOR (2023), Standard Definitions, 10th ed., response rate 1, without those who cannot be reached.

    Example:
        >>> response_rate(20, 105, undelivered=5).value
        Fraction(1, 5)
    """
    refuse(
        bad_part("undelivered", undelivered, "asked", asked)
        or bad_part("answered", answered, "reached", asked - undelivered),
        bad_confidence(confidence),
    )
    return _share(answered, {1: asked - undelivered}, confidence)


# -- helpers -----------------------------------------------------------------------------------------------------------


def counts_of(scores: Scores, scale: tuple[int, int]) -> dict[int, int]:
    """Return how many gave each score.

    Raises:
        StatisticsError: SV670 no whole number, SV677 a score outside the scale; each kind once, with the first.

    Example:
        >>> counts_of([1, 5, 5], (1, 5))
        {1: 1, 5: 2}
    """
    counts: dict[int, int] = {}
    for score, number in (scores if isinstance(scores, Mapping) else Counter(scores)).items():
        refuse(bad_count(f"answers of {score!r:.20}", number))
        counts[score] = number
    _check_scale(scale)
    whole = [score for score in counts if isinstance(score, int)]
    strange = [repr(score)[:20] for score in counts if score not in whole]
    outside = [str(score) for score in whole if not scale[0] <= score <= scale[1]]
    refuse(
        Problem("SV670", f"scores are whole numbers, not {listed(strange, most=4)}.", path="scores")
        if strange
        else None,
        Problem(
            "SV677",
            f"outside the scale of {scale[0]} to {scale[1]}: {listed(outside, most=4)}.",
            help="give the scale of the survey, or leave out what stands for `no answer`.",
            path="scores",
        )
        if outside
        else None,
    )
    return counts


def _check_scale(scale: tuple[int, int], least: int | None = None) -> None:
    low, high = scale
    if not low < high:
        refuse(Problem("SV677", f"a scale of {low} to {high} has no steps.", path="scale"))
    if least is not None and not low <= least <= high:
        refuse(Problem("SV677", f"`least` is {least}, outside the scale of {low} to {high}.", path="least"))


def _share(counted: int, counts: Mapping[int, int], confidence: Number) -> ShareOfAnswers | None:
    answers = sum(counts.values())
    bounds = wilson(counted, answers, confidence=confidence)
    return None if bounds is None else ShareOfAnswers(Fraction(counted, answers), bounds, counted, answers)
