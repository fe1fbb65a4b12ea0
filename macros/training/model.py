"""The format of a module of the course: what its YAML file holds."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Annotated, Literal

from pydantic import Field

from macros.data_files import Line, Markdown, Name, Record

if TYPE_CHECKING:
    from macros.data_files import Place

Kind = Literal["one", "several", "order", "match"]
#: What a trainee is told beside the question, which itself says what to put in order or to match.
HINTS: dict[Kind, str] = {"one": "Choose one.", "several": "Choose all that are right.", "order": "", "match": ""}


class Option(Record):
    """One option of an item."""

    say: Annotated[Line, Field(max_length=160, description="The option, in plain words.")]
    right: bool = Field(False, description="Whether it is right; in items of the kinds `one` and `several` only.")
    counterpart: Line | None = Field(None, alias="with", description="What it is matched with; in `match` only.")
    why: Annotated[
        Markdown, Field(description="Why it is right or wrong, or stands there; cited, or begun with {{ reading() }}.")
    ]


class Item(Record):
    """One item of a self-check."""

    objective: Annotated[Name, Field(description="The objective that it tests.")]
    kind: Kind = Field(
        description="one: one is right. several: some are. order: listed in the right order. match: pairs."
    )
    ask: Annotated[
        Line, Field(max_length=400, description="The question, with its constructed situation if it has one.")
    ]
    options: Annotated[tuple[Option, ...], Field(min_length=3, max_length=6, description="Three to six.")]
    review: Annotated[
        tuple[Line, ...],
        Field(min_length=1, max_length=3, description="The pages to read again after a wrong answer, one to three."),
    ]


class Reading(Record):
    """A page to read."""

    to: Annotated[Line, Field(description="The page's file, as seen from the module's folder.")]
    look: Annotated[Line, Field(description="What to look for.")]


class Module(Record):
    """A module of the course in the guide to ketamine-assisted couple therapy."""

    title: Annotated[Line, Field(description="Its title.")]
    number: Annotated[int, Field(ge=1, description="Its place in the course.")]
    summary: Annotated[Line, Field(max_length=160, description="What the trainee can do afterwards.")]
    prerequisites: tuple[Name, ...] = Field((), description="The modules to work through before.")
    questions: Annotated[tuple[Line, ...], Field(min_length=2, max_length=4, description="The questions it answers.")]
    objectives: Annotated[
        dict[Name, Annotated[Line, Field(max_length=110)]],
        Field(min_length=3, max_length=6, description="What the trainee can do, by name; each begins with a verb."),
    ]
    read: Annotated[tuple[Reading, ...], Field(min_length=2, max_length=7, description="The pages to read.")]
    key_points: Annotated[
        tuple[Markdown, ...],
        Field(min_length=3, max_length=6, description="What to keep; each cited, or begun with {{ reading() }}."),
    ]
    supervision: Annotated[
        tuple[Line, ...], Field(min_length=2, max_length=4, description="What to do next in supervision.")
    ]
    cases: tuple[Name, ...] = Field((), description="The branching cases to work through after it.")
    items: Annotated[dict[Name, Item], Field(description="The self-check's items, by name.")]

    def texts(self) -> Iterator[tuple[Place, str]]:
        """Give the texts that make statements, with their places, as they follow in the file."""
        for number, text in enumerate(self.key_points):
            yield ("key_points", number), text
        for name, item in self.items.items():
            for number, option in enumerate(item.options):
                yield ("items", name, "options", number, "why"), option.why

    def pages(self) -> Iterator[str]:
        """Give the pages that are read or reviewed, as the file names them."""
        yield from (one.to for one in self.read)
        for item in self.items.values():
            yield from item.review

    def of(self, objective: str) -> list[str]:
        """Give the names of the items that test an objective.

        Args:
            objective: the objective's name.
        """
        return [name for name, item in self.items.items() if item.objective == objective]


def in_course_order(modules: Mapping[str, Module]) -> list[str]:
    """Give the names of modules in the order of their numbers.

    Args:
        modules: the modules, by name.
    """
    return sorted(modules, key=lambda name: (modules[name].number, name))
