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
    _start_quickly()
    from servstd.cli.running import run  # noqa: PLC0415 - `import servstd.cli` stays small

    raise SystemExit(run(args))


def _start_quickly() -> None:
    """Leave out what costs a tenth of a cold start each and helps no command.

    Collections while modules load find nothing; and pydantic looks through every installed package for plugins.
    """
    import gc  # noqa: PLC0415 - for a process of its own, not for whoever imports this module
    import os  # noqa: PLC0415

    gc.set_threshold(100_000, 20, 20)
    os.environ.setdefault("PYDANTIC_DISABLE_PLUGINS", "__all__")
