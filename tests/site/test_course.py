"""The course in the browser: self-checks, cases, and progress that stays on the device."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from macros.guide import load_guide
from tests.conftest import ROOT

pytestmark = [pytest.mark.browser, pytest.mark.slow]
MODULES = {name: file.value for name, file in load_guide(ROOT, render=False).data["macros.training"].by_name.items()}
M5 = MODULES["m5-assessment"]
PAGE, COURSE = "/training/m5-assessment.html", "/training/index.html"


def item_of(kind: str) -> str:
    return str(next(name for name, item in M5.items.items() if item.kind == kind))


def section(page: Any, item: str) -> Any:
    return page.locator(f"[data-item={item}]")


def kept(page: Any) -> Any:
    return json.loads(page.evaluate("localStorage.getItem('guide-training') || 'null'"))


def answer(page: Any, name: str, *, wrong: bool = False) -> None:
    """Answer an item of module 5 as it should be, or not."""
    item, place = M5.items[name], section(page, name)
    if item.kind in ("one", "several"):
        for index, option in enumerate(item.options):
            box = place.locator(f"input[value='{index}']")
            if option.right != wrong:
                box.check()
            elif item.kind == "several":
                box.uncheck()
    elif item.kind == "match":
        for index in range(len(item.options)):
            chosen = (index + wrong) % len(item.options)
            place.locator(f"select[data-option='{index}']").select_option(str(chosen))
    else:
        for target in range(len(item.options)):
            wanted = str(len(item.options) - 1 - target if wrong else target)
            row = place.locator(f"li[data-option='{wanted}']").first
            while (
                place.locator("form li").evaluate_all("rows => rows.map(row => row.dataset.option)").index(wanted)
                > target
            ):
                row.locator("button").first.click()
    place.get_by_role("button", name="Check").click()


@pytest.mark.parametrize("kind", ["one", "several", "order", "match"])
def test_a_wrong_answer_then_the_right_one(address: str, open_page: Any, kind: str) -> None:
    watched = open_page(address + PAGE)
    page, name = watched.page, item_of(kind)
    place = section(page, name)
    assert not place.locator(".quiz-answer").is_visible(), "the answer is out of sight until one is given"
    answer(page, name, wrong=True)
    assert place.locator(".quiz-verdict").inner_text().startswith("Not right yet.")
    assert place.locator(".quiz-answer summary").is_visible()
    assert kept(page)["items"] == {f"m5-assessment/{name}": [1, 0]}
    review = page.locator(".quiz-review a")
    assert (
        review.count() == len({target.partition("#")[2] or target for target in M5.items[name].review})
        or review.count() >= 1
    )
    answer(page, name)
    assert place.locator(".quiz-verdict").inner_text().strip() == "Right."
    assert place.locator(".quiz-answer").evaluate("one => one.open")
    assert kept(page)["items"] == {f"m5-assessment/{name}": [2, 1]}
    assert page.locator(".quiz-review a").count() == 0
    assert watched.complaints == []


def test_a_wrong_choice_is_explained_at_once(address: str, open_page: Any) -> None:
    page, name = open_page(address + PAGE).page, item_of("one")
    wrong = next(index for index, option in enumerate(M5.items[name].options) if not option.right)
    place = section(page, name)
    place.locator(f"input[value='{wrong}']").check()
    place.get_by_role("button", name="Check").click()
    reason = place.locator(f".quiz-answer [data-option='{wrong}'] .quiz-why").text_content()
    assert place.locator(".quiz-status .quiz-why").text_content() == reason
    ids = page.evaluate("[...document.querySelectorAll('[id]')].map(one => one.id)")
    assert len(ids) == len(set(ids)), "a copy of a reason has no ids of its own"


def test_nothing_chosen_is_no_answer(address: str, open_page: Any) -> None:
    page = open_page(address + PAGE).page
    for kind in ("one", "several", "match"):
        place = section(page, item_of(kind))
        place.get_by_role("button", name="Check").click()
        assert "first." in place.locator(".quiz-status").inner_text()
    assert kept(page) is None


def test_an_item_by_keyboard_at_360_pixels(address: str, open_page: Any) -> None:
    page = open_page(address + PAGE, width=360).page
    one, order = section(page, item_of("one")), section(page, item_of("order"))
    one.locator("input").first.focus()
    page.keyboard.press("ArrowDown")
    assert one.locator("input:checked").count() == 1
    page.keyboard.press("Enter")
    assert one.locator(".quiz-verdict").is_visible()
    before = order.locator("form li > span").all_inner_texts()
    order.locator("form li button").nth(1).focus()
    page.keyboard.press("Enter")
    after = order.locator("form li > span").all_inner_texts()
    assert after[:2] == before[1::-1]
    assert page.evaluate("document.activeElement.getAttribute('aria-label')") == f"Down: {before[0]}"
    assert order.locator(".quiz-status").inner_text() == f"2 of {len(before)} now."
    assert page.evaluate("document.documentElement.scrollWidth") <= 360


def test_the_order_is_the_trainees_own_and_stays(address: str, open_page: Any) -> None:
    first = open_page(address + PAGE).page
    name = item_of("one")
    answer(first, name)
    listed = "rows => rows.map(row => row.value)"
    order = [first.locator(f"[data-item={item}] input").evaluate_all(listed) for item in M5.items]
    first.reload()
    assert [first.locator(f"[data-item={item}] input").evaluate_all(listed) for item in M5.items] == order
    others = []
    for _ in range(3):
        page = open_page(address + PAGE).page
        others.append([page.locator(f"[data-item={item}] input").evaluate_all(listed) for item in M5.items])
    assert any(other != order for other in others)


def fill(share: float) -> str:
    """Give the progress of somebody who has done a share of the course, as a file holds it."""
    items = {f"{name}/{item}": [1, 1] for name, module in MODULES.items() for item in module.items}
    pages = {f"{name} {one.to}": 1 for name, module in MODULES.items() for one in module.read}
    trees = load_guide(ROOT, render=False).data["macros.decision_trees"].by_name
    cases = {name: "sound" for name, file in trees.items() if file.value.kind == "case"}
    parts = [dict(list(part.items())[: round(len(part) * share)]) for part in (items, pages, cases)]
    return json.dumps({"version": 1, "seed": 7, "items": parts[0], "pages": parts[1], "cases": parts[2]})


@pytest.mark.parametrize(("share", "least", "most"), [(0.0, 0, 0), (0.4, 38, 42), (1.0, 100, 100)])
def test_the_course_page_shows_progress(address: str, open_page: Any, share: float, least: int, most: int) -> None:
    page = open_page(address + COURSE).page
    page.evaluate("text => localStorage.setItem('guide-training', text)", fill(share))
    page.reload()
    told = page.locator(".course-state").inner_text()
    assert least <= int(told.split(" %")[0]) <= most
    assert page.locator(".course-modules > li").count() == len(MODULES)
    if share == 1:
        counts = page.locator("[data-module=m5-assessment] .course-count").inner_text()
        assert (
            counts.strip()
            == f"{len(M5.items)} of {len(M5.items)} questions right, {len(M5.read)} of {len(M5.read)} pages read"
        )
        objectives = page.locator("[data-module=m5-assessment] details span").all_text_contents()
        assert all(text.split(" of ")[0] == text.split(" of ")[1].split()[0] for text in objectives)


def test_pages_read_are_ticked_and_counted(address: str, open_page: Any) -> None:
    page = open_page(address + PAGE).page
    page.get_by_label("Read: ").first.check()
    page.reload()
    assert page.get_by_label("Read: ").first.is_checked()
    page.goto(address + COURSE)
    assert f"1 of {len(M5.read)} pages read" in page.locator("[data-module=m5-assessment] .course-count").inner_text()
    page.goto(address + PAGE)
    page.get_by_label("Read: ").first.uncheck()
    assert kept(page)["pages"] == {}


def take(page: Any, name: str, text: str | bytes) -> None:
    content = text if isinstance(text, bytes) else text.encode()
    page.set_input_files("#course-file", {"name": name, "mimeType": "application/json", "buffer": content})


def test_progress_moves_from_one_browser_to_another(address: str, open_page: Any, tmp_path: Path) -> None:
    here = open_page(address + PAGE).page
    answer(here, item_of("one"))
    here.goto(address + COURSE)
    with here.expect_download() as download:
        here.get_by_role("button", name="Save as a file").click()
    file = tmp_path / "progress.json"
    download.value.save_as(file)
    there = open_page(address + PAGE).page
    answer(there, item_of("match"))
    there.goto(address + COURSE)
    take(there, "progress.json", file.read_bytes())
    there.get_by_text("added to what was here").wait_for()
    assert set(kept(there)["items"]) == {f"m5-assessment/{item_of('one')}", f"m5-assessment/{item_of('match')}"}
    assert f"2 of {len(M5.items)}" in there.locator("[data-module=m5-assessment] .course-count").inner_text()


GOOD = json.loads(fill(0.1))


@pytest.mark.parametrize(
    "text",
    [
        b"",
        b"\xff\xfe\x00",
        "not json",
        "null",
        "[]",
        "{}",
        '{"version": 2}',
        json.dumps(GOOD | {"version": 2}),
        json.dumps(GOOD | {"extra": 1}),
        json.dumps(GOOD | {"seed": "1"}),
        json.dumps(GOOD | {"items": {"m5-assessment/x": [1, 2]}}),
        json.dumps(GOOD | {"items": {"m5-assessment/x": [0, 1]}}),
        json.dumps(GOOD | {"items": {"<img src=x onerror=alert(1)>/x": [1, 1]}}),
        json.dumps(GOOD | {"items": {"__proto__": [1, 1]}}),
        json.dumps(GOOD | {"items": [1]}),
        json.dumps(GOOD | {"pages": {"m5-assessment <script>": 1}}),
        json.dumps(GOOD | {"pages": {"m5-assessment ../index.md": 2}}),
        json.dumps(GOOD | {"cases": {"seen-alone": "proceed"}}),
        json.dumps(GOOD | {"cases": None}),
        " " * 1_100_000,
    ],
    ids=range(20),
)
def test_a_foreign_or_tampered_file_is_refused(address: str, open_page: Any, text: str | bytes) -> None:
    watched = open_page(address + COURSE)
    page = watched.page
    page.evaluate("text => localStorage.setItem('guide-training', text)", fill(0.4))
    page.reload()
    before = kept(page)
    take(page, "other.json", text)
    page.get_by_text("“other.json” holds no progress of this course. Nothing was changed.").wait_for()
    assert kept(page) == before
    assert watched.complaints == []


def test_progress_is_erased_at_the_second_click(address: str, open_page: Any) -> None:
    page = open_page(address + COURSE).page
    page.evaluate("text => localStorage.setItem('guide-training', text)", fill(0.4))
    page.reload()
    page.get_by_role("button", name="Erase").click()
    assert kept(page)["items"]
    page.get_by_role("button", name="Erase all progress for good").click()
    assert kept(page)["items"] == kept(page)["pages"] == kept(page)["cases"] == {}
    assert page.locator(".course-state").inner_text().startswith("0 %")


@pytest.mark.parametrize(
    "script",
    [
        "Storage.prototype.setItem = () => { throw new DOMException('full', 'QuotaExceededError') }",
        "Object.defineProperty(window, 'localStorage', { get() { throw new DOMException('no', 'SecurityError') } })",
    ],
    ids=["full", "forbidden"],
)
def test_without_storage_it_says_so_and_goes_on(address: str, open_page: Any, script: str) -> None:
    watched = open_page("about:blank")
    page = watched.page
    page.add_init_script(script)
    page.goto(address + PAGE)
    name = item_of("one")
    answer(page, name)
    assert section(page, name).locator(".quiz-verdict").inner_text().strip() == "Right."
    assert "until you leave this page" in page.locator("self-check > .tree-notice").inner_text()
    assert page.locator(".quiz-results li").filter(has_text="1 of").count() == 1
    # The theme reads the storage without asking whether it may.
    assert set(watched.complaints) <= {"no"}


def test_what_is_kept_but_unreadable_is_left_until_something_is_answered(address: str, open_page: Any) -> None:
    page = open_page(address + PAGE).page
    page.evaluate("localStorage.setItem('guide-training', '{\"version\": 9}')")
    page.reload()
    assert "cannot be read" in page.locator("self-check > .tree-notice").inner_text()
    assert page.evaluate("localStorage.getItem('guide-training')") == '{"version": 9}'
    answer(page, item_of("one"))
    assert kept(page)["version"] == 1


def test_a_case_tells_what_follows_and_keeps_its_ending(address: str, open_page: Any) -> None:
    watched = open_page(address + "/training/cases/seen-alone.html")
    page = watched.page
    answers = page.locator("decision-tree .tree-step:not([hidden]) .tree-answers > li > a")
    tree = load_guide(ROOT, render=False).data["macros.decision_trees"].by_name["seen-alone"].value
    node, fits = tree.start, []
    while node in tree.questions:
        number = next(index for index, one in enumerate(tree.answers(node)) if one.fit == "good")
        chosen = tree.answers(node)[number]
        answers.nth(number).click()
        shown = page.locator("decision-tree .tree-step:not([hidden]) .tree-followed")
        shown.wait_for()
        assert shown.locator(".tree-fit").inner_text() == "Good"
        fits.append("Good")
        node = chosen.go
        assert page.locator("decision-tree .tree-step:not([hidden])").count() == 1
    assert tree.outcomes[node].verdict == "sound"
    assert kept(page)["cases"] == {"seen-alone": "sound"}
    assert page.locator(".tree-path .tree-followed").all_inner_texts() == fits
    page.goto(address + COURSE)
    assert page.locator("[data-case=seen-alone] .course-count").inner_text() == "Brought to a sound ending"
    assert watched.complaints == []


def test_the_record_holds_the_name_and_nothing_keeps_it(address: str, open_page: Any) -> None:
    page = open_page(address + COURSE).page
    page.evaluate("window.print = () => {}")
    page.fill("#record-name", "Ana <b>Núñez</b>")
    page.get_by_role("button", name="Print the record").click()
    page.emulate_media(media="print")
    record = page.locator(".course-record")
    assert record.is_visible()
    assert "Ana <b>Núñez</b>" in record.inner_text()
    assert "no certificate" in record.inner_text()
    assert not page.locator(".course-modules").is_visible()
    assert not page.locator("h1").is_visible()
    stored = page.evaluate("JSON.stringify([{...localStorage}, {...sessionStorage}, document.cookie, location.href])")
    assert "Ana" not in stored
    page.reload()
    assert page.input_value("#record-name") == ""


def test_without_javascript_questions_and_answers_are_there(address: str, open_page: Any) -> None:
    page = open_page(address + PAGE, javascript=False).page
    place = section(page, item_of("one"))
    assert place.locator(".quiz-options li").first.is_visible()
    assert not place.locator(".quiz-why").first.is_visible()
    place.locator("summary").click()
    assert place.locator(".quiz-why").first.is_visible()
    page.goto(address + COURSE)
    assert "does not run" in page.locator(".course-none").inner_text()
    assert page.locator(".course-modules a").count() >= len(MODULES)
