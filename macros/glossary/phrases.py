"""Finding phrases in running text: whole words, the longest phrase first, each word looked up once."""

from __future__ import annotations

import functools
import re
from typing import TYPE_CHECKING, Generic, NamedTuple, TypeVar

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

T = TypeVar("T")

_WORD = re.compile(r"[^\W_]+")


class Found(NamedTuple, Generic[T]):
    """A phrase in a text.

    Attributes:
        start: its first character.
        end: the character after its last.
        means: what the phrase stands for.
    """

    start: int
    end: int
    means: T


class Phrases(Generic[T]):
    """Phrases by their first words, so that a text is read once however many phrases there are."""

    def __init__(self, phrases: Iterable[tuple[str, T]], *, in_compounds: bool = False) -> None:
        """Take phrases and what each stands for.

        Args:
            phrases: the phrases. Those with two or more capitals (`GRADE`, `IV`) are found in just that spelling.
            in_compounds: whether they are also found as parts of words with hyphens: "placebo" in "placebo-controlled".
        """
        self._in_compounds = in_compounds
        self._by_word: dict[str, list[tuple[str, str, T]]] = {}
        for phrase, means in sorted(phrases, key=lambda one: -len(one[0])):
            words = [word.casefold() for word in _WORD.findall(phrase)]
            if _WORD.match(phrase):
                self._by_word.setdefault(words[0], []).append((" ".join(words[1:2]), phrase, means))

    def find(self, text: str) -> Iterator[Found[T]]:
        """Give the phrases in a text, from left to right; none overlaps another.

        Args:
            text: the text.
        """
        # Most texts hold the first word of few phrases or of none, which is told without looking at each word.
        if not self._by_word or self._by_word.keys().isdisjoint(_WORD.findall(text.casefold())):
            return
        end = 0
        words = list(_WORD.finditer(text))
        folded = [*(word[0].casefold() for word in words), ""]
        for number, word in enumerate(words):
            start = word.start()
            if start < end or (not self._in_compounds and text[start - 1 : start] == "-"):
                continue
            for second, phrase, means in self._by_word.get(folded[number], ()):
                # The second word tells most phrases apart before a pattern has to be made.
                if second and second != folded[number + 1]:
                    continue
                match = _pattern(phrase, in_compounds=self._in_compounds).match(text, start)
                if match:
                    end = match.end()
                    yield Found(start, end, means)
                    break


def has_capitals(phrase: str) -> bool:
    """Tell whether a phrase is told from common words by its capitals, as `GRADE` is.

    Args:
        phrase: the phrase.
    """
    return len([letter for letter in phrase if letter.isupper()]) > 1


@functools.lru_cache(maxsize=4096)
def _pattern(phrase: str, *, in_compounds: bool) -> re.Pattern[str]:
    """Write a phrase as a pattern, with any white space between words and either apostrophe."""
    words = (re.escape(word).replace("'", "['’]") for word in phrase.split())
    behind = r"(?![^\W_])" if in_compounds else r"(?![^\W_]|-[^\W_])"
    return re.compile(r"\s+".join(words) + behind, 0 if has_capitals(phrase) else re.IGNORECASE)
