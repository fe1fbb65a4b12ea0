"""What pages call: `cite`, `textcite`, `references`, `bibliography`."""

from __future__ import annotations

import functools
import re
from collections import Counter
from typing import TYPE_CHECKING, Any

from jinja2 import pass_context

from macros import related
from macros.citations import export, rendering
from macros.citations.processor import Cluster
from macros.markdown_blocks import keep_above
from macros.markdown_safe import block, inline
from macros.problems import Problem, nearest

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from jinja2.runtime import Context

    from macros.expansion import PageContext
    from macros.guide import Guide
    from macros.pages import MacroCall, Page

NAMES = frozenset({"cite", "textcite", "references", "bibliography"})
_OPTIONS = {
    "cite": {"prefix", "locator"},
    "textcite": {"locator"},
    "references": set[str](),
    "bibliography": set[str](),
}


def cluster_of(call: MacroCall) -> Cluster | None:
    """Read the citation off a call of `cite` or `textcite`.

    Args:
        call: the call.

    Returns:
        The citation, or `None` for another macro or a faulty call.
    """
    if call.name not in ("cite", "textcite") or not call.args or not all(isinstance(key, str) for key in call.args):
        return None
    locator = dict(call.kwargs).get("locator") or ""
    return Cluster(tuple(dict.fromkeys(call.args)), str(locator), narrative=call.name == "textcite")


def check(page: Page, known: Mapping[str, Any], citing: Sequence[MacroCall]) -> list[Problem]:
    """Find what is wrong with a page's citations.

    Args:
        page: the page.
        known: the sources, by key.
        citing: its citations, with those in the data that it shows.
    """
    problems = []
    cites, lists = False, False
    listings = [call for call in page.calls if call.name == "references"]
    problems += [
        Problem(page.path, call.line, "The page lists its sources a second time.", "Keep the list at its end.")
        for call in listings[1:]
    ]
    for call in page.calls:
        if call.name not in NAMES:
            continue
        lists |= call.name == "references"
        cites |= call.name in ("cite", "textcite")

        def add(message: str, hint: str = "", line: int = call.line) -> None:
            problems.append(Problem(page.path, line, message, hint))

        for option, value in call.kwargs:
            if option not in _OPTIONS[call.name]:
                options = ", ".join(sorted(_OPTIONS[call.name])) or "none"
                add(f"`{call.name}()` has no option `{option}`.", f"Its options: {options}.")
            elif not isinstance(value, str):
                add(f"`{option}` of `{call.name}()` should be text in quotes.")
        if call.name in ("references", "bibliography"):
            if call.args:
                add(f"`{call.name}()` takes nothing between its brackets.")
            continue
        if not call.args:
            add(
                f"`{call.name}()` names no source.",
                f'Write {{{{ {call.name}("key") }}}}, with a key of references.bib.',
            )
        for key in call.args:
            if not isinstance(key, str):
                add(
                    f"`{call.name}()` should name its sources as text in quotes.",
                    f'Write {{{{ {call.name}("key") }}}}.',
                )
            elif key not in known:
                close = nearest(key, known)
                hint = f"Did you mean `{close}`?" if close else "Add the source to references.bib first."
                add(f"There is no source `{key}`.", hint)
        if dict(call.kwargs).get("locator") and len(call.args) > 1:
            add("A locator belongs to one source, and this citation has several.", "Cite each on its own.")
    listing_all = next((call for call in page.calls if call.name == "bibliography"), None)
    if listing_all and listings:
        message = "The page lists its own sources and all sources: their anchors would be the same."
        problems.append(Problem(page.path, listing_all.line, message, "Keep one of the two lists."))
    lines = page.body.split("\n") if cites else []
    for line in {call.line for call in page.calls if call.name in ("cite", "textcite")}:
        if lines[line - page.offset - 1].startswith("#"):
            message = "A heading cannot carry a citation: the table of contents could not show it."
            problems.append(Problem(page.path, line, message, "Cite in the first sentence under it."))
    if citing and not lists:
        own = (
            call for call in page.calls if call.name not in ("references", "bibliography", "evidence_strip", "reading")
        )
        first = next(own).line
        problems.append(
            Problem(
                page.path,
                first,
                "The page cites sources and does not list them.",
                "End it with `## Sources` and {{ references() }}.",
            )
        )
    return problems


def src_of(page: Any, guide: Guide) -> str:  # noqa: ANN401 - a page of MkDocs or of Zensical
    """Give the `src` of a page that is being rendered.

    Args:
        page: the page, as MkDocs or Zensical has it.
        guide: the guide.
    """
    file = getattr(page, "file", None)
    src = file.src_uri if file is not None else getattr(page, "path", "")
    return str(src).replace("\\", "/").removeprefix(f"{guide.settings.docs_dir}/")


def page_of(context: Context | PageContext, guide: Guide) -> Page:
    """Give the page that is being rendered.

    Args:
        context: Jinja's context, which holds `page`.
        guide: the guide.
    """
    return guide.pages[src_of(context.get("page"), guide)]


def _citations_on(page: Page, guide: Guide) -> Counter[str]:
    return Counter(
        key for call in guide.citing[page.src] if (cluster := cluster_of(call)) is not None for key in cluster.keys
    )


def _counts(context: Context | PageContext) -> Counter[str]:
    """Give how often each source has been cited so far in this rendering of the page.

    It is kept with the page's record, of which every rendering has its own, and not with Jinja's context: a `{% set %}`
    in a loop makes a new one of those for each round.
    """
    counts: Counter[str] = vars(context.get("page")).setdefault("_guide_counts", Counter())
    return counts


def macros(guide: Guide) -> dict[str, Callable[..., str]]:
    """Give the macros of this feature.

    Args:
        guide: the guide that they look things up in.
    """
    kept = guide.settings.keeps_blocks

    @functools.cache
    def body(key: str, number: int) -> str:
        label = guide.formatted.label(key, number) if number else ""
        return rendering.source_body(guide.sources[key], guide.formatted, label)

    @functools.cache
    def bibtex(key: str) -> str:
        return rendering.source_bibtex(guide.sources[key])

    def cited(context: Context | PageContext, cluster: Cluster, prefix: str) -> str:
        page = page_of(context, guide)
        counts = _counts(context)
        counts.update(cluster.keys)
        occurrences = {key: counts[key] for key in cluster.keys}
        return inline(
            lambda: rendering.citation(guide.formatted.citation(page.src, cluster, prefix), occurrences), kept=kept
        )

    @pass_context
    def cite(context: Context | PageContext, *keys: str, prefix: str = "", locator: str = "") -> str:
        """Cite sources in brackets."""
        return cited(context, Cluster(tuple(dict.fromkeys(keys)), locator), prefix)

    @pass_context
    def textcite(context: Context | PageContext, *keys: str, locator: str = "") -> str:
        """Cite sources as part of the sentence."""
        return cited(context, Cluster(tuple(dict.fromkeys(keys)), locator, narrative=True), "")

    @pass_context
    def references(context: Context | PageContext) -> str:
        """List the sources cited on the page."""
        page = page_of(context, guide)
        # Without the extension the list is made before what stands behind it has been counted.
        counts = _counts(context) if kept else _counts(context) | _citations_on(page, guide)

        def make() -> str:
            listed = guide.formatted.listed(page.src)
            numbers = guide.formatted.numbers(page.src) if guide.formatted.style.numeric else {}
            url = page.url(use_directory_urls=guide.settings.use_directory_urls)
            files = {name: rendering.relative(file, url) for name, file in rendering.download_names(page.src).items()}
            entries = [(key, counts[key], body(key, numbers.get(key, 0)), bibtex(key)) for key in listed]
            return rendering.page_sources(page, entries, files, guide.settings, numbered=guide.formatted.style.numeric)

        # Without the extension nothing can be put above the heading of this section.
        neighbours = keep_above(lambda: related.html(page, guide)) if kept else ""
        return neighbours + block(make, kept=kept)

    @pass_context
    def bibliography(context: Context | PageContext) -> str:
        """List all sources of the guide."""
        page = page_of(context, guide)

        def make() -> str:
            directory_urls = guide.settings.use_directory_urls
            url = page.url(use_directory_urls=directory_urls)

            def link(src: str) -> tuple[str, str]:
                cited_on = guide.pages[src]
                return cited_on.title, rendering.relative(cited_on.url(use_directory_urls=directory_urls), url)

            cited_by = {key: [link(src) for src in srcs] for key, srcs in guide.cited_by.items()}
            order = guide.formatted.in_order(guide.sources)
            files = {name: rendering.relative(file, url) for name, file in rendering.download_names(page.src).items()}
            listed = rendering.all_sources(
                [guide.sources[key] for key in order],
                guide.formatted,
                cited_by,
                files,
                {key: body(key, 0) for key in order},
            )
            return f'<div class="sources">{listed}{rendering.cite_page(page, guide.settings)}</div>'

        return block(make, kept=kept)

    return {"cite": cite, "textcite": textcite, "references": references, "bibliography": bibliography}


def downloads(guide: Guide) -> dict[str, str]:
    """Give the files to download, by address relative to the site's root.

    Args:
        guide: the guide.
    """

    # Each source is written once, however many pages cite it.
    @functools.cache
    def parts(key: str) -> tuple[str, str, str]:
        source, item = guide.sources[key], guide.formatted.item(key)
        return export.bibtex_entry(source), export.ris_record(source, item), export.csl_json_item(item)

    files: dict[str, str] = {}
    for page in guide.pages.values():
        called = {call.name for call in page.calls}
        if "bibliography" in called:
            keys = guide.formatted.in_order(guide.sources)
        elif "references" in called:
            keys = guide.formatted.listed(page.src)
        else:
            continue
        if keys:
            bibtex, ris, csl = zip(*map(parts, keys), strict=True)
            names = rendering.download_names(page.src)
            files[names["BibTeX"]] = "\n\n".join(bibtex) + "\n"
            files[names["RIS"]] = "".join(ris)
            files[names["CSL-JSON"]] = "[\n" + ",\n".join(csl) + "\n]\n"
    return files


def visible_text(html: str) -> str:
    """Give the text of formatted HTML, for comparisons.

    Args:
        html: what the processor gave.
    """
    import html as entities  # noqa: PLC0415 - the argument has the better name

    return entities.unescape(re.sub(r"<[^>]+>", "", html))
