"""Measure what a reader waits for, beside plain Material with the same text: `make bench-reader`.

The plain site holds the text of each of the guide's pages, headings as Markdown and the rest as HTML without classes, and
the guide's own search index, which leaves out the lists of sources. Both are served with gzip, and a browser without a
cache visits the largest page of each kind.
"""

from __future__ import annotations

import argparse
import gzip
import http.server
import json
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import threading
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

sys.path.insert(0, str(Path(__file__).parents[2]))

from bs4 import BeautifulSoup, Tag

from tests import browser

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

ROOT = Path(__file__).parents[2]
LIGHTHOUSE = "lighthouse@12"
CATEGORIES = ("accessibility", "best-practices", "seo", "performance")

#: Bounds, in bytes after gzip, as a ratio to plain Material, and as a score.
JS_BOUND, CSS_BOUND, VISIT_BOUND, CLS_BOUND = 12 * 1024, 16 * 1024, 1.35, 0.0

#: Attributes that the plain site's HTML keeps.
KEPT = ("href", "id", "src", "alt", "viewBox", "d")

PLAIN = """site_name: Ketamine-assisted couple therapy
site_description: The same text in plain Material
docs_dir: docs
use_directory_urls: false
theme:
  name: material
  font: false
  palette:
    - media: "(prefers-color-scheme: light)"
      scheme: default
      toggle: {icon: material/weather-night, name: Switch to dark mode}
    - media: "(prefers-color-scheme: dark)"
      scheme: slate
      toggle: {icon: material/weather-sunny, name: Switch to light mode}
  features: [navigation.indexes, navigation.sections, navigation.top, search.suggest, search.highlight, toc.follow]
markdown_extensions:
  - attr_list
  - toc: {permalink: true}
plugins: [search]
"""


def build(folder: Path, site: Path) -> None:
    """Build a site.

    Raises:
        SystemExit: if the build fails.
    """
    run = subprocess.run(
        [sys.executable, "-m", "mkdocs", "build", "--quiet", "-d", str(site)],
        cwd=folder, env=os.environ | {"NO_MKDOCS_2_WARNING": "1"}, capture_output=True, text=True, check=False,
    )  # fmt: skip
    if run.returncode:
        sys.exit(f"The site could not be built:\n{run.stdout}{run.stderr}")


def plain_text(article: Tag) -> str:
    """Give an article as plain Markdown and HTML: the same words, none of the guide's classes."""
    for extra in article.select(".headerlink, .md-content__button"):
        extra.decompose()
    parts = []
    for tag in article.find_all(True):
        kept = {
            name: value for name, value in tag.attrs.items() if name in ("href", "id", "src", "alt", "viewBox", "d")
        }
        tag.attrs = kept
    for child in article.find_all(True, recursive=False):
        if child.name in ("h1", "h2", "h3", "h4"):
            anchor = f" {{#{child['id']}}}" if child.has_attr("id") else ""
            parts.append(f"{'#' * int(child.name[1])} {child.get_text(' ', strip=True)}{anchor}")
        else:
            parts.append(str(child))
    return "\n\n".join(parts) + "\n"


def make_plain(site: Path, folder: Path) -> None:
    """Write a plain Material project with the text of a built site."""
    for path in sorted(site.rglob("*.html")):
        soup = BeautifulSoup(path.read_text("utf-8"), "html.parser")
        article = soup.find("article")
        if path.name == "404.html" or article is None:
            continue
        page = folder / "docs" / path.relative_to(site).with_suffix(".md")
        page.parent.mkdir(parents=True, exist_ok=True)
        page.write_text(plain_text(article), "utf-8")
    (folder / "mkdocs.yml").write_text(PLAIN, "utf-8")


class _Gzipped(http.server.SimpleHTTPRequestHandler):
    """Serves a folder as a web server would that compresses text."""

    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        path = Path(self.translate_path(self.path))
        path = path / "index.html" if path.is_dir() else path
        if not path.is_file():
            self.send_error(404)
            return
        body = path.read_bytes()
        self.send_response(200)
        kind = self.guess_type(str(path))
        self.send_header("Content-Type", f"{kind}; charset=utf-8" if kind.startswith("text/") else kind)
        if path.suffix in (".html", ".css", ".js", ".json", ".svg", ".xml", ".txt"):
            body = gzip.compress(body, 6)
            self.send_header("Content-Encoding", "gzip")
        self.send_header("Content-Length", str(len(body)))
        self.send_header("Cache-Control", "max-age=600")
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: Any) -> None:
        """Say nothing."""


class _Server(http.server.ThreadingHTTPServer):
    """Keeps waiting connections; with the usual five, a page's requests are dropped and tried again a second later."""

    request_queue_size = 128

    def handle_error(self, *_: Any) -> None:
        """Say nothing of a browser that closes while it is being answered."""


@contextmanager
def served(site: Path) -> Iterator[str]:
    """Serve a built site with gzip, and give its address."""
    with _Server(("127.0.0.1", 0), lambda *args: _Gzipped(*args, directory=str(site))) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_address[1]}"
        server.shutdown()


def kinds(site: Path) -> dict[str, str]:
    """For each kind of page, its largest: the front page, the other pages at the root, and one of each folder."""
    found: dict[str, Path] = {}
    for path in site.rglob("*.html"):
        name = path.relative_to(site)
        if name.name == "404.html":
            continue
        kind = name.parts[0]
        if kind not in found or path.stat().st_size > found[kind].stat().st_size:
            found[kind] = path
    return {kind.removesuffix(".html"): path.relative_to(site).as_posix() for kind, path in sorted(found.items())}


@dataclass
class Visit:
    """What a first visit costs.

    Attributes:
        size: all bytes received, headers included.
        blocking: how many resources hold up the first painting.
        shift: cumulative layout shift, the worse of a phone and a desktop screen.
    """

    size: int
    blocking: int
    shift: float


#: A slow phone network, in milliseconds and bytes a second.
SLOW = {"offline": False, "latency": 150, "downloadThroughput": 200_000, "uploadThroughput": 90_000}
OBSERVE = """() => { window.__shift = 0; new PerformanceObserver(list => {
  for (const one of list.getEntries()) if (!one.hadRecentInput) window.__shift += one.value;
}).observe({type: "layout-shift", buffered: true}); }"""
BLOCKING = "performance.getEntriesByType('resource').filter(one => one.renderBlockingStatus === 'blocking').length"


def visit(chromium: Any, url: str) -> Visit:
    """Visit a page without a cache: once for its size, then on a slow phone and a slow desktop for what the reader sees."""
    size, blocking, shift = 0, 0, 0.0
    for width, height, slow in ((360, 740, False), (360, 740, True), (1280, 800, True)):
        context = chromium.new_context(viewport={"width": width, "height": height})
        page = context.new_page()
        session = context.new_cdp_session(page)
        session.send("Network.enable")
        if slow:
            session.send("Network.emulateNetworkConditions", SLOW)
            session.send("Emulation.setCPUThrottlingRate", {"rate": 4})
        received: list[float] = []
        session.on("Network.loadingFinished", lambda event, got=received: got.append(event["encodedDataLength"]))
        page.add_init_script(f"({OBSERVE})()")
        page.goto(url, wait_until="networkidle")
        page.wait_for_timeout(1000)
        if slow:
            blocking = max(blocking, page.evaluate(BLOCKING))
            shift = max(shift, page.evaluate("window.__shift"))
        else:
            size = round(sum(received))
        context.close()
    return Visit(size, blocking, shift)


def lighthouse(urls: Sequence[str], folder: Path, runs: int) -> list[dict[str, float]] | None:
    """Give the medians of Lighthouse's scores on a phone for each address, or nothing if it cannot be run.

    The addresses take turns, so that what else the machine does meets all of them alike.
    """
    scores: list[dict[str, list[float]]] = [{name: [] for name in CATEGORIES} for _ in urls]
    report = folder / "report.json"
    for _ in range(runs):
        for url, got in zip(urls, scores, strict=True):
            subprocess.run(
                ["npx", "--yes", LIGHTHOUSE, url, "--quiet", "--output=json", f"--output-path={report}",
                 f"--only-categories={','.join(CATEGORIES)}", "--form-factor=mobile",
                 f"--chrome-flags=--headless=new {' '.join(browser.ARGUMENTS)}"],
                env=os.environ | {"CHROME_PATH": browser.find() or ""}, capture_output=True, text=True, check=False,
            )  # fmt: skip
            if not report.exists():
                return None
            found = json.loads(report.read_text("utf-8"))["categories"]
            for name in CATEGORIES:
                got[name].append(100 * (found[name]["score"] or 0))
            report.unlink()
    return [{name: statistics.median(values) for name, values in got.items()} for got in scores]


def own(site: Path) -> dict[str, int]:
    """Give the sizes of the guide's own scripts and stylesheets after gzip: what all pages load, and those with widgets."""

    def size(*names: str) -> int:
        return sum(len(gzip.compress(path.read_bytes(), 9)) for name in names for path in site.glob(name))

    shared = size("assets/javascripts/guide.*.js")  # a folder, not a server, needs assets/iframe-worker.js besides
    sheets = "\n".join(path.read_text("utf-8") for path in sorted((ROOT / "docs" / "assets").glob("*.css")))
    return {
        "JavaScript, every page": shared,
        "JavaScript, with the widgets'": shared + size("assets/javascripts/widgets.*.js"),
        "CSS": len(gzip.compress(sheets.encode(), 9)),
    }


def main() -> None:
    """Measure and print."""
    from playwright.sync_api import sync_playwright

    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", type=int, default=5, help="runs of Lighthouse a page; 0 for none")
    options = parser.parse_args()
    over = []
    with tempfile.TemporaryDirectory(prefix="guide-reader-") as temporary:
        base = Path(temporary)
        build(ROOT, base / "ours")
        for name, size in own(base / "ours").items():
            bound = CSS_BOUND if name == "CSS" else JS_BOUND
            print(f"own {name}: {size / 1024:.1f} KB after gzip, at most {bound / 1024:.0f}")
            over += [name] if size > bound else []
        make_plain(base / "ours", base / "project")
        build(base / "project", base / "plain")
        shutil.copy(base / "ours/search/search_index.json", base / "plain/search/search_index.json")
        pages = kinds(base / "ours")
        with served(base / "ours") as ours, served(base / "plain") as plain:
            print(
                f"\nA first visit, largest page of each kind; KB after gzip, at most {VISIT_BOUND} times plain Material\n"
            )
            print(f"{'':34}{'ours':>8}{'plain':>8}{'ratio':>7}{'blocking':>14}{'layout shift':>20}")
            with sync_playwright() as playwright:
                chromium = playwright.chromium.launch(executable_path=browser.find(), args=list(browser.ARGUMENTS))
                for kind, path in pages.items():
                    mine, theirs = visit(chromium, f"{ours}/{path}"), visit(chromium, f"{plain}/{path}")
                    ratio = mine.size / theirs.size
                    print(f"{path[:33]:34}{mine.size / 1024:8.1f}{theirs.size / 1024:8.1f}{ratio:7.2f}"
                          f"{mine.blocking:6} and {theirs.blocking:3}{mine.shift:12.4f} and {theirs.shift:.4f}")  # fmt: skip
                    if ratio > VISIT_BOUND or mine.blocking > theirs.blocking or mine.shift > CLS_BOUND:
                        over.append(kind)
                chromium.close()
            if options.runs and not shutil.which("npx"):
                print("\nLighthouse was not run: it needs Node.js.")
            elif options.runs:
                print(f"\nLighthouse on a phone, median of {options.runs}: ours and plain\n")
                print(f"{'':34}" + "".join(f"{name:>18}" for name in CATEGORIES))
                for kind, path in pages.items():
                    both = lighthouse([f"{address}/{path}" for address in (ours, plain)], base, options.runs)
                    if both is None:
                        print("Lighthouse could not be run.")
                        break
                    row = "".join(f"{both[0][name]:9.0f} and {both[1][name]:3.0f} " for name in CATEGORIES)
                    print(f"{path[:33]:34}{row}", flush=True)
                    if (
                        any(both[0][name] < 100 for name in CATEGORIES[:3])
                        or both[0]["performance"] < both[1]["performance"]
                    ):
                        over.append(f"Lighthouse: {kind}")
    print("\nAll within bounds." if not over else f"\nOut of bounds: {', '.join(over)}.")


if __name__ == "__main__":
    main()
