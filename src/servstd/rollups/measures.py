"""The figures of a metric: by name, from contacts to what each formula gives."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace

from servstd.rollups.calls import (
    of_abandonment,
    of_aht,
    of_asa,
    of_fcr,
    of_longest_wait,
    of_occupancy,
    of_service_level,
    of_transfers,
)
from servstd.rollups.contacts import Contact, Reached, Setting
from servstd.rollups.surveys import of_ces, of_csat, of_nps, of_response_rate, of_servqual


def reached(contacts: Sequence[Contact], setting: Setting) -> Reached:
    """Return the figure of a metric over the contacts of one window and segment.

    Args:
        contacts: They.
        setting: The metric, and what it reads beside them.
    """
    found = _MEASURES[setting.metric.measure](contacts, setting)
    excluded = sum(one.outcome == "excluded" for one in contacts)
    unknown = sum(one.outcome == "unknown" for one in contacts)
    return replace(found, excluded=found.excluded + excluded, unknown=found.unknown + unknown)


_MEASURES: Mapping[str, Callable[[Sequence[Contact], Setting], Reached]] = {
    "service_level": of_service_level,
    "asa": of_asa,
    "aht": of_aht,
    "abandonment": of_abandonment,
    "occupancy": of_occupancy,
    "longest_wait": of_longest_wait,
    "fcr": of_fcr,
    "transfers": of_transfers,
    "csat": of_csat,
    "nps": of_nps,
    "ces": of_ces,
    "servqual": of_servqual,
    "response_rate": of_response_rate,
}
