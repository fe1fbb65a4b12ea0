"""The commands that write the course for learning platforms: `course scorm` and `course qti`."""

from __future__ import annotations

from pathlib import Path

import click

from macros.commands.shared import guide_without_problems, root_option, stop
from macros.guide import load_guide
from macros.training.packages.qti import write_qti
from macros.training.packages.scorm import write_scorm


@click.group()
def course() -> None:
    """Write the course for learning platforms; `make course-packages` writes all."""


@course.command()
@click.argument("site", type=click.Path(exists=True, file_okay=False, path_type=Path))
@click.argument("target", type=click.Path(dir_okay=False, path_type=Path))
@root_option
def scorm(site: Path, target: Path, root: Path) -> None:
    """Write SITE, a built site, with its course into TARGET, a SCORM 1.2 package.

    \b
    Example:
      python -m macros course scorm site dist/course.zip
    """
    count = write_scorm(guide_without_problems(root), site, target)
    click.echo(f"{target}: {count} files, {target.stat().st_size / 1e6:.1f} MB.")


@course.command()
@click.argument("folder", type=click.Path(file_okay=False, path_type=Path))
@root_option
def qti(folder: Path, root: Path) -> None:
    """Write the questions of each module into FOLDER, as QTI 2.1 packages.

    \b
    Example:
      python -m macros course qti dist/questions
    """
    guide = load_guide(root)  # to be rendered: the packages hold the sources' texts
    if guide.problems:
        stop(guide.problems)
    written = write_qti(guide, folder)
    click.echo(f"{folder}: {len(written)} packages with {sum(written.values())} questions.")
