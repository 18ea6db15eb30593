"""The page of formulas, made from what the statistics say of themselves.

python tests/docs/formulas.py     writes docs/quality/formulas.md anew
"""

from __future__ import annotations

import inspect
import re
import sys
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path
from types import ModuleType

from servstd.standards.measures import MEASURES
from servstd.statistics.special_causes import NELSON, TESTS, WESTERN_ELECTRIC

PAGE = Path(__file__).resolve().parents[2] / "docs" / "quality" / "formulas.md"
SECTIONS = {
    "Contact centre": "contact_centre",
    "Surveys": "surveys",
    "SERVQUAL": "servqual",
    "Control charts": "control_charts",
    "Intervals and samples": "intervals",
    "Differences": "differences",
    "Planning a limit": "planning",
    "Cases that are still open": "survival",
    "Budgets": "budgets",
    "Agreement of reviewers": "agreement",
    "Scorecards": "scorecards",
    "Staffing": "staffing",
}
"""Every section, and the module of `servstd.statistics` that it is made from."""
WRITTEN = {
    "service_level": "`measure: service_level`, with `formula: NAME`",
    "average_speed_of_answer": "`measure: asa`",
    "average_handling_time": "`measure: aht`",
    "abandonment_rate": "`measure: abandonment`",
    "occupancy": "`measure: occupancy`",
    "transfer_rate": "`measure: transfers`",
    "first_contact_resolution": "`measure: fcr`, with `formula: by_flag`, `formula: by_repeat` or `formula: by_contact`",
    "top_box": "`measure: csat`, with `formula: top_box`",
    "effort_top_box": "`measure: ces`, with `formula: top_box`",
    "effort_mean": "`measure: ces`, with `formula: mean`",
    "net_ease": "`measure: ces`, with `formula: net`",
    "net_promoter_of": "`measure: nps`",
    "response_rate": "`measure: response_rate`",
    "gap_score": "`measure: servqual`",
    "weighted_score": "`kind: scorecard`",
    "wilson": "`decide_on: {interval: wilson, side: adverse}`",
    "clopper_pearson": "`decide_on: {interval: exact, side: adverse}`",
    "is_burning": "`alerts: [{long: 1 hour, short: 5 minutes, budget: 2%}]`",
}
"""How a book names what a function computes."""
ASKED = {
    "p_chart": '`report.chart(…, kind="p")`',
    "u_chart": '`report.chart(…, kind="u")`',
    "laney_p_chart": '`report.chart(…, kind="laney_p")`',
    "laney_u_chart": '`report.chart(…, kind="laney_u")`',
    "xmr_charts": '`report.chart(…, kind="xmr")`',
    "limit_for": "`report.curve(…).limit_for(…)`",
    "kaplan_meier": "`report.curve(…)`",
    "difference_of_shares": '`report.compare_periods(…, of="share")`',
    "difference_of_means": '`report.compare_periods(…, of="mean")`',
    "difference_of_medians": '`report.compare_periods(…, of="median")`',
    "percent_agreement": "`report.calibration(…)`",
    "cohens_kappa": "`report.calibration(…)`",
    "krippendorffs_alpha": "`report.calibration(…)`",
}
"""Which question to a report is answered by a function."""
FINDS = {
    "beyond_limits": "one point more than three σ from the centre",
    "two_of_three_beyond_2_sigma": "two of three points in a row more than two σ out, on one side",
    "four_of_five_beyond_1_sigma": "four of five points in a row more than one σ out, on one side",
    "eight_on_one_side": "eight points in a row on one side of the centre",
    "nine_on_one_side": "nine points in a row on one side of the centre",
    "six_rising_or_falling": "six points in a row, each higher than the one before, or each lower",
    "fourteen_alternating": "fourteen points in a row, up and down in turn",
    "fifteen_within_1_sigma": "fifteen points in a row less than one σ from the centre, on either side",
    "eight_beyond_1_sigma": "eight points in a row more than one σ from the centre, on either side",
}
"""What each test for special causes finds."""
_ELSEWHERE = {
    ("csat", "mean"): "the mean of the scores, exact",
    (
        "longest_wait",
        "",
    ): "the greatest wait of those answered, of those who gave up and of those who still wait",
}
"""Formulas of metrics that need no function of their own."""
_HEAD = """# Formulas

Every figure has a name, a formula and a source, and is a function of `servstd.statistics` that can be called alone: no log, no book.
Shares and means are exact fractions; floats come only where a formula has a root or a logarithm in it. What cannot be computed, such as a share of
nothing, is `None`, and bad input is refused (SV670 to SV678).

This page is made from the docstrings; `help(servstd.statistics.contact_centre.service_level)` shows the rest: arguments with their units,
what is raised.
"""
_TESTS = """
## Tests for special causes

`report.chart(…, tests=[…])` takes their names; without it, those of Western Electric are used. A point exactly on the centre lies on no side, one exactly on a
limit is not beyond it, and a point without a value interrupts every pattern.

| name | finds | Western Electric | Nelson | source |
|---|---|---|---|---|
"""


def page() -> str:
    """Return the page."""
    return _HEAD + _index() + "".join(_section(title, name) for title, name in SECTIONS.items()) + _tests()


def _index() -> str:
    """Return the formulas of metrics by their names in a book."""
    found = {where: name for name, written in WRITTEN.items() for where in _named_by(written)}
    rows = ""
    for measure, formulas in MEASURES.items():
        for place, formula in enumerate(formulas):
            name = found.get((measure, formula))
            where = f"[`{name}`](#{name})" if name else _ELSEWHERE[measure, formula]
            rows += f"| {'' if place else f'`{measure}`'} | {f'`{formula}`' if formula else ''} | {where} |\n"
    return f"\n## By their names in a book\n\n| measure | formula | computed by |\n|---|---|---|\n{rows}"


def _named_by(written: str) -> list[tuple[str, str]]:
    """Return the measures and formulas that a spelling names; `NAME` stands for all of a measure."""
    measure = re.search(r"measure: (\w+)", written)
    if measure is None:
        return []
    names = re.findall(r"formula: (\w+)", written) or [""]
    return [(measure[1], name) for name in (MEASURES[measure[1]] if names == ["NAME"] else names)]


def functions_of(module: str) -> dict[str, object]:
    """Return the public functions of a module of statistics, in its order."""
    home = _module(module)
    return {
        name: value
        for name, value in vars(home).items()
        if not name.startswith("_")
        and getattr(value, "__module__", None) == home.__name__
        and inspect.isfunction(value)
    }


def _module(name: str) -> ModuleType:
    return import_module(f"servstd.statistics.{name}")


def _section(title: str, module: str) -> str:
    first = (inspect.getdoc(_module(module)) or "").partition("\n")[0]
    text = f"\n## {title}\n\n{first.partition(': ')[2][:1].upper()}{first.partition(': ')[2][1:]}\n"
    formulas = "".join(_formula(name, value) for name, value in functions_of(module).items())
    used = sorted({name for name in vars(_module(module)) if re.search(rf">>> .*\b{name}\(", formulas)})
    text += f"\n```python\n>>> from servstd.statistics.{module} import {', '.join(used)}\n\n```\n"
    return text + formulas


def _formula(name: str, function: object) -> str:
    parts = _parts(inspect.getdoc(function) or "")
    says = parts[""].removeprefix("Return ")
    text = f"\n### {name}\n\n"
    if name in WRITTEN:
        text += f"In a book: {WRITTEN[name]}.\n\n"
    if name in ASKED:
        text += f"Asked by {ASKED[name]}.\n\n"
    text += f"{says[:1].upper()}{says[1:]}\n"
    if "Source" in parts:
        text += f"\n*Source:* {parts['Source']}\n"
    if "Example" in parts:
        text += f"\n```python\n{parts['Example']}\n\n```\n"
    return text


def _parts(doc: str) -> dict[str, str]:
    """Return the parts of a docstring: what it says first under an empty name."""
    pieces = re.split(r"^(Args|Returns|Raises|Source|Example|Yields):\n", doc, flags=re.MULTILINE)
    found = {"": pieces[0].strip()}
    for name, body in zip(pieces[1::2], pieces[2::2], strict=True):
        found[name] = inspect.cleandoc(body) if name == "Example" else " ".join(body.split())
    return found


def _tests() -> str:
    return _TESTS + "".join(_test_rows())


def _test_rows() -> Iterator[str]:
    for name, test in TESTS.items():
        sets = " | ".join("yes" if name in names else "" for names in (WESTERN_ELECTRIC, NELSON))
        yield f"| `{name}` | {FINDS[name]} | {sets} | {test.source} |\n"


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8", newline="\n")
    sys.stdout.write(f"{PAGE.name} written anew\n")
