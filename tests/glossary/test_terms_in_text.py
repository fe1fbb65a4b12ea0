"""The first use of a term on a page becomes a link to the glossary."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from bs4 import BeautifulSoup
from markdown import Markdown

from macros.glossary.extension import MOST, begin
from macros.glossary.phrases import Phrases
from macros.guide import load_guide
from tests.conftest import CONFIG, PAGE
from tests.glossary.test_glossary import GLOSSARY

if TYPE_CHECKING:
    from collections.abc import Callable

    from macros.guide import Guide
    from tests.conftest import Project

COMMON = "".join(f"  - term: Term {letter}\n    means: Letter {letter}.\n" for letter in "abcdefghijklmnop")
TERMS = f"""terms:
  - term: Active control
    means: A comparison.
  - term: Control
    means: A group.
  - term: GRADE
    means: A system.
  - term: Ketamine
    means: A drug.
  - term: Ketamine-assisted psychotherapy
    also: [KAP]
    means: A therapy.
  - term: Softening (event)
    also: [blamer softening]
    means: A change.
{COMMON}"""
EXTENSIONS = ["attr_list", "admonition", "tables", "macros.glossary.extension"]


@pytest.fixture(scope="module")
def guide(make_project: Callable[[], Project]) -> Guide:
    project = make_project()
    project.write("mkdocs.yml", CONFIG)
    project.write("docs/toolkit/glossary.yml", TERMS)
    project.write("docs/toolkit/glossary.md", GLOSSARY.replace("## Sources\n\n{{ references() }}\n", ""))
    project.write(
        "docs/deep/ketamine.md", PAGE.replace("# A page", "# Ketamine").replace("A finding", "Term a, term b")
    )
    guide = load_guide(project.root, render=False)
    assert guide.problems == ()
    return guide


def convert(guide: Guide, text: str, src: str = "index.md") -> BeautifulSoup:
    begin(guide, src)
    return BeautifulSoup(Markdown(extensions=EXTENSIONS).convert(text), "html.parser")


def linked(guide: Guide, text: str, src: str = "index.md") -> list[str]:
    return [link.get_text() for link in convert(guide, text, src).select("a.term")]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("An active control, and a control.", ["active control", "control"]),
        ("Ketamine-assisted psychotherapy.", ["Ketamine-assisted psychotherapy"]),
        ("KAP, then ketamine-assisted\npsychotherapy.", ["KAP"]),
        ("Controls, uncontrolled, ketamine-like, non-control, kap, grade.", []),
        ("(GRADE) and 'ketamine'.", ["GRADE", "ketamine"]),
        ("Softening, and blamer softening.", ["blamer softening"]),
        ("- one GRADE\n- two **KAP**\n", ["GRADE", "KAP"]),
        ("| Control | x |\n| --- | --- |\n| GRADE | KAP |\n", ["GRADE", "KAP"]),
        ("# GRADE\n\n[KAP](x.md) `ketamine` control", ["control"]),
        ("    GRADE\n", []),
        ('!!! note "GRADE"\n\n    With KAP.\n', ["KAP"]),
        ('<span class="label">GRADE</span> and <a href="x">KAP</a>, then KAP and control.', ["KAP", "control"]),
        ("Ketamine & <br> GRADE: *a* control.", ["Ketamine", "GRADE", "control"]),
    ],
)
def test_what_is_linked(guide: Guide, text: str, found: list[str]) -> None:
    assert linked(guide, text) == found


def test_the_text_stays_as_it_is(guide: Guide) -> None:
    text = "KAP and control: *an active control* & GRADE, KAP again; control, ketamine."
    page = convert(guide, text)
    assert page.get_text() == text.replace("*", "")
    assert str(page.p).count("<a ") == 5


def test_where_a_link_leads_and_what_it_says(guide: Guide) -> None:
    link = convert(guide, "With KAP.", "deep/ketamine.md").select("a")[0]
    assert link["href"] == "../toolkit/glossary.html#term-ketamine-assisted-psychotherapy"
    assert link["data-term"] == "Ketamine-assisted psychotherapy"
    assert link["data-means"] == "A therapy."


def test_not_on_the_page_of_the_glossary_nor_what_a_page_is_about(guide: Guide) -> None:
    assert linked(guide, "Ketamine and KAP.", "toolkit/glossary.md") == []
    assert linked(guide, "Ketamine and KAP.", "deep/ketamine.md") == ["KAP"]


def test_the_rarest_are_linked_where_there_are_many(guide: Guide) -> None:
    text = ", ".join(f"term {letter}" for letter in "abcdefghijklmnop")
    found = linked(guide, text)
    assert len(found) == MOST
    # Terms a and b stand on another page, too; the others are taken as they come.
    assert found == [f"term {letter}" for letter in "cdefghijklmn"]


def test_without_a_glossary_nothing_is_linked(project: Project) -> None:
    assert linked(load_guide(project.root, render=False), "KAP and GRADE.") == []


def test_a_page_that_nobody_named_is_left_alone(guide: Guide) -> None:
    assert linked(guide, "KAP and GRADE.", "unknown.md") == []


def test_phrases() -> None:
    phrases = Phrases([("Cohen's d", 1), ("post hoc", 2), ("S-ketamine", 3), ("IV", 4), ("demand/withdraw", 5)])
    text = "A Cohen’s d, post\nhoc; s-ketamine IV iv demand/withdraw post hoc-like"
    assert [(text[one.start : one.end], one.means) for one in phrases.find(text)] == [
        ("Cohen’s d", 1),
        ("post\nhoc", 2),
        ("s-ketamine", 3),
        ("IV", 4),
        ("demand/withdraw", 5),
    ]
