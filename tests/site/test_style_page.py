"""The page that shows every element: photographed at two widths, light, dark and printed, and looked over by machine."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

pytestmark = pytest.mark.browser

ROOT = Path(__file__).parents[2]
PICTURES = Path(__file__).with_name("pictures")

#: What every element of a page must hold to, in the browser's own measure.
FAULTS = """() => {
  const faults = [];
  const article = document.querySelector("article");
  for (const element of article.querySelectorAll("*")) {
    const style = getComputedStyle(element);
    const own = [...element.childNodes].some((node) => node.nodeType === 3 && node.data.trim());
    const box = element.getBoundingClientRect();
    if (!box.width || !box.height || style.visibility === "hidden" || element.closest("details:not([open])")) continue;
    const name = element.tagName.toLowerCase() + "." + element.getAttribute("class");
    if (own && parseFloat(style.fontSize) < 11) faults.push(name + " is too small: " + style.fontSize);
    const scrolls = element.closest("pre, .md-typeset__scrollwrap, [tabindex]");
    if (!scrolls && box.right > document.documentElement.clientWidth + 1) faults.push(name + " runs out of the page");
  }
  const paragraph = article.querySelector("h2#text + p");
  const range = document.createRange();
  range.selectNodeContents(paragraph);
  // Characters of average width that fit into the column.
  const inked = [...range.getClientRects()].reduce((sum, box) => sum + box.width, 0);
  return { faults, perLine: (paragraph.innerText.length * paragraph.clientWidth) / inked };
}"""


@pytest.mark.parametrize("width", [1280, 360])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_every_element_is_legible_and_in_its_place(address, open_page, width, scheme):
    watched = open_page(f"{address}/about/style.html", width=width, scheme=scheme)
    PICTURES.mkdir(exist_ok=True)
    watched.page.screenshot(path=PICTURES / f"style-{width}-{scheme}.png", full_page=True)
    found = watched.page.evaluate(FAULTS)
    assert found["faults"] == []
    assert watched.complaints == []
    if width == 1280:
        assert 60 <= found["perLine"] <= 78
    dark = watched.page.evaluate("getComputedStyle(document.body).backgroundColor")
    assert (sum(int(part) for part in re.findall(r"\d+", dark)[:3]) < 200) == (scheme == "dark")


def test_the_page_shows_every_element_that_pages_use(soups):
    """A class of the style sheets that pages use and the example page lacks is one that nobody looks after."""
    shown = {name for element in soups["about/style.html"].select("article [class]") for name in element["class"]}
    elsewhere = {"hero", "doors"}  # the front page's own
    used = {
        name
        for path in ("mechanisms/neuroplasticity.html", "evidence/ketamine.html", "index.html")
        for element in soups[path].select("article [class]")
        for name in element["class"]
    }
    parts = {
        "summary",
        "evidence-strip",
        "reading",
        "admonition",
        "cite",
        "term",
        "sources",
        "source-more",
        "framework-picture",
    }
    assert parts <= used | {"admonition"}
    assert parts <= shown
    assert not elsewhere & shown
