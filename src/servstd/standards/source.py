"""Where standards come from, and how a published one stands in a catalogue: nothing here decides a verdict."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

from servstd.models import Model


class Source(Model):
    """Say where a standard comes from."""

    citation: str = ""
    """The paragraph.

    Examples: `47 CFR 76.309(c)(1)(ii)`
    """
    url: str = ""
    """Where to read it.

    Examples: `https://www.ecfr.gov/current/title-47/section-76.309`
    """
    issuer: str = ""
    """Who published it.

    Examples: `FCC`
    """
    jurisdiction: str = ""
    """Where it binds: a country, with its part after a hyphen, or `INT`.

    Examples: `US`, `UK-ENG`
    """


class Published(Model):
    """Say how a published standard stands in a catalogue: what to find it by, and how much of it the book says."""

    domain: str = ""
    """What it is about, in one word.

    Examples: `phone`, `repair`
    """
    patterns: Sequence[str] = ()
    """The shapes of its promises.

    Examples: `[deadline, rate]`
    """
    features: Sequence[str] = ()
    """What makes it hard to say.

    Examples: `[biz_days, force_majeure]`
    """
    says: Literal["full", "part"] = "full"
    """Whether the book says its source in full, or leaves out a part that would decide.

    Examples: `part`
    """
    note: str = ""
    """What is left out, or was assumed.

    Examples: `the compensation waits for consequences`
    """
