"""What texts were read as, for as long as one call lasts: exports repeat themselves, and tenants share a process."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache, wraps
from typing import Concatenate, Final, ParamSpec, TypeVar

LONGEST: Final = 100
"""The longest text that is remembered, in characters: numbers, instants and lengths of time are shorter."""

_More = ParamSpec("_More")
_Read = TypeVar("_Read")
_FORGET: list[Callable[[], None]] = []


def remembered(
    most: int,
) -> Callable[[Callable[Concatenate[str, _More], _Read]], Callable[Concatenate[str, _More], _Read]]:
    """Return a decorator that remembers what short texts were read as, until a call ends that `forgets_texts`.

    Args:
        most: How many texts are remembered.

    Example:
        >>> read = remembered(100)(lambda text: text.upper())
        >>> read("soon"), read("x" * 1_000)[:3]
        ('SOON', 'XXX')
    """

    def decorate(
        function: Callable[Concatenate[str, _More], _Read],
    ) -> Callable[Concatenate[str, _More], _Read]:
        kept = lru_cache(maxsize=most)(function)
        _FORGET.append(kept.cache_clear)

        @wraps(function)
        def read(text: str, /, *args: _More.args, **named: _More.kwargs) -> _Read:
            if len(text) > LONGEST:
                return function(text, *args, **named)
            return kept(text, *args, **named)  # type: ignore[arg-type] # numbers and names of zones

        return read

    return decorate


def forgets_texts(function: Callable[_More, _Read]) -> Callable[_More, _Read]:
    """Return a function that forgets every text when it ends: one that read somebody's log.

    Another thread that is at work reads its texts anew.
    """

    @wraps(function)
    def call(*args: _More.args, **named: _More.kwargs) -> _Read:
        try:
            return function(*args, **named)
        finally:
            for forget in _FORGET:
                forget()

    return call
