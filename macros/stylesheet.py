"""All stylesheets in one file, so that a page is painted after one request instead of five.

Only MkDocs does this (`macros.mkdocs_hooks`); where it is not done, pages link to each stylesheet, and look the same.
"""

from __future__ import annotations

import hashlib
import posixpath
import re
from pathlib import Path
from typing import TYPE_CHECKING

from mkdocs.structure.files import File

if TYPE_CHECKING:
    from collections.abc import Collection

    from mkdocs.config.defaults import MkDocsConfig
    from mkdocs.structure.files import Files

#: The theme's stylesheets, in the order in which it links to them.
_THEME = (
    re.compile(r"assets/stylesheets/main\.[0-9a-f]+\.min\.css"),
    re.compile(r"assets/stylesheets/palette\.[0-9a-f]+\.min\.css"),
)
#: Forbids transitions in the moment in which colours are switched, and so whenever a page opens: the theme switches then,
#: too. Each such rule about all elements makes the browser reckon the style of the whole page twice more.
_SWITCHING = re.compile(r"\[data-md-color-switching\] \*[^{}]*\{[^{}]*\}")
_FOLDER = "assets/stylesheets"
_URL = re.compile(r"""url\(\s*(["']?)(?!data:|#|/|[a-z]+:)([^"')]+)\1\s*\)""")
_SOURCE_MAP = re.compile(r"/\*# sourceMappingURL=[^*]*\*/")
_COMMENT = re.compile(r"/\*.*?\*/", re.DOTALL)
_RULE = re.compile(r"([^{}@;]+)\{[^{}]*\}")
#: What marks the theme's rules for what only these Markdown extensions write. For tabs alone it has 140 selectors that a
#: browser tries on every element of every page.
_WRITTEN_BY = {
    ".arithmatex": ("pymdownx.arithmatex",),
    ".critic": ("pymdownx.critic",),
    ".footnote": ("footnotes", "extra", "pymdownx.extra"),
    ".highlight": (
        "codehilite",
        "fenced_code",
        "extra",
        "pymdownx.highlight",
        "pymdownx.superfences",
        "pymdownx.extra",
    ),
    ".keys": ("pymdownx.keys",),
    ".tabbed-": ("pymdownx.tabbed", "pymdownx.blocks.tab"),
    ".task-list": ("pymdownx.tasklist",),
}


def combine(config: MkDocsConfig, files: Files) -> None:
    """Put the theme's stylesheets and the guide's into one file, and tell the templates its name.

    Nothing is done if the theme is another one, or has renamed its stylesheets, or if no template of the project asks for
    the one file.

    Args:
        config: MkDocs' settings; `extra.one_stylesheet` is set, and `extra_css` keeps only what lies elsewhere.
        files: the site's files, to which the new one is added.
    """
    custom = config.theme.custom_dir
    template = Path(custom) / "main.html" if custom else None
    if template is None or not template.is_file() or "one_stylesheet" not in template.read_text("utf-8"):
        return
    theme = [[file for file in files if pattern.fullmatch(file.src_uri)] for pattern in _THEME]
    if any(len(found) != 1 for found in theme):
        return
    own = [(name, file) for name in config.extra_css if (file := files.get_file_from_path(name)) is not None]
    if not own:
        return
    parts = [_needed(_SOURCE_MAP.sub("", _text(found[0])), config.markdown_extensions) for found in theme]
    parts += [_COMMENT.sub("", _rebased(_text(file), posixpath.dirname(name))) for name, file in own]
    content = "\n".join(parts)
    digest = hashlib.sha256(content.encode()).hexdigest()[:8]
    name = f"{_FOLDER}/guide.{digest}.css"
    files.append(File.generated(config, name, content=content))
    config.extra["one_stylesheet"] = name
    taken = {taken for taken, _ in own}
    config.extra_css = [name for name in config.extra_css if name not in taken]


def _needed(css: str, extensions: Collection[str]) -> str:
    """Leave out what costs time on each page and serves none: see `_SWITCHING` and `_WRITTEN_BY`."""
    unused = [mark for mark, writers in _WRITTEN_BY.items() if not any(name in extensions for name in writers)]

    def keep(rule: re.Match[str]) -> str:
        parts = rule[1].split(",")
        return "" if any(all(mark in part for part in parts) for mark in unused) else rule[0]

    return _RULE.sub(keep, _SWITCHING.sub("", css))


def _text(file: File) -> str:
    return Path(str(file.abs_src_path)).read_text("utf-8")


def _rebased(css: str, folder: str) -> str:
    """Change addresses, which are relative to the stylesheet, to be relative to the new one."""

    def change(match: re.Match[str]) -> str:
        return f'url("{posixpath.relpath(posixpath.join(folder, match[2]), _FOLDER)}")'

    return _URL.sub(change, css)
