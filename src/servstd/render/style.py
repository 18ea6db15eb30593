"""What a terminal can show: how wide it is, whether it knows colours, and signs beyond ASCII."""

from __future__ import annotations

from dataclasses import dataclass

from servstd.escaping import without_commands

_CODES = {"good": "32", "bad": "31", "weak": "2", "strong": "1", "warn": "33"}

_ASCII = str.maketrans(
    {
        "✓": "+", "✗": "x", "·": "-", "…": "...", "–": "-", "—": "-", "×": "x", "≥": ">=", "“": '"', "”": '"', "µ": "u",
        "◦": "o", "▏": "|", "─": "-",
    }
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Style:
    """Say how text is shown.

    Args:
        width: Columns of the terminal; 100 where there is none.
        colour: Whether to colour. Never the only carrier of a meaning.
        ascii_only: Whether signs beyond ASCII are replaced.
    """

    width: int = 100
    colour: bool = False
    ascii_only: bool = False

    def paint(self, text: str, *how: str) -> str:
        """Return a text in colours, or as it is."""
        if not self.colour or not text:
            return text
        return f"\x1b[{';'.join(_CODES[one] for one in how)}m{text}\x1b[0m"

    def finish(self, text: str) -> str:
        r"""Return a text that the terminal's encoding can show, and a build server takes no command from.

        Example:
            >>> Style(ascii_only=True).finish("✓ “Löschen”")
            '+ "L\\xf6schen"'
        """
        text = without_commands(text)
        if not self.ascii_only:
            return text
        return text.translate(_ASCII).encode("ascii", "backslashreplace").decode("ascii")


PLAIN = Style()
"""100 columns, no colours."""
