"""The questions of each module as a QTI 2.1 package, for the question banks of learning platforms.

2.1, since that is the version that most platforms import; no importer was found that takes 3.0 and not 2.1. One package for
each module, each with one test: some platforms take no package with several. As on the site, an answer is right as a whole
or not at all, and every option says why.
"""

from __future__ import annotations

from typing import TYPE_CHECKING
from xml.etree.ElementTree import Element

from macros.archive import write_archive
from macros.training.html import shuffled
from macros.training.model import HINTS
from macros.training.packages.outline import outline
from macros.training.packages.plain import PlainTexts
from macros.training.packages.xml import add, document

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from macros.data_files import DataFile
    from macros.guide import Guide
    from macros.training.model import Item, Module, Option

_QTI = "http://www.imsglobal.org/xsd/imsqti_v2p1"
_PACKAGE = "http://www.imsglobal.org/xsd/imscp_v1p1"
_METADATA = "http://www.imsglobal.org/xsd/imsqti_metadata_v2p1"
_LOM = "http://ltsc.ieee.org/xsd/LOM"
_TEST = "test.xml"
#: What is said when the answer as a whole is explained, and not an option that was chosen.
_WHOLE = "answer"
_INTERACTIONS = {
    "one": "choiceInteraction",
    "several": "choiceInteraction",
    "order": "orderInteraction",
    "match": "matchInteraction",
}


def write_qti(guide: Guide, folder: Path) -> dict[str, int]:
    """Write the questions of each module as a QTI 2.1 package.

    Args:
        guide: the guide, without problems.
        folder: the folder for the packages, which are named after the modules.

    Returns:
        For each module's name, how many questions its package holds.

    Raises:
        click.ClickException: if there is no course.
    """
    written = {}
    for name, file in outline(guide).files.items():
        module = file.value
        page = guide.page_with("quiz", name)
        assert page is not None  # noqa: S101 - a guide with a module that no page shows has problems
        texts = PlainTexts(guide, page)
        items = [
            (f"{item_name}.xml", document(_item(name, item_name, module, number, texts)))
            for number, item_name in enumerate(module.items, 1)
        ]
        test = (_TEST, document(_test(name, module)))
        manifest = ("imsmanifest.xml", document(_manifest(name, file)))
        write_archive(
            folder / f"{name}.zip", [manifest, test, *((f"items/{path}", content) for path, content in items)]
        )
        written[name] = len(items)
    return written


def _item(module_name: str, name: str, module: Module, number: int, texts: PlainTexts) -> Element:
    item = module.items[name]
    seed = f"{module_name}/{name}"
    root = Element(
        "assessmentItem",
        {
            "xmlns": _QTI,
            "identifier": _known_as(module_name, name),
            "title": f"{module.title}: question {number}",
            "adaptive": "false",
            "timeDependent": "false",
            "xml:lang": "en",
        },
    )
    _declare(root, item)
    interaction = add(add(root, "itemBody"), _INTERACTIONS[item.kind], responseIdentifier="RESPONSE", shuffle="true")
    add(interaction, "prompt", f"{item.ask} {HINTS[item.kind]}".strip())
    order = shuffled(range(len(item.options)), seed)
    if item.kind == "match":
        interaction.set("maxAssociations", str(len(item.options)))
        for side, said in (
            ("L", [option.say for option in item.options]),
            ("R", [option.counterpart or "" for option in item.options]),
        ):
            choices = add(interaction, "simpleMatchSet")
            for index in shuffled(order, f"{seed}/{side}"):
                add(choices, "simpleAssociableChoice", said[index], identifier=f"{side}{index + 1}", matchMax="1")
    else:
        if item.kind != "order":
            interaction.set("maxChoices", "1" if item.kind == "one" else "0")
        for index in order:
            add(interaction, "simpleChoice", item.options[index].say, identifier=_id(index))
    _process(root, item)
    _explain(root, item, texts)
    return root


def _known_as(*names: str) -> str:
    # Identifiers are XML names, which no digit may begin; names of files may begin with one.
    known = "_".join(names)
    return f"_{known}" if known[0].isdigit() else known


def _id(index: int) -> str:
    return f"C{index + 1}"


def _declare(root: Element, item: Item) -> None:
    cardinality = {"one": "single", "several": "multiple", "order": "ordered", "match": "multiple"}[item.kind]
    base = "directedPair" if item.kind == "match" else "identifier"
    response = add(root, "responseDeclaration", identifier="RESPONSE", cardinality=cardinality, baseType=base)
    right = add(response, "correctResponse")
    for index, option in enumerate(item.options):
        if item.kind == "match":
            add(right, "value", f"L{index + 1} R{index + 1}")
        elif item.kind == "order" or option.right:
            add(right, "value", _id(index))
    for identifier, value in (("SCORE", "0"), ("MAXSCORE", "1")):
        score = add(root, "outcomeDeclaration", identifier=identifier, cardinality="single", baseType="float")
        add(add(score, "defaultValue"), "value", value)
    shown = "multiple" if item.kind == "several" else "single"
    add(root, "outcomeDeclaration", identifier="FEEDBACK", cardinality=shown, baseType="identifier")


def _process(root: Element, item: Item) -> None:
    processing = add(root, "responseProcessing")
    condition = add(processing, "responseCondition")
    for part, score in (("responseIf", "1"), ("responseElse", "0")):
        branch = add(condition, part)
        if part == "responseIf":
            match = add(branch, "match")
            add(match, "variable", identifier="RESPONSE")
            add(match, "correct", identifier="RESPONSE")
        add(add(branch, "setOutcomeValue", identifier="SCORE"), "baseValue", score, baseType="float")
    feedback = add(processing, "setOutcomeValue", identifier="FEEDBACK")
    if item.kind in ("one", "several"):
        add(feedback, "variable", identifier="RESPONSE")
    else:
        add(feedback, "baseValue", _WHOLE, baseType="identifier")


def _explain(root: Element, item: Item, texts: PlainTexts) -> None:
    def feedback(identifier: str) -> Element:
        return add(root, "modalFeedback", outcomeIdentifier="FEEDBACK", identifier=identifier, showHide="show")

    def cite(place: Element, options: Sequence[Option]) -> None:
        for source in texts.sources(*(option.why for option in options)):
            add(place, "p", f"Source: {source}")

    if item.kind in ("one", "several"):
        for index, option in enumerate(item.options):
            place = feedback(_id(index))
            add(place, "p", f"{'Right' if option.right else 'Wrong'}: {option.say}")
            add(place, "p", texts.write(option.why))
            cite(place, [option])
        return
    place = feedback(_WHOLE)
    add(place, "p", "In the right order:" if item.kind == "order" else "What belongs together:")
    listed = add(place, "ol" if item.kind == "order" else "ul")
    for option in item.options:
        said = f"{option.say} → {option.counterpart}" if item.kind == "match" else option.say
        line = add(listed, "li")
        add(line, "p", said)
        add(line, "p", texts.write(option.why))
    cite(place, item.options)


def _test(name: str, module: Module) -> Element:
    root = Element(
        "assessmentTest",
        {"xmlns": _QTI, "identifier": _known_as(name), "title": f"Module {module.number}: {module.title}"},
    )
    add(
        add(
            add(root, "outcomeDeclaration", identifier="SCORE", cardinality="single", baseType="float"), "defaultValue"
        ),
        "value",
        "0",
    )
    part = add(root, "testPart", identifier="part", navigationMode="nonlinear", submissionMode="individual")
    # As on the site: answers may be changed, and say at once why they are right or wrong.
    add(part, "itemSessionControl", maxAttempts="0", showFeedback="true", allowReview="true")
    section = add(part, "assessmentSection", identifier="section", title=module.title, visible="true")
    for item in module.items:
        add(section, "assessmentItemRef", identifier=_known_as(name, item), href=f"items/{item}.xml")
    processing = add(add(root, "outcomeProcessing"), "setOutcomeValue", identifier="SCORE")
    add(add(processing, "sum"), "testVariables", variableIdentifier="SCORE")
    return root


def _manifest(name: str, file: DataFile[Module]) -> Element:
    module = file.value
    root = Element(
        "manifest",
        {"xmlns": _PACKAGE, "xmlns:imsmd": _LOM, "xmlns:imsqti": _METADATA, "identifier": f"package-{name}"},
    )
    metadata = add(root, "metadata")
    add(metadata, "schema", "QTIv2.1 Package")
    add(metadata, "schemaversion", "1.0.0")
    _describe(metadata, f"Module {module.number}: {module.title}", module.summary)
    add(root, "organizations")
    resources = add(root, "resources")
    test = add(resources, "resource", identifier=_known_as(name), type="imsqti_test_xmlv2p1", href=_TEST)
    add(test, "file", href=_TEST)
    for item_name in module.items:
        add(test, "dependency", identifierref=_known_as(name, item_name))
    for number, (item_name, item) in enumerate(module.items.items(), 1):
        href = f"items/{item_name}.xml"
        known = _known_as(name, item_name)
        resource = add(resources, "resource", identifier=known, type="imsqti_item_xmlv2p1", href=href)
        about = add(resource, "metadata")
        qti = add(about, "imsqti:qtiMetadata")
        for tag, value in (
            ("timeDependent", "false"),
            ("interactionType", _INTERACTIONS[item.kind]),
            ("feedbackType", "nonadaptive"),
            ("solutionAvailable", "true"),
        ):
            add(qti, f"imsqti:{tag}", value)
        _describe(about, f"{module.title}: question {number}", module.objectives[item.objective])
        add(resource, "file", href=href)
    return root


def _describe(metadata: Element, title: str, description: str) -> None:
    general = add(add(metadata, "imsmd:lom"), "imsmd:general")
    add(add(general, "imsmd:title"), "imsmd:string", title, language="en")
    add(add(general, "imsmd:description"), "imsmd:string", description, language="en")
