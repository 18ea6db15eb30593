"""The page of what the lint finds, made from the table of sorts and from the books that the tests use.

python tests/docs/lint.py     writes docs/lint.md anew
"""

from __future__ import annotations

import re
import sys
import textwrap
from pathlib import Path

import servstd
from servstd.lint.running import known_codes, sort_of

ROOT = Path(__file__).resolve().parents[2]
PAGE = ROOT / "docs" / "lint.md"
CASES = ROOT / "tests" / "unit" / "lint" / "cases"
GROUPS = {
    "Clocks": (*range(500, 510), 585),
    "Dates and zones": range(510, 520),
    "Bounds and scores": range(520, 525),
    "Conditions": (*range(525, 530), 587, 588),
    "Overrides and tables": range(530, 535),
    "Consequences": (*range(535, 540), 586),
    "Objectives": (*range(540, 550), 583, 584),
    "References and titles": range(550, 560),
    "With a log": range(560, 579),
    "Acceptances": range(579, 580),
}
_HEAD = """# What the lint finds

A book can load and still not say what was meant: `24 hours` on an office clock, an override that an earlier one hides, a
check that nothing demands. `servstd lint` finds such places, and `book.lint()` does in Python:

```console
$ servstd lint examples/ticket-desk/standards.yaml
✓ Nothing found in 1 book.
```

```python
import servstd

book = servstd.load("examples/ticket-desk/standards.yaml")
log = servstd.read_events("examples/ticket-desk/log.csv", options=book.events)
assert book.lint(log) == ()
```

Nothing of this changes a verdict. A finding is an **error** where the book contradicts itself or holds what can have no
effect, a **warning** where it is hardly meant, an **info** where it is worth a look and often meant. A standard is looked at
under each of its readings.

## Keeping a finding

Where the book means it, say so in the standard, or for all standards in the book, with the reason for the next reader:

```yaml
- id: voicemail
  kind: respond
  start: voicemail.left
  stop: voicemail.acknowledged
  within: 24 hours
  calendar: office
  accepted: {SV500: the source counts opening hours}
```

An entry that keeps nothing is found itself (SV579). A code that no sort has does not load (SV580), nor does one without a
reason (SV581). A log without events shows nothing and is refused (SV582).

## Folders, formats, exit codes

`servstd lint FOLDER` reads a folder as `servstd check` does, as one book. Files that cannot be one book, because they
give a default or an id twice, are looked at each by itself: `servstd lint examples/published` looks at every one of them.

`--format` is `text`, `json`, `sarif` (2.1.0, for code scanning) or `github` (annotations). The exit code is 0 where nothing
is found, 1 for errors and warnings (`--fail-on error`, `--fail-on error,warning,info`, `--fail-on never`), 2 for bad usage
or a book that does not load, 3 for events that cannot be used.

## All sorts

"""


def page() -> str:
    """Return the page."""
    codes = known_codes()
    rows = "".join(
        f"| [{code}](#{_anchor(code)}) | {sort_of(code).severity} | {sort_of(code).title} |\n"
        for code in codes
    )
    text = f"{_HEAD}| code | severity | what is found |\n|---|---|---|\n{rows}"
    for title, numbers in GROUPS.items():
        text += f"\n## {title}\n"
        text += "".join(_section(code) for code in codes if int(code[2:]) in numbers)
    return text


def _heading(code: str) -> str:
    return f"{code} {sort_of(code).name.replace('-', ' ').capitalize()}"


def _anchor(code: str) -> str:
    return re.sub(r"[^\w]+", "-", _heading(code).lower())


def _section(code: str) -> str:
    sort = sort_of(code)
    shows, log = _book(code, "triggers")
    nearly, _ = _book(code, "nearly")
    book = servstd.loads(shows)
    found = book.lint(
        None if log is None else servstd.read_events(CASES / code / "triggers.csv", options=book.events)
    )
    said = f"{found[0].message}\nhelp: {found[0].help}"
    beside = "" if log is None else f"\nWith this log\n\n```text\n{log}```\n"
    return (
        f"\n### {_heading(code)}\n\n*{sort.severity}.* {sort.title}\n\n{_wrapped(sort.why)}\n\n{_wrapped(sort.remedy)}\n\nThis book shows it:\n\n"
        f"```yaml\n{shows}```\n{beside}\n```text\n{said}\n```\n\nThis one nearly does:\n\n```yaml\n{nearly}```\n"
    )


def _wrapped(text: str) -> str:
    return textwrap.fill(text, 124, break_long_words=False, break_on_hyphens=False)


def _book(code: str, name: str) -> tuple[str, str | None]:
    path = CASES / code / f"{name}.yaml"
    data = path.with_suffix(".csv")
    text = re.sub(r" +# here$", "", path.read_text(encoding="utf-8"), flags=re.MULTILINE)
    return text, data.read_text(encoding="utf-8") if data.exists() else None


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
    sys.stdout.write(f"{PAGE.name} written anew; now `python tests/docs/outputs.py`\n")
