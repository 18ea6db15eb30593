"""Rollups: functions from verdict columns to rows. They never see an event."""

from __future__ import annotations

from servstd.rollups.attaining import attain
from servstd.rollups.attainment import Attainment, Status
from servstd.rollups.burning import Burn, burns_of
from servstd.rollups.ranking import Tier, rank
from servstd.rollups.tally import Tally

__all__ = ["Attainment", "Burn", "Status", "Tally", "Tier", "attain", "burns_of", "rank"]
