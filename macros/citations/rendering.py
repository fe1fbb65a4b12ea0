"""HTML of citations, lists of sources and the box "Cite this page"; complete without JavaScript."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING
from urllib.parse import quote

from macros.citations.bibliography import DESIGNS
from macros.citations.export import bibtex_entry
from macros.citations.latex import plain
from macros.markdown_safe import escape

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import date

    from macros.citations.bibliography import Source
    from macros.citations.processor import Formatted
    from macros.pages import Page
    from macros.settings import Settings

#: A hyphen in front of a number, and not within a range.
_MINUS = re.compile(r"(?<![^\s(])-(?=\d)")
#: The facts of a source that its card shows, with the words before them.
_FACTS = (("sample", "Who"), ("finding", "Found"), ("limits", "Cannot show"))


_LINK = re.compile(r'<a data-k="([^"]+)">')


def citation(formatted: str, occurrences: Mapping[str, int]) -> str:
    """Turn a formatted citation into links to the sources at the foot of the page.

    Args:
        formatted: what `Formatted.citation` gave.
        occurrences: for each source in it, how often the page has cited it so far, this time included.
    """
    linked: set[str] = set()

    def link(match: re.Match[str]) -> str:
        key = match[1]
        place = "" if key in linked else f' id="{cite_id(key, occurrences[key])}"'
        linked.add(key)
        return f'<a class="cite" role="doc-biblioref" href="#{quote(source_id(key))}"{place}>'

    html = _LINK.sub(link, formatted)
    # In "1-3" the middle one is not printed, but a back-link leads to it.
    missing = [f'<span id="{cite_id(key, count)}"></span>' for key, count in occurrences.items() if key not in linked]
    return "".join([html, *missing])


def source_id(key: str) -> str:
    """Name the anchor of a source in a page's list.

    Args:
        key: the source.
    """
    return f"ref-{escape(key)}"


def cite_id(key: str, count: int) -> str:
    """Name the anchor of a citation.

    Args:
        key: the source.
        count: the how manieth citation of this source on the page it is, from 1.
    """
    return f"cite-{escape(key)}-{count}"


def facts(source: Source) -> str:
    """Give what kind of study a source is, in whom, what it found and what it cannot show.

    Args:
        source: the source.
    """
    rows = [
        f"<div><dt>{label}</dt><dd>{escape(_MINUS.sub('−', plain(source.fields[name])))}</dd></div>"
        for name, label in _FACTS
        if source.fields.get(name)
    ]
    design = f'<span class="source-design" data-design="{escape(source.design)}">{DESIGNS[source.design]}</span>'
    folded = (
        '<details class="source-more"><summary>Findings and limits</summary>'
        f'<dl class="source-facts">{"".join(rows)}</dl></details>'
    )
    return f'<p class="source-kind">{design}</p>' + (folded if rows else "")


def source_body(source: Source, formatted: Formatted, label: str = "") -> str:
    """Give a source as the lists show it, without what depends on the page.

    Args:
        source: the source.
        formatted: everything in the site's style.
        label: the number before it, in numbered styles.
    """
    number = f'<span class="source-number">{escape(label)}</span> ' if label else ""
    return f'<p class="source-entry">{number}{formatted.entry(source.key)}</p>{facts(source)}'


def source_bibtex(source: Source) -> str:
    """Give a source as BibTeX to read and copy.

    Args:
        source: the source.
    """
    # `samp`, since the theme measures each `pre > code` of a page as soon as it has loaded.
    return (
        f'<details class="source-bibtex"><summary>BibTeX</summary>'
        f"<pre><samp>{_lines(bibtex_entry(source))}</samp></pre></details>"
    )


def page_sources(
    page: Page,
    entries: Sequence[tuple[str, int, str, str]],
    downloads: Mapping[str, str],
    settings: Settings,
    *,
    numbered: bool,
) -> str:
    """Give the list of sources at the foot of a page.

    Args:
        page: the page.
        entries: for each source in the style's order: its key, how often the page cites it, and its `source_body` and
            `source_bibtex`.
        downloads: names of formats and the addresses of the files in them.
        settings: the guide's settings.
        numbered: whether the list is numbered.
    """
    items = []
    for key, times, body, bibtex in entries:
        back = " ".join(
            f'<a href="#{quote(cite_id(key, number))}" aria-label="Back to citation {number} of this source">{number}</a>'
            for number in range(1, times + 1)
        )
        items.append(
            f'<li class="source" id="{source_id(key)}">{body}'
            f'<p class="source-back"><span>Cited here:</span> {back}</p>{bibtex}</li>'
        )
    count = "1 source" if len(entries) == 1 else f"{len(entries)} sources"
    files = " ".join(f'<a href="{escape(address)}" download>{escape(name)}</a>' for name, address in downloads.items())
    as_file = (
        f'<p class="source-downloads" data-build-extra>This page’s {count} as a file: {files}</p>' if entries else ""
    )
    return (
        f'<section class="sources{" sources--numbered" if numbered else ""}" aria-label="Sources of this page"'
        f' data-search-exclude><ol role="list">{"".join(items)}</ol>{as_file}{cite_page(page, settings)}</section>'
    )


def all_sources(
    sources: Sequence[Source],
    formatted: Formatted,
    cited_by: Mapping[str, Sequence[tuple[str, str]]],
    downloads: Mapping[str, str],
    body: Mapping[str, str],
) -> str:
    """Give the list of all sources, with what search, filter and sorting need.

    Args:
        sources: all sources, in the style's order.
        formatted: everything in the site's style.
        cited_by: for each source, title and address of the pages that cite it.
        downloads: names of formats and the addresses of the files in them.
        body: `source_body` of each source.
    """
    entries = []
    for source in sources:
        pages = cited_by.get(source.key, ())
        links = ", ".join(f'<a href="{escape(address)}">{escape(title)}</a>' for title, address in pages)
        cited = f"<span>Cited on:</span> {links}" if links else "<span>Not cited on a page yet.</span>"
        entries.append(
            f'<li class="source" id="{source_id(source.key)}"'
            f' data-design="{escape(source.design)}" data-studied="{escape(source.studied)}"'
            f' data-year="{formatted.year(source.key)}" data-pages="{len(pages)}">'
            f'{body[source.key]}<p class="source-back">{cited}</p></li>'
        )
    designs = _options([source.design for source in sources], DESIGNS)
    studied = _options([source.studied for source in sources], _STUDIED)
    uncited = sum(source.key not in cited_by for source in sources)
    files = " ".join(f'<a href="{escape(address)}" download>{escape(name)}</a>' for name, address in downloads.items())
    return (
        '<section class="bibliography" data-search-exclude>'
        '<form class="bibliography-tools" role="search" aria-label="Sources" hidden>'
        '<p><label for="source-search">Search in authors, titles and findings</label>'
        '<input id="source-search" type="search" autocomplete="off"></p>'
        '<p><label for="source-filter">Kind of source</label>'
        f'<select id="source-filter"><option value="">All</option>{designs}</select></p>'
        '<p><label for="source-studied">Whom it studied</label>'
        f'<select id="source-studied"><option value="">Anybody or nobody</option>{studied}</select></p>'
        '<p><label for="source-sort">Order</label><select id="source-sort"><option value="">By author</option>'
        '<option value="year">Newest first</option><option value="design">Strongest kind of study first</option>'
        '<option value="pages">Most cited here first</option></select></p>'
        f'<p class="source-all"{"" if uncited else " hidden"}><input id="source-all" type="checkbox"'
        f'{" checked" if uncited == len(sources) else ""}><label for="source-all">Also the {uncited} that no page cites '
        "yet</label></p></form>"
        f'<p class="bibliography-count" role="status">{len(sources)} sources</p>'
        '<p class="bibliography-none" hidden>No source has all of this. Try fewer words, or another kind.</p>'
        f'<ol role="list">{"".join(entries)}</ol>'
        f'<p class="source-downloads" data-build-extra>All sources as a file: {files}</p></section>'
    )


_STUDIED = {
    "couples": "Couples",
    "families": "Families",
    "individuals": "Individuals",
    "animals": "Animals",
    "none": "Nobody: reviews, guidelines, theory",
}


def _options(values: Sequence[str], labels: Mapping[str, str]) -> str:
    """Give the options of a filter: those that occur, each with how often."""
    return "".join(
        f'<option value="{value}" data-label="{escape(label)}">{escape(label)} ({values.count(value)})</option>'
        for value, label in labels.items()
        if value in values
    )


def cite_page(page: Page, settings: Settings) -> str:
    """Give the box that says how to cite the page, in APA and as BibTeX.

    Args:
        page: the page.
        settings: the guide's settings.
    """
    day = page.reviewed
    address = page_address(page, settings)
    when = f"{day.year}, {day:%B} {day.day}" if day else "n.d."
    apa = (
        f"{escape(settings.guide_author)}. ({when}). {escape(page.title)}. In <em>{escape(settings.site_name)}</em>."
        + (f' <a href="{escape(address)}">{escape(address)}</a>' if address else "")
    )
    return (
        '<details class="cite-page"><summary>Cite this page</summary>'
        f"<p>{apa}</p><pre><samp>{_lines(_page_bibtex(page, settings, day, address))}</samp></pre></details>"
    )


def page_address(page: Page, settings: Settings) -> str:
    """Give a page's full address, or an empty string where the site's own is not known.

    Args:
        page: the page.
        settings: the guide's settings.
    """
    if not settings.site_url:
        return ""
    return settings.site_url.rstrip("/") + "/" + quote(page.url(use_directory_urls=settings.use_directory_urls))


def _page_bibtex(page: Page, settings: Settings, day: date | None, address: str) -> str:
    key = re.sub(r"\W+", "-", page.src.removesuffix(".md")).strip("-").lower()
    lines = [
        f"@incollection{{{key},",
        f"  author = {{{{{settings.guide_author}}}}},",
        f"  title = {{{page.title}}},",
        f"  booktitle = {{{settings.site_name}}},",
    ]
    if day:
        lines += [f"  year = {{{day.year}}},", f"  date = {{{day}}},"]
    if address:
        lines.append(f"  url = {{{address}}},")
    return "\n".join([*lines, "}"])


def _lines(text: str) -> str:
    """Escape text for `<pre>`, on one line of HTML."""
    return escape(text).replace("\n", "&#10;")


def relative(address: str, page_url: str) -> str:
    """Give an address as seen from a page, both relative to the site's root, for a link.

    Args:
        address: where the link leads, as the file is called.
        page_url: the page on which it stands.
    """
    depth = page_url.count("/")
    return quote("../" * depth + address or "./")


def download_names(src: str) -> dict[str, str]:
    """Name the files of a page's sources, by format, relative to the site's root.

    Args:
        src: the page's `src`.
    """
    stem = src.removesuffix(".md")
    return {"BibTeX": f"{stem}.sources.bib", "RIS": f"{stem}.sources.ris", "CSL-JSON": f"{stem}.sources.json"}
