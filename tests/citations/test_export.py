"""Sources as files to download: BibTeX that loads again, RIS and CSL-JSON that other programs read."""

from __future__ import annotations

import json
import re
import subprocess
from typing import TYPE_CHECKING

import pypandoc
import pytest

from macros.citations.csl_json import csl_item
from macros.citations.export import bibtex_entry, csl_json_item, ris_record
from tests.citations.test_bibliography import BETTER_BIBLATEX, ZOTERO, bib, confirm, read

if TYPE_CHECKING:
    from macros.citations.bibliography import Source

ONE_FILE = read(
    confirm(ZOTERO)
    + '@string{jcrt = "Journal of Couple"}\n'
    + bib(
        "strings", author=r'M{\"u}ller, J{\"o}rg and {World Health Organization} and Zarate, Jr., Carlos A.',
        title=r"{MDMA} \& \emph{salvia} \textbf{now}: 5 < 6", journal="{}", pages="1--9", number="2", month="feb", day="3",
        pmid="123", finding="Fell by 5\\%.\n\n  ER  - no end", limits="Small & short.", doi="10.1000/A_b",
    ).replace("{{}}", r'jcrt # " {\&} Therapy"')
    + bib("van-der", author="van der Kolk, Bessel and others", year="n.d.")
)  # fmt: skip
SOURCES = ONE_FILE | read(confirm(BETTER_BIBLATEX))


def ris(source: Source) -> list[tuple[str, str]]:
    """Read a RIS record: tags and values."""
    record = ris_record(source, csl_item(source))
    assert record.endswith("\r\n")
    lines = record.removesuffix("\r\n").split("\r\n")
    assert not re.search(r"[\r\n]", "".join(lines))
    found = [re.fullmatch(r"([A-Z][A-Z0-9])  - (.*)", line) for line in lines]
    assert all(found), lines
    return [(match[1], match[2]) for match in found if match]


@pytest.mark.parametrize("key", SOURCES)
def test_bibtex_loads_again(key: str) -> None:
    source = SOURCES[key]
    again = read(bibtex_entry(source))[key]
    assert again.fields == source.fields
    assert (again.entry_type, again.doi, again.design, again.confirmed) == (
        source.entry_type, source.doi, source.design, source.confirmed,
    )  # fmt: skip
    assert csl_item(again) == csl_item(source)


def test_bibtex_as_text() -> None:
    text = '@string{jcrt = "Journal of"}\n' + bib(title='{MDMA} "now"', journal="{}").replace(
        "{{}}", 'jcrt # " Couples"'
    )
    assert bibtex_entry(read(text)["a"]) == (
        '@article{a,\n  author = {Smith, Anna},\n  title = {{MDMA} "now"},\n  year = {2020},\n  design = {rct},\n'
        "  confirmed = {2024-01-01},\n  journal = {Journal of Couples},\n}"
    )


def test_bibtex_of_all_sources_loads_as_one_file() -> None:
    again = read("\n\n".join(map(bibtex_entry, ONE_FILE.values())))
    assert list(again) == list(ONE_FILE)
    assert all(again[key].fields == source.fields for key, source in ONE_FILE.items())


@pytest.mark.parametrize("key", SOURCES)
def test_ris_lines(key: str) -> None:
    lines = ris(SOURCES[key])
    tags = [tag for tag, _ in lines]
    assert tags[0] == "TY"
    assert lines[-1] == ("ER", "")
    assert tags.count("TY") == tags.count("ER") == 1
    assert all(value for tag, value in lines if tag != "ER")


def test_ris_of_an_article() -> None:
    assert ris(SOURCES["strings"]) == [
        ("TY", "JOUR"),
        ("ID", "strings"),
        ("AU", "Müller, Jörg"),
        ("AU", "World Health Organization"),
        ("AU", "Zarate, Carlos A., Jr."),
        ("TI", "MDMA & salvia now: 5 < 6"),
        ("T2", "Journal of Couple & Therapy"),
        ("PY", "2020"),
        ("DA", "2020/02/03/"),
        ("IS", "2"),
        ("SP", "1"),
        ("EP", "9"),
        ("DO", "10.1000/A_b"),
        ("AN", "123"),
        ("KW", "Randomised controlled trial"),
        ("N1", "Fell by 5%. ER - no end Small & short."),
        ("ER", ""),
    ]


@pytest.mark.parametrize(
    ("key", "expected"),
    [
        ("monson_mdma-facilitated_2020", {"TY": "JOUR", "SP": "1840123", "DA": "2020/12//", "VL": "11", "IS": "1"}),
        (
            "kolk_body_2014",
            {"TY": "BOOK", "AU": "van der Kolk, Bessel A.", "PB": "Viking", "CY": "New York", "DA": "2014///"},
        ),
        (
            "wagnerCoupleTherapyMDMA2021",
            {"TY": "CHAP", "T2": "Handbook of psychedelic therapy", "SP": "34", "EP": "56"},
        ),
        ("niceDepression2022", {"TY": "RPRT", "AU": "National Institute for Health and Care Excellence"}),
        ("colbert_evenings_2018", {"TY": "THES", "PB": "California Institute of Integral Studies"}),
        ("world_health_organization_depressive_2023", {"TY": "ELEC", "PY": "2023"}),
        ("lee_preprint_2023", {"TY": "UNPB", "PB": "arXiv", "DO": "10.48550/arXiv.2301.12345"}),
    ],
)
def test_ris_of_other_types(key: str, expected: dict[str, str]) -> None:
    lines = ris(SOURCES[key])
    for tag, value in expected.items():
        assert (tag, value) in lines


@pytest.mark.parametrize("form", ["RIS", "CSL-JSON"])
def test_others_are_nobody_s_name(form: str) -> None:
    source = SOURCES["van-der"]
    text = ris_record(source, csl_item(source)) if form == "RIS" else csl_json_item(csl_item(source))
    assert "others" not in text
    assert "Incomplete list of authors" in text, "and one author is not taken for all"


@pytest.mark.parametrize("form", ["RIS", "CSL-JSON"])
def test_a_whole_list_of_authors_is_not_called_incomplete(form: str) -> None:
    source = SOURCES["kolk_body_2014"]
    text = ris_record(source, csl_item(source)) if form == "RIS" else csl_json_item(csl_item(source))
    assert "Incomplete" not in text


def test_ris_without_a_date() -> None:
    assert {"PY", "DA"}.isdisjoint(dict(ris(SOURCES["van-der"])))


def test_csl_json() -> None:
    found = json.loads(csl_json_item(csl_item(SOURCES["strings"])))
    assert found == {
        "id": "strings",
        "type": "article-journal",
        "author": [
            {"family": "Müller", "given": "Jörg"},
            {"literal": "World Health Organization"},
            {"family": "Zarate", "given": "Carlos A.", "suffix": "Jr."},
        ],
        "title": '<span class="nocase">MDMA</span> & <i>salvia</i> <b>now</b>: 5 < 6',
        "container-title": "Journal of Couple & Therapy",
        "issued": {"date-parts": [[2020, 2, 3]]},
        "page": "1-9",
        "issue": "2",
        "PMID": "123",
        "DOI": "10.1000/A_b",
    }


def test_another_program_reads_the_csl_json() -> None:
    items = [json.loads(csl_json_item(csl_item(source))) for source in SOURCES.values()]
    command = [pypandoc.get_pandoc_path(), "-f", "csljson", "-t", "csljson"]
    answer = subprocess.run(command, input=json.dumps(items), capture_output=True, text=True, check=True).stdout
    again = {item["id"]: item for item in json.loads(answer)}
    assert list(again) == list(SOURCES)
    assert again["strings"]["title"] == "MDMA & <i>salvia</i> <b>now</b>: 5 < 6"
    for item in items:
        for name in ("type", "author", "issued", "page", "DOI", "URL"):
            assert again[item["id"]].get(name) == item.get(name)


@pytest.mark.parametrize(
    "text", ["<script>alert(1)</script>", "<img src=x onerror=alert(1)>", "a & b \"q\" 'q'", "a\r\nER  - \r\nTY  - x"]
)
def test_html_and_line_ends_in_files_are_text(text: str) -> None:
    address = f"https://example.org/{text}"
    source = read(bib("hostile", title=f"{{{text}}}", publisher=text, finding=text, url=address))["hostile"]
    item = csl_item(source)
    folded = " ".join(text.split())
    assert ("TI", folded) in ris(source)
    assert ("PB", folded) in ris(source)
    assert ("UR", " ".join(address.split())) in ris(source)
    assert json.loads(csl_json_item(item))["title"] == f'<span class="nocase">{folded}</span>'
    assert json.loads(csl_json_item(item))["publisher"] == folded
    assert read(bibtex_entry(source))["hostile"].fields == source.fields
