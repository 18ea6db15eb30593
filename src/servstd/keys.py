"""Which keys may stand where, and where an unknown one belongs."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Any, Final, get_args, get_origin

from pydantic import BaseModel

from servstd.errors import Problem, closest, listed, unknown_name

NOTHING: Final = object()
"""What stands where an input holds nothing."""

_CLOSE = 0.75
"""How alike two names are that can only be a slip of the pen; `closest` also takes what is less alike."""

_ELSEWHERE: Final = {
    "where": "a condition on an event stands in its selector, `{event: reply.sent, where: {by: human}}`, one on "
    "a case in `applies_to`.",
    "hours": "opening hours are a calendar's: write them below `calendars:`, and its name as `calendar:`.",
    "timezone": "a zone is the book's, or a calendar's: write it there.",
    "tz": "a zone is the book's, or a calendar's: write `timezone:` there.",
    "flat": "what follows from verdicts stands below `consequences:` of the book.",
    "claim": "what follows from verdicts stands below `consequences:` of the book.",
    "for": "whom terms bind is said by `agreements:` of the book.",
}
"""Keys that are looked for in a standard and stand outside of it."""

_MEANT: Final = {
    "within": (
        "deadline",
        "due",
        "limit",
        "target_time",
        "max_time",
        "max_duration",
        "duration",
        "threshold",
        "sla",
        "at_most",
    ),
    "share": ("target", "goal", "percent", "percentage", "compliance"),
    "objective": ("target", "goal", "slo", "service_level"),
    "applies_to": ("condition", "conditions", "filter", "if", "only_if", "when", "scope", "criteria"),
    "exclude": ("except", "ignore", "skip", "unless", "exclusions"),
    "calendar": ("business_hours", "working_hours", "schedule", "opening_hours"),
    "pause_while": ("hold_while", "paused_while", "waiting_while"),
    "pause": ("hold", "on_hold", "suspend", "stop_clock"),
    "start": ("begin", "begins", "from", "trigger", "starts", "start_event", "opened_by"),
    "stop": ("end", "finish", "until_event", "stops", "stop_event", "end_event", "closed_by", "resolve"),
    "from": ("start", "begin", "since", "starts"),
    "to": ("end", "until", "till", "stop", "ends"),
    "ends": ("end", "end_event"),
    "until": ("end", "to", "till", "ends"),
    "title": ("name", "label", "summary"),
    "kind": ("type",),
    "event": ("on", "events"),
    "expect": ("must", "require_that", "assert", "rule"),
}
"""By key, the words that others use for it."""

_INSTEAD: Final = {"every": ("stop", "ends")}
"""By key, those that the words of others do not mean beside it: updates go on `until` an event."""


def known_keys(model: type[BaseModel] | None, data: object, loc: tuple[int | str, ...]) -> list[str]:
    """Return the keys that may stand at a location: of the model there, chosen by the input's `kind`."""
    return _keys_of(_models_at(model, data, loc))


def unknown_key(
    name: str, model: type[BaseModel] | None, data: object, loc: tuple[int | str, ...]
) -> Problem:
    """Return the problem of a key that cannot stand at a location, with what to write instead.

    That is the key that it looks like, the place where a key of this name stands, or our word for it.

    Args:
        name: The key.
        model: The outermost model; None where it is not known.
        data: What the author wrote.
        loc: Where the key stands.

    Returns:
        The problem, SV102, its path not set.
    """
    models = _models_at(model, data, loc)
    known = _keys_of(models)
    if not known:
        return Problem("SV102", f"unknown key `{name:.60}`.")
    at = data
    for part in loc:
        at = member_of(at, part)
    given = at if isinstance(at, Mapping) else ()
    return _told(name, known, _remedies(name, known, models, given))


def unknown_key_among(name: str, known: list[str]) -> Problem:
    """Return the problem of a key that is none of the known ones, with the one that may be meant.

    Example:
        >>> unknown_key_among("target", ["share", "window"]).help
        'write `share`.'
    """
    meant = meant_key(name, known)
    return _told(name, known, iter([f"write `{meant}`." if meant else ""]))


def meant_key(name: str, known: Sequence[str], given: Collection[str] = ()) -> str | None:
    """Return the key that others call by this name, or that a slip of the pen has changed; None where there is none.

    Args:
        name: What was written.
        known: The keys that may stand there.
        given: Those that stand there already: another one is meant sooner.

    Example:
        >>> meant_key("end", ["ends", "stop"]), meant_key("end", ["ends", "stop"], {"stop"})
        ('stop', 'ends')
    """
    ours = [key for key, others in _MEANT.items() if key in known and name.lower() in others]
    taken = {*given, *(key for one in given for key in _INSTEAD.get(one, ()))}
    return next((key for key in ours if key not in taken), next(iter(ours), None)) or closest(
        name, known, cutoff=_CLOSE
    )


def _told(name: str, known: list[str], remedies: Iterator[str]) -> Problem:
    told = unknown_name("SV102", "key", name, known)
    return Problem(told.code, told.message, help=next((text for text in remedies if text), told.help))


def _remedies(
    name: str, known: list[str], models: list[type[BaseModel]], given: Collection[str]
) -> Iterator[str]:
    """Yield what may be meant, the surest first; an empty text where it is not that."""
    yield _ELSEWHERE.get(name.lower(), "") if "kind" in known else ""
    kinds = _kinds_with(name, models)
    yield _below(name, models, is_of_a_kind=bool(kinds))
    meant = meant_key(name, known, given)
    yield f"write `{meant}`." if meant else ""
    yield f"it is a key of {listed(f'kind: {kind}' for kind in kinds)}." if kinds else ""


def _below(name: str, models: list[type[BaseModel]], *, is_of_a_kind: bool) -> str:
    """Name the keys below which such a key stands: `day_rule` of `closed_start`."""
    found = {
        key: is_list
        for model in models
        for key, inner, is_list in _inner(model)
        if name in _keys_of(inner) and key != "objectives" and not (is_of_a_kind and key == "overrides")
    }
    if not found:
        return ""
    first, is_list = next(iter(found.items()))
    row = f"{{{name}: …}}"
    stands = " or ".join(f"`{key}`" for key in list(found)[:2])
    return f"it stands in {stands}: write `{first}: {f'[{row}]' if is_list else row}`."


def _kinds_with(name: str, models: list[type[BaseModel]]) -> list[str]:
    """Return the other kinds of standard that have such a key."""
    tops = {
        base
        for model in models
        for base in model.__mro__
        if issubclass(base, BaseModel) and "kind" in base.model_fields
    }
    waiting, kinds = list(tops), set()
    while waiting:
        one = waiting.pop()
        waiting += one.__subclasses__()
        kind = one.model_fields["kind"].default if "kind" in one.model_fields else None
        if isinstance(kind, str) and one not in models and name in _keys_of([one]):
            kinds.add(kind)
    return sorted(kinds)


# -- models --------------------------------------------------------------------------------------------------------


def _models_at(
    model: type[BaseModel] | None, data: object, loc: tuple[int | str, ...]
) -> list[type[BaseModel]]:
    """Return the models that may stand at a location, chosen by the input's `kind`."""
    models: list[type[BaseModel]] = [model] if model else []
    for part in loc:
        data = member_of(data, part)
        if isinstance(part, str):
            models = [inner for outer in models for inner in _models_under(outer, part)]
        models = _of_kind(models, data)
    return models


def member_of(data: object, part: int | str) -> object:
    """Return what an input holds at a key or an index; `NOTHING` where it holds nothing."""
    if isinstance(data, list | tuple):
        return data[part] if isinstance(part, int) and part < len(data) else NOTHING
    return data.get(part, NOTHING) if isinstance(data, Mapping) else NOTHING


def _keys_of(models: list[type[BaseModel]]) -> list[str]:
    return sorted({_key_of(model, name) for model in models for name in model.model_fields})


def _inner(model: type[BaseModel]) -> Iterator[tuple[str, list[type[BaseModel]], bool]]:
    """Yield every key of a model with the models that may stand below it, and whether it is a list of them."""
    for name, field in model.model_fields.items():
        is_list = any(
            get_origin(part) is Sequence for part in (field.annotation, *get_args(field.annotation))
        )
        yield _key_of(model, name), _models_in(field.annotation), is_list


def _models_under(model: type[BaseModel], key: str) -> list[type[BaseModel]]:
    fields = {_key_of(model, name): field for name, field in model.model_fields.items()}
    return _models_in(fields[key].annotation) if key in fields else [model]


def _models_in(annotation: Any) -> list[type[BaseModel]]:
    """Return every model named in an annotation, through unions, lists and mappings."""
    found: list[type[BaseModel]] = []
    waiting = [annotation]
    while waiting:
        part = waiting.pop()
        if isinstance(part, type) and issubclass(part, BaseModel):
            found.append(part)
        else:
            waiting += [
                inner for inner in get_args(getattr(part, "__value__", part)) if not isinstance(inner, str)
            ]
    return found


def _of_kind(models: list[type[BaseModel]], data: object) -> list[type[BaseModel]]:
    kind = data.get("kind") if isinstance(data, Mapping) else None
    chosen = [
        model
        for model in models
        if "kind" in model.model_fields and _has_kind(model.model_fields["kind"], kind)
    ]
    return chosen or models


def _has_kind(field: Any, kind: object) -> bool:
    return kind is not None and (field.default == kind or kind in get_args(field.annotation))


def _key_of(model: type[BaseModel], name: str) -> str:
    alias = model.model_fields[name].alias
    return alias or name
