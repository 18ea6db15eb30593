"""Run the command line as `python -m servstd`."""

from __future__ import annotations

from servstd.cli import main

if __name__ == "__main__":
    main()
