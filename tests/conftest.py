"""What tests share: small real projects in temporary folders, and the built site of the guide itself."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable

ROOT = Path(__file__).parents[1]

ENTRY = """@article{monson2020,
  author = {Monson, Candice M. and Wagner, Anne C. and Mithoefer, Michael C.},
  title = {{MDMA}-facilitated conjoint therapy: An uncontrolled trial},
  journal = {European Journal of Psychotraumatology},
  year = {2020},
  volume = {11},
  doi = {10.1080/20008198.2020.1840123},
  design = {open-label},
  sample = {6 couples},
  finding = {Symptoms fell.},
  limits = {No control group.},
  confirmed = {2026-01-01},
}
"""

PAGE = """---
description: A page to test with.
reviewed: 2026-01-01
---

# A page

A finding {{ cite("monson2020") }}.

## Sources

{{ references() }}
"""

CONFIG = """site_name: A small guide
use_directory_urls: false
strict: true
theme:
  name: material
  font: false
markdown_extensions:
  - macros.markdown_blocks
  - admonition
  - attr_list
  - md_in_html
  - tables
plugins:
  - search
  - macros:
      module_name: macros
      on_undefined: strict
      on_error_fail: true
hooks:
  - macros/mkdocs_hooks.py
extra:
  citation_style: apa
"""


class Project:
    """A small guide in a folder of its own."""

    def __init__(self, root: Path) -> None:
        self.root = root
        (root / "docs").mkdir(parents=True)
        (root / "macros").symlink_to(ROOT / "macros")
        self.write("mkdocs.yml", CONFIG)
        self.write("references.bib", ENTRY)
        self.write("docs/index.md", PAGE)

    def write(self, name: str, text: str | bytes) -> Path:
        """Write a file of the project."""
        path = self.root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(text.encode() if isinstance(text, str) else text)
        return path

    def read(self, name: str) -> str:
        """Read a file of the project."""
        return (self.root / name).read_text("utf-8")

    def run(self, *command: str) -> subprocess.CompletedProcess[str]:
        """Run a module of Python in the project's folder, such as `mkdocs build`."""
        return subprocess.run(
            [sys.executable, "-m", *command],
            cwd=self.root, env=os.environ | {"NO_MKDOCS_2_WARNING": "1"}, capture_output=True, text=True, check=False,
        )  # fmt: skip

    def build(self) -> subprocess.CompletedProcess[str]:
        """Build the project with MkDocs."""
        return self.run("mkdocs", "build")

    def check(self) -> subprocess.CompletedProcess[str]:
        """Run `python -m macros check` on the project."""
        return self.run("macros", "check")


@pytest.fixture
def project(tmp_path: Path) -> Project:
    """A small guide without problems."""
    return Project(tmp_path / "project")


@pytest.fixture(scope="session")
def make_project(tmp_path_factory: pytest.TempPathFactory) -> Callable[[], Project]:
    """Makes small guides that several tests of a file share."""
    return lambda: Project(tmp_path_factory.mktemp("shared") / "project")


@pytest.fixture(scope="session")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The guide itself, built by MkDocs in strict mode into a folder of its own."""
    folder = tmp_path_factory.mktemp("built") / "site"
    run = subprocess.run(
        [sys.executable, "-m", "mkdocs", "build", "--strict", "-d", str(folder)],
        cwd=ROOT, env=os.environ | {"NO_MKDOCS_2_WARNING": "1"}, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert run.returncode == 0, run.stdout + run.stderr
    assert "WARNING" not in run.stderr, run.stderr
    return folder
