"""What is wrong with a module, a case or a call is told with its file, its line and the remedy."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from macros.guide import load_guide
from tests.conftest import PAGE
from tests.training.examples import CASE, CASE_PAGE, COURSE, MODULE, MODULE_PAGE, SYLLABUS

if TYPE_CHECKING:
    from collections.abc import Sequence

    from macros.problems import Problem
    from tests.conftest import Project

FILE, CASE_FILE = "docs/training/first.yml", "docs/training/cases/small-case.yml"


def write(project: Project, module: str = MODULE, page: str = MODULE_PAGE, case: str = CASE) -> None:
    project.write(FILE, module)
    project.write("docs/training/first.md", page)
    project.write("docs/training/index.md", COURSE)
    project.write("docs/training/syllabus.md", SYLLABUS)
    project.write(CASE_FILE, case)
    project.write("docs/training/cases/small-case.md", CASE_PAGE)


def problems_of(project: Project) -> Sequence[Problem]:
    return load_guide(project.root, render=False).problems


def line_of(text: str, part: str) -> int:
    return text[: text.index(part)].count("\n") + 1


def test_the_examples_are_faultless(project: Project) -> None:
    write(project)
    assert problems_of(project) == ()


@pytest.mark.parametrize(
    ("before", "after", "at", "message", "hint"),
    [
        (
            "        right: true\n        why: So",
            "        why: So",
            "  which:",
            "`which` has no right option.",
            "right: true",
        ),
        (
            "      - say: That one\n",
            "      - say: That one\n        right: true\n",
            "      - say: That one",
            "`which` has 2 right options",
            "kind: several",
        ),
        (
            "      - say: Four\n",
            "      - say: Four\n        right: true\n",
            "  which-two:",
            "`which-two` has no wrong option.",
            "error",
        ),
        ("say: That one", "say: this <b>one</b>.", "      - say: That one", "`which` has the option", "differ"),
        (
            'why: So it was found {{ cite("monson2020") }}.',
            "why: So it was found.",
            "why: So",
            "`why` carries no citation.",
            "reading()",
        ),
        (
            '        why: "{{ reading() }} It is another."\n',
            "",
            "      - say: That one",
            "`why` is missing here.",
            "why:",
        ),
        (
            "objective: name-it\n    kind: one",
            "objective: name-if\n    kind: one",
            "objective: name-it",
            "There is no objective `name-if`",
            "`name-it`",
        ),
        (
            "  order-it: Order it\n",
            "  order-it: Order it\n  new-one: Do more\n",
            "  order-it: Order it",
            "The objective `new-one` has 0 items",
            "new-one",
        ),
        (
            "review: [../index.md]",
            "review: [../indx.md]",
            "    review: [../index.md]",
            "There is no page `../indx.md`.",
            "../index.md",
        ),
        ("to: ../index.md", "to: ../nowhere.md", "  - to: ../index.md", "There is no page `../nowhere.md`.", ""),
        (
            'cite("monson2020") }}.\n      - say',
            'cite("monson2021") }}.\n      - say',
            "why: So",
            "There is no source `monson2021`.",
            "monson2020",
        ),
        ("        with: mews\n", "        with: barks\n", "        with: mews", "“barks” is a match twice", "own"),
        ("        with: mews\n", "", "      - say: A cat", "“A cat” is matched with nothing.", "with"),
        (
            "      - say: Morning\n",
            "      - say: Morning\n        with: tea\n",
            "      - say: Morning",
            "`with` stands in `steps`",
            "match",
        ),
        (
            "      - say: Morning\n",
            "      - say: Morning\n        right: true\n",
            "      - say: Morning",
            "`steps` marks an option as right.",
            "place",
        ),
        ("kind: order", "kind: sort", "    kind: order", "`kind` is `sort`.", "order"),
        ("    ask: Which is last?\n", "", "  again:", "`ask` is missing here.", "ask:"),
        ("    ask: Which is last?", "    aks: Which is last?", "  again:", "`ask` is missing here.", "ask:"),
        ("number: 1", "number: one", "number: 1", "`number` should be", ""),
        ("key_points:\n", "prerequisites: [second]\nkey_points:\n", "key_points:", "There is no module `second`.", ""),
        (
            '  - One point {{ cite("monson2020") }}.',
            '  - One <script>point</script> {{ cite("monson2020") }}.',
            "  - One point",
            "HTML is not allowed here.",
            "",
        ),
        ("supervision: [Ask., Tell.]", "supervision: []", "supervision:", "`supervision`", ""),
    ],
)
def test_a_fault_of_a_module_is_told(
    project: Project, before: str, after: str, at: str, message: str, hint: str
) -> None:
    assert before in MODULE
    write(project, MODULE.replace(before, after, 1))
    found = [one for one in problems_of(project) if one.path == FILE and one.message.startswith(message)]
    assert found, [str(one) for one in problems_of(project)]
    changed = MODULE.replace(before, after, 1)
    nearby = line_of(MODULE, at)
    assert abs(found[0].line - nearby) <= 1 + changed.count("\n") - MODULE.count("\n") + 1
    assert hint in found[0].hint


@pytest.mark.parametrize(
    ("before", "after", "at", "message"),
    [
        ("        go: later\n", "        go: latter\n", "go: later", "There is no question or outcome `latter`."),
        ("        fit: acceptable\n", "", "- say: Call back", "“Call back” has no `fit`."),
        ("        consequence: They wait.\n", "", "- say: Call back", "“Call back” has no `consequence`."),
        ("    scene: You call back.\n", "", "  later:", "`later` has no scene."),
        (
            "fit: good\n        consequence: They tell",
            "fit: poor\n        consequence: They tell",
            "    answers:",
            "`later` has no good",
        ),
        (
            "fit: poor\n        consequence: They hang",
            "fit: good\n        consequence: They hang",
            "    answers:",
            "`later` has no poor",
        ),
        ("verdict: sound", "verdict: proceed", "verdict: sound", "`proceed` is no verdict of a case."),
        (
            'It was found so {{ cite("monson2020") }}.',
            "It was found so.",
            "feedback: It was",
            "“It was found so.” is neither",
        ),
        (
            "go: well\n        fit: good\n        consequence: They talk",
            "go: badly\n        fit: good\n        consequence: They talk",
            "questions:",
            "Fewer than two ways",
        ),
        (
            "    ask: And now?\n",
            "    ask: And now?\n    safety: true\n",
            "    ask: And now?",
            "`safety` stands in a case",
        ),
        ("kind: case\n", "", "title:", "Trees in this folder are of the kind `case`."),
        ("        go: later\n", "        go: call\n", "go: later", "This leads back to `call`"),
    ],
)
def test_a_fault_of_a_case_is_told(project: Project, before: str, after: str, at: str, message: str) -> None:
    assert before in CASE
    write(project, case=CASE.replace(before, after, 1))
    found = [one for one in problems_of(project) if one.path == CASE_FILE and one.message.startswith(message)]
    assert found, [str(one) for one in problems_of(project)]
    assert found[0].line >= 1
    if found[0].line > 1:
        text = CASE.replace(before, after, 1).split("\n")
        assert abs(found[0].line - line_of(CASE, at)) <= 25, text[found[0].line - 1]
    assert found[0].hint


@pytest.mark.parametrize(
    ("before", "after", "message"),
    [
        ('quiz("first")', 'quiz("frist")', "There is no module `frist`."),
        ('quiz("first")', "quiz()", "`quiz()` takes one module's name in quotes."),
        ('quiz("first")', 'quiz("first", order="x")', "`quiz()` has no option `order`."),
        ('"Constructed example"', '"A couple"', "A vignette does not say that it is constructed."),
    ],
)
def test_a_fault_of_a_page_is_told(project: Project, before: str, after: str, message: str) -> None:
    write(project, page=MODULE_PAGE.replace(before, after, 1))
    found = [one for one in problems_of(project) if one.message == message]
    assert [(one.path, one.line) for one in found] == [("docs/training/first.md", line_of(MODULE_PAGE, before))]
    assert found[0].hint


def test_a_module_that_no_page_shows_is_told_once(project: Project) -> None:
    write(project, page=PAGE)
    [problem] = problems_of(project)
    assert (problem.path, problem.message) == (FILE, "Parts of the module `first` stand on no page.")
    assert '{{ quiz("first") }}' in problem.hint


def test_two_modules_with_one_number_and_in_a_wrong_order_are_told(project: Project) -> None:
    write(project)
    second = MODULE.replace("questions: [What", "prerequisites: [third]\nquestions: [What", 1)
    project.write("docs/training/second.yml", second)
    project.write("docs/training/second.md", MODULE_PAGE.replace('"first"', '"second"'))
    project.write("docs/training/third.yml", MODULE.replace("number: 1", "number: 3"))
    project.write("docs/training/third.md", MODULE_PAGE.replace('"first"', '"third"'))
    told = [(one.path, one.message) for one in problems_of(project)]
    assert ("docs/training/second.yml", "Two modules have the number 1; the other is docs/training/first.yml.") in told
    assert any("`third` should be worked through before this module" in message for _, message in told)


def test_a_story_is_no_claim(project: Project) -> None:
    write(project, page=MODULE_PAGE.replace("Nobody in this story is real.", "Two people meet.\n\n    They talk."))
    assert problems_of(project) == ()
    write(project, page=MODULE_PAGE.replace("    Nobody in this story is real.", "Two people meet."))
    assert [one.line for one in problems_of(project)] == [line_of(MODULE_PAGE, "    Nobody")]


def test_a_decision_has_nothing_of_a_case(project: Project) -> None:
    decision = CASE.replace("kind: case\n", "").replace("verdict: sound", "verdict: proceed").replace("harm", "stop")
    project.write("docs/decisions/small-case.yml", decision)
    project.write("docs/decisions/small-case.md", CASE_PAGE)
    messages = [one.message for one in problems_of(project)]
    assert "`scene` stands in a decision; only cases have scenes." in messages
    assert "`fit` stands with an answer of a decision; only cases have it." in messages
