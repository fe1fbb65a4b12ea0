"""The source card in a real browser: mouse, keyboard, finger, and neither JavaScript nor a server."""

from __future__ import annotations

import pytest

PAGE = "/mechanisms/neuroplasticity.html"
CARD = ".source-card"

pytestmark = pytest.mark.browser


@pytest.mark.parametrize("width", [1280, 360])
def test_hover_opens_the_card_without_moving_the_page(address, open_page, width):
    watched = open_page(address + PAGE, width=width)
    page = watched.page
    link = page.locator("a.cite").nth(3)
    link.scroll_into_view_if_needed()
    before = page.evaluate("[document.documentElement.scrollHeight, scrollY]")
    link.hover()
    page.wait_for_selector(CARD)
    assert page.evaluate("[document.documentElement.scrollHeight, scrollY]") == before
    text = page.locator(CARD).inner_text()
    entry = page.locator("#" + link.get_attribute("href")[1:])
    assert entry.locator(".source-design").inner_text() in text
    for fact in ("Who", "Found", "Cannot show", "https://doi.org/"):
        assert fact in text
    box = page.locator(CARD).bounding_box()
    assert box["x"] >= 0
    assert box["x"] + box["width"] <= width
    assert box["y"] >= 0
    assert box["y"] + box["height"] <= 800
    page.locator(CARD).hover()  # the pointer can go onto the card
    page.wait_for_timeout(500)
    assert page.locator(CARD).count() == 1
    page.mouse.move(1, 1)
    page.wait_for_selector(CARD, state="detached")


def test_keyboard_opens_reaches_into_and_closes(address, open_page):
    page = open_page(address + PAGE).page
    link = page.locator("a.cite").nth(2)
    link.focus()
    page.wait_for_selector(CARD)
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.closest('.source-card') !== null")
    page.keyboard.press("Escape")
    assert page.locator(CARD).count() == 0
    assert page.evaluate("document.activeElement.matches('a.cite')")
    assert page.evaluate("document.activeElement.getAttribute('href')") == link.get_attribute("href")


def test_escape_closes_from_the_citation_and_tabbing_past_closes_too(address, open_page):
    page = open_page(address + PAGE).page
    page.locator("a.cite").nth(2).focus()
    page.wait_for_selector(CARD)
    page.keyboard.press("Escape")
    assert page.locator(CARD).count() == 0
    page.locator("a.cite").nth(4).focus()
    page.wait_for_selector(CARD)
    page.locator("a.headerlink").first.focus()
    assert page.locator(CARD).count() == 0


def test_enter_follows_the_link_to_the_list(address, open_page):
    page = open_page(address + PAGE).page
    link = page.locator("a.cite").nth(2)
    link.focus()
    page.keyboard.press("Enter")
    assert page.evaluate("decodeURIComponent(location.hash)") == link.get_attribute("href")


def test_a_finger_opens_and_closes_the_card(address, open_page):
    page = open_page(address + PAGE, width=360, touch=True).page
    link = page.locator("a.cite").nth(3)
    link.tap()
    page.wait_for_selector(CARD)
    assert page.evaluate("location.hash") == ""
    box = page.locator(CARD).bounding_box()
    assert box["width"] <= 360
    page.locator("h1").tap()
    page.wait_for_selector(CARD, state="detached")
    link.tap()
    page.locator(CARD).get_by_text("Show in the list of sources").tap()
    page.wait_for_function("location.hash.startsWith('#ref-')")


def test_every_citation_of_the_page_has_a_card(address, open_page):
    page = open_page(address + PAGE).page
    missing = page.evaluate(
        "[...document.querySelectorAll('a.cite')].filter(a => !document.getElementById(decodeURIComponent(a.hash.slice(1))))"
        ".map(a => a.textContent)"
    )
    assert missing == []


def test_without_javascript_the_citation_is_a_link_and_all_is_there(address, open_page):
    page = open_page(address + PAGE, javascript=False).page
    link = page.locator("a.cite").nth(2)
    target = link.get_attribute("href")
    link.click()
    assert page.url.endswith(target)
    entry = page.locator(target)
    assert entry.is_visible()
    assert "Cannot show" in entry.inner_text()
    assert page.locator(".sources").get_by_role("link", name="RIS").is_visible()


def test_back_links_lead_to_the_citations(address, open_page):
    page = open_page(address + PAGE).page
    back = page.locator(".source-back a").first
    target = back.get_attribute("href")
    back.click()
    assert page.url.endswith(target)
    assert page.evaluate("document.querySelector(':target').matches('a.cite')")


def test_bibtex_can_be_copied(address, open_page):
    page = open_page(address + PAGE).page
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    details = page.locator(".source-bibtex").first
    details.locator("summary").click()
    details.locator("button").click()
    page.wait_for_function("document.querySelector('.source-copy').textContent === 'Copied'")
    assert page.evaluate("navigator.clipboard.readText()").startswith("@article{")


def test_all_sources_can_be_searched_filtered_and_sorted(address, open_page):
    page = open_page(address + "/references.html").page
    entries = page.locator(".bibliography li.source")
    total = entries.count()
    page.fill("#source-search", "khalifian framework")
    assert 0 < page.locator(".bibliography li.source:visible").count() < 10
    assert page.locator(".bibliography-count").inner_text().split()[0] != str(total)
    page.fill("#source-search", "")
    page.select_option("#source-filter", "rct")
    shown = page.locator(".bibliography li.source:visible")
    assert set(shown.evaluate_all("all => all.map(one => one.dataset.design)")) == {"rct"}
    page.select_option("#source-filter", "")
    page.select_option("#source-sort", "year")
    years = entries.evaluate_all("all => all.map(one => Number(one.dataset.year))")
    assert years == sorted(years, reverse=True)


SHOWN = ".bibliography li.source:visible"


def test_filters_count_what_search_and_the_other_filter_leave(address, open_page):
    page = open_page(address + "/references.html").page
    page.select_option("#source-studied", "couples")
    shown = page.locator(SHOWN)
    assert set(shown.evaluate_all("all => all.map(one => one.dataset.studied)")) == {"couples"}
    trials = page.locator("#source-filter option[value=rct]").inner_text()
    page.select_option("#source-filter", "rct")
    assert trials == f"Randomised controlled trial ({shown.count()})"
    assert page.locator(".bibliography-count").inner_text() == f"{shown.count()} sources"
    page.fill("#source-search", "ketamine")
    assert page.locator("#source-filter option:checked").inner_text().endswith(f"({shown.count()})")


def test_only_cited_sources_are_shown_until_all_are_asked_for(address, open_page):
    page = open_page(address + "/references.html").page
    every = page.locator(".bibliography li.source")
    cited = every.evaluate_all("all => all.filter(one => one.dataset.pages !== '0').length")
    assert page.locator(SHOWN).count() == cited < every.count()
    page.check("#source-all")
    assert page.locator(SHOWN).count() == every.count()


def test_a_search_without_hits_says_what_to_try(address, open_page):
    page = open_page(address + "/references.html").page
    assert not page.is_visible(".bibliography-none")
    page.fill("#source-search", "xylophone quartet")
    assert page.is_visible(".bibliography-none")
    assert page.locator(".bibliography-count").inner_text() == "0 sources"
    page.fill("#source-search", "")
    assert not page.is_visible(".bibliography-none")


def test_a_link_to_a_source_that_no_page_cites_shows_it(address, open_page):
    page = open_page(address + "/references.html").page
    name = page.locator(".bibliography li[data-pages='0']").first.get_attribute("id")
    page = open_page(f"{address}/references.html#{name}").page
    assert page.is_visible(f"[id='{name}']")


def test_without_javascript_all_sources_are_listed(address, open_page):
    page = open_page(address + "/references.html", javascript=False).page
    assert page.locator(SHOWN).count() == page.locator(".bibliography li.source").count()
    assert not page.is_visible(".bibliography-tools")


def test_diacritics_do_not_hinder_search(address, open_page):
    page = open_page(address + "/references.html").page
    page.fill("#source-search", "belanger")
    assert "Bélanger" in page.locator(".bibliography li.source:visible").first.text_content()


@pytest.mark.parametrize("number", range(0, 40, 4))
def test_the_card_never_covers_its_citation(address, open_page, number):
    page = open_page(address + PAGE, width=360, height=640).page
    link = page.locator("a.cite").nth(number)
    link.focus()
    page.wait_for_selector(CARD)
    card = page.locator(CARD).bounding_box()
    rows = link.evaluate("one => [...one.getClientRects()].map(row => [row.top, row.bottom])")
    assert all(bottom <= card["y"] + 1 or top >= card["y"] + card["height"] - 1 for top, bottom in rows)


#: Which citations have cards whose last fact, what the source cannot show, ends below the card's lower edge.
_LIMITS_OUT_OF_SIGHT = """async () => {
  const hidden = []
  for (const link of document.querySelectorAll("a.cite")) {
    link.scrollIntoView({ block: "center" })
    link.focus()
    const card = document.querySelector(".source-card"), limits = [...card.querySelectorAll("dd")].pop()
    if (limits && limits.getBoundingClientRect().bottom > card.getBoundingClientRect().bottom) hidden.push(link.textContent)
    link.blur()
  }
  return hidden
}"""


@pytest.mark.parametrize("path", [PAGE, "/mechanisms/reduced-avoidance.html", "/framework/index.html"])
@pytest.mark.parametrize(("width", "height"), [(360, 740), (1280, 900)])
def test_what_a_source_cannot_show_is_seen_without_scrolling_the_card(address, open_page, path, width, height):
    page = open_page(address + path, width=width, height=height).page
    page.wait_for_selector("a.cite[aria-describedby]")
    assert page.evaluate(_LIMITS_OUT_OF_SIGHT) == []


@pytest.mark.parametrize("javascript", [True, False])
def test_the_entry_that_a_link_leads_to_is_open_and_has_no_control_that_does_nothing(address, open_page, javascript):
    page = open_page(address + PAGE, javascript=javascript).page
    first, second = (page.locator("a.cite").nth(number).get_attribute("href") for number in (2, 3))
    assert first != second
    for name, other in ((first, second), (second, first)):
        page.goto(address + PAGE + name)
        page.locator(f"{name} .source-facts").wait_for(state="visible")
        assert not page.locator(f"{name} .source-more > summary").is_visible()
        assert not page.locator(f"{other} .source-facts").is_visible()
        page.locator(f"{other} .source-more > summary").click()
        assert page.locator(f"{other} .source-facts").is_visible()
        page.locator(f"{other} .source-more > summary").click()


@pytest.mark.parametrize("words", ["copy bibtex", "cited on", "findings and limits", "session sheet", "syllabus"])
def test_the_search_does_not_find_the_words_of_buttons_and_names_of_pages(address, open_page, words):
    page = open_page(address + "/references.html").page
    page.fill("#source-search", words)
    hits = page.locator(SHOWN)
    for number in range(hits.count()):
        said = " ".join(hits.nth(number).locator(".source-entry, dd").all_text_contents()).lower()
        assert all(word in said for word in words.split())


def test_the_search_takes_either_apostrophe_and_minus(address, open_page):
    page = open_page(address + "/references.html").page
    for first, second in (("d'souza", "d’souza"), ("beta -0.61", "beta −0.61")):
        counts = []
        for words in (first, second):
            page.fill("#source-search", words)
            counts.append(page.locator(SHOWN).count())
        assert counts[0] == counts[1] > 0
