"""`servstd catalog` lists, searches and shows; what it says of the law goes to stderr, beside the data."""

from __future__ import annotations

import json

import servstd
from servstd.published import entries


def test_it_lists_all(servstd_run):
    code, out, err = servstd_run("catalog")
    assert code == 0
    assert len(out.splitlines()) == len(entries()) + 2
    assert out.endswith(f"{len(entries())} of {len(entries())} published standards\n")
    assert "none is legal advice" in err


def test_words_must_all_stand_in_what_is_known(servstd_run):
    _, out, _ = servstd_run("catalog", "CABLE", "install")
    assert [line.split()[0] for line in out.splitlines() if line.startswith("us-")] == ["us-cable-install"]


def test_one_is_shown_in_english_with_its_file(servstd_run):
    code, out, err = servstd_run("catalog", "us-cable-answer")
    assert code == 0
    assert "call answered must follow within 30s" in " ".join(out.split())
    assert "us-cable-answer.yaml" in out
    assert "none is legal advice" in err


def test_its_yaml_is_the_book(servstd_run):
    _, out, err = servstd_run("catalog", "us-cable-answer", "--yaml")
    assert servstd.loads(out) == servstd.catalog("us-cable-answer")
    assert err == ""


def test_yaml_of_several_is_bad_usage(servstd_run):
    code, out, err = servstd_run("catalog", "cable", "--yaml")
    assert (code, out) == (2, "")
    assert "name it by its id" in err


def test_json_holds_what_is_known_of_each(servstd_run):
    rows = json.loads(servstd_run("catalog", "cable", "--format", "json")[1])
    assert {"id", "title", "citation", "issuer", "domain", "features", "says"} <= set(rows[0])


def test_a_facet_that_none_has_is_an_error_with_the_closest(servstd_run):
    code, out, err = servstd_run("catalog", "--domain", "phne")
    assert (code, out) == (2, "")
    assert "SV591" in err


def test_words_that_stand_nowhere_find_nothing(servstd_run):
    code, out, _ = servstd_run("catalog", "zzzz")
    assert code == 0
    assert out == f"0 of {len(entries())} published standards\n"


def test_a_slip_in_an_id_is_told(servstd_run):
    code, out, _ = servstd_run("catalog", "us-cable-anser")
    assert (code, out) == (0, f"0 of {len(entries())} published standards; did you mean `us-cable-answer`?\n")
