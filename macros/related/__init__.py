"""Links to a page's neighbours, found from its folder and its front matter, and never typed by hand.

No page calls a macro for them: they stand on every clinical page that lists its sources, before that list, and likewise
on the pages that open a folder. Such a page is about whatever the pages of its folder are about.
"""

from __future__ import annotations

import posixpath
from typing import TYPE_CHECKING

from macros.markdown_safe import escape
from macros.pages import SUBJECTS
from macros.terms import PHASES
from macros.texts import address

if TYPE_CHECKING:
    from collections.abc import Sequence

    from macros.guide import Guide
    from macros.pages import Page

_MOST = 6
_MOST_OF_A_FOLDER = 3

#: For the pages of a folder, the folders in which a reader would want to go on, nearest first.
_NEIGHBOURS = {
    "framework": ("mechanisms", "modalities", "phases", "evidence"),
    "mechanisms": ("modalities", "evidence"),
    "modalities": ("modalities", "phases/sheets", "mechanisms"),
    "phases": ("phases/sheets", "decisions", "safety"),
    "phases/sheets": ("phases", "decisions", "safety"),
    "decisions": ("phases", "phases/sheets", "safety"),
    "safety": ("phases", "decisions", "toolkit"),
    "toolkit": ("phases", "decisions", "safety"),
    # A module names its own pages to read, and the course leads from one to the next.
    "training": (),
    "training/cases": (),
}
#: Folders whose pages are all neighbours of each other, whatever their front matter says.
_ALL = {("mechanisms", "modalities")}


def related(page: Page, guide: Guide) -> list[Page]:
    """Give the pages that a reader of a page would want next, at most six.

    Args:
        page: the page.
        guide: the guide.
    """
    own = posixpath.dirname(page.src)
    folders = _NEIGHBOURS.get(own, (own,) if own else ())
    if _opens_a_folder(page):
        return _beside(page, guide, folders)
    found: list[tuple[int, float, int, int, str]] = []
    for other in guide.pages.values():
        folder = posixpath.dirname(other.src)
        if other.src == page.src or other.kind != "clinical" or folder not in folders:
            continue
        share, first = _shared(page, other)
        if share or (own, folder) in _ALL or own not in _NEIGHBOURS:
            found.append((folders.index(folder), -share, first, _place(other), other.src))
    found.sort()
    count: dict[int, int] = {}
    one_of_many: list[tuple[bool, int, float, int, int, str]] = []
    for one in found:
        count[one[0]] = count.get(one[0], 0) + 1
        one_of_many.append((count[one[0]] > _MOST_OF_A_FOLDER, *one))
    return [guide.pages[src] for *_, src in sorted(sorted(one_of_many)[:_MOST], key=lambda one: one[1:])]


def _opens_a_folder(page: Page) -> bool:
    """Find out whether a page is the first of a folder from which readers go on to others."""
    folder, name = posixpath.split(page.src)
    return folder in _NEIGHBOURS and name == "index.md"


def _beside(page: Page, guide: Guide, folders: Sequence[str]) -> list[Page]:
    """Give what stands beside a page that opens a folder.

    These are the pages that open the neighbouring folders, and those there that are about most of what the pages of
    its own folder are about.

    Args:
        page: the page.
        guide: the guide.
        folders: the neighbouring folders, nearest first.
    """
    own = posixpath.dirname(page.src)
    about = {one for other in guide.pages.values() if posixpath.dirname(other.src) == own for one in _subjects(other)}
    found = []
    for other in guide.pages.values():
        folder, name = posixpath.split(other.src)
        first = name == "index.md"
        if folder not in folders or folder == own:
            continue
        if first or (other.kind == "clinical" and 2 * len(about & _subjects(other)) > len(about)):
            found.append((folders.index(folder), not first, other.src))
    return [guide.pages[src] for *_, src in sorted(found)[:_MOST]]


def _subjects(page: Page) -> set[tuple[str, str]]:
    """Give what a page is about, by its front matter."""
    return {(field, value) for field in SUBJECTS for value in values(page, field)}


def values(page: Page, field: str) -> list[str]:
    """Give what a page's front matter says in a field that holds one value or a list.

    Args:
        page: the page.
        field: `mechanism`, `modality` or `phase`.
    """
    value = page.meta.get(field)
    return [str(one) for one in value] if isinstance(value, list) else [str(value)] if value else []


def _place(page: Page) -> int:
    """Give where a page stands in the order of the phases."""
    order: list[str] = list(PHASES)
    return min((order.index(one) for one in values(page, "phase")), default=len(order))


def _shared(page: Page, other: Page) -> tuple[float, int]:
    """Give how much of what another page is about a page is about, too; and where in their order it begins."""
    share, first = 0.0, max(map(len, SUBJECTS.values()))
    for field, order in SUBJECTS.items():
        theirs = values(other, field)
        both = set(values(page, field)) & set(theirs)
        if both:
            share += len(both) / len(theirs)
            first = min(first, *map(order.index, both))
    return share, first


def html(page: Page, guide: Guide) -> str:
    """Give the links as HTML, or nothing where there are none.

    Args:
        page: the page on which they will stand.
        guide: the guide.
    """
    url = page.url(use_directory_urls=guide.settings.use_directory_urls)
    items = "".join(
        f'<li><a href="{escape(address(other.src, url, guide))}">{escape(other.title)}</a>'
        f"<span>{escape(str(other.meta.get('description', '')))}</span></li>"
        for other in (related(page, guide) if page.kind == "clinical" or _opens_a_folder(page) else ())
    )
    if not items:
        return ""
    return f'<nav class="related" aria-labelledby="related"><h2 id="related">Related</h2><ul role="list">{items}</ul></nav>'
