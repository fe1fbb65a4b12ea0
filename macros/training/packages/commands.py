"""The commands that write packages: `python -m macros course scorm` and `python -m macros course qti`."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from macros.guide import load_guide
from macros.problems import report
from macros.training.packages.qti import write_qti
from macros.training.packages.scorm import write_scorm

if TYPE_CHECKING:
    from macros.guide import Guide

_ROOT = click.option("--root", default=".", type=click.Path(exists=True, file_okay=False), help="The project's folder.")


@click.group()
def course() -> None:
    """Write the course for learning platforms."""


@course.command()
@click.argument("site", type=click.Path(exists=True, file_okay=False, path_type=Path))
@click.argument("target", type=click.Path(dir_okay=False, path_type=Path))
@_ROOT
def scorm(site: Path, target: Path, root: str) -> None:
    """Write SITE, a built site, with its course into TARGET, a SCORM 1.2 package."""
    count = write_scorm(_guide(root, render=False), site, target)
    click.echo(f"{target}: {count} files, {target.stat().st_size / 1e6:.1f} MB.")


@course.command()
@click.argument("folder", type=click.Path(file_okay=False, path_type=Path))
@_ROOT
def qti(folder: Path, root: str) -> None:
    """Write the questions of each module into FOLDER, as QTI 2.1 packages."""
    written = write_qti(_guide(root, render=True), folder)
    click.echo(f"{folder}: {len(written)} packages with {sum(written.values())} questions.")


def _guide(root: str, *, render: bool) -> Guide:
    guide = load_guide(root, render=render)
    if guide.problems:
        click.echo(report(guide.problems), err=True)
        sys.exit(1)
    return guide
