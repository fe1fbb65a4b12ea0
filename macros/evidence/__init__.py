"""What a page rests on: its sources counted by design, strongest first."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from jinja2 import pass_context

from macros.citations.bibliography import DESIGNS
from macros.citations.macros import page_of
from macros.markdown_safe import block

if TYPE_CHECKING:
    from collections.abc import Callable

    from jinja2.runtime import Context

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
            tally = Counter(guide.sources[key].design for key in guide.formatted.cited(page.src))
            items = "".join(
                f'<li data-design="{design}"><b>{tally[design]}</b> {_plural(label, tally[design])}</li>'
                for design, label in DESIGNS.items()
                if tally[design]
            )
            total = sum(tally.values())
            sources = "1 source" if total == 1 else f"{total} sources"
            return (
                f'<div class="evidence-strip"><p>This page rests on {sources}:</p><ul role="list">{items}</ul>'
                f"{_review(page, guide)}</div>"
            )

        return block(make, kept=guide.settings.keeps_blocks)

    return {"evidence_strip": evidence_strip}


def _review(page: Page, guide: Guide) -> str:
    """Say when the page was last read against its sources, and whether that is too long ago."""
    day = page.reviewed
    if day is None:
        return ""
    due = page.is_due_for_review(guide.settings.review_after_months)
    note = " This is longer ago than it should be: newer evidence may be missing." if due else ""
    return f'<p class="reviewed{" reviewed--due" if due else ""}">Last reviewed on {day.day} {day:%B %Y}.{note}</p>'


_PLURALS = {
    "Meta-analysis": "meta-analyses", "Case report": "case reports", "Qualitative study": "qualitative studies",
    "Observational study": "observational studies", "Laboratory or animal study": "laboratory or animal studies",
    "Other study or source": "other studies or sources",
    "Theory or proposal": "theories or proposals", "Expert consensus": "expert consensus statements",
}  # fmt: skip


def _plural(label: str, count: int) -> str:
    singular = label[0].lower() + label[1:]
    return singular if count == 1 else _PLURALS.get(label, f"{singular}s")
