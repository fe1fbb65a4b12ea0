"""A small tree that is right, and trees made up at random."""

from __future__ import annotations

import random
from typing import TYPE_CHECKING, Any

import yaml

from tests.conftest import PAGE

if TYPE_CHECKING:
    from tests.conftest import Project

TREE = """title: Shall we go on?
purpose: Decide whether to go on.
reviewed: 2026-01-01
start: risk
questions:
  risk:
    ask: Is there a risk?
    help: >-
      {{ reading() }} Ask each partner alone.
    why: A trial found a risk {{ cite("monson2020") }}.
    safety: true
    answers:
      - say: "No"
        go: wish
        means: clear
      - say: "Yes"
        go: halt
        means: concern
      - say: Not sure
        go: ask
        means: unknown
  wish:
    ask: Do both want to?
    why: "{{ reading() }} Both should want it."
    answers:
      - say: "Yes"
        go: onward
      - say: "No"
        go: halt
outcomes:
  halt:
    verdict: stop
    title: Stop here
    text: |-
      {{ reading() }} Stop.

      - A trial says so {{ cite("monson2020") }}.
    next:
      - to: ../index.md
        say: The start
  ask:
    verdict: pause
    title: Find out
    text: "{{ reading() }} Ask, then come back. See [the start](../index.md)."
  onward:
    verdict: proceed
    title: Go on
    text: "{{ reading() }} Go on."
"""

TREE_PAGE = (
    PAGE.replace("A finding", '{{ decision_tree("small") }}\n\n{{ flowchart("small") }}\n\nA finding')
    .replace("# A page", "# The small tree")
)  # fmt: skip
PATHS_PAGE = PAGE.replace("A finding", '{{ tree_outcomes("small") }}\n\nA finding')


def with_tree(project: Project, tree: str = TREE, name: str = "small") -> None:
    """Put a tree and its page into a project."""
    project.write(f"docs/decisions/{name}.yml", tree)
    project.write(f"docs/decisions/{name}.md", TREE_PAGE.replace('"small"', f'"{name}"'))


def made_up(seed: int, questions: int, *, merging: bool = True, words: int = 12) -> str:
    """Make a tree: questions lead to later ones or to outcomes, and nothing is left unreached.

    Args:
        seed: which tree.
        questions: how many questions.
        merging: whether several answers may lead to a question.
        words: how long texts are at most.
    """
    chance = random.Random(seed)
    verdicts = ["stop", "refer", "pause", "caution", "proceed"]

    def text(most: int, length: int) -> str:
        some = [
            "risk",
            "wish",
            "ask",
            "together",
            "&",
            "“quoted”",
            "alone",
            "incomprehensibilities",
            "of",
            "a",
            "é",
            "<5",
        ]
        return " ".join(chance.choices(some, k=chance.randint(1, most)))[:length].strip()

    outcomes = {
        f"o{number}": {
            "verdict": verdicts[number % 5],
            "title": f"{number} {text(words, 74)}",
            "text": '{{ reading() }} Do. {{ cite("monson2020") }}',
        }
        for number in range(max(2, questions // 2))
    }
    asked: dict[str, Any] = {}
    for number in range(questions):
        later = [f"q{after}" for after in range(number + 1, min(questions, number + 6))]
        goes = [f"q{number + 1}"] if number + 1 < questions else []
        goes += [
            chance.choice(later)
            if merging and later and chance.random() < 0.25 and number % 7 == 0
            else chance.choice(list(outcomes))
            for _ in range(chance.randint(2 - len(goes), 4))
        ]
        chance.shuffle(goes)
        asked[f"q{number}"] = {
            "ask": f"{number} {text(words, 130)}?",
            "why": "{{ reading() }} So.",
            "answers": [{"say": f"{place} {text(words, 55)}", "go": go} for place, go in enumerate(goes)],
        }
    used = {answer["go"] for question in asked.values() for answer in question["answers"]}
    missing = [name for name in outcomes if name not in used]
    last = asked[f"q{questions - 1}"]["answers"]
    last += [{"say": f"Also {place}", "go": name} for place, name in enumerate(missing)]
    tree = {"title": f"Tree {seed}", "purpose": "Test.", "reviewed": "2026-01-01", "start": "q0",
            "questions": asked, "outcomes": outcomes}  # fmt: skip
    return yaml.safe_dump(tree, allow_unicode=True, sort_keys=False, width=1000).replace("'2026-01-01'", "2026-01-01")
