"""The proof that no path goes on past an unanswered safety question: every path is walked, one by one.

The check at load finds the same by another way, without walking them (`paths.past`); neither uses the other.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from macros.decision_trees.paths import all_paths, goes_on

if TYPE_CHECKING:
    from macros.decision_trees.model import Tree
    from macros.decision_trees.paths import Path


@dataclass(frozen=True)
class Proof:
    """What was found.

    Attributes:
        questions: the questions.
        safety: the safety questions among them.
        paths: all paths from the start to an end.
        onward: those that end in `proceed` or in another tree.
        unsafe: those of them that lack a clear answer to a safety question.
    """

    questions: int
    safety: int
    paths: int
    onward: int
    unsafe: tuple[Path, ...]

    def __str__(self) -> str:
        return (
            f"{self.questions} questions, {self.safety} of them safety questions; {self.paths} paths, {self.onward} go on,"
            f" {len(self.unsafe)} of these past a safety question"
        )


def prove(tree: Tree) -> Proof:
    """Walk every path of a tree.

    Args:
        tree: the tree.
    """
    safety = {name for name, question in tree.questions.items() if question.safety}
    ends = goes_on(tree)
    total, onward, unsafe = 0, 0, []
    for path in all_paths(tree):
        total += 1
        if path.end in ends:
            onward += 1
            clear = {name for name, number in path.steps if tree.questions[name].answers[number].means == "clear"}
            if not safety <= clear:
                unsafe.append(path)
    return Proof(len(tree.questions), len(safety), total, onward, tuple(unsafe))
