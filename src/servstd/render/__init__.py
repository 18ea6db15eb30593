"""Rendering: one file a format, each with `render(report) -> str`."""

from __future__ import annotations
