"""What could not be used, and the sums that prove that nothing was dropped."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from servstd.escaping import printable, without_commands


@dataclass(frozen=True, slots=True)
class QuarantinedRow:
    """Hold one row, or one milestone of a row, that gave no event.

    Attributes:
        file: The file, or `rows` for rows that came from Python.
        row: As a spreadsheet counts: the header of a CSV is row 1. For other sources the first row is 1.
        code: Stable, SV320 to SV331.
        reason: What is wrong and how to mend it.
        data: The row as it was read, long values cut.
        column: The milestone or column at fault; empty when it is the whole row.
    """

    file: str
    row: int
    code: str
    reason: str
    data: Mapping[str, object] = field(default_factory=dict)
    column: str = ""

    def __post_init__(self) -> None:
        object.__setattr__(self, "reason", printable(self.reason))  # it quotes what stands in the row

    @property
    def where(self) -> str:
        """The place as messages name it: `export.csv row 17`."""
        return f"{printable(self.file)} row {self.row}"

    @property
    def why_unread(self) -> str:
        """Why a verdict that the row could change is not known."""
        return f"{self.where} could not be read: {self.reason}"

    def __str__(self) -> str:
        return without_commands(f"{self.where}  {self.code}  {self.reason}")


@dataclass(frozen=True, slots=True)
class Counts:
    """Account for every row.

    An *event found* is a row of an event table or of snapshots, and a filled cell of a milestone column; a
    row that cannot give any (ragged, not an object, no milestone filled) counts as one found and quarantined.

    Two laws always hold:

    - `found == events + quarantined + merged`
    - `rows_in == rows_used + rows_quarantined + rows_merged`, where a row is used if at least one of its
      events is in the log, merged if none is and at least one equals an event that is, and else quarantined.

    Without milestones `found == rows_in`, so `rows_in == events + quarantined + merged`.

    Attributes:
        rows_in: Rows read; the header and empty lines apart.
        found: Events found in them, usable or not.
        events: Events in the log.
        quarantined: Events found that cannot be used: the length of `log.quarantine`.
        merged: Events found that equal one of the same id.
        rows_used: Rows with an event in the log.
        rows_quarantined: Rows that gave nothing.
        rows_merged: Rows that said only what others had said.
    """

    rows_in: int = 0
    found: int = 0
    events: int = 0
    quarantined: int = 0
    merged: int = 0
    rows_used: int = 0
    rows_quarantined: int = 0
    rows_merged: int = 0
