"""A Python-Markdown extension that links the first use of a term on a page to the glossary.

It works on the tree that Markdown has made, when everything else is done with it. The tree does not say which page it is,
so whoever calls the macros says so first, in the same thread: MkDocs' hook, or `define_env` under Zensical.
"""

from __future__ import annotations

import functools
import re
import threading
from collections import Counter
from typing import TYPE_CHECKING, Any, NamedTuple
from xml.etree.ElementTree import Element

from markdown import Extension
from markdown.treeprocessors import Treeprocessor

from macros.glossary.rendering import glossary_address, term_link

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from markdown import Markdown

    from macros.glossary.model import Glossary, Term
    from macros.glossary.phrases import Found
    from macros.guide import Guide
    from macros.pages import Page

#: At most so many terms of a page are linked. Each is a stop for those who go by the Tab key.
MOST = 12

_RUNNING = frozenset({"p", "li", "td", "dd"})
_LEFT_ALONE = frozenset(
    {
        "a",
        "button",
        "code",
        "dt",
        "h1",
        "h2",
        "h3",
        "h4",
        "h5",
        "h6",
        "label",
        "pre",
        "script",
        "style",
        "summary",
        "th",
    }
)

#: What Python-Markdown puts in the place of a tag within a line.
_RAW = re.compile("\x02wzxhzdk:(\\d+)\x03")

_rendering = threading.local()


def begin(guide: Guide, src: str) -> None:
    """Say which page this thread's Markdown comes from until it is said again.

    Args:
        guide: the guide.
        src: the page.
    """
    _rendering.page = (guide, src)


class _Place(NamedTuple):
    """A term in the tree: in the text of an element, or in the text behind its child."""

    parent: Element
    child: Element | None
    found: Found[Term]


class _LinkTerms(Treeprocessor):
    def run(self, root: Element) -> None:
        guide: Guide | None
        guide, src = getattr(_rendering, "page", (None, ""))
        page = guide.pages.get(src) if guide else None
        if guide is None or page is None or any(call.name == "glossary" for call in page.calls):
            return
        href = glossary_address(guide, page)
        if href is None:
            return
        glossary: Glossary = guide.data["macros.glossary"]
        first: dict[str, _Place] = {}
        for place in self._places(root, glossary, running=False):
            first.setdefault(place.found.means.term, place)
        for name in _explained(page, glossary):
            first.pop(name, None)
        common = _pages_with(guide)
        chosen = sorted(first.values(), key=lambda place: common[place.found.means.term])[:MOST]
        # From behind, so that what stands before a link keeps its place.
        for place in sorted(chosen, key=lambda place: -place.found.start):
            _link(place, href)

    def _places(self, element: Element, glossary: Glossary, *, running: bool) -> Iterator[_Place]:
        """Give the terms in running text, in reading order."""
        if element.tag in _LEFT_ALONE or "admonition-title" in (element.get("class") or ""):
            return
        running = running or element.tag in _RUNNING
        if running and element.text:
            for found in glossary.phrases.find(self._own_text(element.text)):
                yield _Place(element, None, found)
        for child in element:
            yield from self._places(child, glossary, running=running)
            if running and child.tail:
                for found in glossary.phrases.find(self._own_text(child.tail)):
                    yield _Place(element, child, found)

    def _own_text(self, text: str) -> str:
        """Black out what stands between tags that were written as HTML, such as a label or a link."""
        stash = self.md.htmlStash.rawHtmlBlocks
        opened = -1
        for mark in _RAW.finditer(text):
            tag = str(stash[int(mark[1])])
            if not tag.startswith("</"):
                opened = mark.end() if opened < 0 else opened
            elif opened >= 0:
                text = text[:opened] + "\ue000" * (mark.start() - opened) + text[mark.start() :]
                opened = -1
        return text


def _explained(page: Page, glossary: Glossary) -> set[str]:
    """Give the terms that a page need not link: what it is about, and what its author has linked."""
    names = [page.title, *(str(call.args[0]) for call in page.calls if call.name == "term")]
    return {glossary.named[name.casefold()].term for name in names if name.casefold() in glossary.named}


@functools.lru_cache(maxsize=2)
def _pages_with(guide: Guide) -> Mapping[str, int]:
    """Count the pages on which each term stands.

    The rarer a term, the likelier that its reader needs it: "NMDA receptor" on a page, rather than "ketamine", which
    stands on all of them.
    """
    phrases = guide.data["macros.glossary"].phrases
    return Counter(
        name for page in guide.pages.values() for name in {found.means.term for found in phrases.find(page.body)}
    )


def _link(place: _Place, href: str) -> None:
    parent, child, found = place
    text = (parent.text if child is None else child.tail) or ""
    link = Element("a", term_link(found.means, href))
    link.text, link.tail = text[found.start : found.end], text[found.end :]
    if child is None:
        parent.text = text[: found.start]
        parent.insert(0, link)
    else:
        child.tail = text[: found.start]
        parent.insert(list(parent).index(child) + 1, link)


class TermsExtension(Extension):
    """Links terms to the glossary."""

    def extendMarkdown(self, md: Markdown) -> None:  # noqa: N802 - Python-Markdown's name
        """Register the treeprocessor, after those that make and check links.

        Args:
            md: the Markdown instance.
        """
        md.treeprocessors.register(_LinkTerms(md), "guide_terms", -10)


def makeExtension(**options: Any) -> TermsExtension:  # noqa: N802, ANN401 - Python-Markdown's name and types
    """Make the extension, as Python-Markdown asks for it.

    Args:
        **options: none are known.
    """
    return TermsExtension(**options)
