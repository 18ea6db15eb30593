"""Hold (semantics §4.3): a latch of the case, set by events and by a level."""

from .calendars import union
from .conditions import Facts, holds, takes


class Hold:
    """Is there a pause at or before an instant with no resume after it?"""

    def __init__(self, standard, case):
        self.standard, self.case = standard, case
        self.says = {stamp: self.said_at(stamp) for stamp in case.stamps}

    def said_at(self, stamp):
        """What a stamp says of the latch: True, False, or None where it says nothing. Pause goes before resume (§4.1)."""
        events = self.case.at(stamp)
        holds_it = any(takes(self.standard.get("pause"), event, self.case) for event in events)
        lets_go = any(takes(self.standard.get("resume"), event, self.case) for event in events)
        if (
            "pause_while" in self.standard
        ):  # the level speaks where it changes: a rise pauses, a fall resumes (silent.md 1, 34)
            level, before = self.level(stamp), self.level(stamp - 1)
            holds_it, lets_go = holds_it or (level and not before), lets_go or (before and not level)
        return False if lets_go else True if holds_it else None

    def level(self, us):
        return holds(self.standard["pause_while"], Facts(self.case.fields(us))) is True

    def before(self, us):
        return self.at(us - 1)

    def at(self, us):
        said = [
            self.says[stamp] for stamp in self.case.stamps if stamp <= us and self.says[stamp] is not None
        ]
        return bool(said) and said[-1]

    def stretches(self, upto):
        """The stretches before an instant in which it is held."""
        stamps = [stamp for stamp in self.case.stamps if stamp < upto]
        return union([(a, b) for a, b in zip(stamps, [*stamps[1:], upto], strict=False) if self.at(a)])
