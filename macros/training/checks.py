"""What can be wrong with modules, beyond what their format says; each fault with its line."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from macros.calls import check_named
from macros.data_files import check_claim
from macros.problems import Problem, nearest
from macros.texts import check_link, links_in
from macros.training.model import in_course_order

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Set

    from macros.data_files import DataFile, Place
    from macros.pages import Page
    from macros.training.model import Item, Module

#: Characters that are read at a glance, citations aside.
_LONGEST_POINT, _LONGEST_WHY = 260, 320
#: Fewer items than this would test an objective by luck.
LEAST_ITEMS = 2


def check_alone(file: DataFile[Module]) -> list[Problem]:
    """Find what is wrong with a module by itself.

    Args:
        file: the module's file.
    """
    module = file.value
    problems = []
    for place, text in module.texts():
        problems += check_claim(file, place, text, _LONGEST_POINT if place[0] == "key_points" else _LONGEST_WHY)
    for name, item in module.items.items():
        line = file.line("items", name, "objective")
        if item.objective not in module.objectives:
            message = f"There is no objective `{item.objective}` in this module."
            problems.append(Problem(file.path, line, message, _meant(item.objective, module.objectives)))
        problems += _check_item(file, name, item)
    for name in module.objectives:
        count = len(module.of(name))
        if count < LEAST_ITEMS:
            message = f"The objective `{name}` has {count} item{'' if count == 1 else 's'}; it needs {LEAST_ITEMS}."
            hint = f"Add an item with `objective: {name}`."
            problems.append(Problem(file.path, file.line("objectives", name), message, hint))
    return problems


def _check_item(file: DataFile[Module], name: str, item: Item) -> Iterator[Problem]:
    here = ("items", name)

    def problem(message: str, hint: str, *place: str | int) -> Problem:
        return Problem(file.path, file.line(*here, *place), message, hint)

    right = [number for number, option in enumerate(item.options) if option.right]
    if item.kind in ("one", "several"):
        if not right:
            yield problem(f"`{name}` has no right option.", "Add `right: true` to the one that is.")
        elif item.kind == "one" and len(right) > 1:
            hint = "Keep one, or make it `kind: several`."
            yield problem(f"`{name}` has {len(right)} right options, and one is chosen.", hint, "options", right[1])
        elif len(right) == len(item.options):
            yield problem(f"`{name}` has no wrong option.", "Add an error that people really make.")
    elif right:
        hint = "Options of the kinds `order` and `match` are right by their place; remove `right`."
        yield problem(f"`{name}` marks an option as right.", hint, "options", right[0])
    said: dict[str, int] = {}
    matched: dict[str, int] = {}
    for number, option in enumerate(item.options):
        line = file.line(*here, "options", number)
        folded = option.say.casefold().rstrip(".")
        if folded in said:
            message = f"`{name}` has the option “{option.say}” twice (line {said[folded]})."
            yield Problem(file.path, line, message, "Word them so that they differ, or keep one.")
        said.setdefault(folded, line)
        if item.kind != "match":
            if option.counterpart is not None:
                hint = "Make it `kind: match`, or remove `with`."
                yield problem(f"`with` stands in `{name}`, where nothing is matched.", hint, "options", number, "with")
            continue
        if option.counterpart is None:
            yield Problem(file.path, line, f"“{option.say}” is matched with nothing.", "Add `with: ...`.")
            continue
        folded = option.counterpart.casefold().rstrip(".")
        if folded in matched:
            message = f"“{option.counterpart}” is a match twice (line {matched[folded]}), so either would be right."
            yield problem(message, "Give each its own.", "options", number, "with")
        matched.setdefault(folded, line)


def _meant(name: str, known: Iterable[str]) -> str:
    names = list(known)
    close = nearest(name, names)
    return f"Did you mean `{close}`?" if close else f"There are: {', '.join(names) or 'none'}."


def check_together(files: Mapping[str, DataFile[Module]], names: Set[str], cases: Set[str]) -> list[Problem]:
    """Find what is wrong with modules beside each other.

    Args:
        files: the modules' files, by name.
        names: the names of all modules, with those that could not be read.
        cases: the names of all branching cases.
    """
    problems = []
    numbers: dict[int, str] = {}
    modules = {name: file.value for name, file in files.items()}
    for name in in_course_order(modules):
        file = files[name]
        number = file.value.number
        if number in numbers:
            message = f"Two modules have the number {number}; the other is {files[numbers[number]].path}."
            problems.append(Problem(file.path, file.line("number"), message, "Number them in the order of the course."))
        numbers.setdefault(number, name)
        for index, case in enumerate(file.value.cases):
            if case not in cases:
                message = f"There is no case `{case}`."
                problems.append(Problem(file.path, file.line("cases", index), message, _meant(case, sorted(cases))))
        for index, other in enumerate(file.value.prerequisites):
            line = file.line("prerequisites", index)
            if other not in names:
                message = f"There is no module `{other}`."
                problems.append(Problem(file.path, line, message, _meant(other, sorted(names - {name}))))
            elif other in modules and modules[other].number >= number:
                message = f"`{other}` should be worked through before this module, and comes later in the course."
                problems.append(Problem(file.path, line, message, "Change the numbers, or leave it out."))
    return problems


def check_links(file: DataFile[Module], pages: Mapping[str, Page], base: str) -> list[Problem]:
    """Find links of a module that lead to no page.

    Args:
        file: the module's file.
        pages: the pages, by `src`.
        base: the folder from which links start, relative to that of the pages.
    """
    places: list[tuple[Place, str]] = [(("read", number, "to"), one.to) for number, one in enumerate(file.value.read)]
    for name, item in file.value.items.items():
        places += [(("items", name, "review", number), target) for number, target in enumerate(item.review)]
    places += [(place, target) for place, text in file.value.texts() for target in links_in(text)]
    return [
        problem for place, target in places for problem in check_link(target, file.path, file.line(*place), pages, base)
    ]


def check_calls(
    pages: Mapping[str, Page], macro_names: Set[str], names: Set[str], files: Mapping[str, DataFile[Module]]
) -> list[Problem]:
    """Find what is wrong with the pages' calls of the macros that show a module, and modules that no page shows.

    Args:
        pages: the pages, by `src`.
        macro_names: the macros' names.
        names: the names of all modules, with those that could not be read.
        files: the modules' files, by name.
    """
    problems = []
    shown: dict[tuple[str, str], str] = {}
    for page in pages.values():
        for call in page.calls:
            if call.name not in macro_names:
                continue
            problem = check_named(call, page, names, "module", "training")
            if problem:
                problems.append(problem)
                continue
            slot = (call.name, str(call.args[0]))
            if slot in shown:
                message = f"`{call.name}()` shows `{slot[1]}` a second time; the first is in {shown[slot]}."
                problems.append(Problem(page.path, call.line, message, "Keep one, and link to it."))
            shown.setdefault(slot, page.path)
    for name, file in files.items():
        lacking = [f'{{{{ {macro}("{name}") }}}}' for macro in sorted(macro_names) if (macro, name) not in shown]
        if lacking:
            hint = f"Write {', '.join(lacking)} on its page."
            problems.append(Problem(file.path, 0, f"Parts of the module `{name}` stand on no page.", hint))
    return problems


_VIGNETTE = re.compile(r"^[ \t]*(?:!!!|\?\?\?\+?)[ \t]+vignette\b(?![^\n]*[Cc]onstructed)", re.MULTILINE)


def check_vignettes(pages: Mapping[str, Page]) -> list[Problem]:
    """Find stories of couples that do not say in their title that they are constructed.

    Args:
        pages: the pages, by `src`.
    """
    return [
        Problem(
            page.path,
            page.offset + 1 + page.body.count("\n", 0, match.start()),
            "A vignette does not say that it is constructed.",
            'Write it as !!! vignette "Constructed case".',
        )
        for page in pages.values()
        if " vignette" in page.body
        for match in _VIGNETTE.finditer(page.body)
    ]
