"""BibTeX entries to CSL data: names, dates, titles in sentence case, and the CSL type of each entry.

The terms are those of the CSL 1.0.2 specification and of the `biblatex` manual.
"""

from __future__ import annotations

import re
import unicodedata
from typing import TYPE_CHECKING, Any

from macros.citations.bibliography import DATE_RANGE, NO_DATE, NOT_YET, TIME
from macros.citations.latex import Run, plain, runs

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from macros.citations.bibliography import Source

_TYPES = {
    "article": "article-journal", "review": "article-journal", "suppperiodical": "article-journal",
    "book": "book", "mvbook": "book", "bookinbook": "chapter", "booklet": "pamphlet", "collection": "book",
    "mvcollection": "book", "proceedings": "book", "mvproceedings": "book", "reference": "book",
    "mvreference": "book", "manual": "book", "inbook": "chapter", "suppbook": "chapter", "incollection": "chapter",
    "suppcollection": "chapter", "inreference": "entry-encyclopedia", "inproceedings": "paper-conference",
    "conference": "paper-conference", "phdthesis": "thesis", "mastersthesis": "thesis", "thesis": "thesis",
    "report": "report", "techreport": "report", "online": "webpage", "electronic": "webpage", "www": "webpage",
    "preprint": "article", "dataset": "dataset", "software": "software", "patent": "patent",
    "movie": "motion_picture", "video": "motion_picture", "audio": "song", "music": "song",
    "performance": "performance", "artwork": "graphic", "image": "graphic", "legislation": "legislation",
    "legal": "treaty", "jurisdiction": "legal_case", "standard": "standard", "unpublished": "manuscript",
    "letter": "personal_communication", "periodical": "periodical", "commentary": "chapter",
}  # fmt: skip
_PREPRINT = re.compile(
    r"\b(?:preprint|medrxiv|biorxiv|psyarxiv|arxiv|research square|ssrn|osf preprints)\b", re.IGNORECASE
)
#: Fields that may say that something is a preprint.
_HINTS = ("howpublished", "publisher", "note", "pubstate", "type", "eprinttype", "archiveprefix")
#: Archives as they write themselves.
_ARCHIVES = {
    name.casefold(): name
    for name in ("arXiv", "bioRxiv", "medRxiv", "PsyArXiv", "SSRN", "Research Square", "OSF Preprints")
}
_SUFFIX = re.compile(r"^(?:Jr|Sr)\.?$|^(?:II|III|IV|VI{0,3})$")
_ARTICLE_NUMBER = re.compile(r"^[a-zA-Z]{1,4}\d{3,}$|^\d{5,}$")
_MONTH_NUMBERS = {name: number for number, name in enumerate(
    ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"), start=1)}  # fmt: skip
#: Fields whose value is copied as text: BibTeX or BibLaTeX names, the first that is there, to the CSL variable.
_COPIED = (
    (("volume",), "volume"), (("edition",), "edition"), (("series",), "collection-title"), (("isbn",), "ISBN"),
    (("issn",), "ISSN"), (("pmid",), "PMID"), (("pmcid",), "PMCID"), (("chapter",), "chapter-number"),
    (("version",), "version"), (("address", "location"), "publisher-place"), (("volumes",), "number-of-volumes"),
    (("eventtitle",), "event-title"), (("shorttitle",), "title-short"), (("language", "langid"), "language"),
)  # fmt: skip
_LANGUAGES = {"english": "en", "american": "en-US", "usenglish": "en-US", "british": "en-GB", "ukenglish": "en-GB",
              "german": "de", "ngerman": "de", "french": "fr", "spanish": "es", "italian": "it", "dutch": "nl",
              "portuguese": "pt", "russian": "ru", "polish": "pl", "swedish": "sv"}  # fmt: skip

_ORDINALS = {
    word: str(number)
    for number, word in enumerate(
        ("first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth", "tenth"), start=1
    )
}

CslItem = dict[str, Any]
#: "and others" in BibTeX; pandoc prints it as "et al.", and neither CSL-JSON nor RIS has anything for it.
OTHERS = {"literal": "others"}
#: What is said there instead, lest one name be taken for all.
MORE_AUTHORS = "Incomplete list of authors: the work has more than are named here."
_PEOPLE = ("author", "editor", "translator")


def csl_item(source: Source) -> CslItem:
    """Give a source as a CSL item. Rich text is a tuple of `Run`, everything else as in CSL-JSON.

    Args:
        source: the source; its fields have been checked.
    """
    fields = source.fields
    item: CslItem = {"id": source.key, "type": _csl_type(source)}
    for role in ("author", "editor", "translator"):
        if fields.get(role):
            item[role] = names(fields[role])
    if "author" not in item and "editor" not in item:
        organisation = fields.get("organization") or fields.get("institution")
        if organisation:
            item["author"] = [{"literal": plain(organisation)}]
    language = (fields.get("langid") or fields.get("language") or "english").casefold()
    english = _LANGUAGES.get(language, language).startswith("en")
    title = f"{fields['title']}: {fields['subtitle']}" if fields.get("subtitle") else fields.get("title", "")
    item["title"] = sentence_case(runs(title)) if english else runs(title)
    _add_container(item, source, english=english)
    _add_date(item, fields)
    _add_place(item, source)
    for candidates, variable in _COPIED:
        value = next((fields[name] for name in candidates if fields.get(name)), "")
        if value and variable not in item:
            item[variable] = plain(value)
    if "language" in item:
        item["language"] = _LANGUAGES.get(item["language"].casefold(), item["language"])
    if "edition" in item:
        said = re.sub(r"\s*ed(?:ition|\.)?$", "", item["edition"], flags=re.IGNORECASE)
        number = _ORDINALS.get(said.casefold()) or re.sub(r"^(\d+)(?:st|nd|rd|th)$", r"\1", said)
        item["edition"] = number if number.isdigit() else item["edition"]
    if source.doi:
        item["DOI"] = source.doi
    url = fields.get("url") or _address_in(fields.get("howpublished", "")) or _eprint_address(fields)
    if url:
        item["URL"] = re.sub(r"[\x00-\x1f\\]", "", re.sub(r"\s+", " ", url))
    if fields.get("urldate"):
        parts = _date_parts(fields["urldate"].strip("{} "))
        if parts:
            item["accessed"] = {"date-parts": [parts]}
    return item


def _csl_type(source: Source) -> str:
    fields = source.fields
    subtype = fields.get("entrysubtype", "").casefold()
    if source.entry_type == "article" and subtype in ("magazine", "newspaper"):
        return f"article-{subtype}"
    hints = " ".join(fields.get(name, "") for name in _HINTS)
    loose = source.entry_type in ("misc", "online", "unpublished", "electronic", "www")
    if loose and (_PREPRINT.search(hints) or fields.get("eprint")):
        return "article"
    if source.entry_type == "misc":
        return "webpage" if fields.get("url") or _address_in(fields.get("howpublished", "")) else "document"
    return _TYPES.get(source.entry_type, "document")


def names(value: str) -> list[dict[str, str]]:
    """Read a BibTeX list of names.

    Args:
        value: names joined by `and`; a corporate author stands in its own braces; `others` means that there are more.

    Returns:
        CSL names. `others` stays as the literal that pandoc prints as "et al."
    """
    return [_name(name) for name in _split_names(value)]


def _split_names(value: str) -> list[str]:
    """Split at each `and` that stands outside braces; bibtexparser's own splitting loses a macro right behind it."""
    found, depth, start = [], 0, 0
    for match in re.finditer(r"\\.|[{}]|\s+and(?=\s)", value, re.DOTALL | re.IGNORECASE):
        if match[0] in "{}":
            depth += 1 if match[0] == "{" else -1
        elif depth == 0 and not match[0].startswith("\\"):
            found.append(value[start : match.start()].strip())
            start = match.end()
    return [name for name in (*found, value[start:].strip()) if name]


#: "Family, G. H.": most names, and nothing that LaTeX or BibTeX would read in its own way.
_SIMPLE_NAME = re.compile(r"([^\W\d_a-z]\w*(?:[’-]\w+)*), ([^\W\d_a-z][\w.’-]*(?: [^\W\d_a-z][\w.’-]*)*)(?<!--)")


#: `\\~n`, `\\~{n}` and `\\~\\i`: a letter with a tilde.
_TILDE = re.compile(r"\\~\s*(?:\{\s*\\?([A-Za-z])\s*\}|\\([ij])(?![A-Za-z])|([A-Za-z]))")


def _with_tilde(match: re.Match[str]) -> str:
    return unicodedata.normalize("NFC", (match[1] or match[2] or match[3]) + "\N{COMBINING TILDE}")


def _name(raw: str) -> dict[str, str]:
    from bibtexparser.middlewares.names import InvalidNameError, parse_single_name_into_parts  # noqa: PLC0415

    if "\\~" in raw:  # otherwise taken for a hard space, at which names are split
        raw = _TILDE.sub(_with_tilde, raw)
    if raw == "others":
        return dict(OTHERS)
    simple = _SIMPLE_NAME.fullmatch(raw)
    if simple and not _SUFFIX.match(simple[2]):
        return {"family": simple[1], "given": simple[2]}
    if raw.startswith("{") and raw.endswith("}") and raw.count("{") == raw.count("}") and "}" not in raw[:-1]:
        return {"literal": plain(raw)}
    if re.match(r"(?:family|given|prefix|suffix)\s*=", raw):  # biblatex's extended format
        named = dict(re.findall(r"(?<![a-z])(family|given|prefix|suffix)\s*=\s*\"?([^,\"]*)", raw))
        keys = {"family": "family", "given": "given", "prefix": "non-dropping-particle", "suffix": "suffix"}
        return {keys[key]: plain(value.strip()) for key, value in named.items() if value.strip()}
    try:
        parts = parse_single_name_into_parts(raw, strict=False)
    except InvalidNameError:
        return {"literal": plain(raw)}
    given, family, suffix = parts.first, parts.last, parts.jr
    if (
        given and suffix and _SUFFIX.match(" ".join(given))
    ):  # "Zarate, Carlos A., Jr." instead of "Zarate, Jr., Carlos A."
        given, suffix = suffix, given
    if len(family) > 1 and _SUFFIX.match(family[-1]):  # "Zarate Jr., Carlos A.", as Zotero writes it
        family, suffix = family[:-1], [family[-1]]
    name = {"family": plain(" ".join(family))}
    if given:
        name["given"] = plain(" ".join(given))
    if parts.von:
        name["non-dropping-particle"] = plain(" ".join(parts.von))
    if suffix:
        name["suffix"] = plain(" ".join(suffix))
    if not given and not parts.von and not suffix:
        return {"family": name["family"]} if " " not in name["family"] else {"literal": name["family"]}
    return name


#: Braces keep capitals, and so does \\emph, as in BibTeX.
_KEPT = ("nocase", "i")
_SMALL_WORDS = frozenset(
    (  # noqa: SIM905 - a list of thirty strings is harder to read
        "with from into over after among between versus through during upon within without under about against toward "
        "towards before than that"
    ).split()
)
_TITLE_CASE = 0.75  # share of capitals among the longer words


def sentence_case(title: Sequence[Run]) -> tuple[Run, ...]:
    """Put a title into sentence case as BibTeX means it: what stands in braces keeps its capitals.

    A title whose longer words nearly all start with a capital is taken to be in title case; any other keeps all its
    capitals. The first word, and the first after a colon or question mark, starts with one.

    Args:
        title: the title.
    """
    free = " ".join(run.text for run in title if run.markup not in _KEPT)
    words = [
        word
        for word in re.findall(r"(?<![\w-])[^\W\d_][^\W_]{3,}", free.partition(" ")[2])
        if word not in _SMALL_WORDS and word[1:] == word[1:].lower()
    ]
    capitals = sum(word[0].isupper() for word in words)
    lower = bool(words) and capitals >= _TITLE_CASE * len(words)
    shouted = len(free) > 20 and free.upper() == free and any(char.isalpha() for char in free)  # noqa: PLR2004 - not an acronym
    result: list[Run] = []
    start = True
    for run in title:
        text = run.text
        if run.markup not in _KEPT:
            if shouted:
                text = text.lower()
            elif lower:
                # Not after a figure (5-HT2A), nor where a sentence may begin.
                text = re.sub(
                    r"(?<![\d.—])(?<![.—] )[^\W\d_]+(?:['’][^\W\d_]+)*", lambda match: _lower_word(match[0]), text
                )
            text = re.sub(r"(?<=[:?!]\s)([“\"'‘(]?)(\w[\w'’]*-?)", lambda match: match[1] + _capital(match[2]), text)
            if start:
                text = re.sub(r"^([^\w]*)(\w[\w'’]*-?)", lambda match: match[1] + _capital(match[2]), text, count=1)
        start = bool(re.search(r"[:?!]\s*$", text)) or (start and not text.strip())
        result.append(Run(text, run.markup))
    return tuple(result)


def _lower_word(word: str) -> str:
    keep = word == "I" or word[1:] != word[1:].lower() or word.startswith("I'") or word.startswith("I’")
    return word if keep else word.lower()


def _capital(word: str) -> str:
    # mTOR and d-serine keep their first letter; so does what starts with a figure.
    if word[1:] != word[1:].lower() or (len(word) == 2 and word.endswith("-")):  # noqa: PLR2004 - one letter, a hyphen
        return word
    return word[:1].upper() + word[1:]


def _add_container(item: CslItem, source: Source, *, english: bool) -> None:
    fields = source.fields
    journal = fields.get("journal") or fields.get("journaltitle")
    book = fields.get("booktitle") or fields.get("maintitle")
    if fields.get("booktitle") and fields.get("booksubtitle"):
        book = f"{book}: {fields['booksubtitle']}"
    if journal:
        item["container-title"] = runs(journal)
    elif book:
        cased = english and item["type"] == "chapter"
        item["container-title"] = sentence_case(runs(book)) if cased else runs(book)
    short = fields.get("shortjournal")
    if short:
        item["container-title-short"] = plain(short)


def _add_date(item: CslItem, fields: Any) -> None:  # noqa: ANN401
    value = (fields.get("date") or fields.get("year") or "").strip("{} ")
    status = NOT_YET.get(value.casefold()) or NOT_YET.get(fields.get("pubstate", "").casefold())
    if status:
        item["status"] = status
    if not value or value.casefold() in NO_DATE or value.casefold() in NOT_YET:
        return
    begin, *end = DATE_RANGE.split(value)
    parts = _date_parts(begin)
    if len(parts) == 1 and not end and fields.get("month"):
        month = fields["month"].strip("{} ")
        number = int(month) if month.isdecimal() else _MONTH_NUMBERS.get(month[:3].casefold(), 0)
        if 1 <= number <= 12:  # noqa: PLR2004 - months
            parts.append(number)
            if fields.get("day", "").isdecimal():
                parts.append(int(fields["day"]))
    if parts:
        last = _date_parts(end[0]) if end else []
        item["issued"] = {"date-parts": [parts, last] if last and last != parts else [parts]}


_TIME = re.compile(rf"(?<=\d){TIME}$")


def _date_parts(value: str) -> list[int]:
    pieces = _TIME.sub("", value.strip().rstrip("~?%")).split("-")
    parts = []
    for piece in pieces[:3]:
        number = int(piece) if piece.isdecimal() else _MONTH_NUMBERS.get(piece[:3].casefold(), 0)
        if not number:
            break
        parts.append(number)
    return parts


def _thesis(entry_type: str, genre: str) -> str:
    """Name the kind of thesis as APA does."""
    said = f"{entry_type} {genre}".casefold()
    for words, name in (
        (("master", "mathesis"), "Master's thesis"),
        (("bachelor", "bathesis"), "Bachelor's thesis"),
        (("phd", "doctor", "dissertation", "habil"), "Doctoral dissertation"),
    ):
        if any(word in said for word in words):
            return f"Unpublished {name[0].lower()}{name[1:]}" if "unpublished" in said else name
    return plain(genre) or "Doctoral dissertation"


def _add_place(item: CslItem, source: Source) -> None:
    fields = source.fields
    pages = fields.get("pages", "")
    if pages:
        item["page"] = re.sub(r"\s*(?:--+|–|—)\s*", "-", plain(pages)).replace("−", "-")
    article_number = fields.get("eid") or (pages if _ARTICLE_NUMBER.match(pages) else "")
    issue = fields.get("issue") or fields.get("number", "")
    if item["type"].startswith("article"):
        if issue:
            item["issue"] = plain(issue)
        if article_number:
            item["number"] = item["page"] = plain(article_number)
    elif issue:
        item["number"] = plain(issue)
    publisher = next(
        (fields[name] for name in ("publisher", "school", "institution", "organization") if fields.get(name)), ""
    )
    how = fields.get("howpublished", "")
    genre = fields.get("type", "")
    if item["type"] == "thesis":
        genre = _thesis(source.entry_type, genre)
    if how and not _address_in(how):
        if how.casefold() in ("video", "audio", "podcast", "blog"):
            item["medium"] = plain(how)
        elif not publisher:
            publisher = how
    if item["type"] == "article":  # a preprint: its archive is its publisher
        publisher = publisher or fields.get("eprinttype", "") or fields.get("archiveprefix", "")
        publisher = re.sub(r"\s*preprint$", "", publisher, flags=re.IGNORECASE)
        publisher = _ARCHIVES.get(publisher.casefold(), publisher)
        item["genre"] = "Preprint"
        if "issued" in item and item.get("status") == NOT_YET["prepublished"]:
            del item["status"]  # that is what a preprint is
    elif genre:
        item["genre"] = plain(genre)
    author = item.get("author", [{}])
    if publisher and plain(publisher) != author[0].get("literal"):
        item["publisher"] = plain(publisher)


def _address_in(value: str) -> str:
    match = re.search(r"https?://[^\s}]+", value)
    return match[0] if match else ""


def _eprint_address(fields: Any) -> str:  # noqa: ANN401
    kind = (fields.get("eprinttype") or fields.get("archiveprefix") or "").casefold()
    return f"https://arxiv.org/abs/{fields['eprint']}" if fields.get("eprint") and kind == "arxiv" else ""


_TAGS = {"i": ("<i>", "</i>"), "b": ("<b>", "</b>"), "sup": ("<sup>", "</sup>"), "sub": ("<sub>", "</sub>"),
         "nocase": ('<span class="nocase">', "</span>"), "": ("", "")}  # fmt: skip


def to_csl_json(item: CslItem) -> dict[str, Any]:
    """Give a CSL item as plain CSL-JSON, with the markup that CSL-JSON allows.

    Args:
        item: what `csl_item` gave.
    """
    written = {
        key: _marked(value)
        if isinstance(value, tuple)
        else [name for name in value if name != OTHERS]
        if key in _PEOPLE
        else value
        for key, value in item.items()
    }
    return written | {"note": MORE_AUTHORS} if has_others(item) else written


def has_others(item: CslItem) -> bool:
    """Tell whether a work has more authors, editors or translators than its entry names.

    Args:
        item: what `csl_item` gave.
    """
    return any(OTHERS in item.get(role, ()) for role in _PEOPLE)


def _marked(rich: Iterable[Run]) -> str:
    return "".join(_TAGS[run.markup][0] + run.text + _TAGS[run.markup][1] for run in rich)


def text_of(rich: Iterable[Run] | str) -> str:
    """Give rich text without its markup.

    Args:
        rich: a value of a CSL item.
    """
    return rich if isinstance(rich, str) else "".join(run.text for run in rich)
