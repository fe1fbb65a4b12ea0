"""The YAML files that hold what is really data: read into typed records, with every fault found at once.

A feature describes its file as a `Record`; unknown fields, wrong types and missing ones are told with file and line. Text
in such files is Markdown in which only citations and the label of a reading may be called.
"""

from __future__ import annotations

import functools
import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Annotated, Any, Generic, TypeVar, get_origin

import pydantic
import yaml

from macros.pages import CITING_MACROS, READING_MACROS, MacroCall, not_utf8, read_calls
from macros.problems import Problem, nearest
from macros.yaml_source import compose, construct

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence, Set
    from pathlib import Path

    from macros.pages import Page


class Record(pydantic.BaseModel):
    """A mapping in a data file. Fields that it does not know are faults."""

    model_config = pydantic.ConfigDict(frozen=True, extra="forbid", str_strip_whitespace=True, populate_by_name=True)


@dataclass(frozen=True)
class _IsMarkdown:
    pass


@dataclass(frozen=True)
class _IsSource:
    pass


#: Markdown with citations. HTML is refused.
Markdown = Annotated[str, pydantic.StringConstraints(min_length=1), _IsMarkdown()]
#: The key of a source in the bibliography.
SourceKey = Annotated[str, pydantic.StringConstraints(min_length=1), _IsSource()]
#: A line of plain text.
Line = Annotated[str, pydantic.StringConstraints(min_length=1, pattern=r"^[^\n]*$")]
#: A name used within files and addresses.
NAME_PATTERN = r"^[a-z0-9]+(?:-[a-z0-9]+)*$"
Name = Annotated[str, pydantic.StringConstraints(pattern=NAME_PATTERN)]

R = TypeVar("R", bound=Record)
Place = tuple[str | int, ...]


def is_name(text: str) -> bool:
    """Tell whether a text can be a name used within files and addresses.

    Args:
        text: the text.
    """
    return re.match(NAME_PATTERN, text) is not None


@dataclass(frozen=True)
class DataFile(Generic[R]):
    """A data file that has been read.

    Attributes:
        path: the file, relative to the project's root.
        value: its content.
        lines: the line of each value, by its place, such as `("terms", 3, "means")`.
        calls: the citations and readings in its texts and source fields, in order.
    """

    path: str
    value: R
    lines: Mapping[Place, int]
    calls: tuple[tuple[Place, MacroCall], ...]

    def line(self, *place: str | int) -> int:
        """Give the line of a value, or of the nearest thing that holds it.

        Args:
            *place: the keys and numbers that lead to it.
        """
        return _line(self.lines, place)

    def calls_in(self, *place: str | int) -> tuple[MacroCall, ...]:
        """Give the calls within a value.

        Args:
            *place: the keys and numbers that lead to it.
        """
        return tuple(self._by_place.get(place, ()))

    @functools.cached_property
    def _by_place(self) -> Mapping[Place, list[MacroCall]]:
        """The calls of each value that holds some: a file of a thousand texts is asked for each of them."""
        found: dict[Place, list[MacroCall]] = {}
        for where, call in self.calls:
            for depth in range(len(where) + 1):
                found.setdefault(where[:depth], []).append(call)
        return found


@dataclass(frozen=True)
class OneFile(Generic[R]):
    """What a feature has read that keeps its data in one file.

    Attributes:
        path: the file, relative to the project's root.
        file: the file; `None` if there is none, or if it has faults.
        missing: whether there is none.
    """

    path: str
    file: DataFile[R] | None
    missing: bool

    @property
    def files(self) -> tuple[DataFile[R], ...]:
        """The file, if it could be read."""
        return (self.file,) if self.file else ()

    def check_calls(self, names: Set[str], pages: Mapping[str, Page], what: str) -> list[Problem]:
        """Find calls of macros that have no file to show, and a file that no page shows.

        Args:
            names: the macros that show the file.
            pages: the pages, by `src`.
            what: what the file holds, in the plural.
        """
        calls = [(page.path, call) for page in pages.values() for call in page.calls if call.name in names]
        if self.missing:
            hint = f"Add the file {self.path}."
            return [Problem(path, call.line, f"There are no {what} to show.", hint) for path, call in calls]
        if calls or self.file is None:
            return []
        names_ = " or ".join(f"{{{{ {name}() }}}}" for name in sorted(names))
        return [Problem(self.path, 1, f"No page shows these {what}.", f"Write {names_} in one, or remove the file.")]


def load_one(root: Path, name: str, record: type[R]) -> tuple[OneFile[R], list[Problem]]:
    """Read the data file of a feature that has one only.

    Args:
        root: the project's root.
        name: the file, relative to it.
        record: what it should hold.
    """
    if not (root / name).exists():
        return OneFile(name, None, missing=True), []
    file, problems = load_data(root, root / name, record)
    return OneFile(name, file, missing=False), problems


def check_claim(file: DataFile[Any], place: Place, text: str, longest: int) -> list[Problem]:
    """Find out whether a text of a data file says whence it comes, and whether it is short enough.

    Args:
        file: the file.
        place: where the text stands in it.
        text: the text.
        longest: how many characters a reader may see of it, citations aside.
    """
    problems = []
    name = next(str(part) for part in reversed(place) if isinstance(part, str))
    if not file.calls_in(*place):
        hint = 'Add {{ cite("key") }}, or begin it with {{ reading() }}.'
        problems.append(Problem(file.path, file.line(*place), f"`{name}` carries no citation.", hint))
    seen = len(visible(text))
    if seen > longest:
        message = f"`{name}` has {seen} characters beside its citations, and at most {longest} are read at a glance."
        problems.append(Problem(file.path, file.line(*place), message, "Shorten it."))
    return problems


_CALL = re.compile(r"\s*\{\{.*?\}\}\s*", re.DOTALL)
_LINKED = re.compile(r"\[([^\]]*)\]\([^)]*\)")


def visible(text: str) -> str:
    """Give a text without its citations and the targets of its links.

    Args:
        text: Markdown of a data file.
    """
    return " ".join(_LINKED.sub(r"\1", _CALL.sub(" ", text)).split())


def load_data(root: Path, file: Path, record: type[R]) -> tuple[DataFile[R] | None, list[Problem]]:
    """Read a data file.

    Args:
        root: the project's root.
        file: the file.
        record: what it should hold.

    Returns:
        The file, or `None` if it has faults; and those.
    """
    path = file.relative_to(root).as_posix()
    try:
        content = file.read_bytes()
    except OSError as error:
        return None, [Problem(path, 0, f"The file cannot be read: {error.strerror}.")]
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        return None, [not_utf8(path, content, error)]
    return parse_data(text, path, record)


def parse_data(text: str, path: str, record: type[R]) -> tuple[DataFile[R] | None, list[Problem]]:
    """Read the text of a data file.

    Args:
        text: the YAML.
        path: the file it stands in, for problems.
        record: what it should hold.
    """
    node, problems = compose(text, path)
    if node is None:
        return None, problems or [Problem(path, 1, "The file is empty.", _fields_of(record))]
    if not isinstance(node, yaml.MappingNode):
        return None, [Problem(path, 1, "This should be `key: value` lines.", _fields_of(record))]
    lines: dict[Place, int] = {}
    spans: dict[Place, tuple[int, int]] = {}
    problems += _places(node, (), path, lines, spans)
    values, faults = construct(node, text, path)
    if faults:
        return None, problems + faults
    try:
        value = record.model_validate(values)
    except pydantic.ValidationError as error:
        return None, problems + [
            _problem(fault, values, record, path, lines) for fault in error.errors() if not _is_echo(fault)
        ]
    calls: list[tuple[Place, MacroCall]] = []
    source_lines = text.split("\n")
    for place, kind, content in _marked(value, ()):
        line = _line(lines, place)
        if kind == "source":
            calls.append((place, MacroCall("cite", line, (content,))))
            continue
        span = spans.get(place, (line, line))
        found, text_problems = _read_text(content, path, source_lines[span[0] - 1 : span[1]], span[0])
        problems += text_problems
        calls += [(place, call) for call in found]
    return (None if problems else DataFile(path, value, lines, tuple(calls))), problems


@dataclass(frozen=True)
class NamedFiles(Generic[R]):
    """What a feature has read that keeps each of its things in a file with its name.

    Attributes:
        by_name: the files that could be read, by name.
        names: the names of all files, with those that could not.
    """

    by_name: Mapping[str, DataFile[R]] = field(default_factory=dict)
    names: frozenset[str] = frozenset()

    @property
    def files(self) -> tuple[DataFile[R], ...]:
        """The files that could be read."""
        return tuple(self.by_name.values())


def load_named(root: Path, folder: str, record: type[R], what: str) -> tuple[NamedFiles[R], list[Problem]]:
    """Read the data files of a folder.

    Args:
        root: the project's root.
        folder: the folder, relative to it; there may be none.
        record: what each file should hold.
        what: what that is called, as in "a tree".
    """
    by_name: dict[str, DataFile[R]] = {}
    names: set[str] = set()
    problems: list[Problem] = []
    for path in sorted((root / folder).glob("*.y*ml")):
        if path.suffix != ".yml" or not is_name(path.stem):
            hint = "Name it in lower-case letters, digits and hyphens, and end it in .yml."
            src = path.relative_to(root).as_posix()
            problems.append(Problem(src, 0, f"`{path.name}` cannot be the name of {what}'s file.", hint))
            continue
        names.add(path.stem)
        file, faults = load_data(root, path, record)
        problems += faults
        if file is not None:
            by_name[path.stem] = file
    return NamedFiles(by_name, frozenset(names)), problems


_HTML = re.compile(r"<[a-zA-Z/!?]")


def _read_text(text: str, path: str, raw: Sequence[str], first_line: int) -> tuple[list[MacroCall], list[Problem]]:
    """Read the calls off a text, with the lines on which they stand in the file."""
    html = _HTML.search(text)
    problems = []
    if html:
        line = next((number for number, one in enumerate(raw, first_line) if _HTML.search(one)), first_line)
        problems.append(Problem(path, line, "HTML is not allowed here.", "Write it as Markdown."))
    if "{%" in text or "{#" in text:
        hint = "Only {{ cite(...) }}, {{ textcite(...) }} and {{ reading() }} may stand in a text."
        return [], [
            *problems,
            Problem(path, first_line, "A text in a data file cannot hold statements of Jinja.", hint),
        ]
    calls, call_problems = read_calls(text, path, CITING_MACROS | READING_MACROS)
    # The text may have been folded; the braces still come in the same order.
    opened = [number for number, one in enumerate(raw, first_line) for _ in range(one.count("{{"))] or [first_line]
    problems += [Problem(path, first_line, problem.message, problem.hint) for problem in call_problems]
    return [
        MacroCall(call.name, opened[min(index, len(opened) - 1)], call.args, call.kwargs)
        for index, call in enumerate(calls)
    ], problems


def _places(
    node: Any,  # noqa: ANN401 - PyYAML has no types for nodes
    place: Place,
    path: str,
    lines: dict[Place, int],
    spans: dict[Place, tuple[int, int]],
) -> list[Problem]:
    problems = []
    if isinstance(node, yaml.MappingNode):
        for key, value in node.value:
            inner = (*place, str(key.value))
            if inner in lines:
                message = f"`{key.value}` stands here a second time."
                problems.append(Problem(path, key.start_mark.line + 1, message, "Keep one of them."))
            lines[inner] = key.start_mark.line + 1
            spans[inner] = _span(key, value)
            problems += _places(value, inner, path, lines, spans)
    elif isinstance(node, yaml.SequenceNode):
        for index, value in enumerate(node.value):
            inner = (*place, index)
            lines[inner] = value.start_mark.line + 1
            spans[inner] = _span(value, value)
            problems += _places(value, inner, path, lines, spans)
    return problems


def _span(start: Any, end: Any) -> tuple[int, int]:  # noqa: ANN401
    last = end.end_mark.line + (1 if end.end_mark.column else 0)
    return start.start_mark.line + 1, max(last, start.start_mark.line + 1)


def _line(lines: Mapping[Place, int], place: Place) -> int:
    while place and place not in lines:
        place = place[:-1]
    return lines.get(place, 1)


def _marked(value: Any, place: Place) -> Iterator[tuple[Place, str, str]]:  # noqa: ANN401
    """Give the texts and source fields of a record, with their places, in the order of the record's fields."""
    if isinstance(value, Record):
        for name, field in type(value).model_fields.items():
            content = getattr(value, name)
            inner = (*place, field.alias or name)
            kind = _kind(field.annotation, field.metadata)
            if kind:
                yield from _strings(content, inner, kind)
            else:
                yield from _marked(content, inner)
    elif isinstance(value, dict):
        for key, content in value.items():
            yield from _marked(content, (*place, str(key)))
    elif isinstance(value, (tuple, list)):
        for index, content in enumerate(value):
            yield from _marked(content, (*place, index))


def _strings(value: Any, place: Place, kind: str) -> Iterator[tuple[Place, str, str]]:  # noqa: ANN401
    if isinstance(value, str):
        if value:
            yield place, kind, value
    elif isinstance(value, (tuple, list)):
        for index, content in enumerate(value):
            yield from _strings(content, (*place, index), kind)


def _kind(annotation: Any, metadata: Iterable[Any]) -> str:  # noqa: ANN401
    for mark in (*metadata, *getattr(annotation, "__metadata__", ())):
        if isinstance(mark, _IsMarkdown):
            return "markdown"
        if isinstance(mark, _IsSource):
            return "source"
    for inner in getattr(annotation, "__args__", ()):
        kind = _kind(inner, ())
        if kind:
            return kind
    return ""


def _fields_of(record: type[Record]) -> str:
    return f"Its fields are: {', '.join(field.alias or name for name, field in record.model_fields.items())}."


def _problem(
    fault: Any,  # noqa: ANN401 - pydantic's ErrorDetails
    values: Any,  # noqa: ANN401
    record: type[Record],
    path: str,
    lines: Mapping[Place, int],
) -> Problem:
    """Say in plain words what pydantic found."""
    if fault["loc"][-1] == "[key]":  # a key of a mapping whose keys are names
        message = f"The name `{fault['loc'][-2]}` should be text."
        where = (*fault["loc"][:-2], str(fault["loc"][-2]))
        return Problem(path, _line(lines, where), message, "Put it between quotes, or choose another.")
    place: Place = tuple(
        part for part in fault["loc"] if _exists(values, fault["loc"], part) or part == fault["loc"][-1]
    )
    line = _line(lines, place)
    name = next((str(part) for part in reversed(place) if isinstance(part, str)), "This")
    kind, context, given = fault["type"], fault.get("ctx", {}), fault["input"]
    shown = f"`{given}`" if isinstance(given, (str, int, float, bool)) else "what stands there"
    if kind == "missing":
        return Problem(path, line, f"`{name}` is missing here.", f"Add `{name}:`.")
    if kind == "extra_forbidden":
        known = _known_fields(record, place[:-1])
        close = nearest(name, known)
        hint = f"Did you mean `{close}`?" if close else f"Known here: {', '.join(sorted(known))}."
        return Problem(path, line, f"There is no field `{name}` here.", hint)
    if kind in ("literal_error", "enum"):
        expected = str(context.get("expected", "")).replace("'", "`").replace(" or ", ", ")
        close = nearest(str(given), re.findall(r"`([^`]+)`", expected))
        return Problem(
            path, line, f"`{name}` is {shown}.", f"Did you mean `{close}`?" if close else f"It is one of {expected}."
        )
    if kind == "string_type" and given is not None and not isinstance(given, (dict, list)):
        return Problem(path, line, f"`{name}` should be text, and YAML reads {shown}.", "Put it between quotes.")
    if kind == "string_too_short" or (given is None and kind != "value_error"):
        return Problem(path, line, f"`{name}` is empty.", "Write something there, or leave the field out.")
    if kind == "string_too_long":
        message = (
            f"`{name}` has {len(str(given))} characters, and at most {context['max_length']} are read at a glance."
        )
        return Problem(path, line, message, "Shorten it.")
    if kind == "string_pattern_mismatch":
        what = "one line" if "\n" in str(given) else "lower-case letters, digits and hyphens"
        return Problem(path, line, f"`{name}` is {shown}.", f"Write {what}.")
    if kind in ("too_short", "too_long"):
        least = context.get("min_length") or context.get("max_length")
        word = "at least" if kind == "too_short" else "at most"
        return Problem(path, line, f"`{name}` has {context.get('actual_length', 0)} entries; it needs {word} {least}.")
    if kind == "value_error":
        message, _, hint = str(context.get("error", fault["msg"])).partition(" | ")
        return Problem(path, line, message, hint)
    wanted = {"tuple_type": "a list", "list_type": "a list", "dict_type": "`key: value` lines",
              "model_type": "`key: value` lines", "model_attributes_type": "`key: value` lines",
              "string_type": "text", "bool_type": "`true` or `false`", "bool_parsing": "`true` or `false`"}  # fmt: skip
    expected = wanted.get(kind) or (
        "a date" if "date" in kind else "a number" if re.search("int|float|decimal|number|finite", kind) else ""
    )
    if expected:
        return Problem(path, line, f"`{name}` should be {expected}, and is {shown}.")
    return Problem(path, line, f"`{name}`: {fault['msg']}.")


def _is_echo(fault: Any) -> bool:  # noqa: ANN401
    """Tell whether a list is called too short only because its entries have faults, which are told themselves."""
    return (
        fault["type"] == "too_short"
        and isinstance(fault["input"], list)
        and len(fault["input"]) >= fault["ctx"]["min_length"]
    )


def _exists(values: Any, loc: tuple[Any, ...], part: Any) -> bool:  # noqa: ANN401
    """Tell whether a part of pydantic's place is a key of the file, and not the name of a type that it tried."""
    current = values
    for step in loc:
        found = (isinstance(current, dict) and step in current) or (
            isinstance(current, list) and isinstance(step, int) and step < len(current)
        )
        if step is part:
            return bool(found)
        if found:
            current = current[step]
    return False


def _known_fields(record: Any, place: Place) -> list[str]:  # noqa: ANN401
    """Give the names of the fields at a place."""
    current: Any = record
    for step in place:
        if _holds_many(current):
            current = _record_in(current)
            continue
        current = _record_in(current)
        field = next((one for name, one in current.model_fields.items() if step in (name, one.alias)), None)
        current = field.annotation if field else None
        if _record_in(current) is None:
            return []
    current = _record_in(current)
    return [field.alias or name for name, field in current.model_fields.items()]


def _holds_many(annotation: Any) -> bool:  # noqa: ANN401
    """Tell whether a type is a list or a mapping, so that a number or a key comes next in a place."""
    if get_origin(annotation) in (dict, list, tuple):
        return True
    return any(_holds_many(inner) for inner in getattr(annotation, "__args__", ()))


def _record_in(annotation: Any) -> type[Record] | None:  # noqa: ANN401
    if isinstance(annotation, type) and issubclass(annotation, Record):
        return annotation
    for inner in getattr(annotation, "__args__", ()):
        found = _record_in(inner)
        if found:
            return found
    return None


def check_sources(files: Iterable[DataFile[Any]], known: Mapping[str, Any]) -> list[Problem]:
    """Find the citations in data files that name no source.

    Args:
        files: the files.
        known: the sources, by key.
    """
    problems = []
    for file in files:
        for _, call in file.calls:
            if call.name not in CITING_MACROS:
                continue
            if not call.args:
                message = f"`{call.name}()` names no source."
                problems.append(Problem(file.path, call.line, message, f'Write {{{{ {call.name}("key") }}}}.'))
            for key in call.args:
                if key not in known:
                    close = nearest(str(key), known)
                    hint = f"Did you mean `{close}`?" if close else "Add the source to references.bib first."
                    problems.append(Problem(file.path, call.line, f"There is no source `{key}`.", hint))
    return problems
