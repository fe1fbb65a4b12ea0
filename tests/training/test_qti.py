"""The QTI 2.1 packages: every question of every kind, with its reasons, in the form that the specification asks for.

No package of a registry was found that carries the schemas of QTI 2.1, so what they ask for of the elements used here is
written out below: attributes, and the order of elements.
"""

from __future__ import annotations

import re
import zipfile
from typing import TYPE_CHECKING
from xml.etree import ElementTree

import pytest

from macros.guide import load_guide
from macros.training.packages.qti import write_qti
from tests.conftest import ROOT, Project
from tests.training.examples import MODULE
from tests.training.test_bad_modules import write

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from pathlib import Path

QTI = "{http://www.imsglobal.org/xsd/imsqti_v2p1}"
CP = "{http://www.imsglobal.org/xsd/imscp_v1p1}"
META = "{http://www.imsglobal.org/xsd/imsqti_metadata_v2p1}"
XML_LANG = "{http://www.w3.org/XML/1998/namespace}lang"

_BOOLEAN, _NUMBER, _ANY = "true|false", "\\d+", "(?s).+"
#: As the schemas have it: "[A-Za-z_][\w.-]*" and no colon, so that it can be an XML name.
_NAME = "[A-Za-z_][\\w.-]*"
#: element: its children in order, and its attributes; those with a question mark may be left out.
MODEL: Mapping[str, tuple[str, Mapping[str, str]]] = {
    "assessmentItem": (
        "(responseDeclaration )*(outcomeDeclaration )*(itemBody )?(responseProcessing )?(modalFeedback )*",
        {"identifier": _NAME, "title": _ANY, "adaptive": _BOOLEAN, "timeDependent": _BOOLEAN, f"{XML_LANG}?": "en"},
    ),
    "responseDeclaration": (
        "(correctResponse )?",
        {"identifier": _NAME, "cardinality": "single|multiple|ordered", "baseType": "identifier|directedPair"},
    ),
    "outcomeDeclaration": (
        "(defaultValue )?",
        {"identifier": _NAME, "cardinality": "single|multiple", "baseType": "identifier|float"},
    ),
    "correctResponse": ("(value )+", {}),
    "defaultValue": ("(value )+", {}),
    "value": ("", {}),
    "itemBody": ("((choice|order|match)Interaction )+", {}),
    "choiceInteraction": (
        "(prompt )?(simpleChoice )+",
        {"responseIdentifier": _NAME, "shuffle": _BOOLEAN, "maxChoices": _NUMBER},
    ),
    "orderInteraction": ("(prompt )?(simpleChoice )+", {"responseIdentifier": _NAME, "shuffle": _BOOLEAN}),
    "matchInteraction": (
        "(prompt )?(simpleMatchSet ){2}",
        {"responseIdentifier": _NAME, "shuffle": _BOOLEAN, "maxAssociations": _NUMBER},
    ),
    "prompt": ("", {}),
    "simpleChoice": ("", {"identifier": _NAME}),
    "simpleMatchSet": ("(simpleAssociableChoice )*", {}),
    "simpleAssociableChoice": ("", {"identifier": _NAME, "matchMax": _NUMBER}),
    "responseProcessing": ("(responseCondition |setOutcomeValue )*", {}),
    "responseCondition": ("responseIf (responseElseIf )*(responseElse )?", {}),
    "responseIf": ("match (setOutcomeValue )*", {}),
    "responseElse": ("(setOutcomeValue )*", {}),
    "match": ("variable correct ", {}),
    "variable": ("", {"identifier": _NAME}),
    "correct": ("", {"identifier": _NAME}),
    "setOutcomeValue": ("(baseValue |variable |sum )", {"identifier": _NAME}),
    "baseValue": ("", {"baseType": "identifier|float"}),
    "modalFeedback": ("(p |ol |ul )*", {"outcomeIdentifier": _NAME, "identifier": _NAME, "showHide": "show|hide"}),
    "p": ("", {}),
    "ol": ("(li )*", {}),
    "ul": ("(li )*", {}),
    "li": ("(p )*", {}),
    "assessmentTest": (
        "(outcomeDeclaration )*(testPart )+(outcomeProcessing )?",
        {"identifier": _NAME, "title": _ANY},
    ),
    "testPart": (
        "(itemSessionControl )?(assessmentSection )+",
        {"identifier": _NAME, "navigationMode": "linear|nonlinear", "submissionMode": "individual|simultaneous"},
    ),
    "itemSessionControl": ("", {"maxAttempts?": _NUMBER, "showFeedback?": _BOOLEAN, "allowReview?": _BOOLEAN}),
    "assessmentSection": ("(assessmentItemRef )*", {"identifier": _NAME, "title": _ANY, "visible": _BOOLEAN}),
    "assessmentItemRef": ("", {"identifier": _NAME, "href": "items/[a-z0-9-]+\\.xml"}),
    "outcomeProcessing": ("(setOutcomeValue )*", {}),
    "sum": ("testVariables ", {}),
    "testVariables": ("", {"variableIdentifier": _NAME}),
}


def faults(root: ElementTree.Element) -> Iterator[str]:
    for element in root.iter():
        name = element.tag.removeprefix(QTI)
        children, allowed = MODEL[name]
        if not re.fullmatch(children, "".join(f"{child.tag.removeprefix(QTI)} " for child in element)):
            yield f"{name}: {[child.tag for child in element]}"
        patterns = {attribute.removesuffix("?"): pattern for attribute, pattern in allowed.items()}
        for attribute, value in element.attrib.items():
            if attribute not in patterns or not re.fullmatch(patterns[attribute], value):
                yield f"{name}: {attribute}={value!r}"
        for attribute in allowed:
            if not attribute.endswith("?") and attribute not in element.attrib:
                yield f"{name} lacks {attribute}"
        if len(element) and (element.text or "").strip():
            yield f"{name} mixes text and elements"


def read(path: Path) -> dict[str, ElementTree.Element]:
    with zipfile.ZipFile(path) as archive:
        return {name: ElementTree.fromstring(archive.read(name)) for name in archive.namelist()}  # noqa: S314 - our own


def check(documents: Mapping[str, ElementTree.Element]) -> None:
    """What holds for every package."""
    for path, root in documents.items():
        if path != "imsmanifest.xml":
            assert list(faults(root)) == [], path
    manifest = documents["imsmanifest.xml"]
    resources = {one.attrib["identifier"]: one for one in manifest.iter(f"{CP}resource")}
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


def test_the_model_finds_faults(documents: dict[str, ElementTree.Element]) -> None:
    for before, after in (
        ("simpleChoice", "choice"),
        ('shuffle="true"', 'shuffle="yes"'),
        ('title="First', 'name="First'),
    ):
        text = ElementTree.tostring(documents["items/which.xml"], encoding="unicode")
        assert before in text
        broken = ElementTree.fromstring(text.replace(before, after))  # noqa: S314 - our own
        with pytest.raises((KeyError, AssertionError)):
            assert list(faults(broken)) == []
