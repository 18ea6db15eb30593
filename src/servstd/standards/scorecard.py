"""`scorecard`: a contact marked item by item, by other standards or by reviewers, and the marks weighed together."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from fractions import Fraction
from functools import cached_property
from typing import Annotated, Any, ClassVar, Literal, NamedTuple, cast

from pydantic import model_validator

from servstd.conditions import ABSENT
from servstd.errors import Problem, StandardsError, listed
from servstd.expressions import Field, look_up
from servstd.expressions.values import number_from
from servstd.models import Model, nested, shown
from servstd.standards.base import Standard
from servstd.standards.check import Check
from servstd.standards.field_names import NAMES
from servstd.standards.member import Member, MemberField
from servstd.standards.rollup import Reads, Role, Rollup
from servstd.standards.selector import SelectorField
from servstd.standards.statistic import Bounded

Figure = int | float | Decimal | str

NOT_APPLICABLE = ("n/a", "na", "n.a.", "not applicable")
_YES = ("yes", "y", "true", "1", "pass", "passed")
_NO = ("no", "n", "false", "0", "fail", "failed")


class Mark(NamedTuple):
    """Be what one item got.

    Args:
        share: Of the full mark, 0 to 1; None where it does not apply, or is not known.
        state: `scored`, `n/a`, `open` or `unknown`.
        said: The answer, or why there is none.
        fails: Whether it fails the whole scorecard.
    """

    share: Fraction | None
    state: Literal["scored", "n/a", "open", "unknown"]
    said: str
    fails: bool = False


class Item(Model):
    """Be one item of a scorecard: another standard's verdicts, or an answer of a reviewer.

    An answer is yes or no; a number on a `scale`; or one of `values`. One that says that the item does not apply
    (`N/A`) leaves it out, and the others weigh the whole.
    """

    id: str
    """Its name in the scorecard.

    Examples: `tone`, `law`
    """
    title: str | None = None
    """What is asked.

    Examples: `Was the customer greeted by name?`
    """
    weight: Figure = 1
    """How much it weighs, in any unit; 0 for what only fails the scorecard, or does not.

    Examples: `10`, `0`
    """
    standard: MemberField | None = None
    """The standard whose verdicts on the case it marks: the share of them that is kept.

    Examples: `greeting`, `{standard: repair, on: call_id}`
    """
    answer: Annotated[str | None, NAMES] = None
    """Instead: the field that holds a reviewer's answer.

    Examples: `tone`, `law`
    """
    scale: Sequence[Figure] | None = None
    """The lowest and the highest number that can be answered: `[1, 5]`; the lowest gets nothing.

    Examples: `[1, 5]`, `[0, 10]`
    """
    values: Mapping[str, Figure] | None = None
    """Instead: what each answer gets, from 0 to 1: `{good: 1, fair: 0.5, poor: 0}`.

    Examples: `{yes: 1, no: 0}`, `{solved: 1, partly: "0.5", unsolved: 0}`
    """
    auto_fail: bool | Mapping[str, Figure] = False
    """Whether failing it fails all: a broken standard, a `no`, an answer that gets nothing; on a scale
    `{below: 3}`.

    Examples: `true`, `{below: 3}`
    """
    na: Sequence[str] = ()
    """Further answers that say that it does not apply.

    Examples: `[unheard]`
    """

    @model_validator(mode="after")
    def _can_be_marked(self) -> Item:
        problems = list(self._faults())
        if problems:
            raise StandardsError(problems)
        return self

    def _faults(self) -> Iterator[Problem]:
        if (self.standard is None) == (self.answer is None):
            help_ = "write `standard: greeting`, or `answer: tone`."
            yield Problem("SV640", f"`{self.id}` needs either a `standard` or an `answer`.", help=help_)
        weight = number_from(self.weight)
        if weight is None or weight < 0:
            yield Problem("SV641", f"`{self.weight!s:.40}` is no weight.", help="write `10`.", path="weight")
        told = [name for name in ("scale", "values") if getattr(self, name) is not None]
        if self.standard is not None and (told or self.na):
            yield Problem(
                "SV643", f"a standard is kept or not, and has no `{[*told, 'na'][0]}`.", path=[*told, "na"][0]
            )
        if len(told) > 1:
            yield Problem(
                "SV643", "an answer is on a `scale` or one of `values`.", help="leave one out.", path="values"
            )
        if self.scale is not None and self._ends is None:
            help_ = "write `scale: [1, 5]`, the lower end first."
            yield Problem("SV643", f"`{shown(list(self.scale))}` is no scale.", help=help_, path="scale")
        for name, share in (self.values or {}).items():
            number = number_from(share)
            if number is None or not 0 <= number <= 1:
                yield Problem(
                    "SV643",
                    f"`{share!s:.40}` is no share of the full mark.",
                    help="from 0 to 1.",
                    path=f"values.{name}",
                )
        if self.scale is not None and self.auto_fail is True:
            help_ = "write `auto_fail: {below: 3}`."
            yield Problem(
                "SV645",
                "on a scale it must be said below which answer all fails.",
                help=help_,
                path="auto_fail",
            )
        if isinstance(self.auto_fail, Mapping) and (self.scale is None or self._fails_below is None):
            help_ = "write `auto_fail: true`, or on a scale `auto_fail: {below: 3}`."
            yield Problem(
                "SV645",
                f"`{shown(dict(self.auto_fail))}` is not how this item can fail all.",
                help=help_,
                path="auto_fail",
            )

    @cached_property
    def exact_weight(self) -> Fraction:
        """Its weight, exact."""
        return Fraction(cast("Decimal", number_from(self.weight)))

    @cached_property
    def _ends(self) -> tuple[Fraction, Fraction] | None:
        numbers = [number_from(end) for end in self.scale or ()]
        if len(numbers) != 2 or numbers[0] is None or numbers[1] is None or not numbers[0] < numbers[1]:
            return None
        return Fraction(numbers[0]), Fraction(numbers[1])

    @cached_property
    def _fails_below(self) -> Fraction | None:
        told = self.auto_fail if isinstance(self.auto_fail, Mapping) else {}
        number = number_from(told["below"]) if list(told) == ["below"] else None
        return None if number is None else Fraction(number)

    def mark(self, fields: Mapping[str, object]) -> Mark:
        """Return what a reviewer's answer gets.

        Nothing is guessed: no answer, and one outside the scale, is not known.

        Args:
            fields: What the evaluation carries.
        """
        held = look_up(fields, str(self.answer))
        if held is ABSENT:
            return Mark(None, "unknown", "not answered")
        text = str(held).strip()
        if text.casefold() in (*NOT_APPLICABLE, *(one.casefold() for one in self.na)):
            return Mark(None, "n/a", text)
        if self._ends is not None:
            return self._on_scale(held, text, self._ends)
        if self.values is not None:
            return self._among(text, self.values)
        return self._yes_or_no(held, text)

    def _on_scale(self, held: object, text: str, ends: tuple[Fraction, Fraction]) -> Mark:
        number = None if isinstance(held, bool) else number_from(held)
        low, high = ends
        if number is None or not low <= number <= high:
            return Mark(None, "unknown", f"{text:.40} is not from {self._written(0)} to {self._written(1)}")
        value = Fraction(number)
        fails = self._fails_below is not None and value < self._fails_below
        return Mark((value - low) / (high - low), "scored", text, fails)

    def _written(self, end: int) -> str:
        return str((self.scale or ("", ""))[end])

    def _among(self, text: str, values: Mapping[str, Figure]) -> Mark:
        known = {name.casefold(): share for name, share in values.items()}
        if text.casefold() not in known:
            return Mark(None, "unknown", f"{text:.40} is none of {listed(values)}")
        share = Fraction(cast("Decimal", number_from(known[text.casefold()])))
        return Mark(share, "scored", text, self.auto_fail is True and share == 0)

    def _yes_or_no(self, held: object, text: str) -> Mark:
        word = text.casefold()
        if word not in (*_YES, *_NO):
            return Mark(None, "unknown", f"{text:.40} is neither yes nor no")
        said = ("yes" if held else "no") if isinstance(held, bool) else text
        return Mark(Fraction(int(word in _YES)), "scored", said, self.auto_fail is True and word in _NO)


class Scorecard(Rollup):
    """Promise that what is marked item by item reaches so many points of 100.

    With `event` each such event is an evaluation and has a verdict; without, an evaluation is a case, and its answers
    are those last given. Items that do not apply are left out, and the others weigh the whole. An item that fails all
    sets the score to 0; what it would be without is kept beside it.

    Example:
        >>> tone = Item(id="tone", answer="tone")
        >>> card = Scorecard(id="quality", case="call_id", items=[tone], at_least="85 points")
        >>> card.points
        Fraction(85, 1)
    """

    unit: ClassVar[str] = "points"
    kind: Literal["scorecard"] = "scorecard"
    event: SelectorField | None = None
    """What carries the answers of an evaluation: `review.submitted`.

    Examples: `review.submitted`, `{event: survey.closed, where: {by: team-lead}}`
    """
    items: Sequence[Annotated[Item | Mapping[str, Any], nested(Item)]]
    """What is marked, each with its weight.

    Examples: `[{id: tone, answer: tone, scale: [1, 5]}, {id: law, answer: law, auto_fail: true}]`
    """
    at_least: Figure
    """How many points of 100 are promised: `85 points`.

    Examples: `85 points`, `90`
    """
    reviewer: Annotated[str | None, NAMES] = None
    """The field that names who evaluated, to tell whether several agree.

    Examples: `reviewer`, `team_lead`
    """

    @model_validator(mode="after")
    def _items_add_up(self) -> Scorecard:
        problems = []
        if not self.items:
            problems.append(
                Problem(
                    "SV640",
                    "a scorecard needs items.",
                    help="`items: [{id: tone, answer: tone}]`.",
                    path="items",
                )
            )
        ids = [item.id for item in self.all_items]
        problems += [
            Problem(
                "SV642",
                f"`{id_}` is the id of another item already.",
                help="give each its own.",
                path=f"items[{place}].id",
            )
            for place, id_ in enumerate(ids)
            if id_ in ids[:place]
        ]
        if ids and not any(item.exact_weight for item in self.all_items):
            problems.append(
                Problem(
                    "SV641",
                    "the weights add up to 0, so nothing counts.",
                    help="give an item a weight.",
                    path="items",
                )
            )
        if self._points is None:
            problems.append(
                Problem(
                    "SV644",
                    f"`{self.at_least!s:.40}` is no score from 0 to 100.",
                    help="write `85 points`.",
                    path="at_least",
                )
            )
        if self.event is not None and not self.answers:
            problems.append(
                Problem(
                    "SV640",
                    "`event` carries answers, and no item reads one.",
                    help="leave it out, or write `answer:`.",
                    path="event",
                )
            )
        if problems:
            raise StandardsError(problems)
        return self

    @property
    def all_items(self) -> tuple[Item, ...]:
        """Its items as read."""
        return tuple(cast("Item", item) for item in self.items)

    @property
    def answers(self) -> tuple[Item, ...]:
        """The items that reviewers answer."""
        return tuple(item for item in self.all_items if item.answer is not None)

    @property
    def bounded(self) -> Bounded:
        """Points, of which more is better."""
        return Bounded("ge")

    @property
    def _points(self) -> Fraction | None:
        text = str(self.at_least).strip()
        number = number_from(text.removesuffix("points").removesuffix("point").strip())
        return Fraction(number) if number is not None and 0 <= number <= 100 else None

    @property
    def points(self) -> Fraction:
        """How many points of 100 are promised, exact."""
        return cast("Fraction", self._points)

    @cached_property
    def reads(self) -> tuple[Reads, ...]:
        """The standards of its items, and the indicator that records the evaluations."""
        found = [
            Reads(
                f"items[{place}].standard", cast("Member", item.standard).named(f"{self.id}.{item.id}", self)
            )
            for place, item in enumerate(self.all_items)
            if item.standard is not None
        ]
        if self.answers:
            found.append(Reads("event", Member(self.event, self._recorded)))
        return tuple(found)

    @property
    def parts(self) -> Iterator[tuple[str, Standard, Role]]:
        """The standards written in its items, and the indicator that records the evaluations."""
        for path, part, role in super().parts:
            yield path, part, "indicator" if path == "event" else role

    @property
    def _recorded(self) -> Check:
        """The indicator of the events that carry answers."""
        told: dict[str, Any] = {"id": f"{self.id}.answers", "case": self.case}
        if self.event is not None:
            return Check(**told, event=self.event)
        carried = [{Field(str(item.answer), "event").spelled: {"exists": True}} for item in self.answers]
        return Check(**told, event={"event": "*", "where": {"any": carried}})

    def promise(self) -> str:
        """Return the scorecard in English."""
        items = [self._item_words(item) for item in self.all_items]
        at = f"at {cast('Any', self.event).sentence()}, " if self.event is not None else ""
        fails = [f"`{item.id}`" for item in self.all_items if item.auto_fail is not False]
        failing = f"; failing {' or '.join(fails)} fails all" if fails else ""
        return f"{at}{', '.join(items)} must together reach {self.points} points of 100{failing}"

    def _item_words(self, item: Item) -> str:
        if isinstance(item.standard, Member):
            what = item.standard.named(f"{self.id}.{item.id}", self).words()
        else:
            what = f"the answer on {str(item.answer).replace('_', ' ')}"
        return f"{what} (weight {item.weight})"
