"""Bad input by the thousand: it is read or told, never a traceback, and what is read comes out escaped."""

from __future__ import annotations

import json
from dataclasses import replace
from functools import cache
from typing import TYPE_CHECKING

import pytest
import yaml
from bs4 import BeautifulSoup
from hypothesis import given
from hypothesis import strategies as st

from macros.cache import Cache
from macros.citations.bibliography import DESIGNS, parse_bibliography
from macros.citations.csl_json import csl_item
from macros.citations.export import bibtex_entry, csl_json_item, ris_record
from macros.citations.processor import Formatted, load_style
from macros.citations.rendering import facts, source_bibtex, source_body
from macros.data_files import parse_data
from macros.decision_trees.checks import check_alone, check_together
from macros.decision_trees.model import Tree
from macros.glossary.model import Glossary, TermsFile, check_pages
from macros.glossary.model import check_alone as check_alone_terms
from macros.glossary.rendering import page_html, term_html
from macros.guide import Guide
from macros.pages import parse_page
from macros.registry import MACRO_NAMES
from macros.settings import Settings, load_settings
from macros.texts import to_html
from tests.conftest import CONFIG, ENTRY, PAGE, ROOT
from tests.decision_trees.examples import TREE
from tests.hostile import assert_told, cases, hostile, hostile_rows, run_by_browsers, spoilt

if TYPE_CHECKING:
    from collections.abc import Callable

    from macros.pages import Page
    from tests.conftest import Project

pytestmark = pytest.mark.slow

PATH = "docs/file.yml"


@cache
def guide() -> Guide:
    page, _ = parse_page(PAGE, "docs/index.md", "index.md", MACRO_NAMES)
    return Guide(ROOT, Settings(site_name="x"), {"index.md": page})


def page() -> Page:
    return guide().pages["index.md"]


# Sources.


def check_source_text(text: str) -> None:
    sources, problems = parse_bibliography(text, "references.bib")
    assert_told(problems, "references.bib", text)
    for source in sources.values():
        if problems or source.design not in DESIGNS:
            continue
        item = csl_item(source)
        assert run_by_browsers(facts(source) + source_bibtex(source)) == []
        json.loads(csl_json_item(item))
        assert "\n" not in ris_record(source, item).replace("\r\n", "")
        again, faults = parse_bibliography(bibtex_entry(source), "references.bib")
        assert list(again) == [source.key]
        assert faults == []


@cases(1500)
@given(spoilt(ENTRY))
def test_spoilt_bibtex(text: str) -> None:
    check_source_text(text)


@cases(1500)
@given(
    st.lists(
        st.tuples(
            st.sampled_from(("title", "author", "journal", "sample", "finding", "note", "doi", "url", "pages")), hostile
        ),
        max_size=4,
    )
)
def test_hostile_fields(fields: list[tuple[str, str]]) -> None:
    text = ENTRY
    for name, value in dict(fields).items():
        text = (
            text.rstrip().removesuffix("}").replace(f"  {name} =", f"  old{name} =") + f"  {name} = {{{value}}},\n}}\n"
        )
    check_source_text(text)


@cases(2)
@given(st.integers(0, 10**6))
def test_hostile_fields_formatted(seed: int) -> None:
    """What pandoc makes of them; together, since it takes a second to start."""
    source = next(iter(parse_bibliography(ENTRY, "references.bib")[0].values()))
    sources = {
        f"k{number}": replace(
            source, key=f"k{number}", fields={**source.fields, "title": title, "author": author, "journal": journal}
        )
        for number, (title, author, journal) in enumerate(hostile_rows(seed, 100, 3))
    }
    assert len(sources) == 100
    style, _ = load_style(Settings(), ROOT)
    assert style
    formatted = Formatted(style, sources, Cache(None))
    for one in sources.values():
        assert run_by_browsers(source_body(one, formatted)) == [], one.fields


# Data files.


@cases(1200)
@given(spoilt(TREE))
def test_spoilt_trees(text: str) -> None:
    file, problems = parse_data(text, PATH, Tree)
    assert_told(problems, PATH, text)
    if file is not None:
        problems = check_alone(file) + check_together({"tree": file}, {"tree"})
        assert_told(problems, PATH, text)
        check_texts([file.value.purpose, *(one.text for one in file.value.outcomes.values())])


def check_texts(texts: list[str]) -> None:
    for text in texts:
        made = to_html(text, page(), guide(), lambda *_, **__: '<a class="cite">x</a>')
        assert run_by_browsers(made) == [], text


@cases(1200)
@given(hostile)
def test_hostile_texts_of_data_files(value: str) -> None:
    text = yaml.safe_dump(yaml.safe_load(TREE) | {"purpose": value}, allow_unicode=True, sort_keys=False)
    file, problems = parse_data(text, PATH, Tree)
    assert_told(problems, PATH, text)
    if file is not None and not check_alone(file):
        check_texts([file.value.purpose])


GLOSSARY = (
    "terms:\n  - term: PTSD\n    also: [trauma]\n    means: A disorder.\n    source: [monson2020]\n    see: index.md\n"
)


def check_glossary(text: str) -> None:
    file, problems = parse_data(text, PATH, TermsFile)
    assert_told(problems, PATH, text)
    if file is not None:
        glossary = Glossary(file, None, is_there=True)
        if problems := check_alone_terms(file) + check_pages(glossary, guide().pages):
            assert_told(problems, PATH, text)
            return
        made = page_html(glossary, {}, page(), guide())
        made += "".join(term_html(term, term.term, "glossary.html") for term in glossary.terms)
        assert run_by_browsers(made) == []


@cases(1000)
@given(spoilt(GLOSSARY))
def test_spoilt_glossary(text: str) -> None:
    check_glossary(text)


@cases(800)
@given(hostile, hostile, hostile)
def test_hostile_terms(term: str, means: str, see: str) -> None:
    terms = [{"term": term, "also": [means], "means": means, "see": see}]
    check_glossary(yaml.safe_dump({"terms": terms}, allow_unicode=True))


# Pages and settings.

RICH = PAGE.replace(
    "reviewed", "title: A page\naudience: [clinician]\nkind: guide\nmechanism: neuroplasticity\nreviewed"
)


@cases(1200)
@given(spoilt(RICH))
def test_spoilt_pages(text: str) -> None:
    _, problems = parse_page(text, "docs/a.md", "a.md", MACRO_NAMES)
    assert_told(problems, "docs/a.md", text)


@cases(300)
@given(spoilt(CONFIG))
def test_spoilt_settings(tmp_path_factory: pytest.TempPathFactory, text: str) -> None:
    root = tmp_path_factory.getbasetemp()
    (root / "mkdocs.yml").write_bytes(text.encode("utf-8", "surrogatepass"))
    _, problems = load_settings(root)
    assert_told(problems, "mkdocs.yml", text)


@cases(1)
@given(st.integers(0, 10**6))
def test_hostile_front_matter_built(make_project: Callable[[], Project], seed: int) -> None:
    project = make_project()
    for number, (title, description) in enumerate(hostile_rows(seed, 80, 2)):
        front: dict[str, object] = {"title": title, "description": description, "audience": [title], "kind": "guide"}
        text = yaml.safe_dump(front, allow_unicode=True, width=10_000) + "reviewed: 2026-01-01\n"
        _, problems = parse_page(f"---\n{text}---\n\n# A page\n", "docs/a.md", "a.md", MACRO_NAMES)
        if not problems:
            project.write(f"docs/p{number}.md", f"---\n{text}---\n\n# A page\n\nText.\n")
    build = project.build()
    assert build.returncode == 0, build.stderr[-3000:]
    built = sorted((project.root / "site").glob("p*.html"))
    assert len(built) > 20
    for path in built:
        html = path.read_text("utf-8")
        theme = [script.get_text() for script in BeautifulSoup(html, "html.parser").select("script:not([src])")]
        found = [one for one in run_by_browsers(html) if one != "script"]
        assert found == [], path.name
        assert not [script for script in theme if "evil()" in script and not script.lstrip().startswith("{")], path.name
