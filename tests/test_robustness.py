"""What a build does when the machine lets it down: it works, or says plainly why not, and a whole site stays in place."""

from __future__ import annotations

import ctypes
import os
import re
import resource
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import unquote

import pytest

from macros.guide import load_guide
from macros.output import PREVIOUS, bring_back, set_aside, swap, tidy, write_downloads
from tests.conftest import CONFIG, ENTRY, PAGE, ROOT, Project

if TYPE_CHECKING:
    from collections.abc import Callable

pytestmark = pytest.mark.slow


def files(folder: Path) -> dict[str, bytes]:
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def start(project: Project, *, before: Callable[[], object] | None = None, **environment: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-m", "mkdocs", "build"], cwd=project.root, text=True, preexec_fn=before,  # noqa: PLW1509
        env=os.environ | {"NO_MKDOCS_2_WARNING": "1"} | environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
    )  # fmt: skip


def unfinished(project: Project) -> list[str]:
    return [path.name for path in project.root.glob(".*") if path.name != ".cache"]


# What has not changed since the last build.


def test_a_download_that_is_the_same_is_not_written_anew(project: Project) -> None:
    project.write("docs/other.md", PAGE)
    assert project.build().returncode == 0
    old = {path.name: path.stat().st_ino for path in (project.root / "site").glob("*.sources.*")}
    project.write("docs/other.md", PAGE.replace('"monson2020"', '"other"'))
    other = ENTRY.replace("monson2020", "other").replace("20008198.2020.1840123", "1000.1")
    project.write("references.bib", ENTRY + other)
    assert project.build().returncode == 0
    new = {path.name: path.stat() for path in (project.root / "site").glob("*.sources.*")}
    assert set(new) == set(old)
    assert {name for name, status in new.items() if status.st_ino == old[name]} == {
        f"index.sources.{kind}" for kind in ("bib", "ris", "json")
    }
    assert "1000.1" in project.read("site/other.sources.bib")
    assert {status.st_nlink for status in new.values()} == {1}, "the old site is gone"


def test_a_disk_that_knows_no_hard_links(project: Project, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object) -> None:
        raise PermissionError(1, "Operation not permitted")

    monkeypatch.setattr("macros.output.os.link", refuse)
    guide = load_guide(project.root)
    first, second = project.root / "one", project.root / "two"
    assert write_downloads(guide, first) == write_downloads(guide, second, first) > 0
    assert files(first) == files(second)


def test_a_served_site_comes_back_whole(tmp_path: Path) -> None:
    served = tmp_path / "served"
    (served / "deep").mkdir(parents=True)
    (served / "index.html").write_text("old")
    (served / "deep/page.html").write_text("old")
    (served / ".hidden").write_text("left alone")
    old = files(served)
    previous = served / PREVIOUS
    for _ in range(2):
        set_aside(previous)
        assert (previous / "deep/page.html").read_text() == "old"
        (served / "index.html").write_text("half of the new one")
        (served / "new").mkdir()
        bring_back(previous)
        assert files(served) == old


def test_a_served_site_that_cannot_be_put_aside_stays_where_it_is(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("one.html", "two.html", "three.html"):
        (tmp_path / name).write_text(name)
    old = files(tmp_path)
    move, moved = Path.rename, []

    def refuse_the_second(self: Path, target: Path) -> Path:
        moved.append(self)
        if len(moved) == 2:
            raise PermissionError(13, "Permission denied", str(self))
        return move(self, target)

    monkeypatch.setattr(Path, "rename", refuse_the_second)
    with pytest.raises(PermissionError):
        set_aside(tmp_path / PREVIOUS)
    assert files(tmp_path) == old


# Interrupted.


def test_a_build_that_is_killed_leaves_a_whole_site(project: Project) -> None:
    """The old site or the new one, at whatever moment; and the next build is none the worse."""
    assert project.build().returncode == 0
    old = files(project.root / "site")
    project.write("docs/index.md", PAGE.replace("A finding", "Another finding"))
    begun = time.monotonic()
    assert project.build().returncode == 0
    takes = time.monotonic() - begun
    new = files(project.root / "site")
    assert old != new
    found = set()
    for part in range(12):
        shutil.rmtree(project.root / "site")
        for name, content in old.items():
            project.write(f"site/{name}", content)
        build = start(project)
        time.sleep(takes * (0.45 + part * 0.05))
        build.send_signal(signal.SIGKILL)
        build.communicate()
        now = files(project.root / "site")
        assert now in (old, new)
        found.add(now == new)
    assert False in found, "at least one was killed before its end"
    assert project.build().returncode == 0
    assert files(project.root / "site") == new


SWAPPING = """
import sys
from pathlib import Path
from macros.output import swap
site = Path(sys.argv[1])
number = 0
while True:
    number += 1
    staging = site.with_name(f".site-{number}")
    staging.mkdir(parents=True)
    for name in "abcdefgh":
        (staging / name).write_text(str(number))
    swap(staging, site)
    print(number, flush=True)
"""


def test_there_is_a_whole_site_at_every_moment_of_the_change(tmp_path: Path) -> None:
    for attempt in range(15):
        site = tmp_path / str(attempt) / "site"
        with subprocess.Popen(
            [sys.executable, "-c", SWAPPING, str(site)], cwd=ROOT, stdout=subprocess.PIPE, text=True
        ) as process:
            assert process.stdout is not None
            process.stdout.readline()
            until = time.monotonic() + 0.02 + attempt * 0.003
            while time.monotonic() < until:
                if sys.platform.startswith("linux"):
                    assert site.is_dir(), "never absent, not for a moment"
            process.kill()
        tidy(site)
        assert len({path.read_text() for path in site.iterdir()}) == 1
        assert len(list(site.iterdir())) == 8


def test_where_folders_cannot_be_exchanged(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("macros.output._exchange", lambda *_: False)
    staging, site = tmp_path / ".site-1", tmp_path / "site"
    for folder in (staging, site):
        folder.mkdir()
        (folder / "index.html").write_text(folder.name)
    swap(staging, site)
    assert [path.name for path in tmp_path.iterdir()] == ["site"]
    assert (site / "index.html").read_text() == ".site-1"
    # Killed between the two steps.
    site.rename(tmp_path / ".old-site-1234")
    tidy(site)
    assert [path.name for path in tmp_path.iterdir()] == ["site"]


def test_an_interrupt_by_hand(project: Project) -> None:
    for number in range(40):  # a build that lasts longer than a signal takes
        project.write(f"docs/more-{number}.md", PAGE)
    assert project.build().returncode == 0
    old = files(project.root / "site")
    # Whoever runs the tests in the background may have told them, and so the build, to ignore this signal.
    build = start(project, before=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL))
    while not list(project.root.glob(".site-*")):
        assert build.poll() is None, "the build ended before it began to write"
        time.sleep(0.01)
    build.send_signal(signal.SIGINT)
    build.communicate()
    assert build.returncode != 0
    assert files(project.root / "site") == old


# The disk.


def test_a_full_disk_is_told_plainly(project: Project) -> None:
    """The limit on the size of files stands for it: both stop a build while it is writing."""
    assert project.build().returncode == 0
    old = files(project.root / "site")
    build = start(project, before=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (30_000, 30_000)))
    out, err = build.communicate()
    assert build.returncode == 1
    assert "File too large. The system does not allow files of this size. The published site is as it was." in out + err
    assert "Traceback" not in out + err
    assert files(project.root / "site") == old
    assert unfinished(project) == []


def as_everybody() -> None:
    """Give up the superuser's right to write everywhere, where tests run as one."""
    if os.geteuid() == 0:
        for right in (1, 2):  # CAP_DAC_OVERRIDE, CAP_DAC_READ_SEARCH
            ctypes.CDLL(None).prctl(24, right, 0, 0, 0)  # PR_CAPBSET_DROP


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="rights are given up as Linux does it")
def test_a_folder_that_may_not_be_written_to(project: Project) -> None:
    assert project.build().returncode == 0
    old = files(project.root / "site")
    project.root.chmod(0o555)
    try:
        out, err = start(project, before=as_everybody).communicate()
    finally:
        project.root.chmod(0o755)
    assert "Permission denied. Give yourself the right to read and write there" in out + err
    assert "The published site is as it was." in out + err
    assert "Traceback" not in out + err
    assert files(project.root / "site") == old


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="rights are given up as Linux does it")
def test_a_picture_that_may_not_be_read(project: Project) -> None:
    project.write("docs/secret.png", b"x").chmod(0)
    out, err = start(project, before=as_everybody).communicate()
    assert "secret.png: Permission denied. Give yourself the right to read" in out + err
    assert "Traceback" not in out + err
    assert unfinished(project) == []


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="rights are given up as Linux does it")
def test_a_folder_of_pages_that_may_not_be_read(project: Project) -> None:
    """Its pages would be missing from the site, and nobody would know."""
    project.write("docs/sub/page.md", PAGE)
    (project.root / "docs/sub").chmod(0)
    try:
        out, err = start(project, before=as_everybody).communicate()
    finally:
        (project.root / "docs/sub").chmod(0o755)
    assert "docs/sub: The folder cannot be read: Permission denied." in out + err
    assert "Traceback" not in out + err
    assert not (project.root / "site").exists()


# The cache.


def test_a_cache_that_is_garbage(project: Project) -> None:
    assert project.build().returncode == 0
    expected = files(project.root / "site")
    caches = sorted((project.root / ".cache/guide").iterdir())
    assert len(caches) >= 3
    kept = {path: path.read_bytes() for path in caches}
    for spoil in (
        lambda _: b"",
        lambda _: b"\xff\xfe\x00garbage",
        lambda _: b"[" * 100_000,
        lambda _: b"null",
        lambda content: content[: len(content) // 2],
        lambda content: content.replace(b"{", b"[", 3),
        lambda content: content.replace(b"2020", b"1920"),
    ):
        for path, content in kept.items():
            path.write_bytes(spoil(content))
        build = project.build()
        assert build.returncode == 0, build.stderr
        assert files(project.root / "site") == expected
    for path in caches:
        path.unlink()
        path.mkdir()
    assert project.build().returncode == 0
    assert files(project.root / "site") == expected


# How files are written.


@pytest.mark.parametrize("change", ["line ends of Windows", "a byte-order mark", "both"])
def test_files_as_other_editors_write_them(make_project: Callable[[], Project], change: str) -> None:
    def written(text: str) -> bytes:
        if change != "a byte-order mark":
            text = text.replace("\n", "\r\n")
        return text.encode("utf-8" if change == "line ends of Windows" else "utf-8-sig")

    plain, other = make_project(), make_project()
    glossary = "terms:\n  - term: PTSD\n    means: A disorder that follows a trauma.\n    source: [monson2020]\n"
    sources = {
        "mkdocs.yml": CONFIG,
        "references.bib": ENTRY,
        "docs/index.md": PAGE,
        "docs/toolkit/glossary.yml": glossary,
    }
    for name, text in sources.items():
        plain.write(name, text)
        other.write(name, written(text))
    for project in (plain, other):
        build = project.build()
        assert build.returncode == 0, build.stderr
    ours, theirs = files(plain.root / "site"), files(other.root / "site")
    del ours["toolkit/glossary.yml"], theirs["toolkit/glossary.yml"]  # published as it is
    assert theirs == ours


def test_signs_of_addresses_in_the_names_of_pages(project: Project) -> None:
    project.write("docs/deep/a#b %20.md", PAGE)
    listing = PAGE.replace("reviewed", "kind: guide\nreviewed").replace('A finding {{ cite("monson2020") }}.', "All.")
    project.write("docs/all.md", listing.replace("{{ references() }}", "{{ bibliography() }}"))
    build = project.build()
    assert build.returncode == 0, build.stderr
    for page in ("deep/a#b %20.html", "all.html"):
        found = re.findall(r'href="([^"]*(?:\.sources\.bib|%20\.html))"', project.read(f"site/{page}"))
        assert found
        for href in found:
            assert (project.root / "site" / page).parent.joinpath(unquote(href)).is_file(), href
            assert "#" not in href


# What may be missing.


def test_a_missing_browser_is_told(project: Project, tmp_path: Path) -> None:
    assert project.build().returncode == 0
    nowhere = tmp_path / "nowhere"
    run = subprocess.run(
        [sys.executable, "-m", "macros", "handbook", "site", str(nowhere / "guide.pdf")],
        cwd=project.root, capture_output=True, text=True, check=False,
        env={"PATH": str(nowhere), "PLAYWRIGHT_BROWSERS_PATH": str(nowhere)},
    )  # fmt: skip
    assert run.returncode == 1
    assert "No browser was found. Run `python -m tests.browser`." in run.stderr
    assert "Traceback" not in run.stderr
    assert not nowhere.exists()
