"""The page for maintainers is true: its commands do what it says, word for word, and its picture shows the code."""

from __future__ import annotations

import json
import os
import re
import shlex
import shutil
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from macros.commands import COMMANDS
from macros.guide import load_guide
from macros.sources.verifying import STATES
from tests.conftest import ROOT
from tests.sources.conftest import MESSAGE, server

if TYPE_CHECKING:
    from tests.sources.conftest import FakeCrossref

__all__ = ["server"]

PAGE = (ROOT / "docs/about/maintaining.md").read_text("utf-8")
LINES = [
    line
    for block in re.findall(r"^```text\n(.*?)^```", PAGE, re.DOTALL | re.MULTILINE)
    for line in block.replace("\\\n", " ").splitlines()
]
OURS = [shlex.split(line) for line in LINES if line.startswith("python -m macros ")]


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """The guide's sources, to be changed."""
    for name in ("docs", "macros", "references.bib", "mkdocs.yml", "CHANGELOG.md"):
        source = ROOT / name
        if source.is_dir():
            shutil.copytree(source, tmp_path / name, ignore=shutil.ignore_patterns("__pycache__", "fonts", "vendor"))
        else:
            shutil.copy(source, tmp_path / name)
    return tmp_path


@pytest.mark.slow
def test_every_command_of_the_page_does_what_it_says(copy: Path, server: FakeCrossref) -> None:
    assert len(OURS) >= 8
    sources = load_guide(ROOT, render=False).sources
    # All but one were asked about today.
    dois = [source.doi for source in sources.values() if source.doi]
    kept = {doi.casefold(): {"asked": "2026-11-22", "work": None, "agency": "datacite"} for doi in dois[1:]}
    (copy / ".cache/guide").mkdir(parents=True)
    (copy / ".cache/guide/crossref.json").write_text(json.dumps({"base": server.base, "answers": kept}), "utf-8")
    server.put_agency(dois[0], "datacite")
    server.put("10.1000/xyz123", MESSAGE | {"DOI": "10.1000/xyz123", "title": ["Something new"]})
    environment = os.environ | {
        "CROSSREF_BASE": server.base,
        "PYTHONPATH": str(copy),
        "SOURCE_DATE_EPOCH": "1795305600",
    }
    said = {}
    for command in OURS:
        run = subprocess.run(
            [sys.executable, *command[1:]], cwd=copy, env=environment, capture_output=True, text=True, check=False
        )
        assert run.returncode == 0, (command, run.stdout, run.stderr)
        assert "Traceback" not in run.stderr
        said[" ".join(command[3:6])] = run.stdout
    assert server.asked[0] == f"/works/{dois[0]}"
    assert server.queries[0] == {"mailto": ["you@example.org"]}
    assert "@article{monson2020" in said["source add 10.1000/xyz123"]
    guide = load_guide(copy, render=False)
    assert guide.problems == ()
    assert len(guide.sources) == len(sources) + 1
    assert {"safety/pregnancy.md", "decisions/after-a-setback.md", "decisions/after-a-setback-paths.md"} < set(
        guide.pages
    )
    nav = (copy / "mkdocs.yml").read_text("utf-8")
    assert "      - Pregnancy: safety/pregnancy.md\n" in nav
    assert "decisions/after-a-setback.md\n" in nav


def test_every_make_target_of_the_page_exists() -> None:
    targets = {word for words in re.findall(r"\bmake ([a-z-]+(?: [a-z-]+)?)`", PAGE) for word in words.split()}
    targets |= {line.split()[1] for line in LINES if line.startswith("make ") and "/" not in line}
    makefile = (ROOT / "Makefile").read_text("utf-8")
    assert targets >= {"test", "serve", "offline", "handbook"}
    for target in targets:
        assert re.search(rf"^{target}:", makefile, re.MULTILINE), target


def test_every_file_that_the_page_and_its_picture_name_exists() -> None:
    picture = (ROOT / "docs/assets/pictures/architecture.svg").read_text("utf-8")
    named = set(re.findall(r"(?:macros|tests|docs|schemas|requirements|\.github)/[\w./-]*\w", PAGE + picture))
    assert len(named) > 15
    made = {"docs/decisions/after-a-setback.yml"}
    for name in named - made:
        assert (ROOT / name).exists(), name


def test_the_picture_shows_every_part_that_loads_the_guide() -> None:
    picture = (ROOT / "docs/assets/pictures/architecture.svg").read_text("utf-8")
    loaded = (ROOT / "macros/guide.py").read_text("utf-8")
    for module in ("citations", "pages", "links", "data_files", "registry"):
        assert f"from macros.{module}" in loaded
        assert f"macros/{module}" in picture


def test_the_page_says_what_the_report_says() -> None:
    for state, words in STATES.items():
        if state not in ("fine", "elsewhere"):
            assert f"| {words} |" in PAGE


def test_every_command_is_named_where_people_look() -> None:
    text = PAGE + (ROOT / "CONTRIBUTING.md").read_text("utf-8") + (ROOT / "Makefile").read_text("utf-8")
    for name in COMMANDS:
        assert f"macros {name}" in text, name
