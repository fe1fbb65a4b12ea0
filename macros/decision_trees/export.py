"""Trees as files: JSON in the format of the YAML source, and Mermaid's text."""

from __future__ import annotations

import json
import posixpath
from typing import TYPE_CHECKING

from macros.decision_trees.model import HANDOVER, Tree, json_schema

if TYPE_CHECKING:
    from macros.guide import Guide

SCHEMA = "decision-tree.schema.json"


def folder_of(path: str, guide: Guide) -> str:
    """Give the folder of a tree's file, relative to that of the pages.

    Args:
        path: the file, relative to the project's root.
        guide: the guide.
    """
    return posixpath.relpath(posixpath.dirname(path), guide.settings.docs_dir)


def names(guide: Guide, name: str) -> dict[str, str]:
    """Name a tree's files, by format, relative to the site's root.

    Args:
        guide: the guide.
        name: the tree's name.
    """
    folder = folder_of(guide.data["macros.decision_trees"].by_name[name].path, guide)
    return {label: f"{folder}/{name}.{ending}" for label, ending in _FORMATS.items()}


_FORMATS = {"YAML": "yml", "JSON": "json", "Mermaid": "mmd"}


def downloads(guide: Guide) -> dict[str, str]:
    """Give the files to download, by address relative to the site's root; the YAML source is copied with the pages.

    Args:
        guide: the guide.
    """
    files: dict[str, str] = {}
    trees = guide.data["macros.decision_trees"].by_name
    for name, file in trees.items():
        listed = names(guide, name)
        files[listed["JSON"]] = as_json(file.value)
        files[listed["Mermaid"]] = as_mermaid(file.value)
        files[posixpath.join(posixpath.dirname(listed["JSON"]), SCHEMA)] = schema_text()
    return files


def schema_text() -> str:
    """Give the JSON Schema of trees, as it stands in `schemas/` and beside the downloads."""
    return json.dumps(json_schema(), indent=2, ensure_ascii=False) + "\n"


def as_json(tree: Tree) -> str:
    """Give a tree as JSON, in the format of its source.

    Args:
        tree: the tree.
    """
    values = {"$schema": SCHEMA} | tree.model_dump(mode="json", exclude_defaults=True)
    return json.dumps(values, indent=2, ensure_ascii=False) + "\n"


def as_mermaid(tree: Tree) -> str:
    """Give a tree as Mermaid's text.

    Args:
        tree: the tree.
    """
    others = sorted({a.go for q in tree.questions.values() for a in q.answers if a.go.startswith(HANDOVER)})
    ids = {name: f"n{number}" for number, name in enumerate([*tree.questions, *tree.outcomes, *others], 1)}
    lines = ["---", f"title: {json.dumps(tree.title, ensure_ascii=False)}", "---", "flowchart TD"]
    for name, question in tree.questions.items():
        lines.append(f'  {ids[name]}["{_label(question.ask)}"]')
    for name, outcome in tree.outcomes.items():
        lines.append(f'  {ids[name]}(["{_label(outcome.word)}: {_label(outcome.title)}"])')
    lines += [f'  {ids[name]}[["Another tree: {name.removeprefix(HANDOVER)}"]]' for name in others]
    for name, question in tree.questions.items():
        lines += [f'  {ids[name]} -->|"{_label(answer.say)}"| {ids[answer.go]}' for answer in question.answers]
    return "\n".join(lines) + "\n"


def _label(text: str) -> str:
    return text.replace("&", "&amp;").replace('"', "#quot;").replace("<", "&lt;").replace(">", "&gt;")
