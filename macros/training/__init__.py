"""The course: a YAML file for each module becomes its head, its self-check, its end, and the course's and syllabus's pages."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from macros.data_files import DataFile, is_name, load_data
from macros.pages import MacroCall
from macros.problems import Problem
from macros.training.checks import check_alone, check_calls, check_links, check_together, check_vignettes
from macros.training.html import keys_by_objective
from macros.training.macros import NAMES, OF_A_MODULE, WITHOUT_ARGUMENTS, macros
from macros.training.model import Module, in_course_order

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from macros.pages import Page
    from macros.settings import Settings

__all__ = ["NAMES", "WITHOUT_ARGUMENTS", "Course", "check", "embedded", "load", "macros"]

#: The folder of the modules and their pages, within that of the pages.
FOLDER = "training"


@dataclass(frozen=True)
class Course:
    """The modules that could be read.

    Attributes:
        by_name: their files, by name.
        names: the names of all modules, with those that could not be read.
    """

    by_name: Mapping[str, DataFile[Module]] = field(default_factory=dict)
    names: frozenset[str] = frozenset()

    @property
    def files(self) -> Sequence[DataFile[Module]]:
        """Their files."""
        return tuple(self.by_name.values())


def load(root: Path, settings: Settings) -> tuple[Course, list[Problem]]:
    """Read all modules.

    Args:
        root: the project's root.
        settings: the guide's settings.
    """
    by_name: dict[str, DataFile[Module]] = {}
    names: set[str] = set()
    problems: list[Problem] = []
    for path in sorted((root / settings.docs_dir / FOLDER).glob("*.y*ml")):
        src = path.relative_to(root).as_posix()
        if path.suffix != ".yml" or not is_name(path.stem):
            hint = "Name it in lower-case letters, digits and hyphens, and end it in .yml."
            problems.append(Problem(src, 0, f"`{path.name}` cannot be the name of a module's file.", hint))
            continue
        names.add(path.stem)
        file, faults = load_data(root, path, Module)
        problems += faults
        if file is not None:
            by_name[path.stem] = file
            problems += check_alone(file)
    cases = {path.stem for path in (root / settings.docs_dir / FOLDER / "cases").glob("*.yml")}
    return Course(by_name, frozenset(names)), problems + check_together(by_name, names, cases)


def check(data: Course, pages: Mapping[str, Page]) -> list[Problem]:
    """Find links of modules that lead nowhere, modules that no page shows, faulty calls, and unlabelled stories.

    Args:
        data: the modules.
        pages: the pages, by `src`.
    """
    problems = [*check_calls(pages, OF_A_MODULE, data.names, data.by_name), *check_vignettes(pages)]
    for file in data.files:
        problems += check_links(file, pages, FOLDER)
    return problems


def embedded(data: Course, call: MacroCall) -> Sequence[MacroCall]:
    """Give the citations that a call puts into a page, in the order in which they are read.

    Args:
        data: the modules.
        call: the call.
    """
    if call.name == "syllabus":
        modules = {name: file.value for name, file in data.by_name.items()}
        return [
            MacroCall("cite", call.line, keys)
            for name in in_course_order(modules)
            for keys in keys_by_objective(data.by_name[name]).values()
            if keys
        ]
    part = {"quiz": "items", "module_footer": "key_points"}.get(call.name)
    file = data.by_name.get(str(call.args[0])) if part and call.args else None
    return file.calls_in(part) if file and part else ()
