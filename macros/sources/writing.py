"""Entries of the bibliography: their text, their key, whether they are there already, and their place in the file."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from macros.citations.csl_json import names
from macros.citations.latex import plain

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from collections.abc import Set as AbstractSet

    from macros.citations.bibliography import Source

#: The fields that an entry may hold, in the order in which it holds them.
FIELDS = (
    "author", "title", "journal", "booktitle", "editor", "year", "month", "day", "volume", "number", "pages", "edition",
    "series", "chapter", "publisher", "address", "school", "institution", "organization", "type", "entrysubtype",
    "howpublished", "isbn", "doi", "pmid", "pmcid", "eprint", "eprinttype", "archiveprefix", "url", "urldate", "note",
    "design", "studied", "given", "sample", "finding", "limits", "confirmed",
)  # fmt: skip


@dataclass(frozen=True)
class Entry:
    """A source that is not in the bibliography yet.

    Attributes:
        entry_type: the BibTeX type.
        fields: its fields, as LaTeX.
        key: its key; empty as long as it has none.
        left_out: fields of the file it came from that the guide has no use for.
    """

    entry_type: str
    fields: Mapping[str, str] = field(default_factory=dict)
    key: str = ""
    left_out: tuple[str, ...] = ()

    def text(self) -> str:
        """Give the entry as it stands in the file."""
        lines = [f"  {name} = {{{self.fields[name]}}}," for name in FIELDS if self.fields.get(name)]
        return "\n".join([f"@{self.entry_type}{{{self.key},", *lines, "}"])


def folded(text: str) -> str:
    """Give a text without accents, capitals and all that is neither letter nor digit, to compare it.

    Args:
        text: the text.
    """
    for letters in ("ßss", "øo", "łl", "đd", "æae", "œoe", "ıi"):  # what does not come apart by itself
        text = text.replace(letters[0], letters[1:]).replace(letters[0].upper(), letters[1:])
    return "".join(
        char
        for char in unicodedata.normalize("NFKD", text).casefold()
        if char.isalnum() and not unicodedata.combining(char)
    )


def title_of(fields: Mapping[str, str]) -> str:
    """Give the title of an entry, folded, with its subtitle.

    Args:
        fields: the entry's fields.
    """
    return folded(plain(" ".join(filter(None, (fields.get("title", ""), fields.get("subtitle", ""))))))


def first_name(fields: Mapping[str, str]) -> str:
    """Give the family or organisation that is named first.

    Args:
        fields: the entry's fields.
    """
    listed = names(fields.get("author") or fields.get("editor") or fields.get("organization") or "")
    if not listed:
        return ""
    first = listed[0]
    family = " ".join(filter(None, (first.get("non-dropping-particle"), first.get("family"))))
    return family or first.get("literal", "")


def make_key(fields: Mapping[str, str], taken: AbstractSet[str]) -> str:
    """Make a key: the first family and the year, as in `monson2020`; a second one is `monson2020b`.

    Args:
        fields: the entry's fields.
        taken: the keys that there are, in small letters.
    """
    name = first_name(fields)
    capitals = [word[0] for word in re.findall(r"[^\W_]+", name) if word[0].isupper()]
    # An organisation goes by its initials.
    short = "".join(capitals) if len(capitals) > 2 and len(name) > 24 else name  # noqa: PLR2004 - who, nice; not van Gogh
    family = folded(short).encode("ascii", "ignore").decode() or "source"
    year = re.search(r"\d{4}", fields.get("year", ""))
    stem = family[:24] + (year[0] if year else "nd")
    if stem not in taken:
        return stem
    suffixes = (f"{a}{b}" for a in ("", *"abcdefghijklmnopqrstuvwxyz") for b in "abcdefghijklmnopqrstuvwxyz")
    return next(stem + suffix for suffix in suffixes if suffix != "a" and stem + suffix not in taken)


def known_as(entry: Entry, sources: Iterable[Source]) -> tuple[Source, str] | None:
    """Find the source that an entry is already, and by what it was found.

    Args:
        entry: the entry.
        sources: the sources that there are.
    """
    doi, title = entry.fields.get("doi", "").casefold(), title_of(entry.fields)
    listed = list(sources)
    for source in listed:
        if doi and source.doi.casefold() == doi:
            return source, "DOI"
    for source in listed:
        # Two works may bear one title ("Editorial"), but hardly in the same year by the same people.
        if title and title_of(source.fields) == title and not _told_apart(entry.fields, source.fields):
            return source, "title"
    return None


def _told_apart(one: Mapping[str, str], other: Mapping[str, str]) -> bool:
    return folded(first_name(one)) != folded(first_name(other)) and one.get("year") != other.get("year")


def insert(text: str, sources: Sequence[Source], entries: Iterable[Entry]) -> str:
    """Put entries at their places in the order of keys, and leave every other character as it was.

    Args:
        text: the bibliography.
        sources: its sources, in the order of the file.
        entries: the entries to put in.
    """
    if "\r" in text and "\n" not in text:  # the line ends of long ago
        return insert(text.replace("\r", "\n"), sources, entries).replace("\n", "\r")
    ending = "\r\n" if "\r\n" in text else "\n"
    lines = text.split("\n")
    in_order = sorted(entries, key=lambda one: one.key.casefold())
    last = []
    for entry in reversed(in_order):  # from the foot upwards, so that the lines above keep their numbers
        behind = [source.line for source in sources if source.key.casefold() > entry.key.casefold()]
        written = entry.text().replace("\n", ending)
        if behind:
            lines.insert(_with_comment(lines, min(behind) - 1), f"{written}{ending}{ending}".removesuffix("\n"))
        else:
            last.append(written)
    whole = "\n".join(lines)
    for written in reversed(last):
        line_ends = len(whole) - len(whole.rstrip("\r\n"))
        gap = ending * max(0, 2 - whole[-line_ends:].count("\n")) if line_ends else ending * 2 * bool(whole)
        whole += f"{gap}{written}{ending}"
    return whole


def _with_comment(lines: Sequence[str], at: int) -> int:
    """Give the line on which the comment begins that belongs to an entry; the head of the file belongs to none."""
    first = at
    while first and lines[first - 1].lstrip().startswith("%"):
        first -= 1
    return first if first else at
