"""Sources as files to download: BibTeX, RIS and CSL-JSON."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING

from macros.citations.bibliography import DESIGNS
from macros.citations.csl_json import MORE_AUTHORS, OTHERS, has_others, text_of, to_csl_json
from macros.citations.latex import plain

if TYPE_CHECKING:
    from collections.abc import Iterable

    from macros.citations.bibliography import Source
    from macros.citations.csl_json import CslItem

#: CSL types as RIS calls them.
_RIS_TYPES = {
    "article-journal": "JOUR", "article-magazine": "MGZN", "article-newspaper": "NEWS", "article": "UNPB",
    "book": "BOOK", "chapter": "CHAP", "thesis": "THES", "report": "RPRT", "webpage": "ELEC", "paper-conference": "CPAPER",
    "dataset": "DATA", "software": "COMP", "motion_picture": "VIDEO", "entry-encyclopedia": "ENCYC", "manuscript": "UNPB",
    "legislation": "STAT", "legal_case": "CASE", "patent": "PAT", "standard": "STAND", "pamphlet": "PAMP",
}  # fmt: skip


def bibtex_entry(source: Source) -> str:
    """Give one source as BibTeX.

    Args:
        source: the source.
    """
    lines = [f"  {name} = {{{value}}}," for name, value in source.fields.items()]
    return "\n".join([f"@{source.entry_type}{{{source.key},", *lines, "}"])


def csl_json_item(item: CslItem) -> str:
    """Give a source as CSL-JSON, on one line.

    Args:
        item: the source as a CSL item.
    """
    return json.dumps(to_csl_json(item), ensure_ascii=False)  # with an indent Python is ten times slower


def ris_record(source: Source, item: CslItem) -> str:
    """Give a source as RIS, lines ending as the format demands (carriage return and line feed).

    Args:
        source: the source.
        item: the same as a CSL item.
    """
    lines: list[tuple[str, str]] = [("TY", _RIS_TYPES.get(item["type"], "GEN")), ("ID", source.key)]
    for role, tag in (("author", "AU"), ("editor", "ED"), ("translator", "A4")):
        lines += [(tag, _ris_name(name)) for name in item.get(role, ()) if name != OTHERS]
    lines.append(("TI", text_of(item["title"])))
    container = text_of(item.get("container-title", ""))
    lines.append(("T2", container))
    parts = item.get("issued", {}).get("date-parts", [[]])[0]
    if parts:
        lines.append(("PY", str(parts[0])))
        lines.append(
            ("DA", "/".join([f"{parts[0]}", *(f"{part:02d}" for part in parts[1:]), *[""] * (4 - len(parts))]))
        )
    pages = re.split(r"[-–]", str(item.get("page", "")), maxsplit=1)
    lines += [
        ("VL", str(item.get("volume", ""))),
        ("IS", str(item.get("issue", ""))),
        ("SP", pages[0]),
        ("EP", pages[1] if len(pages) > 1 else ""),
        ("ET", str(item.get("edition", ""))),
        ("PB", str(item.get("publisher", ""))),
        ("CY", str(item.get("publisher-place", ""))),
        ("DO", source.doi),
        ("UR", str(item.get("URL", ""))),
        ("AN", str(item.get("PMID", ""))),
        ("KW", DESIGNS.get(source.design, "")),
        ("N1", MORE_AUTHORS if has_others(item) else ""),
        ("N1", " ".join(plain(source.fields[name]) for name in ("finding", "limits") if source.fields.get(name))),
        ("ER", ""),
    ]
    return _ris_text(lines)


def _ris_text(lines: Iterable[tuple[str, str]]) -> str:
    written = []
    for tag, value in lines:
        folded = " ".join(value.split())
        if folded or tag == "ER":
            written.append(f"{tag}  - {folded}\r\n")
    return "".join(written)


def _ris_name(name: dict[str, str]) -> str:
    if "literal" in name:
        return name["literal"]
    family = " ".join(filter(None, (name.get("non-dropping-particle"), name.get("family"))))
    return ", ".join(filter(None, (family, name.get("given"), name.get("suffix"))))
