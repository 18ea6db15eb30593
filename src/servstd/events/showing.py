"""A log in a notebook: how many events of each kind, and what could not be used."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

import numpy as np

from servstd.escaping import as_html

if TYPE_CHECKING:
    from servstd.events.log import Log

_KINDS, _ROWS, _NAMES = 12, 5, 12


def log_html(log: Log, summary: str) -> str:
    """Return a log as HTML; every text is escaped.

    Args:
        log: The log.
        summary: It in one line.
    """
    names = ", ".join([*log.fields][:_NAMES]) + (", …" if len(log.fields) > _NAMES else "")
    parts = [f"<p><b>Log</b>: {as_html(summary)}</p>"]
    parts += [f"<p>Fields: {as_html(names)}</p>"] if names else []
    parts += [_kinds(log), _quarantine(log)]
    notes = "".join(f"<li>{as_html(note)}</li>" for note in log.notes)
    return "".join([*parts, f"<ul>{notes}</ul>" if notes else ""])


def _kinds(log: Log) -> str:
    counts = np.bincount(log.kind_codes, minlength=len(log.kinds)).tolist()
    every = sorted(zip(counts, log.kinds, strict=True), key=lambda one: (-one[0], one[1]))
    rows = [(f"{count:,}", kind) for count, kind in every[:_KINDS]]
    rows += [("", f"… {len(every) - _KINDS:,} more kinds")] if len(every) > _KINDS else []
    return _table(("events", "kind"), rows) if rows else ""


def _quarantine(log: Log) -> str:
    if not log.quarantine:
        return ""
    rows = [(one.where, one.code, one.reason) for one in log.quarantine[:_ROWS]]
    more = f", the first {_ROWS}" if len(log.quarantine) > _ROWS else ""
    return f"<p>In quarantine: {len(log.quarantine):,}{more}</p>" + _table(("row", "code", "why"), rows)


def _table(header: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    def line(cells: Sequence[str], tag: str) -> str:
        return "<tr>" + "".join(f"<{tag}{_LEFT}>{as_html(cell)}</{tag}>" for cell in cells) + "</tr>"

    body = "".join(line(row, "td") for row in rows)
    return f"<table><thead>{line(header, 'th')}</thead><tbody>{body}</tbody></table>"


_LEFT = ' style="text-align:left;padding:.15em .6em"'
