"""The example that comes with servstd: six promises and a small log."""

from __future__ import annotations
