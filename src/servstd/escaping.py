"""Texts of strangers, written so that nothing obeys them: no terminal, no build server, no browser, no code host.

Names, values, keys and file names come from whoever sends a book or a log. Each format has one function here, and every
writer of that format uses it.
"""

from __future__ import annotations

import html
import json
import re
from collections.abc import Callable
from typing import Any

_NOTHING = "\N{ZERO WIDTH SPACE}"
_SPECIAL = str.maketrans(
    {sign: f"\\{sign}" for sign in "\\`*_{}[]()#+!|~$@"}
    | {"&": "&amp;", "<": "&lt;", ">": "&gt;", _NOTHING: "&#8203;"}
)
_LIVE = re.compile(r"(?i)(?<=:)(?=//)|(?<=www)(?=\.)|(?<=@)(?=\w)|(?<=#)(?=\d)|(?<=\bgh-)(?=\d)")
"""Where code hosts make links of plain text: addresses, mentions, numbers of issues. They do so after Markdown is read,
so a backslash does not help; a space without width does."""


_MARK = re.compile(r"(?<=#)(?=#\w*\[)")
_COMMAND = re.compile(rf"(?m)^ *(?=::)|{_MARK.pattern}")
"""Where a runner sees a command of its own: `##[name` and `##vso[` anywhere, `::name` at the head of a line."""


def printable(text: str) -> str:
    r"""Return a text that steers neither a terminal nor, within a line, a build server.

    Control and format characters are written out, and a backslash breaks `##[`, which servers obey anywhere in a line.

    Example:
        >>> print(printable("T-1\x1b[2J\n##[error]x"))
        T-1\x1b[2J\n#\#[error]x
    """
    if not text.isprintable():
        text = "".join(one if one.isprintable() else one.encode("unicode_escape").decode() for one in text)
    return _MARK.sub(r"\\", text) if "##" in text else text


def without_commands(text: str) -> str:
    r"""Return lines that a build server only shows: a backslash stands in what it would take for a command.

    Example:
        >>> print(without_commands("  ::error::x\na::b ##[error]x"))
          \::error::x
        a::b #\#[error]x
    """
    return _COMMAND.sub(r"\g<0>\\", text)


def as_markdown(text: str) -> str:
    r"""Return a text as Markdown: no markup, no link or mention that a code host would make of it.

    Example:
        >>> print(as_markdown("*new* #7"))
        \*new\* \#&#8203;7
    """
    return _LIVE.sub(_NOTHING, printable(text)).translate(_SPECIAL)


def as_html(text: str) -> str:
    """Return a text as HTML or XML: no markup, no control characters, nothing that a build server obeys."""
    return html.escape(printable(text)).replace("::", ":&#58;").replace("##", "#&#35;")


_STEERING = re.compile(r"[^\x20-\x7e\n]+|(?<=#)#(?=\w*\[)")


def as_json(data: object, *, indent: int | None = None, default: Callable[[Any], Any] | None = None) -> str:
    r"""Return data as JSON in which no text can steer a terminal or a build server; read again it is the same.

    Args:
        data: Mappings, lists, texts, numbers.
        indent: Blanks a level; everything on one line when left out.
        default: What makes a text of anything else.

    Example:
        >>> print(as_json(["Löschen", "T-1\x9b2J", "##[error]x"]))
        ["Löschen","T-1\u009b2J","#\u0023[error]x"]
    """
    separators = (",", ":") if indent is None else None
    text = json.dumps(data, ensure_ascii=False, indent=indent, separators=separators, default=default)
    return _STEERING.sub(lambda found: _in_json(found[0]), text)


def _in_json(text: str) -> str:
    if text == "#":
        return "\\u0023"
    return (
        text
        if text.isprintable()
        else "".join(one if one.isprintable() else json.dumps(one)[1:-1] for one in text)
    )
