"""The guide's scripts in as few and as small files as a page needs.

Only MkDocs does this (`macros.mkdocs_hooks`); where it is not done, pages load each script, and work the same.
"""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import TYPE_CHECKING

import rjsmin
from mkdocs.structure.files import File

if TYPE_CHECKING:
    from mkdocs.config.defaults import MkDocsConfig
    from mkdocs.structure.files import Files

_FOLDER = "assets/javascripts"
#: Scripts that templates load by their own names; they only lose their comments.
_ALONE = ("assets/search-on-demand.js", "assets/iframe-worker.js")


def combine_scripts(config: MkDocsConfig, files: Files) -> None:
    """Put the scripts of all pages into one file without comments, and those of the course's pages into another.

    Args:
        config: MkDocs' settings; `extra_javascript` keeps the new file and what lies elsewhere, and `extra.course_scripts`
            names that of the course.
        files: the site's files, to which the new ones are added.
    """
    for name in _ALONE:
        file = files.get_file_from_path(name)
        if file is not None and file.abs_src_path:
            content = minified(Path(file.abs_src_path).read_text("utf-8"))
            files.remove(file)
            files.append(File.generated(config, name, content=content))
    config.extra["course_scripts"] = _bundle("course", list(config.extra.get("course_scripts") or ()), config, files)
    names = [str(name) for name in config.extra_javascript]
    config.extra_javascript = _bundle("guide", names, config, files)  # type: ignore[assignment]


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
