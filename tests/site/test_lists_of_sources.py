"""Sources are laid out as they come near; links to them land on them all the same, and what is being read stays in place."""

from __future__ import annotations

import pytest

pytestmark = pytest.mark.browser

PAGES = ("/modalities/ibct.html", "/safety/contraindications.html", "/references.html")
#: Where a source stands, where it should, and whether the page ends before it could stand there.
_PLACE = """id => {
  const source = document.getElementById(id), root = document.documentElement
  return [
    source.getBoundingClientRect().top,
    parseFloat(getComputedStyle(source).scrollMarginTop),
    scrollY + innerHeight >= root.scrollHeight - 1,
  ]
}"""


@pytest.mark.parametrize("width", [1280, 360])
@pytest.mark.parametrize("path", PAGES)
def test_a_link_to_a_source_lands_on_it(address, open_page, path, width):
    page = open_page(address + path, width=width).page
    names = page.evaluate("[...document.querySelectorAll('li.source')].map(source => source.id)")
    assert len(names) > 20
    for name in (names[0], names[len(names) // 3], names[len(names) // 2], names[-1]):
        fresh = open_page(f"{address}{path}#{name}", width=width).page
        page.evaluate("name => { location.hash = name }", name)
        for one in (fresh, page):
            one.wait_for_timeout(500)
            top, wanted, at_end = one.evaluate(_PLACE, name)
            assert abs(top - wanted) <= 2 or (at_end and wanted <= top < 800), (name, top, wanted)


@pytest.mark.parametrize("width", [1280, 360])
@pytest.mark.parametrize("path", PAGES)
def test_what_is_being_read_stays_in_place(address, open_page, path, width):
    """Scrolling up from the middle of the list, past sources that have not been laid out yet."""
    page = open_page(address + path, width=width).page
    page.evaluate(
        "() => { const all = document.querySelectorAll('li.source'); location.hash = all[all.length >> 1].id }"
    )
    page.wait_for_timeout(500)
    page.mouse.move(width / 2, 400)
    for _ in range(10):
        before = page.evaluate(
            "() => { window.seen = document.elementFromPoint(innerWidth / 2, 350).closest('li, p, h2');"
            " return [seen.getBoundingClientRect().top, scrollY] }"
        )
        page.mouse.wheel(0, -150)
        page.wait_for_function("before => scrollY !== before", arg=before[1])
        page.wait_for_timeout(100)
        moved = page.evaluate("seen.getBoundingClientRect().top") - before[0]
        assert abs(moved - 150) <= 2
