"""The command line: `python -m macros`.

One command or group of commands, one module. A new kind of scaffold (`new ...`) is a command of the group in
`macros.commands.new`; everything else is added to `main` here.
"""

from __future__ import annotations

import click

from macros.commands.check import check, fresh, stats, trees
from macros.commands.new import new
from macros.commands.publish import downloads, handbook, offline
from macros.commands.schemas import schemas
from macros.commands.source import source


@click.group(context_settings={"max_content_width": 100, "help_option_names": ["-h", "--help"]})
def main() -> None:
    """Look after the guide.

    \b
    An hour a month:
      check           what is wrong, with file, line and remedy
      fresh           which pages have to be read again, and when
      source verify   which sources have been retracted or corrected

    \b
    When there is something to add:
      source add      a source, by its DOI or from a file
      new page        a page; likewise `new tree` and `new term`

    Each says more with --help, for instance: python -m macros source add --help
    """


for command in (check, fresh, stats, new, source, trees, schemas, downloads, offline, handbook):
    main.add_command(command)
