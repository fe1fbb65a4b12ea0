"""Small sites as MkDocs builds them: citations, lists of sources, downloads, and the same bytes each time."""

from __future__ import annotations

import functools
import gzip
import json
import os
import re
import shutil
import subprocess
import sys
import time
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING
from urllib.parse import unquote, urljoin, urlsplit

import pytest
import yaml
from bs4 import BeautifulSoup, Tag

from macros.citations.bibliography import parse_bibliography
from tests.conftest import CONFIG, ENTRY, PAGE, ROOT, Project

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from _pytest.mark import ParameterSet

pytestmark = pytest.mark.slow

#: The key holds every kind of character that a key may hold; the texts, what Markdown and HTML would read as markup.
KEY = "müller:2021+a/b.c_d-e"
SOURCES = (
    ENTRY
    + r"""
@article{grabski2022,
  author = {Grabski, Meryem and McAndrew, Amy},
  title = {Adjunctive ketamine with relapse prevention},
  journal = {Am. J. Psychiatry},
  year = {2022}, volume = {179}, number = {2}, pages = {152--162},
  doi = {10.1176/appi.ajp.2021.21030277},
  design = {rct}, sample = {96 adults}, finding = {More days abstinent.}, limits = {Figures read second-hand.},
  confirmed = {2026-01-01},
}

@book{KEY,
  author = {M{\"u}ller, *Ä* and {The *Star* _Group_ <b>}},
  title = {A <script>alert(1)</script> & [link](x) | *star* _under_ `code` # 5 < 6},
  year = {2021}, publisher = {P_u_b *lisher*},
  design = {book}, sample = {__six__ <i>couples</i>}, finding = {*Fell* by 3 \% | [x](y)}, limits = {`None` & <none>},
  confirmed = {2026-01-01},
}

@article{abel2019,
  author = {Abel, Ann}, title = {First in the alphabet}, journal = {A Journal}, year = {2019},
  design = {theory}, finding = {Proposes.}, confirmed = {2026-01-01},
}

@article{zuber2018,
  author = {Zuber, Zoe}, title = {Never cited}, journal = {Z Journal}, year = {2018},
  design = {rct}, confirmed = {2026-01-01},
}
""".replace("KEY", KEY)
)

FRONT = "---\ndescription: D.\nreviewed: 2026-03-04\n---\n\n"
RICH = f"""{FRONT}# A rich page

One {{{{ cite("monson2020") }}}}, two {{{{ cite("grabski2022", "monson2020", "abel2019") }}}}, three
{{{{ textcite("{KEY}") }}}}.

- {{{{ reading() }}}} item {{{{ cite("{KEY}", prefix="see *also* <i>x</i>", locator="p. 4") }}}}
- **bold {{{{ textcite("abel2019", "grabski2022") }}}}** and _it {{{{ cite("grabski2022") }}}}_

| A | B |
| --- | --- |
| {{{{ cite("monson2020", "abel2019") }}}} | [back](index.md) |

!!! note "Title"

    Text {{{{ cite("monson2020", locator="pp. 4–5") }}}}

{{{{ evidence_strip() }}}}

## Sources

{{{{ references() }}}}
"""
PAGES = {
    "docs/index.md": PAGE,
    "docs/rich.md": RICH,
    "docs/deep/er/still/page.md": RICH.replace("(index.md)", "(../../../index.md)").replace("A rich", "A deep"),
    "docs/deep/Über uns.md": RICH.replace("(index.md)", "(../index.md)").replace("A rich", "A named"),
    "docs/raw.md": FRONT + '# Raw\n\nWrite {% raw %}`{{ cite("nobody") }}` and {{ x }}{% endraw %} '
    '{{ cite("abel2019") }}.\n\n{{ references() }}\n',
    "docs/loop.md": FRONT
    + '# Loop\n\n{% for word in ["one", "two"] %}\n- {{ word }} {{ cite("monson2020") }}\n{% endfor %}\n\n'
    "{{ references() }}\n",
    "docs/early.md": FRONT + '# Early\n\nOne {{ cite("abel2019") }}.\n\n{{ references() }}\n\n'
    'Two {{ cite("abel2019") }}, three {{ cite("grabski2022") }}.\n',
    "docs/all.md": FRONT.replace("---\nd", "---\nkind: guide\nd") + "# All sources\n\n{{ bibliography() }}\n",
}
SITE = {"mkdocs.yml": CONFIG, "references.bib": SOURCES, **PAGES}
DIRECTORIES = CONFIG.replace("use_directory_urls: false", "use_directory_urls: true")

#: Variants of the site: what is changed in its files, and the environment.
VARIANTS: Mapping[str, tuple[Mapping[str, str], Mapping[str, str]]] = {
    "apa": ({}, {"PYTHONHASHSEED": "0"}),
    "vancouver": ({"mkdocs.yml": CONFIG.replace("apa", "vancouver")}, {}),
    "frontiers": ({"mkdocs.yml": CONFIG.replace("apa", "frontiers")}, {}),
    "unkept": ({"mkdocs.yml": CONFIG.replace("  - macros.markdown_blocks\n", "")}, {}),
    "directories": (
        {"mkdocs.yml": DIRECTORIES + 'site_url: !ENV [SITE_URL, ""]\n'},
        {"SITE_URL": "https://example.org/guide/"},
    ),
    "Ein Pfad mit Ümläuten & Leerzeichen": ({}, {}),
}
ADDRESS = "https://example.org/guide/"


def build(project: Project, **environment: str) -> subprocess.CompletedProcess[str]:
    """Build with nothing in the environment that would change the site but what is given."""
    inherited = {name: value for name, value in os.environ.items() if name not in ("SITE_URL", "SOURCE_DATE_EPOCH")}
    run = subprocess.run(
        [sys.executable, "-m", "mkdocs", "build"],
        cwd=project.root, env={**inherited, "NO_MKDOCS_2_WARNING": "1", **environment},
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert run.returncode == 0, run.stderr
    assert "WARNING" not in run.stderr
    return run


def small_site(project: Project, files: Mapping[str, str], environment: Mapping[str, str] | None = None) -> Project:
    for name, content in files.items():
        project.write(name, content)
    build(project, **(environment or {}))
    return project


@pytest.fixture(scope="module")
def variants(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callable[[str], Project]]:
    """The sites; as many are built at a time as the machine has processors."""
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        started: dict[str, Future[Project]] = {
            name: pool.submit(
                small_site,
                Project(tmp_path_factory.mktemp("variants") / name / "project"),
                {**SITE, **files},
                environment,
            )
            for name, (files, environment) in VARIANTS.items()
        }
        yield lambda name: started[name].result()
        pool.shutdown(cancel_futures=True)


@functools.cache
def parsed(file: Path) -> BeautifulSoup:
    """Read a page once; no test changes what it reads, and building again gives the same bytes."""
    return BeautifulSoup(file.read_text("utf-8"), "html.parser")


def html_of(project: Project) -> dict[str, BeautifulSoup]:
    """Give the pages that come of Markdown."""
    site = project.root / "site"
    return {
        file.relative_to(site).as_posix(): parsed(file)
        for file in sorted(site.rglob("*.html"))
        if file.name != "404.html"
    }


def page_of(project: Project, name: str) -> BeautifulSoup:
    return parsed(project.root / "site" / name)


def one(soup: BeautifulSoup | Tag, selector: str) -> Tag:
    found = soup.select(selector)
    assert len(found) == 1, f"{len(found)} of {selector}"
    return found[0]


def words(tag: Tag) -> str:
    return re.sub(r"\s+", " ", tag.get_text(" ")).strip()


def attribute(tag: Tag, name: str) -> str:
    value = tag[name]
    assert isinstance(value, str)
    return value


def ids(soup: BeautifulSoup | Tag) -> list[str]:
    return [attribute(tag, "id") for tag in soup.select("[id]")]


def content(folder: Path) -> dict[str, bytes]:
    """Give all files; compressed ones as what is in them, since they bear the time."""
    return {
        file.relative_to(folder).as_posix(): gzip.decompress(file.read_bytes())
        if file.suffix == ".gz"
        else file.read_bytes()
        for file in folder.rglob("*")
        if file.is_file()
    }


def faulty(page: str, reason: str) -> ParameterSet:
    return pytest.param(page)


# Whatever the variant.


@pytest.mark.parametrize("name", VARIANTS)
def test_all_is_published_and_nothing_left_over(variants: Callable[[str], Project], name: str) -> None:
    project = variants(name)
    assert len(html_of(project)) == len(PAGES)
    assert sorted(path.name for path in project.root.glob(".*")) == [".cache"]
    for file in (project.root / "site").rglob("*"):
        if file.suffix in (".html", ".json", ".xml", ".bib", ".ris"):
            text = file.read_text("utf-8")
            assert not re.search("[\ue000-\uf8ff]", text), f"a mark is left in {file.name}"
            assert "{{ references" not in text


@pytest.mark.parametrize("name", VARIANTS)
def test_anchors_are_unique_and_links_lead_somewhere(variants: Callable[[str], Project], name: str) -> None:
    project = variants(name)
    pages = html_of(project)
    site = project.root / "site"
    followed = 0
    for address, soup in pages.items():
        anchors = ids(soup)
        assert len(anchors) == len(set(anchors)), address
        for link in soup.select("article [href], article [src]"):
            href = attribute(link, "href" if link.has_attr("href") else "src")
            parts = urlsplit(href)
            if parts.scheme:
                continue
            target = unquote(urljoin(f"/{address}", parts.path) if parts.path else f"/{address}").removeprefix("/")
            target += "index.html" if target.endswith("/") or not target else ""
            assert (site / target).is_file(), f"{address}: {href}"
            if parts.fragment:
                assert unquote(parts.fragment) in ids(pages[target]), f"{address}: {href}"
            followed += 1
    assert followed > 100


@pytest.mark.parametrize("name", VARIANTS)
def test_each_citation_is_linked_and_counted(variants: Callable[[str], Project], name: str) -> None:
    soup = page_of(variants(name), "rich/index.html" if name == "directories" else "rich.html")
    for key, count in (("monson2020", 4), ("grabski2022", 3), ("abel2019", 3), (KEY, 2)):
        expected = [f"cite-{key}-{number}" for number in range(1, count + 1)]
        assert [anchor for anchor in ids(soup) if anchor.startswith(f"cite-{key}-")] == expected
        entry = one(soup, f'li[id="ref-{key}"]')
        back = entry.select(".source-back a")
        assert [unquote(attribute(link, "href")) for link in back] == [f"#{anchor}" for anchor in expected]
        assert [link.get_text() for link in back] == [str(number) for number in range(1, count + 1)]
        assert all(link["aria-label"] for link in back)
    targets = {unquote(attribute(link, "href")) for link in soup.select("a.cite")}
    assert targets == {"#ref-monson2020", "#ref-grabski2022", "#ref-abel2019", f"#ref-{KEY}"}
    assert all(link["role"] == "doc-biblioref" for link in soup.select("a.cite"))


@pytest.mark.parametrize("name", VARIANTS)
def test_sources_of_a_page(variants: Callable[[str], Project], name: str) -> None:
    """What the source cards show stands in the list, as text."""
    soup = page_of(variants(name), "rich/index.html" if name == "directories" else "rich.html")
    listed = {attribute(item, "id").removeprefix("ref-"): item for item in soup.select("section.sources li.source")}
    assert set(listed) == {"monson2020", "grabski2022", "abel2019", KEY}
    facts = {
        key: [(words(one(row, "dt")), words(one(row, "dd"))) for row in item.select(".source-facts > div")]
        for key, item in listed.items()
    }
    assert facts == {
        "monson2020": [("Who", "6 couples"), ("Found", "Symptoms fell."), ("Cannot show", "No control group.")],
        "grabski2022": [
            ("Who", "96 adults"), ("Found", "More days abstinent."), ("Cannot show", "Figures read second-hand."),
        ],
        "abel2019": [("Found", "Proposes.")],
        KEY: [("Who", "__six__ <i>couples</i>"), ("Found", "*Fell* by 3 % | [x](y)"), ("Cannot show", "`None` & <none>")],
    }  # fmt: skip
    designs = {key: one(item, ".source-design") for key, item in listed.items()}
    assert {key: (words(tag), tag["data-design"]) for key, tag in designs.items()} == {
        "monson2020": ("Uncontrolled trial", "open-label"),
        "grabski2022": ("Randomised controlled trial", "rct"),
        "abel2019": ("Theory or proposal", "theory"),
        KEY: ("Book", "book"),
    }
    for key, doi in (
        ("monson2020", "10.1080/20008198.2020.1840123"),
        ("grabski2022", "10.1176/appi.ajp.2021.21030277"),
    ):
        assert one(listed[key], ".source-entry a")["href"] == f"https://doi.org/{doi}"
    entry = words(one(listed[KEY], ".source-entry"))
    assert "alert(1)" in entry
    assert "*star* _under_" in entry
    assert "5 < 6" in entry
    assert not listed[KEY].select("script, b, i, .source-entry strong")
    assert f"@book{{{KEY}," in one(listed[KEY], ".source-bibtex samp").get_text()


@pytest.mark.parametrize("name", VARIANTS)
def test_downloads(variants: Callable[[str], Project], name: str) -> None:
    project = variants(name)
    for address, soup in html_of(project).items():
        keys = [attribute(item, "id").removeprefix("ref-") for item in soup.select("li.source")]
        assert keys, address
        links = {link.get_text(): attribute(link, "href") for link in soup.select(".source-downloads a[download]")}
        assert list(links) == ["BibTeX", "RIS", "CSL-JSON"]
        files = {
            kind: (project.root / "site" / unquote(urljoin(f"/{address}", href)).removeprefix("/"))
            .read_bytes()
            .decode()
            for kind, href in links.items()
        }
        sources, problems = parse_bibliography(files["BibTeX"], "x.bib")
        assert problems == []
        assert list(sources) == keys
        assert [item["id"] for item in json.loads(files["CSL-JSON"])] == keys
        records = re.findall(r"^TY  - (?:.|\r\n)*?^ER  - \r\n", files["RIS"], re.MULTILINE)
        assert "".join(records) == files["RIS"]
        assert re.findall(r"^ID  - (.*)\r$", files["RIS"], re.MULTILINE) == keys
        assert re.fullmatch(r"(?:[A-Z][A-Z0-9]  - [^\r\n]*\r\n)+", files["RIS"])


def test_what_stands_in_the_downloads(variants: Callable[[str], Project]) -> None:
    project = variants("apa")
    sources, _ = parse_bibliography(project.read("site/rich.sources.bib"), "x.bib")
    originals, _ = parse_bibliography(SOURCES, "references.bib")
    assert all(source.fields == originals[key].fields for key, source in sources.items())
    items = {item["id"]: item for item in json.loads(project.read("site/rich.sources.json"))}
    assert items["monson2020"]["DOI"] == "10.1080/20008198.2020.1840123"
    assert items["monson2020"]["author"][0] == {"family": "Monson", "given": "Candice M."}
    assert items[KEY]["author"][0]["family"] == "Müller"
    ris = (project.root / "site/index.sources.ris").read_bytes().decode().split("\r\n")
    for line in ("TY  - JOUR", "AU  - Monson, Candice M.", "PY  - 2020", "DO  - 10.1080/20008198.2020.1840123",
                 "KW  - Uncontrolled trial", "N1  - Symptoms fell. No control group."):  # fmt: skip
        assert line in ris


# Single features.


def test_the_page_of_all_sources(variants: Callable[[str], Project]) -> None:
    soup = page_of(variants("directories"), "all/index.html")
    items = {attribute(item, "id").removeprefix("ref-"): item for item in soup.select(".bibliography li.source")}
    assert list(items) == ["abel2019", "grabski2022", "monson2020", KEY, "zuber2018"], "APA lists them by author"
    assert [(item["data-year"], item["data-pages"], item["data-design"]) for item in items.values()] == [
        ("2019", "5", "theory"), ("2022", "4", "rct"), ("2020", "5", "open-label"), ("2021", "3", "book"), ("2018", "0", "rct"),
    ]  # fmt: skip
    links = {link.get_text(): link["href"] for link in items["monson2020"].select(".source-back a")}
    assert links == {
        "A page": "../", "A rich page": "../rich/", "A deep page": "../deep/er/still/page/", "Loop": "../loop/",
        "A named page": "../deep/%C3%9Cber%20uns/",
    }  # fmt: skip
    assert words(one(items["zuber2018"], ".source-back")) == "Not cited on a page yet."
    assert [option.get_text() for option in soup.select("#source-filter option")] == [
        "All", "Randomised controlled trial (2)", "Uncontrolled trial (1)", "Theory or proposal (1)", "Book (1)",
    ]  # fmt: skip
    assert one(soup, "form.bibliography-tools").has_attr("hidden"), "without JavaScript it would do nothing"


def test_apa(variants: Callable[[str], Project]) -> None:
    article = words(one(page_of(variants("apa"), "rich.html"), "article"))
    article = article.replace("( ", "(").replace(" )", ")").replace(" ;", ";").replace(" ,", ",").replace(" .", ".")
    for text in (
        "One (Monson et al., 2020), two (Abel, 2019; Grabski & McAndrew, 2022; Monson et al., 2020), three Müller",
        "bold Abel (2019) and Grabski and McAndrew (2022) and it (Grabski",
        "Text (Monson et al., 2020, pp. 4–5)",
        "(see *also* <i>x</i> Müller",
    ):
        assert text in article


@pytest.mark.parametrize(("style", "opening"), [("vancouver", "("), ("frontiers", "(")])
def test_numbered_styles(variants: Callable[[str], Project], style: str, opening: str) -> None:
    """The number of a citation is that of its source in the list."""
    for address in ("rich.html", "deep/er/still/page.html"):
        soup = page_of(variants(style), address)
        keys = [attribute(item, "id") for item in soup.select("li.source")]
        assert keys == ["ref-monson2020", "ref-grabski2022", "ref-abel2019", f"ref-{KEY}"], "as they are first cited"
        assert [re.sub(r"\D", "", words(tag)) for tag in soup.select(".source-number")] == ["1", "2", "3", "4"]
        assert one(soup, "section.sources")["class"] == ["sources", "sources--numbered"]
        numbered = 0
        for link in soup.select("a.cite"):
            number = re.search(r"\d+(?=\D*$)", re.sub(r", pp?\. .*", "", words(link)))
            if number:
                assert keys[int(number[0]) - 1] == unquote(attribute(link, "href")).removeprefix("#"), words(link)
                numbered += 1
        assert numbered >= 8
        first = one(soup, "#cite-monson2020-1")
        assert str(first.previous_sibling).endswith(opening)
        bold = [words(link) for link in soup.select("article > ul strong a.cite")]
        assert [name.split(" ")[0] for name in bold] == ["Abel", "Grabski"], "in a sentence, names stand before numbers"
        assert [re.sub(r"\D", "", name) for name in bold] == ["3", "2"]


def test_raw(variants: Callable[[str], Project]) -> None:
    article = words(one(page_of(variants("apa"), "raw.html"), "article"))
    assert 'Write {{ cite("nobody") }} and {{ x }} ( Abel, 2019 ).' in article


def test_loop(variants: Callable[[str], Project]) -> None:
    soup = page_of(variants("apa"), "loop.html")
    assert [words(item) for item in soup.select("article > ul > li")] == [
        "one ( Monson et al., 2020 )",
        "two ( Monson et al., 2020 )",
    ]
    assert [link["id"] for link in soup.select("a.cite")] == ["cite-monson2020-1", "cite-monson2020-2"]


def test_loop_has_a_way_back_to_each_citation(variants: Callable[[str], Project]) -> None:
    soup = page_of(variants("apa"), "loop.html")
    assert [link["href"] for link in soup.select(".source-back a")] == ["#cite-monson2020-1", "#cite-monson2020-2"]


@pytest.mark.parametrize(
    "page",
    ["rich.html", "raw.html", "loop.html", "all.html", "deep/er/still/page.html", "early.html"],
)
def test_the_extension_changes_nothing_that_readers_see(variants: Callable[[str], Project], page: str) -> None:
    kept, unkept = (one(page_of(variants(name), page), "article") for name in ("apa", "unkept"))
    assert words(kept) == words(unkept)
    assert ids(kept) == ids(unkept)
    assert [link["href"] for link in kept.select("a")] == [link["href"] for link in unkept.select("a")]


def test_the_project_may_lie_anywhere(variants: Callable[[str], Project]) -> None:
    plain, elsewhere = (
        content(variants(name).root / "site") for name in ("apa", "Ein Pfad mit Ümläuten & Leerzeichen")
    )
    assert plain == elsewhere


def test_what_search_knows(variants: Callable[[str], Project]) -> None:
    """Citations are found; lists of sources, which would be found on every page, are not."""
    index = json.loads(variants("apa").read("site/search/search_index.json"))
    texts = {entry["location"]: entry["text"] for entry in index["docs"]}
    assert "Grabski &amp; McAndrew, 2022" in texts["rich.html"]
    assert not [location for location, text in texts.items() if "Adjunctive ketamine" in text]


# How to cite a page.


def cited_as(project: Project, page: str) -> tuple[str, str, dict[str, str]]:
    box = one(page_of(project, page), "details.cite-page")
    code = one(box, "samp").get_text()
    (source,) = parse_bibliography(code, "x.bib")[0].values()
    link = box.select("p a")
    return words(one(box, "p")), attribute(link[0], "href") if link else "", dict(source.fields)


def test_cite_this_page_without_an_address(variants: Callable[[str], Project]) -> None:
    text, link, fields = cited_as(variants("apa"), "deep/er/still/page.html")
    assert text == "Guide contributors. (2026, March 4). A deep page. In A small guide ."
    assert link == ""
    assert fields == {
        "author": "{Guide contributors}", "title": "A deep page", "booktitle": "A small guide", "year": "2026",
        "date": "2026-03-04",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("page", "path"), [("index.html", ""), ("deep/er/still/page/index.html", "deep/er/still/page/")]
)
def test_cite_this_page_with_an_address(variants: Callable[[str], Project], page: str, path: str) -> None:
    text, link, fields = cited_as(variants("directories"), page)
    assert link == ADDRESS + path
    assert text.endswith(link)
    assert fields["url"] == link


def test_the_address_of_a_page_can_be_copied(variants: Callable[[str], Project]) -> None:
    page = "deep/Über uns/index.html"
    link = cited_as(variants("directories"), page)[1]
    assert link == one(page_of(variants("directories"), page), "link[rel=canonical]")["href"]


# Front matter is text.

TITLE = '<b>Bold</b> & </title><script>alert(1)</script> "quoted" where p < 0.05 and r > 0.3'
DESCRIPTION = '"><script>alert(2)</script> & a "quoted" <i>word</i>'


@pytest.fixture(scope="module")
def marked_up(make_project: Callable[[], Project]) -> Project:
    front = yaml.safe_dump({"title": TITLE, "description": DESCRIPTION}, allow_unicode=True, width=1000)
    project = make_project()
    shutil.copytree(ROOT / "overrides", project.root / "overrides")
    return small_site(
        project,
        {
            "mkdocs.yml": CONFIG.replace("  font: false\n", "  font: false\n  custom_dir: overrides\n")
            + '  guide_author: "A & <i>B</i>"\nsite_url: https://example.org/\nnav:\n  - index.md\n  - all.md\n',
            "docs/index.md": PAGE.replace("description: A page to test with.\n", front),
            "docs/all.md": PAGES["docs/all.md"],
        },
    )


@pytest.mark.parametrize("page", ["index.html", "all.html"])
def test_markup_in_front_matter_is_not_run(marked_up: Project, page: str) -> None:
    soup = page_of(marked_up, page)
    assert [
        tag.get_text()
        for tag in soup.select("script")
        if "alert(" in tag.get_text() and "A small guide" not in tag.get_text()
    ] == []
    assert [tag.get_text() for tag in soup.select("b, i") if tag.get_text() in ("Bold", "word", "B")] == []


def test_title_is_text(marked_up: Project) -> None:
    soup = page_of(marked_up, "index.html")
    assert one(soup, "head title").get_text() == f"{TITLE} - A small guide"
    assert words(soup.select(".md-header__topic .md-ellipsis")[1]) == TITLE
    assert TITLE in [words(link) for link in soup.select(".md-nav--primary .md-nav__link .md-ellipsis")]
    assert TITLE in words(one(soup, ".cite-page p"))
    assert f"title = {{{TITLE}}}" in one(soup, ".cite-page samp").get_text()
    assert words(one(page_of(marked_up, "all.html"), ".source-back a")) == TITLE


def meta(soup: BeautifulSoup, name: str) -> str:
    return attribute(one(soup, f'meta[name="{name}"]'), "content")


@pytest.mark.parametrize("name", ["description", "DC.description"])
def test_description_is_text(marked_up: Project, name: str) -> None:
    assert meta(page_of(marked_up, "index.html"), name) == DESCRIPTION


@pytest.mark.parametrize("name", ["citation_title", "DC.title"])
def test_title_in_the_metadata_is_text(marked_up: Project, name: str) -> None:
    assert meta(page_of(marked_up, "index.html"), name) == TITLE


def test_other_metadata(marked_up: Project) -> None:
    soup = page_of(marked_up, "index.html")
    assert meta(soup, "citation_author") == meta(soup, "DC.creator") == "A & <i>B</i>"
    assert meta(soup, "citation_public_url") == meta(soup, "DC.identifier") == "https://example.org/index.html"
    assert words(one(soup, ".cite-page p")).startswith("A & <i>B</i>. (2026, January 1). ")


# The metadata of the guide itself.

GUIDE = {
    file.relative_to(ROOT / "docs").as_posix(): yaml.safe_load(file.read_text("utf-8").split("---\n")[1])
    for file in sorted((ROOT / "docs").rglob("*.md"))
}


@pytest.mark.parametrize("src", GUIDE)
def test_head_of_the_guides_pages(site: Path, src: str) -> None:
    soup = parsed(site / PurePosixPath(src).with_suffix(".html"))
    front = GUIDE[src]
    settings = (ROOT / "mkdocs.yml").read_text("utf-8")
    assert meta(soup, "citation_title") == meta(soup, "DC.title") == front["title"]
    assert meta(soup, "description") == meta(soup, "DC.description") == front["description"]
    assert meta(soup, "citation_publication_date") == front["reviewed"].strftime("%Y/%m/%d")
    assert meta(soup, "DC.date") == front["reviewed"].isoformat()
    assert f"guide_author: {meta(soup, 'citation_author')}\n" in settings
    assert f"site_name: {meta(soup, 'citation_inbook_title')}\n" in settings
    assert meta(soup, "citation_language") == meta(soup, "DC.language") == "en"
    addresses = [meta(soup, "citation_public_url")] if soup.select('meta[name="citation_public_url"]') else []
    expected = os.environ.get("SITE_URL", "")
    assert addresses == ([f"{expected.rstrip('/')}/{PurePosixPath(src).with_suffix('.html')}"] if expected else [])


# The same each time.


def test_the_same_each_time(variants: Callable[[str], Project]) -> None:
    """Neither the order of sets nor what is in the caches changes a byte."""
    project = variants("apa")
    first = content(project.root / "site")
    build(project, PYTHONHASHSEED="1")
    assert content(project.root / "site") == first, "with a warm cache"
    shutil.rmtree(project.root / ".cache")
    build(project, PYTHONHASHSEED="2")
    assert content(project.root / "site") == first, "with a cold cache"


def test_a_new_site_takes_the_whole_place_of_the_old(make_project: Callable[[], Project]) -> None:
    project = make_project()
    project.write("site/old.html", "old")
    project.write(".site-abandoned/half.html", "left by a build that was killed")
    project.write(".site-at-work/half.html", "written at the same time by another build")
    long_ago = time.time() - 86400
    os.utime(project.root / ".site-abandoned", (long_ago, long_ago))
    build(project)
    assert not (project.root / "site/old.html").exists()
    assert (project.root / "site/index.html").is_file()
    assert sorted(path.name for path in project.root.glob(".*")) == [".cache", ".site-at-work"]


# Jinja that does more than call macros.


@pytest.fixture(scope="module")
def by_jinja(make_project: Callable[[], Project]) -> Project:
    def page(text: str) -> str:
        return PAGE.replace("A finding", text)

    return small_site(
        make_project(),
        {
            "references.bib": SOURCES,
            "docs/narrative.md": page(
                '{{ textcite("abel2019", "grabski2022") }} and {{ textcite("monson2020", locator="p. 4") }}'
            ),
            "docs/set.md": page('{% for n in [1, 2] %}{% set m = n %}{{ m }} {{ cite("monson2020") }}{% endfor %}'),
            "docs/if.md": page('{% if page.nothing is defined %}{{ textcite("monson2020") }}{% endif %}A finding'),
            "docs/macro.md": page(
                '{% macro m(x) %}{{ x }} {{ cite("monson2020") }}{% endmacro %}{{ m("a") }} {{ m("b") }}'
            ),
        },
    )


@pytest.mark.parametrize("page", ["set", "if", "macro"])
def test_anchors_are_unique_whatever_jinja_does(by_jinja: Project, page: str) -> None:
    anchors = ids(one(page_of(by_jinja, f"{page}.html"), "article"))
    assert len(anchors) == len(set(anchors))


@pytest.mark.parametrize("page", ["set", "if", "macro"])
def test_back_links_lead_somewhere_whatever_jinja_does(by_jinja: Project, page: str) -> None:
    soup = page_of(by_jinja, f"{page}.html")
    assert {attribute(link, "href")[1:] for link in soup.select(".source-back a")} <= set(ids(soup))


def test_several_sources_in_a_sentence(by_jinja: Project) -> None:
    soup = page_of(by_jinja, "narrative.html")
    text = words(soup.select("article p")[0])
    assert "Abel (2019) and Grabski and McAndrew (2022) and Monson et al. (2020, p. 4)" in text
    assert [link["href"] for link in soup.select("a.cite")][:3] == [
        "#ref-abel2019",
        "#ref-grabski2022",
        "#ref-monson2020",
    ]


def test_two_lists_on_a_page_are_told_apart_or_refused(make_project: Callable[[], Project]) -> None:
    project = make_project()
    project.write("docs/index.md", PAGE + "\n{{ bibliography() }}\n")
    if project.build().returncode == 0:
        anchors = ids(page_of(project, "index.html"))
        assert len(anchors) == len(set(anchors))
