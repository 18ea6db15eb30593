"""A standard in one sentence of English: what its kind promises, and what its frame adds."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, cast

from servstd.conditions import Condition
from servstd.escaping import printable
from servstd.standards.exclusion import During, Exclude
from servstd.standards.objective import Objective
from servstd.standards.override import Override, OverrideLine
from servstd.standards.rows import completed
from servstd.standards.selector import Selection

if TYPE_CHECKING:
    from servstd.standards.base import Standard


def framed(standard: Standard, case: tuple[str, ...], calendar: str | None = None) -> str:
    """Return a promise with all that its frame says: for which cases, on which hours, but for whom, how often.

    Args:
        standard: The standard; under the reading that holds.
        case: The fields that name a case.
        calendar: The calendar it counts on, its own or the book's.
    """
    one = standard.as_chosen
    who = f"For each {' and '.join(name.replace('_', ' ') for name in case)}" if case else "For each case"
    if one.applies_to is not None:
        who += f" where {cast('Condition', one.applies_to).sentence()}"
    said = [f"{who}: {one.promise()}"]
    if one.calendar or calendar:
        said.append(f"counted on the calendar `{one.calendar or calendar}`")
    if one.day_rule is not None:
        said.append(f"its days counted so: {_rule_words(one)}")
    said += [_override_words(one, row) for row in one.override_rows]
    said += [f"but not {_exclusion_words(row)}" for row in one.exclusions]
    if one.ends is not None:
        said.append(f"until {cast('Selection', one.ends).sentence()} ends the case")
    said += [objective.sentence() for objective in one.all_objectives]
    others = [name for name in standard.readings or () if name != standard.reading]
    if others:
        said.append(
            f"this is the reading `{standard.reading}`, beside {' and '.join(f'`{name}`' for name in others)}"
        )
    return printable("; ".join(said) + ".")


def bound_words(name: str, *, exclusive: bool) -> str:
    """Return a bound as it stands before its figure: `at most`, or `less than` where reaching it breaks it.

    Example:
        >>> bound_words("at_most", exclusive=True), bound_words("at_least", exclusive=True)
        ('less than', 'at least')
    """
    return "less than" if exclusive and name == "at_most" else name.replace("_", " ")


def _rule_words(standard: Standard) -> str:
    rule = standard.counting_rule.model_dump(exclude_unset=True)
    return ", ".join(f"{name.replace('_', ' ')} {_setting_words(value)}" for name, value in rule.items())


def _setting_words(value: object) -> str:
    if isinstance(value, Mapping):
        return " and ".join(f"{_setting_words(one)} on {key}" for key, one in value.items())
    return str(value).replace("_", " ")


def _override_words(standard: Standard, row: Override) -> str:
    told = []
    for line in row.lines:
        parts = [cast("Condition", row.when).sentence()] if row.when is not None else []
        parts += [f"{name.replace('_', ' ')} is {value}" for name, value in line.chosen_by.items()]
        where = f"where {' and '.join(parts)}" if parts else "otherwise"
        rows = [one.sentence() for one in _objectives(standard, line)]
        words = " and ".join(part for part in (_set_words(standard, line.sets), *rows) if part)
        told.append(f"{words} {where}")
    return "but " + ", ".join(told)


def _objectives(standard: Standard, line: OverrideLine) -> list[Objective]:
    read = [completed(one, where, standard.all_objectives) for where, one in line.objectives]
    return [one for one in read if isinstance(one, Objective)]


def _set_words(standard: Standard, sets: Mapping[str, Any]) -> str:
    words = []
    for name, value in sets.items():
        if name == "calendar":
            words.append(f"on the calendar `{value}`")
        elif name in ("within", "at_least", "at_most"):
            exclusive = getattr(standard, "boundary", "") == "exclusive"
            words.append(
                f"{bound_words(name, exclusive=exclusive)} {standard.read_limit(name, value).sentence()}"
            )
        else:
            words.append(f"{name.replace('_', ' ')} {value}")
    return " ".join(words)


def _exclusion_words(row: Exclude) -> str:
    if row.when is not None:
        where = f"where {cast('Condition', row.when).sentence()}"
    elif isinstance(row.during, During):
        where = f"during {row.during.sentence()}"
    else:
        where = f"during the open hours of `{row.during}`"
    held = ", when the clock stands still" if row.effect == "pause" else ""
    if row.dated_by is not None:
        held = f", by its {row.dated_by}"
    return f"{where}{held} ({row.reason.replace('_', ' ')})"
