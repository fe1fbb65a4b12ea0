"""The folder of the pages, listed as MkDocs lists it: links are followed, and what is not published is left out."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING

from macros.problems import Problem

if TYPE_CHECKING:
    from collections.abc import Callable

#: What MkDocs takes for a page.
SUFFIXES = (".md", ".markdown", ".mdown", ".mkdn", ".mkd")


@dataclass(frozen=True)
class DocsFolder:
    """What lies in the folder of the pages.

    Attributes:
        pages: the pages that are published, in order.
        drafts: the pages that only a served site has.
        files: all files, pages among them, published or not.
    """

    pages: tuple[str, ...] = ()
    drafts: tuple[str, ...] = ()
    files: frozenset[str] = frozenset()


def list_docs(
    root: Path, docs_dir: str, exclude_docs: str = "", draft_docs: str = ""
) -> tuple[DocsFolder, list[Problem]]:
    """List the folder of the pages.

    Args:
        root: the project's root.
        docs_dir: the folder, relative to the root.
        exclude_docs: the setting of MkDocs of that name: patterns as in a `.gitignore`, one a line.
        draft_docs: likewise.
    """
    docs = root / docs_dir
    is_excluded, is_draft = matcher(exclude_docs, with_hidden=True), matcher(draft_docs)
    found: list[str] = []
    problems: list[Problem] = []
    faults: list[OSError] = []
    for folder, subfolders, names in os.walk(docs, followlinks=True, onerror=faults.append):
        inner = Path(folder).relative_to(docs).as_posix()
        start = "" if inner == "." else f"{inner}/"
        for name in list(subfolders):
            path = Path(folder, name)
            if path.is_symlink() and Path(folder).resolve().is_relative_to(path.resolve()):
                subfolders.remove(name)
                message = "The link leads to a folder that it lies in: its pages would never end."
                problems.append(Problem(_shown(root, path), 0, message, "Take it out, or link another folder."))
        found += [f"{start}{name}" for name in names]
    for fault in faults:
        path = Path(fault.filename)
        if path == docs:
            continue  # told with the setting that names it
        if not is_excluded(path.relative_to(docs).as_posix() + "/"):
            hint = "Give yourself the right to read it, or take it out of the pages."
            problems.append(Problem(_shown(root, path), 0, f"The folder cannot be read: {fault.strerror}.", hint))
    published = [src for src in sorted(found, key=lambda src: src.split("/")) if not is_excluded(src)]
    for src in published:
        if "\\" in src:
            message = "The name holds a backslash, which MkDocs takes for the border between two folders."
            problems.append(Problem(_shown(root, docs / src), 0, message, "Rename the file."))
    pages = [src for src in published if PurePosixPath(src).suffix in SUFFIXES and "\\" not in src]
    drafts = tuple(src for src in pages if is_draft(src))
    return DocsFolder(tuple(src for src in pages if src not in drafts), drafts, frozenset(found)), problems


def matcher(patterns: str, *, with_hidden: bool = False) -> Callable[[str], bool]:
    """Give what tells whether a file matches patterns as in a `.gitignore`.

    Args:
        patterns: the patterns, one a line.
        with_hidden: whether what MkDocs never publishes matches, too.

    What is no pattern matches nothing; it is told with the setting in which it stands.
    """
    if not patterns.strip():
        # What most guides have; reading patterns takes longer than all else here.
        return _is_hidden if with_hidden else lambda _: False
    from pathspec.gitignore import GitIgnoreSpec  # noqa: PLC0415 - see above

    hidden = [".*", "/templates/"] if with_hidden else []
    try:
        return GitIgnoreSpec.from_lines([*hidden, *patterns.splitlines()]).match_file
    except ValueError:
        return matcher("", with_hidden=with_hidden)


def _is_hidden(src: str) -> bool:
    return src.startswith((".", "templates/")) or "/." in src


def _shown(root: Path, path: Path) -> str:
    return os.path.relpath(path, root).replace(os.sep, "/")
