"""HTML of the map: a table that narrow screens show as cards, with a filter that needs no script."""

from __future__ import annotations

from typing import TYPE_CHECKING

from macros.markdown_safe import escape
from macros.terms import MECHANISMS, MODALITIES

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from macros.framework_map import Cell
    from macros.terms import Mechanism, Modality

_PROCESSES = ("cognitive", "emotional", "behavioural")
_KINDS = {"framework": "Framework", "evidence": "Evidence", "reading": "This guide’s reading"}
#: The strengths, each with its shape, so that none is told by colour or word alone.
_STRENGTHS = {
    "supported": '<circle class="full" cx="8" cy="8" r="6"/>',
    "mixed": '<circle cx="8" cy="8" r="6"/><path class="full" d="M8 2a6 6 0 0 0 0 12z"/>',
    "speculative": '<circle class="dashed" cx="8" cy="8" r="6"/>',
    "contrary": '<circle cx="8" cy="8" r="6"/><path d="m5 5 6 6m0-6-6 6"/>',
}


def table(
    cells: Sequence[tuple[Cell, str, str, str]], rows: Mapping[Mechanism, str], columns: Mapping[Modality, str]
) -> str:
    """Give the map.

    Args:
        cells: the cells in the order of reading, each with its claim and what is against it as HTML, and its link.
        rows: the addresses of the mechanisms' pages.
        columns: the addresses of the therapies' pages.
    """
    heads = "".join(
        f'<th scope="col">{_link(MODALITIES[name][0], address)}<span>{MODALITIES[name][1]}</span></th>'
        for name, address in columns.items()
    )
    written = []
    for mechanism, address in rows.items():
        row = "".join(_cell(*one) for one in cells if one[0].mechanism == mechanism)
        head = f'<th scope="row">{_link(MECHANISMS[mechanism], address)}</th>'
        written.append(f"<tr>{head}{row}</tr>")
    choices = "".join(
        f'<input type="radio" name="process" id="process-{name}" value="{name}"{" checked" if name == "all" else ""}>'
        f'<label for="process-{name}">{name.capitalize()}</label>'
        for name in ("all", *_PROCESSES)
    )
    key = "".join(f"<li>{_strength(name)}</li>" for name in _STRENGTHS)
    return (
        '<div class="framework-map">'
        f'<fieldset class="choice"><legend>Which process of change?</legend>{choices}</fieldset>'
        "<p>How well that stands on which a claim rests; with couples, every cell is untested:</p>"
        f'<ul class="map-key" role="list">{key}</ul>'
        '<table class="map"><thead><tr><td></td>'
        f"{heads}</tr></thead><tbody>{''.join(written)}</tbody></table></div>"
    )


def _cell(cell: Cell, claim: str, against: str, link: str) -> str:
    therapy, mechanism = MODALITIES[cell.modality][0], MECHANISMS[cell.mechanism]
    return (
        f'<td id="map-{cell.mechanism}-{cell.modality}" data-process="{" ".join(cell.process)}"><div>'
        f'<p class="map-therapy" aria-hidden="true">{therapy}</p>'
        f'<p class="map-kind"><b class="map-{cell.kind}">{_KINDS[cell.kind]}</b> {_strength(cell.strength)}</p>'
        f'<p>{claim}</p><p class="map-against"><b>Against</b> {against}</p>'
        f'<p class="map-more">{", ".join(cell.process).capitalize()}. '
        f'<a href="{escape(link)}">More on {escape(mechanism.lower())} in {therapy}</a></p></div></td>'
    )


def _strength(name: str) -> str:
    return (
        f'<span class="map-strength"><svg viewBox="0 0 16 16" aria-hidden="true">{_STRENGTHS[name]}</svg>'
        f"{name.capitalize()}</span>"
    )


def _link(name: str, address: str) -> str:
    return f'<a href="{escape(address)}">{escape(name)}</a>' if address else escape(name)
