"""What a verdict is: integers that can be compared."""

from dataclasses import dataclass, field

COLUMNS = (
    "outcome",
    "started_at",
    "due_at",
    "breached_at",
    "ended_at",
    "elapsed",
    "limit",
    "margin",
    "paused",
    "occurrence",
)


@dataclass
class Verdict:
    outcome: str
    started_at: int = None
    due_at: int = None
    breached_at: int = None
    ended_at: int = None
    elapsed: object = None
    limit: object = None
    margin: object = None
    paused: int = 0
    occurrence: int = 0
    standard: str = ""
    case: str = ""
    opener: object = field(default=None, repr=False)  # the opening event, or what else knows it again
    clock: object = field(default=None, repr=False)
    fields: dict = field(default=None, repr=False)

    def row(self):
        return {name: getattr(self, name) for name in ("standard", "case", *COLUMNS)}
