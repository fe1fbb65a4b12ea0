"""Measure builds against plain Material and mkdocs-bibtex: `make bench`.

Every form of the same made-up site is built in turn, several rounds, and the medians are given as ratios to plain
Material in the same run: the machine's load falls on all alike.
"""

from __future__ import annotations

import argparse
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[2]))

from tests.benchmarks import corpus

BENCH_PYTHON = Path(__file__).parents[2] / ".venv-bench" / "bin" / "python"


def build(folder: Path, python: str) -> float:
    """Build a site and give the seconds that it took.

    Raises:
        SystemExit: if the build fails.
    """
    environment = os.environ | {"NO_MKDOCS_2_WARNING": "1", "PYTHONDONTWRITEBYTECODE": ""}
    start = time.perf_counter()
    run = subprocess.run(
        [python, "-m", "mkdocs", "build", "-q"],
        cwd=folder,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    seconds = time.perf_counter() - start
    if run.returncode:
        sys.exit(f"{folder.name} could not be built:\n{run.stdout}{run.stderr}")
    return seconds


#: What `mkdocs serve` does after each change: the settings are read anew, and all is built in the same process.
_REBUILDS = """
import pathlib, statistics, sys, tempfile, time
from mkdocs.commands.build import build
from mkdocs.config import load_config

page = next(path for path in sorted(pathlib.Path("docs").rglob("*.md")) if path.name != "index.md")
times = []
with tempfile.TemporaryDirectory() as site:
    config = load_config(site_dir=site)
    config.plugins.on_startup(command="serve", dirty=False)
    build(config)
    for number in range(int(sys.argv[1])):
        page.write_text(page.read_text("utf-8") + f"\\n\\nA line {number}.\\n", "utf-8")
        start = time.perf_counter()
        build(load_config(site_dir=site))
        times.append(time.perf_counter() - start)
print(statistics.median(times))
"""


def rebuild(folder: Path, rounds: int) -> float:
    """Give the median seconds of building a served site again after a change of one page.

    Raises:
        SystemExit: if a build fails.
    """
    run = subprocess.run(
        [sys.executable, "-c", _REBUILDS, str(rounds)],
        cwd=folder, env=os.environ | {"NO_MKDOCS_2_WARNING": "1"}, capture_output=True, text=True, check=False,
    )  # fmt: skip
    if run.returncode:
        sys.exit(f"{folder.name} could not be built again:\n{run.stdout}{run.stderr}")
    return float(run.stdout.split()[-1])


class Forms:
    """The forms of a made-up site of one size, and how long their builds took."""

    def __init__(self, pages: int, sources: int, citations: int, *, peers: bool, base: Path) -> None:
        """Write the sites; that with a warm cache is built once."""
        forms = {"plain Material": ("plain", sys.executable), "guide, cold": ("guide", sys.executable),
                 "guide, warm cache": ("guide", sys.executable)}  # fmt: skip
        if peers:
            forms |= {"citations written out as HTML": ("html", sys.executable),
                      "macros that return constants": ("constant", sys.executable)}  # fmt: skip
            if BENCH_PYTHON.exists():
                forms["mkdocs-bibtex"] = ("bibtex", str(BENCH_PYTHON))
        self.pythons = {name: python for name, (_, python) in forms.items()}
        self.folders = {
            name: corpus.write(base / f"{pages}-{index}", form=form, pages=pages, sources=sources, citations=citations)
            for index, (name, (form, _)) in enumerate(forms.items())
        }
        self.seconds: dict[str, list[float]] = {name: [] for name in forms}
        build(self.folders["guide, warm cache"], sys.executable)

    def build_all(self) -> None:
        """Build each form once more."""
        for name, python in self.pythons.items():
            if name == "guide, cold":  # as in a fresh clone: nothing to take over from the last site either
                shutil.rmtree(self.folders[name] / ".cache", ignore_errors=True)
                shutil.rmtree(self.folders[name] / "site", ignore_errors=True)
            if name == "mkdocs-bibtex" and len(self.seconds[name]) >= 2:
                continue  # slow, and steady
            self.seconds[name].append(build(self.folders[name], python))

    def medians(self) -> dict[str, float]:
        """Give the median seconds of each form."""
        return {name: statistics.median(times) for name, times in self.seconds.items()}


def check_time(folder: Path, rounds: int = 5) -> float:
    """Give the median seconds of `python -m macros check`."""
    times = []
    for _ in range(rounds):
        start = time.perf_counter()
        subprocess.run([sys.executable, "-m", "macros", "check"], cwd=folder, check=True, capture_output=True)
        times.append(time.perf_counter() - start)
    return statistics.median(times)


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--quick", action="store_true", help="200 pages only, no peers")
    parser.add_argument("--no-peers", action="store_true", help="without the other ways to cite")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="guide-bench-") as folder:
        sizes = [Forms(200, 500, 4000, peers=not (options.quick or options.no_peers), base=Path(folder))]
        if not options.quick:
            sizes.append(Forms(1000, 5000, 20000, peers=False, base=Path(folder)))
        # Both sizes in each round: what slows the machine for a while slows both.
        for number in range(options.rounds):
            for size in sizes[: 2 if number < 3 else 1]:
                size.build_all()
        small = sizes[0].medians()
        plain = small["plain Material"]
        print("200 pages, 500 sources, 4,000 citations; medians\n")
        print(f"{'':34}{'seconds':>9}{'ratio':>8}")
        for name, seconds in small.items():
            print(f"{name:34}{seconds:9.2f}{seconds / plain:8.2f}")
        served = {}
        for form in ("plain", "guide"):
            site = corpus.write(Path(folder) / f"200-{form}", form=form, pages=200, sources=500, citations=4000)
            served[form] = rebuild(site, options.rounds)
        print("\nThe same 200 pages while they are served, after a change of one\n")
        for form, seconds in served.items():
            print(f"{form:34}{seconds:9.2f}{seconds / served['plain']:8.2f}")
        if not options.quick:
            large = sizes[1].medians()
            print("\n1,000 pages, 5,000 sources, 20,000 citations; medians\n")
            for name, seconds in large.items():
                print(f"{name:34}{seconds:9.2f}{seconds / large['plain Material']:8.2f}")
            print("\nWhat a page costs, in milliseconds\n")
            print(f"{'':34}{'200':>9}{'1,000':>9}")
            for name in large:
                print(f"{name:34}{small[name] * 5:9.1f}{large[name]:9.1f}")
            # The larger corpus has twice as many sources to a page, and each source is formatted once when it is new.
            for name in ("guide, cold", "guide, warm cache"):
                more = (small[name] - plain) * 5, large[name] - large["plain Material"]
                print(f"{name + ', more than plain':34}{more[0]:9.1f}{more[1]:9.1f}")
    print(f"\npython -m macros check, this site: {check_time(Path(__file__).parents[2]):.2f} seconds")


if __name__ == "__main__":
    main()
