"""Pages: front matter, macro calls, where they stand, claim coverage, addresses."""

from __future__ import annotations

import datetime
import time
from datetime import date
from typing import TYPE_CHECKING

import jinja2
import pytest
from mkdocs.structure.files import File
from mkdocs.utils import is_markdown_file

from macros.cache import Cache
from macros.links import links_of
from macros.pages import Page, check_coverage, load_pages, parse_page
from macros.registry import MACRO_NAMES

if TYPE_CHECKING:
    from pathlib import Path

    from macros.problems import Problem

#: The day on which the tests take place.
TODAY = date(2026, 6, 15)
FRONT = "---\ndescription: A page.\nreviewed: 2026-01-01\n---\n"
#: Lines of `FRONT`: a body's first line is the next one.
OFFSET = FRONT.count("\n")


@pytest.fixture(autouse=True)
def fixed_day(monkeypatch: pytest.MonkeyPatch) -> None:
    noon = datetime.datetime(TODAY.year, TODAY.month, TODAY.day, 12, tzinfo=datetime.UTC)
    monkeypatch.setenv("SOURCE_DATE_EPOCH", str(int(noon.timestamp())))


def read(text: str, cache: Cache | None = None) -> tuple[Page, list[Problem]]:
    return parse_page(text, "docs/a.md", "a.md", MACRO_NAMES, cache)


def body(text: str) -> Page:
    """Read a page with faultless front matter and this body."""
    page, problems = read(FRONT + text)
    assert problems == []
    return page


def called(page: Page) -> list[tuple[str, int, tuple[object, ...], dict[str, object]]]:
    """Give the calls with lines counted from the body's first line."""
    return [(call.name, call.line - OFFSET, call.args, dict(call.kwargs)) for call in page.calls]


# Front matter.


@pytest.mark.parametrize(
    "text",
    [
        pytest.param(FRONT + "# Title\n\nText\n", id="plain"),
        pytest.param((FRONT + "# Title\n\nText\n").replace("\n", "\r\n"), id="CRLF"),
        pytest.param((FRONT + "# Title\n\nText\n").replace("---\n#", "...\n#"), id="dots-end"),
        pytest.param((FRONT + "# Title\n\nText\n").replace("---\n", "---  \t\n"), id="trailing-spaces"),
        pytest.param(FRONT.replace("A page.", '"A page."') + "# Title\n\nText\n", id="quoted"),
    ],
)
def test_front_matter_is_read(text: str) -> None:
    page, problems = read(text)
    assert problems == []
    assert page.meta == {"description": "A page.", "reviewed": date(2026, 1, 1)}
    assert page.body == "# Title\n\nText\n"
    assert page.reviewed == date(2026, 1, 1)
    assert page.kind == "clinical"
    assert [(block.first_line, block.text) for block in page.blocks] == [(OFFSET + 3, "Text")]


def test_front_matter_at_the_end_of_the_file() -> None:
    page, problems = read(FRONT.rstrip("\n"))
    assert problems == []
    assert page.body == ""
    assert page.blocks == ()


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig"])
def test_byte_order_mark(tmp_path: Path, encoding: str) -> None:
    (tmp_path / "docs").mkdir()
    (tmp_path / "docs" / "a.md").write_bytes((FRONT + "# Täglich\n").encode(encoding))
    pages, problems = load_pages(tmp_path, "docs", MACRO_NAMES)
    assert problems == []
    assert pages["a.md"].title == "Täglich"


FAULTY = [
    ("# Title\n", 1, "The page has no front matter.", "Begin the page with"),
    ("", 1, "The page has no front matter.", "Begin the page with"),
    ("\n" + FRONT, 1, "The page has no front matter.", "Begin the page with"),
    ("---\ndescription: A page.\nreviewed: 2026-01-01\n# Title\n", 1, "is not closed", "three hyphens"),
    ("---\n---\n", 1, "no description", "Add `description:`"),
    ("---\n---\n", 1, "no date of review", "Add `reviewed: 2026-06-15`"),
    ("---\nreviewed: 2026-01-01\n---\n", 1, "no description", "one sentence"),
    ("---\nreviewed: 2026-01-01\ndescription:\n---\n", 3, "no description", "one sentence"),
    ("---\nreviewed: 2026-01-01\ndescription: '  '\n---\n", 3, "no description", "one sentence"),
    ("---\nreviewed: 2026-01-01\ndescription: [a]\n---\n", 3, "`description` is ['a'], which is no text", "sentence"),
    ("---\nreviewed: 2026-01-01\ndescription: 5\n---\n", 3, "`description` is 5, which is no text", "between quotes"),
    (
        "---\nreviewed: 2026-01-01\ndescription: !foo bar\n---\n",
        3,
        "The tag `!foo` cannot be read here",
        "between quotes",
    ),
    (
        "---\nreviewed: 2026-01-01\ndescription: !ENV HOME\n---\n",
        3,
        "The tag `!ENV` cannot be read here",
        "Take it out",
    ),
    (
        "---\ndescription: d\nx: [!!python/name:os.system '']\nreviewed: 2026-01-01\n---\n",
        3,
        "The tag `!!python/name",
        "",
    ),
    (
        "---\ndescription: d\nhide: true\nreviewed: 2026-01-01\n---\n",
        3,
        "`hide` is True, which is no list",
        "[navigation, toc]",
    ),
    (
        "---\ndescription: d\nhide: 5\nreviewed: 2026-01-01\n---\n",
        3,
        "`hide` is 5, which is no list",
        "[navigation, toc]",
    ),
    (
        "---\ndescription: d\nsearch: true\nreviewed: 2026-01-01\n---\n",
        3,
        "`search` is True, which says nothing",
        "boost: 2",
    ),
    ("---\ndescription: d\nicon: 5\nreviewed: 2026-01-01\n---\n", 3, "`icon` is 5, which is no icon", "material/"),
    ("---\ndescription: d\nrevewed: 2026-01-01\n---\n", 3, "No page has `revewed`", "Did you mean `reviewed`?"),
    ("---\ndescription: d\nreviewed: 2026-01-01\nmechansim: a\n---\n", 4, "No page has `mechansim`", "`mechanism`?"),
    ("---\ndescription: d\nreviewed: 2026-01-01\naudience: [clincian]\n---\n", 4, "names `clincian`", "`clinician`?"),
    ("---\nx: &x {hide: 5}\n<<: *x\ndescription: d\nreviewed: 2026-01-01\n---\n", 1, "`hide` is 5", ""),
    ("---\ndescription: d\n---\n", 1, "no date of review", "Add `reviewed: 2026-06-15`"),
    ("---\ndescription: d\nreviewed: 2026-06-16\n---\n", 3, "`reviewed` is 2026-06-16, which is in the future", ""),
    ("---\ndescription: d\nreviewed: soon\n---\n", 3, "`reviewed` is 'soon', which is no date", "as 2026-06-15"),
    ("---\ndescription: d\nreviewed: 2026\n---\n", 3, "`reviewed` is 2026, which is no date", "as 2026-06-15"),
    ("---\ndescription: d\nreviewed:\n---\n", 3, "`reviewed` is None, which is no date", "as 2026-06-15"),
    ("---\ndescription: d\nreviewed: '2026-01-01'\n---\n", 3, "which is no date", "as 2026-06-15"),
    ("---\ndescription: d\nreviewed: 2026-01-01\nkind: clinic\n---\n", 4, "`kind` is 'clinic'", "clinical, guide"),
    ("---\ndescription: d\nreviewed: 2026-01-01\nkind: [guide]\n---\n", 4, "`kind` is ['guide']", "clinical, guide"),
    ("---\ndescription: d\nreviewed: 2026-01-01\ntitle: 3\n---\n", 4, "`title` is 3, which is no text", ""),
    (
        "---\ndescription: d\nreviewed: 2026-01-01\ndescription: e\n---\n",
        4,
        "`description` stands here a second",
        "Keep",
    ),
    ("---\ndescription: a: b\nreviewed: 2026-01-01\n---\n", 2, "This is not YAML: mapping values", "double quotes"),
    ("---\nreviewed: 2026-01-01\ndescription: @a\n---\n", 3, "This is not YAML", "double quotes"),
    ("---\nreviewed: 2026-01-01\n\ndescription: *a\n---\n", 4, "This is not YAML", "double quotes"),
    ("---\nreviewed: 2026-01-01\n\tdescription: a\n---\n", 3, "This is not YAML", "indent with spaces"),
    ("---\n- a\n- b\n---\n", 2, "This should be `key: value` lines.", ""),
    ("---\njust words\n---\n", 2, "This should be `key: value` lines.", ""),
]


@pytest.mark.parametrize(("text", "line", "message", "hint"), FAULTY)
@pytest.mark.parametrize("ending", ["\n", "\r\n"], ids=["LF", "CRLF"])
def test_front_matter_faults(text: str, line: int, message: str, hint: str, ending: str) -> None:
    _, problems = read(text.replace("\n", ending))
    found = [problem for problem in problems if message in problem.message]
    assert [(problem.path, problem.line) for problem in found] == [("docs/a.md", line)]
    assert hint in found[0].hint


@pytest.mark.parametrize(
    "more",
    [
        "hide: [toc]",
        "reviewer: A. B.",
        "subtitle: s",
        "audience: [student]",
        "description: !!str 5",
        "a: &a [*a]",
        "own: 1",
    ],
)
def test_other_front_matter_is_left_alone(more: str) -> None:
    front = FRONT.replace("description: A page.\n", "" if more.startswith("description") else "description: A page.\n")
    assert read(front.replace("reviewed", f"{more}\nreviewed") + "# A\n")[1] == []


def test_today_is_not_in_the_future() -> None:
    assert read(FRONT.replace("2026-01-01", TODAY.isoformat()))[1] == []


@pytest.mark.parametrize(
    ("line", "value"),
    [
        pytest.param(
            4, "2026-02-30",
        ),
        pytest.param(
            4, '"a\x07b"',
        ),
    ],
    ids=["impossible-date", "control-character"],
)  # fmt: skip
def test_yaml_faults_that_have_no_mark_name_their_line(line: int, value: str) -> None:
    _, problems = read(f"---\ndescription: d\nkind: guide\nreviewed: {value}\n---\n")
    assert [problem.line for problem in problems] == [line]


@pytest.mark.parametrize("value", ["2026-01-01 10:00:00", "2026-01-01T10:00:00Z"])
def test_a_time_of_review_is_told_and_not_raised(value: str) -> None:
    page, problems = read(FRONT.replace("2026-01-01", value))
    assert page.reviewed == date(2026, 1, 1) or [problem.line for problem in problems] == [3]


def test_front_matter_faults_come_all_at_once() -> None:
    _, problems = read("---\nkind: x\nreviewed: soon\ntitle: [1]\n---\n{{ ctie('a') }}\n")
    assert sorted(problem.line for problem in problems) == [1, 2, 3, 4, 6]


# Titles.


@pytest.mark.parametrize(
    ("text", "title"),
    [
        (FRONT + "# A page\n\n# Another\n", "A page"),
        (FRONT + "## A section\n\n# A page ##\n", "A page"),
        (FRONT.replace("---\nd", "---\ntitle: From above\nd") + "# A page\n", "From above"),
        (FRONT + "Text\n", "a"),
        (FRONT + "```\n# a comment\n```\n\n# A page\n", "A page"),
        (FRONT + "# A & B <c>\n", "A & B <c>"),
        pytest.param(
            FRONT + "# A page { #first .wide }\n", "A page",
        ),
        pytest.param(
            FRONT + "# A *fine* `page`\n", "A fine page",
        ),
    ],
)  # fmt: skip
def test_title(text: str, title: str) -> None:
    assert read(text)[0].title == title


# Macro calls.

CALLS = {
    "plain": ('A {{ cite("a") }}.', [("cite", 1, ("a",), {})]),
    "single-quotes": ("A {{ cite('a') }}.", [("cite", 1, ("a",), {})]),
    "several-keys": ('{{ cite("a", "b") }}', [("cite", 1, ("a", "b"), {})]),
    "options": (
        '{{ cite("a", prefix="see", locator="p. 4") }}',
        [("cite", 1, ("a",), {"prefix": "see", "locator": "p. 4"})],
    ),
    "two-on-a-line": ('{{ cite("a") }} {{ textcite("b") }}', [("cite", 1, ("a",), {}), ("textcite", 1, ("b",), {})]),
    "order-of-lines": ('{{ cite("a") }}\n\n{{ cite("b") }}', [("cite", 1, ("a",), {}), ("cite", 3, ("b",), {})]),
    "over-lines": ('A\n{{ cite(\n  "a",\n  prefix="see"\n) }}', [("cite", 2, ("a",), {"prefix": "see"})]),
    "in-loop": (
        'A\n{% for n in [1, 2] %}\n{{ cite("a") }} {{ n }}\n{% endfor %}',
        [("cite", 3, ("a",), {})],
    ),
    "in-condition": (
        '{% if page %}{{ cite("a") }}{% else %}{{ cite("b") }}{% endif %}',
        [("cite", 1, ("a",), {}), ("cite", 1, ("b",), {})],
    ),
    "in-jinja-macro": ('{% macro m(x) %}{{ cite("a") }}{{ x }}{% endmacro %}{{ m(1) }}', [("cite", 1, ("a",), {})]),
    "nested": ("{{ cite(reading()) }}", [("cite", 1, (None,), {}), ("reading", 1, (), {})]),
    "variable": ('{% set key = "a" %}{{ cite(key) }}', [("cite", 1, (None,), {})]),
    "unpacked": ('{{ cite(*["a"]) }}', [("cite", 1, (None,), {})]),
    "joined": ('{{ cite("a" ~ "b") }}', [("cite", 1, ("ab",), {})]),
    "number": ("{{ cite(3) }}", [("cite", 1, (3,), {})]),
    "braces-in-text": ('{{ cite("a", prefix="}} {{ cite(") }}', [("cite", 1, ("a",), {"prefix": "}} {{ cite("})]),
    "in-fence": ('```\n{{ cite("a") }}\n```', [("cite", 2, ("a",), {})]),
    "raw": ('{% raw %}{{ cite("a") }}{% endraw %}', []),
    "raw-beside": ('{% raw %}{{ x }}{% endraw %} {{ cite("a") }}', [("cite", 1, ("a",), {})]),
    "comment": ('{# {{ cite("a") }} #}', []),
    "as-text": ('{{ "{{ cite(1) }}" }}', []),
    "only-like-a-call": ('cite("a") and { cite("b") }', []),
}


@pytest.mark.parametrize("name", CALLS)
def test_calls(name: str) -> None:
    text, calls = CALLS[name]
    assert called(body(text)) == calls


def test_calls_are_not_read_where_the_page_says_so() -> None:
    page, problems = read(FRONT.replace("---\nd", "---\nrender_macros: false\nd") + '{{ cite("a") }} {{ nope(')
    assert problems == []
    assert page.calls == ()
    assert page.spans is None


NO_MACRO = {
    "near": ('{{ ctie("a") }}', 1, "There is no macro `ctie`.", "Did you mean `cite`?"),
    "upper-case": ('{{ CITE("a") }}', 1, "There is no macro `CITE`.", "Did you mean `cite`?"),
    "far": ("{{ wobble() }}", 1, "There is no macro `wobble`.", "The macros are: bibliography, changelog, cite,"),
    "in-loop": ("A\n{% for n in [1] %}\n{{ refernces() }}\n{% endfor %}", 3, "no macro `refernces`", "`references`"),
    "nested": ('{{ cite(readng("a")) }}', 1, "There is no macro `readng`.", "Did you mean `reading`?"),
    "in-fence": ("```\n{{ nope() }}\n```", 2, "There is no macro `nope`.", "The macros are"),
    "variable": ("A\n\n{{ pge.title }}", 3, "There is no variable `pge`.", "Did you mean `page`?"),
    "macro-not-called": ("{{ citee }}", 1, "There is no variable `citee`.", "Did you mean `cite`?"),
}


@pytest.mark.parametrize("name", NO_MACRO)
def test_unknown_macro(name: str) -> None:
    text, line, message, hint = NO_MACRO[name]
    _, problems = read(FRONT + text)
    assert [problem.line - OFFSET for problem in problems] == [line]
    assert message in problems[0].message
    assert hint in problems[0].hint


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ('A\n\n{{ cite("a" }}', 3),
        ('A\n{{ cite("a")', 2),
        ("A\n{% for x in %}\n{% endfor %}", 2),
        ("{% if page %}\n\nA\n", 1),
        ("A\n\n\n{% nope %}", 4),
        ("A\n{# never closed\n\nB", 2),
        ('{{ cite("a) }}', 1),
        ("# Title {#anchor}", 1),
    ],
)
def test_syntax_error_has_its_line(text: str, line: int) -> None:
    page, problems = read(FRONT + text)
    assert [(problem.path, problem.message[:26]) for problem in problems] == [
        ("docs/a.md", "This macro cannot be read:")
    ]
    assert "{% raw %}" in problems[0].hint
    if "if page" not in text:  # Jinja counts an end that is missing from where the page ends
        assert problems[0].line == OFFSET + line
    assert page.spans is None


@pytest.mark.parametrize(
    "statement",
    ['{% include "b.md" %}', '{% import "b.md" as b %}', '{% from "b.md" import c %}', '{% extends "b.md" %}',
     '{% for x in [1] %}{% include "b.md" %}{% endfor %}'],
)  # fmt: skip
def test_other_files_are_refused(statement: str) -> None:
    _, problems = read(f"{FRONT}A\n\n{statement}\n")
    assert [problem.line for problem in problems] == [OFFSET + 3]
    assert "cannot include or import" in problems[0].message
    assert problems[0].hint


@pytest.mark.parametrize(
    "text", ['{{ macros.cite("a") }}', '{% set c = cite %}{{ c("a") }}', '{{ "a" | map(cite) | list }}']
)
def test_a_citation_by_another_way_is_seen_or_refused(text: str) -> None:
    page, problems = read(FRONT + text)
    assert problems or [call.name for call in page.calls] == ["cite"]


@pytest.mark.parametrize(
    ("text", "message", "hint"),
    [
        ('{{ cite("a") ~ 1 | uper }}', "There is no filter `uper`.", "Did you mean `upper`?"),
        ("{% if page is definde %}x{% endif %}", "There is no test `definde`.", "Did you mean `defined`?"),
        ("{{ 1 | zzzz }}", "There is no filter `zzzz`.", "Take it out"),
        (
            '{{ cite("a") | upper }}',
            "What `cite()` gives is put into its place later: no filter",
            "Take the filter out.",
        ),
        ('{{ ("x" ~ cite("a")) | length }}', "What `cite()` gives is put into its place later", ""),
        ('{% filter upper %}{{ cite("a") }}{% endfilter %}', "What `cite()` gives is put into its place later", ""),
        ('{{ cite("a")[:3] }}', "nothing can be read off it", ""),
        ('{% for sign in cite("a") %}{{ sign }}{% endfor %}', "nothing can be read off it", ""),
        ('{{ cite("a").upper() }}', "nothing can be read off it", ""),
        ('{% if cite("a") == "x" %}x{% endif %}', "nothing can be asked of it", ""),
        ('{% call cite("a") %}x{% endcall %}', "`cite()` takes no block of text.", "between {{ and }}"),
        ('{% set x %}{{ cite("a") }}{% endset %}{{ x }}', "`cite()` is called once here", "where it is to be seen"),
        ('{% set x = cite("a") %}{{ x }}', "`cite()` is called once here", "where it is to be seen"),
        ('{% if false %}{{ cite("a") }}{% endif %}', "`cite()` is never called here.", "Take it out."),
    ],
)
def test_what_jinja_or_readers_would_not_see_is_refused(text: str, message: str, hint: str) -> None:
    _, problems = read(f"{FRONT}A\n\n{text}\n")
    found = [problem for problem in problems if message in problem.message]
    assert [problem.line - OFFSET for problem in found] == [3]
    assert hint in found[0].hint


@pytest.mark.parametrize(
    "text",
    [
        "{{ page.title | upper }}",
        "{{ context() | pretty }}",
        '{{ "a.md" | relative_url }}',
        '{% for key in ["a", "b"] | sort %}{{ cite("a") }}{% endfor %}',
        '{% if page is defined %}{{ cite("a") }}{% endif %}',
        '{% if true %}{{ cite("a") }}{% endif %}',
        '{{ "see " ~ cite("a") }}',
        "{% set x = 1 %}{{ x }}",
    ],
)
def test_what_jinja_can_do_beside_is_left_alone(text: str) -> None:
    assert read(f"{FRONT}{text}\n\n{{{{ reading() }}}}")[1] == []


@pytest.mark.parametrize("text", ["{{ " * 100_000, "{{ " + "(" * 50_000 + "1" + ")" * 50_000 + " }}"])
def test_macros_that_stand_too_deep_are_told(text: str) -> None:
    _, problems = read(FRONT + text)
    assert [problem.message for problem in problems] == ["The macros of this page stand one in another too deeply."]


def test_a_comment_that_is_not_closed_is_told() -> None:
    _, problems = read(FRONT + "A <!-- b -->\n\n`<!--` {{ reading() }}\n\nC <!-- d {{ reading() }}\n")
    assert [(problem.line - OFFSET, problem.message) for problem in problems] == [(5, "This comment is not closed.")]
    assert "backticks" in problems[0].hint
    assert not [one for one in read(FRONT + "```\n<!-- \n```\n\n`<!--`\n")[1] if "closed" in one.message]


@pytest.mark.parametrize("mark", ["<!-- ", "{# ", "{{ ", "<img "])
@pytest.mark.parametrize("before", ["", "{% raw %}", '{{ cite("a") }} '])
def test_what_is_never_closed_is_read_quickly(mark: str, before: str) -> None:
    begun = time.monotonic()
    page, _ = read(FRONT + before + mark * 100_000 + "[a](b.md)")
    list(links_of(page))
    assert time.monotonic() - begun < 3


# Spans.

SIMPLE = {
    "none": "Only text.",
    "one": 'A {{ cite("a") }}.',
    "at-both-ends": '{{ cite("a") }} and {{ cite("b") }}',
    "side-by-side": '{{ cite("a") }}{{ cite("b") }}',
    "over-lines": 'A\n{{ cite(\n  "a",\n  locator="p. 4"\n) }} B\n\n{{ references() }}\n',
    "no-spaces": 'A {{cite("a")}} B',
    "single-braces": 'A { b } {{ cite("a") }} }',
    "umlauts": 'Ä ü 🙂 {{ cite("müller", prefix="für") }} ß',
    "joined-text": '{{ cite("a" ~ "b") }}',
    "in-fence": '```\n{{ cite("a") }}\n```',
    "three-braces-after": '{{ cite("a") }}}',
}


@pytest.mark.parametrize("name", SIMPLE)
def test_spans_are_exact(name: str) -> None:
    """Putting text in the place of the spans gives what Jinja gives."""
    text = SIMPLE[name]
    page = body(text)
    assert page.spans is not None
    assert [span.call for span in page.spans] == list(page.calls)
    parts, end = [], 0
    for span in page.spans:
        assert text[span.start : span.start + 2] == "{{"
        assert text[span.end - 2 : span.end] == "}}"
        parts += [text[end : span.start], f"<{span.call.name} {span.call.args} {dict(span.call.kwargs)}>"]
        end = span.end
    expanded = "".join([*parts, text[end:]])
    assert expanded == _by_jinja(text)


def _by_jinja(text: str) -> str:
    def shown(name: str) -> object:
        return lambda *args, **kwargs: f"<{name} {args} {kwargs}>"

    template = jinja2.Environment(keep_trailing_newline=True).from_string(text)  # noqa: S701 - no HTML is made
    return template.render({name: shown(name) for name in MACRO_NAMES})


@pytest.mark.parametrize(
    "text",
    [
        pytest.param('{{ cite("a") }} {{ page.title | upper }}', id="filter"),
        pytest.param('{{ cite("a") ~ "b" }}', id="joined-with-text"),
        pytest.param('{{ cite("a") }} {{ page.title }}', id="variable-beside"),
        pytest.param('{{ cite("a") }} {{ 3 }}', id="constant-beside"),
        pytest.param('{% if page %}{{ cite("a") }}{% endif %}', id="condition"),
        pytest.param('{% raw %}{{ x }}{% endraw %}{{ cite("a") }}', id="raw"),
        pytest.param('{# a comment #}{{ cite("a") }}', id="comment"),
        pytest.param("{{ cite(page.title) }}", id="not-constant"),
        pytest.param('{{ cite(*["a"]) }}', id="unpacked"),
        pytest.param('{{ cite("a", **{"locator": "p. 4"}) }}', id="options-unpacked"),
        pytest.param("{{ cite(reading()) }}", id="nested"),
        pytest.param("{{ now() }}", id="not-ours"),
        pytest.param("{{ cite(3) }}", id="number"),
        pytest.param('{{ cite("a", prefix="}}") }}', id="closing-braces-in-text"),
        pytest.param('{{ cite("a", prefix="{{") }}', id="opening-braces-in-text"),
        pytest.param('{{ cite("a", prefix="}}{{") }} {{ cite("b") }}', id="both-braces-in-text"),
        pytest.param('A }} {{ cite("a") }}', id="braces-before"),
        pytest.param('{{ cite("a") }} and }}', id="braces-after"),
    ],
)
def test_no_spans_where_jinja_has_more_to_do(text: str) -> None:
    assert body(text).spans is None


@pytest.mark.parametrize("text", ['A finding {{- cite("a") }}.', 'A {{ cite("a") -}}  .', 'A\n{{- cite("a") -}}\nB'])
def test_white_space_control_needs_jinja(text: str) -> None:
    assert body(text).spans is None


# What is kept from one build to the next.


@pytest.mark.parametrize(
    "text", [*SIMPLE.values(), *(text for text, _ in CALLS.values()), "| a |\n| - |\n" + "x " * 90]
)
def test_a_page_from_the_cache_is_the_same(tmp_path: Path, text: str) -> None:
    cold = Cache(tmp_path / "pages.json")
    page, problems = read(FRONT + text, cold)
    cold.save()
    again, problems_again = read(FRONT + text, Cache(tmp_path / "pages.json"))
    assert (again.calls, again.spans, again.title, again.body) == (page.calls, page.spans, page.title, page.body)
    assert problems == problems_again
    assert check_coverage([again], 100) == check_coverage([page], 100)


def test_the_cache_heeds_the_front_matter(tmp_path: Path) -> None:
    """The body is kept; the lines move, and the switch for macros is heeded."""
    cache = Cache(tmp_path / "pages.json")
    text = 'A {{ cite("a") }}\n'
    assert [call.line for call in read(FRONT + text, cache)[0].calls] == [OFFSET + 1]
    longer = FRONT.replace("---\nd", "---\nkind: guide\nd")
    assert [call.line for call in read(longer + text, cache)[0].calls] == [OFFSET + 2]
    assert read(FRONT.replace("---\nd", "---\nrender_macros: false\nd") + text, cache)[0].calls == ()


# Claim coverage.


def claims(page: Page) -> list[str]:
    return [block.text for block in page.blocks]


CLAIMS = {
    "paragraphs": ("One\nmore of it.\n\nTwo\n", ["One more of it.", "Two"]),
    "list-items": ("- a\n- b\n  more\n* c\n+ d\n", ["- a", "- b more", "* c", "+ d"]),
    "numbered-items": ("1. a\n2) b\n10. c\n", ["1. a", "2) b", "10. c"]),
    "nested-lists": ("- a\n    - b\n        1. c\n- d\n\n    more of d\n", ["- a", "- b", "1. c", "- d", "more of d"]),
    "not-an-item": ("**Bold** text\n+1 more\n-1 less\n", ["**Bold** text +1 more -1 less"]),
    "table-rows": ("| A | B |\n| --- | --- |\n| 1 | 2 |\n| 3 | 4 |\n", ["| 1 | 2 |", "| 3 | 4 |"]),
    "table-aligned": ("| A | B |\n|:--- | ---:|\n| 1 | 2 |\n", ["| 1 | 2 |"]),
    "table-after-text": ("Text:\n\n| A |\n| --- |\n| 1 |\n\nMore\n", ["Text:", "| 1 |", "More"]),
    "headings": ("# A\n\n## B ##\n\n###### C\nText\n", ["Text"]),
    "fence": ("Text\n\n```python\na = 1\n\n# no heading\n```\n\nMore\n", ["Text", "More"]),
    "tildes": ("~~~~\na\n~~~\nb\n~~~~\nMore\n", ["More"]),
    "fence-in-fence": ("````\n```\na\n```\n````\nMore\n", ["More"]),
    "fence-in-list": ("- a\n\n    ```\n    b\n    ```\n", ["- a"]),
    "attribute-list-alone": ("{ .wide }\n\n{: #a }\n", []),
    "attribute-list-below": ("Text\n{ .summary }\n", ["Text { .summary }"]),
    "macro-only": ("{{ references() }}\n\n{{ evidence_strip() }}\n{ .wide }\n", []),
    "statement-only": ("{% if page %}\n\nText\n\n{% endif %}\n\n{# a comment #}\n", ["Text"]),
    "html-comment": ("<!-- a\n\nb -->\n\nText\n", ["Text"]),
    "admonition": ('!!! note "Title"\n\n    a\n\n    - b\n\nc\n', ["a", "- b", "c"]),
    "empty": ("\n\n", []),
}


@pytest.mark.parametrize("name", CLAIMS)
def test_what_is_a_claim(name: str) -> None:
    text, blocks = CLAIMS[name]
    assert claims(body(text)) == blocks


@pytest.mark.parametrize("text", [text for text, _ in CLAIMS.values()])
def test_claims_have_the_lines_of_the_file(text: str) -> None:
    lines = (FRONT + text).split("\n")
    for block in body(text).blocks:
        told = " ".join(line.strip() for line in lines[block.first_line - 1 : block.last_line])
        assert told == block.text


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("| A | B |\n|--|--|\n", id="table-rule-of-two-hyphens"),
        pytest.param("| A | B |\n| :-: | - |\n", id="table-rule-of-one-hyphen"),
        pytest.param("---\n", id="horizontal-rule"),
        pytest.param("* * *\n", id="horizontal-rule-of-asterisks"),
        pytest.param("[a]: https://example.org\n", id="link-definition"),
        pytest.param("A section\n---------\n", id="underlined-heading"),
        pytest.param("{#\na\nb\n#}\n", id="jinja-comment-over-lines"),
    ],
)
def test_what_makes_no_claim_is_not_counted(text: str) -> None:
    assert claims(body(text)) == []


@pytest.mark.parametrize(
    "text",
    [
        '{{ textcite("a") }} found less pain {{ cite("b") }}\n',
        "{{ evidence_strip() }} Pain fell. {{ evidence_strip() }}\n",
    ],
)
def test_text_between_two_macros_is_a_claim(text: str) -> None:
    assert len(claims(body(text))) == 1


def test_a_row_of_hyphens_is_read_quickly() -> None:
    start = time.perf_counter()
    body("| A | B |\n| " + "-" * 25 + " x |\n")
    assert time.perf_counter() - start < 0.5


@pytest.mark.parametrize("row", ["| " + "-" * 39 + " x |", "|" + "-" * 40 + "+---|"], ids=["text", "org-mode"])
def test_a_long_row_of_hyphens_is_read_quickly(row: str) -> None:
    start = time.perf_counter()
    body(f"| A | B |\n{row}\n")
    assert time.perf_counter() - start < 0.1


COVERED = {
    "cite": 'Pain fell {{ cite("a") }}.',
    "textcite": '{{ textcite("a") }} saw pain fall.',
    "reading": "{{ reading() }} Pain falls.",
    "on-another-line": 'Pain fell\nin all\nwho came {{ cite("a") }}.',
    "call-over-lines": 'Pain fell {{ cite(\n  "a"\n) }}.',
    "item": '- Pain fell {{ cite("a") }}',
    "row": '| Pain | {{ cite("a") }} |',
    "in-condition": 'Pain fell {% if page %}{{ cite("a") }}{% endif %}.',
    "reading-block": '!!! reading "This guide\'s reading"\n\n    Pain falls.\n\n    - In all.\n\n    | And | so |\n',
    "reading-block-at-once": "!!! reading\n    Pain falls.\n",
    "reading-block-in-list": "- {{ reading() }} a\n\n    !!! reading\n\n        Pain falls.\n",
    "block-in-reading-block": "!!! reading\n\n    A\n\n    !!! note\n\n        Pain falls.\n\n    B\n",
    "folded-reading-block": "??? reading\n\n    Pain falls.\n",
}


@pytest.mark.parametrize("name", COVERED)
def test_covered(name: str) -> None:
    page = body(COVERED[name])
    assert page.blocks
    assert page.uncovered() == ()
    assert page.claim_coverage() == 100
    assert check_coverage([page], 100) == []


UNCOVERED = {
    "paragraph": ("Pain fell.", ["Pain fell."]),
    "next-paragraph": ('A {{ cite("a") }}.\n\nPain fell.', ["Pain fell."]),
    "next-item": ('- a {{ cite("a") }}\n- b\n', ["- b"]),
    "nested-item": ('- a {{ cite("a") }}\n    - b\n', ["- b"]),
    "outer-item": ('- a\n    - b {{ cite("a") }}\n', ["- a"]),
    "next-row": ('| A |\n| --- |\n| a {{ cite("a") }} |\n| b |\n', ["| b |"]),
    "table-head-does-not-count-for-a-row": ('| A {{ cite("a") }} |\n| --- |\n| b |\n', ["| b |"]),
    "after-reading-block": ("!!! reading\n\n    a\n\nb\n", ["b"]),
    "other-block": ("!!! note\n\n    a\n", ["a"]),
    "after-reading-block-in-block": ("!!! note\n\n    !!! reading\n\n        a\n\n    b\n", ["b"]),
    "citation-in-raw": ('Pain fell {% raw %}{{ cite("a") }}{% endraw %}.', [
        'Pain fell {% raw %}{{ cite("a") }}{% endraw %}.'
    ]),
    "citation-in-comment": ('Pain fell {# {{ cite("a") }} #}.', ["Pain fell ."]),
    "citation-in-fence": ('Pain fell.\n\n```\n{{ cite("a") }}\n```\n', ["Pain fell."]),
    "citation-in-heading": ('## Pain {{ cite("a") }}\n\nPain fell.\n', ["Pain fell."]),
    "another-macro": ("Pain fell {{ evidence_strip() }}.", ["Pain fell {{ evidence_strip() }}."]),
}  # fmt: skip


@pytest.mark.parametrize("name", UNCOVERED)
def test_uncovered(name: str) -> None:
    text, blocks = UNCOVERED[name]
    page = body(text)
    assert [block.text for block in page.uncovered()] == blocks
    problems = check_coverage([page], 100)
    assert [problem.line for problem in problems] == [block.first_line for block in page.uncovered()]
    assert all("neither cited nor set apart" in problem.message and problem.hint for problem in problems)


@pytest.mark.parametrize(
    "text",
    [
        pytest.param(
            "!!! reading\n    Pain may fall.\nPain fell in all who came.\n",
            id="right-below-a-reading-block",
        ),
    ],
)
def test_a_claim_that_readers_see_without_a_source_is_uncovered(text: str) -> None:
    assert len(body(text).uncovered()) == 1


@pytest.mark.parametrize(
    ("text", "line"), [('Pain fell. <!-- {{ cite("a") }} -->\n', 1), ('A.\n\n<!-- old:\n{{ cite("a") }}\n-->\n', 4)]
)
def test_a_citation_in_an_html_comment_is_refused(text: str, line: int) -> None:
    _, problems = read(FRONT + text)
    (problem,) = [problem for problem in problems if "HTML comment" in problem.message]
    assert problem.line == FRONT.count("\n") + line
    assert "{# and #}" in problem.hint


@pytest.mark.parametrize(
    ("text", "lines"),
    [
        ("A.\n\n![](a.svg)\n", [3]),
        ("![ ](a.svg) and ![][a]\n\n[a]: a.svg\n", [1, 1]),
        ('A.\n<img src="a.svg">\n', [2]),
        ("![Two scores](a.svg)\n", []),
        ('<img src="a.svg" alt="">\n', []),
        ("Write `![](a.svg)`.\n\n```\n![](a.svg)\n```\n", []),
    ],
)
def test_a_picture_without_text_alternative_is_refused(text: str, lines: list[int]) -> None:
    _, problems = read(FRONT + text)
    found = [problem.line for problem in problems if problem.message == "A picture has no text alternative."]
    assert found == [FRONT.count("\n") + line for line in lines]


def test_a_jinja_comment_is_no_call() -> None:
    page, problems = read(FRONT + 'Pain fell. {# {{ cite("a") }} #}\n')
    assert (problems, page.calls) == ([], ())


@pytest.mark.parametrize(("cited", "bare", "share"), [(0, 1, 0), (1, 1, 50), (19, 1, 95), (18, 1, 94.7), (3, 0, 100)])
def test_share(cited: int, bare: int, share: float) -> None:
    page = body('A {{ cite("a") }}.\n\n' * cited + "Pain fell.\n\n" * bare)
    assert page.claim_coverage() == pytest.approx(share, abs=0.05)
    assert bool(check_coverage([page], 95)) == (share < 95)


def test_a_page_about_the_site_need_not_cite() -> None:
    page, problems = read(FRONT.replace("---\nd", "---\nkind: guide\nd") + "Text.\n")
    assert problems == []
    assert page.claim_coverage() == 0
    assert check_coverage([page], 100) == []


def test_a_long_claim_is_cut_at_a_word() -> None:
    (problem,) = check_coverage(
        [body("Pain fell in everybody who came to the clinic in the first year, and later too.")], 95
    )
    assert "“Pain fell in everybody who came to the clinic in the first …”" in problem.message
    assert "0 % of the page's claims" in problem.message


# Addresses.


SRCS = ("index.md", "page.md", "README.md", "a/index.md", "a/README.md", "a/page.md", "a/b/c.md", "über uns.md",
        "v1.2.md", "a.b/c.d.md")  # fmt: skip


@pytest.mark.parametrize(
    ("src", "directory_urls"),
    [
        *((src, directory_urls) for src in SRCS for directory_urls in (True, False)),
        ("404.md", False),
        pytest.param(
            "404.md",
            True,
        ),
    ],
)
def test_url_is_that_of_mkdocs(src: str, directory_urls: bool) -> None:
    file = File(src, "docs", "site", use_directory_urls=directory_urls)
    # MkDocs quotes its address; links to it are quoted when they are written.
    expected = "" if file.url == "./" else file.url
    url = Page(f"docs/{src}", src).url(use_directory_urls=directory_urls)
    assert url.replace("ü", "%C3%BC").replace(" ", "%20") == expected


# A folder of pages.


def test_pages_of_all_folders_in_order(tmp_path: Path) -> None:
    for name in ("z.md", "a.md", "b/index.md", "b/c/d.md", "picture.png", "b/notes.txt"):
        file = tmp_path / "docs" / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(FRONT, "utf-8")
    pages, problems = load_pages(tmp_path, "docs", MACRO_NAMES)
    assert problems == []
    assert list(pages) == ["a.md", "b/c/d.md", "b/index.md", "z.md"]
    assert pages["b/c/d.md"].path == "docs/b/c/d.md"


def test_pages_that_cannot_be_read_are_told_and_left_out(tmp_path: Path) -> None:
    (tmp_path / "docs").mkdir()
    (tmp_path / "docs" / "gone.md").symlink_to(tmp_path / "nowhere.md")
    (tmp_path / "docs" / "latin.md").write_bytes((FRONT + "a\nä\n").encode("latin-1"))
    (tmp_path / "docs" / "fine.md").write_text(FRONT, "utf-8")
    pages, problems = load_pages(tmp_path, "docs", MACRO_NAMES)
    assert list(pages) == ["fine.md"]
    told = {problem.path: (problem.line, problem.message) for problem in problems}
    assert told["docs/latin.md"] == (OFFSET + 2, "The file is not UTF-8: byte 0xe4 cannot be read.")
    assert "cannot be read" in told["docs/gone.md"][1]


@pytest.mark.parametrize("name", ["page.markdown", "page.mkd", "page.mdown"])
def test_every_page_that_mkdocs_renders_is_read(tmp_path: Path, name: str) -> None:
    assert is_markdown_file(name)
    (tmp_path / "docs").mkdir()
    (tmp_path / "docs" / name).write_text(FRONT + "Pain fell.\n", "utf-8")
    pages, _ = load_pages(tmp_path, "docs", MACRO_NAMES)
    assert list(pages) == [name]
