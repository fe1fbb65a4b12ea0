"""A tree as a picture: SVG, laid out when the site is built.

Each question stands once, in the left column, and leads down along its longest way; its other answers lead right, each
to the outcome, which is drawn anew there. A question off that way gets its place further down, and where an answer leads
to it stands a reference with its number; a line leads from there wherever it crosses nothing. So no two edges ever
cross and the picture is never wider than a page, however large the tree. Where it does not fit, `ladder` stands in for it.
"""

from __future__ import annotations

import functools
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from macros.decision_trees.html import ICONS, anchor
from macros.decision_trees.ladder import ladder
from macros.decision_trees.paths import columns
from macros.markdown_safe import escape

if TYPE_CHECKING:
    from collections.abc import Iterable

    from macros.decision_trees.html import TreePage
    from macros.decision_trees.model import Answer

# All in pixels; the picture is shown at this size.
_QUESTION, _GAP, _TARGET = 236, 152, 236
_LINE, _SIZE, _PAD = 18, 13, 10
_BETWEEN_ROWS, _BETWEEN_BLOCKS, _LANE = 10, 44, 12
_TARGET_X = _QUESTION + _GAP
_RIGHT = _TARGET_X + _TARGET
_DOWN_X = 24
#: The widths of letters in a common sans-serif, generously, by the size of the text.
_WIDTHS = {**dict.fromkeys("iljtfrI.,:;'|!()[]", 0.36), **dict.fromkeys("mwMW@%", 0.95), " ": 0.32}


@dataclass(frozen=True)
class Box:
    """A question, an end, or a reference to a question that stands elsewhere.

    Attributes:
        node: the question or end.
        kind: `question`, `reference`, or the end's verdict.
        x: its left side.
        y: its upper side.
        width: its width.
        height: its height.
        lines: its words, line by line.
    """

    node: str
    kind: str
    x: float
    y: float
    width: float
    height: float
    lines: tuple[str, ...]


@dataclass(frozen=True)
class Edge:
    """A line with an arrow at its end, and what stands on it.

    Attributes:
        points: its corners.
        lines: the words of the answer, line by line.
        label: the middle of the words (across an edge) or their start (beside one).
    """

    points: tuple[tuple[float, float], ...]
    lines: tuple[str, ...] = ()
    label: tuple[float, float] = (0, 0)


@dataclass
class Picture:
    """A tree laid out.

    Attributes:
        boxes: the boxes.
        edges: the edges.
        width: the picture's width.
        height: its height.
    """

    boxes: list[Box] = field(default_factory=list)
    edges: list[Edge] = field(default_factory=list)
    width: float = _RIGHT
    height: float = 0


def wrap(text: str, width: float, size: float = _SIZE) -> tuple[str, ...]:
    """Break a text into lines.

    Args:
        text: the text.
        width: how wide a line may be.
        size: the size of its letters.
    """
    lines = [""]
    for word in text.split():
        # A word that is too long for a line by itself is broken anywhere.
        for part in _fitting(word, width, size):
            longer = f"{lines[-1]} {part}".strip()
            if text_width(longer, size) <= width:
                lines[-1] = longer
            else:
                lines.append(part)
    return tuple(line for line in lines if line)


def _fitting(word: str, width: float, size: float) -> Iterable[str]:
    start = 0
    for end in range(1, len(word) + 1):
        if text_width(word[start:end], size) > width:
            yield word[start : end - 1]
            start = end - 1
    yield word[start:]


@functools.lru_cache(maxsize=8192)
def text_width(text: str, size: float = _SIZE) -> float:
    """Estimate the width of a text, rather too wide than too narrow.

    Args:
        text: the text.
        size: the size of its letters.
    """
    return size * sum(_WIDTHS.get(letter, 0.70 if letter.isupper() else 0.60) for letter in text)


def lay_out(page: TreePage) -> Picture:
    """Give every part of the picture its place.

    Args:
        page: the tree as it stands on the page.
    """
    return _Layout(page).picture


class _Layout:
    def __init__(self, page: TreePage) -> None:
        self.page, self.tree = page, page.tree
        self.references: dict[str, list[float]] = {}  # for each question, the heights of the references to it
        self.picture = Picture()
        self.lanes: list[tuple[float, float]] = []
        for column in columns(self.tree):
            if self.picture.boxes:
                self.picture.height += _BETWEEN_BLOCKS
                self._lane(column[0])
            for node, below in zip(column, [*column[1:], None], strict=True):
                self._question(node, next((one for one in self.tree.answers(node) if one.go == below), None))
        self.picture.height += 2
        self.picture.width = _RIGHT + _LANE * len(self.lanes) + 2

    def _question(self, node: str, down: Answer | None) -> None:
        top = y = self.picture.height
        rows = [answer for answer in self.tree.answers(node) if answer is not down]
        asked = wrap(f"{self.page.numbers[node]}. {self.tree.questions[node].ask}", _QUESTION - 2 * _PAD)
        safety = _LINE if self.tree.questions[node].safety else 0
        own = len(asked) * _LINE + 2 * _PAD + safety
        needed = [self._row_height(answer) for answer in rows]
        extra = max(0, own - sum(needed) - _BETWEEN_ROWS * (len(rows) - 1)) / max(1, len(rows))
        for answer, height in zip(rows, needed, strict=True):
            self._row(answer, y, height + extra)
            y += height + extra + _BETWEEN_ROWS
        height = max(own, y - _BETWEEN_ROWS - top)
        self.picture.boxes.append(Box(node, "question", 1, top, _QUESTION - 1, height, asked))
        self.picture.height = top + height
        if down:
            said = wrap(down.say, _TARGET_X)
            gap = max(1, len(said)) * _LINE + 20
            bottom = self.picture.height
            self.picture.edges.append(
                Edge(((_DOWN_X, bottom), (_DOWN_X, bottom + gap)), said, (_DOWN_X + 12, bottom + gap / 2))
            )
            self.picture.height += gap

    def _target(self, answer: Answer) -> tuple[str, tuple[str, ...]]:
        node = answer.go
        width = _TARGET - 2 * _PAD - 16
        if node in self.tree.questions:
            asked = wrap(self.tree.questions[node].ask, width)
            return "reference", _shortened(asked, width)
        verdict, _ = self.page.verdict(node)
        title = (
            self.tree.outcomes[node].title if node in self.tree.outcomes else self.page.titles[node.partition(":")[2]]
        )
        return verdict, wrap(title, width)

    def _row_height(self, answer: Answer) -> float:
        said = wrap(answer.say, _GAP - 44)
        return max(len(said) * _LINE + 4, (len(self._target(answer)[1]) + 1) * _LINE + 2 * _PAD - 4)

    def _row(self, answer: Answer, y: float, height: float) -> None:
        kind, lines = self._target(answer)
        own = (len(lines) + 1) * _LINE + 2 * _PAD - 4
        middle = y + height / 2
        said = wrap(answer.say, _GAP - 44)
        self.picture.boxes.append(Box(answer.go, kind, _TARGET_X, middle - own / 2, _TARGET, own, lines))
        self.picture.edges.append(
            Edge(((_QUESTION, middle), (_TARGET_X, middle)), said, (_QUESTION + (_GAP - 10) / 2, middle))
        )
        if kind == "reference":
            self.references.setdefault(answer.go, []).append(middle)

    def _lane(self, node: str) -> None:
        """Draw lines from the references to a question that is about to be placed, where they cross no other."""
        end = self.picture.height - _BETWEEN_BLOCKS / 2
        x = _RIGHT + _LANE * (len(self.lanes) + 1) - 4
        free = [y for y in self.references[node] if not any(top <= y <= bottom for top, bottom in self.lanes)]
        if not free:
            return
        self.lanes.append((free[0], end))
        self.picture.edges += [Edge(((_RIGHT, y), (x, y))) for y in free[1:]]
        self.picture.edges.append(
            Edge(((_RIGHT, free[0]), (x, free[0]), (x, end), (_DOWN_X, end), (_DOWN_X, self.picture.height)))
        )


def _shortened(lines: tuple[str, ...], width: float) -> tuple[str, ...]:
    """Give the first two lines, with an ellipsis if there are more."""
    if len(lines) <= 2:  # noqa: PLR2004
        return lines
    words = lines[1].split()
    while len(words) > 1 and text_width(" ".join([*words, "…"])) > width:
        words.pop()
    return lines[0], " ".join([*words, "…"])


def draw(page: TreePage, steps: str = "") -> str:
    """Draw a tree, in one piece for each question, so that printing cuts through none.

    Args:
        page: the tree as it stands on the page.
        steps: the address of the page on which its steps stand, if it is another.
    """
    picture = lay_out(page)
    name, tree = page.name, page.tree
    count = f"{len(page.numbers)} questions and {len(tree.outcomes)} outcomes"
    head = (
        f'<title id="{name}.chart">Flowchart: {escape(tree.title)}</title>'
        f'<desc id="{name}.chart-more">{count}. Each question stands once, and its answers lead down or to the right.'
        " Every box is a link to the step, where the same is written out.</desc>"
        f'<defs><marker id="{name}.arrow" viewBox="0 0 8 8" refX="7.5" refY="4" markerWidth="8" markerHeight="8"'
        ' markerUnits="userSpaceOnUse" orient="auto"><path class="flowchart-head" d="M0 0l8 4-8 4z"/></marker></defs>'
    )
    tops = [box.y - 1 for box in picture.boxes if box.kind == "question"]
    pieces = []
    for number, (top, bottom) in enumerate(zip(tops, [*tops[1:], picture.height], strict=True), 1):
        edges = [edge for edge in picture.edges if _low(edge) > top and _high(edge) < bottom]
        boxes = [box for box in picture.boxes if top <= box.y < bottom]
        label = (
            f'aria-labelledby="{name}.chart {name}.chart-more"' if number == 1 else f'aria-label="Question {number}"'
        )
        pieces.append(
            f'<svg viewBox="0 {_n(top)} {_n(picture.width)} {_n(bottom - top)}" width="{_n(picture.width)}"'
            f' height="{_n(bottom - top)}" role="group" {label}>{head if number == 1 else ""}'
            f"{''.join(_edge(edge, f'{name}.arrow') for edge in edges)}"
            f"{''.join(_box(box, page, steps) for box in boxes)}</svg>"
        )
    return (
        f'<figure class="flowchart"><div class="flowchart-wide">{"".join(pieces)}</div>{ladder(page, steps)}</figure>'
    )


def _high(edge: Edge) -> float:
    return min(y for _, y in edge.points)


def _low(edge: Edge) -> float:
    return max(y for _, y in edge.points)


def _edge(edge: Edge, arrow: str) -> str:
    (x, y), *rest = edge.points
    way = f"M{_n(x)} {_n(y)}" + "".join(f"L{_n(a)} {_n(b)}" for a, b in rest)
    # What joins another line has no arrow of its own.
    joins = not edge.lines and len(edge.points) == 2  # noqa: PLR2004
    head = "" if joins else f' marker-end="url(#{arrow})"'
    line = f'<path class="flowchart-edge" d="{way}"{head}/>'
    if not edge.lines:
        return line
    across = edge.points[0][1] == edge.points[-1][1]
    x, y = edge.label
    top = y - (len(edge.lines) - 1) * _LINE / 2 + 4.5
    back = ""
    if across:
        width = max(text_width(one) for one in edge.lines) + 6
        height = len(edge.lines) * _LINE
        back = (
            f'<rect class="flowchart-back" x="{_n(x - width / 2)}" y="{_n(y - height / 2)}"'
            f' width="{_n(width)}" height="{_n(height)}"/>'
        )
    return (
        line
        + back
        + _text(edge.lines, x, top, ' class="flowchart-answer"' + (' text-anchor="middle"' if across else ""))
    )


def _text(lines: Iterable[str], x: float, y: float, attributes: str = "") -> str:
    spans = "".join(
        f'<tspan x="{_n(x)}" y="{_n(y + number * _LINE)}">{escape(line)}</tspan> ' for number, line in enumerate(lines)
    )
    return f"<text{attributes}>{spans.rstrip()}</text>"


def _box(box: Box, page: TreePage, steps: str) -> str:
    href = f"{escape(steps)}#{anchor(page.name, box.node)}"
    x, y = box.x + _PAD, box.y + _PAD + 10
    if box.kind == "question":
        asked = page.tree.questions[box.node]
        height = len(box.lines) * _LINE + (_LINE if asked.safety else 0)
        y = box.y + (box.height - height) / 2 + 13
        head = _text(("Safety question",), x, y, ' class="flowchart-word"') if asked.safety else ""
        inner = head + _text(box.lines, x, y + (_LINE if asked.safety else 0))
        extra = " flowchart-safety" if asked.safety else ""
    elif box.kind == "reference":
        number = page.numbers[box.node]
        inner = _icon("handover", x, y - 10) + _text((f"Question {number}",), x + 18, y, ' class="flowchart-word"')
        inner += _text(box.lines, x + 18, y + _LINE)
        extra = ""
    else:
        word = page.verdict(box.node)[1]
        inner = _icon(box.kind, x, y - 10) + _text((word,), x + 18, y, ' class="flowchart-word"')
        inner += _text(box.lines, x + 18, y + _LINE)
        extra = " flowchart-end"
    return f'<a class="flowchart-{box.kind}{extra}" href="{href}"><path d="{_shape(box)}"/>{inner}</a>'


def _icon(kind: str, x: float, y: float) -> str:
    return f'<path class="flowchart-icon" transform="translate({_n(x)} {_n(y)}) scale(.75)" d="{ICONS[kind]}"/>'


def _shape(box: Box) -> str:
    """Give the outline of a box: each verdict has its own."""
    x, y, width, height = box.x, box.y, box.width - 1, box.height
    right, bottom, middle = x + width, y + height, y + height / 2
    if box.kind == "stop":  # corners cut off
        return _outline((x + 9, y), (right - 9, y), (right, y + 9), (right, bottom - 9), (right - 9, bottom),
                        (x + 9, bottom), (x, bottom - 9), (x, y + 9))  # fmt: skip
    if box.kind == "caution":  # both sides come to a point
        return _outline((x + 8, y), (right - 8, y), (right, middle), (right - 8, bottom), (x + 8, bottom), (x, middle))
    if box.kind in ("refer", "handover"):  # one side points onward
        return _outline((x, y), (right - 12, y), (right, middle), (right - 12, bottom), (x, bottom))
    r = 16 if box.kind == "proceed" else 3
    across, down = _n(width - 2 * r), _n(height - 2 * r)
    return (
        f"M{_n(x + r)} {_n(y)}h{across}a{r} {r} 0 0 1 {r} {r}v{down}a{r} {r} 0 0 1-{r} {r}"
        f"h-{across}a{r} {r} 0 0 1-{r}-{r}v-{down}a{r} {r} 0 0 1 {r}-{r}z"
    )


def _outline(*corners: tuple[float, float]) -> str:
    return f"M{' '.join(f'{_n(x)} {_n(y)}' for x, y in corners)}z"


def _n(value: float) -> str:
    return f"{value:.1f}".rstrip("0").rstrip(".")
