"""What the pages hold, counted: `python -m macros stats`."""

from __future__ import annotations

import re
from dataclasses import dataclass, fields
from typing import TYPE_CHECKING

from macros.citations.macros import cluster_of
from macros.data_files import visible
from macros.pages import CITING_MACROS, READING_MACROS

if TYPE_CHECKING:
    from macros.guide import Guide
    from macros.pages import Page


@dataclass(frozen=True)
class Counts:
    """A page in numbers. Framework, evidence and practice cannot be told apart by counting; readings can.

    Attributes:
        page: its file.
        words: the words of its Markdown, without those that its data add.
        citations: its citations, with those in the data that it shows.
        sources: how many different sources it cites.
        coverage: its claim coverage in per cent; a dash for a page about the guide itself.
        cited: blocks that carry a citation and are not set apart.
        readings: blocks set apart as this guide's reading.
        neither: blocks that are neither.
    """

    page: str
    words: int
    citations: int
    sources: int
    coverage: str
    cited: int
    readings: int
    neither: int


def counts(page: Page, guide: Guide) -> Counts:
    """Count a page.

    Args:
        page: the page.
        guide: the guide.
    """
    clusters = [cluster for call in guide.citing[page.src] if (cluster := cluster_of(call)) is not None]
    labels = {call.line for call in page.calls if call.name in READING_MACROS}
    marks = {call.line for call in page.calls if call.name in CITING_MACROS}
    readings = cited = 0
    for block in page.blocks:
        lines = range(block.first_line, block.last_line + 1)
        if block.in_reading or labels.intersection(lines):
            readings += 1
        elif marks.intersection(lines):
            cited += 1
    coverage = f"{page.claim_coverage():.0f}" if page.kind == "clinical" else "–"
    keys = {key for cluster in clusters for key in cluster.keys}
    neither = len(page.blocks) - cited - readings
    return Counts(page.src, words(page.body), len(clusters), len(keys), coverage, cited, readings, neither)


#: What is no text: comments, attribute lists, and the signs that open a block of a kind.
_NO_TEXT = re.compile(
    r"<!--.*?-->|^[ \t]*\{[^{}\n]*\}[ \t]*$|^[ \t]*(?:!!!|\?\?\?\+?)[ \t]+\w+", re.DOTALL | re.MULTILINE
)


def words(body: str) -> int:
    """Count the words of a page as they are read, without those that its data add.

    Args:
        body: its Markdown.
    """
    return len(re.findall(r"\w[\w’'-]*", visible(_NO_TEXT.sub(" ", body))))


def stats_table(guide: Guide) -> str:
    """Give all pages in numbers, as a table of Markdown that also reads well as text.

    Args:
        guide: the guide.
    """
    counted = [counts(page, guide) for page in guide.pages.values()]
    cited = {key for calls in guide.citing.values() for call in calls if (one := cluster_of(call)) for key in one.keys}
    names = ("words", "citations", "cited", "readings", "neither")
    sums = {name: sum(getattr(one, name) for one in counted) for name in names}
    total = Counts(f"{len(counted)} pages", sources=len(cited), coverage="", **sums)
    head = [field.name for field in fields(Counts)]
    rows = [head, *([str(getattr(one, name)) for name in head] for one in (*counted, total))]
    widths = [max(len(row[index]) for row in rows) for index in range(len(head))]

    def line(row: list[str]) -> str:
        cells = [row[0].ljust(widths[0]), *(cell.rjust(width) for cell, width in zip(row[1:], widths[1:], strict=True))]
        return f"| {' | '.join(cells)} |"

    rule = f"| {'-' * widths[0]} | {' | '.join('-' * (width - 1) + ':' for width in widths[1:])} |"
    return "\n".join([line(rows[0]), rule, *map(line, rows[1:])])
