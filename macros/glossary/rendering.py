"""The page of the glossary, and links to its terms, as HTML."""

from __future__ import annotations

import itertools
import posixpath
import re
from typing import TYPE_CHECKING

from macros.glossary.model import fold
from macros.markdown_safe import escape
from macros.texts import address, relative

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from macros.glossary.model import Glossary, Term
    from macros.guide import Guide
    from macros.pages import Page


def term_link(term: Term, href: str) -> dict[str, str]:
    """Give the attributes of a link to a term, with what the card at it shows.

    Args:
        term: the term.
        href: the page of the glossary.
    """
    return {
        "class": "term",
        "href": f"{href}#{term.anchor}",
        "data-term": term.term,
        "data-means": term.means,
    }


def term_html(term: Term, text: str, href: str) -> str:
    """Write a link to a term.

    Args:
        term: the term.
        text: the words that are linked.
        href: the page of the glossary.
    """
    attributes = "".join(f' {name}="{escape(value)}"' for name, value in term_link(term, href).items())
    return f"<a{attributes}>{escape(text)}</a>"


def page_html(glossary: Glossary, citations: Mapping[str, str], page: Page, guide: Guide) -> str:
    """Write all terms in alphabetical order, with letters to jump to.

    Every term is a heading, so that the search finds each by itself; letters are not searched for.

    Args:
        glossary: the glossary.
        citations: the sources of each term, by its name.
        page: the page on which they stand.
        guide: the guide.
    """
    url = page.url(use_directory_urls=guide.settings.use_directory_urls)
    letters = [
        (letter, list(terms)) for letter, terms in itertools.groupby(glossary.terms, lambda term: fold(term.term)[0])
    ]
    jumps = "".join(
        f'<li><a href="#letter-{letter}" aria-label="Terms with {letter.upper()}">{letter.upper()}</a></li>'
        for letter, _ in letters
    )
    parts = [
        f'<nav class="glossary-letters" aria-label="Letters" data-search-exclude="true"><ul role="list">{jumps}</ul></nav>'
    ]
    for letter, terms in letters:
        parts.append(f'<h2 id="letter-{letter}" data-search-exclude="true">{letter.upper()}</h2>')
        parts += [_entry(term, citations.get(term.term, ""), url, guide) for term in terms]
    return f'<div class="glossary">{"".join(parts)}</div>'


def _entry(term: Term, citation: str, url: str, guide: Guide) -> str:
    more = []
    forms = _shown(term.term, term.also)
    if forms:
        more.append(f"Also: {escape(', '.join(forms))}.")
    if term.see:
        src = posixpath.normpath(term.see.partition("#")[0])
        href = escape(address(term.see, url, guide))
        more.append(f'See: <a href="{href}">{escape(guide.pages[src].title)}</a>.')
    means = escape(term.means)
    if citation:
        means = f"{means.removesuffix('.')} {citation}."
    return f'<h3 id="{term.anchor}">{escape(term.term)}</h3><p>{means}</p>' + (
        f'<p class="glossary-more">{" ".join(more)}</p>' if more else ""
    )


def _shown(name: str, forms: Sequence[str]) -> list[str]:
    """Leave out what a reader needs not be told: plurals, and forms that the name itself shows."""
    known = {_stem(part) for part in re.split(r"[()]", name)}
    shown: dict[str, str] = {}
    for form in forms:
        if _stem(form) not in known:
            shown.setdefault(_stem(form), form)
    return list(shown.values())


def _stem(form: str) -> str:
    return re.sub(r"e?s?$", "", form.strip().casefold())


def glossary_address(guide: Guide, page: Page) -> str | None:
    """Give the way from a page to the glossary, or nothing if no page shows one.

    Args:
        guide: the guide.
        page: the page that links.
    """
    directory_urls = guide.settings.use_directory_urls
    for shown_on in guide.pages.values():
        if any(call.name == "glossary" for call in shown_on.calls):
            return relative(
                shown_on.url(use_directory_urls=directory_urls), page.url(use_directory_urls=directory_urls)
            )
    return None
