"""The QTI 2.1 packages: every question of every kind, with its reasons, in the form that the specification asks for.

The rules below were read off the schemas by hand, for the elements and attributes used here; no validator holds the packages
against the schemas themselves, which are not in the project, since no package registry was found that carries them:

- imsqti_v2p1.xsd, QTI 2.1 final, 2012: the items and the test;
- qtiv2p1_imscpv1p2_v1p0.xsd, 2014, the profile of IMS Content Packaging 1.2 for QTI 2.1: the manifest;
- imsmd_loose_v1p3p2.xsd, IMS Meta-data 1.3.2, 2012: `lom` in it;
- imsqti_metadata_v2p2.xsd, QTI 2.2, 2015: `qtiMetadata` in it, since the file for 2.1 was not to be had.
"""

from __future__ import annotations

import re
import zipfile
from typing import TYPE_CHECKING, NamedTuple
from xml.etree import ElementTree

import pytest

from macros.guide import load_guide
from macros.training.packages.qti import write_qti
from tests.conftest import ROOT, Project
from tests.training.examples import MODULE, MODULE_PAGE
from tests.training.test_bad_modules import write

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from pathlib import Path

QTI = "{http://www.imsglobal.org/xsd/imsqti_v2p1}"
CP = "{http://www.imsglobal.org/xsd/imscp_v1p1}"
META = "{http://www.imsglobal.org/xsd/imsqti_metadata_v2p1}"
LOM = "{http://ltsc.ieee.org/xsd/LOM}"
XML_LANG = "{http://www.w3.org/XML/1998/namespace}lang"

PREFIXES = {QTI: "", CP: "cp:", META: "md:", LOM: "lom:"}

_BOOLEAN, _ANY = "true|false|1|0", "(?s:.*)"
#: xs:int, whose bounds are far off.
_INT = "[-+]?[0-9]{1,9}"
#: xs:NCName, which the schemas' own type for identifiers is, as far as it is ASCII.
_NAME = "[A-Za-z_][A-Za-z0-9_.-]*"
_LANGUAGE = "([A-Za-z]{1,8}(-[A-Za-z0-9]{1,8})*)?"
_BASE_TYPE = "boolean|directedPair|duration|file|float|identifier|integer|pair|point|string|uri"
_CARDINALITY = "multiple|ordered|record|single"
_INTERACTION = "choiceInteraction |orderInteraction |matchInteraction "
_BLOCK = "p |ol |ul "
_NUMERIC = "sum |correct |variable |testVariables |baseValue "
_EXPRESSION = f"match |{_NUMERIC}"
#: Text: only spaces between elements, or none at all.
_SPACES, _EMPTY = "[ \\t\\r\\n]*", ""


class Rule(NamedTuple):
    """What a schema asks of an element.

    Attributes:
        text: the pattern of its own text.
        children: the pattern of its children's names, each with a space behind it.
        attributes: the pattern of each attribute; those with a question mark may be left out.
    """

    text: str
    children: str
    attributes: Mapping[str, str]


#: The elements and attributes that are used here. What else the schemas allow is not named, and counts as a fault.
MODEL: Mapping[str, Rule] = {
    "assessmentItem": Rule(
        _SPACES,
        "(responseDeclaration )*(outcomeDeclaration )*(itemBody )?(responseProcessing )?(modalFeedback )*",
        {
            "identifier": _ANY,
            "title": _ANY,
            "adaptive?": _BOOLEAN,
            "timeDependent": _BOOLEAN,
            f"{XML_LANG}?": _LANGUAGE,
        },
    ),
    "responseDeclaration": Rule(
        _SPACES,
        "(defaultValue )?(correctResponse )?",
        {"identifier": _NAME, "cardinality": _CARDINALITY, "baseType?": _BASE_TYPE},
    ),
    "outcomeDeclaration": Rule(
        _SPACES, "(defaultValue )?", {"identifier": _NAME, "cardinality": _CARDINALITY, "baseType?": _BASE_TYPE}
    ),
    "correctResponse": Rule(_SPACES, "(value )+", {}),
    "defaultValue": Rule(_SPACES, "(value )+", {}),
    "value": Rule(_ANY, "", {}),
    "itemBody": Rule(_SPACES, f"({_INTERACTION}|{_BLOCK})*", {}),
    "choiceInteraction": Rule(
        _SPACES,
        "(prompt )?(simpleChoice )+",
        {"responseIdentifier": _NAME, "shuffle?": _BOOLEAN, "maxChoices?": _INT},
    ),
    "orderInteraction": Rule(
        _SPACES, "(prompt )?(simpleChoice )+", {"responseIdentifier": _NAME, "shuffle?": _BOOLEAN}
    ),
    "matchInteraction": Rule(
        _SPACES,
        "(prompt )?(simpleMatchSet ){2}",
        {"responseIdentifier": _NAME, "shuffle?": _BOOLEAN, "maxAssociations?": _INT},
    ),
    "prompt": Rule(_ANY, f"({_BLOCK})*", {}),
    "simpleChoice": Rule(_ANY, f"({_BLOCK})*", {"identifier": _NAME}),
    "simpleMatchSet": Rule(_SPACES, "(simpleAssociableChoice )*", {}),
    "simpleAssociableChoice": Rule(_ANY, f"({_BLOCK})*", {"identifier": _NAME, "matchMax": _INT}),
    "responseProcessing": Rule(_SPACES, "(responseCondition |setOutcomeValue )*", {}),
    "responseCondition": Rule(_SPACES, "responseIf (responseElse )?", {}),
    "responseIf": Rule(_SPACES, f"({_EXPRESSION})(responseCondition |setOutcomeValue )*", {}),
    "responseElse": Rule(_SPACES, "(responseCondition |setOutcomeValue )*", {}),
    "match": Rule(_SPACES, f"({_EXPRESSION}){{2}}", {}),
    "variable": Rule(_EMPTY, "", {"identifier": _NAME}),
    "correct": Rule(_EMPTY, "", {"identifier": _NAME}),
    "setOutcomeValue": Rule(_SPACES, f"({_EXPRESSION})", {"identifier": _NAME}),
    "baseValue": Rule(_ANY, "", {"baseType": _BASE_TYPE}),
    "modalFeedback": Rule(
        _ANY, f"({_BLOCK})*", {"outcomeIdentifier": _NAME, "identifier": _NAME, "showHide": "show|hide"}
    ),
    "p": Rule(_ANY, "", {}),
    "ol": Rule(_SPACES, "(li )*", {}),
    "ul": Rule(_SPACES, "(li )*", {}),
    "li": Rule(_ANY, f"({_INTERACTION}|{_BLOCK})*", {}),
    "assessmentTest": Rule(
        _SPACES,
        "(outcomeDeclaration )*(testPart )+(outcomeProcessing )?",
        {"identifier": _ANY, "title": _ANY},
    ),
    "testPart": Rule(
        _SPACES,
        "(itemSessionControl )?(assessmentSection )+",
        {"identifier": _NAME, "navigationMode": "linear|nonlinear", "submissionMode": "individual|simultaneous"},
    ),
    "itemSessionControl": Rule(_EMPTY, "", {"maxAttempts?": _INT, "showFeedback?": _BOOLEAN, "allowReview?": _BOOLEAN}),
    "assessmentSection": Rule(
        _SPACES,
        "(itemSessionControl )?(assessmentItemRef |assessmentSection )*",
        {"identifier": _NAME, "title": _ANY, "visible": _BOOLEAN},
    ),
    "assessmentItemRef": Rule(_SPACES, "(itemSessionControl )?", {"identifier": _NAME, "href": _ANY}),
    "outcomeProcessing": Rule(_SPACES, "(setOutcomeValue )*", {}),
    "sum": Rule(_SPACES, f"({_NUMERIC})+", {}),
    "testVariables": Rule(_EMPTY, "", {"variableIdentifier": _NAME}),
    "cp:manifest": Rule(_SPACES, "cp:metadata cp:organizations cp:resources ", {"identifier": _NAME}),
    "cp:manifest/cp:metadata": Rule(_SPACES, "cp:schema cp:schemaversion (md:qtiMetadata )?(lom:lom )?", {}),
    "cp:schema": Rule("QTIv2\\.1 (Item Bank )?Package", "", {}),
    "cp:schemaversion": Rule("1\\.0\\.0", "", {}),
    "cp:organizations": Rule(_EMPTY, "", {}),
    "cp:resources": Rule(_SPACES, "(cp:resource )*", {}),
    "cp:resource": Rule(
        _SPACES,
        "(cp:metadata )?(cp:file )*(cp:dependency )*",
        {
            "identifier": _NAME,
            "type": "imsqti_(test|section|item|resprocessing)_xmlv2p1|webcontent",
            "href?": _ANY,
        },
    ),
    "cp:resource/cp:metadata": Rule(_SPACES, "(md:qtiMetadata )?(lom:lom )?", {}),
    "cp:file": Rule(_SPACES, "(cp:metadata )?", {"href": _ANY}),
    "cp:dependency": Rule(_EMPTY, "", {"identifierref": _NAME}),
    "lom:lom": Rule(_SPACES, "(lom:general )?", {}),
    "lom:general": Rule(_SPACES, "(lom:description )*(lom:title )?(lom:description )*", {}),
    "lom:title": Rule(_SPACES, "(lom:string )*", {}),
    "lom:description": Rule(_SPACES, "(lom:string )*", {}),
    "lom:string": Rule(_ANY, "", {"language?": _ANY}),
    "md:qtiMetadata": Rule(
        _SPACES, "(md:timeDependent )?(md:interactionType )*(md:feedbackType )?(md:solutionAvailable )?", {}
    ),
    "md:timeDependent": Rule(_BOOLEAN, "", {}),
    "md:interactionType": Rule("(choice|order|match)Interaction", "", {}),
    "md:feedbackType": Rule("adaptive|nonadaptive|none", "", {}),
    "md:solutionAvailable": Rule(_BOOLEAN, "", {}),
}


def name_of(element: ElementTree.Element) -> str:
    space, brace, name = element.tag.rpartition("}")
    return PREFIXES.get(space + brace, "?") + name


def faults(element: ElementTree.Element, parent: str = "") -> Iterator[str]:
    name = name_of(element)
    rule = MODEL.get(f"{parent}/{name}") or MODEL.get(name)
    if rule is None:
        yield f"{name} is not known in {parent}"
        return
    text = "".join([element.text or "", *(child.tail or "" for child in element)])
    if not re.fullmatch(rule.text, text):
        yield f"{name}: {text!r}"
    children = [name_of(child) for child in element]
    if not re.fullmatch(rule.children, "".join(f"{child} " for child in children)):
        yield f"{name}: {children}"
    patterns = {attribute.removesuffix("?"): pattern for attribute, pattern in rule.attributes.items()}
    for attribute, value in element.attrib.items():
        if attribute not in patterns or not re.fullmatch(patterns[attribute], value):
            yield f"{name}: {attribute}={value!r}"
    for attribute in rule.attributes:
        if not attribute.endswith("?") and attribute not in element.attrib:
            yield f"{name} lacks {attribute}"
    for child in element:
        yield from faults(child, name)


def read(path: Path) -> dict[str, ElementTree.Element]:
    with zipfile.ZipFile(path) as archive:
        return {name: ElementTree.fromstring(archive.read(name)) for name in archive.namelist()}  # noqa: S314 - our own


def check(documents: Mapping[str, ElementTree.Element]) -> None:
    """What holds for every package."""
    for path, root in documents.items():
        assert list(faults(root)) == [], path
        assert all(element.attrib.get("title", "-") for element in root.iter()), path
    manifest = documents["imsmanifest.xml"]
    resources = {one.attrib["identifier"]: one for one in manifest.iter(f"{CP}resource")}
    assert len({manifest.attrib["identifier"], *resources}) == len(manifest.findall(f".//{CP}resource")) + 1
    assert sorted(file.attrib["href"] for file in manifest.iter(f"{CP}file")) == sorted(
        set(documents) - {"imsmanifest.xml"}
    )
    (test,) = (one for one in resources.values() if one.attrib["type"] == "imsqti_test_xmlv2p1")
    items = [one for one in resources if resources[one].attrib["type"] == "imsqti_item_xmlv2p1"]
    assert len(items) == len(resources) - 1
    assert [one.attrib["identifierref"] for one in test.iter(f"{CP}dependency")] == items
    asked = list(documents["test.xml"].iter(f"{QTI}assessmentItemRef"))
    assert [one.attrib["identifier"] for one in asked] == items
    assert [one.attrib["href"] for one in asked] == [resources[one].attrib["href"] for one in items]
    for name in items:
        root = documents[resources[name].attrib["href"]]
        assert root.attrib["identifier"] == name
        check_item(root)
        interaction = resources[name].find(f"{CP}metadata/{META}qtiMetadata/{META}interactionType")
        body = root.find(f"{QTI}itemBody")
        assert interaction is not None
        assert body is not None
        assert body[0].tag == f"{QTI}{interaction.text}"


def check_item(root: ElementTree.Element) -> None:
    declared = {one.attrib["identifier"]: one for one in root if one.tag.endswith("Declaration")}
    body = root.find(f"{QTI}itemBody")
    assert body is not None
    interaction = body[0]
    choices = [one.attrib["identifier"] for one in interaction.iter() if one.tag.endswith("Choice")]
    assert len(choices) == len(set(choices))
    right = right_answer(root)
    if interaction.tag == f"{QTI}matchInteraction":
        left, other = (
            [one.attrib["identifier"] for one in side] for side in interaction.findall(f"{QTI}simpleMatchSet")
        )
        pairs = [pair.split(" ") for pair in right]
        assert sorted(one for one, _ in pairs) == sorted(left)
        assert sorted(one for _, one in pairs) == sorted(other)
        assert interaction.attrib["maxAssociations"] == str(len(left))
    elif interaction.tag == f"{QTI}orderInteraction":
        assert sorted(right) == sorted(choices)
    else:
        assert set(right) < set(choices)
        single = interaction.attrib["maxChoices"] == "1"
        assert single == (declared["RESPONSE"].attrib["cardinality"] == "single")
        assert not single or len(right) == 1
    explained = [one.attrib["identifier"] for one in root.findall(f"{QTI}modalFeedback")]
    assert sorted(explained) == (sorted(choices) if interaction.tag == f"{QTI}choiceInteraction" else ["answer"])
    assert all(one.attrib["outcomeIdentifier"] in declared for one in root.findall(f"{QTI}modalFeedback"))
    assert all(one.attrib["identifier"] in declared for one in root.iter(f"{QTI}setOutcomeValue"))
    for element in root.iter():
        assert not re.search(r"\{\{|\}\}|\*\*|\]\(|<|[\ue000-\uf8ff]", element.text or ""), element.text


def right_answer(root: ElementTree.Element) -> list[str]:
    return [value.text or "" for value in root.findall(f"{QTI}responseDeclaration/{QTI}correctResponse/{QTI}value")]


@pytest.fixture(scope="module")
def small(make_project: Callable[[], Project]) -> Project:
    project = make_project()
    module = MODULE.replace("This <b>one</b>", 'Größe & "Maß" <b>')
    write(project, module.replace("why: So it was found", "why: So *it* was [found](../index.md) & said"))
    return project


@pytest.fixture(scope="module")
def documents(small: Project) -> dict[str, ElementTree.Element]:
    run = small.run("macros", "course", "qti", "new/questions")
    assert run.returncode == 0, run.stderr
    assert "1 packages with 6 questions." in run.stdout
    assert [path.name for path in (small.root / "new" / "questions").iterdir()] == ["first.zip"]
    return read(small.root / "new" / "questions" / "first.zip")


def said(root: ElementTree.Element) -> dict[str, str]:
    return {one.attrib["identifier"]: one.text or "" for one in root.iter() if one.tag.endswith("Choice")}


def test_a_package_is_whole(documents: dict[str, ElementTree.Element]) -> None:
    check({name: root for name, root in documents.items() if not name.endswith("which.xml")} | named(documents))


def named(documents: dict[str, ElementTree.Element]) -> dict[str, ElementTree.Element]:
    """The item whose option holds a bracket on purpose, without it."""
    root = ElementTree.fromstring(ElementTree.tostring(documents["items/which.xml"]))  # noqa: S314 - our own
    for element in root.iter():
        element.text = element.text and element.text.replace(" <b>", "")
    return {"items/which.xml": root}


def test_one_is_chosen_and_says_why(documents: dict[str, ElementTree.Element]) -> None:
    root = documents["items/which.xml"]
    assert said(root) == {"C1": 'Größe & "Maß" <b>', "C2": "That one", "C3": "Neither"}
    assert right_answer(root) == ["C1"]
    first, second, _ = root.findall(f"{QTI}modalFeedback")
    assert [line.text for line in first] == [
        'Right: Größe & "Maß" <b>',
        "So it was found & said (Monson et al., 2020).",
        "Source: Monson, C. M., Wagner, A. C., & Mithoefer, M. C. (2020). MDMA-facilitated conjoint therapy: An uncontrolled "
        "trial. European Journal of Psychotraumatology, 11. https://doi.org/10.1080/20008198.2020.1840123",
    ]
    assert [line.text for line in second] == ["Wrong: That one", "This guide’s reading: It is another."]


def test_several_are_chosen(documents: dict[str, ElementTree.Element]) -> None:
    root = documents["items/which-two.xml"]
    assert right_answer(root) == ["C1", "C2"]
    assert root.find(f"{QTI}itemBody/{QTI}choiceInteraction/[@maxChoices='0']") is not None
    prompt = root.find(f".//{QTI}prompt")
    assert prompt is not None
    assert prompt.text == "Which two are it? Choose all that are right."


def test_an_order_is_right_in_one_way_and_not_told_by_the_file(documents: dict[str, ElementTree.Element]) -> None:
    root = documents["items/steps.xml"]
    assert [said(root)[identifier] for identifier in right_answer(root)] == ["Morning", "Noon", "Night"]
    assert list(said(root).values()) != ["Morning", "Noon", "Night"]
    lines = [line.text for line in root.iter(f"{QTI}p")]
    assert lines[:3] == ["In the right order:", "Morning", "This guide’s reading: First."]


def test_pairs_belong_together(documents: dict[str, ElementTree.Element]) -> None:
    root = documents["items/pairs.xml"]
    pairs = {said(root)[one]: said(root)[other] for one, other in (pair.split(" ") for pair in right_answer(root))}
    assert pairs == {"A dog": "barks", "A cat": "mews", "A cow": "lows"}
    assert "A dog → barks" in [line.text for line in root.iter(f"{QTI}p")]


def test_the_same_sources_give_the_same_bytes(small: Project, documents: dict[str, ElementTree.Element]) -> None:
    assert documents
    assert small.run("macros", "course", "qti", "again").returncode == 0
    assert (small.root / "again/first.zip").read_bytes() == (small.root / "new/questions/first.zip").read_bytes()


def test_every_question_of_the_guide(tmp_path: Path) -> None:
    guide = load_guide(ROOT)
    written = write_qti(guide, tmp_path)
    modules = {name: file.value for name, file in guide.data["macros.training"].by_name.items()}
    assert written == {name: len(module.items) for name, module in modules.items()}
    kinds = set()
    for name in modules:
        documents = read(tmp_path / f"{name}.zip")
        check(documents)
        kinds |= {body[0].tag for root in documents.values() for body in root.iter(f"{QTI}itemBody")}
    assert kinds == {f"{QTI}{kind}Interaction" for kind in ("choice", "order", "match")}


def test_a_module_may_be_named_with_a_digit_in_front(project: Project) -> None:
    module = MODULE.replace("This <b>one</b>", "This one")
    write(project, module, MODULE_PAGE.replace('("first")', '("1-first")'))
    (project.root / "docs/training/first.yml").rename(project.root / "docs/training/1-first.yml")
    write_qti(load_guide(project.root), project.root / "new")
    documents = read(project.root / "new/1-first.zip")
    check(documents)
    assert documents["test.xml"].attrib["identifier"] == "_1-first"
    assert documents["items/steps.xml"].attrib["identifier"] == "_1-first_steps"


@pytest.mark.parametrize(
    ("path", "before", "after"),
    [
        ("items/which.xml", "simpleChoice", "choice"),
        ("items/which.xml", 'shuffle="true"', 'shuffle="yes"'),
        ("items/which.xml", 'title="First', 'name="First'),
        ("items/which.xml", 'identifier="C1"', 'identifier="1"'),
        ("items/which.xml", "<ns0:correct ", "text<ns0:correct "),
        ("items/pairs.xml", ' matchMax="1"', ""),
        ("test.xml", 'maxAttempts="0"', 'maxAttempts="many"'),
        ("test.xml", ' visible="true"', ""),
        ("imsmanifest.xml", "1.0.0", "2.1"),
        ("imsmanifest.xml", "imsqti_item_xmlv2p1", "imsqti_xmlv2p1"),
        ("imsmanifest.xml", "timeDependent", "composite"),
    ],
)
def test_the_model_finds_faults(documents: dict[str, ElementTree.Element], path: str, before: str, after: str) -> None:
    text = ElementTree.tostring(documents[path], encoding="unicode")
    assert before in text
    assert list(faults(ElementTree.fromstring(text))) == []  # noqa: S314 - our own
    assert list(faults(ElementTree.fromstring(text.replace(before, after)))) != []  # noqa: S314 - our own


def test_the_model_asks_for_the_metadata_in_its_order(documents: dict[str, ElementTree.Element]) -> None:
    manifest = ElementTree.fromstring(ElementTree.tostring(documents["imsmanifest.xml"]))  # noqa: S314 - our own
    metadata = manifest.find(f".//{CP}resource/{CP}metadata")
    assert metadata is not None
    metadata[:] = reversed(metadata)
    assert list(faults(manifest)) == ["cp:metadata: ['lom:lom', 'md:qtiMetadata']"]
