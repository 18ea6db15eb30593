"""Objectives for some cases: the rows of overrides that set one, and which row holds for a verdict."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from servstd.conditions import Condition
from servstd.errors import StandardsError
from servstd.models import join_path
from servstd.standards.objective import NoObjective, Objective, parse_objective, share_alone
from servstd.standards.override import Effective
from servstd.standards.statistic import statistics_in


@dataclass(frozen=True, slots=True)
class ObjectiveRow:
    """Hold the objectives that one row of overrides sets, and the cases that it sets them for.

    Args:
        path: Where it stands: `overrides[0]`, `overrides[1].rows[2]`.
        when: The condition on the case.
        chosen_by: The values that choose a row of a table.
        effective: From and until which start.
        objectives: What holds for these cases instead of the standard's own; empty where nothing is promised.
        agreement: The agreement that says it; empty where the standard itself does.
    """

    path: str
    when: Condition | None
    chosen_by: Mapping[str, object]
    effective: Effective | None
    objectives: tuple[Objective, ...]
    agreement: str = ""

    @property
    def fields(self) -> frozenset[str]:
        """The fields that tell whether it holds."""
        return (self.when.fields if self.when is not None else frozenset()) | frozenset(self.chosen_by)

    def words(self) -> str:
        """Return for which cases in English: `priority is P1`."""
        parts = [self.when.sentence()] if self.when is not None else []
        parts += [f"{name.replace('_', ' ')} is {value}" for name, value in self.chosen_by.items()]
        if self.effective is not None:
            parts += [f"from {self.effective.from_}"] if self.effective.from_ is not None else []
            parts += [f"until {self.effective.until}"] if self.effective.until is not None else []
        return " and ".join(parts) or "all others"


def completed(written: object, path: str, own: tuple[Objective, ...]) -> Objective | NoObjective:
    """Return the objective of a row; what it leaves out is that of the standard's own, where there is one.

    Args:
        written: What the author wrote: `{share: 99%}`, `99%`, `{mean: 68 seconds}`, `none`.
        path: Where it stands.
        own: The standard's own objectives.

    Raises:
        StandardsError: as `parse_objective`.
    """
    try:
        return parse_objective(_merged(written, own[0]) if len(own) == 1 else written)
    except StandardsError as failure:
        raise StandardsError([one.at(path=join_path(path, one.path)) for one in failure.problems]) from None


def _merged(written: object, own: Objective) -> object:
    data: Any = share_alone(written) or written
    if not isinstance(data, Mapping):
        return written
    base = own.model_dump(exclude_unset=True)
    told, was = statistics_in(data), statistics_in(base)
    another = [*was, *(["of"] if told != was or told == ["share"] else [])] if told else []
    return {**{name: value for name, value in base.items() if name not in another}, **data}
