"""Links from one page to another: found in the Markdown, and checked before anything is built.

The verdict is that of a strict MkDocs build, which would say so later and without a line. Anchors are those that a page's
own Markdown makes, by its headings, attribute lists and HTML; what macros write, MkDocs does not count either.
"""

from __future__ import annotations

import html
import posixpath
import re
from typing import TYPE_CHECKING
from urllib.parse import unquote

import markdown
from markdown.extensions.toc import slugify, unique

from macros.marked_out import sub
from macros.problems import Problem, nearest

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    from macros.cache import Cache
    from macros.pages import Page

#: What holds neither links nor headings: comments and fenced code; what holds no links: code in a line, calls of macros.
_NO_TEXT = re.compile(
    r"<!--.*?-->|\{#.*?#\}|^[ \t]*(?P<fence>```+|~~~+).*?(?:^[ \t]*(?P=fence)|\Z)", re.DOTALL | re.MULTILINE
)
_CODE = re.compile(r"(?P<tick>`+)(?!`).+?(?<!`)(?P=tick)(?!`)", re.DOTALL)
_CALL = re.compile(r"\{\{.*?\}\}", re.DOTALL)
_LINK = re.compile(r"\]\(\s*(?:<([^<>\n]*)>|((?:[^\s()<>]|\([^\s()]*\))+))")
_DEFINED = re.compile(r"^ {0,3}\[[^\]\n]+\]:[ \t]*<?([^\s>]+)", re.MULTILINE)
_ELSEWHERE = re.compile(r"(?:[a-zA-Z][a-zA-Z0-9+.-]*:|//)")
_HEADING = re.compile(r"^[ \t]*#{1,6}(?!#)[ \t]*(.*?)[ \t]*#*[ \t]*$|^(?=\S)(.+)\n(?:=+|-+)[ \t]*$", re.MULTILINE)
_ATTRIBUTES = re.compile(r"\{:?[ ]*((?:[.#][^}\n]+|[\w-]+=[^}\n]*))\}")
_IDENTIFIER = re.compile(r"(?:^|\s)#([^\s}]+)")
_HTML_IDENTIFIER = re.compile(r"""<[a-zA-Z][^<>]*?\b(?:id|name)\s*=\s*["']?([^"'\s>]+)""")
_MARKUP = re.compile(r"[*_`<&\\\[{]|--|\.\.\.")


def check_page_links(pages: Mapping[str, Page], docs: Path, cache: Cache | None = None) -> list[Problem]:
    """Find the links in pages that lead to no page, to no file, or to no place on a page.

    Args:
        pages: the pages, by `src`.
        docs: the folder of the pages.
        cache: the links of pages that were read before.
    """
    problems: list[Problem] = []
    known: dict[str, frozenset[str]] = {}
    for page in pages.values():
        key = f"links {page.offset}\n{page.body}"
        links = cache.get(key) if cache else None
        if links is None:
            links = list(links_of(page))
            if cache:
                cache.put(key, links)
        for target, line in links:
            if not _ELSEWHERE.match(target):
                problems += _check(target, line, page, pages, docs, known)
    return problems


def links_of(page: Page) -> Iterator[tuple[str, int]]:
    """Give the targets of a page's links and pictures, each with its line in the file.

    Args:
        page: the page.
    """
    if "](" not in page.body and "]:" not in page.body:
        return
    text = _blanked(_CALL, _readable(page.body))
    if "`" in text:
        text = _blanked(_CODE, text)
    for pattern in (_LINK, _DEFINED):
        for match in pattern.finditer(text):
            target = next(group for group in match.groups() if group is not None)
            if target and not target.startswith("^"):
                yield html.unescape(target), page.offset + 1 + text.count("\n", 0, match.start())


def anchors_of(page: Page) -> frozenset[str]:
    """Give the anchors that a page's Markdown makes.

    Args:
        page: the page.
    """
    text = _readable(page.body)
    found = set(_HTML_IDENTIFIER.findall(text))
    for match in _ATTRIBUTES.finditer(text):
        found.update(_IDENTIFIER.findall(match[1]))
    # As Python-Markdown does: headings get what is left, in their order.
    used = set(found)
    for match in _HEADING.finditer(text):
        heading = match[1] if match[1] is not None else match[2]
        attributes = _ATTRIBUTES.search(heading)
        if attributes and _IDENTIFIER.search(attributes[1]):
            continue
        bare = _ATTRIBUTES.sub("", heading).strip()
        found.add(unique(slugify(_plain(bare), "-"), used))
    return frozenset(found)


def _plain(heading: str) -> str:
    if not _MARKUP.search(heading):
        return heading
    written = markdown.markdown(heading, extensions=["smarty"])
    return html.unescape(re.sub(r"<[^>]+>", "", written))


def _readable(text: str) -> str:
    return _blanked(_NO_TEXT, text) if any(mark in text for mark in ("<!--", "{#", "```", "~~~")) else text


def _blanked(pattern: re.Pattern[str], text: str) -> str:
    """Give a text with spaces for what a pattern finds, its lines where they were."""
    return sub(pattern, lambda match: re.sub(r"[^\n]", " ", match[0]), text)


def _check(
    target: str, line: int, page: Page, pages: Mapping[str, Page], docs: Path, known: dict[str, frozenset[str]]
) -> list[Problem]:
    path, _, anchor = target.partition("#")
    path = unquote(path.partition("?")[0])
    if path.startswith("/"):
        hint = "Write the way from this page to the other's file, such as ../safety/index.md."
        return [Problem(page.path, line, f"The link `{target}` begins with a slash.", hint)]
    folder = posixpath.dirname(page.src)
    src = posixpath.normpath(posixpath.join(folder, path)) if path else page.src
    if src not in pages:
        if not src.startswith("..") and (docs / src).is_file():
            return []
        close = nearest(src, pages)
        meant = f"{posixpath.relpath(close, folder or '.')}{'#' if anchor else ''}{anchor}" if close else ""
        hint = f"Did you mean `{meant}`?" if close else "Write the way to the page's file, such as ../safety/index.md."
        return [Problem(page.path, line, f"The link `{target}` leads to no page and no file.", hint)]
    if not anchor:
        return []
    if src not in known:
        known[src] = anchors_of(pages[src])
    if unquote(anchor) in known[src]:
        return []
    close = nearest(anchor, known[src])
    listed = ", ".join(f"#{one}" for one in sorted(known[src])[:12])
    hint = (
        f"Did you mean `#{close}`?" if close else f"Its headings give: {listed}." if listed else "It has no headings."
    )
    return [Problem(page.path, line, f"The link `{target}` leads to no place on {pages[src].path}.", hint)]
