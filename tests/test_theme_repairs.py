"""The theme's faults are put right in the pages of a small site."""

from __future__ import annotations

import pytest
from bs4 import BeautifulSoup

from macros.theme_repairs import add_skip_links, repair
from tests.conftest import CONFIG, PAGE

pytestmark = pytest.mark.slow

NAV = "nav:\n  - index.md\n  - Section:\n      - section/index.md\n      - section/page.md\n"


@pytest.fixture(scope="module")
def soups(make_project):
    project = make_project()
    project.write(
        "mkdocs.yml",
        CONFIG.replace("  font: false", "  font: false\n  features: [navigation.indexes, navigation.sections]") + NAV,
    )
    for name in ("section/index", "section/page"):
        project.write(f"docs/{name}.md", PAGE)
    run = project.build()
    assert run.returncode == 0, run.stderr
    return {
        path.relative_to(project.root / "site").as_posix(): BeautifulSoup(path.read_text("utf-8"), "html.parser")
        for path in (project.root / "site").rglob("*.html")
    }


def test_dialogs_have_names(soups):
    for name, soup in soups.items():
        dialogs = soup.select("[role=dialog]")
        assert [one.get("aria-label") for one in dialogs] == ["Search"], name


def test_check_boxes_say_nothing_of_completion(soups):
    for soup in soups.values():
        boxes = soup.select("input[type=checkbox]")
        assert boxes
        assert not [box for box in boxes if box.has_attr("autocomplete")]


def test_no_number_is_empty(soups):
    for soup in soups.values():
        assert not soup.select('[tabindex=""]')


def test_labels_point_at_something(soups):
    for name, soup in soups.items():
        ids = {tag["id"] for tag in soup.select("[id]")}
        assert {label["for"] for label in soup.select("label[for]")} <= ids, name


def test_the_themes_script_does_not_hold_up_the_page(soups):
    for soup in soups.values():
        (script,) = soup.select('script[src*="javascripts/bundle."]')
        assert script.has_attr("defer")


def test_what_the_theme_does_right_stays():
    html = '<label class="md-nav__title" for="__toc"><input id="__toc" type="checkbox" tabindex="0">'
    assert repair(html) == html


def test_what_a_page_is_for_has_a_skip_link():
    skip = '<div data-md-component="skip"><a href="#top" class="md-skip">Skip to content</a></div>'
    html = f'{skip}<p id="other">data-skip="no"</p><div class="box" id="tree" data-skip="Skip to it">Tree</div>'
    soup = BeautifulSoup(add_skip_links(html), "html.parser")
    links = [(link["href"], link.get_text()) for link in soup.select("[data-md-component=skip] a.md-skip")]
    assert links == [("#top", "Skip to content"), ("#tree", "Skip to it")]
    assert add_skip_links(skip) == skip
