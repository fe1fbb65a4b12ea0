"""Formatting: the exact text of sources, citations in brackets and in sentences, and the cache of pandoc's answers."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from bs4 import BeautifulSoup

from macros.cache import Cache
from macros.citations.bibliography import parse_bibliography
from macros.citations.macros import visible_text
from macros.citations.processor import Cluster, Formatted, Style, load_style
from macros.citations.rendering import citation, facts, source_bibtex, source_body
from macros.settings import Settings
from tests.citations.test_bibliography import BETTER_BIBLATEX, bib, confirm, read

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from macros.citations.bibliography import Source


def style(name: str) -> Style:
    """Load one of the guide's styles."""
    found, problems = load_style(Settings(citation_style=name), Path())
    assert problems == []
    assert found is not None
    return found


def people(count: int, name: str) -> str:
    """Write that many authors: Aalto, A. and Balto, B. and so on."""
    return " and ".join(f"{chr(65 + number % 26)}{name}{number}, {chr(65 + number % 26)}." for number in range(count))


def listed(first: int, last: int, name: str) -> str:
    """Write some of those authors as APA lists them."""
    return ", ".join(
        f"{chr(65 + number % 26)}{name}{number}, {chr(65 + number % 26)}." for number in range(first, last)
    )


def plainly(title: str = "T", **fields: Any) -> str:
    """Write an article of which the test looks at something else than the title."""
    return bib(title=title, journal="Journal", **fields)


#: Sources and the exact text that APA 7 has for them. No two share a first author.
APA: dict[str, tuple[str, str]] = {
    "article, one author": (
        bib(
            author="Grabski, Meryem", title="Adjunctive ketamine with relapse prevention-based psychological therapy",
            journal="American Journal of Psychiatry", year="2022", volume="179", number="2", pages="152--162",
            doi="10.1176/appi.ajp.2021.21030277",
        ),
        "Grabski, M. (2022). Adjunctive ketamine with relapse prevention-based psychological therapy. American Journal of "
        "Psychiatry, 179(2), 152–162. https://doi.org/10.1176/appi.ajp.2021.21030277",
    ),
    "two authors": (
        plainly(author="Doss, Brian D. and Roddy, McKenzie K."),
        "Doss, B. D., & Roddy, M. K. (2020). T. Journal.",
    ),
    "three authors, DOI as address": (
        bib(
            author="Monson, Candice M. and Wagner, Anne C. and Mithoefer, Michael C.",
            title="{MDMA}-Facilitated Conjoint Therapy: An Uncontrolled Trial",
            journal="European Journal of Psychotraumatology", volume="11", number="1", eid="1840123",
            doi="https://doi.org/10.1080/20008198.2020.1840123",
        ),
        "Monson, C. M., Wagner, A. C., & Mithoefer, M. C. (2020). MDMA-facilitated conjoint therapy: An uncontrolled trial. "
        "European Journal of Psychotraumatology, 11(1), Article 1840123. https://doi.org/10.1080/20008198.2020.1840123",
    ),
    "twenty authors": (
        plainly(author=people(20, "alto")),
        f"{listed(0, 19, 'alto')}, & Talto19, T. (2020). T. Journal.",
    ),
    "twenty-one authors": (
        plainly(author=people(21, "belli")),
        f"{listed(0, 19, 'belli')}, … Ubelli20, U. (2020). T. Journal.",
    ),
    "thirty authors": (
        plainly(author=people(30, "ceder")),
        f"{listed(0, 19, 'ceder')}, … Dceder29, D. (2020). T. Journal.",
    ),
    "one author and others": (plainly(author="Zhu, Anna and others"), "Zhu, A. et al. (2020). T. Journal."),
    "two authors and others": (
        plainly(author="Yao, Anna and Xu, Bert and others"),
        "Yao, A., Xu, B., et al. (2020). T. Journal.",
    ),
    "corporate authors": (
        plainly(author="{World Health Organization} and {Barnes and Noble}"),
        "World Health Organization, & Barnes and Noble. (2020). T. Journal.",
    ),
    "accents": (
        plainly(author=r"M{\"u}ller, J{\"o}rg and {\v C}apek, Jan and {\O}sterg\r{a}rd, \'Elise and Weiß, Ö."),
        "Müller, J., Čapek, J., Østergård, É., & Weiß, Ö. (2020). T. Journal.",
    ),
    "accents right after and": (
        plainly(author=r"Gr{\"u}n, J. and \v{C}apek, Jan and \O stergaard, E."),
        "Grün, J., Čapek, J., & Østergaard, E. (2020). T. Journal.",
    ),
    "particle": (
        bib(kind="book", author="van der Kolk, Bessel", title="The Body Keeps the Score", publisher="Viking", year="2014"),
        "van der Kolk, B. (2014). The body keeps the score. Viking.",
    ),
    "particle, given name first": (plainly(author="Oskar von der Leyden"), "von der Leyden, O. (2020). T. Journal."),
    "suffix": (plainly(author="Zarate Jr., Carlos A."), "Zarate, C. A., Jr. (2020). T. Journal."),
    "suffix between": (plainly(author="Sarate, Jr., Carlos A."), "Sarate, C. A., Jr. (2020). T. Journal."),
    "suffix at the end": (plainly(author="Tarate, Carlos A., Jr."), "Tarate, C. A., Jr. (2020). T. Journal."),
    "apostrophes and hyphens": (
        plainly(author="D'Souza, Deepak Cyril and O'Brien, Charles P. and El-Hage, Wissam and Lebow, Jean-Paul"),
        "D'Souza, D. C., O'Brien, C. P., El-Hage, W., & Lebow, J.-P. (2020). T. Journal.",
    ),
    "article number in pages, letters": (
        bib(author="Abbar, M.", journal="BMJ", volume="376", pages="e067194", doi="doi:10.1136/bmj-2021-067194"),
        "Abbar, M. (2020). A title. BMJ, 376, Article e067194. https://doi.org/10.1136/bmj-2021-067194",
    ),
    "article number in pages, figures": (
        bib(
            author="Khalifian, C.", journal="Frontiers in Psychiatry", volume="15", pages="1376646",
            doi="http://dx.doi.org/10.3389/fpsyt.2024.1376646",
        ),
        "Khalifian, C. (2020). A title. Frontiers in Psychiatry, 15, Article 1376646. "
        "https://doi.org/10.3389/fpsyt.2024.1376646",
    ),
    "in press": (plainly(author="Presser, A.", year="in press"), "Presser, A. (in press). T. Journal."),
    "no date": (plainly(author="Undated, A.", year="n.d."), "Undated, A. (n.d.). T. Journal."),
    "date beside year": (plainly(author="Dated, A.", date="2021-03-04"), "Dated, A. (2021). T. Journal."),
    "book with edition": (
        bib(
            kind="book", author="Johnson, Susan M.",
            title="The Practice of Emotionally Focused Couple Therapy: Creating Connection", edition="3rd",
            publisher="Routledge", address="New York", year="2019", isbn="978-0-8153-4801-6",
        ),
        "Johnson, S. M. (2019). The practice of emotionally focused couple therapy: Creating connection (3rd ed.). Routledge.",
    ),
    "book with edition in letters": (
        bib(kind="book", author="Gottman, John", publisher="Harmony", edition="Second"),
        "Gottman, J. (2020). A title (2nd ed.). Harmony.",
    ),
    "edited book": (
        bib(
            kind="book", author=None, editor="Gurman, Alan S. and Lebow, Jay L.", title="Clinical handbook of couple therapy",
            edition="5", publisher="Guilford Press", year="2015",
        ),
        "Gurman, A. S., & Lebow, J. L. (Eds.). (2015). Clinical handbook of couple therapy (5th ed.). Guilford Press.",
    ),
    "chapter": (
        bib(
            kind="incollection", author="Wagner, Anne C.", title="Couple therapy with {MDMA}---{Proposed} pathways",
            booktitle="Handbook of {Oxford} Psychedelic Therapy", editor="Barrett, Frederick S. and Preller, Katrin",
            edition="2", pages="34--56", publisher="Oxford University Press", year="2021",
        ),
        "Wagner, A. C. (2021). Couple therapy with MDMA—Proposed pathways. In F. S. Barrett & K. Preller (Eds.), Handbook of "
        "Oxford psychedelic therapy (2nd ed., pp. 34–56). Oxford University Press.",
    ),
    "report by its publisher": (
        bib(
            kind="techreport", author="{National Institute for Health and Care Excellence}",
            institution="National Institute for Health and Care Excellence", number="NG222", type="NICE Guideline",
            title="Depression in Adults: Treatment and Management", year="2022", url="https://www.nice.org.uk/guidance/ng222",
        ),
        "National Institute for Health and Care Excellence. (2022). Depression in adults: Treatment and management (NICE "
        "Guideline No. NG222). https://www.nice.org.uk/guidance/ng222",
    ),
    "report": (
        bib(kind="report", author="Hughes, Anna", institution="RAND", number="RR-12", type="Research Report", year="2022"),
        "Hughes, A. (2022). A title (Research Report RR-12). RAND.",
    ),
    "dissertation": (
        bib(
            kind="phdthesis", author="Colbert, Robert", title="Evenings with {Molly}", year="2018",
            school="California Institute of Integral Studies", url="https://www.proquest.com/docview/2094",
        ),
        "Colbert, R. (2018). Evenings with Molly [Doctoral dissertation, California Institute of Integral Studies]. "
        "https://www.proquest.com/docview/2094",
    ),
    "master's thesis": (
        bib(kind="mastersthesis", author="Dolbert, Robert", school="University of X", url="https://example.org/1"),
        "Dolbert, R. (2020). A title [Master's thesis, University of X]. https://example.org/1",
    ),
    "web page without date": (
        bib(
            kind="online", author="{Aarhus University}", title="What is {IBCT}?", year="n.d.", urldate="2024-11-22",
            url=r"https://psy.au.dk/en/what\_is",
        ),
        "Aarhus University. (n.d.). What is IBCT? Retrieved November 22, 2024, from https://psy.au.dk/en/what_is",
    ),
    "web page without any date": (
        bib(kind="online", author="{Aberdeen University}", year="n.d.", url="https://example.org/b"),
        "Aberdeen University. (n.d.). A title. https://example.org/b",
    ),
    "web page with its address in howpublished": (
        bib(kind="misc", author="Evans, Anna", year=None, date="2023-05-06", howpublished=r"\url{https://example.org/a_b}"),
        "Evans, A. (2023, May 6). A title. https://example.org/a_b",
    ),
    "web page of an organisation": (
        bib(kind="online", author=None, organization="FDA", year=None, date="2023-01", url="https://www.fda.gov/x"),
        "FDA. (2023, January). A title. https://www.fda.gov/x",
    ),
    "month as a macro": (
        bib(kind="misc", author="Janssen, A.", url="https://example.org", month="{}").replace("{{}}", "jan"),
        "Janssen, A. (2020, January). A title. https://example.org",
    ),
    "month in letters": (
        bib(kind="misc", author="Kanssen, A.", url="https://example.org", month="January"),
        "Kanssen, A. (2020, January). A title. https://example.org",
    ),
    "month in figures": (
        bib(kind="misc", author="Lanssen, A.", url="https://example.org", month="1", day="5"),
        "Lanssen, A. (2020, January 5). A title. https://example.org",
    ),
    "years of one work": (
        bib(kind="book", author="Yates, A.", publisher="P", year="2019--2020"), "Yates, A. (2019–2020). A title. P.",
    ),
    "months of one web page": (
        bib(kind="online", author="Zimmer, A.", year=None, date="2019-03/2019-05", url="https://example.org"),
        "Zimmer, A. (2019, March–May). A title. https://example.org",
    ),
    "preprint": (
        bib(kind="misc", author="Quist, J.", publisher="PsyArXiv", doi="10.31234/osf.io/abcde"),
        "Quist, J. (2020). A title [Preprint]. PsyArXiv. https://doi.org/10.31234/osf.io/abcde",
    ),
    "preprint that says so twice": (
        bib(kind="misc", author="Quire, J.", publisher="medRxiv", doi="10.1101/2020.01.01.1", eprint="2020.01.01.1",
            pubstate="prepublished"),
        "Quire, J. (2020). A title [Preprint]. medRxiv. https://doi.org/10.1101/2020.01.01.1",
    ),
    "preprint without a number": (
        bib(kind="online", author="Quill, J.", eprinttype="PsyArXiv", doi="10.31234/osf.io/abcdf"),
        "Quill, J. (2020). A title [Preprint]. PsyArXiv. https://doi.org/10.31234/osf.io/abcdf",
    ),
    "preprint in small letters": (
        bib(kind="online", author="Quinn, J.", eprint="2301.12347", eprinttype="arxiv"),
        "Quinn, J. (2020). A title [Preprint]. arXiv. https://arxiv.org/abs/2301.12347",
    ),
    "chapter of a book that stands below": (
        bib(kind="incollection", author="Chang, A.", title="A chapter", crossref="bk", pages="3--9", year=None)
        + bib("bk", "book", author=None, editor="Dent, B.", title="The Book", subtitle="Of Things", publisher="P",
              year="2019", doi="10.1000/book"),
        "Chang, A. (2019). A chapter. In B. Dent (Ed.), The book: Of things (pp. 3–9). P.",
    ),
    "unpublished thesis": (
        bib(kind="thesis", author="Ebert, R.", type="Unpublished master's thesis", institution="University of X"),
        "Ebert, R. (2020). A title [Unpublished master's thesis]. University of X.",
    ),
    "preprint on arXiv": (
        bib(kind="online", author="Rasmus, J.", eprint="2301.12345", eprinttype="arXiv", eprintclass="q-bio"),
        "Rasmus, J. (2020). A title [Preprint]. arXiv. https://arxiv.org/abs/2301.12345",
    ),
    "preprint of Better BibLaTeX": (
        bib(
            kind="online", author="Svensson, J.", year=None, date="2023-01-29", eprint="2301.12346", eprinttype="arXiv",
            pubstate="prepublished", url="http://arxiv.org/abs/2301.12346",
        ),
        "Svensson, J. (2023). A title [Preprint]. arXiv. http://arxiv.org/abs/2301.12346",
    ),
    "concatenated journal": (
        '@string{jcrt = "Journal of Couple"}\n'
        + bib(author="Upton, A.", journal="{}").replace("{{}}", r'jcrt # " {\&} Relationship " # {Therapy}'),
        "Upton, A. (2020). A title. Journal of Couple & Relationship Therapy.",
    ),
    "italics in a title": (
        bib(author="Vance, A.", title=r"Effects of \textit{Salvia divinorum} on couples", journal="Journal"),
        "Vance, A. (2020). Effects of Salvia divinorum on couples. Journal.",
    ),
}  # fmt: skip

#: Sources for citations: key, authors, year, title.
CITED = [
    ("monson", "Monsen, Candice M. and Wagner, Anne C. and Mithoefer, Michael C.", "2020", "T"),
    ("grabski", "Grabow, Meryem and McAndrew, Amy and Lawn, Will", "2022", "T"),
    ("doss", "Dosso, Brian D. and Roddy, McKenzie K.", "2021", "T"),
    ("johnson-z", "Johnsen, Susan M.", "2021", "Alpha"),
    ("johnson-a", "Johnsen, Susan M.", "2021", "Zeta"),
    ("johnson-old", "Johnsen, Susan M.", "2019", "Old"),
    ("smith-anna", "Smith, Anna", "2018", "T"),
    ("smith-bert", "Smith, Bert", "2018", "T"),
    ("smith-bert-doe", "Smith, Bert and Doe, Carl", "2017", "T"),
    ("krystal-duman", "Krystal, John H. and Abdallah, C. and Duman, R.", "2020", "T"),
    ("krystal-bremner", "Krystal, John H. and Bremner, C. and Duman, R.", "2020", "T"),
    ("vdkolff", "van der Kolff, Bessel", "2014", "T"),
    ("kolff", "Kolff, Anna", "2013", "T"),
    ("meyer", "Meyer, A.", "2010", "T"),
    ("fda", "{Food and Drug Administration}", "n.d.", "T"),
    ("lee", "Lee, A.", "in press", "T"),
]


def C(*keys: str, locator: str = "", narrative: bool = False) -> Cluster:  # noqa: N802 - short for tables
    return Cluster(keys, locator, narrative)


#: Citations and their text in APA.
IN_APA: list[tuple[Cluster, str]] = [
    (C("smith-bert-doe"), "(B. Smith & Doe, 2017)"),
    (C("doss"), "(Dosso & Roddy, 2021)"),
    (C("monson"), "(Monsen et al., 2020)"),
    (C("fda"), "(Food and Drug Administration, n.d.)"),
    (C("lee"), "(Lee, in press)"),
    # One author, one year: letters in the order of titles. Two first authors of one surname: initials, always.
    (C("johnson-z"), "(Johnsen, 2021a)"),
    (C("johnson-a"), "(Johnsen, 2021b)"),
    (C("johnson-old"), "(Johnsen, 2019)"),
    (C("smith-anna"), "(A. Smith, 2018)"),
    # "et al." would stand for either: as many names as it takes.
    (C("krystal-duman"), "(Krystal, Abdallah, et al., 2020)"),
    (C("krystal-bremner"), "(Krystal, Bremner, et al., 2020)"),
    # Several in one bracket, by author whatever the order in the page; the same author once.
    (C("monson", "doss", "grabski"), "(Dosso & Roddy, 2021; Grabow et al., 2022; Monsen et al., 2020)"),
    (C("smith-bert", "monson", "smith-anna"), "(Monsen et al., 2020; A. Smith, 2018; B. Smith, 2018)"),
    (C("johnson-z", "johnson-old"), "(Johnsen, 2019, 2021a)"),
    (C("johnson-a", "johnson-z"), "(Johnsen, 2021a, 2021b)"),
    (C("kolff", "vdkolff", "meyer"), "(A. Kolff, 2013; Meyer, 2010; B. van der Kolff, 2014)"),
    (C("lee", "johnson-z", "johnson-old", "doss"), "(Dosso & Roddy, 2021; Johnsen, 2019, 2021a; Lee, in press)"),
    # Places in a source.
    (C("monson", locator="p. 4"), "(Monsen et al., 2020, p. 4)"),
    (C("monson", locator="pp. 4-6"), "(Monsen et al., 2020, pp. 4–6)"),
    (C("monson", locator="Table 2"), "(Monsen et al., 2020, Table 2)"),
    # As part of a sentence: "and", never "&".
    (C("doss", narrative=True), "Dosso and Roddy (2021)"),
    (C("monson", narrative=True), "Monsen et al. (2020)"),
    (C("vdkolff", narrative=True), "B. van der Kolff (2014)"),
    (C("johnson-z", locator="p. 3", narrative=True), "Johnsen (2021a, p. 3)"),
    (C("smith-anna", narrative=True), "A. Smith (2018)"),
    (C("fda", narrative=True), "Food and Drug Administration (n.d.)"),
    (C("doss", "monson", narrative=True), "Dosso and Roddy (2021) and Monsen et al. (2020)"),
    (C("monson", "doss", "lee", narrative=True), "Monsen et al. (2020), Dosso and Roddy (2021), and Lee (in press)"),
]

#: Citations whose order in the bracket is not that of the list.
OUT_OF_ORDER: list[tuple[Cluster, str]] = [
    (C("krystal-duman", "krystal-bremner"), "(Krystal, Abdallah, et al., 2020; Krystal, Bremner, et al., 2020)"),
]

#: Two pages for numbered styles, and the text of their citations.
NUMBERED: dict[str, list[tuple[Cluster, str]]] = {
    "one.md": [
        (C("monson"), "(1)"),
        (C("grabski", "monson"), "(1,2)"),
        (C("doss", "monson", "grabski"), "(1–3)"),
        (C("lee"), "(4)"),
        (C("lee", "monson", "grabski"), "(1,2,4)"),
        (C("lee", "fda", "doss", "monson"), "(1,3–5)"),
        (C("monson", narrative=True), "Monsen et al. (1)"),
        (C("doss", narrative=True), "Dosso and Roddy (3)"),
        (C("fda"), "(5)"),
        (C("vdkolff", locator="Table 2"), "(6, Table 2)"),
        (C("vdkolff", locator="Table 2", narrative=True), "van der Kolff (6, Table 2)"),
    ],
    "two.md": [
        (C("fda"), "(1)"),
        (C("monson", narrative=True), "Monsen et al. (2)"),
        (C("grabski", "fda"), "(1,3)"),
        (C("grabski", "fda", "monson"), "(1–3)"),
        (C("lee", "doss", narrative=True), "Lee (4) and Dosso and Roddy (5)"),
    ],
    "three.md": [
        (C("monson", "grabski", "doss", "lee", "fda", "kolff", "meyer"), "(1–7)"),
        (C("smith-anna", "vdkolff", narrative=True), "Smith (8) and van der Kolff (9)"),
    ],
}
NUMBERED_CASES = [(page, cluster, text) for page, rows in NUMBERED.items() for cluster, text in rows]


def shown(value: object) -> str:
    """Name a test case."""
    if not isinstance(value, Cluster):
        return str(value)
    return " ".join(["textcite" if value.narrative else "cite", *value.keys, value.locator]).strip()


def corpus() -> dict[str, Source]:
    """Give all sources; those of `APA` by their names there, without spaces."""
    text = []
    for name, (entry, _) in APA.items():
        text.append(re.sub(r"\{a,\n", f"{{{key_of(name)},\n", entry, count=1))
    text += [bib(key, author=author, year=year, title=title, journal="Journal") for key, author, year, title in CITED]
    return read("".join(text))


def key_of(name: str) -> str:
    return re.sub(r"\W+", "-", name)


def formatted(
    style_name: str, sources: Mapping[str, Source], pages: Mapping[str, Sequence[Cluster]], cache: Cache
) -> Formatted:
    """Begin formatting in one of the guide's styles."""
    found = Formatted(style(style_name), sources, cache)
    found.add_citations(pages)
    return found


@pytest.fixture(scope="module")
def apa() -> Formatted:
    clusters = [cluster for cluster, _ in (*IN_APA, *OUT_OF_ORDER)]
    return formatted("apa", corpus(), {"one.md": clusters}, Cache(None))


@pytest.fixture(scope="module", params=["vancouver", "frontiers"])
def numbered(request: pytest.FixtureRequest) -> Formatted:
    pages = {page: [cluster for cluster, _ in rows] for page, rows in NUMBERED.items()}
    return formatted(request.param, corpus(), pages, Cache(None))


@pytest.mark.parametrize("name", APA)
def test_apa_entry(apa: Formatted, name: str) -> None:
    assert visible_text(apa.entry(key_of(name))) == APA[name][1]


def test_markup_and_links_of_an_entry(apa: Formatted) -> None:
    assert apa.entry(key_of("article, one author")).endswith(
        '<em>American Journal of Psychiatry</em>, <em>179</em>(2), 152–162. <a href="https://doi.org/10.1176/appi.ajp.2021.'
        '21030277">https://doi.org/10.1176/appi.ajp.2021.21030277</a>'
    )
    assert "<em>Salvia divinorum</em>" in apa.entry(key_of("italics in a title"))
    assert apa.entry(key_of("book with edition")).startswith("Johnson, S. M. (2019). <em>The practice of")


@pytest.mark.parametrize(
    ("key", "expected"),
    [
        (
            "monsonMDMAfacilitatedCognitivebehavioural2020",
            "Monson, C. M., & Wagner, A. C. (2020). MDMA-facilitated cognitive-behavioural conjoint therapy for posttraumatic "
            "stress: An uncontrolled trial. European Journal of Psychotraumatology, 11(1), Article 1840123. "
            "https://doi.org/10.1080/20008198.2020.1840123",
        ),
        (
            "wagnerCoupleTherapyMDMA2021",
            "Wagner, A. C. (2021). Couple therapy with MDMA—Proposed pathways of action. In F. S. Barrett & K. Preller (Eds.), "
            "Handbook of psychedelic therapy (2nd ed., pp. 34–56). Springer. https://doi.org/10.1007/7854_2021_267",
        ),
        (
            "niceDepression2022",
            "National Institute for Health and Care Excellence. (2022). Depression in adults: Treatment and management "
            "(No. NG222). https://www.nice.org.uk/guidance/ng222",
        ),
        (
            "colbertEveningsMolly2018",
            "Colbert, R. (2018). Evenings with Molly [Doctoral dissertation, California Institute of Integral Studies]. "
            "https://www.proquest.com/docview/2094_1",
        ),
        (
            "leePreprintCouples2023",
            "Lee, K. (2023). A preprint about couples [Preprint]. arXiv. https://doi.org/10.48550/arXiv.2301.12345",
        ),
    ],
)  # fmt: skip
def test_export_of_better_biblatex(exported: Formatted, key: str, expected: str) -> None:
    assert visible_text(exported.entry(key)) == expected


@pytest.fixture(scope="module")
def exported() -> Formatted:
    return formatted("apa", read(confirm(BETTER_BIBLATEX)), {}, Cache(None))


@pytest.mark.parametrize(
    ("cluster", "expected"),
    [
        *IN_APA,
        *(
            pytest.param(
                *row,
            )
            for row in OUT_OF_ORDER
        ),
    ],
    ids=shown,
)
def test_apa_citation(apa: Formatted, cluster: Cluster, expected: str) -> None:
    assert visible_text(apa.citation("one.md", cluster)) == expected


def test_list_in_apa_order(apa: Formatted) -> None:
    keys = [key for key, *_ in CITED]
    assert apa.in_order(reversed(keys)) == [
        "doss", "fda", "grabski", "johnson-old", "johnson-z", "johnson-a", "kolff", "krystal-duman", "krystal-bremner", "lee",
        "meyer", "monson", "smith-anna", "smith-bert", "smith-bert-doe", "vdkolff",
    ]  # fmt: skip
    assert apa.label("doss", 1) == ""


@pytest.mark.parametrize("key", [key for key, *_ in CITED])
def test_year_in_citation_is_that_in_the_list(apa: Formatted, key: str) -> None:
    in_list = re.search(r"\(([^)]*)\)", apa.entry(key))
    in_text = re.search(r", ([^,]*)\)$", visible_text(apa.citation("one.md", C(key))))
    assert in_list is not None
    assert in_text is not None
    assert in_list[1] == in_text[1]


def test_prefix(apa: Formatted) -> None:
    assert visible_text(apa.citation("one.md", C("doss", "monson", "grabski"), "see, for example,")) == (
        "(see, for example, Dosso & Roddy, 2021; Grabow et al., 2022; Monsen et al., 2020)"
    )


def test_each_source_of_a_bracket_is_a_link_of_its_own(apa: Formatted) -> None:
    assert apa.citation("one.md", C("johnson-z", "johnson-old")) == (
        '(<a data-k="johnson-old">Johnsen, 2019</a>, <a data-k="johnson-z">2021a</a>)'
    )
    assert citation(apa.citation("one.md", C("doss", narrative=True)), {"doss": 2}) == (
        '<a class="cite" role="doc-biblioref" href="#ref-doss" id="cite-doss-2">Dosso and Roddy (2021)</a>'
    )


#: Articles of one author and year whose months are not the order of their letters, and web pages whose months are.
MONTHS = [
    bib("o1", author="Ord, J.", title="Zeta", journal="J", year="2021", month="jan"),
    bib("o2", author="Ord, J.", title="Alpha", journal="J", year="2021", month="dec"),
    bib("e1", author="Lopez, A.", title="Zeta", journal="J", year="2021", month="feb"),
    bib("e2", author="Lopez, A.", title="Alpha", journal="J", year="2021", month="may"),
    bib("e3", author="Lopez, A.", title="Beta", journal="J", year="2021"),
    bib("e4", author="Lopez, A.", title="Old", journal="J", year="2019"),
    bib("w1", "online", author="Webb, A.", title="Zeta", year=None, date="2021-02-03", url="https://example.org/1"),
    bib("w2", "online", author="Webb, A.", title="Alpha", year=None, date="2021-05", url="https://example.org/2"),
]
IN_MONTHS = [
    (C("o1", "o2"), "(Ord, 2021a, 2021b)"),
    (C("o2", "o1"), "(Ord, 2021a, 2021b)"),
    (C("e1", "e3", "e2"), "(Lopez, 2021a, 2021b, 2021c)"),
    (C("w2", "w1"), "(Webb, 2021a, 2021b)"),
    (C("e1", "e2", narrative=True), "Lopez (2021a) and Lopez (2021c)"),
    # All but the letters stays as it was written.
    (C("e1", "o1", "e3", narrative=True), "Lopez (2021b), Ord (2021b), and Lopez (2021c)"),
    (C("e1", "e4", narrative=True), "Lopez (2021c) and Lopez (2019)"),
]


@pytest.fixture(scope="module")
def months() -> Formatted:
    return formatted("apa", read("".join(MONTHS)), {"one.md": [cluster for cluster, _ in IN_MONTHS]}, Cache(None))


@pytest.mark.parametrize(("cluster", "expected"), IN_MONTHS, ids=shown)
def test_letters_of_one_citation_are_in_order(months: Formatted, cluster: Cluster, expected: str) -> None:
    assert visible_text(months.citation("one.md", cluster)) == expected


@pytest.mark.parametrize(("page", "cluster", "expected"), NUMBERED_CASES, ids=shown)
def test_numbered_citation(numbered: Formatted, page: str, cluster: Cluster, expected: str) -> None:
    assert visible_text(numbered.citation(page, cluster)) == expected


def test_numbers_follow_the_first_citation_on_each_page(numbered: Formatted) -> None:
    assert numbered.numbers("one.md") == {"monson": 1, "grabski": 2, "doss": 3, "lee": 4, "fda": 5, "vdkolff": 6}
    assert numbered.numbers("two.md") == {"fda": 1, "monson": 2, "grabski": 3, "lee": 4, "doss": 5}
    assert numbered.listed("two.md") == ["fda", "monson", "grabski", "lee", "doss"]
    assert numbered.label("fda", 1) == "1."
    assert numbered.label("fda", 12) == "12."


def test_numbers_link_to_their_sources(numbered: Formatted) -> None:
    assert (
        numbered.citation("two.md", C("grabski", "fda"), "see")
        == '(see <a data-k="fda">1</a>,<a data-k="grabski">3</a>)'
    )
    # The source in the middle of a range is not printed, but the list leads back to it.
    linked = citation(numbered.citation("two.md", C("grabski", "fda", "monson")), {"fda": 2, "monson": 2, "grabski": 2})
    assert linked.endswith('</a>)<span id="cite-monson-2"></span>')


NUMBERED_ENTRIES = {
    ("vancouver", "article, one author"): (
        "Grabski M. Adjunctive ketamine with relapse prevention-based psychological therapy. American Journal of "
        "Psychiatry. 2022;179(2):152–62. doi:10.1176/appi.ajp.2021.21030277"
    ),
    ("frontiers", "article, one author"): (
        "Grabski M. Adjunctive ketamine with relapse prevention-based psychological therapy. American Journal of Psychiatry "
        "(2022) 179:152–162. doi: 10.1176/appi.ajp.2021.21030277"
    ),
    ("vancouver", "thirty authors"): (
        "Aceder0 A, Bceder1 B, Cceder2 C, Dceder3 D, Eceder4 E, Fceder5 F, et al. T. Journal. 2020."
    ),
    ("frontiers", "thirty authors"): (
        "Aceder0 A, Bceder1 B, Cceder2 C, Dceder3 D, Eceder4 E, Fceder5 F, Gceder6 G, Hceder7 H, Iceder8 I, Jceder9 J, et al. "
        "T. Journal (2020)"
    ),
}


@pytest.mark.parametrize("name", ["article, one author", "thirty authors"])
def test_numbered_entry(numbered: Formatted, name: str) -> None:
    assert visible_text(numbered.entry(key_of(name))) == NUMBERED_ENTRIES[numbered.style.name, name]


# Text from outside is shown and never run.

SCRIPT = "<script>alert(1)</script>"
IMAGE = "<img src=x onerror=alert(1)>"
SIGNS = """a & b "q" 'q' < > &amp; <!x> <b onclick="x">"""
PAYLOADS = {"script": SCRIPT, "image": IMAGE, "signs": SIGNS}
#: Fields, and the type of entry in which APA prints each.
FIELDS = {
    "author": "article", "title": "article", "journal": "article", "volume": "article", "number": "article", "pages": "article",
    "publisher": "book", "edition": "book", "editor": "incollection", "booktitle": "incollection", "institution": "report",
    "type": "report", "howpublished": "report", "note": "article", "abstract": "article", "keywords": "article",
    "sample": "article", "finding": "article", "limits": "article",
}  # fmt: skip
NOT_PRINTED = {"note", "abstract", "keywords"}
FACTS = {"sample", "finding", "limits"}
ADDRESSES = {
    "quote-in-url": {"url": 'https://example.org/"onmouseover="alert(1)'},
    "script-in-url": {"url": f"https://example.org/{SCRIPT}"},
    "image-in-doi": {"doi": "10.1000/<img/src=x/onerror=alert(1)>"},
    "javascript-as-url": {"howpublished": r"\url{javascript:alert(1)}", "finding": r"\url{javascript:alert(1)}"},
}


@pytest.fixture(scope="module")
def hostile() -> tuple[dict[str, Source], Formatted]:
    text = []
    for field, kind in FIELDS.items():
        for name, payload in PAYLOADS.items():
            value = f"{{{payload}}}" if field in ("author", "editor") else payload
            text.append(bib(f"{field}-{name}", kind, **{"booktitle": "B", field: value}))
    text += [bib(name, "misc", **fields) for name, fields in ADDRESSES.items()]
    # The check refuses this address; formatting must not depend on that.
    refused, _ = parse_bibliography(bib("javascript-refused", "online", url="javascript:alert(1)"), "references.bib")
    sources = read("".join(text)) | refused
    page = [C("author-script", locator=SCRIPT), C("author-image", narrative=True)]
    return sources, formatted("apa", sources, {"one.md": page}, Cache(None))


def assert_harmless(fragment: str) -> None:
    """Check that HTML holds no element and no attribute but those that the guide writes."""
    for element in BeautifulSoup(fragment, "html.parser").find_all():
        assert element.name in {"a", "em", "p", "span", "dl", "div", "dt", "dd", "details", "summary", "pre", "samp"}
        assert set(element.attrs) <= {"href", "class", "id", "data-k", "data-design"}
        assert str(element.get("href", "https://")).startswith("https://")


def folded(text: str) -> str:
    """Take out what styles change: capitals, and the spaces around the "&" of pages."""
    return "".join(text.casefold().split())


@pytest.mark.parametrize("payload", PAYLOADS)
@pytest.mark.parametrize("field", FIELDS)
def test_html_in_a_field_is_text(hostile: tuple[dict[str, Source], Formatted], field: str, payload: str) -> None:
    sources, styled = hostile
    source, text = sources[f"{field}-{payload}"], PAYLOADS[payload]
    body, bibtex = source_body(source, styled), source_bibtex(source)
    assert_harmless(body)
    assert_harmless(bibtex)
    assert text in visible_text(bibtex)
    if field in FACTS:
        assert text in visible_text(facts(source))
    elif field not in NOT_PRINTED:
        assert folded(text) in folded(visible_text(styled.entry(source.key)))


@pytest.mark.parametrize("key", [*ADDRESSES, "javascript-refused"])
def test_addresses_are_harmless(hostile: tuple[dict[str, Source], Formatted], key: str) -> None:
    sources, styled = hostile
    assert_harmless(source_body(sources[key], styled))


def test_html_in_citations_is_text(hostile: tuple[dict[str, Source], Formatted]) -> None:
    _, styled = hostile
    located = styled.citation("one.md", C("author-script", locator=SCRIPT), IMAGE)
    assert_harmless(located)
    assert visible_text(located).startswith(f"({IMAGE} {SCRIPT}, 2020")
    assert visible_text(located).endswith(f"{SCRIPT})")
    named = styled.citation("one.md", C("author-image", narrative=True))
    assert_harmless(named)
    assert visible_text(named).startswith(f"{IMAGE} (2020")


@pytest.mark.parametrize("field", ["title", "howpublished", "finding"])
def test_href_in_a_field_is_no_link(field: str) -> None:
    sources = read(bib(kind="misc", **{field: r"see \href{javascript:alert(1)}{label}"}))
    body = source_body(sources["a"], formatted("apa", sources, {}, Cache(None)))
    assert_harmless(body)
    assert "label" in visible_text(body)


def test_a_control_character_does_not_swap_entries() -> None:
    sources = read(
        bib("aa", "online", author="Aa, A.", url="https://example.org/\x1ea")
        + bib("bb", "online", author="Bb, A.", url="https://example.org/b")
        + bib("cc", "online", author="Cc, A.", url="https://example.org/c")
    )
    styled = formatted("apa", sources, {}, Cache(None))
    assert [styled.entry(key)[:2] for key in sources] == ["Aa", "Bb", "Cc"]


# The cache.

THREE = bib("x", author="Xu, A.") + bib("y", author="Yu, B.") + bib("z", author="Zu, C.")
PAGE = [C("x"), C("z", "y"), C("y", narrative=True), C("x", locator="p. 2")]


def build(file: Path, style_name: str = "apa", text: str = THREE) -> list[str]:
    """Format sources and citations with the cache in a file, and give everything that came out."""
    sources = read(text)
    styled = formatted(style_name, sources, {"one.md": PAGE}, Cache(file))
    return [*map(styled.entry, sources), *(styled.citation("one.md", cluster) for cluster in PAGE)]


@pytest.mark.parametrize("style_name", ["apa", "vancouver"])
def test_second_build_starts_no_pandoc(tmp_path: Path, style_name: str) -> None:
    file = tmp_path / "citations.json"
    first = build(file, style_name)
    written = file.stat().st_ino
    again = Formatted(style(style_name), read(THREE), Cache(file))
    assert again._runs == []
    again.add_citations({"one.md": PAGE})
    assert again._runs == []
    assert build(file, style_name) == first
    # Numbers are asked for last of all; an answer of pandoc would have been written to a new file.
    assert file.stat().st_ino == written


@pytest.mark.parametrize(
    "content", [b"", b'{"half": [1, 2', b"null", b"[1, 2]", b'"text"', b"\xff\xfe", None], ids=repr
)
def test_damaged_cache_is_ignored(tmp_path: Path, content: bytes | None) -> None:
    file = tmp_path / "citations.json"
    if content is None:
        file.mkdir()  # can be neither read nor written
    else:
        file.write_bytes(content)
    assert build(file)[0] == "Xu, A. (2020). <em>A title</em>."
    if content is not None:
        assert Formatted(style("apa"), read(THREE), Cache(file))._runs == []


def test_one_more_source_changes_few_jobs() -> None:
    def jobs(sources: Mapping[str, Source]) -> set[str]:
        planned = Formatted(style("apa"), sources, Cache(None))
        planned.stop()
        return {job.id for job in planned._jobs}

    many = read("".join(bib(f"s{number}", author=f"Author{number}, A.") for number in range(200)))
    before = jobs(many)
    after = jobs(many | read(bib("a-new", author="Aaa, A.")))
    assert len(before) > 3  # groups of sources, and the order of the list
    assert len(after - before) == 2  # one of the groups, and the order


def test_one_more_source_renews_what_it_changes(tmp_path: Path) -> None:
    file = tmp_path / "citations.json"
    assert build(file)[-4:-2] == [
        '(<a data-k="x">Xu, 2020</a>)',
        '(<a data-k="y">Yu, 2020</a>; <a data-k="z">Zu, 2020</a>)',
    ]
    more = build(file, text=THREE + bib("x2", author="Xu, A.", title="Before a title"))
    assert more[0] == "Xu, A. (2020a). <em>A title</em>."
    assert more[3] == "Xu, A. (2020b). <em>Before a title</em>."
    assert more[4] == '(<a data-k="x">Xu, 2020a</a>)'


# Styles.


@pytest.mark.parametrize(
    ("name", "content", "words", "hint"),
    [
        ("appa", None, "There is no citation style `appa`", "Did you mean `apa`?"),
        ("names", None, "There is no citation style `names`", "apa, frontiers, vancouver"),
        ("../styles/apa", None, "There is no citation style", ""),
        ("mine.csl", None, "There is no citation style `mine.csl`", ""),
        ("mine.csl", "<style>", "`mine.csl` is no CSL style", None),
        ("mine.csl", "<html/>", "`mine.csl` is no CSL style: it has no <citation>", None),
        (
            "mine.csl", '<style xmlns="http://purl.org/net/xbiblio/csl" class="note"><citation><layout/></citation></style>',
            "puts citations into footnotes", "author-date or a numbered style",
        ),
    ],
)  # fmt: skip
def test_style_that_cannot_be_used(
    tmp_path: Path, name: str, content: str | None, words: str, hint: str | None
) -> None:
    if content:
        (tmp_path / "mine.csl").write_text(content, "utf-8")
    found, (problem,) = load_style(Settings(citation_style=name, citation_style_line=7), tmp_path)
    assert found is None
    assert (problem.path, problem.line) == ("mkdocs.yml", 7)
    assert words in problem.message
    assert hint is None or hint in problem.hint


@pytest.mark.parametrize(
    ("name", "numeric", "sorts_list"), [("apa", False, True), ("vancouver", True, False), ("frontiers", True, False)]
)
def test_styles_of_the_guide(name: str, numeric: bool, sorts_list: bool) -> None:
    found = style(name)
    assert (found.numeric, found.sorts_list) == (numeric, sorts_list)
    assert (found.prefix, found.suffix) == ("(", ")")
