"""The catalogue as pages: one for each subject, and an index; made from the books and their worked cases.

python tests/docs/catalogue.py     writes docs/catalogue anew
"""

from __future__ import annotations

import json
import re
import sys
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any

from servstd.book import Book
from servstd.published import DISCLAIMER, Entry, entries

ROOT = Path(__file__).resolve().parents[2]
FOLDER = ROOT / "docs" / "catalogue"
WORKED = ROOT / "tests" / "conformance" / "published"
SUBJECTS = {
    "phone": "Answering the telephone, and not ringing it",
    "ticket": "Support and enquiries in writing",
    "complaint": "Complaints and disputes",
    "repair": "Faults, repairs and interruptions",
    "delivery": "Deliveries, visits and journeys",
    "emergency": "Emergencies",
    "health": "Health care",
    "queue": "Queues and waiting",
    "quality": "Quality, safety and accuracy",
}
"""Every subject, in the order of the index."""
REFUSED = 0
"""Entries of the corpus for which there is no book."""
_HEAD = f"""[Published standards](index.md) as books that run. {DISCLAIMER}

Below each standard stand its promises, each as a title and as the sentence that `servstd explain` makes of it; the book; and cases
worked out by hand from the words of the source. Instants are local, in the zone that is named. `due` is exclusive where a limit is in dates: 00:00
is the end of the day before.
"""
_SAYS = {"full": "in full", "part": "in part"}


def pages() -> dict[Path, str]:
    """Return every page by its path."""
    found = {FOLDER / f"{subject}.md": _subject(subject) for subject in SUBJECTS}
    return {FOLDER / "index.md": _index()} | found


def shown_apart(text: str) -> str:
    """Return a page without what its commands print, which `outputs.py` writes and another test compares."""
    return re.sub(r"^```console\n.*?^```$", "", text, flags=re.MULTILINE | re.DOTALL)


@cache
def of_subject(subject: str) -> tuple[Entry, ...]:
    """Return the entries on a subject, by id."""
    return tuple(entry for entry in entries() if entry.domain == subject)


@cache
def worked(name: str) -> dict[str, Any]:
    """Return the worked cases of a book."""
    found: dict[str, Any] = json.loads((WORKED / name / "expected.json").read_text(encoding="utf-8"))
    return found


def _index() -> str:
    """Return the index; what its command prints is written by `outputs.py`."""
    full = sum(entry.says == "full" for entry in entries())
    part = len(entries()) - full
    cases = sum(len(worked(entry.id)["verdicts"]) for entry in entries())
    text = f"""# Published standards

Standards that somebody published and somebody else is bound by, as books that run. They stand in `examples/published`, and in the
installed package. {DISCLAIMER}

{len(entries())} books: {full} say their entry in full, {part} in part, and none of the {len(entries()) + REFUSED} entries is refused.
What a book leaves out, or assumes, is named in it. {cases:,} verdicts were worked out by hand from the words of the sources, each with its
arithmetic; the tests hold the engine against all of them.

`servstd catalog` finds a standard by words, `--domain`, `--issuer`, `--feature` or `--jurisdiction`; in Python `servstd.catalog(domain="phone")` lists
and `servstd.catalog("us-cable-answer")` loads.

```console
$ servstd catalog cable --domain phone
```

## By subject

{_table(("subject", "standards", "in full", "in part", "refused"), _counted(), right=(1, 2, 3, 4))}
"""
    for subject, title in SUBJECTS.items():
        rows = (
            (
                f"[{entry.id}]({subject}.md#{entry.id})",
                entry.title,
                entry.issuer,
                entry.jurisdiction,
                _SAYS[entry.says],
            )
            for entry in of_subject(subject)
        )
        text += f"\n### {title}\n\n{_table(('standard', 'about', 'issuer', 'binds in', 'says its entry'), rows)}\n"
    return (
        text + f"\n## By feature\n\nWhat makes a standard hard to say, and how many have it: {_features()}.\n"
    )


def _counted() -> Iterator[tuple[str, ...]]:
    for subject, title in SUBJECTS.items():
        says = Counter(entry.says for entry in of_subject(subject))
        yield f"[{title}]({subject}.md)", f"{says.total()}", f"{says['full']}", f"{says['part']}", "0"
    says = Counter(entry.says for entry in entries())
    yield "all", f"{says.total()}", f"{says['full']}", f"{says['part']}", f"{REFUSED}"


def _features() -> str:
    found = Counter(feature for entry in entries() for feature in entry.features)
    ordered = sorted(found.items(), key=lambda item: (-item[1], item[0]))
    return ", ".join(f"`{feature}` {count}" for feature, count in ordered)


def _subject(subject: str) -> str:
    head = f"# {SUBJECTS[subject]}\n\n{_HEAD}"
    return head + "".join(_standard(entry) for entry in of_subject(subject))


def _standard(entry: Entry) -> str:
    book, told = entry.load(), worked(entry.id)
    note = f"; {entry.note.rstrip('.')}" if entry.note else ""
    parts = [
        f"\n## {entry.id}\n\n**{entry.title}.** {entry.issuer}, {entry.citation} ({entry.jurisdiction}). Says its entry {_SAYS[entry.says]}{note}.",
        "\n".join(_sentences(book)),
        *([f"What follows: {'; '.join(follows)}."] if (follows := _follows(book)) else []),
        f'<details markdown="1"><summary>The book</summary>\n\n```yaml\n{entry.path.read_text(encoding="utf-8").strip()}\n```\n\n</details>',
        f"Worked cases, {told['timezone']}, judged as of {_when(told['as_of'])}:",
        _table(("standard", "case", "outcome", "due", "why"), map(_verdict, told["verdicts"])),
        *_readings(told.get("readings", {})),
        *_attained(told.get("attainments", ())),
        *_followed(told.get("consequences", ())),
        f"*Source:* {'; '.join(_sources(book))}.",
    ]
    return "\n\n".join(parts) + "\n"


def _sentences(book: Book) -> Iterator[str]:
    for one in book.standards:
        yield f"- **{one.id}**: {_plain(one.title or '')}. *{_plain(one.sentence(book.surroundings))}*"


def _follows(book: Book) -> list[str]:
    return [_plain(one.title or one.label or one.standard) for one in book.consequences]


def _sources(book: Book) -> Iterable[str]:
    named = [one.source for one in book.standards if one.source is not None]
    return dict.fromkeys(f"{source.citation}, {source.url}" for source in named)


def _verdict(row: Mapping[str, Any]) -> tuple[str, ...]:
    case = f"{row['case']} #{row['occurrence']}" if row.get("occurrence", 1) > 1 else row["case"]
    outcome = row["outcome"] or "no verdict"
    if "outcome_otherwise" in row:
        outcome += f" (else {row['outcome_otherwise']})"
    return row["standard"], case, outcome, _when(row.get("due_at")), row.get("why", "")


def _readings(readings: Mapping[str, Sequence[Mapping[str, Any]]]) -> Iterator[str]:
    for name, rows in readings.items():
        yield f"Under the reading `{name}` these differ:"
        yield _table(("standard", "case", "outcome", "due", "why"), map(_verdict, rows))


def _attained(rows: Sequence[Mapping[str, Any]]) -> Iterator[str]:
    if rows:
        yield "Over windows:"
        yield _table(
            ("standard", "objective", "window from", "judged", "met", "status"),
            (
                (row["standard"], f"{row['objective']} {row.get('segment', '')}".strip(), row["window"],
                 f"{row['judged']}", f"{row['met']}", row["status"])
                for row in rows
            ),
            right=(3, 4),
        )  # fmt: skip


def _followed(rows: Sequence[Mapping[str, Any]]) -> Iterator[str]:
    if rows:
        yield "What follows from these cases:"
        yield _table(
            ("from", "case or window", "what", "why"),
            (
                (row["consequence"], row["case"] or row.get("window", ""), _what(row), row["why"])
                for row in rows
            ),
        )


def _what(row: Mapping[str, Any]) -> str:
    amount = "" if row["amount"] is None else f"{row['amount']} {row.get('unit') or ''}".strip()
    told = [part for part in (amount, row.get("label"), row.get("status")) if part]
    return ", ".join(told)


def _when(text: str | None) -> str:
    """Return a local instant as people write it; with its offset where it has one of its own."""
    if text is None:
        return "-"
    moment = datetime.fromisoformat(text)
    seconds = f"{moment:%H:%M:%S}" if moment.second or moment.microsecond else f"{moment:%H:%M}"
    return f"{moment:%a} {moment.day} {moment:%b %Y} {seconds}{moment:%z}"


def _table(header: Sequence[str], rows: Iterable[Sequence[str]], *, right: Sequence[int] = ()) -> str:
    marks = ["---:" if place in right else "---" for place in range(len(header))]
    lines = [header, marks, *([_plain(cell) for cell in row] for row in rows)]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def _plain(text: str) -> str:
    """Return a text that Markdown takes as it is."""
    return text.replace("|", "\\|").replace("<", "&lt;").replace("*", "\\*")


if __name__ == "__main__":
    for path, text in pages().items():
        if not path.exists() or shown_apart(path.read_text(encoding="utf-8")) != shown_apart(text):
            path.write_text(text, encoding="utf-8", newline="\n")
            sys.stdout.write(f"{path.name} written anew\n")
    sys.stdout.write("now `python tests/docs/outputs.py`\n")
