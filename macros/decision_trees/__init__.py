"""Decision trees: a YAML file becomes a widget, a picture, a list of all paths, and files to download."""

from __future__ import annotations

from typing import TYPE_CHECKING

from macros.data_files import NamedFiles, load_named
from macros.decision_trees.checks import check_alone, check_calls, check_links, check_together
from macros.decision_trees.export import downloads
from macros.decision_trees.html import reading_order
from macros.decision_trees.macros import NAMES, WIDGETS, macros
from macros.decision_trees.model import Tree
from macros.problems import Problem

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from macros.data_files import DataFile
    from macros.pages import MacroCall, Page
    from macros.settings import Settings

__all__ = ["NAMES", "WIDGETS", "check", "downloads", "embedded", "load", "macros"]

#: The folders of the trees and their pages, within that of the pages, with the kind of tree that each holds.
FOLDERS = {"decisions": "decision", "training/cases": "case"}


def load(root: Path, settings: Settings) -> tuple[NamedFiles[Tree], list[Problem]]:
    """Read all trees.

    Args:
        root: the project's root.
        settings: the guide's settings.
    """
    by_name: dict[str, DataFile[Tree]] = {}
    names: set[str] = set()
    problems: list[Problem] = []
    for folder, kind in FOLDERS.items():
        found, faults = load_named(root, f"{settings.docs_dir}/{folder}", Tree, "a tree")
        problems += faults
        for name in sorted(names & found.names):
            message = f"There is another tree with the name `{name}`."
            path = f"{settings.docs_dir}/{folder}/{name}.yml"
            problems.append(Problem(path, 0, message, "Give one of them another name."))
        for file in found.files:
            problems += check_alone(file)
            if file.value.kind != kind:
                message = f"Trees in this folder are of the kind `{kind}`."
                hint = f"Write `kind: {kind}`, or move the file."
                problems.append(Problem(file.path, file.line("kind"), message, hint))
        by_name |= found.by_name
        names |= found.names
    return NamedFiles(by_name, frozenset(names)), problems + check_together(by_name, names)


def check(data: NamedFiles[Tree], pages: Mapping[str, Page]) -> list[Problem]:
    """Find links of trees that lead nowhere, trees that no page shows, and faulty calls.

    Args:
        data: the trees.
        pages: the pages, by `src`.
    """
    problems = check_calls(pages, NAMES, data.names, data.by_name)
    for file in data.files:
        folder = next(one for one, kind in FOLDERS.items() if kind == file.value.kind)
        problems += check_links(file, pages, folder)
    return problems


def embedded(data: NamedFiles[Tree], call: MacroCall) -> Sequence[MacroCall]:
    """Give the citations that a call puts into a page, in the order in which they are read.

    Args:
        data: the trees.
        call: the call.
    """
    file = data.by_name.get(str(call.args[0])) if call.args else None
    if file is None or call.name == "flowchart":
        return ()
    return [one for place in reading_order(file.value) for one in file.calls_in(*place)]
