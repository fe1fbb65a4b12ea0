"""What only MkDocs can do: publish whole or not at all, and write the files to download.

Every page reads right without this; Zensical, which has no hooks, gets the files from `python -m macros downloads`.
"""

from __future__ import annotations

import logging
import shutil
import uuid
from pathlib import Path
from typing import TYPE_CHECKING

from mkdocs.plugins import event_priority
from mkdocs.utils import CountHandler

from macros.guide import due_for_review, load_guide
from macros.output import swap, write_downloads
from macros.problems import GuideError

if TYPE_CHECKING:
    from typing import Literal

    from mkdocs.config.defaults import MkDocsConfig

log = logging.getLogger("mkdocs.plugins.guide")

_state: dict[str, Path | str] = {}


def on_startup(*, command: Literal["build", "gh-deploy", "serve"], dirty: bool) -> None:
    """Note which command runs; MkDocs calls this once.

    Args:
        command: the command.
        dirty: whether only changed pages are rendered.
    """
    _state["command"] = "serve" if command == "serve" or dirty else "build"


@event_priority(-100)
def on_config(config: MkDocsConfig) -> MkDocsConfig:
    """Build into a folder beside the published one, so that a build that fails leaves that as it was.

    Args:
        config: MkDocs' settings; the macros plugin has refused a guide with problems by now.
    """
    guide = load_guide(Path(config.config_file_path).parent, config_file=config.config_file_path)
    for page in due_for_review(guide):
        log.info("%s was last reviewed on %s: read it against its sources again.", page.path, page.reviewed)
    if _state.get("command") == "build":
        site = Path(config.site_dir)
        _state["site"] = site
        _state["staging"] = site.with_name(f".site-{uuid.uuid4().hex[:8]}")
        config.site_dir = str(_state["staging"])
    return config


@event_priority(-100)
def on_post_build(config: MkDocsConfig) -> None:
    """Write the files to download, then put the whole site in the place of the published one.

    Args:
        config: MkDocs' settings.
    """
    guide = load_guide(Path(config.config_file_path).parent, config_file=config.config_file_path)
    write_downloads(guide, Path(config.site_dir))
    if "staging" not in _state:
        return
    staging, site = Path(_state.pop("staging")), Path(_state.pop("site"))
    config.site_dir = str(site)
    if config.strict and _warnings():
        shutil.rmtree(staging, ignore_errors=True)
        return  # MkDocs says why and stops
    swap(staging, site)


def on_build_error(error: Exception) -> None:
    """Remove a half-written site.

    Args:
        error: what stopped the build.
    """
    staging = _state.pop("staging", None)
    if staging:
        shutil.rmtree(staging, ignore_errors=True)
    if isinstance(error, GuideError):
        log.error(str(error))


def _warnings() -> int:
    """Count the warnings for which a strict build is refused."""
    handlers = logging.getLogger("mkdocs").handlers
    return sum(count for handler in handlers if isinstance(handler, CountHandler) for _, count in handler.get_counts())
