"""The guide's scripts in as few and as small files as a page needs: one for all pages, one for those with widgets.

Only MkDocs does this (`macros.mkdocs_hooks`); where it is not done, pages load each script, and work the same.
"""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import TYPE_CHECKING

import rjsmin
from mkdocs.structure.files import File

from macros.registry import WIDGETS

if TYPE_CHECKING:
    from collections.abc import Iterable

    from mkdocs.config.defaults import MkDocsConfig
    from mkdocs.structure.files import Files
    from mkdocs.structure.pages import Page

    from macros.pages import MacroCall

_FOLDER = "assets/javascripts"
#: Must run before the theme's script, and so all that is in one file with it does; none of that needs the theme.
_FIRST = "assets/search-on-demand.js"
#: A script that the template loads by its own name; it only loses its comments.
_ALONE = "assets/iframe-worker.js"


def combine_scripts(config: MkDocsConfig, files: Files) -> None:
    """Put the scripts of all pages into one file without comments, and those of pages with widgets into another.

    Args:
        config: MkDocs' settings; `extra_javascript` keeps what lies elsewhere, `extra.one_script` names the file for all
            pages, and `extra.widget_scripts` that of the widgets.
        files: the site's files, to which the new ones are added.
    """
    file = files.get_file_from_path(_ALONE)
    if file is not None and file.abs_src_path:
        content = minified(Path(file.abs_src_path).read_text("utf-8"))
        files.remove(file)
        files.append(File.generated(config, _ALONE, content=content))
    config.extra["widget_scripts"] = _bundle("widgets", list(config.extra.get("widget_scripts") or ()), config, files)
    names = [str(name) for name in config.extra_javascript]
    if files.get_file_from_path(_FIRST) is None:  # a site whose templates are the theme's own
        config.extra_javascript = _bundle("guide", names, config, files)  # type: ignore[assignment]
        return
    config.extra["one_script"], *rest = _bundle("guide", [_FIRST, *names], config, files)
    config.extra_javascript = rest  # type: ignore[assignment]


def mark_widgets(page: Page, config: MkDocsConfig, calls: Iterable[MacroCall]) -> None:
    """Tell the template whether a page needs the widgets' scripts.

    Args:
        page: MkDocs' record of the page.
        config: MkDocs' settings.
        calls: the macros that the page calls.
    """
    config.extra["knows_widgets"] = True
    page.meta["widgets"] = any(call.name in WIDGETS for call in calls)


def _bundle(stem: str, names: list[str], config: MkDocsConfig, files: Files) -> list[str]:
    own = {name: file for name in names if (file := files.get_file_from_path(name)) is not None}
    if not own:
        return names
    content = "\n".join(minified(Path(str(file.abs_src_path)).read_text("utf-8")) for file in own.values())
    digest = hashlib.sha256(content.encode()).hexdigest()[:8]
    bundle = f"{_FOLDER}/{stem}.{digest}.js"
    files.append(File.generated(config, bundle, content=content))
    return [bundle, *(name for name in names if name not in own)]


def minified(script: str) -> str:
    """Take comments and spaces out of a script.

    Args:
        script: the script.
    """
    return str(rjsmin.jsmin(script))
