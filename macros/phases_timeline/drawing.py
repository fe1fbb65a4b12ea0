"""The drawings of the timeline (SVG): wide for screens, upright for phones. The list beside them says the same."""

from __future__ import annotations

import textwrap
from typing import TYPE_CHECKING

from macros.markdown_safe import escape
from macros.terms import PHASES

if TYPE_CHECKING:
    from collections.abc import Sequence

    from macros.phases_timeline import Step

_LINE = 19  # from one line of text to the next


def wide(steps: Sequence[Step], links: Sequence[str]) -> str:
    """Draw the phases from left to right.

    Args:
        steps: the phases.
        links: the addresses of their pages.
    """
    column, rooms = 246, [textwrap.wrap(step.room, 25) for step in steps]
    gates = [textwrap.wrap(step.gate, 26) for step in steps]
    below = 96 + max(map(len, rooms)) * _LINE + 22
    height = below + 34 + max(map(len, gates)) * _LINE + 6
    phases, more = [], []
    for number, step in enumerate(steps):
        x = number * column
        outline = f"M{x + 1} 2h178l18 27l-18 27h-178{'z' if number == 0 else 'l18 -27z'}"
        phases.append(_phase(step, links[number], f'<path d="{outline}"/>', x + 98, 34))
        more.append(_text(x + 4, 90, "In the room", "head") + _lines(rooms[number], x + 4, 111))
        more.append(f'<path class="way" d="M{x + 221} 44V{below}"/>{_diamond(x + 221, 29)}')
        more.append(f'<rect class="gate" x="{x + 1}" y="{below}" width="236" height="{height - below - 2}" rx="4"/>')
        more.append(_text(x + 12, below + 22, _head(number), "head") + _lines(gates[number], x + 12, below + 43))
    return _svg("wide", 4 * column - 10, height, phases, more)


def tall(steps: Sequence[Step], links: Sequence[str]) -> str:
    """Draw the phases from top to bottom.

    Args:
        steps: the phases.
        links: the addresses of their pages.
    """
    y, phases, more = 2, [], []
    for number, step in enumerate(steps):
        room, gate = textwrap.wrap(step.room, 36), textwrap.wrap(step.gate, 36)
        phases.append(_phase(step, links[number], f'<rect x="1" y="{y}" width="338" height="46" rx="4"/>', 170, y + 29))
        more.append(_text(34, y + 70, "In the room", "head") + _lines(room, 34, y + 91))
        top = y + 91 + len(room) * _LINE
        bottom = top + 34 + len(gate) * _LINE
        end = bottom + 14 if number < len(steps) - 1 else top + 16
        more.append(f'<path class="way" d="M13 {y + 47}V{end}"/>')
        more.append(f'<rect class="gate" x="26" y="{top}" width="313" height="{bottom - top}" rx="4"/>')
        more.append(_diamond(13, top + 16))
        more.append(_text(36, top + 22, _head(number), "head") + _lines(gate, 36, top + 43))
        y = bottom + 14
    return _svg("tall", 340, y - 8, phases, more)


def _svg(shape: str, width: int, height: int, phases: Sequence[str], more: Sequence[str]) -> str:
    name = f"timeline-{shape}"
    return (
        f'<svg class="{name}" viewBox="0 0 {width} {height}" role="group" aria-labelledby="{name}">'
        f'<title id="{name}">The four phases as a timeline</title><g aria-hidden="true">{"".join(more)}</g>'
        f'<g role="list" aria-label="Phases">{"".join(phases)}</g></svg>'
    )


def _phase(step: Step, link: str, shape: str, x: int, y: int) -> str:
    name = PHASES[step.phase]
    return (
        f'<g role="listitem"><a href="{escape(link)}"><g class="box">{shape}'
        f'<text class="name" x="{x}" y="{y}">{name}</text></g></a></g>'
    )


def _head(number: int) -> str:
    return "Go on only when" if number < len(PHASES) - 1 else "At the end"


def _diamond(x: int, y: int) -> str:
    return f'<path class="diamond" d="M{x} {y - 12}l12 12l-12 12l-12 -12z"/>'


def _lines(lines: Sequence[str], x: int, y: int) -> str:
    return "".join(_text(x, y + number * _LINE, line) for number, line in enumerate(lines))


def _text(x: int, y: int, text: str, kind: str = "") -> str:
    named = f' class="{kind}"' if kind else ""
    return f'<text{named} x="{x}" y="{y}">{escape(text)}</text>'
