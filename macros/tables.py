"""Tables whose cells know their column, so that a row can be a card on a narrow screen before any script has run.

Were this left to a script, the page would jump under readers who have begun. A Markdown extension, so that every
generator has it.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from markdown.extensions import Extension
from markdown.treeprocessors import Treeprocessor

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element

    from markdown import Markdown

#: What stands for raw HTML and for citations until the page is put together.
_MARKS = re.compile("\x02.*?\x03|\ue000.*?\ue001")
_HEAD = re.compile(r"<th\b[^>]*>(.*?)</th>", re.DOTALL)
_ROW = re.compile(r"<tr\b.*?</tr>", re.DOTALL)
_CELL = re.compile(r"<t[dh]\b")


class _Columns(Treeprocessor):
    def run(self, root: Element) -> None:
        for table in root.iter("table"):
            heads = [_text(head) for head in table.iterfind("thead/tr/th")]
            if table.get("class") or not any(heads):
                continue
            table.set("data-cards", "")
            for row in table.iterfind("tbody/tr"):
                for head, cell in zip(heads, row, strict=False):
                    cell.set("data-column", head)


def with_columns(table: str) -> str:
    """Write the name of its column on each cell of a table that was made as HTML.

    Args:
        table: the table, with a head of one row; a cell that spans several columns gets the name of its first, and none
            holds a table.
    """
    head, end, body = table.partition("</thead>")
    names = [re.sub("<[^>]*>", "", name).strip().replace('"', "&quot;") for name in _HEAD.findall(head)]

    def named(row: re.Match[str]) -> str:
        left = iter(names)
        return _CELL.sub(lambda cell: f'{cell[0]} data-column="{next(left, "")}"', row[0])

    return head.replace("<table", "<table data-cards", 1) + end + _ROW.sub(named, body)


def _text(head: Element) -> str:
    return " ".join(_MARKS.sub("", "".join(head.itertext())).split())


class ColumnsExtension(Extension):
    """Writes the name of its column on each cell."""

    def extendMarkdown(self, md: Markdown) -> None:  # noqa: N802 - Python-Markdown's name
        """Register the tree processor, after those that read the text and take escapes out of it.

        Args:
            md: the Markdown instance.
        """
        md.treeprocessors.register(_Columns(md), "guide_columns", -5)


def makeExtension(**options: Any) -> ColumnsExtension:  # noqa: N802, ANN401 - Python-Markdown's name and types
    """Make the extension, as Python-Markdown asks for it.

    Args:
        **options: none are known.
    """
    return ColumnsExtension(**options)
