"""The frame of the kinds that read verdicts and never an event: `bundle`, `scorecard`, `metric`."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, ClassVar, Literal, NamedTuple

from pydantic import model_validator

from servstd.calendars.windows import Windows
from servstd.errors import Problem, StandardsError
from servstd.plan.plan import Exclusion
from servstd.standards.base import Standard, fingerprint
from servstd.standards.exclusion import compile_exclusions
from servstd.standards.member import Member
from servstd.standards.surroundings import Surroundings
from servstd.standards.terms import applies_when

if TYPE_CHECKING:
    from servstd.conditions.tree import Decide

_OF_EVENTS = ("ends", "overrides", "day_rule", "readings", "reading")
"""Settings of the frame that say how events are read, so that only a standard which reads events can have them."""


Role = Literal["standard", "part", "indicator"]
"""What a book evaluates: promises that are judged, promises written in place, and what is only measured."""


class Reads(NamedTuple):
    """Be one standard that a rollup reads.

    Args:
        path: Where it is named: `of[0]`.
        member: The standard, by id or in place, with an id in either case.
    """

    path: str
    member: Member


@dataclass(frozen=True, slots=True)
class RollupPlan:
    """Be what a standard without a plan is compiled to: who it is, for which cases it holds.

    Args:
        standard: Its id.
        case: The fields that name its case.
        unit: What its margin is counted in.
        applies: Whether it holds for a case, by the case's fields as last known; None for every case.
        exclusions: Which verdicts are left out, by those fields.
        fingerprint: A hash of what the author wrote.
        windows: The windows of its verdicts; None where there is one verdict a case.
    """

    standard: str
    case: tuple[str, ...]
    unit: str
    applies: Decide | None = field(default=None, compare=False)
    exclusions: tuple[Exclusion, ...] = field(default=(), compare=False)
    fingerprint: str = ""
    windows: Windows | None = None


class Rollup(Standard):
    """Hold what the kinds share that read other standards' verdicts: they have members, and no plan."""

    unit: ClassVar[str] = ""
    """What margins are counted in."""

    @model_validator(mode="after")
    def _nothing_about_events(self) -> Rollup:
        problems = [
            Problem(
                "SV631",
                f"`{name}` says how events are read, and a {self.kind} reads verdicts.",
                help="write it in the standards that it reads.",
                path=name,
            )
            for name in _OF_EVENTS
            if getattr(self, name)
        ]
        problems += [
            Problem(
                "SV631",
                f"a {self.kind} has no clock that could run during anything.",
                help="exclude by `when:` here, and by `during:` in the standards that it reads.",
                path=f"exclude[{place}].during",
            )
            for place, row in enumerate(self.exclusions)
            if row.during is not None
        ]
        if problems:
            raise StandardsError(problems)
        return self

    @property
    def reads(self) -> tuple[Reads, ...]:
        """The standards that it reads, those written in place with the ids they are known by."""
        raise NotImplementedError

    @property
    def parts(self) -> Iterator[tuple[str, Standard, Role]]:
        """The standards and indicators written in place, each with its path."""
        for path, member in self.reads:
            if isinstance(member.standard, Standard):
                yield path, member.standard, "part"

    def compile(self, book: Surroundings) -> RollupPlan:
        """Return who it is and for which cases it holds.

        Args:
            book: The defaults and calendars it is compiled within.

        Raises:
            StandardsError: SV105 it does not say what a case is; something it names is not there.
        """
        environment = book.environment(book.find(self.calendar))
        return RollupPlan(
            standard=self.id,
            case=self.case_in(book),
            unit=self.unit,
            applies=applies_when(self, environment),
            exclusions=compile_exclusions(self.exclusions, environment),
            fingerprint=fingerprint(self, book),
        )

    def unjoined(self, cases: Mapping[str, tuple[str, ...]], own: tuple[str, ...]) -> list[Problem]:
        """Return the problem of each member whose case cannot be told from its own.

        Args:
            cases: By id, the fields that name the case of each standard that it reads.
            own: The fields that name its own.
        """
        return [
            problem for path, member in self.reads for problem in _unjoined(self, path, member, cases, own)
        ]


def _unjoined(
    reader: Rollup, path: str, member: Member, cases: Mapping[str, tuple[str, ...]], own: tuple[str, ...]
) -> Iterator[Problem]:
    theirs = cases.get(member.id, own)
    if not member.on and theirs != own:
        yield Problem(
            "SV632",
            f"a case of `{member.id}` is a {_named(theirs)}, and a case of `{reader.id}` a {_named(own)}.",
            help=f"say which field of it names the {_named(own)}: `{{standard: {member.id}, on: {own[0]}}}`.",
            path=path,
        )
    elif member.on and len(member.on) != len(own):
        yield Problem(
            "SV632",
            f"`on` has {len(member.on)} fields, and {len(own)} name a case of `{reader.id}`: {_named(own)}.",
            help="name one field for each.",
            path=f"{path}.on",
        )


def _named(fields: Sequence[str]) -> str:
    return " and ".join(f"`{name}`" for name in fields)


def members_read(path: str, members: Sequence[object], reader: Standard) -> Iterator[Reads]:
    """Yield members with their paths and ids; those in place are numbered from 1 under their reader's id."""
    for place, member in enumerate(members):
        if isinstance(member, Member):
            yield Reads(f"{path}[{place}]", member.named(f"{reader.id}.{place + 1}", reader))
