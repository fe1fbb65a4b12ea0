"""Comparing the bibliography with Crossref, and the report."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest
from click.testing import CliRunner

from macros.citations.bibliography import Source
from macros.commands import main
from macros.sources.crossref import Work
from macros.sources.verifying import compare
from tests.conftest import ENTRY, ROOT
from tests.sources.conftest import CORRECTED, DOI, MESSAGE, RETRACTED, Answer

if TYPE_CHECKING:
    from click.testing import Result

    from tests.conftest import Project
    from tests.sources.conftest import FakeCrossref

TITLE = "{MDMA}-facilitated conjoint therapy: An uncontrolled trial"


def run(project: Project, server: FakeCrossref, *arguments: str) -> Result:
    """Run `source verify` against the server."""
    return CliRunner().invoke(
        main, ["source", "verify", *arguments, "--base", server.base, "--root", str(project.root)]
    )


def entry(number: int) -> str:
    """Give one of several sources; the server does not know it."""
    return ENTRY.replace("monson2020", f"monson{2000 + number}").replace("1840123", f"{number}")


def found(fields: dict[str, str], message: dict[str, Any]) -> tuple[str, list[str]]:
    """Compare a source with an answer: the state, and what differs or was published."""
    source = Source(
        "monson2020", "article", 1, {"title": TITLE, "year": "2020", "author": "Monson, C. M."} | fields, doi=DOI
    )
    result = compare(source, Work.model_validate(MESSAGE | message), "", "2026-11-22")
    return result.state, [*map(str, result.notices), *result.differences]


SAME: dict[str, tuple[dict[str, str], dict[str, Any]]] = {
    "as it is": ({}, {}),
    "a title in capitals": ({}, {"title": [MESSAGE["title"][0].upper() + "."]}),
    "a title with tags": ({"title": "Ketamine, {H}\\textsubscript{2}{O} \\& \\emph{more}"},
                          {"title": ["Ketamine, H<sub>2</sub>O &amp; <i>More</i>"]}),
    "a subtitle of its own": ({}, {"title": ["MDMA-facilitated conjoint therapy"],
                                   "subtitle": ["An uncontrolled trial"]}),
    "a subtitle left out": ({}, {"title": ["MDMA-facilitated conjoint therapy"]}),
    "accents": ({"author": "Müller-Øst, A."}, {"author": [{"family": "MULLER-OST"}]}),
    "a particle left out": ({"author": "van de Loo, A."}, {"author": [{"family": "Loo"}]}),
    "a particle put in": ({"author": "Loo, A."}, {"author": [{"family": "van de Loo"}]}),
    "an organisation": ({"author": "{World Health Organization}"}, {"author": [{"name": "World Health Organization"}]}),
    "the year in print": ({"year": "2021"}, {"published-print": {"date-parts": [[2021]]}}),
    "no date at all": ({"year": "n.d."}, {}),
    "nobody named": ({}, {"author": []}),
    "an empty notice about itself": ({}, {"update-to": [{"DOI": DOI, "type": "new_version"}]}),
}  # fmt: skip


@pytest.mark.parametrize("case", SAME)
def test_what_is_only_written_otherwise_is_no_difference(case: str) -> None:
    assert found(*SAME[case]) == ("fine", [])


DIFFERENT: dict[str, tuple[dict[str, str], dict[str, Any], str, str]] = {
    "title": ({}, {"title": ["Another <i>title</i>"]}, "differs", "title: Crossref has “Another title”"),
    "part two": ({"title": "On ketamine {II}"}, {"title": ["On ketamine I"]}, "differs", "title: Crossref has “On ketamine I”"),
    "year": ({"year": "2018"}, {}, "differs", "year: ours is 2018, Crossref has 2020"),
    "author": ({"author": "Wagner, A. C. and Monson, C."}, {}, "differs", "first author: ours is Wagner, Crossref has Monson"),
    "another doi": ({}, {"DOI": "10.1/other"}, "differs", "DOI: Crossref leads on to 10.1/other"),
    "retracted": ({}, RETRACTED, "grave",
                  "Retraction of 2024-07-26 (according to Retraction Watch), https://doi.org/10.1080/retraction"),
    "corrected": ({}, CORRECTED, "corrected", "Erratum of 2021-02 (according to its publisher), https://doi.org/10.1080/erratum"),
    "an unheard-of notice": ({}, {"updated-by": [{"type": "something_new"}]}, "corrected",
                             "Something new (according to its publisher)"),
    "concern": ({}, {"updated-by": [{"type": "expression_of_concern", "label": "Expression of concern"}]}, "grave",
                "Expression of concern (according to its publisher)"),
    "spelt with a hyphen": ({}, {"updated-by": [{"type": "Partial-Retraction"}]}, "grave",
                            "Partial retraction (according to its publisher)"),
    "itself a notice": ({}, {"update-to": [{"DOI": "10.1/x", "type": "correction", "label": "Correction"}]}, "corrected",
                        "It is itself a notice (Correction) about another work (according to its publisher), https://doi.org/10.1/x"),
}  # fmt: skip


@pytest.mark.parametrize("case", DIFFERENT)
def test_what_differs_is_named(case: str) -> None:
    fields, message, state, words = DIFFERENT[case]
    assert found(fields, message) == (state, [words])


def test_a_title_that_says_retracted_is_believed() -> None:
    state, said = found({}, {"title": ["RETRACTED: " + MESSAGE["title"][0]]})
    assert state == "grave"
    assert said[0] == "The title itself says that it is retracted (according to its publisher)"


def test_two_sources_of_one_notice_are_one_notice() -> None:
    update = RETRACTED["updated-by"][0]
    state, said = found({}, {"updated-by": [update, update | {"source": "publisher"}, *CORRECTED["updated-by"]]})
    assert state == "grave"
    assert [words.split()[0] for words in said] == ["Retraction", "Erratum"]


def test_the_report_says_the_gravest_first(project: Project, server: FakeCrossref, waits: list[float]) -> None:
    numbers: dict[int, dict[str, Any]] = {1: RETRACTED, 2: CORRECTED, 3: {"title": ["Another title"]}}
    project.write("references.bib", "\n".join(entry(number) for number in range(1, 8)).replace(
        "  doi = {10.1080/20008198.2020.7},\n", ""))  # fmt: skip
    for number, more in numbers.items():
        server.put(f"10.1080/20008198.2020.{number}", MESSAGE | {"DOI": f"10.1080/20008198.2020.{number}"} | more)
    server.put_agency("10.1080/20008198.2020.4", "datacite")
    server.put("10.1080/20008198.2020.6", Answer(b"<html>", 200))
    result = run(project, server)
    assert result.exit_code == 1
    lines = result.stdout.splitlines()
    heads = [line for line in lines if line and not line.startswith(" ")]
    assert heads == [
        "Retracted, withdrawn or under concern: 1",
        "With a DOI that nobody has registered: 1",
        "Corrected or updated since: 1",
        "Described otherwise by Crossref: 1",
        "Not asked about: 1",
        "Registered elsewhere than with Crossref, so not looked at: 1",
        "6 sources with a DOI, 0 as Crossref has them. 1 have no DOI: nobody was asked about these.",
    ]
    assert lines[1] == "  references.bib:1: monson2001, https://doi.org/10.1080/20008198.2020.1"
    assert "      Retraction of 2024-07-26 (according to Retraction Watch), https://doi.org/10.1080/retraction" in lines
    assert "      title: Crossref has “Another title”" in lines
    assert "      Registered with datacite." in lines
    assert any("not JSON but HTML" in line for line in lines)


def test_the_same_as_json(project: Project, server: FakeCrossref) -> None:
    server.put(DOI, MESSAGE | RETRACTED)
    result = run(project, server, "--format", "json")
    assert result.exit_code == 1
    report = json.loads(result.stdout)
    assert report["counts"]["grave"] == 1
    assert report["without_doi"] == []
    source = report["sources"][0]
    assert (source["key"], source["line"], source["doi"], source["state"]) == ("monson2020", 1, DOI, "grave")
    assert source["notices"][0]["kind"] == "retraction"
    assert source["differences"] == []


def test_corrections_and_differences_are_no_failure(project: Project, server: FakeCrossref) -> None:
    server.put(DOI, MESSAGE | CORRECTED)
    result = run(project, server)
    assert result.exit_code == 0, result.output
    assert "Corrected or updated since: 1" in result.stdout


def test_a_second_run_asks_only_what_the_first_could_not(
    project: Project, server: FakeCrossref, waits: list[float]
) -> None:
    project.write("references.bib", "\n".join(entry(number) for number in (1, 2, 3)))
    dois = [f"10.1080/20008198.2020.{number}" for number in (1, 2, 3)]
    server.put(dois[0], MESSAGE | {"DOI": dois[0]})
    server.put(dois[1], Answer(b"", 500))
    first = run(project, server)
    assert first.exit_code == 1
    assert "Not asked about: 1" in first.stdout
    server.asked.clear()
    server.put(dois[1], MESSAGE | {"DOI": dois[1]})
    second = run(project, server)
    assert server.asked == [f"/works/{dois[1]}"]
    assert "Not asked about" not in second.stdout
    assert "With a DOI that nobody has registered: 1" in second.stdout
    server.asked.clear()
    run(project, server, "--days", "0")
    assert len(server.asked) == 4


def test_a_run_that_is_broken_off_keeps_what_it_has(
    project: Project, server: FakeCrossref, monkeypatch: pytest.MonkeyPatch
) -> None:
    from macros.sources.crossref import Crossref

    project.write("references.bib", entry(1) + "\n" + entry(2))
    doi = "10.1080/20008198.2020.1"
    server.put(doi, MESSAGE | {"DOI": doi})
    ask = Crossref.work

    def interrupted(self: Crossref, asked: str) -> Work | None:
        if asked != doi:
            raise KeyboardInterrupt
        return ask(self, asked)

    with monkeypatch.context() as patch:
        patch.setattr(Crossref, "work", interrupted)
        result = run(project, server)
    assert result.exit_code == 130
    assert "What was answered is kept" in result.stderr
    server.asked.clear()
    run(project, server)
    assert f"/works/{doi}" not in server.asked
    assert server.asked[0] == "/works/10.1080/20008198.2020.2"


def test_after_five_failures_nobody_is_asked_any_more(
    project: Project, server: FakeCrossref, waits: list[float]
) -> None:
    project.write("references.bib", "\n".join(entry(number) for number in range(1, 9)))
    for number in range(1, 9):
        server.put(f"10.1080/20008198.2020.{number}", Answer(b"", 503))
    result = run(project, server)
    assert result.exit_code == 1
    assert len(server.asked) == 5 * 4
    assert "Not asked about: 8" in result.stdout
    assert result.stdout.count("Nothing was asked any more after 5 failures in a row.") == 3


def test_who_is_asked_to_wait_for_long_stops_at_once(
    project: Project, server: FakeCrossref, waits: list[float]
) -> None:
    project.write("references.bib", entry(1) + "\n" + entry(2))
    server.put("10.1080/20008198.2020.1", Answer(b"", 429, {"retry-after": "7200"}))
    result = run(project, server)
    assert server.asked == ["/works/10.1080/20008198.2020.1"]
    assert result.stdout.count("Crossref asks to wait for 7200 seconds. Come back then.") == 2


@pytest.mark.parametrize(
    "garbage",
    [b"", b"{", b"[]", b"null", b'{"base": 1}', b"\xff", b'{"base": "BASE", "answers": []}',
     b'{"base": "BASE", "answers": {"DOI": {"asked": "2026-13-45", "work": 1, "agency": 2}}}',
     b'{"base": "BASE", "answers": {"DOI": {"asked": "2999-01-01", "work": {"DOI": 7}, "agency": ""}}}'],
)  # fmt: skip
def test_kept_answers_that_make_no_sense_are_asked_for_again(
    project: Project, server: FakeCrossref, garbage: bytes
) -> None:
    project.write(
        ".cache/guide/crossref.json",
        garbage.replace(b"BASE", server.base.encode()).replace(b'"DOI": {"a', f'"{DOI}": {{"a'.encode()),
    )
    server.put(DOI, MESSAGE)
    assert run(project, server).exit_code == 0
    assert server.asked == [f"/works/{DOI}"]


def test_some_sources_only(project: Project, server: FakeCrossref) -> None:
    project.write("references.bib", entry(1) + "\n" + entry(2))
    result = run(project, server, "monson2002")
    assert server.asked[0] == "/works/10.1080/20008198.2020.2"
    assert "1 source with a DOI, 0 as Crossref has it. 0 have no DOI" in result.stdout
    wrong = run(project, server, "monson2003", "nobody")
    assert wrong.exit_code == 1
    assert "There is no source `monson2003`." in wrong.stderr
    assert "There is no source `nobody`." in wrong.stderr


def test_the_whole_bibliography_goes_through(server: FakeCrossref, waits: list[float], tmp_path: Any) -> None:
    # Each source answered with itself: whatever its title and its names hold, it is found to be itself.
    from macros.citations.bibliography import load_bibliography
    from macros.citations.csl_json import names
    from macros.citations.latex import plain

    sources, _ = load_bibliography(ROOT / "references.bib", "references.bib")
    for source in sources.values():
        listed = [one for one in names(source.fields.get("author", source.fields.get("editor", ""))) if one]
        people = [
            {"family": one.get("family", ""), "name": one.get("literal", ""), "given": one.get("given", "")}
            for one in listed
        ]
        year = source.fields["year"]
        work = Work.model_validate(
            {
                "DOI": source.doi or DOI,
                "title": [plain(source.fields["title"])],
                "author": people,
                "issued": {"date-parts": [[int(year)]] if year.isdigit() else [[None]]},
            }
        )
        result = compare(
            source if source.doi else Source(source.key, "article", 1, source.fields, doi=DOI), work, "", ""
        )
        assert (result.state, result.differences) == ("fine", ()), source.key
