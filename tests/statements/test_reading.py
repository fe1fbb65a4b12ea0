"""The label that sets the guide's own reading apart from what sources say."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from bs4 import BeautifulSoup
from markdown import Markdown

from macros import statements
from macros.guide import Guide, load_guide
from macros.pages import check_coverage, parse_page
from macros.registry import FEATURES, MACRO_NAMES
from macros.settings import Settings
from tests.conftest import PAGE, ROOT

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.conftest import Project

FRONT = "---\ndescription: D.\nreviewed: 2026-01-01\n---\n"
LABEL = "This guide’s reading"
TEXT = """- {{ reading() }} **An item** of the guide's own.
- An item of a source {{ cite("monson2020") }}.

| A | B |
| --- | --- |
| {{ reading() }} A row | 1 |
| Another {{ cite("monson2020") }} | 2 |

{{ reading() }} A paragraph {{ cite("monson2020") }}.

!!! reading "This guide's reading"

    A longer one.

Write {% raw %}`{{ reading() }}`{% endraw %} {{ cite("monson2020") }}.

A finding"""


def label() -> str:
    return statements.macros(Guide(root=ROOT, settings=Settings()))["reading"]()


def test_label() -> None:
    (span,) = BeautifulSoup(label(), "html.parser").select("span")
    assert span.get_text() == LABEL
    assert span["class"] == ["reading"]
    assert span.get_text() == label()[label().index(">") + 1 : label().rindex("<")], "nothing stands beside it"


@pytest.mark.parametrize(
    ("line", "selector"),
    [
        ("{} Text", "p > span.reading:first-child"),
        ("- {} Text", "li > span.reading:first-child"),
        ("1. a\n    - {} Text", "li li > span.reading:first-child"),
        ("| A |\n| --- |\n| {} Text |", "td > span.reading:first-child"),
        ("- {} **Text**", "li > span.reading:has(+ strong)"),
        ("> {} Text", "blockquote span.reading"),
        ("!!! note\n\n    {} Text", ".admonition span.reading"),
        ("<div markdown>\n\n{} Text\n\n</div>", "div > p > span.reading"),
    ],
)
def test_markdown_hands_the_label_on(line: str, selector: str) -> None:
    html = Markdown(extensions=["admonition", "md_in_html", "tables", "attr_list"]).convert(line.format(label()))
    (span,) = BeautifulSoup(html, "html.parser").select(selector)
    assert span.get_text() == LABEL


@pytest.mark.parametrize(
    ("text", "uncovered"),
    [
        ("{{ reading() }} Pain may fall.", []),
        ("Pain may fall {{ reading() }}.", []),
        ("Pain may fall.\n{{ reading() }} So may fear.", []),
        ("- {{ reading() }} a\n- b", ["- b"]),
        ("- a\n    - {{ reading() }} b\n    - c", ["- a", "- c"]),
        ("| A |\n| --- |\n| {{ reading() }} a |\n| b |", ["| b |"]),
        ("{{ reading() }}\n\nPain may fall.", ["Pain may fall."]),
        (
            "Pain may fall {% raw %}{{ reading() }}{% endraw %}.",
            ["Pain may fall {% raw %}{{ reading() }}{% endraw %}."],
        ),
        ("This guide’s reading: pain may fall.", ["This guide’s reading: pain may fall."]),
    ],
)
def test_what_the_label_sets_apart(text: str, uncovered: list[str]) -> None:
    page, _ = parse_page(FRONT + text, "docs/a.md", "a.md", MACRO_NAMES)
    assert [block.text for block in page.uncovered()] == uncovered
    assert len(check_coverage([page], 100)) == len(uncovered)


@pytest.mark.parametrize("text", ["{{ readin() }}", "{{ Reading() }}", "{{ readings() }}"])
def test_a_slip_of_the_pen_is_understood(text: str) -> None:
    _, problems = parse_page(FRONT + text, "docs/a.md", "a.md", MACRO_NAMES)
    assert [problem.hint for problem in problems] == ["Did you mean `reading`?"]


def test_a_reading_needs_no_source(project: Project) -> None:
    project.write("docs/index.md", FRONT + "# A page\n\n{{ reading() }} Pain may fall.\n")
    guide = load_guide(project.root, render=False)
    assert guide.problems == ()
    assert guide.cited_by == {}


def test_pages_may_call_it() -> None:
    assert statements in FEATURES
    assert statements.NAMES == {"reading"} <= MACRO_NAMES


@pytest.fixture(scope="module")
def article(make_project: Callable[[], Project]) -> BeautifulSoup:
    project = make_project()
    project.write("docs/index.md", PAGE.replace("A finding", TEXT))
    run = project.build()
    assert run.returncode == 0, run.stderr
    return BeautifulSoup(project.read("site/index.html"), "html.parser")


@pytest.mark.slow
@pytest.mark.parametrize(
    ("selector", "text"),
    [
        ("article > ul > li:has(> span.reading)", f"{LABEL} An item of the guide's own."),
        ("article td:has(> span.reading)", f"{LABEL} A row"),
        ("article > p:has(> span.reading)", f"{LABEL} A paragraph (Monson et al., 2020)."),
        ("article .admonition.reading > p:not(.admonition-title)", "A longer one."),
        ("article code:-soup-contains('reading')", "{{ reading() }}"),
    ],
)
def test_readers_see_it(article: BeautifulSoup, selector: str, text: str) -> None:
    assert [" ".join(tag.get_text().split()) for tag in article.select(selector)] == [text]


@pytest.mark.slow
def test_what_sources_say_does_not_bear_it(article: BeautifulSoup) -> None:
    assert len(article.select("article span.reading")) == TEXT.count("{{ reading() }}") - 1
    cited = [
        tag
        for tag in article.select("article li, article tr")
        if "Another" in tag.get_text() or "of a source" in tag.get_text()
    ]
    assert len(cited) == 2
    assert not [tag for tag in cited if tag.select("span.reading")]
