"""Addresses made up by the thousand: no script stumbles, and nothing in them becomes part of a page."""

from __future__ import annotations

import random
from typing import Any

import pytest

from tests.hostile import PIECES, TIMES

pytestmark = pytest.mark.browser

#: What fragments are made of: pieces of real ones, of the pages' ids, and what breaks out of an address or a selector.
PARTS = (
    *PIECES, "on-the-day:", "eligibility:", "&", "/", ":", "clear", "no", "yes", "risk", "ref-", "ref-khalifian2024",
    "term-ptsd", "on-the-day-", "__tabbed_1", "__palette_0", "__search", "__drawer", "%E0%A4%A", "%", "\\", '"]', "')",
    "constructor", "__proto__", "toString", "letter-a", "sources", "?h=", "?q=",
)  # fmt: skip

TRY = """
(fragments) => {
  const told = [];
  let now = "";
  addEventListener("error", (event) => told.push([now, String(event.message), event.filename || ""]));
  const markup = "script, x-evil, img, iframe, [onx]";
  const before = document.querySelectorAll(markup).length;
  for (now of fragments) {
    history.replaceState(null, "", "#" + now);
    dispatchEvent(new HashChangeEvent("hashchange"));
    if (document.querySelectorAll(markup).length !== before) told.push([now, "became markup", ""]);
    for (const tree of document.querySelectorAll("decision-tree")) {
      const shown = [...tree.querySelectorAll(".tree-step")].filter((step) => step.checkVisibility());
      if (!shown.length) told.push([now, "no question is shown", ""]);
    }
    for (const link of document.querySelectorAll("decision-tree a")) {
      if (!["http:", "https:"].includes(link.protocol)) told.push([now, "a link to " + link.href.slice(0, 40), ""]);
    }
  }
  return told;
}
"""


def fragments(seed: int, number: int) -> list[str]:
    rng = random.Random(seed)
    return ["".join(rng.choices(PARTS, k=rng.randint(1, 6))) for _ in range(number * TIMES)]


@pytest.mark.parametrize(
    ("path", "number"),
    [
        ("decisions/on-the-day.html", 600),
        ("references.html", 150),
        ("toolkit/glossary.html", 150),
        ("phases/sheets/dosing.html", 100),
    ],
)
def test_hostile_fragments(address: str, open_page: Any, path: str, number: int) -> None:
    watched = open_page(f"{address}/{path}")
    told = watched.page.evaluate(TRY, fragments(number, number))
    # The theme looks fragments up with a selector, and stumbles over some; nothing comes of it.
    own = [one for one in told if "/assets/javascripts/bundle." not in one[2]]
    assert own == []
    assert watched.page.title() != "run"


@pytest.mark.parametrize("path", ["decisions/on-the-day.html", "phases/sheets/dosing.html"])
def test_pages_opened_at_hostile_addresses(address: str, open_page: Any, path: str) -> None:
    watched = open_page("about:blank")
    errors: list[str] = []
    watched.page.on("pageerror", lambda error: errors.append(str(error.stack)))
    for number, fragment in enumerate(fragments(number=3, seed=7)):
        query = watched.page.evaluate(
            "(text) => encodeURIComponent(text)", fragment.encode("utf-16", "ignore").decode("utf-16")
        )
        watched.page.goto(f"{address}/{path}?therapy={query}&h={query}&case={number}")
        watched.page.evaluate("(text) => { location.hash = text }", fragment)
        watched.page.reload()
        assert watched.page.locator("x-evil, [onx], article script, main iframe").count() == 0, fragment
        assert watched.page.locator("h1").count() == 1
    assert [error for error in errors if "/assets/javascripts/bundle." not in error] == []
