"""Forest plots in a browser: nothing overflows, nothing is cut off, and every number can be read."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from bs4 import BeautifulSoup

from macros.forest_plots.axis import number
from macros.guide import load_guide
from tests.conftest import ROOT

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

pytestmark = pytest.mark.browser

#: The plots, by the page that shows each.
SHOWN = sorted(
    (page.url(use_directory_urls=False), str(call.args[0]))
    for page in load_guide(ROOT, render=False).pages.values()
    for call in page.calls
    if call.name == "forest_plot"
)

#: What is wrong with how a figure stands: words outside their box or too small, and parts that lie over each other.
FAULTS = """figure => {
  const found = [], grid = figure.querySelector(".forest-grid"), box = grid.getBoundingClientRect();
  if (figure.scrollWidth > figure.clientWidth) found.push("the figure overflows");
  const texts = [];
  for (const node of grid.querySelectorAll("b, span, text")) {
    const area = node.getBoundingClientRect();
    if (!area.width || [...node.children].some((child) => child.localName !== "tspan")) continue;
    if (area.left < box.left || area.right > box.right || area.top < box.top || area.bottom > box.bottom)
      found.push("outside its box: " + node.textContent);
    if (parseFloat(getComputedStyle(node).fontSize) < 11) found.push("too small: " + node.textContent);
    for (const [other, text] of texts)
      if (Math.min(area.right, other.right) - Math.max(area.left, other.left) > 1 &&
          Math.min(area.bottom, other.bottom) - Math.max(area.top, other.top) > 5)
        found.push(text + " lies under " + node.textContent);
    texts.push([area, node.textContent]);
  }
  for (const mark of grid.querySelectorAll("rect, .forest-interval")) {
    const area = mark.getBoundingClientRect();
    if (area.left < box.left || area.right > box.right || area.top < box.top || area.bottom > box.bottom)
      found.push("a mark is outside the box");
  }
  return found;
}"""


@pytest.mark.parametrize("width", [1280, 700, 360, 320])
def test_every_plot_is_legible(address: str, open_page: Callable[..., Any], width: int) -> None:
    assert SHOWN
    for url in sorted({url for url, _ in SHOWN}):
        watched = open_page(f"{address}/{url}", width=width)
        assert watched.complaints == []
        assert watched.page.evaluate("document.documentElement.scrollWidth") <= width
        for _, name in (one for one in SHOWN if one[0] == url):
            figure = watched.page.locator(f"#forest-{name}")
            assert figure.evaluate(FAULTS) == [], (width, name)
            figure.locator("summary").click()
            assert figure.locator("tbody tr").first.is_visible()
            assert figure.evaluate("figure => figure.scrollWidth <= figure.clientWidth"), (width, name, "table open")
            assert figure.locator("summary").bounding_box()["height"] >= 24


def test_every_number_is_in_the_drawing_and_in_the_table(site: Path) -> None:
    plots = load_guide(ROOT, render=False).data["macros.forest_plots"].by_name
    assert {name for _, name in SHOWN} == set(plots)
    for url, name in SHOWN:
        soup = BeautifulSoup((site / url).read_text("utf-8"), "html.parser").select(f"#forest-{name}")[0]
        drawn = [one.get_text() for one in soup.select(".forest-grid > .forest-number")[1:]]
        listed = [one.get_text() for one in soup.select("tbody tr")]
        rows = [row for _, row in plots[name].value.rows()]
        assert len(drawn) == len(listed) == len(rows)
        for row, in_drawing, in_table in zip(rows, drawn, listed, strict=True):
            for value in (row.estimate, *row.interval):
                assert number(value) in in_drawing
                assert number(value) in in_table


@pytest.mark.parametrize("javascript", [True, False])
def test_the_table_is_open_in_print(address: str, open_page: Callable[..., Any], *, javascript: bool) -> None:
    url, name = SHOWN[0]
    page = open_page(f"{address}/{url}", javascript=javascript).page
    cell = page.locator(f"#forest-{name} tbody td").first
    assert not cell.is_visible()
    page.emulate_media(media="print")
    assert cell.is_visible()


def test_squares_differ_without_colour(address: str, open_page: Callable[..., Any]) -> None:
    page = open_page(f"{address}/evidence/ketamine.html").page
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme=scheme)
        page.evaluate(
            "s => document.body.setAttribute('data-md-color-scheme', s)", {"light": "default"}.get(scheme, "slate")
        )
        fill = "one => getComputedStyle(one).fill"
        hollow = page.locator(".forest-grid .forest-hollow").first.evaluate(fill)
        filled = page.locator(".forest-grid .forest-filled").first.evaluate(fill)
        behind = page.locator(".forest-grid").first.evaluate("one => getComputedStyle(one).backgroundColor")
        assert hollow == behind != filled


def test_a_citation_in_the_table_opens_its_card(address: str, open_page: Callable[..., Any]) -> None:
    page = open_page(f"{address}/evidence/ketamine.html").page
    figure = page.locator("#forest-masked-trials")
    figure.locator("summary").click()
    figure.locator("td a.cite").first.hover()
    page.wait_for_selector(".source-card")
    assert "Lii" in page.locator(".source-card").inner_text()
