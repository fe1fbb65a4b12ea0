"""The course: a YAML file for each module becomes its head, its self-check, its end, and the course's and syllabus's pages."""

from __future__ import annotations

from typing import TYPE_CHECKING

from macros.data_files import NamedFiles, load_named
from macros.pages import MacroCall
from macros.training.checks import check_alone, check_calls, check_links, check_together, check_vignettes
from macros.training.html import keys_by_objective
from macros.training.macros import NAMES, OF_A_MODULE, WIDGETS, WITHOUT_ARGUMENTS, macros
from macros.training.model import Module, in_course_order

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from macros.pages import Page
    from macros.problems import Problem
    from macros.settings import Settings

__all__ = ["NAMES", "WIDGETS", "WITHOUT_ARGUMENTS", "check", "embedded", "load", "macros"]

#: The folder of the modules and their pages, within that of the pages.
FOLDER = "training"


def load(root: Path, settings: Settings) -> tuple[NamedFiles[Module], list[Problem]]:
    """Read all modules.

    Args:
        root: the project's root.
        settings: the guide's settings.
    """
    found, problems = load_named(root, f"{settings.docs_dir}/{FOLDER}", Module, "a module")
    for file in found.files:
        problems += check_alone(file)
    cases = {path.stem for path in (root / settings.docs_dir / FOLDER / "cases").glob("*.yml")}
    return found, problems + check_together(found.by_name, found.names, cases)


def check(data: NamedFiles[Module], pages: Mapping[str, Page]) -> list[Problem]:
    """Find links of modules that lead nowhere, modules that no page shows, faulty calls, and unlabelled stories.

    Args:
        data: the modules.
        pages: the pages, by `src`.
    """
    problems = [*check_calls(pages, OF_A_MODULE, data.names, data.by_name), *check_vignettes(pages)]
    for file in data.files:
        problems += check_links(file, pages, FOLDER)
    return problems


def embedded(data: NamedFiles[Module], call: MacroCall) -> Sequence[MacroCall]:
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
