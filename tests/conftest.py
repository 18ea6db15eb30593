"""How generated input is chosen: the same in every run, unless a profile asks for more."""

from __future__ import annotations

from hypothesis import settings

settings.register_profile("same", derandomize=True, deadline=None, database=None, print_blob=True)
settings.register_profile("new", derandomize=False, deadline=None, print_blob=True)
settings.load_profile("same")
