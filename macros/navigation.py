"""A page's place in `nav` of `mkdocs.yml`: one line put in, and every other byte of the file left as it was."""

from __future__ import annotations

import json
import posixpath
import re
from typing import TYPE_CHECKING, Any

import yaml

from macros.yaml_source import compose, load_mapping

if TYPE_CHECKING:
    from collections.abc import Iterator

#: A title that YAML reads as this text, written as it is.
_PLAIN = re.compile(r"[A-Za-z](?:[\w ,.()/'’–-]|:(?! ))*(?<![ :])")
_WORDS_OF_YAML = frozenset({"true", "false", "yes", "no", "on", "off", "null"})


def yaml_text(value: str) -> str:
    """Write a text as YAML, in quotes where it needs them.

    Args:
        value: the text, of one line.
    """
    if _PLAIN.fullmatch(value) and value.casefold() not in _WORDS_OF_YAML:
        return value
    return json.dumps(value, ensure_ascii=False)


def add_to_nav(config: str, title: str, src: str) -> str | None:
    """Put a page behind the last page of its folder.

    Args:
        config: the text of `mkdocs.yml`.
        title: what the navigation calls the page.
        src: the page's file, relative to the folder of the pages.

    Returns:
        The new text; `None` if the navigation has no page of that folder, or is not written line by line.
    """
    root, problems = compose(config, "mkdocs.yml")
    nav = next((value for key, value in root.value if key.value == "nav"), None) if root and not problems else None
    siblings = [item for item in _items(nav) if posixpath.dirname(item[1]) == posixpath.dirname(src)]
    if not siblings:
        return None
    item = siblings[-1][0]
    lines = config.splitlines(keepends=True)
    opening = lines[item.start_mark.line][: item.start_mark.column]
    if not re.fullmatch(r"[ \t]*-[ \t]+", opening):
        return None
    # The end of a mapping is where the next token begins; that of its last value is where it stands.
    last = item.value[-1][1] if isinstance(item, yaml.MappingNode) else item
    ending = "\r\n" if lines[item.start_mark.line].endswith("\r\n") else "\n"
    if not lines[last.end_mark.line].endswith("\n"):
        lines[last.end_mark.line] += ending
    lines.insert(last.end_mark.line + 1, f"{opening}{yaml_text(title)}: {yaml_text(src)}{ending}")
    written = "".join(lines)
    before, after = (list(_files(load_mapping(text, "")[0].get("nav"))) for text in (config, written))
    place = before.index(siblings[-1][1]) + 1 if siblings[-1][1] in before else -1
    return written if after == [*before[:place], src, *before[place:]] else None


def _items(node: Any) -> Iterator[tuple[Any, str]]:  # noqa: ANN401 - PyYAML has no types for nodes
    """Give the items of a navigation that are pages, with their files."""
    for item in node.value if isinstance(node, yaml.SequenceNode) else ():
        if isinstance(item, yaml.ScalarNode):
            yield item, item.value
        elif isinstance(item, yaml.MappingNode):
            for _, value in item.value:
                if isinstance(value, yaml.ScalarNode):
                    yield item, value.value
                else:
                    yield from _items(value)


def _files(nav: Any) -> Iterator[str]:  # noqa: ANN401
    for item in nav if isinstance(nav, list) else ():
        for value in item.values() if isinstance(item, dict) else (item,):
            if isinstance(value, str):
                yield value
            else:
                yield from _files(value)
