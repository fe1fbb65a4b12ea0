"""A forest plot as HTML: the drawing, the sentence that says what is seen on it, and the same as a table.

The drawing is a grid whose words are HTML, so that they wrap and keep their size on every screen. Only squares and
lines are SVG, at places in per cent, so that they stretch without being distorted. The grid is the only `<div>` here:
the search plugin takes the end of any other for the end of what it is to leave out.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from macros.forest_plots.axis import Axis, axis_of, number
from macros.markdown_safe import escape
from macros.tables import with_columns

if TYPE_CHECKING:
    from collections.abc import Sequence

    from macros.forest_plots.model import Plot, Row

_SVG = '<svg class="forest-bar" width="100%" height="100%" aria-hidden="true" focusable="false">'


def figure(
    name: str, plot: Plot, caption: str, cited: Sequence[str], notes: Sequence[str], named: Sequence[str]
) -> str:
    """Draw a plot.

    Args:
        name: its name, for anchors.
        plot: the plot.
        caption: its caption as HTML.
        cited: for each row, the citation of its source as HTML.
        notes: for each row, its note as HTML.
        named: for each row, its source in plain words.
    """
    axis = axis_of(plot)
    anchor = f"forest-{escape(name)}"
    body, start = [], 0
    for group in plot.groups:
        body.append(f'<b class="forest-group">{escape(group.title)}</b>{_SVG}{_lines(axis, plot)}</svg>')
        body += [
            _row(row, plot, axis, source, one_level=_level(plot) is not None)
            for row, source in zip(group.rows, named[start:], strict=False)
        ]
        start += len(group.rows)
    return (
        f'<figure class="forest" id="{anchor}"><figcaption><p class="forest-title" id="{anchor}-title">'
        f"{escape(plot.title)}</p>{caption}</figcaption>"
        f'<div class="forest-grid" role="img" aria-labelledby="{anchor}-title" aria-describedby="{anchor}-said"'
        f" data-search-exclude>{_head(plot, axis)}{''.join(body)}{_foot(plot, axis)}</div>"
        f'<p class="forest-key" id="{anchor}-said">{_said(plot)}</p>'
        f"<details><summary>The same as a table, with sources and notes</summary>"
        f"{_table(plot, cited, notes)}</details></figure>"
    )


def _level(plot: Plot) -> str | None:
    """Give the level that all intervals of a plot share, or `None`."""
    levels = {_interval_name(row) for _, row in plot.rows()}
    return levels.pop() if len(levels) == 1 else None


def _interval_name(row: Row) -> str:
    return "CI, level not stated" if row.level is None else f"{row.level:g}% CI"


def _numbers(row: Row, before: str = "") -> str:
    low, high = (number(end) for end in row.interval)
    return f"{number(row.estimate)} <span>({before}{low} to {high})</span>"


def _head(plot: Plot, axis: Axis) -> str:
    x = axis.place(plot.neutral)
    anchor = "start" if x < 20 else "end" if x > 80 else "middle"  # noqa: PLR2004 - near an end of the drawing
    return (
        '<span class="forest-head">Compared</span>'
        f'{_SVG}<text class="forest-neutral-label" x="{_pc(x)}" y="1em" text-anchor="{anchor}">{escape(plot.no_effect)}'
        f'</text><line class="forest-neutral" x1="{_pc(x)}" x2="{_pc(x)}" y1="1.4em" y2="100%"/></svg>'
        f'<span class="forest-head forest-number">Estimate ({_level(plot) or "interval"})</span>'
    )


def _row(row: Row, plot: Plot, axis: Axis, source: str, *, one_level: bool) -> str:
    numbers = _numbers(row, "" if one_level else f"{_interval_name(row)} ")
    return (
        f'<span class="forest-row"><b>{escape(row.label)}</b> '
        f"<span>{_sentence(row.sample)}, compared with {escape(row.comparator)} {escape(source)}</span></span>"
        f"{_SVG}{_lines(axis, plot)}{_mark(row, plot, axis)}</svg>"
        f'<span class="forest-number">{numbers}</span>'
    )


def _sentence(text: str) -> str:
    return escape(text[0].upper() + text[1:])


def _lines(axis: Axis, plot: Plot) -> str:
    """Draw the line of no effect and, fainter, those of the axis' numbers."""
    faint = "".join(
        f'<line class="forest-faint" x1="{x}" x2="{x}" y1="0" y2="100%"/>'
        for x in (_pc(axis.place(tick)) for tick in axis.ticks if tick != plot.neutral)
    )
    x = _pc(axis.place(plot.neutral))
    return f'{faint}<line class="forest-neutral" x1="{x}" x2="{x}" y1="0" y2="100%"/>'


def _mark(row: Row, plot: Plot, axis: Axis) -> str:
    """Draw an interval and its estimate, around the middle of the row's height."""
    low, high = row.interval
    x1, x2, x = (_pc(axis.place(value)) for value in (low, high, row.estimate))
    left = _arrow(x1, "M-6 0 4-5V5Z") if low < axis.low else _end(x1)
    right = _arrow(x2, "M6 0-4-5V5Z") if high > axis.high else _end(x2)
    filled = "forest-hollow" if plot.includes_no_effect(row) else "forest-filled"
    return (
        f'<svg y="50%" overflow="visible"><line class="forest-interval" x1="{x1}" x2="{x2}"/>{left}{right}'
        f'<rect class="{filled}" x="{x}" y="-5" width="10" height="10" transform="translate(-5)"/></svg>'
    )


def _end(x: str) -> str:
    return f'<line class="forest-interval" x1="{x}" x2="{x}" y1="-5" y2="5"/>'


def _arrow(x: str, path: str) -> str:
    return f'<svg x="{x}" overflow="visible"><path class="forest-arrow" d="{path}"/></svg>'


def _foot(plot: Plot, axis: Axis) -> str:
    ticks = "".join(
        f'<line class="forest-axis" x1="{x}" x2="{x}" y1="0" y2="5"/><text x="{x}" y="1.5em" text-anchor="middle">'
        f"{number(tick)}</text>"
        for x, tick in ((_pc(axis.place(tick)), tick) for tick in axis.ticks)
    )
    start, end = _pc(axis.place(axis.low)), _pc(axis.place(axis.high))
    left, right = (escape(side) for side in plot.sides)
    return (
        f'<span class="forest-foot">{_SVG}<line class="forest-axis" x1="{start}" x2="{end}"/>{ticks}</svg>'
        f'<span class="forest-sides"><span>←\u00a0{left}</span> <span>{right}\u00a0→</span></span>'
        f'<span class="forest-measure">{escape(plot.measure)} ({_level(plot) or "interval"})'
        f"{', log scale' if axis.log else ''}</span></span>"
    )


def _said(plot: Plot) -> str:
    """Say what the two kinds of square mean, and how many there are of each."""
    rows = [row for _, row in plot.rows()]
    hollow = sum(plot.includes_no_effect(row) for row in rows)
    key = (
        '<svg class="forest-sign" width="14" height="14" aria-hidden="true">'
        '<rect class="{}" x="2" y="2" width="10" height="10"/></svg>'
    )
    name = escape(plot.no_effect)
    return (
        f"<span>{key.format('forest-hollow')} Hollow square: the interval includes {name} ({hollow} of {len(rows)}).</span> "
        f"<span>{key.format('forest-filled')} Filled square: it does not ({len(rows) - hollow} of {len(rows)}).</span> "
        f"<span>All squares have one size, whatever the size of the study.</span>"
    )


def _table(plot: Plot, cited: Sequence[str], notes: Sequence[str]) -> str:
    heads = "".join(
        f'<th scope="col">{head}</th>'
        for head in ("Compared", "With", "Who", "Estimate and interval", "Source and note")
    )
    rows, start = [], 0
    for group in plot.groups:
        for row, source, note in zip(group.rows, cited[start:], notes[start:], strict=False):
            rows.append(
                f"<tr><td>{escape(group.title)}: {escape(row.label)}</td><td>{escape(row.comparator)}</td>"
                f"<td>{escape(row.sample)}</td><td>{_numbers(row, f'{_interval_name(row)} ')}: {_verdict(row, plot)}</td>"
                f"<td>{source} {note}</td></tr>"
            )
        start += len(group.rows)
    left, right = (escape(side) for side in plot.sides)
    measure = f"{escape(plot.measure)}; {number(plot.neutral)} is {escape(plot.no_effect)}."
    sides = f"Below it stands “{left}”, above it “{right}”."
    table = f"<table><thead><tr>{heads}</tr></thead><tbody>{''.join(rows)}</tbody></table>"
    return f"<p>{measure} {sides}</p>{with_columns(table)}"


def _verdict(row: Row, plot: Plot) -> str:
    if plot.includes_no_effect(row):
        return f"includes {escape(plot.no_effect)}"
    side = plot.sides[0] if row.interval[1] < plot.neutral else plot.sides[1]
    return f"all on the side of “{escape(side)}”"


def _pc(place: float) -> str:
    return f"{place:g}%"
