"""Commands that read the guide and say what they found: `check`, `fresh`, `stats`, `trees`."""

from __future__ import annotations

import json
import sys
from typing import TYPE_CHECKING

import click

from macros.commands.shared import guide_without_problems, root_option
from macros.decision_trees.proof import prove
from macros.guide import due_for_review, load_guide
from macros.problems import report
from macros.settings import today
from macros.stats import stats_table

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date
    from pathlib import Path

    from macros.guide import Guide
    from macros.problems import Problem


@click.command()
@root_option
@click.option(
    "--format",
    "form",
    type=click.Choice(["text", "json", "github"]),
    default="text",
    show_default=True,
    help="text for people; json for other programs; github for annotations beside the lines of a pull request.",
)
def check(root: Path, form: str) -> None:
    """Say what is wrong with the guide, without building it.

    Looks at every page, source and data file, and tells all at once what a build would refuse: the file, the line, what
    is wrong and what would be right. Links between pages are checked, anchors included. Ends with exit code 1 if there is
    anything, else 0. Pages that are due for review are named, and are no reason to fail.

    \b
    Examples:
      python -m macros check
      python -m macros check --format json > problems.json
    """
    guide = load_guide(root, render=False)
    if form == "json":
        click.echo(_as_json(guide))
    elif form == "github":
        for line in _as_annotations(guide):
            click.echo(line)
    for page in due_for_review(guide) if form == "text" else ():
        click.echo(f"{page.path}: last reviewed on {page.reviewed}; read it against its sources again.", err=True)
    if guide.problems:
        if form == "text":
            click.echo(report(guide.problems), err=True)
        sys.exit(1)
    if form != "json":
        coverage = _least_coverage(guide)
        least = f"; least claim coverage {coverage:.0f} %" if coverage is not None else ""
        click.echo(f"{len(guide.pages)} pages, {len(guide.sources)} sources, no problems{least}.")


def _least_coverage(guide: Guide) -> float | None:
    return min((page.claim_coverage() for page in guide.pages.values() if page.kind == "clinical"), default=None)


def _as_json(guide: Guide) -> str:
    months = guide.settings.review_after_months
    found = {
        "problems": [
            {"path": one.path, "line": one.line, "message": one.message, "hint": one.hint} for one in guide.problems
        ],
        "due_for_review": [
            {"path": page.path, "reviewed": str(page.reviewed), "due": str(page.due_on(months))}
            for page in due_for_review(guide)
        ],
        "pages": len(guide.pages),
        "sources": len(guide.sources),
        "least_claim_coverage": _least_coverage(guide),
    }
    return json.dumps(found, ensure_ascii=False, indent=2)


def _as_annotations(guide: Guide) -> Iterable[str]:
    """Give the workflow commands by which GitHub shows problems beside their lines."""
    for problem in guide.problems:
        yield _annotation("error", problem)
    for page in due_for_review(guide):
        yield f"::notice file={_escaped(page.path, of_property=True)}::Last reviewed on {page.reviewed}; read it again."


def _annotation(level: str, problem: Problem) -> str:
    line = f",line={problem.line}" if problem.line else ""
    text = f"{problem.message}\n{problem.hint}" if problem.hint else problem.message
    return f"::{level} file={_escaped(problem.path, of_property=True)}{line}::{_escaped(text)}"


def _escaped(text: str, *, of_property: bool = False) -> str:
    signs = {"%": "%25", "\r": "%0D", "\n": "%0A"} | ({":": "%3A", ",": "%2C"} if of_property else {})
    return "".join(signs.get(sign, sign) for sign in text)


@click.command()
@root_option
@click.option(
    "--within", default=3, show_default=True, type=click.IntRange(0), metavar="MONTHS", help="How far to look ahead."
)
def fresh(root: Path, within: int) -> None:
    """List the pages to read again, the soonest first.

    A page is due when its `reviewed` date is `review_after_months` (mkdocs.yml) old. Read it against its sources, mend
    what is no longer true, then write the day into `reviewed`. The exit code is 0, whatever is due.

    \b
    Examples:
      python -m macros fresh
      python -m macros fresh --within 12
    """
    guide = guide_without_problems(root)
    months = guide.settings.review_after_months
    dated = sorted((due, page.path, page) for page in guide.pages.values() if (due := page.due_on(months)) is not None)
    soon = [(due, page) for due, _, page in dated if _months_until(due) < within or due <= today()]
    late = sum(due <= today() for due, _ in soon)
    for due, page in soon:
        click.echo(f"{due}  {page.path}  (last reviewed on {page.reviewed}{'; due' if due <= today() else ''})")
    ahead = f"{within} month{'' if within == 1 else 's'}"
    if soon:
        click.echo(f"{len(soon)} of {len(dated)} pages: {late} due now, {len(soon) - late} more within {ahead}.")
    elif dated:
        click.echo(f"None of {len(dated)} pages is due within {ahead}. The next is {dated[0][1]}: {dated[0][0]}.")
    else:
        click.echo("No page bears a date of review.")


def _months_until(due: date) -> int:
    now = today()
    return (due.year - now.year) * 12 + due.month - now.month - (due.day < now.day)


@click.command()
@root_option
def stats(root: Path) -> None:
    """Count words, citations, sources and kinds of statement on each page.

    Gives a table of Markdown: for each page its words, citations and sources, its claim coverage, and how many blocks are
    cited, are this guide's reading, or are neither.
    """
    click.echo(stats_table(guide_without_problems(root)))


@click.command()
@root_option
def trees(root: Path) -> None:
    """Walk every path of every decision tree.

    Says how many paths each tree has and how many go on, and proves that none of these passes a safety question without a
    clear answer; ends with exit code 1 if one does.
    """
    guide = guide_without_problems(root)
    total = onward = 0
    unsafe = False
    trees_ = guide.data["macros.decision_trees"].by_name
    files = {name: file for name, file in trees_.items() if file.value.kind == "decision"}
    with click.progressbar(files.items(), label="Walking", file=sys.stderr) as progress:
        proofs = {name: prove(file.value) for name, file in progress}
    for name, proof in proofs.items():
        total, onward = total + proof.paths, onward + proof.onward
        unsafe = unsafe or bool(proof.unsafe)
        click.echo(f"{name}: {proof}")
    if unsafe:
        sys.exit(1)
    click.echo(f"In all {total} paths; {onward} go on, each with a clear answer to every safety question of its tree.")
