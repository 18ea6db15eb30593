"""Cells as the options read them: which mean no value, and which are numbers."""

from __future__ import annotations

import re
from collections.abc import Callable
from itertools import islice

from servstd.durations import cell_us
from servstd.events.columns import Column
from servstd.events.options import ReadOptions
from servstd.expressions.values import Word, number_from

_DIGITS = re.compile(r"[+-]?[0-9.,]*[0-9][0-9.,]*(?:[eE][+-]?[0-9]{1,3})?")
_COMMA, _POINT = re.compile(r"(?<=[0-9]),(?=[0-9])"), re.compile(r"(?<=[0-9])\.(?=[0-9])")
_GROUPED = r"[0-9]{1,3}(?:[ \u00a0\u202f'\u2019][0-9]{3})+[.,][0-9]+"
_ODD = {
    ".": re.compile(rf"[+-]?(?:[0-9]+,[0-9]+|[0-9]{{1,3}}(?:,[0-9]{{3}})+(?:\.[0-9]+)?|{_GROUPED})"),
    ",": re.compile(rf"[+-]?(?:[0-9]+\.[0-9]+|[0-9]{{1,3}}(?:\.[0-9]{{3}})+(?:,[0-9]+)?|{_GROUPED})"),
}
"""By the decimal sign, numbers that hold the other one, or a sign between thousands."""
_SAMPLE = 1_000


def cleaned(column: Column, options: ReadOptions, *, also_empty: bool = False, null: object = None) -> Column:
    """Return the column with nulls replaced, inside objects too, and its numbers with a decimal point.

    Args:
        column: As it was read.
        options: `null_values` and `decimal`.
        also_empty: Whether an empty text is a null whatever `null_values` says.
        null: What stands for a null; None makes it "not carried".
    """
    texts = _null_texts(options, also_empty=also_empty)
    types = set(map(type, column.values))
    if types != {str} or not texts.isdisjoint(column.values):
        column = column.replaced(_null_test(texts), null)
    if dict in types:
        column = column.map([_without_nulls(value, _null_test(texts), null) for value in column.values])
    if options.decimal == ",":
        column = column.map([_with_points(value) for value in column.values])
    return column


def null_test(options: ReadOptions, *, also_empty: bool = False) -> Callable[[object], bool]:
    """Return the function that knows a null: None and the texts of `null_values`, blanks apart."""
    return _null_test(_null_texts(options, also_empty=also_empty))


def _null_texts(options: ReadOptions, *, also_empty: bool) -> set[str]:
    return {text.strip() for text in options.null_values} | ({""} if also_empty else set())


def _null_test(texts: set[str]) -> Callable[[object], bool]:
    def is_null(value: object) -> bool:
        if type(value) is str:
            return value in texts
        if value is None:
            return True
        is_empty = not isinstance(value, (dict, list)) or not value  # writing out a large one takes long
        return is_empty and str(value) in texts

    return is_null


def _without_nulls(value: object, is_null: Callable[[object], bool], null: object) -> object:
    """Return an object without its nulls, as an event is without a field that is null; or with what stands for them."""
    if type(value) is not dict:
        return value
    changed = {}
    for name, inner in value.items():
        new = (
            _without_nulls(inner, is_null, null) if type(inner) is dict else null if is_null(inner) else inner
        )
        if new is not inner or inner is None:
            changed[name] = new
    return {name: new for name, new in {**value, **changed}.items() if new is not None} if changed else value


def _with_points(value: object) -> object:
    """Return a value of a file whose numbers have a decimal comma, as one with decimal points.

    A point may mean thousands there, so that a number with one is a `Word`; with both signs it is a `Word` as well.
    """
    if type(value) is dict:
        return {name: _with_points(inner) for name, inner in value.items()}
    if type(value) is list:
        return [_with_points(inner) for inner in value]
    if type(value) is not str or not ("," in value or "." in value):
        return value
    if _DIGITS.fullmatch(value):
        return value.replace(",", ".") if "." not in value and value.count(",") == 1 else Word(value)
    if ":" in value:  # the seconds of a clock face have a fraction with either sign
        return value
    if _POINT.search(value):
        return value if cell_us(value) is None else Word(value)
    pointed = _COMMA.sub(".", value)
    return value if cell_us(pointed) is None else pointed


def odd_number(column: Column, options: ReadOptions) -> str | None:
    """Return the first text of a column that is a number with a sign which `decimal` does not name; else None."""
    texts = (value for value in islice(column.values, _SAMPLE) if isinstance(value, str))
    # With a decimal comma, what is a number has a point by now, and what is none is a `Word` or holds other signs.
    odd = (
        text
        for text in texts
        if options.decimal == "." or isinstance(text, Word) or number_from(text) is None
    )
    return next((text for text in odd if _ODD[options.decimal].fullmatch(text)), None)
