"""Compare the guide's APA text of every source with that of citeproc-js, the reference CSL processor.

Needs node and npm, which nothing else in the project does; says so and goes on where they are missing.
"""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys
import tempfile
from dataclasses import replace
from pathlib import Path

from macros.cache import Cache
from macros.citations.bibliography import load_bibliography
from macros.citations.csl_json import to_csl_json
from macros.citations.macros import visible_text
from macros.citations.processor import Formatted, load_style
from macros.settings import load_settings

HERE = Path(__file__).parent
ROOT = HERE.parents[1]


def same(text: str) -> str:
    """Fold what is no difference in wording: spaces, kinds of quotation marks and dashes."""
    text = re.sub(r"[“”]", '"', re.sub(r"[‘’]", "'", text)).replace("–", "-").replace("\N{NO-BREAK SPACE}", " ")
    return re.sub(r"\s+", " ", text).strip()


def main() -> None:
    """Compare and print."""
    if not (shutil.which("node") and shutil.which("npm")):
        print("APA text was not compared with citeproc-js: node and npm are needed for it.\n")
        return
    subprocess.run(["npm", "ci", "--silent", "--no-audit", "--no-fund"], cwd=HERE, check=True)
    settings, _ = load_settings(ROOT)
    style, problems = load_style(settings, ROOT)
    sources, more = load_bibliography(ROOT / settings.bibliography, settings.bibliography)
    if style is None or problems or more:
        sys.exit("The guide has problems: run `make check`.")
    # `and others` is BibTeX's and CSL has nothing for it, so both format such entries with the authors that are named.
    cut = {key: source for key, source in sources.items() if source.fields.get("author", "").endswith(" and others")}
    for key, source in cut.items():
        author = source.fields["author"].removesuffix(" and others")
        sources[key] = replace(source, fields={**source.fields, "author": author})
    formatted = Formatted(style, sources, Cache(None))
    with tempfile.TemporaryDirectory() as folder:
        items = Path(folder, "items.json")
        items.write_text(json.dumps([to_csl_json(formatted.item(key)) for key in sources]), "utf-8")
        csl = Path(folder, "style.csl")
        csl.write_text(style.xml, "utf-8")
        run = subprocess.run(
            ["node", "citeproc.cjs", str(items), str(csl), "locales-en-US.xml"],
            cwd=HERE, check=True, capture_output=True, text=True,
        )  # fmt: skip
    theirs = json.loads(run.stdout)
    different = {
        key: (same(visible_text(formatted.entry(key))), same(text))
        for key, text in theirs.items()
        if same(visible_text(formatted.entry(key))) != same(text)
    }
    equal = len(theirs) - len(different)
    print(f"{style.name}: {equal} of {len(theirs)} entries ({100 * equal / len(theirs):.1f} %) equal citeproc-js.")
    print(f"{len(cut)} of them end in `and others`, and were compared without it.\n")
    for key, (ours, other) in different.items():
        print(f"{key}\n  guide:       {ours}\n  citeproc-js: {other}")


if __name__ == "__main__":
    main()
