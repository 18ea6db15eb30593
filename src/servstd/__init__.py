"""Service-level standards: declare a promise, evaluate it over events, prove every verdict."""

from __future__ import annotations

__version__ = "0.1.0"
