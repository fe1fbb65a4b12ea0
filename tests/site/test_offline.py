"""The zip file of the site, unzipped and opened from the folder by a browser without a network."""

from __future__ import annotations

import subprocess
import sys
import zipfile
from typing import TYPE_CHECKING

import pytest

from tests.conftest import ROOT

if TYPE_CHECKING:
    from pathlib import Path


def offline(*arguments: object) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "macros", "offline", *map(str, arguments)],
        cwd=ROOT, capture_output=True, text=True, check=False,
    )  # fmt: skip


@pytest.fixture(scope="module")
def archive(site: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    target = tmp_path_factory.mktemp("dist") / "new" / "guide.zip"
    run = offline(site, target)
    assert run.returncode == 0, run.stderr
    assert "START-HERE.html" in run.stdout
    return target


@pytest.mark.browser
def test_it_works_without_a_network(archive, tmp_path, open_page):
    with zipfile.ZipFile(archive) as files:
        files.extractall(tmp_path)
    watched = open_page("about:blank")
    page = watched.page
    page.context.set_offline(True)
    page.goto((tmp_path / "START-HERE.html").as_uri())
    page.wait_for_url("**/guide/index.html", wait_until="networkidle")
    page.get_by_role("link", name="the framework", exact=True).first.click()
    page.wait_for_load_state("networkidle")
    page.locator("a.cite").first.hover()
    page.wait_for_selector(".source-card")
    page.keyboard.press("Escape")
    page.keyboard.press("/")
    page.keyboard.type("rapamycin")
    page.goto(page.locator(".md-search-result__link[href*='h=rapamycin']").first.get_attribute("href"))
    page.wait_for_selector("article mark")
    for path in sorted((tmp_path / "guide").rglob("*.html")):
        page.goto(path.as_uri())
        page.wait_for_load_state("networkidle")  # leaving earlier would break off the icon of the tab
    assert watched.complaints == []
    assert all(url.startswith(("file:", "about:", "data:", "blob:")) for url in watched.requests)


def test_it_holds_what_is_needed_and_no_more(archive, site):
    with zipfile.ZipFile(archive) as files:
        names = set(files.namelist())
    assert {"START-HERE.html", "guide/index.html", "guide/search/search_index.js"} <= names
    assert not {name for name in names if name.endswith((".map", "/search_index.json", "/sitemap.xml", "/404.html"))}
    assert len(names) > len(list(site.rglob("*.html")))


def test_the_same_site_gives_the_same_bytes(archive, site, tmp_path):
    assert offline(site, tmp_path / "again.zip").returncode == 0
    assert (tmp_path / "again.zip").read_bytes() == archive.read_bytes()


def test_a_site_that_needs_a_server_is_refused(project, tmp_path):
    assert project.build().returncode == 0
    run = offline(project.root / "site", tmp_path / "guide.zip")
    assert run.returncode == 1
    assert "search_index.js is missing" in run.stderr
    assert "`offline`" in run.stderr
    assert not (tmp_path / "guide.zip").exists()
