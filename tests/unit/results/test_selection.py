"""What `report.select` and the flags of `servstd check` choose: what decides and is shown, never how a case is judged."""

from __future__ import annotations

import json
import pickle

import pytest

import servstd
from servstd.cli.running import run

BOOK = """
servstd: 1
case: ticket
timezone: UTC
events: {timezone: UTC}
standards:
  - {id: reply, kind: respond, start: asked, stop: answered, within: 1 hour, objective: {share: 90%, window: month, by: region}}
  - id: fix
    kind: respond
    start: asked
    stop: fixed
    within: 4 hours
    objectives: [{share: 50%, window: month}, {share: 50%, window: week}, {share: 50%, window: quarter},
                 {share: 50%, window: {fiscal_year: "02-01"}}, {share: 50%, window: {rolling: 30 days}}, {share: 40%, window: all}]
  - {id: seen, kind: respond, start: asked, stop: answered, within: 10 minutes, objective: none}
consequences:
  - {standard: reply, flat: 10 GBP}
  - {id: windows, standard: reply, on: missed, flat: 5 GBP}
"""

# a ticket a month and region; January is late everywhere, in February the north, in March the south, April has only the south
LOG = """time,event,ticket,region
2026-01-01 00:00,log.start,,
2026-01-12 09:00,asked,jan-n,north
2026-01-12 15:00,answered,jan-n,
2026-01-12 15:00,fixed,jan-n,
2026-01-13 09:00,asked,jan-s,south
2026-01-13 15:00,answered,jan-s,
2026-01-13 15:00,fixed,jan-s,
2026-02-10 09:00,asked,feb-n,north
2026-02-10 15:00,answered,feb-n,
2026-02-10 10:00,fixed,feb-n,
2026-02-11 09:00,asked,feb-s,south
2026-02-11 09:05,answered,feb-s,
2026-02-11 10:00,fixed,feb-s,
2026-03-10 09:00,asked,mar-n,north
2026-03-10 09:30,answered,mar-n,
2026-03-10 10:00,fixed,mar-n,
2026-03-11 09:00,asked,mar-s,south
2026-03-11 15:00,answered,mar-s,
2026-03-11 15:00,fixed,mar-s,
2026-04-08 09:00,asked,apr-s,south
2026-04-08 09:30,answered,apr-s,
2026-04-08 10:00,fixed,apr-s,
2026-05-06 12:00,log.end,,
"""


@pytest.fixture(scope="module")
def report(tmp_path_factory):
    log = tmp_path_factory.mktemp("log") / "log.csv"
    log.write_text(LOG)
    book = servstd.loads(BOOK)
    return servstd.evaluate(book, servstd.read_events(log, options=book.events))


@pytest.fixture
def check(tmp_path, capsys):
    """Return a function that runs `servstd check` with more flags and returns (exit code, stdout, stderr)."""
    (tmp_path / "book.yaml").write_text(BOOK)
    (tmp_path / "log.csv").write_text(LOG)

    def call(*flags):
        code = run(["check", str(tmp_path / "book.yaml"), str(tmp_path / "log.csv"), *flags])
        told = capsys.readouterr()
        return code, told.out, told.err

    return call


def rows(report, standard=None):
    """Return what is shown as `window` or `window segment`, standing windows apart."""
    return [
        f"{one.window} {one.segment}".strip()
        for one in report.attainments
        if not one.is_standing and standard in (None, one.standard)
    ]


@pytest.mark.parametrize(
    ("window", "reply", "fix"),
    [
        pytest.param("2026-03", ["2026-03 region=north", "2026-03 region=south"],
                     ["2026-03", "2026-W10", "2026-W11", "2026-W12", "2026-W13"], id="a month, and the weeks inside"),
        pytest.param("2026-02..2026-03",
                     ["2026-02 region=north", "2026-03 region=north", "2026-02 region=south", "2026-03 region=south"],
                     ["2026-02", "2026-03", "2026-W06", "2026-W07", "2026-W08", "2026-W09", "2026-W10", "2026-W11",
                      "2026-W12", "2026-W13"], id="two months, and the weeks from one into the other"),
        pytest.param("2026-Q1", ["2026-01 region=north", "2026-02 region=north", "2026-03 region=north",
                                 "2026-01 region=south", "2026-02 region=south", "2026-03 region=south"],
                     ["2026-01", "2026-02", "2026-03", "2026-W02", "2026-W03", "2026-W04", "2026-W05", "2026-W06",
                      "2026-W07", "2026-W08", "2026-W09", "2026-W10", "2026-W11", "2026-W12", "2026-W13", "2026-Q1"],
                     id="a quarter is inside itself"),
        pytest.param("2026-W11", [], ["2026-W11"], id="a week holds no month"),
        pytest.param("2025-02..2026-01", ["2026-01 region=north", "2026-01 region=south"],
                     ["2026-01", "2026-W02", "2026-W03", "2026-W04", "year from 2025-02-01"],
                     id="a year that begins in February is whole only in its twelve months"),
        pytest.param("last", ["2026-04 region=south"], ["2026-04", "2026-W18", "2026-Q1", "year from 2025-02-01"],
                     id="of each objective the latest that is over"),
        pytest.param("year from 2025-02-01", [], ["year from 2025-02-01"], id="a window as the report names it"),
    ],
)  # fmt: skip
def test_the_windows_that_are_asked_for_are_shown(report, window, reply, fix):
    chosen = report.select(window=window)
    assert rows(chosen, "reply") == reply
    assert set(rows(chosen, "fix")) == set(fix)


def test_everything_and_what_rolls_stay(report):
    standing = [one for one in report.attainments if one.is_standing]
    assert {one.window[:7] for one in standing} == {"30 days", "all"}
    assert [one for one in report.select(window="2026-03").attainments if one.is_standing] == standing
    last = [one.window for one in report.select(window="last").attainments if one.is_standing]
    assert last == ["30 days to 2026-05-05", "all"]  # the one that ends with 6 May is not over


@pytest.mark.parametrize(
    ("asked", "is_met", "is_decided"),
    [
        pytest.param({}, False, True, id="all of it is missed"),
        pytest.param({"window": "last"}, True, True, id="the last month is met"),
        pytest.param({"window": "last", "standards": "reply"}, True, True, id="by one standard"),
        pytest.param({"window": "2026-03", "standards": ["reply"]}, False, True, id="March is missed by the south"),
        pytest.param({"window": "2026-03", "standards": "reply", "segment": "region=north"}, True, True, id="and met by the north"),
        pytest.param({"window": "2026-03", "segment": {"region": ["north"]}}, True, True, id="as a mapping with a list"),
        pytest.param({"segment": {"region": ["north", "south"]}}, False, True, id="any of several segments"),
        pytest.param({"window": "last", "segment": {"region": "north"}}, False, False, id="the north was silent in April"),
        pytest.param({"standards": "seen"}, False, False, id="what is only measured decides nothing"),
        pytest.param({"standards": ["fix", "seen"]}, False, True, id="several standards"),
    ],
)  # fmt: skip
def test_what_is_chosen_decides(report, asked, is_met, is_decided):
    chosen = report.select(**asked)
    assert (chosen.met, chosen.is_decided) == (is_met, is_decided)
    if is_met:
        chosen.assert_met()
    else:
        with pytest.raises(AssertionError):
            chosen.assert_met()


def test_a_silent_last_window_is_shown_as_one(report):
    (row,) = report.select(window="last", segment="region=north").attainments
    assert (row.window, row.segment, row.status, row.judged) == ("2026-04", "region=north", "no_data", 0)


def test_no_case_is_judged_otherwise(report):
    whole = list(report.verdicts)
    for asked in (
        {"window": "2026-03"},
        {"window": "last"},
        {"segment": "region=north"},
        {"standards": "fix"},
    ):
        chosen = list(report.select(**asked).verdicts)
        assert chosen == [one for one in whole if one in chosen]


@pytest.mark.parametrize(
    ("asked", "cases"),
    [
        pytest.param({"standards": "reply"}, ["apr-s", "feb-n", "feb-s", "jan-n", "jan-s", "mar-n", "mar-s"], id="of a standard"),
        pytest.param({"standards": "reply", "window": "2026-03"}, ["mar-n", "mar-s"], id="of a month"),
        pytest.param({"standards": "reply", "segment": "region=north"}, ["feb-n", "jan-n", "mar-n"], id="of a segment"),
        pytest.param({"standards": "reply", "segment": "region=north", "window": "2026-02"}, ["feb-n"], id="of both"),
        pytest.param({"standards": "reply", "window": "last"}, ["apr-s"], id="of the last month"),
        pytest.param({"standards": "fix", "window": "2026-03"},
                     ["apr-s", "feb-n", "feb-s", "jan-n", "jan-s", "mar-n", "mar-s"],
                     id="of everything, where an objective over everything is shown"),
    ],
)  # fmt: skip
def test_the_verdicts_are_those_that_count_in_what_is_shown(report, asked, cases):
    chosen = report.select(**asked)
    assert sorted(one.case for one in chosen.verdicts) == cases
    shown = json.loads(chosen.to_json())["verdicts"]
    assert sorted(one["case"] for one in shown) == cases


def test_what_follows_belongs_to_what_is_shown(report):
    # four replies are late, two in January, and each makes its month and region miss
    assert str(report.owed["GBP"]) == "60.00"
    march = report.select(window="2026-03")
    assert [(one.case, one.window, one.segment) for one in march.consequences] == [
        ("mar-s", "", ""),
        ("", "2026-03", "region=south"),
    ]
    north = report.select(segment="region=north")
    assert sorted(one.case or one.window for one in north.consequences) == [
        "2026-01",
        "2026-02",
        "feb-n",
        "jan-n",
    ]


def test_a_choice_of_a_choice_is_both(report):
    twice = report.select(standards="reply").select(window="2026-03").select(segment="region=south")
    once = report.select(standards="reply", window="2026-03", segment="region=south")
    assert twice.attainments == once.attainments
    assert twice.verdicts == once.verdicts
    with pytest.raises(servstd.EvaluationError, match="unknown standard `fix`"):
        twice.select(standards="fix")


def test_nothing_chosen_is_the_report_itself(report):
    assert report.select() is report


def test_a_choice_can_be_pickled_and_explains_what_it_shows(report):
    chosen = pickle.loads(pickle.dumps(report.select(standards="reply", window="2026-03")))  # noqa: S301 - our own
    assert "mar-s broke `reply`" in chosen.explain("reply").sentence
    with pytest.raises(servstd.EvaluationError, match="no verdict on a case `jan-n`"):
        chosen.explain("reply", case="jan-n")


@pytest.mark.parametrize(
    ("asked", "code", "message", "help_"),
    [
        ({"standards": "relpy"}, "SV410", "unknown standard `relpy`. Known here: `reply`, `fix`, `seen`.", "write `reply`."),
        ({"window": "2027-03", "standards": "reply"}, "SV421",
         "no window of an objective lies inside `2027-03`. There are `2026-01`, `2026-02`, `2026-03`, `2026-04`.", "write `2026-03`."),
        ({"window": "march", "standards": "reply"}, "SV421",
         "`march` is no period. There are `2026-01`, `2026-02`, `2026-03`, `2026-04`.",
         "write `last`, a period such as `2026-Q1`, or two as `2026-03..2026-05`."),
        ({"window": "2026-03..2026-01", "standards": "reply"}, "SV421",
         "`2026-03..2026-01` ends before it begins. There are `2026-01`, `2026-02`, `2026-03`, `2026-04`.",
         "write `last`, a period such as `2026-Q1`, or two as `2026-03..2026-05`."),
        ({"window": "lsat", "standards": "reply"}, "SV421",
         "`lsat` is no period. There are `2026-01`, `2026-02`, `2026-03`, `2026-04`.", "write `last`."),
        ({"segment": "region=nroth"}, "SV422", "no row has the segment `region=nroth`. There are `region=north`, `region=south`.",
         "write `region=north`."),
        ({"segment": "regoin=north"}, "SV422", "no row tells cases apart by `regoin`. Some do by `region`.", "write `region=north`."),
        ({"segment": "region=north", "standards": "fix"}, "SV422",
         "no row has the segment `region=north`: no objective that is shown has `by:`.",
         "leave the segment out, or write `by:` in the objective."),
        ({"segment": "north"}, "SV422", "`north` is no segment.", "write its name and its value: `region=North`."),
    ],
)  # fmt: skip
def test_what_is_not_there_is_told_with_what_is(report, asked, code, message, help_):
    with pytest.raises(servstd.EvaluationError) as error:
        report.select(**asked)
    (problem,) = error.value.problems
    assert (problem.code, problem.message, problem.help) == (code, message, help_)


def test_a_period_leaves_objectives_over_everything_alone():
    book = servstd.loads(
        "timezone: UTC\nstandards: [{id: a, kind: respond, case: c, start: s, stop: t, within: 1 hour, objective: 50% overall}]"
    )
    log = servstd.read_events(
        [
            {"time": "2026-02-10T09:00Z", "event": "s", "c": 1},
            {"time": "2026-02-10T09:10Z", "event": "t", "c": 1},
        ]
    )
    report = servstd.evaluate(book, log)
    assert report.select(window="2027-03").met
    assert report.select(window="last").met
    with pytest.raises(servstd.EvaluationError, match="`march` is no period"):
        report.select(window="march")


def test_a_value_of_a_segment_may_hold_the_signs_between_segments():
    book = servstd.loads(
        "timezone: UTC\nstandards: [{id: a, kind: respond, case: c, start: s, stop: t, within: 1 hour, "
        "objective: {share: 50%, window: all, by: [site, team]}}]"
    )
    log = servstd.read_events(
        [
            {"time": "2026-02-10T09:00Z", "event": "s", "c": 1, "site": "A, B", "team": "x=1, y"},
            {"time": "2026-02-10T09:00Z", "event": "s", "c": 2, "site": "A", "team": "y"},
            {"time": "2026-02-10T09:10Z", "event": "t", "c": 1},
        ]
    )
    report = servstd.evaluate(book, log, as_of="2026-02-10T12:00Z")
    assert report.select(segment={"site": "A, B"}).met
    assert report.select(segment={"team": "x=1, y"}).met
    assert not report.select(segment={"site": "A"}).met
    assert [one.case for one in report.select(segment="site=A").verdicts] == ["2"]


def test_metrics_are_chosen_like_standards():
    book = servstd.loads(
        """
timezone: UTC
case: call
standards:
- {id: sl, kind: metric, measure: service_level, formula: abandoned_in_base, of: answer, threshold: 20 seconds, at_least: 80%, window: day, by: queue}
indicators:
- {id: answer, kind: respond, start: rang, stop: answered, cancel: gone}
"""
    )
    rows_ = [{"time": "2026-03-01T00:00Z", "event": "begun"}]
    for day, queue, second in ((2, "A", 10), (2, "B", 40), (3, "A", 40), (3, "B", 10), (4, "A", 10)):
        call = f"{day}{queue}"
        rows_ += [
            {"time": f"2026-03-0{day}T09:00:00Z", "event": "rang", "call": call, "queue": queue},
            {"time": f"2026-03-0{day}T09:00:{second}Z", "event": "answered", "call": call},
        ]
    report = servstd.evaluate(book, servstd.read_events(rows_), as_of="2026-03-04T12:00Z")
    assert rows(report.select(window="last")) == ["2026-03-03 queue=A", "2026-03-03 queue=B"]
    assert not report.select(window="last").met
    assert report.select(window="last", segment="queue=B").met
    assert not report.select(window="2026-03-02", segment="queue=B").met


def test_members_written_in_place_go_with_what_holds_them():
    book = servstd.loads(
        """
timezone: UTC
case: c
standards:
- id: both
  kind: bundle
  objective: 90% a month
  of: [{id: quick, kind: respond, start: s, stop: t, within: 1 hour}, {id: done, kind: respond, start: s, stop: u, within: 1 day}]
- {id: other, kind: respond, start: s, stop: t, within: 1 hour, objective: 90% a month}
"""
    )
    rows_ = [{"time": "2026-01-01T00:00Z", "event": "begun"}]
    for month in (1, 2):
        rows_ += [
            {"time": f"2026-0{month}-10T09:0{n}Z", "event": event, "c": month}
            for n, event in enumerate("stu")
        ]
    report = servstd.evaluate(book, servstd.read_events(rows_), as_of="2026-03-04T12:00Z")
    chosen = report.select(standards="both", window="2026-02")
    assert [(one.standard, one.case) for one in chosen.verdicts] == [
        ("both", "2"),
        ("quick", "2"),
        ("done", "2"),
    ]
    assert "quick" in str(chosen.explain("both"))


def test_a_census_shows_what_was_open_at_its_end():
    book = servstd.loads(
        "timezone: UTC\nstandards: [{id: a, kind: respond, case: c, start: s, stop: t, within: 10 days, "
        "objective: {share: 50%, window: {census: month}}}]"
    )
    events = [("01-01", "begun", ""), ("01-20", "s", "over"), ("01-25", "t", "over"), ("01-20", "s", "waits"), ("02-10", "t", "waits"),
              ("02-20", "s", "new")]  # fmt: skip
    log = servstd.read_events(
        [{"time": f"2026-{day}T09:00Z", "event": event, "c": case} for day, event, case in events]
    )
    report = servstd.evaluate(book, log, as_of="2026-03-04T12:00Z")
    assert [one.case for one in report.select(window="2026-01").verdicts] == ["waits"]
    assert [one.case for one in report.select(window="2026-02").verdicts] == ["new"]


# -- the command line ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("flags", "code"),
    [
        pytest.param([], 1, id="without a choice the worst window decides"),
        pytest.param(["--window", "last"], 0, id="the last window"),
        pytest.param(["--window", "2026-03"], 1, id="a month"),
        pytest.param(["--window", "2026-03", "--segment", "region=north"], 0, id="a segment of it"),
        pytest.param(["--standard", "fix", "--window", "last"], 0, id="another standard"),
        pytest.param(["--standard", "fix", "--window", "2026-02..2026-04"], 1, id="rolling windows stay, those of January too"),
        pytest.param(["--standard", "reply", "--standard", "fix", "--window", "2026-03"], 1, id="two standards"),
        pytest.param(["--segment", "region=north", "--segment", "region=south", "--window", "2026-04"], 0, id="two segments"),
        pytest.param(["--window", "last", "--segment", "region=north"], 3, id="nothing decided"),
        pytest.param(["--window", "last", "--as-of", "2026-01-20", "--standard", "reply"], 3, id="nothing finished"),
        pytest.param(["--window", "last", "--segment", "region=north", "--fail-on", "no_data"], 1, id="silence may fail"),
    ],
)  # fmt: skip
def test_the_exit_code_is_that_of_what_is_chosen(check, flags, code):
    assert check(*flags)[0] == code


@pytest.mark.parametrize(
    ("flags", "word"),
    [
        (["--window", "2027-03"], "`2026-03`"),
        (["--window", "march"], "`march` is no period"),
        (["--standard", "relpy"], "Write `reply`."),
        (["--segment", "region=nroth"], "Write `region=north`."),
        (["--segment", "regoin=north"], "by `region`"),
        (["--segment", "north"], "region=North"),
    ],
)
@pytest.mark.parametrize("format_", ["text", "github", "json"])
def test_what_cannot_be_chosen_is_bad_usage_told_once(check, flags, word, format_):
    code, out, err = check(*flags, "--format", format_)
    assert (code, out) == (2, "")
    assert word in err
    assert err.count("`region=nroth`") <= 1
    assert "Traceback" not in err


@pytest.mark.parametrize("format_", ["text", "json", "markdown", "junit", "github", "html"])
def test_every_format_shows_only_what_is_chosen_and_says_so(check, format_):
    _, out, _ = check("--standard", "reply", "--window", "2026-03", "--format", format_)
    assert "mar-s" in out
    for other in ("jan-n", "feb-n", "2026-02 ", "30 days"):
        assert other not in out
    if format_ == "json":
        data = json.loads(out)
        assert data["selection"] == [{"standards": ["reply"], "window": "2026-03", "segment": {}}]
        assert [one["id"] for one in data["standards"]] == ["reply"]
        assert {one["window"] for one in data["attainments"]} == {"2026-03"}
    else:
        told = " ".join(out.replace("\\", "").split())
        assert "Shown and deciding: standard reply; windows inside 2026-03." in told


def test_a_standard_none_of_whose_windows_is_over_says_so(check):
    _, out, _ = check("--window", "last", "--as-of", "2026-01-20", "--standard", "reply")
    assert "no window of what is shown is over" in out
    assert "Nothing is decided" in out
