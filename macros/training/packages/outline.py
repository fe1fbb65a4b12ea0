"""What packages need to know of the course."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import click

from macros.training.macros import minutes_of
from macros.training.model import in_course_order

if TYPE_CHECKING:
    from collections.abc import Mapping

    from macros.data_files import DataFile
    from macros.guide import Guide
    from macros.pages import Page
    from macros.training.model import Module


@dataclass(frozen=True)
class Outline:
    """The course from outside.

    Attributes:
        home: its page.
        start: the address of that page, relative to the site's root.
        files: the files of its modules by name, in the course's order.
        cases: the names of its branching cases.
        minutes: how long its modules take.
    """

    home: Page
    start: str
    files: Mapping[str, DataFile[Module]]
    cases: tuple[str, ...]
    minutes: int

    @property
    def items(self) -> tuple[str, ...]:
        """The items of all modules, as the trainee's progress names them."""
        return tuple(f"{name}/{item}" for name, file in self.files.items() for item in file.value.items)

    @property
    def pages(self) -> tuple[str, ...]:
        """The pages to read in all modules, as the trainee's progress names them."""
        return tuple(f"{name} {page.to}" for name, file in self.files.items() for page in file.value.read)


def outline(guide: Guide) -> Outline:
    """Give the outline of a guide's course.

    Args:
        guide: the guide, without problems.

    Raises:
        click.ClickException: if it has no course.
    """
    files: Mapping[str, DataFile[Module]] = guide.data["macros.training"].by_name
    home = guide.page_with("course_progress")
    if not files or home is None:
        raise click.ClickException("This guide has no course: no module in docs/training, or no page that lists them.")
    names = in_course_order({name: file.value for name, file in files.items()})
    trees = guide.data["macros.decision_trees"].by_name
    return Outline(
        home=home,
        start=home.url(use_directory_urls=guide.settings.use_directory_urls),
        files={name: files[name] for name in names},
        cases=tuple(name for name, file in trees.items() if file.value.kind == "case"),
        minutes=sum(minutes_of(guide, name, files[name].value) for name in names),
    )
