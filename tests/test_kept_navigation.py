"""The navigation is drawn once where it is the same, and reads as if it were drawn anew on each page."""

from __future__ import annotations

from importlib.metadata import distribution
from pathlib import Path
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

import jinja2
import pytest

from macros.kept_navigation import _CALLS, keep_navigation
from tests.conftest import CONFIG, PAGE

if TYPE_CHECKING:
    from tests.conftest import Project

#: Another hook of the same project, which lets every item be drawn on every page.
ANEW = """from mkdocs.plugins import event_priority

@event_priority(-1000)
def on_env(env, config, files):
    assert "guide_item" in env.globals
    env.globals["guide_item"] = lambda page, render, *rest: render(*rest)
    return env
"""
NAV = """nav:
  - index.md
  - One:
      - one/index.md
      - Second: one/b.md
      - Deeper:
          - one/deep/index.md
          - Deepest:
              - one/deep/c.md
              - one/deep/d.md
      - Elsewhere: https://example.org/
  - Mixed:
      - one/e.md
      - two/f.md
  - Two:
      - two/g.md
  - Elsewhere: https://example.org/
"""
#: Is in no navigation.
ALONE = "two/alone.md"


@pytest.mark.slow
@pytest.mark.parametrize("addresses", ["use_directory_urls: false", "use_directory_urls: true"])
@pytest.mark.parametrize(
    "features",
    [
        "[]",
        "[navigation.prune, navigation.indexes]",
        "[navigation.tabs, navigation.sections, navigation.indexes, toc.integrate]",
        "[navigation.sections, navigation.expand]",
    ],
)
def test_every_page_is_as_if_drawn_anew(project: Project, features: str, addresses: str) -> None:
    icon = PAGE.replace("reviewed:", "icon: material/book\nstatus: new\nreviewed:")
    for number, name in enumerate(line.split()[-1] for line in [*NAV.splitlines(), ALONE] if line.endswith(".md")):
        title = f"# <em>Page</em> {number} & more"
        project.write(f"docs/{name}", (icon if number % 3 else PAGE).replace("# A page", title))
    config = CONFIG.replace("use_directory_urls: false", addresses).replace("strict: true", "strict: false")
    assert_same(project, config.replace("  font: false", f"  font: false\n  features: {features}") + NAV)


@pytest.mark.slow
def test_a_page_that_stands_in_the_place_of_a_blog_is_as_if_drawn_anew(project: Project) -> None:
    project.write("docs/blog/index.md", PAGE.partition("A finding")[0])
    for day in (1, 2, 3):
        dated = PAGE.replace("reviewed:", f"date: 2026-01-0{day}\nreviewed:").replace("A page", f"Post {day}")
        project.write(f"docs/blog/posts/post{day}.md", dated)
    config = CONFIG.replace("strict: true", "strict: false").replace(
        "plugins:", "plugins:\n  - blog: {pagination_per_page: 1}"
    )
    assert_same(project, config + "nav:\n  - index.md\n  - Blog: [blog/index.md]\n")


def assert_same(project: Project, config: str) -> None:
    project.write("mkdocs.yml", config)
    kept = pages(project)
    project.write("anew.py", ANEW)
    project.write("mkdocs.yml", config.replace("hooks:", "hooks:\n  - anew.py"))
    anew = pages(project)
    assert len(kept) > 3
    assert kept.keys() == anew.keys()
    assert [name for name in kept if kept[name] != anew[name]] == []


def pages(project: Project) -> dict[Path, str]:
    run = project.build()
    assert run.returncode == 0, run.stderr
    site = project.root / "site"
    return {path.relative_to(site): path.read_text("utf-8") for path in site.rglob("*.html")}


@pytest.mark.parametrize("name", _CALLS)
def test_the_theme_still_draws_items_with_this_call(name: str) -> None:
    """If this fails after an update of the theme, pages are right all the same, but builds take longer."""
    templates = Path(str(distribution("mkdocs-material").locate_file("material/templates")))
    assert (templates / name).read_text("utf-8").count(_CALLS[name][0]) == 1
    env = jinja2.Environment(loader=jinja2.FileSystemLoader(templates), autoescape=False)  # noqa: S701 - not rendered
    keep_navigation(env)
    assert env.loader is not None
    assert _CALLS[name][1] in env.loader.get_source(env, name)[0]


def test_an_item_is_drawn_once_for_each_folder() -> None:
    env = jinja2.Environment(loader=jinja2.DictLoader({}), autoescape=True)
    keep_navigation(env)
    draw: Any = env.globals["guide_item"]
    drawn: list[str] = []

    def render(item: Any, path: str, level: int, parent: Any = None) -> str:
        drawn.append(f"{item.title} {path} {level} {parent and parent.active}")
        return drawn[-1]

    item = SimpleNamespace(title="Item", active=False, children=None)
    here, there = SimpleNamespace(url="a/1.html"), SimpleNamespace(url="b/1.html")
    for _ in range(2):
        for parent in (SimpleNamespace(active=False), SimpleNamespace(active=True)):
            assert draw(here, render, item, "_1", 2, parent) == f"Item _1 2 {parent.active}"
    assert len(drawn) == 2
    draw(there, render, item, "_1", 2, parent)
    assert len(drawn) == 3
    item.active = True  # it leads to the page at hand
    for _ in range(2):
        draw(there, render, item, "_1", 2, parent)
    assert len(drawn) == 5
    for _ in range(2):  # 404.html
        draw(None, render, item, "_1", 1)
    assert len(drawn) == 7


def test_what_stands_for_pages_that_the_navigation_does_not_hold_is_drawn_on_each_page() -> None:
    env = jinja2.Environment(loader=jinja2.DictLoader({}), autoescape=True)
    keep_navigation(env)
    draw: Any = env.globals["guide_item"]
    view = SimpleNamespace(active=False, children=None, pages=[])
    section = SimpleNamespace(active=False, children=[SimpleNamespace(active=False, children=[view])])
    drawn = iter("12")
    for number in "12":
        page = SimpleNamespace(url=f"a/{number}.html")
        assert draw(page, lambda *_: next(drawn), section, "_1", 1) == number
