"""What commands share: the project's folder, a guide without problems, and writing that can be taken back."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from macros.cache import write_whole
from macros.guide import load_guide
from macros.problems import Problem, report

if TYPE_CHECKING:
    from collections.abc import Container, Iterable, Mapping
    from typing import NoReturn

    from macros.guide import Guide

root_option = click.option(
    "--root",
    default=".",
    is_eager=True,  # names are judged by it before anything is asked
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    help="The project's folder; without it, the one you are in.",
)


def stop(problems: Iterable[Problem]) -> NoReturn:
    """Say what is wrong, and end with exit code 1.

    Args:
        problems: what is wrong.
    """
    click.echo(report(problems), err=True)
    sys.exit(1)


def guide_without_problems(root: Path) -> Guide:
    """Load the guide to read it, or say what is wrong with it and end.

    Args:
        root: the project's folder.
    """
    guide = load_guide(root, render=False)
    if guide.problems:
        stop(guide.problems)
    return guide


def write_checked(root: Path, files: Mapping[str, bytes], *, apart: Container[str] = ()) -> list[Problem]:
    """Write files, unless the guide would then have problems that it has not now: then all stays as it was.

    Args:
        root: the project's folder.
        files: the new contents, by path relative to it.
        apart: messages of problems that they may bring, since the author is told to do the rest.

    Returns:
        The problems that the files would bring; none if they have been written.
    """
    known = {(problem.path, problem.message) for problem in load_guide(root, render=False).problems}
    before = {name: (root / name).read_bytes() if (root / name).exists() else None for name in files}
    folders = [folder for name in files for folder in (root / name).parents if not folder.exists()]
    try:
        for name, content in files.items():
            (root / name).parent.mkdir(parents=True, exist_ok=True)
            write_whole(root / name, content)
        problems = load_guide(root, render=False).problems
        found = [one for one in problems if (one.path, one.message) not in known and one.message not in apart]
    except OSError as error:
        found = [Problem(next(iter(files)), 0, f"The file cannot be written: {error.strerror}.")]
    except BaseException:
        _restore(root, before, folders)
        raise
    if found:
        _restore(root, before, folders)
    return found


def _restore(root: Path, before: Mapping[str, bytes | None], folders: Iterable[Path]) -> None:
    for name, content in before.items():
        if content is None:
            (root / name).unlink(missing_ok=True)
        elif (root / name).read_bytes() != content:
            write_whole(root / name, content)
    for folder in sorted(set(folders), key=lambda one: -len(one.parts)):
        if folder.exists() and not any(folder.iterdir()):
            folder.rmdir()
