"""JSON with positions: a token at a time, without recursion."""

from __future__ import annotations

import json
import re
from bisect import bisect_right
from typing import Final

from servstd.errors import StandardsError
from servstd.files.document import Builder, Document
from servstd.files.scalars import number_of

_TOKEN: Final = re.compile(
    r'[ \t\r\n]*(?:(?P<sign>[{}\[\],:])|(?P<text>"(?:[^"\\\x00-\x1f]|\\["\\/bfnrt]|\\u[0-9a-fA-F]{4})*+")'
    r"|(?P<number>-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][-+]?[0-9]{1,3})?)(?![0-9A-Za-z.])"
    r"|(?P<word>true|false|null)(?![0-9A-Za-z]))"
)
_WORDS: Final = {"true": True, "false": False, "null": None}
_HELP: Final = "JSON wants double quotes, a comma between members and none after the last, and no comments."


def parse_json(text: str, name: str = "<text>") -> Document:
    """Read JSON text as plain data with positions; numbers are exact, equal keys are refused.

    Args:
        text: The file, decoded.
        name: How messages call it.

    Returns:
        The data and where everything stood.

    Raises:
        StandardsError: SV171 it is not JSON, SV172 equal keys, SV176 too deep, SV179 empty.

    Example:
        >>> parse_json('{"within": 1.50}').data
        {'within': Decimal('1.50')}
    """
    return _Reading(text, name).document()


class _Reading:
    """Walk the tokens; `expects` is what may come next."""

    def __init__(self, text: str, name: str) -> None:
        self.text = text
        self.builder = Builder(name)
        self.lines = [0, *(found.end() for found in re.finditer("\n", text))]
        self.at = 0
        self.expects = "value"

    def document(self) -> Document:
        while found := _TOKEN.match(self.text, self.at):
            kind = found.lastgroup or ""
            self._take(kind, found[kind], found.start(kind))
            self.at = found.end()
        if self.text[self.at :].strip(" \t\r\n"):
            raise self._unreadable(
                self.at + len(self.text[self.at :]) - len(self.text[self.at :].lstrip(" \t\r\n"))
            )
        if self.builder.stack:
            raise self._unreadable(len(self.text))
        return self.builder.document()

    def _take(self, kind: str, token: str, at: int) -> None:
        if kind == "sign":
            self._sign(token, at)
            return
        if self.expects in ("key", "key or end") and kind == "text":
            self.builder.key(json.loads(token), *self._position(at))
            self.expects = "colon"
            return
        if self.expects not in ("value", "value or end"):
            raise self._unreadable(at)
        self.builder.scalar(self._value(kind, token, at), *self._position(at))
        self._after_value()

    def _value(self, kind: str, token: str, at: int) -> object:
        if kind == "word":
            return _WORDS[token]
        try:
            return json.loads(token) if kind == "text" else number_of(token)
        except ValueError as failure:
            self.builder.add_problem("SV171", str(failure), "", *self._position(at))
            return None

    def _sign(self, sign: str, at: int) -> None:
        if sign in "{[" and self.expects in ("value", "value or end"):
            self.builder.open({} if sign == "{" else [], *self._position(at))
            self.expects = "key or end" if sign == "{" else "value or end"
        elif sign in "}]" and self._may_close(sign):
            self.builder.close()
            self._after_value()
        elif sign == ":" and self.expects == "colon":
            self.expects = "value"
        elif sign == "," and self.expects == "comma or end":
            self.expects = "key" if isinstance(self.builder.stack[-1].data, dict) else "value"
        else:
            raise self._unreadable(at)

    def _may_close(self, sign: str) -> bool:
        if not self.builder.stack:
            return False
        is_mapping = isinstance(self.builder.stack[-1].data, dict)
        first = "key or end" if is_mapping else "value or end"
        return is_mapping == (sign == "}") and self.expects in (first, "comma or end")

    def _after_value(self) -> None:
        self.expects = "comma or end" if self.builder.stack else "end"

    def _position(self, at: int) -> tuple[int, int]:
        line = bisect_right(self.lines, at)
        return line, at - self.lines[line - 1] + 1

    def _unreadable(self, at: int) -> StandardsError:
        wanted = {
            "colon": "a colon",
            "end": "the end of the file",
            "key": "a key",
            "key or end": "a key or `}`",
        }.get(self.expects, "a comma or the end" if self.expects == "comma or end" else "a value")
        rest = self.text[at : at + 20].split("\n")[0]
        seen = (
            f"`{rest}`" if rest else "the end of the line" if at < len(self.text) else "the end of the file"
        )
        return self.builder.stop(
            "SV171", f"this is not JSON: {wanted} should stand here, not {seen}.", _HELP, *self._position(at)
        )
