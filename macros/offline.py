"""The built site as one zip file, to be opened from a folder without a server and without a network."""

from __future__ import annotations

import html
from typing import TYPE_CHECKING

import click

from macros.archive import site_files, write_archive

if TYPE_CHECKING:
    from pathlib import Path

START = "START-HERE.html"
_FOLDER = "guide"

_PAGE = """<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="refresh" content="0; url={folder}/index.html">
<title>{name}</title>
</head>
<body>
<p><a href="{folder}/index.html">Open the guide: {name}</a></p>
</body>
</html>
"""


def write_offline(site: Path, target: Path, name: str) -> int:
    """Write a built site into a zip file.

    Args:
        site: the built site's folder.
        target: the zip file.
        name: the site's name.

    Returns:
        How many files the zip file holds.

    Raises:
        click.ClickException: if the site was not built to work from a folder.
    """
    for needed, hint in (
        ("index.html", "Build the site first: make site."),
        ("search/search_index.js", "Switch the plugin `offline` on in mkdocs.yml and build again."),
    ):
        if not (site / needed).is_file():
            raise click.ClickException(f"{site / needed} is missing. {hint}")
    start = _PAGE.format(folder=_FOLDER, name=html.escape(name)).encode()
    files = ((f"{_FOLDER}/{inside}", path.read_bytes()) for inside, path in site_files(site))
    return write_archive(target, [(START, start), *files])
