"""Finished HTML that takes its place after Markdown has been read."""

from __future__ import annotations

import html as entities
import re
from functools import partial
from typing import TYPE_CHECKING

import pytest
from markdown import Markdown

from macros import markdown_blocks
from macros.markdown_blocks import (
    NAME,
    BlocksExtension,
    is_active,
    keep_block,
    keep_inline,
    makeExtension,
    put_in_blocks,
    put_in_later,
    put_in_lines,
    put_in_searched,
    searched_text,
    start_page,
)
from macros.markdown_safe import block, escape, escape_markdown, inline

if TYPE_CHECKING:
    from collections.abc import Iterator

#: What Markdown, or an extension that the site uses, would read as markup.
NASTY = (
    "*a* _b_ **c** `d` [e](f) ![g](h) <https://i.example> j@k.example \\* # l | m ~~n~~ ==o== ^p^ {: .q } "
    "{{ r }} [s]: t &amp; u < v > w -- x 'y' \"z\" 1. 2) + 3 - 4 :smile: $5$ $$6$$ https://example.org/a_b_c"
)
EXTENSIONS = ["admonition", "attr_list", "md_in_html", "tables", "fenced_code", "toc"]


@pytest.fixture(autouse=True)
def at_once() -> Iterator[None]:
    """Each page is complete when Markdown has been read, as under Zensical."""
    put_in_later(later=False)
    yield
    put_in_later(later=False)


def render(text: str, *, kept: bool = True) -> str:
    return Markdown(extensions=[*EXTENSIONS, *([NAME] if kept else [])]).convert(text)


def text_of(html: str) -> str:
    """Give the text that a reader sees, spaces made one."""
    return re.sub(r"\s+", " ", entities.unescape(re.sub(r"<[^>]+>", "", html))).strip()


# Marks and what takes their place.


def test_a_block_takes_the_place_of_its_paragraph() -> None:
    made = "<section><p>a</p>\n<ol><li>b</li></ol></section>"
    assert render(f"One{keep_block(lambda: made)}Two") == f"<p>One</p>\n{made}\n<p>Two</p>"


def test_a_part_of_a_line_stays_in_it() -> None:
    assert render(f"One {keep_inline(lambda: '<i>a*b*</i>')} two") == "<p>One <i>a*b*</i> two</p>"


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        ("**", "**", "<p><strong>X</strong></p>"),
        ("*a ", "*", "<p><em>a X</em></p>"),
        ("_", "_ b", "<p><em>X</em> b</p>"),
        ("- ", "", "<ul>\n<li>X</li>\n</ul>"),
        ("> ", "", "<blockquote>\n<p>X</p>\n</blockquote>"),
        ("", "\n{ .wide }", '<p class="wide">X</p>'),
        ("[a ", "](b.md)", '<p><a href="b.md">a X</a></p>'),
        (
            "!!! note\n\n    ",
            "",
            '<div class="admonition note">\n<p class="admonition-title">Note</p>\n<p>X</p>\n</div>',
        ),
        ("<div markdown>\n\n", "\n\n</div>", "<div>\n<p>X</p>\n</div>"),
    ],
)
def test_parts_of_lines_inside_markup(before: str, after: str, expected: str) -> None:
    assert render(before + keep_inline(lambda: "X") + after) == expected


def test_parts_of_lines_in_tables() -> None:
    marks = [keep_inline(partial(str, text)) for text in ("<b>a|b</b>", "c")]
    assert "<td><b>a|b</b></td>\n<td>c</td>" in render(f"| A | B |\n| --- | --- |\n| {marks[0]} | {marks[1]} |\n")


def test_each_mark_brings_its_own() -> None:
    text = " ".join(keep_inline(partial(str, f"<i>{n}</i>")) for n in range(20))
    assert render(text) == "<p>" + " ".join(f"<i>{n}</i>" for n in range(20)) + "</p>"


def test_pages_do_not_disturb_each_other() -> None:
    first = f"A {keep_inline(lambda: '1')}{keep_block(lambda: '<hr>')}"
    second = f"B {keep_inline(lambda: '2')}{keep_block(lambda: '<br>')}"
    assert render(second) == "<p>B 2</p>\n<br>"
    assert render(first) == "<p>A 1</p>\n<hr>"


def test_html_is_made_once_and_only_when_it_is_needed() -> None:
    made: list[str] = []

    def make() -> str:
        made.append("x")
        return "<i>x</i>"

    text = f"One {keep_inline(make)}"
    assert made == []
    assert render(text) == "<p>One <i>x</i></p>"
    assert made == ["x"]
    assert render(text) == "<p>One </p>", "a mark is good for one page"
    assert made == ["x"]


def test_nothing_is_held_once_a_page_is_complete() -> None:
    render(f"One {keep_inline(lambda: 'a')}{keep_block(lambda: 'b')}")
    assert markdown_blocks._kept == {}


@pytest.mark.parametrize("text", ["", "One", "<p>One</p>", "ä 🙂 \N{NO-BREAK SPACE}", "<p>1</p>\n<p>2</p>"])
def test_text_without_marks_is_left_alone(text: str) -> None:
    assert put_in_blocks(put_in_lines(text)) == text


def test_what_fails_while_it_is_made_is_raised() -> None:
    def fail() -> str:
        raise LookupError("no such source")

    with pytest.raises(LookupError, match="no such source"):
        render(f"One {keep_inline(fail)}")


def test_text_of_the_block_is_not_read_as_a_mark_or_as_markdown() -> None:
    made = f"<p>{escape(NASTY)}</p>"
    assert render(f"One{keep_block(lambda: made)}") == f"<p>One</p>\n{made}"


# Somebody else puts them in later, as MkDocs' hooks do.


def test_later() -> None:
    put_in_later(later=True)
    page = render(f"One {keep_inline(lambda: '<i>a</i>')}{keep_block(lambda: '<hr>')}Two")
    assert "<i>" not in page
    assert "<hr>" not in page
    page = put_in_lines(page)
    assert page.startswith("<p>One <i>a</i></p>")
    assert "<hr>" not in page
    assert put_in_blocks(page) == "<p>One <i>a</i></p>\n<hr>\n<p>Two</p>"


def test_the_search_reads_what_stands_in_lines_and_not_what_stands_in_blocks() -> None:
    put_in_later(later=True)
    line, block_ = keep_inline(lambda: '(<a href="#b">A &amp; &lt;b&gt; “c”</a>)'), keep_block(lambda: "<p>Later</p>")
    searched = keep_block(lambda: f"<p>Now {keep_inline(lambda: '<i>and here</i>')}</p>", searched=True)
    page = put_in_searched(render(f"One {line}{block_}Two{searched}"))
    assert "<i>" not in page
    assert "<p>Now" in page
    put_in_lines(page)
    text = searched_text(page)
    assert re.sub(r"\s+", " ", text) == "<p>One (A &amp; &lt;b&gt; “c”)</p> <p>Two</p> <p>Now and here</p>"
    assert searched_text("No mark") == "No mark"


def test_a_page_has_the_same_marks_in_each_build() -> None:
    def build(*before: str) -> str:
        put_in_later(later=True)
        for number, text in enumerate(before, start=1):
            start_page(number)
            keep_inline(partial(str, text))
        start_page(7)
        found = keep_inline(lambda: "a") + keep_inline(lambda: "b")
        start_page(1)
        keep_inline(lambda: "of another page")
        start_page(7)
        return found + keep_inline(lambda: "c")

    assert build() == build("x", "y", "z")
    assert put_in_lines(build("x")) == "abc"


def test_a_new_build_forgets_what_the_last_one_left() -> None:
    put_in_later(later=True)
    text = keep_inline(lambda: "of the last build")
    put_in_later(later=True)
    assert put_in_lines(text) == ""


# Switched on or not.


@pytest.mark.parametrize(
    ("extensions", "active"),
    [
        (None, False),
        ([], False),
        (["tables"], False),
        (["tables", NAME], True),
        ([{NAME: None}], True),
        ([{NAME: {}}], True),
        ([{"toc": {"permalink": True}}], False),
        ([BlocksExtension()], True),
        ([makeExtension()], True),
        ({NAME: None}, True),
        (["macros.markdown_blocks2"], False),
    ],
)
def test_is_active(extensions: list[object] | None, active: bool) -> None:
    assert is_active(extensions) is active


@pytest.mark.parametrize("line", ["A {}.", "- {}", "| A |\n| --- |\n| {} |", "!!! note\n\n    {}", "**{}** b", "> {}"])
def test_parts_of_lines_read_the_same_either_way(line: str) -> None:
    def make() -> str:
        return f'(<a class="cite" href="#ref-a_b_c" id="cite-a*b*-1">{escape(NASTY)}</a>)'

    both = [render(line.format(inline(make, kept=kept)), kept=kept) for kept in (True, False)]
    assert text_of(both[0]) == text_of(both[1])
    assert f"({NASTY})" in text_of(both[0])
    assert all('href="#ref-a_b_c" id="cite-a*b*-1"' in html for html in both)


def test_blocks_read_the_same_either_way() -> None:
    def make() -> str:
        return f'<section class="sources"><ol><li id="a_b_c">{escape(NASTY)}</li></ol></section>'

    both = [render(f"One{block(make, kept=kept)}Two", kept=kept) for kept in (True, False)]
    assert text_of(both[0]) == text_of(both[1]) == f"One {NASTY} Two"
    assert all('<li id="a_b_c">' in html for html in both)


@pytest.mark.parametrize(
    "fragment", ["plain", NASTY, "<b>", "a & b", "1 < 2", "\\", "_", "x_y_z", "[a][b]", "![a](b)", "{#a}", "a\\_b"]
)
def test_no_letter_is_read_as_markup(fragment: str) -> None:
    html = render("Before " + escape_markdown(escape(fragment)) + " after", kept=False)
    assert html.startswith("<p>Before ")
    assert not re.search(r"<(?!/?p>)", html), "Markdown made markup of it"
    assert text_of(html) == f"Before {fragment} after"
