"""The glossary's files, its page, and links to its terms."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
from bs4 import BeautifulSoup

from macros.guide import load_guide
from macros.problems import Problem
from tests.conftest import CONFIG, PAGE

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.conftest import Project

TERMS = """terms:
  - term: Active control
    also: [active placebo, active placebos]
    means: A comparison that can be felt. It may be a sedative.
    source: [monson2020]
    see: deep/mechanism.md
  - term: CADSS
    means: A scale for <b>dissociation</b> & the like.
  - term: Exposure (in therapy)
    also: [exposure therapy, cue exposure]
    means: Meeting what is feared, on purpose.
  - term: Zebra (horse)
    also: [horses, zebras]
    means: An animal.
"""
GROUPS = """groups:
  - [infidelity, affair]
  - [crying, tears]
"""
GLOSSARY = """---
description: What words mean.
reviewed: 2026-01-01
kind: guide
---

# Glossary

{{ glossary() }}

## Sources

{{ references() }}
"""
MECHANISM = PAGE.replace("# A page", "# A mechanism")
WITH_TERMS = CONFIG.replace(
    "  - macros.markdown_blocks\n", "  - macros.markdown_blocks\n  - macros.glossary.extension\n"
)


def with_glossary(project: Project) -> Project:
    project.write("mkdocs.yml", WITH_TERMS)
    project.write("docs/toolkit/glossary.yml", TERMS)
    project.write("docs/toolkit/synonyms.yml", GROUPS)
    project.write("docs/toolkit/glossary.md", GLOSSARY)
    project.write("docs/deep/mechanism.md", MECHANISM)
    return project


def page_with(text: str) -> str:
    return PAGE.replace("A finding", f"{text} A finding")


def problems(project: Project) -> list[Problem]:
    return list(load_guide(project.root, render=False).problems)


def soup(project: Project, page: str) -> BeautifulSoup:
    run = project.build()
    assert run.returncode == 0, run.stderr
    return BeautifulSoup(project.read(f"site/{page}"), "html.parser")


TERMS_FILE = "docs/toolkit/glossary.yml"


@pytest.mark.parametrize(
    ("old", "new", "line", "message", "hint"),
    [
        (
            "term: Zebra (horse)",
            "term: cadss",
            12,
            "“cadss” stands for “CADSS” already.",
            "Each form belongs to one term, once.",
        ),
        (
            "[exposure therapy, cue exposure]",
            "[exposure therapy, Active placebo]",
            10,
            "“Active placebo” stands for “Active control” already.",
            "Each form belongs to one term, once.",
        ),
        ("    means: An animal.\n", "", 12, "`means` is missing here.", "Add `means:`."),
        (
            "    means: An animal.\n",
            "    means:\n",
            14,
            "`means` is empty.",
            "Write something there, or leave the field out.",
        ),
        (
            "An animal.",
            "An animal. " + "x" * 320,
            14,
            "`means` has 331 characters, and at most 320 are read at a glance.",
            "Shorten it.",
        ),
        ("[monson2020]", "[monson2021]", 5, "There is no source `monson2021`.", "Did you mean `monson2020`?"),
        (
            "deep/mechanism.md",
            "deep/mechanisms.md",
            6,
            "There is no page `deep/mechanisms.md`.",
            "Did you mean `deep/mechanism.md`?",
        ),
        (
            "term: Zebra (horse)",
            "term: Bacon",
            12,
            "“Bacon” stands behind “Exposure (in therapy)”.",
            "Terms stand in alphabetical order; hyphens, accents and capitals do not count.",
        ),
        (
            "term: Zebra (horse)",
            "term: Exposure - in therapy",
            12,
            "“Exposure - in therapy” would have the same address on the page as “Exposure (in therapy)”.",
            "Say more in one of the names, for instance in brackets.",
        ),
        (
            "    means: An animal.",
            "    meaning: An animal.",
            14,
            "There is no field `meaning` here.",
            "Did you mean `means`?",
        ),
    ],
)
def test_faults_of_terms(project: Project, old: str, new: str, line: int, message: str, hint: str) -> None:
    assert TERMS.count(old) == 1
    with_glossary(project).write(TERMS_FILE, TERMS.replace(old, new))
    assert Problem(TERMS_FILE, line, message, hint) in problems(project)


@pytest.mark.parametrize(
    ("old", "new", "line", "message", "hint"),
    [
        (
            "[crying, tears]",
            "[crying, Affair]",
            3,
            "“Affair” stands in the group of “infidelity” already.",
            "A phrase belongs to one group, once.",
        ),
        (
            "[crying, tears]",
            "[crying, Crying]",
            3,
            "“Crying” stands in this group twice.",
            "A phrase belongs to one group, once.",
        ),
        (
            "[crying, tears]",
            "[crying]",
            3,
            "A group needs at least two words for the same thing.",
            "Add another word, or leave the group out.",
        ),
    ],
)
def test_faults_of_synonyms(project: Project, old: str, new: str, line: int, message: str, hint: str) -> None:
    with_glossary(project).write("docs/toolkit/synonyms.yml", GROUPS.replace(old, new))
    assert problems(project) == [Problem("docs/toolkit/synonyms.yml", line, message, hint)]


@pytest.mark.parametrize(
    ("call", "message", "hint"),
    [
        ('term("CADS")', "The glossary has no term `CADS`.", "Did you mean `CADSS`?"),
        ('term("active placebox")', "The glossary has no term `active placebox`.", "Did you mean `Active control`?"),
        ('term("xylophone")', "The glossary has no term `xylophone`.", "Add it to docs/toolkit/glossary.yml."),
        (
            "term()",
            "`term()` takes a term and, if the sentence needs other words, those.",
            'Write {{ term("CADSS") }} or {{ term("CADSS", "the scale") }}.',
        ),
        (
            'term("CADSS", text=3)',
            "`term()` takes a term and, if the sentence needs other words, those.",
            'Write {{ term("CADSS") }} or {{ term("CADSS", "the scale") }}.',
        ),
        ("glossary()", "The glossary is shown a second time.", "It stands in docs/index.md; link to it."),
        ('glossary("A")', "`glossary()` takes nothing between its brackets.", "Write `glossary()`."),
    ],
)
def test_faults_of_calls(project: Project, call: str, message: str, hint: str) -> None:
    with_glossary(project).write("docs/index.md", page_with(f"{{{{ {call} }}}}"))
    where = ("docs/toolkit/glossary.md", 9) if call == "glossary()" else ("docs/index.md", 8)
    assert Problem(*where, message, hint) in problems(project)


def test_terms_without_a_glossary(project: Project) -> None:
    project.write("docs/index.md", page_with('{{ term("CADSS") }}'))
    assert [(one.line, one.message) for one in problems(project)] == [(8, "The guide has no glossary yet.")]
    project.write(TERMS_FILE, TERMS.replace("    see: deep/mechanism.md\n", ""))
    assert [(one.line, one.message) for one in problems(project)] == [
        (8, "No page shows the glossary, so that there is nothing to link to.")
    ]


@pytest.fixture(scope="module")
def built(make_project: Callable[[], Project]) -> Project:
    project = with_glossary(make_project())
    text = 'Ask {{ term("CADSS", "the <scale>") }} and {{ term("exposure") }}. CADSS and cue exposure again.'
    project.write("docs/index.md", page_with(text))
    run = project.build()
    assert run.returncode == 0, run.stderr
    return project


def test_the_page_shows_every_term(built: Project) -> None:
    page = BeautifulSoup(built.read("site/toolkit/glossary.html"), "html.parser")
    assert [(str(one["id"]), one.get_text()) for one in page.select(".glossary h3")] == [
        ("term-active-control", "Active control"),
        ("term-cadss", "CADSS"),
        ("term-exposure-in-therapy", "Exposure (in therapy)"),
        ("term-zebra-horse", "Zebra (horse)"),
    ]
    letters = [str(one["href"]) for one in page.select(".glossary-letters a")]
    assert letters == ["#letter-a", "#letter-c", "#letter-e", "#letter-z"]
    assert all(page.select(letter) for letter in letters)
    texts = [one.get_text() for one in page.select(".glossary p")]
    assert texts == [
        "A comparison that can be felt. It may be a sedative (Monson et al., 2020).",
        "Also: active placebo. See: A mechanism.",
        "A scale for <b>dissociation</b> & the like.",
        "Meeting what is feared, on purpose.",
        "Also: exposure therapy, cue exposure.",
        "An animal.",
    ]
    assert page.select(".glossary-more a")[0]["href"] == "../deep/mechanism.html"
    assert page.select(".glossary a.cite")[0]["href"] == "#ref-monson2020"
    assert page.select("#ref-monson2020")
    assert page.select("a.term") == []


def test_links_that_authors_write(built: Project) -> None:
    page = BeautifulSoup(built.read("site/index.html"), "html.parser")
    links = [(one.get_text(), str(one["href"])) for one in page.select("a.term")]
    assert links == [
        ("the <scale>", "toolkit/glossary.html#term-cadss"),
        ("exposure", "toolkit/glossary.html#term-exposure-in-therapy"),
    ], "a term that its author has linked is not linked a second time"
    assert page.select("a.term")[0]["data-means"] == "A scale for <b>dissociation</b> & the like."


def test_every_term_is_found_by_itself_and_letters_are_not(built: Project) -> None:
    index = built.read("site/search/search_index.json")
    assert '"toolkit/glossary.html#term-zebra-horse","title":"Zebra (horse)"' in index
    assert "letter-" not in index


def test_without_the_extensions_the_page_is_the_same(built: Project, make_project: Callable[[], Project]) -> None:
    plain = with_glossary(make_project())
    plain.write("mkdocs.yml", CONFIG.replace("  - macros.markdown_blocks\n", ""))
    shown = soup(plain, "toolkit/glossary.html").select(".glossary")[0]
    expected = BeautifulSoup(built.read("site/toolkit/glossary.html"), "html.parser").select(".glossary")[0]
    text = [re.sub(r"\s+", " ", one.get_text(" ")).strip() for one in (shown, expected)]
    assert text[0] == text[1]


@pytest.mark.parametrize(
    ("name", "see", "message"),
    [
        ("β-blocker", "index.md", "begins with no letter from A to Z and no digit"),
        ("PTSD", "https://example.org/", "`https://example.org/` is no page of the guide."),
        ("PTSD", "'#here'", "`#here` is no page of the guide."),
    ],
)
def test_what_the_page_of_the_glossary_could_not_show_is_refused(
    project: Project, name: str, see: str, message: str
) -> None:
    project.write("docs/toolkit/glossary.yml", f"terms:\n  - term: {name}\n    means: A thing.\n    see: {see}\n")
    assert message in project.check().stderr
