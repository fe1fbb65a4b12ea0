"""The framework on one page: a drawn map (SVG) whose every box is a link, wide for screens and upright for phones."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from jinja2 import pass_context

from macros.citations.macros import page_of
from macros.markdown_safe import block, escape
from macros.texts import address

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from jinja2.runtime import Context

    from macros.expansion import PageContext
    from macros.guide import Guide
    from macros.pages import Page

NAMES = frozenset({"framework_picture"})


@dataclass(frozen=True)
class _Node:
    """A box: its lines of text, of which the first is its name, and the page that it leads to."""

    lines: tuple[str, ...]
    src: str
    kind: str = ""


_KETAMINE = _Node(("Ketamine",), "evidence/ketamine.md", "start")
_MECHANISMS = (
    _Node(("Neuroplasticity",), "mechanisms/neuroplasticity.md"),
    _Node(("Functional connectivity",), "mechanisms/functional-connectivity.md"),
    _Node(("Adaptive dissociation",), "mechanisms/adaptive-dissociation.md"),
    _Node(("Decreased inhibition",), "mechanisms/decreased-inhibition.md"),
    _Node(("Reduced avoidance",), "mechanisms/reduced-avoidance.md"),
)
_PROCESSES = (
    _Node(("Cognitive", "how partners see things"), "modalities/map.md", "process"),
    _Node(("Emotional", "what they feel and show"), "modalities/map.md", "process"),
    _Node(("Behavioural", "what they do"), "modalities/map.md", "process"),
)
_THERAPIES = (
    _Node(("CBCT", "cognitive-behavioural"), "modalities/cbct.md"),
    _Node(("EFT", "emotionally focused"), "modalities/eft.md"),
    _Node(("IBCT", "integrative behavioural"), "modalities/ibct.md"),
)
_INDIRECT = _Node(
    ("The indirect pathway", "through each partner’s mental health"), "mechanisms/indirect-pathway.md", "indirect"
)
_OUTCOME = _Node(("Less distress", "between partners"), "evidence/not-known.md", "outcome")
_PHASES = (
    _Node(("Assessment",), "phases/assessment.md", "phase"),
    _Node(("Preparation",), "phases/preparation.md", "phase"),
    _Node(("Dosing",), "phases/dosing.md", "phase"),
    _Node(("Integration",), "phases/integration.md", "phase"),
)
_LISTS = (
    ("Five mechanisms that are proposed", _MECHANISMS),
    ("Processes of change", _PROCESSES),
    ("Three couple therapies", _THERAPIES),
    ("The other way, and what is hoped for", (_INDIRECT, _OUTCOME)),
    ("Four phases", _PHASES),
)


def macros(guide: Guide) -> dict[str, Callable[..., str]]:
    """Give the macros of this feature.

    Args:
        guide: the guide that they look things up in.
    """

    @pass_context
    def framework_picture(context: Context | PageContext) -> str:
        """Draw the framework."""
        page = page_of(context, guide)

        def make() -> str:
            return (
                '<figure class="framework-picture">'
                f"{_Picture(page, guide, 'wide').drawn()}{_Picture(page, guide, 'tall').drawn()}"
                "<figcaption>The framework as its authors’ abstract describes it. Every box leads to its page. Dashed lines: "
                "proposed, and untested with couples.</figcaption></figure>"
            )

        return block(make, kept=guide.settings.keeps_blocks)

    return {"framework_picture": framework_picture}


class _Picture:
    """One of the two drawings; the style sheet shows the one that fits the screen."""

    def __init__(self, page: Page, guide: Guide, shape: str) -> None:
        self.url = page.url(use_directory_urls=guide.settings.use_directory_urls)
        self.guide = guide
        self.shape = shape
        self.lines: list[str] = []
        self.boxes: dict[_Node, str] = {}

    def drawn(self) -> str:
        width, height = self._wide() if self.shape == "wide" else self._tall()
        lists = [f'<g role="list" aria-label="Where it starts">{self.boxes[_KETAMINE]}</g>']
        for name, nodes in _LISTS:
            lists.append(f'<g role="list" aria-label="{name}">{"".join(self.boxes[node] for node in nodes)}</g>')
        name = f"framework-{self.shape}"
        return (
            f'<svg class="framework-{self.shape}" viewBox="0 0 {width} {height}" role="group" aria-labelledby="{name}">'
            f'<title id="{name}">The framework on one page</title>'
            f'<defs><marker id="{name}-tip" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="8" markerHeight="8" orient="auto">'
            '<path class="tip" d="M0 0 8 4 0 8z"/></marker></defs>'
            f'<g aria-hidden="true">{"".join(self.lines)}</g>{"".join(lists)}</svg>'
        )

    def _wide(self) -> tuple[int, int]:
        top, tall, gap = 40, 52, 14
        middle = top + (5 * tall + 4 * gap) / 2
        self._heads((150, "How ketamine might act"), (470, "What might change"), (740, "In which therapy"))
        self._box(_KETAMINE, 0, middle - 36, 104, 72)
        for index, node in enumerate(_MECHANISMS):
            y = top + index * (tall + gap)
            self._box(node, 150, y, 220, tall)
            self._line(f"M104 {middle}H127V{y + tall / 2}H148", tip=True)
            self._line(f"M370 {y + tall / 2}H400V{middle}")
        for nodes, left, width in ((_PROCESSES, 470, 190), (_THERAPIES, 740, 190)):
            for index, node in enumerate(nodes):
                y = top + 12 + index * 106
                self._box(node, left, y, width, 80)
                self._line(f"M{left - 70} {middle}H{left - 35}V{y + 40}H{left - 2}", tip=True)
                self._line(f"M{left + width} {y + 40}H{left + width + 45}V{middle}")
        self._line(f"M660 {middle}H670")
        self._line(f"M930 {middle}H1018", tip=True)
        self._box(_OUTCOME, 1020, middle - 44, 140, 88)
        below = top + 5 * tall + 4 * gap + 34
        self._box(_INDIRECT, 150, below, 780, 60)
        self._line(f"M52 {middle + 36}V{below + 30}H148", tip=True)
        self._line(f"M930 {below + 30}H1090V{middle + 46}", tip=True)
        y = below + 100
        self._heads((0, "Along four phases"), y=y - 10)
        for index, node in enumerate(_PHASES):
            self._phase(node, index * 292, y, 284, 56)
        return 1160, int(y + 60)

    def _tall(self) -> tuple[int, int]:
        width = 340
        self._box(_KETAMINE, 90, 2, 160, 44)
        self._line("M170 46V76", tip=True)
        self._heads((0, "How ketamine might act"), y=96)
        y = 106
        for node in _MECHANISMS:
            self._box(node, 0, y, width, 44)
            y += 50
        self._line(f"M170 {y - 6}V{y + 22}", tip=True)
        for title, nodes in (("What might change", _PROCESSES), ("In which therapy", _THERAPIES)):
            y += 42
            self._heads((0, title), y=y)
            y += 10
            for node in nodes:
                self._box(node, 0, y, width, 56)
                y += 62
            self._line(f"M170 {y - 6}V{y + 22}", tip=True)
        self._box(_OUTCOME, 40, y + 24, 260, 60)
        y += 84
        self._line(f"M170 {y + 34}V{y + 2}", tip=True)
        self._box(_INDIRECT, 0, y + 36, width, 60)
        y += 132
        self._heads((0, "Along four phases"), y=y)
        y += 10
        for node in _PHASES:
            self._box(node, 0, y, width, 44)
            y += 50
        return width, int(y)

    def _heads(self, *heads: tuple[float, str], y: float = 22) -> None:
        self.lines += [f'<text class="head" x="{x:g}" y="{y:g}">{escape(text)}</text>' for x, text in heads]

    def _line(self, path: str, *, tip: bool = False) -> None:
        end = f' marker-end="url(#framework-{self.shape}-tip)"' if tip else ""
        self.lines.append(f'<path class="way" d="{path}"{end}/>')

    def _box(self, node: _Node, x: float, y: float, width: float, height: float) -> None:
        shape = f'<rect x="{x + 1:g}" y="{y + 1:g}" width="{width - 2:g}" height="{height - 2:g}" rx="4"/>'
        self.boxes[node] = self._linked(node, shape, x + width / 2, y + height / 2)

    def _phase(self, node: _Node, x: float, y: float, width: float, height: float) -> None:
        half = height / 2
        outline = f"M{x:g} {y:g}h{width - 20:g}l18 {half:g}l-18 {half:g}h{20 - width:g}l18 {-half:g}z"
        self.boxes[node] = self._linked(node, f'<path d="{outline}"/>', x + width / 2, y + half)

    def _linked(self, node: _Node, shape: str, x: float, y: float) -> str:
        text = self._text(node.lines, x, y)
        drawn = f'<g class="box {node.kind}">{shape}{text}</g>'
        src, _, _ = node.src.partition("#")
        if src in self.guide.pages:  # a page that is still to be written is a box without a link
            drawn = f'<a href="{escape(address(node.src, self.url, self.guide))}">{drawn}</a>'
        return f'<g role="listitem">{drawn}</g>'

    @staticmethod
    def _text(lines: Sequence[str], x: float, y: float) -> str:
        first = y + 5 - (len(lines) - 1) * 10
        written = []
        for index, line in enumerate(lines):
            small = ' class="more"' if index else ""
            written.append(f'<text{small} x="{x:g}" y="{first + index * 20:g}">{escape(line)}</text>')
        return "".join(written)
