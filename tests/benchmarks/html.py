"""Check the HTML of all pages with the W3C's Nu checker: `make validate`.

Prints each error once, with how often it occurs and where first; exit 1 if there is any. Needs Node.js, from whose package
registry the checker comes, and Java, in which it is written.
"""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
import tempfile
from collections import Counter
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parents[2]))

from tests.benchmarks.reader import ROOT, build

CHECKER = "vnu-jar@26"


def check(site: Path) -> list[dict[str, Any]]:
    """Give the errors that the checker finds in a site.

    Raises:
        SystemExit: if the checker cannot be run.
    """
    for program, name in (("npm", "Node.js"), ("java", "Java")):
        if not shutil.which(program):
            sys.exit(f"{name} is needed, and was not found.")
    with tempfile.TemporaryDirectory(prefix="guide-html-") as folder:
        subprocess.run(["npm", "install", "--silent", "--no-save", "--prefix", folder, CHECKER], check=True)
        (jar,) = Path(folder).rglob("vnu.jar")
        run = subprocess.run(
            ["java", "-jar", str(jar), "--skip-non-html", "--errors-only", "--format", "json", str(site)],
            capture_output=True, text=True, check=False,
        )  # fmt: skip
    found: list[dict[str, Any]] = json.loads(run.stderr or run.stdout)["messages"]
    return found


def main() -> None:
    """Check and print."""
    with tempfile.TemporaryDirectory(prefix="guide-html-") as folder:
        site = Path(folder) / "site"
        build(ROOT, site)
        pages = len(list(site.rglob("*.html")))
        errors = check(site)
    first: dict[str, dict[str, Any]] = {}
    for error in errors:
        first.setdefault(error["message"], error)
    for message, count in Counter(error["message"] for error in errors).most_common():
        one = first[message]
        page = one["url"].partition("/site/")[2]
        print(
            f"{count} times: {message}\n    {page}, line {one.get('lastLine')}: {one.get('extract', '').strip()[:160]}"
        )
    print(f"{pages} pages, {len(errors)} errors.")
    sys.exit(bool(errors))


if __name__ == "__main__":
    main()
