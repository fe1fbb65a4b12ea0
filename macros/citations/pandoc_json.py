"""Pandoc's documents as JSON: what is sent to its citeproc, and the HTML of what comes back.

Pandoc could write the HTML itself, but only by way of Lua, which takes as long as all the rest.
See https://hackage.haskell.org/package/pandoc-types for the form.
"""

from __future__ import annotations

import html
import json
import re
from typing import TYPE_CHECKING, Any

from macros.problems import fail

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from macros.citations.csl_json import CslItem

Element = dict[str, Any]
_MARKUP = {"i": "Emph", "b": "Strong", "sup": "Superscript", "sub": "Subscript"}
_TAGS = {
    "Emph": "em",
    "Strong": "strong",
    "Superscript": "sup",
    "Subscript": "sub",
    "Underline": "u",
    "Strikeout": "del",
}
_QUOTES = {"DoubleQuote": ("“", "”"), "SingleQuote": ("‘", "’")}


def document(style: str, references: Iterable[str], cites: Iterable[tuple[Sequence[str], str]], mode: str) -> str:
    """Make a document that cites, and that lists all of its sources; without pandoc's version, which Lua puts in.

    Args:
        style: the path of the CSL style.
        references: the sources, each as `reference` gives it.
        cites: the sources of each citation, and its locator.
        mode: `NormalCitation` or `AuthorInText`.
    """
    blocks = [
        # pandoc reads a locator from the text that follows a citation, as in [@key, p. 4]
        {"t": "Plain", "c": [_cite([(key, _words(f", {locator}") if locator else []) for key in keys], mode)]}
        for keys, locator in cites
    ]
    meta = {
        "csl": _string(style),
        "link-citations": {"t": "MetaBool", "c": True},
        "nocite": {"t": "MetaInlines", "c": [_cite([("*", [])], "NormalCitation")]},
    }
    listed = f'{{"t":"MetaList","c":[{",".join(references)}]}}'
    return f'"meta":{_json(meta)[:-1]},"references":{listed}}},"blocks":{_json(blocks)}}}'


def reference(item: CslItem) -> str:
    """Give a source as pandoc's metadata has it.

    Args:
        item: the source.
    """
    fields: dict[str, Element] = {}
    for name, value in item.items():
        if isinstance(value, tuple):
            if len(value) == 1 and not value[0].markup:
                fields[name] = _string(value[0].text)
            else:
                inlines = [inline for run in value for inline in _run(run.text, run.markup)]
                fields[name] = {"t": "MetaInlines", "c": inlines}
        elif isinstance(value, dict):  # a date; pandoc reads EDTF
            fields[name] = _string("/".join(map(_day, value["date-parts"])))
        elif isinstance(value, list):
            people = [{part: _string(str(text)) for part, text in person.items()} for person in value]
            fields[name] = {"t": "MetaList", "c": [{"t": "MetaMap", "c": person} for person in people]}
        else:
            fields[name] = _string(str(value))
    return _json({"t": "MetaMap", "c": fields})


def _day(parts: Sequence[int]) -> str:
    return "-".join(f"{part:02d}" if place else f"{part:04d}" for place, part in enumerate(parts))


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def _string(text: str) -> Element:
    return {"t": "MetaString", "c": text}


def _run(text: str, markup: str) -> list[Element]:
    inlines = _words(text)
    if markup in _MARKUP:
        return [{"t": _MARKUP[markup], "c": inlines}]
    if markup == "nocase":
        return [{"t": "Span", "c": [["", ["nocase"], []], inlines]}]
    return inlines


def _words(text: str) -> list[Element]:
    # A hard space stays in its word.
    pieces = re.split(r"([ \t\n\r]+)", text)
    return [{"t": "Space"} if index % 2 else {"t": "Str", "c": piece} for index, piece in enumerate(pieces) if piece]


def _cite(keys: Iterable[tuple[str, list[Element]]], mode: str) -> Element:
    citations = [
        {
            "citationId": key,
            "citationPrefix": [],
            "citationSuffix": suffix,
            "citationMode": {"t": mode},
            "citationNoteNum": 0,
            "citationHash": 0,
        }
        for key, suffix in keys
    ]
    return {"t": "Cite", "c": [citations, [{"t": "Str", "c": "?"}]]}


def citations_of(formatted: Element, *, linked: bool) -> list[str]:
    """Give the citations of a formatted document as HTML.

    Args:
        formatted: the document.
        linked: whether `<a data-k="key">` stands round each source.
    """
    return [to_html(block["c"], linked=linked).strip() for block in formatted["blocks"] if block["t"] == "Plain"]


def entries_of(formatted: Element) -> dict[str, tuple[str, str]]:
    """Give the list of a formatted document: label and HTML of each source, by its key, in the style's order.

    Args:
        formatted: the document.
    """
    found = {}
    for entry in formatted["blocks"][-1]["c"][1]:
        (identifier, _, _), blocks = entry["c"]
        label, body = "", []
        for block in blocks:
            for inline in block["c"]:
                classes = inline["c"][0][1] if inline["t"] == "Span" else ()
                if "csl-left-margin" in classes:
                    label = html.unescape(re.sub(r"<[^>]+>", "", to_html([inline], linked=False)))
                elif "csl-right-inline" in classes:
                    body += inline["c"][1]
                else:
                    body.append(inline)
        found[identifier.removeprefix("ref-")] = (label, to_html(body, linked=True).strip())
    return found


def to_html(inlines: Iterable[Mapping[str, Any]], *, linked: bool) -> str:
    """Write parts of a line as HTML.

    Args:
        inlines: the parts.
        linked: whether links stay: those to sources as `<a data-k="key">`, for which the page puts in its own, and web
            addresses.
    """
    written = []
    for inline in inlines:
        kind = inline["t"]
        if kind == "Str":
            written.append(html.escape(inline["c"], quote=False))
        elif kind in ("Space", "SoftBreak", "LineBreak"):
            written.append(" ")
        elif kind in _TAGS:
            written.append(f"<{_TAGS[kind]}>{to_html(inline['c'], linked=linked)}</{_TAGS[kind]}>")
        elif kind == "SmallCaps":
            written.append(f'<span class="smallcaps">{to_html(inline["c"], linked=linked)}</span>')
        elif kind in ("Span", "Cite"):
            written.append(to_html(inline["c"][1], linked=linked))
        elif kind == "Quoted":
            opening, closing = _QUOTES[inline["c"][0]["t"]]
            written.append(f"{opening}{to_html(inline['c'][1], linked=linked)}{closing}")
        elif kind == "Link":
            inner, target = to_html(inline["c"][1], linked=linked), inline["c"][2][0]
            if linked and target.startswith("#ref-"):
                written.append(f'<a data-k="{html.escape(target.removeprefix("#ref-"))}">{inner}</a>')
            elif linked and re.match("https?://", target):
                written.append(f'<a href="{html.escape(target)}">{inner}</a>')
            else:
                written.append(inner)
        elif kind == "Code":
            written.append(f"<code>{html.escape(inline['c'][1])}</code>")
        else:
            fail(f"pandoc formatted a citation with something unknown here: {kind}. Choose another citation style.")
    return "".join(written)
