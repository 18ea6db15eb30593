"""What a calendar says of the holidays of a country or market, checked so that no slip closes or opens a day."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from servstd.errors import Problem, closest, listed

_TEXTS = ("categories", "leave_out", "only")
_YEARS = (2000, 2040)
"""Years in which a name is looked for: most holidays come every year, some with an election or a jubilee."""


def option_problems(entry: Mapping[Any, Any], path: str) -> Iterator[Problem]:
    """Yield the options of a country's entry that are of no use as they are written.

    Example:
        >>> [one.help for one in option_problems({"country": "GB", "observed": "no"}, "holidays")]
        ['write `observed: false`.']
    """
    for name in _TEXTS:
        if name in entry and not _are_texts(entry[name]):
            yield Problem(
                "SV236",
                f"`{name}` is a text or a list of texts, not `{entry[name]!r:.40}`.",
                path=f"{path}.{name}",
            )
    observed = entry.get("observed", True)
    if not isinstance(observed, bool):
        meant = "true" if str(observed).lower() in ("yes", "on", "1") else "false"
        yield Problem(
            "SV236",
            f"`observed` is true or false, not `{observed!r:.40}`.",
            help=f"write `observed: {meant}`.",
            path=f"{path}.observed",
        )


def language_problems(language: object, known: tuple[str, ...], path: str) -> Iterator[Problem]:
    """Yield the problem of a language that the library has no names in; it would be ignored."""
    if language is None or language in known or not known:
        return
    near = closest(str(language), known)
    yield Problem(
        "SV238",
        f"the `holidays` library has no names in the language `{language!s:.40}` here. It has {listed(known)}.",
        help=f"write `{near}`." if near else "",
        path=f"{path}.language",
    )


def name_problems(parts: tuple[str, ...], names: frozenset[str], option: str, path: str) -> Iterator[Problem]:
    """Yield the problem of each part of a name that no holiday has: nothing would be chosen by it.

    Args:
        parts: Parts of names in small letters.
        names: The names of all holidays there.
        option: `leave_out` or `only`.
        path: Where the entry stands.
    """
    for part in parts:
        if any(part in name.lower() for name in names):
            continue
        near = closest(part, names)
        yield Problem(
            "SV238",
            f"no holiday here is called `{part:.60}`.",
            help=f"write `{near}`." if near else f"there are {listed(sorted(names), most=40)}.",
            path=f"{path}.{option}",
        )


def country_by_name(name: str) -> str | None:
    """Return the code of a country that was written out: `Germany`, `UK`."""
    import holidays  # noqa: PLC0415 - lazy: half a second where no country is named

    wanted = name.replace(" ", "").lower()
    if wanted == "uk":
        return "GB"
    names = {row[0].replace("_", ""): row[1] for row in holidays.registry.COUNTRIES.values()}
    codes = {key.replace("_", ""): row[1] for key, row in holidays.registry.COUNTRIES.items()} | {
        row[0].lower(): row[1] for row in holidays.registry.COUNTRIES.values()
    }
    near = closest(wanted, [*codes, *names])
    return (codes | names).get(near) if near else None


def years_to_look_at(covered: tuple[int, int]) -> range:
    """Return the years in which names are looked for, of those that the library covers."""
    return range(max(covered[0], _YEARS[0]), min(covered[1] + 1, _YEARS[1]))


def _are_texts(value: object) -> bool:
    if isinstance(value, str) or value is None:
        return True
    return isinstance(value, list | tuple) and all(isinstance(part, str) for part in value)
