"""A page on paper is a handout: text, sources and where it comes from; nothing to click, nothing cut, nothing folded."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

pytestmark = pytest.mark.browser

PAGE = "/mechanisms/index.html"
PAPER = 700  # roughly what an A4 sheet leaves for text, in pixels
FURNITURE = (
    ".md-header", ".md-sidebar", ".md-footer", ".md-top", ".md-skip", ".md-search", ".headerlink", ".source-bibtex",
    ".source-downloads", ".source-back", ".cite-page", "button",
)  # fmt: skip


@pytest.fixture
def paper(chromium: Any, address: str) -> Iterator[Callable[..., Any]]:
    """Opens a page as it is printed."""
    contexts = []

    def make(path: str = PAGE, scheme: str = "light") -> Any:
        context = chromium.new_context(viewport={"width": PAPER, "height": 1000}, color_scheme=scheme)
        contexts.append(context)
        page = context.new_page()
        page.goto(address + path)
        page.wait_for_load_state("networkidle")
        page.emulate_media(media="print", color_scheme=scheme)
        return page

    yield make
    for context in contexts:
        context.close()


def test_nothing_to_click_is_printed(paper):
    page = paper()
    seen = [selector for selector in FURNITURE for one in page.locator(selector).all() if one.is_visible()]
    assert seen == []


def test_a_handout_says_what_it_is_and_when_it_was_reviewed(paper):
    page = paper()
    assert page.locator("h1").is_visible()
    assert page.locator(".summary").is_visible()
    foot = page.locator(".handout")
    assert foot.is_visible()
    assert re.search(r"Checked against its sources \d{4}-\d\d-\d\d\.", foot.inner_text())
    assert page.locator(".sources .source").first.is_visible()
    page.emulate_media(media="screen")
    assert not foot.is_visible()


def test_the_handout_holds_its_address_if_the_site_has_one(project):
    from tests.conftest import CONFIG, ROOT

    (project.root / "overrides").symlink_to(ROOT / "overrides")
    project.write(
        "mkdocs.yml",
        CONFIG.replace("  name: material", "  name: material\n  custom_dir: overrides")
        + "site_url: https://example.org/guide/\n",
    )
    run = project.build()
    assert run.returncode == 0, run.stderr
    assert re.search(r'class="print-only handout">[^<]*https://example\.org/guide/index\.html</p>',
                     project.read("site/index.html"))  # fmt: skip


def test_links_that_lead_out_show_their_address(paper):
    page = paper("/framework/index.html")
    after = "one => getComputedStyle(one, '::after').content"
    page.evaluate("""document.querySelector('article .summary').insertAdjacentHTML('afterend',
        '<p><a id=out href="https://example.org/x">out</a> <a id=in href="index.html">in</a></p>')""")
    assert "https://example.org/x" in page.locator("#out").evaluate(after)
    for selector in ("#in", "article a.cite", ".source a"):
        assert page.locator(selector).first.evaluate(after) in ("none", "normal", '""')


@pytest.mark.parametrize("path", ["/mechanisms/index.html", "/framework/index.html"])
def test_tables_are_tables_and_not_cut(paper, path):
    page = paper(path)
    for table in page.locator("article table").all():
        assert table.evaluate("one => getComputedStyle(one).display") == "table"
        assert table.locator("thead").evaluate("one => getComputedStyle(one).display") == "table-header-group"
        assert table.locator("thead th").first.is_visible()
        box = table.bounding_box()
        assert box["x"] >= 0
        assert box["x"] + box["width"] <= PAPER
    assert page.evaluate("document.documentElement.scrollWidth") <= PAPER


def test_what_is_folded_is_open(paper):
    page = paper()
    page.evaluate("""document.querySelector('article .summary').insertAdjacentHTML('afterend',
        '<details><summary>More</summary><p id=folded>Folded</p></details>')""")
    assert page.locator("#folded").bounding_box()["height"] > 0


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_paper_is_white_and_readings_are_told_apart_without_colour(paper, scheme):
    page = paper("/mechanisms/neuroplasticity.html", scheme)
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") in (
        "rgb(255, 255, 255)",
        "rgba(0, 0, 0, 0)",
    )
    assert page.locator("article p").nth(1).evaluate("one => getComputedStyle(one).color") == "rgb(0, 0, 0)"
    block = page.locator(".admonition.reading").first
    assert block.evaluate("one => getComputedStyle(one).borderLeftStyle") == "double"
    assert "This guide’s reading" in block.inner_text()
    label = page.locator(".reading:not(.admonition)").first
    assert label.evaluate("one => getComputedStyle(one).borderTopStyle") == "solid"


def test_sheets_are_numbered(paper):
    page = paper()
    pdf = page.pdf(prefer_css_page_size=True)
    sheets = max(int(count) for count in re.findall(rb"/Count (\d+)", pdf))
    assert 3 < sheets < 40
    rules = page.evaluate("""[...document.styleSheets].flatMap(sheet => [...sheet.cssRules])
        .filter(rule => rule instanceof CSSPageRule).map(rule => rule.cssText).join(" ")""")
    assert "counter(page)" in rules
