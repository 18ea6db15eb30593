"""Rollups: functions from verdict columns to rows. They never see an event."""

from __future__ import annotations

from servstd.rollups.attainment import Attainment, Status, attain

__all__ = ["Attainment", "Status", "attain"]
