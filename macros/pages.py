"""The Markdown pages: front matter, the macros each one calls, and the blocks that carry its claims.

Macro calls are read off Jinja's own syntax tree; a page is never searched with patterns for `{{ cite(...) }}`.
"""

from __future__ import annotations

import functools
import os
import re
from dataclasses import dataclass, field
from datetime import MAXYEAR, date, datetime
from pathlib import PurePosixPath
from typing import TYPE_CHECKING, Any

import jinja2
from jinja2 import nodes

from macros.docs_folder import list_docs
from macros.marked_out import sub
from macros.problems import Problem, near_miss, nearest
from macros.settings import today
from macros.terms import MECHANISMS, MODALITIES, PHASES
from macros.yaml_source import load_mapping

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Set
    from pathlib import Path

    from macros.cache import Cache

#: Macros whose call makes a block a cited one, or sets it apart as the guide's own reading.
CITING_MACROS = frozenset({"cite", "textcite"})
READING_MACROS = frozenset({"reading"})
#: The admonition type of "This guide's reading".
READING_ADMONITION = "reading"
#: The admonition type of a constructed story, in which nothing is a claim.
VIGNETTE_ADMONITION = "vignette"

#: What mkdocs-macros itself puts into a page's namespace, and Jinja's own globals.
BUILT_IN_NAMES = frozenset(
    {
        "config", "context", "cycler", "dict", "environment", "extra", "files", "filters", "filters_builtin", "fix_url",
        "git", "joiner", "lipsum", "loop", "macros", "macros_info", "namespace", "navigation", "now", "page", "plugin",
        "range", "caller", "varargs", "kwargs",
    }
)  # fmt: skip

_FRONT_MATTER = re.compile(r"\A---[ \t]*\n(.*?)^(?:---|\.\.\.)[ \t]*(?:\n|\Z)", re.DOTALL | re.MULTILINE)
_JINJA = jinja2.Environment(autoescape=True)

#: The filters that a page may use: Jinja's, and those of mkdocs-macros.
FILTERS = frozenset({*_JINJA.filters, "pretty", "relative_url"})

KINDS = ("clinical", "guide")

#: What a page may be about, by the field of its front matter that says so.
SUBJECTS: Mapping[str, tuple[str, ...]] = {
    "mechanism": (*MECHANISMS, "indirect-pathway"),
    "modality": tuple(MODALITIES),
    "phase": tuple(PHASES),
}


#: Whom a page may be for; others may be named, too.
AUDIENCES = ("clinician", "couple", "maintainer", "supervisor", "trainee")
#: What the guide reads in front matter, and what MkDocs, Material and the macros plugin do.
OWN_META = ("description", "reviewed", "title", "kind", "audience", *SUBJECTS)
_OTHER_META = frozenset(
    {"author", "authors", "categories", "comments", "date", "draft", "hide", "icon", "ignore_macros", "image", "links",
     "location", "pin", "readtime", "render_macros", "revision_date", "robots", "search", "slug", "social", "status",
     "subtitle", "tags", "template"}
)  # fmt: skip


@dataclass(frozen=True)
class MacroCall:
    """One call of a macro in a page.

    Attributes:
        name: the macro.
        line: the line of the file on which the call stands.
        args: the positional arguments; `None` where an argument is not a constant.
        kwargs: the keyword arguments, likewise.
    """

    name: str
    line: int
    args: tuple[Any, ...] = ()
    kwargs: tuple[tuple[str, Any], ...] = ()


@dataclass(frozen=True)
class Span:
    """Where a call stands that is the whole of its `{{ ... }}`, with constants for arguments.

    Attributes:
        start: the first character in the page's body.
        end: the character after the last.
        call: the call.
    """

    start: int
    end: int
    call: MacroCall


@dataclass(frozen=True)
class Block:
    """A paragraph, list item or table row: the unit in which claim coverage is counted.

    Attributes:
        first_line: its first line in the file.
        last_line: its last line.
        text: its beginning, for messages.
        in_reading: whether it stands in a "This guide's reading" block.
    """

    first_line: int
    last_line: int
    text: str
    in_reading: bool


@dataclass(frozen=True)
class Page:
    """A page of the guide.

    Attributes:
        path: the file, relative to the project's root.
        src: the file, relative to the folder of the pages.
        meta: its front matter.
        calls: the macros that it calls, in order.
        blocks: the blocks that carry its claims.
        title: its first heading, or its front matter's `title`.
        body: its Markdown, without the front matter.
        offset: the lines of the file before the body.
        spans: where its calls stand, if all that Jinja has to do on it is such calls; else `None`.
    """

    path: str
    src: str
    meta: Mapping[str, Any] = field(default_factory=dict)
    calls: tuple[MacroCall, ...] = ()
    blocks: tuple[Block, ...] = ()
    title: str = ""
    body: str = field(default="", repr=False)
    offset: int = 0
    spans: tuple[Span, ...] | None = None

    @property
    def kind(self) -> str:
        """`clinical` (the default: its claims are checked) or `guide` (about the site itself)."""
        return str(self.meta.get("kind", "clinical"))

    @property
    def reviewed(self) -> date | None:
        """The date on which somebody last read the page against its sources."""
        value = self.meta.get("reviewed")
        return value if isinstance(value, date) and not isinstance(value, datetime) else None

    def due_on(self, after_months: int) -> date | None:
        """Give the day from which the page is due for review; `None` if it bears no date.

        Args:
            after_months: how many months a review lasts.
        """
        if self.reviewed is None:
            return None
        years, month = divmod(self.reviewed.month - 1 + after_months, 12)
        if self.reviewed.year + years > MAXYEAR:
            return None
        first = date(self.reviewed.year + years, month + 1, 1)
        try:
            return first.replace(day=self.reviewed.day)
        except ValueError:  # the month is too short for the day; it is not the last of the year
            return first.replace(month=first.month + 1)

    def is_due_for_review(self, after_months: int) -> bool:
        """Tell whether the last review is too long ago.

        Args:
            after_months: how many months a review lasts.
        """
        due = self.due_on(after_months)
        return due is not None and today() >= due

    def uncovered(self) -> tuple[Block, ...]:
        """The blocks that neither carry a citation nor are set apart as the guide's reading."""
        marks = sorted(call.line for call in self.calls if call.name in CITING_MACROS | READING_MACROS)
        return tuple(
            block
            for block in self.blocks
            if not block.in_reading and not any(block.first_line <= line <= block.last_line for line in marks)
        )

    def claim_coverage(self) -> float:
        """The share of blocks that carry a citation or are set apart, in per cent; 100 for a page without blocks."""
        if not self.blocks:
            return 100.0
        return 100.0 * (1 - len(self.uncovered()) / len(self.blocks))

    def url(self, *, use_directory_urls: bool) -> str:
        """Give the page's address relative to the site's root, as MkDocs makes it.

        Args:
            use_directory_urls: the MkDocs setting of that name.
        """
        path = PurePosixPath(self.src)
        if not use_directory_urls:
            return str(path.with_suffix(".html")) if path.name != "README.md" else str(path.with_name("index.html"))
        if path.stem in ("index", "README"):
            return "" if str(path.parent) == "." else f"{path.parent}/"
        return f"{path.with_suffix('')}/"


def load_pages(
    root: Path,
    docs_dir: str,
    macro_names: Set[str],
    cache: Cache | None = None,
    srcs: Iterable[str] | None = None,
) -> tuple[dict[str, Page], list[Problem]]:
    """Read all pages.

    Args:
        root: the project's root.
        docs_dir: the folder of the pages, relative to the root.
        macro_names: the macros that the guide registers.
        cache: what was read off faultless pages before.
        srcs: the pages, by `src`; without it, all that MkDocs finds in the folder.

    Returns:
        The pages by `src`, and what is wrong with them. A page that cannot be read is left out.
    """
    docs = root / docs_dir
    pages: dict[str, Page] = {}
    problems: list[Problem] = []
    if srcs is None:
        folder, problems = list_docs(root, docs_dir)
        srcs = folder.pages
    for src in srcs:
        file = docs / src
        path = os.path.relpath(file, root).replace(os.sep, "/")  # MkDocs takes a folder elsewhere, too
        try:
            text = file.read_text("utf-8-sig")
        except UnicodeDecodeError as error:
            problems.append(not_utf8(path, file.read_bytes(), error))
            continue
        except OSError as error:
            problems.append(Problem(path, 0, f"The page cannot be read: {error.strerror}."))
            continue
        page, page_problems = parse_page(text, path, src, macro_names, cache)
        problems += page_problems
        pages[src] = page
    return pages, problems


def not_utf8(path: str, content: bytes, error: UnicodeDecodeError) -> Problem:
    """Say where a file stops being UTF-8.

    Args:
        path: the file.
        content: its bytes.
        error: what decoding raised.
    """
    line = content[: error.start].count(b"\n") + 1
    byte = content[error.start]
    return Problem(path, line, f"The file is not UTF-8: byte 0x{byte:02x} cannot be read.", "Save it as UTF-8.")


def parse_page(
    text: str, path: str, src: str, macro_names: Set[str], cache: Cache | None = None
) -> tuple[Page, list[Problem]]:
    """Read one page.

    Args:
        text: the file's content.
        path: the file, relative to the project's root.
        src: the file, relative to the folder of the pages.
        macro_names: the macros that the guide registers.
        cache: what was read off faultless pages before.
    """
    text = text.replace("\r\n", "\n")
    meta: Mapping[str, Any] = {}
    lines: Mapping[str, int] = {}
    problems: list[Problem] = []
    body, offset = text, 0
    match = _FRONT_MATTER.match(text)
    if match:
        meta, lines, problems = load_mapping(match[1], path, first_line=2, tags=False)
        body, offset = text[match.end() :], text.count("\n", 0, match.end())
        if not problems:
            problems += _check_meta(meta, lines, path)
    elif text.startswith("---\n"):
        problems.append(Problem(path, 1, "The front matter is not closed.", "End it with a line of three hyphens."))
    else:
        hint = "Begin the page with `---`, `description:`, `reviewed:`, `---`."
        problems.append(Problem(path, 1, "The page has no front matter.", hint))
    rendered = meta.get("render_macros") is not False
    key = f"{offset} {rendered} {' '.join(sorted(macro_names))}\n{body}"
    known = cache.get(key) if cache else None
    if known:
        heading, calls, blocks, spans = _thaw(known)
    else:
        calls, spans, call_problems = _read_calls(body, offset, path, macro_names) if rendered else ((), None, [])
        call_problems += _commented_out(body, offset, path) if calls else []
        call_problems += _without_alternative(body, offset, path) + _unclosed_comment(body, offset, path)
        problems += call_problems
        blocks, heading = _scan_blocks(body, offset)
        if call_problems:
            blocks = ()  # what a page that cannot be read does not cite is not its fault
        if cache and not call_problems:
            cache.put(key, _freeze(heading, calls, blocks, spans))
    title = str(meta.get("title") or _plain_heading(heading) or PurePosixPath(src).stem)
    return Page(path, src, meta, calls, blocks, title, body, offset, spans), problems


def _commented_out(body: str, offset: int, path: str) -> list[Problem]:
    """Find calls in HTML comments, which Jinja does not know: they would cite what nobody sees."""
    hint = "Take it out, or put {# and #} round it, which Jinja knows."
    return [
        Problem(path, offset + 1 + body.count("\n", 0, match.start() + match[0].index("{{")), message, hint)
        for message in ("A macro in an HTML comment is called, and nobody sees what it gives.",)
        for match in re.finditer(r"<!--.*?-->", body[: body.rfind("-->") + 3], re.DOTALL)
        if "{{" in match[0]
    ]


def _unclosed_comment(body: str, offset: int, path: str) -> list[Problem]:
    """Find the first comment that nothing ends: Markdown would look for its end again and again."""
    if body.find("<!--", body.rfind("-->") + 1) < 0:
        return []
    text = _without_code(body)
    start = text.find("<!--", text.rfind("-->") + 1)
    if start < 0:
        return []
    hint = "End it with -->, or put it between backticks if it is meant as text."
    return [Problem(path, offset + 1 + text.count("\n", 0, start), "This comment is not closed.", hint)]


def _without_code(body: str) -> str:
    return _CODE.sub(lambda match: re.sub(r"[^\n]", " ", match[0]), body)


_PICTURE = re.compile(r"!\[\s*\][(\[]|<img\b(?:(?!\balt\s*=)[^<>])*>", re.IGNORECASE)
_CODE = re.compile(r"^(\s*)(```+|~~~+).*?^\s*\2|`[^`\n]+`", re.DOTALL | re.MULTILINE)


def _without_alternative(body: str, offset: int, path: str) -> list[Problem]:
    """Find pictures that say nothing to those who do not see them."""
    if "![" not in body and "<img" not in body.lower():
        return []
    text = _without_code(body)
    hint = "Say in a few words what it shows: ![Two partners' scores over time](scores.svg)."
    return [
        Problem(path, offset + 1 + text.count("\n", 0, match.start()), "A picture has no text alternative.", hint)
        for match in _PICTURE.finditer(text)
    ]


def _plain_heading(heading: str) -> str:
    """Give a heading without its attribute list and markup."""
    text = re.sub(r"\s*\{:?\s*[#.][^}]*\}\s*$", "", heading)
    text = re.sub(r"\[([^\]]*)\]\([^)]*\)", r"\1", text)
    return re.sub(r"(?<!\w)[*_`]+|[*_`]+(?!\w)", "", text).strip()


def _freeze(
    heading: str, calls: tuple[MacroCall, ...], blocks: tuple[Block, ...], spans: tuple[Span, ...] | None
) -> list[Any]:
    return [
        heading,
        [[call.name, call.line, call.args, call.kwargs] for call in calls],
        [[block.first_line, block.last_line, block.text[:80], block.in_reading] for block in blocks],
        None if spans is None else [[span.start, span.end] for span in spans],
    ]


def _thaw(
    frozen: list[Any],
) -> tuple[str, tuple[MacroCall, ...], tuple[Block, ...], tuple[Span, ...] | None]:
    heading, frozen_calls, blocks, spans = frozen
    calls = tuple(
        MacroCall(name, line, tuple(args), tuple((option, value) for option, value in kwargs))
        for name, line, args, kwargs in frozen_calls
    )
    return (
        heading,
        calls,
        tuple(Block(*block) for block in blocks),
        None if spans is None else tuple(Span(span[0], span[1], call) for span, call in zip(spans, calls, strict=True)),
    )


def _check_meta(meta: Mapping[str, Any], lines: Mapping[str, int], path: str) -> list[Problem]:
    problems = []
    description = meta.get("description")
    if description is not None and not isinstance(description, str):
        message = f"`description` is {description!r}, which is no text."
        problems.append(
            Problem(path, lines.get("description", 1), message, "Put it between quotes, or write a sentence.")
        )
    elif not description or not description.strip():
        hint = "Add `description:` with one sentence that says what the reader finds here."
        problems.append(Problem(path, lines.get("description", 1), "The page has no description.", hint))
    for name in ("title", "description"):
        if "{{" in str(meta.get(name, "")):
            message = f"`{name}` calls a macro, which would be shown as it is written."
            problems.append(Problem(path, lines.get(name, 1), message, "Write it as plain text."))
    if "reviewed" not in meta:
        hint = f"Add `reviewed: {today()}` once the page has been read against its sources."
        problems.append(Problem(path, 1, "The page has no date of review.", hint))
    else:
        reviewed = meta["reviewed"]
        line = lines.get("reviewed", 1)
        if not isinstance(reviewed, date) or isinstance(reviewed, datetime):
            problems.append(
                Problem(path, line, f"`reviewed` is {reviewed!r}, which is no date.", f"Write it as {today()}.")
            )
        elif reviewed > today():
            problems.append(
                Problem(
                    path, line, f"`reviewed` is {reviewed}, which is in the future.", "Write the day of the review."
                )
            )
    kind = meta.get("kind", "clinical")
    if kind not in KINDS:
        problems.append(
            Problem(path, lines.get("kind", 1), f"`kind` is {kind!r}.", f"It is one of: {', '.join(KINDS)}.")
        )
    hidden = meta.get("hide")
    if hidden is not None and not (isinstance(hidden, list) and all(isinstance(one, str) for one in hidden)):
        hint = "Write a list: `hide: [navigation, toc]`."
        problems.append(Problem(path, lines.get("hide", 1), f"`hide` is {hidden!r}, which is no list of parts.", hint))
    if "search" in meta and not isinstance(meta["search"], dict):
        message = f"`search` is {meta['search']!r}, which says nothing to the search."
        hint = "Write `boost: 2` or `exclude: true` below it, indented."
        problems.append(Problem(path, lines.get("search", 1), message, hint))
    if not isinstance(meta.get("icon", ""), str):
        hint = "Write it as text: material/book."
        problems.append(Problem(path, lines.get("icon", 1), f"`icon` is {meta['icon']!r}, which is no icon.", hint))
    for name in meta:
        close = near_miss(str(name), (own for own in OWN_META if own not in meta), _OTHER_META)
        if close:
            message = f"No page has `{name}` in its front matter."
            problems.append(Problem(path, lines.get(str(name), 1), message, f"Did you mean `{close}`?"))
    audience = meta.get("audience")
    for one in audience if isinstance(audience, list) else [audience]:
        close = near_miss(str(one), AUDIENCES)
        if one is not None and close:
            problems.append(
                Problem(path, lines.get("audience", 1), f"`audience` names `{one}`.", f"Did you mean `{close}`?")
            )
    for name, known in SUBJECTS.items():
        value = meta.get(name, [])
        for one in value if isinstance(value, list) else [value]:
            if one not in known:
                close = nearest(str(one), known)
                hint = f"Did you mean `{close}`?" if close else f"It is one of: {', '.join(known)}."
                problems.append(Problem(path, lines.get(name, 1), f"`{name}` names `{one}`.", hint))
    if "title" in meta and not isinstance(meta["title"], str):
        problems.append(Problem(path, lines.get("title", 1), f"`title` is {meta['title']!r}, which is no text."))
    return problems


def _read_calls(
    body: str, offset: int, path: str, macro_names: Set[str]
) -> tuple[tuple[MacroCall, ...], tuple[Span, ...] | None, list[Problem]]:
    if "{{" not in body and "{%" not in body and "{#" not in body:
        return (), (), []
    spans = _read_plain_calls(body, offset, macro_names)
    if spans is not None:
        return tuple(span.call for span in spans), spans, []
    try:
        return _read_tree(body, offset, path, macro_names)
    except RecursionError:
        hint = "Write what is within as a few calls, one after the other."
        return (), None, [Problem(path, offset + 1, "The macros of this page stand one in another too deeply.", hint)]


def _read_tree(
    body: str, offset: int, path: str, macro_names: Set[str]
) -> tuple[tuple[MacroCall, ...], tuple[Span, ...] | None, list[Problem]]:
    try:
        tree = _JINJA.parse(body)
    except jinja2.TemplateSyntaxError as error:
        hint = "Braces that are meant as text go between {% raw %} and {% endraw %}."
        message = f"This macro cannot be read: {error.message}"
        return (), None, [Problem(path, offset + error.lineno, message, hint)]
    problems = []
    from_elsewhere = (nodes.Include, nodes.Import, nodes.FromImport, nodes.Extends)
    found = list(tree.find_all((nodes.Call, nodes.Name, nodes.Macro, *from_elsewhere)))
    stored = {node.name for node in found if isinstance(node, nodes.Name) and node.ctx in ("store", "param")}
    stored |= {node.name for node in found if isinstance(node, nodes.Macro)}
    called = {id(node.node) for node in found if isinstance(node, nodes.Call)}
    known = macro_names | BUILT_IN_NAMES | stored
    for node in found:
        if (
            isinstance(node, nodes.Name)
            and node.name in macro_names
            and node.name not in stored
            and id(node) not in called
        ):
            message = f"`{node.name}` is used here without being called: what it cites would not be seen."
            problems.append(Problem(path, offset + node.lineno, message, f"Write {{{{ {node.name}(...) }}}}."))
        elif isinstance(node, nodes.Name) and node.name == "macros" and "macros" not in stored:
            message = "A macro called through `macros` is not seen by the check."
            problems.append(Problem(path, offset + node.lineno, message, "Call it by its own name."))
        elif isinstance(node, nodes.Name) and node.ctx == "load" and node.name not in known:
            what = "macro" if id(node) in called else "variable"
            close = nearest(node.name, known if what == "variable" else macro_names)
            hint = f"Did you mean `{close}`?" if close else f"The macros are: {', '.join(sorted(macro_names))}."
            problems.append(Problem(path, offset + node.lineno, f"There is no {what} `{node.name}`.", hint))
        elif isinstance(node, from_elsewhere):
            message = "A page cannot include or import another: what that one cites would not be seen."
            problems.append(Problem(path, offset + node.lineno, message, "Write the text here, or make it a macro."))
    calls = tuple(
        MacroCall(
            call.node.name,
            offset + call.lineno,
            tuple(_constant(argument) for argument in call.args) + ((None,) if call.dyn_args else ()),
            tuple((keyword.key, _constant(keyword.value)) for keyword in call.kwargs)
            + ((("**", None),) if call.dyn_kwargs else ()),
        )
        for call in found
        if isinstance(call, nodes.Call) and isinstance(call.node, nodes.Name) and call.node.name not in stored
    )
    problems += _misused(tree, offset, path, macro_names - stored)
    # Jinja gives them level by level; what is cited first is what stands first.
    calls = tuple(sorted(calls, key=lambda call: call.line))
    return calls, _read_spans(body, tree, calls, macro_names), problems


#: Where a call must not stand, and why.
_NOT_SHOWN: Mapping[type[nodes.Node], tuple[str, str]] = {
    nodes.Filter: ("What `{}()` gives is put into its place later: no filter can change it.", "Take the filter out."),
    nodes.FilterBlock: ("What `{}()` gives is put into its place later: no filter can change it.", "Take the filter out."),
    nodes.Getattr: ("What `{}()` gives is put into its place later: nothing can be read off it.", "Call it alone."),
    nodes.Getitem: ("What `{}()` gives is put into its place later: nothing can be read off it.", "Call it alone."),
    nodes.Test: ("What `{}()` gives is put into its place later: nothing can be asked of it.", "Call it alone."),
    nodes.Compare: ("What `{}()` gives is put into its place later: nothing can be asked of it.", "Call it alone."),
    nodes.Assign: ("`{}()` is called once here, however often the variable is shown.", "Call it where it is to be seen."),
    nodes.AssignBlock: ("`{}()` is called once here, however often the variable is shown.", "Call it where it is to be seen."),
    nodes.CallBlock: ("`{}()` takes no block of text.", "Write it between {{ and }}."),
}  # fmt: skip


def _misused(tree: nodes.Template, offset: int, path: str, macro_names: Set[str]) -> list[Problem]:
    """Find filters and tests that there are not, and calls of the guide's macros whose outcome would not be seen as it is."""
    problems = []
    for node in tree.find_all((nodes.Filter, nodes.Test)):
        known = FILTERS if isinstance(node, nodes.Filter) else _JINJA.tests
        if node.name not in known:
            what = "filter" if isinstance(node, nodes.Filter) else "test"
            close = nearest(node.name, known)
            hint = f"Did you mean `{close}`?" if close else f"Take it out: Jinja has no {what} of that name."
            problems.append(Problem(path, offset + node.lineno, f"There is no {what} `{node.name}`.", hint))
    places: tuple[type[nodes.Node], ...] = (nodes.If, nodes.For, *_NOT_SHOWN)
    for place in tree.find_all(places):
        within: list[nodes.Node] = [place]
        if isinstance(place, nodes.If):
            if not isinstance(place.test, nodes.Const) or place.test.value:
                continue
            within, (message, hint) = place.body, ("`{}()` is never called here.", "Take it out.")
        elif isinstance(place, nodes.For):
            within, (message, hint) = [place.iter], _NOT_SHOWN[nodes.Getitem]
        else:
            message, hint = _NOT_SHOWN[type(place)]
            if isinstance(place, nodes.CallBlock):
                within = [place.call]
        for call in (call for one in within for call in _calls_in(one)):
            if isinstance(call.node, nodes.Name) and call.node.name in macro_names:
                problems.append(Problem(path, offset + call.lineno, message.format(call.node.name), hint))
    return problems


def _calls_in(node: nodes.Node) -> Iterator[nodes.Call]:
    if isinstance(node, nodes.Call):
        yield node
    yield from node.find_all(nodes.Call)


def read_calls(text: str, path: str, macro_names: Set[str]) -> tuple[tuple[MacroCall, ...], list[Problem]]:
    """Read the calls of macros off a text that is not a page.

    Args:
        text: the text.
        path: the file it stands in, for problems.
        macro_names: the macros that may be called.
    """
    calls, _, problems = _read_calls(text, 0, path, macro_names)
    return calls, problems


def _read_plain_calls(body: str, offset: int, macro_names: Set[str]) -> tuple[Span, ...] | None:
    """Read the calls of a page that holds nothing for Jinja but calls on one line each, without parsing the text between.

    Jinja's parser reads the calls, each wording once for the whole site. Any doubt, and the page is parsed as a whole.
    """
    if any(mark in body for mark in ("{%", "{#", "{{-", "-}}", "{{+", "+}}", "\r")):
        return None
    parts = body.split("{{")
    spans, line, end = [], offset + 1 + parts[0].count("\n"), len(parts[0])
    if "}}" in parts[0]:
        return None
    for part in parts[1:]:
        inner, closing, text = part.partition("}}")
        call = _plain_call(inner) if closing and "\n" not in inner and "}}" not in text else None
        if call is None or call[0] not in macro_names:
            return None
        spans.append(Span(end, end + len(inner) + 4, MacroCall(call[0], line, call[1], call[2])))
        line += text.count("\n")
        end += 2 + len(part)
    return tuple(spans)


def plain_calls(text: str) -> Iterator[tuple[int, int, str, tuple[str, ...], tuple[tuple[str, str], ...]]]:
    """Give the calls of a text that has been checked: where each starts and ends, its name and its arguments.

    Args:
        text: the text.
    """
    end = 0
    while (start := text.find("{{", end)) >= 0:
        end = text.index("}}", start) + 2
        call = _plain_call(text[start + 2 : end - 2])
        if call is not None:
            yield start, end, *call


#: A name with texts in double quotes between its brackets: most calls, which Jinja's parser need not see.
_MOST_CALLS = re.compile(r'\s*([a-z_]\w*)\((?:\s*"[^"\\]*"(?:\s*,\s*"[^"\\]*")*\s*)?\)\s*')
_QUOTED = re.compile(r'"([^"\\]*)"')
#: What Jinja reads as something else than a name.
_RESERVED = frozenset({"and", "else", "false", "if", "in", "is", "none", "not", "or", "true"})


@functools.lru_cache(maxsize=65536)
def _plain_call(inner: str) -> tuple[str, tuple[str, ...], tuple[tuple[str, str], ...]] | None:
    """Read what stands between two braces if it calls a name with texts and nothing else."""
    simple = _MOST_CALLS.fullmatch(inner)
    if simple and simple[1] not in _RESERVED:
        return simple[1], tuple(_QUOTED.findall(inner)), ()
    try:
        body = _JINJA.parse("{{" + inner + "}}").body
    except (jinja2.TemplateSyntaxError, RecursionError):
        return None
    output = body[0] if len(body) == 1 else None
    call = output.nodes[0] if isinstance(output, nodes.Output) and len(output.nodes) == 1 else None
    if not isinstance(call, nodes.Call) or not isinstance(call.node, nodes.Name) or call.dyn_args or call.dyn_kwargs:
        return None
    try:
        args = tuple(_constant(argument) for argument in call.args)
        kwargs = tuple((keyword.key, _constant(keyword.value)) for keyword in call.kwargs)
    except RecursionError:
        return None
    if not all(isinstance(value, str) for value in (*args, *dict(kwargs).values())):
        return None
    return call.node.name, args, kwargs


def _read_spans(
    body: str, tree: nodes.Template, calls: tuple[MacroCall, ...], macro_names: Set[str]
) -> tuple[Span, ...] | None:
    """Say where the calls stand, if the page holds nothing for Jinja but calls of macros with constants."""
    expressions = [node for output in tree.body if isinstance(output, nodes.Output) for node in output.nodes]
    expressions = [node for node in expressions if not isinstance(node, nodes.TemplateData)]
    simple = (
        len(expressions) == len(calls)
        and all(isinstance(node, nodes.Call) and not node.dyn_args and not node.dyn_kwargs for node in expressions)
        and all(
            call.name in macro_names
            and all(isinstance(value, str) for value in (*call.args, *dict(call.kwargs).values()))
            for call in calls
        )
    )
    if not simple:
        return None
    # Jinja's tree has lines only. Where braces stand for nothing but these calls, counting them gives the rest.
    if "{%" in body or "{#" in body or "{{-" in body or "-}}" in body or "{{+" in body:
        return None
    if not body.count("{{") == body.count("}}") == len(calls):
        return None
    places, end = [], 0
    for _ in calls:
        start = body.index("{{", end)
        end = body.index("}}", start) + 2
        places.append((start, end))
    return tuple(Span(a, b, call) for (a, b), call in zip(places, calls, strict=True))


def _constant(node: nodes.Expr) -> Any:  # noqa: ANN401 - a constant of any type
    try:
        return node.as_const()
    except nodes.Impossible:
        return None


_RULE_STARTS = frozenset("-=*_[:")
_FENCE = re.compile(r"^(\s*)(```+|~~~+)")
_ADMONITION = re.compile(r"^(\s*)(?:!!!|\?\?\?\+?)\s+([\w-]+)")
_ITEM = re.compile(r"^(\s*)(?:[-*+]|\d+[.)])\s+")
_HEADING = re.compile(r"^#{1,6}\s+(.*?)\s*#*$")
#: The line under a table's head, a horizontal rule, or the line under an underlined heading.
_RULE = re.compile(r"^(?=.*[-=*_])[\s|:*=_-]+$")
_DEFINITION = re.compile(r"^\s{0,3}\*?\[[^\]]+\]:")
_ATTRIBUTES = re.compile(r"^\s*\{[:.#\s][^{%]*\}\s*$")
_ONLY_MACRO = re.compile(r"^\s*(?:\{\{(?:(?!\}\}).)*\}\}|\{%(?:(?!%\}).)*%\}|\{#(?:(?!#\}).)*#\})\s*$")
_COMMENT = re.compile(r"<!--.*?-->|\{#.*?#\}", re.DOTALL)


def _scan_blocks(body: str, offset: int) -> tuple[tuple[Block, ...], str]:
    """Split Markdown into paragraphs, list items and table rows, with their lines.

    Python-Markdown forgets line numbers, and a message without a line helps nobody, so the few block forms that pages
    use are told apart here.
    """
    body = sub(_COMMENT, lambda match: "\n" * match[0].count("\n"), body)
    blocks: list[Block] = []
    heading = ""
    current: list[tuple[int, str]] = []
    set_apart: tuple[int, str] | None = None  # the indent and type of the admonition that sets apart
    fence = ""
    lines = body.split("\n")

    def flush() -> None:
        if not current:
            return
        kind = set_apart[1] if set_apart else ""
        if kind != VIGNETTE_ADMONITION:
            text = " ".join(line.strip() for _, line in current)
            if not all("{" in line and (_ONLY_MACRO.match(line) or _ATTRIBUTES.match(line)) for _, line in current):
                blocks.append(Block(current[0][0], current[-1][0], text, kind == READING_ADMONITION))
        current.clear()

    for number, line in enumerate(lines, start=offset + 1):
        stripped = line.strip()
        first = stripped[:1]  # tells most lines apart at no cost
        fenced = _FENCE.match(line) if first in ("`", "~") else None
        if fence:
            if fenced and fenced[2].startswith(fence):
                fence = ""
            continue
        if fenced:
            flush()
            fence = fenced[2]
            continue
        if not stripped:
            flush()
            continue
        if set_apart and len(line) - len(line.lstrip()) <= set_apart[0]:
            flush()
            set_apart = None
        admonition = _ADMONITION.match(line) if first in ("!", "?") else None
        if admonition:
            flush()
            if admonition[2] in (READING_ADMONITION, VIGNETTE_ADMONITION) and set_apart is None:
                set_apart = (len(admonition[1]), admonition[2])
            continue
        if first in _RULE_STARTS and (_RULE.match(line) or _DEFINITION.match(line)) and not stripped.startswith("|"):
            if len(current) == 1 and first in "-=":
                current.clear()  # it was a heading
            flush()
            continue
        title = _HEADING.match(line) if first == "#" else None
        if title:
            flush()
            heading = heading or (title[1] if line.startswith("# ") else "")
            continue
        if first == "|":
            flush()
            following = lines[number - offset] if number - offset < len(lines) else ""
            if not _RULE.match(line) and not _RULE.match(following):
                current.append((number, line))
                flush()
            continue
        if (first in "-*+" or first.isdigit()) and _ITEM.match(line):
            flush()
        current.append((number, line))
    flush()
    return tuple(blocks), heading


def check_coverage(pages: Iterable[Page], least: int) -> list[Problem]:
    """Find clinical pages on which too few blocks are cited or set apart.

    Args:
        pages: the pages to look at.
        least: the least claim coverage, in per cent.
    """
    problems = []
    for page in pages:
        if page.kind != "clinical" or page.claim_coverage() >= least:
            continue
        share = f"{page.claim_coverage():.0f} % of the page's claims are cited or set apart, and {least} % should be"
        problems += [
            Problem(
                page.path,
                block.first_line,
                f"“{_beginning(block.text)}” is neither cited nor set apart ({share}).",
                "Cite its source, or mark it as this guide's reading.",
            )
            for block in page.uncovered()
        ]
    return problems


def uncovered_claims(text: str) -> list[str]:
    """Give the beginnings of a text's paragraphs, list items and table rows that neither cite nor are set apart.

    Args:
        text: Markdown that is not a page, and whose calls have been checked.
    """
    marks = CITING_MACROS | READING_MACROS
    return [
        _beginning(block.text)
        for block in _scan_blocks(text, 0)[0]
        if not any(name in marks for _, _, name, _, _ in plain_calls(block.text))
    ]


def _beginning(text: str, length: int = 60) -> str:
    return text if len(text) <= length else text[:length].rsplit(" ", 1)[0] + " …"
