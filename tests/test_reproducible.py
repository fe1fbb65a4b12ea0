"""The same bytes from the same sources, wherever, whenever and under whatever settings they are built."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import time
from typing import TYPE_CHECKING

import pytest

from tests.conftest import ROOT

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = pytest.mark.slow

_DAY = 86_400


def files(folder: Path) -> dict[str, bytes]:
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def test_the_same_bytes_elsewhere_and_at_another_time(site: Path, tmp_path: Path) -> None:
    folder = tmp_path / "Ein Pfad mit Ümläuten & Leerzeichen"
    folder.mkdir()
    for name in ("docs", "overrides", "mkdocs.yml", "references.bib", "CHANGELOG.md"):
        # The other way round, so that folders list their files in another order, and with the times of now.
        sources = [ROOT / name] if (ROOT / name).is_file() else sorted((ROOT / name).rglob("*"), reverse=True)
        for source in (path for path in sources if path.is_file()):
            target = folder / source.relative_to(ROOT)
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(source, target)
    (folder / "macros").symlink_to(ROOT / "macros")
    run = subprocess.run(
        [sys.executable, "-m", "mkdocs", "build", "--strict"], cwd=folder, capture_output=True, text=True, check=False,
        env=os.environ | {
            "NO_MKDOCS_2_WARNING": "1", "PYTHONHASHSEED": "7", "TZ": "Pacific/Kiritimati", "LC_ALL": "tr_TR.UTF-8",
            "LANGUAGE": "tr", "PYTHONUTF8": "0", "SOURCE_DATE_EPOCH": str(int(time.time()) + 30 * _DAY),
        },
    )  # fmt: skip
    assert run.returncode == 0, run.stderr
    here, there = files(site), files(folder / "site")
    assert sorted(here) == sorted(there)
    assert [name for name in sorted(here) if here[name] != there[name]] == []
    assert len(here) > 300


def test_the_sitemap_names_the_day_of_the_last_review(project) -> None:
    project.write("mkdocs.yml", project.read("mkdocs.yml") + "site_url: https://example.org/\n")
    assert project.build().returncode == 0
    assert "<lastmod>2026-01-01</lastmod>" in project.read("site/sitemap.xml")
