"""Decision trees: a YAML file becomes a widget, a picture, a list of all paths, and files to download."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from macros.data_files import DataFile, load_data
from macros.decision_trees.checks import check_alone, check_calls, check_links, check_together
from macros.decision_trees.export import downloads
from macros.decision_trees.html import reading_order
from macros.decision_trees.macros import NAMES, macros
from macros.decision_trees.model import Tree, is_id
from macros.problems import Problem

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from macros.pages import MacroCall, Page
    from macros.settings import Settings

__all__ = ["NAMES", "Trees", "check", "downloads", "embedded", "load", "macros"]

#: The folders of the trees and their pages, within that of the pages, with the kind of tree that each holds.
FOLDERS = {"decisions": "decision", "training/cases": "case"}


@dataclass(frozen=True)
class Trees:
    """The trees that could be read.

    Attributes:
        by_name: their files, by name.
        names: the names of all trees, with those that could not be read.
    """

    by_name: Mapping[str, DataFile[Tree]] = field(default_factory=dict)
    names: frozenset[str] = frozenset()

    @property
    def files(self) -> Sequence[DataFile[Tree]]:
        """Their files."""
        return tuple(self.by_name.values())


def load(root: Path, settings: Settings) -> tuple[Trees, list[Problem]]:
    """Read all trees.

    Args:
        root: the project's root.
        settings: the guide's settings.
    """
    by_name: dict[str, DataFile[Tree]] = {}
    names: set[str] = set()
    problems: list[Problem] = []
    docs = root / settings.docs_dir
    found = [(path, kind) for folder, kind in FOLDERS.items() for path in sorted((docs / folder).glob("*.y*ml"))]
    for path, kind in found:
        src = path.relative_to(root).as_posix()
        if path.suffix != ".yml" or not is_id(path.stem):
            hint = "Name it in lower-case letters, digits and hyphens, and end it in .yml."
            problems.append(Problem(src, 0, f"`{path.name}` cannot be the name of a tree's file.", hint))
            continue
        if path.stem in names:
            message = f"There is another tree with the name `{path.stem}`."
            problems.append(Problem(src, 0, message, "Give one of them another name."))
        names.add(path.stem)
        file, faults = load_data(root, path, Tree)
        problems += faults
        if file is not None:
            by_name[path.stem] = file
            problems += check_alone(file)
            if file.value.kind != kind:
                hint = f"Write `kind: {kind}`, or move the file."
                problems.append(
                    Problem(src, file.line("kind"), f"Trees in this folder are of the kind `{kind}`.", hint)
                )
    return Trees(by_name, frozenset(names)), problems + check_together(by_name, names)


def check(data: Trees, pages: Mapping[str, Page]) -> list[Problem]:
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


def embedded(data: Trees, call: MacroCall) -> Sequence[MacroCall]:
    """Give the citations that a call puts into a page, in the order in which they are read.

    Args:
        data: the trees.
        call: the call.
    """
    file = data.by_name.get(str(call.args[0])) if call.args else None
    if file is None or call.name == "flowchart":
        return ()
    return [one for place in reading_order(file.value) for one in file.calls_in(*place)]
