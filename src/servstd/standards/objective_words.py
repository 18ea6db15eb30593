"""An objective in English: as a report names it, and as the end of a standard's sentence."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from servstd.expressions import Field
from servstd.standards.statistic import PERCENTILE

if TYPE_CHECKING:
    from servstd.standards.objective import Objective

_ENDINGS: Final = {"1": "st", "2": "nd", "3": "rd"}
_DATED_WORDS: Final = {"end": "counted when they ended", "due": "counted when they were due"}


def name_of(one: Objective) -> str:
    """Return an objective as a report names it: `95% a month`, `mean ≤ 35s a month, dated by due`."""
    return _figure(one) + (f", dated by {one.dated_by}" if one.dated_by != "start" else "")


def _figure(one: Objective) -> str:
    name = one.statistic.name
    figure = {"share": "", "count": f"{one.of} ", "rate": f"{one.of} "}.get(name, f"{name} ")
    return f"{figure}{one.bound}{_within(one)}{_weight(one)} {_windows(one)}"


def sentence_of(one: Objective) -> str:
    """Return an objective as the end of a sentence; a share of those breached also says how many are met."""
    if one.bound.of:
        most, least = one.bound._replace(of="").sentence(), one.bound.kept.sentence()
        said = f"{most}{_weight(one)} may be breached{_within(one)} {_windows(one)}"
        return f"of these, {said}, so that {least} are met{qualified(one)}"
    if one.statistic.name == "share":
        return f"of these, {_figure(one)} must be met{qualified(one)}"
    weight = f"{_weight(one)},".replace(" weighted", ", weighted") if one.weight else ""
    must = f"must be {one.bound.sentence()} {_windows(one)}{qualified(one)}"
    return f"{_subject(one)}{_within(one)}{weight} {must}"


def qualified(one: Objective) -> str:
    """Return what else decides, in English, with its comma before it; nothing where all is as usual."""
    said = [] if one.dated_by == "start" else [_DATED_WORDS[one.dated_by]]
    if one.min_sample > 1:
        said.append(f"of at least {one.min_sample}")
    if one.certainty is not None:
        said.append(f"decided on {one.certainty.words()}")
    said += [f"with an alert at {alert.words()}" for alert in one.burn_alerts]
    return "".join(f", {part}" for part in said)


def _within(one: Objective) -> str:
    return f" within {one.within}" if one.within else ""


def _weight(one: Objective) -> str:
    weighs = one.weighs
    if weighs is None:
        return ""
    if isinstance(weighs, Field) and not weighs.scope:
        return f" weighted by {weighs.name}"
    return f" weighted by {weighs.sentence().removeprefix('the ')}"


def _windows(one: Objective) -> str:
    return one.over.words() + (f" by {', '.join(one.segments)}" if one.segments else "")


def _subject(one: Objective) -> str:
    name = one.statistic.name
    if name == "count":
        return f"the number of those {one.of}"
    if name == "rate":
        return f"the rate of those {one.of}"
    percentile = PERCENTILE.fullmatch(name)
    return f"the {_ordinal(percentile[1])} percentile" if percentile else f"the {name}"


def _ordinal(number: str) -> str:
    """Return `95th`, `91st`, `99.9th`."""
    is_teen = number[-2:] in ("11", "12", "13")
    return number + ("th" if is_teen or "." in number else _ENDINGS.get(number[-1], "th"))
