from __future__ import annotations

import re
import xml.etree.ElementTree as ET
from html.parser import HTMLParser

import pytest

import servstd
from servstd.render.style import Style
from servstd.render.text import render
from servstd.results.wording import width_of

NASTY = "<script>alert('x')</script>&\"|`*_[a](b)\n::error::boom\x1b[31m\x00%0A"


@pytest.fixture
def nasty():
    """Return a report in which every text that a stranger can write is hostile."""
    book = servstd.Book(
        title=NASTY,
        standards=[
            servstd.Respond(id="a", title=NASTY, case="c", start="s", stop="t", within="1 hour"),
            servstd.Check(id="b", case="c", event="s", expect={"x": "y"}),
        ],
    )
    rows = [
        {"time": "2026-01-01T00:00Z", "event": "s", "c": NASTY, "x": NASTY},
        {"time": "2026-01-01T09:00Z", "event": NASTY, "c": NASTY},
        {"time": NASTY, "event": NASTY, "c": "1"},
    ]
    return servstd.evaluate(book, servstd.read_events(rows))


class Tags(HTMLParser):
    def __init__(self):
        super().__init__()
        self.tags, self.open = set(), []

    def handle_starttag(self, tag, attrs):
        self.tags.add(tag)
        assert not [name for name, _ in attrs if name.startswith("on")]
        if tag not in ("meta", "br"):
            self.open.append(tag)

    def handle_endtag(self, tag):
        assert self.open.pop() == tag


def test_html_escapes_everything(nasty):
    for page in (nasty.to_html(), nasty._repr_html_(), nasty.explain("a")._repr_html_()):
        reader = Tags()
        reader.feed(page)
        assert not reader.tags & {"script", "img", "a", "iframe"}
        assert not reader.open
        assert "\x1b" not in page


def test_html_needs_nothing_from_elsewhere(nasty):
    assert not re.search(r"(src|href)\s*=|url\(|@import", nasty.to_html().replace("&", ""))


def test_each_style_of_the_page_outweighs_that_of_a_notebook(nasty):
    # Jupyter says `.jp-RenderedHTMLCommon:not(.jp-RenderedMarkdown) td {text-align: right}`: two classes and an element
    (style,) = re.findall(r"<style>(.*?)</style>", nasty._repr_html_(), re.DOTALL)
    style = re.sub(r"@media [^{]*\{(.*?\})\}", r"\1", style, flags=re.DOTALL)
    selectors = ",".join(re.findall(r"([^{}]+)\{", style)).split(",")
    assert len(selectors) > 10
    assert all(one.strip().startswith(".servstd.servstd") for one in selectors)


def test_junit_is_xml_whatever_the_data_hold(nasty):
    root = ET.fromstring(nasty.to_junit())  # noqa: S314 - our own
    assert root.tag == "testsuites"
    assert int(root.get("tests")) == len(list(root.iter("testcase")))
    assert int(root.get("failures")) == len(list(root.iter("failure"))) == 2


def test_github_commands_come_only_from_missed_objectives(nasty):
    commands = [line for line in nasty.render("github").splitlines() if line.startswith("::")]
    assert [line.split(" ")[0] for line in commands] == [
        "::warning",  # no event is called `t`
        "::error",
        "::error",
        "::warning",
    ]
    assert "%250A" in nasty.render("github")  # a percent sign in the data is data


def test_github_is_told_that_nothing_is_decided():
    book = servstd.loads("standards: [{id: a, kind: respond, case: c, start: s, stop: t, within: 1 hour}]")
    silent = servstd.evaluate(
        book, servstd.read_events([{"time": "2026-01-01T00:00Z", "event": "x", "c": "1"}])
    )
    assert "::warning title=nothing is decided::Nothing is decided: 1 without data." in silent.render(
        "github"
    )


def test_markdown_cells_stay_cells(nasty):
    table = [line for line in nasty.to_markdown().splitlines() if line.startswith("|")]
    columns = {len(re.findall(r"(?<!\\)\|", line)) for line in table}
    assert len(columns) == 1
    assert "<script" not in nasty.to_markdown()


@pytest.mark.parametrize("width", [72, 80, 100, 120])
def test_text_keeps_to_its_width(nasty, report, width):
    for one in (nasty, report):
        lines = render(one, Style(width=width)).splitlines()
        commands = [line for line in lines if "servstd explain" in line]  # to be copied, so never wrapped
        assert all(width_of(line) <= width for line in lines if line not in commands)


def test_wide_characters_are_counted_as_two_columns():
    book = servstd.loads(
        "standards: [{id: a, title: 一時間以内に返信する, kind: respond, case: c, start: s, stop: t, within: 1 hour}]"
    )
    rows = [
        {"time": "2026-01-01T00:00Z", "event": "s", "c": "案件番号" * 20},
        {"time": "2026-01-01T09:00Z", "event": "x"},
    ]
    text = render(servstd.evaluate(book, servstd.read_events(rows)), Style(width=80))
    assert max(width_of(line) for line in text.splitlines() if "servstd explain" not in line) <= 80


def test_colours_are_never_the_only_carrier(report):
    plain, coloured = render(report), render(report, Style(colour=True))
    assert "\x1b" not in plain
    assert re.sub(r"\x1b\[[0-9;]*m", "", coloured) == plain
    assert "✗ missed" in plain
    assert "✓ met" in plain


def test_ascii_terminals_get_ascii(report):
    text = render(report, Style(ascii_only=True))
    assert text.isascii()
    assert "x missed" in text


def test_many_windows_are_folded_and_the_last_ones_shown():
    book = servstd.loads(
        "timezone: UTC\n"
        "standards: [{id: a, kind: respond, case: c, start: s, stop: t, within: 1 hour, objective: 95% a day}]"
    )
    rows = [{"time": f"2026-01-{day:02d}T12:00Z", "event": "s", "c": str(day)} for day in range(1, 32)]
    text = render(servstd.evaluate(book, servstd.read_events(rows)))
    assert "earlier windows" in text
    assert "2026-01-31" in text
    assert "2026-01-02" not in text


def months(regions):
    """Return a report of four months by region; in the last but one each third region misses."""
    book = servstd.loads(
        "timezone: UTC\nstandards: [{id: a, kind: respond, case: c, start: s, stop: t, within: 1 hour, "
        "objective: {share: 100%, window: month, by: [region]}}]"
    )
    rows = []
    for place, region in enumerate(regions):
        for month in range(1, 5):
            case = {"c": f"{region}-{month}", "region": region}
            late = month == 3 and place % 3 == 0
            rows += [
                {"time": f"2026-{month:02}-10T12:00Z", "event": "s", **case},
                {"time": f"2026-{month:02}-10T{15 if late else 12}:30Z", "event": "t", **case},
            ]
    return render(servstd.evaluate(book, servstd.read_events(rows), as_of="2026-04-20T00:00Z"))


def test_of_several_segments_as_many_windows_are_shown_of_each():
    # four regions of four months: three of each fit into the thirteen rows
    text = months(["east", "north", "south", "west"])
    for region in ("east", "north", "south", "west"):
        shown = [line.split()[0] for line in text.splitlines() if f"region={region}" in line]
        assert shown == ["2026-02", "2026-03", "2026-04"]
    assert "… 4 other windows: 4 partial" in text


def test_of_too_many_segments_those_that_were_missed_last_are_shown():
    # thirty regions, of which ten missed in March, the last month that is over
    regions = [f"r{number:02}" for number in range(30)]
    text = months(regions)
    lines = [line for line in text.splitlines() if "region=r" in line]
    assert [line.split()[0] for line in lines] == ["2026-03"] * 13
    assert all(any(f"region={region}" in line for line in lines) for region in regions[::3])
    assert "… 107 other windows" in text


def test_quarantine_and_merged_rows_are_told():
    book = servstd.loads("standards: [{id: a, kind: respond, case: c, start: s, stop: t, within: 1 hour}]")
    rows = [
        {"time": "2026-01-01T00:00Z", "event": "s", "c": "1", "n": "7"},
        {"time": "2026-01-01T00:00Z", "event": "s", "c": "1", "n": "7"},
        {"time": "soon", "event": "s", "c": "1", "n": "8"},
    ]
    text = render(servstd.evaluate(book, servstd.read_events(rows, id="n")))
    assert "3 rows in = 1 event + 1 in quarantine + 1 merged" in text
    assert re.search(r"quarantine SV3\d\d, 1 × ", text)
    assert "row 3" in text
