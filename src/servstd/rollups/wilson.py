"""Wilson's interval for a share: how far the share reached may lie from the true one."""

from __future__ import annotations

from math import sqrt

Z_95 = 1.959963984540054
"""The normal deviate of a two-sided interval of 95 %."""


def wilson(met: int, judged: int, *, z: float = Z_95) -> tuple[float, float] | None:
    """Return the interval in which the true share lies, 95 % of the time.

    It never leaves 0 to 1, and says something even where all or none are met. It is shown beside a share;
    a point decides unless the objective says otherwise.

    Args:
        met: How many were met.
        judged: Of how many.
        z: The normal deviate.

    Returns:
        Its low and high end, or None when nothing was judged.

    Source:
        Wilson, E. B. (1927), Probable inference, the law of succession, and statistical inference, JASA 22.

    Example:
        >>> [round(end, 7) for end in wilson(3, 10)]
        [0.1077913, 0.6032219]
    """
    if judged == 0:
        return None
    share, square = met / judged, z * z
    middle = share + square / (2 * judged)
    spread = z * sqrt(share * (1 - share) / judged + square / (4 * judged * judged))
    low, high = (middle - spread) / (1 + square / judged), (middle + spread) / (1 + square / judged)
    return (0.0 if met == 0 else max(low, 0.0)), (1.0 if met == judged else min(high, 1.0))
