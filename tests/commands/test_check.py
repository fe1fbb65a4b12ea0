"""`check` for people, programs and pull requests, and `fresh`."""

from __future__ import annotations

import json
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest
from click.testing import CliRunner

from macros.commands import COMMANDS as COMMANDS_OF_MAIN
from macros.commands import main
from macros.pages import parse_page
from tests.conftest import PAGE, ROOT

if TYPE_CHECKING:
    from click.testing import Result

    from tests.conftest import Project

BROKEN = PAGE.replace("monson2020", "monson2021")


def run(project: Project, *arguments: str) -> Result:
    """Run a command on the project."""
    return CliRunner().invoke(main, [*arguments, "--root", str(project.root)])


def test_text_says_file_line_and_remedy(project: Project) -> None:
    project.write("docs/index.md", BROKEN)
    result = run(project, "check")
    assert result.exit_code == 1
    assert "docs/index.md:8: " in result.stderr
    assert "Did you mean `monson2020`?" in result.stderr
    assert result.stdout == ""


def test_json_holds_all_that_the_text_says(project: Project) -> None:
    project.write("docs/index.md", BROKEN.replace("2026-01-01", "2020-01-31"))
    result = run(project, "check", "--format", "json")
    assert result.exit_code == 1
    assert result.stderr == ""
    found = json.loads(result.stdout)
    assert found["problems"] == [
        {
            "path": "docs/index.md",
            "line": 8,
            "message": "There is no source `monson2021`.",
            "hint": "Did you mean `monson2020`?",
        }
    ]
    assert found["due_for_review"] == [{"path": "docs/index.md", "reviewed": "2020-01-31", "due": "2021-01-31"}]
    assert (found["pages"], found["sources"], found["least_claim_coverage"]) == (1, 1, 100.0)


def test_a_guide_without_problems_is_json_too(project: Project) -> None:
    result = run(project, "check", "--format", "json")
    assert result.exit_code == 0
    assert json.loads(result.stdout)["problems"] == []


def test_annotations_follow_githubs_rules(project: Project) -> None:
    project.write("docs/a, b.md", PAGE.replace("monson2020", "100%").replace("2026-01-01", "2020-01-31"))
    project.write("references.bib", project.read("references.bib") + "\n@article{broken,\n")
    result = run(project, "check", "--format", "github")
    assert result.exit_code == 1
    lines = result.stdout.splitlines()
    assert any(line.startswith("::error file=references.bib,line=15::") for line in lines)
    assert any(line.startswith("::notice file=docs/a%2C b.md::Last reviewed on 2020-01-31") for line in lines)
    wrong = next(line for line in lines if line.startswith("::error file=docs/a%2C b.md,line=8::"))
    assert "`100%25`" in wrong
    assert "%0A" in wrong


@pytest.mark.parametrize(
    ("reviewed", "months", "due"),
    [
        ("2026-01-31", 1, "2026-03-01"),
        ("2026-01-31", 2, "2026-03-31"),
        ("2024-02-29", 12, "2025-03-01"),
        ("2026-11-22", 12, "2027-11-22"),
        ("2025-12-31", 6, "2026-07-01"),
    ],
)
def test_a_page_is_due_so_many_months_after_its_review(reviewed: str, months: int, due: str) -> None:
    page, _ = parse_page(f"---\ndescription: A.\nreviewed: {reviewed}\n---\n", "docs/a.md", "a.md", frozenset())
    assert str(page.due_on(months)) == due


def test_fresh_lists_the_soonest_first(project: Project, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1795305600")  # 2026-11-22
    project.write("docs/index.md", PAGE.replace("2026-01-01", "2026-01-10"))
    project.write("docs/late.md", PAGE.replace("2026-01-01", "2025-11-22"))
    project.write("docs/later.md", PAGE.replace("2026-01-01", "2026-10-01"))
    result = run(project, "fresh")
    assert result.exit_code == 0, result.output
    assert result.stdout.splitlines() == [
        "2026-11-22  docs/late.md  (last reviewed on 2025-11-22; due)",
        "2027-01-10  docs/index.md  (last reviewed on 2026-01-10)",
        "2 of 3 pages: 1 due now, 1 more within 3 months.",
    ]
    assert "docs/later.md" in run(project, "fresh", "--within", "12").stdout


def test_fresh_names_the_next_page_when_none_is_due(project: Project, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1795305600")
    project.write("docs/index.md", PAGE.replace("2026-01-01", "2026-10-10"))
    result = run(project, "fresh", "--within", "1")
    assert result.stdout == "None of 1 pages is due within 1 month. The next is docs/index.md: 2027-10-10.\n"


COMMANDS = ("check", "fresh", "new page", "new tree", "new term", "source add", "source verify")


@pytest.mark.parametrize("command", COMMANDS)
def test_help_gives_an_example(command: str) -> None:
    result = CliRunner().invoke(main, [*command.split(), "--help"])
    assert result.exit_code == 0
    assert f"python -m macros {command}" in result.output


def test_every_command_that_the_help_names_is_there() -> None:
    result = CliRunner().invoke(main, ["--help"])
    assert result.exit_code == 0
    for name in COMMANDS_OF_MAIN:
        assert CliRunner().invoke(main, [name, "--help"]).exit_code == 0, name
    unknown = CliRunner().invoke(main, ["chek"])
    assert unknown.exit_code == 2
    assert "No such command 'chek'" in unknown.output


def test_check_does_not_wait_for_what_asks_the_network() -> None:
    code = "import sys; from macros.commands import main; main(['check', '--help'], standalone_mode=False);"
    run = subprocess.run(
        [sys.executable, "-c", code + "print('requests' in sys.modules)"],
        capture_output=True, text=True, check=True, cwd=ROOT,
    )  # fmt: skip
    assert run.stdout.splitlines()[-1] == "False"
