"""`servstd schema`: the JSON Schema of a book, for editors and for other tools."""

from __future__ import annotations

from pathlib import Path

import click

from servstd.cli.console import Console
from servstd.schema import SCHEMA_FILE, schema_text


@click.command()
@click.option("--output", type=click.Path(path_type=Path, dir_okay=False), help="Write it to this file.")
@click.option("--where", is_flag=True, help="Print the path of the installed file instead.")
@click.pass_obj
def schema(console: Console, *, output: Path | None, where: bool) -> int:
    """Print the JSON Schema of a book (draft-07).

    An editor with a YAML language server completes and explains keys where the first line of a book is
    `# yaml-language-server: $schema=PATH`.
    """
    if where:
        console.print_exact(f"{SCHEMA_FILE}\n")
    elif output is not None:
        console.save(output, schema_text())
    else:
        console.print_exact(schema_text())
    return 0
