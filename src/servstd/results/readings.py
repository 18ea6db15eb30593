"""Where another reading of a standard parts from the one that holds: in verdicts, and in what they decide."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from servstd.results.wording import counted

if TYPE_CHECKING:
    from servstd.results.gathering import Decided
    from servstd.rollups import Attainment

Decisions = Mapping["Decided", "Attainment"]
_MOST = 3


def parted(verdicts: Sequence[object], others: Sequence[object], mine: Decisions, theirs: Decisions) -> str:
    """Return where another reading parts from the one that holds, in words.

    Args:
        verdicts: The verdicts of the reading that holds, each with its case.
        others: Those of the other reading.
        mine: What the reading that holds decides.
        theirs: What the other one decides.
    """
    differ = (Counter(verdicts) - Counter(others)).total()
    said = f"{differ:,} of {counted(len(verdicts), 'verdict')} would differ"
    changed = [key for key in mine if key in theirs and mine[key].status != theirs[key].status]
    changed = [key for key in changed if mine[key].is_decided or theirs[key].is_decided]
    parts = [_change(mine[key], theirs[key]) for key in changed[:_MOST]]
    if len(changed) > _MOST:
        parts.append(f"{counted(len(changed) - _MOST, 'further decision')} would differ")
    if mine.keys() != theirs.keys():
        own, other = (
            {key: one for key, one in a.items() if key not in b} for a, b in ((mine, theirs), (theirs, mine))
        )
        parts.append(f"it has {_tally(other)} where this one has {_tally(own)}")
    return f"{said}; {'; '.join(parts)}" if parts else f"{said}, and no decision"


def _change(mine: Attainment, theirs: Attainment) -> str:
    """Return a decision that would be another: `50% overall` would be met, and `100% overall` is missed."""
    where = "" if mine.window == "all" else f" in {mine.window}"
    where += f" ({mine.segment})" if mine.segment else ""
    other = "" if mine.objective == theirs.objective else f" `{mine.objective}`"
    return f"`{theirs.objective}` would be {_status(theirs)}{where}, and{other} is {_status(mine)}"


def _tally(found: Decisions) -> str:
    """Return windows by what they decide: `2 met, 1 missed windows`."""
    tally = Counter(_status(one) for one in found.values())
    told = ", ".join(f"{number:,} {status}" for status, number in tally.items())
    return f"{told} window{'' if len(found) == 1 else 's'}" if told else "no other window"


def _status(one: Attainment) -> str:
    return one.status.replace("_", " ")
