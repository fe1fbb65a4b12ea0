"""All stylesheets become one, whose pictures and fonts are still found."""

from __future__ import annotations

import re

import pytest
from bs4 import BeautifulSoup

from tests.conftest import CONFIG, ROOT, Project

pytestmark = pytest.mark.slow

TEMPLATES = (
    "theme:\n  name: material\n  custom_dir: overrides\n  palette: {scheme: default}\n  icon: {logo: material/book}"
)
STYLED = CONFIG.replace("theme:\n  name: material", TEMPLATES) + "extra_css: [assets/own.css, assets/more/print.css]\n"


@pytest.fixture
def styled(project):
    (project.root / "overrides").symlink_to(ROOT / "overrides")
    project.write("mkdocs.yml", STYLED)
    project.write("docs/assets/fonts/text.woff2", b"font")
    project.write("docs/assets/search-on-demand.js", "")
    project.write(
        "docs/assets/own.css",
        '/* A remark. */\n@font-face { src: url(fonts/text.woff2) format("woff2"); }\n'
        '.mark { mask: url("data:image/svg+xml,<svg/>"); }\n',
    )
    project.write("docs/assets/more/print.css", "@media print { .last { background: url('../fonts/text.woff2') } }\n")
    return project


def stylesheets(project: Project, name: str = "index.html") -> list[str]:
    soup = BeautifulSoup(project.read(f"site/{name}"), "html.parser")
    return [str(link["href"]) for link in soup.select("link[rel=stylesheet]")]


def test_pages_link_to_one_stylesheet(styled):
    run = styled.build()
    assert run.returncode == 0, run.stderr
    (name,) = stylesheets(styled)
    css = styled.read(f"site/{name}")
    assert css.index(".md-header") < css.index("@font-face") < css.index(".last")
    assert "A remark" not in css
    assert "sourceMappingURL" not in css
    assert 'url("data:image/svg+xml,<svg/>")' in css
    addresses = re.findall(r'url\("(\.\.[^"]*)"\)', css)
    assert len(addresses) == 2
    for address in addresses:
        assert (styled.root / "site" / "assets" / "stylesheets" / address).resolve().read_bytes() == b"font"


def test_rules_that_serve_no_page_are_left_out(styled):
    """Switching colours would reckon the whole page's style twice at each opening; nothing here writes tabs."""
    assert styled.build().returncode == 0
    (name,) = stylesheets(styled)
    css = styled.read(f"site/{name}")
    assert "[data-md-color-switching]" not in css
    assert ".tabbed-labels" not in css
    assert ".footnote" not in css
    assert ".md-typeset .admonition" in css
    assert css.count("{") == css.count("}")


def test_rules_of_an_extension_that_is_used_stay(styled):
    used = "markdown_extensions:\n  - footnotes\n  - pymdownx.tabbed"
    styled.write("mkdocs.yml", STYLED.replace("markdown_extensions:", used))
    assert styled.build().returncode == 0
    (name,) = stylesheets(styled)
    css = styled.read(f"site/{name}")
    assert ".tabbed-labels" in css
    assert ".footnote" in css
    assert ".critic" not in css


def test_its_name_changes_with_its_content(styled):
    assert styled.build().returncode == 0
    before = stylesheets(styled)
    styled.write("docs/assets/own.css", ".other { color: red }\n")
    assert styled.build().returncode == 0
    assert stylesheets(styled) != before


def test_what_lies_elsewhere_stays_a_link(styled):
    styled.write("mkdocs.yml", STYLED.replace("[assets/own.css", "[https://example.org/a.css, assets/own.css"))
    assert styled.build().returncode == 0
    assert len(stylesheets(styled)) == 2
    assert "https://example.org/a.css" in stylesheets(styled)


def test_another_theme_keeps_its_stylesheets(project):
    project.write(
        "mkdocs.yml",
        CONFIG.replace("name: material", "name: mkdocs").replace("  font: false\n", "") + "extra_css: [own.css]\n",
    )
    project.write("docs/own.css", "p { color: red }")
    run = project.build()
    assert run.returncode == 0, run.stderr
    assert "own.css" in stylesheets(project)
