"""The course as HTML, complete without JavaScript: questions stand open, their answers behind a disclosure."""

from __future__ import annotations

import posixpath
import random
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeVar

from macros.markdown_safe import escape
from macros.tables import with_columns
from macros.training.model import HINTS

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from macros.data_files import DataFile
    from macros.training.model import Item, Module

T = TypeVar("T")
_LETTERS = "ABCDEF"


#: What the course's script puts in place of the sentence for browsers that do not run it.
_TOOLS = (
    '<template><p class="course-where">It is kept in this browser only, and sent to nobody.</p>'
    '<p class="course-message" role="status"></p>'
    '<p><button type="button" class="tree-button" data-do="give">Save as a file</button></p>'
    '<p><label for="course-file">Add from a file </label>'
    '<input type="file" accept=".json,application/json" class="course-file" id="course-file"></p>'
    '<p><label for="record-name">Name on a printed record (not kept) </label>'
    '<input autocomplete="off" id="record-name" maxlength="80"> '
    '<button type="button" class="tree-button" data-do="print">Print the record</button></p>'
    '<p><button type="button" class="tree-button" data-do="erase">Erase</button></p>'
    '<section class="course-record" aria-label="Record of completion"><h2>Record of work on the course</h2>'
    "<p></p><p></p><ul></ul><p>Counted by the trainee’s own browser; nobody has checked it. It is no certificate, and "
    "qualifies nobody for clinical work.</p></section></template>"
)


@dataclass(frozen=True)
class Link:
    """A link to a page.

    Attributes:
        to: its address as the page that links writes it.
        title: the title of the page.
    """

    to: str
    title: str

    def __str__(self) -> str:
        """Give it as HTML."""
        return f'<a href="{escape(self.to)}">{escape(self.title)}</a>'


@dataclass(frozen=True)
class Case:
    """A branching case.

    Attributes:
        name: its name.
        title: its title.
        purpose: what it practises.
        home: the address of its page.
    """

    name: str
    title: str
    purpose: str
    home: str


def source_of(target: str, folder: str) -> str:
    """Give the file of a page that a module links to, relative to the folder of the pages.

    Args:
        target: the link.
        folder: the module's folder.
    """
    return posixpath.normpath(posixpath.join(folder, target.partition("#")[0]))


def keys_by_objective(file: DataFile[Module]) -> dict[str, tuple[str, ...]]:
    """Give the sources on which the items of each objective rest, in the order in which they are cited.

    Args:
        file: the module's file.
    """
    found: dict[str, dict[str, None]] = {name: {} for name in file.value.objectives}
    for name, item in file.value.items.items():
        for call in file.calls_in("items", name):
            if call.name != "reading":
                found.get(item.objective, {}).update(dict.fromkeys(map(str, call.args)))
    return {name: tuple(keys) for name, keys in found.items()}


def shuffled(values: Sequence[T], seed: str) -> list[T]:
    """Put values into an order that says nothing of which is right, and is the same in every build.

    Args:
        values: the values.
        seed: what the order comes from.
    """
    mixed = list(values)
    random.Random(seed).shuffle(mixed)  # noqa: S311 - nothing is secret
    return mixed


class CoursePage:
    """The course as it stands on one page."""

    def __init__(
        self,
        *,
        modules: Mapping[str, Module],
        cases: Sequence[Case],
        write: Callable[[str], str],
        cite: Callable[[Sequence[str]], str],
        link: Callable[[str], Link],
        home: Callable[[str], str],
        minutes: Callable[[str], int],
        course: Link | None,
    ) -> None:
        """Take what is known of the course and of the page.

        Args:
            modules: the modules by name, in their order.
            cases: the branching cases.
            write: writes Markdown with citations as HTML, which counts the citations.
            cite: cites sources.
            link: gives the link to a page that a module names.
            home: gives the address of a module's page.
            minutes: says how long a module takes.
            course: the link to the course's page, if there is one.
        """
        self.modules, self.minutes, self.course = modules, minutes, course
        # In the order of the modules that they belong to; those of none come last.
        order = [name for module in modules.values() for name in module.cases]
        self.cases = sorted(cases, key=lambda one: order.index(one.name) if one.name in order else len(order))
        self.write, self.cite, self.link, self.home = write, cite, link, home

    def module_link(self, name: str) -> str:
        """Give the link to a module.

        Args:
            name: its name.
        """
        module = self.modules[name]
        return f'<a href="{escape(self.home(name))}">{module.number}. {escape(module.title)}</a>'

    def header(self, name: str) -> str:
        """Give what stands at the head of a module.

        Args:
            name: its name.
        """
        module = self.modules[name]
        needed = [self.module_link(other) for other in module.prerequisites if other in self.modules]
        pages = "".join(
            f'<li data-page="{escape(one.to)}">{self.link(one.to)}. <span>{escape(one.look)}</span></li>'
            for one in module.read
        )
        return (
            f'<course-module class="module" data-module="{name}"><p class="module-facts">'
            f"<span><b>Module</b> {module.number} of {len(self.modules)}</span>"
            f"<span><b>Time</b> about {self.minutes(name)} minutes</span>"
            f"<span><b>Before it</b> {', '.join(needed) or 'nothing'}</span></p>"
            f"<h2>Questions it answers</h2>{_list(map(escape, module.questions))}"
            f"<h2>What you can do afterwards</h2>{_list(map(escape, module.objectives.values()))}"
            f'<h2>Read these pages</h2><ul class="module-read">{pages}</ul>'
            '<p class="module-note">Time is reckoned at 200 words a minute, without tables that are made from data, and a'
            " minute for each question.</p>"
            "</course-module>"
        )

    def quiz(self, name: str) -> str:
        """Give the self-check of a module.

        Args:
            name: its name.
        """
        module = self.modules[name]
        items = "".join(
            self._item(name, item_name, item, number)
            for number, (item_name, item) in enumerate(module.items.items(), 1)
        )
        results = "".join(
            f'<li data-objective="{objective}">{escape(text)} <span></span></li>'
            for objective, text in module.objectives.items()
        )
        return (
            f'<self-check class="quiz" data-module="{name}">{items}'
            f'<section class="quiz-results" aria-labelledby="quiz-results"><h3 id="quiz-results">What it tests</h3>'
            f'<ul>{results}</ul><div class="quiz-review"></div></section></self-check>'
        )

    def _item(self, module: str, name: str, item: Item, number: int) -> str:
        # Written in the file's order, in which citations are counted; shown in another.
        whys = [self.write(option.why) for option in item.options]
        order = shuffled(range(len(item.options)), f"{module}/{name}")
        head = f"q-{name}"
        answers = order if item.kind in ("one", "several") else list(range(len(item.options)))
        reasons = "".join(
            f'<li data-option="{index}"{" data-right" if item.options[index].right else ""}>'
            f"<p><b>{self._verdict(item, index, order)}</b> {self._answer(item, index)}</p>"
            f'<div class="quiz-why">{whys[index]}</div></li>'
            for index in answers
        )
        review = ", ".join(str(self.link(target)) for target in item.review)
        return (
            f'<section class="quiz-item" data-item="{name}" data-kind="{item.kind}" data-objective="{item.objective}"'
            f' aria-labelledby="{head}"><h3 id="{head}">Question {number}</h3>'
            f'<p class="quiz-ask">{escape(item.ask)} <em>{HINTS[item.kind]}</em></p>'
            f'<div class="quiz-options">{self._options(module, name, item, order)}</div>'
            f'<details class="quiz-answer"><summary>Answer and reasons</summary><ol role="list">{reasons}</ol>'
            f'<p class="quiz-pages">Read again: {review}</p></details></section>'
        )

    def _options(self, module: str, name: str, item: Item, order: Sequence[int]) -> str:
        said = "".join(f'<li data-option="{index}">{escape(item.options[index].say)}</li>' for index in order)
        options = f'<ol type="A">{said}</ol>'
        if item.kind == "match":
            right = shuffled(order, f"{module}/{name}/with")
            options += f"<p>with</p>{_list(escape(item.options[index].counterpart or '') for index in right)}"
        return options

    def _verdict(self, item: Item, index: int, order: Sequence[int]) -> str:
        letter = _LETTERS[list(order).index(index)]
        if item.kind == "order":
            return f"{index + 1}. ({letter})"
        if item.kind == "match":
            return f"{letter}."
        return f"{letter}. {'Right' if item.options[index].right else 'Wrong'}:"

    def _answer(self, item: Item, index: int) -> str:
        option = item.options[index]
        return f"{escape(option.say)}{' → ' + escape(option.counterpart) if option.counterpart else ''}"

    def footer(self, name: str) -> str:
        """Give what stands at the end of a module.

        Args:
            name: its name.
        """
        module = self.modules[name]
        following = list(self.modules)[list(self.modules).index(name) + 1 :]
        after = f"Next: {self.module_link(following[0])}. " if following else ""
        worked = [case for case in self.cases if case.name in module.cases]
        if worked:
            links = ", ".join(f'<a href="{escape(case.home)}">{escape(case.title)}</a>' for case in worked)
            after = f"Then work through: {links}. {after}"
        return (
            f'<div class="module-end"><h2>Key points</h2>{_list(map(self.write, module.key_points))}'
            f'<h2>Next in supervision</h2><div class="admonition reading"><p class="admonition-title">This guide’s reading'
            f"</p>{_list(map(escape, module.supervision))}</div>"
            f'<p class="module-next">{after}{self.course or ""}</p></div>'
        )

    def progress(self) -> str:
        """Give the modules and cases, which a script fills with the trainee's progress."""
        modules = "".join(
            f'<li data-module="{name}" data-items="{" ".join(module.items)}" data-pages="{len(module.read)}">'
            f"<h3>{self.module_link(name)}</h3><p>{escape(module.summary)} <span>About {self.minutes(name)} minutes."
            f"</span></p><details><summary>What you can do afterwards</summary><ul>"
            + "".join(
                f'<li data-items="{" ".join(module.of(objective))}">{escape(text)} <span></span></li>'
                for objective, text in module.objectives.items()
            )
            + "</ul></details></li>"
            for name, module in self.modules.items()
        )
        cases = "".join(
            f'<li data-case="{one.name}"><h3><a href="{escape(one.home)}">{escape(one.title)}</a></h3>'
            f"<p>{escape(one.purpose)} <span>{self._belongs(one)}</span></p></li>"
            for one in self.cases
        )
        return (
            '<course-progress class="course"><div class="course-state" aria-live="polite"></div>'
            f'<h2>Modules</h2><ol class="course-modules" role="list">{modules}</ol>'
            f'<h2>Branching cases</h2><ul class="course-cases" role="list">{cases}</ul>'
            '<div class="course-tools"><h2>Your progress</h2><p class="course-none">Progress is counted by a script, which '
            f"this browser does not run. Everything else works without it.</p>{_TOOLS}</div></course-progress>"
        )

    def _belongs(self, case: Case) -> str:
        """Name the module after which a case is worked through."""
        numbers = [str(module.number) for module in self.modules.values() if case.name in module.cases]
        return f"After module {numbers[0]}." if numbers else ""

    def syllabus(self, keys: Mapping[str, Mapping[str, Sequence[str]]], unused: Sequence[Link]) -> str:
        """Give what is taught and tested where, and on which sources.

        Args:
            keys: for each module and objective, the sources on which its items rest.
            unused: the pages that no module reads and no item reviews.
        """
        rows = "".join(self._syllabus_rows(name, keys[name]) for name in self.modules)
        heads = "".join(
            f'<th scope="col">{head}</th>' for head in ("Objective", "Questions", "Pages to review", "Sources")
        )
        items = sum(len(module.items) for module in self.modules.values())
        objectives = sum(len(module.objectives) for module in self.modules.values())
        left = _list(map(str, unused)) if unused else "<p>None.</p>"
        cases = _list(
            f'<a href="{escape(one.home)}">{escape(one.title)}</a> {escape(one.purpose)} {self._belongs(one)}'
            for one in self.cases
        )
        table = with_columns(
            f'<table aria-label="Objectives, items, pages and sources"><thead><tr>{heads}</tr></thead>{rows}</table>'
        )
        return (
            f'<div class="syllabus"><p>{len(self.modules)} modules, {objectives} objectives, {items} questions,'
            f" {len(self.cases)} branching cases.</p>"
            f"{table}<h2>Branching cases</h2>{cases}"
            f"<h2>Pages that the course does not use</h2><p>Clinical pages that no module asks to read and no question to"
            f" read again.</p>{left}</div>"
        )

    def _syllabus_rows(self, name: str, keys: Mapping[str, Sequence[str]]) -> str:
        module = self.modules[name]
        rows = []
        for objective, text in module.objectives.items():
            tested = module.of(objective)
            items = ", ".join(
                f'<a href="{escape(self.home(name))}#q-{item}" aria-label="Module {module.number}, question {number}">'
                f"{number}</a>"
                for number, item in enumerate(module.items, 1)
                if item in tested
            )
            targets = dict.fromkeys(target.partition("#")[0] for item in tested for target in module.items[item].review)
            pages = "; ".join(dict.fromkeys(str(self.link(target)) for target in targets))
            count = len(keys[objective])
            cited = (
                f"<details><summary>{count} source{'' if count == 1 else 's'}</summary>{self.cite(keys[objective])}"
                "</details>"
                if count
                else "This guide’s reading"
            )
            rows.append(f'<tr><th scope="row">{escape(text)}</th><td>{items}</td><td>{pages}</td><td>{cited}</td></tr>')
        return f'<tbody><tr><th colspan="4" scope="rowgroup">{self.module_link(name)}</th></tr>{"".join(rows)}</tbody>'


def _list(items: Iterable[str]) -> str:
    return f"<ul>{''.join(f'<li>{item}</li>' for item in items)}</ul>"
