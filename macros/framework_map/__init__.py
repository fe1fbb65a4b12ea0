"""The map: five mechanisms by three couple therapies, each cell a claim with its kind, its strength and what is against it.

The fifteen cells stand in `docs/modalities/framework-map.yml`; a page shows them with `{{ framework_map() }}`.
"""

from __future__ import annotations

import posixpath
import re
from typing import TYPE_CHECKING, Annotated, Literal

import pydantic
from jinja2 import pass_context
from markdown.extensions.toc import slugify

from macros import statements
from macros.calls import caller
from macros.citations.macros import page_of
from macros.data_files import DataFile, Line, Markdown, OneFile, Record, check_claim, load_one
from macros.framework_map.rendering import table
from macros.markdown_safe import block
from macros.problems import Problem, nearest
from macros.terms import MECHANISMS, MODALITIES, Mechanism, Modality
from macros.texts import address, check_link, links_in, to_html

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence
    from pathlib import Path

    from jinja2.runtime import Context

    from macros.expansion import PageContext
    from macros.guide import Guide
    from macros.pages import MacroCall, Page
    from macros.settings import Settings

NAMES = frozenset({"framework_map"})
_FOLDER = "modalities"
_LONGEST = {"claim": 260, "against": 200}


class Cell(Record):
    """What a mechanism may mean for a therapy.

    Attributes:
        mechanism: the row.
        modality: the column.
        process: the processes of change that it speaks of.
        kind: whose claim it is: the framework's, a finding's, or this guide's reading.
        strength: how well that stands on which the claim rests; with couples all is untested.
        claim: the claim, with its sources.
        against: what speaks against it, likewise.
        link: the section that says more, from the folder of the pages.
    """

    mechanism: Mechanism
    modality: Modality
    process: Annotated[tuple[Literal["cognitive", "emotional", "behavioural"], ...], pydantic.Field(min_length=1)]
    kind: Literal["framework", "evidence", "reading"]
    strength: Literal["supported", "mixed", "speculative", "contrary"]
    claim: Markdown
    against: Markdown
    link: Line


class Map(Record):
    """All cells.

    Attributes:
        cells: the cells.
    """

    cells: tuple[Cell, ...]

    def in_order(self) -> Iterator[tuple[int, Cell]]:
        """Give the cells with their numbers as they are read: mechanism by mechanism, therapy by therapy."""
        rows, columns = list(MECHANISMS), list(MODALITIES)
        numbered = list(enumerate(self.cells))
        yield from sorted(numbered, key=lambda one: (rows.index(one[1].mechanism), columns.index(one[1].modality)))


def load(root: Path, settings: Settings) -> tuple[OneFile[Map], list[Problem]]:
    """Read the map.

    Args:
        root: the project's root.
        settings: say where the pages are.
    """
    data, problems = load_one(root, f"{settings.docs_dir}/modalities/framework-map.yml", Map)
    if data.file:
        problems += _check_cells(data.file)
    return data, problems


def _check_cells(file: DataFile[Map]) -> list[Problem]:
    problems = []
    seen: dict[tuple[str, str], int] = {}
    for number, cell in enumerate(file.value.cells):
        line, what = file.line("cells", number), (cell.mechanism, cell.modality)
        if what in seen:
            message = f"The cell of {cell.mechanism} and {cell.modality} stands here a second time."
            problems.append(Problem(file.path, line, message, f"The first is on line {seen[what]}; keep one."))
        seen.setdefault(what, line)
        for name, longest in _LONGEST.items():
            problems += check_claim(file, ("cells", number, name), getattr(cell, name), longest)
        labelled, _ = statements.split_reading(cell.claim)
        if labelled != (cell.kind == "reading"):
            begins = "begins" if labelled else "does not begin"
            message = f"`kind` is `{cell.kind}`, and the claim {begins} with a reading's label."
            hint = "A claim begins with {{ reading() }} if it is this guide's reading, and only then."
            problems.append(Problem(file.path, file.line("cells", number, "kind"), message, hint))
    for mechanism in MECHANISMS:
        for modality in MODALITIES:
            if (mechanism, modality) not in seen:
                message = f"There is no cell for {mechanism} and {modality}."
                problems.append(Problem(file.path, 1, message, "The map has one for each mechanism and therapy."))
    return problems


def check(data: OneFile[Map], pages: Mapping[str, Page]) -> list[Problem]:
    """Find calls without a map, links that lead nowhere, and a map that is shown twice or never.

    Args:
        data: the map.
        pages: the pages, by `src`.
    """
    problems = data.check_calls(NAMES, pages, "cells of the map")
    for page in pages.values():
        for call in [call for call in page.calls if call.name in NAMES][1:]:
            problems.append(Problem(page.path, call.line, "The page shows the map a second time.", "Keep one of them."))
    for number, cell in enumerate(data.file.value.cells if data.file else ()):
        assert data.file  # noqa: S101 - there would be no cells
        line = data.file.line("cells", number, "link")
        problems += check_link(cell.link, data.path, line, pages) or _check_anchor(cell.link, data.path, line, pages)
        for name in _LONGEST:
            for target in links_in(getattr(cell, name)):
                problems += check_link(target, data.path, data.file.line("cells", number, name), pages, _FOLDER)
    return problems


_ANCHOR = re.compile(
    r"""^\#+[ \t]+(?P<heading>.+?)[ \t]*\#*$ | \#(?P<given>[\w-]+)[^{}\n]*\}""", re.MULTILINE | re.VERBOSE
)


def _check_anchor(link: str, path: str, line: int, pages: Mapping[str, Page]) -> list[Problem]:
    """Find out whether a page lacks the section that a link names. MkDocs does not see links of data files."""
    src, _, anchor = link.partition("#")
    if not anchor or src not in pages:
        return []
    found = [match["given"] or slugify(match["heading"], "-") for match in _ANCHOR.finditer(pages[src].body)]
    if re.sub(r"_\d+$", "", anchor) in found:
        return []
    close = nearest(anchor, found)
    hint = f"Did you mean `#{close}`?" if close else f"Its sections are: {', '.join(found)}."
    return [Problem(path, line, f"The page `{src}` has no section `#{anchor}`.", hint)]


def embedded(data: OneFile[Map], _call: MacroCall) -> Sequence[MacroCall]:
    """Give the citations that the map puts into a page, in the order in which they stand there.

    Args:
        data: the map.
        _call: the call of the macro, which takes nothing.
    """
    if data.file is None:
        return []
    return [one for number, _ in data.file.value.in_order() for one in data.file.calls_in("cells", number)]


def macros(guide: Guide) -> dict[str, Callable[..., str]]:
    """Give the macros of this feature.

    Args:
        guide: the guide that they look things up in.
    """
    data: OneFile[Map] = guide.data[__name__]
    calls = caller(guide)

    @pass_context
    def framework_map(context: Context | PageContext) -> str:
        """Show the map."""
        assert data.file  # noqa: S101 - a guide without a map is not rendered with this macro
        page = page_of(context, guide)
        url = page.url(use_directory_urls=guide.settings.use_directory_urls)

        call = calls(context)

        def text(markdown: str) -> str:
            # The kind of a claim is named above it.
            _, rest = statements.split_reading(markdown)
            return to_html(rest, page, guide, call, base=_FOLDER, inline=True)

        written = [
            (cell, text(cell.claim), text(cell.against), address(cell.link, url, guide))
            for _, cell in data.file.value.in_order()
        ]

        def head(src: str) -> str:
            return address(src, url, guide) if src in guide.pages else ""

        rows = {name: head(f"mechanisms/{name}.md") for name in MECHANISMS}
        columns = {name: head(posixpath.join(_FOLDER, f"{name}.md")) for name in MODALITIES}
        return block(lambda: table(written, rows, columns), kept=guide.settings.keeps_blocks, searched=True)

    return {"framework_map": framework_map}
