"""The picture of a tree for narrow screens: its boxes one below the other, as lists that the browser lays out.

A drawing can only be scaled, and scaled to a telephone nobody can read it. These lists have the same boxes in the same order,
break their lines where the screen ends, and grow with the reader's letters. Rails and arrows are drawn by the stylesheet.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from macros.decision_trees.html import anchor, icon
from macros.decision_trees.paths import columns
from macros.markdown_safe import escape

if TYPE_CHECKING:
    from macros.decision_trees.html import TreePage
    from macros.decision_trees.model import Answer


def ladder(page: TreePage, steps: str = "") -> str:
    """Draw a tree as a ladder: each question with its answers below it, the way down to the next question last.

    Args:
        page: the tree as it stands on the page.
        steps: the address of the page on which its steps stand, if it is another.
    """
    tree = page.tree
    parts = []
    for column in columns(tree):
        for node, below in zip(column, [*column[1:], None], strict=True):
            down = next((answer for answer in tree.answers(node) if answer.go == below), None)
            rows = [_row(page, answer, steps) for answer in tree.answers(node) if answer is not down]
            rows += [_row(page, down, steps, " class=ladder-down")] if down else []
            asked = tree.questions[node]
            safety = "<b>Safety question</b> " if asked.safety else ""
            parts.append(
                f"<li>{_from(page, node) if node == column[0] else ''}"
                f'<a class="ladder-box{" ladder-safety" if safety else ""}" href="{escape(steps)}#{anchor(page.name, node)}">'
                f'{safety}<span>{page.numbers[node]}. {page.title(node)}</span></a><ul role="list">{"".join(rows)}</ul></li>'
            )
    label = f"Flowchart: {escape(tree.title)}"
    return f'<div class="ladder" role="group" aria-label="{label}"><ol role="list">{"".join(parts)}</ol></div>'


def _row(page: TreePage, answer: Answer, steps: str, attributes: str = "") -> str:
    href = f"{escape(steps)}#{anchor(page.name, answer.go)}"
    if answer.go in page.numbers:
        to = f'<a class="ladder-on" href="{href}">Question {page.numbers[answer.go]}</a>'
    else:
        verdict, word = page.verdict(answer.go)
        to = (
            f'<a class="ladder-box" data-verdict="{verdict}" href="{href}"><b>{icon(verdict)} {escape(word)}</b>'
            f" <span>{page.title(answer.go)}</span></a>"
        )
    return f"<li{attributes}><span>{escape(answer.say)}</span> {to}</li>"


def _from(page: TreePage, node: str) -> str:
    """Say which questions lead to one that does not stand below any of them."""
    sources = [number for one, number in page.numbers.items() if any(a.go == node for a in page.tree.answers(one))]
    if not sources:
        return ""
    *most, last = map(str, sources)
    words = f"questions {', '.join(most)} and {last}" if most else f"question {last}"
    return f'<p class="ladder-from">From {words}:</p>'
