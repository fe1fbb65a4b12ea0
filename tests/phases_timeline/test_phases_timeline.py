"""The timeline of the phases: faults in its file, the drawing and the list."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from bs4 import BeautifulSoup

from macros.guide import load_guide
from macros.terms import PHASES
from tests.conftest import PAGE

if TYPE_CHECKING:
    from tests.conftest import Project

FILE = "docs/phases/timeline.yml"
STEP = """  - phase: {phase}
    link: {phase}.md
    room: Both partners & a therapist
    gate: Enough is known of <{phase}>
    basis: 'It says so {{{{ cite("monson2020") }}}}; see [{phase}]({phase}.md).'
"""


def write(project: Project, phases: list[str] | None = None) -> None:
    text = "phases:\n" + "".join(STEP.format(phase=phase) for phase in phases or PHASES)
    project.write(FILE, text)
    for phase in PHASES:
        project.write(f"docs/phases/{phase}.md", PAGE)
    project.write("docs/phases/index.md", PAGE.replace("## Sources", "{{ phases_timeline() }}\n\n## Sources"))


@pytest.mark.parametrize(
    ("before", "after", "line", "message"),
    [
        ("phase: dosing", "phase: dosage", 12, "`phase` is `dosage`."),
        ("    link: dosing.md", "    link: doses.md", 13, "There is no page `doses.md`."),
        ("[dosing](dosing.md)", "[dosing](../dose.md)", 16, "There is no page `../dose.md`."),
        (
            'It says so {{ cite("monson2020") }}; see [dosing]',
            "It says so [dosing]",
            16,
            "`basis` carries no citation.",
        ),
        ("known of <dosing>", "known " + "x" * 110, 15, "`gate` has 126 characters"),
        ("monson2020", "monson1920", 6, "There is no source `monson1920`."),
    ],
)
def test_faults_are_told_with_their_line(project: Project, before: str, after: str, line: int, message: str) -> None:
    write(project)
    project.write(FILE, project.read(FILE).replace(before, after, 1))
    [problem] = load_guide(project.root, render=False).problems
    assert (problem.path, problem.line) == (FILE, line)
    assert problem.message.startswith(message)
    assert problem.hint


@pytest.mark.parametrize("phases", [["assessment", "dosing", "preparation", "integration"], ["assessment"]])
def test_each_phase_stands_there_once_and_in_order(project: Project, phases: list[str]) -> None:
    write(project, phases)
    [problem] = load_guide(project.root, render=False).problems
    assert problem.message == "The timeline does not hold each phase once, in order."


def test_a_timeline_that_no_page_shows_is_told(project: Project) -> None:
    write(project)
    project.write("docs/phases/index.md", PAGE)
    [problem] = load_guide(project.root, render=False).problems
    assert (problem.path, problem.line) == (FILE, 1)


def test_it_is_drawn_twice_and_listed_once(project: Project) -> None:
    write(project)
    run = project.build()
    assert run.returncode == 0, run.stderr
    soup = BeautifulSoup(project.read("site/phases/index.html"), "html.parser")
    drawings = soup.select(".timeline > svg")
    assert len(drawings) == 2
    for drawing in drawings:
        assert [link["href"] for link in drawing.select("a")] == [f"{phase}.html" for phase in PHASES]
        assert "Enough is known of <dosing>" in " ".join(text.get_text() for text in drawing.select("text"))
    items = [item.get_text() for item in soup.select(".timeline ol > li")]
    assert [item.split(".")[0] for item in items] == list(PHASES.values())
    assert "In the room: both partners & a therapist. Before the next phase: enough is known of <prep" in items[1]
    assert "At the end: enough" in items[3]
    assert len(soup.select(".timeline a.cite")) == 4
