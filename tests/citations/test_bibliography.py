"""Reading `references.bib`: what people really export loads, and every fault is named with its line and a hint."""

from __future__ import annotations

import errno
import json
import os
import re
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, Any

import pytest

from macros.cache import Cache
from macros.citations.bibliography import DESIGNS, Source, load_bibliography, parse_bibliography

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from macros.problems import Problem

PATH = "references.bib"


def bib(key: str = "a", kind: str = "article", **fields: str | None) -> str:
    """Write an entry, one field to a line: author on line 2, title 3, year 4, design 5, confirmed 6, then the others.

    A field that is `None` is left out.
    """
    values = {
        "author": "Smith, Anna", "title": "A title", "year": "2020", "design": "rct", "confirmed": "2024-01-01",
    } | fields  # fmt: skip
    lines = [f"  {name} = {{{value}}}," for name, value in values.items() if value is not None]
    return "\n".join([f"@{kind}{{{key},", *lines, "}", ""])


def read(text: str) -> dict[str, Source]:
    """Read BibTeX that must be faultless."""
    sources, problems = parse_bibliography(text, PATH)
    assert problems == []
    return sources


def confirm(text: str) -> str:
    """Add to each entry of an export what the guide asks for."""
    return re.sub(r",?\n}\n", ",\n  design = {rct},\n  confirmed = {2024-01-01},\n}\n", text)


ZOTERO = r"""
@article{monson_mdma-facilitated_2020,
	title = {{MDMA}-facilitated cognitive-behavioural conjoint therapy for posttraumatic stress: an uncontrolled trial},
	volume = {11},
	copyright = {http://creativecommons.org/licenses/by/4.0/},
	issn = {2000-8066},
	shorttitle = {{MDMA}-facilitated cognitive-behavioural conjoint therapy for posttraumatic stress disorder},
	url = {https://www.tandfonline.com/doi/full/10.1080/20008198.2020.1840123?a\_b=c\&d=1},
	doi = {10.1080/20008198.2020.1840123},
	abstract = {Background: Couples "at risk" improved (p = 0.03; p {\textless} .05) by 50\%, e-mail: a@b.org.
@ the clinic, more followed; R\&D \_ \# \$ \{\}.},
	language = {en},
	number = {1},
	urldate = {2024-03-05},
	journal = {European Journal of Psychotraumatology},
	author = {Monson, Candice M. and Wagner, Anne C. and M{\"u}ller, J{\"o}rg and van der Kolk, Bessel},
	month = dec,
	year = {2020},
	note = {Publisher: Taylor \& Francis
\_eprint: https://doi.org/10.1080/20008198.2020.1840123},
	keywords = {couple therapy, {MDMA}, {PTSD}},
	pages = {1840123},
	file = {Full Text PDF:C\:\\Users\\me\\Zotero\\storage\\ABCD1234\\Monson et al. - 2020 - MDMA.pdf:application/pdf},
}

@book{kolk_body_2014,
	address = {New York},
	edition = {First edition},
	title = {The {Body} {Keeps} the {Score}: {Brain}, {Mind}, and {Body} in the {Healing} of {Trauma}},
	isbn = {978-0-670-78593-3},
	publisher = {Viking},
	author = {van der Kolk, Bessel A.},
	year = {2014},
	file = {Table of Contents PDF:/home/me/Zotero/storage/EFGH5678/scan.pdf:application/pdf},
}

@misc{world_health_organization_depressive_2023,
	title = {Depressive disorder (depression)},
	url = {https://www.who.int/news-room/fact-sheets/detail/depression},
	language = {en},
	urldate = {2024-03-05},
	author = {{World Health Organization}},
	month = mar,
	year = {2023},
}

@techreport{hughes_report_2022,
	type = {Research {Report}},
	title = {A report},
	number = {RR-12},
	institution = {RAND},
	author = {Hughes, A.},
	year = {2022},
}

@phdthesis{colbert_evenings_2018,
	type = {{PhD} {Thesis}},
	title = {Evenings with {Molly}},
	school = {California Institute of Integral Studies},
	author = {Colbert, Robert},
	year = {2018},
}

@misc{lee_preprint_2023,
	title = {A preprint about couples},
	url = {http://arxiv.org/abs/2301.12345},
	doi = {10.48550/arXiv.2301.12345},
	publisher = {arXiv},
	author = {Lee, Kim},
	month = jan,
	year = {2023},
	note = {arXiv:2301.12345 [q-bio]},
	keywords = {Quantitative Biology - Neurons and Cognition},
}
"""

BETTER_BIBLATEX = r"""@article{monsonMDMAfacilitatedCognitivebehavioural2020,
  title = {{{MDMA-facilitated}} Cognitive-Behavioural Conjoint Therapy for Posttraumatic Stress: An Uncontrolled Trial},
  shorttitle = {{{MDMA-facilitated}} Cognitive-Behavioural Conjoint Therapy for Posttraumatic Stress Disorder},
  author = {Monson, Candice M. and Wagner, Anne C.},
  date = {2020-12-07},
  journaltitle = {European Journal of Psychotraumatology},
  shortjournal = {Eur. J. Psychotraumatol.},
  volume = {11},
  number = {1},
  eprint = {33408811},
  eprinttype = {pubmed},
  pages = {1840123},
  publisher = {Taylor \& Francis},
  issn = {2000-8066},
  doi = {10.1080/20008198.2020.1840123},
  url = {https://doi.org/10.1080/20008198.2020.1840123},
  urldate = {2024-03-05},
  abstract = {Background: Posttraumatic stress disorder (PTSD) causes “distress”, n\,=\,6 ({$<$}5\%).},
  langid = {english},
  keywords = {⛔ No DOI found,couple therapy,MDMA,PTSD},
  annotation = {Read on 2024-03-05},
  file = {/home/me/Zotero/storage/ABCD1234/Monson et al. - 2020.pdf;/home/me/Zotero/storage/X/full.html}
}

@incollection{wagnerCoupleTherapyMDMA2021,
  title = {Couple Therapy with {{MDMA}}---{{Proposed}} Pathways of Action},
  booktitle = {Handbook of Psychedelic Therapy},
  author = {Wagner, Anne C.},
  editor = {Barrett, Frederick S. and Preller, Katrin},
  date = {2021},
  series = {Current {{Topics}} in {{Behavioral Neurosciences}}},
  edition = {2},
  pages = {34--56},
  publisher = {Springer},
  location = {Berlin},
  doi = {10.1007/7854_2021_267},
  isbn = {978-3-16-148410-0},
  langid = {english}
}

@report{niceDepression2022,
  title = {Depression in Adults: Treatment and Management},
  author = {{National Institute for Health and Care Excellence}},
  date = {2022-06-29},
  number = {NG222},
  institution = {{National Institute for Health and Care Excellence}},
  url = {https://www.nice.org.uk/guidance/ng222},
  urldate = {2024-03-05}
}

@thesis{colbertEveningsMolly2018,
  type = {phdthesis},
  title = {Evenings with {{Molly}}},
  author = {Colbert, Robert},
  date = {2018},
  institution = {California Institute of Integral Studies},
  url = {https://www.proquest.com/docview/2094\_1}
}

@online{leePreprintCouples2023,
  title = {A Preprint about Couples},
  author = {Lee, Kim},
  date = {2023-01-29},
  eprint = {2301.12345},
  eprinttype = {arXiv},
  eprintclass = {q-bio},
  doi = {10.48550/arXiv.2301.12345},
  url = {http://arxiv.org/abs/2301.12345},
  urldate = {2024-03-05},
  pubstate = {prepublished}
}
"""


@pytest.mark.parametrize("export", [ZOTERO, BETTER_BIBLATEX], ids=["Zotero", "Better BibLaTeX"])
def test_exports_load(export: str) -> None:
    sources, problems = parse_bibliography(confirm(export), PATH)
    assert problems == []
    assert len(sources) == export.count("\n}\n")


@pytest.mark.parametrize("export", [ZOTERO, BETTER_BIBLATEX], ids=["Zotero", "Better BibLaTeX"])
def test_exports_lack_only_what_the_guide_adds(export: str) -> None:
    sources, problems = parse_bibliography(export, PATH)
    assert [(problem.line, problem.message) for problem in problems] == [
        found
        for key, source in sources.items()
        for found in (
            (source.line, f"`{key}` does not say what kind of study it is."),
            (source.line, f"Nobody has confirmed `{key}`."),
        )
    ]
    assert all(problem.path == PATH and problem.hint for problem in problems)


def test_fields_of_an_export() -> None:
    source = read(confirm(ZOTERO))["monson_mdma-facilitated_2020"]
    assert source.entry_type == "article"
    assert source.line == 2
    assert source.doi == "10.1080/20008198.2020.1840123"
    assert source.design == "rct"
    assert source.confirmed == date(2024, 1, 1)
    assert source.fields["month"] == "12"
    assert source.fields["abstract"].endswith(r"\{\}.")
    assert source.fields["file"].startswith("Full Text PDF:C\\:")
    assert source.field_lines["doi"] == 9


@pytest.mark.parametrize(
    ("written", "value"),
    [
        ("{in braces}", "in braces"),
        ('"in quotes"', "in quotes"),
        ("{{Double} Braces}", "{Double} Braces"),
        ("2020", "2020"),
        ("ejp", "European Journal"),
        ("EJP", "European Journal"),
        ('ejp # " of " # {Couples}', "European Journal of Couples"),
        ("full", "The European Journal"),
        ('{A "quoted" word # and a sign}', 'A "quoted" word # and a sign'),
        ('"Wei{\\ss} {\\"U}ber"', 'Wei{\\ss} {\\"U}ber'),
        ('{f{\\"u}r } # ejp', 'f{\\"u}r European Journal'),
        ("jan", "1"),
        ("sept", "9"),
        ("{ spaces }", "spaces"),
        pytest.param(
            '"f{\\"u}r " # ejp', 'f{\\"u}r European Journal',
        ),
    ],
)  # fmt: skip
def test_values(written: str, value: str) -> None:
    strings = '@string{ejp = "European Journal"}\n@STRING(full = {The } # ejp)\n'
    assert (
        read(strings + bib(journal=None).replace("\n}\n", f"\n  journal = {written}\n}}\n"))["a"].fields["journal"]
        == value
    )


@pytest.mark.parametrize(
    "change",
    [
        lambda text: text.upper().replace("RCT", "rct").replace("@ARTICLE{A", "@ARTICLE{a"),
        lambda text: text.replace("\n", "\r\n"),
        lambda text: text.replace("\n", "\r"),
        lambda text: text.replace("{a", "(a").replace("\n}", "\n)"),
        lambda text: text.replace("\n", " "),
        lambda text: f"@comment{{x}}\n@preamble{{\"x\"}}\n% a note of 50 %\nfree text\n{text}\n@Comment{{jabref-meta: x;}}\n",
    ],
    ids=["capitals", "Windows line ends", "old line ends", "round brackets", "one line", "comments"],
)  # fmt: skip
def test_spellings_of_the_same(change) -> None:
    source = read(change(bib()))["a"]
    assert {name: value.casefold() for name, value in source.fields.items()} == {
        name: value.casefold() for name, value in read(bib())["a"].fields.items()
    }


BOOK = bib(
    "bk", "book", author="Dent, B.", editor="Eden, C.", title="The Book", publisher="P", year="2019", pages="300"
)


@pytest.mark.parametrize(
    ("kind", "fields", "taken"),
    [
        (
            "incollection",
            {"year": None},
            {"booktitle": "The Book", "editor": "Eden, C.", "publisher": "P", "year": "2019"},
        ),
        (
            "inbook",
            {"author": None},
            {"author": "Dent, B.", "booktitle": "The Book", "editor": "Eden, C.", "publisher": "P"},
        ),
        (
            "incollection",
            {"booktitle": "Mine", "editor": "Me, A.", "year": None, "date": "2020-01"},
            {"publisher": "P"},
        ),
    ],
)
def test_fields_taken_over(kind: str, fields: dict[str, Any], taken: dict[str, str]) -> None:
    part = bib(kind=kind, crossref="bk", **fields)
    own = {
        "author": "Smith, Anna",
        "title": "A title",
        "year": "2020",
        "design": "rct",
        "confirmed": "2024-01-01",
    } | fields
    for text in (part + BOOK, BOOK + part):
        source = read(text)["a"]
        assert source.fields == {name: value for name, value in own.items() if value} | taken
        assert source.entry_type == kind


def test_fields_taken_over_from_afar() -> None:
    text = bib(kind="incollection", crossref="b") + bib("b", "book", crossref="c", title="B") + BOOK.replace("bk", "c")
    assert read(text)["a"].fields["publisher"] == "P"
    assert read(text)["a"].fields["booktitle"] == "B"


def test_line_ends_within_a_field() -> None:
    text = bib(abstract="two\n  lines")
    assert read(text.replace("\n", "\r\n")) == read(text)


def test_lines_are_counted_whatever_ends_them() -> None:
    text = SOUND + bib("b", year="20x0")
    for ending in ("\n", "\r\n", "\r"):
        assert [problem.line for problem in parse_bibliography(text.replace("\n", ending), PATH)[1]] == [11]


#: An entry with comments wherever Biber takes them for such, and with `%` where it is text.
COMMENTED = r"""% @article{old,
%   title = {A trial of 50%,
% }
@article{a, % the key
  author = {Smith, Anna}, % checked {twice
  volume = {11}, % "checked"
  % number = {3},
  doi = {10.1000/a%b},
  title = {50% or 60\% of A},% no space
  note = "20% of {them}, 5\% of us",
  journal = {A } # % goes on
    {Journal},
  year = 2020, % }
  design = {rct},
  confirmed = {2024-01-01} % @book{x,
} % the end
% volume = {12},
@comment{50% of it}
"""


@pytest.mark.parametrize(
    "brackets", [str, lambda text: text.replace("@article{a,", "@article(a,").replace("\n} ", "\n) ")]
)
def test_comments(brackets: Callable[[str], str]) -> None:
    sources = read(brackets(COMMENTED) + AFTER)
    assert list(sources) == ["a", "after"]
    source = sources["a"]
    assert (source.line, source.field_lines["confirmed"], sources["after"].line) == (4, 15, 19)
    assert dict(source.fields) == {
        "author": "Smith, Anna", "volume": "11", "doi": "10.1000/a%b", "title": r"50% or 60\% of A",
        "note": r"20% of {them}, 5\% of us", "journal": "A Journal", "year": "2020", "design": "rct",
        "confirmed": "2024-01-01",
    }  # fmt: skip


def test_an_open_brace_does_not_hide_the_comments_below_it() -> None:
    text = bib("b").replace("{A title}", "{A title % and") + bib("c").replace("{A title},", "{A title}, % checked")
    sources, problems = parse_bibliography(text, PATH)
    assert sources["c"].fields["title"] == "A title"
    assert [problem.message for problem in problems] == [
        "A brace is not closed in the entry `@article{b` in its field `title`."
    ]


@pytest.mark.parametrize(
    "opening", ["@article\n{a,", "@article{\na,", "@ article{a,", "@article \n  \n{\n a,", "  @ Article (a,"]
)
def test_openings_of_an_entry(opening: str) -> None:
    text = bib().replace("@article{a,", opening)
    source = read(text.removesuffix("}\n") + ")\n" if "(" in opening else text)["a"]
    assert source.entry_type == "article"
    assert source.line == 1
    assert source.field_lines["confirmed"] == 6 + opening.count("\n")


def test_an_opening_within_a_text_is_none() -> None:
    assert (
        read(bib(note="one\n@ article {x, y} and\n@ the clinic (n = 5)"))["a"].fields["note"].startswith("one\n@ art")
    )


@pytest.mark.parametrize(
    ("written", "doi"),
    [
        ("10.1000/Abc", "10.1000/Abc"),
        ("https://doi.org/10.1000/abc", "10.1000/abc"),
        ("http://dx.doi.org/10.1000/abc", "10.1000/abc"),
        ("doi: 10.1000/abc", "10.1000/abc"),
        ("DOI:10.1000/abc", "10.1000/abc"),
        ("https://www.doi.org/10.1000/abc", "10.1000/abc"),
        ("doi.org/10.1000/abc", "10.1000/abc"),
        ("dx.doi.org/10.1000/abc", "10.1000/abc"),
        ("DOI 10.1000/abc", "10.1000/abc"),
        ("https://doi.org/10.1000%2Fabc", "10.1000/abc"),
        (r"10.1000\%2fabc", "10.1000/abc"),
        ("10.1000/a%2Fb", "10.1000/a%2Fb"),
        (r"10.1007/7854\_2021\_267", "10.1007/7854_2021_267"),
        ("10.1002/(SICI)1097-0177(199905)215:1<1::AID-AJA1>3.0.CO;2-X",) * 2,
    ],
)
def test_dois(written: str, doi: str) -> None:
    assert read(bib(doi=written))["a"].doi == doi


@pytest.mark.parametrize("key", ["smith2020", "Smith:2020", "smith_2020-a.b+c/d", "müller2020"])
def test_keys(key: str) -> None:
    assert list(read(bib(key))) == [key]


@pytest.mark.parametrize("design", DESIGNS)
def test_designs(design: str) -> None:
    assert read(bib(design=design))["a"].design == design


@pytest.mark.parametrize(
    "fields",
    [
        {"year": "n.d."}, {"year": "In Press"}, {"year": None, "date": "2021-03-04"}, {"year": None, "pubstate": "inpress"},
        {"date": "2021-03"}, {"date": "2020~"}, {"date": "2020-01-01/2021"}, {"year": "2019--2020"},
        {"date": "2019-03-04/2020-05"}, {"date": "2020-mar-04"}, {"month": "Sept."}, {"month": "10~1"}, {"month": "1 15"},
        {"month": "May--June"},
        {"month": "12", "day": "31"}, {"urldate": "2024-02-29"}, {"urldate": "2024"}, {"year": "2019–2020"},
        {"urldate": "2024-02-29T10:20:30Z"}, {"date": "2020-06-25T12:30:05+00:00"}, {"date": "2020-06-25T12:30"},
        {"author": "{Barnes {and {Noble; &}} Co; x}"}, {"author": "Anderson, A. and {Others} and others"},
        {"author": "Smith, A. AND \n Roe, Ōe"}, {"author": "王, 小明"},
        {"author": "family=Kolk, given=Bessel, prefix=van der, useprefix=true and Smith, A."},
        {"author": None, "editor": "Smith, A."}, {"author": None, "organization": "FDA"}, {"url": "http://example.org"},
    ],
)  # fmt: skip
def test_what_is_no_fault(fields: dict[str, Any]) -> None:
    read(bib(**fields))


SOUND = bib("before")  # lines 1 to 7
AFTER = bib("after")

#: Faults: the text, and the line and words of every problem that it must give.
FAULTS: dict[str, tuple[str, list[tuple[int, str]]]] = {
    "unclosed brace of a field": (
        SOUND + bib("b").replace("title = {A title},", "title = {A title,") + AFTER,
        [(10, "A brace is not closed in the entry `@article{b`")],
    ),
    "unclosed brace of an entry": (
        SOUND + bib("b").removesuffix("}\n") + AFTER,
        [(8, "A brace is not closed in the entry `@article{b`")],
    ),
    "unclosed brace at the end of the file": (
        SOUND + bib("b", note="{never closed"),
        [(8, "A brace is not closed in the entry `@article{b`")],
    ),
    "unclosed quote": (
        SOUND + bib("b").replace("{A title}", '"A title') + AFTER,
        [(10, "A quotation mark is not closed in the entry `@article{b`")],
    ),
    "duplicate key": (SOUND + bib("before", title="Another"), [(8, "The key `before` stands here a second time")]),
    "doubled field": (SOUND + bib("b", year="2020},\n  year = {2021"), [(12, "`b` has the field `year` twice")]),
    "crossref that leads nowhere": (
        bib(kind="incollection", crossref="bok") + BOOK,
        [(7, "`crossref` of `a` names `bok`, which is no entry")],
    ),
    "crossref to an entry with a doubled field": (
        bib(kind="incollection", crossref="bk") + BOOK.replace("publisher", "year = {2019},\n  publisher"),
        [(16, "`bk` has the field `year` twice")],
    ),
    "crossref to a broken entry": (
        bib(kind="incollection", crossref="bk") + BOOK.replace("{The Book}", "{The Book"),
        [(11, "A brace is not closed in the entry `@book{bk`")],
    ),
    "crossref in a ring": (bib(crossref="b") + bib("b", crossref="a"), [(7, "leads back to `a`"), (15, "leads back to `b`")]),
    "no author": (bib(author=None), [(1, "`a` has no author")]),
    "empty author": (bib(author=""), [(2, "`a` has no author")]),
    "no title": (bib(title=None), [(1, "`a` has no title")]),
    "no year": (bib(year=None), [(1, "`a` has no year")]),
    "no fields": (
        "@article{a}\n",
        [(1, "no author"), (1, "no title"), (1, "no year"), (1, "kind of study"), (1, "Nobody has confirmed")],
    ),
    "authors joined by semicolons": (bib(author="Doe, Jane; Roe, Richard"), [(2, "authors of `a` are not joined by `and`")]),
    "authors joined by an ampersand": (bib(author=r"Doe, J. \& Roe, R."), [(2, "authors of `a` are not joined by `and`")]),
    "editors joined by an ampersand": (bib(editor="Doe, J. & Roe, R."), [(7, "editors of `a` are not joined by `and`")]),
    "nobody but others": (bib(author="others"), [(2, "The authors of `a` name nobody before `others`")]),
    "others before the last": (bib(author="others and Doe, J."), [(2, "The authors of `a` name nobody before `others`")]),
    "a comma for a name": (bib(author=","), [(2, "A name is missing among the authors of `a`")]),
    "and for a name": (bib(author="and"), [(2, "A name is missing among the authors of `a`")]),
    "and behind the last name": (bib(author="Roe, R. and"), [(2, "A name is missing among the authors of `a`")]),
    "and before the first name": (bib(author="and Roe, R."), [(2, "A name is missing among the authors of `a`")]),
    "and twice": (bib(author="Roe, R. and AND Doe, J."), [(2, "A name is missing among the authors of `a`")]),
    "unknown type": (bib(kind="artcle"), [(1, "`@artcle` of `a` is no type of entry")]),
    "year that is none": (bib(year="20x0"), [(4, "`20x0`, which is no date")]),
    "year with a letter": (bib(year="2020a"), [(4, "`2020a`, which is no date")]),
    "year in the future": (bib(year="2999"), [(4, "2999, which is in the future")]),
    "year nought": (bib(year="0000"), [(4, "`0000`, which is no date")]),
    "thirteenth month in digits": (bib(month="13"), [(7, "`month` of `a` is `13`, which is none")]),
    "month in a raised figure": (bib(month="²", day="³"), [(7, "`²`, which is none"), (8, "`³`, which is none")]),
    "no month": (bib(month="Octember"), [(7, "`month` of `a` is `Octember`, which is none")]),
    "no month in a date": (bib(year=None, date="2020-Octember"), [(6, "`2020-Octember`, which is no date")]),
    "no day": (bib(month="may", day="45"), [(8, "`day` of `a` is `45`, which is none")]),
    "date with slashes": (bib(year=None, date="2020/03/15"), [(6, "`2020/03/15`, which is no date")]),
    "month with a slash": (bib(year=None, date="2020/3"), [(6, "`2020/3`, which is no date")]),
    "time that ends in no date": (bib(year="2019--soon"), [(4, "`2019--soon`, which is no date")]),
    "time without an end": (bib(year=None, date="2019/"), [(6, "`2019/`, which is no date")]),
    "time of three dates": (bib(year=None, date="2019/2020/2021"), [(6, "`2019/2020/2021`, which is no date")]),
    "time that runs backwards": (bib(year="2020--2019"), [(4, "`2020--2019`, which is no date")]),
    "time that ends in the future": (bib(year=None, date="2019/2999"), [(6, "2019/2999, which is in the future")]),
    "unreadable urldate": (bib(urldate="yesterday"), [(7, "`urldate` of `a` is `yesterday`, which is no date")]),
    "urldate on 30 February": (bib(urldate="2024-02-30"), [(7, "`urldate` of `a` is `2024-02-30`, which is no date")]),
    "urldate in the future": (bib(urldate="2999-01-01"), [(7, "`urldate` of `a` is 2999-01-01, which is in the future")]),
    "DOI with a trailing dot": (bib(doi="10.1000/abc."), [(7, "The DOI of `a` ends in `.`")]),
    "no design": (bib(design=None), [(1, "`a` does not say what kind of study it is")]),
    "unknown design": (bib(design="open-lable"), [(5, "`open-lable` is no design (`a`)")]),
    "not confirmed": (bib(confirmed=None), [(1, "Nobody has confirmed `a`")]),
    "confirmed in the future": (bib(confirmed="2999-01-01"), [(6, "2999-01-01, which is in the future")]),
    "confirmed without a date": (bib(confirmed="yes"), [(6, "`yes`, which is no date")]),
    "confirmed on 30 February": (bib(confirmed="2024-02-30"), [(6, "`2024-02-30`, which is no date")]),
    "malformed DOI": (bib(doi="11.1000/abc"), [(7, "`11.1000/abc` is no DOI (`a`)")]),
    "DOI without a suffix": (bib(doi="https://doi.org/10.1000/"), [(7, "is no DOI (`a`)")]),
    "address as DOI": (bib(doi="https://example.org/10.1000/abc"), [(7, "is no DOI (`a`)")]),
    "the same DOI twice": (
        bib(doi="10.1000/AbC") + bib("b", doi="https://doi.org/10.1000/aBc") + bib("c", doi="doi:10.1000/abc"),
        [(15, "`b` has the same DOI as `a` (line 1)"), (23, "`c` has the same DOI as `a` (line 1)")],
    ),
    "one brace too many": (
        bib(title="A title}", year="2020") + AFTER,
        [(1, "no year"), (1, "kind of study"), (1, "Nobody has confirmed"), (4, "These fields stand outside any entry")],
    ),
    "optional field lost": (
        bib(confirmed="2024-01-01}", doi="10.1000/abc") + AFTER,
        [(7, "These fields stand outside any entry")],
    ),
    "undefined @string": (
        "@string{ejop = {E}}\n" + bib(journal="{}").replace("{{}}", "ejp"),
        [(8, "The field `journal` of `a` uses `ejp`, which no @string defines")],
    ),
    "@string defined twice": ("@string{x = {E}}\n@string{x = {F}}\n" + SOUND, [(2, "The @string `x` stands here a second")]),
    "@string defined twice in other letters": (
        "@string{x = {E}}\n@string{X = {F}}\n" + SOUND,
        [(2, "The @string `X` stands here a second")],
    ),
    "text without braces": (bib(journal="{}").replace("{{}}", "two words"), [(7, "neither in braces nor in quotes")]),
    "missing comma": (
        bib(journal="J", volume="5").replace("{J},", "{J}"),
        [(7, "The field `journal` of `a` runs into the next one: a comma is missing")],
    ),
    "missing comma after a number": (
        bib(volume="5", number="6").replace("{5},", "5"),
        [(7, "The field `volume` of `a` runs into the next one: a comma is missing")],
    ),
    "javascript: address": (bib(url="javascript:alert(1)"), [(7, "`javascript:alert(1)` is no web address (`a`)")]),
    "javascript: address in disguise": (bib(url=r"java\script:alert(1)"), [(7, "is no web address (`a`)")]),
    "data: address": (bib(url="data:text/html,x"), [(7, "is no web address (`a`)")]),
    "address without protocol": (bib(url="www.example.org"), [(7, "is no web address (`a`)")]),
    "key with a space": (bib("a b"), [(1, "`a b` cannot be a key")]),
    "key with an apostrophe": (bib("d'souza2020"), [(1, "`d'souza2020` cannot be a key")]),
    "key with a tag": (bib("<b>"), [(1, "`<b>` cannot be a key")]),
    "no key": (bib(""), [(1, "`` cannot be a key")]),
    "empty text": ("", [(0, "The file holds no source")]),
    "comments only": ("% nothing yet\n@comment{x}\n", [(0, "The file holds no source")]),
}  # fmt: skip


def problems_of(name: str) -> list[Problem]:
    return sorted(parse_bibliography(FAULTS[name][0], PATH)[1])


@pytest.mark.parametrize("name", FAULTS)
def test_fault(name: str) -> None:
    found, expected = problems_of(name), sorted(FAULTS[name][1])
    assert [problem.line for problem in found] == [line for line, _ in expected]
    for line, words in expected:
        assert any(words in problem.message for problem in found if problem.line == line), (words, found)
    assert {problem.path for problem in found} == {PATH}


@pytest.mark.parametrize("name", FAULTS)
def test_every_fault_comes_with_a_hint(name: str) -> None:
    assert all(problem.hint for problem in problems_of(name))


@pytest.mark.parametrize(
    ("text", "hint"),
    [
        (bib(design="open-lable"), "`open-label`"),
        (bib(design="RCT"), "`rct`"),
        (bib(design="zzz"), "meta-analysis, systematic-review"),
        (bib(kind="artcle"), "`@article`"),
        (bib(kind="xyzzy"), "@misc"),
        (bib(kind="xdata"), "@misc"),
        (FAULTS["crossref that leads nowhere"][0], "`bk`"),
        (bib(year=None, date="2020/3/15"), "Write 2020-03-15."),
        (bib(year=None, date="2020/33/15"), "2019/2020"),
        (bib(doi="https://doi.org/10.1000/abc."), "Write 10.1000/abc."),
        (FAULTS["@string defined twice in other letters"][0], "`x` on line 1"),
        (FAULTS["undefined @string"][0], "`ejop`"),
        (FAULTS["duplicate key"][0], "line 1"),
        (FAULTS["one brace too many"][0], "closing brace too many"),
        (bib(confirmed=None), "confirmed = {"),
    ],
)
def test_hints_name_what_was_meant(text: str, hint: str) -> None:
    assert any(hint in problem.hint for problem in parse_bibliography(text, PATH)[1])


@pytest.mark.parametrize("name", [name for name in FAULTS if "after" in FAULTS[name][0]])
def test_a_broken_entry_does_not_take_its_neighbours_along(name: str) -> None:
    sources, _ = parse_bibliography(FAULTS[name][0], PATH)
    assert sources["after"].fields == read(AFTER)["after"].fields


def test_all_faults_are_reported_at_once() -> None:
    text = (
        "@string{x = {E}}\n"
        + bib("a", author=None)
        + bib("b", doi="x", design="x", url="x")
        + bib("c", confirmed="2999-01-01", journal="{}").replace("{{}}", "undefined")
        + bib("a")
        + bib("d", year="2020},\n  year = {2021")
        + bib("e", title="{A title")
        + bib("f", note="The last.")
    )
    sources, problems = parse_bibliography(text, PATH)
    # `a` twice, `b` three times, `c` twice, and the entries `a` (again), `d` and `e` as a whole.
    assert sorted(problem.line for problem in problems) == [2, 12, 14, 15, 22, 23, 25, 36, 42]
    # Keys of broken entries stay known: a page that cites one is not wrong as well.
    assert list(sources) == ["a", "b", "c", "d", "e", "f"]
    assert sources["d"].fields == sources["e"].fields == {}
    assert len(set(problems)) == len(problems)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param(
            bib(year="2020},\n  Year = {2021"), "twice",
            id="doubled field in other capitals",
        ),
        pytest.param(
            bib(author="{}"), "no author", id="author of empty braces",
        ),
        pytest.param(
            bib(title="{ }"), "no title", id="title of empty braces",
        ),
        pytest.param(
            bib(journal="{}").replace("{{}}", "marfam"), "which no @string defines",
            id="undefined @string that begins like a month",
        ),
        pytest.param(
            bib(journal="{}", volume="{}").replace("{{}},\n  volume = {{}}", '"J"\n  volume = "5"'), "comma",
            id="missing comma between quoted fields",
        ),
        pytest.param(
            bib().replace("{a,", "{a"), "comma",
            id="missing comma after the key",
        ),
        pytest.param(
            bib().replace("title = ", "title "), "equals sign",
            id="missing equals sign",
        ),
        pytest.param(
            bib(confirmed="2024-01-01}", doi="10.1000/abc").replace("\n", " "), "outside any entry",
            id="lost field on the same line",
        ),
        pytest.param(
            bib(confirmed="2024-01-01}", month="{}").replace("{{}}", "jan"), "outside any entry", id="lost month",
        ),
        pytest.param(
            bib(confirmed="2024-01-01}", **{"date-added": "2024-01-01"}), "outside any entry",
            id="lost field with a hyphen in its name",
        ),
        pytest.param(
            bib(year=None, date="2021-13"), "no date", id="thirteenth month",
        ),
        pytest.param(
            bib(year=None, date="2021-02-30"), "no date", id="30 February",
        ),
    ],
)  # fmt: skip
def test_fault_that_is_easily_missed(text: str, expected: str) -> None:
    _, problems = parse_bibliography(text, PATH)
    assert any(expected in problem.message for problem in problems)


@pytest.mark.parametrize("name", ["unclosed brace of a field", "unclosed quote"])
def test_unclosed_value_is_not_sought_after_it(name: str) -> None:
    (problem,) = problems_of(name)  # the title is open; confirmed, on line 13, is the last field
    assert "in or after its field `confirmed`" not in problem.message


def test_an_undefined_string_is_not_its_own_hint() -> None:
    text = "@string{x = y}\n@string{y = x}\n" + bib(journal="{}").replace("{{}}", "x")
    (problem,) = parse_bibliography(text, PATH)[1]
    assert "no @string defines" not in problem.message


def at(monkeypatch: pytest.MonkeyPatch, day: str) -> None:
    """Let the build happen on this day."""
    moment = datetime.fromisoformat(day).replace(hour=12, tzinfo=UTC)
    monkeypatch.setenv("SOURCE_DATE_EPOCH", str(int(moment.timestamp())))


@pytest.mark.parametrize(
    ("today", "fields", "problems"),
    [
        ("2024-05-01", {"confirmed": "2024-05-01"}, 0),
        ("2024-04-30", {"confirmed": "2024-05-01"}, 1),
        ("2024-12-31", {"year": "2025"}, 0),  # volumes are dated ahead
        ("2024-12-31", {"year": "2026"}, 1),
    ],
)
def test_the_future_begins_tomorrow(
    monkeypatch: pytest.MonkeyPatch, today: str, fields: dict[str, str], problems: int
) -> None:
    at(monkeypatch, today)
    assert len(parse_bibliography(bib(**fields), PATH)[1]) == problems


def test_file(tmp_path: Path) -> None:
    file = tmp_path / PATH
    file.write_bytes(b"\xef\xbb\xbf" + bib(author="Müller, Jörg").encode())
    sources, problems = load_bibliography(file, PATH)
    assert problems == []
    assert sources["a"].fields["author"] == "Müller, Jörg"


@pytest.mark.parametrize(
    ("content", "line", "words"),
    [(None, 0, "no such file"), (bib(author="Müller").encode("latin-1"), 2, "not UTF-8: byte 0xfc")],
)
def test_file_that_cannot_be_read(tmp_path: Path, content: bytes | None, line: int, words: str) -> None:
    file = tmp_path / PATH
    if content is not None:
        file.write_bytes(content)
    sources, (problem,) = load_bibliography(file, PATH)
    assert sources == {}
    assert (problem.path, problem.line) == (PATH, line)
    assert words in problem.message
    assert problem.hint


def test_folder_in_place_of_the_file(tmp_path: Path) -> None:
    sources, (problem,) = load_bibliography(tmp_path, PATH)
    assert (sources, problem.message) == ({}, "This is a folder, not a file.")


def test_file_that_may_not_be_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = tmp_path / PATH
    file.write_text(bib(), "utf-8")

    def refuse(_: Path) -> bytes:  # whoever runs the tests may be allowed to read everything
        raise PermissionError(errno.EACCES, os.strerror(errno.EACCES))

    monkeypatch.setattr("pathlib.Path.read_bytes", refuse)
    _, (problem,) = load_bibliography(file, PATH)
    assert problem.message == "The file is there, but it cannot be read: Permission denied."
    assert "chmod u+r references.bib" in problem.hint


def test_file_that_is_known_already(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file, kept = tmp_path / PATH, tmp_path / "cache.json"
    file.write_text(confirm(ZOTERO) + bib(confirmed="2024-05-01"), "utf-8")

    def load(day: str) -> tuple[dict[str, Source], list[Problem]]:
        at(monkeypatch, day)
        cache = Cache(kept)
        loaded = load_bibliography(file, PATH, cache)
        cache.save()
        return loaded

    first, _ = load("2024-05-01")
    assert json.loads(kept.read_text("utf-8").partition("\n")[2])  # a digest stands above
    second, problems = load("2024-05-01")
    assert problems == []
    facts = ("key", "entry_type", "line", "fields", "doi", "design", "confirmed")
    assert [[getattr(source, fact) for fact in facts] for source in second.values()] == [
        [getattr(source, fact) for fact in facts] for source in first.values()
    ]
    # What was right on one day can be wrong on another.
    assert [problem.message for problem in load("2024-04-30")[1]] == [
        "`confirmed` of `a` is 2024-05-01, which is in the future."
    ]
    file.write_text(bib(design=None), "utf-8")
    assert len(load("2024-05-01")[1]) == len(load("2024-05-01")[1]) == 1  # a faulty file is never taken for known
