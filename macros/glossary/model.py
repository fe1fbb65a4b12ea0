"""What the glossary and the search know: terms with their definitions, and groups of words for the same thing."""

from __future__ import annotations

import functools
import posixpath
import re
import unicodedata
from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated, Any

import pydantic

from macros.data_files import DataFile, Line, Record, SourceKey, load_data
from macros.glossary.phrases import Phrases
from macros.problems import Problem, nearest
from macros.texts import check_link

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from pathlib import Path

    from macros.pages import Page
    from macros.settings import Settings

GLOSSARY = "toolkit/glossary.yml"
SYNONYMS = "toolkit/synonyms.yml"


class Term(Record):
    """A term of the field.

    Attributes:
        term: its name. What stands in brackets only tells it from others.
        also: other forms, by which it is found in text too.
        means: what it is, in one or two plain sentences.
        source: the sources that bear the definition.
        see: the page that says more, from the folder of the pages.
    """

    term: Line
    also: tuple[Line, ...] = ()
    means: Annotated[Line, pydantic.StringConstraints(max_length=320)]
    source: tuple[SourceKey, ...] = ()
    see: Line | None = None

    @property
    def anchor(self) -> str:
        """Its anchor on the page of the glossary."""
        return "term-" + re.sub(r"[^a-z0-9]+", "-", fold(self.term)).strip("-")

    @property
    def forms(self) -> tuple[str, ...]:
        """What is sought in text: the name, unless it needs its brackets, and the other forms."""
        return self.also if "(" in self.term else (self.term, *self.also)


class TermsFile(Record):
    """The glossary's file.

    Attributes:
        terms: the terms, in alphabetical order.
    """

    terms: tuple[Term, ...]


class SynonymsFile(Record):
    """The file of words that searchers use for the same thing.

    Attributes:
        groups: the groups; in each, the form that the pages use stands first.
    """

    groups: tuple[tuple[Line, ...], ...]


def fold(text: str) -> str:
    """Give a name as it is put into alphabetical order: small letters without accents, hyphens as spaces.

    Args:
        text: the name.
    """
    plain = unicodedata.normalize("NFKD", text.casefold().replace("-", " "))
    return re.sub(r"[^a-z0-9 ]", "", plain)


@dataclass(frozen=True, eq=False)
class Glossary:
    """The terms and the groups of words that were read.

    Attributes:
        terms_file: the glossary's file, if there is one without faults.
        synonyms_file: the file of synonyms, likewise.
        is_there: whether there is a glossary's file, faulty or not.
    """

    terms_file: DataFile[TermsFile] | None = None
    synonyms_file: DataFile[SynonymsFile] | None = None
    is_there: bool = False

    @property
    def files(self) -> Sequence[DataFile[Any]]:
        """The files that could be read."""
        return [file for file in (self.terms_file, self.synonyms_file) if file is not None]

    @property
    def terms(self) -> tuple[Term, ...]:
        """All terms, in alphabetical order."""
        return self.terms_file.value.terms if self.terms_file else ()

    @property
    def groups(self) -> tuple[tuple[str, ...], ...]:
        """The groups of words for the same thing."""
        return self.synonyms_file.value.groups if self.synonyms_file else ()

    @functools.cached_property
    def named(self) -> Mapping[str, Term]:
        """Terms by their names and forms in small letters; bracketed ones also without their brackets."""
        bare = {re.sub(r"\s*\(.*", "", term.term).casefold(): term for term in reversed(self.terms)}
        return bare | {form.casefold(): term for term in self.terms for form in (*term.also, term.term)}

    @functools.cached_property
    def phrases(self) -> Phrases[Term]:
        """The forms of all terms, to be found in text."""
        return Phrases((form, term) for term in self.terms for form in term.forms)


def load(root: Path, settings: Settings) -> tuple[Glossary, list[Problem]]:
    """Read the glossary and the synonyms.

    Args:
        root: the project's root.
        settings: the guide's settings.

    Returns:
        What could be read, and what is wrong with the files alone.
    """
    docs = root / settings.docs_dir
    terms = synonyms = None
    problems: list[Problem] = []
    if (docs / GLOSSARY).exists():
        terms, problems = load_data(root, docs / GLOSSARY, TermsFile)
    if (docs / SYNONYMS).exists():
        synonyms, synonym_problems = load_data(root, docs / SYNONYMS, SynonymsFile)
        problems += synonym_problems
    if terms:
        problems += check_alone(terms)
    if synonyms:
        problems += _faulty_groups(synonyms)
    return Glossary(terms, synonyms, (docs / GLOSSARY).exists()), problems


def check_alone(file: DataFile[TermsFile]) -> list[Problem]:
    """Find what is wrong with the terms by themselves.

    Args:
        file: the glossary's file.
    """
    return [*_without_letter(file), *_doubled_terms(file), *_out_of_order(file)]


def check_pages(glossary: Glossary, pages: Mapping[str, Page]) -> list[Problem]:
    """Find terms that lead to a page that does not exist.

    Args:
        glossary: the glossary.
        pages: the pages, by `src`.
    """
    file = glossary.terms_file
    if file is None:
        return []
    problems = []
    for index, term in enumerate(file.value.terms):
        if term.see:
            line = file.line("terms", index, "see")
            faults = check_link(term.see, file.path, line, pages)
            if not faults and posixpath.normpath(term.see.partition("#")[0]) not in pages:
                hint = "Write the way to the page's file, such as safety/index.md, and cite what stands elsewhere."
                faults = [Problem(file.path, line, f"`{term.see}` is no page of the guide.", hint)]
            problems += faults
    return problems


def nearest_term(name: str, glossary: Glossary) -> str:
    """Give the term that is most like a name, or an empty string.

    Args:
        name: what was written.
        glossary: the glossary.
    """
    close = nearest(name, glossary.named)
    return glossary.named[close].term if close else ""


def _without_letter(file: DataFile[TermsFile]) -> Iterator[Problem]:
    for index, term in enumerate(file.value.terms):
        if not re.match(r"[a-z0-9]", fold(term.term)):
            message = f"“{term.term}” begins with no letter from A to Z and no digit, under which it could be found."
            yield Problem(file.path, file.line("terms", index, "term"), message, "Write it as it is looked up.")


def _doubled_terms(file: DataFile[TermsFile]) -> Iterator[Problem]:
    seen: dict[str, str] = {}
    anchors: dict[str, str] = {}
    for index, term in enumerate(file.value.terms):
        line = file.line("terms", index, "term")
        if anchors.setdefault(term.anchor, term.term).casefold() != term.term.casefold():
            message = f"“{term.term}” would have the same address on the page as “{anchors[term.anchor]}”."
            yield Problem(file.path, line, message, "Say more in one of the names, for instance in brackets.")
        for number, form in enumerate((term.term, *term.also)):
            known = form.casefold()
            if known in seen:
                place = ("terms", index, "also", number - 1) if number else ("terms", index, "term")
                message = f"“{form}” stands for “{seen[known]}” already."
                yield Problem(file.path, file.line(*place), message, "Each form belongs to one term, once.")
            seen.setdefault(known, term.term)


def _out_of_order(file: DataFile[TermsFile]) -> Iterator[Problem]:
    terms = file.value.terms
    for index in range(1, len(terms)):
        before, name = terms[index - 1].term, terms[index].term
        if fold(name) < fold(before):
            message = f"“{name}” stands behind “{before}”."
            hint = "Terms stand in alphabetical order; hyphens, accents and capitals do not count."
            yield Problem(file.path, file.line("terms", index, "term"), message, hint)


def _faulty_groups(file: DataFile[SynonymsFile]) -> Iterator[Problem]:
    seen: dict[str, tuple[int, str]] = {}
    for index, group in enumerate(file.value.groups):
        if len(group) < 2:  # noqa: PLR2004 - one word has no other beside it
            message = "A group needs at least two words for the same thing."
            yield Problem(file.path, file.line("groups", index), message, "Add another word, or leave the group out.")
        for number, phrase in enumerate(group):
            known = phrase.casefold()
            if known in seen:
                where, first = seen[known]
                message = f"“{phrase}” stands in this group twice."
                if where != index:
                    message = f"“{phrase}” stands in the group of “{first}” already."
                hint = "A phrase belongs to one group, once."
                yield Problem(file.path, file.line("groups", index, number), message, hint)
            seen.setdefault(known, (index, group[0]))
