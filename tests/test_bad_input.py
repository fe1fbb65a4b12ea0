"""Bad input, through the real commands: it is told with its place and a way out, and the published site stays as it was."""

from __future__ import annotations

import os
import re
import shutil
import stat
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import TYPE_CHECKING

import pytest

from tests.conftest import CONFIG, ENTRY, PAGE

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from tests.conftest import Project

pytestmark = pytest.mark.slow

Files = dict[str, str | bytes | None]
SECOND = ENTRY.replace("monson2020", "wagner2019").replace("1840123", "1655247")


@dataclass(frozen=True)
class Fault:
    """Bad input and what should be said about it.

    Attributes:
        files: what the project's files are changed to; `None` for a file that is removed.
        told: place, message and hint.
    """

    files: Files
    told: tuple[str, str, str]


def line(text: str, part: str, number: int = 1) -> int:
    """Give the line on which a part of a text stands for the how manieth time."""
    place = -1
    for _ in range(number):
        place = text.index(part, place + 1)
    return text.count("\n", 0, place) + 1


def without(name: str) -> str:
    """Give the entry without a field."""
    entry, count = re.subn(rf"^  {name} = .*\n", "", ENTRY, flags=re.MULTILINE)
    assert count == 1
    return entry


def bib(text: str | bytes, at: int, message: str, hint: str) -> Fault:
    return Fault({"references.bib": text}, (f"references.bib:{at}", message, hint))


def page(old: str, new: str, message: str, hint: str, at: str = "A finding") -> Fault:
    """Give a fault of the page, in the line in which `at` stood before."""
    assert old in PAGE
    return Fault({"docs/index.md": PAGE.replace(old, new)}, (f"docs/index.md:{line(PAGE, at)}", message, hint))


CITE = '{{ cite("monson2020") }}'
DOI = line(ENTRY, "doi =")

FAULTS = {
    # The bibliography.
    "brace": bib(
        ENTRY.replace("1840123}", "1840123") + SECOND, DOI,
        "A brace is not closed in the entry `@article{monson2020` in its field `doi`.", "Give every `{` its `}`",
    ),
    "quote": bib(
        ENTRY.replace("{European Journal of Psychotraumatology}", '"European Journal') + SECOND, line(ENTRY, "journal ="),
        "A quotation mark is not closed in the entry `@article{monson2020` in its field `journal`.", "quotation mark its pair.",
    ),
    "doubled-key": bib(
        ENTRY + ENTRY, line(ENTRY + ENTRY, "@article", 2),
        "The key `monson2020` stands here a second time.", "The first is on line 1; rename or remove one.",
    ),
    "no-author": bib(without("author"), 1, "`monson2020` has no author.", "Add `author = {Family, Given"),
    "no-title": bib(without("title"), 1, "`monson2020` has no title.", "Add `title = {...}`."),
    "no-year": bib(without("year"), 1, "`monson2020` has no year.", "Add `year = {2024}`; write `{n.d.}`"),
    "no-design": bib(without("design"), 1, "does not say what kind of study it is.", "one of: meta-analysis, "),
    "not-confirmed": bib(without("confirmed"), 1, "Nobody has confirmed `monson2020`.", "add `confirmed = {20"),
    "unknown-type": bib(
        ENTRY.replace("@article", "@artcle"), 1, "`@artcle` of `monson2020` is no type of entry.", "`@article`?",
    ),
    "unknown-design": bib(
        ENTRY.replace("open-label", "open-lable"), line(ENTRY, "design ="),
        "`open-lable` is no design (`monson2020`).", "Did you mean `open-label`?",
    ),
    "no-doi": bib(
        ENTRY.replace("10.1080/", "1080/"), DOI, "is no DOI (`monson2020`).", "A DOI starts with `10.`",
    ),
    "doubled-doi": bib(
        ENTRY + ENTRY.replace("monson2020", "wagner2019"), DOI + ENTRY.count("\n"),
        "`wagner2019` has the same DOI as `monson2020` (line 1).", "Keep one entry and cite it everywhere.",
    ),
    "sources-not-utf8": bib(
        ENTRY.replace("Wagner", "Wägner").encode("latin-1"), 2, "The file is not UTF-8: byte 0xe4", "Save it as UTF-8.",
    ),
    "no-sources": Fault(
        {"references.bib": ""}, ("references.bib", "The file holds no source.", "Add an entry"),
    ),
    "no-file-of-sources": Fault(
        {"references.bib": None}, ("references.bib", "There is no such file.", "Add the file, or name another"),
    ),
    # Citations.
    "unknown-key": page(
        "monson2020", "monson2021", "There is no source `monson2021`.", "Did you mean `monson2020`?",
    ),
    "far-off-key": page(
        "monson2020", "zzz", "There is no source `zzz`.", "Add the source to references.bib first.",
    ),
    "no-key": page('"monson2020"', "", "`cite()` names no source.", 'Write {{ cite("key") }}'),
    "key-without-quotes": page(
        '"monson2020"', "page.title", "`cite()` should name its sources as text in quotes.", 'Write {{ cite("key") }}',
    ),
    "unknown-option": page(
        '"monson2020")', '"monson2020", page="4")', "`cite()` has no option `page`.", "Its options: locator, prefix.",
    ),
    "options-unpacked": page(
        '"monson2020")', '"monson2020", **{"page": "4"})', "`cite()` has no option `**`.", "Its options: locator, prefix.",
    ),
    "listed-twice": page(
        "{{ references() }}", "{{ references() }}{{ references() }}", "The page lists its sources a second time.",
        "Keep the list at its end.", at="{{ references() }}",
    ),
    "argument-of-reading": page(
        CITE, '{{ reading("x") }}', "`reading()` takes nothing between its brackets.", "Write `reading()`.",
    ),
    "argument-of-evidence-strip": page(
        CITE, f"{CITE} {{{{ evidence_strip(1) }}}}", "`evidence_strip()` takes nothing between", "Write `evidence_strip()`.",
    ),
    "not-listed": page(
        "{{ references() }}", "None.", "The page cites sources and does not list them.", "{{ references() }}",
    ),
    "in-heading": page(
        "# A page", f"# A page {CITE}", "A heading cannot carry a citation", "Cite in the first sentence under it.",
        at="# A page",
    ),
    "another-name": page(
        "cite(", "macros.cite(", "A macro called through `macros` is not seen by the check.", "Call it by its own name.",
    ),
    "not-called": page(
        CITE, '{% set c = cite %}{{ c("monson2020") }}', "`cite` is used here without being called", "Write {{ cite(...) }}.",
    ),
    # Front matter.
    "front-matter": page(
        "description: A page", "description: A: page", "This is not YAML: mapping values", "between double quotes",
        at="description",
    ),
    "front-matter-open": page("01-01\n---\n", "01-01\n", "The front matter is not closed.", "three hyphens", at="---"),
    "no-description": page(
        "description: A page to test with.\n", "", "The page has no description.", "Add `description:`", at="---",
    ),
    "no-review": page("reviewed: 2026-01-01\n", "", "The page has no date of review.", "Add `reviewed: 20", at="---"),
    "future-review": page(
        "2026-01-01", "2999-01-01", "`reviewed` is 2999-01-01, which is in the future.", "", at="reviewed",
    ),
    # Macros.
    "jinja-syntax": page(CITE, '{{ cite("monson2020" }}', "This macro cannot be read: unexpected '}'", "{% raw %}"),
    "unknown-macro": page("{{ cite(", "{{ ctie(", "There is no macro `ctie`.", "Did you mean `cite`?"),
    "include": page("A finding", '{% include "x.md" %}', "A page cannot include or import another", "Write the text"),
    "uncited": page(CITE, "", "“A finding .” is neither cited nor set apart (0 %", "or mark it as this guide's reading"),
    "page-not-utf8": Fault(
        {"docs/index.md": PAGE.replace("A finding", "Ä finding").encode("latin-1")},
        (f"docs/index.md:{line(PAGE, 'A finding')}", "The file is not UTF-8: byte 0xc4", "Save it as UTF-8."),
    ),
    # Settings.
    "unknown-style": Fault(
        {"mkdocs.yml": CONFIG.replace("citation_style: apa", "citation_style: vancuver")},
        (f"mkdocs.yml:{line(CONFIG, 'citation_style')}", "There is no citation style `vancuver`.", "`vancouver`?"),
    ),
    "style-that-is-none": Fault(
        {"mkdocs.yml": CONFIG.replace("apa", "own.csl"), "own.csl": "<style/>"},
        (f"mkdocs.yml:{line(CONFIG, 'citation_style')}", "`own.csl` is no CSL style", ""),
    ),
}  # fmt: skip


class Outcome:
    """A project with a published site, to which files were changed, and what both commands then did."""

    def __init__(self, project: Project, published: Path, files: Files, *, checks: bool, builds: bool) -> None:
        self.root = project.root
        shutil.copytree(published, self.root / "site")
        change(project, files)
        self.check = project.check() if checks else None
        self.build = project.build() if builds else None


def change(project: Project, files: Files) -> None:
    for name, content in files.items():
        if content is None:
            (project.root / name).unlink()
        else:
            project.write(name, content)


#: What is also built on its own: one of each kind, and what cannot stand beside other faults. The rest is built in
#: `test_all_faults_at_once`.
BUILT = (
    "doubled-key", "sources-not-utf8", "no-sources", "no-file-of-sources", "unknown-key", "front-matter", "no-review",
    "jinja-syntax", "unknown-macro", "uncited", "page-not-utf8", "unknown-style", "style-that-is-none",
)  # fmt: skip


@pytest.fixture(scope="module")
def published(make_project: Callable[[], Project]) -> Path:
    """A site that was built before."""
    project = make_project()
    run = project.build()
    assert run.returncode == 0, run.stderr
    shutil.rmtree(project.root / "site/assets")  # copied and compared fifty times, it would take longer than all builds
    return project.root / "site"


@pytest.fixture(scope="module")
def outcomes(make_project: Callable[[], Project], published: Path) -> Iterator[Callable[[str], Outcome]]:
    """What became of each project; as many are at work as the machine has processors, the first in the table first."""
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        started = {
            name: pool.submit(
                Outcome,
                make_project(),
                published,
                files,
                checks=name not in LATE,
                builds=name in (*BUILT, *LATE),
            )
            for name, files in {
                **{name: fault.files for name, fault in FAULTS.items()},
                **{name: files for name, (files, _) in LATE.items()},
            }.items()
        }
        yield lambda name: started[name].result()
        pool.shutdown(cancel_futures=True)


@pytest.fixture
def online(project: Project, published: Path) -> Project:
    """A small guide whose site is published."""
    shutil.copytree(published, project.root / "site")
    return project


def content(folder: Path) -> dict[str, bytes]:
    return {file.relative_to(folder).as_posix(): file.read_bytes() for file in folder.rglob("*") if file.is_file()}


def assert_published(root: Path, published: Path) -> None:
    """The site is byte for byte as it was, and nothing lies beside it."""
    assert content(root / "site") == content(published)
    assert sorted(path.name for path in root.glob(".*")) in ([], [".cache"])


def assert_told(text: str, place: str, message: str, hint: str) -> None:
    """The message stands after its place, and the hint below it."""
    found = re.search(
        rf"^{re.escape(place)}: (?P<message>.*)(?:\n    (?P<hint>.*))?$", _of(text, place, message), re.MULTILINE
    )
    assert found, text
    assert message in found["message"]
    assert hint in (found["hint"] or "")
    assert "Traceback" not in text


def _of(text: str, place: str, message: str) -> str:
    """Give the text from the problem on; another one may have the same place."""
    for start in re.finditer(rf"^{re.escape(place)}: ", text, re.MULTILINE):
        if message in text[start.start() :].split("\n", 1)[0]:
            return text[start.start() :]
    return ""


@pytest.mark.parametrize("name", FAULTS)
def test_check_tells_a_fault(outcomes: Callable[[str], Outcome], name: str) -> None:
    check = outcomes(name).check
    assert check is not None
    assert check.returncode == 1
    assert check.stdout == ""
    assert re.match(r"\d+ problems?:\n", check.stderr)
    assert_told(check.stderr, *FAULTS[name].told)


@pytest.mark.parametrize("name", BUILT)
def test_a_build_with_a_fault_is_refused(outcomes: Callable[[str], Outcome], published: Path, name: str) -> None:
    outcome = outcomes(name)
    assert outcome.build is not None
    assert outcome.build.returncode != 0
    assert_told(outcome.build.stderr, *FAULTS[name].told)
    assert "the published site is as it was" in outcome.build.stderr
    assert_published(outcome.root, published)


def test_the_project_is_right_without_faults(project: Project) -> None:
    check = project.check()
    assert (check.returncode, check.stderr) == (0, "")
    assert check.stdout == "1 pages, 1 sources, no problems; least claim coverage 100 %.\n"


def test_all_faults_at_once(online: Project, published: Path) -> None:
    """Nobody has to mend one fault to hear of the next: all are told in one go, by both commands."""
    told = [FAULTS["unknown-style"].told[:2]]
    files: Files = {**FAULTS["unknown-style"].files}
    sources = ENTRY + "\n"
    for name, fault in FAULTS.items():
        place, message, _ = fault.told
        ((path, text), *_) = fault.files.items()
        if path == "docs/index.md":
            files[f"docs/{name}.md"] = text
            told.append((place.replace("index", name), message))
        elif path == "references.bib" and isinstance(text, str) and text:
            start = sources.count("\n")
            renamed = {"monson2020": name, "wagner2019": f"{name}-b", "1840123": f"{start}.1", "1655247": f"{start}.2"}
            entries = text
            for old, new in renamed.items():
                entries, message = entries.replace(old, new), message.replace(old, new)
            sources += entries + "\n"
            at = start + int(place.removeprefix("references.bib:"))
            told.append((f"references.bib:{at}", message.replace("(line 1)", f"(line {start + 1})")))
    files["references.bib"] = sources
    assert len(told) >= len(FAULTS) - 4, "only what cannot stand beside other faults is left out"
    change(online, files)

    check, build = online.check(), online.build()
    assert check.returncode == 1
    assert build.returncode != 0
    for said in (check.stderr, build.stderr):
        assert [(place, message) for place, message in told if not _of(said, place, message)] == []
        assert "Traceback" not in said
    problems = check.stderr.split(":\n", 1)[1].rstrip("\n")
    assert problems in build.stderr, "both commands say the same"
    count = len(re.findall(r"^\S", problems, re.MULTILINE))
    assert check.stderr.startswith(f"{count} problems:\n")
    assert count >= len(told)
    assert_published(online.root, published)


def test_settings_that_are_no_yaml(online: Project, published: Path) -> None:
    """MkDocs reads them first, and has its own words for what is wrong."""
    online.write("mkdocs.yml", CONFIG + "nav: a: b\n")
    check, build = online.check(), online.build()
    assert check.returncode == 1
    assert re.search(r"^mkdocs\.yml:\d+: This is not YAML: .*\n    \S", check.stderr, re.MULTILINE)
    assert build.returncode != 0
    assert "Traceback" not in check.stderr + build.stderr
    assert_published(online.root, published)


def test_from_the_first_fault_to_the_first_site(project: Project) -> None:
    """A refused build leaves nothing; once the fault is mended, the site can be built."""
    change(project, FAULTS["unknown-key"].files)
    assert project.build().returncode != 0
    assert {path.name for path in project.root.iterdir()} <= {
        "docs",
        "macros",
        "mkdocs.yml",
        "references.bib",
        ".cache",
    }
    project.write("docs/index.md", PAGE)
    assert project.build().returncode == 0
    assert "A finding" in project.read("site/index.html")
    assert sorted(path.name for path in project.root.glob(".*")) == [".cache"]


# What is only found out while MkDocs works; links too, if Jinja writes them.

OWN_TEMPLATE = CONFIG.replace("  font: false\n", "  font: false\n  custom_dir: own\n")

LATE: dict[str, tuple[Files, str]] = {
    "broken-link": (
        {"docs/index.md": PAGE.replace("A finding", '{{ "A [finding](nowhere.md)" }}')},
        "contains a link 'nowhere.md', but the target is not found",
    ),
    "broken-anchor": (
        {"docs/index.md": PAGE.replace("A finding", '{{ "A [finding](#nowhere)" }}'),
         "mkdocs.yml": CONFIG + "validation:\n  links:\n    anchors: warn\n"},
        "contains a link '#nowhere', but there is no such anchor",
    ),
    "macro-that-fails": (
        {"docs/index.md": PAGE.replace("A finding", "A finding {{ 1/0 }}")},
        "division by zero",
    ),
    "unknown-attribute": (
        {"docs/index.md": PAGE.replace("A finding", "A finding {{ page.nope.nope }}")},
        "nope",
    ),
    "template-that-fails": (
        {"mkdocs.yml": OWN_TEMPLATE,
         "own/main.html": '{% extends "base.html" %}{% block extrahead %}{{ 1/0 }}{% endblock %}'},
        "division by zero",
    ),
    "template-that-fails-on-the-last-page": (
        {"mkdocs.yml": OWN_TEMPLATE, "docs/z.md": PAGE.replace("---\nd", "---\nlast: true\nd"),
         "own/main.html": '{% extends "base.html" %}{% block extrahead %}'
                          "{% if page and page.meta.last %}{{ 1/0 }}{% endif %}{% endblock %}"},
        "division by zero",
    ),
    "download-in-the-way": (
        {"docs/index.sources.bib/index.md": PAGE},
        "index.sources.bib",
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", LATE)
def test_a_build_that_stops_half_way(outcomes: Callable[[str], Outcome], published: Path, name: str) -> None:
    outcome = outcomes(name)
    assert outcome.build is not None
    assert outcome.build.returncode != 0
    assert LATE[name][1] in outcome.build.stdout + outcome.build.stderr
    assert_published(outcome.root, published)


def test_pandoc_that_fails(online: Project, published: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """It says its version, as it is asked first, and fails at its work."""
    pandoc = online.write(
        "bin/pandoc",
        "#!/bin/sh\n[ \"$1\" = --version ] && echo 'pandoc 3.6' && exit\necho 'out of order' >&2\nexit 3\n",
    )
    pandoc.chmod(pandoc.stat().st_mode | stat.S_IXUSR)
    monkeypatch.setenv("PYPANDOC_PANDOC", str(pandoc))
    build = online.build()
    assert build.returncode != 0
    assert "pandoc could not format the citations: out of order" in build.stderr
    assert_published(online.root, published)


def test_a_fault_is_told_once(outcomes: Callable[[str], Outcome]) -> None:
    """What follows from an entry that cannot be read is not told, such as that there is no source of its key."""
    check = outcomes("brace").check
    assert check is not None
    assert check.stderr.startswith("1 problem:\n")


# What only Jinja knows, once it calls a page's macros.

UNDEFINED = PAGE.replace("A finding", "\n\nA finding {{ page.nope }}")


@pytest.mark.parametrize("options", [(), ("--quiet",)])
def test_what_fails_while_macros_are_called_is_told_plainly(project: Project, options: tuple[str, ...]) -> None:
    project.write("docs/index.md", UNDEFINED)
    run = project.run("mkdocs", "build", *options)
    assert run.returncode != 0
    place = f"docs/index.md:{line(UNDEFINED, 'page.nope')}"
    assert_told(
        run.stderr, place, "A macro of this page fails: 'mkdocs.structure.pages.Page object' has no", "Mend what"
    )
    assert not (project.root / "site").exists()
