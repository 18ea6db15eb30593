"""The public types hold for mypy, and what mypy has read runs."""

from __future__ import annotations

import subprocess
import sys
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path

import pytest
from meta.project import ROOT

PUBLIC_FACE = Path(__file__).with_name("public_face.py")


def mypy(*arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "mypy", "--strict", "--no-error-summary", *arguments]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)


def test_every_spelling_of_the_public_face_is_typed():
    done = mypy(str(PUBLIC_FACE))
    assert done.stdout == ""
    assert done.returncode == 0, done.stderr


def test_mypy_would_notice_a_wrong_type(tmp_path):
    wrong = tmp_path / "wrong.py"
    wrong.write_text(
        "import servstd\n\nservstd.Respond(id=3, start='a', stop='b', within='1 hour')\n", encoding="utf-8"
    )
    assert 'Argument "id" to "Respond" has incompatible type "int"' in mypy(str(wrong)).stdout


@pytest.fixture
def face():
    spec = spec_from_file_location("public_face", PUBLIC_FACE)
    module = module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_what_mypy_has_read_runs(face, tmp_path):
    face.calendars()
    assert len({standard.id for standard in face.standards()}) == len(face.standards())
    face.books(tmp_path)
    face.reports()
    face.errors()
