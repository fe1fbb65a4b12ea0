"""A small module and a small case, both without faults."""

from __future__ import annotations

MODULE = """title: First & foremost
number: 1
summary: What a trainee can do.
questions: [What is it?, What is it not?]
objectives:
  name-it: Name it
  tell-apart: Tell it apart
  order-it: Order it
read:
  - to: ../index.md
    look: What it says.
  - to: first.md#sources
    look: What it rests on.
key_points:
  - One point {{ cite("monson2020") }}.
  - "{{ reading() }} Another."
  - "{{ reading() }} A third."
supervision: [Ask., Tell.]
items:
  which:
    objective: name-it
    kind: one
    ask: Which is it?
    options:
      - say: This <b>one</b>
        right: true
        why: So it was found {{ cite("monson2020") }}.
      - say: That one
        why: "{{ reading() }} It is another."
      - say: Neither
        why: "{{ reading() }} It is one of them."
    review: [../index.md]
  which-two:
    objective: name-it
    kind: several
    ask: Which two are it?
    options:
      - say: Two
        right: true
        why: "{{ reading() }} Right."
      - say: Three
        right: true
        why: "{{ reading() }} Right, too."
      - say: Four
        why: "{{ reading() }} Wrong."
    review: [first.md#sources]
  pairs:
    objective: tell-apart
    kind: match
    ask: Which goes with which?
    options:
      - say: A dog
        with: barks
        why: "{{ reading() }} It does."
      - say: A cat
        with: mews
        why: "{{ reading() }} It does."
      - say: A cow
        with: lows
        why: "{{ reading() }} It does."
    review: [../index.md]
  steps:
    objective: order-it
    kind: order
    ask: Put these in order.
    options:
      - say: Morning
        why: "{{ reading() }} First."
      - say: Noon
        why: "{{ reading() }} Second."
      - say: Night
        why: "{{ reading() }} Last."
    review: [../index.md]
  again:
    objective: order-it
    kind: one
    ask: Which is last?
    options:
      - say: Late
        right: true
        why: "{{ reading() }} Right."
      - say: Early
        why: "{{ reading() }} Wrong."
      - say: Soon
        why: "{{ reading() }} Wrong."
    review: [../index.md]
  apart:
    objective: tell-apart
    kind: one
    ask: Which is apart?
    options:
      - say: Apart
        right: true
        why: "{{ reading() }} Right."
      - say: Together
        why: "{{ reading() }} Wrong."
      - say: Beside
        why: "{{ reading() }} Wrong."
    review: [../index.md]
"""

MODULE_PAGE = """---
title: First & foremost
description: A module to test with.
reviewed: 2026-01-01
---

# Module 1

{{ module_header("first") }}

!!! vignette "Constructed example"

    Nobody in this story is real.

## Self-check

{{ quiz("first") }}

{{ module_footer("first") }}

## Sources

{{ references() }}
"""

COURSE = """---
title: The course
description: The course's page.
reviewed: 2026-01-01
kind: guide
---

# The course

{{ course_progress() }}
"""

SYLLABUS = """---
title: Syllabus
description: What is taught.
reviewed: 2026-01-01
kind: guide
---

# Syllabus

{{ syllabus() }}

## Sources

{{ references() }}
"""

CASE = """kind: case
title: A small case
purpose: Practise to ask.
reviewed: 2026-01-01
start: call
questions:
  call:
    scene: Somebody calls.
    ask: What do you do?
    why: "{{ reading() }} Calls come."
    answers:
      - say: Answer
        go: well
        fit: good
        consequence: They talk.
        feedback: It was found so {{ cite("monson2020") }}.
      - say: Call back
        go: later
        fit: acceptable
        consequence: They wait.
        feedback: "{{ reading() }} It can wait."
      - say: Hang up
        go: badly
        fit: poor
        consequence: They are gone.
        feedback: "{{ reading() }} Nobody is helped."
  later:
    scene: You call back.
    ask: And now?
    why: "{{ reading() }} Now they talk."
    answers:
      - say: Listen
        go: well
        fit: good
        consequence: They tell more.
        feedback: "{{ reading() }} Listening helps."
      - say: Lecture
        go: badly
        fit: poor
        consequence: They hang up.
        feedback: "{{ reading() }} A lecture is not what they wanted."
outcomes:
  well:
    verdict: sound
    title: They are heard
    text: "{{ reading() }} That was sound."
  badly:
    verdict: harm
    title: They are gone
    text: "{{ reading() }} That did harm."
"""

CASE_PAGE = (
    MODULE_PAGE[: MODULE_PAGE.index("# Module 1")].replace("First & foremost", "A case")
    + """# A case

{{ decision_tree("small-case") }}

## Sources

{{ references() }}
"""
)
