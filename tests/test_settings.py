"""What `mkdocs.yml` says, and what day it is."""

from __future__ import annotations

import dataclasses
import datetime
from typing import TYPE_CHECKING, Any

import pytest

from macros.settings import Settings, load_settings, today

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from macros.problems import Problem


@pytest.fixture(autouse=True)
def clean_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("SITE_URL", "SOURCE_DATE_EPOCH"):
        monkeypatch.delenv(name, raising=False)


def load(root: Path, text: str, name: str = "mkdocs.yml") -> tuple[Settings, list[Problem]]:
    (root / name).write_bytes(text.encode())
    return load_settings(root, None if name == "mkdocs.yml" else str(root / name))


VALUES: Mapping[str, tuple[str, dict[str, Any]]] = {
    "nothing": ("", {}),
    "only-a-comment": ("# nothing yet\n", {}),
    "name": ("site_name: A guide\n", {"site_name": "A guide"}),
    "name-that-is-a-number": ("site_name: 2024\n", {"site_name": "2024"}),
    "address": ("site_url: https://example.org/guide/\n", {"site_url": "https://example.org/guide/"}),
    "address-from-environment": ('site_url: !ENV [SITE_URL, ""]\n', {"site_url": ""}),
    "address-with-default": (
        "site_url: !ENV [SITE_URL, 'https://example.org/']\n",
        {"site_url": "https://example.org/"},
    ),
    "address-without-default": ("site_url: !ENV SITE_URL\n", {"site_url": ""}),
    "address-that-is-none": ("site_url: example.org\n", {"site_url": ""}),
    "folder": ("docs_dir: pages\n", {"docs_dir": "pages"}),
    "directory-urls": ("use_directory_urls: false\n", {"use_directory_urls": False}),
    "style": ("extra:\n  citation_style: vancouver\n", {"citation_style": "vancouver", "citation_style_line": 2}),
    "style-further-down": (
        "site_name: A\n\nextra:\n  a: 1\n\n  citation_style: my.csl\n",
        {"site_name": "A", "citation_style": "my.csl", "citation_style_line": 6},
    ),
    "style-of-another-mapping": ("theme:\n  citation_style: vancouver\n", {}),
    "bibliography": ("extra:\n  bibliography: sources/all.bib\n", {"bibliography": "sources/all.bib"}),
    "author": ("extra:\n  guide_author: Ä. Ü\n", {"guide_author": "Ä. Ü"}),
    "numbers": (
        "extra:\n  review_after_months: 0\n  claim_coverage: 100\n",
        {"review_after_months": 0, "claim_coverage": 100},
    ),
    "empty-extra": ("extra:\n", {}),
    "empty-values": ("site_name:\nextra:\n  citation_style:\n", {"citation_style_line": 3}),
    "blocks": ("markdown_extensions:\n  - tables\n  - macros.markdown_blocks\n", {"keeps_blocks": True}),
    "blocks-with-options": ("markdown_extensions:\n  - macros.markdown_blocks: {}\n", {"keeps_blocks": True}),
    "no-blocks": ("markdown_extensions:\n  - tables\n", {}),
    "tags-of-python": (
        "site_name: A\nx: !!python/name:material.extensions.emoji.twemoji\ny: !relative $docs_dir\n",
        {"site_name": "A"},
    ),
    "byte-order-mark": ("\ufeffsite_name: A\n", {"site_name": "A"}),
    "CRLF": ("site_name: A\r\nextra:\r\n  citation_style: apa\r\n", {"site_name": "A", "citation_style_line": 3}),
}


@pytest.mark.parametrize("name", VALUES)
def test_values(tmp_path: Path, name: str) -> None:
    text, changed = VALUES[name]
    settings, problems = load(tmp_path, text)
    assert problems == []
    assert settings == dataclasses.replace(Settings(), **changed)


FAULTS = [
    ("extra:\n  claim_coverage: lots\n", 2, "`claim_coverage` should be a whole number, not 'lots'."),
    ("extra:\n  a: b\n  review_after_months: -1\n", 3, "`review_after_months` should be a whole number, not -1."),
    ("extra:\n  review_after_months: 1.5\n", 2, "`review_after_months` should be a whole number, not 1.5."),
    ("extra:\n  claim_coverage: true\n", 2, "`claim_coverage` should be a whole number, not True."),
    ("extra:\n  claim_coverage:\n", 2, "`claim_coverage` should be a whole number, not None."),
    (
        "extra:\n  review_after_months: 99999999999\n",
        2,
        "`review_after_months` should be a whole number, not 99999999999.",
    ),
    ("extra:\n  claim_coverage: 900\n", 2, "`claim_coverage` should be a whole number, not 900."),
    ("site_name: A\nextra: [\n", 3, "This is not YAML"),
    ("site_name: A\n\tdocs_dir: b\n", 2, "This is not YAML"),
    ("site_name: a: b\n", 1, "This is not YAML"),
    ("- a\n- b\n", 1, "This should be `key: value` lines."),
    ("site_name: A\nextra:\n  a: 1\nsite_name: B\n", 4, "`site_name` stands here a second time."),
    ("extra:\n  citation_style: apa\n  citation_style: vancouver\n", 3, "`citation_style` stands here a second time."),
]


@pytest.mark.parametrize(("text", "line", "message"), FAULTS)
def test_faults(tmp_path: Path, text: str, line: int, message: str) -> None:
    settings, problems = load(tmp_path, text)
    assert [(problem.path, problem.line) for problem in problems] == [("mkdocs.yml", line)]
    assert message in problems[0].message
    assert (settings.claim_coverage, settings.review_after_months) == (95, 12), "what cannot be used is not used"


def test_all_faults_at_once(tmp_path: Path) -> None:
    _, problems = load(tmp_path, "extra:\n  claim_coverage: a\n  review_after_months: b\n  claim_coverage: c\n")
    assert sorted(problem.line for problem in problems) == [3, 4, 4]


@pytest.mark.parametrize("value", ["apa", "[apa]", "3"])
def test_extra_that_is_no_mapping_is_told_and_not_raised(tmp_path: Path, value: str) -> None:
    _, problems = load(tmp_path, f"site_name: A\nextra: {value}\n")
    assert [problem.line for problem in problems] == [2]


def test_settings_that_cannot_be_read(tmp_path: Path) -> None:
    settings, problems = load_settings(tmp_path)
    assert settings == Settings()
    assert [(problem.path, problem.line) for problem in problems] == [("mkdocs.yml", 0)]
    (tmp_path / "mkdocs.yml").write_bytes("site_name: Ä\n".encode("latin-1"))
    _, problems = load_settings(tmp_path)
    assert "cannot be read" in problems[0].message


def test_another_settings_file(tmp_path: Path) -> None:
    (tmp_path / "conf").mkdir()
    settings, problems = load(tmp_path, "site_name: Other\nextra:\n  claim_coverage: x\n", "conf/other.yml")
    assert settings.site_name == "Other"
    assert settings.config_path == "conf/other.yml"
    assert [(problem.path, problem.line) for problem in problems] == [("conf/other.yml", 3)]


def test_the_environment_gives_the_address(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SITE_URL", "https://example.org/preview/")
    settings, _ = load(tmp_path, 'site_url: !ENV [SITE_URL, ""]\n')
    assert settings.site_url == "https://example.org/preview/"


def test_settings_do_not_change() -> None:
    with pytest.raises(dataclasses.FrozenInstanceError):
        Settings().site_name = "B"  # type: ignore[misc]


# The day.


@pytest.mark.parametrize(
    ("epoch", "day"),
    [("0", datetime.date(1970, 1, 1)), ("86399", datetime.date(1970, 1, 1)), ("86400", datetime.date(1970, 1, 2)),
     ("1781481600", datetime.date(2026, 6, 15))],
)  # fmt: skip
def test_the_day_can_be_set(monkeypatch: pytest.MonkeyPatch, epoch: str, day: datetime.date) -> None:
    monkeypatch.setenv("SOURCE_DATE_EPOCH", epoch)
    assert today() == day


@pytest.mark.parametrize("epoch", ["", "soon", "-1", "1.5"])
def test_a_day_that_is_none_is_not_heeded(monkeypatch: pytest.MonkeyPatch, epoch: str) -> None:
    monkeypatch.setenv("SOURCE_DATE_EPOCH", epoch)
    before = datetime.datetime.now(datetime.UTC).date()
    assert before <= today() <= datetime.datetime.now(datetime.UTC).date()
