"""The parts of the navigation that are the same on many pages, drawn once.

Material draws every section and page of the site into every page, which takes most of the time that its templates take,
and the more the larger the site. What does not lead to the page at hand is the same on all pages of a folder.

Its template could be copied and changed, but then each new version of the theme would have to be merged by hand. It is
changed as it is loaded; if the theme's text is another one day, it is drawn as before.
"""

from __future__ import annotations

import posixpath
from typing import TYPE_CHECKING, Any

from jinja2 import BaseLoader

if TYPE_CHECKING:
    from collections.abc import Callable

    from jinja2 import Environment

#: Where the theme draws an item: what it calls, and with what.
_CALLS = {
    "partials/nav.html": ("{{ item.render(nav_item, path, 1) }}", "{{ guide_item(page, item.render, nav_item, path, 1) }}"),
    "partials/nav-item.html": (
        '{{ render(item, path ~ "_" ~ loop.index, level + 1, nav_item) }}',
        '{{ guide_item(page, render, item, path ~ "_" ~ loop.index, level + 1, nav_item) }}',
    ),
}  # fmt: skip


class _Loader(BaseLoader):
    """Gives the theme's templates, with other calls in the two that draw the navigation."""

    def __init__(self, loader: BaseLoader) -> None:
        self._loader = loader

    def get_source(self, environment: Environment, template: str) -> tuple[str, str | None, Callable[[], bool] | None]:
        source, path, current = self._loader.get_source(environment, template)
        if template in _CALLS:
            source = source.replace(*_CALLS[template])
        return source, path, current

    def list_templates(self) -> list[str]:
        return self._loader.list_templates()


class _Kept:
    """What has been drawn for the folder of the page at hand."""

    def __init__(self) -> None:
        self._folder = ""
        self._drawn: dict[tuple[object, ...], str] = {}

    def draw(self, page: Any, render: Callable[..., str], item: Any, path: str, level: int, *section: Any) -> str:  # noqa: ANN401 - MkDocs' items, real or a plugin's
        """Draw an item of the navigation, or give what was drawn on another page of the folder.

        Args:
            page: the page at hand; `None` on 404.html.
            render: the theme's own macro, which takes what follows.
            item: a page, section or link.
            path: the item's name within the page.
            level: how deep it stands, from 1.
            *section: the section in which it stands, if it does.
        """
        if page is None or item.active:
            return render(item, path, level, *section)
        folder = posixpath.dirname(page.url)
        if folder != self._folder:  # all links differ
            self._folder = folder
            self._drawn.clear()
        key = (path, *(parent.active for parent in section))
        drawn = self._drawn.get(key)
        if drawn is None:
            drawn = render(item, path, level, *section)
            if not _shows_others(item):
                self._drawn[key] = drawn
        return drawn


def _shows_others(item: Any) -> bool:  # noqa: ANN401
    """Tell whether a page that the navigation does not hold is drawn in an item's place, as a blog's posts are."""
    return getattr(item, "pages", None) is not None or any(map(_shows_others, item.children or ()))


def keep_navigation(env: Environment) -> None:
    """Let the templates draw once what is the same on many pages.

    Args:
        env: the templates' environment, before it has given any.
    """
    if env.loader is not None:
        env.loader = _Loader(env.loader)
        env.globals["guide_item"] = _Kept().draw
