"""Adding sources: by DOI, from RIS, from BibTeX; never twice, and no other byte of the bibliography changes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from click.testing import CliRunner

from macros.citations.bibliography import load_bibliography, parse_bibliography
from macros.citations.csl_json import csl_item, text_of
from macros.citations.latex import plain
from macros.commands import main
from macros.guide import load_guide
from macros.sources.crossref import Work
from macros.sources.reading import bare_doi, entry_of_work, latex, latex_title, read_bibtex, read_ris
from macros.sources.writing import Entry, insert, make_key
from tests.conftest import ENTRY, ROOT
from tests.sources.conftest import CORRECTED, DOI, MESSAGE, RETRACTED, Answer

if TYPE_CHECKING:
    from click.testing import Result

    from tests.conftest import Project
    from tests.sources.conftest import FakeCrossref

NEW = "10.1000/new.1"
NEW_MESSAGE = MESSAGE | {
    "DOI": NEW,
    "title": ["Ketamine &amp; <i>couples</i>: What PTSD and 5-HT<sub>2A</sub> tell us."],
    "author": [{"given": "Neşe", "family": "Müller-Łuk"}, {"name": "The KETAMINE Group"}],
    "page": "100-110",
    "issue": "2",
}
SAID = ("--no-ask", "--design", "rct", "--studied", "couples", "--limits", "50% {of} them", "--confirmed", "2026-01-02")
RIS = """TY  - JOUR
AU  - van de Loo, Aurora J.
AU  - World Health Organization
TI  - Ketamine for couples & families
JO  - A Journal
PY  - 2021/03//
VL  - 3
IS  - 4
SP  - 55
EP  - 66
DO  - https://doi.org/10.1000/ris.1
AB  - An abstract
 that was wrapped
ER  -
"""


def add(project: Project, server: FakeCrossref, *arguments: str, typed: str = "") -> Result:
    """Run `source add` against the server."""
    command = ["source", "add", *arguments, "--base", server.base, "--root", str(project.root)]
    return CliRunner().invoke(main, command, input=typed)


def test_a_doi_becomes_an_entry(project: Project, server: FakeCrossref) -> None:
    server.put(NEW, NEW_MESSAGE)
    result = add(
        project,
        server,
        f"https://doi.org/{NEW}",
        *SAID,
        "--finding",
        "Symptoms fell (d = 0.5)",
        "--sample",
        "20 couples",
    )
    assert result.exit_code == 0, result.output
    text = project.read("references.bib")
    assert text == ENTRY + "\n" + """@article{mullerluk2020,
  author = {Müller-Łuk, Neşe and {The KETAMINE Group}},
  title = {Ketamine \\& \\emph{couples}: What {PTSD} and 5-{HT}\\textsubscript{{2A}} tell us},
  journal = {European Journal of Psychotraumatology},
  year = {2020},
  volume = {11},
  number = {2},
  pages = {100--110},
  doi = {10.1000/new.1},
  design = {rct},
  studied = {couples},
  sample = {20 couples},
  finding = {Symptoms fell (d = 0.5)},
  limits = {50\\% \\textbraceleft{}of\\textbraceright{} them},
  confirmed = {2026-01-02},
}
"""  # fmt: skip
    guide = load_guide(project.root, render=False)
    assert guide.problems == ()
    item = csl_item(guide.sources["mullerluk2020"])
    assert text_of(item["title"]) == "Ketamine & couples: What PTSD and 5-HT2A tell us"
    assert item["author"] == [{"family": "Müller-Łuk", "given": "Neşe"}, {"literal": "The KETAMINE Group"}]
    assert "Added on line 15 of references.bib" in result.stdout
    assert '{{ cite("mullerluk2020") }}' in result.stdout


def test_what_only_a_reader_knows_is_asked_for(project: Project, server: FakeCrossref) -> None:
    server.put(NEW, NEW_MESSAGE)
    result = add(project, server, NEW, "--ask", typed="a trial\nrct\ncouples\n\nIt fell.\nNo control.\n\n")
    assert result.exit_code == 0, result.output
    assert "'a trial' is not one of 'meta-analysis'" in result.stderr
    source = load_guide(project.root, render=False).sources["mullerluk2020"]
    assert (source.design, source.studied, source.fields["finding"]) == ("rct", "couples", "It fell.")
    assert "sample" not in source.fields
    assert source.fields["limits"] == "No control."


def test_without_a_terminal_all_that_is_missing_is_told_at_once(project: Project, server: FakeCrossref) -> None:
    server.put(NEW, NEW_MESSAGE)
    result = add(project, server, NEW)
    assert result.exit_code == 1
    assert "3 problems:" in result.stderr
    for words in (
        "What kind of study is it?",
        "What can the source not show?",
        "Nobody says that they saw the source itself.",
    ):
        assert words in result.stderr
    assert project.read("references.bib") == ENTRY


@pytest.mark.parametrize("day", ["yesterday", "2999-01-01", "2026-13-01", "20260101"])
def test_the_day_must_be_one_on_which_somebody_saw_it(project: Project, server: FakeCrossref, day: str) -> None:
    server.put(NEW, NEW_MESSAGE)
    result = add(project, server, NEW, *SAID[:-1], day)
    assert result.exit_code == 1
    assert "Nobody says that they saw the source itself." in result.stderr


def test_a_dry_run_writes_nothing(project: Project, server: FakeCrossref) -> None:
    server.put(NEW, NEW_MESSAGE)
    result = add(project, server, NEW, *SAID, "--dry-run")
    assert result.exit_code == 0
    assert "This would stand on line 15 of references.bib" in result.stdout
    assert "@article{mullerluk2020," in result.stdout
    assert project.read("references.bib") == ENTRY


@pytest.mark.parametrize(
    ("more", "found_by"),
    [
        ({"DOI": DOI.upper()}, "DOI"),
        ({"title": ["MDMA-facilitated Conjoint Therapy – an uncontrolled trial."]}, "title"),
    ],
)
def test_a_source_that_is_there_is_not_added_again(
    project: Project, server: FakeCrossref, more: dict[str, Any], found_by: str
) -> None:
    server.put(NEW, NEW_MESSAGE | {"author": MESSAGE["author"]} | more)
    result = add(project, server, NEW, *SAID)
    assert result.exit_code == 1
    assert f"references.bib:1: `monson2020` is this source already: it has the same {found_by}." in result.stderr
    assert project.read("references.bib") == ENTRY


def test_the_same_title_by_others_in_another_year_is_another_source(project: Project, server: FakeCrossref) -> None:
    date = {"date-parts": [[2011]]}
    server.put(NEW, NEW_MESSAGE | {"title": MESSAGE["title"], "issued": date, "published-print": date})
    assert add(project, server, NEW, *SAID).exit_code == 0


def test_a_key_that_is_taken_is_refused(project: Project, server: FakeCrossref) -> None:
    server.put(NEW, NEW_MESSAGE)
    result = add(project, server, NEW, *SAID, "--key", "monson2020")
    assert result.exit_code == 1
    assert "references.bib:1: The key `monson2020` is taken." in result.stderr


def test_a_key_that_cannot_be_one_changes_nothing(project: Project, server: FakeCrossref) -> None:
    server.put(NEW, NEW_MESSAGE)
    result = add(project, server, NEW, *SAID, "--key", "a{b")
    assert result.exit_code == 1
    assert project.read("references.bib") == ENTRY


def test_a_retracted_source_is_refused(project: Project, server: FakeCrossref) -> None:
    server.put(NEW, NEW_MESSAGE | RETRACTED)
    result = add(project, server, NEW, *SAID)
    assert result.exit_code == 1
    assert "Retraction of 2024-07-26 (according to Retraction Watch)" in result.stderr
    assert project.read("references.bib") == ENTRY


def test_a_correction_is_pointed_out(project: Project, server: FakeCrossref) -> None:
    server.put(NEW, NEW_MESSAGE | CORRECTED)
    result = add(project, server, NEW, *SAID)
    assert result.exit_code == 0
    assert "Read this too: Erratum of 2021-02" in result.stderr


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        (Answer(b"", 404), "Crossref does not know this DOI."),
        (Answer(b"<html>Down</html>"), "not JSON but HTML"),
        (Answer(b"", 500), "the status 500"),
        (Answer(NEW_MESSAGE | {"title": 7}), "makes no sense"),
    ],
)
def test_what_crossref_does_not_say_is_told(
    project: Project, server: FakeCrossref, waits: list[float], answer: Answer, words: str
) -> None:
    server.put(NEW, answer)
    result = add(project, server, NEW, *SAID)
    assert result.exit_code == 1
    assert words in result.stderr
    assert "Traceback" not in result.output
    assert project.read("references.bib") == ENTRY


@pytest.mark.parametrize(
    ("what", "words"),
    [
        ("monson", "This is neither a DOI nor a file"),
        ("nowhere.ris", "nowhere.ris: The file cannot be read: No such file or directory."),
        ("10.12/short", "This is neither a DOI nor a file"),
    ],
)
def test_what_is_no_source_is_told(project: Project, server: FakeCrossref, what: str, words: str) -> None:
    result = add(project, server, what, *SAID)
    assert result.exit_code == 1
    assert words in result.stderr


def test_ris_becomes_an_entry(project: Project, server: FakeCrossref) -> None:
    file = project.write("export.ris", RIS)
    result = add(project, server, str(file), *SAID)
    assert result.exit_code == 0, result.output
    fields = load_guide(project.root, render=False).sources["vandeloo2021"].fields
    assert fields["author"] == "van de Loo, Aurora J. and {World Health Organization}"
    assert fields["title"] == r"Ketamine for couples \& families"
    assert (fields["journal"], fields["year"], fields["volume"], fields["number"]) == ("A Journal", "2021", "3", "4")
    assert (fields["pages"], fields["doi"]) == ("55--66", "10.1000/ris.1")
    assert server.asked == []


@pytest.mark.parametrize(
    "text",
    [
        RIS.replace("\n", "\r\n"),
        "\ufeff" + RIS,
        RIS.replace("ER  -\n", ""),
        RIS.replace("  - ", " - "),
        RIS.replace(" that was", "that was"),
        "\n\n" + RIS + "\n\n",
    ],
)
def test_ris_as_programs_write_it(project: Project, server: FakeCrossref, text: str) -> None:
    file = project.write("export.RIS", text)
    result = add(project, server, str(file), *SAID)
    assert result.exit_code == 0, result.output
    assert load_guide(project.root, render=False).sources["vandeloo2021"].fields["pages"] == "55--66"


@pytest.mark.parametrize(
    ("text", "line", "words"),
    [
        ("", 0, "holds no record"),
        ("Hello\n" + RIS, 1, "belongs to no record"),
        (RIS + "more\n", 15, "belongs to no record"),
        ("\xff".encode("latin-1").decode("latin-1") * 3, 1, "belongs to no record"),
    ],
)
def test_what_is_no_ris_is_told_with_its_line(text: str, line: int, words: str) -> None:
    _, problems = read_ris(text, "export.ris")
    assert [(problem.path, problem.line) for problem in problems] == [("export.ris", line)]
    assert words in problems[0].message


def test_several_sources_of_a_file_each_go_to_their_place(project: Project, server: FakeCrossref) -> None:
    others = RIS.replace("van de Loo", "Adams").replace("ris.1", "ris.2").replace("Ketamine for", "Other")
    file = project.write("export.ris", RIS + others + RIS)
    typed = "rct\ncouples\n\n\nOne.\n\n" + "book\nnone\n\n\nTwo.\n\n"
    result = add(project, server, str(file), "--ask", typed=typed)
    assert result.exit_code == 0, result.output
    assert "`vandeloo2021` is this source already: it has the same DOI." in result.stderr
    sources, problems = load_bibliography(project.root / "references.bib", "references.bib")
    assert problems == []
    assert list(sources) == ["adams2021", "monson2020", "vandeloo2021"]
    assert [sources[key].fields["limits"] for key in ("vandeloo2021", "adams2021")] == ["One.", "Two."]
    assert ENTRY in project.read("references.bib")


def test_answers_for_one_are_not_given_to_several(project: Project, server: FakeCrossref) -> None:
    file = project.write("export.ris", RIS + RIS.replace("ris.1", "ris.2"))
    result = add(project, server, str(file), *SAID)
    assert result.exit_code == 1
    assert "The file holds 2 sources" in result.stderr


BIB = """@string{jnl = "A Journal"}
@Article{Loo:2021xy,
  Author = {van de Loo, A. and {World Health Organization}},
  title = {Ketamine for {PTSD}},
  journaltitle = jnl,
  date = {2021-03-04},
  pages = {55-66},
  doi = {https://doi.org/10.1000/bib.1},
  url = {https://doi.org/10.1000/bib.1},
  abstract = {Long.},
  file = {x.pdf},
}
"""


def test_bibtex_becomes_an_entry(project: Project, server: FakeCrossref) -> None:
    file = project.write("export.bib", BIB)
    result = add(project, server, str(file), *SAID)
    assert result.exit_code == 0, result.output
    assert "Left out, since the guide has no use for them: abstract, file." in result.stdout
    source = load_guide(project.root, render=False).sources["vandeloo2021"]
    assert dict(source.fields) == {
        "author": "van de Loo, A. and {World Health Organization}",
        "title": "Ketamine for {PTSD}",
        "journal": "A Journal",
        "year": "2021",
        "pages": "55--66",
        "doi": "10.1000/bib.1",
        "design": "rct",
        "studied": "couples",
        "limits": r"50\% \textbraceleft{}of\textbraceright{} them",
        "confirmed": "2026-01-02",
    }


def test_what_is_wrong_with_bibtex_is_told_with_its_line(project: Project, server: FakeCrossref) -> None:
    file = project.write("export.bib", BIB.replace("2021-03-04", "2021-33-04").replace("10.1000/bib.1}", "11.1}", 1))
    result = add(project, server, str(file), *SAID)
    assert result.exit_code == 1
    assert f"{file}:6: " in result.stderr
    assert f"{file}:8: " in result.stderr


def test_the_guides_own_fields_are_taken_over(project: Project, server: FakeCrossref) -> None:
    own = "  design = {rct},\n  limits = {Small.},\n  confirmed = {2026-01-05},\n}"
    file = project.write("export.bib", BIB.rstrip().removesuffix("}") + own)
    assert add(project, server, str(file), "--no-ask").exit_code == 0
    assert load_guide(project.root, render=False).sources["vandeloo2021"].fields["confirmed"] == "2026-01-05"


WEB = """TY  - WEB
AU  - Doe, Jane
TI  - A page
PY  - 2020/06/25
Y2  - 2024/11/02/
UR  - https://example.org/a
ER  -
"""


@pytest.mark.parametrize(
    ("text", "fields"),
    [
        (WEB, {"year": "2020", "month": "6", "day": "25", "urldate": "2024-11-02"}),
        (
            WEB.replace("PY  - 2020/06/25", "PY  - 2020\nDA  - 2020-06"),
            {"year": "2020", "month": "6", "urldate": "2024-11-02"},
        ),
        (WEB.replace("WEB", "NEWS"), {"year": "2020", "month": "6", "day": "25", "entrysubtype": "newspaper"}),
        (WEB.replace("WEB", "BLOG"), {"year": "2020", "month": "6", "day": "25"}),
        (WEB.replace("WEB", "JOUR"), {"year": "2020", "urldate": "2024-11-02"}),
        (WEB.replace("2020/06/25", "2020/13/45"), {"year": "2020"}),
        (WEB.replace("2024/11/02/", "2999/01/01"), {"year": "2020", "month": "6", "day": "25"}),
        (WEB.replace("2020/06/25", "n.d."), {"year": "n.d.", "urldate": "2024-11-02"}),
        (WEB.replace("2020/06/25", "in press"), {"year": "in press"}),
    ],
)
def test_dates_of_ris(text: str, fields: dict[str, str]) -> None:
    (made,), problems = read_ris(text, "export.ris")
    assert problems == []
    dates = {name: made.fields[name] for name in ("year", "month", "day", "entrysubtype") if name in made.fields}
    assert dates == {name: value for name, value in fields.items() if name != "urldate"}
    if "urldate" in fields:
        assert made.fields["urldate"] == fields["urldate"]
    elif "2999" in text:
        assert "urldate" not in made.fields


@pytest.mark.parametrize("text", [WEB.replace("PY  - 2020/06/25\n", ""), WEB.replace("2020/06/25", "soon")])
def test_ris_without_a_year_is_refused_as_bibtex_is(text: str) -> None:
    _, (problem,) = read_ris("\n" + text, "export.ris")
    assert (problem.line, problem.message) == (2, "This record of RIS has no year.")
    assert "`n.d.`" in problem.hint


@pytest.mark.parametrize(
    ("kind", "written", "fields"),
    [
        ("online", "date = {2020-06-25}", {"year": "2020", "month": "6", "day": "25"}),
        ("online", "date = {2020-06}", {"year": "2020", "month": "6"}),
        ("article", "entrysubtype = {newspaper}, date = {2020-06-25}", {"year": "2020", "month": "6", "day": "25"}),
        ("article", "date = {2020-06-25}", {"year": "2020"}),
        ("article", "year = {2020}, month = jun", {"year": "2020"}),
        ("online", "year = {2020}, month = jun, day = 5", {"year": "2020", "month": "6", "day": "5"}),
        ("book", "date = {2019/2020}", {"year": "2019--2020"}),
        ("online", "date = {2019-03/2019-05}", {"year": "2019"}),
        ("article", "date = {in press}", {"year": "in press"}),
        ("article", "pubstate = {inpress}", {"year": "in press"}),
    ],
)
def test_dates_of_bibtex(kind: str, written: str, fields: dict[str, str]) -> None:
    text = f"@{kind}{{x, author = {{Doe, J.}}, title = {{T}}, url = {{https://example.org}}, {written} }}"
    (made,), problems = read_bibtex(text, "export.bib")
    assert problems == []
    assert {name: made.fields[name] for name in ("year", "month", "day") if name in made.fields} == fields


def test_the_day_of_a_web_page_is_shown(project: Project, server: FakeCrossref) -> None:
    file = project.write("export.ris", WEB)
    assert add(project, server, str(file), *SAID).exit_code == 0
    item = csl_item(load_guide(project.root, render=False).sources["doe2020"])
    assert item["issued"] == {"date-parts": [[2020, 6, 25]]}
    assert item["accessed"] == {"date-parts": [[2024, 11, 2]]}


def entry(key: str) -> Entry:
    """Give an entry with little in it."""
    return Entry("book", {"title": key, "author": "A", "year": "2020"}, key)


@pytest.mark.parametrize("ending", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize(
    ("key", "before", "after"), [("a", "% Head.", "% On b"), ("c", "b", "d"), ("e", "d", "E2"), ("z", "E2", "")]
)
def test_an_entry_goes_to_its_place_and_nothing_else_changes(ending: str, key: str, before: str, after: str) -> None:
    parts = ["% Head.\n\n", "% On b\n@book{b,\n  title = {B},\n}\n\n\n", "@book{d,\n title={D} }\n", "@book{E2,\n}\n"]
    text = "".join(parts).replace("\n", ending)
    sources, _ = parse_bibliography(text, "a.bib", complete=False)
    written = insert(text, list(sources.values()), [entry(key)])
    added = entry(key).text().replace("\n", ending)
    start = written.index(added)
    rest = written[:start] + written[start + len(added) :]
    assert rest.replace(ending, "") == text.replace(ending, "")
    assert rest == text[:start] + ending * 2 + text[start:]
    assert before in written[:start]
    assert after in written[start:]
    assert "\n" not in written.replace("\r\n", "") or ending == "\n"
    assert "\r" not in written.replace("\r\n", "") or ending == "\r"


@pytest.mark.parametrize("end", ["", "\n", "\n\n"])
def test_the_last_entry_stands_one_line_below_the_others(end: str) -> None:
    text = "@book{b,\n}" + end
    sources, _ = parse_bibliography(text, "a.bib", complete=False)
    assert insert(text, list(sources.values()), [entry("c")]) == "@book{b,\n}\n\n" + entry("c").text() + "\n"


def test_two_entries_at_one_place_stand_in_order() -> None:
    text = "@book{a,\n}\n\n@book{d,\n}\n"
    sources, _ = parse_bibliography(text, "a.bib", complete=False)
    written = insert(text, list(sources.values()), [entry("c"), entry("b")])
    assert written == f"@book{{a,\n}}\n\n{entry('b').text()}\n\n{entry('c').text()}\n\n@book{{d,\n}}\n"
    assert insert(text, list(sources.values()), [entry("y"), entry("z")]).endswith(
        f"\n\n{entry('y').text()}\n\n{entry('z').text()}\n"
    )


def test_every_byte_of_the_guides_bibliography_stays() -> None:
    text = (ROOT / "references.bib").read_text("utf-8")
    sources, _ = load_bibliography(ROOT / "references.bib", "references.bib")
    for key in ("aaa", "couple2000", "zzz"):
        written = insert(text, list(sources.values()), [entry(key)])
        added = entry(key).text()
        assert written.replace(f"{added}\n\n" if key != "zzz" else f"\n{added}\n", "") == text
        keys = [line.partition("{")[2] for line in written.split("\n") if line.startswith("@")]
        assert keys == sorted(keys, key=str.casefold)


def test_a_byte_order_mark_and_windows_line_ends_stay(project: Project, server: FakeCrossref) -> None:
    project.write("references.bib", b"\xef\xbb\xbf" + ENTRY.replace("\n", "\r\n").encode())
    server.put(NEW, NEW_MESSAGE)
    assert add(project, server, NEW, *SAID).exit_code == 0
    content = (project.root / "references.bib").read_bytes()
    assert content.startswith(b"\xef\xbb\xbf" + ENTRY.replace("\n", "\r\n").encode())
    assert content.count(b"\n") == content.count(b"\r\n")


@pytest.mark.parametrize(
    ("fields", "key"),
    [
        ({"author": "van de Loo, Aurora", "year": "2021"}, "vandeloo2021"),
        ({"author": "O'Brien-Łuk, A.", "year": "2021"}, "obrienluk2021"),
        ({"author": "{World Health Organization}", "year": "n.d."}, "whond"),
        ({"author": "{Anthropic Ltd}", "year": "2020"}, "anthropicltd2020"),
        ({"editor": "Gurman, A. S.", "year": "in press"}, "gurmannd"),
        ({"author": "王, 小明", "year": "2020"}, "source2020"),
        ({"year": "2020"}, "source2020"),
    ],
)
def test_a_key_is_the_first_family_and_the_year(fields: dict[str, str], key: str) -> None:
    assert make_key(fields, set()) == key
    assert make_key(fields, {key}) == key + "b"
    assert make_key(fields, {key, *(key + letter for letter in "bcdefghijklmnopqrstuvwxyz")}) == key + "aa"


@pytest.mark.parametrize(
    ("title", "written"),
    [
        ("Ketamine in mTOR and DNA.", "Ketamine in {mTOR} and {DNA}"),
        ("THE WHOLE TITLE IS SHOUTED", "THE WHOLE TITLE IS SHOUTED"),
        ("Vitamin D: A trial", "Vitamin {D}: A trial"),
        (
            "50% of $5_a & b# ~ ^ {x} \\y",
            r"50\% of \$5\_a \& b\# \textasciitilde{} \textasciicircum{} \textbraceleft{}x\textbraceright{} \textbackslash{}y",
        ),
        ("A <i>very</i> <b>odd", r"A \emph{very} \textbf{odd}"),
        ("<title>A</title> <jats:p>b &lt; c</jats:p>", "A b < c"),
        ("p < 0.05 &amp;amp; q", r"p < 0.05 \& q"),
        ("a\n  b\t c", "a b c"),
    ],
)
def test_a_title_as_latex(title: str, written: str) -> None:
    assert latex_title(title) == written


@pytest.mark.parametrize("text", ["50% of {a} & b_c #1 $2 ~ ^ \\x", "plain", "“quotes” – dash", "a } { b", "\\{}"])
def test_what_is_typed_is_what_is_read(text: str) -> None:
    field = f"@book{{a,\n author={{A}},\n title={{A}},\n year={{2020}},\n limits = {{{latex(text)}}},\n}}"
    sources, problems = parse_bibliography(field, "a.bib", complete=False)
    assert problems == []
    assert plain(sources["a"].fields["limits"]) == text


@pytest.mark.parametrize(
    "text",
    [
        NEW,
        f"doi:{NEW}",
        f"https://doi.org/{NEW}",
        f"http://dx.doi.org/{NEW}.",
        f" {NEW}\n",
        f"doi.org/{NEW.replace('/', '%2F')}",
    ],
)
def test_a_doi_may_have_any_prefix(text: str) -> None:
    assert bare_doi(text) == NEW


@pytest.mark.parametrize(
    ("kind", "entry_type", "fields"),
    [
        ("book-chapter", "incollection", {"booktitle", "publisher"}),
        ("monograph", "book", {"publisher", "isbn"}),
        ("dissertation", "phdthesis", {"school"}),
        ("posted-content", "misc", {"publisher"}),
        ("something-new", "misc", {"publisher"}),
    ],
)
def test_each_kind_of_work_has_its_fields(kind: str, entry_type: str, fields: set[str]) -> None:
    made = entry_of_work(Work.model_validate(MESSAGE | {"type": kind, "ISBN": ["9780000000000"]}))
    assert made.entry_type == entry_type
    assert fields <= set(made.fields)
    assert "journal" not in made.fields


def test_a_title_in_title_case_is_shown_as_readers_see_it(project: Project, server: FakeCrossref) -> None:
    server.put(NEW, NEW_MESSAGE | {"title": ["Ketamine Therapy for Italian Couples"]})
    result = add(project, server, NEW, *SAID)
    assert "Readers see the title as “Ketamine therapy for italian couples”." in result.stdout


def test_a_broken_bibliography_is_mended_first(project: Project, server: FakeCrossref) -> None:
    project.write("references.bib", ENTRY + "\n@article{broken,\n")
    result = add(project, server, NEW, *SAID)
    assert result.exit_code == 1
    assert "references.bib:15: " in result.stderr
    assert server.asked == []


def test_files_of_bibtex_without_sources_are_told() -> None:
    _, problems = read_bibtex("% nothing\n", "export.bib")
    assert [problem.message for problem in problems] == ["The file holds no source."]
