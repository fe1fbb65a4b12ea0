"""Session sheets: what to have ready, do and write down in a phase, one page of paper for each couple therapy.

All twelve stand in `docs/phases/session-sheets.yml`. `{{ session_sheet("dosing") }}` shows the three of a phase, one at a
time, and `{{ session_sheets() }}` is a table that leads to each of the twelve.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Literal

import pydantic
from jinja2 import pass_context

from macros import statements
from macros.calls import caller
from macros.citations.macros import page_of
from macros.data_files import DataFile, Line, Markdown, OneFile, Record, check_claim, load_one
from macros.markdown_safe import block
from macros.problems import Problem, nearest
from macros.session_sheets import rendering
from macros.terms import MODALITIES, PHASES, Modality, Phase
from macros.texts import check_link, links_in, relative, to_html

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence
    from pathlib import Path

    from jinja2.runtime import Context

    from macros.data_files import Place
    from macros.expansion import PageContext
    from macros.guide import Guide
    from macros.pages import MacroCall, Page
    from macros.settings import Settings

NAMES = frozenset({"session_sheet", "session_sheets"})
_FOLDER = "phases"
_LONGEST = 140  # characters of an item: two lines on paper


class Step(Record):
    """Something to have ready, to write down, or to stop at.

    Attributes:
        text: what it is, with its source.
    """

    text: Markdown


class Action(Step):
    """Something to ask, say or do.

    Attributes:
        text: what it is, with its source.
        who: with whom: both partners together, each of them alone, or either of them.
    """

    who: Literal["both", "each-alone", "either"]


class Sheet(Record):
    """A sheet.

    Attributes:
        phase: its phase.
        modality: its therapy.
        title: its head.
        aim: what the session is for.
        room: who is in the room.
        before: what is ready before.
        during: what is done.
        after: what is written down, measured and agreed.
        stop: when not to go on, and what then.
        fill: what has a line of its own on paper, to be written by hand.
    """

    phase: Phase
    modality: Modality
    title: Line
    aim: Markdown
    room: Markdown
    before: Annotated[tuple[Step, ...], pydantic.Field(min_length=3, max_length=6)]
    during: Annotated[tuple[Action, ...], pydantic.Field(min_length=5, max_length=9)]
    after: Annotated[tuple[Step, ...], pydantic.Field(min_length=3, max_length=5)]
    stop: Annotated[tuple[Step, ...], pydantic.Field(min_length=2, max_length=4)]
    fill: Annotated[tuple[Line, ...], pydantic.Field(max_length=6)] = ()

    def texts(self) -> Iterator[tuple[Place, str]]:
        """Give its texts with their places, in the order in which they are read."""
        yield ("aim",), self.aim
        yield ("room",), self.room
        for part in ("before", "during", "after", "stop"):
            for number, step in enumerate(getattr(self, part)):
                yield (part, number, "text"), step.text


class Sheets(Record):
    """All sheets.

    Attributes:
        sheets: the sheets.
    """

    sheets: tuple[Sheet, ...]

    def of(self, phase: str) -> list[tuple[int, Sheet]]:
        """Give the sheets of a phase with their numbers, in the order of the therapies.

        Args:
            phase: the phase.
        """
        found = [(number, sheet) for number, sheet in enumerate(self.sheets) if sheet.phase == phase]
        return sorted(found, key=lambda one: list(MODALITIES).index(one[1].modality))


def load(root: Path, settings: Settings) -> tuple[OneFile[Sheets], list[Problem]]:
    """Read the sheets.

    Args:
        root: the project's root.
        settings: say where the pages are.
    """
    data, problems = load_one(root, f"{settings.docs_dir}/phases/session-sheets.yml", Sheets)
    if data.file:
        problems += _check_sheets(data.file)
    return data, problems


def _check_sheets(file: DataFile[Sheets]) -> list[Problem]:
    problems = []
    seen: dict[tuple[str, str], int] = {}
    for number, sheet in enumerate(file.value.sheets):
        line = file.line("sheets", number)
        what = (sheet.phase, sheet.modality)
        if what in seen:
            message = f"The sheet for {sheet.phase} and {sheet.modality} stands here a second time."
            problems.append(Problem(file.path, line, message, f"The first is on line {seen[what]}; keep one."))
        seen.setdefault(what, line)
        for place, text in sheet.texts():
            problems += check_claim(file, ("sheets", number, *place), text, _LONGEST)
    for phase in PHASES:
        for modality in MODALITIES:
            if (phase, modality) not in seen:
                message = f"There is no sheet for {phase} and {modality}."
                problems.append(Problem(file.path, 1, message, "Each phase has one for each of the three therapies."))
    return problems


def check(data: OneFile[Sheets], pages: Mapping[str, Page]) -> list[Problem]:
    """Find faulty calls, links that lead nowhere, and sheets that no page shows.

    Args:
        data: the sheets.
        pages: the pages, by `src`.
    """
    problems = data.check_calls(NAMES, pages, "session sheets")
    shown: dict[str, str] = {}
    for page in pages.values():
        here = [call for call in page.calls if call.name == "session_sheet"]
        for index, call in enumerate(here):
            fault = _fault(call, shown, first=index == 0)
            if fault:
                problems.append(Problem(page.path, call.line, *fault))
            elif call.args:
                shown[call.args[0]] = page.path
    if data.file:
        if shown:
            problems += [
                Problem(
                    data.path, 1, f"No page shows the sheets for {phase}.", f'Add {{{{ session_sheet("{phase}") }}}}.'
                )
                for phase in PHASES
                if phase not in shown
            ]
        for number, sheet in enumerate(data.file.value.sheets):
            for place, text in sheet.texts():
                for target in links_in(text):
                    line = data.file.line("sheets", number, *place)
                    problems += check_link(target, data.path, line, pages, _FOLDER)
    return problems


def _fault(call: MacroCall, shown: Mapping[str, str], *, first: bool) -> tuple[str, str] | None:
    """Give what is wrong with a call."""
    write = f"The phases are: {', '.join(PHASES)}."
    if call.kwargs:
        return f"`session_sheet()` has no option `{call.kwargs[0][0]}`.", 'Write {{ session_sheet("dosing") }}.'
    if len(call.args) != 1 or not isinstance(call.args[0], str):
        return "`session_sheet()` should name one phase, as text in quotes.", write
    phase = call.args[0]
    if phase not in PHASES:
        close = nearest(phase, PHASES)
        return f"There is no phase `{phase}`.", f"Did you mean `{close}`?" if close else write
    if not first:
        return "The page shows session sheets a second time; only one could be printed.", "Give it a page of its own."
    if phase in shown:
        return f"The sheets for {phase} stand on another page, too: {shown[phase]}.", "Keep one, and link to it."
    return None


def embedded(data: OneFile[Sheets], call: MacroCall) -> Sequence[MacroCall]:
    """Give the citations that the sheets of a phase put into a page, in the order in which they stand there.

    Args:
        data: the sheets.
        call: the call of the macro.
    """
    if data.file is None or call.name != "session_sheet" or not call.args:
        return []
    return [one for number, _ in data.file.value.of(str(call.args[0])) for one in data.file.calls_in("sheets", number)]


def macros(guide: Guide) -> dict[str, Callable[..., str]]:
    """Give the macros of this feature.

    Args:
        guide: the guide that they look things up in.
    """
    data: OneFile[Sheets] = guide.data[__name__]
    calls, reading = caller(guide), statements.macros(guide)["reading"]

    @pass_context
    def session_sheet(context: Context | PageContext, phase: str) -> str:
        """Show the sheets of a phase, one for each therapy."""
        assert data.file  # noqa: S101 - a guide without sheets is not rendered with this macro
        page = page_of(context, guide)

        call = calls(context)

        def text(markdown: str) -> str:
            # What to do comes first, and whose word it is last: sheets are read at a glance.
            is_reading, rest = statements.split_reading(markdown)
            html = to_html(rest, page, guide, call, base=_FOLDER, inline=True)
            return rendering.claim(html, reading() if is_reading else None)

        written = [
            (sheet, {place: text(markdown) for place, markdown in sheet.texts()})
            for _, sheet in data.file.value.of(phase)
        ]
        return block(lambda: rendering.sheets(written), kept=guide.settings.keeps_blocks, searched=True)

    @pass_context
    def session_sheets(context: Context | PageContext) -> str:
        """Lead to every sheet."""
        page = page_of(context, guide)
        directories = guide.settings.use_directory_urls
        own = page.url(use_directory_urls=directories)
        addresses = {
            call.args[0]: relative(other.url(use_directory_urls=directories), own)
            for other in guide.pages.values()
            for call in other.calls
            if call.name == "session_sheet"
        }
        return block(lambda: rendering.overview(addresses), kept=guide.settings.keeps_blocks)

    return {"session_sheet": session_sheet, "session_sheets": session_sheets}
