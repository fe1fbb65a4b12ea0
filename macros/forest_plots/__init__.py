"""Forest plots: estimates with their intervals, drawn when the site is built, with the same as a table.

A plot is a file `docs/evidence/plots/NAME.yml` (see `macros.forest_plots.model`), and a page shows it with
`{{ forest_plot("NAME") }}`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from jinja2 import pass_context

from macros.calls import caller
from macros.citations.macros import cluster_of, page_of, visible_text
from macros.forest_plots.drawing import figure
from macros.forest_plots.model import FOLDER, Plots, load
from macros.markdown_safe import block
from macros.problems import Problem, nearest
from macros.texts import check_link, links_in, to_html

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from jinja2.runtime import Context

    from macros.guide import Guide
    from macros.pages import MacroCall, Page

__all__ = ["NAMES", "check", "embedded", "load", "macros"]

NAMES = frozenset({"forest_plot"})


def check(plots: Plots, pages: Mapping[str, Page]) -> list[Problem]:
    """Find calls of plots that do not exist, and plots that no page shows.

    Args:
        plots: the plots.
        pages: the pages, by `src`.
    """
    problems: list[Problem] = []
    shown: set[str] = set()
    for page in pages.values():
        here: set[str] = set()
        for call in page.calls:
            if call.name in NAMES:
                name, fault = _named(call, plots, here)
                here.add(name)
                if fault:
                    problems.append(Problem(page.path, call.line, *fault))
        shown |= here
    for name, file in plots.by_name.items():
        if name not in shown:
            hint = f'Write {{{{ forest_plot("{name}") }}}} in one, or remove the file.'
            problems.append(Problem(file.path, 1, "No page shows this plot.", hint))
        for place, text in [
            (("caption",), file.value.caption),
            *(((*at, "note"), row.note) for at, row in file.value.rows()),
        ]:
            for target in links_in(text or ""):
                problems += check_link(target, file.path, file.line(*place), pages, FOLDER)
    return problems


def _named(call: MacroCall, plots: Plots, here: set[str]) -> tuple[str, tuple[str, str] | None]:
    """Give the plot that a call names, and what is wrong with the call."""
    write = 'Write {{ forest_plot("name") }}, with the name of a file in ' + f"{FOLDER}."
    if call.kwargs:
        return "", (f"`forest_plot()` has no option `{call.kwargs[0][0]}`.", write)
    if not call.args:
        return "", ("`forest_plot()` names no plot.", write)
    if len(call.args) > 1:
        return str(call.args[0]), (f"`forest_plot()` shows one plot, and {len(call.args)} are named.", write)
    name = call.args[0]
    if not isinstance(name, str):
        return "", ("`forest_plot()` should name its plot as text in quotes.", write)
    if name not in plots.names:
        close = nearest(name, plots.names)
        known = f"The plots are: {', '.join(plots.names)}." if plots.names else f"Add the file {FOLDER}/{name}.yml."
        return name, (f"There is no plot `{name}`.", f"Did you mean `{close}`?" if close else known)
    if name in here:
        return name, (
            f"The page shows the plot `{name}` a second time.",
            f"Link to the first: its anchor is #forest-{name}.",
        )
    return name, None


def embedded(plots: Plots, call: MacroCall) -> Sequence[MacroCall]:
    """Give the citations that a plot puts into a page, in the order in which they stand there.

    Args:
        plots: the plots.
        call: the call of the plot.
    """
    file = plots.by_name.get(str(call.args[0])) if call.args else None
    return [one for _, one in file.calls] if file else []


def macros(guide: Guide) -> dict[str, Callable[..., str]]:
    """Give the macros of this feature.

    Args:
        guide: the guide that they look things up in.
    """
    plots: Plots = guide.data[__name__]
    calls = caller(guide)

    @pass_context
    def forest_plot(context: Context, name: str) -> str:
        """Show a forest plot."""
        page, file = page_of(context, guide), plots.by_name[name]

        call = calls(context)

        def text(markdown: str | None, *, inline: bool) -> str:
            return to_html(markdown, page, guide, call, base=FOLDER, inline=inline) if markdown else ""

        rows = [row for _, row in file.value.rows()]
        clusters = [cluster_of(one) for place, one in file.calls if place[-1] == "source"]
        # Citations are counted as they stand on the page: the caption's, then row by row its source and its note.
        caption = text(file.value.caption, inline=False)
        cells = [(call("cite", row.source), text(row.note, inline=True)) for row in rows]

        def make() -> str:
            named = [visible_text(guide.formatted.citation(page.src, one)) for one in clusters if one]
            return figure(name, file.value, caption, [cell[0] for cell in cells], [cell[1] for cell in cells], named)

        return block(make, kept=guide.settings.keeps_blocks, searched=True)

    return {"forest_plot": forest_plot}
