"""Findings of the lint as SARIF 2.1.0, which code hosts show beside the lines.

Source: OASIS, Static Analysis Results Interchange Format (SARIF) Version 2.1.0, sections 3.13 to 3.30.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from pathlib import PurePath
from typing import Any
from urllib.parse import quote

import servstd
from servstd.errors import Problem
from servstd.escaping import as_json
from servstd.lint.running import sort_of
from servstd.render.findings import place_of, severity_of

_SCHEMA = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
_LEVELS = {"error": "error", "warning": "warning", "info": "note"}


def render(found: Sequence[Problem]) -> str:
    """Return findings as one SARIF run.

    Args:
        found: The findings, and the problems of books that do not load.
    """
    codes = sorted({one.code for one in found})
    driver = {
        "name": "servstd",
        "semanticVersion": servstd.__version__,
        "rules": [_descriptor(code) for code in codes],
    }
    run = {
        "tool": {"driver": driver},
        "columnKind": "unicodeCodePoints",
        "results": [_result(one, codes.index(one.code)) for one in found],
    }
    return as_json({"$schema": _SCHEMA, "version": "2.1.0", "runs": [run]}, indent=2) + "\n"


def _descriptor(code: str) -> dict[str, Any]:
    sort = sort_of(code)
    if sort is None:
        return {"id": code, "shortDescription": {"text": "A book that does not load."}}
    return {
        "id": code,
        "name": sort.name,
        "shortDescription": {"text": sort.title},
        "fullDescription": {"text": sort.why},
        "help": {"text": sort.remedy},
        "defaultConfiguration": {"level": _LEVELS[sort.severity]},
    }


def _result(one: Problem, index: int) -> dict[str, Any]:
    told = {
        "ruleId": one.code,
        "ruleIndex": index,
        "level": _LEVELS[severity_of(one)],
        "message": {"text": f"{one.message} {one.help[:1].upper()}{one.help[1:]}".strip()},
        "locations": [_location(one)],
        "partialFingerprints": {"servstd/v1": _fingerprint(one)},
    }
    return told if told["locations"] != [{}] else {**told, "locations": []}


def _location(one: Problem) -> dict[str, Any]:
    file, line, column = place_of(one)
    found: dict[str, Any] = {}
    if file is not None:
        found["physicalLocation"] = {"artifactLocation": {"uri": _uri(file)}}
        if line is not None:
            found["physicalLocation"]["region"] = {"startLine": line, "startColumn": column}
    if one.path:
        found["logicalLocations"] = [{"fullyQualifiedName": one.path}]
    return found


def _uri(file: str) -> str:
    path = PurePath(file)
    return path.as_uri() if path.is_absolute() else quote(path.as_posix(), errors="surrogateescape")


def _fingerprint(one: Problem) -> str:
    """Return what a finding is known by when lines have moved: its code, its path, what it says."""
    told = "\n".join((one.code, place_of(one)[0] or "", one.path, one.message))
    return hashlib.sha256(told.encode(errors="backslashreplace")).hexdigest()[:32]
