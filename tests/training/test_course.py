"""A course as HTML: complete without JavaScript, everything escaped, the right answer in no telling place."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from bs4 import BeautifulSoup

from macros.training.html import shuffled
from tests.conftest import Project
from tests.training.test_bad_modules import write

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    project = Project(tmp_path_factory.mktemp("course") / "project")
    write(project)
    run = project.build()
    assert run.returncode == 0, run.stderr
    return project.root / "site" / "training"


def soup(built: Path, name: str) -> Any:
    return BeautifulSoup((built / name).read_text("utf-8"), "html.parser")


def test_questions_and_answers_stand_on_the_page(built: Path) -> None:
    page = soup(built, "first.html")
    items = page.select(".quiz-item")
    assert [item["data-kind"] for item in items] == ["one", "several", "match", "order", "one", "one"]
    for item in items:
        said = {row["data-option"] for row in item.select(".quiz-options [data-option]")}
        assert said == {row["data-option"] for row in item.select(".quiz-answer [data-option]")}
        assert len(said) == 3
        assert item.select_one("details.quiz-answer summary")
        assert item.select(".quiz-pages a[href]")
    verdicts = [row.text.split(":")[0].split(". ")[1] for row in items[0].select(".quiz-answer li b")]
    assert sorted(verdicts) == ["Right", "Wrong", "Wrong"]
    assert items[0].select_one(".quiz-why a.cite")
    assert [row.select_one("p").text.split(") ")[1] for row in items[3].select(".quiz-answer li")] == [
        "Morning",
        "Noon",
        "Night",
    ]


def test_letters_in_the_answer_name_the_options_as_they_are_listed(built: Path) -> None:
    for item in soup(built, "first.html").select(".quiz-item"):
        listed = [row["data-option"] for row in item.select(".quiz-options ol [data-option]")]
        for row in item.select(".quiz-answer [data-option]"):
            letter = "ABC"[listed.index(row["data-option"])]
            assert f"{letter}." in row.text or f"({letter})" in row.text


def test_nothing_of_the_data_is_run(built: Path) -> None:
    page = soup(built, "first.html")
    assert "This <b>one</b>" in page.select_one(".quiz-options").text
    assert not page.select(".quiz-options b")
    assert "First & foremost" in soup(built, "index.html").select_one(".course-modules").text


def test_head_and_end_say_what_a_module_is(built: Path) -> None:
    page = soup(built, "first.html")
    head = page.select_one("course-module")
    assert "What is it?" in head.text
    assert "Tell it apart" in head.text
    assert [link["href"] for link in head.select(".module-read a")] == ["../index.html", "first.html#sources"]
    assert "about 5 minutes" in head.text
    end = page.select_one(".module-end")
    assert end.select_one("a.cite")
    assert "Ask." in end.select_one(".admonition.reading").text


def test_the_course_names_what_a_script_counts(built: Path) -> None:
    page = soup(built, "index.html")
    module = page.select_one("[data-module=first]")
    assert module["data-items"].split() == ["which", "which-two", "pairs", "steps", "again", "apart"]
    assert [row["data-items"].split() for row in module.select("details [data-items]")] == [
        ["which", "which-two"],
        ["pairs", "apart"],
        ["steps", "again"],
    ]
    assert page.select_one("[data-case=small-case] a")["href"] == "cases/small-case.html"


def test_the_syllabus_shows_items_pages_and_sources_of_each_objective(built: Path) -> None:
    page = soup(built, "syllabus.html")
    rows = page.select(".syllabus tbody tr")[1:]
    assert [row.select_one("th").text for row in rows] == ["Name it", "Tell it apart", "Order it"]
    assert [link["href"] for link in rows[0].select("td")[0].select("a")] == [
        "first.html#q-which",
        "first.html#q-which-two",
    ]
    assert "1 source" in rows[0].select("td")[2].text
    assert rows[0].select_one("a.cite")
    assert "This guide’s reading" in rows[1].select("td")[2].text


def test_a_case_shows_scenes_and_what_follows(built: Path) -> None:
    page = soup(built, "cases/small-case.html")
    assert page.select_one("decision-tree").has_attr("data-case")
    assert [scene.text for scene in page.select(".tree-scene")] == ["Somebody calls.", "You call back."]
    follows = page.select(".tree-follows")
    assert [one["data-fit"] for one in follows] == ["good", "acceptable", "poor", "good", "poor"]
    assert "They wait." in follows[1].text
    assert follows[0].select_one("a.cite")


def test_orders_differ_by_seed_and_stay() -> None:
    values = list(range(6))
    assert shuffled(values, "a") == shuffled(values, "a")
    assert len({tuple(shuffled(values, str(seed))) for seed in range(20)}) > 15
    assert sorted(shuffled(values, "b")) == values
