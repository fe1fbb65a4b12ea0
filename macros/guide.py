"""The guide: all sources, loaded and cross-checked before the first page is rendered.

A `Guide` does not change. It is loaded again when a file that it came from has changed, so `define_env` may be called
once per build (MkDocs) or once per page (Zensical).
"""

from __future__ import annotations

import functools
import gc
import os
import threading
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from macros.cache import FOLDER, Cache
from macros.citations.ahead import read_ahead
from macros.citations.bibliography import Source, load_bibliography
from macros.citations.macros import check as check_citations
from macros.citations.macros import cluster_of
from macros.citations.processor import Formatted, Style, load_style
from macros.data_files import check_sources
from macros.docs_folder import list_docs
from macros.links import check_page_links
from macros.pages import CITING_MACROS, MacroCall, Page, check_coverage, load_pages
from macros.problems import Problem
from macros.registry import FEATURES, MACRO_NAMES, WITHOUT_ARGUMENTS
from macros.settings import Settings, load_settings, today
from macros.site_settings import check_site_settings

if TYPE_CHECKING:
    from collections.abc import Mapping
    from concurrent.futures import Future

#: Changes when what is read off a page changes, so that caches of older versions are not used.
PAGES_VERSION = "7"
ITEMS_VERSION = "5"
SOURCES_VERSION = "4"


@dataclass(frozen=True, eq=False)
class Guide:
    """All sources of the guide.

    Attributes:
        root: the project's root.
        settings: what `mkdocs.yml` says.
        pages: the pages by `src`.
        sources: the sources by key.
        style: the citation style; `None` if it could not be read.
        problems: what is wrong. A guide with problems must not be rendered.
        data: what the features have read from their data files, by the features' module names.
    """

    root: Path
    settings: Settings
    pages: Mapping[str, Page] = field(default_factory=dict)
    sources: Mapping[str, Source] = field(default_factory=dict)
    style: Style | None = None
    problems: tuple[Problem, ...] = ()
    data: Mapping[str, Any] = field(default_factory=dict)
    formatting: Future[Formatted] | None = field(default=None, compare=False, repr=False)

    def page_with(self, macro: str, *args: str) -> Page | None:
        """Give the first page that calls a macro, or `None`.

        Args:
            macro: the macro's name.
            *args: what it is called with.
        """
        return next(
            (page for page in self.pages.values() for call in page.calls if call.name == macro and call.args == args),
            None,
        )

    @functools.cached_property
    def citing(self) -> Mapping[str, tuple[MacroCall, ...]]:
        """For each page's `src`, its citations in order, with those in the data that it shows."""
        return MappingProxyType({src: citing_calls(page, self.data) for src, page in self.pages.items()})

    @functools.cached_property
    def cited_by(self) -> Mapping[str, tuple[str, ...]]:
        """For each source, the `src` of the pages that cite it."""
        found: dict[str, dict[str, None]] = {}
        for src, calls in self.citing.items():
            for call in calls:
                cluster = cluster_of(call)
                for key in cluster.keys if cluster else ():
                    found.setdefault(key, {})[src] = None
        return MappingProxyType({key: tuple(srcs) for key, srcs in found.items()})

    @property
    def formatted(self) -> Formatted:
        """Sources and citations in the site's style; waits for pandoc when first used."""
        if self.formatting is None:
            raise RuntimeError("the guide was loaded to be checked, not rendered")
        return self.formatting.result()


def citing_calls(page: Page, data: Mapping[str, Any]) -> tuple[MacroCall, ...]:
    """Give the citations of a page in order, with those in the data that it shows.

    Args:
        page: the page.
        data: what the features have read.
    """
    found: list[MacroCall] = []
    for call in page.calls:
        if call.name in CITING_MACROS:
            found.append(call)
        feature = _EMBEDDING.get(call.name)
        if feature is not None:
            found += [one for one in feature.embedded(data[feature.__name__], call) if one.name in CITING_MACROS]
    return tuple(found)


_EMBEDDING = {name: feature for feature in FEATURES if hasattr(feature, "embedded") for name in feature.NAMES}
_lock = threading.Lock()
_formatter = ThreadPoolExecutor(max_workers=1, thread_name_prefix="citations")
_loaded: dict[tuple[str, str], tuple[object, Guide]] = {}
_serving: set[str] = set()


def read_drafts() -> None:
    """Read the pages of `draft_docs`, too, from now on: MkDocs shows them while it serves a site, and never publishes them."""
    _serving.add("drafts")


def load_guide(root: str | os.PathLike[str], *, config_file: str | None = None, render: bool = True) -> Guide:
    """Load the guide, or give the one already loaded if none of its files has changed since.

    Args:
        root: the project's root.
        config_file: the settings file, if it is not `mkdocs.yml` in the root.
        render: whether pages will be rendered; then formatting the citations begins at once.
    """
    base = Path(root).resolve()
    with _lock:
        state = _state(base, config_file)
        slot = (str(base), config_file or "")
        known = _loaded.get(slot)
        if known and known[0] == state and (known[1].formatting or known[1].problems or not render):
            return known[1]
        # Nothing that is made here is garbage, and looking for some takes a third of the time.
        collects = gc.isenabled()
        gc.disable()
        try:
            guide = _load(base, config_file, render=render, drafts="drafts" in _serving)
        finally:
            if collects:
                gc.enable()
        _loaded[slot] = (state, guide)
        return guide


def _load(root: Path, config_file: str | None, *, render: bool, drafts: bool) -> Guide:
    settings, problems = load_settings(root, config_file)
    style, style_problems = load_style(settings, root)
    problems += style_problems
    cache = Cache(root / FOLDER / "sources.json", version=SOURCES_VERSION)
    versions = SOURCES_VERSION, ITEMS_VERSION
    may_render = render and style is not None and not problems
    ahead = read_ahead(root, config_file, settings.bibliography, cache, versions) if may_render else None

    def read_sources() -> tuple[dict[str, Source], list[Problem]]:
        if ahead is not None:
            cache.adopt(ahead.next())
        found = load_bibliography(root / settings.bibliography, settings.bibliography, cache)
        cache.save()
        return found

    def begin_formatting() -> Formatted:
        """Start pandoc, if it has not been started yet; it works while the pages are being read."""
        assert style is not None  # noqa: S101 - or nothing may be rendered
        formatted = Cache(root / FOLDER / f"citations-{Path(style.name).stem}.json", version=ITEMS_VERSION)
        if ahead is not None:
            formatted.adopt(ahead.next())
        return Formatted(style, sources, formatted, ahead)

    begun: Formatted | None = None
    if ahead is None:
        sources, source_problems = read_sources()
        begun = begin_formatting() if may_render and not source_problems else None
    cache_of_pages = Cache(root / FOLDER / "pages.json", version=PAGES_VERSION)
    folder, folder_problems = list_docs(root, settings.docs_dir, settings.exclude_docs, settings.draft_docs)
    problems += folder_problems + check_site_settings(root, settings, folder)
    srcs = sorted((*folder.pages, *folder.drafts), key=lambda src: src.split("/")) if drafts else folder.pages
    pages, page_problems = load_pages(root, settings.docs_dir, MACRO_NAMES, cache_of_pages, srcs)
    problems += page_problems
    problems += check_page_links(pages, root / settings.docs_dir, cache_of_pages)
    cache_of_pages.save()
    data = {}
    for feature in FEATURES:
        if hasattr(feature, "load"):
            data[feature.__name__], data_problems = feature.load(root, settings)
            problems += data_problems
            problems += feature.check(data[feature.__name__], pages)
    # What waits for a process that reads ahead comes as late as can be.
    if ahead is not None:
        sources, source_problems = read_sources()
    problems += source_problems
    # Keys can only be looked up in a bibliography that could be read.
    if sources:
        for page in pages.values():
            problems += check_citations(page, sources, citing_calls(page, data))
        problems += check_sources([file for one in data.values() for file in one.files], sources)
    for page in pages.values():
        problems += [
            Problem(
                page.path, call.line, f"`{call.name}()` takes nothing between its brackets.", f"Write `{call.name}()`."
            )
            for call in page.calls
            if call.name in WITHOUT_ARGUMENTS and (call.args or call.kwargs)
        ]
    problems += check_coverage(pages.values(), settings.claim_coverage)
    formatting = None
    if may_render and not problems:

        def format_citations() -> Formatted:
            formatted = begun or begin_formatting()
            formatted.add_citations(
                {
                    src: [cluster for call in citing_calls(page, data) if (cluster := cluster_of(call)) is not None]
                    for src, page in pages.items()
                }
            )
            return formatted

        formatting = _formatter.submit(format_citations)
        if ahead is None:
            formatting.result()  # only a process that reads ahead has to be waited for
    elif begun is not None:
        begun.stop()
    elif ahead is not None:
        ahead.stop()
    return Guide(
        root,
        settings,
        MappingProxyType(pages),
        MappingProxyType(sources),
        style,
        tuple(sorted(set(problems))),
        MappingProxyType(data),
        formatting,
    )


def _state(root: Path, config_file: str | None) -> object:
    """Fingerprint the files that a guide comes from: paths, sizes and times."""
    config = Path(config_file) if config_file else root / "mkdocs.yml"
    settings, _ = load_settings(root, config_file)
    files = [config, root / settings.bibliography]
    if settings.citation_style.endswith(".csl"):
        files.append(root / settings.citation_style)
    stamps = [_stamp(file) for file in files]
    folders = [str(root / settings.docs_dir)]
    while folders:
        try:
            with os.scandir(folders.pop()) as entries:
                for entry in entries:
                    if entry.is_dir():
                        folders.append(entry.path)
                    elif entry.name.endswith((".md", ".yml", ".yaml")):
                        status = entry.stat()
                        stamps.append((entry.path, status.st_size, status.st_mtime_ns))
        except OSError:
            continue
    return (sorted(stamps), today(), os.environ.get("SITE_URL"), os.environ.get("REPO_URL"))


def _stamp(file: Path) -> tuple[str, int, int]:
    try:
        status = file.stat()
    except OSError:
        return (str(file), -1, -1)
    return (str(file), status.st_size, status.st_mtime_ns)


def due_for_review(guide: Guide) -> list[Page]:
    """Give the pages whose last review is longer ago than `review_after_months`.

    Args:
        guide: the guide.
    """
    return [page for page in guide.pages.values() if page.is_due_for_review(guide.settings.review_after_months)]
