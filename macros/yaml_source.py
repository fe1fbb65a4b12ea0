"""YAML with the line of every value, so that a problem can say where it is."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

import yaml

from macros.problems import Problem

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

#: LibYAML where it is there (ten times as fast), the same language in Python where it is not.
_LOADER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


class _Loader(_LOADER):  # type: ignore[misc]
    """A safe loader that reads what it does not know (`!ENV`, `!!python/name:...`) as plain text or nothing."""


def _unknown_tag(loader: Any, _suffix: str, node: Any) -> Any:  # noqa: ANN401 - PyYAML has no types for nodes
    if isinstance(node, yaml.ScalarNode):
        return loader.construct_scalar(node)
    if isinstance(node, yaml.SequenceNode):
        values = loader.construct_sequence(node)
        return values[-1] if values else None
    return loader.construct_mapping(node)


_Loader.add_multi_constructor("!", _unknown_tag)
_Loader.add_multi_constructor("tag:yaml.org,2002:python/", _unknown_tag)


def compose(text: str, path: str, *, first_line: int = 1) -> tuple[Any, list[Problem]]:
    """Read YAML as nodes, which know their lines.

    Args:
        text: the YAML.
        path: the file it stands in, for problems.
        first_line: the line of the file on which `text` starts.

    Returns:
        The root, or `None` if there is none; and what is wrong.
    """
    loader = _Loader(text)
    try:
        return loader.get_single_node(), []
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        line = first_line + (mark.line if mark else text.count("\n", 0, getattr(error, "position", 0) or 0))
        what = getattr(error, "problem", None) or "it cannot be read"
        hint = "Put a value that contains a colon, a hash or a bracket between double quotes; indent with spaces."
        return None, [Problem(path, line, f"This is not YAML: {what}.", hint)]
    finally:
        loader.dispose()


def construct(node: Any, text: str, path: str, *, first_line: int = 1) -> tuple[Any, list[Problem]]:  # noqa: ANN401
    """Give the values of nodes.

    Args:
        node: the root.
        text: the YAML that it was read from.
        path: the file it stands in, for problems.
        first_line: the line of the file on which `text` starts.
    """
    loader = _Loader(text)
    try:
        return loader.construct_document(node), []
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        what = getattr(error, "problem", None) or "it cannot be read"
        return None, [Problem(path, first_line + (mark.line if mark else 0), f"This is not YAML: {what}.")]
    except ValueError as error:  # a date such as 2026-02-30
        wrong = next((line for line, value in _dates(node, first_line) if not _is_date(value)), first_line)
        return None, [Problem(path, wrong, f"This is not YAML: {error}.", "Check dates and numbers.")]
    finally:
        loader.dispose()


def load_mapping(
    text: str, path: str, *, first_line: int = 1, tags: bool = True
) -> tuple[Mapping[str, Any], Mapping[str, int], list[Problem]]:
    """Read a YAML mapping.

    Args:
        text: the YAML.
        path: the file it stands in, for problems.
        first_line: the line of the file on which `text` starts.
        tags: whether values may have tags that plain YAML does not know, such as `!ENV`.

    Returns:
        The values, the line of each top-level and second-level key (`"extra"`, `"extra.citation_style"`), and problems.
    """
    node, problems = compose(text, path, first_line=first_line)
    if node is None:
        return {}, {}, problems
    if not isinstance(node, yaml.MappingNode):
        return {}, {}, [Problem(path, first_line, "This should be `key: value` lines.")]
    lines: dict[str, int] = {}
    _note_lines(node, "", first_line, path, lines, problems)
    for tagged in () if tags else _tagged(node):
        message = f"The tag `{tagged.tag.replace(_PLAIN, '!!')}` cannot be read here."
        hint = "Take it out; put a value that begins with an exclamation mark between quotes."
        problems.append(Problem(path, first_line + tagged.start_mark.line, message, hint))
    values, faults = construct(node, text, path, first_line=first_line)
    return ({}, {}, faults) if faults else (values, lines, problems)


_PLAIN = "tag:yaml.org,2002:"
_TAGS = frozenset(
    _PLAIN + name
    for name in (
        "binary",
        "bool",
        "float",
        "int",
        "map",
        "merge",
        "null",
        "omap",
        "pairs",
        "seq",
        "set",
        "str",
        "timestamp",
    )
)


def _tagged(root: Any) -> Iterator[Any]:  # noqa: ANN401
    """Give the nodes with tags that plain YAML does not know."""
    left, seen = [root], set()
    while left:
        node = left.pop()
        if id(node) in seen:  # YAML can name a node again, even within itself
            continue
        seen.add(id(node))
        if node.tag not in _TAGS:
            yield node
        if not isinstance(node, yaml.ScalarNode):
            left += [part for child in node.value for part in (child if isinstance(child, tuple) else (child,))]


def _dates(node: Any, first_line: int) -> Iterator[tuple[int, str]]:  # noqa: ANN401
    if isinstance(node, yaml.ScalarNode):
        if node.tag.endswith(":timestamp"):
            yield first_line + node.start_mark.line, node.value
    else:
        for child in node.value:
            for part in child if isinstance(child, tuple) else (child,):
                yield from _dates(part, first_line)


def _is_date(value: str) -> bool:
    try:
        date.fromisoformat(value[:10])
    except ValueError:
        return False
    return True


def _note_lines(
    node: Any,  # noqa: ANN401
    prefix: str,
    first_line: int,
    path: str,
    lines: dict[str, int],
    problems: list[Problem],
) -> None:
    for key, value in node.value:
        name = f"{prefix}{key.value}"
        line = first_line + key.start_mark.line
        if name in lines:
            problems.append(Problem(path, line, f"`{key.value}` stands here a second time.", "Keep one of them."))
        lines[name] = line
        if not prefix and isinstance(value, yaml.MappingNode):
            _note_lines(value, f"{name}.", first_line, path, lines, problems)
