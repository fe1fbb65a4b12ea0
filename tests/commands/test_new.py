"""Beginnings of pages, trees and terms: they pass the check at once, and nothing else in the files changes."""

from __future__ import annotations

import difflib
from typing import TYPE_CHECKING

import pytest
import yaml
from click.testing import CliRunner

from macros.commands import main
from macros.guide import load_guide
from macros.navigation import add_to_nav, yaml_text
from tests.conftest import PAGE, ROOT

if TYPE_CHECKING:
    from click.testing import Result

    from tests.conftest import Project

NAV = """nav:
  - Start: index.md
  # What must not happen.
  - Safety:
      - safety/index.md # the first
      - "Law: where": safety/law.md

  - Decisions:
    - decisions/index.md
"""
GLOSSARY = """# How terms are written.
terms:
  - term: Amygdala
    means: A region of the brain.

  # A comment on the next.
  - term: Drug
    also: [drugs]
    means: A substance.
"""


def run(project: Project, *arguments: str, typed: str = "") -> Result:
    """Run a command on the project."""
    return CliRunner().invoke(main, [*arguments, "--root", str(project.root)], input=typed)


def with_nav(project: Project) -> Project:
    project.write("mkdocs.yml", project.read("mkdocs.yml") + NAV)
    for name in ("safety/index.md", "safety/law.md", "decisions/index.md"):
        project.write(f"docs/{name}", PAGE)
    return project


def changes(before: str, after: str) -> list[str]:
    """Give the lines that were added and removed."""
    return [line for line in difflib.ndiff(before.splitlines(), after.splitlines()) if line[:2] in ("+ ", "- ")]


@pytest.mark.parametrize("kind", ["clinical", "guide"])
def test_a_new_page_passes_the_check_and_stands_in_the_navigation(project: Project, kind: str) -> None:
    before = with_nav(project).read("mkdocs.yml")
    said = ("--title", "Pregnancy: what to ask", "--description", "What is known, and what is not: an overview.")
    result = run(project, "new", "page", "docs/safety/pregnancy.md", *said, "--kind", kind, "--phase", "assessment")
    assert result.exit_code == 0, result.output
    guide = load_guide(project.root, render=False)
    assert guide.problems == ()
    page = guide.pages["safety/pregnancy.md"]
    assert (page.title, page.kind, page.meta["phase"]) == ("Pregnancy: what to ask", kind, ["assessment"])
    assert changes(before, project.read("mkdocs.yml")) == ['+       - "Pregnancy: what to ask": safety/pregnancy.md']
    assert "docs/safety/pregnancy.md written." in result.stdout


@pytest.mark.slow
def test_what_is_new_builds(project: Project) -> None:
    project.write("docs/toolkit/glossary.yml", GLOSSARY)
    project.write("docs/glossary.md", PAGE.replace("A finding", "{{ glossary() }}\n\nA finding"))
    assert run(project, "new", "page", "a.md", "--title", "A", "--description", "A page.").exit_code == 0
    assert run(project, "new", "tree", "b", "--title", "B?", "--purpose", "Decide B.").exit_code == 0
    assert run(project, "new", "term", "C-reactive", "--means", "C, which reacts.").exit_code == 0
    built = project.build()
    assert built.returncode == 0, built.stderr
    assert (project.root / "site" / "decisions" / "b-paths.html").exists()


def test_a_page_without_neighbours_says_where_it_belongs(project: Project) -> None:
    before = with_nav(project).read("mkdocs.yml")
    result = run(project, "new", "page", "new/folder/page.md", "--title", "A", "--description", "B.")
    assert result.exit_code == 0, result.output
    assert project.read("mkdocs.yml") == before
    assert "      - A: new/folder/page.md" in result.stdout


def test_what_is_missing_is_asked_for(project: Project) -> None:
    result = run(project, "new", "page", "a.md", typed="A title\nWhat it says.\n")
    assert result.exit_code == 0, result.output
    assert "title: A title\ndescription: What it says.\n" in project.read("docs/a.md")


def test_all_faults_are_told_and_nothing_is_written(project: Project) -> None:
    result = run(project, "new", "page", "Index.MD", "--title", "A", "--description", "B" * 156)
    assert result.exit_code == 1
    assert "2 problems:" in result.stderr
    assert "Index.MD: This cannot be a page's file." in result.stderr
    assert "--description has 156 characters" in result.stderr
    assert sorted(path.name for path in (project.root / "docs").iterdir()) == ["index.md"]


@pytest.mark.parametrize(
    ("kind", "name"), [("page", "Index.MD"), ("page", "index.md"), ("tree", "A b"), ("quiz", "A b"), ("case", "A b")]
)
def test_a_name_that_cannot_be_is_told_before_anything_is_asked(project: Project, kind: str, name: str) -> None:
    result = run(project, "new", kind, name)
    assert result.exit_code == 1
    assert result.stderr.startswith("1 problem:\n")
    assert "Title" not in result.stdout


@pytest.mark.parametrize("name", ["", " "])
def test_a_term_without_a_name_is_told(project: Project, name: str) -> None:
    project.write("docs/toolkit/glossary.yml", "terms:\n  - term: PTSD\n    means: A disorder.\n")
    result = run(project, "new", "term", name, "--means", "x")
    assert result.exit_code == 2
    assert "Invalid value for 'TERM'" in result.stderr


def test_a_page_that_is_put_into_the_navigation_by_hand(project: Project) -> None:
    with_nav(project)
    project.write("mkdocs.yml", project.read("mkdocs.yml") + "validation:\n  omitted_files: warn\n")
    assert load_guide(project.root, render=False).problems == ()
    result = run(project, "new", "page", "new/folder/page.md", "--title", "A", "--description", "B.")
    assert result.exit_code == 0, result.output
    assert "      - A: new/folder/page.md" in result.stdout


def test_a_file_that_is_there_is_never_overwritten(project: Project) -> None:
    result = run(project, "new", "page", "index.md", "--title", "A", "--description", "B.")
    assert result.exit_code == 1
    assert "docs/index.md: There is such a file already." in result.stderr
    assert project.read("docs/index.md") == PAGE


def test_what_would_bring_a_problem_is_taken_back(project: Project) -> None:
    result = run(project, "new", "page", "new/a.md", "--title", "A", "--description", "{{ cite() }}")
    assert result.exit_code == 1
    assert "docs/new/a.md:3: `description` calls a macro" in result.stderr
    assert not (project.root / "docs" / "new").exists()


def test_a_new_tree_passes_the_check_and_the_proof(project: Project) -> None:
    with_nav(project)
    result = run(
        project, "new", "tree", "after-a-setback", "--title", "What now: a setback?", "--purpose", "Decide: what now."
    )
    assert result.exit_code == 0, result.output
    guide = load_guide(project.root, render=False)
    assert guide.problems == ()
    assert guide.data["macros.decision_trees"].by_name["after-a-setback"].value.title == "What now: a setback?"
    assert {"decisions/after-a-setback.md", "decisions/after-a-setback-paths.md"} < set(guide.pages)
    assert '    - "What now: a setback?": decisions/after-a-setback.md\n' in project.read("mkdocs.yml")
    proof = run(project, "trees")
    assert proof.exit_code == 0
    assert "0 of these past a safety question" in proof.stdout


@pytest.mark.parametrize("name", ["After", "a b", "x-paths", ""])
def test_a_tree_needs_a_name_for_addresses(project: Project, name: str) -> None:
    result = run(project, "new", "tree", name, "--title", "A?", "--purpose", "B.")
    assert result.exit_code == 1
    assert f"`{name}` cannot be the name of a tree." in result.stderr


def test_new_modules_follow_each_other_and_pass_the_check(project: Project) -> None:
    for name, title in (("m1-first", "First: 'one'"), ("m2-second", 'Second "two"')):
        result = run(project, "new", "quiz", name, "--title", title, "--summary", "Say: what it is.")
        assert result.exit_code == 0, result.stderr
    assert project.check().returncode == 0
    modules = load_guide(project.root, render=False).data["macros.training"].by_name
    assert [file.value.number for file in modules.values()] == [1, 2]
    assert modules["m2-second"].value.prerequisites == ("m1-first",)
    assert modules["m2-second"].value.title == 'Second "two"'
    run_ = project.build()
    assert run_.returncode == 0, run_.stderr


def test_a_new_case_passes_the_check(project: Project) -> None:
    result = run(project, "new", "case", "the-visitor", "--title", "Case: the visitor", "--purpose", "Decide it.")
    assert result.exit_code == 0, result.stderr
    assert project.check().returncode == 0
    case = load_guide(project.root, render=False).data["macros.decision_trees"].by_name["the-visitor"].value
    assert (case.kind, case.title) == ("case", "Case: the visitor")


@pytest.mark.parametrize("kind", ["quiz", "case"])
def test_modules_and_cases_need_names_for_addresses(project: Project, kind: str) -> None:
    option = "--summary" if kind == "quiz" else "--purpose"
    result = run(project, "new", kind, "The Visitor", "--title", "A", option, "B" * 200)
    assert result.exit_code == 1
    assert "`The Visitor` cannot be the name of a" in result.stderr
    assert f"{option} has 200 characters" in result.stderr


@pytest.mark.parametrize(
    ("term", "line", "after"),
    [
        ("Brain", 6, "    means: A region of the brain."),
        ("Aardvark", 3, "terms:"),
        ("Zeal", 11, "    means: A substance."),
    ],
)
def test_a_term_goes_to_its_place_in_the_alphabet(project: Project, term: str, line: int, after: str) -> None:
    project.write("docs/toolkit/glossary.yml", GLOSSARY)
    result = run(
        project, "new", "term", term, "--means", "It means: this.", "--also", "one, two", "--source", "monson2020"
    )
    assert result.exit_code == 0, result.output
    assert f"docs/toolkit/glossary.yml:{line}: {term}" in result.stdout
    text = project.read("docs/toolkit/glossary.yml")
    added = [
        f"+   - term: {term}", '+     also: ["one, two"]', '+     means: "It means: this."', "+     source: [monson2020]", "+ ",
    ]  # fmt: skip
    assert sorted(changes(GLOSSARY, text)) == sorted(added)
    assert [one for one in text.split("\n")[: line - 1] if one][-1] == after
    assert [one["term"] for one in yaml.safe_load(text)["terms"]] == sorted(["Amygdala", "Drug", term])


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("Drugs", "--means", "A."), "“Drugs” stands for “Drug” already."),
        (("New", "--means", "A.", "--source", "nobody"), "There is no source `nobody`."),
        (("New", "--means", "A" * 321), "`means` has 321 characters"),
        (("New", "--means", "A.", "--see", "no/page.md"), "There is no page `no/page.md`."),
    ],
)
def test_a_faulty_term_leaves_the_glossary_as_it_was(
    project: Project, arguments: tuple[str, ...], message: str
) -> None:
    project.write("docs/toolkit/glossary.yml", GLOSSARY)
    result = run(project, "new", "term", *arguments)
    assert result.exit_code == 1
    assert message in result.stderr
    assert project.read("docs/toolkit/glossary.yml") == GLOSSARY


def test_a_term_needs_a_glossary(project: Project) -> None:
    result = run(project, "new", "term", "A", "--means", "B.")
    assert result.exit_code == 1
    assert "docs/toolkit/glossary.yml: There is no glossary to put the term into." in result.stderr


def test_windows_line_ends_and_a_byte_order_mark_stay(project: Project) -> None:
    project.write("docs/toolkit/glossary.yml", b"\xef\xbb\xbf" + GLOSSARY.replace("\n", "\r\n").encode())
    assert run(project, "new", "term", "Brain", "--means", "A thing.").exit_code == 0
    content = (project.root / "docs/toolkit/glossary.yml").read_bytes()
    assert content.startswith(b"\xef\xbb\xbf# How")
    assert content.count(b"\n") == content.count(b"\r\n")
    assert b"  - term: Brain\r\n    means: A thing.\r\n\r\n  # A comment on the next.\r\n" in content


@pytest.mark.parametrize(
    ("nav", "src"),
    [
        ("nav: [index.md, a.md]\n", "b.md"),
        ("nav:\n  - {Start: index.md}\n", "sub/b.md"),
        ("site_name: A\n", "b.md"),
        ("nav:\n  - A: &here [a.md]\n", "b.md"),
    ],
)
def test_a_navigation_written_otherwise_is_left_alone(nav: str, src: str) -> None:
    assert add_to_nav(nav, "B", src) is None


def test_the_last_line_of_a_file_needs_no_line_end() -> None:
    assert add_to_nav("nav:\n  - index.md", "B", "b.md") == "nav:\n  - index.md\n  - B: b.md\n"
    assert add_to_nav("nav:\r\n  - {A: a.md}\r\n", "B", "b.md") == "nav:\r\n  - {A: a.md}\r\n  - B: b.md\r\n"


def test_every_folder_of_the_guide_has_a_place_for_a_new_page() -> None:
    config = (ROOT / "mkdocs.yml").read_text("utf-8")
    for folder in ("", "safety/", "phases/sheets/", "evidence/", "toolkit/", "about/", "decisions/"):
        with_page = add_to_nav(config, "New", f"{folder}new.md")
        assert with_page is not None
        assert [line.strip() for line in changes(config, with_page)] == [
            f"+{' ' * (7 if folder else 3)}- New: {folder}new.md"
        ]


@pytest.mark.parametrize(
    "text", ["A", "Is it: so?", "yes", "- a", "a #b", "#a", "‘x’", '"q"', "1", "2026-01-01", "a: ", "ö"]
)
def test_a_text_stays_a_text_in_yaml(text: str) -> None:
    assert yaml.safe_load(f"a: {yaml_text(text)}\n") == {"a": text}
    assert yaml.safe_load(f"{yaml_text(text)}: a\n") == {text: "a"}
