"""Calling a page's macros without compiling the page.

Jinja compiles every page to Python, which takes as long as all the rest that macros do. Where a page holds nothing for
Jinja but calls with constants, and Jinja's own parser and lexer have said where they stand, they can be called at once.
All other pages, and all pages under Zensical, go through Jinja.
"""

from __future__ import annotations

import functools
from copy import copy
from typing import TYPE_CHECKING, Any

from macros.citations.macros import src_of
from macros.registry import FEATURES

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from macros.guide import Guide


class PageContext:
    """What macros need of Jinja's context: the page."""

    def __init__(self, page: Any) -> None:  # noqa: ANN401 - a page of MkDocs
        self._page = page

    def get(self, name: str, default: object = None) -> Any:  # noqa: ANN401
        """Give a variable of the page's namespace.

        Args:
            name: the variable.
            default: what to give if there is none.
        """
        return self._page if name == "page" else default


def expand(guide: Guide, page: Any, markdown: str) -> str | None:  # noqa: ANN401 - a page of MkDocs
    """Give a page's Markdown with its macros called, or `None` where Jinja is needed.

    Args:
        guide: the guide.
        page: the page, as MkDocs has it.
        markdown: its Markdown.
    """
    known = guide.pages.get(src_of(page, guide))
    if known is None or known.spans is None or "render_macros" in known.meta:
        return None
    shift = len(known.body) - len(markdown)
    if shift < 0 or known.body[shift:] != markdown:
        return None  # another plugin has changed it
    macros = _macros(guide)
    context = PageContext(copy(page))  # as mkdocs-macros does: each rendering has a record of its own
    parts, end = [], 0
    for span in known.spans:
        macro, takes_context = macros[span.call.name]
        parts.append(markdown[end : span.start - shift])
        arguments = (context, *span.call.args) if takes_context else span.call.args
        parts.append(macro(*arguments, **dict(span.call.kwargs)))
        end = span.end - shift
    return "".join([*parts, markdown[end:]])


@functools.lru_cache(maxsize=2)
def _macros(guide: Guide) -> Mapping[str, tuple[Callable[..., str], bool]]:
    return {
        name: (macro, getattr(macro, "jinja_pass_arg", None) is not None)
        for feature in FEATURES
        for name, macro in feature.macros(guide).items()
    }
