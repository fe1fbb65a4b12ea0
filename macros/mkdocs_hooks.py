"""What only MkDocs can do: publish whole or not at all, and write the files to download.

Every page reads right without this; Zensical, which has no hooks, gets the files from `python -m macros downloads`.
"""

from __future__ import annotations

import errno
import gc
import logging
import shutil
import uuid
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING, Any

from mkdocs.exceptions import Abort
from mkdocs.plugins import CombinedEvent, event_priority
from mkdocs.utils import CountHandler

from macros.citations.macros import src_of
from macros.content_policy import THEME_ONLY, ContentPolicy
from macros.front_matter import escape_meta
from macros.glossary.extension import begin
from macros.glossary.search import FIELDS, add_synonyms
from macros.guide import due_for_review, load_guide, read_drafts
from macros.kept_navigation import keep_navigation
from macros.markdown_blocks import (
    put_in_blocks,
    put_in_later,
    put_in_lines,
    put_in_searched,
    searched_text,
    start_page,
)
from macros.output import PREVIOUS, STAGING, bring_back, set_aside, swap, tidy, write_downloads
from macros.page_errors import tell_plainly
from macros.problems import refuse
from macros.scripts import combine_scripts, mark_widgets
from macros.search_sections import PLUGIN, open_cache, remember
from macros.serving import tell_problems
from macros.stylesheet import combine
from macros.theme_repairs import add_skip_links, repair

if TYPE_CHECKING:
    from typing import Literal

    from jinja2 import Environment
    from mkdocs.config.defaults import MkDocsConfig
    from mkdocs.livereload import LiveReloadServer
    from mkdocs.structure.files import Files
    from mkdocs.structure.pages import Page
    from mkdocs.utils.templates import TemplateContext

    from macros.guide import Guide

log = logging.getLogger("mkdocs.plugins.guide")

_state: dict[str, Any] = {}
_writer = ThreadPoolExecutor(max_workers=1)


def on_startup(*, command: Literal["build", "gh-deploy", "serve", "mike"], dirty: bool) -> None:
    """Note which command runs; MkDocs calls this once.

    Args:
        command: the command.
        dirty: whether only changed pages are rendered.
    """
    _state["command"] = "serve" if dirty else "build" if command == "gh-deploy" else command
    _state["dirty"] = dirty
    if command == "serve":
        read_drafts()


@event_priority(-100)
def on_config(config: MkDocsConfig) -> MkDocsConfig:
    """Build into a folder beside the published one, so that a build that fails leaves that as it was.

    Args:
        config: MkDocs' settings.

    Raises:
        PluginError: if the guide has problems.
    """
    if config.strict:
        # `--quiet` would have warnings neither shown nor counted, and publish what a strict build refuses.
        logger = logging.getLogger("mkdocs")
        logger.setLevel(min(logger.level, logging.WARNING))
    guide = load_guide(Path(config.config_file_path).parent, config_file=config.config_file_path)
    if guide.problems:
        refuse(guide.problems)  # only if the macros plugin is missing; else it has
    tell_plainly(guide)
    for page in due_for_review(guide):
        log.info("%s was last reviewed on %s: read it against its sources again.", page.path, page.reviewed)
    _state["guide"] = guide
    # Other themes work by inline scripts and styles of their own.
    _state["policy"] = ContentPolicy() if config.theme.name == "material" else None
    _state["numbers"] = {src: number for number, src in enumerate(guide.pages, start=1)}
    put_in_later(later=True)
    search = config.plugins.get(PLUGIN)
    if search is not None and search.config.enabled:
        before = _state.get("sections") if _state.get("command") == "serve" else None
        _state["sections"] = open_cache(guide.root, before)
        remember(search.search_index, _state["sections"])
    # mike reads the settings without building, and wants to know where the site will stand.
    if _state.get("command") == "build":
        gc.freeze()  # the guide stays to the end; nobody need look through it for garbage
        site = Path(config.site_dir)
        tidy(site)
        _state["site"] = site
        _state["staging"] = site.with_name(f"{STAGING}{uuid.uuid4().hex[:8]}")
        config.site_dir = str(_state["staging"])
    return config


def on_pre_build(config: MkDocsConfig) -> None:
    """Keep a served site until the next one is finished.

    Args:
        config: MkDocs' settings.
    """
    if _state.get("command") == "serve" and not _state["dirty"]:
        previous = Path(config.site_dir) / PREVIOUS
        set_aside(previous)
        _state["previous"] = previous


@event_priority(100)
def on_page_markdown(markdown: str, page: Page, config: MkDocsConfig, **_: object) -> str:
    """Escape the front matter, date the page by its last review, and say which page will be read.

    Args:
        markdown: the page's Markdown, which stays as it is.
        page: the page.
        config: MkDocs' settings.
        **_: the site's files.
    """
    escape_meta(page.meta)
    guide: Guide = _state["guide"]
    src = src_of(page, guide)
    known = guide.pages.get(src)
    if known and known.reviewed:
        page.update_date = known.reviewed.isoformat()  # in the sitemap MkDocs would put the day of the build
    mark_widgets(page, config, known.calls if known else ())
    begin(guide, src)
    start_page(_state["numbers"].get(src, 0))
    return markdown


def on_env(env: Environment, config: MkDocsConfig, files: Files) -> Environment:
    """Put into all pages what the search reads, now that their Markdown has been read, and stylesheets and scripts into few.

    Args:
        env: the templates' environment, which learns to keep the navigation.
        config: MkDocs' settings.
        files: the site's files.
    """
    guide = load_guide(Path(config.config_file_path).parent, config_file=config.config_file_path)
    guide.formatted.complete()
    # Only of Material's search is it known how to tell it later what citations say.
    put_in = put_in_searched if PLUGIN in config.plugins else put_in_lines
    for file in files.documentation_pages():
        if file.page and file.page.content:
            start_page(_state["numbers"].get(src_of(file.page, guide), 0))
            file.page.content = put_in(file.page.content)
    combine(config, files)
    combine_scripts(config, files)
    keep_navigation(env)
    # Writing hundreds of small files mostly waits, so it goes on while the templates are rendered.
    previous = _state.get("site", _state.get("previous"))
    _state["downloads"] = _writer.submit(write_downloads, guide, Path(config.site_dir), previous)
    return env


@event_priority(-100)
def on_page_context(context: TemplateContext, page: Page, **_: object) -> TemplateContext:
    """Put the citations into a page that the search has read; `_teach_search` tells it what they say.

    Args:
        context: what the template gets, which stays as it is.
        page: the page.
        **_: MkDocs' settings, and the navigation.
    """
    page.content = put_in_lines(page.content or "")
    return context


def on_post_page(output: str, page: Page, **_: object) -> str:
    """Put the theme's faults right, the lists of sources into the finished page, and its content policy.

    Args:
        output: the page.
        page: its record.
        **_: MkDocs' settings.
    """
    return _protected(add_skip_links(put_in_blocks(repair(output))), page.file.src_uri)


def on_post_template(output_content: str, template_name: str, **_: object) -> str:
    """Do the same in pages that have no Markdown, such as 404.html, which MkDocs makes before all others.

    Args:
        output_content: what the template gives.
        template_name: the template.
        **_: MkDocs' settings.
    """
    if not template_name.endswith(".html"):
        return output_content
    repaired = repair(output_content)
    if template_name == THEME_ONLY and _state["policy"]:
        _state["policy"].learn(repaired)
    return _protected(repaired, template_name)


def _protected(html: str, name: str) -> str:
    """Write the content policy into a page, unless it is only served to its author, and say what it refuses."""
    policy: ContentPolicy | None = _state["policy"]
    if policy is None:
        return html
    for refused in policy.refused(html):
        log.warning(
            "%s: browsers will not obey `%s`; put it into a file of docs/assets (content policy).", name, refused
        )
    return html if _state.get("command") == "serve" else policy.protect(html)


@event_priority(50)
def _teach_search(config: MkDocsConfig) -> None:
    """Tell the search what citations say and which words mean the same, before its plugin writes the index.

    Args:
        config: MkDocs' settings.
    """
    index = getattr(config.plugins.get(PLUGIN), "search_index", None)
    if index is not None:
        _state["sections"].save()
        index.config["fields"] |= FIELDS
        for entry in index.entries:
            entry |= {name: searched_text(entry[name]) for name in ("title", "text")}
        add_synonyms(index.entries, _state["guide"].data["macros.glossary"].groups)


@event_priority(-100)
def _publish(config: MkDocsConfig) -> None:
    """Put the whole site in the place of the published one.

    Args:
        config: MkDocs' settings.
    """
    _state.pop("downloads").result()
    if "previous" in _state:
        shutil.rmtree(_state.pop("previous"), ignore_errors=True)
    if "staging" not in _state:
        return
    staging, site = _state.pop("staging"), _state.pop("site")
    config.site_dir = str(site)
    if config.strict and _warnings():
        shutil.rmtree(staging, ignore_errors=True)
        return  # MkDocs says why and stops
    swap(staging, site)


on_post_build = CombinedEvent(_teach_search, _publish)


def on_serve(server: LiveReloadServer, config: MkDocsConfig, **_: object) -> LiveReloadServer:
    """Show authors what is wrong while their site is served.

    Args:
        server: MkDocs' server.
        config: MkDocs' settings.
        **_: what builds the site.
    """
    tell_problems(server, config.config_file_path)
    return server


def on_build_error(error: Exception) -> None:
    """Remove a half-written site; a served one is as it was.

    Args:
        error: what stopped the build; MkDocs tells it.

    Raises:
        Abort: instead of a traceback, if files could not be read or written.
    """
    writing = _state.pop("downloads", None)
    if writing:
        writing.exception()  # it must not write into a folder that is being removed
    staging = _state.pop("staging", None)
    if staging:
        shutil.rmtree(staging, ignore_errors=True)
    if "previous" in _state:
        bring_back(_state.pop("previous"))
    if isinstance(error, OSError):
        raise Abort(f"{_plainly(error, staging)} The published site is as it was.") from error


def _plainly(error: OSError, staging: Path | None) -> str:
    """Say what the disk refused, and what helps."""
    path = str(error.filename2 or error.filename or "")  # of a copy that failed, the copy
    if staging and path.startswith(str(staging)):
        path = "the new site, " + path
    hint = _REMEDIES.get(error.errno or 0, "")
    return " ".join(filter(None, (f"{path}: {error.strerror or error}.".removeprefix(": "), hint)))


_REMEDIES = {
    errno.ENOSPC: "The disk is full: a build needs about twice the room of the site.",
    errno.EDQUOT: "Your share of the disk is used up: a build needs about twice the room of the site.",
    errno.EFBIG: "The system does not allow files of this size.",
    errno.EACCES: "Give yourself the right to read and write there, or build elsewhere with `mkdocs build -d FOLDER`.",
    errno.EPERM: "Give yourself the right to read and write there, or build elsewhere with `mkdocs build -d FOLDER`.",
    errno.EROFS: "Nothing can be written there; build elsewhere with `mkdocs build -d FOLDER`.",
    errno.EBUSY: "The folder is in use, or a disk of its own; build into a folder within it.",
    errno.EXDEV: "The folder is a disk of its own; build into a folder within it.",
}


def _warnings() -> int:
    """Count the warnings for which a strict build is refused."""
    handlers = logging.getLogger("mkdocs").handlers
    return sum(count for handler in handlers if isinstance(handler, CountHandler) for _, count in handler.get_counts())
