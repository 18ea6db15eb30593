"""What the cases of a log go through: standards that nothing activates, promises that move, windows that are thin."""

from __future__ import annotations

from collections.abc import Iterator

from servstd.errors import listed
from servstd.lint.logs import DEMANDED, where_read
from servstd.lint.objectives import calendar_window, cases_for_one_breach
from servstd.lint.observed import Observed, entry
from servstd.lint.sort import Seen, of_log
from servstd.lint.subject import Subject
from servstd.lint.words import counted, event_words
from servstd.standards import Check, Quantity, Respond
from servstd.standards.selector import Selection

_MOST = 6
_DAY_US = 86_400_000_000
_WINDOW_US = {
    "day": _DAY_US,
    "week": 7 * _DAY_US,
    "month": 30 * _DAY_US,
    "quarter": 91 * _DAY_US,
    "year": 365 * _DAY_US,
}


@of_log("SV561", "warning")
def a_standard_that_no_event_activates(subject: Subject, observed: Observed) -> Iterator[Seen]:
    """Find a standard that gives no verdict on any case of the log.

    What nothing activates stays out of every share, and a report without it looks like one in which it was kept.
    Either no event starts it, or every case that starts it is one to which it does not apply.

    Remedy: write the event, or the value, that the log has; or read a log that belongs to the book.
    """
    selection, story = entry(subject), observed.story(subject)
    if selection is None or not story.cases:
        return
    if not story.started:
        yield Seen(
            "",
            f"nothing activates `{subject.id}`: in {counted(story.cases, 'case')} there is no {selection.sentence()}.",
            f"the log has {listed(sorted(observed.kinds), most=_MOST)}.",
        )
    elif not story.applied:
        yield Seen(
            "applies_to",
            f"`{subject.id}` applies to no case, of {story.started:,} that start it.",
            "look at the values of the log, or leave the condition out.",
        )


@of_log("SV538", "warning")
def a_start_that_is_passed_over(subject: Subject, observed: Observed) -> Iterator[Seen]:
    """Find a clock that counts only the first start of a case, and a log with cases that have several.

    By default a clock runs once: a customer's second outage is not looked at, whether it lasts an hour or a week. The
    same goes for a `span`. A book that says `recurs: once` itself is left alone, and the report tells it all the same.

    Remedy: write `recurs: each` if each start counts; write `recurs: once` to say that only the first one is meant.
    """
    one, again = subject.standard, observed.story(subject).again
    if (
        isinstance(one, Respond)
        and one.recurrence == "once"
        and one.reopen == "ignore"
        and not one.scheduled_at
    ):
        path, message = "start", f"of {event_words(one.starts)} the first one counts (`recurs: once`)"
        help_ = "write `recurs: each` if each of them counts, or `recurs: once` if only the first is meant."
    elif isinstance(one, Quantity) and one.span is not None:
        path, message = "span", "a span is measured once a case"
        help_ = "write `kind: respond` with `recurs: each` if each of them counts."
    else:
        return
    if again and "recurs" not in one.model_fields_set:
        starts, cases = counted(sum(again.values()), "later start"), counted(len(again), "case")
        yield Seen(path, f"{message}: {starts} in {cases} (`{next(iter(again))}` is one) passed over.", help_)


@of_log("SV539", "warning")
def a_stretch_inside_a_stretch(subject: Subject, observed: Observed) -> Iterator[Seen]:
    """Find a stretch between two events that begins again before it has ended.

    Without `match` the first end ends it. If a second outage begins while the first lasts, the end of either ends
    both, and what remains of the other is not counted.

    Remedy: write `match:` with the field that tells which end belongs to which beginning.
    """
    for path, inside in observed.nested(subject):
        if inside:
            yield Seen(
                path,
                f"{counted(inside, 'beginning')} inside a stretch: the first end ends it, whichever it belongs to.",
                "write `match:` with the field that beginning and end share: `{from: …, to: …, match: incident_id}`.",
            )


@of_log("SV565", "warning")
def a_promise_that_moves(subject: Subject, observed: Observed) -> Iterator[Seen]:
    """Find a field that holds a promised instant and changes after the clock has started.

    A promise moved by the one who made it is no promise, so the first value holds (`on_change: freeze`). Where the
    date was moved at the customer's wish, that is not what is meant. Nothing is found where `on_change` says it
    already.

    Remedy: write `on_change: freeze` if the first date binds, `on_change: carry` if the last one does.
    """
    story = observed.story(subject)
    for name, (count, example) in sorted(story.moved.items()):
        yield Seen(
            where_read(subject, name),
            f"`{name}` changes after the start in {count:,} of {counted(story.started, 'case')} (`{example}` is one), "
            "and the first value holds.",
            "write `on_change: freeze` if the first one binds, `on_change: carry` if the last one does.",
        )


@of_log("SV566", "warning")
def a_condition_on_what_is_known_only_later(subject: Subject, observed: Observed) -> Iterator[Seen]:
    """Find an `applies_to` that reads a field which comes only after the start.

    Whether a standard applies is read at the start. A field that is set when the ticket is closed is not known then,
    and a promise that depends on it can be known by nobody while it runs.

    Remedy: read a field that is known at the start, or leave those cases out afterwards with `exclude:`.
    """
    story = observed.story(subject)
    for name, count in sorted(story.later.items()):
        if count * 10 >= story.started:
            yield Seen(
                f"applies_to.{name}",
                f"in {count:,} of {counted(story.started, 'case')} `{name}` comes only after the start.",
                "read what is known at the start, or leave those cases out afterwards with `exclude:`.",
            )


@of_log("SV568", "warning")
def a_window_with_too_few_cases(subject: Subject, observed: Observed) -> Iterator[Seen]:
    """Find an objective whose windows have fewer cases than its share needs.

    95 % allows one in twenty: with twelve cases a month a single broken one misses the month, and the promise is 100
    % in all but name. Counted over the whole log, where it covers three windows or more.

    Remedy: take a longer window, or write `min_sample:` so that thin windows decide nothing.
    """
    starts = observed.story(subject).starts
    for path, objective in subject.objectives:
        need, window = cases_for_one_breach(objective), calendar_window(objective)
        count = observed.span_us() // _WINDOW_US.get(window, observed.span_us() + 1)
        if need is None or count < 3 or not starts or objective.min_sample >= need:
            continue
        if starts < need * count:
            yield Seen(
                path,
                f"`{objective}` needs {need:,} cases a {window} before one may be broken, "
                f"and in the {count:,} {window}s of this log start {starts:,}, about {starts // count:,} a {window}.",
                f"take a longer window, or write `min_sample: {need}`.",
            )


@of_log("SV569", "info")
def a_check_that_most_cases_escape(subject: Subject, observed: Observed) -> Iterator[Seen]:
    """Find a check whose event most cases never have, and that nothing demands.

    The share of good greetings says nothing of the calls without one. Checks of only some events (`where:`), and
    events that another standard of the same case waits for, are left alone.

    Remedy: write `missing_by:` with the event by which one must have happened.
    """
    one = subject.standard
    if not isinstance(one, Check) or one.missing_by is not None or not isinstance(one.event, Selection):
        return
    others = [other for other in observed.subjects if other is not subject and other.case == subject.case]
    waited = {
        name
        for other in others
        for place, selection in other.selections.items()
        if place in DEMANDED
        for name in selection.events
    }
    is_partial = any(part.where is not None for part in one.event.parts) or one.applies_to is not None
    story = observed.story(subject)
    if not is_partial and not one.event.events & waited and 0 < story.eventful * 2 < story.cases:
        yield Seen(
            "event",
            f"only {story.eventful:,} of {counted(story.cases, 'case')} have {event_words(one.event)}; "
            "the others are not judged.",
            "write `missing_by:` if there must be one.",
        )


@of_log("SV570", "warning")
def a_condition_that_is_unknown_at_the_start(subject: Subject, observed: Observed) -> Iterator[Seen]:
    """Find an `applies_to` of which many cases do not say whether it holds.

    A comparison with what is absent is unknown, and so is its opposite: `{not: {plan: free}}` is not true of a case
    without a plan. Its verdict is unknown, and more than one in a hundred of them decide that nothing is decided.

    Remedy: say what holds without the field: `any: [{plan: {exists: false}}, {plan: {ne: free}}]`.
    """
    story = observed.story(subject)
    missing = [name for name, count in story.lacking.items() if count and name not in story.later]
    if (
        story.undecided * 10 >= story.started > 0
        and missing
        and not set(missing) & _never_carried(missing, observed)
    ):
        yield Seen(
            "applies_to",
            f"of {story.undecided:,} of {counted(story.started, 'case')} it is unknown whether this holds: they lack "
            f"{listed(sorted(missing))}.",
            f"say what holds without it: `any: [{{{missing[0]}: {{exists: false}}}}, …]`.",
        )


def _never_carried(names: list[str], observed: Observed) -> set[str]:
    """Return the fields that nothing carries at all, which is another finding."""
    return {name for name in names if not observed.has_field(name)}
