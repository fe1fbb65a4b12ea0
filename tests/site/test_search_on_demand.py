"""The search's index and worker are fetched when the reader turns to the search, and not before."""

from __future__ import annotations

import pytest

from tests.site.conftest import Watched

pytestmark = pytest.mark.browser

PAGE = "/mechanisms/neuroplasticity.html"


def asked(watched: Watched) -> list[str]:
    return [url for url in watched.requests if "search_index" in url or "/workers/search" in url]


@pytest.mark.parametrize("way", ["server", "folder"])
def test_nothing_is_fetched_before_the_search_is_used(site, address, open_page, way):
    start = address + PAGE if way == "server" else (site / PAGE.strip("/")).as_uri()
    watched = open_page(start)
    watched.page.wait_for_load_state("networkidle")
    watched.page.wait_for_timeout(300)
    assert asked(watched) == []
    watched.page.keyboard.press("/")
    watched.page.keyboard.type("neuropl")
    watched.page.wait_for_selector(".md-search-result__item", timeout=15000)
    assert len([url for url in asked(watched) if "search_index" in url]) == 1
    # The theme completes the word that is being typed.
    watched.page.wait_for_function("document.querySelector('.md-search__suggest').textContent === 'neuroplasticity'")
    # A result leads to its page with what was searched, which is highlighted there.
    watched.page.wait_for_selector(".md-search-result__link[href*='?h=neuropl']")
    assert watched.complaints == []


@pytest.mark.parametrize("way", ["server", "folder"])
def test_a_result_highlights_what_was_searched(site, address, open_page, way):
    start = address + PAGE if way == "server" else (site / PAGE.strip("/")).as_uri()
    watched = open_page(f"{start}?h=rapamycin")
    watched.page.wait_for_selector("article mark[data-md-highlight]", timeout=15000)
    assert "rapamycin" in watched.page.locator("article mark").first.inner_text().lower()
    assert watched.complaints == []


def test_an_address_may_hold_a_search(address, open_page):
    watched = open_page(f"{address}{PAGE}?q=rapamycin")
    watched.page.wait_for_selector(".md-search-result__item", timeout=15000)


def test_touching_the_search_button_fetches_it(address, open_page):
    watched = open_page(address + PAGE, width=360, touch=True)
    watched.page.wait_for_load_state("networkidle")
    assert asked(watched) == []
    watched.page.locator(".md-header__button[for=__search]").tap()
    watched.page.fill(".md-search__input", "rapamycin")
    watched.page.wait_for_selector(".md-search-result__item", timeout=15000)
