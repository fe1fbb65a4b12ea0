"""A browser, and the built site served on this machine."""

from __future__ import annotations

import fnmatch
import functools
import http.server
import threading
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import pytest
from bs4 import BeautifulSoup

from tests import browser as browsers

if TYPE_CHECKING:
    from collections.abc import Iterator


class _Published(http.server.SimpleHTTPRequestHandler):
    """Serves with the headers that Netlify and Cloudflare read off the site's `_headers`."""

    def log_message(self, *_: Any) -> None:
        pass

    def end_headers(self) -> None:
        for name, value in published_headers(Path(self.directory), urlsplit(self.path).path):
            self.send_header(name, value)
        super().end_headers()


def published_headers(site: Path, path: str) -> list[tuple[str, str]]:
    """The headers that `_headers` names for a path."""
    found: list[tuple[str, str]] = []
    pattern = ""
    for line in (site / "_headers").read_text("utf-8").splitlines():
        if line.startswith("/"):
            pattern = line.strip()
        elif line.startswith("  ") and fnmatch.fnmatchcase(path, pattern):
            name, value = line.strip().split(": ", 1)
            found.append((name, value))
    return found


def pages(site: Path) -> dict[str, BeautifulSoup]:
    """All pages, parsed, by their path in the site."""
    return {
        path.relative_to(site).as_posix(): BeautifulSoup(path.read_text("utf-8"), "html.parser")
        for path in sorted(site.rglob("*.html"))
    }


@pytest.fixture(scope="session")
def soups(site):
    return pages(site)


@pytest.fixture(scope="session")
def address(site: Path) -> Iterator[str]:
    """The address at which the built site is served."""
    handler = functools.partial(_Published, directory=str(site))
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_address[1]}"
        server.shutdown()


@pytest.fixture(scope="session")
def chromium() -> Iterator[Any]:
    """A headless browser."""
    from playwright.sync_api import sync_playwright

    path = browsers.find()
    assert path, "no browser: run `python -m tests.browser`"
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=list(browsers.ARGUMENTS))
        yield browser
        browser.close()


class Watched:
    """A page of the browser, with what it complained about and what it asked for."""

    def __init__(self, page: Any) -> None:
        self.page = page
        self.complaints: list[str] = []
        self.requests: list[str] = []
        page.on(
            "console",
            lambda message: self.complaints.append(message.text) if message.type in ("error", "warning") else None,
        )
        page.on("pageerror", lambda error: self.complaints.append(str(error)))
        page.on("requestfailed", self._failed)
        page.on("request", lambda request: self.requests.append(request.url))

    def _failed(self, request: Any) -> None:
        # What was under way when the page was left, such as the icon of the tab, is no fault.
        if request.failure != "net::ERR_ABORTED":
            self.complaints.append(f"failed: {request.url}")


@pytest.fixture
def open_page(chromium: Any) -> Iterator[Any]:
    """Opens pages in a fresh context: `open_page(url, width=360, touch=True, javascript=False)`."""
    contexts = []

    def make(
        url: str,
        *,
        width: int = 1280,
        height: int = 800,
        touch: bool = False,
        javascript: bool = True,
        scheme: str = "light",
    ) -> Watched:
        context = chromium.new_context(
            viewport={"width": width, "height": height},
            has_touch=touch,
            is_mobile=touch,
            java_script_enabled=javascript,
            color_scheme=scheme,
            # Playwright's `wait_for_function` evaluates text in the page, which the content policy refuses. What it
            # refuses of the guide itself, test_content_policy.py sees.
            bypass_csp=True,
        )
        contexts.append(context)
        watched = Watched(context.new_page())
        watched.page.goto(url)
        return watched

    yield make
    for context in contexts:
        context.close()
