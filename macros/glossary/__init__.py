"""The glossary: its page, links to its terms, and the words that the search takes for the same thing.

The first use of a term on each page becomes a link by itself; see `macros.glossary.extension`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from jinja2 import pass_context

from macros.citations.macros import macros as citation_macros
from macros.citations.macros import page_of
from macros.glossary.model import GLOSSARY, Glossary, check_pages, load, nearest_term
from macros.glossary.rendering import glossary_address, page_html, term_html
from macros.markdown_safe import block, inline
from macros.pages import MacroCall
from macros.problems import Problem

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from jinja2.runtime import Context

    from macros.guide import Guide
    from macros.pages import Page

NAMES = frozenset({"glossary", "term"})

__all__ = ["NAMES", "check", "embedded", "load", "macros"]


def check(data: Glossary, pages: Mapping[str, Page]) -> list[Problem]:
    """Find what is wrong with the glossary beside the pages, and with the pages' calls of its macros.

    Args:
        data: the glossary.
        pages: the pages, by `src`.
    """
    problems = check_pages(data, pages)
    calls = [(page, call) for page in pages.values() for call in page.calls if call.name in NAMES]
    showing = [(page, call) for page, call in calls if call.name == "glossary"]
    for page, call in showing[1:]:
        message = "The glossary is shown a second time."
        problems.append(Problem(page.path, call.line, message, f"It stands in {showing[0][0].path}; link to it."))
    for page, call in calls:
        if not data.is_there:
            message = "The guide has no glossary yet."
            problems.append(Problem(page.path, call.line, message, f"Write docs/{GLOSSARY}."))
        elif data.terms_file is None:
            continue  # its faults are told, and what it would hold is not known
        elif call.name == "term":
            problems += [Problem(page.path, call.line, *fault) for fault in _term_faults(call, data)]
            if not showing:
                message = "No page shows the glossary, so that there is nothing to link to."
                problems.append(Problem(page.path, call.line, message, "Write {{ glossary() }} on one."))
    return problems


def _term_faults(call: MacroCall, glossary: Glossary) -> list[tuple[str, str]]:
    texts = 1 <= len(call.args) <= 2 and not call.kwargs and all(isinstance(one, str) for one in call.args)  # noqa: PLR2004
    if not texts:
        usage = 'Write {{ term("CADSS") }} or {{ term("CADSS", "the scale") }}.'
        return [("`term()` takes a term and, if the sentence needs other words, those.", usage)]
    name = call.args[0]
    if name.casefold() in glossary.named:
        return []
    close = nearest_term(name, glossary)
    return [
        (f"The glossary has no term `{name}`.", f"Did you mean `{close}`?" if close else f"Add it to docs/{GLOSSARY}.")
    ]


def embedded(data: Glossary, call: MacroCall) -> Sequence[MacroCall]:
    """Give the citations that a call puts into a page.

    Args:
        data: the glossary.
        call: the call.
    """
    if call.name != "glossary":
        return []
    return [MacroCall("cite", call.line, term.source) for term in data.terms if term.source]


def macros(guide: Guide) -> dict[str, Callable[..., str]]:
    """Give the macros of this feature.

    Args:
        guide: the guide that they look things up in.
    """
    data: Glossary = guide.data[__name__]
    cite = citation_macros(guide)["cite"]
    kept = guide.settings.keeps_blocks

    @pass_context
    def glossary(context: Context) -> str:
        """Show all terms."""
        page = page_of(context, guide)
        citations = {term.term: cite(context, *term.source) for term in data.terms if term.source}
        return block(lambda: page_html(data, citations, page, guide), kept=kept, searched=True)

    @pass_context
    def term(context: Context, name: str, text: str = "") -> str:
        """Link to a term."""
        href = glossary_address(guide, page_of(context, guide)) or ""
        return inline(lambda: term_html(data.named[name.casefold()], text or name, href), kept=kept)

    return {"glossary": glossary, "term": term}
