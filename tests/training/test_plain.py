"""Texts of modules outside the site: plain words, whose citations can still be followed up."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from macros.guide import load_guide
from macros.training.packages.plain import PlainTexts
from tests.conftest import ENTRY, Project
from tests.training.examples import MODULE
from tests.training.test_bad_modules import write

if TYPE_CHECKING:
    from collections.abc import Callable

OTHER = """
@article{ozturk2021,
  author = {Öztürk, Åsa and M_ller, *Jo* and d'Or{\\"e}, Z.},
  title = {Feeling {\\&} form: \\textit{a} study of 5 < 6},
  journal = {A Journal},
  year = {2021},
  design = {open-label},
  sample = {6 couples},
  finding = {Nothing changed.},
  limits = {No control group.},
  confirmed = {2026-01-01},
}
"""
CITING = 'Two say so {{ cite("ozturk2021", prefix="see") }}. {{ textcite("monson2020") }} disagrees.'


@pytest.fixture(scope="module", params=["apa", "vancouver"])
def texts(request: pytest.FixtureRequest, make_project: Callable[[], Project]) -> PlainTexts:
    project = make_project()
    write(project, MODULE.replace('So it was found {{ cite("monson2020") }}.', CITING))
    project.write("references.bib", ENTRY + OTHER)
    project.write(
        "mkdocs.yml", project.read("mkdocs.yml").replace("citation_style: apa", f"citation_style: {request.param}")
    )
    guide = load_guide(project.root)
    assert guide.problems == ()
    return PlainTexts(guide, guide.pages["training/first.md"])


def style(texts: PlainTexts) -> str:
    return texts.guide.settings.citation_style


def test_markup_goes_and_words_stay(texts: PlainTexts) -> None:
    written = texts.write("It is *small* & **new**: [the page](../index.md#x), 5 < 6.\nStill the same line.")
    assert written == "It is small & new: the page, 5 < 6. Still the same line."


def test_a_reading_says_that_it_is_one(texts: PlainTexts) -> None:
    assert texts.write("{{ reading() }} It may be so.") == "This guide’s reading: It may be so."


def test_citations_are_words(texts: PlainTexts) -> None:
    assert (
        texts.write(CITING)
        == {
            "apa": "Two say so (see Öztürk et al., 2021). Monson et al. (2020) disagrees.",
            "vancouver": "Two say so (see 1). Monson et al. (2) disagrees.",
        }[style(texts)]
    )


def test_the_sources_are_listed_in_full_once(texts: PlainTexts) -> None:
    listed = texts.sources(
        'One {{ cite("ozturk2021") }}.', '{{ reading() }} Two {{ cite("monson2020", "ozturk2021") }}.'
    )
    starts = {
        "apa": ["Monson, C. M., Wagner", "Öztürk, Å., M_ller, *Jo*"],
        "vancouver": ["1. Öztürk Å, M_ller", "2. Monson CM"],
    }
    assert len(listed) == 2
    assert all(one.startswith(start) for one, start in zip(listed, starts[style(texts)], strict=True))
    assert any("Feeling & form: a study of 5 < 6" in one for one in listed)
    assert texts.sources("{{ reading() }} Nothing.") == []
