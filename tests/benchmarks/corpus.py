"""A made-up site for measuring: pages, sources and citations in any number, the same from the same seed."""

from __future__ import annotations

import random
import shutil
from pathlib import Path

ROOT = Path(__file__).parents[2]
_WORDS = (
    "the couple talked about what had changed between them and the therapist asked each partner in turn what they had "
    "heard before the session while a measure of distress was taken again after six weeks by somebody who did not know "
    "which treatment they had received so that expectation could not colour the score in either direction at all"
).split()
_FAMILIES = (
    "Abara Benoit Castellanos Dvořák Eriksson Fontaine Grönlund Hashimoto Ibarra Jovanović Kowalski Lindqvist Moreau "
    "Nakamura Okafor Petrov Quintero Rossi Schäfer Tanaka Urbański Vasquez Weber Xiang Yılmaz Zhou Achterberg Brandão "
    "Christou Delacroix Espinoza Fitzgerald Georgiou Hernández Ivanova Jansen Khalil Laurent Martínez Novak Olsen Peeters"
).split()
_DESIGNS = ("rct", "meta-analysis", "open-label", "observational", "narrative-review", "qualitative")


def bibliography(sources: int, seed: int = 1) -> str:
    """Give BibTeX of that many sources, one to thirty authors each."""
    rng = random.Random(seed)
    # The guide's own bibliography has 362 first surnames for 434 sources; larger ones have a few more sources to each.
    surnames = [_surname(rng) for _ in range(round(4 * sources**0.93))]
    entries = []
    for number in range(sources):
        authors = " and ".join(
            f"{rng.choice(surnames)}, {rng.choice('ABCDEFGHJKLMNPRST')}. {rng.choice('ABCDEFGHJKLMNPRST')}."
            for _ in range(rng.choice([1, 2, 2, 3, 4, 5, 6, 8, 12, 30]))
        )
        title = " ".join(rng.sample(_WORDS, 10)).capitalize()
        entries.append(
            f"@article{{s{number:05d},\n  author = {{{authors}}},\n  title = {{{title} {number}}},\n"
            f"  journal = {{Journal of {rng.choice(_FAMILIES)} Studies}},\n  year = {{{rng.randint(1985, 2025)}}},\n"
            f"  volume = {{{rng.randint(1, 99)}}},\n  number = {{{rng.randint(1, 12)}}},\n"
            f"  pages = {{{rng.randint(1, 400)}--{rng.randint(401, 800)}}},\n  doi = {{10.1000/made.up.{number}}},\n"
            f"  design = {{{rng.choice(_DESIGNS)}}},\n  sample = {{{rng.randint(6, 400)} couples}},\n"
            f"  finding = {{{' '.join(rng.choices(_WORDS, k=22)).capitalize()}.}},\n"
            f"  limits = {{{' '.join(rng.choices(_WORDS, k=14)).capitalize()}.}},\n  confirmed = {{2026-01-01}},\n}}\n"
        )
    return "\n".join(entries)


def _surname(rng: random.Random) -> str:
    first, second = rng.choice(_FAMILIES), rng.choice(_FAMILIES)
    return first[: rng.randint(3, len(first))] + second[rng.randint(1, 3) :].lower()


def write(folder: Path, *, pages: int, sources: int, citations: int, form: str, seed: int = 1) -> Path:
    """Write a site.

    How much text stands beside the citations decides every ratio: with half as much, all of them but the first rise. About
    4,000 words a page make mkdocs-bibtex take three to four times as long as plain Material.

    Args:
        folder: where; emptied first.
        pages: how many pages.
        sources: how many sources.
        citations: how many citations, over all pages; one in five names two sources.
        form: `plain` (no citations), `guide` (this project's macros), `bibtex` (mkdocs-bibtex), `constant` (the macros
            plugin with macros that return constants) or `html` (citations and lists written out).
        seed: for the random choices.
    """
    shutil.rmtree(folder, ignore_errors=True)
    docs = folder / "docs"
    docs.mkdir(parents=True)
    rng = random.Random(seed)
    per_page = citations // pages
    for number in range(pages):
        cited: list[str] = []
        lines = [f"# Page {number}\n"]
        for section in range(5):
            lines.append(f"## Section {section} of page {number}\n")
            share = per_page // 5 + (1 if section < per_page % 5 else 0)
            for index in range(max(share, 4)):
                keys = [f"s{rng.randrange(sources):05d}" for _ in range(2 if rng.random() < 0.2 else 1)]
                mark = _mark(form, keys) if index < share else ""
                if index < share:
                    cited += keys
                lines.append(f"{_sentence(rng)}. {_sentence(rng)}{mark}. {_sentence(rng)} **{_sentence(rng, 4)}**.\n")
                lines.append(f"{_sentence(rng)}, [{_sentence(rng, 3)}](page{number:04d}.md), {_sentence(rng)}.\n")
            for _ in range(2):
                lines.append(
                    "- " + "\n- ".join(f"{_sentence(rng, 14)}, *{_sentence(rng, 5)}*" for _ in range(6)) + "\n"
                )
            lines.append(
                f'!!! note "Note {section}"\n\n    {_sentence(rng)}.\n\n    - {_sentence(rng)}\n    - {_sentence(rng)}\n'
            )
        rows = "\n".join("| " + " | ".join(_sentence(rng, 6) for _ in range(4)) + " |" for _ in range(16))
        lines.append(f"## Table\n\n| A | B | C | D |\n| --- | --- | --- | --- |\n{rows}\n")
        end = {"guide": "\n\n## Sources\n\n{{ references() }}\n", "bibtex": "\n\n## Sources\n\n\\bibliography\n",
               "constant": "\n\n## Sources\n\n{{ references() }}\n", "html": "\n\n## Sources\n\n" + _list(cited) + "\n",
               "plain": ""}[form]  # fmt: skip
        front = "---\ndescription: A made-up page.\nreviewed: 2026-01-01\nkind: guide\n---\n\n"
        text = front + "\n".join(lines) + end
        path = docs / f"part{number // 25:03d}" / f"page{number:04d}.md"
        path.parent.mkdir(exist_ok=True)
        path.write_text(text, "utf-8")
    (docs / "index.md").write_text(
        "---\ndescription: Start.\nreviewed: 2026-01-01\nkind: guide\n---\n\n# Start\n", "utf-8"
    )
    (folder / "references.bib").write_text(bibliography(sources), "utf-8")
    (folder / "mkdocs.yml").write_text(_config(form), "utf-8")
    if form == "guide":
        (folder / "macros").symlink_to(ROOT / "macros")
    if form == "constant":
        (folder / "constant.py").write_text(
            "def define_env(env):\n"
            "    env.macro(lambda *keys: '(<a href=\"#ref\">Name et al., 2024</a>)', 'cite')\n"
            f"    env.macro(lambda: {_list([f's{n:05d}' for n in range(per_page)])!r}, 'references')\n",
            "utf-8",
        )
    return folder


def _sentence(rng: random.Random, words: int = 18) -> str:
    return " ".join(rng.choices(_WORDS, k=words)).capitalize()


def _mark(form: str, keys: list[str]) -> str:
    if form in ("guide", "constant"):
        return " {{ cite(" + ", ".join(f'"{key}"' for key in keys) + ") }}"
    if form == "bibtex":
        return " [" + "; ".join(f"@{key}" for key in keys) + "]"
    if form == "html":
        return " (" + "; ".join(f'<a href="#ref-{key}">Name et al., 2024</a>' for key in keys) + ")"
    return ""


def _list(keys: list[str]) -> str:
    items = "".join(
        f'<li id="ref-{key}">Name, A. B., Other, C. D., &amp; Third, E. F. (2024). A title of some length that is '
        f'usual. <em>Journal of Things</em>, <em>1</em>(2), 3–4. <a href="https://doi.org/10.1000/x">10.1000/x</a></li>'
        for key in dict.fromkeys(keys)
    )
    return f"<div><ol>{items}</ol></div>"


def _config(form: str) -> str:
    plugins = {
        "plain": "", "html": "",
        "guide": "  - macros: {module_name: macros, on_undefined: strict, on_error_fail: true}\n",
        "constant": "  - macros: {module_name: constant, on_undefined: strict, on_error_fail: true}\n",
        "bibtex": "  - bibtex: {bib_file: references.bib}\n",
    }[form]  # fmt: skip
    hooks = "hooks: [macros/mkdocs_hooks.py]\n" if form == "guide" else ""
    return (
        "site_name: Bench\nuse_directory_urls: false\n"
        "theme: {name: material, font: false, features: [navigation.indexes, navigation.prune]}\n"
        f"markdown_extensions: [{'macros.markdown_blocks, ' if form == 'guide' else ''}"
        "admonition, attr_list, md_in_html, tables, footnotes, {toc: {permalink: true}}]\n"
        f"plugins:\n  - search\n{plugins}{hooks}extra: {{citation_style: apa}}\n"
    )
