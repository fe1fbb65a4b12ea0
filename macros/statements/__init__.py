"""The label of "This guide's reading", for list items and table rows; longer readings stand in a block of that type."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

    from macros.guide import Guide

NAMES = frozenset({"reading"})


_READING = re.compile(r"\s*\{\{\s*reading\(\)\s*\}\}\s*")


def split_reading(text: str) -> tuple[bool, str]:
    """Tell whether a text of a data file begins with the label of a reading, and give what follows it.

    Args:
        text: Markdown.
    """
    match = _READING.match(text)
    return (True, text[match.end() :]) if match else (False, text)


def macros(_guide: Guide) -> dict[str, Callable[..., str]]:
    """Give the macros of this feature.

    Args:
        _guide: not needed.
    """

    def reading() -> str:
        """Mark what follows as the guide's own inference."""
        return '<span class="reading">This guide’s reading</span>'

    return {"reading": reading}
