"""Where the project's files are, for the tests that hold it to its promises."""

from __future__ import annotations

import re
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
SOURCE = ROOT / "src" / "servstd"
_BUILT = {"__pycache__", "build", "dist", "site", "venv", "env"}
_FENCE = re.compile(r"^```(?P<language>[a-z-]*)[^\n]*\n(?P<body>.*?)^```$", re.MULTILINE | re.DOTALL)


def source_files() -> list[Path]:
    return sorted(path for path in SOURCE.rglob("*.py") if "__pycache__" not in path.parts)


def module_names() -> list[str]:
    """Return every module of the package, by its dotted name."""
    parts = [path.relative_to(SOURCE.parent).with_suffix("").parts for path in source_files()]
    return [".".join(names[:-1] if names[-1] == "__init__" else names) for names in parts]


def project_files() -> list[Path]:
    """Return the project's own text files: no environments, caches or builds, and nothing of git's."""
    inside = [path for path in ROOT.iterdir() if path.name not in _BUILT]
    kept = [path for path in inside if not path.name.startswith(".") or path.name in {".ci", ".gitignore"}]
    every = [path for top in kept for path in ([top] if top.is_file() else top.rglob("*"))]
    return sorted(path for path in every if path.is_file() and not _BUILT.intersection(path.parts))


def blocks(text: str, language: str) -> list[str]:
    """Return the fenced blocks of a language in a Markdown text."""
    return [found["body"] for found in _FENCE.finditer(text) if found["language"] == language]


def section(text: str, title: str) -> str:
    """Return what stands under a second-level heading."""
    _, _, rest = text.partition(f"\n## {title}\n")
    return re.split(r"^## ", rest, maxsplit=1, flags=re.MULTILINE)[0]
