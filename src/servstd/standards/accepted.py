"""Findings of the lint that an author has looked at and keeps."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from servstd.errors import Problem, StandardsError

_CODE = re.compile(r"SV5[0-9]{2}")


def with_reasons(accepted: Any) -> Any:
    """Return codes of findings with the reason for which each is kept, checked.

    Args:
        accepted: What the author wrote; what is no mapping is left to the model.

    Raises:
        StandardsError: SV580 what is no code, SV581 a code without a reason.

    Example:
        >>> with_reasons({"SV500": "the source counts opening hours"})
        {'SV500': 'the source counts opening hours'}
    """
    if not isinstance(accepted, Mapping):
        return accepted
    problems = [_no_code(str(code)) for code in accepted if not _CODE.fullmatch(str(code))]
    problems += [
        Problem(
            "SV581",
            f"`{code}` is accepted without a reason.",
            f"say why, for the next reader: `{code}: the source counts opening hours`.",
            path=str(code),
        )
        for code, why in accepted.items()
        if _CODE.fullmatch(str(code)) and (why is None or (isinstance(why, str) and not _has_word(why)))
    ]
    if problems:
        raise StandardsError(problems)
    return accepted


def _no_code(code: str) -> Problem:
    """Return the problem of what is no code."""
    help_ = "write the code that the lint shows: `SV500`."
    return Problem("SV580", f"`{code:.60}` is no code of a finding.", help_, path=code)


def _has_word(text: str) -> bool:
    return any(sign.isalpha() for sign in text)
