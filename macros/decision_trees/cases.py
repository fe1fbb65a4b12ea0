"""What sets cases apart from decisions: scenes, what follows from an answer, and how good it was."""

from __future__ import annotations

from typing import TYPE_CHECKING

from macros.decision_trees.model import ENDINGS, HANDOVER, VERDICTS
from macros.decision_trees.paths import circles, reached
from macros.problems import Problem

if TYPE_CHECKING:
    from collections.abc import Iterator

    from macros.data_files import DataFile
    from macros.decision_trees.model import Tree

_LONGEST_ANSWER = 60
_OF_ANSWERS = ("fit", "consequence", "feedback")


def check_kind(file: DataFile[Tree]) -> Iterator[Problem]:
    """Find what a decision has that only cases have, and what a case lacks.

    Args:
        file: the tree's file.
    """
    yield from _check_case(file) if file.value.kind == "case" else _check_decision(file)
    is_case = file.value.kind == "case"
    words = [verdict for verdict in VERDICTS if (verdict in ENDINGS) == is_case]
    for name, outcome in file.value.outcomes.items():
        if outcome.verdict not in words:
            message = f"`{outcome.verdict}` is no verdict of a {file.value.kind}."
            line = file.line("outcomes", name, "verdict")
            yield Problem(file.path, line, message, f"There are: {', '.join(words)}.")


def _check_decision(file: DataFile[Tree]) -> Iterator[Problem]:
    hint = "Write `kind: case`, or remove it."
    for name, question in file.value.questions.items():
        if question.scene:
            line = file.line("questions", name, "scene")
            yield Problem(file.path, line, "`scene` stands in a decision; only cases have scenes.", hint)
        for number, answer in enumerate(question.answers):
            here = ("questions", name, "answers", number)
            for part in _OF_ANSWERS:
                if getattr(answer, part):
                    message = f"`{part}` stands with an answer of a decision; only cases have it."
                    yield Problem(file.path, file.line(*here, part), message, hint)
            if len(answer.say) > _LONGEST_ANSWER:
                message = f"The answer has {len(answer.say)} characters, and at most {_LONGEST_ANSWER} fit a button."
                yield Problem(file.path, file.line(*here, "say"), message, "Shorten it.")


def _check_case(file: DataFile[Tree]) -> Iterator[Problem]:
    tree = file.value
    for name, question in tree.questions.items():
        if not question.scene:
            message = f"`{name}` has no scene."
            yield Problem(file.path, file.line("questions", name), message, "Add `scene: ...`: what happens.")
        if question.safety:
            message = "`safety` stands in a case, which leads to no decision."
            yield Problem(file.path, file.line("questions", name, "safety"), message, "Remove it.")
        for number, answer in enumerate(question.answers):
            here = ("questions", name, "answers", number)
            for part in _OF_ANSWERS:
                if not getattr(answer, part):
                    message = f"“{answer.say}” has no `{part}`."
                    yield Problem(file.path, file.line(*here), message, f"Add `{part}: ...`.")
            if answer.go.startswith(HANDOVER):
                message = "A case cannot lead to another tree."
                yield Problem(file.path, file.line(*here, "go"), message, "Link to it under `next` of an ending.")
        fits = {answer.fit for answer in question.answers}
        line = file.line("questions", name, "answers")
        if None not in fits and not fits & {"good", "acceptable"}:
            yield Problem(
                file.path, line, f"`{name}` has no good or acceptable answer.", "Add what one could rightly do."
            )
        if None not in fits and "poor" not in fits:
            yield Problem(file.path, line, f"`{name}` has no poor answer.", "Add an error that people really make.")
    if tree.start in tree.questions and not _goes_round(tree) and _good_ways(tree) < 2:  # noqa: PLR2004
        message = "Fewer than two ways lead to a sound ending without a poor answer."
        hint = "Let several acceptable ways lead through the case."
        yield Problem(file.path, file.line("questions"), message, hint)


def _goes_round(tree: Tree) -> bool:
    return bool(circles({name: [answer.go for answer in tree.answers(name)] for name in tree.questions}))


def _good_ways(tree: Tree) -> int:
    """Count the ways to a sound ending without a poor answer."""
    count = {name: int(outcome.verdict == "sound") for name, outcome in tree.outcomes.items()}

    def ways(node: str) -> int:
        if node not in count:
            good = [answer.go for answer in tree.answers(node) if answer.fit != "poor"]
            count[node] = sum(ways(go) for go in good)
        return count[node]

    return ways(tree.start) if tree.start in reached(tree) else 0
