"""Front matter as templates print it: neither Material's nor Zensical's escape all of it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from markupsafe import escape

if TYPE_CHECKING:
    from collections.abc import MutableMapping


def escape_meta(meta: MutableMapping[str, Any]) -> None:
    """Escape front matter in place: HTML in it is text, not a part of the page.

    Args:
        meta: the front matter of the page that is being rendered.
    """
    for name, value in meta.items():
        if isinstance(value, str):
            meta[name] = escape(value) if "<" in value or '"' in value else value
