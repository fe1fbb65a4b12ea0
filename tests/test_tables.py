"""Cells of tables name their column."""

from __future__ import annotations

import markdown
import pytest
from bs4 import BeautifulSoup

from macros.tables import with_columns
from tests.conftest import CONFIG, PAGE


def columns(text: str) -> list[str | None]:
    """The columns that the cells of a Markdown text name, in order."""
    html = markdown.markdown(text, extensions=["tables", "attr_list", "macros.tables"])
    return [
        str(cell["data-column"]) if cell.has_attr("data-column") else None
        for cell in BeautifulSoup(html, "html.parser").select("td")
    ]


def test_each_cell_names_its_column():
    assert columns("| One | *Two* `x` |\n| --- | --- |\n| a | b |\n| c | d |") == ["One", "Two x", "One", "Two x"]


def test_escapes_and_raw_html_in_a_heading_leave_its_text():
    assert columns('| A \\| B | <b>C</b> & "D" |\n| --- | --- |\n| a | b |') == ["A | B", 'C & "D"']


def test_a_heading_may_be_empty():
    assert columns("|  | Two |\n| --- | --- |\n| a | b |") == ["", "Two"]


def test_a_table_without_headings_stays_a_table():
    assert columns("|  |  |\n| --- | --- |\n| a | b |") == [None, None]


@pytest.mark.slow
def test_citations_in_headings_are_left_out(project):
    project.write("mkdocs.yml", CONFIG.replace("  - tables\n", "  - tables\n  - macros.tables\n"))
    project.write(
        "docs/index.md", PAGE + '\n| Trial {{ cite("monson2020") }} |\n| --- |\n| A cell {{ cite("monson2020") }} |\n'
    )
    run = project.build()
    assert run.returncode == 0, run.stderr
    (cell,) = BeautifulSoup(project.read("site/index.html"), "html.parser").select("td")
    assert cell["data-column"] == "Trial"
    assert "Monson" in cell.get_text()


def test_a_table_made_as_html_gets_the_same():
    table = (
        '<table aria-label="A"><thead><tr><th scope="col"><a href="#x">One</a></th><th>Say "two"</th></tr></thead>'
        '<tbody><tr><th colspan="2">Group</th></tr><tr><td id="a">1</td><td>2</td><td>3</td></tr></tbody></table>'
    )
    soup = BeautifulSoup(with_columns(table), "html.parser")
    assert soup.select("table[data-cards][aria-label=A]")
    assert [cell.get("data-column") for cell in soup.select("tbody td")] == ["One", 'Say "two"', ""]
    assert not soup.select("thead [data-column]")
    assert [cell.text for cell in soup.select("td#a")] == ["1"]
