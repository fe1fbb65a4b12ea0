"""The whole guide as one PDF: every page a chapter, links within, contents with the right numbers, bookmarks."""

from __future__ import annotations

import re
import subprocess
import sys
from collections import Counter
from pathlib import Path

import click
import pytest
from bs4 import BeautifulSoup

from macros.handbook import chapters_in_order, combine, sheets
from tests.conftest import ROOT


@pytest.fixture(scope="module")
def order(site: Path) -> list[str]:
    """Three pages that link to each other, and all sources; a PDF of all would take a minute."""
    return ["index.html", "mechanisms/index.html", "mechanisms/neuroplasticity.html", "references.html"]


@pytest.fixture(scope="module")
def combined(site, order):
    chapters, headings = combine(site, order)
    return BeautifulSoup(chapters, "html.parser"), headings


@pytest.fixture(scope="module")
def pdf(site: Path, tmp_path_factory: pytest.TempPathFactory) -> bytes:
    target = tmp_path_factory.mktemp("dist") / "new" / "handbook.pdf"
    run = subprocess.run(
        [sys.executable, "-m", "macros", "handbook", str(site), str(target)],
        cwd=ROOT, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert run.returncode == 0, run.stderr
    assert re.search(r"\d+ chapters, \d+ sheets", run.stdout)
    assert not list(site.glob(".handbook-*")), "nothing is left in the site"
    return target.read_bytes()


def test_ids_are_unique_and_every_link_within_leads_somewhere(combined):
    soup, _ = combined
    ids = Counter(tag["id"] for tag in soup.select("[id]"))
    assert [name for name, count in ids.items() if count > 1] == []
    inner = [link["href"] for link in soup.select("a[href]") if not link["href"].startswith("http")]
    assert inner
    within = [href for href in inner if href.startswith("#")]
    assert {href[1:] for href in within} <= set(ids)
    assert "#chapter-mechanisms-neuroplasticity" in within, "a page of the handbook is linked to within it"


def test_citations_lead_to_the_chapter_of_all_sources_which_stand_once(combined):
    soup, _ = combined
    entries = {tag["id"] for tag in soup.select("#chapter-references .source")}
    cited = {link["href"][1:] for link in soup.select("a.cite")}
    assert len(cited) > 10
    assert cited <= entries
    assert len(entries) == len(soup.select(".source"))


def test_without_the_chapter_of_all_sources_each_keeps_its_own(site, order):
    soup = BeautifulSoup(combine(site, order[:3])[0], "html.parser")
    for chapter in soup.select(".handbook-chapter"):
        assert {link["href"][1:] for link in chapter.select("a.cite")} <= {tag["id"] for tag in chapter.select("[id]")}
        assert chapter.select(".sources .source")


def test_what_is_for_the_screen_is_left_out(combined):
    soup, _ = combined
    assert not soup.select("script, form, .headerlink, .source-bibtex, .handout, .related")


def test_contents_name_every_chapter_and_section(combined, order):
    soup, headings = combined
    assert [heading.level for heading in headings].count(1) == len(order)
    assert len(headings) == len(soup.select("h1, h2"))
    assert all(heading.text for heading in headings)


def test_chapters_follow_the_navigation():
    nav = ["b.md", {"Part": ["c.md", {"One": "a.md"}]}, {"Elsewhere": "https://example.org"}]
    documents = {"a.md": "a.html", "b.md": "b.html", "c.md": "c.html", "z.md": "z.html"}
    assert chapters_in_order(nav, documents) == ["b.html", "c.html", "a.html"]
    assert chapters_in_order(None, documents) == ["a.html", "b.html", "c.html", "z.html"]


def titles(pdf: bytes) -> list[str]:
    """The bookmarks' words."""
    found = []
    for text, code in re.findall(rb"/Title (?:\(((?:\\.|[^)\\])*)\)|<FEFF([0-9A-F]*)>)", pdf):
        found.append(
            bytes.fromhex(code.decode()).decode("utf-16-be")
            if code
            else re.sub(rb"\\(.)", rb"\1", text).decode("latin-1")
        )
    return found


@pytest.mark.browser
@pytest.mark.slow
def test_every_heading_has_a_bookmark(site, pdf):
    bookmarks = Counter("".join(title.split()) for title in titles(pdf))
    pages = [str(path.relative_to(site)) for path in site.rglob("*.html") if not re.search(r"404|-paths", path.name)]
    wanted = [heading.text for heading in combine(site, pages)[1]]
    assert len(wanted) > 200
    lost = Counter("".join(text.split()) for text in wanted) - bookmarks
    assert lost == Counter()


@pytest.mark.browser
@pytest.mark.slow
def test_every_sheet_a_chapter_begins_on_is_known_and_in_order(site, pdf):
    found = sheets(pdf)
    first = [number for anchor, number in found.items() if re.fullmatch(r"chapter-[a-z-]+", anchor)]
    assert first
    starts = sorted(
        number
        for anchor, number in found.items()
        if anchor.startswith("chapter-index--") or "mechanisms-index--" in anchor
    )
    assert starts[0] > 2, "cover and contents come first"
    assert found["chapter-mechanisms-neuroplasticity--in-practice"] > found["chapter-mechanisms-index--in-practice"]


@pytest.mark.browser
@pytest.mark.slow
def test_no_link_leads_to_a_file_of_this_machine(pdf):
    assert re.findall(rb"/URI \((?!https?:|mailto:)([^)]*)", pdf) == []
    assert len(re.findall(rb"/URI \(https?:", pdf)) > 50


def test_a_pdf_of_another_kind_is_refused():
    with pytest.raises(click.ClickException, match="does not say where its headings stand"):
        sheets(b"%PDF-1.4\n1 0 obj\n<</Type /Catalog>>\nendobj\n")


def test_a_site_that_lacks_a_page_is_refused(project, tmp_path):
    assert project.build().returncode == 0
    (project.root / "site" / "index.html").unlink()
    run = project.run("macros", "handbook", "site", str(tmp_path / "handbook.pdf"))
    assert run.returncode == 1
    assert "lacks index.html" in run.stderr
    assert "make site" in run.stderr
