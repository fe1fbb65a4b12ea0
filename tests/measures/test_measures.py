"""Measures: faults in their file and in calls, and the tables."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from bs4 import BeautifulSoup

from macros.guide import load_guide
from macros.measures import DOMAINS
from tests.conftest import PAGE, ROOT

if TYPE_CHECKING:
    from tests.conftest import Project

FILE = "docs/toolkit/measures.yml"
MEASURES = """measures:
  - name: Closeness & more
    short: CLO
    about: Closeness
    domain: relationship
    who: each
    when: [assessment, integration]
    sources: [monson2020]
    note: Short {{ cite("monson2020") }}.
    items: 7 {{ cite("monson2020") }}
    range: 0 to 70 {{ cite("monson2020") }}
  - name: Sleep
    short: SLE
    about: Sleep
    domain: safety
    who: clinician
    when: [dosing]
    sources: [monson2020]
"""
CALLS = '{{ measures(domain="relationship") }}\n\n{{ measures(domain="safety") }}\n\n## Sources'


def write(project: Project, measures: str = MEASURES, calls: str = CALLS) -> None:
    project.write(FILE, measures)
    project.write("docs/toolkit/measures.md", PAGE.replace("## Sources", calls))


@pytest.mark.parametrize(
    ("before", "after", "line", "message"),
    [
        ('7 {{ cite("monson2020") }}', "7 items", 10, "`items` carries no citation."),
        ("monson2020]\n    note", "monson2002]\n    note", 8, "There is no source `monson2002`."),
        ("short: SLE", "short: CLO", 13, "The measure `CLO` stands here a second time."),
        ("domain: safety", "domain: sleep", 15, "`domain` is `sleep`."),
        ("when: [dosing]", "when: [after]", 17, "`when` is `after`."),
        ("    range: 0 to 70", "    cut_off: 0 to 70", 11, "There is no field `cut_off` here."),
        ("note: Short", "note: '[Short](../no.md)'", 9, "There is no page `../no.md`."),
    ],
)
def test_faults_are_told_with_their_line(project: Project, before: str, after: str, line: int, message: str) -> None:
    measures = MEASURES.replace(before, after, 1)
    if "no.md" in after:
        measures = measures.replace(""")' {{ cite("monson2020") }}.""", """) {{ cite("monson2020") }}.'""")
    write(project, measures)
    problems = load_guide(project.root, render=False).problems
    assert [(one.path, one.line) for one in problems] == [(FILE, line)]
    assert problems[0].message.startswith(message)


@pytest.mark.parametrize(
    ("call", "message"),
    [
        ("measures()", "`measures()` should name one domain."),
        ('measures(domain="relation")', "There is no domain `relation`."),
        ('measures(phase="dosing")', "`measures()` has no option `phase`."),
    ],
)
def test_faulty_calls_are_told_with_their_line(project: Project, call: str, message: str) -> None:
    write(project)
    project.write("docs/index.md", PAGE.replace("## Sources", f"{{{{ {call} }}}}\n\n## Sources"))
    [problem] = load_guide(project.root, render=False).problems
    assert (problem.path, problem.line, problem.message) == ("docs/index.md", 10, message)
    assert problem.hint


def test_measures_that_no_page_shows_are_told(project: Project) -> None:
    write(project, calls='{{ measures("relationship") }}\n\n## Sources')
    [problem] = load_guide(project.root, render=False).problems
    assert (problem.path, problem.line) == (FILE, 12)
    assert problem.message == "No page shows the measures of safety."


def test_what_is_not_known_is_said(project: Project) -> None:
    write(project)
    run = project.build()
    assert run.returncode == 0, run.stderr
    soup = BeautifulSoup(project.read("site/toolkit/measures.html"), "html.parser")
    tables = soup.select(".measures table")
    assert [table["aria-label"] for table in tables] == ["Relationship and alliance", "Safety"]
    first, second = (table.select("tbody td") for table in tables)
    assert "Closeness & more (CLO)" in first[0].get_text()
    assert "Each partner: assessment, integration." in first[0].get_text()
    assert first[1].get_text() == "7 (Monson et al., 2020); 0 to 70 (Monson et al., 2020)"
    assert [cell.get_text() for cell in first[2:]] == ["not found"] * 3
    assert [cell.get_text() for cell in second[1:]] == ["not found"] * 4
    assert [str(link["id"]) for link in soup.select("a.cite[id]")] == [
        f"cite-monson2020-{number}" for number in range(1, 7)
    ]


def test_the_guide_has_measures_of_every_domain() -> None:
    guide = load_guide(ROOT, render=False)
    [file] = guide.data["macros.measures"].files
    assert len(file.value.measures) >= 25
    assert {measure.domain for measure in file.value.measures} == set(DOMAINS)
