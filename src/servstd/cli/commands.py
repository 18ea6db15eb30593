"""The commands; each is imported when it is called, or when help lists it."""

from __future__ import annotations

from importlib import import_module, util

import click

from servstd import __version__

_COMMANDS = {
    "check": "judge a log by a book of standards",
    "lint": "find what loads but cannot be meant",
    "explain": "say what a standard means, or why a verdict is what it is",
    "calendar": "show a calendar, the time between two instants, a due date",
    "catalog": "find published standards: regulators', carriers', vendors' promises as books",
    "schema": "print the JSON Schema of a book, for editors",
    "demo": "six promises, kept and broken, and why",
}


class _Lazy(click.Group):
    """Import a command's module when it is wanted: `servstd --version` loads none of them."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 - click's signature
        return [name for name in _COMMANDS if util.find_spec(f"servstd.cli.{name}") is not None]

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in self.list_commands(ctx):
            return None
        command: click.Command = getattr(import_module(f"servstd.cli.{cmd_name}"), cmd_name)
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """List the commands without importing them."""
        with formatter.section("Commands"):
            formatter.write_dl([(name, _COMMANDS[name]) for name in self.list_commands(ctx)])

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Name the closest command when there is none of this name."""
        if args and self.get_command(ctx, args[0]) is None and not args[0].startswith("-"):
            from servstd.errors import closest, listed  # noqa: PLC0415 - only on a mistake

            near = closest(args[0], _COMMANDS)
            help_ = f" Did you mean `{near}`?" if near else ""
            raise click.UsageError(
                f"no command `{args[0]}`.{help_} There are {listed(self.list_commands(ctx))}.", ctx
            )
        return super().resolve_command(ctx, args)


@click.group(cls=_Lazy, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(__version__, "--version", prog_name="servstd")
@click.option(
    "--traceback",
    is_flag=True,
    expose_value=False,
    callback=lambda ctx, param, value: _show_tracebacks(value),  # noqa: ARG005 - click's signature
    help="Show Python's traceback of an error, for a bug report.",
)
def servstd() -> None:
    """Check service standards against what happened, and prove every verdict.

    Exit codes: 0 met, 1 a decided objective missed, 2 bad usage or standards file, 3 unusable data or nothing
    decided.
    """


def _show_tracebacks(value: bool) -> None:
    if value:
        import os  # noqa: PLC0415 - only when asked

        os.environ["SERVSTD_TRACEBACK"] = "1"
