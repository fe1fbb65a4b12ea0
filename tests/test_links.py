"""Links between pages: the check says what a strict build would refuse, with the line and the remedy."""

from __future__ import annotations

import re
import time
from typing import TYPE_CHECKING

import pytest

from macros.guide import load_guide
from macros.links import anchors_of, check_page_links
from macros.pages import parse_page
from tests.conftest import PAGE, ROOT

if TYPE_CHECKING:
    from tests.conftest import Project

OTHER = (
    PAGE.replace("# A page", "# Another page")
    .replace("reviewed", "kind: guide\nreviewed", 1)
    .replace(
        "## Sources",
        """## How to *find* out: `code` & “quotes” -- done

## Twice

## Twice

## Named { #by-hand }

A paragraph.
{ #paragraph .note }

<a id="in-html"></a>

Underlined
----------

```
## In a fence
```

## Sources""",
    )
)


def linked(project: Project, *targets: str) -> Project:
    """Give a project whose start page has a link to each target, on line 9 and each further line."""
    links = "\n".join(f"- [A link]({target}) {{{{ reading() }}}}" for target in targets)
    project.write("docs/index.md", PAGE.replace("A finding", f"{links}\n\nA finding"))
    project.write("docs/more/other.md", OTHER)
    project.write("docs/picture.svg", "<svg/>")
    project.write("docs/with space.md", PAGE)
    return project


RIGHT = (
    "more/other.md", "./more/other.md#twice", "more/other.md#twice_1", "more/other.md#by-hand", "more/other.md#paragraph",
    "more/other.md#how-to-find-out-code-quotes-done", "more/other.md#in-html", "more/other.md#underlined", "#sources",
    "index.md#a-page", "picture.svg", "with%20space.md", "<with space.md#a-page>", "https://example.org/x#y",
    "mailto:somebody@example.org", 'more/other.md "A title"',
)  # fmt: skip
WRONG = {
    "more/othr.md": ("no page and no file", "Did you mean `more/other.md`?"),
    "more/othr.md#twice": ("no page and no file", "Did you mean `more/other.md#twice`?"),
    "more/other.md#twise": ("no place on docs/more/other.md", "Did you mean `#twice`?"),
    "more/other.md#in-a-fence": ("no place on docs/more/other.md", "Its headings give: "),
    "#nowhere": ("no place on docs/index.md", "Its headings give: #a-page, #sources."),
    "nothing.svg": ("no page and no file", ""),
    "/more/other.md": ("begins with a slash", "Write the way from this page"),
}


def test_right_links_are_accepted(project: Project) -> None:
    run = linked(project, *RIGHT).check()
    assert run.returncode == 0, run.stderr


@pytest.mark.parametrize("target", WRONG)
def test_a_wrong_link_is_told_with_its_line(project: Project, target: str) -> None:
    problems = load_guide(linked(project, "more/other.md", target).root, render=False).problems
    assert [(problem.path, problem.line) for problem in problems] == [("docs/index.md", 9)]
    assert f"The link `{target}` " in problems[0].message
    assert WRONG[target][0] in problems[0].message
    assert WRONG[target][1] in problems[0].hint


def test_pictures_and_links_defined_elsewhere_are_looked_at(project: Project) -> None:
    text = "![A picture](nothing.svg) and [a page][there].\n\n[there]: nowhere.md\n\nA finding"
    project.write("docs/index.md", PAGE.replace("A finding", text))
    found = [(problem.line, problem.message) for problem in load_guide(project.root, render=False).problems]
    assert (8, "The link `nothing.svg` leads to no page and no file.") in found
    assert (10, "The link `nowhere.md` leads to no page and no file.") in found


def test_what_is_no_link_is_left_alone(project: Project) -> None:
    text = """`[code](a.md)` and ``[more ` code](b.md)``.

<!-- [a comment](c.md) -->

```markdown
[fenced](d.md)
```

A finding"""
    project.write("docs/index.md", PAGE.replace("A finding", text))
    assert not any("link" in problem.message for problem in load_guide(project.root, render=False).problems)


@pytest.mark.slow
def test_the_verdict_is_that_of_a_strict_build(project: Project) -> None:
    every = [*RIGHT, *(target for target in WRONG if target != "/more/other.md")]
    linked(project, *every)
    # Without the guide's own check, MkDocs speaks for itself.
    project.write("docs/index.md", PAGE.replace("A finding", "\n".join(f"- [A link]({one})" for one in every)))
    validation = "validation:\n  anchors: warn\n  unrecognized_links: warn\n"
    plain = project.read("mkdocs.yml").partition("plugins:")[0] + validation
    project.write("plain.yml", plain)
    for name in ("docs/index.md", "docs/more/other.md", "docs/with space.md"):
        project.write(name, project.read(name).replace("{{ references() }}", ""))
    run = project.run("mkdocs", "build", "-f", "plain.yml", "-d", "plain")
    told = set(re.findall(r"WARNING -  Doc file 'index\.md' contains a link '([^']+)'", run.stderr))
    assert told == {target for target in WRONG if target != "/more/other.md"}, run.stderr


def test_the_whole_guide_is_looked_at_in_a_blink() -> None:
    guide = load_guide(ROOT, render=False)
    start = time.process_time()
    assert check_page_links(guide.pages, ROOT / "docs") == []
    assert time.process_time() - start < 0.5


def test_a_heading_with_markup_has_the_anchor_that_markdown_gives_it() -> None:
    page, _ = parse_page("# A [link](x.md) and `code`\n\n## Ångström's *law*\n", "docs/a.md", "a.md", frozenset())
    assert anchors_of(page) == {"a-link-and-code", "angstroms-law"}
