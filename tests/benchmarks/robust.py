"""What takes too long for the tests: ten thousand sources, a page of a hundred thousand words, a disk that is full.

`python -m tests.benchmarks.robust` prints a line of Markdown for each case.
"""

from __future__ import annotations

import os
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from tests.benchmarks import corpus
from tests.conftest import ENTRY, PAGE, Project


def build(folder: Path, *, site: Path | None = None) -> tuple[str, float, float]:
    """Build a site: what was said last, the seconds and the megabytes that it took."""
    command = [sys.executable, "-m", "mkdocs", "build", "--quiet"] + (["-d", str(site)] if site else [])
    begun = time.monotonic()
    run = subprocess.run(
        command, cwd=folder, env=os.environ | {"NO_MKDOCS_2_WARNING": "1"}, capture_output=True, text=True, check=False
    )
    said = (run.stdout + run.stderr).strip().splitlines()
    took = time.monotonic() - begun
    assert "Traceback" not in run.stdout + run.stderr
    return (
        ("works" if run.returncode == 0 else said[-1]),
        took,
        resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024,
    )


def show(case: str, result: tuple[str, float, float]) -> None:
    """Print what happened."""
    said, seconds, megabytes = result
    print(f"| {case} | {said} | {seconds:.1f} s | {megabytes:.0f} MB |", flush=True)


def main() -> None:
    """Try all cases."""
    print("| Case | What happens | Time | Most memory so far |\n| --- | --- | ---: | ---: |")
    with tempfile.TemporaryDirectory() as place:
        root = Path(place)
        words = Project(root / "words")
        claim = "A finding " + "that is told in many words " * 20 + '{{ cite("monson2020") }}.\n\n'
        words.write("docs/index.md", PAGE.replace('A finding {{ cite("monson2020") }}.', claim * (100_000 // 122)))
        show("A page of a hundred thousand words", build(words.root))

        full = Project(root / "full")
        full.write("docs/large.bin", b"x" * 8_000_000)
        disk = root / "disk"
        disk.mkdir()
        mounted = subprocess.run(
            ["mount", "-t", "tmpfs", "-o", "size=10m", "tmpfs", str(disk)], capture_output=True, check=False
        )
        if mounted.returncode == 0:
            try:
                show("A disk of 10 MB, the first build", build(full.root, site=disk / "site"))
                show("The same again, while the old site stands", build(full.root, site=disk / "site"))
            finally:
                subprocess.run(["umount", str(disk)], check=False)
        else:
            print("| A full disk | not tried: no right to mount one | | |")

        many = corpus.write(root / "many", pages=100, sources=10_000, citations=2_000, form="guide")
        (many / "references.bib").write_text(corpus.bibliography(10_000) + ENTRY, "utf-8")
        show("Ten thousand sources on 100 pages, cold", build(many))
        show("The same, warm", build(many))
        all_of_them = PAGE.replace("{{ references() }}", "{{ bibliography() }}").replace(
            ' {{ cite("monson2020") }}', ""
        )
        (many / "docs/all.md").write_text(all_of_them.replace("reviewed", "kind: guide\nreviewed"), "utf-8")
        show("The same, with a page that lists all of them", build(many))


if __name__ == "__main__":
    main()
