"""The report as JSON: keys in a stable order, instants in ISO 8601 UTC, amounts in whole microseconds."""

from __future__ import annotations

from collections import Counter
from typing import Any

import servstd
from servstd.escaping import as_json
from servstd.intervals import instant_text
from servstd.render.notes import head_lines
from servstd.results.report import Report
from servstd.results.verdict import written
from servstd.rollups import Attainment

_QUARANTINE_SHOWN = 100


def render(report: Report) -> str:
    """Return the report as JSON; equal reports give equal bytes, a verdict a line."""
    head = as_json(_head(report), indent=2)
    verdicts = report.verdicts.to_json().strip().replace("\n", "\n    ").replace("\n    ]", "\n  ]")
    return f'{head[:-2]},\n  "verdicts": {verdicts}\n}}\n'


def _head(report: Report) -> dict[str, Any]:
    return {
        "servstd": servstd.__version__,
        "as_of": instant_text(report.as_of_us),
        "as_of_how": report.as_of_how,
        "selection": [one.to_dict() for one in report.choices],
        "head": head_lines(report),
        "met": report.met,
        "decided": report.is_decided,
        "standards": [
            {
                "id": standard.id,
                "title": standard.title,
                "kind": standard.kind,
                "outcomes": report.outcomes[standard.id],
                "cases_not_activated": report.idle.get(standard.id, 0),
                "events_without_case": report.skipped.get(standard.id, 0),
            }
            for standard in report.standards
        ],
        "attainments": [attainment_row(one) for one in report.attainments],
        "consequences": [
            {name: written(value) for name, value in one.to_dict().items()} for one in report.consequences
        ],
        "alerts": [one.to_dict() for one in report.burns],
        "watermelons": [
            {
                "standard": one.standard.standard,
                "customers": one.customers.standard,
                "window": one.standard.window,
                "segment": one.standard.segment,
            }
            for one in report.watermelons
        ],
        "data": _data(report),
        "notes": [*report.log.notes, *report.notes],
    }


def attainment_row(one: Attainment) -> dict[str, object]:
    """Return an attainment as JSON writes it: instants in ISO 8601 UTC, figures as they are read."""
    return {
        name: value if isinstance(value, float) else written(value) for name, value in one.to_dict().items()
    }


def _data(report: Report) -> dict[str, Any]:
    log = report.log
    counts = log.counts
    return {
        "rows_in": counts.rows_in,
        "found": counts.found,
        "events": counts.events,
        "quarantined": counts.quarantined,
        "merged": counts.merged,
        "quarantined_by_code": dict(sorted(Counter(one.code for one in log.quarantine).items())),
        "quarantine": [
            {"file": one.file, "row": one.row, "code": one.code, "reason": one.reason}
            for one in log.quarantine[:_QUARANTINE_SHOWN]
        ],
        "ties": sum(report.verdicts.columns["tie"]),
        "at_limit": sum(map(bool, report.verdicts.internal["at_limit"])),
    }
