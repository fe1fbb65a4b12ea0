"""Texts of data files as HTML: Markdown, with citations, and links to pages that are checked when the guide is loaded."""

from __future__ import annotations

import functools
import html
import posixpath
import re
from typing import TYPE_CHECKING
from xml.etree.ElementTree import Element

import markdown
from markdown.extensions import Extension
from markdown.treeprocessors import Treeprocessor

from macros.markdown_blocks import keep_inline
from macros.pages import plain_calls
from macros.problems import Problem, nearest

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from macros.guide import Guide
    from macros.pages import Page

#: What browsers leave out when they read the beginning of an address.
_IGNORED = re.compile(r"[\x00-\x20]+")
_SCHEME = re.compile(r"([a-zA-Z][a-zA-Z0-9+.-]*):")
_LINK = re.compile(r"\]\(\s*<?([^)\s>]+)")
_LINK_ELSEWHERE = re.compile(r"^ {0,3}\[[^\]]+\]:\s*<?([^\s>]+)", re.MULTILINE)


def to_html(
    text: str, page: Page, guide: Guide, call: Callable[..., str], *, base: str = "", inline: bool = False
) -> str:
    """Write a text as HTML.

    Args:
        text: Markdown, in which citations and the label of a reading may be called.
        page: the page on which it will stand, for links.
        guide: the guide.
        call: calls a macro: `call(name, *args, **kwargs)`.
        base: the folder from which its links start, relative to that of the pages.
        inline: whether the text is one paragraph, whose `<p>` is left out.
    """
    parts, end = [], 0
    for start, stop, name, args, kwargs in plain_calls(text):
        parts += [text[end:start], _whole(call(name, *args, **dict(kwargs)))]
        end = stop
    reader = _reader(page.url(use_directory_urls=guide.settings.use_directory_urls), base, guide)
    written = str(reader.reset().convert("".join([*parts, text[end:]]))).strip()
    if inline and written.startswith("<p>") and written.endswith("</p>") and written.count("<p>") == 1:
        return written[3:-4]
    return written


def _whole(fragment: str) -> str:
    """Keep a fragment of HTML from Markdown; what is already kept stays as it is."""
    return keep_inline(lambda: fragment) if "<" in fragment else fragment


@functools.lru_cache(maxsize=256)
def _reader(url: str, base: str, guide: Guide) -> markdown.Markdown:
    return markdown.Markdown(extensions=["tables", "sane_lists", _Links(url, base, guide)], output_format="html")


class _Links(Extension):
    def __init__(self, url: str, base: str, guide: Guide) -> None:
        super().__init__()
        self.url, self.base, self.guide = url, base, guide

    def extendMarkdown(self, md: markdown.Markdown) -> None:  # noqa: N802 - Python-Markdown's name
        md.treeprocessors.register(_LinkProcessor(md, self.url, self.base, self.guide), "guide_links", 5)
        # What looks like HTML is text; `load_data` has refused it already.
        md.preprocessors.deregister("html_block")
        md.inlinePatterns.deregister("html")


class _LinkProcessor(Treeprocessor):
    def __init__(self, md: markdown.Markdown, url: str, base: str, guide: Guide) -> None:
        super().__init__(md)
        self.url, self.base, self.guide = url, base, guide

    def run(self, root: Element) -> None:
        for link in root.iter("a"):
            link.set("href", address(link.get("href", ""), self.url, self.guide, self.base))
        for element in root.iter():
            for name in ("href", "src"):
                if _would_run(html.unescape(element.get(name, ""))):
                    del element.attrib[name]


def _would_run(target: str) -> bool:
    """Tell whether a browser would do something else with an address than to go or to write there."""
    scheme = _SCHEME.match(_IGNORED.sub("", target))
    return scheme is not None and scheme[1].lower() not in ("http", "https", "mailto")


def address(target: str, url: str, guide: Guide, base: str = "") -> str:
    """Give the address of a page as a page links to it.

    Args:
        target: the page's file, such as `../safety/screening.md#violence`; or a web address.
        url: the address of the page that links, relative to the site's root.
        guide: the guide.
        base: the folder from which `target` starts, relative to that of the pages.
    """
    src, hash_, anchor = target.partition("#")
    page = guide.pages.get(posixpath.normpath(posixpath.join(base, src)))
    if page is None:
        return target
    return relative(page.url(use_directory_urls=guide.settings.use_directory_urls), url) + hash_ + anchor


def relative(url: str, page_url: str) -> str:
    """Give the way from a page to an address, both relative to the site's root.

    Args:
        url: the address.
        page_url: the page's address.
    """
    path = posixpath.relpath(url or ".", posixpath.dirname(page_url) or ".")
    return f"{path}/" if url.endswith("/") or not url else path


def links_in(text: str) -> list[str]:
    """Give the targets of a text's links.

    Args:
        text: Markdown.
    """
    return _LINK.findall(text) + _LINK_ELSEWHERE.findall(text)


def check_link(target: str, path: str, line: int, pages: Mapping[str, Page], base: str = "") -> list[Problem]:
    """Find out whether a link of a data file leads to no page.

    Args:
        target: the link: a page's file, or a web address.
        path: the data file.
        line: the line on which the link stands.
        pages: the pages, by `src`.
        base: the folder from which `target` starts, relative to that of the pages.
    """
    if target.startswith(("https://", "http://", "mailto:", "#")):
        return []
    src = posixpath.normpath(posixpath.join(base, target.partition("#")[0]))
    if src in pages:
        return []
    close = nearest(src, pages)
    meant = posixpath.relpath(close, base or ".") if close else ""
    hint = f"Did you mean `{meant}`?" if close else "Write the way to the page's file, such as ../safety/index.md."
    return [Problem(path, line, f"There is no page `{target}`.", hint)]
