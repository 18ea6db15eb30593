"""A slow and obvious evaluator that shares no code with servstd; where the rules are silent, see decision 0012.

It is held against the engines in `tests/differential`. Nothing here imports servstd, on purpose: an error made
twice by the same hands is still an error, but an error that is imported would never be seen.
"""

from __future__ import annotations

from oracle.book import evaluate

__all__ = ["evaluate"]
