"""Run a command: exit codes, errors without tracebacks, a pipe that closes early."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence

import click

from servstd.cli.console import Console
from servstd.errors import EvaluationError, EventsError, ReadingError, ServstdError

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
    except RecursionError as fault:
        return _bug(fault, console)
    except Exception as fault:  # noqa: BLE001 - the last resort: never a traceback unasked
        return _bug(fault, console)
    return code if isinstance(code, int) else MET


def exit_code_of(error: ServstdError) -> int:
    """Return the exit code of an error: 3 where the data are at fault, 2 where the book or the call is."""
    if isinstance(error, ReadingError) and not _OF_THE_DATA.issuperset(one.code for one in error.problems):
        return USAGE
    return UNUSABLE if isinstance(error, EventsError | EvaluationError) else USAGE


def _told(error: ServstdError, console: Console) -> int:
    if os.environ.get(_SHOW_TRACEBACK):
        raise error
    console.complain(str(error))
    return exit_code_of(error)


def _usage(mistake: click.ClickException, console: Console) -> int:
    context = getattr(mistake, "ctx", None)
    if context is not None:
        console.say(context.get_usage())
    hint = f"\nTry `{context.command_path} --help`." if context is not None else ""
    console.complain(f"{mistake.format_message()}{hint}")
    return USAGE


def _unread() -> int:
    """Leave quietly when the reader of our output has gone (`servstd check … | head`)."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    return MET


def _bug(fault: BaseException, console: Console) -> int:
    if os.environ.get(_SHOW_TRACEBACK):
        raise fault
    what = str(fault).splitlines()[0][:200] if str(fault) else ""
    console.complain(
        f"This is a bug in servstd ({type(fault).__name__}: {what}).\n"
        f"Run it again with {_SHOW_TRACEBACK}=1 and report what it prints."
    )
    return BUG
