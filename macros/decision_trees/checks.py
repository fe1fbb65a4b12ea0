"""What can be wrong with trees, beyond what their format says; each fault with its line."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from macros.calls import check_named
from macros.data_files import is_name
from macros.decision_trees.cases import check_kind
from macros.decision_trees.model import HANDOVER
from macros.decision_trees.paths import circles, count_paths, past, reached
from macros.pages import uncovered_claims
from macros.problems import Problem, nearest
from macros.settings import today
from macros.texts import check_link, links_in

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Set

    from macros.data_files import DataFile, Place
    from macros.decision_trees.model import Tree
    from macros.decision_trees.paths import Path
    from macros.pages import Page

#: More paths than anybody reads when a tree is checked.
MOST_PATHS = 1000
_HTML = re.compile(r"<[a-zA-Z/!?]")
_CITE_OR_MARK = "Cite its source, or begin it with {{ reading() }}."


def check_alone(file: DataFile[Tree]) -> list[Problem]:
    """Find what is wrong with a tree by itself.

    Args:
        file: the tree's file.
    """
    tree = file.value
    problems = [*_lines(file), *_names(file), *_answers(file), *_labels(file), *_order(file), *_claims(file)]
    problems += check_kind(file)

    def add(place: Place, message: str, hint: str = "") -> None:
        problems.append(Problem(file.path, file.line(*place), message, hint))

    if tree.reviewed > today():
        add(("reviewed",), f"`reviewed` is {tree.reviewed}, which is in the future.", "Write the day of the review.")
    if tree.start not in tree.questions:
        add(("start",), f"There is no question `{tree.start}` to start with.", _meant(tree.start, tree.questions))
        return problems
    seen = reached(tree)
    for kind, names in (("questions", tree.questions), ("outcomes", tree.outcomes)):
        for name in names:
            if name not in seen:
                add((kind, name), f"No answer leads to `{name}`.", "Lead an answer there, or remove it.")
    ends = seen - set(tree.questions)
    if len(ends) == 1:
        message = f"Whatever is answered, the outcome is `{ends.pop()}`: nothing is decided."
        add(("outcomes",), message, "Give the tree a second outcome.")
    found = circles({name: [answer.go for answer in tree.answers(name)] for name in (tree.start, *tree.questions)})
    for circle in found:
        last = next(number for number, answer in enumerate(tree.answers(circle[-1])) if answer.go == circle[0])
        add(
            ("questions", circle[-1], "answers", last, "go"),
            f"This leads back to `{circle[0]}`, in a circle: {' → '.join([*circle, circle[0]])}.",
            "End in an outcome `pause` that says how to find out, and to start again then.",
        )
    if not found and (paths := count_paths(tree)) > MOST_PATHS:
        message = f"The tree has {paths} paths, and nobody can check more than {MOST_PATHS}."
        add(("questions",), message, "Make two trees of it.")
    return [*problems, *_safety(file)]


def _lines(file: DataFile[Tree]) -> Iterator[Problem]:
    """Find markup in texts that are shown as they are written."""
    for place, text in _plain(file.value):
        if _HTML.search(text):
            yield Problem(file.path, file.line(*place), "HTML is not allowed here.", "Write plain text.")
        if "{{" in text or "{%" in text:
            message = f"`{place[-1]}` is plain text; what stands between braces would be shown as it is written."
            yield Problem(file.path, file.line(*place), message, "Move it to `why`, `help` or `text`.")


def _plain(tree: Tree) -> Iterator[tuple[Place, str]]:
    yield ("title",), tree.title
    yield ("purpose",), tree.purpose
    for name, question in tree.questions.items():
        yield ("questions", name, "ask"), question.ask
        for number, answer in enumerate(question.answers):
            yield ("questions", name, "answers", number, "say"), answer.say
    for name, outcome in tree.outcomes.items():
        yield ("outcomes", name, "title"), outcome.title
        yield ("outcomes", name, "label"), outcome.label or ""
        for number, link in enumerate(outcome.next):
            yield ("outcomes", name, "next", number, "say"), link.say


def _names(file: DataFile[Tree]) -> Iterator[Problem]:
    tree = file.value
    for kind, names in (("questions", tree.questions), ("outcomes", tree.outcomes)):
        for name in names:
            if not is_name(name):
                message = f"`{name}` cannot be a name, because it stands in addresses."
                hint = "Write lower-case letters, digits and hyphens."
                yield Problem(file.path, file.line(kind, name), message, hint)
    for name in tree.outcomes:
        if name in tree.questions:
            message = f"`{name}` is the name of a question already (line {file.line('questions', name)})."
            yield Problem(file.path, file.line("outcomes", name), message, "Rename one of them.")


def _answers(file: DataFile[Tree]) -> Iterator[Problem]:
    tree = file.value
    known = [*tree.questions, *tree.outcomes]
    for name, question in tree.questions.items():
        here: Place = ("questions", name, "answers")
        if len(question.answers) < 2:  # noqa: PLR2004
            count = "one answer" if question.answers else "no answers"
            yield Problem(
                file.path, file.line(*here), f"`{name}` has {count}; a question needs two.",
                "Add what else may be so, or make it an outcome.",
            )  # fmt: skip
        said: dict[str, int] = {}
        for number, answer in enumerate(question.answers):
            at = file.line(*here, number)
            folded = answer.say.casefold().rstrip(".")
            if folded in said:
                message = f"`{name}` has the answer “{answer.say}” twice (line {said[folded]})."
                yield Problem(file.path, at, message, "Word them so that they differ, or keep one.")
            said.setdefault(folded, at)
            if not answer.go.startswith(HANDOVER) and answer.go not in known:
                message = f"There is no question or outcome `{answer.go}`."
                yield Problem(file.path, file.line(*here, number, "go"), message, _meant(answer.go, known))
            if question.safety and answer.means is None:
                message = f"“{answer.say}” answers a safety question and does not say what it means."
                yield Problem(file.path, at, message, "Add `means: clear`, `concern` or `unknown`.")
            if not question.safety and answer.means is not None:
                message = f"`means` stands with an answer to `{name}`, which is no safety question."
                hint = "Add `safety: true` to the question, or remove `means`."
                yield Problem(file.path, file.line(*here, number, "means"), message, hint)


def _labels(file: DataFile[Tree]) -> Iterator[Problem]:
    for name, outcome in file.value.outcomes.items():
        if outcome.label and outcome.verdict != "proceed":
            message = f"`{name}` has a `label`, and its verdict is `{outcome.verdict}`."
            hint = "Remove the label: only `proceed` may be worded otherwise, so that what holds back reads alike everywhere."
            yield Problem(file.path, file.line("outcomes", name, "label"), message, hint)


def _order(file: DataFile[Tree]) -> Iterator[Problem]:
    """Find a tree in which whoever taps the first answer without reading mostly hears that all is well."""
    asked = {name: question for name, question in file.value.questions.items() if question.safety and question.answers}
    first = [name for name, question in asked.items() if question.answers[0].means == "clear"]
    if len(asked) > 1 and len(first) > len(asked) / 2:
        message = f"{len(first)} of {len(asked)} safety questions have the clear answer first: {', '.join(first)}."
        hint = "Put an answer that stops or asks first in some of them, until half or fewer are left."
        yield Problem(file.path, file.line("questions", first[0], "answers"), message, hint)


def _claims(file: DataFile[Tree]) -> Iterator[Problem]:
    """Find the statements that are neither cited nor set apart."""
    for place, text in _texts(file.value):
        for claim in uncovered_claims(text):
            message = f"“{claim}” is neither cited nor set apart."
            yield Problem(file.path, file.line(*place), message, _CITE_OR_MARK)


def _texts(tree: Tree) -> Iterator[tuple[Place, str]]:
    for name, question in tree.questions.items():
        if question.help:
            yield ("questions", name, "help"), question.help
        for number, answer in enumerate(question.answers):
            if answer.feedback:
                yield ("questions", name, "answers", number, "feedback"), answer.feedback
        yield ("questions", name, "why"), question.why
    for name, outcome in tree.outcomes.items():
        yield ("outcomes", name, "text"), outcome.text


def _safety(file: DataFile[Tree]) -> Iterator[Problem]:
    """Find paths on which the work goes on past a safety question that was not answered as clear."""
    tree = file.value
    for name, question in tree.questions.items():
        if not question.safety or any(answer.means is None for answer in question.answers):
            continue
        path = past(tree, name)
        if path is not None:
            number = dict(path.steps).get(name)
            node, number = (name, number) if number is not None else path.steps[-1]
            yield Problem(
                file.path,
                file.line("questions", node, "answers", number, "go"),
                f"`{path.end}` is reached without a clear answer to the safety question `{name}`: {in_words(tree, path)}.",
                f"Lead this path through `{name}`, or end it before.",
            )


def in_words(tree: Tree, path: Path) -> str:
    """Give a path for a message.

    Args:
        tree: the tree.
        path: the path.
    """
    steps = [f"{name} “{tree.questions[name].answers[number].say}”" for name, number in path.steps]
    return " → ".join([*steps, path.end])


def _meant(name: str, known: Iterable[str]) -> str:
    names = list(known)
    close = nearest(name, names)
    return f"Did you mean `{close}`?" if close else f"There are: {', '.join(names)}."


def check_together(files: Mapping[str, DataFile[Tree]], names: Set[str]) -> list[Problem]:
    """Find what is wrong with trees that lead to each other.

    Args:
        files: the trees' files, by name.
        names: the names of all trees, with those that could not be read.
    """
    problems = []
    places: dict[tuple[str, str], int] = {}
    for tree_name, file in files.items():
        for name, question in file.value.questions.items():
            for number, answer in enumerate(question.answers):
                if not answer.go.startswith(HANDOVER):
                    continue
                other = answer.go.removeprefix(HANDOVER)
                line = file.line("questions", name, "answers", number, "go")
                places.setdefault((tree_name, other), line)
                if other not in names:
                    close = nearest(other, names)
                    hint = f"Did you mean `{HANDOVER}{close}`?" if close else f"There are: {', '.join(sorted(names))}."
                    problems.append(Problem(file.path, line, f"There is no tree `{other}`.", hint))
    leads_to: dict[str, list[str]] = {name: [] for name in files}
    for one, other in places:
        if other in files:
            leads_to[one].append(other)
    for circle in circles(leads_to):
        line = places[circle[-1], circle[0]]
        message = f"This leads back to the tree `{circle[0]}`, in a circle: {' → '.join([*circle, circle[0]])}."
        hint = "End in an outcome, and link to the other tree under `next`."
        problems.append(Problem(files[circle[-1]].path, line, message, hint))
    return problems


def check_links(file: DataFile[Tree], pages: Mapping[str, Page], base: str) -> list[Problem]:
    """Find links that lead to no page.

    Args:
        file: the tree's file.
        pages: the pages, by `src`.
        base: the folder from which links start, relative to that of the pages.
    """
    problems = []
    for place, text in _texts(file.value):
        for target in links_in(text):
            problems += check_link(target, file.path, file.line(*place), pages, base)
    for name, outcome in file.value.outcomes.items():
        for number, link in enumerate(outcome.next):
            line = file.line("outcomes", name, "next", number, "to")
            problems += check_link(link.to, file.path, line, pages, base)
    return problems


def check_calls(
    pages: Mapping[str, Page], macro_names: Set[str], names: Set[str], files: Mapping[str, DataFile[Tree]]
) -> list[Problem]:
    """Find what is wrong with the pages' calls of the trees' macros, and trees that no page shows.

    Args:
        pages: the pages, by `src`.
        macro_names: the macros' names.
        names: the names of all trees, with those that could not be read.
        files: the trees' files, by name.
    """
    problems = []
    shown: set[str] = set()
    for page in pages.values():
        here: dict[tuple[str, str], int] = {}
        for call in page.calls:
            if call.name not in macro_names:
                continue
            problem = check_named(call, page, names, "tree", "decisions/ or training/cases")
            if problem:
                problems.append(problem)
                continue
            name = str(call.args[0])
            if (call.name, name) in here:
                message = f"`{call.name}()` shows `{name}` a second time on this page (line {here[call.name, name]})."
                problems.append(Problem(page.path, call.line, message, "Keep one of them."))
            here.setdefault((call.name, name), call.line)
            if call.name == "decision_tree":
                shown.add(name)
    for name, file in files.items():
        if name not in shown:
            hint = f'Write {{{{ decision_tree("{name}") }}}} on its page.'
            problems.append(Problem(file.path, 0, f"No page shows the tree `{name}`.", hint))
    return problems
