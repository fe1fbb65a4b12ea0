"""Calling the macros that may stand in the texts of data files: citations, and the label of a reading."""

from __future__ import annotations

from typing import TYPE_CHECKING

from macros.citations.macros import macros as citation_macros
from macros.problems import Problem, nearest
from macros.statements import macros as statement_macros

if TYPE_CHECKING:
    from collections.abc import Callable, Set

    from jinja2.runtime import Context

    from macros.expansion import PageContext
    from macros.guide import Guide
    from macros.pages import MacroCall, Page


def caller(guide: Guide) -> Callable[[Context | PageContext], Callable[..., str]]:
    """Give what makes, for a page's context, the `call` that `texts.to_html` takes: `call(name, *args, **options)`.

    Args:
        guide: the guide.
    """
    citing, reading = citation_macros(guide), statement_macros(guide)["reading"]

    def on(context: Context | PageContext) -> Callable[..., str]:
        def call(macro: str, *args: str, **options: str) -> str:
            return citing[macro](context, *args, **options) if macro in citing else reading()

        return call

    return on


def check_named(call: MacroCall, page: Page, names: Set[str], what: str, folder: str) -> Problem | None:
    """Find out what is wrong with a call that shows what one file of a folder holds.

    Args:
        call: the call, such as `quiz("m5-assessment")`.
        page: the page on which it stands.
        names: the names of the folder's files.
        what: what such a file holds, as in "one module".
        folder: the folder, for the hint.
    """
    written = f'Write {{{{ {call.name}("name") }}}}, with the name of a file in {folder}/ without its .yml.'
    if call.kwargs:
        message = f"`{call.name}()` has no option `{call.kwargs[0][0]}`."
        return Problem(page.path, call.line, message, written)
    if len(call.args) != 1 or not isinstance(call.args[0], str):
        return Problem(page.path, call.line, f"`{call.name}()` takes one {what}'s name in quotes.", written)
    if call.args[0] not in names:
        close = nearest(call.args[0], names)
        hint = f"Did you mean `{close}`?" if close else f"There are: {', '.join(sorted(names)) or f'no {what}s yet'}."
        return Problem(page.path, call.line, f"There is no {what} `{call.args[0]}`.", hint)
    return None
