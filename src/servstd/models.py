"""The base of every declarative object: frozen, strict about keys, with servstd's own errors."""

from __future__ import annotations

from typing import Any, ClassVar

from pydantic import BaseModel, ConfigDict, ValidationError

from servstd.errors import Problem, ServstdError, StandardsError, closest, listed


class Model(BaseModel):
    """Hold what the author wrote; refuse unknown keys; raise `ServstdError`s, never pydantic's.

    A nested model is validated by pydantic without passing here, so its faults are reported by the outermost
    object, each with its full path.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", use_attribute_docstrings=True)
    error: ClassVar[type[ServstdError]] = StandardsError

    def __init__(self, /, **data: Any) -> None:
        try:
            super().__init__(**data)
        except ValidationError as failure:
            raise self.error(problems_from(failure)) from None


def problems_from(failure: ValidationError) -> list[Problem]:
    """Return every fault of a pydantic failure as a `Problem` with its path, our own ones unpacked."""
    found: list[Problem] = []
    for fault in failure.errors(include_url=False):
        path = path_text(fault["loc"])
        cause = fault.get("ctx", {}).get("error")
        if isinstance(cause, ServstdError):
            found += [inner.at(path=join_path(path, inner.path)) for inner in cause.problems]
        else:
            found.append(Problem("SV101", f"{fault['msg']}, not `{fault['input']!r:.60}`.", path=path))
    return found


def path_text(loc: tuple[int | str, ...]) -> str:
    """Return pydantic's location as a path: `standards[2].calendar`.

    Example:
        >>> path_text(("standards", 2, "calendar"))
        'standards[2].calendar'
    """
    text = ""
    for part in loc:
        text += f"[{part}]" if isinstance(part, int) else f".{part}" if text else part
    return text


def join_path(outer: str, inner: str) -> str:
    """Return `inner` seen from where `outer` is."""
    if not outer or not inner:
        return outer or inner
    return f"{outer}{inner}" if inner.startswith("[") else f"{outer}.{inner}"


def unknown_name(code: str, what: str, name: str, known: list[str]) -> Problem:
    """Return the problem of a name that is not among the known ones, with the closest one as the remedy."""
    near = closest(name, known)
    help_ = f"write `{near}`." if near else ""
    return Problem(code, f"unknown {what} `{name}`. Known here: {listed(known) or 'none'}.", help=help_)
