"""What only fails while a page's macros are called, such as `{{ page.nope }}`: told with its place, as other problems are.

The macros plugin shows a traceback instead, as a warning, and ends the whole process: under `mkdocs build --quiet` without
a word.
"""

from __future__ import annotations

import traceback
from typing import TYPE_CHECKING, Any, NoReturn

import jinja2
from mkdocs_macros.errors import format_error

from macros.citations.macros import src_of
from macros.problems import Problem, refuse

if TYPE_CHECKING:
    from macros.guide import Guide

_HINT = "Mend what stands there between {{ and }} or between {% and %}."


def tell_plainly(guide: Guide) -> None:
    """Have the macros plugin tell such errors as this guide tells its problems.

    Args:
        guide: the guide that is being built.
    """

    def tell(error: Exception, markdown: str, page: Any) -> NoReturn:  # noqa: ANN401 - a page of MkDocs
        src = src_of(page, guide)
        path = f"{guide.settings.docs_dir}/{src}"
        what = str(error).rstrip(".") or type(error).__name__
        refuse([Problem(path, _line(error, markdown, src, guide), f"A macro of this page fails: {what}.", _HINT)])

    for kind in (Exception, jinja2.TemplateSyntaxError):
        format_error.register(kind, tell)


def _line(error: Exception, markdown: str, src: str, guide: Guide) -> int:
    """Give the line of the file on which an error arose, or 0."""
    lines = [frame.lineno for frame in traceback.extract_tb(error.__traceback__) if frame.filename == "<template>"]
    if isinstance(error, jinja2.TemplateSyntaxError):
        lines = [error.lineno]
    page = guide.pages.get(src)
    if not lines or not lines[-1] or page is None or not page.body.endswith(markdown):
        return 0
    return page.offset + page.body[: len(page.body) - len(markdown)].count("\n") + lines[-1]
