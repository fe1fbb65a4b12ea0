"""Replacing what stands between two marks, such as comments, in time that grows with the text alone.

A pattern such as `<!--.*?-->` reads on to the end of the text from every mark that nobody closes: a page full of such marks
would be read for hours.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import re
    from collections.abc import Callable

#: Marks that open and close, and what stands for an opening one that is never closed: as long, and in no text.
_MARKS = (("<!--", "-->", "\ue0f0\ue0f1\ue0f2\ue0f3"), ("{#", "#}", "\ue0f4\ue0f5"), ("{{", "}}", "\ue0f6\ue0f7"))


def sub(pattern: re.Pattern[str], replacement: Callable[[re.Match[str]], str], text: str) -> str:
    """Replace what a pattern finds; what is opened and never closed stays as it is.

    Args:
        pattern: the pattern, in which closing marks are asked for.
        replacement: what stands in the place of a match.
        text: the text.
    """
    hidden = []
    for opening, closing, stand_in in _MARKS:
        end = text.rfind(closing) + 1
        if text.find(opening, end) >= 0:
            text = text[:end] + text[end:].replace(opening, stand_in)
            hidden.append((stand_in, opening))
    text = pattern.sub(replacement, text)
    for stand_in, opening in hidden:
        text = text.replace(stand_in, opening)
    return text
