"""`order`: an event needs another before it, or comes first or last in its case."""

from __future__ import annotations

from typing import ClassVar, Literal, cast

from pydantic import model_validator

from servstd.errors import Problem, StandardsError
from servstd.plan.bound import Running
from servstd.plan.machine import Machine, first_of_case, last_of_case, precedence
from servstd.plan.measure import OpenTime
from servstd.plan.plan import OnChange, Plan, SignalProgram
from servstd.plan.signals import AllOf, AnyOf, Selector, Signal
from servstd.standards.base import Standard, fingerprint
from servstd.standards.exclusion import compile_exclusions
from servstd.standards.limit import InstantLimit, LimitField, LimitText, NextLimit, leaves
from servstd.standards.selector import Selection, SelectorField
from servstd.standards.statistic import Bounded
from servstd.standards.surroundings import Surroundings
from servstd.standards.terms import LimitCompiler, applicability, compile_terms

_ANY = AnyOf((Selector(None),))


class Order(Standard):
    """Promise that an event comes only after another, not too soon and not too late; or first, or last.

    Two events of one stamp may stand in either order, so a needed event of the same instant is before; an event is
    never before itself.

    Example:
        >>> Order(id="notice", case="works_id", event="supply.cut", needs="notice.sent", at_least="48 hours").fresh
        False
    """

    override_terms: ClassVar[tuple[str, ...]] = ("within", "at_most", "at_least")
    kind: Literal["order"] = "order"
    event: SelectorField
    """The event that is judged.

    Examples: `supply.cut`
    """
    needs: SelectorField | None = None
    """What must have come before it.

    Examples: `notice.sent`
    """
    at_least: LimitField | None = None
    """How long before, at the least, a length and no instant; the last of so many dates is over, or begun with
    `day_rule: {ends: "00:00"}`.

    Examples: `48 hours`
    """
    at_most: LimitField | None = None
    """How long before, at the most.

    Examples: `30 days`
    """
    within: LimitField | None = None
    """The same as `at_most`.

    Examples: `30 days`
    """
    fresh: bool = False
    """The needed event must have come since the last event that was judged.

    Examples: `true`
    """
    immediately: bool = False
    """Nothing else of the case may come between.

    Examples: `true`
    """
    position: Literal["first", "last"] | None = None
    """Instead of `needs`: it is the first, or the last, event of its case.

    Examples: `first`
    """
    boundary: Literal["inclusive", "exclusive"] = "inclusive"
    """Whether exactly the most allowed is in time.

    Examples: `exclusive`
    """
    on_change: OnChange | None = None
    """What a change of a limit, or of whether it applies, does; `carry` when left out.

    Examples: `recompute`
    """

    @property
    def bounded(self) -> Bounded:
        """How long before, by its bounds."""
        return self.bounded_between(least="at_least", most=("at_most", "within"), boundary=self.boundary)

    @model_validator(mode="after")
    def _one_question(self) -> Order:
        problems = []
        if (self.needs is None) == (self.position is None):
            problems.append(
                Problem(
                    "SV118",
                    "an order needs either `needs` or `position`.",
                    help="write `needs: notice.sent`, or `position: first`.",
                )
            )
        if self.within is not None and self.at_most is not None:
            problems.append(
                Problem("SV118", "`within` and `at_most` say the same.", help="leave one out.", path="within")
            )
        if self.position == "last" and self.ends is None:
            problems.append(
                Problem(
                    "SV119",
                    "`position: last` can be judged only when the case ends, and nothing ends it.",
                    help="write `ends: case.closed`.",
                    path="ends",
                )
            )
        if self.position and any((self.at_least, self.at_most, self.within, self.fresh, self.immediately)):
            problems.append(
                Problem(
                    "SV118",
                    "`position` has no distance.",
                    help="leave out the limits, `fresh` and `immediately`.",
                    path="position",
                )
            )
        problems += self._lengths_of_notice()
        if problems:
            raise StandardsError(problems)
        return self

    def _lengths_of_notice(self) -> list[Problem]:
        """Refuse a notice that is an instant: the least is a length of time, before whenever the event comes."""
        lines = [line for row in self.override_rows for line in row.lines]
        written = {"at_least": self.at_least} | {
            f"overrides.{line.path}".rstrip("."): line.sets["at_least"]
            for line in lines
            if "at_least" in line.sets
        }
        found = [
            (path, leaf.sentence())
            for path, one in written.items()
            if one is not None
            for leaf in leaves(self.read_limit("at_least", one).node)
            if isinstance(leaf, InstantLimit | NextLimit)
        ]
        return [
            Problem(
                "SV190",
                f"`at_least` is how long before its event the other one must have come, and {said} is an instant.",
                help="write a length: `at_least: 30 minutes`. If it must have come by an instant, look at it alone: "
                "`kind: check`, `expect: {time: {le: 30 minutes before $visit_at}}`.",
                path=path,
            )
            for path, said in found
        ]

    def promise(self) -> str:
        """Return the order in English."""
        event = cast("Selection", self.event).sentence()
        if self.position is not None:
            return f"the {self.position} event must be {event}"
        needs = cast("Selection", self.needs).sentence()
        said = f"{event} needs{' a new' if self.fresh else ''} {needs} before it"
        most = self.at_most if self.at_most is not None else self.within
        if self.at_least is not None:
            said += f", at least {cast('LimitText', self.at_least).sentence()} earlier"
        if most is not None:
            at_most = "less than" if self.boundary == "exclusive" else "at most"
            said += f", {at_most} {cast('LimitText', most).sentence()} earlier"
        return said + (", with nothing in between" if self.immediately else "")

    def plan(self, book: Surroundings) -> Plan:
        """Return the order compiled."""
        calendar = book.find(self.calendar)
        environment = book.environment(calendar, self.counting_rule)
        compiler = LimitCompiler(
            book, self.counting_rule, exclusive=self.boundary == "exclusive", measures=[OpenTime()]
        )
        most = cast("LimitText | None", self.at_most if self.at_most is not None else self.within)
        least = cast("LimitText | None", self.at_least)
        terms = compile_terms(
            self, book, within=most, least=least, compiler=compiler, on_change=self.on_change
        )
        judged = cast("Selection", self.event).compile_any(environment)
        selectors: list[tuple[Signal, AnyOf | AllOf]] = [(Signal.JUDGE, judged)]
        if self.needs is not None:
            selectors.append((Signal.START, cast("Selection", self.needs).compile(environment)))
            if self.immediately:
                needed = cast("Selection", self.needs).compile_any(environment)
                selectors.append((Signal.OTHER, AnyOf(_ANY.members, but=(judged, needed))))
        elif self.position == "last":
            ended = cast("Selection", self.ends).compile_any(environment)
            selectors = [(Signal.START, judged), (Signal.OTHER, AnyOf(_ANY.members, but=(judged, ended)))]
            terms = applicability(self, environment, least=Running())
        else:
            selectors.append((Signal.OTHER, AnyOf(_ANY.members, but=(judged,))))
        return Plan(
            standard=self.id,
            case=self.case_in(book),
            signals=SignalProgram(
                tuple(selectors),
                precedes=self.needs is not None,
                keeps_earlier=self._asks_for_a_distance and not self.immediately,
            ),
            machine=self._machine(),
            measures=() if self.position == "last" else tuple(compiler.measures),
            terms=terms,
            exclusions=compile_exclusions(self.exclusions, environment),
            ends=cast("Selection", self.ends).compile_any(environment) if self.ends else None,
            at_end=Signal.STOP if self.position == "last" else Signal.CANCEL,
            fingerprint=fingerprint(self, book),
        )

    @property
    def _asks_for_a_distance(self) -> bool:
        """Whether a needed event may come too late to serve, for some case at least."""
        lines = [line for row in self.override_rows for line in row.lines]
        return self.at_least is not None or any("at_least" in line.sets for line in lines)

    def _machine(self) -> Machine:
        if self.position == "first":
            return first_of_case()
        if self.position == "last":
            return last_of_case()
        return precedence(fresh=self.fresh, immediately=self.immediately)
