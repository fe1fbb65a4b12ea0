"""HTML of session sheets; they can be chosen, ticked and printed without JavaScript."""

from __future__ import annotations

from typing import TYPE_CHECKING

from macros.markdown_safe import escape
from macros.terms import MODALITIES, PHASES

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from macros.data_files import Place
    from macros.session_sheets import Sheet

_PARTS = (
    ("before", "Before"),
    ("during", "Ask, say, do"),
    ("after", "Afterwards"),
    ("stop", "Do not go on if"),
)
_WHO = {"both": "Both", "each-alone": "Each alone", "either": "Either"}
# The style sheet puts the dagger there, on paper only.
_CITED = '<span class="sheet-cited"></span>'


def claim(html: str, reading: str | None) -> str:
    """Give a text with whose word it is: on the screen a label after each reading, on paper a dagger after the others.

    Args:
        html: the text.
        reading: the label, if the whole text is this guide's reading.
    """
    return f'{html} <span class="sheet-reading">{reading}</span>' if reading else html + _CITED


def sheets(written: Sequence[tuple[Sheet, Mapping[Place, str]]]) -> str:
    """Give the sheets of a phase, of which the style sheet shows the one that is chosen.

    Args:
        written: the sheets, and their texts as HTML by place.
    """
    tabs = []
    for index, (sheet, _) in enumerate(written):
        short, _ = MODALITIES[sheet.modality]
        chosen = " checked" if index == 0 else ""
        tabs.append(
            f'<input type="radio" name="therapy" id="therapy-{sheet.modality}" value="{sheet.modality}"{chosen}>'
            f'<label for="therapy-{sheet.modality}">{short}</label>'
        )
    # A form of the method "dialog" sends nothing anywhere, and `autocomplete` keeps browsers from remembering ticks.
    return (
        '<form class="session-sheets" method="dialog" autocomplete="off">'
        f'<fieldset class="choice"><legend>Which therapy?</legend> {" ".join(tabs)}</fieldset>'
        '<p class="sheet-tools"><button type="button" class="sheet-print" hidden>Print this sheet</button></p>'
        f"{''.join(_sheet(sheet, texts) for sheet, texts in written)}"
        '<p class="sheet-foot">Ticks are not stored. Until you close this tab, your browser keeps the name of the '
        "therapy, and nothing else.</p></form>"
    )


def _sheet(sheet: Sheet, texts: Mapping[Place, str]) -> str:
    name = f"sheet-{sheet.modality}"
    parts = "".join(_part(sheet, part, head, texts) for part, head in _PARTS)
    lines = "".join(f"<p>{escape(line)}</p>" for line in sheet.fill)
    fill = f'<div class="sheet-fill" data-search-exclude>{lines}</div>' if lines else ""
    whose = "Lines without † are" if any(_CITED in text for text in texts.values()) else "Every line is"
    key = f"{whose} this guide’s reading, inferred from the source named (in full on the page Sources). "
    return (
        f'<section class="sheet" data-therapy="{sheet.modality}" aria-labelledby="{name}">'
        f'<h2 id="{name}">{escape(sheet.title)}</h2>'
        f'<p class="sheet-aim"><b>Aim</b> {texts["aim",]}</p><p><b>In the room</b> {texts["room",]}</p>'
        f'{parts}{fill}<p class="sheet-foot"><span class="sheet-key" data-search-exclude>{key}</span>'
        "From the guide to ketamine-assisted couple therapy. Untested with couples. It informs trained clinicians and "
        "prescribes nothing.</p></section>"
    )


def _part(sheet: Sheet, part: str, head: str, texts: Mapping[Place, str]) -> str:
    items = []
    for number, step in enumerate(getattr(sheet, part)):
        text = texts[part, number, "text"]
        # A tick beside a reason to stop could mean that it is so, or that it is not: these have no box.
        if part == "stop":
            items.append(f"<li>{text}</li>")
            continue
        name = f"{sheet.modality}-{part}-{number + 1}"
        who = f"<b>{_WHO[step.who]}</b> " if part == "during" else ""
        items.append(f'<li><input type="checkbox" id="{name}"><label for="{name}">{who}{text}</label></li>')
    return f'<div class="sheet-{part}"><h3>{head}</h3><ul role="list">{"".join(items)}</ul></div>'


def overview(addresses: Mapping[str, str]) -> str:
    """Give a table that leads to every sheet.

    Args:
        addresses: the addresses of the phases' sheets, by phase.
    """
    rows = []
    for phase, name in PHASES.items():
        cells = "".join(
            f'<td><a href="{escape(addresses[phase])}?therapy={modality}" aria-label="{name}, {short}">{short}</a></td>'
            for modality, (short, _) in MODALITIES.items()
            if phase in addresses
        )
        rows.append(f'<tr><th scope="row">{name}</th>{cells}</tr>')
    return (
        '<table class="sheet-overview"><caption>One sheet for each phase and therapy</caption>'
        f"<tbody>{''.join(rows)}</tbody></table>"
    )
