"""`security.txt`, and what the address of the repository changes on pages."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from macros.guide import Guide
from macros.pages import parse_page
from macros.registry import MACRO_NAMES
from macros.security_txt import security_txt
from macros.settings import Settings
from tests.conftest import CONFIG, PAGE

if TYPE_CHECKING:
    from pathlib import Path

    from tests.conftest import Project


def text_of(root: Path, repo_url: str = "", site_url: str = "") -> str:
    page, _ = parse_page(PAGE, "docs/index.md", "index.md", MACRO_NAMES)
    return security_txt(Guide(root, Settings(repo_url=repo_url, site_url=site_url), {"index.md": page})).get(
        ".well-known/security.txt", ""
    )


def test_a_guide_without_a_repository_promises_no_contact(tmp_path: Path) -> None:
    assert text_of(tmp_path) == ""


@pytest.mark.parametrize(
    ("repository", "contact"),
    [
        ("https://github.com/owner/guide", "https://github.com/owner/guide/security/advisories/new"),
        ("https://codeberg.org/owner/guide", "https://codeberg.org/owner/guide"),
    ],
)
def test_the_contact_is_the_repository(tmp_path: Path, repository: str, contact: str) -> None:
    assert text_of(tmp_path, repo_url=repository, site_url="https://example.org/guide/").splitlines() == [
        f"Contact: {contact}",
        "Expires: 2026-12-31T00:00:00Z",
        "Preferred-Languages: en",
        "Canonical: https://example.org/guide/.well-known/security.txt",
    ]


@pytest.mark.slow
def test_a_build_with_a_repository(project: Project, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("REPO_URL", "https://github.com/owner/guide")
    project.write("mkdocs.yml", CONFIG + 'repo_url: !ENV [REPO_URL, ""]\n')
    assert project.build().returncode == 0
    assert "github.com/owner/guide/security/advisories" in project.read("site/.well-known/security.txt")
    page = project.read("site/index.html")
    assert 'href="https://github.com/owner/guide"' in page
    assert 'data-md-component="source"' not in page, "the theme would ask the host for the repository's stars"
