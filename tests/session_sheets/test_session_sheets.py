"""Session sheets: faults in their file and in calls, and what pages make of them."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import pytest
import yaml
from bs4 import BeautifulSoup

from macros.guide import load_guide
from macros.terms import MODALITIES, PHASES
from tests.conftest import PAGE

if TYPE_CHECKING:
    from collections.abc import Callable

    from macros.problems import Problem
    from tests.conftest import Project

FILE = "docs/phases/session-sheets.yml"
CITED = 'Do {what} {{{{ cite("monson2020") }}}}.'


def sheet(phase: str, modality: str) -> dict[str, Any]:
    def items(part: str, count: int) -> list[dict[str, str]]:
        return [{"text": CITED.format(what=f"{part} {number} {modality}")} for number in range(count)]

    return {
        "phase": phase,
        "modality": modality,
        "title": f"{phase} and {modality}",
        "aim": "{{ reading() }} An aim.",
        "room": CITED.format(what="room"),
        "before": items("before", 3),
        "during": [{**item, "who": "each-alone"} for item in items("during", 5)],
        "after": items("after", 3),
        "stop": items("stop", 2),
        "fill": ["Emergency number"] if phase == "dosing" else [],
    }


def all_sheets() -> list[dict[str, Any]]:
    # Backwards, so that the order on the page is not the file's.
    return [sheet(phase, modality) for phase in PHASES for modality in reversed(MODALITIES)]


def page_for(phase: str) -> str:
    return PAGE.replace("## Sources", f'{{{{ session_sheet("{phase}") }}}}\n\n## Sources')


def write(project: Project, sheets: list[dict[str, Any]]) -> None:
    project.write(FILE, yaml.safe_dump({"sheets": sheets}, sort_keys=False, width=1000))
    for phase in PHASES:
        project.write(f"docs/phases/sheets/{phase}.md", page_for(phase))


def problems_of(project: Project) -> tuple[Problem, ...]:
    return load_guide(project.root, render=False).problems


def line_of(project: Project, text: str) -> int:
    return project.read(FILE).split(text)[0].count("\n") + 1


def test_twelve_sheets_on_four_pages_are_no_problem(project: Project) -> None:
    write(project, all_sheets())
    assert problems_of(project) == ()


def test_a_project_without_sheets_is_no_problem(project: Project) -> None:
    assert problems_of(project) == ()


def test_a_call_without_a_file_says_which_to_add(project: Project) -> None:
    project.write("docs/index.md", page_for("dosing"))
    [problem] = problems_of(project)
    assert (problem.path, problem.line) == ("docs/index.md", 10)
    assert FILE in problem.hint


def test_a_missing_sheet_and_a_second_one_are_told(project: Project) -> None:
    sheets = all_sheets()
    sheets[1] = {**sheets[0], "title": "Twice"}
    write(project, sheets)
    said = {(problem.line, problem.message) for problem in problems_of(project)}
    again = line_of(project, "title: Twice") - 2
    assert said == {
        (again, "The sheet for assessment and ibct stands here a second time."),
        (1, "There is no sheet for assessment and eft."),
    }


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"text": "No source at all."}, "`text` carries no citation"),
        ({"text": "x" * 141 + ' {{ cite("monson2020") }}'}, "`text` has 141 characters"),
        ({"text": '[There](../no/page.md) {{ cite("monson2020") }}'}, "no page `../no/page.md`"),
        ({"text": 'Known {{ cite("nobody1900") }}'}, "no source `nobody1900`"),
        ({"who": "nobody"}, "`who` is `nobody`"),
    ],
)
def test_faults_of_an_item_are_told_with_their_line(project: Project, change: dict[str, str], words: str) -> None:
    sheets = all_sheets()
    sheets[4]["during"][2] |= change
    write(project, sheets)
    [problem] = problems_of(project)
    assert problem.path == FILE
    assert problem.line == line_of(project, next(iter(change.values()))[:20])
    assert words in problem.message


@pytest.mark.parametrize(
    ("call", "message", "hint"),
    [
        ('session_sheet("dosin")', "There is no phase `dosin`.", "Did you mean `dosing`?"),
        ("session_sheet()", "`session_sheet()` should name one phase, as text in quotes.", "assessment"),
        ('session_sheet("dosing", therapy="eft")', "`session_sheet()` has no option `therapy`.", "session_sheet"),
        ('session_sheet("dosing")', "The sheets for dosing stand on another page, too: ", "Keep one"),
        ('session_sheets("dosing")', "`session_sheets()` takes nothing between its brackets.", "session_sheets()"),
    ],
)
def test_faulty_calls_are_told_with_their_line(project: Project, call: str, message: str, hint: str) -> None:
    write(project, all_sheets())
    project.write("docs/zz.md", PAGE.replace("## Sources", f"{{{{ {call} }}}}\n\n## Sources"))
    [problem] = problems_of(project)
    assert (problem.path, problem.line) == ("docs/zz.md", 10)
    assert problem.message.startswith(message)
    assert hint in problem.hint


def test_a_second_call_on_a_page_is_refused(project: Project) -> None:
    write(project, all_sheets())
    twice = page_for("dosing").replace("## Sources", '{{ session_sheet("integration") }}\n\n## Sources')
    project.write("docs/phases/sheets/dosing.md", twice)
    (project.root / "docs/phases/sheets/integration.md").unlink()
    messages = {(problem.path, problem.line, problem.message) for problem in problems_of(project)}
    assert messages == {
        ("docs/phases/sheets/dosing.md", 12, "The page shows session sheets a second time; only one could be printed."),
        (FILE, 1, "No page shows the sheets for integration."),
    }


@pytest.fixture(scope="module")
def built(make_project: Callable[[], Project]) -> Project:
    project = make_project()
    write(project, all_sheets())
    project.write("docs/index.md", PAGE.replace("## Sources", "{{ session_sheets() }}\n\n## Sources"))
    run = project.build()
    assert run.returncode == 0, run.stderr
    return project


def test_the_three_sheets_of_a_phase_stand_in_the_order_of_the_therapies(built: Project) -> None:
    soup = BeautifulSoup(built.read("site/phases/sheets/dosing.html"), "html.parser")
    assert [part["data-therapy"] for part in soup.select(".sheet")] == ["cbct", "eft", "ibct"]
    assert [radio["value"] for radio in soup.select("input[type=radio]")] == ["cbct", "eft", "ibct"]
    boxes = soup.select(".sheet input[type=checkbox]")
    assert len(boxes) == 3 * 11  # none beside a reason to stop, where a tick could mean either
    assert not soup.select(".sheet-stop input")
    assert all(soup.select_one(f'label[for="{box["id"]}"]') for box in boxes)
    assert [item.b.get_text() for item in soup.select(".sheet-during li") if item.b] == ["Each alone"] * 15


def test_a_reading_is_named_after_what_to_do(built: Project) -> None:
    soup = BeautifulSoup(built.read("site/phases/sheets/dosing.html"), "html.parser")
    aim = soup.select_one(".sheet-aim")
    assert aim is not None
    assert aim.get_text() == "Aim An aim. This guide’s reading"
    assert aim.select_one(".sheet-reading") is not None
    assert aim.select_one(".sheet-cited") is None
    assert soup.select_one(".sheet-during li .sheet-cited") is not None


def test_paper_has_lines_to_fill_in_and_says_once_whose_the_readings_are(built: Project) -> None:
    soup = BeautifulSoup(built.read("site/phases/sheets/dosing.html"), "html.parser")
    assert [line.get_text() for line in soup.select(".sheet-fill p")] == ["Emergency number"] * 3
    key = "Lines without † are this guide’s reading, inferred from the source named (in full on the page Sources). "
    assert [part.get_text() for part in soup.select(".sheet-key")] == [key] * 3
    other = BeautifulSoup(built.read("site/phases/sheets/assessment.html"), "html.parser")
    assert not other.select(".sheet-fill")


def test_back_links_lead_to_the_citations_in_their_order(built: Project) -> None:
    soup = BeautifulSoup(built.read("site/phases/sheets/dosing.html"), "html.parser")
    found = [str(link["id"]) for link in soup.select("a.cite[id]")]
    assert found == [f"cite-monson2020-{number}" for number in range(1, 1 + 1 + 3 * 14)]
    assert len(soup.select(".source-back a")) == len(found)


def test_every_sheet_is_one_link_away(built: Project) -> None:
    soup = BeautifulSoup(built.read("site/index.html"), "html.parser")
    links = [str(link["href"]) for link in soup.select(".sheet-overview a")]
    assert links == [f"phases/sheets/{phase}.html?therapy={name}" for phase in PHASES for name in MODALITIES]
    assert len({str(link["aria-label"]) for link in soup.select(".sheet-overview a")}) == 12


def test_the_search_finds_what_sheets_say(built: Project) -> None:
    index = built.read("site/search/search_index.json")
    assert re.search(r"Do during 2 eft", index)
    assert re.search(r"CBCT\s+EFT\s+IBCT", re.sub("<[^>]+>", "", index))
    assert "Lines without" not in index
