"""A plot's axis, its drawing, and the same as a table."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import pytest
from bs4 import BeautifulSoup

from macros.forest_plots.axis import axis_of
from macros.forest_plots.drawing import figure
from macros.forest_plots.model import Plot
from tests.forest_plots.test_model import FILE, PLOT, SHOWING

if TYPE_CHECKING:
    from bs4 import Tag

    from tests.conftest import Project


def row(estimate: str, low: str, high: str, **fields: Any) -> dict[str, Any]:
    return {
        "label": "A label", "source": "key", "sample": "many", "comparator": "control",
        "estimate": estimate, "interval": [low, high], **fields,
    }  # fmt: skip


def plot(*rows: dict[str, Any], **fields: Any) -> Plot:
    groups = [{"title": "A group", "rows": list(rows)}]
    return Plot.model_validate(
        {"title": "T", "caption": "C", "measure": "M", "sides": ["left", "right"], "groups": groups, **fields}
    )


def drawn(one: Plot) -> BeautifulSoup:
    count = len(list(one.rows()))
    html = figure("name", one, "<p>C</p>", ["(S)"] * count, [""] * count, ["(S)"] * count)
    return BeautifulSoup(html, "html.parser")


def marks(soup: BeautifulSoup) -> list[Tag]:
    """The part of each row's drawing that holds its interval and its square."""
    return soup.select(".forest-bar > svg")


def x(tag: Tag | None, name: str = "x") -> float:
    assert tag is not None
    return float(str(tag[name]).removesuffix("%"))


def neutral(soup: BeautifulSoup) -> float:
    """Where the line of no effect stands, which is the same in every row."""
    places = {x(line, "x1") for line in soup.select("line.forest-neutral")}
    assert len(places) == 1
    return places.pop()


def ticks(one: Plot) -> list[str]:
    return [str(tick) for tick in axis_of(one).ticks]


@pytest.mark.parametrize(
    ("rows", "expected"),
    [
        ([row("0.24", "-0.30", "0.78")], ["-0.4", "-0.2", "0.0", "0.2", "0.4", "0.6", "0.8"]),
        ([row("1.8", "1.4", "2.2"), row("0.2", "-0.3", "0.8")], ["-0.5", "0.0", "0.5", "1.0", "1.5", "2.0", "2.5"]),
        ([row("0.4", "-9.50", "10.38")], ["-10", "-5", "0", "5", "10", "15"]),
        ([row("-60", "-90", "-40")], ["-100", "-80", "-60", "-40", "-20", "0"]),
        ([row("0", "0", "0")], ["0.000", "0.001"]),
    ],
)
def test_the_axis_has_round_numbers_and_holds_every_interval_and_no_effect(
    rows: list[dict[str, Any]], expected: list[str]
) -> None:
    one = plot(*rows)
    assert ticks(one) == expected
    axis = axis_of(one)
    for value in [Decimal(0), *(end for _, each in one.rows() for end in each.interval)]:
        assert axis.low <= value <= axis.high


@pytest.mark.parametrize(
    ("rows", "fields", "expected"),
    [
        ([row("2.85", "1.14", "7.15")], {}, ["1", "2", "5", "10"]),
        ([row("2.03", "0.67", "6.15")], {}, ["0.5", "1", "2", "5", "10"]),
        ([row("29", "3.45", "242")], {}, ["1", "3", "10", "30", "1E+2", "3E+2"]),
        ([row("1", "0.001", "1000")], {}, ["0.001", "0.01", "0.1", "1", "1E+1", "1E+2", "1E+3"]),
        ([row("29", "3.45", "242")], {"axis": ["0.5", "50"]}, ["0.5", "1", "2", "5", "1E+1", "2E+1", "5E+1"]),
    ],
)
def test_the_axis_of_ratios(rows: list[dict[str, Any]], fields: dict[str, Any], expected: list[str]) -> None:
    assert [Decimal(tick) for tick in ticks(plot(*rows, scale="log", **fields))] == [Decimal(one) for one in expected]


def test_equal_ratios_are_equally_wide() -> None:
    axis = axis_of(plot(row("1", "0.1", "10"), scale="log"))
    places = [axis.place(Decimal(value)) for value in ("0.1", "1", "10")]
    assert places[1] - places[0] == pytest.approx(places[2] - places[1])
    assert axis.place(Decimal(2)) - axis.place(Decimal(1)) == pytest.approx(
        axis.place(Decimal("0.4")) - axis.place(Decimal("0.2")), abs=0.02
    )


def test_equal_differences_are_equally_wide() -> None:
    axis = axis_of(plot(row("0", "-1", "3")))
    assert axis.place(Decimal(1)) - axis.place(Decimal(0)) == pytest.approx(
        axis.place(Decimal(3)) - axis.place(Decimal(2))
    )


@pytest.mark.parametrize("count", [1, 40])
def test_every_row_is_drawn_at_its_place(count: int) -> None:
    rows = [row(str(n / 10), str(n / 10 - 0.35), str(n / 10 + 0.15)) for n in range(count)]
    one = plot(*rows)
    soup, axis = drawn(one), axis_of(one)
    assert len(marks(soup)) == count
    assert neutral(soup) == axis.place(Decimal(0))
    for mark, (_, each) in zip(marks(soup), one.rows(), strict=True):
        line, square = mark.find("line"), mark.find("rect")
        low, high, middle = x(line, "x1"), x(line, "x2"), x(square)
        assert 0 <= low < middle < high <= 100
        assert [low, middle, high] == [axis.place(n) for n in (each.interval[0], each.estimate, each.interval[1])]
        # A square is hollow if, and only if, its line is seen to reach that of no effect.
        assert (low <= neutral(soup) <= high) == (square is not None and square["class"] == ["forest-hollow"])


def test_the_line_of_no_effect_is_at_1_for_ratios_and_is_named() -> None:
    one = plot(row("2", "0.5", "8"), scale="log", no_effect="no difference")
    soup = drawn(one)
    assert neutral(soup) == axis_of(one).place(Decimal(1))
    assert soup.select("text.forest-neutral-label")[0].get_text() == "no difference"
    assert "log scale" in soup.select(".forest-measure")[0].get_text()


def test_an_interval_that_leaves_the_axis_ends_in_an_arrow() -> None:
    soup = drawn(plot(row("1", "-9", "2"), row("1", "0.5", "9"), row("1", "0", "2"), axis=["-1", "2"]))
    arrows = [[x(arrow.parent) for arrow in mark.select("path")] for mark in marks(soup)]
    assert arrows == [[5.0], [95.0], []]
    assert [len(mark.find_all("line")) for mark in marks(soup)] == [2, 2, 3], "an end has an arrow or a tick"


def test_numbers_have_real_minus_signs() -> None:
    soup = drawn(plot(row("-0.50", "-1.10", "0.1")))
    assert "-" not in soup.get_text()
    assert soup.select(".forest-number")[1].get_text() == "−0.50 (−1.10 to 0.1)"
    assert soup.select(".forest-foot text")[0].get_text() == "−1.5"


def test_levels_are_told_once_if_they_are_one() -> None:
    soup = drawn(plot(row("1", "0", "2"), row("1", "0", "2", label="B")))
    assert soup.select(".forest-head")[1].get_text() == "Estimate (95% CI)"
    soup = drawn(plot(row("1", "0", "2"), row("1", "0", "2", label="B", level="not stated")))
    assert [one.get_text() for one in soup.select(".forest-number")] == [
        "Estimate (interval)", "1 (95% CI 0 to 2)", "1 (CI, level not stated 0 to 2)",
    ]  # fmt: skip


def test_text_is_text() -> None:
    label = "<script>alert(1)</script> & " + "a very long label " * 20
    soup = drawn(plot(row("1", "0", "2", label=label, sample='"<b>', comparator="<i>"), title="<u>"))
    assert not soup.select("script, i, u")
    assert soup.select(".forest-row b")[0].get_text() == label.strip()


def test_a_screen_reader_has_the_title_and_one_sentence() -> None:
    soup = drawn(plot(row("1", "-1", "2"), row("1", "0.5", "2", label="B")))
    grid = soup.select(".forest-grid")[0]
    assert grid["role"] == "img"
    assert soup.find(id=str(grid["aria-labelledby"])).get_text() == "T"  # type: ignore[union-attr]
    said = " ".join(soup.find(id=str(grid["aria-describedby"])).get_text().split())  # type: ignore[union-attr]
    assert "Hollow square: the interval includes no effect (1 of 2). Filled square: it does not (1 of 2)." in said
    assert not grid.select("a, [tabindex]"), "what is one picture holds nothing to step on"


def test_the_table_says_in_words_what_the_squares_show() -> None:
    soup = drawn(plot(row("1", "-1", "2"), row("1", "0.5", "2", label="B"), row("-1", "-2", "-0.5", label="C")))
    cells = [one.find_all("td")[3].get_text() for one in soup.select("tbody tr")]
    assert cells == [
        "1 (95% CI −1 to 2): includes no effect",
        "1 (95% CI 0.5 to 2): all on the side of “right”",
        "−1 (95% CI −2 to −0.5): all on the side of “left”",
    ]
    assert soup.select("details p")[0].get_text() == "M; 0 is no effect. Below it stands “left”, above it “right”."


def test_it_stands_on_the_built_page(project: Project) -> None:
    """The table holds the data, its citations are links, and the search finds the words once."""
    project.write(FILE, PLOT)
    project.write("docs/index.md", SHOWING)
    run = project.build()
    assert run.returncode == 0, run.stderr
    soup = BeautifulSoup(project.read("site/index.html"), "html.parser")
    rows = [[cell.get_text().strip() for cell in one.find_all("td")] for one in soup.select(".forest tbody tr")]
    assert rows == [
        ["After therapy: First", "waiting list", "6 couples", "0.5 (95% CI −0.1 to 1.1): includes no effect",
         "(Monson et al., 2020)"],
        ["After therapy: Second", "waiting list", "8 couples",
         "0.20 (90% CI 0.1 to 0.30): all on the side of “favours therapy”",
         "(Monson et al., 2020) Read in two places."],
    ]  # fmt: skip
    # One citation in the text, one in the caption, two in the table: each has an anchor, to which the list leads back.
    anchors = [str(link["id"]) for link in soup.select("a.cite[id]")]
    assert len(anchors) == 4
    assert {f"#{anchor}" for anchor in anchors} == {str(link["href"]) for link in soup.select(".source-back a")}
    assert [one.get_text() for one in soup.select(".forest-row span")] == [
        f"{who} couples, compared with waiting list (Monson et al., 2020)" for who in (6, 8)
    ]
    index = project.read("site/search/search_index.json")
    assert len(re.findall("8 couples", index)) == 1


def test_without_the_extension_the_page_is_the_same(project: Project) -> None:
    project.write(FILE, PLOT)
    project.write("docs/index.md", SHOWING)
    texts = []
    for config in (project.read("mkdocs.yml"), project.read("mkdocs.yml").replace("  - macros.markdown_blocks\n", "")):
        project.write("mkdocs.yml", config)
        assert project.build().returncode == 0
        soup = BeautifulSoup(project.read("site/index.html"), "html.parser")
        texts.append(" ".join(soup.select("figure.forest")[0].get_text(" ").split()))
    assert texts[0] == texts[1]
