"""Check what a built wheel holds: the package, the published books, type marker and licence, and nothing else."""

from __future__ import annotations

import sys
from pathlib import Path
from zipfile import ZipFile

ROOT = Path(__file__).resolve().parents[1]
PACKAGE = ROOT / "src" / "servstd"
BOOKS = ROOT / "examples" / "published"


def problems_of(names: set[str]) -> list[str]:
    """Return what is missing from or strange in a wheel with these members, in words."""
    expected = {
        f"servstd/{path.relative_to(PACKAGE).as_posix()}"
        for path in PACKAGE.rglob("*")
        if path.is_file() and "__pycache__" not in path.parts
    }
    expected |= {f"servstd/books/{path.name}" for path in BOOKS.iterdir()}
    packed = {name for name in names if name.startswith("servstd/")}
    others = {name for name in names - packed if not name.split("/")[0].endswith(".dist-info")}
    found = [f"missing: {name}" for name in sorted(expected - packed)]
    found += [f"does not belong: {name}" for name in sorted((packed - expected) | others)]
    if "servstd/py.typed" not in packed:
        found.append("no py.typed: type checkers would not read our annotations")
    if not any(name.endswith("licenses/LICENSE") for name in names):
        found.append("no licence")
    if not any(name.endswith("entry_points.txt") for name in names):
        found.append("no console script")
    return found


def main() -> None:
    """Check the wheel named on the command line."""
    wheel = Path(sys.argv[1])
    with ZipFile(wheel) as archive:
        names = set(archive.namelist())
    if found := problems_of(names):
        sys.exit("\n".join(found))
    size = wheel.stat().st_size
    sys.stdout.write(f"{wheel.name}: {len(names)} files, {size:,} bytes, all as in src\n")


if __name__ == "__main__":
    main()
