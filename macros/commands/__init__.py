"""The command line: `python -m macros`.

One command or group of commands, one module. A new kind of scaffold (`new ...`) is a command of the group in
`macros.commands.new`; everything else is a line in `COMMANDS`.
"""

from __future__ import annotations

import importlib

import click

#: The commands, each with its module in this folder, in the order in which the help names them.
COMMANDS = {
    "check": "check",
    "fresh": "check",
    "stats": "check",
    "trees": "check",
    "new": "new",
    "source": "source",
    "schemas": "schemas",
    "downloads": "publish",
    "offline": "publish",
    "handbook": "publish",
    "course": "course",
}


class _OnDemand(click.Group):
    """Imports a command when it is called, so that `check` need not wait for what only others use."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in COMMANDS:
            return None
        command: click.Command = getattr(importlib.import_module(f"macros.commands.{COMMANDS[cmd_name]}"), cmd_name)
        return command


@click.group(cls=_OnDemand, context_settings={"max_content_width": 100, "help_option_names": ["-h", "--help"]})
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
      new page        a page; likewise `new tree`, `new term`, `new quiz`, `new case`

    Each says more with --help, for instance: python -m macros source add --help
    """
