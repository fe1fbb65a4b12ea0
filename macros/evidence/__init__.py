"""What a page rests on: its sources counted by design, strongest first."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from jinja2 import pass_context

from macros.citations.bibliography import DESIGNS
from macros.citations.macros import page_of
from macros.markdown_safe import block

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from jinja2.runtime import Context

    from macros.citations.bibliography import Source
    from macros.guide import Guide
    from macros.pages import Page

NAMES = frozenset({"evidence_strip"})


def macros(guide: Guide) -> dict[str, Callable[..., str]]:
    """Give the macros of this feature.

    Args:
        guide: the guide that they look things up in.
    """

    @pass_context
    def evidence_strip(context: Context) -> str:
        """Count what the page rests on."""
        page = page_of(context, guide)

        def make() -> str:
            sources = [guide.sources[key] for key in guide.formatted.cited(page.src)]
            tally = Counter(source.design for source in sources)
            counted = [(design, label, tally[design]) for design, label in DESIGNS.items() if tally[design]]
            items = "".join(
                f'<li data-design="{design}"><b>{count}</b> {_plural(label, count)}</li>'
                for design, label, count in counted
            )
            total = "1 source" if len(sources) == 1 else f"{len(sources)} sources"
            # Eight trials are not eight trials that speak for what the page is about.
            order = ", for and against, strongest kind first" if len(sources) > 1 else ""
            return (
                f'<div class="evidence-strip"><p>This page cites <b>{total}</b>{order}:</p>'
                f'{_bar([(design, count) for design, _, count in counted])}<ul role="list">{items}</ul>'
                f"{_in_couples(sources)}{_review(page, guide)}</div>"
            )

        return block(make, kept=guide.settings.keeps_blocks)

    return {"evidence_strip": evidence_strip}


#: Designs that test, and those that observe or sum up; the rest argue, describe or come from the laboratory.
_STRONG = frozenset({"meta-analysis", "systematic-review", "rct"})
_MIDDLE = frozenset(
    {"open-label", "observational", "qualitative", "case-report", "guideline", "consensus", "label", "instrument"}
)


def _bar(counted: Sequence[tuple[str, int]]) -> str:
    """Draw the counts as one bar; the list beside it says the same."""
    parts, start = [], 0
    for design, count in counted:
        strength = "strong" if design in _STRONG else "middle" if design in _MIDDLE else "weak"
        parts.append(f'<rect class="{strength}" x="{start}" width="{count}" height="1"/>')
        start += count
    return (
        f'<svg viewBox="0 0 {start} 1" preserveAspectRatio="none" aria-hidden="true">{"".join(parts)}</svg>'
        if start
        else ""
    )


#: Of many sources only the abstract was read, so a control group may exist that nobody saw.
_UNCONTROLLED = ", and the parts read mention no randomised control"


def _in_couples(sources: Sequence[Source]) -> str:
    """Say how many of the sources studied couples, and couples given ketamine, if that is known of all."""
    if not sources or not all(source.studied for source in sources):
        return ""
    couples = [source for source in sources if source.studied == "couples"]
    if not couples:
        return '<p class="in-couples">None of them studied couples.</p>'
    given = [source for source in couples if source.given == "ketamine"]
    controlled = sum(source.design == "rct" for source in given)
    if not given:
        ketamine = "it gave no ketamine" if len(couples) == 1 else "none of them gave ketamine"
    else:
        ketamine = "it gave ketamine" if len(couples) == 1 else f"{len(given)} of them gave ketamine"
        ketamine += f", {controlled} with a randomised control" if controlled else _UNCONTROLLED
    studied = "1 source" if len(couples) == 1 else f"{len(couples)} sources"
    return f'<p class="in-couples">{studied} studied couples; {ketamine}.</p>'


def _review(page: Page, guide: Guide) -> str:
    """Say when the page was last read against its sources, and whether that is too long ago."""
    day = page.reviewed
    if day is None:
        return ""
    due = page.is_due_for_review(guide.settings.review_after_months)
    note = " This is longer ago than it should be: newer evidence may be missing." if due else ""
    checked = f"Last checked against its sources on {day.day} {day:%B %Y}."
    return f'<p class="reviewed{" reviewed--due" if due else ""}">{checked}{note}</p>'


_PLURALS = {
    "Meta-analysis": "meta-analyses", "Case report": "case reports", "Qualitative study": "qualitative studies",
    "Observational study": "observational studies", "Laboratory or animal study": "laboratory or animal studies",
    "Other study or source": "other studies or sources",
    "Theory or proposal": "theories or proposals", "Expert consensus": "expert consensus statements",
}  # fmt: skip


def _plural(label: str, count: int) -> str:
    singular = label[0].lower() + label[1:]
    return singular if count == 1 else _PLURALS.get(label, f"{singular}s")
