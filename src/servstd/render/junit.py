"""The report as JUnit XML: a suite a standard, a test an objective and window; what CI servers read."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, TypeVar

from servstd.escaping import as_html
from servstd.render.breaches import Breach, worst_breaches
from servstd.render.notes import as_of_line
from servstd.render.rows import beside_text, objective_text, status_text, window_text
from servstd.results.report import Report
from servstd.rollups import Attainment

if TYPE_CHECKING:
    from servstd.standards import Standard

_Standing = TypeVar("_Standing", Attainment, Breach)


def render(report: Report) -> str:
    """Return the report as JUnit XML: missed is a failure, what decides nothing is skipped."""
    rows, worst = _by_standard(report.attainments), _by_standard(worst_breaches(report, each=10, most=10**9))
    suites = [
        _suite(report, one, rows.get(one.id, []), [_line(breach) for breach in worst.get(one.id, ())])
        for one in report.standards
    ]
    tests = len(report.attainments)
    failures = sum(one.status == "missed" for one in report.attainments)
    skipped = sum(not one.is_decided for one in report.attainments)
    head = f'<testsuites name="servstd" tests="{tests}" failures="{failures}" errors="0" skipped="{skipped}">'
    return "\n".join(['<?xml version="1.0" encoding="UTF-8"?>', head, *suites, "</testsuites>"]) + "\n"


def _by_standard(found: Iterable[_Standing]) -> dict[str, list[_Standing]]:
    by_standard: dict[str, list[_Standing]] = {}
    for one in found:
        by_standard.setdefault(one.standard, []).append(one)
    return by_standard


def _line(breach: Breach) -> str:
    return f"{breach.case}: {breach.what}; {breach.when}"


def _suite(report: Report, standard: Standard, rows: Sequence[Attainment], worst: Sequence[str]) -> str:
    failures = sum(one.status == "missed" for one in rows)
    skipped = sum(not one.is_decided for one in rows)
    head = (
        f'  <testsuite name={_attribute(standard.id)} tests="{len(rows)}" failures="{failures}" errors="0" '
        f'skipped="{skipped}" timestamp="{report.as_of:%Y-%m-%dT%H:%M:%S}">'
    )
    what = f'    <properties>\n      <property name="as_of" value={_attribute(as_of_line(report))}/>\n    </properties>'
    cases = (_case(one, standard.title or standard.id, worst) for one in rows)
    return "\n".join([head, what, *cases, "  </testsuite>"])


def _case(one: Attainment, title: str, worst: Sequence[str]) -> str:
    name = f"{title}: {objective_text(one)}, {window_text(one)}"
    head = f"    <testcase classname={_attribute(one.standard)} name={_attribute(name)}"
    beside = beside_text(one)
    said = one.result_text
    said += f"; beside: {beside}" if beside else ""
    if one.status == "missed":
        text = "\n".join(map(as_html, [said, "the worst of the standard:", *worst]))
        return f"{head}>\n      <failure message={_attribute(said)}>{text}</failure>\n    </testcase>"
    if not one.is_decided:
        return (
            f"{head}>\n      <skipped message={_attribute(f'{status_text(one)}: {said}')}/>\n    </testcase>"
        )
    return f"{head}/>"


def _attribute(text: str) -> str:
    return f'"{as_html(text)}"'
