"""Findings of the lint that an author has looked at and keeps."""

from __future__ import annotations

import re
from collections.abc import Mapping

from servstd.errors import Problem, StandardsError

_CODE = re.compile(r"SV5[0-9]{2}")


def with_reasons(accepted: Mapping[str, str]) -> Mapping[str, str]:
    """Return codes of findings with the reason for which each is kept, checked.

    Raises:
        StandardsError: SV580 what is no code, SV581 a code without a reason.
    """
    problems = [
        Problem(
            "SV580",
            f"`{code:.60}` is no code of a finding.",
            "write the code that the lint shows: `SV500`.",
            path=code,
        )
        for code in accepted
        if not _CODE.fullmatch(code)
    ]
    problems += [
        Problem(
            "SV581",
            f"`{code:.60}` is accepted without a reason.",
            f"say why, for the next reader: `{code:.60}: the source counts opening hours`.",
            path=code,
        )
        for code, why in accepted.items()
        if not any(sign.isalpha() for sign in why)
    ]
    if problems:
        raise StandardsError(problems)
    return accepted
