"""Every page of the built site: links, requests, complaints, and what the two generators make of it."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from collections import Counter
from urllib.parse import unquote, urljoin, urlsplit

import pytest
from bs4 import BeautifulSoup, Tag

from macros.guide import load_guide
from tests.conftest import ROOT
from tests.site.conftest import pages

#: Elements whose address the browser fetches by itself.
FETCHED = {"script": "src", "img": "src", "iframe": "src", "source": "src", "video": "src", "audio": "src"}


def test_every_page_is_there(site, soups):
    guide = load_guide(ROOT, render=False)
    assert {page.url(use_directory_urls=False) for page in guide.pages.values()} <= set(soups)


def test_every_internal_link_and_anchor_leads_somewhere(site, soups):
    anchors = {name: {tag["id"] for tag in soup.find_all(id=True)} for name, soup in soups.items()}
    broken = []
    for name, soup in soups.items():
        if name == "404.html":
            continue  # its links are from the root of the server
        for tag in soup.find_all(["a", "link", "img", "script"]):
            address = tag.get("href") or tag.get("src")
            if not address or address.startswith(("mailto:", "data:", "javascript:")) or urlsplit(address).netloc:
                continue
            target = urlsplit(urljoin(f"/{name}", address))
            path = unquote(target.path).lstrip("/")
            if path.endswith("/") or not path:
                path += "index.html"
            if not (site / path).exists() or (
                target.fragment
                and path in anchors
                and unquote(target.fragment) not in anchors[path] | {"__top", "__skip"}
            ):
                broken.append((name, address))
    assert broken == []


def test_ids_are_unique(soups):
    doubled = {
        name: [key for key, count in Counter(tag["id"] for tag in soup.find_all(id=True)).items() if count > 1]
        for name, soup in soups.items()
    }
    assert {name: keys for name, keys in doubled.items() if keys} == {}


def linked(name: str, soup: BeautifulSoup | Tag) -> set[str]:
    """The pages to which a page, or a part of it, leads."""
    found = set()
    for tag in soup.find_all("a", href=True):
        target = urlsplit(urljoin(f"/{name}", str(tag["href"])))
        path = unquote(target.path).lstrip("/")
        if not target.netloc:
            found.add(f"{path}index.html" if path.endswith("/") or not path else path)
    return found - {name}


def test_no_page_is_an_orphan_or_more_than_three_clicks_away(soups):
    known = set(soups) - {"404.html"}
    from_text: set[str] = set()
    for name in known:
        article = soups[name].find("article")
        assert article is not None
        from_text |= linked(name, article)
    # Those to which no text leads stand in the navigation's tabs, on every page.
    assert known - from_text <= {"index.html"} | linked("index.html", soups["index.html"])
    near, reached = {"index.html"}, {"index.html"}
    for _ in range(3):
        near = {target for name in near for target in linked(name, soups[name]) & known} - reached
        reached |= near
    assert known - reached == set()


def test_no_page_asks_another_host_for_anything(soups):
    asked = [
        (name, tag)
        for name, soup in soups.items()
        for tag in soup.find_all(list(FETCHED))
        if urlsplit(tag.get(FETCHED[tag.name]) or "").netloc
    ]
    asked += [
        (name, tag)
        for name, soup in soups.items()
        for tag in soup.find_all("link", rel=["stylesheet", "preload", "preconnect", "icon", "dns-prefetch"])
        if urlsplit(tag.get("href") or "").netloc
    ]
    assert asked == []


def test_no_mark_of_ours_is_left(site):
    mark = re.compile("[\ue000\ue001]|\\{\\{\\s*\\w+\\(|\\{%")
    code = re.compile(r"<code.*?</code>", re.DOTALL)  # what authors are shown is meant to be there
    left = [path.name for path in site.rglob("*.html") if mark.search(code.sub("", path.read_text("utf-8")))]
    assert left == []
    entries = json.loads((site / "search" / "search_index.json").read_text("utf-8"))["docs"]
    assert [entry["location"] for entry in entries if re.search("[\ue000\ue001]", entry["title"] + entry["text"])] == []


def test_sources_are_not_searched_but_citations_are(site):
    index = (site / "search" / "search_index.json").read_text("utf-8")
    assert "Moda-Sava et al." in index
    assert "https://doi.org/10.1126" not in index


def test_head_has_scholarly_metadata(soups):
    soup = soups["mechanisms/neuroplasticity.html"]
    meta = {tag["name"]: tag["content"] for tag in soup.find_all("meta", attrs={"name": True})}
    assert meta["citation_title"] == "Neuroplasticity"
    assert re.fullmatch(r"\d{4}/\d\d/\d\d", meta["citation_publication_date"])
    assert meta["citation_author"]
    assert meta["DC.description"] == meta["description"]


def test_clinical_pages_cover_their_claims():
    guide = load_guide(ROOT, render=False)
    assert guide.problems == ()
    low = {
        page.src: page.claim_coverage()
        for page in guide.pages.values()
        if page.kind == "clinical" and page.claim_coverage() < 95
    }
    assert low == {}


def test_mechanism_pages_open_alike():
    first = ["In practice", "What this page rests on", "What is proposed", "Evidence for"]
    for name in ("neuroplasticity", "functional-connectivity", "adaptive-dissociation", "decreased-inhibition",
                 "reduced-avoidance", "indirect-pathway"):  # fmt: skip
        text = (ROOT / "docs" / "mechanisms" / f"{name}.md").read_text("utf-8")
        headings = re.findall(r"^## (.+)$", text, re.MULTILINE)
        assert headings[:4] == first, name
        assert headings[-2:] == ["Cautions", "Sources"], name
        assert any(heading.startswith("Evidence against") for heading in headings), name


@pytest.mark.browser
@pytest.mark.parametrize("width", [1280, 360])
def test_no_page_complains_or_is_wider_than_the_screen(site, address, open_page, width):
    for path in sorted(site.rglob("*.html")):
        watched = open_page(f"{address}/{path.relative_to(site).as_posix()}", width=width)
        assert watched.complaints == [], path
        assert {urlsplit(url).netloc for url in watched.requests} == {urlsplit(address).netloc}, path
        assert watched.page.evaluate("document.documentElement.scrollWidth") <= width, path


@pytest.mark.browser
def test_it_works_from_a_folder_search_included(site, open_page):
    watched = open_page((site / "index.html").as_uri())
    watched.page.get_by_role("link", name="the framework", exact=True).first.click()
    assert "framework/index.html" in watched.page.url
    watched.page.fill(".md-search__input", "rapamycin")
    watched.page.wait_for_selector(".md-search-result__item", timeout=15000)
    assert watched.complaints == []
    assert all(url.startswith(("file:", "data:", "blob:")) for url in watched.requests)


@pytest.fixture(scope="session")
def zensical_site(tmp_path_factory):
    """The same sources, built by Zensical."""
    folder = tmp_path_factory.mktemp("zensical") / "project"
    folder.mkdir()
    for name in ("docs", "overrides"):
        shutil.copytree(ROOT / name, folder / name)
    for name in ("mkdocs.yml", "references.bib", "CHANGELOG.md"):
        shutil.copy(ROOT / name, folder / name)
    (folder / "macros").symlink_to(ROOT / "macros")
    run = subprocess.run(
        [sys.executable, "-m", "zensical", "build", "--strict"],
        cwd=folder, env=os.environ.copy(), capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert run.returncode == 0, run.stdout + run.stderr
    run = subprocess.run(
        [sys.executable, "-m", "macros", "downloads", "site"], cwd=folder, capture_output=True, text=True, check=False
    )
    assert run.returncode == 0, run.stdout + run.stderr
    return folder / "site"


def article(soup: BeautifulSoup) -> Tag:
    """The content of a page, without what themes add."""
    content = soup.find("article")
    assert content is not None
    for extra in content.select(".headerlink, .md-content__button, .md-source-file"):
        extra.decompose()
    return content


def links(content: Tag, name: str) -> list[str]:
    """Where a page's links lead, in order."""
    return [unquote(urljoin(f"/{name}", str(tag["href"]))) for tag in content.find_all("a", href=True)]


def test_both_generators_make_the_same_pages(soups, zensical_site):
    others = pages(zensical_site)
    guide = load_guide(ROOT, render=False)
    citing = {guide.pages[src].url(use_directory_urls=False) for src, calls in guide.citing.items() if calls}
    assert set(soups) - {"404.html"} == set(others) - {"404.html"}
    guide = load_guide(ROOT, render=False)
    citing = {guide.pages[src].url(use_directory_urls=False) for src, calls in guide.citing.items() if calls}
    for name in sorted(set(soups) - {"404.html"}):
        ours, theirs = article(soups[name]), article(others[name])
        assert " ".join(ours.get_text(" ").split()) == " ".join(theirs.get_text(" ").split()), name
        assert links(ours, name) == links(theirs, name), name
        assert [tag["id"] for tag in ours.select("a.cite[id]")] == [tag["id"] for tag in theirs.select("a.cite[id]")], (
            name
        )
        assert bool(ours.select("a.cite")) == (name in citing), name


def test_both_generators_offer_the_same_files(site, zensical_site):
    files = {path.relative_to(site).as_posix(): path.read_bytes() for path in site.rglob("*.sources.*")}
    assert files
    assert files == {
        path.relative_to(zensical_site).as_posix(): path.read_bytes() for path in zensical_site.rglob("*.sources.*")
    }
