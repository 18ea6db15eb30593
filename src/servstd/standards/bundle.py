"""`bundle`: several standards kept together for one case; all of them, any, or so many."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Annotated, Any, ClassVar, Literal, TypeAlias, cast

from pydantic import field_validator, model_validator

from servstd.calendars.windows import Windows
from servstd.errors import Problem, StandardsError
from servstd.models import Spelled
from servstd.standards.check import Require, failing_allowed
from servstd.standards.member import Member, MemberField, MemberSpec, written_member
from servstd.standards.rollup import Reads, Rollup, RollupPlan, members_read
from servstd.standards.scope import Per, PerField, windows_of
from servstd.standards.surroundings import Surroundings

Absent = Literal["ignore", "wait"]


def parse_phase(data: object) -> Member:
    """Read a phase of a journey: a list of members, all of which must be kept, or a bundle without its `kind`.

    Raises:
        StandardsError: whatever is wrong with the bundle that it is.

    Example:
        >>> parse_phase(["quote", "callback"]).standard.require
        'all'
    """
    if isinstance(data, Member | Bundle):
        return data if isinstance(data, Member) else Member(data, data)
    written: Any = data if isinstance(data, Mapping) else {"of": data}
    told: dict[str, Any] = {"id": "", **{str(name): value for name, value in written.items()}}
    return Member(data, Bundle(**told))


PhaseSpec: TypeAlias = Sequence[MemberSpec] | Mapping[str, Any]
PhaseField: TypeAlias = Annotated[
    PhaseSpec,
    Spelled(parse_phase, written_member, "phase"),
]


class Bundle(Rollup):
    """Promise that several standards are kept together for one case: one verdict a case.

    A member that is broken on any of its verdicts of the case is broken. Members that are excluded or cancelled,
    and those that nothing has activated, are left out of the count: of what was not promised nothing is demanded.
    Where `require` names a number and fewer members count, all of these are demanded.

    With `per` there is one verdict a case and window, of the members' verdicts that begin in it.

    Example:
        >>> Bundle(id="journey", case="customer_id", of=["answer", "transfer"]).require
        'all'
    """

    unit: ClassVar[str] = "members"
    kind: Literal["bundle"] = "bundle"
    of: Sequence[MemberField] | None = None
    """The members: ids of standards, or standards written in place.

    Examples: `[answer, transfer]`, `[answer, {standard: repair, on: customer_id}]`
    """
    phases: Mapping[str, PhaseField] | None = None
    """Instead of `of`: members by phase, `{before: [quote], during: [answer], after: [repair]}`; each phase is a
    bundle of its own, and `require` counts phases.

    Examples: `{before: [quote], during: [answer], after: [repair]}`
    """
    require: Require = "all"
    """How many members must be kept: `all`, `any`, `{at_least: 2}`, `90%`.

    Examples: `any`, `{at_least: 2}`, `90%`
    """
    absent: Absent = "ignore"
    """What a member is that nothing has activated for the case: left out, or waited for (`wait`), with `per` until the
    window ends.

    Examples: `wait`
    """
    per: PerField | None = None
    """One verdict a case and window, of the members' verdicts that begin in it: `month`, `{fiscal_year: "04-01"}`.

    Examples: `month`, `{fiscal_year: "04-01"}`
    """

    @field_validator("require")
    @classmethod
    def _is_a_number_of_members(cls, require: Require) -> Require:
        failing_allowed(require, 1)
        return require

    @model_validator(mode="after")
    def _members_are_there(self) -> Bundle:
        problems = []
        if (self.of is None) == (self.phases is None) or not (self.of or self.phases):
            problems.append(
                Problem(
                    "SV630",
                    "a bundle needs its members: either `of` or `phases`.",
                    help="`of: [answer, transfer]`, or `phases: {before: [quote], after: [repair]}`.",
                )
            )
        ids = [member.id for _, member in self.reads]
        problems += [
            Problem("SV635", f"`{id_}` is a member twice.", help="name it once.", path=path)
            for place, ((path, _), id_) in enumerate(zip(self.reads, ids, strict=True))
            if id_ in ids[:place]
        ]
        if isinstance(self.require, Mapping) and self.require["at_least"] > len(ids) > 0:
            problems.append(
                Problem(
                    "SV633",
                    f"{self.require['at_least']} members are demanded, and there are {len(ids)}.",
                    help="name more of them, or demand fewer.",
                    path="require",
                )
            )
        if self.per is not None and cast("Per", self.per).rolling is not None:
            problems.append(
                Problem(
                    "SV616",
                    "members begin in windows of the calendar, and no window begins with each of them.",
                    help="write `per: month`, or `{fiscal_year: ...}`; members may have rolling windows of their own.",
                    path="per",
                )
            )
        if problems:
            raise StandardsError(problems)
        return self

    @property
    def reads(self) -> tuple[Reads, ...]:
        """Its members; those in place with the ids they are known by: `journey.1`, a phase `journey.before`."""
        if self.phases is None:
            return tuple(members_read("of", self.of or (), self))
        return tuple(Reads(f"phases.{name}", self._phase(name, phase)) for name, phase in self.phases.items())

    def _phase(self, name: str, phase: object) -> Member:
        """Return a phase with its id, and the windows of the journey where it has none of its own."""
        member = cast("Member", phase).named(f"{self.id}.{name}", self)
        bundle = cast("Bundle", member.standard)
        if self.per is None or bundle.per is not None:
            return member
        return replace(member, standard=bundle.model_copy(update={"per": self.per}))

    def compile(self, book: Surroundings) -> RollupPlan:
        """Return who it is, for which cases it holds, and the windows of its verdicts.

        Args:
            book: The defaults and calendars it is compiled within.

        Raises:
            StandardsError: SV105 it does not say what a case is; SV106 no zone for its windows.
        """
        windows = windows_of(cast("Per | None", self.per), book, book.find(self.calendar))
        return replace(super().compile(book), windows=cast("Windows | None", windows))

    def promise(self) -> str:
        """Return the bundle in English."""
        names = [member.words() for _, member in self.reads]
        listed = " and ".join([", ".join(names[:-1]), names[-1]] if len(names) > 1 else names)
        if isinstance(self.require, Mapping):
            how_many = f"at least {self.require['at_least']} of"
        else:
            how_many = {"all": "all of", "any": "at least one of"}.get(self.require, f"{self.require} of")
        waits = ", those that nothing has activated waited for" if self.absent == "wait" else ""
        per = f", with one verdict {cast('Per', self.per).sentence()}" if self.per is not None else ""
        return f"{how_many} {listed} must be kept{waits}{per}"
