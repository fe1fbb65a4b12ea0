"""`mkdocs serve`: a broken source is told on the page and in the terminal, and the page is as new when it is mended."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from typing import TYPE_CHECKING

import pytest

from macros.serving import put_above
from tests.conftest import CONFIG, PAGE

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from tests.conftest import Project


def free_port() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])


STOPS = """
from mkdocs.exceptions import PluginError

def on_post_page(output, page, config):
    if page.file.src_uri == "stop.md":
        raise PluginError("stop.md stops it")
"""


@pytest.fixture
def served(project: Project, tmp_path: Path) -> Iterator[tuple[str, Path]]:
    """The address of a small guide that is being served, and the file with what the terminal shows."""
    project.write("stops.py", STOPS)
    project.write("mkdocs.yml", CONFIG.replace("hooks:\n", "hooks:\n  - stops.py\n"))
    address, log = f"127.0.0.1:{free_port()}", tmp_path / "terminal.txt"
    with log.open("w") as terminal:
        server = subprocess.Popen(
            [sys.executable, "-m", "mkdocs", "serve", "--dev-addr", address],
            cwd=project.root, env=os.environ | {"NO_MKDOCS_2_WARNING": "1"}, stdout=terminal, stderr=terminal,
        )  # fmt: skip
        yield f"http://{address}/", log
        server.terminate()
        server.wait(10)


def wait_for(address: str, fits: Callable[[str], bool]) -> str:
    """Give the page as soon as it fits."""
    text = ""
    for _ in range(300):
        try:
            with urllib.request.urlopen(address, timeout=5) as answer:  # noqa: S310 - our own server
                text = answer.read().decode()
        except (urllib.error.URLError, OSError):
            text = ""
        if text and fits(text):
            return text
        time.sleep(0.1)
    raise AssertionError(text[:2000])


@pytest.mark.slow
def test_problems_are_told_and_go_when_they_are_mended(project: Project, served: tuple[str, Path]) -> None:
    address, log = served
    wait_for(address, lambda text: "Monson et al." in text and "serve-problems" not in text)
    project.write("docs/index.md", PAGE.replace("monson2020", "monson2021").replace("A finding", "<b>New</b> words"))
    told = wait_for(address, lambda text: "serve-problems" in text)
    assert "docs/index.md:8" in told
    assert "There is no source `monson2021`." in told
    assert "Did you mean `monson2020`?" in told
    assert "A finding" in told, "the page of before is still there"
    assert "There is no source `monson2021`." in log.read_text()
    project.write("docs/index.md", PAGE.replace("A finding", "An old finding").replace("monson2020", "{{ nothing"))
    wait_for(address, lambda text: "monson2021" not in text and text.count('class="serve-problems"') == 1)
    project.write("docs/index.md", PAGE.replace("A finding", "Another finding"))
    mended = wait_for(address, lambda text: "Another finding" in text)
    assert "serve-problems" not in mended
    assert "Traceback" not in log.read_text()


@pytest.mark.slow
def test_pages_stay_when_the_build_fails_half_way(project: Project, served: tuple[str, Path]) -> None:
    """A fault that is only found when pages are being written, such as one in a hook."""
    address, _ = served
    wait_for(address, lambda text: "A finding" in text)
    wait_for(f"{address}index.sources.bib", lambda text: "monson2020" in text)
    project.write("docs/stop.md", PAGE)
    told = wait_for(address, lambda text: "serve-problems" in text)
    assert "stop.md stops it" in told
    assert "A finding" in told
    wait_for(f"{address}index.sources.bib", lambda text: "monson2020" in text)
    (project.root / "docs/stop.md").unlink()
    wait_for(address, lambda text: "A finding" in text and "serve-problems" not in text)


@pytest.mark.slow
def test_a_draft_is_shown_to_its_author(project: Project, served: tuple[str, Path]) -> None:
    """MkDocs builds pages of `draft_docs` for this alone; their macros need the guide to know them."""
    project.write("mkdocs.yml", CONFIG + "draft_docs: draft.md\n")
    project.write("docs/draft.md", PAGE.replace("A finding", "A draft"))
    address, log = served
    wait_for(f"{address}draft.html", lambda text: "A draft" in text and "Monson et al." in text)
    assert "Traceback" not in log.read_text()


@pytest.mark.slow
def test_a_macro_that_fails_is_told_on_the_page(project: Project, served: tuple[str, Path]) -> None:
    address, _ = served
    wait_for(address, lambda text: "A finding" in text)
    project.write("docs/index.md", PAGE.replace("A finding", "A finding {{ page.nope }}"))
    told = wait_for(address, lambda text: "serve-problems" in text)
    assert "docs/index.md:8: A macro of this page fails" in told


def test_what_is_told_is_text(tmp_path: Path) -> None:
    page = tmp_path / "index.html"
    page.write_text("<html><body dir=ltr>Text</body></html>")
    put_above(tmp_path, "a <script>alert(1)</script>")
    put_above(tmp_path, "another </div>")
    assert "<script>" not in page.read_text()
    assert page.read_text().count("serve-problems") == 1
    assert page.read_text().endswith("Text</body></html>")
