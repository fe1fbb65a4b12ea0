"""The browser that tests drive: the one that is there, or one installed by `python -m tests.browser`."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

_NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "microsoft-edge")
_PLACES = (
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
    "/Applications/Chromium.app/Contents/MacOS/Chromium",
)

#: Nothing in the background, and no sandbox where tests run as root.
#: Tests try addresses by the thousand, which the browser would take for an attack on itself.
ARGUMENTS = ("--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update",
             "--disable-sync", "--no-first-run", "--disable-ipc-flooding-protection")  # fmt: skip


def find() -> str | None:
    """Give the path of a browser of the Chromium family: `$BROWSER_PATH`, an installed one, or Playwright's own."""
    given = os.environ.get("BROWSER_PATH")
    if given:
        return given
    for name in _NAMES:
        path = shutil.which(name)
        if path:
            return path
    for place in _PLACES:
        if Path(place).exists():
            return place
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        path = playwright.chromium.executable_path
    return path if path and Path(path).exists() else None


def install() -> None:
    """Install a browser: from the system's packages where that is allowed, else Playwright's own."""
    is_root = hasattr(os, "geteuid") and os.geteuid() == 0
    if is_root and shutil.which("apt-get"):
        environment = os.environ | {"DEBIAN_FRONTEND": "noninteractive"}
        subprocess.run(["apt-get", "update", "-qq"], check=False, env=environment)
        if (
            subprocess.run(["apt-get", "install", "-y", "-qq", "chromium"], check=False, env=environment).returncode
            == 0
        ):
            return
    subprocess.run([sys.executable, "-m", "playwright", "install", "chromium"], check=False)


if __name__ == "__main__":
    if not find():
        print("No browser was found; one is being installed.")
        install()
    path = find()
    if not path:
        sys.exit("No browser could be installed. Install Chromium or Chrome, or set BROWSER_PATH to one.")
    print(f"Browser: {path}")
