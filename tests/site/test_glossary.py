"""Terms and their cards in a real browser; how the Tab key goes through a page with many cards."""

from __future__ import annotations

import pytest

PAGE = "/mechanisms/neuroplasticity.html"
GLOSSARY = "/toolkit/glossary.html"
CARD = ".source-card"

pytestmark = pytest.mark.browser


def test_hover_shows_the_meaning_and_leads_on(address, open_page):
    page = open_page(address + PAGE).page
    link = page.locator("a.term", has_text="BDNF").first
    link.hover()
    page.wait_for_selector(CARD)
    text = page.locator(CARD).inner_text()
    assert "brain-derived neurotrophic factor" in text
    page.locator(CARD).hover()  # the pointer can go onto the card
    page.wait_for_timeout(500)
    page.locator(CARD).get_by_text("More in the glossary").click()
    page.wait_for_url("**/toolkit/glossary.html#term-bdnf")
    assert page.locator(":target").inner_text() == "BDNF"


def test_a_finger_opens_and_closes_the_card(address, open_page):
    page = open_page(address + PAGE, width=360, touch=True).page
    link = page.locator("a.term").first
    link.tap()
    page.wait_for_selector(CARD)
    assert page.url.endswith(PAGE)
    assert page.locator(CARD).bounding_box()["width"] <= 360
    link.tap()
    page.wait_for_selector(CARD, state="detached")


def test_without_javascript_a_term_is_a_link(address, open_page):
    page = open_page(address + PAGE, javascript=False).page
    link = page.locator("a.term").first
    target = link.get_attribute("href").partition("#")[2]
    link.click()
    assert page.url.endswith(f"{GLOSSARY}#{target}")
    assert page.locator(f"#{target}").is_visible()


def test_the_down_arrow_leads_onto_the_card_and_escape_back(address, open_page):
    page = open_page(address + PAGE).page
    link = page.locator("a.term").nth(1)
    description = link.evaluate("one => document.getElementById(one.getAttribute('aria-describedby')).textContent")
    assert description == "Down arrow: details"
    page.locator("a.cite, a.term").first.focus()
    for _ in range(200):
        page.keyboard.press("Tab")
        if link.evaluate("one => one === document.activeElement"):
            break
    page.keyboard.press("Escape")
    assert page.locator(CARD).count() == 0
    page.keyboard.press("ArrowDown")
    assert page.evaluate("document.activeElement.matches('.source-card')")
    assert page.evaluate("document.activeElement.getAttribute('aria-label')").startswith("Meaning of ")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.textContent") == "More in the glossary"
    page.keyboard.press("Escape")
    assert page.locator(CARD).count() == 0
    assert link.evaluate("one => one === document.activeElement")


def test_tab_passes_by_what_is_on_the_cards(address, open_page):
    page = open_page(address + PAGE).page
    links = page.locator("a.cite, a.term").count()
    stops = page.evaluate(
        "[...document.querySelectorAll('article :is(a[href], button, summary, input, [tabindex=\"0\"])')]"
        ".filter((one) => one.checkVisibility()).length"
    )
    page.locator("h1 .headerlink").focus()
    opened = on_cards = pressed = 0
    while pressed < 400 and (pressed == 0 or page.evaluate("document.activeElement.closest('article') !== null")):
        page.keyboard.press("Tab")
        pressed += 1
        opened += page.locator(CARD).count()
        on_cards += page.evaluate("document.activeElement.closest('.source-card') !== null")
    assert opened >= links > 50
    assert on_cards == 0
    assert pressed <= stops


def test_at_most_twelve_terms_of_a_page_are_linked(address, open_page):
    for name in ("/index.html", "/framework/index.html", "/mechanisms/index.html", PAGE):
        links = open_page(address + name, javascript=False).page.locator("a.term")
        assert 1 <= links.count() <= 12
        terms = links.evaluate_all("all => all.map(one => one.dataset.term)")
        assert len(set(terms)) == len(terms)


@pytest.mark.parametrize("width", [1280, 320])
def test_letters_lead_to_their_terms(address, open_page, width):
    page = open_page(address + GLOSSARY, width=width).page
    page.locator(".glossary-letters").get_by_text("P", exact=True).click()
    top = page.locator("#letter-p").bounding_box()["y"]
    assert 48 <= top < 200, "below the header, in sight"
    sizes = page.locator(".glossary-letters a").evaluate_all(
        "all => all.map(one => [one.offsetWidth, one.offsetHeight]).flat()"
    )
    assert min(sizes) >= 24
    assert page.evaluate("document.documentElement.scrollWidth") <= width
