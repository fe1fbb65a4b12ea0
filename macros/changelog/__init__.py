"""`CHANGELOG.md`, shown on a page: written once, beside the code that changes."""

from __future__ import annotations

import posixpath
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from jinja2 import pass_context

from macros.citations.macros import page_of
from macros.problems import Problem

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from pathlib import Path

    from jinja2.runtime import Context

    from macros.data_files import DataFile
    from macros.guide import Guide
    from macros.pages import Page
    from macros.settings import Settings

NAMES = frozenset({"changelog"})

FILE = "CHANGELOG.md"
_TITLE = re.compile(r"\A\s*# .*\n")
_LINK = re.compile(r"(?<!!)\[([^\]\n]+)\]\(([^)\s]+)\)")


@dataclass(frozen=True)
class Changelog:
    """Where the changelog stands.

    Attributes:
        path: the file.
        files: none of the guide's data files.
    """

    path: Path
    files: Sequence[DataFile[Any]] = ()


def load(root: Path, _settings: Settings) -> tuple[Changelog, list[Problem]]:
    """Say where the changelog stands; it is read when it is shown.

    Args:
        root: the project's root.
        _settings: not needed.
    """
    return Changelog(root / FILE), []


def check(data: Changelog, pages: Mapping[str, Page]) -> list[Problem]:
    """Find pages that show a changelog which cannot be read.

    Args:
        data: where it stands.
        pages: the pages.
    """
    calls = [(page, call) for page in pages.values() for call in page.calls if call.name == "changelog"]
    if not calls:
        return []
    try:
        data.path.read_text("utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        hint = f"Put {FILE} beside mkdocs.yml, as UTF-8, or take the call out."
        return [Problem(page.path, call.line, f"{FILE} cannot be read: {error}.", hint) for page, call in calls]
    return []


def relinked(text: str, page: str, settings: Settings) -> str:
    """Change links, which are relative to the project's root, to lead to the same from a page.

    Args:
        text: Markdown.
        page: the page that shows it, relative to the folder of pages.
        settings: they name that folder, and the repository, where all that is not on the site can be read.
    """

    def change(match: re.Match[str]) -> str:
        words, target = match.groups()
        if urlsplit(target).scheme or target.startswith("#"):
            return match[0]
        folder = settings.docs_dir + "/"
        if target.startswith(folder):
            return f"[{words}]({posixpath.relpath(target.removeprefix(folder), posixpath.dirname(page) or '.')})"
        return f"[{words}]({settings.repo_url}/blob/HEAD/{target})" if settings.repo_url else words

    return _LINK.sub(change, text)


def macros(guide: Guide) -> dict[str, Callable[..., str]]:
    """Give the macros of this feature.

    Args:
        guide: all sources.
    """

    @pass_context
    def changelog(context: Context) -> str:
        """Show what has changed, newest first."""
        text = (guide.root / FILE).read_text("utf-8-sig").replace("\r\n", "\n")
        return relinked(_TITLE.sub("", text), page_of(context, guide).src, guide.settings).strip()

    return {"changelog": changelog}
