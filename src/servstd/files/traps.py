"""What people trip over in YAML, said in our own words with the line as it should be written."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any, Final

from servstd.errors import Problem

_KEY: Final = re.compile(r"""\s*(?:-\s+)*(?:[^\s:#'"{}\[\],&*!|>%@`][^:#{}\[\],]*|"[^"]*"|'[^']*')\s*:\s+""")
_STARTERS: Final = "*&!@%`>|"
_SHORTEST_KEY: Final = len("a: ")
_LONGEST_SHOWN: Final = 300
_LONGEST_TEXT: Final = 2000
"""How far on both sides of a comma the text is looked for that it may belong to: a line may be the whole file."""
_REASONS: Final = {
    "*": "a value that begins with `*` names an anchor (`&name`), and there is none of that name",
    "&": "a value that begins with `&` is an anchor, so the value itself is empty",
    "@": "no plain value begins with `@`",
    "`": "no plain value begins with a backtick",
    "%": "no plain value begins with `%`",
    ">": "a value that begins with `>` is a folded block, so the value itself is lost",
    "|": "a value that begins with `|` is a literal block, so the value itself is lost",
    "!": "a value that begins with `!` is a tag",
}


def lines_of(text: str) -> list[str]:
    """Return the lines of a file as YAML counts them; split once, however many problems the file has."""
    return re.split(r"\r\n|[\n\r\x85\u2028\u2029]", text)


def syntax_problem(lines: Sequence[str], name: str, failure: Any) -> Problem:
    """Return the problem of text that is not YAML: one of the traps, a tab, or what the parser says."""
    mark = failure.problem_mark or failure.context_mark
    line, column = (mark.line + 1, mark.column + 1) if mark else (1, 1)
    source = _line(lines, line)
    said = failure.problem or failure.context or "it cannot be read"
    where = f"{name}:{line}:{column}"
    if "\t" in source[: max(column, 1)] and ("cannot start any token" in said or "tab" in said):
        return Problem(
            "SV171", "a tab indents this line; YAML wants spaces.", "replace the tab by spaces.", where=where
        )
    start = _token_start(source, column - 1)
    if source[start : start + 1] and source[start] in _STARTERS:
        return quote_problem(lines, name, line, start + 1)
    begun = failure.context_mark.line + 1 if failure.context_mark else line
    for near in dict.fromkeys((begun, line, line - 1)):
        if trap := _value_trap(lines, name, near, said) or _tight_colon(lines, name, near, said):
            return trap
    if source[column - 1 : column] == ":" and (trap := _flow_colon(lines, name, line, column)):
        return trap
    context = (
        f", {failure.context} in line {failure.context_mark.line + 1}"
        if failure.context and failure.context_mark
        else ""
    )
    return Problem(
        "SV171",
        f"this is not YAML: {said}{context}. Line {line} is `{source.strip():.100}`.",
        "check the indentation, the quotes and the brackets before this place.",
        where=where,
    )


def character_problem(text: str, name: str, failure: Any) -> Problem:
    """Return the problem of a character that YAML forbids, such as a null byte."""
    at = getattr(failure, "position", None)
    character = getattr(failure, "character", None)
    if isinstance(at, int) and at >= 0:
        line, column = text.count("\n", 0, at) + 1, at - (text.rfind("\n", 0, at) + 1) + 1
    else:
        line, column = _forbidden_at(text)
    code = f" U+{character:04X}" if isinstance(character, int) else ""
    return Problem(
        "SV177",
        f"a control character{code} stands here.",
        "remove it; a file of standards is text.",
        where=f"{name}:{line}:{column}",
    )


def quote_problem(lines: Sequence[str], name: str, line: int, column: int) -> Problem:
    """Return the problem of a value that must stand in quotes, with the line quoted right."""
    starter = _line(lines, line)[column - 1 : column]
    reason = _REASONS.get(starter, "this value must stand in quotes")
    return Problem(
        "SV178", f"{reason}.", f"write {quoted_line(lines, line, column)}.", where=f"{name}:{line}:{column}"
    )


def block_problem(lines: Sequence[str], name: str, line: int, column: int, value: str) -> Problem | None:
    """Return the problem of `above: >3`: a block header with a number and nothing below it."""
    header = _line(lines, line)[column - 1 :]
    if not value.strip() and re.match(r"[>|][-+]?[0-9]", header):
        return quote_problem(lines, name, line, column)
    return None


def anchor_problem(lines: Sequence[str], name: str, line: int, column: int) -> Problem | None:
    """Return the problem of `title: &Co`: an anchor on nothing."""
    start = _line(lines, line).rfind("&", 0, column)
    return quote_problem(lines, name, line, start + 1) if start >= 0 else None


def comma_problem(lines: Sequence[str], name: str, line: int, column: int) -> Problem | None:
    """Return the problem of `{citation: Act 7, 19 and 20}`: a key without a colon is what a comma cut off.

    None where the part before the comma is no plain text of the same line, or a very long one.
    """
    source = _line(lines, line)
    begun = source.rfind(": ", max(0, column - 1 - _LONGEST_TEXT), column - 1) + 2
    before = source[begun : column - 1]
    start = begun + len(before) - len(before.lstrip())
    if begun < _SHORTEST_KEY or not before.strip() or re.search(r"""^\s*["'*&!|>%@`]|[{}\[\]]""", before):
        return None
    cut = re.split(r"[{}\[\]]", source[column - 1 : column + _LONGEST_TEXT], maxsplit=1)[0]
    if ": " in cut:
        cut = cut[: cut.index(": ")].rpartition(",")[0]
    value = source[start : column - 1] + cut.rstrip()
    mended = source[:start] + quoted(value) + source[start + len(value) :]
    return Problem(
        "SV178",
        "inside braces a comma ends a value.",
        f"if it belongs to the text, write `{_around(mended, start)}`.",
        where=f"{name}:{line}:{start + 1}",
    )


def quoted_line(lines: Sequence[str], line: int, column: int) -> str:
    """Return a line of the file with the value that begins at a column in quotes."""
    source = _line(lines, line)
    end = _value_end(source, column - 1)
    value = source[column - 1 : end].rstrip()
    rest = source[column - 1 + len(value) :]
    return f"`{_around(source[: column - 1] + quoted(value) + rest, column - 1)}`"


def quoted(value: str) -> str:
    r"""Return text in double quotes as YAML reads it back.

    Example:
        >>> print(quoted('say "hi"'))
        "say \"hi\""
    """
    return '"' + value.replace("\\", "\\\\").replace('"', '\\"') + '"'


def _value_trap(lines: Sequence[str], name: str, line: int, said: str) -> Problem | None:
    source = _line(lines, line)
    found = _KEY.match(source)
    if not found:
        return None
    start = found.end()
    value = source[start:].rstrip()
    if not value:
        return None
    column = start + 1
    where = f"{name}:{line}:{column}"
    if value[0] in _STARTERS:
        return quote_problem(lines, name, line, column)
    if "mapping values are not allowed" in said and re.search(r":(\s|$)", value) and value[0] not in "\"'{[":
        return Problem(
            "SV178",
            "a colon followed by a space inside a value starts a mapping.",
            f"write `{_around(source[:start] + quoted(_uncommented(value)), start)}`.",
            where=where,
        )
    if value[0] in "\"'[{" and re.search(r"expected|scanning a quoted", said) and not _is_closed(value):
        return Problem(
            "SV178",
            f"a value that begins with `{value[0]}` must end with its partner, and this one does not.",
            f"if all of it is text, write `{_around(source[:start] + quoted(_uncommented(value)), start)}`.",
            where=where,
        )
    return None


def _tight_colon(lines: Sequence[str], name: str, line: int, said: str) -> Problem | None:
    """Return the problem of `title:Answer`, where the blank after the colon is missing."""
    found = re.match(r"(\s*(?:-\s+)*[\w-]+):(\S.*)", _line(lines, line))
    if not found or ("expected ':'" not in said and "mapping values" not in said):
        return None
    return Problem(
        "SV178",
        "a colon needs a blank after it.",
        f"write `{found[1].strip()}: {found[2].strip()}`.",
        where=f"{name}:{line}:{found.end(1) + 1}",
    )


def _flow_colon(lines: Sequence[str], name: str, line: int, column: int) -> Problem | None:
    """Return the problem of `{title: Answer: at once}`."""
    found = re.match(r".*[{,]\s*[^{},:]*:\s+(?=[^{},:]*$)", _line(lines, line)[: column - 1])
    if not found:
        return None
    return Problem(
        "SV178",
        "a colon followed by a space inside a value starts a mapping.",
        f"write {quoted_line(lines, line, found.end() + 1)}.",
        where=f"{name}:{line}:{found.end() + 1}",
    )


def _token_start(source: str, at: int) -> int:
    """Return where the word around a place begins."""
    while at > 0 and source[at - 1] not in " \t,[{":
        at -= 1
    return at


def _is_closed(value: str) -> bool:
    partner = {"[": "]", "{": "}"}.get(value[0], value[0])
    return len(value) > 1 and _uncommented(value).endswith(partner)


def _value_end(source: str, start: int) -> int:
    """Return where a value ends: at the line's end, at a comment, or inside braces at a comma or bracket."""
    before = source[:start]
    is_flow = before.count("{") + before.count("[") > before.count("}") + before.count("]")
    found = re.search(r"[,}\]]|\s#" if is_flow else r"\s#", source[start:])
    return start + found.start() if found else len(source)


def _uncommented(value: str) -> str:
    return re.split(r"\s#", value, maxsplit=1)[0].rstrip()


def _around(line: str, at: int) -> str:
    """Return a line as it should be written; of a very long one the part that matters."""
    if len(line) <= _LONGEST_SHOWN:
        return line.strip()
    begin = max(0, at - _LONGEST_SHOWN // 3)
    part = line[begin : begin + _LONGEST_SHOWN]
    return f"{'…' if begin else ''}{part.strip()}{'…' if begin + _LONGEST_SHOWN < len(line) else ''}"


def _line(lines: Sequence[str], line: int) -> str:
    return lines[line - 1] if 0 < line <= len(lines) else ""


def _forbidden_at(text: str) -> tuple[int, int]:
    found = re.search(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\ud800-\udfff\ufffe\uffff]", text)
    at = found.start() if found else 0
    return text.count("\n", 0, at) + 1, at - (text.rfind("\n", 0, at) + 1) + 1
