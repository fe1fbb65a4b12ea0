"""A tree as HTML: every question and outcome with its links, complete without JavaScript."""

from __future__ import annotations

from typing import TYPE_CHECKING

from macros.decision_trees.model import FITS, HANDOVER, answer_ids
from macros.decision_trees.paths import all_paths, goes_on, in_order, questions_left
from macros.markdown_safe import escape

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from macros.data_files import Place
    from macros.decision_trees.model import Link, Tree

#: What the verdicts' icons are drawn with, in a square of 16.
ICONS = {
    "stop": "M5 1h6l4 4v6l-4 4H5l-4-4V5zM4 7v2h8V7z",
    "refer": "M1 3h5v2H3v8h8v-3h2v5H1zM8 1h7v7h-2V4.4L7.4 10 6 8.6 11.6 3H8z",
    "pause": "M3 2h4v12H3zM9 2h4v12H9z",
    "caution": "M8 1l7.5 14H.5zM7 6v4h2V6zM7 11.5v2h2v-2z",
    # No tick: it would read as "all is well".
    "proceed": "M1 7h9L6.5 3.5 8 2l6 6-6 6-1.5-1.5L10 9H1z",
    "sound": "M6 13.4 1 8.4l1.6-1.6L6 10.2 13.4 2.8 15 4.4z",
    "missed": "M8 1l7.5 14H.5zM7 6v4h2V6zM7 11.5v2h2v-2z",
    "harm": "M5 1h6l4 4v6l-4 4H5l-4-4V5zM4 7v2h8V7z",
    "handover": "M2 2l6 6-6 6-1.4-1.4L5.2 8 .6 3.4zM9 2l6 6-6 6-1.4-1.4L12.2 8 7.6 3.4z",
}
STATEMENT = "This tree supports clinical judgement and does not replace it."
STATEMENT_OF_A_CASE = "This case is constructed; how its answers are judged is this guide’s reading."


def anchor(name: str, node: str) -> str:
    """Give the id of a question or outcome on its page.

    Args:
        name: the tree's name.
        node: the question, outcome or `tree:` name.
    """
    return f"{name}.{node.replace(':', '-')}"


def ends(tree: Tree) -> list[str]:
    """Give the outcomes and then the other trees that a tree leads to.

    Args:
        tree: the tree.
    """
    return [*tree.outcomes, *sorted(node for node in goes_on(tree) if node.startswith(HANDOVER))]


def reading_order(tree: Tree) -> list[Place]:
    """Give the places of a tree's texts in the order in which they are read.

    Args:
        tree: the tree.
    """
    order: list[Place] = []
    for name in in_order(tree):
        order += [("questions", name, part) for part in ("scene", "help")]
        for number in range(len(tree.answers(name))):
            order += [("questions", name, "answers", number, part) for part in ("consequence", "feedback")]
        order.append(("questions", name, "why"))
    return [*order, *(("outcomes", name, "text") for name in tree.outcomes)]


def text_at(tree: Tree, place: Place) -> str | None:
    """Give a text of a tree by its place, or `None` where there is none.

    Args:
        tree: the tree.
        place: one of `reading_order`.
    """
    kind, node, *rest = place
    value: object = getattr(tree, str(kind))[node]
    for part in rest:
        value = value[part] if isinstance(value, tuple) and isinstance(part, int) else getattr(value, str(part))
    return value if isinstance(value, str) else None


def icon(verdict: str) -> str:
    """Give the icon of a verdict, which stands beside its word.

    Args:
        verdict: the verdict.
    """
    return f'<svg class="tree-icon" viewBox="0 0 16 16" aria-hidden="true"><path d="{ICONS[verdict]}"/></svg>'


class TreePage:
    """A tree as it stands on one page."""

    def __init__(
        self,
        name: str,
        tree: Tree,
        *,
        written: Mapping[Place, str],
        titles: Mapping[str, str],
        link: Callable[[str], str],
        tree_link: Callable[[str], str],
    ) -> None:
        """Take what is known of the tree and of the page.

        Args:
            name: the tree's name.
            tree: the tree.
            written: its texts as HTML, by their place.
            titles: the titles of all trees, by name.
            link: gives the address of a page that an outcome links to.
            tree_link: gives the address of another tree's page, with `#` and an anchor where there is one.
        """
        self.name, self.tree, self.written, self.titles = name, tree, written, titles
        self.link, self.tree_link = link, tree_link
        self.numbers = {node: number for number, node in enumerate(in_order(tree), 1)}

    def title(self, node: str) -> str:
        """Give the words of a question or an end, escaped.

        Args:
            node: the question, outcome or `tree:` name.
        """
        if node in self.tree.questions:
            return escape(self.tree.questions[node].ask)
        if node in self.tree.outcomes:
            return escape(self.tree.outcomes[node].title)
        return escape(self.titles[node.removeprefix(HANDOVER)])

    def verdict(self, node: str) -> tuple[str, str]:
        """Give the verdict of an end and its word.

        Args:
            node: the outcome or `tree:` name.
        """
        if node in self.tree.outcomes:
            return self.tree.outcomes[node].verdict, self.tree.outcomes[node].word
        return "handover", "Go on to another tree"

    def outline(self) -> str:
        """Give the whole tree."""
        left = questions_left(self.tree)
        day = self.tree.reviewed
        is_case = self.tree.kind == "case"
        statement = STATEMENT_OF_A_CASE if is_case else STATEMENT
        parts = [self._question(node, left[node]) for node in self.numbers]
        parts += [self._end(node) for node in ends(self.tree)]
        before, after = self._widget(is_case=is_case)
        return (
            f'<decision-tree class="tree" data-name="{self.name}" data-title="{escape(self.tree.title)}"'
            f' data-date="{day.day} {day:%B %Y}" data-statement="{statement}"{" data-case" if is_case else ""}>'
            f'<p class="tree-purpose">{escape(self.tree.purpose)}</p>{before}{"".join(parts)}{after}</decision-tree>'
        )

    def _widget(self, *, is_case: bool) -> tuple[str, str]:
        """Give what the widget's script puts before and after the steps; without it nobody sees this."""
        kept = (
            "in this page’s address, and the course keeps the ending."
            if is_case
            else "only in this page’s address, so that Back works and you can bookmark or share them."
        )
        button = '<button type="button" class="tree-button" data-do='
        # The script finds the parts that it changes by `data-part`, and what buttons do by `data-do`.
        before = (
            '<p class="tree-notice" role="alert" data-part="notice"></p>'
            '<p class="tree-progress" role="status" data-part="progress"></p>'
        )
        after = (
            f'<p class="tree-ending" data-part="ending">{button}"copy">Copy summary</button> {button}"print">Print</button> '
            '<a class="tree-button" data-part="again">Start again</a></p>'
            '<div class="tree-copied" role="status" data-part="copied"></div>'
            '<div class="tree-path" data-part="answers"></div>'
            f'<div class="tree-foot"><p>Nothing you choose is sent. Your answers stand {kept} The browser’s history keeps '
            f'addresses: on a shared phone or computer, use a private window.</p>{button}"toggle" data-part="toggle"></button> '
            f'{button}"clear" data-part="clear" aria-describedby="{self.name}:back">Clear my answers</button>'
            f'<p id="{self.name}:back" data-part="warning">After clearing, Back can still show your answers: close the tab.'
            "</p></div>"
        )
        return f"<template data-search-exclude>{before}</template>", f"<template data-search-exclude>{after}</template>"

    def _question(self, node: str, left: int) -> str:
        question = self.tree.questions[node]
        here = anchor(self.name, node)
        answers = "".join(
            f'<li><a href="#{anchor(self.name, answer.go)}" data-answer="{answer_id}">{escape(answer.say)}</a>'
            f" {self._after(node, number)}</li>"
            for number, (answer, answer_id) in enumerate(
                zip(question.answers, answer_ids(self.tree, node), strict=True)
            )
        )
        safety = '<p class="tree-safety">Safety question</p>' if question.safety else ""
        why = "What this scene is about" if self.tree.kind == "case" else "Why we ask"
        return (
            f'<section class="tree-step tree-question" id="{here}" data-left="{left}" aria-labelledby="{here}.ask">'
            f'<h3 id="{here}.ask"><span class="tree-number">{self.numbers[node]}.</span>'
            f' <span class="tree-ask">{escape(question.ask)}</span></h3>'
            f"{safety}{self._scene(node)}{self._more('How to find out', node, 'help')}"
            f'<ul class="tree-answers" role="list">{answers}</ul>{self._more(why, node, "why")}</section>'
        )

    def _scene(self, node: str) -> str:
        text = self.written.get(("questions", node, "scene"))
        return f'<div class="tree-scene">{text}</div>' if text else ""

    def _after(self, node: str, number: int) -> str:
        """Say where an answer leads; in a case folded, with what follows, until it is chosen."""
        answer = self.tree.questions[node].answers[number]
        goes = f'<span class="tree-goes">{self._goes(answer.go)}</span>'
        if answer.fit is None:
            return goes
        story, why = (self.written["questions", node, "answers", number, part] for part in ("consequence", "feedback"))
        return (
            f'<details class="tree-follows" data-fit="{answer.fit}"><summary>What follows</summary>{story}'
            f'<p class="tree-fit">{FITS[answer.fit]}</p>{why}{goes}</details>'
        )

    def _more(self, summary: str, node: str, part: str) -> str:
        text = self.written.get(("questions", node, part))
        return f'<details class="tree-more"><summary>{summary}</summary>{text}</details>' if text else ""

    def _goes(self, node: str) -> str:
        if node in self.numbers:
            return f"Go to question {self.numbers[node]}"
        return f"{escape(self.verdict(node)[1])}: {self.title(node)}"

    def _end(self, node: str) -> str:
        here = anchor(self.name, node)
        verdict, word = self.verdict(node)
        if node in self.tree.outcomes:
            text = self.written["outcomes", node, "text"]
            links = self._next(self.tree.outcomes[node].next)
        else:
            other = node.removeprefix(HANDOVER)
            text = "<p>The safety questions of this tree are answered. The next decision has a tree of its own.</p>"
            links = f'<ul><li><a href="{escape(self.tree_link(other))}">{self.title(node)}</a></li></ul>'
        onward = f'<p class="tree-next">What next</p>{links}' if links else ""
        return (
            f'<section class="tree-step tree-end" id="{here}" data-verdict="{verdict}" aria-labelledby="{here}.title">'
            f'<p class="tree-verdict">{icon(verdict)} {escape(word)}</p>'
            f'<h3 id="{here}.title">{self.title(node)}</h3><div class="tree-text">{text}</div>{onward}</section>'
        )

    def _next(self, links: Sequence[Link]) -> str:
        items = "".join(f'<li><a href="{escape(self.link(one.to))}">{escape(one.say)}</a></li>' for one in links)
        return f"<ul>{items}</ul>" if items else ""

    def paths(self) -> str:
        """Give every question with what it rests on, and every end with each path to it."""
        ways: dict[str, list[str]] = {}
        total = 0
        for path in all_paths(self.tree):
            total += 1
            steps = "".join(
                f'<li><a href="#{anchor(self.name, node)}">{self.numbers[node]}. {self.title(node)}</a>'
                f" <b>{escape(self.tree.questions[node].answers[number].say)}</b></li>"
                for node, number in path.steps
            )
            ways.setdefault(path.end, []).append(f'<li><ol role="list">{steps}</ol></li>')
        questions = "".join(self._checked(node) for node in self.numbers)
        outcomes = "".join(self._reached(node, ways.get(node, [])) for node in ends(self.tree))
        safety = sum(question.safety for question in self.tree.questions.values())
        most = questions_left(self.tree)[self.tree.start]
        return (
            f'<div class="tree-paths"><p class="tree-count">{len(self.numbers)} questions, {safety} of them safety questions;'
            f" {len(ends(self.tree))} ends; {total} paths, the longest of {most} questions."
            f' <a href="{escape(self.tree_link(self.name))}">Work through the tree</a>.</p>'
            f"<h2>What each question rests on</h2>{questions}<h2>Every outcome, and every path to it</h2>{outcomes}</div>"
        )

    def _checked(self, node: str) -> str:
        question = self.tree.questions[node]
        means = {None: "", "clear": " (clear)", "concern": " (concern)", "unknown": " (unknown)"}
        answers = "".join(
            f"<li><b>{escape(answer.say)}</b>{means[answer.means]}: {self._goes(answer.go)}</li>"
            for answer in question.answers
        )
        found = self.written.get(("questions", node, "help"), "")
        safety = '<p class="tree-safety">Safety question</p>' if question.safety else ""
        return (
            f'<section class="tree-check" id="{anchor(self.name, node)}"><h3>{self.numbers[node]}. {self.title(node)}</h3>'
            f"{safety}<ul>{answers}</ul>{found and f'<h4>How to find out</h4>{found}'}"
            f"<h4>Why</h4>{self.written['questions', node, 'why']}</section>"
        )

    def _reached(self, node: str, ways: Sequence[str]) -> str:
        verdict, word = self.verdict(node)
        text = self.written.get(("outcomes", node, "text"), "")
        links = self._next(self.tree.outcomes[node].next) if node in self.tree.outcomes else ""
        count = "1 path leads" if len(ways) == 1 else f"{len(ways)} paths lead"
        return (
            f'<section class="tree-check tree-end" id="{anchor(self.name, node)}" data-verdict="{verdict}">'
            f'<p class="tree-verdict">{icon(verdict)} {escape(word)}</p><h3>{self.title(node)}</h3>{text}{links}'
            f'<h4>{count} here</h4><ol class="tree-ways">{"".join(ways)}</ol></section>'
        )
