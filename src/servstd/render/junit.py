"""The report as JUnit XML: a suite a standard, a test an objective and window; what CI servers read."""

from __future__ import annotations

from servstd.escaping import as_html
from servstd.render.breaches import worst_breaches
from servstd.render.notes import as_of_line
from servstd.render.rows import beside_text, objective_text, status_text, window_text
from servstd.results.report import Report
from servstd.rollups import Attainment


def render(report: Report) -> str:
    """Return the report as JUnit XML: missed is a failure, what decides nothing is skipped."""
    suites = [_suite(report, one.id, one.title or one.id) for one in report.standards]
    tests = len(report.attainments)
    failures = sum(one.status == "missed" for one in report.attainments)
    skipped = sum(not one.is_decided for one in report.attainments)
    head = f'<testsuites name="servstd" tests="{tests}" failures="{failures}" errors="0" skipped="{skipped}">'
    return "\n".join(['<?xml version="1.0" encoding="UTF-8"?>', head, *suites, "</testsuites>"]) + "\n"


def _suite(report: Report, standard: str, title: str) -> str:
    rows = [one for one in report.attainments if one.standard == standard]
    failures = sum(one.status == "missed" for one in rows)
    skipped = sum(not one.is_decided for one in rows)
    head = (
        f'  <testsuite name={_attribute(standard)} tests="{len(rows)}" failures="{failures}" errors="0" '
        f'skipped="{skipped}" timestamp="{report.as_of:%Y-%m-%dT%H:%M:%S}">'
    )
    what = f'    <properties>\n      <property name="as_of" value={_attribute(as_of_line(report))}/>\n    </properties>'
    return "\n".join([head, what, *(_case(report, one, title) for one in rows), "  </testsuite>"])


def _case(report: Report, one: Attainment, title: str) -> str:
    name = f"{title}: {objective_text(one)}, {window_text(one)}"
    head = f"    <testcase classname={_attribute(one.standard)} name={_attribute(name)}"
    beside = beside_text(one)
    said = one.result_text
    said += f"; beside: {beside}" if beside else ""
    if one.status == "missed":
        lines = [
            f"{breach.case}: {breach.what}; {breach.when}"
            for breach in worst_breaches(report, each=10, most=10**9)
            if breach.standard == one.standard
        ]
        text = "\n".join(map(as_html, [said, "the worst of the standard:", *lines]))
        return f"{head}>\n      <failure message={_attribute(said)}>{text}</failure>\n    </testcase>"
    if not one.is_decided:
        return (
            f"{head}>\n      <skipped message={_attribute(f'{status_text(one)}: {said}')}/>\n    </testcase>"
        )
    return f"{head}/>"


def _attribute(text: str) -> str:
    return f'"{as_html(text)}"'
