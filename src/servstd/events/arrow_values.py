"""Arrow arrays to Python values, by the format strings of the C data interface.

nanoarrow's own iteration aborts the process on string views with long texts (it copies variadic buffers wrongly;
seen in 0.9), and frames of polars are full of them. So only its view of the buffers is used here.

Source: https://arrow.apache.org/docs/format/CDataInterface.html and Columnar.html
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date, time, timedelta
from decimal import Decimal
from itertools import pairwise
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from servstd.errors import Problem, ReadingError
from servstd.events.values import LocalTime
from servstd.expressions.values import Duration
from servstd.intervals import Instant

MAX_DEPTH = 64
Bits: TypeAlias = NDArray[np.bool_]

_NUMBERS = {"c": "<i1", "C": "<u1", "s": "<i2", "S": "<u2", "i": "<i4", "I": "<u4", "l": "<i8", "L": "<u8",
            "e": "<f2", "f": "<f4", "g": "<f8"}  # fmt: skip
_PER_SECOND = {"s": 1, "m": 1_000, "u": 1_000_000, "n": 1_000_000_000}
_INLINE = 12  # the longest text that stands in a view itself


def values_of(array: Any, start: int = 0, count: int | None = None, depth: int = 0) -> list[Any]:
    """Return the elements `start` to `start + count` of an Arrow array as Python values, None where null.

    Args:
        array: A nanoarrow `CArray`.
        start: The first element, from the array's own beginning.
        count: How many; default: the rest.
        depth: How deep it lies in others.

    Raises:
        ReadingError: SV309 for a type that no field can hold: unions, run ends, list views.
    """
    if depth > MAX_DEPTH:
        raise ReadingError(Problem("SV310", f"a column is nested deeper than {MAX_DEPTH} levels."))
    count = array.length - start if count is None else count
    form = array.schema.format
    if form == "n" or not count:
        return [None] * count
    if array.dictionary is not None:
        values = values_of(array.dictionary, depth=depth + 1)
        codes = indices_of(array, start, count)
        return [None if code < 0 else values[code] for code in codes.tolist()]
    read = _reader(form)
    there = valid_of(array, start, count)
    found = read(array, array.offset + start, there, depth)
    if there.all():
        return found
    return [value if is_there else None for value, is_there in zip(found, there.tolist(), strict=True)]


def indices_of(array: Any, start: int, count: int) -> NDArray[np.int64]:
    """Return the indices of a dictionary array, -1 where null."""
    stored = buffer_of(array, 1, _NUMBERS[array.schema.format])[array.offset + start :][:count]
    return np.where(valid_of(array, start, count), stored.astype(np.int64), -1)


def valid_of(array: Any, start: int, count: int) -> Bits:
    """Return which elements are not null."""
    if array.null_count == 0:
        return np.ones(count, bool)
    bits = buffer_of(array, 0, "u1")
    if not len(bits):
        return np.ones(count, bool)
    return np.unpackbits(bits, bitorder="little")[array.offset + start :][:count].astype(bool)


def buffer_of(array: Any, place: int, kind: str) -> NDArray[Any]:
    """Return one of an array's buffers as numbers."""
    data = bytes(array.view().buffer(place))
    size = np.dtype(kind).itemsize
    return np.frombuffer(data[: len(data) // size * size], kind)


_Reader: TypeAlias = Callable[[Any, int, Bits, int], list[Any]]


def _reader(form: str) -> _Reader:
    for names, reader in _READERS:
        if form in names or any(name.endswith(":") and form.startswith(name) for name in names):
            return reader
    raise ReadingError(
        Problem(
            "SV309", f"a column is of an Arrow type that is not read (`{form:.20}`).", help="cast it to text."
        )
    )


def _numbers(array: Any, first: int, there: Bits, depth: int) -> list[Any]:
    del depth
    stored: list[Any] = buffer_of(array, 1, _NUMBERS[array.schema.format])[first:][: len(there)].tolist()
    return stored


def _bools(array: Any, first: int, there: Bits, depth: int) -> list[Any]:
    del depth
    bits = np.unpackbits(buffer_of(array, 1, "u1"), bitorder="little")[first:][: len(there)]
    return [bit == 1 for bit in bits.tolist()]


def _texts(array: Any, first: int, there: Bits, depth: int) -> list[Any]:
    return _decoded(_binary(array, first, there, depth), there)


def _binary(array: Any, first: int, there: Bits, depth: int) -> list[Any]:
    del depth
    ends = _offsets(array, first, len(there))
    data = bytes(array.view().buffer(2))
    return [data[start:end] for start, end in pairwise(ends)]


def _fixed_binary(array: Any, first: int, there: Bits, depth: int) -> list[Any]:
    del depth
    size = int(array.schema.format[2:])
    data = bytes(array.view().buffer(1))
    return [data[place * size : (place + 1) * size] for place in range(first, first + len(there))]


def _text_views(array: Any, first: int, there: Bits, depth: int) -> list[Any]:
    return _decoded(_binary_views(array, first, there, depth), there)


def _binary_views(array: Any, first: int, there: Bits, depth: int) -> list[Any]:
    del depth
    view = array.view()
    stored = bytes(view.buffer(1))[first * 16 : (first + len(there)) * 16]
    blocks = [bytes(view.buffer(place)) for place in range(2, view.n_buffers - 1)]
    heads = np.frombuffer(stored, "<i4").reshape(-1, 4)
    heads = np.where(there[:, None], heads, 0)  # what stands under a null is anything
    found = []
    for place, (length, _, block, offset) in enumerate(heads.tolist()):
        if length <= _INLINE:
            found.append(stored[place * 16 + 4 : place * 16 + 4 + length])
        else:
            found.append(blocks[block][offset : offset + length])
    return found


def _decoded(found: Iterable[bytes], there: Bits) -> list[Any]:
    return [text.decode() if is_there else None for text, is_there in zip(found, there.tolist(), strict=True)]


def _decimals(array: Any, first: int, there: Bits, depth: int) -> list[Any]:
    del depth
    _, scale, *bits = array.schema.format[2:].split(",")
    size = int(bits[0]) // 8 if bits else 16
    data = bytes(array.view().buffer(1))[first * size : (first + len(there)) * size]
    whole = [int.from_bytes(data[at : at + size], "little", signed=True) for at in range(0, len(data), size)]
    return [Decimal(f"{number}E{-int(scale)}") for number in whole]  # from text, since arithmetic would round


def _dates(array: Any, first: int, there: Bits, depth: int) -> list[Any]:
    del depth
    is_days = array.schema.format == "tdD"
    stored = buffer_of(array, 1, "<i4" if is_days else "<i8")[first:][: len(there)]
    days = np.where(there, stored if is_days else stored // 86_400_000, 0)
    return [_date_text(day) for day in days.tolist()]


def stamps_us(array: Any, first: int, count: int) -> NDArray[np.int64]:
    """Return timestamps as µs, local ones on their own clock; what does not fit is the greatest number."""
    unit = array.schema.format[2]
    stored = buffer_of(array, 1, "<i8")[first:][:count]
    if unit == "n":
        return stored // 1_000
    us = stored * (1_000_000 // _PER_SECOND[unit])
    return np.where(us // (1_000_000 // _PER_SECOND[unit]) == stored, us, np.iinfo(np.int64).max)


def has_zone(array: Any) -> bool:
    """Return whether timestamps are instants, and no local times."""
    return bool(array.schema.format[4:])


def _stamps(array: Any, first: int, there: Bits, depth: int) -> list[Any]:
    """Return timestamps inside objects and lists: instants, or local times as text."""
    del depth
    make = Instant if has_zone(array) else lambda us: str(LocalTime(us))
    us = np.where(there, stamps_us(array, first, len(there)), 0)
    return [make(one) for one in us.tolist()]


def _date_text(day: int) -> str:
    try:
        return (date(1970, 1, 1) + timedelta(days=day)).isoformat()
    except OverflowError:
        return f"{day} days after 1970-01-01"


def _clocks(array: Any, first: int, there: Bits, depth: int) -> list[Any]:
    del depth
    unit = array.schema.format[2]
    stored = buffer_of(array, 1, "<i4" if unit in "sm" else "<i8")[first:][: len(there)]
    us = np.where(there, stored.astype(np.int64), 0) * 1_000_000 // _PER_SECOND[unit]
    return [_clock_text(one) for one in us.tolist()]


def _clock_text(us: int) -> str:
    seconds, micros = divmod(us, 1_000_000)
    minutes, second = divmod(seconds, 60)
    hour, minute = divmod(minutes, 60)
    return time(hour % 24, minute, second, micros).isoformat()


def _spans(array: Any, first: int, there: Bits, depth: int) -> list[Any]:
    del depth
    stored = np.where(there, buffer_of(array, 1, "<i8")[first:][: len(there)], 0)
    per_second = _PER_SECOND[array.schema.format[2]]
    return [Duration(number * 1_000_000 // per_second) for number in stored.tolist()]


def _structs(array: Any, first: int, there: Bits, depth: int) -> list[Any]:
    children = [array.child(place) for place in range(array.n_children)]
    names = [child.schema.name for child in children]
    columns = [values_of(child, first, len(there), depth + 1) for child in children]
    if not columns:
        return [{} for _ in range(len(there))]
    return [dict(zip(names, row, strict=True)) for row in zip(*columns, strict=True)]


def _lists(array: Any, first: int, there: Bits, depth: int) -> list[Any]:
    ends = _offsets(array, first, len(there))
    items = values_of(array.child(0), ends[0], ends[-1] - ends[0], depth + 1)
    base = ends[0]
    return [items[start - base : end - base] for start, end in pairwise(ends)]


def _fixed_lists(array: Any, first: int, there: Bits, depth: int) -> list[Any]:
    size = int(array.schema.format[3:])
    items = values_of(array.child(0), first * size, len(there) * size, depth + 1)
    return [items[place * size : (place + 1) * size] for place in range(len(there))]


def _maps(array: Any, first: int, there: Bits, depth: int) -> list[Any]:
    entries = _lists(array, first, there, depth)
    return [{str(key): value for key, value in (pair.values() for pair in pairs)} for pairs in entries]


def _offsets(array: Any, first: int, count: int) -> list[int]:
    kind = "<i8" if array.schema.format in {"U", "Z", "+L"} else "<i4"
    ends: list[int] = buffer_of(array, 1, kind)[first:][: count + 1].tolist()
    return ends


_READERS: tuple[tuple[tuple[str, ...], _Reader], ...] = (
    (tuple(_NUMBERS), _numbers),
    (("b",), _bools),
    (("u", "U"), _texts),
    (("z", "Z"), _binary),
    (("w:",), _fixed_binary),
    (("vu",), _text_views),
    (("vz",), _binary_views),
    (("d:",), _decimals),
    (("tdD", "tdm"), _dates),
    (("tss:", "tsm:", "tsu:", "tsn:"), _stamps),
    (("tts", "ttm", "ttu", "ttn"), _clocks),
    (("tDs", "tDm", "tDu", "tDn"), _spans),
    (("+s",), _structs),
    (("+l", "+L"), _lists),
    (("+w:",), _fixed_lists),
    (("+m",), _maps),
)
