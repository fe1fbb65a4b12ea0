"""The search box: what readers type, and which page comes first. Later pages add their lines to `FIRST`."""

from __future__ import annotations

import json
from typing import Any

import pytest

pytestmark = pytest.mark.browser

#: What is typed, and the page or section that should come first. A `*` in front: among the first three.
FIRST = {
    # words of the framework
    "framework": "framework/index.html",
    "*mechanisms": "mechanisms/index.html",
    "indirect pathway": "mechanisms/indirect-pathway.html",
    "neuroplasticity": "mechanisms/neuroplasticity.html",
    "rewiring": "mechanisms/neuroplasticity.html",
    "functional connectivity": "mechanisms/functional-connectivity.html",
    "out of body": "mechanisms/adaptive-dissociation.html",
    "k-hole": "mechanisms/adaptive-dissociation.html",
    "disinhibition": "mechanisms/decreased-inhibition.html",
    "less guarded": "mechanisms/decreased-inhibition.html",
    "avoidance": "mechanisms/reduced-avoidance.html",
    "MDMA": "evidence/couples-and-psychedelics.html#mdma-with-couples-not-ketamine",
    "ecstasy": "evidence/couples-and-psychedelics.html#mdma-with-couples-not-ketamine",
    "*marriage counselling": "evidence/couple-therapy.html",
    # words of the glossary
    "*IPV": "safety/screening.html#when-violence-is-named",
    "domestic violence": "safety/screening.html#when-violence-is-named",
    "KAP": "evidence/ketamine-assisted-psychotherapy.html",
    "lozenge": "toolkit/glossary.html#term-lozenge-troche",
    "troche": "toolkit/glossary.html#term-lozenge-troche",
    "placebo": "toolkit/glossary.html#term-placebo",
    "blinding": "toolkit/glossary.html#term-masking-blinding",
    "DMN": "toolkit/glossary.html#term-default-mode-network",
    "*bad trip": "safety/monitoring.html#panic",
    "*Spravato": "evidence/ketamine.html#esketamine-spray",
    "randomized": "toolkit/glossary.html#term-randomised-controlled-trial",
    "side effects": "safety/adverse-effects.html",
    "IBCT": "modalities/ibct.html",
    "EFT": "modalities/eft.html",
    "CBCT": "modalities/cbct.html",
    "glossary": "toolkit/glossary.html",
    # sources
    "references": "references.html",
    "bibliography": "references.html",
    "*Grabski": "evidence/ketamine-assisted-psychotherapy.html#ketamine-added-to-psychotherapy",
    "*default mode network": "mechanisms/functional-connectivity.html",
    "*Cornfield": "evidence/couples-and-psychedelics.html",
    "*domestic abuse": "safety/screening.html#when-violence-is-named",
    # what maintainers look for
    "maintaining": "about/maintaining.html",
    "*add a source": "about/maintaining.html#adding-a-source",
    # what clinicians look for
    "blood pressure": "safety/monitoring.html#blood-pressure",
    "*high blood pressure": "safety/contraindications.html#blood-pressure-heart-and-vessels",
    "*affair": "decisions/eligibility.html#eligibility.secret.ask",
    "*softening": "modalities/eft.html",
    "unified detachment": "toolkit/glossary.html#term-unified-detachment",
    "nothing happened": "decisions/integration-focus.html#integration-focus.nothing-much.ask",
    "weeping": "decisions/during-dosing.html#during-dosing.weeping.ask",
    # short words in front, of which many others are the beginning
    "he cried": "decisions/during-dosing.html#during-dosing.weeping.ask",
    "she is crying": "decisions/during-dosing.html#during-dosing.weeping.ask",
    "*divorce": "decisions/eligibility.html#eligibility.both-stay.ask",
    "*pregnant": "decisions/screening.html#screening.pregnancy.ask",
    "lamotrigine": "safety/contraindications.html#interactions",
    "screening": "safety/screening.html",
    "*vomiting": "decisions/during-dosing.html#during-dosing.vomiting.ask",
    "vomiting confused": "safety/monitoring.html#vomiting",
    "driving": "safety/monitoring.html#leaving-and-driving",
    "consent": "safety/consent.html",
    "handout": "toolkit/handout-couples.html",
    "SCORM": "training/institutions.html",
    "bladder": "safety/adverse-effects.html#the-bladder",
}

#: The theme shows as many pages until the list is scrolled.
SHOWN = 10
#: Words of which one page says what they mean and another what to do: both are among the first three.
BOTH = {
    "blood pressure": ("safety/monitoring.html", "safety/contraindications.html"),
    "lozenge": ("toolkit/glossary.html", "phases/dosing.html"),
    "softening": ("toolkit/glossary.html", "modalities/eft.html"),
    "unified detachment": ("toolkit/glossary.html", "modalities/ibct.html"),
    "pregnant": ("decisions/screening.html", "safety/contraindications.html"),
}


def search(page: Any, words: str) -> list[list[str]]:
    """Type into the search box, and give the pages that it lists, each with its best section."""
    page.evaluate("document.querySelector('.md-search-result__list').replaceChildren()")
    page.fill(".md-search__input", words[:-1])
    page.keyboard.press(words[-1])  # the theme searches when a key goes up
    page.wait_for_selector(".md-search-result__item")
    found: list[list[str]] = page.evaluate(
        """[...document.querySelectorAll('.md-search-result__item')].map((item) => {
          const links = [...item.querySelectorAll('a')];
          const score = (link) => Number(link.firstElementChild.dataset.mdScore);
          const best = links.reduce((a, b) => (score(b) > score(a) ? b : a));
          return [links[0], best].map((link) => {
            const url = new URL(link.href);
            return url.pathname.split('/').slice(1).join('/') + url.hash;
          });
        })"""
    )
    return found


@pytest.fixture
def box(address, open_page):
    """A page with the search open, as the key "/" opens it."""
    watched = open_page(address + "/index.html")
    watched.page.keyboard.press("/")
    watched.page.wait_for_function("document.activeElement.matches('.md-search__input')")
    watched.page.get_by_text("Type to start searching").wait_for()
    return watched


def test_what_readers_type_finds_the_page_that_answers(box):
    wrong = {}
    for words, expected in FIRST.items():
        found = search(box.page, words.removeprefix("*"))
        listed = found[:3] if words.startswith("*") else found[:1]
        if not any(expected in one for one in listed):
            wrong[words] = found[:4]
    for words, both in BOTH.items():
        found = search(box.page, words)
        if not {*both} <= {page.partition("#")[0] for page, _ in found[:3]}:
            wrong[words] = found[:4]
    assert wrong == {}
    assert box.complaints == []


def test_a_word_finds_the_sections_that_use_another_for_it(box):
    for typed, used in {
        "cheating": "infidelity",
        "rodents": "mice",
    }.items():
        found = {pages for pages, _ in search(box.page, typed)}
        wanted = [pages for pages, _ in search(box.page, used)]
        # The list shows ten pages until it is scrolled: where there are more, its end may differ.
        assert found >= set(wanted[:8] if len(wanted) >= SHOWN else wanted) != set(), typed


def test_what_is_shown_is_what_the_page_says(box):
    search(box.page, "k-hole")
    shown = box.page.locator(".md-search-result__item").first.inner_text()
    assert "spaced" not in shown
    assert "k-hole" not in shown


def test_the_words_of_a_group_stand_in_the_same_sections(site):
    index = json.loads((site / "search" / "search_index.json").read_text("utf-8"))["docs"]
    fields = ("title", "text", "heading_also", "text_also")
    for group in (["sublingual", "lozenge", "troche"], ["infidelity", "cheating"], ["anaesthesia", "anesthesia"]):
        sections = [
            [one["location"] for one in index if word in " ".join(one.get(name, "") for name in fields).casefold()]
            for word in group
        ]
        assert sections[0]
        assert all(one == sections[0] for one in sections), group


def test_it_works_from_a_folder(site, open_page):
    page = open_page((site / "index.html").as_uri()).page
    page.keyboard.press("/")
    page.locator(".md-search__input").press_sequentially("troche")
    page.wait_for_selector(".md-search-result__item", timeout=15000)
    assert "Lozenge" in page.locator(".md-search-result__item").first.inner_text()


def test_the_dialog_has_a_name(address, open_page):
    page = open_page(address + "/index.html").page
    assert page.locator("[role=dialog]").get_attribute("aria-label") == "Search"
    page.keyboard.press("/")
    page.wait_for_function("document.activeElement.matches('.md-search__input')")
    assert page.get_by_role("dialog", name="Search").count() == 1
