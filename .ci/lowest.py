"""Print the lowest versions that pyproject.toml declares, one a line, as pip reads constraints: `numpy==2.0`.

A requirement without `>=` has no floor and is left to pip. Extras that name the project itself are its own groups.
"""

from __future__ import annotations

import re
import sys
import tomllib
from pathlib import Path

_FLOOR = re.compile(r"^(?P<name>[A-Za-z0-9._-]+)(?:\[[^\]]*\])?>=(?P<version>[0-9.]+)")


def lowest(project: dict[str, object], *extras: str) -> list[str]:
    """Return the floors of the dependencies and of some extras, each as an exact version."""
    groups = project["optional-dependencies"]
    assert isinstance(groups, dict)  # noqa: S101 - the shape of pyproject.toml
    wanted = [*project["dependencies"], *(one for name in extras for one in groups[name])]  # type: ignore[misc]
    found = (_FLOOR.match(one) for one in wanted)
    return sorted({f"{one['name']}=={one['version']}" for one in found if one})


if __name__ == "__main__":
    text = Path(__file__).parent.parent.joinpath("pyproject.toml").read_text(encoding="utf-8")
    sys.stdout.write("\n".join(lowest(tomllib.loads(text)["project"], *sys.argv[1:])) + "\n")
