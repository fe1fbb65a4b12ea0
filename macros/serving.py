"""What authors see while `mkdocs serve` runs and a source is broken: the problems, on every page, until they are mended."""

from __future__ import annotations

import html
import logging
import re
from pathlib import Path
from typing import TYPE_CHECKING

from mkdocs.exceptions import Abort, MkDocsException

from macros.guide import load_guide
from macros.problems import report

if TYPE_CHECKING:
    from collections.abc import Callable

    from mkdocs.livereload import LiveReloadServer

log = logging.getLogger("mkdocs.plugins.guide")

_BODY = re.compile(r"<body\b[^>]*>")
_MARK = '<div class="serve-problems" role="alert"'
_BOX = (
    _MARK + ' style="position:relative;z-index:99;padding:1rem;background:#8c3310;color:#fff;font:16px/1.5 system-ui">'
    '<strong>{head}</strong><pre style="white-space:pre-wrap;font:14px/1.5 ui-monospace,monospace">{report}</pre></div>'
)


def tell_problems(server: LiveReloadServer, config_file: str) -> None:
    """Let a served site go on when a change breaks it: its pages stay as they were, with the problems above.

    MkDocs would hold every request back until the build succeeds.

    Args:
        server: MkDocs' server, whose `builder` is replaced.
        config_file: the path of `mkdocs.yml`.
    """
    build: Callable[[], None] = server.builder
    site = Path(server.root)

    def build_or_tell() -> None:
        try:
            build()
        except (Abort, MkDocsException, OSError) as error:
            problems = load_guide(Path(config_file).parent, config_file=config_file, render=False).problems
            # What macros refuse is told by MkDocs itself; other faults it only counts.
            text = report(problems) if problems else str(_cause(error))
            log.error("The served pages are those of before, until this is mended.")  # noqa: TRY400 - no traceback
            put_above(site, text)

    server.builder = build_or_tell


def _cause(error: Exception) -> BaseException:
    """Give what a plugin said, where MkDocs only says that there was something."""
    return error.__context__ if isinstance(error.__context__, MkDocsException) else error


def put_above(site: Path, text: str) -> None:
    """Put what is wrong above each page of a served site, in the place of what stood there before.

    Args:
        site: the folder that is served.
        text: what is wrong.
    """
    box = _BOX.format(head="This page is as it was before your last change.", report=html.escape(text))
    for file in site.rglob("*.html"):
        page = file.read_text("utf-8")
        body = _BODY.search(page)
        if body:
            rest = page[body.end() :]
            if rest.startswith(_MARK):
                rest = rest.partition("</div>")[2]
            file.write_text(page[: body.end()] + box + rest, "utf-8")
