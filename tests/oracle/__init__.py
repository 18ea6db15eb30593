"""An independent, slow and obvious evaluator: written from the rules alone, it shares no code with servstd.

It is held against the engines in `tests/differential`. Nothing here imports servstd, on purpose: an error made
twice by the same hands is still an error, but an error that is imported would never be seen.
"""

from __future__ import annotations

from oracle.book import evaluate

__all__ = ["evaluate"]
