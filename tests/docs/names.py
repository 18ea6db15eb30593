"""The page of public names, made from what the code says of itself.

python tests/docs/names.py     writes docs/names.md anew
"""

from __future__ import annotations

import inspect
import re
import sys
from pathlib import Path

import servstd

PAGE = Path(__file__).resolve().parents[2] / "docs" / "names.md"
GROUPS = {
    "Books and standards": (
        "Book",
        "Respond",
        "Order",
        "Quantity",
        "Check",
        "Gauge",
        "Bundle",
        "Consequence",
        "Agreement",
        "Scorecard",
        "Metric",
        "Objective",
        "Finding",
        "field",
        "load",
        "loads",
        "catalog",
    ),
    "Calendars": ("Calendar", "ALWAYS"),
    "Events": ("read_events", "ReadOptions", "Log", "Event"),
    "Evaluation": ("evaluate", "Report", "rank", "compare", "Comparison"),
    "Errors": (),
}
_CONSTANTS = {"ALWAYS": "The calendar that never closes."}
_HEAD = """# Public names

All that `import servstd` gives, each with its first sentence. `help(servstd.evaluate)` shows the rest: arguments with
their units, what is raised, an example.
"""


def page() -> str:
    """Return the page."""
    return _HEAD + "".join(_group(title, names) for title, names in grouped().items())


def grouped() -> dict[str, list[str]]:
    """Return every public name under its heading; errors under theirs, the rest under the last."""
    known = {name for names in GROUPS.values() for name in names}
    rest = [name for name in servstd.__all__ if name not in known]
    errors = [name for name in rest if _is_error(name)]
    others = [name for name in rest if name not in errors]
    found = {title: [name for name in names if name in servstd.__all__] for title, names in GROUPS.items()}
    return found | {"Errors": errors} | ({"More": others} if others else {})


def _is_error(name: str) -> bool:
    value = getattr(servstd, name)
    return name == "Problem" or (inspect.isclass(value) and issubclass(value, Exception))


def _group(title: str, names: list[str]) -> str:
    rows = "".join(f"| `{name}` | {_first_sentence(name)} |\n" for name in names)
    return f"\n## {title}\n\n| name | |\n|---|---|\n{rows}"


def _first_sentence(name: str) -> str:
    if name in _CONSTANTS:
        return _CONSTANTS[name]
    first = (inspect.getdoc(getattr(servstd, name)) or "").split("\n\n")[0]
    return re.sub(r"\s+", " ", first).replace("|", "\\|")


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
    sys.stdout.write(f"{PAGE.name} written anew\n")
