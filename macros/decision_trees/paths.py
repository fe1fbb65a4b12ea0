"""Ways through a tree: what leads where, in which order, and by how many paths."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from macros.decision_trees.model import HANDOVER

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from macros.decision_trees.model import Answer, Tree


@dataclass(frozen=True)
class Path:
    """A way from the start to an end.

    Attributes:
        steps: the questions, each with the number of the answer given.
        end: the outcome, or `tree:` and another tree.
    """

    steps: tuple[tuple[str, int], ...]
    end: str


def all_paths(tree: Tree) -> Iterator[Path]:
    """Give every path from the start to an end. The tree must have no circle.

    Args:
        tree: the tree.
    """
    waiting: list[Path] = [Path((), tree.start)]
    while waiting:
        path = waiting.pop()
        if path.end not in tree.questions:
            yield path
            continue
        for number, answer in reversed(list(enumerate(tree.answers(path.end)))):
            waiting.append(Path((*path.steps, (path.end, number)), answer.go))


def count_paths(tree: Tree) -> int:
    """Count the paths without walking each. The tree must have no circle.

    Args:
        tree: the tree.
    """
    found: dict[str, int] = {}
    for node in _before(tree):
        found[node] = sum(found.get(answer.go, 1) for answer in tree.answers(node))
    return found.get(tree.start, 0)


def columns(tree: Tree) -> list[list[str]]:
    """Give the questions that are reached in the columns in which the picture shows them, one below the other.

    From each question a column goes on with the longest way, and of two as long with one on which the work can go on; a
    question off it stands in a later column, as soon as all that lead to it have their place. So each question comes after
    all that lead to it, and is numbered in this order.

    Args:
        tree: the tree, without a circle.
    """
    left = questions_left(tree)
    onward = goes_on(tree)
    for earlier in _before(tree):
        if any(answer.go in onward for answer in tree.answers(earlier)):
            onward.add(earlier)
    parents: dict[str, set[str]] = {node: set() for node in left}
    for parent in left:
        for answer in tree.answers(parent):
            if answer.go in left:
                parents[answer.go].add(parent)
    placed: set[str] = set()
    mentioned: list[str] = []
    found: list[list[str]] = []
    first = tree.start if tree.start in left else None
    while first:
        node: str | None = first
        column: list[str] = []
        while node:
            column.append(node)
            placed.add(node)
            goes = [answer.go for answer in tree.answers(node) if answer.go in left]
            free = [go for go in goes if go not in placed and parents[go] <= placed]
            node = max(free, key=lambda go: (left[go], go in onward), default=None)
            mentioned += [go for go in goes if go != node]
        found.append(column)
        # The one that was mentioned last comes first: so the lines that lead to them do not cross.
        first = next((go for go in reversed(mentioned) if go not in placed and parents[go] <= placed), None)
    return found


def in_order(tree: Tree) -> list[str]:
    """Give the questions that are reached, each after all that lead to it, as they are numbered.

    Args:
        tree: the tree, without a circle.
    """
    return [node for column in columns(tree) for node in column]


def _before(tree: Tree) -> list[str]:
    """Give the questions that are reached, each after all that it leads to."""
    seen: set[str] = set()
    finished: list[str] = []
    waiting = [(tree.start, False)]
    while waiting:
        node, left = waiting.pop()
        if left:
            finished.append(node)
        elif node in tree.questions and node not in seen:
            seen.add(node)
            waiting.append((node, True))
            waiting += [(answer.go, False) for answer in tree.answers(node)]
    return finished


def questions_left(tree: Tree) -> dict[str, int]:
    """Give, for each question that is reached, how many are asked at most from there on, itself among them.

    Args:
        tree: the tree, without a circle.
    """
    left: dict[str, int] = {}
    for node in _before(tree):
        left[node] = 1 + max((left.get(answer.go, 0) for answer in tree.answers(node)), default=0)
    return left


def reached(tree: Tree) -> set[str]:
    """Give everything that is reached from the start.

    Args:
        tree: the tree.
    """
    seen, waiting = {tree.start}, [tree.start]
    while waiting:
        for answer in tree.answers(waiting.pop()):
            if answer.go not in seen:
                seen.add(answer.go)
                waiting.append(answer.go)
    return seen


def shortest_path(tree: Tree, *, ends: set[str], without: Callable[[str, Answer], bool]) -> Path | None:
    """Give a shortest path from the start to one of some ends, or `None`.

    Args:
        tree: the tree.
        ends: where it may end.
        without: which answers may not be given: `without(question, answer)`.
    """
    waiting = [Path((), tree.start)]
    seen = {tree.start}
    for path in waiting:
        if path.end in ends:
            return path
        for number, answer in enumerate(tree.answers(path.end)):
            if answer.go not in seen and not without(path.end, answer):
                seen.add(answer.go)
                waiting.append(Path((*path.steps, (path.end, number)), answer.go))
    return None


def circles(leads_to: dict[str, list[str]]) -> list[list[str]]:
    """Give one circle for each way back that is found, from its first member to its last.

    Args:
        leads_to: for each node, where it leads.
    """
    found: list[list[str]] = []
    state: dict[str, int] = {}  # 1: on the way, 2: done
    for first in leads_to:
        way: list[str] = []
        waiting = [(first, False)]
        while waiting:
            node, left = waiting.pop()
            if left:
                state[node] = 2
                way.pop()
            elif state.get(node) == 1:
                found.append(way[way.index(node) :])
            elif node not in state:
                state[node] = 1
                way.append(node)
                waiting.append((node, True))
                waiting += [(after, False) for after in reversed(leads_to.get(node, []))]
    return found


def goes_on(tree: Tree) -> set[str]:
    """Give the ends at which the work goes on: `proceed`, and other trees.

    Args:
        tree: the tree.
    """
    ends = {name for name, outcome in tree.outcomes.items() if outcome.verdict == "proceed"}
    return ends | {a.go for question in tree.questions.values() for a in question.answers if a.go.startswith(HANDOVER)}


def past(tree: Tree, question: str) -> Path | None:
    """Give a shortest path to where the work goes on that holds no clear answer to a question, or `None`.

    Args:
        tree: the tree.
        question: the question.
    """
    return shortest_path(
        tree, ends=goes_on(tree), without=lambda node, answer: node == question and answer.means == "clear"
    )
