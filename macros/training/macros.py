"""What pages call: `module_header`, `quiz`, `module_footer`, `course_progress`, `syllabus`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from jinja2 import pass_context

from macros.calls import caller
from macros.citations.macros import page_of
from macros.markdown_safe import block
from macros.stats import words
from macros.texts import address, relative, to_html
from macros.training import html
from macros.training.model import in_course_order

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from jinja2.runtime import Context

    from macros.data_files import DataFile
    from macros.expansion import PageContext
    from macros.guide import Guide
    from macros.pages import Page
    from macros.training.model import Module

#: Macros that show one module, named between their brackets.
OF_A_MODULE = frozenset({"module_header", "quiz", "module_footer"})
WITHOUT_ARGUMENTS = frozenset({"course_progress", "syllabus"})
NAMES = OF_A_MODULE | WITHOUT_ARGUMENTS
WIDGETS = frozenset({"module_header", "quiz", "course_progress"})
_FOLDER = "training"


def macros(guide: Guide) -> dict[str, Callable[..., str]]:
    """Give the macros of this feature.

    Args:
        guide: the guide that they look things up in.
    """
    calls = caller(guide)
    files: Mapping[str, DataFile[Module]] = guide.data["macros.training"].by_name
    modules = {name: files[name].value for name in in_course_order({name: one.value for name, one in files.items()})}
    kept = guide.settings.keeps_blocks

    def url(page: Page) -> str:
        return page.url(use_directory_urls=guide.settings.use_directory_urls)

    def view(page: Page, context: Context | PageContext) -> html.CoursePage:
        call = calls(context)

        def link(target: str) -> html.Link:
            src = html.source_of(target, _FOLDER)
            title = guide.pages[src].title if src in guide.pages else target
            return html.Link(address(target, url(page), guide, _FOLDER), title)

        return html.CoursePage(
            modules=modules,
            write=lambda text: to_html(text, page, guide, call, base=_FOLDER, inline=True),
            cite=lambda keys: call("cite", *keys),
            link=link,
            home=lambda name: relative(url(_page_of(guide, name)), url(page)),
            minutes=lambda name: minutes_of(guide, name, modules[name]),
            course=link("index.md") if f"{_FOLDER}/index.md" in guide.pages else None,
            cases=[
                html.Case(name, file.value.title, file.value.purpose, relative(url(home), url(page)))
                for name, file in guide.data["macros.decision_trees"].by_name.items()
                if file.value.kind == "case" and (home := guide.page_with("decision_tree", name)) is not None
            ],
        )

    @pass_context
    def module_header(context: Context | PageContext, name: str) -> str:
        """Say what a module is about, what it asks for, and what to read."""
        head = view(page_of(context, guide), context).header(name)
        return block(lambda: head, kept=kept)

    @pass_context
    def quiz(context: Context | PageContext, name: str) -> str:
        """Show a module's self-check."""
        items = view(page_of(context, guide), context).quiz(name)
        return block(lambda: items, kept=kept)

    @pass_context
    def module_footer(context: Context | PageContext, name: str) -> str:
        """Close a module: what to keep, what to do in supervision, what comes next."""
        end = view(page_of(context, guide), context).footer(name)
        return block(lambda: end, kept=kept, searched=True)

    @pass_context
    def course_progress(context: Context | PageContext) -> str:
        """List the modules and cases, with the trainee's progress."""
        course = view(page_of(context, guide), context).progress()
        return block(lambda: course, kept=kept)

    @pass_context
    def syllabus(context: Context | PageContext) -> str:
        """Show what is taught and tested where, and on which sources."""
        course = view(page_of(context, guide), context)
        used = {html.source_of(target, _FOLDER) for module in modules.values() for target in module.pages()}
        unused = [
            course.link(relative(page.src, f"{_FOLDER}/index.md"))
            for page in guide.pages.values()
            if page.kind == "clinical" and page.src not in used and not page.src.startswith(f"{_FOLDER}/")
        ]
        rows = course.syllabus({name: html.keys_by_objective(files[name]) for name in modules}, unused)
        return block(lambda: rows, kept=kept)

    return {
        "module_header": module_header,
        "quiz": quiz,
        "module_footer": module_footer,
        "course_progress": course_progress,
        "syllabus": syllabus,
    }


def _page_of(guide: Guide, name: str) -> Page:
    page = guide.page_with("quiz", name)
    assert page is not None  # noqa: S101 - a guide with a module that no page shows is not rendered
    return page


def minutes_of(guide: Guide, name: str, module: Module) -> int:
    """Reckon how long a module takes: its page and those to read, at 200 words a minute, and a minute for each item.

    What people read in a minute varies much; the pages say how it was reckoned.

    Args:
        guide: the guide.
        name: the module's name.
        module: the module.
    """
    pages = {_page_of(guide, name).src, *(html.source_of(one.to, _FOLDER) for one in module.read)}
    read = sum(words(guide.pages[src].body) for src in pages if src in guide.pages)
    return max(5, round((read / 200 + len(module.items)) / 5) * 5)
