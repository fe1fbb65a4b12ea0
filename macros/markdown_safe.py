"""HTML that Python-Markdown hands on untouched."""

from __future__ import annotations

import html
import re
from typing import TYPE_CHECKING

from macros.markdown_blocks import keep_block, keep_inline

if TYPE_CHECKING:
    from collections.abc import Callable

#: Characters that Markdown and the extensions in use would read as markup when they stand in inline HTML's text.
_MARKDOWN = re.compile(r"[\\`*_{}\[\]()#+!|~^=:\"'<>&$-]")
_KEEP = re.compile(r"<[^>]*>|&(?:#\d+|#x[0-9a-fA-F]+|\w+);")
_HARMLESS = frozenset("()'\":-#+!=&<>$")


def escape(text: str) -> str:
    """Escape text for HTML, so that a script in a source is shown and never run.

    Args:
        text: any text.
    """
    return html.escape(text, quote=True)


def escape_markdown(fragment: str) -> str:
    """Make inline HTML safe from Markdown: its tags and entities stay, and no letter of its text is read as markup.

    Args:
        fragment: HTML without line breaks.
    """
    result, end = [], 0
    for match in _KEEP.finditer(fragment):
        result.append(_MARKDOWN.sub(_entity, fragment[end : match.start()]))
        result.append(match[0])
        end = match.end()
    result.append(_MARKDOWN.sub(_entity, fragment[end:]))
    return "".join(result)


def _entity(match: re.Match[str]) -> str:
    char = match[0]
    return char if char in _HARMLESS else f"&#{ord(char)};"


def inline(make: Callable[[], str], *, kept: bool) -> str:
    """Hand a part of a line to Markdown.

    Args:
        make: makes its HTML.
        kept: whether `macros.markdown_blocks` is switched on, which spares Markdown the reading of it.
    """
    return keep_inline(make) if kept else escape_markdown(make())


def block(make: Callable[[], str], *, kept: bool, searched: bool = False) -> str:
    """Hand a block to Markdown.

    Args:
        make: makes its HTML, whose outermost element is a block.
        kept: whether `macros.markdown_blocks` is switched on.
        searched: whether the search should find its text.
    """
    return keep_block(make, searched=searched) if kept else f"\n\n{make().replace(chr(10), ' ')}\n\n"
