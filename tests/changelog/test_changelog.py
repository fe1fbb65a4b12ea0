"""The changelog as a page."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from bs4 import BeautifulSoup

from macros.changelog import relinked
from macros.settings import Settings
from tests.conftest import CONFIG

if TYPE_CHECKING:
    from tests.conftest import Project

PAGE = "---\ndescription: D.\nreviewed: 2026-01-01\nkind: guide\n---\n\n# What has changed\n\n{{ changelog() }}\n"
CHANGELOG = """# Changelog

Follows [a format](https://keepachangelog.com/).

## Unreleased

### Added

- Braces stay: `{{ cite("nobody") }}`. See [the start](docs/index.md) and [how to help](CONTRIBUTING.md).
"""


@pytest.mark.parametrize(
    ("target", "repo", "expected"),
    [
        ("docs/safety/index.md#law", "", "[x](../safety/index.md#law)"),
        ("docs/about/cite.md", "", "[x](cite.md)"),
        ("CONTRIBUTING.md", "", "x"),
        ("CONTRIBUTING.md", "https://example.org/r", "[x](https://example.org/r/blob/HEAD/CONTRIBUTING.md)"),
        ("https://example.org/docs/", "", "[x](https://example.org/docs/)"),
        ("#unreleased", "", "[x](#unreleased)"),
    ],
)
def test_links_lead_to_the_same(target: str, repo: str, expected: str) -> None:
    assert relinked(f"See [x]({target}).", "about/changelog.md", Settings(repo_url=repo)) == f"See {expected}."


def test_the_page_holds_the_file(project: Project) -> None:
    project.write("docs/about/changelog.md", PAGE)
    project.write("CHANGELOG.md", b"\xef\xbb\xbf" + CHANGELOG.replace("\n", "\r\n").encode())
    project.write("mkdocs.yml", CONFIG)
    build = project.build()
    assert build.returncode == 0, build.stderr
    article = BeautifulSoup(project.read("site/about/changelog.html"), "html.parser").select_one("article")
    assert article is not None
    assert [heading.get_text() for heading in article.select("h1, h2, h3")] == [
        "What has changed",
        "Unreleased",
        "Added",
    ]
    assert [link["href"] for link in article.select("a[href]")] == ["https://keepachangelog.com/", "../index.html"]
    assert 'Braces stay: {{ cite("nobody") }}. See the start and how to help.' in " ".join(article.get_text().split())


def test_a_missing_changelog_is_told(project: Project) -> None:
    project.write("docs/about/changelog.md", PAGE)
    said = project.check().stderr
    assert "docs/about/changelog.md:9: CHANGELOG.md cannot be read:" in said
    assert "Put CHANGELOG.md beside mkdocs.yml" in said
