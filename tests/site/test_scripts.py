"""Pages load the scripts that they need and no others, and all of them together stay small."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.benchmarks.reader import CSS_BOUND, JS_BOUND, own

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from bs4 import BeautifulSoup

WIDGETS = "decision-tree, self-check, course-module, course-progress"


def test_only_pages_with_widgets_load_their_scripts(soups: Mapping[str, BeautifulSoup]) -> None:
    loads = {path for path, soup in soups.items() if soup.select('script[src*="javascripts/widgets."]')}
    needs = {path for path, soup in soups.items() if soup.select_one(WIDGETS)}
    assert needs == loads != set()


def test_every_page_loads_one_script_before_the_themes(soups: Mapping[str, BeautifulSoup]) -> None:
    for path, soup in soups.items():
        names = [str(script["src"]).rsplit("/", 1)[-1].split(".")[0] for script in soup.select("body script[src]")]
        assert [name for name in names if name not in ("iframe-worker", "widgets")] == ["guide", "bundle"], path
        assert all(script.has_attr("defer") for script in soup.select("body script[src]")), path


def test_all_scripts_together_and_all_styles_stay_small(site: Path) -> None:
    sizes = own(site)
    assert 0 < sizes["JavaScript, with the widgets'"] <= JS_BOUND
    assert 0 < sizes["CSS"] <= CSS_BOUND


def test_no_table_of_the_site_waits_for_a_script_to_name_its_columns(soups: Mapping[str, BeautifulSoup]) -> None:
    tables = [(path, table) for path, soup in soups.items() for table in soup.select("article table:not([class])")]
    assert tables
    assert [path for path, table in tables if not table.has_attr("data-cards")] == []
