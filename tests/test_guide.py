"""The guide as a whole: loaded once, never changed, checked without pandoc."""

from __future__ import annotations

import dataclasses
import datetime
import os
from typing import TYPE_CHECKING

import pytest

from macros.guide import Guide, due_for_review, load_guide
from macros.problems import GuideError, Problem, nearest, refuse, report
from tests.conftest import CONFIG, ENTRY, PAGE, ROOT, Project

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

SECOND = ENTRY.replace("monson2020", "wagner2019").replace("1840123", "1655247")


@pytest.fixture(autouse=True)
def clean_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("SITE_URL", "SOURCE_DATE_EPOCH"):
        monkeypatch.delenv(name, raising=False)


def check(project: Project) -> Guide:
    return load_guide(project.root, render=False)


def epoch(year: int, month: int, day: int) -> str:
    return str(int(datetime.datetime(year, month, day, 12, tzinfo=datetime.UTC).timestamp()))


# Loaded once.

CHANGES: Mapping[str, Callable[[Project], object]] = {
    "page": lambda project: project.write("docs/index.md", PAGE + "\nMore.\n"),
    "page-added": lambda project: project.write("docs/a/b.md", PAGE),
    "page-removed": lambda project: (project.root / "docs/more.md").unlink(),
    "page-renamed": lambda project: (project.root / "docs/more.md").rename(project.root / "docs/else.md"),
    "sources": lambda project: project.write("references.bib", ENTRY + SECOND),
    "sources-removed": lambda project: (project.root / "references.bib").unlink(),
    "settings": lambda project: project.write("mkdocs.yml", CONFIG + "  guide_author: Somebody\n"),
    "style": lambda project: project.write("own.csl", project.read("own.csl") + "\n"),
    "time-of-a-file": lambda project: os.utime(project.root / "docs/index.md", (1, 1)),
}


@pytest.mark.parametrize("name", CHANGES)
def test_loaded_again_when_a_file_has_changed(project: Project, name: str) -> None:
    if name == "style":
        project.write("own.csl", (ROOT / "macros/citations/styles/vancouver.csl").read_bytes())
        project.write("mkdocs.yml", CONFIG.replace("apa", "own.csl"))
    project.write("docs/more.md", PAGE)
    first = check(project)
    assert check(project) is first
    CHANGES[name](project)
    second = check(project)
    assert second is not first
    assert check(project) is second


def test_a_change_is_seen(project: Project) -> None:
    assert list(check(project).sources) == ["monson2020"]
    project.write("references.bib", ENTRY + SECOND)
    assert list(check(project).sources) == ["monson2020", "wagner2019"]
    project.write("docs/index.md", PAGE.replace("monson2020", "wagner2018"))
    assert [problem.message for problem in check(project).problems] == ["There is no source `wagner2018`."]
    project.write("docs/index.md", PAGE)
    assert check(project).problems == ()


def test_what_is_beside_the_guide_does_not_matter(project: Project) -> None:
    first = check(project)
    project.write("docs/picture.png", b"x")
    project.write("notes.txt", "x")
    project.write("site/index.html", "x")
    assert check(project) is first


@pytest.mark.parametrize(
    ("name", "value"), [("SITE_URL", "https://example.org/"), ("SOURCE_DATE_EPOCH", epoch(2026, 6, 1))]
)
def test_the_environment_counts_too(project: Project, monkeypatch: pytest.MonkeyPatch, name: str, value: str) -> None:
    first = check(project)
    monkeypatch.setenv(name, value)
    assert check(project) is not first


def test_a_page_becomes_right_with_time(project: Project, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SOURCE_DATE_EPOCH", epoch(2025, 12, 31))
    assert "in the future" in check(project).problems[0].message
    monkeypatch.setenv("SOURCE_DATE_EPOCH", epoch(2026, 1, 1))
    assert check(project).problems == ()


def test_two_guides_do_not_disturb_each_other(make_project: Callable[[], Project]) -> None:
    one, two = make_project(), make_project()
    two.write("docs/index.md", PAGE.replace("# A page", "# Another"))
    assert check(one) is check(one)
    assert check(two).pages["index.md"].title == "Another"
    assert check(one).pages["index.md"].title == "A page"


def test_the_way_to_the_folder_does_not_matter(project: Project, monkeypatch: pytest.MonkeyPatch) -> None:
    first = check(project)
    monkeypatch.chdir(project.root)
    assert load_guide(".", render=False) is first
    assert load_guide(f"{project.root}/docs/..", render=False) is first


@pytest.mark.parametrize("content", ["", "{", "[]", '{"a": 1}', "null", "\x00\xff"])
@pytest.mark.parametrize("name", ["pages.json", "sources.json"])
def test_a_damaged_cache_only_costs_time(project: Project, name: str, content: str) -> None:
    first = check(project)
    project.write(f".cache/guide/{name}", content.encode("latin-1"))
    os.utime(project.root / "references.bib", (1, 1))
    second = check(project)
    assert second is not first
    assert (second.pages, second.problems) == (first.pages, first.problems)
    assert second.sources.keys() == first.sources.keys()
    assert second.sources["monson2020"].fields == first.sources["monson2020"].fields


def test_a_cache_that_cannot_be_written_only_costs_time(project: Project) -> None:
    project.write(".cache", "a file where a folder should be")
    assert check(project).problems == ()


def test_a_guide_from_the_cache_is_the_same(project: Project) -> None:
    cold = check(project)
    os.utime(project.root / "references.bib", (1, 1))
    warm = check(project)
    assert warm is not cold
    assert warm.pages == cold.pages
    assert {key: dataclasses.replace(source, field_lines={}) for key, source in cold.sources.items()} == warm.sources


# Never changed.


@pytest.mark.parametrize(
    "change",
    [
        pytest.param(lambda guide: setattr(guide, "pages", {}), id="guide"),
        pytest.param(lambda guide: setattr(guide, "problems", ()), id="problems"),
        pytest.param(lambda guide: guide.pages.pop("index.md"), id="pages"),
        pytest.param(lambda guide: guide.pages.__setitem__("a.md", None), id="pages-set"),
        pytest.param(lambda guide: guide.sources.clear(), id="sources"),
        pytest.param(lambda guide: guide.cited_by.__setitem__("a", ()), id="cited-by"),
        pytest.param(lambda guide: setattr(guide.pages["index.md"], "title", "B"), id="page"),
        pytest.param(lambda guide: setattr(guide.pages["index.md"].calls[0], "name", "b"), id="call"),
        pytest.param(lambda guide: setattr(guide.pages["index.md"].blocks[0], "text", "b"), id="block"),
        pytest.param(lambda guide: setattr(guide.sources["monson2020"], "doi", "b"), id="source"),
        pytest.param(lambda guide: setattr(guide.settings, "site_name", "b"), id="settings"),
        pytest.param(lambda guide: setattr(guide.style, "xml", "b"), id="style"),
    ],
)
def test_a_guide_does_not_change(project: Project, change: Callable[[Guide], object]) -> None:
    guide = check(project)
    with pytest.raises((TypeError, AttributeError)):  # a frozen dataclass raises the latter, a mapping proxy either
        change(guide)
    assert list(guide.pages) == ["index.md"]
    assert list(guide.sources) == ["monson2020"]


# Checked without pandoc.


def test_check_does_not_start_pandoc(project: Project) -> None:
    guide = check(project)
    assert guide.problems == ()
    assert guide.formatting is None
    with pytest.raises(RuntimeError, match="checked, not rendered"):
        _ = guide.formatted


def test_check_does_without_pandoc(project: Project, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PYPANDOC_PANDOC", "/nowhere/pandoc")
    run = project.check()
    assert run.returncode == 0, run.stderr
    assert run.stdout == "1 pages, 1 sources, no problems; least claim coverage 100 %.\n"


def test_rendering_after_checking_starts_pandoc(project: Project) -> None:
    checked = check(project)
    rendered = load_guide(project.root)
    assert rendered is not checked
    assert rendered.formatting is not None
    assert "Monson" in rendered.formatted.entry("monson2020")
    assert check(project) is rendered, "what was loaded to be rendered will do for checking"


def test_a_faulty_guide_is_not_formatted(project: Project) -> None:
    project.write("docs/index.md", PAGE.replace("monson2020", "nobody"))
    guide = load_guide(project.root)
    assert guide.problems
    assert guide.formatting is None


# Who cites what.


def test_cited_by(project: Project) -> None:
    project.write("references.bib", ENTRY + SECOND + SECOND.replace("wagner2019", "nobody").replace("1655247", "1"))
    both = (
        '{{ cite("wagner2019", "monson2020") }} {{ textcite("monson2020") }} {{ cite("monson2020", locator="p. 1") }}'
    )
    project.write("docs/a/both.md", PAGE.replace('{{ cite("monson2020") }}', both))
    project.write(
        "docs/raw.md", PAGE.replace('{{ cite("monson2020") }}', '{{ reading() }} {% raw %}{{ cite("a") }}{% endraw %}')
    )
    guide = check(project)
    assert guide.problems == ()
    assert dict(guide.cited_by) == {"monson2020": ("a/both.md", "index.md"), "wagner2019": ("a/both.md",)}


# Pages that should be read again.


@pytest.mark.parametrize(
    ("reviewed", "months", "day", "due"),
    [
        ("2025-06-15", 12, (2026, 6, 14), False),
        ("2025-06-15", 12, (2026, 6, 16), True),
        ("2025-06-15", 12, (2027, 1, 1), True),
        ("2025-12-31", 12, (2026, 12, 30), False),
        ("2026-01-31", 1, (2026, 2, 28), False),
        ("2026-01-31", 1, (2026, 3, 1), True),
        ("2024-02-29", 12, (2025, 2, 28), False),
        ("2024-02-29", 12, (2025, 3, 1), True),
        ("2026-01-01", 24, (2027, 12, 31), False),
        ("2026-01-01", 24, (2028, 1, 2), True),
    ],
)
def test_due_for_review(
    project: Project, monkeypatch: pytest.MonkeyPatch, reviewed: str, months: int, day: tuple[int, int, int], due: bool
) -> None:
    monkeypatch.setenv("SOURCE_DATE_EPOCH", epoch(*day))
    project.write("references.bib", ENTRY.replace("2026-01-01", "2024-01-01"))
    project.write("mkdocs.yml", CONFIG + f"  review_after_months: {months}\n")
    project.write("docs/index.md", PAGE.replace("2026-01-01", reviewed))
    project.write("docs/new.md", PAGE.replace("2026-01-01", "{}-{:02}-{:02}".format(*day)))
    guide = check(project)
    assert guide.problems == ()
    assert [page.src for page in due_for_review(guide)] == (["index.md"] if due else [])


def test_a_review_that_lasts_to_the_end_of_the_calendar(project: Project) -> None:
    project.write("mkdocs.yml", CONFIG + "  review_after_months: 1200\n")
    project.write("docs/index.md", PAGE.replace("2026-01-01", "9999-12-31"))
    guide = check(project)
    assert [problem.path for problem in guide.problems] == ["docs/index.md"]
    assert due_for_review(guide) == []


def test_check_names_pages_that_are_due(project: Project, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SOURCE_DATE_EPOCH", epoch(2027, 2, 1))
    run = project.check()
    assert run.returncode == 0, "an old page is no fault"
    assert "docs/index.md: last reviewed on 2026-01-01" in run.stderr


# Problems as text.


def test_report_is_in_order_and_counts() -> None:
    problems = [
        Problem("b", 2, "x"),
        Problem("a", 10, "y", "do z"),
        Problem("a", 9, "y"),
        Problem("b", 2, "x"),
        Problem("b", 0, "w"),
    ]
    assert report(problems) == "4 problems:\na:9: y\na:10: y\n    do z\nb: w\nb:2: x"
    assert report([Problem("a", 1, "x")]) == "1 problem:\na:1: x"
    assert report([]) == "No problems."


def test_refusing_stops_mkdocs_without_a_traceback() -> None:
    from mkdocs.exceptions import BuildError

    with pytest.raises(BuildError, match="a:1: x") as caught:
        refuse([Problem("a", 1, "x")])
    assert not isinstance(caught.value, GuideError)
    assert "the published site is as it was" in str(caught.value)


@pytest.mark.parametrize(
    ("name", "known", "expected"),
    [
        ("ctie", ["cite", "textcite"], "cite"),
        ("Monson2020", ["monson2020", "monson2012"], "monson2020"),
        ("MONSON2020", ["Monson2020"], "Monson2020"),
        ("xyz", ["monson2020"], ""),
        ("", ["a"], ""),
        ("a", [], ""),
    ],
)
def test_nearest(name: str, known: list[str], expected: str) -> None:
    assert nearest(name, known) == expected


def test_an_empty_docs_folder_is_no_fault_of_a_page(tmp_path: Path) -> None:
    project = Project(tmp_path / "empty")
    (project.root / "docs/index.md").unlink()
    guide = check(project)
    assert guide.pages == {}
    assert guide.problems == ()
