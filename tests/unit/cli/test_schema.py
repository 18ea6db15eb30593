"""`servstd schema` prints the committed schema, writes it, or says where it is."""

from __future__ import annotations

import json
from pathlib import Path

from servstd.schema import SCHEMA_FILE, schema_text


def test_it_prints_the_schema(servstd_run):
    code, out, _ = servstd_run("schema")
    assert code == 0
    assert out == schema_text()
    assert json.loads(out)["$schema"] == "http://json-schema.org/draft-07/schema#"


def test_it_writes_a_file(servstd_run, tmp_path):
    target = tmp_path / "book.schema.json"
    code, out, _ = servstd_run("schema", "--output", str(target))
    assert (code, out) == (0, "")
    assert target.read_text(encoding="utf-8") == schema_text()


def test_it_says_where_the_installed_file_is(servstd_run):
    assert Path(servstd_run("schema", "--where")[1].strip()) == SCHEMA_FILE


def test_a_folder_that_is_not_there_is_bad_usage(servstd_run, tmp_path):
    code, _, err = servstd_run("schema", "--output", str(tmp_path / "none" / "x.json"))
    assert code == 2
    assert "cannot write" in err
