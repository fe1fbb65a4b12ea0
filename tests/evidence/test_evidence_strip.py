"""What a page rests on, counted by design."""

from __future__ import annotations

import re
from types import SimpleNamespace
from typing import TYPE_CHECKING

import pytest
from bs4 import BeautifulSoup
from markdown import Markdown

from macros import evidence
from macros.citations.bibliography import DESIGNS
from macros.expansion import PageContext
from macros.guide import Guide, load_guide
from macros.markdown_blocks import NAME, put_in_later
from macros.registry import FEATURES, MACRO_NAMES
from tests.conftest import CONFIG, ENTRY, PAGE

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from tests.conftest import Project

#: The words for one source of each design, and for two. Readers see them, so they are written out here.
WORDS = {
    "meta-analysis": ("meta-analysis", "meta-analyses"),
    "systematic-review": ("systematic review", "systematic reviews"),
    "rct": ("randomised controlled trial", "randomised controlled trials"),
    "open-label": ("uncontrolled trial", "uncontrolled trials"),
    "observational": ("observational study", "observational studies"),
    "qualitative": ("qualitative study", "qualitative studies"),
    "case-report": ("case report", "case reports"),
    "preclinical": ("laboratory or animal study", "laboratory or animal studies"),
    "guideline": ("guideline", "guidelines"),
    "consensus": ("expert consensus", "expert consensus statements"),
    "label": ("drug label", "drug labels"),
    "instrument": ("measure", "measures"),
    "narrative-review": ("narrative review", "narrative reviews"),
    "theory": ("theory or proposal", "theories or proposals"),
    "book": ("book", "books"),
    "other": ("other study or source", "other studies or sources"),
}
#: Weakest first, so that the order of the strip is its own.
KEYS = [f"{design}-{letter}" for design in reversed(list(DESIGNS)) for letter in "ab"]


def source(key: str) -> str:
    entry = ENTRY.replace("monson2020", key).replace("open-label", key[:-2])
    return re.sub(r"^  doi = .*\n", "", entry, flags=re.MULTILINE)


def citing(*calls: str) -> str:
    return PAGE.replace('{{ cite("monson2020") }}', " ".join(calls) or "{{ reading() }}")


PAGES = {
    "both.md": citing(*(f'{{{{ cite("{key}") }}}}' for key in KEYS)),
    "together.md": citing('{{ cite("' + '", "'.join(KEYS) + '") }}'),
    "first.md": citing(*(f'{{{{ textcite("{key}") }}}}' for key in KEYS if key.endswith("-a"))),
    "again.md": citing(
        '{{ cite("rct-a") }}',
        '{{ textcite("rct-a") }}',
        '{{ cite("rct-b", "rct-a") }}',
        '{{ cite("rct-a", locator="p. 1") }}',
    ),
    "one.md": citing('{{ cite("book-a") }}'),
    "none.md": citing(),
    "raw.md": citing('{{ cite("rct-a") }} {% raw %}{{ cite("book-a") }}{% endraw %} {# {{ cite("theory-a") }} #}'),
    "deep/er/index.md": citing('{{ cite("label-a") }}'),
}


def guide_of(project: Project, config: str) -> Guide:
    project.write("references.bib", "\n".join(source(key) for key in KEYS))
    (project.root / "docs/index.md").unlink()
    for name, text in PAGES.items():
        project.write(f"docs/{name}", text)
    project.write("mkdocs.yml", config)
    guide = load_guide(project.root)
    assert guide.problems == ()
    return guide


@pytest.fixture(scope="module")
def guide(make_project: Callable[[], Project]) -> Iterator[Guide]:
    """A guide whose macros give their HTML at once."""
    guide = guide_of(make_project(), CONFIG.replace(f"  - {NAME}\n", ""))
    yield guide
    assert guide.formatting is not None
    guide.formatted.stop()


def made(guide: Guide, src: str) -> str:
    page = SimpleNamespace(file=SimpleNamespace(src_uri=src))
    return evidence.macros(guide)["evidence_strip"](PageContext(page))


def strip(guide: Guide, src: str) -> tuple[str, list[tuple[str, str]]]:
    """Give the sentence, and design and words of each item."""
    soup = BeautifulSoup(made(guide, src), "html.parser")
    items = [(str(item["data-design"]), item.get_text()) for item in soup.select(".evidence-strip > ul > li")]
    return soup.select(".evidence-strip > p")[0].get_text(), items


def test_every_design_has_its_words() -> None:
    assert list(WORDS) == list(DESIGNS)


@pytest.mark.parametrize(
    ("src", "sentence", "items"),
    [
        (
            "both.md",
            "This page cites 32 sources, for and against, strongest kind first:",
            [(design, f"2 {two}") for design, (_, two) in WORDS.items()],
        ),
        (
            "together.md",
            "This page cites 32 sources, for and against, strongest kind first:",
            [(design, f"2 {two}") for design, (_, two) in WORDS.items()],
        ),
        (
            "first.md",
            "This page cites 16 sources, for and against, strongest kind first:",
            [(design, f"1 {single}") for design, (single, _) in WORDS.items()],
        ),
        (
            "again.md",
            "This page cites 2 sources, for and against, strongest kind first:",
            [("rct", "2 randomised controlled trials")],
        ),
        ("one.md", "This page cites 1 source:", [("book", "1 book")]),
        ("none.md", "This page cites 0 sources:", []),
        ("raw.md", "This page cites 1 source:", [("rct", "1 randomised controlled trial")]),
        ("deep/er/index.md", "This page cites 1 source:", [("label", "1 drug label")]),
    ],
)
def test_strip(guide: Guide, src: str, sentence: str, items: list[tuple[str, str]]) -> None:
    """Each source counts once, however often it is cited; the strongest design comes first."""
    assert strip(guide, src) == (sentence, items)


def test_it_counts_what_the_page_lists(guide: Guide) -> None:
    for src in PAGES:
        _, items = strip(guide, src)
        assert sum(int(text.split(" ", 1)[0]) for _, text in items) == len(guide.formatted.cited(src))


@pytest.mark.parametrize("src", ["both.md", "none.md"])
def test_it_is_a_block_of_its_own(guide: Guide, src: str) -> None:
    html = made(guide, src)
    assert re.fullmatch(r"\n\n<div class=\"evidence-strip\">.*</div>\n\n", html), (
        "Markdown hands on a block in one line"
    )
    rendered = Markdown(extensions=["md_in_html", "attr_list"]).convert(f"Before\n{html}\nAfter")
    assert rendered.startswith("<p>Before</p>\n<div")
    assert rendered.endswith("</div>\n\n<p>After</p>")


def test_a_list_without_bullets_stays_a_list_for_screen_readers(guide: Guide) -> None:
    assert '<ul role="list">' in made(guide, "one.md")


def test_the_extension_makes_no_difference(make_project: Callable[[], Project], guide: Guide) -> None:
    kept = guide_of(make_project(), CONFIG)
    put_in_later(later=False)
    mark = made(kept, "again.md")
    assert "<" not in mark
    html = Markdown(extensions=[NAME]).convert(mark)
    assert html == made(guide, "again.md").strip()
    assert kept.formatting is not None
    kept.formatted.stop()


def test_pages_may_call_it() -> None:
    assert evidence in FEATURES
    assert evidence.NAMES == {"evidence_strip"} <= MACRO_NAMES


def test_it_names_every_macro_that_it_has(guide: Guide) -> None:
    for feature in FEATURES:
        assert set(feature.macros(guide)) == feature.NAMES


@pytest.mark.parametrize(
    ("entries", "sentence"),
    [
        ([("couples", "", "rct"), ("individuals", "", "rct")], "1 source studied couples; it gave no ketamine."),
        (
            [("couples", "ketamine", "observational")] * 2,
            "2 sources studied couples; 2 of them gave ketamine, and the parts read mention no randomised control.",
        ),
        (
            [("couples", "ketamine", "rct"), ("couples", "", "rct")],
            "2 sources studied couples; 1 of them gave ketamine, 1 with a randomised control.",
        ),
        ([("individuals", "", "rct"), ("none", "", "rct")], "None of them studied couples."),
        ([("", "", "rct"), ("individuals", "", "rct")], None),
    ],
)
def test_couples_are_named_where_it_is_known_of_all(
    make_project: Callable[[], Project], entries: list[tuple[str, str, str]], sentence: str | None
) -> None:
    project = make_project()
    bib, cites = [], []
    for number, (studied, given, design) in enumerate(entries):
        text = ENTRY.replace("monson2020", f"s{number}").replace("10.1080/", f"10.{1080 + number}/")
        text = text.replace("{open-label}", f"{{{design}}}").replace(
            "  sample", f"  studied = {{{studied}}},\n  given = {{{given}}},\n  sample"
        )
        bib.append(text.replace("uncontrolled trial", f"uncontrolled trial {number}"))
        cites.append(f'{{{{ cite("s{number}") }}}}')
    project.write("references.bib", "\n".join(bib))
    project.write(
        "docs/index.md", PAGE.replace('{{ cite("monson2020") }}.', " ".join(cites) + ".\n\n{{ evidence_strip() }}\n")
    )
    run = project.build()
    assert run.returncode == 0, run.stderr
    found = BeautifulSoup(project.read("site/index.html"), "html.parser").select(".in-couples")
    assert [one.get_text() for one in found] == ([sentence] if sentence else [])


def test_unknown_value_of_studied_is_refused(project: Project) -> None:
    project.write("references.bib", ENTRY.replace("  sample", "  studied = {couple},\n  sample"))
    run = project.check()
    assert run.returncode == 1
    assert "references.bib:9: `studied` of `monson2020` is `couple`. Did you mean `couples`?" in " ".join(
        run.stderr.split()
    )
