"""The whole guide as one PDF: cover, contents with page numbers, each page a chapter, bookmarks.

A browser prints it. Chromium knows no `target-counter`, which would put page numbers into the contents, so the handbook is
printed twice: the first PDF tells on which sheet each heading stands. What Chromium writes is plain enough to be read for
that without a PDF library; if that changes, `sheets` says so.
"""

from __future__ import annotations

import html
import os
import re
import shutil
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import quote, unquote, urljoin, urlsplit

import click

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from bs4 import BeautifulSoup, Tag

_NEEDED = "The handbook needs Playwright and Beautiful Soup, which come with the tests: make .venv/.test."
_BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "microsoft-edge")
#: What has no use on paper, or would be there once a chapter.
_LEFT_OUT = ", ".join(
    (".headerlink", ".md-content__button", ".handout", ".related", ".source-bibtex", ".cite-page", ".source-downloads",
     ".source-back", ".course-tools", "form", "script")
)  # fmt: skip

_STYLE = """
@page:first { @bottom-left { content: none } @bottom-right { content: none } }
.handbook-cover { height: 235mm; display: flex; flex-direction: column; justify-content: center; }
.handbook-cover p { max-width: 120mm; font-size: 12pt; }
.md-typeset .handbook-cover .handbook-title { font: 650 32pt/1.15 system-ui, sans-serif; margin: 0 0 8mm; max-width: none; }
.handbook-cover, .handbook-contents, .handbook-chapter { break-after: page; }
.handbook-chapter:last-child { break-after: auto; }
/* Where a heading breaks into lines, Chromium leaves the space out of its bookmark, unless it counts. Without a padding
   the tall letters of one that begins a sheet reach into the sheet before, and its bookmark says it twice. */
.md-typeset :is(h1, h2, h3, h4) { white-space: pre-wrap; padding-top: 2mm; break-inside: avoid; }
.md-typeset .handbook-contents ol { list-style: none; margin: 0; padding: 0; }
.md-typeset .handbook-contents li { margin: 0; break-inside: avoid; }
.md-typeset .handbook-contents a { display: flex; gap: 4mm; text-decoration: none; line-height: 1.5; }
.md-typeset .handbook-contents a::after { content: none !important; }
.handbook-contents a > span:first-child { flex: 1; border-bottom: 0.5pt dotted #999; }
.handbook-contents a > span:last-child { width: 12mm; text-align: right; font-variant-numeric: tabular-nums; }
.handbook-contents .section { margin-left: 6mm; font-size: 9pt; }
.md-typeset .handbook-contents .part { font-weight: 650; margin-top: 3mm; }
"""


@dataclass(frozen=True)
class Heading:
    """A line of the contents.

    Attributes:
        anchor: the heading's id in the handbook.
        text: its words.
        level: 1 for a chapter, 2 for a section of it.
    """

    anchor: str
    text: str
    level: int


def write_handbook(site: Path, target: Path, pages: Sequence[str], name: str, note: str) -> int:
    """Print a built site as one PDF.

    Args:
        site: the built site's folder.
        target: the PDF.
        pages: the addresses of its pages within the site, in the order of the chapters.
        name: the guide's name.
        note: what the cover says beneath it.

    Returns:
        How many sheets it has.

    Raises:
        click.ClickException: if Playwright or a browser is missing, a page is, or the PDF cannot be read.
    """
    try:
        from playwright.sync_api import Error, sync_playwright  # noqa: PLC0415 - not there without the tests
    except ImportError as error:
        raise click.ClickException(_NEEDED) from error
    missing = [page for page in pages if not (site / page).is_file()]
    if missing:
        raise click.ClickException(f"{site} lacks {', '.join(missing)}. Build the site first: make site.")
    site = site.resolve()
    chapters, headings = combine(site, pages)
    numbers: dict[str, int] = {}
    # It stands in the site's folder while it is printed, so that stylesheets, fonts and pictures are found.
    with tempfile.TemporaryDirectory(prefix=".handbook-", dir=site) as folder, sync_playwright() as playwright:
        try:
            browser = playwright.chromium.launch(executable_path=_browser(), args=["--no-sandbox", "--disable-gpu"])
        except Error as error:
            raise click.ClickException("No browser was found. Run `python -m tests.browser`.") from error
        page = browser.new_page()
        source = Path(folder) / "handbook.html"
        # A third time if the numbers themselves have moved something.
        for _ in range(3):
            source.write_text(_document(site, chapters, headings, numbers, name, note), "utf-8")
            page.goto(source.as_uri(), wait_until="load")
            pdf = page.pdf(prefer_css_page_size=True, format="A4", print_background=True, outline=True, tagged=True)
            found = sheets(pdf)
            now = {heading.anchor: found[heading.anchor] for heading in headings if heading.anchor in found}
            if now == numbers:
                break
            numbers = now
        browser.close()
    lost = [heading.text for heading in headings if heading.anchor not in numbers]
    if lost:
        raise click.ClickException(f"The PDF does not say where these stand: {', '.join(lost)}.")
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_bytes(pdf)
    return _count(pdf)


def combine(site: Path, pages: Sequence[str]) -> tuple[str, list[Heading]]:
    """Put the articles of a site's pages after one another; links between them become links within.

    Args:
        site: the built site's folder.
        pages: the addresses of its pages, in order.

    Returns:
        The chapters' HTML, and their headings.

    Raises:
        click.ClickException: if Beautiful Soup is missing.
    """
    try:
        from bs4 import BeautifulSoup  # noqa: PLC0415 - not there without the tests
    except ImportError as error:
        raise click.ClickException(_NEEDED) from error
    soups = {page: BeautifulSoup((site / page).read_text("utf-8"), "html.parser") for page in pages}
    articles = {page: article for page, soup in soups.items() if (article := _article(soup)) is not None}
    anchors = {page: {str(tag["id"]) for tag in article.select("[id]")} for page, article in articles.items()}
    # What a page rests on stands once, in the chapter of all sources: else they fill most of the sheets.
    listed = next((page for page, article in articles.items() if article.select(".bibliography")), None)
    for page, article in articles.items():
        for section in article.select("section.sources" if listed not in (None, page) else "none"):
            heading = section.find_previous_sibling()
            if heading is not None and heading.name == "h2":
                heading.decompose()
            anchors[page] -= {str(tag["id"]) for tag in section.select("[id]")}
            section.decompose()
    parts, headings = [], []
    for page, article in articles.items():
        _relink(page, article, anchors, listed)
        chapter = _chapter(page)
        for heading in article.find_all(["h1", "h2"]):
            if not heading.get("id"):
                heading["id"] = f"{chapter}--{heading.name}"
            headings.append(Heading(str(heading["id"]), heading.get_text(" ", strip=True), int(heading.name[1])))
        parts.append(f'<section class="handbook-chapter" id="{chapter}">{article.decode_contents()}</section>')
    return "\n".join(parts), headings


def _article(soup: BeautifulSoup) -> Tag | None:
    article = soup.find("article")
    if article is not None:
        for extra in article.select(_LEFT_OUT):
            extra.decompose()
    return article


def _chapter(page: str) -> str:
    return "chapter-" + re.sub(r"[^a-z0-9]+", "-", page.removesuffix(".html").lower()).strip("-")


def _relink(page: str, article: Tag, anchors: dict[str, set[str]], listed: str | None) -> None:
    """Make ids unique by the chapter, and lead links between pages to them; what is `listed` on a page for all, to there."""
    for tag in article.select("[id]"):
        tag["id"] = f"{_chapter(page)}--{tag['id']}"
    for attribute in ("aria-labelledby", "aria-describedby", "aria-controls", "for", "headers"):
        for tag in article.select(f"[{attribute}]"):
            names = " ".join(tag.get_attribute_list(attribute)).split()
            tag[attribute] = " ".join(f"{_chapter(page)}--{name}" for name in names)
    for tag in article.select("[href], [src]"):
        attribute = "href" if tag.has_attr("href") else "src"
        address = str(tag[attribute])
        if urlsplit(address).scheme or urlsplit(address).netloc:
            continue
        found = urlsplit(urljoin(f"/{page}", address))
        path, fragment = unquote(found.path).lstrip("/"), unquote(found.fragment)
        if path in anchors and listed and fragment not in anchors[path] and fragment in anchors[listed]:
            path = listed
        if path in anchors:
            tag[attribute] = f"#{_chapter(path)}" + (f"--{fragment}" if fragment in anchors[path] else "")
        elif attribute == "src" or tag.name != "a":
            tag[attribute] = "../" + quote(path) + (f"#{found.fragment}" if found.fragment else "")
        else:  # a file to download, which a PDF does not have
            del tag[attribute]


def _document(
    site: Path, chapters: str, headings: Sequence[Heading], numbers: dict[str, int], name: str, note: str
) -> str:
    index = (site / "index.html").read_text("utf-8")
    sheets_of_style = re.findall(r'<link rel="stylesheet" href="([^"]+)"', index)
    links = "".join(f'<link rel="stylesheet" href="../{html.escape(sheet)}">' for sheet in sheets_of_style)
    lines = "".join(
        f'<li class="{"part" if heading.level == 1 else "section"}"><a href="#{html.escape(heading.anchor)}">'
        f"<span>{html.escape(heading.text)}</span><span>{numbers.get(heading.anchor, '')}</span></a></li>"
        for heading in headings
    )
    return (
        f'<!doctype html><html lang="en"><head><meta charset="utf-8"><title>{html.escape(name)}</title>{links}'
        f'<style>{_STYLE}</style></head><body data-md-color-scheme="default"><main class="md-typeset md-content__inner">'
        f'<div class="handbook-cover"><p class="handbook-title">{html.escape(name)}</p><p>{html.escape(note)}</p></div>'
        f'<nav class="handbook-contents"><h1>Contents</h1><ol>{lines}</ol></nav>{chapters}</main></body></html>'
    )


def sheets(pdf: bytes) -> dict[str, int]:
    """Tell on which sheet each anchor stands to which a link leads.

    Args:
        pdf: what Chromium has printed.

    Raises:
        click.ClickException: if it cannot be read.
    """
    objects = {int(number): body for number, body in re.findall(rb"(?m)^(\d+) 0 obj\s(.*?)\sendobj", pdf, re.DOTALL)}
    order = {number: place for place, number in enumerate(_leaves(objects), start=1)}
    found = {}
    for anchor, number in re.findall(rb"/((?:[^\s/<>\[\]()]+))\s*\[(\d+) 0 R\s*/XYZ", pdf):
        if int(number) in order:
            name = re.sub(rb"#([0-9A-Fa-f]{2})", lambda match: bytes([int(match[1], 16)]), anchor)
            found[unquote(name.decode("utf-8", "replace"))] = order[int(number)]
    if not found:
        raise click.ClickException("The PDF does not say where its headings stand; this browser writes it otherwise.")
    return found


def _leaves(objects: dict[int, bytes]) -> Iterator[int]:
    """Give the sheets' object numbers in order: a tree whose root has no parent."""
    roots = [number for number, body in objects.items() if b"/Type /Pages" in body and b"/Parent" not in body]

    def walk(number: int) -> Iterator[int]:
        body = objects.get(number, b"")
        kids = re.search(rb"/Kids\s*\[(.*?)\]", body, re.DOTALL)
        if kids is None:
            yield number
            return
        for kid in re.findall(rb"(\d+) 0 R", kids[1]):
            yield from walk(int(kid))

    for root in roots:
        yield from walk(root)


def _count(pdf: bytes) -> int:
    return max((int(count) for count in re.findall(rb"/Type /Pages\s.*?/Count (\d+)|$", pdf) if count), default=0)


def _browser() -> str | None:
    return os.environ.get("BROWSER_PATH") or next((path for name in _BROWSERS if (path := shutil.which(name))), None)


def chapters_in_order(nav: object, documents: dict[str, str]) -> list[str]:
    """Give the pages in the order of the navigation, without those that it leaves out; without a navigation, all.

    Args:
        nav: `nav` of `mkdocs.yml`: nested lists of addresses and of titles with addresses.
        documents: the address in the site of each page, by its file.
    """

    def files(item: object) -> Iterator[str]:
        if isinstance(item, str):
            yield item
        elif isinstance(item, dict):
            for value in item.values():
                yield from files(value)
        elif isinstance(item, list):
            for one in item:
                yield from files(one)

    ordered = [file for file in dict.fromkeys(files(nav)) if file in documents]
    return [documents[file] for file in ordered or sorted(documents)]
