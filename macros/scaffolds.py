"""New pages, trees and terms as files: a beginning that the check accepts, with what to write in its place."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from macros.glossary.model import fold
from macros.navigation import yaml_text
from macros.settings import today

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from macros.data_files import DataFile
    from macros.glossary.model import TermsFile

_CLINICAL = """{{{{ reading() }}}} Write here what this page comes to, in two sentences.
{{ .summary }}

{{{{ evidence_strip() }}}}

## In practice

- {{{{ reading() }}}} Write here what to do, and from which source it is inferred.

## Why

{{{{ reading() }}}} Write here what is known, what speaks against it, and what nobody has studied.

## Sources

{{{{ references() }}}}
"""
_GUIDE = """Write here in one sentence what this page is for.
{{ .summary }}

## In short

Write here what a reader needs to know.
"""


def page_text(title: str, description: str, kind: str, subjects: Mapping[str, Sequence[str]]) -> str:
    """Give a new page.

    Args:
        title: its title and heading.
        description: its description, of one sentence.
        kind: `clinical` or `guide`.
        subjects: what it is about, by the field of the front matter: `mechanism`, `modality`, `phase`.
    """
    audience = "[clinician, trainee]" if kind == "clinical" else "[maintainer]"
    lines = [f"title: {yaml_text(title)}", f"description: {yaml_text(description)}", f"reviewed: {today()}"]
    lines += [f"audience: {audience}", f"kind: {kind}"]
    lines += [f"{name}: [{', '.join(values)}]" for name, values in subjects.items() if values]
    body = (_CLINICAL if kind == "clinical" else _GUIDE).format()
    return "---\n" + "\n".join(lines) + f"\n---\n\n# {title}\n\n{body}"


_TREE = """# yaml-language-server: $schema=../../schemas/decision-tree.schema.json
title: {title}
purpose: {purpose}
reviewed: {day}
start: asked-alone
questions:
  asked-alone:
    ask: Has each partner been asked alone about danger today?
    help: "{{{{ reading() }}}} Write here how to find out."
    why: "{{{{ reading() }}}} Write here why it is asked, and cite what it rests on."
    safety: true
    answers:
      - {{say: "Yes, and neither is in danger", go: first-question, means: clear}}
      - {{say: "Yes, and there is danger", go: act-first, means: concern}}
      - {{say: "Not yet", go: find-out, means: unknown}}
  first-question:
    ask: Write here the question that decides?
    why: "{{{{ reading() }}}} Write here why it is asked."
    answers:
      - {{say: "Yes", go: go-on}}
      - {{say: "No", go: something-else}}
      - {{say: "Not sure yet", go: find-out}}
outcomes:
  act-first:
    verdict: refer
    title: Act on the danger first
    text: "{{{{ reading() }}}} Write here what to do now, then why."
  find-out:
    verdict: pause
    title: Find out, then start again
    text: "{{{{ reading() }}}} Write here how to find out."
  something-else:
    verdict: caution
    title: Do something else
    text: "{{{{ reading() }}}} Write here what to do instead, then why."
  go-on:
    verdict: proceed
    title: Go on
    text: "{{{{ reading() }}}} Write here what to do next, then why."
"""
_TREE_PAGE = """---
title: {title}
description: {purpose}
reviewed: {day}
audience: [clinician, trainee]
kind: clinical
---

# {heading}

{{{{ reading() }}}} Write here what this tree decides, and what it rests on.
{{ .summary }}

{{{{ evidence_strip() }}}}

## When to use it

- {{{{ reading() }}}} Write here when to use it, and when not.

## Work through it

{{{{ decision_tree("{name}") }}}}

## The whole tree

{{{{ flowchart("{name}") }}}}

## What it rests on

- {{{{ reading() }}}} Write here which questions rest on which sources, and what was not found.

## Sources

{{{{ references() }}}}
"""
_PATHS_PAGE = """---
title: {title}
description: "For checking: every question, every outcome and every path of one decision tree, with its sources."
reviewed: {day}
audience: [supervisor, maintainer]
kind: guide
search:
  exclude: true
---

# Every path: {heading}

For checking against the sources: [the tree]({name}.md) with every question, every outcome and every path,
made from the same file.
{{ .summary }}

{{{{ tree_outcomes("{name}") }}}}

## Sources

{{{{ references() }}}}
"""


def tree_files(name: str, title: str, purpose: str) -> dict[str, str]:
    """Give a new tree, its page, and the page with its paths, by file name.

    Args:
        name: the tree's name.
        title: the decision, as a question.
        purpose: what the clinician decides with it.
    """
    said = {"title": yaml_text(title), "purpose": yaml_text(purpose), "name": name, "heading": title, "day": today()}
    return {
        f"{name}.yml": _TREE.format(**said),
        f"{name}.md": _TREE_PAGE.format(**said),
        f"{name}-paths.md": _PATHS_PAGE.format(**{**said, "title": yaml_text(f"Every path: {title}")}),
    }


def add_term(text: str, file: DataFile[TermsFile], fields: Mapping[str, str | Sequence[str]]) -> str:
    """Put a term into the glossary's file at its place in the alphabet, and leave all else as it was.

    Args:
        text: the file.
        file: what it holds.
        fields: the fields of the term that are not empty, `term` first.
    """
    name = str(fields["term"])
    ending = "\r\n" if "\r\n" in text else "\n"
    written = "  - " + f"{ending}    ".join(
        f"{field}: {yaml_text(value) if isinstance(value, str) else _listed(value)}" for field, value in fields.items()
    )
    lines = text.splitlines(keepends=True)
    after = [index for index, term in enumerate(file.value.terms) if fold(term.term) > fold(name)]
    if not after:
        return text.rstrip("\r\n") + ending * 2 + written + ending
    at = file.line("terms", after[0]) - 1
    while at and lines[at - 1].lstrip().startswith("#") and lines[at - 1].startswith(" "):
        at -= 1  # a comment belongs to the term below it
    return "".join([*lines[:at], written, ending * 2, *lines[at:]])


def _listed(values: Sequence[str]) -> str:
    return f"[{', '.join(value if _is_word(value) else json.dumps(value, ensure_ascii=False) for value in values)}]"


def _is_word(value: str) -> bool:
    return "," not in value and yaml_text(value) == value
