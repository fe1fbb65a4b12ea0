"""A Python-Markdown extension that puts finished blocks of HTML into a page after Markdown has been read.

A list of fifty sources is some thousand tags, which Python-Markdown would parse one by one only to hand them on as they
are; that alone doubles the time of a build. With this extension a macro leaves a mark in the page, and the HTML
takes its place at the end. Both MkDocs and Zensical run Python-Markdown, so it works in both; where the extension is
not switched on, macros write their HTML into the page directly.
"""

from __future__ import annotations

import html
import itertools
import re
from typing import TYPE_CHECKING, Any

from markdown import Extension
from markdown.postprocessors import Postprocessor

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from markdown import Markdown

NAME = "macros.markdown_blocks"

#: Marks are made of characters for private use, which mean nothing to Markdown and stand in nobody's text.
_BLOCK, _SEARCHED, _INLINE, _ABOVE, _END = "\ue000b", "\ue000s", "\ue000i", "\ue000a", "\ue001"
_kept: dict[int, Callable[[], str]] = {}
_written: dict[int, str] = {}
_numbers: dict[int, Iterator[int]] = {}
_page = 0
#: More marks than any page has.
_MOST = 1_000_000
_later = False
_LINE_MARK = re.compile(f"{_INLINE}(\\d+){_END}")
_BLOCK_MARK = re.compile(f"\ue000[a-z]\\d+{_END}")
_TAG = re.compile(r"<[^>]*>")


def start_page(number: int) -> None:
    """Say which page the next marks stand on, so that they are the same in each build, whatever other pages hold.

    Args:
        number: the page's number, from 1.
    """
    global _page  # noqa: PLW0603 - macros are called by Jinja, which hands nothing on
    _page = number


def keep_block(make: Callable[[], str], *, searched: bool = False) -> str:
    """Keep a block for the page that is being rendered.

    Args:
        make: makes its HTML when it is needed. It may hold kept parts of lines.
        searched: whether the search index should hold its text.

    Returns:
        Markdown that stands for it.
    """
    return f"\n\n{_SEARCHED if searched else _BLOCK}{_keep(make)}{_END}\n\n"


def keep_above(make: Callable[[], str]) -> str:
    """Keep a block that will stand above the heading of the section in which its mark stands.

    Args:
        make: makes its HTML when it is needed.

    Returns:
        Markdown that stands for it.
    """
    return f"\n\n{_ABOVE}{_keep(make)}{_END}\n\n"


def keep_inline(make: Callable[[], str]) -> str:
    """Keep a part of a line for the page that is being rendered. The search index holds its text.

    Args:
        make: makes its HTML when it is needed.

    Returns:
        Markdown that stands for it.
    """
    return f"{_INLINE}{_keep(make)}{_END}"


def _keep(make: Callable[[], str]) -> int:
    number = _page * _MOST + next(_numbers.setdefault(_page, itertools.count(1)))
    _kept[number] = make
    return number


def put_in_searched(text: str) -> str:
    """Put the blocks that the search should find in the place of their marks.

    Args:
        text: a page, or a part of it.
    """
    return _put_in(text, _SEARCHED)


def put_in_lines(text: str) -> str:
    """Put kept parts of lines in the place of their marks, after the blocks that the search should find.

    Args:
        text: a page, or a part of it.
    """
    first, *rest = put_in_searched(text).split(_INLINE)
    parts = [first]
    for part in rest:
        number, _, after = part.partition(_END)
        made = _made(number)
        if _later and made:
            _written[int(number)] = made
        parts += (made, after)
    return "".join(parts)


def searched_text(text: str) -> str:
    """Give what the search index holds of a section, with the text of parts of lines that the page has by now.

    Args:
        text: the text that was read off the page when it still held marks, as escaped HTML.
    """
    text = _LINE_MARK.sub(_text_of_line, text)
    return _BLOCK_MARK.sub("", text).replace("<p></p>", "")


def _text_of_line(mark: re.Match[str]) -> str:
    text = html.unescape(_TAG.sub("", _written.get(int(mark[1]), "")))
    return html.escape(text, quote=False)


def put_in_blocks(text: str) -> str:
    """Put kept blocks in the place of their marks, and of the paragraph that Markdown made of each.

    Args:
        text: a page, or a part of it.
    """
    return put_in_lines(_put_in(_put_in_above(text), _BLOCK))


def _put_in(text: str, mark: str) -> str:
    first, *rest = text.split(mark)
    parts = [first]
    for part in rest:
        number, _, after = part.partition(_END)
        parts[-1] = parts[-1].removesuffix("<p>")
        parts += (_made(number), after.removeprefix("</p>"))
    return "".join(parts)


def _put_in_above(text: str) -> str:
    first, *rest = text.split(_ABOVE)
    before = first
    for part in rest:
        number, _, after = part.partition(_END)
        before = before.removesuffix("<p>")
        heading = max(before.rfind("<h2"), 0)
        before = "".join([before[:heading], _made(number), before[heading:], after.removeprefix("</p>")])
    return before


def _made(number: str) -> str:
    make = _kept.pop(int(number), None) if number.isdigit() else None
    return make() if make else ""


def put_in_later(*, later: bool) -> None:
    """Say whether somebody else will call `put_in_lines` and `put_in_blocks` on every page.

    MkDocs' hooks do, when all Markdown has been read, so that pandoc has had that time to work, and when the search has
    read the page: it takes longer over tags than over the rest.

    Args:
        later: whether it is so.
    """
    global _later  # noqa: PLW0603 - the extension is made by Python-Markdown, which hands nothing on
    _later = later
    _kept.clear()
    _written.clear()
    _numbers.clear()
    start_page(0)


def is_active(extensions: Iterable[Any] | None) -> bool:
    """Tell whether a site uses this extension.

    Args:
        extensions: `markdown_extensions` of its settings.
    """
    return any(
        extension == NAME
        or isinstance(extension, BlocksExtension)
        or (isinstance(extension, dict) and NAME in extension)
        for extension in extensions or ()
    )


class _PutIn(Postprocessor):
    def run(self, text: str) -> str:
        return text if _later else put_in_blocks(text)


class BlocksExtension(Extension):
    """Puts kept blocks into the page."""

    def extendMarkdown(self, md: Markdown) -> None:  # noqa: N802 - Python-Markdown's name
        """Register the postprocessor, after the one that restores raw HTML.

        Args:
            md: the Markdown instance.
        """
        md.postprocessors.register(_PutIn(md), "guide_blocks", 1)


def makeExtension(**options: Any) -> BlocksExtension:  # noqa: N802, ANN401 - Python-Markdown's name and types
    """Make the extension, as Python-Markdown asks for it.

    Args:
        **options: none are known.
    """
    return BlocksExtension(**options)
