"""The four phases as a timeline: who is in the room, and what must be true before the next; drawn, and as a list.

What it says stands in `docs/phases/timeline.yml`; a page shows it with `{{ phases_timeline() }}`.
"""

from __future__ import annotations

import posixpath
from typing import TYPE_CHECKING, Annotated

import pydantic
from jinja2 import pass_context

from macros.calls import caller
from macros.citations.macros import page_of
from macros.data_files import Line, Markdown, OneFile, Record, load_one
from macros.markdown_safe import block, escape
from macros.phases_timeline.drawing import tall, wide
from macros.problems import Problem
from macros.terms import PHASES, Phase
from macros.texts import address, check_link, links_in, to_html

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from pathlib import Path

    from jinja2.runtime import Context

    from macros.expansion import PageContext
    from macros.guide import Guide
    from macros.pages import MacroCall, Page
    from macros.settings import Settings

NAMES = frozenset({"phases_timeline"})
_FOLDER = "phases"

#: What fits into the drawing.
Drawn = Annotated[Line, pydantic.StringConstraints(max_length=110)]


class Step(Record):
    """A phase.

    Attributes:
        phase: which.
        link: its page.
        room: who is in the room.
        gate: what must be true before the next phase.
        basis: whence this comes.
    """

    phase: Phase
    link: Line
    room: Drawn
    gate: Drawn
    basis: Markdown


class Timeline(Record):
    """All phases.

    Attributes:
        phases: the phases in their order.
    """

    phases: tuple[Step, ...]


def load(root: Path, settings: Settings) -> tuple[OneFile[Timeline], list[Problem]]:
    """Read the timeline.

    Args:
        root: the project's root.
        settings: say where the pages are.
    """
    data, problems = load_one(root, f"{settings.docs_dir}/phases/timeline.yml", Timeline)
    if data.file:
        steps = data.file.value.phases
        if [step.phase for step in steps] != list(PHASES):
            message = "The timeline does not hold each phase once, in order."
            hint = f"The phases are: {', '.join(PHASES)}."
            problems.append(Problem(data.path, data.file.line("phases"), message, hint))
        for number in range(len(steps)):
            place = ("phases", number, "basis")
            if not data.file.calls_in(*place):
                hint = 'Add {{ cite("key") }} or {{ reading() }}.'
                problems.append(Problem(data.path, data.file.line(*place), "`basis` carries no citation.", hint))
    return data, problems


def check(data: OneFile[Timeline], pages: Mapping[str, Page]) -> list[Problem]:
    """Find calls without a file, links that lead nowhere, and a timeline that no page shows.

    Args:
        data: the timeline.
        pages: the pages, by `src`.
    """
    problems = data.check_calls(NAMES, pages, "phases of a timeline")
    for number, step in enumerate(data.file.value.phases if data.file and not problems else ()):
        at = ("phases", number)
        assert data.file  # noqa: S101 - there would be no steps
        problems += check_link(step.link, data.path, data.file.line(*at, "link"), pages, _FOLDER)
        for target in links_in(step.basis):
            problems += check_link(target, data.path, data.file.line(*at, "basis"), pages, _FOLDER)
    return problems


def embedded(data: OneFile[Timeline], _call: MacroCall) -> Sequence[MacroCall]:
    """Give the citations that the timeline puts into a page.

    Args:
        data: the timeline.
        _call: the call of the macro, which takes nothing.
    """
    return [one for _, one in data.file.calls] if data.file else []


def macros(guide: Guide) -> dict[str, Callable[..., str]]:
    """Give the macros of this feature.

    Args:
        guide: the guide that they look things up in.
    """
    data: OneFile[Timeline] = guide.data[__name__]
    calls = caller(guide)

    @pass_context
    def phases_timeline(context: Context | PageContext) -> str:
        """Draw the phases, and list them."""
        assert data.file  # noqa: S101 - a guide without a timeline is not rendered with this macro
        page, steps = page_of(context, guide), data.file.value.phases
        url = page.url(use_directory_urls=guide.settings.use_directory_urls)

        call = calls(context)

        links = [address(posixpath.join(_FOLDER, step.link), url, guide) for step in steps]
        bases = [to_html(step.basis, page, guide, call, base=_FOLDER, inline=True) for step in steps]

        def make() -> str:
            items = "".join(
                f'<li><a href="{escape(link)}">{PHASES[step.phase]}</a>. In the room: {_running(step.room)}. '
                f"{_before(number)}: {_running(step.gate)}. {basis}</li>"
                for number, (step, link, basis) in enumerate(zip(steps, links, bases, strict=True))
            )
            return (
                f'<figure class="timeline">{wide(steps, links)}{tall(steps, links)}'
                f"<details><summary>The same as a list, with its sources</summary><ol>{items}</ol></details>"
                "<figcaption>Four phases. A diamond is "
                "a gate: go on only when what stands at it is true, and go back whenever it stops being true."
                "</figcaption></figure>"
            )

        return block(make, kept=guide.settings.keeps_blocks, searched=True)

    return {"phases_timeline": phases_timeline}


def _before(number: int) -> str:
    return "Before the next phase" if number < len(PHASES) - 1 else "At the end"


def _running(text: str) -> str:
    """Give a text as the continuation of a sentence."""
    return escape(text[0].lower() + text[1:])
