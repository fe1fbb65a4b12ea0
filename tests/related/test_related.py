"""Links to a page's neighbours, which nobody types."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from bs4 import BeautifulSoup

from macros.guide import load_guide
from macros.markdown_blocks import NAME
from macros.related import related
from tests.conftest import CONFIG, PAGE

if TYPE_CHECKING:
    from tests.conftest import Project


def page(title: str, *fields: str, kind: str = "clinical") -> str:
    head = "\n".join([f'title: "{title}"', f"kind: {kind}", *fields, "reviewed:"])
    return PAGE.replace("A page to test with.", f'"About {title}, in short"').replace("reviewed:", head, 1)


PAGES = {
    "phases/index.md": page("Phases", "phase: [assessment, preparation, dosing, integration]"),
    "phases/dosing.md": page("Dosing", "phase: dosing"),
    "phases/sheets/dosing.md": page("Sheet <dosing>", "phase: [dosing]"),
    "decisions/both.md": page("Dosing and after", "phase: [dosing, integration]"),
    "decisions/day.md": page("The day", "phase: [dosing]"),
    "decisions/day-paths.md": page("Every path", "phase: [dosing]", kind="guide"),
    "decisions/during.md": page("During", "phase: [dosing]"),
    "decisions/leave.md": page("Leaving", "phase: [dosing]"),
    "decisions/who.md": page("Who", "phase: [preparation]"),
    "safety/monitoring.md": page("Monitoring", "phase: [dosing]"),
    "safety/other.md": page("Others", "phase: [dosing]"),
    "safety/third.md": page("Third", "phase: [dosing]"),
    "mechanisms/a.md": page("A mechanism", "mechanism: neuroplasticity"),
    "modalities/map.md": page("Map", "mechanism: [neuroplasticity, reduced-avoidance]"),
    "modalities/eft.md": page("EFT", "modality: [eft]"),
    "evidence/one.md": page("One"),
    "evidence/two.md": page("Two"),
    "about/style.md": page("Style", "phase: [dosing]", kind="guide"),
}


def write(project: Project) -> None:
    for name, text in PAGES.items():
        project.write(f"docs/{name}", text)


@pytest.mark.parametrize(
    ("src", "expected"),
    [
        (
            "phases/dosing.md",
            ["phases/sheets/dosing.md", "decisions/day.md", "decisions/during.md", "decisions/leave.md",
             "safety/monitoring.md", "safety/other.md"],
        ),
        ("decisions/who.md", ["phases/index.md"]),
        ("mechanisms/a.md", ["modalities/map.md", "modalities/eft.md"]),
        ("evidence/one.md", ["evidence/two.md"]),
        ("index.md", []),
    ],
)  # fmt: skip
def test_neighbours_are_found_and_ordered(project: Project, src: str, expected: list[str]) -> None:
    write(project)
    guide = load_guide(project.root, render=False)
    assert guide.problems == ()
    assert [other.src for other in related(guide.pages[src], guide)] == expected


@pytest.mark.parametrize(
    ("field", "message", "hint"),
    [
        ("phase: [assessment, dosin]", "`phase` names `dosin`.", "Did you mean `dosing`?"),
        ("modality: psychoanalysis", "`modality` names `psychoanalysis`.", "It is one of: cbct, eft, ibct."),
        ("mechanism: 5", "`mechanism` names `5`.", "It is one of: neuroplasticity,"),
    ],
)
def test_a_name_that_does_not_exist_is_told_with_its_line(
    project: Project, field: str, message: str, hint: str
) -> None:
    project.write("docs/phases/a.md", page("A", field))
    [problem] = load_guide(project.root, render=False).problems
    assert (problem.path, problem.line, problem.message) == ("docs/phases/a.md", 5, message)
    assert problem.hint.startswith(hint)


def test_a_page_that_opens_a_folder_leads_to_those_that_open_its_neighbours(project: Project) -> None:
    write(project)
    project.write("docs/safety/index.md", page("Safety"))
    project.write("docs/decisions/index.md", page("Decisions", kind="guide"))
    project.write("docs/safety/law.md", page("Law", "phase: [assessment, preparation, integration]"))
    # Its own front matter is silent: it is about the four phases of its pages, and the first of these is about three.
    project.write("docs/toolkit/lists.md", page("Lists", "phase: [assessment, preparation, dosing]"))
    project.write("docs/toolkit/other.md", page("Half", "phase: [assessment, preparation]"))
    guide = load_guide(project.root, render=False)
    assert guide.problems == ()
    assert [other.src for other in related(guide.pages["safety/index.md"], guide)] == [
        "phases/index.md", "decisions/index.md", "toolkit/lists.md",
    ]  # fmt: skip
    assert [other.src for other in related(guide.pages["decisions/index.md"], guide)] == [
        "phases/index.md", "safety/index.md", "safety/law.md",
    ]  # fmt: skip
    assert project.build().returncode == 0
    assert 'class="related"' in project.read("site/decisions/index.html")


def test_they_stand_before_the_sources_with_their_descriptions(project: Project) -> None:
    write(project)
    run = project.build()
    assert run.returncode == 0, run.stderr
    soup = BeautifulSoup(project.read("site/phases/dosing.html"), "html.parser")
    heads = [head.get_text() for head in soup.select("article h2")]
    assert heads == ["Related", "Sources"]
    first = soup.select(".related li")[0]
    assert [part.get_text() for part in (first.a, first.span) if part] == [
        "Sheet <dosing>",
        "About Sheet <dosing>, in short",
    ]
    assert first.a
    assert first.a["href"] == "sheets/dosing.html"
    assert "title" not in first.a.attrs


def test_pages_about_the_site_and_pages_alone_have_none(project: Project) -> None:
    write(project)
    assert project.build().returncode == 0
    for name in ("index", "about/style"):
        assert 'class="related"' not in project.read(f"site/{name}.html")


def test_without_the_extension_a_page_is_whole(project: Project) -> None:
    write(project)
    project.write("mkdocs.yml", CONFIG.replace(f"  - {NAME}\n", ""))
    run = project.build()
    assert run.returncode == 0, run.stderr
    text = project.read("site/phases/dosing.html")
    assert "ref-monson2020" in text
    assert "\ue000" not in text
