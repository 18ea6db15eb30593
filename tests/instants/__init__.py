"""A slow, plain oracle for servstd: every question is asked of the whole set of events."""

from .evaluate import attainments, evaluate

__all__ = ["attainments", "evaluate"]
