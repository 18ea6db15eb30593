"""The command line: `servstd check`, `explain`, `calendar`, `catalog`, `schema`, `demo`."""

from __future__ import annotations

from collections.abc import Sequence

__all__ = ["main"]


def main(args: Sequence[str] | None = None) -> None:
    """Run a command and leave with its exit code.

    0 met · 1 a decided objective missed · 2 bad usage or standards file · 3 unusable data, or nothing decided.

    Args:
        args: The arguments after the program's name; `sys.argv` when left out.
    """
    from servstd.cli.running import run  # noqa: PLC0415 - `import servstd.cli` stays small

    raise SystemExit(run(args))
