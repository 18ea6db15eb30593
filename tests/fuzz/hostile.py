"""Strings that steer something where they are shown as they are, and the places of a book, a log or a call they may stand in."""

from __future__ import annotations

import copy
from collections.abc import Mapping
from typing import Any

STRINGS = (
    # a terminal: colours, a cleared screen, a title, a link, a cursor, what is typed back
    "\x1b[31mred\x1b[0m", "a\x1b[2J\x1b[H", "\x1b]0;owned\x07", "\x1b]8;;https://evil.example\x07here\x1b]8;;\x07", "a\x1b[1A\x1b[2K",
    "\x1b[6n", "\x9b2J", "\x9d0;owned\x9c", "a\rb", "a\x08\x08\x08b", "a\x7fb", "a\x00b", "a\x0bb\x0cc",
    # another line
    "a\nb", "a\r\nb", "a\u2028b\u2029c", "a\x85b",
    # a build server
    "::error::pwned", "k\n::error::pwned", "  ::set-output name=a::b", "\u3000::stop-commands::x", "a\n \t::add-mask::b",
    "##[error]pwned", "a ##[set-output name=x]y", "##vso[task.setvariable variable=a]b", "##teamcity[testFailed name='a']",
    "a\n##[command]x", "%0A::error::pwned", "x::error file=a,line=1::b",
    # the way a line runs, and what is not seen
    "\u202eevil\u202c", "a\u2066b\u2069", "a\u200fb", "a\u200bb", "a\ufeffb", "a\U000e0041b", "a\xadb",
    # HTML and XML
    "<script>alert(1)</script>", "<img src=x onerror=alert(1)>", "\"' onmouseover='alert(1)", "</td></tr></table><a href='javascript:x'>y</a>",
    "<![CDATA[x]]>]]>", "&lt;b&gt;&#60;", "<!-- --> --!>",
    # Markdown, and what a code host makes of plain text
    "[a](https://evil.example)", "https://evil.example/a", "www.evil.example", "@everyone a@evil.example", "owner/repo#7 GH-7 #7",
    "| a | b |\n|---|---|", "![a](https://evil.example/a.png) `b` **c** ~~d~~ $e$", "- a\n# b\n> c", "=cmd|'/c calc'!A0", "\ud800half", "\udcffraw",
)  # fmt: skip

PLACES: Mapping[str, str] = {
    "book title": "Desk", "standard": "reply", "standard title": "Reply in time", "calendar": "office", "closure": "Party",
    "case field": "ticket", "case": "T1", "kind": "asked", "field": "region", "segment": "north", "reason": "ours",
    "agreement": "gold", "agreement title": "Gold terms", "consequence": "late", "label": "credit note", "customer": "acme",
    "citation": "Charter", "file": "log", "book file": "book", "time": "2026-03-02T09:00Z", "key": "title", "value": "respond", "expected": "hello",
    "said": "nothing", "column": "event", "argument": "T9",
    "category": "delivery", "description": "All tickets", "zone": "UTC", "number": "7", "note": "soon",
}  # fmt: skip
"""Each place, and what harmlessly stands there."""

_BOOK: dict[str, Any] = {
    "{key}": "{book title}",
    "timezone": "{zone}",
    "case": "{case field}",
    "source": {"citation": "{citation}"},
    "calendars": {
        "{calendar}": {
            "timezone": "UTC", "hours": {"mon-fri": "09:00-17:00"},
            "holidays": [{"date": "2026-03-03", "name": "{closure}"}],
        }
    },
    "events": {"time": "time", "event": "{column}"},
    "standards": [
        {
            "id": "{standard}", "category": "{category}", "description": "{description}", "title": "{standard title}", "kind": "{value}", "start": "{kind}", "stop": "answered",
            "within": "1 hour", "calendar": "{calendar}", "applies_to": {"{field}": {"exists": True}},
            "objective": {"share": "90%", "window": "all", "by": ["{field}"]},
            "exclude": [{"when": {"cause": "{reason}"}, "reason": "{reason}"}],
        },
        {"id": "talk", "kind": "check", "event": "{kind}", "expect": {"text": {"mentions": "{expected}"}}},
        {"id": "count", "kind": "quantity", "count": "{kind}", "at_most": "{number}", "per": "day"},
    ],
    "agreements": [
        {"id": "{agreement}", "title": "{agreement title}", "for": {"customer": "{customer}"},
         "terms": {"{standard}": {"within": "30 minutes"}}},
    ],
    "consequences": [{"id": "{consequence}", "standard": "{standard}", "label": "{label}"}],
}  # fmt: skip

_ROWS: list[dict[str, Any]] = [
    {"time": "{time}", "{column}": "{kind}", "{case field}": "{case}", "{field}": "{segment}", "customer": "{customer}", "text": "{said}"},
    {"time": "2026-03-02T12:00Z", "{column}": "answered", "{case field}": "{case}", "{field}": "{segment}"},
    {"time": "2026-03-02T09:00Z", "{column}": "{kind}", "{case field}": "T2", "{field}": "{segment}", "cause": "{reason}", "text": "hello"},
    {"time": "2026-03-02T09:10Z", "{column}": "answered", "{case field}": "T2"},
    {"time": "{note}", "{column}": "{kind}", "{case field}": "T3"},
    {"time": "2026-03-04T09:10Z", "{column}": "{kind}", "{case field}": "T4", "{field}": "{segment}"},
    {"time": "2026-03-04T10:30Z", "{column}": "answered", "{case field}": "T4", "{field}": "{segment}"},
]  # fmt: skip


def written(place: str | None, text: str = "") -> tuple[dict[str, Any], list[dict[str, Any]], dict[str, str]]:
    """Return a book, the rows of a log and what stands everywhere, with a text in one place."""
    words = {**PLACES, **({place: text} if place else {})}
    return _filled(copy.deepcopy(_BOOK), words), _filled(copy.deepcopy(_ROWS), words), words


def _filled(data: Any, words: Mapping[str, str]) -> Any:
    if isinstance(data, dict):
        return {_filled(key, words): _filled(value, words) for key, value in data.items()}
    if isinstance(data, list):
        return [_filled(one, words) for one in data]
    if isinstance(data, str) and data[:1] == "{":
        return words[data[1:-1]]
    return data
