"""Calibration: whether reviewers who evaluate the same case mark it alike, item by item."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Sequence
from fractions import Fraction
from typing import NamedTuple

from servstd.rollups.rolled import Columns
from servstd.rollups.scorecard import ItemPart
from servstd.standards.scorecard import Item, Scorecard
from servstd.statistics.agreement import cohens_kappa, krippendorffs_alpha, percent_agreement


class Calibration(NamedTuple):
    """Say how far reviewers agree on one item.

    Args:
        item: The item's id.
        cases: How many cases at least two reviewers have answered.
        agreement: The share of pairs of answers that are the same; it flatters where nearly all contacts pass.
        alpha: Krippendorff's alpha, by the distance of answers on a scale, else by same or not; None where all
            answers are one and the same.
        kappa: Cohen's kappa, where exactly two reviewers are named; None otherwise.
    """

    item: str
    cases: int
    agreement: Fraction | None
    alpha: Fraction | None
    kappa: Fraction | None


def calibrate(card: Scorecard, columns: Columns, rows: Iterable[int]) -> tuple[Calibration, ...]:
    """Return how far reviewers agree, a row for each item that they answer.

    Where `reviewer` names who evaluated, the last evaluation of a case by each of them counts; where it does not, every
    evaluation is taken for that of another reviewer. `N/A` is an answer of its own, and on a scale none.

    Args:
        card: The scorecard.
        columns: Verdict columns, the hidden ones among them.
        rows: Those of the scorecard.
    """
    evaluations: dict[tuple[str, ...], dict[str, Sequence[ItemPart]]] = {}
    for row in rows:
        parts = columns["parts"][row]
        if parts:
            who = parts[0].reviewer or f"evaluation {columns['occurrence'][row]}"
            evaluations.setdefault(columns["case_key"][row], {})[who] = parts
    cases = list(evaluations.values())
    return tuple(
        _of_item(item, place, cases) for place, item in enumerate(card.all_items) if item.answer is not None
    )


def _of_item(item: Item, place: int, cases: Sequence[dict[str, Sequence[ItemPart]]]) -> Calibration:
    answers = [{who: _answer(item, parts[place]) for who, parts in of_case.items()} for of_case in cases]
    units = [list(of_case.values()) for of_case in answers]
    several = [unit for unit in units if sum(answer is not None for answer in unit) > 1]
    named = sorted({who for of_case in answers for who in of_case})
    kappa = None
    if len(named) == 2 and not any(who.startswith("evaluation ") for who in named):
        kappa = cohens_kappa(*([of_case.get(who) for of_case in answers] for who in named))
    return Calibration(
        item.id,
        len(several),
        percent_agreement(several),
        krippendorffs_alpha(several, level="nominal" if item.scale is None else "interval"),
        kappa,
    )


def _answer(item: Item, part: ItemPart) -> Hashable | None:
    if part.outcome == "n/a":
        return None if item.scale is not None else "n/a"
    return part.mark.share
