"""Session sheets in a browser: chosen, ticked, printed."""

from __future__ import annotations

import re

import pytest

from macros.terms import MODALITIES, PHASES

pytestmark = pytest.mark.browser


def shown(page) -> list[str]:
    return [
        str(sheet.get_attribute("data-therapy")) for sheet in page.query_selector_all(".sheet") if sheet.is_visible()
    ]


@pytest.mark.parametrize("javascript", [True, False])
def test_the_keyboard_chooses_the_therapy(address, open_page, javascript):
    page = open_page(f"{address}/phases/sheets/dosing.html", javascript=javascript).page
    assert shown(page) == ["cbct"]
    page.focus("#therapy-cbct")
    page.keyboard.press("ArrowRight")
    assert shown(page) == ["eft"]


def test_a_choice_holds_on_the_other_sheets_and_nothing_else_is_kept(address, open_page):
    page = open_page(f"{address}/phases/sheets/dosing.html").page
    page.click("label[for=therapy-ibct]")
    assert page.url.endswith("?therapy=ibct")
    page.check("#ibct-before-1")
    page.goto(f"{address}/phases/sheets/integration.html")
    assert shown(page) == ["ibct"]
    page.goto(f"{address}/phases/sheets/dosing.html")
    assert not page.is_checked("#ibct-before-1")
    kept = page.evaluate("[Object.entries(sessionStorage), document.cookie, localStorage.getItem('therapy')]")
    assert [entry for entry in kept[0] if not entry[0].startswith("/")] == [["therapy", "ibct"]]
    assert kept[1:] == ["", None]


def test_the_address_chooses_in_a_folder_too(site, open_page):
    watched = open_page((site / "phases/sheets/assessment.html").as_uri() + "?therapy=eft")
    assert shown(watched.page) == ["eft"]
    watched.page.click("label[for=therapy-cbct]")
    assert shown(watched.page) == ["cbct"]
    assert watched.complaints == []


def test_an_unknown_therapy_in_the_address_is_passed_over(address, open_page):
    watched = open_page(f"{address}/phases/sheets/dosing.html?therapy=psychoanalysis")
    assert shown(watched.page) == ["cbct"]
    assert watched.complaints == []


@pytest.mark.parametrize("phase", PHASES)
@pytest.mark.parametrize("paper", ["A4", "Letter"])
def test_every_sheet_is_printed_alone_on_one_page(address, open_page, phase, paper):
    page = open_page(f"{address}/phases/sheets/{phase}.html").page
    for modality in MODALITIES:
        page.click(f"label[for=therapy-{modality}]")
        pdf = page.pdf(format=paper, prefer_css_page_size=False)
        assert len(re.findall(rb"/Type\s*/Page\b", pdf)) == 1, modality


def test_paper_names_readings_once_has_lines_to_write_on_and_says_when_it_was_reviewed(address, open_page):
    page = open_page(f"{address}/phases/sheets/dosing.html").page
    names = (".sheet-reading", ".sheet-key", ".sheet-fill", ".handout")
    parts = [page.locator(name).first for name in names]
    assert [part.is_visible() for part in parts] == [True, False, False, False]
    page.emulate_media(media="print")
    assert [part.is_visible() for part in parts] == [False, True, True, True]


def test_paper_shows_empty_boxes_and_no_tools(address, open_page):
    page = open_page(f"{address}/phases/sheets/dosing.html").page
    page.check("#cbct-before-1")
    page.emulate_media(media="print")
    assert page.evaluate("getComputedStyle(document.getElementById('cbct-before-1')).appearance") == "none"
    assert [page.is_visible(part) for part in (".choice", ".sheet-print", ".sources", "h1", ".sheet")] == [
        False
    ] * 4 + [True]


@pytest.mark.parametrize("width", [1280, 320])
def test_boxes_and_tabs_are_large_enough_to_hit(address, open_page, width):
    page = open_page(f"{address}/phases/sheets/dosing.html", width=width).page
    for part in page.query_selector_all(".choice label, .sheet-print, .sheet[data-therapy=cbct] input"):
        box = part.bounding_box()
        assert box["width"] >= 24
        assert box["height"] >= 24
