"""Where the rows of a CSV begin, and what its columns are called."""

from __future__ import annotations

import csv
from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import chain, islice
from typing import NamedTuple

from servstd.errors import Problem, ReadingError
from servstd.events.options import EVENT_NAMES, TIME_NAMES, ReadOptions

MAX_COLUMNS = 10_000
SEARCHED = 50
"""How many lines are looked through for the header."""
SEPARATORS = (",", ";", "\t", "|")
_SHOWN_NAMES, _SHOWN_TEXT = 5, 40


class Head(NamedTuple):
    """What stands before the rows of a CSV.

    Args:
        written: The header as it is written; or the names that the options give.
        names: What its columns are called: each name once.
        before: How many rows of the file come before the first row of data.
        rows: The rows of data.
        notes: What a reader should know of it.
    """

    written: Sequence[str]
    names: list[str]
    before: int
    rows: Iterator[list[str]]
    notes: list[str]


def read_head(lines: Iterator[str], name: str, options: ReadOptions) -> Head:
    """Read a CSV up to its first row of data.

    The header is the first line that is not empty. Where that line lacks a column which the options name, it is the
    first of the next fifty that has them all: reports put titles above it.

    Args:
        lines: The lines of the file.
        name: Its name in messages.
        options: `header`, `skip`, `separator`, and what names columns.

    Raises:
        ReadingError: SV309 for a file without a header, SV310 for one too wide, SV311 where a numbered name is taken,
            SV333 where `skip` passes over the header or the whole file.
    """
    top = list(islice(lines, options.skip + SEARCHED))
    top[:1] = [top[0].removeprefix("\ufeff")] if top else []
    first, mark = _first_line(top)
    separator = options.separator or mark
    if options.skip:
        first = _after(top, options.skip)
        _need_lines(top, first, name, options)
    if options.header is not None:
        rows = _reader(chain(top[first:], lines), _separators(top[first:], separator, options)[0])
        names = _named(options.header)
        _refuse_wide(names, name, "`header` names")
        return Head(options.header, names, first, rows, [])
    at, separator = _place(top, first, separator, name, options)
    rows = _reader(chain(top[at:], lines), separator)
    written = _header(rows, name)
    notes = [_titles(top[first:at])] if at > first else []
    return Head(written, _numbered(_named(written), name), at + 1, rows, [*notes, *_notes(_named(written))])


def _first_line(top: Sequence[str]) -> tuple[int, str | None]:
    """Return the place of the first line that is not empty, and the separator of Excel's own mark before it."""
    first = _after(top, 0)
    line = top[first] if first < len(top) else ""
    if line.lower().startswith("sep=") and len(line.strip()) <= 5:
        return _after(top, first + 1), line.rstrip("\r\n")[4:] or ","
    return first, None


def _after(top: Sequence[str], at: int) -> int:
    while at < len(top) and not top[at].strip():
        at += 1
    return at


def _place(
    top: Sequence[str], first: int, separator: str | None, name: str, options: ReadOptions
) -> tuple[int, str]:
    """Return the line of the header, and its separator: the first line with every named column, else the first one.

    Where the first line is a single text and others are not, it is a title all the same: a name is misspelled then, and
    the message shows the names that there are.
    """
    for at in range(first, len(top)):
        sign = _fitting(top[at:], separator, options)
        if sign is not None:
            return at, sign
    skipped = (at for at in range(options.skip) if at < len(top) and _fitting(top[at:], separator, options))
    passed = next(skipped, None)
    if passed is not None:
        raise ReadingError(
            Problem(
                "SV333",
                f"the header stands in line {passed + 1}, and `skip: {options.skip}` passes over it.",
                path="skip",
                where=name,
                help=f"write `skip: {passed}`, or leave it out: titles before a header are found.",
            )
        )
    signs = [_separators(top[at:], separator, options)[0] for at in range(len(top))]
    widths = [len(_names(top[at:], signs[at])) for at in range(len(top))]
    is_title = widths[first : first + 1] == [1] and max(widths[first:]) > 1
    at = widths.index(max(widths[first:]), first) if is_title else first
    return at, signs[at] if at < len(top) else ","


def _fitting(lines: Sequence[str], separator: str | None, options: ReadOptions) -> str | None:
    """Return the separator by which a line holds every named column; None where none does."""
    signs = _separators(lines, separator, options)
    return next((sign for sign in signs if _names_all(_names(lines, sign), options)), None)


def _names(lines: Sequence[str], separator: str) -> list[str]:
    """Return the columns that a line names if it is the header, which may hold line breaks in quotes."""
    if not lines[0].strip() or lines[0].count(separator) >= MAX_COLUMNS:
        return []
    try:
        return _numbered(_named(next(_reader(iter(lines), separator), [])), "")
    except (csv.Error, ReadingError):
        return []


def _names_all(names: Sequence[str], options: ReadOptions) -> bool:
    """Return whether columns hold every one that the options name, or look for where they name none."""
    is_log = options.milestones is None
    needs_time, needs_event = is_log and options.time is None, is_log and options.event is None
    return (
        bool(names)
        and all(name in names for _, name in options.named_columns)
        and not (needs_time and set(TIME_NAMES).isdisjoint(names))
        and not (needs_event and not options.snapshots and set(EVENT_NAMES).isdisjoint(names))
    )


def _reader(lines: Iterator[str], separator: str) -> Iterator[list[str]]:
    """Return the records of lines; a blank after a separator is none of the text, so that a quote may follow it."""
    return csv.reader(lines, delimiter=separator, strict=True, skipinitialspace=separator != " ")


def _separators(lines: Sequence[str], separator: str | None, options: ReadOptions) -> list[str]:
    """Return the separators that a line may have: first the one that gives the columns of `header`, then by frequency.

    Where numbers have a decimal comma, a comma is a separator only if no other one is there.
    """
    if separator is not None:
        return [separator]
    outside = "".join(lines[0].split('"')[::2]) if lines else ""
    signs = [sign for sign in SEPARATORS if sign in outside and (sign, options.decimal) != (",", ",")]
    wanted = -1 if options.header is None else len(options.header) - 1
    return sorted(signs, key=lambda sign: (outside.count(sign) != wanted, -outside.count(sign))) or [","]


def _need_lines(top: Sequence[str], first: int, name: str, options: ReadOptions) -> None:
    if first >= len(top):
        raise ReadingError(
            Problem(
                "SV333",
                f"`skip: {options.skip}` passes over the whole file: nothing stands after line {options.skip}.",
                path="skip",
                where=name,
                help="write how many lines stand before the header, or leave it out.",
            )
        )


def _header(rows: Iterator[list[str]], name: str) -> list[str]:
    try:
        header = next(rows, None)
    except csv.Error as fault:
        raise ReadingError(Problem("SV309", f"the first line is no header: {fault}.", where=name)) from None
    if not header:
        raise ReadingError(Problem("SV309", "the file is empty: it has no header.", where=name))
    _refuse_wide(header, name, "the header has")
    if any("\0" in cell for cell in header):
        raise ReadingError(
            Problem(
                "SV309",
                "the header holds NUL bytes: this is no UTF-8 text.",
                where=name,
                help='if it is UTF-16, say `encoding="utf-16"`.',
            )
        )
    return header


def _refuse_wide(header: Sequence[str], name: str, what: str) -> None:
    if len(header) > MAX_COLUMNS:
        raise ReadingError(
            Problem("SV310", f"{what} {len(header):,} columns; at most {MAX_COLUMNS:,} are read.", where=name)
        )


def _named(written: Sequence[str]) -> list[str]:
    return [cell.strip() or f"column {place}" for place, cell in enumerate(written, start=1)]


def _numbered(names: list[str], name: str) -> list[str]:
    """Return the names with those that stand several times numbered from 1, so that none can be taken for another.

    Issue trackers write a field of several values as several columns of one name.
    """
    times, seen, found = Counter(names), Counter[str](), []
    for column in names:
        seen[column] += 1
        found.append(f"{column} {seen[column]}" if times[column] > 1 else column)
    taken = next((column for column, often in Counter(found).items() if often > 1), None)
    if taken is not None:
        raise ReadingError(
            Problem(
                "SV311",
                f"the column name `{taken:.60}` stands in the header, and is also the number of a name that stands "
                "there several times.",
                where=name,
                help="give each column its own name.",
            )
        )
    return found


def _notes(names: list[str]) -> list[str]:
    """Return the note on columns of one name, which were numbered."""
    several = {name: often for name, often in Counter(names).items() if often > 1}
    if not several:
        return []
    shown = [f"`{name:.60} 1` to `{name:.60} {often}`" for name, often in several.items()]
    more = ", …" if len(shown) > _SHOWN_NAMES else ""
    return [f"columns of one name are numbered: {', '.join(shown[:_SHOWN_NAMES])}{more}."]


def _titles(lines: Sequence[str]) -> str:
    """Return the note on the lines before the header, which are passed over."""
    text = next(line.strip() for line in lines if line.strip())
    what = "line before the header is" if len(lines) == 1 else "lines before the header are"
    return f"{len(lines)} {what} passed over: `{text:.{_SHOWN_TEXT}}`{', …' if len(lines) > 1 else ''}."
