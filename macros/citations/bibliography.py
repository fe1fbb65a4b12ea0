"""Read `references.bib`: entries with their lines, and everything that is wrong with them."""

from __future__ import annotations

import difflib
import functools
import logging
import re
from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING, Any, cast
from urllib.parse import unquote

from macros.pages import not_utf8
from macros.problems import Problem, nearest
from macros.settings import today

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from pathlib import Path

    from bibtexparser import model
    from bibtexparser.library import Library

    from macros.cache import Cache

#: What a source can be, from the strongest kind of evidence to the weakest, with the words that readers see.
DESIGNS: Mapping[str, str] = {
    "meta-analysis": "Meta-analysis",
    "systematic-review": "Systematic review",
    "rct": "Randomised controlled trial",
    "open-label": "Uncontrolled trial",
    "observational": "Observational study",
    "qualitative": "Qualitative study",
    "case-report": "Case report",
    "preclinical": "Laboratory or animal study",
    "guideline": "Guideline",
    "consensus": "Expert consensus",
    "label": "Drug label",
    "instrument": "Measure",
    "narrative-review": "Narrative review",
    "theory": "Theory or proposal",
    "book": "Book",
    "other": "Other study or source",
}

#: Whom a source studied, as `studied` says.
STUDIED = ("couples", "families", "individuals", "animals", "none")

#: The entry types of BibTeX and BibLaTeX, and those that Zotero and Better BibTeX write.
ENTRY_TYPES = frozenset(
    {
        "article", "artwork", "audio", "bibnote", "book", "bookinbook", "booklet", "collection", "commentary",
        "conference", "customa", "dataset", "electronic", "image", "inbook", "incollection", "inproceedings",
        "inreference", "jurisdiction", "legal", "legislation", "letter", "manual", "mastersthesis", "misc", "movie",
        "music", "mvbook", "mvcollection", "mvproceedings", "mvreference", "online", "patent", "performance",
        "periodical", "phdthesis", "preprint", "proceedings", "reference", "report", "review", "software", "standard",
        "suppbook", "suppcollection", "suppperiodical", "techreport", "thesis", "unpublished", "video", "www",
    }
)  # fmt: skip

#: What people write in `year` for a source that bears no date, or none yet.
NO_DATE = frozenset({"n.d.", "nd", "n. d.", "no date", "undated"})
NOT_YET = {"in press": "in press", "inpress": "in press", "forthcoming": "forthcoming", "submitted": "submitted",
           "in preparation": "in preparation", "inpreparation": "in preparation", "prepublished": "advance online publication",
           "advance online publication": "advance online publication"}  # fmt: skip

_MONTHS = {
    name: str(number)
    for number, name in enumerate(
        ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"), start=1
    )
}

_MONTH_NAME = (
    "jan(uary)?|feb(ruary)?|mar(ch)?|apr(il)?|may|june?|july?|aug(ust)?|sept?(ember)?|oct(ober)?|nov(ember)?"
    "|dec(ember)?"
)
_DOI = re.compile(r"10\.\d{4,9}/\S+")
_DOI_PREFIX = re.compile(r"^(?:(?:https?://)?(?:www\.|dx\.)?doi\.org/|doi(?::\s*|\s+))", re.IGNORECASE)
#: The time of a day, which Better BibTeX writes behind the date of some web pages.
TIME = r"T\d{1,2}:\d{2}[\d:.]*(?:Z|[+-]\d{2}:?\d{2})?"
_DATE = re.compile(rf"^(\d{{4}})(?:-(\d{{1,2}}|[A-Za-z]+))?(?:-(\d{{1,2}})(?:{TIME})?)?[~?%]?$")
_MONTH = re.compile(  # also "10 January", "May/June" and "10~1", as styles for BibTeX want it
    rf"(?<![^\W_])(?:{_MONTH_NAME}|spring|summer|autumn|fall|winter)(?![^\W\d_])|^\d{{1,2}}[~ .]+\d{{1,2}}$",
    re.IGNORECASE,
)
#: What stands between the two ends of a time.
DATE_RANGE = re.compile(r"/|--|–")
_LOST_FIELD = re.compile(r"(?:^|[,\s])[A-Za-z][\w-]*\s*=\s*[{\"\w]")
_KEY = re.compile(r"""^[^\s{}(),"'#%~\\=<>&]+$""")


@dataclass(frozen=True)
class Source:
    """A source of the guide: one entry of `references.bib`.

    Attributes:
        key: the citation key.
        entry_type: the BibTeX type, in lower case.
        line: the line on which the entry starts.
        fields: its fields by lower-case name, `@string`s resolved and the outermost braces or quotes removed; still LaTeX.
        field_lines: the line of each field, for problems.
        doi: its DOI without any prefix, or an empty string.
        design: what kind of study or text it is, a key of `DESIGNS`.
        confirmed: the date on which somebody saw the source itself.
    """

    key: str
    entry_type: str
    line: int
    fields: Mapping[str, str] = field(default_factory=dict)
    field_lines: Mapping[str, int] = field(default_factory=dict)
    doi: str = ""
    design: str = ""
    confirmed: date | None = None

    @property
    def studied(self) -> str:
        """Whom the source studied, one of `STUDIED`; empty where nobody has said."""
        return self.fields.get("studied", "").strip("{} ")

    @property
    def given(self) -> str:
        """The substance that a study of couples gave to them, such as `ketamine`; mostly empty."""
        return self.fields.get("given", "").strip("{} ")


def load_bibliography(file: Path, path: str, cache: Cache | None = None) -> tuple[dict[str, Source], list[Problem]]:
    """Read the sources.

    Args:
        file: the BibTeX file.
        path: the same relative to the project's root, for problems.
        cache: what was read off a faultless file before.

    Returns:
        The sources by key, in the order of the file, and what is wrong with them.
    """
    try:
        content = file.read_bytes()
    except OSError as error:
        return {}, [_unreadable(file, path, error)]
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        return {}, [not_utf8(path, content, error)]
    key = _cache_key(text)
    known = cache.get(key) if cache else None
    if known:
        return {row[0]: _thaw(row) for row in known}, []
    sources, problems = parse_bibliography(text, path)
    if cache and not problems:
        cache.put(key, [_freeze(source) for source in sources.values()])
    return sources, problems


def _unreadable(file: Path, path: str, error: OSError) -> Problem:
    """Say why the file cannot be read: it is missing, no file, or closed to us."""
    other = "name another with `bibliography:` under `extra:` in mkdocs.yml."
    if file.is_dir():
        return Problem(
            path, 0, "This is a folder, not a file.", f"Put the sources into a file of that name, or {other}"
        )
    if isinstance(error, (FileNotFoundError, NotADirectoryError)):
        return Problem(path, 0, "There is no such file.", f"Add the file, or {other}")
    hint = f"See to it that you may read it (`chmod u+r {path}`), or {other}"
    return Problem(path, 0, f"The file is there, but it cannot be read: {error.strerror}.", hint)


def is_known(content: bytes, cache: Cache) -> bool:
    """Tell whether a BibTeX file was read before, and was faultless.

    Args:
        content: the file's bytes.
        cache: what was read off faultless files.
    """
    return cache.get(_cache_key(content.decode("utf-8-sig", "replace"))) is not None


def _cache_key(text: str) -> str:
    return f"{today()}\n{text}"  # whether a date lies in the future changes with the day


def _freeze(source: Source) -> list[object]:
    day = source.confirmed.isoformat() if source.confirmed else ""
    return [source.key, source.entry_type, source.line, source.fields, source.doi, source.design, day]


def _thaw(row: list[Any]) -> Source:
    key, entry_type, line, fields, doi, design, day = row
    return Source(key, entry_type, line, fields, {}, doi, design, date.fromisoformat(day) if day else None)


def parse_bibliography(text: str, path: str, *, complete: bool = True) -> tuple[dict[str, Source], list[Problem]]:
    """Read the sources from BibTeX text.

    Args:
        text: the BibTeX.
        path: the file it stands in, for problems.
        complete: whether each source must say what kind of study it is and when somebody saw it.
    """
    from bibtexparser import model  # noqa: PLC0415 - not needed when the cache knows the file
    from bibtexparser.entrypoint import parse_string  # noqa: PLC0415

    logging.getLogger("bibtexparser").setLevel(logging.CRITICAL)  # its failed blocks are reported below
    library = parse_string(_prepared(text), parse_stack=[])
    sources: dict[str, Source] = {}
    strings, problems = _strings(library.strings, path)
    entries = _entries(library)
    first_lines: dict[str, int] = {}
    for block in library.blocks:
        line = (block.start_line or 0) + 1
        if isinstance(block, model.Entry):
            source, entry_problems = _read_entry(block, path, strings, entries, complete=complete)
            sources[source.key] = source
            first_lines[source.key] = line
            problems += entry_problems
        elif isinstance(block, model.DuplicateFieldKeyBlock):
            problems += _doubled_fields(block, path)
            if isinstance(block.ignore_error_block, model.Entry):
                key = block.ignore_error_block.key
                sources.setdefault(key, Source(key, "misc", line))
        elif isinstance(block, model.DuplicateBlockKeyBlock):
            what = "@string" if isinstance(block.ignore_error_block, model.String) else "key"
            message = f"The {what} `{block.key}` stands here a second time."
            first = first_lines.get(block.key) or (block.previous_block.start_line or 0) + 1
            problems.append(Problem(path, line, message, f"The first is on line {first}; rename or remove one."))
        elif isinstance(block, model.ParsingFailedBlock):
            problems.append(_broken_block(block, path))
            # What cites it is not wrong as well.
            known = _key_of(block)
            if known:
                sources.setdefault(known, Source(known, "misc", line))
        elif isinstance(block, model.ImplicitComment):
            lost = _LOST_FIELD.search(block.comment)
            if lost:
                at = line + block.comment.count("\n", 0, lost.start())
                message = "These fields stand outside any entry."
                problems.append(Problem(path, at, message, "Look for one closing brace too many before this line."))
    if not sources and not problems:
        hint = "Add an entry: CONTRIBUTING.md shows one."
        problems.append(Problem(path, 0, "The file holds no source.", hint))
    problems += _doubled_dois(sources, path)
    return sources, problems


#: The opening of a block where `bibtexparser` sees none: a space after the `@`, or the brace on a line of its own.
_ODD_OPENING = re.compile(
    r"^([ \t]*)@([ \t]*)(\w+)(\s*)([{(])(?=\s*[^\s,{}()=]+\s*(?:,\s*(?:%[^\n]*\n\s*)*[\w-]+\s*)?=)", re.MULTILINE
)
_BLOCK = re.compile(r"@\w+[ \t]*[{(]")
_MARK = re.compile(r"(?<!\\)[{}()\"%]|@(\w+)[ \t]*[{(]")


def _key_of(block: model.ParsingFailedBlock) -> str:
    match = re.match(r"@\w+\s*[{(]\s*([^\s,{}]+)", (block.raw or "").lstrip())
    return match[1] if match else ""


def _entries(library: Library) -> dict[str, model.Entry | None]:
    """Give all entries by key; `None` for one that cannot be read."""
    entries: dict[str, model.Entry | None] = {**library.entries_dict}
    for block in library.failed_blocks:
        if hasattr(block.ignore_error_block, "fields"):  # one of its fields or its key is doubled
            entry = cast("model.Entry", block.ignore_error_block)
            entries.setdefault(entry.key, entry)
        else:
            entries.setdefault(_key_of(block), None)
    return entries


#: What belongs to one work alone, and is not taken over from the work it is a part of.
_NOT_INHERITED = frozenset(
    {
        "design", "studied", "given", "sample", "finding", "limits", "confirmed", "crossref", "xref", "ids", "doi", "url",
        "urldate", "eprint", "eprinttype", "eprintclass", "archiveprefix", "pmid", "pmcid", "pages", "abstract", "keywords",
        "note", "file", "type", "shorttitle", "subtitle", "entrysubtype",
    }
)  # fmt: skip
_PARTS = frozenset(
    {"inbook", "incollection", "inproceedings", "inreference", "conference", "bookinbook", "suppbook", "suppcollection"}
)
_BY_ITS_AUTHOR = frozenset({"inbook", "bookinbook", "suppbook"})


def _inherit(
    source: Source, entries: Mapping[str, model.Entry | None], strings: Mapping[str, model.String]
) -> tuple[dict[str, str], str]:
    """Give the fields that an entry takes over from the one that its `crossref` names, as BibTeX does.

    Args:
        source: the entry.
        entries: all entries, by key.
        strings: all `@string`s.

    Returns:
        The fields, and what is wrong with `crossref`.
    """
    found: dict[str, str] = {}
    seen, at, parent = {source.key}, source.fields["crossref"], source.entry_type
    while at:
        child = parent
        if at in seen:
            return {}, f"leads back to `{at}`"
        if at not in entries:
            return {}, f"names `{at}`, which is no entry"
        entry = entries[at]
        if entry is None:  # told at its place
            return {}, ""
        seen.add(at)
        parent = entry.entry_type.lower()
        fields = {field.key.lower(): _resolve(str(field.value), strings)[0].strip() for field in entry.fields}
        at = fields.get("crossref", "")
        taken = {name: value for name, value in fields.items() if name not in _NOT_INHERITED and value.strip("{} ")}
        if child in _PARTS and parent not in _PARTS:
            title, subtitle = taken.pop("title", ""), fields.get("subtitle", "")
            taken = {"booktitle": title, "booksubtitle": subtitle if title else "", **taken}
        elif child == "article":
            taken = {"journal": taken.pop("title", ""), **taken}
        if child not in _BY_ITS_AUTHOR and child != parent:
            taken.pop("author", None)
        found = taken | found
    said = source.fields
    for same in (
        ("year", "date", "pubstate", "month", "day"),
        ("journal", "journaltitle"),
        ("booktitle", "booksubtitle"),
    ):
        if any(said.get(name) for name in same):
            found = {name: value for name, value in found.items() if name not in same}
    return {name: value for name, value in found.items() if value and not said.get(name)}, ""


def _prepared(text: str) -> str:
    """Make all line ends alike, and take out what Biber passes over too; every line keeps its number."""
    text = text.replace("\r\n", "\n")
    if "\n" not in text:
        text = text.replace("\r", "\n")
    text = _ODD_OPENING.sub(_plain_opening, text)
    # Most `%` are escaped, so that few blocks need be looked at.
    kept: list[str] = []
    done, at = 0, text.find("%")
    while at >= 0:
        if text[at - 1 : at] == "\\":
            at = text.find("%", at + 1)
            continue
        start, end = _block_around(text, at, done)
        kept += [text[done:start], _without_comments(text[start:end])]
        done, at = end, text.find("%", end)
    return "".join([*kept, text[done:]])


def _block_around(text: str, at: int, first: int) -> tuple[int, int]:
    """Give the bounds of the block in which a place lies; none begins before `first`."""
    start = text.rfind("\n@", first, at)
    while start >= 0 and not _BLOCK.match(text, start + 1):
        start = text.rfind("\n@", first, start)
    end = text.find("\n@", at)
    while end >= 0 and not _BLOCK.match(text, end + 1):
        end = text.find("\n@", end + 1)
    return (start + 1 if start >= 0 else first), (end + 1 if end >= 0 else len(text))


def _plain_opening(match: re.Match[str]) -> str:
    kind, gap = match[3], match[4]
    if (not match[2] and "\n" not in gap) or kind.lower() not in {*ENTRY_TYPES, "string"}:
        return match[0]
    return f"{match[1]}@{kind}{match[5]}" + "\n" * gap.count("\n")


def _without_comments(block: str) -> str:
    """Take out comments: from a `%` to the end of the line, wherever no value is open.

    Args:
        block: an entry and what follows it, up to the next.
    """
    kept: list[str] = []
    start = depth = 0
    closing, quoted, skipped = "", False, False
    for match in _MARK.finditer(block):
        mark = match[0]
        if match.start() < start:  # within a comment
            continue
        if mark == "%":
            if not (depth or quoted or skipped):
                kept.append(block[start : match.start()])
                end = block.find("\n", match.start())
                start = len(block) if end < 0 else end
        elif not closing:
            if mark[0] == "@":
                closing = "}" if mark[-1] == "{" else ")"
                skipped = match[1].lower() == "comment"
        elif mark[-1] == "{":
            depth += 1
        elif mark == "}" and depth:
            depth -= 1
        elif mark == '"' and not depth:
            quoted = not quoted
        elif mark == closing and not (depth or quoted):
            closing, skipped = "", False
    return "".join([*kept, block[start:]])


def _strings(defined: Iterable[model.String], path: str) -> tuple[dict[str, model.String], list[Problem]]:
    """Give the `@string`s by their names in small letters, since their case does not count, and those that are doubled."""
    strings: dict[str, model.String] = {}
    problems = []
    for string in defined:
        first = strings.setdefault(string.key.lower(), string)
        if first is not string:
            at = (first.start_line or 0) + 1
            hint = f"The first is `{first.key}` on line {at}; rename or remove one. Capitals make no difference."
            message = f"The @string `{string.key}` stands here a second time."
            problems.append(Problem(path, (string.start_line or 0) + 1, message, hint))
    return strings, problems


def _broken_block(block: model.ParsingFailedBlock, path: str) -> Problem:
    raw = (block.raw or "").lstrip()
    start = (block.start_line or 0) + 1
    opening = raw.split("\n", 1)[0].split(",")[0][:60]
    reason = getattr(block.error, "abort_reason", str(block.error))
    hint = "Write the entry as `@article{key, name = {value}, }`."
    if "Expected comma after entry key" in reason:
        message = f"A comma is missing after the key of the entry `{opening}`."
    elif ("Expected a `=`" in reason or "Expected either" in reason) and "found `@" not in reason:
        message = f"The entry `{opening}` cannot be read: a comma or an equals sign is missing."
        hint = "Write each field as `name = {value},`."
    else:
        field_name, line, what = _unclosed(raw)
        where = f" in its field `{field_name}`" if field_name else ""
        message = f"{what} is not closed in the entry `{opening}`{where}."
        hint = "Give every `{` its `}`, and every opening quotation mark its pair."
        start += line
    return Problem(path, start, message, hint)


def _unclosed(raw: str) -> tuple[str, int, str]:
    """Find the field that is not closed: its name, its line within the entry, and what is open."""
    starts = list(re.finditer(r"^[ \t]*([A-Za-z][\w-]*)[ \t]*=", raw, re.MULTILINE))
    for index, match in enumerate(starts):
        last = index + 1 == len(starts)
        value = raw[match.end() : None if last else starts[index + 1].start()]
        line = raw.count("\n", 0, match.start(1))
        depth = len(re.findall(r"(?<!\\)\{", value)) - len(re.findall(r"(?<!\\)\}", value))
        if depth > 0:
            return match[1], line, "A brace"
        if value.lstrip().startswith('"') and len(re.findall(r'(?<!\\)"', value)) % 2:
            return match[1], line, "A quotation mark"
    return "", 0, "A brace"


def _doubled_fields(block: model.DuplicateFieldKeyBlock, path: str) -> list[Problem]:
    entry = cast("model.Entry", block.ignore_error_block)
    problems = []
    if entry is not None:
        seen: set[str] = set()
        for entry_field in entry.fields:
            if entry_field.key.lower() in seen:
                message = f"The entry `{entry.key}` has the field `{entry_field.key}` twice."
                problems.append(Problem(path, entry_field.start_line + 1, message, "Keep one of them."))
            seen.add(entry_field.key.lower())
    return problems


def _read_entry(
    entry: model.Entry,
    path: str,
    strings: Mapping[str, model.String],
    entries: Mapping[str, model.Entry | None],
    *,
    complete: bool,
) -> tuple[Source, list[Problem]]:
    problems: list[Problem] = []
    line = (entry.start_line or 0) + 1
    fields: dict[str, str] = {}
    lines: dict[str, int] = {}
    for entry_field in entry.fields:
        name = entry_field.key.lower()
        if name in lines:
            message = f"The entry `{entry.key}` has the field `{entry_field.key}` twice."
            problems.append(Problem(path, entry_field.start_line + 1, message, "Keep one of them."))
        lines[name] = entry_field.start_line + 1
        value, fault = _resolve(str(entry_field.value), strings)
        if fault:
            problems.append(
                Problem(path, lines[name], f"The field `{entry_field.key}` of `{entry.key}` {fault[0]}", fault[1])
            )
        if value.strip("{} \t\n"):
            fields[name] = value.strip()
    source = Source(entry.key, entry.entry_type.lower(), line, fields, lines)
    if "crossref" in fields:
        taken, wrong = _inherit(source, entries, strings)
        if wrong:
            close = nearest(fields["crossref"], [key for key in entries if key != entry.key])
            hint = (
                f"Did you mean `{close}`?"
                if close
                else "Write the key of the book or collection that this is a part of."
            )
            problems.append(Problem(path, lines["crossref"], f"`crossref` of `{entry.key}` {wrong}.", hint))
        lines = dict.fromkeys(taken, lines["crossref"]) | lines
        fields = {name: value for name, value in fields.items() if name != "crossref"} | taken
        source = Source(entry.key, source.entry_type, line, fields, lines)
    checks = _Checks(source, path, problems)
    checks.key()
    if not problems:  # a field that cannot be read may have swallowed the ones that would seem to be missing
        checks.required()
    checks.entry_type()
    checks.names()
    checks.spelling()
    checks.year()
    checks.month()
    checks.urldate()
    doi = checks.doi()
    checks.url()
    design = checks.design() if complete or "design" in fields else ""
    checks.studied()
    confirmed = checks.confirmed() if complete or "confirmed" in fields else None
    return (
        Source(entry.key, source.entry_type, line, fields, lines, doi, design, confirmed),
        problems,
    )


@functools.cache
def _misspelt(name: str) -> str:
    """Give the field of the guide's own that was meant, or an empty string."""
    ours = ("design", "studied", "sample", "finding", "limits", "confirmed")
    close = difflib.get_close_matches(name, ours, n=1, cutoff=0.8)
    return close[0] if close and name not in ours else ""


def _resolve(raw: str, strings: Mapping[str, model.String], depth: int = 0) -> tuple[str, tuple[str, str] | None]:
    """Give a field's value with `#` joined, `@string`s put in, and the enclosing braces or quotes removed."""
    parts = []
    for token in _split_concatenation(raw):
        closed = _enclosed(token)
        if closed is not None:
            parts.append(closed)
        elif token.isdigit():
            parts.append(token)
        elif token.lower() in strings and depth > len(strings):
            return "", (
                f"uses `{token}`, an @string that leads back to itself.",
                "Give that @string a text of its own.",
            )
        elif token.lower() in strings:
            value, fault = _resolve(str(strings[token.lower()].value), strings, depth + 1)
            if fault:
                return value, fault
            parts.append(value)
        elif re.fullmatch(_MONTH_NAME, token.lower()):
            parts.append(_MONTHS[token.lower()[:3]])
        elif re.search(r"=\s*[{\"]", token):
            return "", ("runs into the next one: a comma is missing after it.", "End each field with a comma.")
        elif re.fullmatch(r"[\w.:+-]+", token):
            close = nearest(token, strings)
            hint = f"Did you mean `{close}`?" if close else "Put text between braces, or define it with @string."
            return token, (f"uses `{token}`, which no @string defines.", hint)
        else:
            return token, ("has a value that stands neither in braces nor in quotes.", "Write it as `{...}`.")
    return "".join(parts), None


def _split_concatenation(raw: str) -> list[str]:
    if "#" not in raw:
        return [raw.strip()]
    tokens, depth, quoted, start = [], 0, False, 0
    for index, char in enumerate(raw):
        if char == "{":
            depth += 1
        elif char == "}":
            depth -= 1
        elif char == '"' and depth == 0:
            quoted = not quoted
        elif char == "#" and depth == 0 and not quoted:
            tokens.append(raw[start:index].strip())
            start = index + 1
    return [*tokens, raw[start:].strip()]


def _enclosed(token: str) -> str | None:
    if len(token) > 1 and token[0] == token[-1] == '"':
        inside = re.sub(r"\{[^{}]*\}", "", token[1:-1])
        return None if re.search(r'(?<!\\)"', inside) else token[1:-1]
    if not (token.startswith("{") and token.endswith("}")):
        return None
    if "{" not in token[1:] and "}" not in token[:-1]:
        return token[1:-1]
    depth = 0
    for index, char in enumerate(token):
        depth += (char == "{") - (char == "}")
        if depth == 0 and index < len(token) - 1:
            return None
    return token[1:-1]


def _fault_of_names(value: str, role: str) -> str:
    """Say what is wrong with a list of names, or give an empty string."""
    bare = value
    while "{" in bare:  # an organisation may have anything in its name
        bare, count = re.subn(r"\{[^{}]*\}", "X", bare)
        if not count:
            break
    listed = [name.strip() for name in re.split(r"\s+and(?=\s)", f" {bare} ", flags=re.IGNORECASE)]
    if "others" in listed[:-1] or listed == ["others"]:
        return f"The {role}s of `{{key}}` name nobody before `others`."
    if not all(any(char.isalnum() for char in name) for name in listed):
        return f"A name is missing among the {role}s of `{{key}}`."
    if any(
        re.search(r"[&;]|\bet al\b", name) or ("=" not in name and name.count(",") > 2)  # noqa: PLR2004 - von Last, Jr, First
        for name in listed
    ):
        return f"The {role}s of `{{key}}` are not joined by `and`."
    return ""


class _Checks:
    """What must hold for an entry; each method appends what does not."""

    def __init__(self, source: Source, path: str, problems: list[Problem]) -> None:
        self.source, self.path, self.problems = source, path, problems

    def add(self, name: str, message: str, hint: str = "") -> None:
        line = self.source.field_lines.get(name, self.source.line)
        self.problems.append(Problem(self.path, line, message, hint))

    def key(self) -> None:
        if not _KEY.match(self.source.key):
            self.add(
                "", f"`{self.source.key}` cannot be a key.", "Use letters, digits, `:`, `-`, `_`, `.`, `+` or `/`."
            )

    def entry_type(self) -> None:
        if self.source.entry_type not in ENTRY_TYPES:
            # `@xdata` is no slip of the pen for `@dataset`.
            close = difflib.get_close_matches(self.source.entry_type, ENTRY_TYPES, n=1, cutoff=0.75)
            hint = (
                f"Did you mean `@{close[0]}`?"
                if close
                else "Use @article, @book, @incollection, @report, @thesis, @online or @misc."
            )
            self.add("", f"`@{self.source.entry_type}` of `{self.source.key}` is no type of entry.", hint)

    def required(self) -> None:
        fields, key = self.source.fields, self.source.key
        if not any(fields.get(name) for name in ("author", "editor", "organization", "institution")):
            hint = "Add `author = {Family, Given and Family, Given}`; a corporate author goes in double braces."
            self.add("author", f"`{key}` has no author.", hint)
        if not fields.get("title"):
            self.add("title", f"`{key}` has no title.", "Add `title = {...}`.")
        if not any(fields.get(name) for name in ("year", "date", "pubstate")):
            hint = "Add `year = {2024}`; write `{n.d.}` if the source bears no date, `{in press}` if it is not out yet."
            self.add("year", f"`{key}` has no year.", hint)

    def names(self) -> None:
        for role in ("author", "editor", "translator"):
            value = self.source.fields.get(role, "")
            fault = _fault_of_names(value, role) if value else ""
            if fault:
                hint = (
                    "Write `Family, Given and Family, Given`, and `and others` for et al.; what belongs to no person goes in "
                    "double braces: `{{Barnes & Noble, Inc.}}`."
                )
                self.add(role, fault.format(key=self.source.key), hint)

    def spelling(self) -> None:
        for name in self.source.fields:
            meant = _misspelt(name)
            if meant:
                self.add(name, f"`{self.source.key}` has a field `{name}`.", f"Did you mean `{meant}`?")

    def year(self) -> None:
        for name in ("date", "year"):
            value = self.source.fields.get(name, "").strip("{} ")
            if not value or value.casefold() in NO_DATE or value.casefold() in NOT_YET:
                continue
            wrong = f"`{name}` of `{self.source.key}` is `{value}`, which is no date."
            begin, *end = (_DATE.match(piece.strip()) for piece in DATE_RANGE.split(value))
            slashes = re.fullmatch(r"(\d{4})/(0?[1-9]|1[0-2])(?:/(\d{1,2}))?", value)
            if slashes:  # in a date, a slash stands between the two ends of a time
                self.add(name, wrong, f"Write {'-'.join(part.zfill(2) for part in slashes.groups() if part)}.")
            elif not begin or len(end) > 1 or not all(end):
                self.add(name, wrong, "Write 2024, 2024-08-13, 2019/2020, n.d. or in press.")
            elif not all(_is_day(match) for match in (begin, *end) if match):
                self.add(name, wrong, "Check the year, the month and the day.")
            elif any(match and int(match[1]) > today().year + 1 for match in (begin, *end)):
                self.add(
                    name,
                    f"`{name}` of `{self.source.key}` is {value}, which is in the future.",
                    "Check it against the source.",
                )
            elif end and end[0] and int(end[0][1]) < int(begin[1]):
                self.add(name, wrong, "Write the earlier year first.")

    def month(self) -> None:
        fields = self.source.fields
        month, day = (fields.get(name, "").strip("{} ") for name in ("month", "day"))
        if month and not (month.isdecimal() and 1 <= int(month) <= 12) and not _MONTH.search(month):  # noqa: PLR2004 - months
            hint = "Write `month = {8}`, `month = {August}` or `month = aug`."
            self.add("month", f"`month` of `{self.source.key}` is `{month}`, which is none.", hint)
        if day and not (day.isdecimal() and 1 <= int(day) <= 31):  # noqa: PLR2004 - days
            self.add("day", f"`day` of `{self.source.key}` is `{day}`, which is none.", "Write `day = {13}`.")

    def urldate(self) -> None:
        value = self.source.fields.get("urldate", "").strip("{} ")
        match = _DATE.match(value)
        hint = f"Write the day on which somebody saw the page, such as {today()}."
        if value and not (match and _is_day(match)):
            self.add("urldate", f"`urldate` of `{self.source.key}` is `{value}`, which is no date.", hint)
        elif match and _first_day(match) > today():
            self.add("urldate", f"`urldate` of `{self.source.key}` is {value}, which is in the future.", hint)

    def doi(self) -> str:
        value = self.source.fields.get("doi", "").replace("\\", "").strip("{} ")
        if not value:
            return ""
        doi = _DOI_PREFIX.sub("", value)
        if "/" not in doi.partition("%")[0]:  # the slash of a copied address; a `%` further on may be the DOI's own
            doi = unquote(doi)
        if not _DOI.fullmatch(doi):
            hint = "A DOI starts with `10.`, four or more digits and a slash, as in 10.3389/fpsyt.2024.1376646."
            self.add("doi", f"`{value}` is no DOI (`{self.source.key}`).", hint)
            return ""
        if doi[-1] in ".,;":
            # It would lead nowhere; to take the sign off unasked would hide that the DOI was copied wrongly.
            self.add("doi", f"The DOI of `{self.source.key}` ends in `{doi[-1]}`.", f"Write {doi.rstrip('.,;')}.")
        return doi

    def url(self) -> None:
        value = self.source.fields.get("url", "")
        if value and not re.match(r"https?://[^\s/]", value.replace("\\", "")):
            self.add(
                "url", f"`{value}` is no web address (`{self.source.key}`).", "It starts with https:// or http://."
            )

    def studied(self) -> None:
        value = self.source.studied
        if value and value not in STUDIED:
            close = nearest(value, STUDIED)
            hint = f"Did you mean `{close}`?" if close else f"It is one of: {', '.join(STUDIED)}."
            self.add("studied", f"`studied` of `{self.source.key}` is `{value}`.", hint)

    def design(self) -> str:
        value = self.source.fields.get("design", "")
        if not value:
            self.add("design", f"`{self.source.key}` does not say what kind of study it is.",
                     f"Add `design = {{...}}`, one of: {', '.join(DESIGNS)}.")  # fmt: skip
        elif value not in DESIGNS:
            close = nearest(value, DESIGNS)
            hint = f"Did you mean `{close}`?" if close else f"It is one of: {', '.join(DESIGNS)}."
            self.add("design", f"`{value}` is no design (`{self.source.key}`).", hint)
        return value

    def confirmed(self) -> date | None:
        value = self.source.fields.get("confirmed", "")
        if not value:
            hint = f"See the source itself, then add `confirmed = {{{today()}}}`."
            self.add("confirmed", f"Nobody has confirmed `{self.source.key}`.", hint)
            return None
        try:
            day = date.fromisoformat(value)
        except ValueError:
            message = f"`confirmed` of `{self.source.key}` is `{value}`, which is no date."
            self.add("confirmed", message, f"Write it as {today()}.")
            return None
        if day > today():
            self.add("confirmed", f"`confirmed` of `{self.source.key}` is {value}, which is in the future.",
                     "Write the day on which somebody saw the source.")  # fmt: skip
        return day


def _is_day(match: re.Match[str]) -> bool:
    try:
        _first_day(match)
    except ValueError:
        return False
    return True


def _first_day(match: re.Match[str]) -> date:
    """Give the day of a date, or the first of its month or year.

    Raises:
        ValueError: if there is no such day.
    """
    month = match[2] or "1"
    if not month.isdecimal():
        month = _MONTHS[month[:3].casefold()] if re.fullmatch(_MONTH_NAME, month.casefold()) else "0"
    return date(int(match[1]), int(month), int(match[3] or 1))


def _doubled_dois(sources: Mapping[str, Source], path: str) -> list[Problem]:
    first: dict[str, Source] = {}
    problems = []
    for source in sources.values():
        if not source.doi:
            continue
        other = first.setdefault(source.doi.casefold(), source)
        if other is not source:
            message = f"`{source.key}` has the same DOI as `{other.key}` (line {other.line})."
            line = source.field_lines.get("doi", source.line)
            problems.append(Problem(path, line, message, "Keep one entry and cite it everywhere."))
    return problems
