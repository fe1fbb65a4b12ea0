"""What the content policy allows, and what a build says that browsers would not obey."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest

from macros.content_policy import ContentPolicy
from tests.conftest import CONFIG, PAGE

if TYPE_CHECKING:
    from tests.conftest import Project

GUIDE_PAGE = PAGE.replace("---\n\n", "kind: guide\n---\n\n")
HEAD = '<head><meta charset="utf-8"><script>__md_scope=new URL("{}",location),a=1</script></head>'
THEME = HEAD.format("/guide/") + "<script>palette()</script>"


@pytest.fixture
def policy() -> ContentPolicy:
    policy = ContentPolicy()
    policy.learn(THEME)
    return policy


def hashes(html: str) -> int:
    return len(re.findall("'sha256-[^']+'", html))


def test_the_themes_scripts_are_allowed_however_deep_the_page_lies(policy: ContentPolicy) -> None:
    page = HEAD.format("../..") + "<script>palette()</script>"
    assert policy.refused(page) == []
    assert hashes(policy.protect(page)) == 2
    assert policy.protect(page).startswith('<head><meta charset="utf-8"><meta http-equiv="Content-Security-Policy"')


def test_a_page_without_the_encoding_is_protected_too(policy: ContentPolicy) -> None:
    assert policy.protect("<head><title>x</title>").startswith('<head><meta http-equiv="Content-Security-Policy"')


@pytest.mark.parametrize(
    "slipped",
    [
        "<script>evil()</script>",
        "<SCRIPT\ntype='module'>evil()</SCRIPT>",
        '<script>__md_scope=new URL("..",location),a=1;evil()</script>',
        '<script>__md_scope=new URL("",location),evil(),x("",location),a=1</script>',
        '<p style="color:red">x</p>',
        '<img src="x" onerror="evil()">',
        "<style>p { color: red }</style>",
        '<a href="javascript:evil()">x</a>',
    ],
)
def test_what_is_not_the_themes_is_not_allowed(policy: ContentPolicy, slipped: str) -> None:
    page = HEAD.format(".") + slipped
    assert len(policy.refused(page)) == 1
    assert hashes(policy.protect(page)) == 1


@pytest.mark.parametrize(
    "harmless",
    [
        '<script src="a.js"></script>',
        '<script type="application/json">{}</script>',
        "<script></script>",
        '<p>In HTML, style="color" and onclick="x" are attributes; javascript: is not.</p>',
        "<code>&lt;p style=&quot;color&quot;&gt;</code>",
    ],
)
def test_what_is_harmless_is_not_told(policy: ContentPolicy, harmless: str) -> None:
    assert policy.refused(harmless) == []


def test_a_build_says_what_browsers_would_not_obey(project: Project) -> None:
    project.write("docs/index.md", GUIDE_PAGE + '\n<p style="color: red">Red</p>\n\n<script>evil()</script>\n')
    build = project.build()
    assert build.returncode != 0
    assert re.search(
        r'index\.md: browsers will not obey `style="color: red`; put it into a file of docs/assets', build.stderr
    )
    assert "index.md: browsers will not obey `evil()`" in build.stderr
    assert not (project.root / "site").exists()


def test_columns_are_aligned_without_a_style(project: Project) -> None:
    tables = "  - tables:\n      use_align_attribute: true\n"
    project.write("mkdocs.yml", CONFIG.replace("  - tables\n", tables) + "site_url: https://example.org/a/guide/\n")
    project.write("docs/index.md", GUIDE_PAGE + "\n| A |\n| ---: |\n| 1 |\n")
    assert project.build().returncode == 0
    assert '<td align="right"' in project.read("site/index.html")
    assert [hashes(project.read(f"site/{name}.html")) for name in ("index", "404")] == [3, 3]
