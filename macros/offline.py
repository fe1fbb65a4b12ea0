"""The built site as one zip file, to be opened from a folder without a server and without a network."""

from __future__ import annotations

import html
import zipfile
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from pathlib import Path

START = "START-HERE.html"
_FOLDER = "guide"
#: What only servers, search engines or developers need.
_LEFT_OUT = ("404.html", "sitemap.xml", "sitemap.xml.gz", "search/search_index.json")
_DATE = (1980, 1, 1, 0, 0, 0)  # the same site gives the same bytes

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
    files = [path for path in sorted(site.rglob("*")) if path.is_file()]
    names = [(path.relative_to(site).as_posix(), path) for path in files]
    target.parent.mkdir(parents=True, exist_ok=True)
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as archive:

        def put(inside: str, content: bytes) -> None:
            entry = zipfile.ZipInfo(inside, _DATE)
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.external_attr = 0o644 << 16
            archive.writestr(entry, content)

        put(START, _PAGE.format(folder=_FOLDER, name=html.escape(name)).encode())
        for inside, path in names:
            if inside not in _LEFT_OUT and path.suffix != ".map":
                put(f"{_FOLDER}/{inside}", path.read_bytes())
        return len(archive.namelist())
