"""Where output goes: data to stdout, talk to stderr, progress only where somebody watches."""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Callable
from pathlib import Path
from typing import TextIO

import click

from servstd.escaping import printable, without_commands
from servstd.render.style import Style

_NARROWEST, _WIDEST, _DEFAULT = 72, 120, 100


class Console:
    """Be the terminal, or whatever stands in its place."""

    def style(self) -> Style:
        """Return what stdout can show."""
        is_terminal = _is_terminal(sys.stdout)
        width = shutil.get_terminal_size((_DEFAULT, 24)).columns if is_terminal else _DEFAULT
        return Style(
            width=max(_NARROWEST, min(width, _WIDEST)),
            colour=is_terminal and "NO_COLOR" not in os.environ and os.environ.get("TERM") != "dumb",
            ascii_only=not _can_show(sys.stdout),
        )

    def print(self, text: str) -> None:
        """Write data to stdout; what its encoding lacks is written out, never an error."""
        sys.stdout.write(_written_out(self.style().finish(text), sys.stdout))
        sys.stdout.flush()

    def print_exact(self, text: str) -> None:
        """Write data for machines to stdout: UTF-8 whatever the terminal's encoding, and no line end changed."""
        buffer = getattr(sys.stdout, "buffer", None)
        if buffer is None:
            sys.stdout.write(text)
        else:
            sys.stdout.flush()
            buffer.write(text.encode("utf-8"))
            buffer.flush()

    def save(self, path: Path, text: str) -> None:
        """Write data to a file, UTF-8.

        Raises:
            click.UsageError: it cannot be written.
        """
        try:
            path.write_text(text, encoding="utf-8", newline="\n")
        except (OSError, ValueError) as failure:  # the second for a path that holds a NUL
            reason = getattr(failure, "strerror", None) or failure
            raise click.UsageError(f"cannot write `{path}`: {reason}.") from None

    def say(self, text: str) -> None:
        """Write talk to stderr; nothing that it quotes can steer the terminal or a build server."""
        self._tell(text)

    def complain(self, text: str) -> None:
        """Write what is wrong to stderr."""
        self._tell(text, "red" if self._colours_talk() and "\n" not in text else None)

    def progress(self, what: str) -> Callable[[int, int], None]:
        """Return what shows how far a long work is, on one line of a terminal that is wiped at the end."""
        if not _is_terminal(sys.stderr):
            return lambda done, total: None  # noqa: ARG005 - nobody watches
        return lambda done, total: _show(f"{what} {done} of {total}" if done < total else "")

    def doing(self, what: str) -> None:
        """Show what is being done, where somebody watches; an empty text wipes it."""
        if _is_terminal(sys.stderr):
            _show(what)

    def _tell(self, text: str, colour: str | None = None) -> None:
        lines = "\n".join(map(printable, text.split("\n")))
        shown = _written_out(without_commands(lines), sys.stderr)
        sys.stderr.write((click.style(shown, fg=colour) if colour else shown) + "\n")

    def _colours_talk(self) -> bool:
        return _is_terminal(sys.stderr) and "NO_COLOR" not in os.environ


def _show(text: str) -> None:
    sys.stderr.write(f"\r\x1b[K{_written_out(printable(text), sys.stderr)}")
    sys.stderr.flush()


def _is_terminal(stream: TextIO) -> bool:
    try:
        return stream.isatty()
    except (AttributeError, ValueError):
        return False


def _can_show(stream: TextIO) -> bool:
    try:
        "✓–…“”·".encode(stream.encoding or "ascii")
    except (UnicodeEncodeError, LookupError):
        return False
    return True


def _written_out(text: str, stream: TextIO) -> str:
    encoding = stream.encoding or "ascii"
    try:
        return text.encode(encoding, "backslashreplace").decode(encoding)
    except LookupError:
        return text.encode("ascii", "backslashreplace").decode("ascii")
