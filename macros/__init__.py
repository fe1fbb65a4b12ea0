"""The guide's macros, as mkdocs-macros and Zensical load them.

Read this first: `define_env` loads and cross-checks everything (see `macros.guide`), refuses a guide with problems, and
lets each feature register its macros. Zensical executes this file by its path, once per page, so it stays small and its
imports are absolute.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from macros.guide import load_guide
from macros.problems import refuse
from macros.registry import FEATURES

if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Protocol

    class MacroEnvironment(Protocol):
        """What mkdocs-macros and Zensical both hand to `define_env`."""

        project_dir: str
        conf: Any

        def macro(self, v: Callable[..., str], name: str = "") -> Any:
            """Register a macro."""


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
    for feature in FEATURES:
        for name, macro in feature.macros(guide).items():
            env.macro(macro, name)
