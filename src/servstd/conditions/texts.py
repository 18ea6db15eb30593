"""Tests on text: whole words in any case, globs without backtracking, RE2 patterns."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from servstd.errors import Problem, StandardsError
from servstd.remembered import remembered

MOST_PATTERN: Final = 1000


def text_of(value: object) -> str | None:
    """Return a value as text; None for instants, lists and mappings.

    Example:
        >>> text_of(True), text_of(12), text_of([1])
        ('true', '12', None)
    """
    if isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "true" if value else "false"
    if type(value) is int:
        return str(value)
    return format(value, "f") if isinstance(value, Decimal) else None


def mentions(text: str, words: str) -> bool:
    """Tell whether the words stand in the text as whole words, in any case.

    Accents count (`Rene` is not `René`), however they are encoded. Scripts that write without spaces have no
    word ends, so there any place will do.

    Example:
        >>> mentions("Good morning, ANN!", "Ann"), mentions("Planning", "Ann")
        (True, False)
    """
    inside, wanted = folded(text), folded(words.strip())
    at = inside.find(wanted) if wanted else -1
    while at >= 0:
        end = at + len(wanted)
        if _is_break(inside, at) and _is_break(inside, end):
            return True
        at = inside.find(wanted, at + 1)
    return False


@remembered(4096)
def folded(text: str) -> str:
    """Return text for comparing in any case: canonical decomposition and full case folding."""
    if text.isascii():
        return text.lower()
    return unicodedata.normalize("NFD", unicodedata.normalize("NFD", text).casefold())


def _is_break(text: str, at: int) -> bool:
    """Tell whether a word may begin or end at a position: not between two letters of one word."""
    if at <= 0 or at >= len(text):
        return True
    before, after = text[at - 1], text[at]
    if _is_mark(after):
        return False
    return not (_is_word(before) and _is_word(after)) or _is_unspaced(before) or _is_unspaced(after)


def _is_word(character: str) -> bool:
    return character.isalnum() or character == "_" or _is_mark(character)


def _is_mark(character: str) -> bool:
    return not character.isascii() and unicodedata.category(character).startswith("M")


# Thai, Lao, Tibetan, Myanmar, Khmer; kana and CJK ideographs with their extensions.
_UNSPACED: Final = (
    (0x0E00, 0x0FFF),
    (0x1000, 0x109F),
    (0x1780, 0x17FF),
    (0x3040, 0x30FF),
    (0x3400, 0x4DBF),
    (0x4E00, 0x9FFF),
    (0xF900, 0xFAFF),
    (0x20000, 0x3FFFF),
)


def _is_unspaced(character: str) -> bool:
    code = ord(character)
    return code >= _UNSPACED[0][0] and any(low <= code <= high for low, high in _UNSPACED)


@dataclass(frozen=True, slots=True)
class Glob:
    r"""Match a whole text against `*` (any run) and `?` (one character); `\*` is the character itself.

    Case counts. Each part between stars is found at its first place and never given back, so no pattern can
    hang.

    Example:
        >>> Glob.from_pattern("INC*-?").matches("INC0042-A")
        True
    """

    parts: tuple[re.Pattern[str], ...]
    lengths: tuple[int, ...]

    @classmethod
    def from_pattern(cls, pattern: str) -> Glob:
        """Return the glob of a pattern."""
        parts: list[list[str]] = [[]]
        characters = iter(pattern)
        for character in characters:
            if character == "*":
                parts.append([])
            elif character == "?":
                parts[-1].append("(?s:.)")
            else:
                parts[-1].append(re.escape(next(characters, "\\") if character == "\\" else character))
        return cls(tuple(re.compile("".join(part)) for part in parts), tuple(len(part) for part in parts))

    def matches(self, text: str) -> bool:
        """Tell whether the whole text fits."""
        if len(self.parts) == 1:
            return self.parts[0].fullmatch(text) is not None
        last = len(text) - self.lengths[-1]
        if last < self.lengths[0] or not self.parts[0].match(text) or not self.parts[-1].match(text, last):
            return False
        at = self.lengths[0]
        for part in self.parts[1:-1]:
            found = part.search(text, at, last)
            if not found:
                return False
            at = found.end()
        return True


def glob(pattern: str) -> Callable[[str], bool]:
    """Return the test of a glob.

    Raises:
        StandardsError: SV143, the pattern is longer than 1,000 characters.
    """
    _limit(pattern)
    return Glob.from_pattern(pattern).matches


def regex(pattern: str) -> Callable[[str], bool]:
    """Return the test of an RE2 pattern, found anywhere in the text; RE2 is linear by construction.

    Raises:
        StandardsError: SV143, RE2 cannot read the pattern; SV144, google-re2 is not installed.
    """
    _limit(pattern)
    try:
        import re2  # noqa: PLC0415 - an extra
    except ImportError:
        raise StandardsError(
            Problem(
                "SV144",
                "`matches` needs google-re2, which is not installed.",
                'run `pip install "servstd[regex]"`, or write `like:` with `*` and `?`.',
            )
        ) from None
    options = re2.Options()
    options.log_errors = False
    options.max_mem = 8 << 20
    try:
        compiled = re2.compile(pattern, options=options)
    except re2.error as failure:
        reason = failure.args[0] if failure.args else ""
        reason = reason.decode() if isinstance(reason, bytes) else str(reason)
        raise StandardsError(
            Problem(
                "SV143",
                f"the pattern `{pattern}` cannot be read: {reason}.",
                "patterns are RE2's: no look-around and no back-references.",
            )
        ) from None
    return lambda text: compiled.search(text) is not None


def _limit(pattern: str) -> None:
    if len(pattern) > MOST_PATTERN:
        raise StandardsError(
            Problem("SV143", f"the pattern `{pattern[:30]}…` is longer than {MOST_PATTERN:,} characters.")
        )
