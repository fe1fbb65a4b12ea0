"""JSON Schemas: up to date, for every data file, and of one mind with the records that read them."""

from __future__ import annotations

import json
from datetime import date
from typing import Any

import jsonschema
import pytest
import yaml

from macros.schemas import FOLDER, FORMATS, schema_texts
from tests.conftest import ROOT


def plain(value: Any) -> Any:
    """Give YAML as editors see it, in which a date is text."""
    if isinstance(value, dict):
        return {key: plain(one) for key, one in value.items()}
    if isinstance(value, list):
        return [plain(one) for one in value]
    return str(value) if isinstance(value, date) else value


@pytest.mark.parametrize("name", schema_texts())
def test_the_schema_is_up_to_date(name: str) -> None:
    assert (ROOT / FOLDER / name).read_text("utf-8") == schema_texts()[name], "run `python -m macros schemas`"


def test_no_schema_is_left_over() -> None:
    assert {file.name for file in (ROOT / FOLDER).iterdir()} == set(schema_texts())


def test_every_data_file_has_one_schema() -> None:
    for file in (ROOT / "docs").rglob("*.yml"):
        name = file.relative_to(ROOT).as_posix()
        fitting = [one.schema for one in FORMATS if any(file in ROOT.glob(files) for files in one.files)]
        assert len(fitting) == 1, f"{name} has {fitting}: add its format to macros/schemas.py"


def test_vs_code_knows_every_schema() -> None:
    settings = json.loads((ROOT / ".vscode" / "settings.json").read_text("utf-8"))
    assert settings["yaml.schemas"] == {f"./{FOLDER}/{one.schema}": list(one.files) for one in FORMATS}


@pytest.mark.parametrize("one", FORMATS, ids=lambda one: one.title)
def test_the_guides_own_files_fit(one: Any) -> None:
    schema = json.loads(schema_texts()[one.schema])
    jsonschema.Draft202012Validator.check_schema(schema)
    files = [file for files in one.files for file in ROOT.glob(files)]
    assert files
    for file in files:
        jsonschema.validate(plain(yaml.safe_load(file.read_text("utf-8"))), schema)


@pytest.mark.parametrize("one", FORMATS, ids=lambda one: one.title)
def test_an_unknown_field_does_not_fit(one: Any) -> None:
    schema = json.loads(schema_texts()[one.schema])
    values = plain(yaml.safe_load(next(ROOT.glob(one.files[0])).read_text("utf-8")))
    with pytest.raises(jsonschema.ValidationError, match="unheard"):
        jsonschema.validate(values | {"unheard": 1}, schema)


def test_every_field_says_what_it_holds() -> None:
    for name, text in schema_texts().items():
        schema = json.loads(text)
        for record in (schema, *schema.get("$defs", {}).values()):
            for field, value in record.get("properties", {}).items():
                assert value.get("description"), f"{field} in {name}: say it in the record's docstring"


def test_a_level_may_be_not_stated() -> None:
    level = json.loads(schema_texts()["forest-plot.schema.json"])["$defs"]["Row"]["properties"]["level"]
    for right in (90, 95.5, "not stated"):
        jsonschema.validate(right, level)
    for wrong in (40, "unknown", None):
        with pytest.raises(jsonschema.ValidationError):
            jsonschema.validate(wrong, level)
