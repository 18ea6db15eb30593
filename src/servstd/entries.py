"""What a book evaluates: standards and indicators with their place and role, and what each of them reads."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from importlib import import_module
from typing import Any, NamedTuple, cast

from servstd.conditions import Condition
from servstd.errors import Problem, StandardsError, listed
from servstd.models import join_path
from servstd.plan.plan import Plan
from servstd.standards import Metric, Quantity, Respond, Rollup, Standard, Surroundings
from servstd.standards.consequence import Consequence
from servstd.standards.exclusion import During
from servstd.standards.metric_faults import Indicated, indicators_of_other_units
from servstd.standards.rollup import Role, RollupPlan
from servstd.standards.scope import While
from servstd.standards.segments import with_segments
from servstd.standards.units import tiers_in_other_units


class Entry(NamedTuple):
    """Be one standard or indicator that is evaluated: one of the book's, or one written in place in another.

    Args:
        standard: The standard.
        path: Where it stands: `standards[2]`, `standards[3].of[0]`.
        role: Whether it is judged by itself, judged by what holds it, or only measured.
    """

    standard: Standard
    path: str
    role: Role


def book_text(title: str | None, standards: Sequence[Standard]) -> str:
    """Return a book in one line: its title and what it promises, and not all that it holds."""
    ids = listed(one.id for one in standards) or "no standards"
    return f"<Book: {f'{title!r}, ' if title else ''}{ids}>"


def book_html(title: str | None, standards: Sequence[Standard], surroundings: Surroundings) -> str:
    """Return a book as a table of its promises, each as a sentence."""
    tables: Any = import_module("servstd.results.tables")  # by name, because results lie above books
    rows = [[one.id, one.kind, one.sentence(surroundings)] for one in standards]
    text: str = tables.html_table(("standard", "kind", "promise"), rows, title or "")
    return text


def promised(standard: Standard) -> Standard:
    """Return a standard of the list of standards; refuse what only an indicator may leave out."""
    return _fitting(standard, "standard")


def measured(indicator: Standard) -> Standard:
    """Return an indicator; refuse what promises anything."""
    return _fitting(indicator, "indicator")


def _fitting(standard: Standard, role: Role) -> Standard:
    problems = list(out_of_role(standard, role))
    if problems:
        raise StandardsError(problems)
    return standard


def compiled(standard: Standard, book: Surroundings) -> Plan | RollupPlan:
    """Return a standard compiled, by its events or by the verdicts that it reads."""
    if isinstance(standard, Rollup):
        return standard.compile(book)
    return with_segments(standard.as_chosen, book.segments).plan(book)


def claim_entries(entries: Iterable[Entry], placed: Iterable[tuple[str, Consequence]]) -> Iterator[Entry]:
    """Yield the standards that say when claims came.

    Args:
        entries: All else that is evaluated.
        placed: The consequences with their paths.
    """
    by_id = {entry.standard.id: entry.standard for entry in entries}
    for path, consequence in placed:
        standard = by_id.get(consequence.standard)
        claim = standard and consequence.claim_standard(standard)
        if claim:
            yield Entry(claim, f"{path}.claim", "part")


def tiers_unlike(
    placed: Iterable[tuple[str, Consequence]], standard: Standard, plan: Plan | RollupPlan
) -> Iterator[Problem]:
    """Yield the problems of tiers that measure what the verdicts of a standard do not have.

    Args:
        placed: The consequences with their paths.
        standard: The standard.
        plan: It compiled.
    """
    has_share = isinstance(standard, Quantity) and plan.unit == "time"
    for path, one in placed:
        if one.standard == standard.id:
            problems = tiers_in_other_units(one, standard, plan.unit, has_share=has_share)
            yield from (problem.at(path=f"{path}.{problem.path}") for problem in problems)


def out_of_role(standard: Standard, role: Role) -> Iterator[Problem]:
    """Yield what a standard says that does not fit the place in which it stands."""
    is_bounded = role == "indicator" or (role == "standard" and standard.has_bounds_in_figures)
    if standard.unbounded is not None and not is_bounded:
        yield standard.unbounded
    if role == "part" and standard.all_objectives:
        yield Problem(
            "SV636",
            "a standard written in place is judged by what holds it, so that its own objective decides nothing.",
            help="leave the objective out, or write the standard in the list and name it here by its id.",
        )
    if role == "indicator":
        objectives = (
            ["objective"] if standard.objective is not None else ["objectives"] if standard.objectives else []
        )
        for name in (*standard.bounding, *objectives):
            message = f"an indicator is measured and not promised, and `{name}` is a promise."
            yield Problem("SV637", message, help="leave it out, or write a standard.", path=name)


def where_read(entry: Entry, name: str) -> str:
    """Return where an entry names a standard: the member, the selector, or the exclusion."""
    standard = entry.standard
    reads = standard.reads if isinstance(standard, Rollup) else ()
    places = [path for path, member in reads if member.id == name]
    selections = {**standard.selections, **standard.excluding}
    places += [place for place, selection in selections.items() if name in selection.standards]
    places += [
        f"exclude[{place}].during.standard"
        for place, row in enumerate(standard.exclusions)
        if isinstance(row.during, During) and row.during.standard == name
    ]
    return join_path(entry.path, next(iter(places), ""))


def calendars_named(standard: Standard) -> list[tuple[str, str]]:
    """Return every calendar that a standard names, with the path of the name; those of conditions among them."""
    asked = [(path, name) for path, one in conditions_of(standard) for name in sorted(one.calendars)]
    return [*standard.calendars_named, *asked]


def conditions_of(standard: Standard) -> list[tuple[str, Condition]]:
    """Return every condition that a standard holds, with its path."""
    fields = ((name.rstrip("_"), getattr(standard, name)) for name in type(standard).model_fields)
    found = [
        (name, condition)
        for name, value in fields
        if isinstance(condition := value.holds if isinstance(value, While) else value, Condition)
    ]
    for place, selection in {**standard.selections, **standard.excluding}.items():
        found += [(place, part.where) for part in selection.parts if part.where is not None]
    whens = [(f"overrides[{place}]", row.when) for place, row in enumerate(standard.override_rows)]
    whens += [(f"exclude[{place}]", row.when) for place, row in enumerate(standard.exclusions)]
    found += [(f"{path}.when", when) for path, when in whens if isinstance(when, Condition)]
    return found


def measured_of(entries: Sequence[Entry]) -> Iterator[Entry]:
    """Yield, for each limited clock that a metric reads, the same clock without its limit.

    A breach stands whatever comes after it, and so hides whether the contact was answered or abandoned.
    """
    by_id = {entry.standard.id: entry for entry in entries}
    named = {member.id for one, _, _ in entries if isinstance(one, Metric) for _, member in one.reads}
    for id_ in sorted(named & by_id.keys()):
        standard, path, _ = by_id[id_]
        if isinstance(standard, Respond) and standard.bounding:
            yield Entry(cast("Respond", standard.as_chosen).measured(measure_id(id_)), path, "indicator")


def measure_id(standard: str) -> str:
    """Return the id of what a standard measures, where a metric reads it."""
    return f"{standard}.measured"


def metrics_misread(entries: Sequence[Entry]) -> Iterator[Problem]:
    """Yield a problem for each standard that wants verdicts of a metric, which has none."""
    metrics = {entry.standard.id for entry in entries if isinstance(entry.standard, Metric)}
    for standard, path, _ in entries:
        for name in sorted(standards_read(standard) & metrics):
            message = f"`{name}` is a metric, which is judged by window and has no verdicts on cases."
            help_ = "name the standard or indicator that it reads."
            yield Problem(
                "SV658", message, help=help_, path=where_read(Entry(standard, path, "standard"), name)
            )


def members_misread(
    entries: Sequence[Entry],
    plans: Mapping[str, Plan | RollupPlan],
    read_by: Callable[[Standard], Mapping[str, str]],
) -> Iterator[Problem]:
    """Yield the problem of each member whose cases or whose measure its reader cannot take.

    Args:
        entries: All that is evaluated.
        plans: By id, those of them that could be compiled.
        read_by: What a standard reads, by the id that it names.
    """
    cases = {id_: plan.case for id_, plan in plans.items()}
    roles = {entry.standard.id: (entry.standard, entry.role) for entry in entries}
    for standard, path, _ in entries:
        if not isinstance(standard, Rollup) or standard.id not in plans:
            continue
        problems = standard.unjoined(cases, cases[standard.id])
        if isinstance(standard, Metric):
            told = {name: other for name, other in read_by(standard).items() if other in plans}
            read = {name: Indicated(*roles[other], plans[other].unit) for name, other in told.items()}
            problems += indicators_of_other_units(standard, read)
        yield from (problem.at(path=join_path(path, problem.path)) for problem in problems)


def standards_read(standard: Standard) -> frozenset[str]:
    """Return the ids of the standards whose verdicts a standard reads, as events, members or stretches of time."""
    stretches = (row.during for row in standard.exclusions)
    named = {during.standard for during in stretches if isinstance(during, During) and during.standard}
    members = {member.id for _, member in standard.reads} if isinstance(standard, Rollup) else set()
    return selected_standards(standard) | named | members


def selected_standards(standard: Standard) -> frozenset[str]:
    """Return the ids of the standards whose verdicts are events for a standard."""
    return frozenset().union(*(selection.standards for selection in standard.selections.values()))
