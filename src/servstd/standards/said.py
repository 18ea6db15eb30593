"""What people say of a limit in words, and how it is written here."""

from __future__ import annotations

import re
from typing import Final

_SAID: Final = (
    (
        r"\bnext\s+(business|working)\s+day\b",
        "write `1 business day`: it ends with the next open date of the calendar.",
    ),
    (
        r"\b(same|of\s+the|of)\s+(business\s+|working\s+)?day\b|\btoday\b",
        "write `1 day` with `day_rule: {day_one: same}`: the day of the start is day 1, and the limit ends with it.",
    ),
    (
        r"\b(month|quarter|year)([\s_-]?end)?\b",
        "write `{next: month_end}` for its last day (also `quarter_end`), or `{next: month_end, lag: 15 days}`.",
    ),
    (
        r"^(an?|one|two|three|four|five|six|seven|eight|nine|ten|twelve|fifteen|twenty|thirty)\b",
        "write the number in digits: `2 days`, `10 business days`.",
    ),
    (r"\bfortnights?\b", "write `2 weeks`."),
)


def remedy_for(text: str) -> str:
    """Return how to write what somebody has said in words; empty where it is none of these.

    Args:
        text: The limit as written, which cannot be read.

    Example:
        >>> remedy_for("one fortnight"), remedy_for("soon")
        ('write the number in digits: `2 days`, `10 business days`.', '')
    """
    return next((remedy for words, remedy in _SAID if re.search(words, text[:200], re.IGNORECASE)), "")
