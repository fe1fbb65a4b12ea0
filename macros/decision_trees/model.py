"""The format of a decision tree: what its YAML file holds."""

from __future__ import annotations

import hashlib
import json
import re
import unicodedata
from datetime import date
from typing import Annotated, Any, Literal

from pydantic import Field

from macros.data_files import NAME_PATTERN, Line, Markdown, Record

Verdict = Literal["stop", "refer", "pause", "caution", "proceed", "sound", "missed", "harm"]
Fit = Literal["good", "acceptable", "poor"]
Meaning = Literal["clear", "concern", "unknown"]

#: The verdicts' words, from the one that holds back most.
VERDICTS: dict[str, str] = {
    "stop": "Stop",
    "refer": "Refer",
    "pause": "Pause",
    "caution": "Caution",
    "proceed": "Proceed",
    "sound": "Sound",
    "missed": "Something was missed",
    "harm": "Harm was done",
}
#: The verdicts of the endings of cases; all others are those of decisions.
ENDINGS = frozenset({"sound", "missed", "harm"})
#: What is said of an answer in a case.
FITS: dict[Fit, str] = {"good": "Good", "acceptable": "Acceptable", "poor": "Better not"}
#: How a `go` begins that leads to another tree.
HANDOVER = "tree:"


class Answer(Record):
    """One answer to a question."""

    say: Annotated[
        Line,
        Field(max_length=120, description="The answer, as the clinician would give it; 60 characters in a decision."),
    ]
    go: Annotated[
        Line, Field(description="The question or outcome of this tree that it leads to, or `tree:` and another tree.")
    ]
    means: Meaning | None = Field(
        None, description="What the answer means for safety; on safety questions only, and needed there."
    )
    fit: Fit | None = Field(None, description="How good the answer is; in cases only, and needed there.")
    consequence: Markdown | None = Field(None, description="How the story goes on; in cases only, and needed there.")
    feedback: Markdown | None = Field(
        None,
        description="Why the answer is good or not, cited or marked with {{ reading() }}; in cases only, and needed there.",
    )


class Question(Record):
    """One question."""

    scene: Markdown | None = Field(None, description="What happens, constructed; in cases only, and needed there.")
    ask: Annotated[Line, Field(max_length=140, description="The question, which a clinician can answer.")]
    help: Markdown | None = Field(None, description="How to find out; cited, or marked with {{ reading() }}.")
    why: Annotated[Markdown, Field(description="Why it is asked; cited, or marked with {{ reading() }}.")]
    safety: bool = Field(
        False, description="Whether `proceed` and other trees are reached only after a clear answer to this question."
    )
    answers: tuple[Answer, ...] = Field(description="Two answers or more.", json_schema_extra={"minItems": 2})


class Link(Record):
    """A page to go on to."""

    to: Annotated[Line, Field(description="The page's file, as seen from the tree's folder; or a web address.")]
    say: Annotated[Line, Field(description="The words of the link.")]


class Outcome(Record):
    """One end of the tree."""

    verdict: Verdict = Field(description="What it comes to.")
    label: Annotated[Line, Field(max_length=24)] | None = Field(
        None, description="With `proceed` only: what stands in place of that word, where it would promise too much."
    )
    title: Annotated[Line, Field(max_length=80, description="The outcome in a few words.")]
    text: Annotated[
        Markdown, Field(description="What to do, then why; each paragraph cited, or marked with {{ reading() }}.")
    ]
    next: tuple[Link, ...] = Field((), description="Where to go on.")

    @property
    def word(self) -> str:
        """What its readers see as the verdict."""
        return self.label or VERDICTS[self.verdict]


class Tree(Record):
    """A decision tree of the guide to ketamine-assisted couple therapy."""

    title: Annotated[Line, Field(description="The decision, as a question; or the name of the case.")]
    purpose: Annotated[Line, Field(max_length=160, description="What the clinician decides with it.")]
    reviewed: date = Field(description="The day on which somebody last read it against its sources.")
    start: Annotated[Line, Field(description="The first question.")]
    questions: dict[str, Question] = Field(
        description="The questions, by name.", json_schema_extra={"propertyNames": {"pattern": NAME_PATTERN}}
    )
    outcomes: dict[str, Outcome] = Field(
        description="The outcomes, by name.", json_schema_extra={"propertyNames": {"pattern": NAME_PATTERN}}
    )
    kind: Literal["decision", "case"] = Field(
        "decision", description="A decision to be made, or a constructed case to learn from."
    )

    def answers(self, node: str) -> tuple[Answer, ...]:
        """Give the answers of a question; an outcome or another tree has none.

        Args:
            node: the question, outcome or `tree:` name.
        """
        return self.questions[node].answers if node in self.questions else ()


def answer_ids(tree: Tree, question: str) -> tuple[str, ...]:
    """Give the names of a question's answers in the address of a path.

    They change with the words of the question, of the answer, and of what it leads to, so that a link into a tree that has
    changed is seen to be one.

    Args:
        tree: the tree.
        question: the question.
    """
    asked = tree.questions[question]
    return tuple(
        f"{_first_word(answer.say)}-{_digest(question, asked.ask, answer.say, answer.go, *_shown(tree, answer.go))}"
        for answer in asked.answers
    )


def _shown(tree: Tree, node: str) -> tuple[str, ...]:
    if node in tree.questions:
        return (tree.questions[node].ask,)
    outcome = tree.outcomes.get(node)
    return (outcome.verdict, outcome.title, *([outcome.label] if outcome.label else [])) if outcome else ()


def _first_word(text: str) -> str:
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode().casefold()
    return next(iter(re.findall("[a-z0-9]+", plain)), "answer")[:12]


def _digest(*parts: str) -> str:
    return hashlib.sha256(json.dumps(parts).encode()).hexdigest()[:5]


def json_schema() -> dict[str, Any]:
    """Give the JSON Schema of a tree, for editors and for readers of the JSON download."""
    schema = Tree.model_json_schema()
    schema["properties"]["$schema"] = {"type": "string", "description": "This schema."}
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "Decision tree",
        **{key: value for key, value in schema.items() if key != "title"},
    }
