"""The words for the same thing in the search index."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from macros.glossary.search import add_synonyms
from tests.conftest import PAGE
from tests.glossary.test_glossary import with_glossary

if TYPE_CHECKING:
    from tests.conftest import Project

GROUPS = [["infidelity", "affair", "secret affair"], ["IV", "drip"], ["out of body", "dissociation"]]


def entry(title: str, text: str) -> dict[str, Any]:
    one: dict[str, Any] = {"location": "x.html", "title": title, "text": text}
    add_synonyms([one], GROUPS)
    return one


def test_other_words_of_a_heading_and_of_a_text_are_told_apart() -> None:
    one = entry("An affair", "<p>By <b>drip</b>, after an affair.</p>")
    assert one["heading_also"] == "infidelity secret affairs"
    assert one["text_also"] == "iv"


def test_what_is_shown_stays_as_it_is() -> None:
    one = entry("Out of body &amp; mind", "<p>No group.</p>")
    assert (one["title"], one["text"]) == ("Out of body &amp; mind", "<p>No group.</p>")
    assert one["heading_also"].split() == ["dissociation", "bodies", "minds"]


def test_nothing_is_added_where_no_group_is_used() -> None:
    assert set(entry("Iv", "x")) == {"location", "title", "text"}


def test_the_index_of_a_site(project: Project) -> None:
    with_glossary(project).write("docs/index.md", PAGE.replace("A finding", "## An affair\n\nWith tears. A finding"))
    assert project.build().returncode == 0
    index = json.loads(project.read("site/search/search_index.json"))
    weight = {name: field["boost"] for name, field in index["config"]["fields"].items()}
    assert weight["title"] > weight["heading_also"] > weight["text"] > weight["text_also"]
    section = next(one for one in index["docs"] if one["location"] == "index.html#an-affair")
    assert "infidelity" in section["heading_also"]
    assert section["text_also"] == "crying"
