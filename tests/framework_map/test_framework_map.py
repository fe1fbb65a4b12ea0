"""The map of mechanisms and therapies: faults in its file, the table, the cards and the filter."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING, Any

import pytest
import yaml
from bs4 import BeautifulSoup

from macros.guide import load_guide
from macros.terms import MECHANISMS, MODALITIES
from tests import browser as browsers
from tests.conftest import CONFIG, PAGE, ROOT

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from macros.problems import Problem
    from tests.conftest import Project

FILE = "docs/modalities/framework-map.yml"
PAIRS = [(mechanism, modality) for mechanism in MECHANISMS for modality in MODALITIES]


def cell(mechanism: str, modality: str) -> dict[str, Any]:
    return {
        "mechanism": mechanism,
        "modality": modality,
        "process": ["emotional"] if modality == "eft" else ["cognitive", "behavioural"],
        "kind": "reading",
        "strength": "mixed",
        "claim": f'{{{{ reading() }}}} {mechanism} may help {modality} {{{{ cite("monson2020") }}}}.',
        "against": f'Not shown for {modality} {{{{ cite("monson2020") }}}}.',
        "link": f"modalities/{modality}.md#a-page",
    }


def write(project: Project, cells: list[dict[str, Any]]) -> None:
    project.write(FILE, yaml.safe_dump({"cells": cells}, sort_keys=False, width=1000))
    for mechanism in MECHANISMS:
        project.write(f"docs/mechanisms/{mechanism}.md", PAGE)
    for modality in MODALITIES:
        project.write(f"docs/modalities/{modality}.md", PAGE)
    project.write("docs/modalities/map.md", PAGE.replace("## Sources", "{{ framework_map() }}\n\n## Sources"))


def problems_of(project: Project) -> tuple[Problem, ...]:
    return load_guide(project.root, render=False).problems


def test_fifteen_cells_are_no_problem(project: Project) -> None:
    write(project, [cell(*pair) for pair in PAIRS])
    assert problems_of(project) == ()


def test_a_missing_cell_and_a_second_one_are_told(project: Project) -> None:
    cells = [cell(*pair) for pair in PAIRS]
    cells[14] = cells[0] | {}
    write(project, cells)
    line = project.read(FILE).rindex("- mechanism")
    assert {(one.path, one.line, one.message) for one in problems_of(project)} == {
        (FILE, 1, "There is no cell for reduced-avoidance and ibct."),
        (
            FILE,
            project.read(FILE).count("\n", 0, line) + 1,
            "The cell of neuroplasticity and cbct stands here a second time.",
        ),
    }


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"claim": "{{ reading() }} " + "x" * 261}, "`claim` has 261 characters"),
        ({"against": "y" * 201 + ' {{ cite("monson2020") }}'}, "`against` has 201 characters"),
        ({"against": "Nobody says so."}, "`against` carries no citation."),
        ({"kind": "evidence"}, "`kind` is `evidence`, and the claim begins with a reading's label."),
        ({"strength": "strong"}, "`strength` is `strong`."),
        ({"link": "modalities/efd.md"}, "There is no page `modalities/efd.md`."),
        ({"link": "modalities/eft.md#a-pag"}, "The page `modalities/eft.md` has no section `#a-pag`."),
    ],
)
def test_faults_of_a_cell_are_told_with_their_line(project: Project, change: dict[str, str], message: str) -> None:
    cells = [cell(*pair) for pair in PAIRS]
    cells[4] |= change
    write(project, cells)
    [problem] = problems_of(project)
    name = next(iter(change))
    lines = project.read(FILE).split("\n")
    assert problem.path == FILE
    assert lines[problem.line - 1].strip().startswith(f"{name}:")
    assert sum(line.startswith("- mechanism") for line in lines[: problem.line]) == 5
    assert problem.message.startswith(message)
    assert problem.hint


def test_a_map_that_is_shown_twice_on_a_page_is_refused(project: Project) -> None:
    write(project, [cell(*pair) for pair in PAIRS])
    project.write("docs/modalities/map.md", PAGE + "\n{{ framework_map() }}\n\n{{ framework_map() }}\n")
    [problem] = problems_of(project)
    assert problem.message == "The page shows the map a second time."


@pytest.fixture(scope="module")
def built(make_project: Callable[[], Project]) -> Project:
    project = make_project()
    write(project, [cell(*pair) for pair in reversed(PAIRS)])
    for name in ("guide.css", "features.css"):
        (project.root / "docs/assets").mkdir(exist_ok=True)
        shutil.copy(ROOT / "docs/assets" / name, project.root / "docs/assets" / name)
    project.write("mkdocs.yml", CONFIG + "extra_css: [assets/guide.css, assets/features.css]\n")
    run = project.build()
    assert run.returncode == 0, run.stderr
    return project


def test_it_is_a_table_whose_heads_and_cells_are_links(built: Project) -> None:
    soup = BeautifulSoup(built.read("site/modalities/map.html"), "html.parser")
    assert [str(head["href"]) for head in soup.select("thead a")] == [f"{name}.html" for name in MODALITIES]
    assert [str(head["href"]) for head in soup.select("tbody th a")] == [
        f"../mechanisms/{name}.html" for name in MECHANISMS
    ]
    cells = soup.select("tbody td")
    assert [str(one["id"]) for one in cells] == [f"map-{mechanism}-{modality}" for mechanism, modality in PAIRS]
    links = [str(one["href"]) for one in soup.select("tbody td .map-more a")]
    assert links == [f"{modality}.html#a-page" for _, modality in PAIRS]
    assert len({link.get_text() for link in soup.select(".map-more a")}) == 15
    for part in ("This guide’s reading", "Mixed", "may help", "Against", "Not shown"):
        assert part in cells[0].get_text()
    assert [str(link["id"]) for link in soup.select("a.cite[id]")] == [
        f"cite-monson2020-{number}" for number in range(1, 1 + 1 + 30)
    ]


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    from playwright.sync_api import sync_playwright

    path = browsers.find()
    assert path, "no browser: run `python -m tests.browser`"
    with sync_playwright() as playwright:
        found = playwright.chromium.launch(executable_path=path, args=list(browsers.ARGUMENTS))
        yield found
        found.close()


@pytest.mark.browser
@pytest.mark.parametrize(("width", "wide"), [(1280, True), (360, False)])
def test_the_filter_works_without_javascript(built: Project, browser: Any, width: int, wide: bool) -> None:
    context = browser.new_context(viewport={"width": width, "height": 800}, java_script_enabled=False)
    page = context.new_page()
    page.goto((built.root / "site/modalities/map.html").as_uri())
    assert page.locator(".map td > div:visible").count() == 15
    assert page.is_visible(".map thead th") is wide or page.locator(".map thead").bounding_box()["width"] <= 1
    assert page.is_visible(".map-therapy") is not wide
    page.click("label[for=process-emotional]")
    assert page.locator(".map td > div:visible").count() == 5
    page.keyboard.press("ArrowRight")
    assert page.locator(".map td > div:visible").count() == 10
    # A table keeps the cells that the choice empties, and they say so; a list drops them.
    emptied = page.locator(".map tbody td:not([data-process~=behavioural])")
    assert emptied.evaluate_all("all => all.map((cell) => getComputedStyle(cell, '::after').content)") == (
        ['"Nothing on behavioural work"'] * 5 if wide else ["none"] * 5
    )
    assert emptied.locator("visible=true").count() == (5 if wide else 0)
    shown = page.locator(".map tbody td[data-process~=behavioural]").first
    assert shown.evaluate("cell => getComputedStyle(cell, '::after').content") == "none"
    context.close()


@pytest.mark.browser
def test_claim_and_counterclaim_have_the_same_size(built: Project, browser: Any) -> None:
    page = browser.new_page()
    page.goto((built.root / "site/modalities/map.html").as_uri())
    sizes = page.evaluate("[...document.querySelectorAll('.map td p')].map((p) => getComputedStyle(p).fontSize)")
    assert len(set(sizes[1:4])) == 1
    page.close()
