"""Entries made of what Crossref or a file says: names, titles, pages and DOIs in the bibliography's way of writing.

RIS is read by pandoc, which the guide has anyway and which knows the format's types, names and dates.
"""

from __future__ import annotations

import html
import json
import re
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote

from macros.citations.bibliography import DATE_RANGE, NO_DATE, NOT_YET, parse_bibliography
from macros.citations.csl_json import sentence_case, text_of
from macros.citations.latex import plain, runs
from macros.problems import Problem
from macros.settings import today
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
_RIS_DATE = re.compile(r"(\d{4})(?:[/-](\d{1,2})(?:[/-](\d{1,2}))?)?(?!\d)")
#: Types of which APA gives month and day, not the year alone.
_DATED = frozenset({"online", "electronic", "www", "misc"})
_DATED_ARTICLES = ("newspaper", "magazine")
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
    match = _DOI.search(text.strip()) or _DOI.search(unquote(text.strip()))
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
    for record in records:
        try:
            found = json.loads(pypandoc.convert_text(record.text, "csljson", format="ris"))
        except (RuntimeError, OSError, ValueError):
            found = []
        entries += [_entry_of_csl(item, record) for item in found if isinstance(item, dict)]
        if not found:
            hint = "A record is lines such as `TY  - JOUR`, `TI  - Title`, `ER  - `."
            problems.append(Problem(path, record.line, "This record of RIS cannot be read.", hint))
        elif not record.year:
            hint = "Add `PY  - 2020`; write `n.d.` if the source bears no date, `in press` if it is not out yet."
            problems.append(Problem(path, record.line, "This record of RIS has no year.", hint))
    if not records and not problems:
        problems.append(Problem(path, 0, "The file holds no record of RIS.", "Each begins with `TY  - `."))
    return entries, problems


@dataclass(frozen=True)
class _Record:
    """A record of RIS.

    Attributes:
        line: where it begins.
        text: its lines, as pandoc needs them.
        year: its year, or what is said in place of one.
        month: its month and day, as far as they are said.
        day: the same.
        seen: the day on which somebody saw the page.
    """

    line: int
    text: str
    year: str
    month: str
    day: str
    seen: str


def _records(text: str, path: str) -> tuple[list[_Record], list[Problem]]:
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
            if tag in (*_DATES, "Y2"):
                dates[-1].setdefault(tag, value)
                continue
            if tag in _PEOPLE and "," not in value and " " in value:
                value += ","  # an organisation; people are written "Family, Given"
            records[-1][1].extend([f"{tag}  - {value}"] if value else [])
        elif is_open and line.strip():
            records[-1][1][-1] += f" {line.strip()}"
        elif line.strip() and not is_open:
            problems.append(Problem(path, number, "This line belongs to no record.", "A record begins with `TY  - `."))
            break
    read = []
    for (number, lines), said in zip(records, dates, strict=True):
        year, month, day = _ris_date(said)
        dated = [f"PY  - {year}"] if year.isdigit() else []
        seen = _RIS_DATE.search(said.get("Y2", ""))
        when = "-".join(part.zfill(2) for part in seen.groups() if part) if seen else ""
        read.append(_Record(number, "\n".join([*lines, *dated, "ER  - ", ""]), year, month, day, _day_seen(when)))
    return read, problems


def _ris_date(said: Mapping[str, str]) -> tuple[str, str, str]:
    """Give year, month and day, as far as the lines of a record say them: the fullest date of the year that comes first."""
    found = [match.groups("") for match in (_RIS_DATE.search(said.get(tag, "")) for tag in _DATES) if match]
    if not found:
        words = (said.get(tag, "").strip() for tag in _DATES)
        return next((word for word in words if word.casefold() in NO_DATE or word.casefold() in NOT_YET), ""), "", ""
    year = found[0][0]
    _, month, day = max(
        (parts for parts in found if parts[0] == year), key=lambda parts: bool(parts[1]) + bool(parts[2])
    )
    month, day = month.lstrip("0"), day.lstrip("0")
    try:
        date(int(year), int(month or 1), int(day or 1))
    except ValueError:
        return year, "", ""
    return year, month, day if month else ""


def _day_seen(text: str) -> str:
    """Give a day as ISO has it, or an empty string if it is none, or not yet."""
    try:
        return text if date.fromisoformat(text) <= today() else ""
    except ValueError:
        return ""


def _entry_of_csl(item: Mapping[str, Any], record: _Record) -> Entry:
    def said(name: str) -> str:
        return _untagged(str(item.get(name) or ""))

    entry_type = _TYPES.get(said("type"), "misc")
    doi = bare_doi(said("DOI")) or (bare_doi(said("URL")) if "doi.org/" in said("URL") else "")
    url = "" if doi or not said("URL").startswith("http") else said("URL").split()[0]
    subtype = said("type").removeprefix("article-")
    fields = {
        "author": _csl_people(item.get("author")),
        "editor": _csl_people(item.get("editor")),
        "title": latex_title(str(item.get("title") or "")),
        "year": record.year,
        "month": record.month,
        "day": record.day,
        "volume": latex(said("volume")),
        "number": latex(said("issue") or said("number")),
        "pages": _pages(said("page")),
        "edition": latex(said("edition")),
        "isbn": latex(said("ISBN")),
        "doi": doi,
        "pmid": said("PMID") if said("PMID").isdigit() else "",
        "url": url,
        "urldate": record.seen if url else "",
        "entrysubtype": subtype if subtype in _DATED_ARTICLES else "",
    }
    fields |= _placed(
        entry_type, latex(said("container-title")), latex(said("publisher")), latex(said("publisher-place"))
    )
    if not _is_dated(entry_type, fields):
        fields |= {"month": "", "day": ""}
    return Entry(entry_type, {name: value for name, value in fields.items() if value})


def _is_dated(entry_type: str, fields: Mapping[str, str]) -> bool:
    """Tell whether APA gives month and day of such a source: of a web page, and of what stood in a newspaper."""
    return entry_type in _DATED or (entry_type == "article" and fields.get("entrysubtype") in _DATED_ARTICLES)


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
        fields |= _year_of(fields)
        if fields.get("subtitle"):
            fields["title"] = f"{fields['title']}: {fields['subtitle']}"
        if "doi.org/" in fields.get("url", "") and source.doi:
            fields["url"] = ""
        fields["pages"] = re.sub(r"\s*(?:-+|–|—)\s*", "--", fields.get("pages", ""))
        if fields.get("booksubtitle") and fields.get("booktitle"):
            fields["booktitle"] = f"{fields['booktitle']}: {fields['booksubtitle']}"
        left_out = [name for name in fields if name not in (*FIELDS, "date", "subtitle", "booksubtitle", "pubstate")]
        if not _is_dated(source.entry_type, fields):
            left_out += [name for name in ("month", "day") if fields.pop(name, "") and "date" not in fields]
        entries.append(
            Entry(source.entry_type, {name: fields[name] for name in FIELDS if fields.get(name)}, "", tuple(left_out))
        )
    return entries, problems


def _year_of(fields: Mapping[str, str]) -> dict[str, str]:
    """Give `year`, `month` and `day` for a `date`, as the bibliography has them."""
    said = fields.get("date", "").strip("{} ") or fields.get("year", "").strip("{} ")
    if not said:
        return {"year": NOT_YET.get(fields.get("pubstate", "").casefold(), "n.d.")}
    if "date" not in fields or said.casefold() in NO_DATE or said.casefold() in NOT_YET:
        return {"year": said}
    begin, *end = (piece.strip().rstrip("~?%") for piece in DATE_RANGE.split(said))
    year, month, day = (*begin.split("-"), "", "")[:3]
    if end:  # the year alone, since month and day have no place for a second
        return {"year": year if end[0][:4] == year else f"{year}--{end[0][:4]}"}
    parts = {"year": year, "month": month.lstrip("0"), "day": day.lstrip("0")}
    return {name: value for name, value in parts.items() if value}
