"""Conditions that nothing fulfils, that everything fulfils, or that are spelt in two ways."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator

from servstd.conditions import Condition
from servstd.conditions.tree import walked
from servstd.durations import parse_duration
from servstd.errors import ServstdError
from servstd.expressions.values import moment_from, number_from
from servstd.lint.domains import constants_of, implies, inner_contradiction
from servstd.lint.sort import Seen, of_book, of_standard
from servstd.lint.subject import BookFacts, Subject
from servstd.models import join_path
from servstd.standards.limit import LimitTable


@of_standard("SV525", "error")
def a_condition_that_never_holds(subject: Subject) -> Iterator[Seen]:
    """Find a condition that contradicts itself.

    `{priority: P1, minutes: {gt: 10, lt: 5}}` is true of nothing. What hangs on such a condition never happens, in
    silence: a pause that never holds, an exclusion that never excludes. Contradictions in `expect` are SV520, those
    between an override and `applies_to` SV531.

    Remedy: write alternatives as a list (`status: [new, open]`) or under `any:`.
    """
    for asked in subject.conditions:
        if asked.role == "expect":
            continue
        field = inner_contradiction(asked.condition.root)
        if field is not None:
            yield Seen(
                asked.path,
                f"no value of {field.sentence()} can be all that is asked of it at once: this is never so.",
                "write alternatives as a list, or under `any:`.",
            )


@of_standard("SV526", "error")
def everything_is_excluded(subject: Subject) -> Iterator[Seen]:
    """Find an exclusion that holds for every case to which the standard applies.

    Where `applies_to` says `{plan: free}` and an exclusion says the same, all verdicts are excluded and none is
    judged.

    Remedy: narrow the exclusion, or write the opposite under `applies_to:`.
    """
    applies = subject.standard.applies_to
    if not isinstance(applies, Condition):
        return
    for place, row in enumerate(subject.standard.exclusions):
        if isinstance(row.when, Condition) and implies(applies.root, row.when.root):
            yield Seen(
                f"exclude[{place}].when",
                f"every case to which it applies ({applies.sentence()}) is excluded.",
                "narrow this condition, or leave the standard out.",
            )


@of_book("SV527", "warning")
def one_name_in_two_spellings(_book: BookFacts, subjects: list[Subject]) -> Iterator[Seen]:
    """Find events, fields or values of one field that differ in capitals, dots, hyphens and underscores alone.

    Names and values are compared as they stand: `reply.sent` and `reply_sent` are two events, `Gold` and `gold` two
    plans. A book that uses both mostly means one, and the rarer spelling never fits.

    Remedy: write one spelling everywhere, the one of the log.
    """
    used: dict[tuple[str, str], dict[str, str]] = defaultdict(dict)
    counts: dict[tuple[str, str], int] = defaultdict(int)
    for subject in subjects:
        for path, sort, name in _names(subject):
            if number_from(name) is not None or not plain(name):
                continue
            used[sort, plain(name)].setdefault(name, subject.path(path))
            counts[sort, name] += 1
    for (sort, _), spellings in used.items():
        if len(spellings) > 1:
            usual = max((counts[sort, name], -at, name) for at, name in enumerate(spellings))[2]
            for name, path in spellings.items():
                if name != usual:
                    what = sort.partition(" ")[0]
                    yield Seen(
                        path,
                        f"the {what} `{name}` is spelt `{usual}` elsewhere in this book, and they are two {what}s.",
                        f"write `{usual}`, if it is one.",
                    )


@of_standard("SV587", "warning")
def a_comparison_in_words(subject: Subject) -> Iterator[Seen]:
    """Find a value that says a comparison, and is compared as text.

    `score: at least 4` asks whether the score is the very text `at least 4`. It is so of no number, so that every case
    breaks it, or nothing ever holds.

    Remedy: write the operator: `score: {ge: 4}`. Where the log really holds this text, keep the finding under
    `accepted:`.
    """
    for asked in subject.conditions:
        for test in walked(asked.condition.root):
            for value in constants_of(test) if test.operator == "eq" else ():
                found = _IN_WORDS.fullmatch(value.strip()) if isinstance(value, str) else None
                if found is not None:
                    written = f"{{{_OPERATORS[found['words'].lower()]}: {found['value']}}}"
                    yield Seen(
                        f"{asked.path}.{test.field.name}",
                        f"`{value}` is compared as text, and no number is this text.",
                        f"write `{test.field.name}: {written}`.",
                    )


@of_standard("SV588", "warning")
def an_order_of_letters(subject: Subject) -> Iterator[Seen]:
    """Find `le: 1d` and the like: a text that looks like a figure and is none.

    `wait: {le: 1d}` is compared letter by letter, and then `10 hours` comes before `1d`. A length of time is written
    `24 hours`.

    Remedy: write a number, a length of time (`24 hours`) or an instant.
    """
    for asked in subject.conditions:
        for test in walked(asked.condition.root):
            for value in constants_of(test) if test.operator in ("lt", "le", "gt", "ge") else ():
                if isinstance(value, str) and value[:1].isdigit() and not _is_figure(value):
                    yield Seen(
                        f"{asked.path}.{test.field.name}",
                        f"`{value}` is no number, length of time or instant, so it is compared letter by letter.",
                        "write a number, a length of time (`24 hours`) or an instant.",
                    )


def _is_figure(text: str) -> bool:
    if number_from(text) is not None or moment_from(text, "UTC") is not None:
        return True
    try:
        parse_duration(text)
    except ServstdError:
        return False
    return True


_OPERATORS = {
    "at least": "ge", "no less than": "ge", "at most": "le", "no more than": "le", "up to": "le", "more than": "gt",
    "over": "gt", "above": "gt", "greater than": "gt", "less than": "lt", "under": "lt", "below": "lt",
    "not": "ne", "is not": "ne", "before": "lt", "after": "gt",
}  # fmt: skip
_IN_WORDS = re.compile(
    rf"(?P<words>{'|'.join(_OPERATORS)})\s+(?P<value>[-+]?[0-9.]+(?:\s*[a-z]+)?)", re.IGNORECASE
)


def plain(name: str) -> str:
    """Return a name without capitals, blanks and signs.

    Example:
        >>> plain("Waiting on-customer") == plain("waiting_on_customer")
        True
    """
    return _SIGNS.sub("", name.lower())


_SIGNS = re.compile(r"[\W_]+")


def _names(subject: Subject) -> Iterator[tuple[str, str, str]]:
    """Yield the names that a standard uses: where, of what sort, and the name."""
    for place, selection in subject.selections.items():
        for name in selection.events:
            yield place, "event", name
    for asked in subject.conditions:
        for test in walked(asked.condition.root):
            if not test.field.is_time:
                yield f"{asked.path}.{test.field.name}", "field", test.field.name
            if test.operator in ("eq", "ne", "in", "not_in"):
                for value in constants_of(test):
                    if isinstance(value, str):
                        yield f"{asked.path}.{test.field.name}", f"value of {test.field.name}", value
    for term in subject.terms:
        if isinstance(term.node, LimitTable):
            yield f"{term.path}.by", "field", term.node.by
            for value, _ in term.node.rows:
                yield f"{term.path}.{value}", f"value of {term.node.by}", value
    for row, override in subject.rows:
        for line in override.lines:
            for name, held in line.chosen_by.items():
                yield join_path(row, line.path), f"value of {name}", str(held)
