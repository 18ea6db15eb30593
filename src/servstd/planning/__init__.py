"""Planning: what share of cases a limit would keep, and which limit a share of them would."""

from __future__ import annotations

from servstd.planning.curve import AttainmentCurve, curve_of
from servstd.planning.limits import PlannedLimit, ShareWithin

__all__ = ["AttainmentCurve", "PlannedLimit", "ShareWithin", "curve_of"]
