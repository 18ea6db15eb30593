"""Every benchmark of speed in one table: `python -m benchmarks [NAME …]`.

A module of this folder takes part by having `ratios()`, which returns `Figure`s: what was measured, as a ratio to
something that everybody has on the same machine in the same run, and the bound. Real data is another matter:
`python -m benchmarks.real`.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable
from importlib import import_module
from pathlib import Path

from benchmarks.table import Figure, table

Ratios = Callable[[], Iterable[Figure]]


def main(arguments: list[str]) -> int:
    """Print the table; return 1 if a bound does not hold, 2 if there is no such benchmark."""
    found = benchmarks()
    unknown = [name for name in arguments if name not in found]
    if unknown or not found:
        print(
            f"there is no benchmark {' '.join(unknown)}: there are {' '.join(found) or 'none'}",
            file=sys.stderr,
        )
        return 2
    figures = [Figure(*figure) for name in arguments or found for figure in found[name]()]
    print(table(figures))
    return 1 if any(figure.ok is False for figure in figures) else 0


def benchmarks() -> dict[str, Ratios]:
    """Return the benchmarks of this folder by the name of their module."""
    names = sorted(path.stem for path in Path(__file__).parent.glob("*.py") if not path.stem.startswith("__"))
    modules = {name: import_module(f"benchmarks.{name}") for name in names}
    return {name: module.ratios for name, module in modules.items() if hasattr(module, "ratios")}


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
