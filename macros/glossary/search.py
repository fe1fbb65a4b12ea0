"""The words for the same thing, put into the search index, so that a search for one finds what uses another.

The index that the browser searches has the fields `title` and `text`, which are shown. Two more, which are searched and never
shown, hold for each section the other words of the groups that it uses: those of its heading weigh nearly as much as the
heading itself, those of its text a little less than the text. The search finds "mechanisms" by "mechanism", and not the other
way about, so that the words of a heading are also given in the plural.
"""

from __future__ import annotations

import html
import re
from typing import TYPE_CHECKING, Any

from macros.glossary.phrases import Phrases

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, MutableMapping, Sequence

#: The fields, with their weight; a heading has 1000, text has 1.
FIELDS = {"heading_also": {"boost": 800.0}, "text_also": {"boost": 0.6}}

_TAG = re.compile(r"<[^>]*>")
_WORD = re.compile(r"[^\W_]+")


def add_synonyms(entries: Iterable[MutableMapping[str, Any]], groups: Sequence[Sequence[str]]) -> None:
    """Add to each section of the index the other words for what it is about.

    Args:
        entries: the sections, as Material's search plugin holds them. Changed in place.
        groups: the groups of words for the same thing.
    """
    numbered = ((phrase, number) for number, group in enumerate(groups) for phrase in group)
    phrases = Phrases(numbered, in_compounds=True)
    for entry in entries:
        title, text = _plain(entry["title"]), _plain(entry["text"])
        of_title = {found.means for found in phrases.find(title)}
        of_text = {found.means for found in phrases.find(text)} - of_title
        known = _words(title)
        also = _others(of_title, groups, known)
        also += [plural for plural in map(_plural, sorted(known)) if plural and plural not in {*known, *also}]
        if also:
            entry["heading_also"] = " ".join(also)
        also = _others(of_text, groups, known | _words(text) | set(also)) if of_text else []
        if also:
            entry["text_also"] = " ".join(also)


def _plain(fragment: str) -> str:
    return html.unescape(_TAG.sub(" ", fragment))


def _words(text: str) -> set[str]:
    return {word.casefold() for word in _WORD.findall(text)}


def _others(found: Collection[int], groups: Sequence[Sequence[str]], known: set[str]) -> list[str]:
    """Give the words of some groups that are not known to stand there, each once."""
    words = (word.casefold() for number in sorted(found) for phrase in groups[number] for word in _WORD.findall(phrase))
    return list(dict.fromkeys(word for word in words if word not in known))


def _plural(word: str) -> str:
    """Give the plural of a word, as most words form it, or nothing for a short word or one that may be a plural."""
    if len(word) < 4 or not word.isalpha() or word.endswith("s"):  # noqa: PLR2004 - "for", "the", "not"
        return ""
    return f"{word[:-1]}ies" if re.search("[^aeiou]y$", word) else f"{word}s"
