"""New pages, trees, modules, cases and terms as files: a beginning that the check accepts, with what to write in its place."""

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


_MODULE = """# yaml-language-server: $schema=../../schemas/module.schema.json
title: {title}
number: {number}
summary: {summary}
prerequisites: [{prerequisites}]
questions:
  - Write here a question that this module answers.
  - Write here another.
objectives:
{objectives}
read:
  - to: ../index.md
    look: Write here what to look for.
  - to: {name}.md#worked-example
    look: Write here what to look for.
key_points:
  - "{{{{ reading() }}}} Write here what to keep, cited or inferred."
  - "{{{{ reading() }}}} Write here a second point."
  - "{{{{ reading() }}}} Write here a third."
supervision:
  - Write here what to do next in supervision.
  - Write here something to show or to practise.
items:
{items}"""
_ITEM = """  {name}:
    objective: {objective}
    kind: one
    ask: Write here a question, and a constructed situation if it needs one.
    options:
      - say: Write here an error that people make
        why: "{{{{ reading() }}}} Write here why it is wrong, and cite what that rests on."
      - say: Write here the right answer
        right: true
        why: "{{{{ reading() }}}} Write here why it is right, and cite what that rests on."
      - say: Write here another error
        why: "{{{{ reading() }}}} Write here why it is wrong."
    review: [../index.md]
"""
_MODULE_PAGE = """---
title: {title}
description: {summary}
reviewed: {day}
audience: [trainee]
kind: clinical
---

# Module {number}: {heading}

{{{{ reading() }}}} Write here what this module comes to, and what it rests on.
{{ .summary }}

{{{{ module_header("{name}") }}}}

## Worked example

!!! vignette "Constructed example"

    Write here a situation with invented people.

1. {{{{ reading() }}}} Write here what a careful therapist notices, does and writes down, and why.

## Try it yourself

!!! vignette "Constructed case"

    Write here a harder situation, and a question.

??? reading "One way to answer (this guide's reading)"

    Write here an answer, what else would do, and what would not.

## Self-check

{{{{ quiz("{name}") }}}}

{{{{ module_footer("{name}") }}}}

## Sources

{{{{ references() }}}}
"""


def module_files(name: str, title: str, summary: str, number: int, prerequisites: Sequence[str]) -> dict[str, str]:
    """Give a new module of the course and its page, by file name.

    Args:
        name: the module's name.
        title: its title.
        summary: what a trainee can do afterwards.
        number: its place in the course.
        prerequisites: the modules to work through before.
    """
    objectives = ("name-it", "tell-apart", "decide")
    said = {"title": yaml_text(title), "summary": yaml_text(summary), "name": name, "heading": title, "day": today()}
    module = _MODULE.format(
        **said,
        number=number,
        prerequisites=", ".join(prerequisites),
        objectives="\n".join(f"  {one}: Write here what the trainee can do, a verb first" for one in objectives),
        items="".join(
            _ITEM.format(name=f"{one}-{count}", objective=one) for one in objectives for count in ("first", "second")
        ),
    )
    return {f"{name}.yml": module, f"{name}.md": _MODULE_PAGE.format(**said, number=number)}


_CASE = """# yaml-language-server: $schema=../../../schemas/decision-tree.schema.json
kind: case
title: {title}
purpose: {purpose}
reviewed: {day}
start: first-scene
questions:
  first-scene:
    scene: Write here what happens; the people are invented.
    ask: What do you do?
    why: "{{{{ reading() }}}} Write here what this scene is about, and cite what it rests on."
    answers:
      - say: Write here an error that people make
        go: something-missed
        fit: poor
        consequence: Write here how the story goes on.
        feedback: "{{{{ reading() }}}} Write here why it is better not done."
      - say: Write here a good answer
        go: well-ended
        fit: good
        consequence: Write here how the story goes on.
        feedback: "{{{{ reading() }}}} Write here why it is good."
      - say: Write here another way that would do
        go: well-ended
        fit: acceptable
        consequence: Write here how the story goes on.
        feedback: "{{{{ reading() }}}} Write here what speaks for it and against it."
outcomes:
  well-ended:
    verdict: sound
    title: Write here how it ends well
    text: "{{{{ reading() }}}} Write here what to take from it."
  something-missed:
    verdict: missed
    title: Write here what was missed
    text: "{{{{ reading() }}}} Write here what could have been seen, and where."
"""
_CASE_PAGE = """---
title: {title}
description: {purpose}
reviewed: {day}
audience: [trainee]
kind: clinical
---

# {heading}

{{{{ reading() }}}} Write here what is practised. The couple is constructed.
{{ .summary }}

## Work through it

{{{{ decision_tree("{name}") }}}}

## What it rests on

{{{{ reading() }}}} Write here the evidence behind the main turns, null results too.

## Sources

{{{{ references() }}}}
"""


def case_files(name: str, title: str, purpose: str) -> dict[str, str]:
    """Give a new branching case and its page, by file name.

    Args:
        name: the case's name.
        title: its title.
        purpose: what it practises.
    """
    said = {"title": yaml_text(title), "purpose": yaml_text(purpose), "name": name, "heading": title, "day": today()}
    return {f"{name}.yml": _CASE.format(**said), f"{name}.md": _CASE_PAGE.format(**said)}


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
