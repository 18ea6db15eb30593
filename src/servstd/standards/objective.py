"""What share of verdicts must be met over a window: `95% a month`."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from fractions import Fraction
from typing import Annotated, Any, Literal, NamedTuple, TypeAlias, get_args

from pydantic import PrivateAttr, model_validator

from servstd.calendars import Calendar
from servstd.durations import Span, parse_span
from servstd.errors import Problem, StandardsError, closest, listed
from servstd.models import Model, Spelled

Window = Literal["day", "week", "month", "quarter", "year", "all"]
DatedBy = Literal["start", "end", "due"]

WINDOWS: tuple[str, ...] = get_args(Window)
_ADVERBS = {
    "daily": "day",
    "weekly": "week",
    "monthly": "month",
    "quarterly": "quarter",
    "yearly": "year",
    "annually": "year",
    "overall": "all",
}
_PERCENT = re.compile(r"([0-9]{1,3}(?:\.[0-9]{1,9})?)\s?%")
_SHORT = re.compile(
    r"(?P<strict>(?:more than|over|above)\s+)?(?:at least\s+)?(?P<share>[0-9][0-9.]{0,12}\s?%)"
    r"(?:\s+(?:(?:a|an|per|each|every|of|over|in)\s+)?(?P<window>[a-z]{1,12}))?",
    re.IGNORECASE,
)
_LATER = {"mean", "median", "max", "count", "rate", "census", "decide_on", "weight"}


class Bound(NamedTuple):
    """Hold the share that must be reached, exactly.

    Example:
        >>> Bound(Fraction(95, 100), strict=False).is_met(19, 20)
        True
        >>> Bound(Fraction(95, 100), strict=True).is_met(19, 20)
        False
    """

    share: Fraction
    """Between 0 and 1."""
    strict: bool
    """Whether reaching it is not enough: `{gt: 99%}`."""

    def is_met(self, met: int, judged: int) -> bool:
        """Tell whether `met` of `judged` reach it; whole numbers are compared, nothing is divided."""
        reached, wanted = met * self.share.denominator, self.share.numerator * judged
        return reached > wanted if self.strict else reached >= wanted

    def allowed(self, judged: int) -> int:
        """Return how many of `judged` may be breached with the bound still met; 0 when none may.

        Example:
            >>> Bound(Fraction(99, 100), strict=False).allowed(250)
            2
        """
        wanted = self.share.numerator * judged
        needed = wanted // self.share.denominator + 1 if self.strict else -(-wanted // self.share.denominator)
        return max(judged - needed, 0)

    def __str__(self) -> str:
        return f"{'> ' if self.strict else ''}{percent_text(self.share)}"


class Objective(Model):
    """Demand a share of met verdicts over a window.

    The window is required: 95 % of a day and 95 % of a year are different promises. A window that is not over
    at `as_of`, or that began before the log, decides nothing.

    Args:
        share: `95%`, or `{gt: 99%}` where reaching the bound is not enough.
        window: `day`, `week` (Monday to Sunday), `month`, `quarter`, `year`, or `all` for the whole log.

    Raises:
        StandardsError: SV150 to SV154.

    Example:
        >>> objective = Objective(share="95%", window="month")
        >>> str(objective), objective.bound.is_met(19, 20)
        ('95% a month', True)
    """

    share: str | Mapping[str, str]
    """The share of met among judged verdicts: `95%`, or `{gt: 99%}` for more than."""
    window: str
    """Over what: `day`, `week`, `month`, `quarter`, `year` or `all`."""
    within: str | None = None
    """Another limit for this objective alone: `90% within 15 seconds` beside `95% within 20 seconds`."""
    dated_by: DatedBy = "start"
    """Which instant puts a verdict into a window: its start, its end (without one, the breach), or its
    due."""
    by: str | Sequence[str] = ()
    """Case fields by which cases are told apart; each segment must reach the share."""
    min_sample: int = 1
    """Fewer judged verdicts than this decide nothing: `insufficient`."""
    max_unknown: str = "1%"
    """More unknown verdicts than this share decide nothing: `insufficient`."""
    timezone: str | None = None
    """The zone in which windows begin; the calendar's, else the book's, when left out."""

    _text: str | None = PrivateAttr(default=None)

    @model_validator(mode="before")
    @classmethod
    def _only_what_is_there(cls, data: Any) -> Any:
        if isinstance(data, Mapping):
            problems = [*_not_yet(data)]
            if "window" not in data and not problems:
                problems.append(_no_window("an objective"))
            if not isinstance(data.get("share", ""), str | Mapping):
                problems.append(_no_percentage(data["share"]).at(path="share"))
            if problems:
                raise StandardsError(problems)
        return data

    @model_validator(mode="after")
    def _can_be_meant(self) -> Objective:
        problems: list[Problem] = []
        for name, read in (("share", _read_bound), ("max_unknown", _read_share), ("within", _read_within)):
            try:
                read(getattr(self, name))
            except StandardsError as error:
                problems += [problem.at(path=name) for problem in error.problems]
        if self.window not in WINDOWS:
            problems.append(_unknown_window(self.window))
        if self.min_sample < 1:
            problems.append(Problem("SV150", "`min_sample` counts verdicts: at least 1.", path="min_sample"))
        if self.timezone is not None:
            problems += _zone_problems(self.timezone)
        if problems:
            raise StandardsError(problems)
        return self

    @property
    def bound(self) -> Bound:
        """The share to reach, exact."""
        return _read_bound(self.share)

    @property
    def unknown_share(self) -> Fraction:
        """The share of unknown verdicts above which nothing is decided, exact."""
        return _read_share(self.max_unknown)

    @property
    def within_us(self) -> int | None:
        """Its own limit in microseconds, or None when it takes the standard's."""
        span = _read_within(self.within)
        return None if span is None else span.us

    @property
    def segments(self) -> tuple[str, ...]:
        """The fields of `by`."""
        return (self.by,) if isinstance(self.by, str) else tuple(self.by)

    @property
    def spelling(self) -> object:
        """What the author wrote."""
        return self._text if self._text is not None else self.model_dump(exclude_unset=True)

    def __str__(self) -> str:
        within = f" within {self.within}" if self.within else ""
        window = "overall" if self.window == "all" else f"a {self.window}"
        by = f" by {', '.join(self.segments)}" if self.segments else ""
        return f"{self.bound}{within} {window}{by}"

    def _meaning(self) -> tuple[object, ...]:
        return (
            self.bound, self.window, self.within_us, self.dated_by, self.segments, self.min_sample,
            self.unknown_share, self.timezone,
        )  # fmt: skip

    def __eq__(self, other: object) -> bool:
        return self._meaning() == other._meaning() if isinstance(other, Objective) else NotImplemented

    def __hash__(self) -> int:
        return hash(self._meaning())


def parse_objective(spec: object) -> Objective:
    """Return the objective that the author wrote, short or long.

    Args:
        spec: `95% a month`, `more than 99% a week`, `100% overall`, or a mapping with `share` and `window`.

    Raises:
        StandardsError: SV150 unreadable, SV151 without a window, SV152 unknown window, SV153 no percentage,
            SV154 understood by later versions only.

    Example:
        >>> parse_objective("95% a month") == parse_objective({"share": "95%", "window": "month"})
        True
    """
    if isinstance(spec, Objective):
        return spec
    if isinstance(spec, Mapping):
        return Objective(**{str(name): value for name, value in spec.items()})
    return _read_short(spec)


def zone_of(calendar: Calendar | None) -> str | None:
    """Return the zone of a calendar; None where it has none of its own, or takes the case's."""
    zone = None if calendar is None else calendar.timezone
    return zone if zone is not None and not zone.startswith("$") else None


def window_timezone(objective: Objective, calendar: Calendar | None, timezone: str | None) -> str | None:
    """Return the zone in which an objective's windows begin: its own, the calendar's, else the book's.

    Args:
        objective: Its own zone comes first.
        calendar: The standard's.
        timezone: The book's.

    Returns:
        The zone, or None where nothing names one, which is an error for every window of local dates.
    """
    return objective.timezone or zone_of(calendar) or timezone


def windows_without_zone(
    objectives: Sequence[Objective], calendar: Calendar | None, timezone: str | None
) -> list[Problem]:
    """Return the problem of each objective that counts by local dates where nobody says whose."""
    return [
        Problem(
            "SV155",
            f"`{objective}` counts by local dates, and no zone is named.",
            help="write `timezone:` for the book, or give the standard a calendar.",
            path="objective" if len(objectives) == 1 else f"objectives[{place}]",
        )
        for place, objective in enumerate(objectives)
        if objective.window != "all" and window_timezone(objective, calendar, timezone) is None
    ]


def percent_text(share: Fraction, places: int = 9) -> str:
    """Return an exact share as people write it: `95%`, `97.5%`.

    Example:
        >>> percent_text(Fraction(975, 1000)), percent_text(Fraction(1))
        ('97.5%', '100%')
    """
    scaled = share * 100 * 10**places
    whole, part = divmod(scaled.numerator // scaled.denominator, 10**places)
    digits = f"{part:0{places}d}".rstrip("0")
    return f"{whole}.{digits}%" if digits else f"{whole}%"


def _read_short(spec: object) -> Objective:
    text = spec.strip() if isinstance(spec, str) else ""
    found = _SHORT.fullmatch(text) if len(text) < 80 else None
    if found is None:
        raise StandardsError(
            Problem(
                "SV150",
                f"`{str(spec)[:60]}` is no objective.",
                help="write `95% a month`, or a mapping with `share` and `window`.",
            )
        )
    if found["window"] is None:
        raise StandardsError(_no_window(f"`{text}`"))
    word = found["window"].lower()
    window = _ADVERBS.get(word, word)
    share = {"gt": found["share"]} if found["strict"] else found["share"]
    objective = Objective(share=share, window=window)
    objective._text = text  # noqa: SLF001 - its own kind
    return objective


def _read_bound(share: object) -> Bound:
    if isinstance(share, Mapping):
        if len(share) == 1 and (op := next(iter(share))) in ("gt", "ge"):
            return Bound(_read_share(share[op]), strict=op == "gt")
        raise StandardsError(Problem("SV150", "a share is `95%`, `{gt: 99%}` or `{ge: 95%}`."))
    return Bound(_read_share(share), strict=False)


def _read_share(text: object) -> Fraction:
    found = _PERCENT.fullmatch(text.strip()) if isinstance(text, str) else None
    if found is None:
        raise StandardsError(_no_percentage(text))
    share = Fraction(found[1]) / 100
    if share > 1:
        raise StandardsError(
            Problem("SV153", f"`{text}` is more than everything.", help="a share is at most `100%`.")
        )
    return share


def _read_within(text: object) -> Span | None:
    if text is None:
        return None
    span = parse_span(text)
    if span.clock == "calendar":
        raise StandardsError(
            Problem(
                "SV154",
                f"`{text}`: an objective's own limit counts on the standard's clock.",
                help="leave `calendar` out, or write a second standard.",
            )
        )
    return span


def _not_yet(data: Mapping[str, Any]) -> list[Problem]:
    """Name the statistics and windows of the language that this version does not compute."""
    later = [name for name in data if name in _LATER or re.fullmatch(r"p[0-9]{1,3}", str(name))]
    found = [
        Problem(
            "SV154",
            f"objectives by `{name}` are not computed by this version.",
            help="write a `share`.",
            path=str(name),
        )
        for name in later
    ]
    if isinstance(data.get("window"), Mapping):
        shape = next(iter(data["window"]), "")
        found.append(
            Problem(
                "SV154",
                f"windows of the shape `{shape}` are not computed by this version.",
                help=f"one of {listed(WINDOWS)}.",
                path="window",
            )
        )
    return found


def _no_window(what: str) -> Problem:
    return Problem(
        "SV151",
        f"{what} names no window, and 95% of a day is another promise than 95% of a year.",
        help="write `95% a month`, or `window: month`; `window: all` for the whole log.",
    )


def _unknown_window(window: str) -> Problem:
    near = closest(window, WINDOWS)
    help_ = f"write `{near}`." if near else ""
    return Problem(
        "SV152", f"unknown window `{window[:40]}`. Known: {listed(WINDOWS)}.", help=help_, path="window"
    )


def _no_percentage(text: object) -> Problem:
    shown = str(text)[:40]
    return Problem(
        "SV153", f"`{shown}` is no percentage, so nobody can tell 0.95 from 95.", help="write `95%`."
    )


def _zone_problems(name: str) -> list[Problem]:
    from servstd.calendars.zones import zone_named  # noqa: PLC0415 - only where a zone is written
    from servstd.errors import CalendarError  # noqa: PLC0415

    try:
        zone_named(name)
    except CalendarError as error:
        return [problem.at(path="timezone") for problem in error.problems]
    return []


def _spelling(objective: Objective) -> object:
    return objective.spelling


EVERYTHING = Objective(share="100%", window="all")
"""What a standard without objectives is judged by: never green by silence."""

ObjectiveSpec: TypeAlias = str | Mapping[str, Any] | Objective
ObjectiveField: TypeAlias = Annotated[
    ObjectiveSpec,
    Spelled(parse_objective, _spelling, "objective"),
]
"""A model's field that takes every spelling of an objective under mypy, and holds an `Objective`."""
