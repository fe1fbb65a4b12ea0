"""The command `schemas`."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from macros.commands.shared import root_option
from macros.schemas import FOLDER, schema_texts

if TYPE_CHECKING:
    from pathlib import Path


@click.command()
@root_option
def schemas(root: Path) -> None:
    """Write the JSON Schemas of the data files anew, for editors, into schemas/.

    Run it after a change of the records that read data files; a test fails until you have. A format of its own needs a
    line in macros/schemas.py and one in .vscode/settings.json.
    """
    (root / FOLDER).mkdir(exist_ok=True)
    for name, text in schema_texts().items():
        (root / FOLDER / name).write_bytes(text.encode())
        click.echo(f"{FOLDER}/{name}")
