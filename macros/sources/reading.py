"""Entries made of what Crossref or a file says: names, titles, pages and DOIs in the bibliography's way of writing.

RIS is read by pandoc, which the guide has anyway and which knows the format's types, names and dates.
"""

from __future__ import annotations

import html
import json
import re
from typing import TYPE_CHECKING, Any

from macros.citations.bibliography import parse_bibliography
from macros.citations.csl_json import sentence_case, text_of
from macros.citations.latex import plain, runs
from macros.problems import Problem
from macros.sources.writing import FIELDS, Entry

if TYPE_CHECKING:
    from collections.abc import Mapping

    from macros.sources.crossref import Person, Work

#: Crossref's and CSL's types of works as BibTeX calls them; the rest is `misc`.
_TYPES = {
    "journal-article": "article", "article-journal": "article", "article-magazine": "article",
    "article-newspaper": "article", "review": "article", "book": "book", "monograph": "book", "edited-book": "book",
    "reference-book": "book", "book-chapter": "incollection", "chapter": "incollection", "book-section": "incollection",
    "book-part": "incollection", "reference-entry": "incollection", "entry-encyclopedia": "incollection",
    "proceedings-article": "inproceedings", "paper-conference": "inproceedings", "dissertation": "phdthesis",
    "thesis": "phdthesis", "report": "techreport", "report-component": "techreport", "webpage": "misc",
}  # fmt: skip
_RENAMED = {"journaltitle": "journal", "location": "address", "issue": "number", "eid": "pages"}
_MARKUP = {
    "i": "emph",
    "em": "emph",
    "b": "textbf",
    "strong": "textbf",
    "sub": "textsubscript",
    "sup": "textsuperscript",
}
_TAG = re.compile(r"<(/?)([a-zA-Z][\w:.-]*)\b[^<>]*>")
_SPECIAL = re.compile(r"[\\{}%&#_$~^]")
#: Braces by name: BibTeX counts them even behind a backslash.
_LATEX = {
    "\\": r"\textbackslash{}", "~": r"\textasciitilde{}", "^": r"\textasciicircum{}",
    "{": r"\textbraceleft{}", "}": r"\textbraceright{}",
}  # fmt: skip
_WORD = re.compile(r"[^\W_]+(?:[.’'][^\W_]+)*")
_DOI = re.compile(r"10\.\d{4,9}/[^\s\"<>]+")
_PEOPLE = frozenset({"AU", "A1", "A2", "A3", "A4", "ED"})
#: Where RIS has the year, and what is believed first; programs write it in many ways.
_DATES = ("PY", "Y1", "DA")
_RIS_LINE = re.compile(r"[A-Z][A-Z0-9]  ?-(?: |$)")


def latex(text: str) -> str:
    """Write plain text as LaTeX.

    Args:
        text: the text.
    """
    return _SPECIAL.sub(lambda match: _LATEX.get(match[0], "\\" + match[0]), " ".join(text.split()))


def bare_doi(text: str) -> str:
    """Give the DOI in a text, without a prefix; an empty string if there is none.

    Args:
        text: a DOI, however it is written.
    """
    match = _DOI.search(text.strip())
    return match[0].rstrip(".,;") if match else ""


def latex_title(text: str) -> str:
    """Write a title as LaTeX: its case is kept, and braces hold the capitals that must stay.

    Args:
        text: the title as Crossref or a file has it, perhaps with tags and entities of HTML.
    """
    text = re.sub(r"\s+", " ", html.unescape(html.unescape(text))).strip().rstrip(".").strip()
    shouted = text.upper() == text
    written, end, opened = [], 0, []
    for match in _TAG.finditer(text):
        written.append(_title_part(text[end : match.start()], shouted=shouted))
        end = match.end()
        command = _MARKUP.get(match[2].casefold())
        if command and not match[1]:
            written.append(f"\\{command}{{")
            opened.append(command)
        elif command and command in opened:
            opened.remove(command)
            written.append("}")
    written.append(_title_part(text[end:], shouted=shouted))
    return re.sub(r"\s+", " ", "".join(written) + "}" * len(opened)).strip()


def _title_part(text: str, *, shouted: bool) -> str:
    def kept(match: re.Match[str]) -> str:
        word = match[0]
        letter = len(word) == 1 and word.isupper() and word not in "AI"
        capital = any(char.isupper() for char in word[1:]) or letter
        return f"{{{word}}}" if capital and not shouted else word

    escaped = _SPECIAL.sub(lambda match: _LATEX.get(match[0], "\\" + match[0]), text)
    # What begins with a backslash is a command now.
    return re.sub(rf"\\[a-zA-Z]+\{{\}}|{_WORD.pattern}", lambda m: m[0] if m[0].startswith("\\") else kept(m), escaped)


def shown_title(title: str) -> str:
    """Give a title as readers see it in sentence case, or an empty string if that is how it is written.

    Args:
        title: the title, as LaTeX.
    """
    shown = text_of(sentence_case(runs(title)))
    return "" if shown == plain(title) else shown


def entry_of_work(work: Work) -> Entry:
    """Make an entry of what Crossref knows.

    Args:
        work: the work.
    """
    entry_type = _TYPES.get(work.type, "misc")
    title = ": ".join(filter(None, (_first(work.title), _first(work.subtitle))))
    if _first(work.subtitle) and _first(work.subtitle).casefold() in _first(work.title).casefold():
        title = _first(work.title)
    container = latex(_untagged(_first(work.container_title)))
    fields = {
        "author": _people(work.author),
        "editor": _people(work.editor),
        "title": latex_title(title),
        "year": str(work.years[0]) if work.years else "n.d.",
        "volume": latex(work.volume),
        "number": latex(work.issue),
        "pages": _pages(work.page or work.article_number),
        "edition": latex(work.edition_number),
        "isbn": _first(work.ISBN),
        "doi": bare_doi(work.DOI),
    }
    fields |= _placed(entry_type, container, latex(work.publisher), latex(work.publisher_location))
    return Entry(entry_type, {name: value for name, value in fields.items() if value})


def _placed(entry_type: str, container: str, publisher: str, place: str) -> dict[str, str]:
    if entry_type == "article":
        return {"journal": container}
    if entry_type in ("incollection", "inproceedings"):
        return {"booktitle": container, "publisher": publisher, "address": place}
    if entry_type == "phdthesis":
        return {"school": publisher}
    if entry_type == "techreport":
        return {"institution": publisher}
    return {"publisher": publisher, "address": place if entry_type == "book" else ""}


def _first(values: list[str]) -> str:
    return values[0] if values else ""


def _untagged(text: str) -> str:
    return _TAG.sub("", html.unescape(html.unescape(text)))


def _people(people: list[Person]) -> str:
    written = []
    for one in people:
        family, given, suffix = (latex(_untagged(part)) for part in (one.family, one.given, one.suffix))
        if family and given:
            written.append(", ".join(filter(None, (family, suffix, given))))
        elif family or given or one.name:
            written.append(f"{{{family or given or latex(_untagged(one.name))}}}")
    return " and ".join(written)


def _pages(text: str) -> str:
    return latex(re.sub(r"(?<=\w)\s*[-‐‑‒–—−]+\s*(?=\w)", "--", text.strip()))


def read_ris(text: str, path: str) -> tuple[list[Entry], list[Problem]]:
    """Read the sources of a RIS file.

    Args:
        text: the file.
        path: the file, for problems.
    """
    import pypandoc  # noqa: PLC0415 - slow to import

    records, problems = _records(text, path)
    entries = []
    for line, record in records:
        try:
            found = json.loads(pypandoc.convert_text(record, "csljson", format="ris"))
        except (RuntimeError, OSError, ValueError):
            found = []
        entries += [_entry_of_csl(item) for item in found if isinstance(item, dict)]
        if not found:
            hint = "A record is lines such as `TY  - JOUR`, `TI  - Title`, `ER  - `."
            problems.append(Problem(path, line, "This record of RIS cannot be read.", hint))
    if not records and not problems:
        problems.append(Problem(path, 0, "The file holds no record of RIS.", "Each begins with `TY  - `."))
    return entries, problems


def _records(text: str, path: str) -> tuple[list[tuple[int, str]], list[Problem]]:
    """Split RIS into records: lines that were wrapped are joined, and each record is closed, as pandoc needs them."""
    records: list[tuple[int, list[str]]] = []
    dates: list[dict[str, str]] = []
    problems = []
    is_open = False
    for number, line in enumerate(text.replace("\r\n", "\n").replace("\r", "\n").split("\n"), 1):
        tag = line[:2] if _RIS_LINE.match(line) else ""
        if tag == "TY":
            records.append((number, [f"TY  - {line[5:].strip()}"]))
            dates.append({})
            is_open = True
        elif is_open and tag == "ER":
            is_open = False
        elif is_open and tag:
            value = line.partition("-")[2].strip()
            if tag in _DATES:
                found = re.search(r"\d{4}", value)
                dates[-1].setdefault(tag, found[0] if found else "")
                continue
            if tag in _PEOPLE and "," not in value and " " in value:
                value += ","  # an organisation; people are written "Family, Given"
            records[-1][1].extend([f"{tag}  - {value}"] if value else [])
        elif is_open and line.strip():
            records[-1][1][-1] += f" {line.strip()}"
        elif line.strip() and not is_open:
            problems.append(Problem(path, number, "This line belongs to no record.", "A record begins with `TY  - `."))
            break
    for (_, lines), said in zip(records, dates, strict=True):
        year = next((said[tag] for tag in _DATES if said.get(tag)), "")
        if year:
            lines.append(f"PY  - {year}")
    return [(number, "\n".join([*lines, "ER  - ", ""])) for number, lines in records], problems


def _entry_of_csl(item: Mapping[str, Any]) -> Entry:
    def said(name: str) -> str:
        return _untagged(str(item.get(name) or ""))

    entry_type = _TYPES.get(said("type"), "misc")
    doi = bare_doi(said("DOI")) or (bare_doi(said("URL")) if "doi.org/" in said("URL") else "")
    issued = item.get("issued") or {}
    parts = (issued.get("date-parts") or [[]])[0] if isinstance(issued, dict) else []
    fields = {
        "author": _csl_people(item.get("author")),
        "editor": _csl_people(item.get("editor")),
        "title": latex_title(str(item.get("title") or "")),
        "year": str(parts[0]) if parts else "n.d.",
        "volume": latex(said("volume")),
        "number": latex(said("issue") or said("number")),
        "pages": _pages(said("page")),
        "edition": latex(said("edition")),
        "isbn": latex(said("ISBN")),
        "doi": doi,
        "pmid": said("PMID") if said("PMID").isdigit() else "",
        "url": "" if doi or not said("URL").startswith("http") else said("URL").split()[0],
    }
    fields |= _placed(
        entry_type, latex(said("container-title")), latex(said("publisher")), latex(said("publisher-place"))
    )
    return Entry(entry_type, {name: value for name, value in fields.items() if value})


def _csl_people(people: Any) -> str:  # noqa: ANN401 - whatever JSON holds
    written = []
    for one in people if isinstance(people, list) else ():
        particle = " ".join(str(one[name]) for name in ("dropping-particle", "non-dropping-particle") if one.get(name))
        family = " ".join(filter(None, (particle, str(one.get("family") or ""))))
        given, suffix = str(one.get("given") or ""), str(one.get("suffix") or "")
        if family and given:
            written.append(", ".join(filter(None, (latex(family), latex(suffix), latex(given)))))
        elif family or one.get("literal"):
            written.append(f"{{{latex(str(one.get('literal') or family))}}}")
    return " and ".join(written)


def read_bibtex(text: str, path: str) -> tuple[list[Entry], list[Problem]]:
    """Read the sources of a BibTeX file, which need not hold the guide's own fields.

    Args:
        text: the file.
        path: the file, for problems.
    """
    sources, problems = parse_bibliography(text, path, complete=False)
    entries = []
    for source in () if problems else sources.values():
        fields: dict[str, str] = {}
        for name, value in source.fields.items():
            fields.setdefault(_RENAMED.get(name, name), " ".join(value.split()))
        fields["doi"] = source.doi
        if "year" not in fields:
            fields["year"] = fields.get("date", "")[:4] or "n.d."
        if fields.get("subtitle"):
            fields["title"] = f"{fields['title']}: {fields['subtitle']}"
        if "doi.org/" in fields.get("url", "") and source.doi:
            fields["url"] = ""
        fields["pages"] = re.sub(r"\s*(?:-+|–|—)\s*", "--", fields.get("pages", ""))
        left_out = [name for name in fields if name not in (*FIELDS, "date", "subtitle")]
        entries.append(
            Entry(source.entry_type, {name: fields[name] for name in FIELDS if fields.get(name)}, "", tuple(left_out))
        )
    return entries, problems
