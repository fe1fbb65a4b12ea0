"""What is wrong in a source, told to the person who has to mend it."""

from __future__ import annotations

import difflib
from dataclasses import dataclass
from typing import TYPE_CHECKING, NoReturn

if TYPE_CHECKING:
    from collections.abc import Iterable


@dataclass(frozen=True, order=True)
class Problem:
    """One fault in one source file.

    Attributes:
        path: the file, relative to the project's root, with forward slashes.
        line: the line in that file, counted from 1; 0 if the file as a whole is meant.
        message: what is wrong.
        hint: what would be right.
    """

    path: str
    line: int
    message: str
    hint: str = ""

    def __str__(self) -> str:
        place = f"{self.path}:{self.line}" if self.line else self.path
        return f"{place}: {self.message}" + (f"\n    {self.hint}" if self.hint else "")


class GuideError(Exception):
    """The guide has problems and must not be rendered."""


def report(problems: Iterable[Problem]) -> str:
    """Give all problems as text, by file and line, with their number.

    Args:
        problems: what was found; the order does not matter.
    """
    # What is wrong with the sources and the settings comes first: pages may only suffer from it.
    found = sorted(set(problems), key=lambda problem: (problem.path.endswith(".md"), problem))
    if not found:
        return "No problems."
    count = "1 problem" if len(found) == 1 else f"{len(found)} problems"
    return "\n".join([f"{count}:", *(str(problem) for problem in found)])


def refuse(problems: Iterable[Problem]) -> NoReturn:
    """Stop the build and say why.

    Args:
        problems: what was found.

    Raises:
        mkdocs.exceptions.PluginError: if MkDocs is there; it prints the text without a traceback.
        GuideError: otherwise.
    """
    fail(f"The guide was not built, and the published site is as it was. {report(problems)}")


def fail(text: str) -> NoReturn:
    """Stop the build.

    Args:
        text: why.

    Raises:
        mkdocs.exceptions.PluginError: if MkDocs is there; it prints the text without a traceback.
        GuideError: otherwise.
    """
    try:
        from mkdocs.exceptions import PluginError  # noqa: PLC0415 - optional under other generators
    except ImportError:
        raise GuideError(text) from None
    raise PluginError(text)


def nearest(name: str, known: Iterable[str]) -> str:
    """Give the known name that is most like the given one, or an empty string.

    Args:
        name: what was written.
        known: what could have been meant.
    """
    names = list(known)
    folded = {candidate.casefold(): candidate for candidate in names}
    match = difflib.get_close_matches(name.casefold(), folded, n=1, cutoff=0.6)
    return folded[match[0]] if match else ""


def near_miss(name: str, own: Iterable[str], others: Iterable[str] = ()) -> str:
    """Give the guide's own name that somebody will have meant, or an empty string where other names are allowed, too.

    Args:
        name: what was written.
        own: the guide's names.
        others: what else is known, and so is no slip.
    """
    names = list(own)
    if name in names or name in others:
        return ""
    match = difflib.get_close_matches(name.casefold(), names, n=1, cutoff=0.8)
    return match[0] if match else ""
