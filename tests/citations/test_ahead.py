"""A large bibliography is read by another process: the same comes of it, also when that process fails."""

from __future__ import annotations

import json
import shutil
import sys
from typing import TYPE_CHECKING, Any

import pytest

from macros import guide as guide_module
from macros.citations import ahead
from macros.guide import Guide, load_guide
from tests.conftest import CONFIG, ENTRY, PAGE, ROOT, Project

if TYPE_CHECKING:
    from pathlib import Path

BIBLIOGRAPHY = (ROOT / "references.bib").read_text("utf-8")
CITING = PAGE + '\nMore {{ cite("monson2020", "khalifian2024") }}, and {{ textcite("duek2023") }}.\n'


def load_afresh(project: Project) -> Guide:
    shutil.rmtree(project.root / ".cache", ignore_errors=True)
    guide_module._loaded.clear()
    return load_guide(project.root)


def formatted(guide: Guide) -> dict[str, Any]:
    assert guide.formatting is not None
    found: dict[str, Any] = {key: guide.formatted.entry(key) for key in guide.sources}
    found["order"] = guide.formatted.in_order(guide.sources)
    found["cited"] = [guide.formatted.citation("index.md", cluster) for cluster in guide.formatted._pages["index.md"]]
    return found


@pytest.fixture
def large(project: Project, monkeypatch: pytest.MonkeyPatch) -> Project:
    """A project whose bibliography counts as large."""
    project.write("references.bib", BIBLIOGRAPHY)
    project.write("docs/index.md", CITING)
    monkeypatch.setattr(ahead, "LARGE", 1000)
    return project


@pytest.mark.parametrize("style", ["apa", "vancouver"])
def test_the_same_comes_of_it(large: Project, monkeypatch: pytest.MonkeyPatch, style: str) -> None:
    large.write("mkdocs.yml", CONFIG.replace("apa", style))
    started = []
    begin = ahead.Ahead.__init__

    def count(self: ahead.Ahead, *arguments: Any) -> None:
        started.append(self)
        begin(self, *arguments)

    monkeypatch.setattr(ahead.Ahead, "__init__", count)
    beside = formatted(load_afresh(large))
    assert len(started) == 1
    cache = {path.name: path.read_text("utf-8") for path in (large.root / ".cache").rglob("*.json")}
    guide_module._loaded.clear()
    assert formatted(load_guide(large.root)) == beside  # from the cache
    assert len(started) == 1
    monkeypatch.setattr(ahead, "LARGE", 10**9)
    assert formatted(load_afresh(large)) == beside
    assert len(started) == 1
    alone = {path.name: path.read_text("utf-8") for path in (large.root / ".cache").rglob("*.json")}
    for name in alone:
        assert json.loads(cache[name].split("\n", 1)[1]) == json.loads(alone[name].split("\n", 1)[1]), name


@pytest.mark.parametrize("program", ["exit()", "print('[]')", "print('{}'); print('{')", None])
def test_a_process_that_fails_changes_nothing(
    large: Project, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, program: str | None
) -> None:
    monkeypatch.setattr(ahead, "LARGE", 10**9)
    right = formatted(load_afresh(large))
    monkeypatch.setattr(ahead, "LARGE", 1000)
    if program is None:
        executable = tmp_path / "missing"
    else:
        executable = tmp_path / "python"
        executable.write_text(f'#!/bin/sh\nexec {sys.executable} -c "{program}"\n')
        executable.chmod(0o755)
    monkeypatch.setattr(sys, "executable", str(executable))
    assert formatted(load_afresh(large)) == right


def test_faults_are_told_as_ever(large: Project, monkeypatch: pytest.MonkeyPatch) -> None:
    large.write("references.bib", BIBLIOGRAPHY.replace("year = {2020}", "yaer = {2020}", 1))
    found = load_afresh(large)
    assert found.formatting is None
    monkeypatch.setattr(ahead, "LARGE", 10**9)
    assert load_afresh(large).problems == found.problems != ()


def test_a_small_bibliography_needs_no_process(project: Project, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ahead, "Ahead", None)  # would fail if it were called
    project.write("references.bib", ENTRY)
    assert load_afresh(project).formatting is not None
