"""Files of standards as plain data with positions: YAML, JSON and TOML through one set of limits.

YAML is read by the core schema of YAML 1.2, so `22:30`, `no` and `on` are text; numbers are exact; equal
keys, tags and bombs are refused. Every value knows its line and column.
"""

from __future__ import annotations

from servstd.files.document import Document, Place
from servstd.files.reading import FORMATS, format_of, parse_document, read_document
from servstd.files.yaml_writer import dump_yaml

__all__ = ["FORMATS", "Document", "Place", "dump_yaml", "format_of", "parse_document", "read_document"]
