"""Zip files that are the same bytes for the same content."""

from __future__ import annotations

import zipfile
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

_DATE = (1980, 1, 1, 0, 0, 0)  # the first that the format knows
#: What only servers, search engines or developers need of a built site.
_LEFT_OUT = ("404.html", "sitemap.xml", "sitemap.xml.gz", "search/search_index.json")


def write_archive(target: Path, files: Iterable[tuple[str, bytes]]) -> int:
    """Write a zip file, and its folder if that is missing.

    Args:
        target: the zip file.
        files: what it holds, by the path within it, in order.

    Returns:
        How many files it holds.
    """
    target.parent.mkdir(parents=True, exist_ok=True)
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as archive:
        for inside, content in files:
            entry = zipfile.ZipInfo(inside, _DATE)
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.external_attr = 0o644 << 16
            archive.writestr(entry, content)
        return len(archive.namelist())


def site_files(site: Path) -> list[tuple[str, Path]]:
    """Give the files of a built site that are read without a server, by their path within it, in order.

    Args:
        site: the built site's folder.
    """
    found = [(path.relative_to(site).as_posix(), path) for path in sorted(site.rglob("*")) if path.is_file()]
    return [(inside, path) for inside, path in found if inside not in _LEFT_OUT and path.suffix != ".map"]
