"""Run a command: exit codes, errors without tracebacks, a pipe that closes early."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Sequence
from contextlib import suppress
from typing import TypeVar

import click

from servstd.cli.console import Console
from servstd.errors import EvaluationError, EventsError, Problem, ReadingError, ServstdError

T = TypeVar("T")
MET, MISSED, USAGE, UNUSABLE = 0, 1, 2, 3
INTERRUPTED = 130
BUG = 70
"""`EX_SOFTWARE` of sysexits: a fault of servstd itself is none of the four answers."""

_OF_THE_DATA = frozenset({"SV308", "SV309", "SV310"})
"""Reading errors that no other option would mend: undecodable, damaged, not what it says, beyond all limits."""

_SHOW_TRACEBACK = "SERVSTD_TRACEBACK"


def run(args: Sequence[str] | None = None) -> int:
    """Run a command and return its exit code."""
    from servstd.cli.commands import servstd  # noqa: PLC0415 - errors in it are handled below as well

    arguments = list(sys.argv[1:] if args is None else args)
    console = Console()
    try:
        code = servstd.main(arguments, prog_name="servstd", standalone_mode=False, obj=console)
        sys.stdout.flush()
    except click.exceptions.Exit as leaving:
        return int(leaving.exit_code)
    except click.ClickException as mistake:
        return _usage(mistake, console)
    except (click.Abort, KeyboardInterrupt):
        console.say("interrupted")
        return INTERRUPTED
    except BrokenPipeError:
        return _unread()
    except ServstdError as error:
        return _told(error, console)
    except OSError as failure:  # what is read is opened elsewhere, so this is stdout: a full disk
        console.complain(f"cannot write: {failure.strerror or failure}.")
        return _unread(USAGE)
    except MemoryError:
        console.complain("the data do not fit into memory.")
        return UNUSABLE
    except RecursionError as fault:
        return _bug(fault, console)
    except Exception as fault:  # noqa: BLE001 - the last resort: never a traceback unasked
        return _bug(fault, console)
    return code if isinstance(code, int) else MET


def exit_code_of(error: ServstdError) -> int:
    """Return the exit code of an error: 3 where the data are at fault, 2 where the book or the call is."""
    if isinstance(error, ReadingError) and any(
        one.path or one.code not in _OF_THE_DATA for one in error.problems
    ):
        return USAGE
    return UNUSABLE if isinstance(error, EventsError | EvaluationError) else USAGE


def as_usage(ask: Callable[[], T]) -> T:
    """Return the answer to a question; what the question names wrongly is bad usage.

    Raises:
        click.UsageError: the report has no such thing.
    """
    try:
        return ask()
    except EvaluationError as error:
        raise click.UsageError("\n".join(map(_in_one_line, error.problems))) from None


def _in_one_line(problem: Problem) -> str:
    help_ = f" {problem.help[0].upper()}{problem.help[1:]}" if problem.help else ""
    return f"{problem.message}{help_}"


def _told(error: ServstdError, console: Console) -> int:
    if os.environ.get(_SHOW_TRACEBACK):
        raise error
    hint = _in_other_words(error)
    console.complain(f"{error}{hint}")
    return exit_code_of(error)


def _in_other_words(error: ServstdError) -> str:
    """Say where the options that a message names are set, since it names them as Python does."""
    text = str(error)
    if isinstance(error, EvaluationError):
        return "\n  here: --as-of." if "give `as_of`" in text else ""
    if not isinstance(error, EventsError):
        return ""
    from servstd.cli.reading import option_flags  # noqa: PLC0415 - only on a mistake

    flags = [flag for name, flag in option_flags().items() if f"`{name}=" in text or f"give `{name}`" in text]
    if not flags and "`milestones=" not in text:
        return ""
    named = f"as {', '.join(flags)}, or " if flags else ""
    return f"\n  here: {named}under `events:` in the book."


def _usage(mistake: click.ClickException, console: Console) -> int:
    context = getattr(mistake, "ctx", None)
    if context is not None:
        console.say(context.get_usage())
    hint = f"\nTry `{context.command_path} --help`." if context is not None else ""
    console.complain(f"{mistake.format_message()}{hint}")
    return USAGE


def _unread(code: int = MET) -> int:
    """Leave quietly when the reader of our output has gone (`servstd check … | head`), or cannot take it."""
    with suppress(OSError, ValueError):  # no file behind it: nothing is left to flush
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    return code


def _bug(fault: BaseException, console: Console) -> int:
    if os.environ.get(_SHOW_TRACEBACK):
        raise fault
    what = str(fault).splitlines()[0][:200] if str(fault) else ""
    console.complain(
        f"This is a bug in servstd ({type(fault).__name__}: {what}).\n"
        f"Run it again with {_SHOW_TRACEBACK}=1 and report what it prints."
    )
    return BUG
