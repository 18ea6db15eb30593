"""The JSON Schema of a book, made from the models.

python tests/docs/schema.py     writes src/servstd/schema/servstd.schema.json anew; read the diff
"""

from __future__ import annotations

import json
import sys

from servstd.schema import SCHEMA_FILE
from servstd.schema.building import build_schema


def text() -> str:
    """Return the schema as it is committed."""
    return json.dumps(build_schema(), indent=1, ensure_ascii=False) + "\n"


if __name__ == "__main__":
    SCHEMA_FILE.write_text(text(), encoding="utf-8", newline="\n")
    sys.stdout.write(f"{SCHEMA_FILE.name} written anew\n")
