"""What a newcomer got wrong and the check did not see at first."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from macros.citations.bibliography import parse_bibliography
from macros.pages import parse_page
from macros.registry import MACRO_NAMES
from tests.conftest import ENTRY, PAGE

if TYPE_CHECKING:
    from tests.conftest import Project

AUTHORS = "Monson, Candice M. and Wagner, Anne C. and Mithoefer, Michael C."


@pytest.mark.parametrize(
    ("before", "after", "words"),
    [
        (AUTHORS, "Müller, A., Meier, B., Schmidt, C.", "not joined by `and`"),
        (AUTHORS, "A. Müller & B. Meier", "not joined by `and`"),
        (AUTHORS, "A. Müller et al.", "not joined by `and`"),
        ("limits =", "limit =", "a field `limit`"),
        ("finding =", "findings =", "a field `findings`"),
    ],
)
def test_a_source_that_would_come_out_wrong_is_refused(before: str, after: str, words: str) -> None:
    _, problems = parse_bibliography(ENTRY.replace(before, after), "references.bib")
    assert [words in problem.message for problem in problems] == [True]
    assert problems[0].hint


@pytest.mark.parametrize(
    "authors", ["{Smith & Sons}", "{American Psychiatric Association} and Doe, J.", "van der Kolk, Jr, B."]
)
def test_names_that_only_look_wrong_are_not_refused(authors: str) -> None:
    assert parse_bibliography(ENTRY.replace(AUTHORS, authors), "references.bib")[1] == []


@pytest.mark.parametrize(
    ("before", "after", "line"),
    [
        ("A page to test with.", "'{{ cite(\"monson2020\") }}'", 2),
        ("A finding {{ cite", "{{ reading }} A finding {{ cite", 8),
    ],
)
def test_a_macro_that_would_not_be_called_is_refused(before: str, after: str, line: int) -> None:
    _, problems = parse_page(PAGE.replace(before, after), "docs/a.md", "a.md", MACRO_NAMES)
    assert [problem.line for problem in problems] == [line]
    assert problems[0].hint


def test_two_lists_on_a_page_are_refused(project: Project) -> None:
    project.write("docs/index.md", PAGE + "\n{{ bibliography() }}\n")
    assert "all sources" in project.check().stderr


def test_causes_come_before_consequences(project: Project) -> None:
    project.write("references.bib", ENTRY.replace("{MDMA}", "{MDMA"))
    project.write("docs/index.md", PAGE.replace("monson2020", "nobody2020"))
    said = project.check().stderr
    assert said.index("references.bib:") < said.index("docs/index.md:")
