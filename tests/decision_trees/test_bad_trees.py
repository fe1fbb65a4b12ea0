"""Bad trees and bad calls: each fault is told with its file, its line, what is wrong and what would be right."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest

from macros.decision_trees.checks import MOST_PATHS
from macros.guide import load_guide
from macros.problems import Problem
from tests.decision_trees.examples import PATHS_PAGE, TREE, TREE_PAGE, with_tree

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.conftest import Project

SRC = "docs/decisions/small.yml"
Case = tuple[str, str, str, int, str, str]


def line(part: str, text: str = TREE, number: int = 1) -> int:
    place = -1
    for _ in range(number):
        place = text.index(part, place + 1)
    return text.count("\n", 0, place) + 1


WISH = TREE[TREE.index("  wish:") : TREE.index("outcomes:")]
YES = '      - say: "Yes"\n        go: onward\n'

#: What is replaced by what; line, message and hint of what is told.
FAULTS: dict[str, Case] = {
    # What leads where.
    "unknown-node": (
        "go: wish", "go: wihs", "", line("go: wish"), "There is no question or outcome `wihs`.", "Did you mean `wish`?",
    ),
    "unknown-node-far-off": (
        "go: wish", "go: zzz", "", line("go: wish"), "There is no question or outcome `zzz`.", "There are: risk, wish,",
    ),
    "unknown-start": (
        "start: risk", "start: rsik", "", 4, "There is no question `rsik` to start with.", "Did you mean `risk`?",
    ),
    "start-is-an-outcome": (
        "start: risk", "start: halt", "", 4, "There is no question `halt` to start with.", "There are: risk, wish.",
    ),
    "no-start": ("start: risk\n", "", "", 1, "`start` is missing here.", "Add `start:`."),
    "unreached-question": (
        "go: wish", "go: onward", "", line("  wish:"), "No answer leads to `wish`.", "Lead an answer there, or remove it.",
    ),
    "unreached-outcome": (
        "go: ask\n", "go: halt\n", "", line("  ask:\n"), "No answer leads to `ask`.", "Lead an answer there",
    ),
    "circle": (
        '"No"\n        go: halt', '"No"\n        go: risk', "", line("go: halt", number=2),
        "This leads back to `risk`, in a circle: risk → wish → risk.", "End in an outcome `pause`",
    ),
    "circle-of-one": (
        '"No"\n        go: halt', '"No"\n        go: wish', "", line("go: halt", number=2),
        "This leads back to `wish`, in a circle: wish → wish.", "and to start again then.",
    ),
    "one-outcome": (
        TREE[TREE.index("  ask:\n") :], "", "go: (ask|onward)|go: halt", line("outcomes:"),
        "Whatever is answered, the outcome is `halt`: nothing is decided.", "Give the tree a second outcome.",
    ),
    "name-used-twice": (
        "  ask:\n    verdict", "  wish:\n    verdict", "", line("  ask:\n"),
        f"`wish` is the name of a question already (line {line('  wish:')}).", "Rename one of them.",
    ),
    "question-twice": (
        "  wish:\n", "  risk:\n", "", line("  wish:"), "`risk` stands here a second time.", "Keep one of them.",
    ),
    "bad-name": (
        "  wish:\n", "  Both wish:\n", "", line("  wish:"), "`Both wish` cannot be a name, because it stands in addresses.",
        "Write lower-case letters, digits and hyphens.",
    ),
    "name-is-a-number": ("  wish:\n", "  12:\n", "", line("  wish:"), "The name `12` should be text.", "Put it between quotes"),
    # Answers.
    "one-answer": (
        YES, "", "", line("    answers:", number=2), "`wish` has one answer; a question needs two.", "Add what else may be so",
    ),
    "no-answers": (
        WISH[WISH.index("    answers:") :], "    answers: []\n", "", line("    answers:", number=2),
        "`wish` has no answers; a question needs two.", "make it an outcome",
    ),
    "answers-missing": (
        WISH[WISH.index("    answers:") :], "", "", line("  wish:"), "`answers` is missing here.", "Add `answers:`.",
    ),
    "equal-answers": (
        YES, YES.replace("Yes", "no"), "", line('- say: "No"', number=2),
        f"`wish` has the answer “No” twice (line {line(YES)}).", "Word them so that they differ",
    ),
    "long-answer": (
        "say: Not sure", f"say: {'x' * 61}", "", line("say: Not sure"), "The answer has 61 characters, and at most 60",
        "Shorten",
    ),
    "answer-not-text": (
        "say: Not sure", "say: no", "", line("say: Not sure"), "`say` should be text, and YAML reads `False`.",
        "Put it between quotes.",
    ),
    "empty-answer": ("say: Not sure", 'say: ""', "", line("say: Not sure"), "`say` is empty.", "Write something there"),
    # Safety.
    "safety-without-means": (
        "        means: unknown\n", "", "", line("say: Not sure"),
        "“Not sure” answers a safety question and does not say what it means.", "Add `means: clear`, `concern` or `unknown`.",
    ),
    "means-without-safety": (
        "go: onward\n", "go: onward\n        means: clear\n", "", line("go: onward") + 1,
        "`means` stands with an answer to `wish`, which is no safety question.", "Add `safety: true` to the question",
    ),
    "unknown-meaning": (
        "means: unknown", "means: unkown", "", line("means: unknown"), "`means` is `unkown`.", "Did you mean `unknown`?",
    ),
    "past-a-safety-question": (
        "go: ask\n", "go: wish\n", "", line("go: ask"),
        "`onward` is reached without a clear answer to the safety question `risk`: risk “Not sure” → wish “Yes” → onward.",
        "Lead this path through `risk`, or end it before.",
    ),
    "concern-to-proceed": (
        "go: halt\n        means", "go: onward\n        means", "", line("go: halt"),
        "`onward` is reached without a clear answer to the safety question `risk`: risk “Yes” → onward.", "or end it before.",
    ),
    "around-a-safety-question": (
        "start: risk", "start: wish", "", line("go: onward"),
        "`onward` is reached without a clear answer to the safety question `late`: risk “No” → wish “Yes” → onward.",
        "Lead this path through `late`",
    ),
    "hand-over-past-safety": (
        "go: ask\n", "go: tree:other\n", "", line("go: ask"),
        "`tree:other` is reached without a clear answer to the safety question `risk`: risk “Not sure” → tree:other.",
        "or end it before.",
    ),
    # Labels, and what is offered first.
    "label-of-another-verdict": (
        "verdict: stop\n", "verdict: stop\n    label: All well\n", "", line("verdict: stop") + 1,
        "`halt` has a `label`, and its verdict is `stop`.", "Remove the label: only `proceed` may be worded otherwise",
    ),
    "long-label": (
        "verdict: proceed\n", f"verdict: proceed\n    label: {'x' * 25}\n", "", line("verdict: proceed") + 1,
        "`label` has 25 characters, and at most 24", "Shorten",
    ),
    "macro-in-label": (
        "verdict: proceed\n", 'verdict: proceed\n    label: "{{ reading() }}"\n', "", line("verdict: proceed") + 1,
        "`label` is plain text; what stands between braces would be shown as it is written.", "Move it to `why`",
    ),
    "html-in-label": (
        "verdict: proceed\n", "verdict: proceed\n    label: <b>Go</b>\n", "", line("verdict: proceed") + 1,
        "HTML is not allowed here.", "Write plain text.",
    ),
    "clear-answers-first": (
        WISH, WISH.replace("    ask", "    safety: true\n    ask").replace("onward\n", "onward\n        means: clear\n")
        .replace("halt\n", "halt\n        means: concern\n"), "", line("    answers:"),
        "2 of 2 safety questions have the clear answer first: risk, wish.", "Put an answer that stops or asks first",
    ),
    # Claims.
    "why-not-covered": (
        "{{ reading() }} Both should want it.", "Both should want it.", "", line("why:", number=2),
        "“Both should want it.” is neither cited nor set apart.", "or begin it with {{ reading() }}.",
    ),
    "help-not-covered": (
        "{{ reading() }} Ask each", "Ask each", "", line("help:"), "“Ask each partner alone.” is neither cited", "Cite",
    ),
    "item-not-covered": (
        'says so {{ cite("monson2020") }}', "says so", "", line("    text: |-"), "“- A trial says so.” is neither", "Cite",
    ),
    "no-why": (WISH.split("\n")[2] + "\n", "", "", line("  wish:"), "`why` is missing here.", "Add `why:`."),
    "unknown-key": (
        'risk {{ cite("monson2020")', 'risk {{ cite("monson2021")', "", line("A trial found"), "no source `monson2021`.",
        "Did you mean `monson2020`?",
    ),
    "macro-in-text": (
        "{{ reading() }} Go on.", "{{ references() }} Go on.", "", line("Go on."), "There is no macro `references`.", "",
    ),
    "jinja-in-text": (
        "{{ reading() }} Go on.", "{% if 1 %}{{ reading() }}{% endif %}", "", line("Go on."),
        "A text in a data file cannot hold statements of Jinja.", "may stand in a text.",
    ),
    "macro-in-title": (
        "title: Stop here", 'title: "{{ reading() }} Stop"', "", line("title: Stop"),
        "`title` is plain text; what stands between braces would be shown as it is written.", "Move it to `why`",
    ),
    # Outcomes.
    "no-verdict": ("    verdict: stop\n", "", "", line("  halt:"), "`verdict` is missing here.", "Add `verdict:`."),
    "unknown-verdict": (
        "verdict: pause", "verdict: pauze", "", line("verdict: pause"), "`verdict` is `pauze`.", "Did you mean `pause`?",
    ),
    "unlikely-verdict": (
        "verdict: pause", "verdict: later", "", line("verdict: pause"), "`verdict` is `later`.",
        "It is one of `stop`, `refer`, `pause`, `caution`, `proceed`, `sound`, `missed`, `harm`.",
    ),
    "no-text": ('    text: "{{ reading() }} Go on."\n', "", "", line("  onward:"), "`text` is missing here.", "Add `text:`."),
    "empty-text": ('"{{ reading() }} Go on."', '""', "", line("Go on."), "`text` is empty.", "Write something there"),
    "no-title": ("    title: Go on\n", "", "", line("  onward:"), "`title` is missing here.", "Add `title:`."),
    "no-outcomes": (TREE[TREE.index("outcomes:") :], "", "", 1, "`outcomes` is missing here.", "Add `outcomes:`."),
    # Links and markup.
    "link-to-no-page": (
        "to: ../index.md", "to: ../indx.md", "", line("to: ../index"), "There is no page `../indx.md`.", "mean `../index.md`?",
    ),
    "link-in-text-to-no-page": (
        "(../index.md)", "(index.md)", "", line("(../index.md)"), "There is no page `index.md`.", "",
    ),
    "link-that-runs": (
        "to: ../index.md", "to: javascript:alert(1)", "", line("to: ../index"), "There is no page `javascript:alert(1)`.",
        "Write the way to the page's file",
    ),
    "reference-link-that-runs": (
        "      {{ reading() }} Stop.", "      {{ reading() }} [Stop][a].\n\n      [a]: javascript:alert(1)", "",
        line("    text: |-"), "There is no page `javascript:alert(1)`.", "Write the way",
    ),
    "script-in-text": (
        "{{ reading() }} Go on.", "{{ reading() }} <script>alert(1)</script>", "", line("Go on."), "HTML is not allowed here.",
        "Write it as Markdown.",
    ),
    "script-in-question": (
        "ask: Do both want to?", "ask: Do both <img src=x onerror=alert(1)> want to?", "", line("ask: Do both"),
        "HTML is not allowed here.", "Write plain text.",
    ),
    "script-in-answer": (
        "say: Not sure", "say: Not <script>", "", line("say: Not sure"), "HTML is not allowed here.", "Write plain text.",
    ),
    # The file.
    "unknown-field": ("    why: A", "    whay: A", "", line("    why: A"), "There is no field `whay` here.", "mean `why`?"),
    "unknown-field-of-tree": (
        "purpose:", "aim: x\npurpose:", "", 2, "There is no field `aim` here.", "Known here: kind, outcomes, purpose,",
    ),
    "questions-a-list": (
        TREE[TREE.index("questions:") : TREE.index("outcomes:")], "questions: [risk]\n", "", line("questions:"),
        "`questions` should be `key: value` lines", "",
    ),
    "safety-not-yes-or-no": (
        "safety: true", "safety: perhaps", "", line("safety: true"), "`safety` should be `true` or `false`", "",
    ),
    "no-date": ("reviewed: 2026-01-01", "reviewed: soon", "", 3, "`reviewed` should be a date, and is `soon`.", ""),
    "no-such-day": ("2026-01-01", "2026-02-30", "", 3, "This is not YAML: day is out of range", "Check dates and numbers."),
    "future": ("2026-01-01", "2999-01-01", "", 3, "`reviewed` is 2999-01-01, which is in the future.", "Write the day"),
    "tab": ("  risk:\n", "\trisk:\n", "", line("  risk:"), "This is not YAML: found character", "indent with spaces."),
    "not-yaml": ("title: Shall", "title: Shall: we", "", 1, "This is not YAML: mapping values", "double quotes"),
    "a-list": (TREE, "- one\n- two\n", "", 1, "This should be `key: value` lines.", "Its fields are: title,"),
    "empty": (TREE, "", "", 1, "The file is empty.", "Its fields are: title, purpose,"),
    # Other trees.
    "unknown-tree": ("go: onward", "go: tree:smal", "", line("go: onward"), "There is no tree `smal`.", "mean `tree:small`?"),
    "tree-leads-to-itself": (
        "go: onward", "go: tree:small", "", line("go: onward"),
        "This leads back to the tree `small`, in a circle: small → small.", "link to the other tree under `next`.",
    ),
}  # fmt: skip


def told(project: Project) -> list[Problem]:
    return list(load_guide(project.root, render=False).problems)


def assert_told(problems: list[Problem], path: str, at: int, message: str, hint: str) -> None:
    assert any(
        (one.path, one.line) == (path, at) and message in one.message and hint in one.hint for one in problems
    ), "\n".join(map(str, problems))


def test_the_small_tree_is_right(project: Project) -> None:
    with_tree(project)
    assert told(project) == []


@pytest.mark.parametrize("name", FAULTS)
def test_a_fault_is_told(project: Project, name: str) -> None:
    old, new, pattern, at, message, hint = FAULTS[name]
    assert old in TREE
    tree = TREE.replace(old, new, 1)
    if pattern:
        tree = re.sub(pattern, "go: halt", tree)
    if name == "around-a-safety-question":
        tree = TREE.replace(
            "outcomes:",
            WISH.replace("wish", "late").replace("    ask", "    safety: true\n    ask")
            .replace("onward\n", "onward\n        means: clear\n").replace("halt\n", "halt\n        means: concern\n")
            + "outcomes:",
        ).replace("go: ask\n", "go: late\n")  # fmt: skip
    with_tree(project, tree)
    assert_told(told(project), SRC, at, message, hint)


def test_all_faults_are_told_at_once(project: Project) -> None:
    with_tree(
        project,
        TREE.replace("go: wish", "go: wihs").replace("{{ reading() }} Go on.", "Go on.").replace("Stop here", "<b>"),
    )
    problems = told(project)
    messages = " ".join(one.message for one in problems)
    for part in (
        "`wihs`",
        "No answer leads to `wish`",
        "“Go on.” is neither",
        "HTML is not allowed",
        "No answer leads to `onward`",
    ):
        assert part in messages


def test_a_circle_through_another_tree(project: Project) -> None:
    with_tree(project, TREE.replace("go: onward", "go: tree:other").replace(TREE[TREE.index("  onward:") :], ""))
    with_tree(
        project, TREE.replace("go: onward", "go: tree:small").replace(TREE[TREE.index("  onward:") :], ""), "other"
    )
    message = "This leads back to the tree `other`, in a circle: other → small → other."
    assert_told(told(project), SRC, line("go: onward"), message, "link to the other tree under `next`.")


def test_a_tree_with_faults_is_not_missed_by_others(project: Project) -> None:
    with_tree(project, TREE.replace("go: onward", "go: tree:other").replace(TREE[TREE.index("  onward:") :], ""))
    with_tree(project, TREE.replace("verdict: stop", "verdict: halt"), "other")
    assert [one.path for one in told(project)] == ["docs/decisions/other.yml"]


def test_more_paths_than_can_be_checked(project: Project) -> None:
    count = 11
    questions = "".join(
        f'  q{number}:\n    ask: "{number}?"\n    why: "{{{{ reading() }}}} So."\n    answers:\n'
        f'      - {{say: "Yes", go: {after}}}\n      - {{say: "No", go: {after}}}\n'
        for number, after in ((number, f"q{number + 1}" if number < count - 1 else "risk") for number in range(count))
    )
    with_tree(project, TREE.replace("start: risk", "start: q0").replace("questions:\n", f"questions:\n{questions}"))
    message = f"The tree has {4 * 2**count} paths, and nobody can check more than {MOST_PATHS}."
    assert_told(told(project), SRC, 5, message, "Make two trees of it.")


CALL = '{{ decision_tree("small") }}'
CALLS = {
    "unknown": ('{{ decision_tree("smal") }}', "There is no tree `smal`.", "Did you mean `small`?"),
    "unknown-far-off": ('{{ flowchart("zzz") }}', "There is no tree `zzz`.", "There are: small."),
    "no-name": ("{{ decision_tree() }}", "`decision_tree()` takes one tree's name in quotes.", "without its .yml."),
    "two-names": ('{{ flowchart("small", "small") }}', "`flowchart()` takes one tree's name in quotes.", "Write"),
    "no-text": ("{{ tree_outcomes(1) }}", "`tree_outcomes()` takes one tree's name in quotes.", "Write"),
    "option": ('{{ decision_tree("small", open=1) }}', "`decision_tree()` has no option `open`.", "Write"),
    "again": (CALL, "`decision_tree()` shows `small` a second time on this page", "Keep one of them."),
}


@pytest.mark.parametrize("name", CALLS)
def test_a_faulty_call_is_told(project: Project, name: str) -> None:
    call, message, hint = CALLS[name]
    with_tree(project)
    page = TREE_PAGE.replace("## Sources", f"{call}\n\n## Sources")
    project.write("docs/decisions/small.md", page)
    assert_told(told(project), "docs/decisions/small.md", line("## Sources", TREE_PAGE), message, hint)


def test_a_tree_that_no_page_shows(project: Project) -> None:
    project.write(SRC, TREE)
    project.write("docs/decisions/paths.md", PATHS_PAGE)
    assert_told(
        told(project), SRC, 0, "No page shows the tree `small`.", 'Write {{ decision_tree("small") }} on its page.'
    )


@pytest.mark.parametrize("name", ["Small.yml", "small.yaml", "a_b.yml"])
def test_a_file_with_a_bad_name(project: Project, name: str) -> None:
    project.write(f"docs/decisions/{name}", TREE)
    path = f"docs/decisions/{name}"
    assert_told(told(project), path, 0, f"`{name}` cannot be the name of a tree's file.", "and end it in .yml.")


def test_a_file_that_is_not_utf8(project: Project) -> None:
    with_tree(project)
    project.write(SRC, TREE.replace("Shall we", "Shäll we").encode("latin-1"))
    assert_told(told(project), SRC, 1, "The file is not UTF-8: byte 0xe4 cannot be read.", "Save it as UTF-8.")


def test_a_page_that_shows_a_tree_lists_its_sources(project: Project) -> None:
    with_tree(project)
    page = TREE_PAGE.replace('A finding {{ cite("monson2020") }}.', "").replace("{{ references() }}", "")
    project.write("docs/decisions/small.md", page)
    message = "The page cites sources and does not list them."
    assert_told(told(project), "docs/decisions/small.md", line(CALL, page), message, "{{ references() }}")


def test_a_build_refuses_all_of_it_without_a_traceback(make_project: Callable[[], Project]) -> None:
    project = make_project()
    with_tree(project, TREE.replace("go: wish", "go: wihs"))
    run = project.build()
    assert run.returncode == 1
    assert f"{SRC}:{line('go: wish')}: There is no question or outcome `wihs`." in run.stderr
    assert "Traceback" not in run.stdout + run.stderr
