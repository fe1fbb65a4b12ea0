"""Texts of modules without markup, as they are read outside the site: citations in words, links without their targets."""

from __future__ import annotations

import html
import re
from typing import TYPE_CHECKING

import markdown

from macros.citations.macros import cluster_of, visible_text
from macros.pages import MacroCall, plain_calls

if TYPE_CHECKING:
    from macros.guide import Guide
    from macros.pages import Page

READING = "This guide’s reading:"


class PlainTexts:
    """Writes the texts of one module."""

    def __init__(self, guide: Guide, page: Page) -> None:
        """Take what is needed.

        Args:
            guide: the guide.
            page: the module's page, from which numbered styles take their numbers.
        """
        self.guide, self.page = guide, page

    def write(self, text: str) -> str:
        """Write a text.

        Args:
            text: Markdown with citations and labels of readings.
        """
        calls: list[str] = []
        parts, end = [], 0
        for start, stop, name, args, kwargs in plain_calls(text):
            # Characters of no script hold the places, so that no name in a citation is taken for Markdown.
            parts += [text[end:start], f"\ue000{len(calls)}\ue001"]
            calls.append(READING if name == "reading" else self._cite(MacroCall(name, 0, args, kwargs)))
            end = stop
        written = markdown.markdown("".join([*parts, text[end:]]), extensions=["sane_lists"])
        seen = visible_text(re.sub(r"</(?:p|li)>", " ", written))
        return " ".join(re.sub("\ue000(\\d+)\ue001", lambda match: calls[int(match[1])], seen).split())

    def _cite(self, call: MacroCall) -> str:
        cluster = cluster_of(call)
        assert cluster is not None  # noqa: S101 - the guide's check has refused other calls
        return visible_text(
            self.guide.formatted.citation(self.page.src, cluster, str(dict(call.kwargs).get("prefix") or ""))
        )

    def sources(self, *texts: str) -> list[str]:
        """List the sources that texts cite, as the site's style writes them.

        Args:
            *texts: Markdown with citations.
        """
        keys = {
            str(key): None
            for text in texts
            for _, _, name, args, _ in plain_calls(text)
            if name != "reading"
            for key in args
        }
        formatted = self.guide.formatted
        numbers = formatted.numbers(self.page.src) if formatted.style.numeric else {}
        listed = formatted.in_order(keys) if not numbers else sorted(keys, key=lambda key: numbers[key])
        return [
            " ".join(
                part
                for part in (formatted.label(key, numbers[key]) if numbers else "", _plain(formatted.entry(key)))
                if part
            )
            for key in listed
        ]


def _plain(entry: str) -> str:
    return " ".join(html.unescape(re.sub(r"<[^>]+>", "", entry)).split())
