"""The guide's macros, as mkdocs-macros and Zensical load them.

Read this first: `define_env` loads and cross-checks everything (see `macros.guide`), refuses a guide with problems, and
lets each feature register its macros. Zensical executes this file by its path, once per page, so it stays small and its
imports are absolute.
"""

from __future__ import annotations

import weakref
from typing import TYPE_CHECKING, Any

from macros.citations.macros import src_of
from macros.expansion import expand
from macros.front_matter import escape_meta
from macros.glossary.extension import begin
from macros.guide import Guide, load_guide
from macros.problems import refuse
from macros.registry import FEATURES

if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Protocol

    class MacroEnvironment(Protocol):
        """What mkdocs-macros and Zensical both hand to `define_env`."""

        project_dir: str
        conf: Any
        page: Any
        markdown: str

        def macro(self, v: Callable[..., str], name: str = "") -> object:
            """Register a macro."""


#: The guide of each environment that is alive; MkDocs has one, Zensical one a page.
_guides: weakref.WeakKeyDictionary[MacroEnvironment, Guide] = weakref.WeakKeyDictionary()


def define_env(env: MacroEnvironment) -> None:
    """Load the guide and register every feature's macros.

    Args:
        env: the environment that mkdocs-macros or Zensical hands over.

    Raises:
        mkdocs.exceptions.PluginError: under MkDocs, if the guide has problems. MkDocs has not emptied the site folder
            at this point, so the published site stays as it was.
        macros.problems.GuideError: the same under other generators.
    """
    config_file = env.conf.get("config_file_path") if hasattr(env.conf, "get") else None
    guide = load_guide(env.project_dir, config_file=config_file)
    if guide.problems:
        refuse(guide.problems)

    _guides[env] = guide
    page = getattr(env, "page", None)
    if page is not None:  # Zensical; under MkDocs a hook does it
        escape_meta(page.meta)
        begin(guide, src_of(page, guide))
    for feature in FEATURES:
        for name, macro in feature.macros(guide).items():
            env.macro(macro, name)


def on_pre_page_macros(env: MacroEnvironment) -> None:
    """Call the macros of a page that holds nothing else for Jinja, so that it need not be compiled; mkdocs-macros calls this.

    Args:
        env: the environment, with the page that is being rendered.
    """
    expanded = expand(_guides[env], env.page, env.markdown)
    if expanded is not None:
        env.markdown = expanded
        # Nothing is left for Jinja; this is how a page says so to mkdocs-macros.
        env.page.meta["render_macros"] = False


def on_post_page_macros(env: MacroEnvironment) -> None:
    """Take back what `on_pre_page_macros` said; mkdocs-macros calls this.

    Args:
        env: the environment, with the page that is being rendered.
    """
    env.page.meta.pop("render_macros", None)
