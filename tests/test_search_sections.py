"""The sections that the search finds are read once, and are those that a fresh build would read."""

from __future__ import annotations

import json
import shutil
from datetime import date
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

import pytest

from macros.cache import Cache
from macros.search_sections import open_cache, remember
from tests.conftest import ENTRY, PAGE

if TYPE_CHECKING:
    from pathlib import Path

    from tests.conftest import Project


class Index:
    """Stands for the index of Material's search plugin."""

    def __init__(self) -> None:
        self.entries: list[dict[str, Any]] = []
        self.read: list[str] = []

    def add_entry_from_context(self, page: Any) -> None:
        self.read.append(page.url)
        self.entries.append({"location": page.url, "title": page.title, "text": page.content})


def page(**fields: object) -> Any:
    return SimpleNamespace(**{"url": "a.html", "title": "A", "meta": {}, "content": "<p>Text</p>"} | fields)


def index_of(cache: Cache, *pages: Any) -> Index:
    index = Index()
    remember(index, cache)
    for one in pages:
        index.add_entry_from_context(one)
    return index


def test_a_page_is_read_once() -> None:
    first = Cache(None)
    read = index_of(first, page(), page(url="b.html"))
    assert read.read == ["a.html", "b.html"]
    known = index_of(first.next(), page(), page(url="b.html"))
    assert known.read == []
    assert known.entries == read.entries
    known.entries[0]["text"] = "changed later"
    assert index_of(first.next(), page()).entries == read.entries[:1]


@pytest.mark.parametrize(
    "change",
    [
        {"content": "<p>Other</p>"},
        {"title": "B"},
        {"url": "b.html"},
        {"meta": {"search": {"boost": 2}}},
        {"meta": {"tags": ["x"]}},
    ],
)
def test_a_page_that_has_changed_is_read_again(change: dict[str, object]) -> None:
    cache = Cache(None)
    index_of(cache, page())
    assert len(index_of(cache.next(), page(**change)).read) == 1


def test_front_matter_that_cannot_be_kept_is_read_each_time() -> None:
    cache = Cache(None)
    dated = page(meta={"search": {"boost": date(2026, 1, 1)}})
    index_of(cache, dated)
    assert index_of(cache.next(), dated).read == ["a.html"]
    cache.save()


def test_what_was_read_is_known_to_the_next_process(tmp_path: Path) -> None:
    cache = open_cache(tmp_path)
    index_of(cache, page())
    cache.save()
    assert index_of(open_cache(tmp_path), page()).read == []


@pytest.mark.slow
def test_the_index_is_that_of_a_fresh_build(project: Project) -> None:
    """After each change: of the page before, of a citation, of a source that a page cites without having changed."""

    def index() -> Any:
        assert project.build().returncode == 0
        return json.loads(project.read("site/search/search_index.json"))

    other = PAGE.replace("# A page", "# Another page\n\n## A section")
    project.write("docs/other.md", other)
    project.write("docs/some.md", PAGE.replace("A finding", "A finding of <code>x &lt; y</code> & more"))
    changes = [
        ("docs/index.md", PAGE.replace("A finding", "A new finding")),
        ("docs/index.md", PAGE.replace("A finding", 'A finding {{ cite("monson2020", locator="p. 4") }}, again')),
        ("references.bib", ENTRY.replace("Monson, Candice M.", r"{O'Brien \& Müller <b>}, Candice M.")),
        ("docs/middle.md", PAGE),
        ("docs/other.md", other.replace("reviewed:", "search:\n  boost: 2\nreviewed:")),
        ("docs/other.md", other.replace("reviewed:", "search:\n  exclude: true\nreviewed:")),
    ]
    before = index()
    assert any("Monson et al., 2020" in entry["text"] for entry in before["docs"])
    for name, text in changes:
        project.write(name, text)
        known = index()
        assert known != before
        shutil.rmtree(project.root / ".cache")
        assert known == index()
        assert "\ue000" not in json.dumps(known, ensure_ascii=False)
        before = known
    assert any("Müller" in entry["text"] for entry in before["docs"])
