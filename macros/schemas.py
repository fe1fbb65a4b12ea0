"""JSON Schemas of the data files, by which editors complete and check them; made from the records that read them.

What an editor shows for a field is the sentence of the record's docstring. A new format is one line in `FORMATS`.
"""

from __future__ import annotations

import inspect
import json
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from macros.decision_trees.export import SCHEMA as TREE_SCHEMA
from macros.decision_trees.export import schema_text as tree_schema_text
from macros.forest_plots.model import Plot
from macros.framework_map import Map
from macros.glossary.model import SynonymsFile, TermsFile
from macros.measures import Measures
from macros.phases_timeline import Timeline
from macros.session_sheets import Sheets
from macros.training.model import Module

if TYPE_CHECKING:
    from macros.data_files import Record

#: The folder of the schemas in the project.
FOLDER = "schemas"


@dataclass(frozen=True)
class Format:
    """A format of data files.

    Attributes:
        schema: the name of its schema's file.
        files: the files that hold it, as editors match them.
        title: what such a file is called.
        record: what it holds; `None` for trees, which offer their schema for download, too.
    """

    schema: str
    files: tuple[str, ...]
    title: str
    record: type[Record] | None


FORMATS = (
    Format(TREE_SCHEMA, ("docs/decisions/*.yml", "docs/training/cases/*.yml"), "Decision tree", None),
    Format("forest-plot.schema.json", ("docs/evidence/plots/*.yml",), "Forest plot", Plot),
    Format("framework-map.schema.json", ("docs/modalities/framework-map.yml",), "Framework map", Map),
    Format("glossary.schema.json", ("docs/toolkit/glossary.yml",), "Glossary", TermsFile),
    Format("measures.schema.json", ("docs/toolkit/measures.yml",), "Measures", Measures),
    Format("module.schema.json", ("docs/training/*.yml",), "Module of the course", Module),
    Format("session-sheets.schema.json", ("docs/phases/session-sheets.yml",), "Session sheets", Sheets),
    Format("synonyms.schema.json", ("docs/toolkit/synonyms.yml",), "Synonyms", SynonymsFile),
    Format("timeline.schema.json", ("docs/phases/timeline.yml",), "Timeline", Timeline),
)


def schema_texts() -> dict[str, str]:
    """Give all schemas as they stand in `schemas/`, by file name."""
    return {one.schema: _schema_text(one) for one in FORMATS}


def _schema_text(one: Format) -> str:
    if one.record is None:
        return tree_schema_text()
    schema = one.record.model_json_schema()
    _describe(schema)
    for definition in schema.get("$defs", {}).values():
        _describe(definition)
    whole = {"$schema": "https://json-schema.org/draft/2020-12/schema", **schema, "title": one.title}
    return json.dumps(whole, indent=2, ensure_ascii=False) + "\n"


_ATTRIBUTE = re.compile(r"^    (\w+): (.*(?:\n {8}.*)*)", re.MULTILINE)


def _describe(schema: dict[str, Any]) -> None:
    """Move what a record's docstring says of its fields to these, and its first paragraph to the record."""
    text = inspect.cleandoc(schema.get("description", ""))
    summary, _, attributes = text.partition("Attributes:")
    if summary.strip():
        schema["description"] = " ".join(summary.split())
    said = {name: " ".join(words.split()) for name, words in _ATTRIBUTE.findall(attributes)}
    for name, value in schema.get("properties", {}).items():
        value.pop("title", None)
        if name in said and "description" not in value:
            value["description"] = said[name][:1].upper() + said[name][1:]
