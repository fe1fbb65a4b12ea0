"""Starts the command line: `python -m macros check` and others; they stand in `macros.commands`."""

from __future__ import annotations

from macros.commands import main

if __name__ == "__main__":
    main(prog_name="python -m macros")
