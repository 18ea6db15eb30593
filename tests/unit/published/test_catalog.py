"""The catalogue lists by the heads of its files, finds by what is known of a standard, and loads by id."""

from __future__ import annotations

import pytest

import servstd
from servstd import published
from servstd.published import Entry, catalog, entries, folder, values_of

HEAD = """# Restates a published standard; no legal advice.
servstd: 1
title: {title}
source: {{citation: 1 CFR 2, issuer: {issuer}, jurisdiction: "{where}"}}
published: {{domain: {domain}, patterns: [deadline], features: [{feature}], says: part, note: payments wait}}
standards:
- {{id: a, kind: respond, case: c, start: s, stop: t, within: 1 hour}}
"""


@pytest.fixture
def shelf(tmp_path, monkeypatch):
    """Let the catalogue be three books that this test knows."""
    rows = {
        "us-answer": ("Answer the phone", "FCC / franchises", "US", "phone", "biz_days"),
        "us-ca-visit": ("See patients", "California DMHC", "US-CA", "health", "cal_days"),
        "nz-au-triage": ("Triage times", "ACEM", "NZ, AU", "health", "segments"),
    }
    for name, (title, issuer, where, domain, feature) in rows.items():
        text = HEAD.format(title=title, issuer=issuer, where=where, domain=domain, feature=feature)
        (tmp_path / f"{name}.yaml").write_text(text, encoding="utf-8")
    monkeypatch.setattr(published, "folder", lambda: tmp_path)
    entries.cache_clear()
    yield tmp_path
    entries.cache_clear()


def ids(found):
    return [entry.id for entry in found]


@pytest.mark.usefixtures("shelf")
class TestAShelfOfThree:
    def test_all_are_listed_by_id_with_what_their_heads_say(self, shelf):
        assert ids(catalog()) == ["nz-au-triage", "us-answer", "us-ca-visit"]
        assert catalog()[1] == Entry(
            "us-answer", "Answer the phone", "1 CFR 2", "FCC / franchises", "US", "phone", ("deadline",),
            ("biz_days",), "part", "payments wait", shelf / "us-answer.yaml",
        )  # fmt: skip

    @pytest.mark.parametrize(
        ("asked", "found"),
        [
            ({"words": "phone"}, ["us-answer"]),
            ({"words": "SEE patients"}, ["us-ca-visit"]),
            ({"words": "phone patients"}, []),
            ({"domain": "health"}, ["nz-au-triage", "us-ca-visit"]),
            ({"domain": "Health", "words": "acem"}, ["nz-au-triage"]),
            ({"issuer": "fcc"}, ["us-answer"]),
            ({"feature": "biz_days"}, ["us-answer"]),
            ({"feature": "deadline", "domain": "phone"}, ["us-answer"]),
            ({"jurisdiction": "US"}, ["us-answer", "us-ca-visit"]),
            ({"jurisdiction": "US-CA"}, ["us-ca-visit"]),
            ({"jurisdiction": "AU"}, ["nz-au-triage"]),
        ],
        ids=str,
    )
    def test_it_is_searched(self, asked, found):
        assert ids(catalog(**asked)) == found

    def test_one_is_loaded_by_its_id(self):
        book = catalog("us-answer")
        assert isinstance(book, servstd.Book)
        assert book.title == "Answer the phone"
        assert book.source.jurisdiction == "US"
        assert book.published.says == "part"

    def test_a_misspelt_id_names_the_closest(self):
        with pytest.raises(servstd.StandardsError, match=r"SV590(.|\n)*write `us-answer`"):
            catalog("us-anser")

    def test_an_id_like_no_other_names_the_list(self):
        with pytest.raises(servstd.StandardsError, match=r"SV590(.|\n)*`servstd.catalog\(\)` lists them"):
            catalog("zzz")

    @pytest.mark.parametrize(
        ("facet", "wanted", "near"),
        [("domain", "helth", "write `health`"), ("feature", "bizdays", "write `biz_days`"), ("jurisdiction", "XX", "known: ")],
    )  # fmt: skip
    def test_a_facet_that_none_has_names_the_closest(self, facet, wanted, near):
        with pytest.raises(servstd.StandardsError, match=rf"SV591(.|\n)*{near}"):
            catalog(**{facet: wanted})

    def test_two_places_of_one_standard_are_two_values(self):
        assert values_of("jurisdiction") == ["AU", "NZ", "US", "US-CA"]


def test_what_stands_above_the_standards_of_every_book_is_read_from_its_head():
    """Listing reads heads only, so it must say the same as the whole file."""
    for entry in entries():
        book = entry.load()
        assert entry.path == folder() / f"{entry.id}.yaml"
        assert entry.title == book.title
        assert (book.source.citation if book.source else "") == entry.citation
        assert (book.published.says if book.published else "full") == entry.says


def test_every_book_says_on_its_first_line_that_it_is_no_legal_advice():
    for entry in entries():
        assert entry.path.read_text(encoding="utf-8").startswith(
            "# Restates a published standard; no legal advice.\n"
        )


def test_nothing_of_it_decides_a_verdict():
    """A book with a source and a place in the catalogue compiles to the plans of the same book without."""
    bare = servstd.loads("standards:\n- {id: a, kind: respond, case: c, start: s, stop: t, within: 1 hour}\n")
    told = servstd.loads(HEAD.format(title="t", issuer="i", where="US", domain="d", feature="f"))
    assert [plan.fingerprint for plan in told.plans] == [plan.fingerprint for plan in bare.plans]
