"""BibTeX entries to CSL data: names, sentence case, dates, places, and the type of each entry."""

from __future__ import annotations

import pytest

from macros.citations.bibliography import ENTRY_TYPES, Source
from macros.citations.csl_json import CslItem, csl_item, names, sentence_case, text_of, to_csl_json
from macros.citations.latex import runs


def item(entry_type: str = "article", **fields: str) -> CslItem:
    """Give an entry as plain CSL-JSON; author, title and year are there unless they are given."""
    fields = {"author": "Smith, Anna", "title": "A title", "year": "2020"} | fields
    return to_csl_json(csl_item(Source("key", entry_type, 1, fields, doi=fields.pop("doi", ""))))


def person(family: str, given: str = "", **parts: str) -> dict[str, str]:
    known = {"family": family} | ({"given": given} if given else {})
    return known | {name.replace("_", "-"): part for name, part in parts.items()}


MORE = {"literal": "others"}
VDK = "van der Kolk, Bessel"


@pytest.mark.parametrize(
    ("bibtex", "expected"),
    [
        ("Smith, Anna", [person("Smith", "Anna")]),
        ("Anna B. Smith", [person("Smith", "Anna B.")]),
        ("Smith, Anna and Bert Jones", [person("Smith", "Anna"), person("Jones", "Bert")]),
        ("Smith, Anna\n    and Jones, Bert", [person("Smith", "Anna"), person("Jones", "Bert")]),
        ("Smith, Anna and others", [person("Smith", "Anna"), MORE]),
        # Particles go before the family name, however the name is put; braces make them a part of it.
        (VDK, [person("Kolk", "Bessel", non_dropping_particle="van der")]),
        ("Bessel A. van der Kolk", [person("Kolk", "Bessel A.", non_dropping_particle="van der")]),
        ("{van der Kolk}, Bessel", [person("van der Kolk", "Bessel")]),
        ("Van Hall, Edward", [person("Van Hall", "Edward")]),
        ("de la Cruz, Maria", [person("Cruz", "Maria", non_dropping_particle="de la")]),
        # "Jr." in each of the places where people put it.
        ("Zarate, Jr., Carlos A.", [person("Zarate", "Carlos A.", suffix="Jr.")]),
        ("Zarate, Carlos A., Jr.", [person("Zarate", "Carlos A.", suffix="Jr.")]),
        ("Zarate Jr., Carlos A.", [person("Zarate", "Carlos A.", suffix="Jr.")]),
        ("Zarate Jr, Carlos A.", [person("Zarate", "Carlos A.", suffix="Jr")]),
        ("King, III, Martin Luther", [person("King", "Martin Luther", suffix="III")]),
        # Apostrophes, hyphens and capitals inside a name.
        ("D'Souza, Deepak Cyril", [person("D'Souza", "Deepak Cyril")]),
        (r"O{\textquoteright}Brien, Charles P.", [person("O’Brien", "Charles P.")]),
        ("El-Hage, Wissam", [person("El-Hage", "Wissam")]),
        ("DeWilde, Kaitlin E.", [person("DeWilde", "Kaitlin E.")]),
        ("Wagner, A.C. and Smith, A.-M.", [person("Wagner", "A.C."), person("Smith", "A.-M.")]),
        # Accents.
        (r"M{\"u}ller, J{\"o}rg and Dvo{\v{r}}{\'a}k, Jan", [person("Müller", "Jörg"), person("Dvořák", "Jan")]),
        (r"\v{C}apek, Karel", [person("Čapek", "Karel")]),
        (r"{\O}stergaard, S{\o}ren and Wei{\ss}, Eva", [person("Østergaard", "Søren"), person("Weiß", "Eva")]),
        (
            r"Smith, Anna and \v{C}apek, Karel and \'Elise Martin",
            [person("Smith", "Anna"), person("Čapek", "Karel"), person("Martin", "Élise")],
        ),
        # A tilde over a letter is no hard space.
        (r"Nu\~nez, Jo\~ao", [person("Nuñez", "João")]),
        (r"S\~{a}o Paulo, Jo\~{a}o and \~{A}vila Ruiz, B.", [person("São Paulo", "João"), person("Ãvila Ruiz", "B.")]),
        (r"Nu{\~n}ez, B. and Mat\~{\i}as Nu\~nez", [person("Nuñez", "B."), person("Nuñez", "Matĩas")]),
        (r"{Funda\c{c}\~{a}o Oswaldo Cruz}", [{"literal": "Fundação Oswaldo Cruz"}]),
        ("Smith,~Anna~B.", [person("Smith", "Anna B.")]),
        # Organisations.
        ("{World Health Organization}", [{"literal": "World Health Organization"}]),
        ("{Barnes and Noble, Inc.} and Smith, A.", [{"literal": "Barnes and Noble, Inc."}, person("Smith", "A.")]),
        (r"{Centers for Disease Control \& Prevention}", [{"literal": "Centers for Disease Control & Prevention"}]),
        ("{National Institute {(NICE)}}", [{"literal": "National Institute (NICE)"}]),
        ("NICE", [person("NICE")]),
        # Better BibLaTeX writes names with particles so, unless told not to.
        (
            "family=Kolk, given=Bessel, prefix=van der, useprefix=true and Smith, Anna",
            [person("Kolk", "Bessel", non_dropping_particle="van der"), person("Smith", "Anna")],
        ),
        (
            "family=Zarate, given=Carlos A., suffix=Jr.", [person("Zarate", "Carlos A.", suffix="Jr.")],
        ),
    ],
)  # fmt: skip
def test_names(bibtex: str, expected: list[dict[str, str]]) -> None:
    assert names(bibtex) == expected


@pytest.mark.parametrize(
    ("title", "expected"),
    [
        # In title case: lowered, except what stands in braces and what is an acronym.
        ("The Effects of Ketamine on Depression", "The effects of ketamine on depression"),
        ("{MDMA}-Assisted Therapy for {PTSD}", "MDMA-assisted therapy for PTSD"),
        ("Intravenous Ketamine for PTSD Among Veterans", "Intravenous ketamine for PTSD among veterans"),
        ("The BDI-II and WHO-5 in Phase II Trials", "The BDI-II and WHO-5 in phase II trials"),
        ("Self-Report Measures of {Dutch} Couples", "Self-report measures of Dutch couples"),
        ("Why I Think We're Falling: I've Got Love", "Why I think we're falling: I've got love"),
        ("D'Souza and O'Brien Revisited Again", "D'Souza and O'Brien revisited again"),
        ("mTOR Signalling in Human Depression", "mTOR signalling in human depression"),
        (r"{\"U}ber Love and {\'E}tudes", "Über love and études"),
        ("KETAMINE FOR DEPRESSION: A TRIAL", "Ketamine for depression: A trial"),
        # A new start after a colon, a question mark or an exclamation mark.
        ("Ketamine for Depression: A Randomized Trial", "Ketamine for depression: A randomized trial"),
        ("What Works for Whom? A Critical Review", "What works for whom? A critical review"),
        ("Stop! “The Name of Love” Revisited", "Stop! “The name of love” revisited"),
        ("ketamine for depression in adults: the Boston study", "Ketamine for depression in adults: The Boston study"),
        (r"{MDMA}: {\emph{A Review}} of Couples", "MDMA: A Review of couples"),
        # In sentence case: all capitals stay.
        ("Ketamine for couples in Zurich: protocol of a trial", "Ketamine for couples in Zurich: Protocol of a trial"),
        ("A trial of the Gottman method in distressed couples", "A trial of the Gottman method in distressed couples"),
        ("Ketamine", "Ketamine"),
        # Zotero's own export puts every capital in braces, and so they stay.
        ("The {Body} {Keeps} the {Score}: {Brain}, {Mind}", "The Body Keeps the Score: Brain, Mind"),
        ("{{The Body Keeps the Score}}", "The Body Keeps the Score"),
        (
            "The 5-HT2A and GluN2B Receptors in CYP2B6 Mice", "The 5-HT2A and GluN2B receptors in CYP2B6 mice",
        ),
        (
            "Ketamine for depression in Boston and New York", "Ketamine for depression in Boston and New York",
        ),
        (
            "MDMA-assisted therapy for PTSD in the United States", "MDMA-assisted therapy for PTSD in the United States",
        ),
        (
            "Couple Therapy for Depression. A Randomized Trial", "Couple therapy for depression. A randomized trial",
        ),
        (
            "Couple Therapy With Ketamine---A Proposal", "Couple therapy with ketamine—A proposal",
        ),
        (
            r"Use of \emph{Salvia divinorum} in Couple Therapy", "Use of Salvia divinorum in couple therapy",
        ),
        (
            "d-cycloserine augmentation of therapy", "d-cycloserine augmentation of therapy",
        ),
    ],
)  # fmt: skip
def test_sentence_case(title: str, expected: str) -> None:
    assert text_of(sentence_case(runs(title))) == expected


GERMAN = "Ketamin in der Behandlung der Depression"


@pytest.mark.parametrize(
    "fields",
    [
        {"langid": "ngerman"},
        {"language": "German"},
        {"language": "de"},
        {"language": "de-DE"},
    ],
)
def test_titles_in_other_languages_keep_their_capitals(fields: dict[str, str]) -> None:
    assert item(title=GERMAN, **fields)["title"] == GERMAN


@pytest.mark.parametrize(
    ("fields", "ends"),
    [
        ({"date": "2021-03-04/2021-05-06"}, [[2021, 3, 4], [2021, 5, 6]]),
        ({"year": "2020--2021", "month": "5"}, [[2020], [2021]]),
        ({"year": "2020–2021"}, [[2020], [2021]]),
        ({"year": "2020/2020"}, [[2020]]),
    ],
)
def test_dates_of_some_length(fields: dict[str, str], ends: list[list[int]]) -> None:
    assert item(**fields)["issued"] == {"date-parts": ends}


@pytest.mark.parametrize(
    ("fields", "issued"),
    [
        ({"year": "2020"}, [2020]),
        ({"year": "{2020}"}, [2020]),
        ({"year": "2020", "month": "1"}, [2020, 1]),
        ({"year": "2020", "month": "jan"}, [2020, 1]),
        ({"year": "2020", "month": "January"}, [2020, 1]),
        ({"year": "2020", "month": "{Sept.}", "day": "5"}, [2020, 9, 5]),
        ({"year": "2020", "month": "Spring"}, [2020]),
        ({"date": "2021-03-04", "year": "2020", "month": "1"}, [2021, 3, 4]),
        ({"date": "2021-03"}, [2021, 3]),
        ({"date": "2021~"}, [2021]),
        ({"date": "2020-06-25T12:30:05+00:00"}, [2020, 6, 25]),
        ({"date": "2020-06-25T12:30:05-05:00"}, [2020, 6, 25]),
        ({"year": "n.d."}, None),
        ({"year": "in press"}, None),
    ],
)
def test_dates(fields: dict[str, str], issued: list[int] | None) -> None:
    assert item(**fields).get("issued") == ({"date-parts": [issued]} if issued else None)


@pytest.mark.parametrize(
    ("fields", "status"),
    [
        ({"year": "in press"}, "in press"),
        ({"year": "{In Press}"}, "in press"),
        ({"year": "2024", "pubstate": "inpress"}, "in press"),
        ({"year": "forthcoming"}, "forthcoming"),
        ({"year": "n.d."}, None),
        ({"year": "2024"}, None),
    ],
)
def test_sources_that_are_not_out_yet(fields: dict[str, str], status: str | None) -> None:
    assert item(**fields).get("status") == status


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ({"pages": "152--162"}, {"page": "152-162"}),
        ({"pages": "152-162"}, {"page": "152-162"}),
        ({"pages": "152–162"}, {"page": "152-162"}),
        ({"pages": "S12 -- S19"}, {"page": "S12-S19"}),
        ({"pages": "123"}, {"page": "123"}),
        ({"pages": "e067194"}, {"page": "e067194", "number": "e067194"}),
        ({"pages": "1376646"}, {"page": "1376646", "number": "1376646"}),
        ({"eid": "e12", "pages": "1--9"}, {"page": "e12", "number": "e12"}),
        ({"number": "3"}, {"issue": "3"}),
        ({"number": "7", "issue": "3"}, {"issue": "3"}),
    ],
)
def test_pages_and_article_numbers(fields: dict[str, str], expected: dict[str, str]) -> None:
    found = item(**fields)
    assert {name: found[name] for name in ("page", "number", "issue") if name in found} == expected


@pytest.mark.parametrize(
    ("entry_type", "fields", "expected"),
    [
        ("article", {}, "article-journal"),
        ("article", {"entrysubtype": "newspaper"}, "article-newspaper"),
        ("book", {}, "book"),
        ("inbook", {}, "chapter"),
        ("incollection", {}, "chapter"),
        ("inproceedings", {}, "paper-conference"),
        ("techreport", {}, "report"),
        ("mastersthesis", {}, "thesis"),
        ("online", {"url": "https://example.org"}, "webpage"),
        ("misc", {"url": "https://example.org"}, "webpage"),
        ("misc", {"howpublished": r"\url{https://example.org}"}, "webpage"),
        ("misc", {}, "document"),
        # Preprints, as arXiv, Zotero and Better BibLaTeX have them.
        ("misc", {"publisher": "PsyArXiv", "url": "https://osf.io/x"}, "article"),
        ("misc", {"eprint": "2301.12345", "archiveprefix": "arXiv"}, "article"),
        ("online", {"eprinttype": "medRxiv", "eprint": "x", "pubstate": "prepublished"}, "article"),
        ("online", {"note": "arXiv:2301.12345 [q-bio]"}, "article"),
        ("preprint", {}, "article"),
        # A journal article stays one, whatever its note says.
        ("article", {"note": "Preprint on PsyArXiv", "eprint": "35110300", "eprinttype": "pmid"}, "article-journal"),
    ],
)
def test_types(entry_type: str, fields: dict[str, str], expected: str) -> None:
    assert item(entry_type, **fields)["type"] == expected


@pytest.mark.parametrize("entry_type", sorted(ENTRY_TYPES))
def test_every_known_type_becomes_an_item(entry_type: str) -> None:
    assert item(entry_type)["title"] == "A title"


@pytest.mark.parametrize(
    ("entry_type", "fields", "genre"),
    [
        ("phdthesis", {"type": "PhD thesis"}, "Doctoral dissertation"),
        ("phdthesis", {}, "Doctoral dissertation"),
        ("thesis", {"type": "phdthesis"}, "Doctoral dissertation"),
        ("mastersthesis", {}, "Master's thesis"),
        ("thesis", {"type": "Master's thesis"}, "Master's thesis"),
        ("techreport", {"type": "NICE guideline"}, "NICE guideline"),
        ("preprint", {}, "Preprint"),
        ("thesis", {"type": "mathesis"}, "Master's thesis"),
        (
            "thesis", {"type": "Bachelor's thesis"}, "Bachelor's thesis",
        ),
    ],
)  # fmt: skip
def test_genres(entry_type: str, fields: dict[str, str], genre: str) -> None:
    assert item(entry_type, **fields)["genre"] == genre


@pytest.mark.parametrize(
    ("edition", "expected"),
    [
        ("2", "2"),
        ("2nd", "2"),
        ("3rd ed.", "3"),
        ("4th edition", "4"),
        ("Revised", "Revised"),
        # BibTeX's own manual asks for an ordinal in letters.
        ("Second", "2"),
        ("Third edition", "3"),
    ],
)
def test_editions(edition: str, expected: str) -> None:
    assert item("book", edition=edition)["edition"] == expected


@pytest.mark.parametrize(
    ("fields", "url"),
    [
        ({"url": r"https://example.org/a\_b\%20c\&d"}, "https://example.org/a_b%20c&d"),
        ({"howpublished": r"\url{https://example.org/a}"}, "https://example.org/a"),
        ({"eprint": "2301.12345", "eprinttype": "arxiv"}, "https://arxiv.org/abs/2301.12345"),
        ({"eprint": "35110300", "eprinttype": "pmid"}, None),
        ({"howpublished": r"\url{javascript:alert(1)}"}, None),
    ],
)
def test_addresses(fields: dict[str, str], url: str | None) -> None:
    assert item("misc", **fields).get("URL") == url


def test_biblatex_names_of_fields_mean_the_same() -> None:
    bibtex = item(journal="Journal", address="Rome", language="english", number="2", year="2020", month="3")
    biblatex = item(journaltitle="Journal", location="Rome", langid="english", issue="2", date="2020-03", year="")
    assert bibtex == biblatex


def test_an_author_is_not_named_again_as_publisher() -> None:
    who = "World Health Organization"
    assert "publisher" not in item("book", author=f"{{{who}}}", publisher=who)
    assert item("report", author="Smith, A.", institution=who)["publisher"] == who


def test_an_organisation_stands_in_for_a_missing_author() -> None:
    assert item("online", author="", organization="FDA")["author"] == [{"literal": "FDA"}]


def test_markup_of_csl_json() -> None:
    found = item(title=r"{MDMA} \& \emph{Salvia} in \textbf{bold}", journal=r"Sex \& Health")
    assert found["title"] == '<span class="nocase">MDMA</span> & <i>Salvia</i> in <b>bold</b>'
    assert found["container-title"] == "Sex & Health"
