"""Decision trees in a real browser: every path by keyboard, the address, and what is there without the script."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any

import pytest

from macros.data_files import load_data
from macros.decision_trees.html import anchor
from macros.decision_trees.model import Tree, answer_ids
from macros.decision_trees.paths import all_paths
from tests.conftest import ROOT
from tests.decision_trees.examples import TREE, TREE_PAGE, made_up

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from macros.decision_trees.paths import Path as Way
    from tests.conftest import Project

pytestmark = pytest.mark.browser

NAMES = sorted(file.stem for file in (ROOT / "docs" / "decisions").glob("*.yml"))
PAGE = "/decisions/eligibility.html"
ANSWERS = "decision-tree .tree-answers a:visible"
HEADING = "decision-tree .tree-step h3:visible"


def tree_of(name: str) -> Tree:
    file, problems = load_data(ROOT, ROOT / "docs" / "decisions" / f"{name}.yml", Tree)
    assert file is not None, problems
    return file.value


def fragment(name: str, tree: Tree, way: Way) -> str:
    return f"#{name}:" + "/".join(answer_ids(tree, node)[number] for node, number in way.steps)


def longest(tree: Tree, verdict: str) -> Way:
    ways = [way for way in all_paths(tree) if way.end in tree.outcomes and tree.outcomes[way.end].verdict == verdict]
    return max(ways, key=lambda way: len(way.steps))


@pytest.fixture(scope="module")
def other_site(make_project: Callable[[], Project]) -> Path:
    """A site with two trees on one page, and with one of 200 questions."""
    project = make_project()
    config = project.read("mkdocs.yml")
    for name in ("guide.css", "decision-tree.css", "decision-tree.js", "source-cards.js"):
        project.write(f"docs/assets/{name}", (ROOT / "docs/assets" / name).read_bytes())
    for font in (ROOT / "docs/assets/fonts").glob("*.woff2"):
        project.write(f"docs/assets/fonts/{font.name}", font.read_bytes())
    project.write(
        "mkdocs.yml",
        config + "extra_css: [assets/guide.css, assets/decision-tree.css]\n"
        "extra_javascript: [assets/source-cards.js, assets/decision-tree.js]\n",
    )
    project.write("docs/decisions/small.yml", TREE)
    project.write("docs/decisions/second.yml", TREE.replace("Is there a risk?", "Is there another risk?"))
    merging = TREE.replace(
        "say: Not sure\n        go: ask\n        means: unknown",
        "say: Hardly any\n        go: wish\n        means: clear",
    )
    project.write(
        "docs/decisions/merging.yml", merging[: merging.index("  ask:\n")] + merging[merging.index("  onward:\n") :]
    )
    project.write("docs/decisions/merging.md", TREE_PAGE.replace('"small"', '"merging"'))
    project.write("docs/decisions/large.yml", made_up(7, 200, merging=False))
    twice = '\n\n{{ decision_tree("second") }}\n\n'
    project.write("docs/decisions/small.md", TREE_PAGE.replace("A finding", f"{twice}A finding"))
    project.write("docs/decisions/large.md", TREE_PAGE.replace('"small"', '"large"'))
    run = project.build()
    assert run.returncode == 0, run.stderr
    return project.root / "site"


def at(page: Any) -> str:
    """The heading on which the focus is."""
    return str(page.evaluate("document.activeElement.matches('h3') ? document.activeElement.id : ''"))


def wait_at(page: Any, heading: str) -> None:
    page.wait_for_function("id => document.activeElement.id === id", arg=heading)


def wait_shown(page: Any, heading: str) -> None:
    page.wait_for_function(
        "id => { const shown = [...document.querySelectorAll('decision-tree .tree-step:not([hidden]) h3')];"
        " return shown.length === 1 && shown[0].id === id }",
        arg=heading,
    )


@pytest.mark.parametrize("name", NAMES)
def test_every_path_by_keyboard(address: str, open_page: Any, name: str) -> None:
    """Every answer of every path is given by Tab and Enter; Back leads to the question before, where the next is tried."""
    tree = tree_of(name)
    ids = {node: answer_ids(tree, node) for node in tree.questions}
    watched = open_page(f"{address}/decisions/{name}.html#{name}:")
    page = watched.page
    walked = []

    def walk(node: str, way: tuple[tuple[str, int], ...]) -> None:
        heading = f"{anchor(name, node)}.ask"
        for number, answer in enumerate(tree.answers(node)):
            wait_at(page, heading)
            # From the heading: past "How to find out", then answer by answer.
            for _ in range(number + 1 + bool(tree.questions[node].help)):
                page.keyboard.press("Tab")
            page.keyboard.press("Enter")
            steps = (*way, (node, number))
            if answer.go in tree.questions:
                walk(answer.go, steps)
            else:
                wait_at(page, f"{anchor(name, answer.go)}.title")
                told = page.evaluate(
                    "() => { const tree = document.querySelector('decision-tree');"
                    " const end = tree.querySelector('.tree-step:not([hidden])');"
                    " return [location.hash, end.querySelector('.tree-verdict').textContent.trim(),"
                    " end.querySelector('h3').textContent, tree.querySelectorAll('.tree-step:not([hidden])').length,"
                    " [...tree.querySelectorAll('.tree-path b')].map(one => one.textContent)] }"
                )
                assert told[0] == f"#{name}:" + "/".join(ids[one][choice] for one, choice in steps)
                assert told[3:] == [1, [tree.questions[one].answers[choice].say for one, choice in steps]]
                if answer.go in tree.outcomes:
                    assert told[1:3] == [tree.outcomes[answer.go].word, tree.outcomes[answer.go].title]
                walked.append(steps)
            page.evaluate("history.back()")
        wait_at(page, heading)

    wait_at(page, f"{anchor(name, tree.start)}.ask")
    walk(tree.start, ())
    assert walked == [way.steps for way in all_paths(tree)]
    assert watched.complaints == []


def test_back_forward_reload_and_a_shared_link(address: str, open_page: Any) -> None:
    tree = tree_of("eligibility")
    way = longest(tree, "proceed")
    page = open_page(address + PAGE).page
    for node, number in way.steps:
        wait_shown(page, f"eligibility.{node}.ask")
        page.locator(ANSWERS).nth(number).click()
    end = f"eligibility.{way.end}.title"
    wait_shown(page, end)
    page.go_back()
    wait_shown(page, f"eligibility.{way.steps[-1][0]}.ask")
    page.go_forward()
    wait_shown(page, end)
    page.reload()
    wait_shown(page, end)
    shared = page.url
    assert shared.endswith(fragment("eligibility", tree, way))
    assert len(shared.partition("#")[2]) < 120
    other = open_page(shared).page
    wait_shown(other, end)
    wait_at(other, end)
    assert other.locator(".tree-path li").count() == len(way.steps)
    other.get_by_role("link", name="Start again", exact=True).click()
    wait_shown(other, f"eligibility.{tree.start}.ask")


def test_an_answer_can_be_changed(address: str, open_page: Any) -> None:
    tree = tree_of("eligibility")
    way = longest(tree, "proceed")
    page = open_page(address + PAGE + fragment("eligibility", tree, way)).page
    asked = tree.questions[way.steps[2][0]].ask
    page.get_by_role("link", name=f"Change the answer to: {asked}").click()
    wait_shown(page, f"eligibility.{way.steps[2][0]}.ask")
    assert (
        page.locator(".tree-progress").inner_text() == "Question 3 of at most 8: change your answer, or choose it again"
    )
    # All answers are still there, the one that is being changed is marked, and the address holds it all.
    assert page.locator(".tree-path li").count() == len(way.steps)
    given = page.locator("[data-given]")
    assert given.inner_text() == tree.questions[way.steps[2][0]].answers[way.steps[2][1]].say
    page.reload()
    wait_shown(page, f"eligibility.{way.steps[2][0]}.ask")
    assert page.locator(".tree-path li").count() == len(way.steps)
    # The same answer again: back at the outcome, and nothing to be told.
    page.locator("[data-given]").click()
    wait_shown(page, f"eligibility.{way.end}.title")
    assert page.url.endswith(fragment("eligibility", tree, way))
    assert page.locator(".tree-notice").is_hidden()


def test_later_answers_that_still_fit_are_kept_when_one_is_changed(other_site: Path, open_page: Any) -> None:
    """Both ways lead to the same question: what was answered there stays answered."""
    page = open_page((other_site / "decisions/merging.html").as_uri()).page
    for answer in ("No", "Yes"):
        page.locator(ANSWERS).get_by_text(answer, exact=True).click()
    wait_shown(page, "merging.onward.title")
    page.get_by_role("link", name="Change the answer to: Is there a risk?").click()
    wait_shown(page, "merging.risk.ask")
    assert (
        page.locator(".tree-progress").inner_text() == "Question 1 of at most 2: change your answer, or choose it again"
    )
    page.locator(ANSWERS).get_by_text("Hardly any", exact=True).click()
    wait_at(page, "merging.onward.title")
    assert page.locator(".tree-path b").all_inner_texts() == ["Hardly any", "Yes"]
    assert page.locator(".tree-notice").inner_text() == "Your later answers are kept. Check that they still hold."
    # Back and Forward go through all of it.
    page.go_back()
    wait_shown(page, "merging.risk.ask")
    assert page.locator("[data-given]").inner_text() == "No"
    page.go_back()
    wait_shown(page, "merging.onward.title")
    assert page.locator(".tree-path b").all_inner_texts() == ["No", "Yes"]
    assert page.locator(".tree-notice").is_hidden()


def test_later_answers_that_no_longer_follow_are_named_when_one_is_changed(address: str, open_page: Any) -> None:
    tree = tree_of("eligibility")
    way = longest(tree, "proceed")
    page = open_page(address + PAGE + fragment("eligibility", tree, way)).page
    page.get_by_role("link", name=f"Change the answer to: {tree.questions['both-stay'].ask}").click()
    wait_shown(page, "eligibility.both-stay.ask")
    page.locator(ANSWERS).get_by_text("One has decided to leave").click()
    wait_at(page, "eligibility.separate-paths.title")
    told = page.locator(".tree-notice").inner_text()
    assert told.startswith("Left out, since it no longer follows: ")
    for node, number in way.steps[6:]:
        assert f"{tree.questions[node].ask} {tree.questions[node].answers[number].say}" in told
    assert tree.questions["both-stay"].ask not in told
    assert page.locator(".tree-path li").count() == 6


def test_answers_can_be_cleared_and_the_open_address_no_longer_holds_them(address: str, open_page: Any) -> None:
    tree = tree_of("eligibility")
    page = open_page(address + PAGE).page
    assert page.get_by_role("button", name="Clear my answers").is_hidden()
    page.locator(ANSWERS).first.click()
    wait_shown(page, "eligibility.acute-risk.ask")
    before = page.evaluate("history.length")
    assert "on a shared phone or computer, use a private window" in page.locator(".tree-foot").inner_text()
    assert "Back can still show your answers: close the tab" in page.locator(".tree-foot").inner_text()
    page.get_by_role("button", name="Clear my answers").click()
    wait_at(page, f"eligibility.{tree.start}.ask")
    assert page.url.endswith("#eligibility:")
    assert page.evaluate("history.length") == before
    assert page.locator(".tree-path li").count() == 0
    assert page.get_by_role("button", name="Clear my answers").is_hidden()


def test_the_pointer_marks_no_answer_before_it_moves(address: str, open_page: Any) -> None:
    page = open_page(address + PAGE).page
    shade = (
        "() => [...document.querySelectorAll('.tree-answers a')].filter(one => one.checkVisibility())"
        ".map(one => getComputedStyle(one).backgroundColor)"
    )
    page.locator(ANSWERS).first.hover()
    plain, hovered = page.evaluate(shade)[1], page.evaluate(shade)[0]
    assert plain != hovered
    page.locator(ANSWERS).first.click()
    wait_at(page, "eligibility.acute-risk.ask")
    box = page.locator(ANSWERS).first.bounding_box()
    x, y = box["x"] + 40, box["y"] + box["height"] / 2
    page.mouse.move(x, y)
    assert hovered in page.evaluate(shade)
    page.locator(ANSWERS).nth(1).focus()
    page.keyboard.press("Enter")  # the next question comes to lie under a pointer that rests
    wait_at(page, "eligibility.violence.ask")
    assert set(page.evaluate(shade)) == {plain}
    box = page.locator(ANSWERS).first.bounding_box()
    page.mouse.move(box["x"] + 50, box["y"] + 10)
    assert page.evaluate(shade)[0] == hovered


def test_a_double_click_answers_one_question(address: str, open_page: Any) -> None:
    page = open_page(address + PAGE).page
    page.locator(ANSWERS).first.scroll_into_view_if_needed()
    box = page.locator(ANSWERS).first.bounding_box()
    page.mouse.dblclick(box["x"] + 40, box["y"] + 20, delay=20)
    wait_shown(page, "eligibility.acute-risk.ask")
    page.wait_for_timeout(200)
    assert page.locator(".tree-path li").count() == 1


def test_nothing_lies_over_the_number_of_the_question(address: str, open_page: Any) -> None:
    page = open_page(address + PAGE, width=360, height=700).page
    page.mouse.wheel(0, 3000)
    page.wait_for_timeout(200)
    page.locator("decision-tree").scroll_into_view_if_needed()
    page.mouse.wheel(0, -200)  # scrolling up brings the theme's button
    page.locator(ANSWERS).first.click()
    wait_at(page, "eligibility.acute-risk.ask")
    on_top = page.evaluate(
        "() => { const { x, y, width, height } = document.querySelector('.tree-progress').getBoundingClientRect();"
        " return [0.05, 0.5, 0.95].map(part => document.elementFromPoint(x + width * part, y + height / 2).className) }"
    )
    assert on_top == ["tree-progress"] * 3
    assert page.locator(".md-top").is_hidden()


def test_a_skip_link_leads_to_the_first_answer(address: str, open_page: Any) -> None:
    for name in ("eligibility", "during-dosing"):
        for javascript in (True, False):
            page = open_page(f"{address}/decisions/{name}.html", javascript=javascript).page
            page.keyboard.press("Tab")
            page.keyboard.press("Tab")
            assert page.evaluate("document.activeElement.textContent") == "Skip to the questions"
            page.keyboard.press("Enter")
            for _ in range(2):  # "How to find out", then the first answer
                page.keyboard.press("Tab")
            first = next(iter(tree_of(name).questions.values())).answers[0].say
            assert page.evaluate("document.activeElement.textContent") == first
    assert page.locator("[data-md-component=skip] a").count() == 2
    plain = open_page(f"{address}/decisions/index.html").page
    assert plain.locator("[data-md-component=skip] a").count() == 1


def test_the_emergency_page_has_nothing_but_a_line_before_its_tree(address: str, open_page: Any) -> None:
    page = open_page(f"{address}/decisions/during-dosing.html", width=360, height=800, touch=True).page
    assert page.locator(ANSWERS).first.bounding_box()["y"] < 700  # the first answers stand on the first screen
    before = page.evaluate(
        "() => document.querySelector('.evidence-strip').compareDocumentPosition(document.querySelector('decision-tree'))"
    )
    assert before == 2  # the tree precedes the strip


@pytest.mark.parametrize(
    "wrong",
    [
        "yes-00000",
        "{first}/no-00000",
        "{whole}/yes-12345",
        "<img src=x onerror=alert(1)>",
        "%3Cscript%3Ealert(1)%3C/script%3E",
        "javascript:alert(1)",
        "%E0%A4%A",
        "{first}//{first}",
        "{first}~",
        "~{first}~{first}",
        "~yes-00000",
        "~",
        "__proto__",
    ],
)
def test_a_wrong_address_shows_no_wrong_step(address: str, open_page: Any, wrong: str) -> None:
    tree = tree_of("eligibility")
    whole = fragment("eligibility", tree, longest(tree, "proceed")).partition(":")[2]
    written = wrong.replace("{first}", whole.partition("/")[0]).replace("{whole}", whole)
    watched = open_page(address + PAGE)
    page = watched.page
    dialogs: list[Any] = []
    page.on("dialog", lambda dialog: dialogs.append(dialog))  # noqa: PLW0108 - the driver takes no built-in function
    page.evaluate("hash => { location.hash = hash }", f"eligibility:{written}")
    page.wait_for_selector(".tree-notice:visible")
    assert "another version of this tree, or is damaged" in page.locator(".tree-notice").inner_text()
    assert page.locator(HEADING).get_attribute("id") == f"eligibility.{tree.start}.ask"
    assert page.locator(".tree-path li").count() == 0
    assert page.evaluate("document.querySelectorAll('decision-tree img, decision-tree script').length") == 0
    assert (dialogs, watched.complaints) == ([], [])
    again = open_page(page.url).page  # and the same when the page is opened with it
    assert "another version of this tree, or is damaged" in again.locator(".tree-notice").inner_text()
    again.locator(ANSWERS).first.click()
    again.wait_for_selector(".tree-notice", state="hidden")


def test_an_outcome_shows_all_that_is_needed_and_can_be_copied(address: str, open_page: Any) -> None:
    tree = tree_of("eligibility")
    way = longest(tree, "refer")
    page = open_page(address + PAGE + fragment("eligibility", tree, way)).page
    shown = page.locator("decision-tree").inner_text()
    outcome = tree.outcomes[way.end]
    for part in (
        "Refer",
        outcome.title,
        "Copy summary",
        "Print",
        "Start again",
        "Your answers",
        "Nothing you choose is sent",
    ):
        assert part in shown
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.get_by_role("button", name="Copy summary").click()
    page.wait_for_function("document.querySelector('.tree-copied').textContent === 'Summary copied.'")
    summary = page.evaluate("navigator.clipboard.readText()")
    assert summary.startswith(f"{tree.title}\nDecision tree, version of 22 November 2026\n\nWorked through: ")
    assert re.search(r"\nWorked through: \d{1,2} [A-Z][a-z]+ 20\d\d at \d\d:\d\d\nClinician: _{24}\n", summary)
    assert f"\n\nOpen again: {page.url}\n\n" in summary
    for place, (node, number) in enumerate(way.steps, 1):
        question = tree.questions[node]
        assert f"{place}. {question.ask}\n   {question.answers[number].say}" in summary
    assert f"\nOUTCOME\n[Refer] {outcome.title}\n" in summary
    # What is the guide's own reading is marked in words, which are explained once, before the first.
    key = "\n[reading] = this guide’s reading: its own inference, not a finding\n"
    assert summary.count(key) == 1
    assert summary.index(key) < summary.index("\n- [reading] ")
    assert "This guide’s reading" not in summary
    sources = re.search("Sources: (.*)", summary)
    assert sources is not None
    listed = sources[1].split("; ")
    assert len(listed) == len(set(listed)) > 1
    assert not [one for one in listed if one.endswith(")")]
    assert summary.endswith("This tree supports clinical judgement and does not replace it.\n")


def test_a_refused_clipboard_leaves_the_text_to_copy(address: str, open_page: Any) -> None:
    tree = tree_of("eligibility")
    page = open_page(address + PAGE + fragment("eligibility", tree, longest(tree, "stop"))).page
    page.evaluate("() => { navigator.clipboard.writeText = () => Promise.reject(new Error('refused')) }")
    page.get_by_role("button", name="Copy summary").click()
    area = page.get_by_role("textbox", name="Summary")
    area.wait_for()
    assert "OUTCOME\n[Stop] " in area.input_value()
    assert page.evaluate("document.activeElement.tagName") == "TEXTAREA"


def test_a_step_is_shown_when_the_picture_or_a_source_leads_to_it(address: str, open_page: Any) -> None:
    page = open_page(address + PAGE).page
    assert page.locator("decision-tree .tree-step:visible").count() == 1
    page.locator("a.flowchart-question").nth(3).click()
    page.wait_for_selector("decision-tree.tree--all")
    tree = tree_of("eligibility")
    assert page.locator("decision-tree .tree-step:visible").count() == len(tree.questions) + len(tree.outcomes)
    assert page.evaluate("document.activeElement.closest('.tree-step').id === location.hash.slice(1)")
    # Each answer leads on within the outline, as without the script.
    page.locator("decision-tree [id='eligibility.violence'] .tree-answers a").first.click()
    assert page.url.endswith("#eligibility.danger-today")
    page.get_by_role("button", name="Show one question at a time").click()
    assert page.locator("decision-tree .tree-step:visible").count() == 1
    hidden = page.evaluate(
        "() => { const inside = document.querySelector('decision-tree details a.cite[id]');"
        " location.hash = inside.id; return inside.id }"
    )
    page.wait_for_function("id => document.getElementById(id).checkVisibility()", arg=hidden)


def test_what_a_screen_reader_meets(address: str, open_page: Any) -> None:
    page = open_page(address + PAGE).page
    question = page.locator("decision-tree").aria_snapshot()
    expected = [
        "- status: Question 1 of at most 8",
        'heading "Have you spoken with each partner alone and in private?" [level=3]',
        '- link "Yes, each of them, in private"',
        '- link "Not yet, or not both"',
        '- button "Show all questions"',
    ]
    for part in expected:
        assert part in question, question
    assert "paragraph: Safety question" in question
    page.locator(ANSWERS).nth(1).click()
    wait_shown(page, "eligibility.see-alone.title")
    outcome = page.locator("decision-tree").aria_snapshot()
    for part in (
        "- status: Outcome, after 1 question",
        "- paragraph: Pause",
        'heading "See each partner alone first" [level=3]',
        '- button "Copy summary"',
        '- link "Start again"',
        'link "Change the answer to: Have you spoken with each partner alone and in private?"',
    ):
        assert part in outcome, outcome


def test_axe_finds_nothing(address: str, open_page: Any) -> None:
    from axe_playwright_python.sync_playwright import Axe

    tree = tree_of("eligibility")
    page = open_page(address + PAGE).page
    scope = {"include": [["decision-tree"], [".flowchart"], [".tree-files"]]}
    assert Axe().run(page, context=scope).violations_count == 0
    page.goto(address + PAGE + fragment("eligibility", tree, longest(tree, "stop")))
    found = Axe().run(page, context=scope)
    assert found.violations_count == 0, found.generate_report()
    page.goto(f"{address}/decisions/eligibility-paths.html")
    found = Axe().run(page, context={"include": [[".tree-paths"]]})
    assert found.violations_count == 0, found.generate_report()


@pytest.mark.parametrize("name", NAMES)
def test_a_thumb_at_360_pixels(address: str, open_page: Any, name: str) -> None:
    page = open_page(f"{address}/decisions/{name}.html", width=360, height=700, touch=True).page
    tree = tree_of(name)
    for node, number in longest(tree, "proceed").steps:
        wait_shown(page, f"{anchor(name, node)}.ask")
        for box in [one.bounding_box() for one in page.locator(ANSWERS).all()]:
            assert box["height"] >= 44
            assert box["width"] >= 200
        page.locator(ANSWERS).nth(number).focus()
        page.wait_for_timeout(350)  # two quick taps on one place are taken for one
        page.locator(ANSWERS).nth(number).tap()
        page.wait_for_function("document.activeElement.matches('h3')")
        heading = page.locator(HEADING).bounding_box()
        assert 48 <= heading["y"] < 500
        assert page.evaluate("document.documentElement.scrollWidth") <= 360
    assert page.locator(".tree-button:visible").first.bounding_box()["height"] >= 44


@pytest.mark.parametrize("name", NAMES)
def test_the_picture_can_be_read_at_360_pixels(address: str, open_page: Any, name: str) -> None:
    """Every box and every answer is whole, within the screen, and its letters are large enough."""
    page = open_page(f"{address}/decisions/{name}.html", width=360, height=700, touch=True).page
    assert page.locator(".flowchart svg").first.is_visible() is False or page.locator(".flowchart-wide").is_hidden()
    faults = page.evaluate(
        """() => [...document.querySelectorAll('.ladder :is(a, li > span)')].filter((one) => {
          const box = one.getBoundingClientRect();
          const small = [one, ...one.querySelectorAll('*')].some((part) => parseFloat(getComputedStyle(part).fontSize) < 13);
          return !one.checkVisibility() || box.left < 0 || box.right > 360 || one.scrollWidth > one.clientWidth + 1
            && getComputedStyle(one).display !== 'inline' || small;
        }).map((one) => one.textContent)"""
    )
    assert faults == []
    tree = tree_of(name)
    assert page.locator(".ladder ul > li").count() == sum(len(one.answers) for one in tree.questions.values())
    page.locator(".ladder-box").nth(1).tap()
    page.wait_for_selector("decision-tree.tree--all")


@pytest.mark.parametrize(("width", "shown"), [(320, ".ladder"), (768, ".flowchart-wide"), (1000, ".flowchart-wide")])
def test_the_drawing_is_shown_where_it_fits_and_in_print(address: str, open_page: Any, width: int, shown: str) -> None:
    page = open_page(address + PAGE, width=width).page
    hidden = {".ladder": ".flowchart-wide", ".flowchart-wide": ".ladder"}[shown]
    assert page.locator(shown).is_visible()
    assert page.locator(hidden).is_hidden()
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    page.emulate_media(media="print")
    page.set_viewport_size({"width": 700, "height": 900})  # a sheet of paper
    assert page.locator(".flowchart-wide").is_visible()
    assert page.locator(".ladder").is_hidden()


def test_without_javascript_all_is_there_and_linked(address: str, open_page: Any) -> None:
    tree = tree_of("eligibility")
    page = open_page(address + PAGE, javascript=False).page
    assert page.locator("decision-tree .tree-step:visible").count() == len(tree.questions) + len(tree.outcomes)
    for node, number in longest(tree, "proceed").steps:
        link = page.locator(f"[id='eligibility.{node}'] .tree-answers a").nth(number)
        link.click()
        assert page.url.endswith(f"#eligibility.{tree.questions[node].answers[number].go}")
    step = page.locator("[id='eligibility.acute-risk']")
    step.locator("summary").first.click()
    assert "C-SSRS" in step.inner_text()
    assert page.locator(".tree-files a").first.is_visible()
    assert "Nothing you choose" not in page.locator("decision-tree").inner_text()


def test_print_holds_the_path_and_the_outcome_or_else_the_whole_tree(address: str, open_page: Any) -> None:
    tree = tree_of("eligibility")
    page = open_page(address + PAGE).page
    page.emulate_media(media="print")
    assert page.locator("decision-tree .tree-step:visible").count() == len(tree.questions) + len(tree.outcomes)
    page.goto(address + PAGE + fragment("eligibility", tree, longest(tree, "stop")))
    assert page.locator("decision-tree .tree-step:visible").count() == 1
    assert page.locator(".tree-path li").first.is_visible()
    assert page.locator(".tree-ending").is_hidden()
    assert page.locator(".flowchart svg").first.is_visible()


def test_two_trees_on_a_page_do_not_disturb_each_other(other_site: Path, open_page: Any) -> None:
    watched = open_page((other_site / "decisions/small.html").as_uri())
    page = watched.page
    first, second = page.locator("decision-tree").nth(0), page.locator("decision-tree").nth(1)
    first.locator(".tree-answers a:visible").first.click()
    wait_at(page, "small.wish.ask")
    assert first.locator("h3:visible").inner_text() == "Do both want to?"
    assert second.locator("h3:visible").inner_text() == "Is there another risk?"
    second.locator(".tree-answers a:visible").nth(1).click()
    wait_at(page, "second.halt.title")
    assert first.locator("h3:visible").inner_text() == "Do both want to?"
    assert second.locator("h3:visible").inner_text() == "Stop here"
    assert page.evaluate("document.activeElement.closest('decision-tree').dataset.name") == "second"
    address = page.url
    page.evaluate("location.hash = 'sources'")  # an ordinary anchor leaves both as they are
    assert first.locator("h3:visible").inner_text() == "Do both want to?"
    assert second.locator("h3:visible").inner_text() == "Stop here"
    page.go_back()
    page.go_back()
    wait_at(page, "second.risk.ask")
    again = open_page(address).page
    assert again.locator("decision-tree").nth(0).locator("h3:visible").inner_text() == "Do both want to?"
    assert again.locator("decision-tree").nth(1).locator("h3:visible").inner_text() == "Stop here"
    assert watched.complaints == []


def test_all_is_as_before_when_the_tree_is_taken_out(other_site: Path, open_page: Any) -> None:
    page = open_page((other_site / "decisions/small.html").as_uri()).page
    state = (
        "tree => JSON.stringify([tree.querySelectorAll('[hidden]').length, tree.className,"
        " [...tree.querySelectorAll('a')].map(one => one.getAttribute('href')), tree.querySelectorAll('button').length])"
    )
    plain = open_page((other_site / "decisions/small.html").as_uri(), javascript=False).page
    before = json.loads(plain.locator("decision-tree").first.evaluate(state))
    page.locator("decision-tree").first.locator(".tree-answers a:visible").first.click()
    page.evaluate("window.taken = document.querySelector('decision-tree'); taken.remove()")
    assert json.loads(page.evaluate(f"({state})(taken)")) == before
    page.evaluate("document.querySelector('.tree-box').prepend(taken)")
    assert page.locator("decision-tree").first.locator(".tree-step:visible").count() == 1
    assert page.locator("decision-tree").first.locator(".tree-foot").count() == 1


def test_a_tree_of_200_questions_answers_a_click_within_50_ms(other_site: Path, open_page: Any) -> None:
    watched = open_page((other_site / "decisions/large.html").as_uri())
    page = watched.page
    assert page.locator("decision-tree .tree-question").count() == 200
    walk = """async () => {
            const times = [];
            for (let step = 0; step < 15; step++) {
                const links = [...document.querySelectorAll("decision-tree .tree-step:not([hidden]) [data-answer]")];
                const link = links.find((one) => one.closest("li").textContent.includes("Go to question"));
                if (!link) break;
                const start = performance.now();
                const done = new Promise((resolve) => addEventListener("hashchange", () => resolve(), { once: true }));
                link.click();
                await done;
                document.body.offsetHeight;
                times.push(performance.now() - start);
            }
            return times;
        }"""
    # The time that the page's thread works on script, style and layout: waiting for a busy machine is left out.
    session = page.context.new_cdp_session(page)
    session.send("Performance.setTimeDomain", {"timeDomain": "threadTicks"})
    session.send("Performance.enable")

    def worked() -> float:
        metrics = session.send("Performance.getMetrics")["metrics"]
        parts = ("ScriptDuration", "RecalcStyleDuration", "LayoutDuration")
        return sum(float(one["value"]) for one in metrics if one["name"] in parts)

    before = worked()
    times = page.evaluate(walk)
    assert len(times) == 15
    milliseconds = (worked() - before) * 1000 / len(times)
    assert milliseconds < 50, (milliseconds, times)
    assert watched.complaints == []
