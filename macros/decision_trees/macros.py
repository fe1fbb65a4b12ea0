"""What pages call: `decision_tree`, `flowchart`, `tree_outcomes`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from jinja2 import pass_context

from macros.calls import caller
from macros.citations.macros import page_of
from macros.decision_trees import export
from macros.decision_trees.flowchart import draw
from macros.decision_trees.html import TreePage, reading_order, text_at
from macros.markdown_safe import block, escape
from macros.texts import address, relative, to_html

if TYPE_CHECKING:
    from collections.abc import Callable

    from jinja2.runtime import Context

    from macros.data_files import Place
    from macros.expansion import PageContext
    from macros.guide import Guide
    from macros.pages import Page

NAMES = frozenset({"decision_tree", "flowchart", "tree_outcomes"})
WIDGETS = frozenset({"decision_tree"})


def macros(guide: Guide) -> dict[str, Callable[..., str]]:
    """Give the macros of this feature.

    Args:
        guide: the guide that they look things up in.
    """
    calls = caller(guide)
    kept = guide.settings.keeps_blocks
    trees = guide.data["macros.decision_trees"].by_name

    def url(page: Page) -> str:
        return page.url(use_directory_urls=guide.settings.use_directory_urls)

    def written(name: str, page: Page, context: Context | PageContext) -> dict[Place, str]:
        """Write the texts of a tree as HTML, which counts their citations."""
        call = calls(context)
        base = export.folder_of(trees[name].path, guide)
        texts: dict[Place, str] = {}
        for place in reading_order(trees[name].value):
            text = text_at(trees[name].value, place)
            if text:
                texts[place] = to_html(text, page, guide, call, base=base)
        return texts

    def view(name: str, page: Page, texts: dict[Place, str]) -> TreePage:
        def tree_link(other: str) -> str:
            home = guide.page_with("decision_tree", other)
            return relative(url(home), url(page)) if home else ""

        return TreePage(
            name,
            trees[name].value,
            written=texts,
            titles={other: file.value.title for other, file in trees.items()},
            link=lambda target: address(target, url(page), guide, export.folder_of(trees[name].path, guide)),
            tree_link=tree_link,
        )

    @pass_context
    def decision_tree(context: Context | PageContext, name: str) -> str:
        """Show a tree, to be worked through question by question."""
        page = page_of(context, guide)
        tree = view(name, page, written(name, page, context))
        # The page's skip links lead here, to the first question (macros/theme_repairs.py).
        skip = 'data-skip="Skip to the questions"'
        html = f'<div class="tree-box" id="{name}-tree" {skip}>{tree.outline()}{_files(name, page, guide)}</div>'
        return block(lambda: html, kept=kept, searched=True)

    @pass_context
    def flowchart(context: Context | PageContext, name: str) -> str:
        """Draw a tree as a picture."""
        page = page_of(context, guide)
        tree = view(name, page, {})
        home = guide.page_with("decision_tree", name)
        steps = "" if home in (page, None) else relative(url(home), url(page))
        return block(lambda: draw(tree, steps), kept=kept)

    @pass_context
    def tree_outcomes(context: Context | PageContext, name: str) -> str:
        """List every outcome of a tree with every path to it."""
        page = page_of(context, guide)
        tree = view(name, page, written(name, page, context))
        return block(tree.paths, kept=kept)

    return {"decision_tree": decision_tree, "flowchart": flowchart, "tree_outcomes": tree_outcomes}


def _course(name: str, page: Page, guide: Guide) -> str:
    """Give the way from a case back to the course."""
    here = page.url(use_directory_urls=guide.settings.use_directory_urls)
    modules = guide.data["macros.training"].by_name
    homes = [guide.page_with("quiz", one) for one, file in modules.items() if name in file.value.cases]
    homes.append(guide.pages.get("training/index.md"))
    links = [
        f'<a href="{escape(relative(home.url(use_directory_urls=guide.settings.use_directory_urls), here))}">'
        f"{escape(home.title)}</a>"
        for home in homes
        if home
    ]
    return f"Back to: {', '.join(links)}. " if links else ""


def _files(name: str, page: Page, guide: Guide) -> str:
    """Give the links under a tree: all its paths, and the tree as data; from a case, the way back to the course."""
    here = page.url(use_directory_urls=guide.settings.use_directory_urls)
    is_case = guide.data["macros.decision_trees"].by_name[name].value.kind == "case"
    paths = guide.page_with("tree_outcomes", name)
    checked = ""
    if paths and paths is not page:
        way = relative(paths.url(use_directory_urls=guide.settings.use_directory_urls), here)
        checked = f'<a href="{escape(way)}">Every outcome and path, for checking</a>. '
    files: dict[str, Any] = export.names(guide, name)
    links = ", ".join(
        f'<a href="{escape(relative(file, here))}" download data-build-extra>{label}</a>'
        for label, file in files.items()
    )
    if is_case:
        return f'<p class="tree-files">{_course(name, page, guide)}This case as data: {links}.</p>'
    return f'<p class="tree-files">{checked}This tree as data: {links}.</p>'
