"""The sections that the search finds, kept from one build to the next.

To read all finished pages for the search takes Material's plugin about a fifth of a build, and most pages are as they were.
"""

from __future__ import annotations

import json
from importlib.metadata import version
from typing import TYPE_CHECKING, Any

from macros.cache import FOLDER, Cache

if TYPE_CHECKING:
    from pathlib import Path

    from mkdocs.structure.pages import Page

#: The plugin that reads the pages, and the name that it has among MkDocs' plugins.
PLUGIN = "material/search"


def open_cache(root: Path, before: Cache | None = None) -> Cache:
    """Give what is known of the sections of pages.

    Args:
        root: the project's root.
        before: what the last build of this process knew; nothing is written to the disk then.
    """
    if before is None:
        return Cache(root / FOLDER / "search.json", version=f"1 {version('mkdocs-material')}")
    return before.next()


def remember(index: Any, cache: Cache) -> None:  # noqa: ANN401 - Material has no types
    """Let an index read only those pages that are not known.

    Args:
        index: the index of Material's search plugin, before any page is read.
        cache: the sections of pages that were read before.
    """
    read = index.add_entry_from_context

    def add(page: Page) -> None:
        try:
            about = json.dumps([page.url, str(page.title), page.meta.get("search"), page.meta.get("tags")])
        except TypeError:  # front matter can hold what JSON cannot, such as a date
            read(page)
            return
        key = f"{about}\n{page.content}"
        known = cache.get(key)
        if known is None:
            start = len(index.entries)
            read(page)
            cache.put(key, [dict(entry) for entry in index.entries[start:]])
        else:
            index.entries += [dict(entry) for entry in known]

    index.add_entry_from_context = add
