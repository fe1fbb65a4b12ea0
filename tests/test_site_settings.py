"""MkDocs' own settings: what would publish a wrong site is told with its line, by the check and by a build."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING

import pytest

from macros.guide import load_guide
from tests.conftest import CONFIG, PAGE

if TYPE_CHECKING:
    from tests.conftest import Project

NAV = "nav:\n  - Home: index.md\n  - Part:\n      - part/one.md\n"
STRICT = "validation:\n  nav:\n    omitted_files: warn\n"


def told(project: Project, config: str) -> list[tuple[int, str, str]]:
    project.write("mkdocs.yml", config)
    problems = load_guide(project.root, render=False).problems
    assert {problem.path for problem in problems} <= {"mkdocs.yml"}
    return [(problem.line, problem.message, problem.hint) for problem in problems]


LINES = CONFIG.count("\n")

FAULTS = {
    "nav-wrong": (
        CONFIG + NAV.replace("index.md", "indx.md"), LINES + 2, "`nav` names `indx.md`, and there is no", "`index.md`?",
    ),
    "nav-wrong-below": (CONFIG + NAV.replace("one", "on"), LINES + 4, "`nav` names `part/on.md`", "`part/one.md`?"),
    "nav-omits": (
        CONFIG + NAV.replace("  - Part:\n      - part/one.md\n", "") + STRICT, LINES + 1,
        "The page docs/part/one.md is not in `nav`", "`- Title: part/one.md`",
    ),
    "nav-no-list": (CONFIG + "nav: index.md\n", LINES + 1, "`nav` should be a list.", "one item a line"),
    "nav-mapping": (CONFIG + "nav:\n  Home: index.md\n", LINES + 1, "`nav` should be a list.", "one item a line"),
    "nav-two": (CONFIG + "nav:\n  - A: index.md\n    B: part/one.md\n", LINES + 2, "An item of `nav` should be", "- Title"),
    "nav-empty-item": (CONFIG + "nav:\n  - A:\n", LINES + 2, "An item of `nav` should be", "- Title"),
    "nav-slash": (
        CONFIG + NAV.replace("index.md", "/index.md") + "validation:\n  absolute_links: warn\n", LINES + 2,
        "begins with a slash", "",
    ),
    "no-plugin": (
        CONFIG.replace("  - macros:\n      module_name: macros\n      on_undefined: strict\n      on_error_fail: true\n", ""),
        13, "The plugin `macros` is missing", "module_name: macros",
    ),
    "no-plugins": (
        CONFIG[: CONFIG.index("plugins:")] + CONFIG[CONFIG.index("hooks:") :], 0, "The plugin `macros` is missing", "",
    ),
    "other-module": (
        CONFIG.replace("module_name: macros", "module_name: main"), 13, "does not load the guide's macros", "",
    ),
    "switched-off": (
        CONFIG.replace("      module_name", "      enabled: false\n      module_name"), 13, "`macros` is missing", "",
    ),
    "not-by-default": (
        CONFIG.replace("      module_name", "      render_by_default: false\n      module_name"), 13,
        "With `render_by_default` of the plugin", "Take it out.",
    ),
    "other-marks": (
        CONFIG.replace("      module_name", "      j2_variable_start_string: '[['\n      module_name"), 13,
        "With `j2_variable_start_string` of the plugin", "Take it out.",
    ),
    "widgets": (CONFIG + "  widget_scripts: [tree.js]\n", LINES + 1, "`widget_scripts` names `tree.js`", "docs/"),
    "no-name": (CONFIG.replace("site_name: A small guide\n", ""), 0, "The site has no name.", "`site_name:`"),
    "no-folder": (CONFIG + "docs_dir: nope\n", LINES + 1, "There is no folder `nope`", "`docs_dir`"),
    "css": (
        CONFIG + "extra_css:\n  - assets/guidee.css\n", LINES + 2, "`extra_css` names `assets/guidee.", "`assets/guide.css`?",
    ),
    "script": (CONFIG + "extra_javascript:\n  - path: a.js\n", LINES + 2, "`extra_javascript` names `a.js`", "docs/"),
    "css-no-list": (CONFIG + "extra_css: a.css\n", LINES + 1, "`extra_css` should be a list.", ""),
    "misspelt": (CONFIG + "  citaton_style: apa\n", LINES + 1, "There is no setting `citaton_style`", "`citation_style`?"),
    "patterns": (CONFIG + "exclude_docs: [a.md]\n", LINES + 1, "`exclude_docs` should be text", "one pattern a line"),
    "no-pattern": (CONFIG + "exclude_docs: '!'\n", LINES + 1, "`exclude_docs` holds what is no pattern", ""),
}  # fmt: skip


@pytest.fixture
def guide(project: Project) -> Project:
    project.write("docs/part/one.md", PAGE)
    project.write("docs/assets/guide.css", "")
    return project


@pytest.mark.parametrize("name", FAULTS)
def test_faults(guide: Project, name: str) -> None:
    config, line, message, hint = FAULTS[name]
    ((found, says, helps),) = told(guide, config)
    assert (found, message in says, hint in helps) == (line, True, True), (found, says, helps)


@pytest.mark.parametrize(
    "config",
    [
        CONFIG + NAV,
        CONFIG + NAV + STRICT,
        CONFIG + "nav: []\n",
        CONFIG + "nav:\nextra_css: null\nexclude_docs:\n",
        CONFIG + NAV.replace("      - part/one.md\n", "      - https://example.org/\n      - /elsewhere/\n"),
        CONFIG + "nav:\n  - index.md\nnot_in_nav: part/\n" + STRICT,
        CONFIG + "nav:\n  - index.md\nexclude_docs: part/*\n" + STRICT,
        CONFIG.replace("strict: true", "strict: false") + "nav:\n  - nope.md\n" + STRICT,
        CONFIG
        + "extra_css:\n  - assets/guide.css\n  - https://example.org/a.css\n  - /a.css\n  - assets/guide.css?v=1\n",
        CONFIG.replace("  - search\n", "  - search\n  - blog\n") + "nav:\n  - blog/archive.md\nextra_css: [made.css]\n",
        CONFIG + "  my_style: apa\n  status: {}\n  social: []\n",
        "INHERIT: base.yml\n",
    ],
)
def test_what_is_right(guide: Project, config: str) -> None:
    assert told(guide, config) == []


def test_an_empty_file_is_told(guide: Project) -> None:
    assert {message for _, message, _ in told(guide, "")} >= {"The site has no name."}


@pytest.mark.parametrize("config", [CONFIG + "nav: a: b\n", "- a\n- b\n", "? [a]\n: b\n"])
def test_settings_that_cannot_be_read_are_told_once(guide: Project, config: str) -> None:
    assert len(told(guide, config)) == 1


@pytest.mark.slow
@pytest.mark.parametrize("name", ["no-plugin", "nav-wrong", "css", "misspelt"])
def test_a_build_is_refused_likewise(guide: Project, name: str) -> None:
    assert guide.build().returncode == 0
    old = (guide.root / "site/index.html").read_bytes()
    guide.write("mkdocs.yml", FAULTS[name][0])
    run = guide.build()
    assert run.returncode != 0
    assert FAULTS[name][2] in run.stderr
    assert "Traceback" not in run.stderr
    assert (guide.root / "site/index.html").read_bytes() == old


@pytest.mark.slow
def test_a_quiet_build_is_as_strict(project: Project) -> None:
    """`--quiet` hid warnings from the count, too, and published what a strict build refuses."""
    project.write("docs/index.md", PAGE.replace("A finding", '{{ "A [finding](nowhere.md)" }}'))
    run = project.run("mkdocs", "build", "--quiet")
    assert run.returncode != 0
    assert "contains a link 'nowhere.md', but the target is not found" in run.stderr
    assert "INFO" not in run.stderr
    assert not (project.root / "site").exists()
    project.write("docs/index.md", PAGE)
    run = project.run("mkdocs", "build", "--quiet")
    assert (run.returncode, run.stderr) == (0, "")


# What MkDocs does not publish.


def test_a_page_that_is_not_published_is_not_read(guide: Project) -> None:
    guide.write("mkdocs.yml", CONFIG + "exclude_docs: x.md\ndraft_docs: |\n  y.md\n")
    for name in ("x.md", "part/y.md", ".hidden.md", ".folder/a.md", "templates/a.md"):
        guide.write(f"docs/{name}", "no front matter")
    found = load_guide(guide.root, render=False)
    assert found.problems == ()
    assert list(found.pages) == ["index.md", "part/one.md"]


def test_a_linked_folder_is_read_as_mkdocs_reads_it(guide: Project) -> None:
    shutil.move(guide.root / "docs/part", guide.root / "shared")
    (guide.root / "docs/part").symlink_to("../shared")
    assert list(load_guide(guide.root, render=False).pages) == ["index.md", "part/one.md"]
    (guide.root / "shared/again").symlink_to(".")
    ((path, message),) = [(one.path, one.message) for one in load_guide(guide.root, render=False).problems]
    assert path == "docs/part/again"
    assert "a folder that it lies in" in message


def test_a_folder_of_pages_elsewhere(guide: Project) -> None:
    elsewhere = guide.root.parent / "elsewhere"
    shutil.move(guide.root / "docs", elsewhere)
    guide.write("mkdocs.yml", CONFIG + f"docs_dir: {elsewhere}\n")
    found = load_guide(guide.root, render=False)
    assert found.problems == ()
    assert [page.path for page in found.pages.values()] == ["../elsewhere/index.md", "../elsewhere/part/one.md"]


def test_a_backslash_in_a_name_is_told(guide: Project) -> None:
    guide.write("docs/a\\b.md", PAGE)
    ((path, message),) = [(one.path, one.message) for one in load_guide(guide.root, render=False).problems]
    assert path == "docs/a\\b.md"
    assert "backslash" in message
