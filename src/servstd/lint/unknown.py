"""What a log leaves unknown: rows that cannot be read, conditions that cannot be answered."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from servstd.conditions import Condition
from servstd.engine.facts import CaseFacts
from servstd.errors import listed
from servstd.expressions import ABSENT, Environment, Field
from servstd.lint.logs import where_read
from servstd.lint.observed import Observed
from servstd.lint.sort import Seen, of_log
from servstd.lint.subject import Subject
from servstd.lint.words import counted
from servstd.standards.selector import EventPart

_FIRST_ROWS = 3


@of_log("SV575", "warning")
def evidence_that_cannot_be_read(subject: Subject, observed: Observed) -> Iterator[Seen]:
    """Find rows that a standard would read and whose time cannot be read.

    What cannot be read is not what did not happen: a closing at an unknown time makes the verdict of its case unknown.
    More than one unknown verdict in a hundred decide that nothing is decided.

    Remedy: give the `time_format` of the export, or mend the rows.
    """
    log = observed.log
    if log.undated is not None:
        kinds = [log.undated.kinds[code] for code in log.undated.kind_codes.tolist()]
        rows = list(zip(kinds, log.undated.quarantine, strict=True))
        for place, selection in subject.selections.items():
            lost = [one for kind, one in rows if kind in selection.events]
            if lost:
                names = ", ".join(one.where for one in lost[:_FIRST_ROWS]) + (
                    ", …" if len(lost) > _FIRST_ROWS else ""
                )
                yield Seen(
                    place, f"{counted(len(lost), 'event')} cannot be dated ({names}): {lost[0].reason}", _MEND
                )
    for name in sorted(subject.reads & set(log.unread_cells)):
        number = len(log.unread_cells[name])
        yield Seen(
            where_read(subject, name), f"`{name}` cannot be read in {counted(number, 'event')}.", _MEND
        )


_MEND = "give the `time_format` of the export, name the text in `null_values` if it stands for none, or mend the rows."


@of_log("SV576", "info")
def a_condition_that_cannot_be_answered(subject: Subject, observed: Observed) -> Iterator[Seen]:
    """Find a `where` or an `exclude` whose answer is not known for some events or cases of the log.

    A comparison with what is absent is unknown. An event of which it is not known whether it fits is not taken, and
    a case of which it is not known whether it is excluded is not excluded.

    Remedy: say what holds without the field: `any: [{by: {exists: false}}, {by: human}]`; or give the field when the
    log is read.
    """
    parts = [
        (place, part.name, part.where)
        for place, selection in subject.case_selections.items()
        for part in selection.parts
        if isinstance(part, EventPart) and part.where is not None and part.name in observed.kinds
    ]
    excludes = [
        (f"exclude[{place}].when", row.when)
        for place, row in enumerate(subject.standard.exclusions)
        if isinstance(row.when, Condition)
    ]
    if not subject.case or not (parts or excludes):
        return
    unanswered = _unanswered(subject, observed, parts, excludes)
    for (path, what), (number, lacking) in unanswered.items():
        names = [name for name, _ in lacking.most_common(2)]
        yield Seen(
            path,
            f"for {counted(number, what)} it is not known whether this holds: {listed(names)} is not carried.",
            f"say what holds without it: `any: [{{{names[0]}: {{exists: false}}}}, …]`; or give the field.",
        )


def _unanswered(
    subject: Subject,
    observed: Observed,
    parts: list[tuple[str, str, Condition]],
    excludes: list[tuple[str, Condition]],
) -> dict[tuple[str, str], tuple[int, Counter[str]]]:
    """Return how often each condition could not be answered, by path, and which fields were absent then."""
    environment: Environment = subject.book.surroundings.environment(
        subject.find(subject.calendar), subject.standard.counting_rule
    )
    wheres = [(place, name, where, where.compile(environment)) for place, name, where in parts]
    whens = [(path, when, when.compile(environment)) for path, when in excludes]
    fields = {name for place, _, where in parts for name in where.fields}.union(
        *(when.fields for _, when in excludes)
    )
    carried = {name for name in fields if observed.has_field(name)}  # what nothing carries is another finding
    numbers: Counter[tuple[str, str]] = Counter()
    lacking: dict[tuple[str, str], Counter[str]] = {}

    def note(key: tuple[str, str], condition: Condition, facts: CaseFacts) -> None:
        absent = [name for name in condition.fields & carried if Field(name).evaluate(facts) is ABSENT]
        if absent:
            numbers[key] += 1
            lacking.setdefault(key, Counter()).update(absent)

    for _, rows in observed.log.cases(subject.case):
        facts = CaseFacts()
        for row in rows:
            facts.learn(row)
            for place, name, where, decide in wheres:
                if row.kind == name and decide(facts.at(row)) is None:
                    note((f"{place}.where", "event"), where, facts)
        for path, when, decide in whens:
            if decide(facts.at_rest(rows[-1].time_us)) is None:
                note((path, "case"), when, facts)
    return {key: (number, lacking[key]) for key, number in numbers.items()}
