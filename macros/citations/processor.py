"""Have pandoc format all sources and citations of the site in its CSL style, once, with a cache on disk.

What is asked of pandoc goes out as independent jobs, each with a fingerprint of all that its answer depends on: groups
of sources that cannot be confused with those of other groups (so et al., initials and year suffixes come out as they
would for the whole list), the order of the list, and for numbered styles the look of sets of numbers. Only jobs that the
cache does not know are sent; all go in one call, which runs while the pages are being read.
"""

from __future__ import annotations

import functools
import hashlib
import html
import importlib.metadata
import json
import os
import re
import subprocess
import tempfile
import zlib
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any
from xml.etree import ElementTree as ET

from macros.cache import write_whole
from macros.citations.csl_json import CslItem, csl_item, text_of
from macros.citations.latex import Run
from macros.citations.pandoc_json import citations_of, document, entries_of, reference
from macros.problems import Problem, fail, nearest

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from macros.cache import Cache
    from macros.citations.ahead import Ahead
    from macros.citations.bibliography import Source
    from macros.settings import Settings

STYLES = Path(__file__).with_name("styles")
_LUA = Path(__file__).with_name("format.lua")
_JSON = Path(__file__).with_name("pandoc_json.py")
_NS = "{http://purl.org/net/xbiblio/csl}"
#: Sources to a job: fewer cost more starts, more cost more comparing of names. 30 to 60 measured about the same.
_GROUP_SIZE = 40
#: Sets of numbers to a job, in numbered styles.
_SETS_SIZE = 60


@dataclass(frozen=True)
class Style:
    """A CSL style.

    Attributes:
        name: as `mkdocs.yml` names it.
        xml: its text.
        numeric: whether it cites by number.
        prefix: what opens a citation, such as `(`.
        suffix: what closes it.
        delimiter: what stands between two sources of one citation.
        sorts_citations: whether it puts the sources of one citation in order.
        sorts_list: whether it puts the list of sources in order; a numbered style that does not lists them as cited.
    """

    name: str
    xml: str
    numeric: bool
    prefix: str
    suffix: str
    delimiter: str
    sorts_citations: bool
    sorts_list: bool


def load_style(settings: Settings, root: Path) -> tuple[Style | None, list[Problem]]:
    """Read the style that `mkdocs.yml` names.

    Args:
        settings: the guide's settings.
        root: the project's root.
    """
    name = settings.citation_style
    line = settings.citation_style_line
    known = sorted(path.stem for path in STYLES.glob("*.csl") if path.stem != "names")
    path = root / name if name.endswith(".csl") else STYLES / f"{name}.csl"
    if not path.is_file() or (not name.endswith(".csl") and name not in known):
        close = nearest(name, known)
        hint = f"Did you mean `{close}`?" if close else f"Name one of {', '.join(known)}, or the path of a .csl file."
        return None, [Problem(settings.config_path, line, f"There is no citation style `{name}`.", hint)]
    try:
        xml = path.read_text("utf-8")
        # The styles are files of the project, and expat expands no external entities.
        tree = ET.fromstring(xml)  # noqa: S314
        layout = tree.find(f"{_NS}citation/{_NS}layout")
        if tree.tag != f"{_NS}style" or layout is None:
            raise ET.ParseError("it has no <citation>")  # noqa: TRY301
    except (ET.ParseError, UnicodeDecodeError) as error:
        return None, [Problem(settings.config_path, line, f"`{name}` is no CSL style: {error}.")]
    if tree.get("class") == "note":
        message = f"The citation style `{name}` puts citations into footnotes, which pages here do not have."
        return None, [Problem(settings.config_path, line, message, "Choose an author-date or a numbered style.")]
    categories = {category.get("citation-format") for category in tree.iter(f"{_NS}category")}
    return (
        Style(
            name,
            xml,
            numeric="numeric" in categories,
            prefix=layout.get("prefix", ""),
            suffix=layout.get("suffix", ""),
            delimiter=layout.get("delimiter", ""),
            sorts_citations=tree.find(f"{_NS}citation/{_NS}sort") is not None,
            sorts_list=tree.find(f"{_NS}bibliography/{_NS}sort") is not None,
        ),
        [],
    )


def _variant(style: Style, kind: str) -> str:
    """Give the style's XML changed for a purpose.

    Args:
        style: the site's style.
        kind: `entries` (each source in full, never a dash for a repeated author), `narrative` ("and" for "&", as APA
            has it in a sentence), or `order` (sorts as the style does, but formats nothing, so that thousands are quick).
    """
    ET.register_namespace("", _NS[1:-1])
    tree = ET.fromstring(style.xml)  # noqa: S314
    bibliography = tree.find(f"{_NS}bibliography")
    if bibliography is not None:
        bibliography.attrib.pop("subsequent-author-substitute", None)
    for parent in list(tree.iter()):
        for place, term in enumerate(list(parent)):
            # APA's style says "Retrieved" even where nobody says when.
            if term.tag == f"{_NS}text" and term.get("term") == "retrieved":
                choose = ET.Element(f"{_NS}choose")
                ET.SubElement(choose, f"{_NS}if", variable="accessed").append(term)
                parent[place] = choose
    if kind == "narrative":
        for element in tree.iter():
            if element.get("and") == "symbol":
                element.set("and", "text")
    if kind == "order":
        for part in (tree.find(f"{_NS}citation"), bibliography):
            if part is None:
                continue
            for attribute in list(part.attrib):
                if attribute.startswith(("disambiguate", "givenname", "collapse", "second")):
                    del part.attrib[attribute]
            layout = part.find(f"{_NS}layout")
            if layout is not None:
                layout.clear()
                ET.SubElement(layout, f"{_NS}text", variable="citation-number")
            sort = part.find(f"{_NS}sort")
            if part is not bibliography and sort is not None:
                part.remove(sort)
    return ET.tostring(tree, encoding="unicode")


@dataclass(frozen=True)
class Cluster:
    """The sources of one citation, as an author wrote it.

    Attributes:
        keys: the sources.
        locator: where in the source, such as "p. 4"; only with a single source.
        narrative: whether it is part of the sentence: "Grabski et al. (2022)".
    """

    keys: tuple[str, ...]
    locator: str = ""
    narrative: bool = False


class Formatted:
    """Everything as the site's style has it; waits for pandoc when first asked."""

    def __init__(self, style: Style, sources: Mapping[str, Source], cache: Cache, ahead: Ahead | None = None) -> None:
        """Begin formatting the sources, which needs nothing from the pages.

        Args:
            style: the site's style.
            sources: all sources, by key.
            cache: results of earlier builds.
            ahead: the process that has begun to format these sources already.
        """
        self._ahead = ahead
        self.style = style
        self._pages: Mapping[str, Sequence[Cluster]] = {}
        read = {key: _item(source, cache) for key, source in sources.items()}
        self._items: dict[str, CslItem] = {key: item for key, (item, _) in read.items()}
        self._prints = {key: print_ for key, (_, print_) in read.items()}
        self._groups = {key: _group_of(item) for key, item in self._items.items()}
        self._members: dict[str, list[str]] = {}
        for key in sorted(self._groups):
            self._members.setdefault(self._groups[key], []).append(key)
        self._cache = cache
        self._jobs: list[_Job] = []
        self._results: dict[str, Any] = {}
        self._runs: list[_Run] = []
        self._begun = [*map(self._entries_job, _buckets(self._groups)), _order_job(style, self._items)]
        self._jobs += self._begun
        if ahead is None:
            self._run(self._begun)

    def add_citations(self, pages: Mapping[str, Sequence[Cluster]]) -> None:
        """Begin formatting what only pages can ask for: names in sentences, sources cited together, locators.

        Args:
            pages: the citations of each page, in order.
        """
        self._pages = pages
        clusters = {cluster for page in pages.values() for cluster in page}
        if not self.style.numeric:
            self._start(self._extra_jobs(clusters))
        else:
            # Numbers follow the style's order of sources, which has to be known first if it is not that of citation.
            self._start(self._extra_jobs({cluster for cluster in clusters if cluster.narrative}))

    def _start(self, jobs: Sequence[_Job]) -> None:
        self._jobs += jobs
        self._run(jobs)

    def _run(self, jobs: Sequence[_Job]) -> None:
        missing = []
        for job in jobs:
            known = self._cache.get(job.id)
            if known is None:
                missing.append(job)
            else:
                self._results[job.id] = known
        # One run, however much there is to do: MkDocs reads all Markdown meanwhile, and wants the other core for it.
        if missing:
            self._runs.append(_Run(missing))

    def stop(self) -> None:
        """Give up; nothing will be asked of this any more."""
        if self._ahead is not None:
            self._ahead.stop()
        for run in self._runs:
            run.stop()
        self._runs = []

    def finish(self) -> None:
        """Wait until all that was asked so far is formatted."""
        if self._ahead is not None:
            self._cache.adopt(self._ahead.next())
            self._ahead.stop()
            self._ahead = None
            self._run(self._begun)
        for run in self._runs:
            for name, result in run.result().items():
                self._results[name] = result
                self._cache.put(name, result)
        self._runs = []

    def complete(self) -> None:
        """Wait until all is formatted. From then on several threads may ask for it."""
        _ = self._answers, self._ranks

    def item(self, key: str) -> CslItem:
        """Give a source as CSL data.

        Args:
            key: the source.
        """
        return self._items[key]

    def year(self, key: str) -> int:
        """Give a source's year, or 0.

        Args:
            key: the source.
        """
        parts = self._items[key].get("issued", {}).get("date-parts", [[0]])
        return int(parts[0][0])

    # The plan: what is asked of pandoc.

    def _entries_job(self, bucket: Sequence[str]) -> _Job:
        asked = [] if self.style.numeric else [Cluster((key,)) for key in bucket]
        return self._job("entries", bucket, asked, [])

    def _extra_jobs(self, clusters: Iterable[Cluster]) -> list[_Job]:
        together: dict[str, set[Cluster]] = {}
        sentences: dict[str, set[Cluster]] = {}
        for cluster in clusters:
            if cluster.narrative:
                for key in cluster.keys:
                    locator = "" if self.style.numeric else cluster.locator
                    sentences.setdefault(self._groups[key], set()).add(Cluster((key,), locator, narrative=True))
            else:
                for part in self._split(cluster):
                    if len(part.keys) > 1 or part.locator:
                        together.setdefault(self._groups[part.keys[0]], set()).add(part)

        def ordered(found: set[Cluster]) -> list[Cluster]:
            return sorted(found, key=lambda one: (one.keys, one.locator))

        jobs = []
        # Names that could be confused must be seen together; groups are packed so that few jobs are needed.
        for bucket in _buckets(
            {key: self._groups[key] for group in {*together, *sentences} for key in self._members[group]}
        ):
            groups = dict.fromkeys(self._groups[key] for key in bucket)
            asked = [cluster for group in groups for cluster in ordered(together.get(group, set()))]
            narrative = [cluster for group in groups for cluster in ordered(sentences.get(group, set()))]
            jobs.append(self._job("clusters", bucket, asked, narrative))
        return jobs

    def _job(self, want: str, bucket: Sequence[str], asked: list[Cluster], narrative: list[Cluster]) -> _Job:
        return _Job(
            want=want,
            style=_variant_file(self.style, "entries"),
            items=[self._items[key] for key in bucket],
            prints=[self._prints[key] for key in bucket],
            clusters=asked,
            narrative=narrative,
            narrative_style=str(STYLES / "names.csl") if self.style.numeric else _variant_file(self.style, "narrative"),
            narrative_mode="NormalCitation" if self.style.numeric else "AuthorInText",
        )

    def _number_jobs(self) -> list[_Job]:
        """Ask how sets of numbers look, with made-up sources numbered from 1."""
        sets = sorted(
            {
                (tuple(sorted(numbers[key] for key in cluster.keys)), cluster.locator)
                for page, clusters in self._pages.items()
                for numbers in (self.numbers(page),)
                for written in clusters
                # Each source that is named in a sentence has a bracket of its own.
                for cluster in (
                    [Cluster((key,), written.locator) for key in written.keys] if written.narrative else [written]
                )
            }
        )
        jobs = []
        for start in range(0, len(sets), _SETS_SIZE):
            part = sets[start : start + _SETS_SIZE]
            highest = max(max(numbers) for numbers, _ in part)
            asked = [Cluster(tuple(f"n{number}" for number in numbers), locator) for numbers, locator in part]
            counting = [Cluster((f"n{number}",)) for number in range(1, highest + 1)]
            jobs.append(
                _Job(
                    want="clusters",
                    style=_variant_file(self.style, "entries"),
                    items=[
                        {"id": f"n{number}", "type": "book", "title": f"{number:06d}"}
                        for number in range(1, highest + 1)
                    ],
                    prints=[f"numbers up to {highest}"],
                    clusters=[*counting, *asked],
                )
            )
        return jobs

    def _split(self, cluster: Cluster) -> list[Cluster]:
        """Split a citation into parts that do not bear on each other: sources that share a first author stay together."""
        if len(cluster.keys) == 1:
            return [Cluster(cluster.keys, cluster.locator)]
        parts: dict[str, list[str]] = {}
        for key in cluster.keys:
            first = (self._items[key].get("author") or [{}])[0]
            # "van der Kolk" may be confused with "Kolk", but does not stand beside it.
            parts.setdefault(f"{first.get('non-dropping-particle', '')} {self._groups[key]}", []).append(key)
        return [Cluster(tuple(sorted(keys, key=self._by_date)), cluster.locator) for keys in parts.values()]

    def _by_date(self, key: str) -> tuple[list[int], str, str, str]:
        """Order one author's sources as their letters go: by date, then as in the list, by all authors and the title."""
        item = self._items[key]
        people = " ".join(str(name.get("family") or name.get("literal", "")) for name in item.get("author", ()))
        date = item.get("issued", {}).get("date-parts", [[9999]])[0]
        return (
            # A style that sorts citations knows itself where months count: for a web page, but not for an article.
            date[:1] if self.style.sorts_citations else date,
            people.casefold(),
            text_of(item["title"]).casefold(),
            key,
        )

    # The answers.

    @functools.cached_property
    def _answers(self) -> dict[str, Any]:
        self.finish()
        if self.style.numeric:
            self._start(self._number_jobs())
            self.finish()
        self._cache.save()
        answers: dict[str, Any] = {"entries": {}, "clusters": {}, "narrative": {}}
        for job in self._jobs:
            result = self._results[job.id]
            answers["entries"].update(result.get("entries", {}))
            answers["clusters"].update(zip(job.clusters, result.get("clusters", ()), strict=True))
            answers["narrative"].update(zip(job.narrative, result.get("narrative", ()), strict=True))
        return answers

    @functools.cached_property
    def _ranks(self) -> dict[str, int]:
        self.finish()
        orders: dict[str, list[list[str]]] = {job.want: [] for job in self._jobs}
        for job in self._jobs:
            orders[job.want].append(self._results[job.id].get("order", []))
        (among_first_authors,) = orders["order"]
        # Where each group's sources stand is known; which of them stands where, its bucket knows.
        exact: dict[str, list[str]] = {}
        for bucket in orders["entries"]:
            for key in bucket:
                exact.setdefault(self._groups[key], []).append(key)
        following = {group: iter(keys) for group, keys in exact.items()}
        return {next(following[self._groups[key]]): rank for rank, key in enumerate(among_first_authors)}

    def in_order(self, keys: Iterable[str]) -> list[str]:
        """Sort sources as the style's list of sources does.

        Args:
            keys: the sources.
        """
        return sorted(keys, key=lambda key: self._ranks[key])

    def cited(self, page: str) -> list[str]:
        """Give the sources that a page cites, in the order in which it does.

        Args:
            page: the page's `src`.
        """
        return list(dict.fromkeys(key for cluster in self._pages.get(page, ()) for key in cluster.keys))

    def listed(self, page: str) -> list[str]:
        """Give the sources that a page cites in the order of its list of sources.

        Args:
            page: the page's `src`.
        """
        cited = self.cited(page)
        return cited if self.style.numeric and not self.style.sorts_list else self.in_order(cited)

    def numbers(self, page: str) -> dict[str, int]:
        """Give the numbers of a page's sources in a numbered style.

        Args:
            page: the page's `src`.
        """
        return {key: number for number, key in enumerate(self.listed(page), start=1)}

    def entry(self, key: str) -> str:
        """Give a source as the list of sources shows it, as HTML without its number.

        Args:
            key: the source.
        """
        return str(self._answers["entries"][key][1])

    def label(self, key: str, number: int) -> str:
        """Give the number that stands before a source in the list, as the style writes it, or an empty string.

        Args:
            key: the source.
            number: its number on the page.
        """
        label = str(self._answers["entries"][key][0])
        return re.sub(r"\d+", str(number), label, count=1).strip()

    def citation(self, page: str, cluster: Cluster, prefix: str = "") -> str:
        """Give a citation as HTML in which `<a data-k="key">` stands for the link to a source.

        Args:
            page: the `src` of the page on which it stands.
            cluster: the sources.
            prefix: text before the first source, such as "see".
        """
        if cluster.narrative:
            return self._narrative(page, cluster)
        inner = self._numbered(page, cluster) if self.style.numeric else self._author_date(cluster)
        before = f"{html.escape(prefix)} " if prefix else ""
        return f"{html.escape(self.style.prefix)}{before}{inner}{html.escape(self.style.suffix)}"

    @functools.cache  # noqa: B019 - lives as long as the guide
    def _author_date(self, cluster: Cluster) -> str:
        split = self._split(cluster)
        if len(split) == 1:
            return self._inner(self._answers["clusters"][split[0]])
        order = self.in_order(cluster.keys) if self.style.sorts_citations else list(cluster.keys)
        parts = {part.keys: part for part in split}
        seen: dict[tuple[str, ...], str] = {}
        for key in order:
            part = next(part for keys, part in parts.items() if key in keys)
            seen.setdefault(part.keys, self._inner(self._answers["clusters"][part]))
        return html.escape(self.style.delimiter).join(seen.values())

    def _narrative(self, page: str, cluster: Cluster) -> str:
        texts = []
        keys = cluster.keys if self.style.numeric else self._by_letter(cluster.keys)
        for key in keys:
            if self.style.numeric:
                names = self._answers["narrative"][Cluster((key,), narrative=True)]
                text = f"{names} {self.citation(page, Cluster((key,), cluster.locator))}"
                texts.append(re.sub(r"</?a\b[^>]*>", "", text))
            else:
                texts.append(self._answers["narrative"][Cluster((key,), cluster.locator, narrative=True)])
        linked = [f'<a data-k="{key}">{text}</a>' for key, text in zip(keys, texts, strict=True)]
        if len(linked) < 3:  # noqa: PLR2004 - "a and b", but "a, b, and c"
            return " and ".join(linked)
        return ", ".join(linked[:-1]) + f", and {linked[-1]}"

    def _by_letter(self, keys: Sequence[str]) -> list[str]:
        """Put sources of the same people and year into the order of their letters, and leave all others where they are."""
        places: dict[tuple[str, int, str], list[int]] = {}
        for place, key in enumerate(keys):
            item = self._items[key]
            people = json.dumps(item.get("author") or item.get("editor") or key)
            places.setdefault((people, self.year(key), item.get("status", "")), []).append(place)
        ordered = list(keys)
        for same in places.values():
            if len(same) > 1:
                for place, key in zip(same, self.in_order(keys[place] for place in same), strict=True):
                    ordered[place] = key
        return ordered

    def _numbered(self, page: str, cluster: Cluster) -> str:
        numbers = self.numbers(page)
        by_number = {f"n{numbers[key]}": key for key in cluster.keys}
        asked = Cluster(tuple(f"n{number}" for number in sorted(numbers[key] for key in cluster.keys)), cluster.locator)
        inner = self._inner(self._answers["clusters"][asked])
        return re.sub(r'<a data-k="(n\d+)">', lambda match: f'<a data-k="{by_number[match[1]]}">', inner)

    def _inner(self, formatted: str) -> str:
        return formatted.removeprefix(html.escape(self.style.prefix)).removesuffix(html.escape(self.style.suffix))


def _item(source: Source, cache: Cache) -> tuple[CslItem, str]:
    """Give a source as CSL data, and a fingerprint of that."""
    key = f"item {source.entry_type} {source.key} {source.doi} {sorted(source.fields.items())}"
    known = cache.get(key)
    if known is None:
        item = csl_item(source)
        frozen = {name: {"runs": [[run.text, run.markup] for run in value]} if isinstance(value, tuple) else value
                  for name, value in item.items()}  # fmt: skip
        print_ = hashlib.sha256(json.dumps(frozen).encode()).hexdigest()[:24]
        cache.put(key, [frozen, print_])
        return item, print_
    frozen, print_ = known
    return {
        name: tuple(Run(*run) for run in value["runs"]) if isinstance(value, dict) and "runs" in value else value
        for name, value in frozen.items()
    }, print_


def _group_of(item: CslItem) -> str:
    """Name the group of sources that a citation of this one could be confused with: those with its first author."""
    people = item.get("author") or item.get("editor") or ()
    if people:
        return str(people[0].get("family") or people[0].get("literal", "")).casefold()
    return text_of(item["title"]).casefold()[:12]


def _buckets(groups: Mapping[str, str]) -> list[list[str]]:
    """Pack whole groups into buckets of about `_GROUP_SIZE`; one more source changes one bucket only."""
    count = 1 << (len(groups) // _GROUP_SIZE).bit_length()  # a power of two, so that it seldom changes
    buckets: dict[int, list[str]] = {}
    for key in sorted(groups):
        buckets.setdefault(zlib.crc32(groups[key].encode()) % count, []).append(key)
    return [buckets[number] for number in sorted(buckets)]


def _order_job(style: Style, items: Mapping[str, CslItem]) -> _Job:
    """Ask for the order of the list by first authors, which is all that sources of different groups differ by at once.

    Thirty authors a source would take most of the time. Sources with the same first author come out in any order; in the
    list they take each other's places, in the order that their bucket has.
    """
    sorted_by = (
        "id",
        "type",
        "author",
        "editor",
        "translator",
        "title",
        "issued",
        "status",
        "container-title",
        "publisher",
    )
    light = []
    for item in items.values():
        few: CslItem = {name: item[name] for name in sorted_by if name in item}
        for role in ("author", "editor"):
            if role in few:
                few[role] = few[role][:1]
        light.append(few)
    return _Job(want="order", style=_variant_file(style, "order"), items=light, prints=[repr(item) for item in light])


@dataclass(frozen=True)
class _Job:
    """What is asked of pandoc at once.

    Attributes:
        want: `entries` (each source in full, and citations), `clusters` (citations only) or `order` (of the list only).
        style: the path of the CSL style.
        items: the sources.
        prints: what each source was made of.
        clusters: the citations that are asked for.
        narrative: those that are part of a sentence.
        narrative_style: the path of the CSL style for those.
        narrative_mode: how pandoc cites them, `NormalCitation` or `AuthorInText`.
    """

    want: str
    style: str
    items: Sequence[CslItem]
    prints: Sequence[str]
    clusters: Sequence[Cluster] = ()
    narrative: Sequence[Cluster] = ()
    narrative_style: str = ""
    narrative_mode: str = "NormalCitation"

    @functools.cached_property
    def id(self) -> str:
        """A fingerprint of all that the answer depends on."""
        asked = [(one.keys, one.locator) for one in self.clusters], [(one.keys, one.locator) for one in self.narrative]
        # The style files' names hold a fingerprint of their content, so this one covers them too.
        parts = (
            self.want,
            self.style,
            self.narrative_style,
            self.narrative_mode,
            repr(asked),
            _version(),
            *self.prints,
        )
        return hashlib.sha256("\n".join(parts).encode()).hexdigest()[:24]

    @functools.cached_property
    def documents(self) -> list[str]:
        """The documents that pandoc is sent: one for list and citations, one for sentences, as far as needed."""
        references = [reference(item) for item in self.items]
        found = []
        if self.want != "clusters" or self.clusters:
            asked = [(one.keys, one.locator) for one in self.clusters]
            found.append(document(self.style, references, asked, "NormalCitation"))
        if self.narrative:
            asked = [(one.keys, one.locator) for one in self.narrative]
            found.append(document(self.narrative_style, references, asked, self.narrative_mode))
        return found

    def answer(self, formatted: Sequence[str]) -> dict[str, Any]:
        """Read the answer off the documents that pandoc gave back.

        Args:
            formatted: a document of pandoc's for each that it was sent.
        """
        found: dict[str, Any] = {}
        documents = [json.loads(text) for text in formatted]
        if self.want != "clusters" or self.clusters:
            listing = documents.pop(0)
            found["clusters"] = citations_of(listing, linked=True)
            if self.want != "clusters":
                entries = entries_of(listing)
                found["order"] = list(entries)
                if self.want == "entries":
                    found["entries"] = entries
        if self.narrative:
            found["narrative"] = citations_of(documents.pop(0), linked=False)
        return found


@functools.cache
def _version() -> str:
    return (
        importlib.metadata.version("pypandoc_binary")
        + hashlib.sha256(_LUA.read_bytes() + _JSON.read_bytes()).hexdigest()[:12]
    )


@functools.cache
def _variant_file(style: Style, kind: str) -> str:
    """Write a variant of the style where pandoc can read it; the name depends on the content only."""
    xml = _variant(style, kind)
    name = hashlib.sha256(xml.encode()).hexdigest()[:16]
    folder = Path(tempfile.gettempdir()) / f"guide-styles-{os.getuid() if hasattr(os, 'getuid') else 'user'}"
    folder.mkdir(mode=0o700, exist_ok=True)
    path = folder / f"{name}.csl"
    if not path.is_file() or path.read_text("utf-8") != xml:
        write_whole(path, xml)
    return str(path)


class _Run:
    """One call of pandoc, which works while pages are being read."""

    def __init__(self, jobs: Sequence[_Job]) -> None:
        self._jobs = jobs
        self._folder = tempfile.TemporaryDirectory(prefix="guide-citations-")
        request = Path(self._folder.name) / "request.jsonl"
        # Lua puts the version before what stands here.
        request.write_text("".join(f"{text}\n" for job in jobs for text in job.documents), "utf-8")
        self._output = Path(self._folder.name, "result.jsonl").open("w+b")  # noqa: SIM115 - closed in _close
        self._errors = Path(self._folder.name, "errors.txt").open("w+b")  # noqa: SIM115
        import pypandoc  # noqa: PLC0415 - slow to import, and most builds find all in the cache

        try:
            pandoc = pypandoc.get_pandoc_path()
        except OSError as error:
            self._close()
            fail(f"pandoc was not found: {error}. Set the environment up again: remove .venv, then `make site`.")
        command = [pandoc, "lua", str(_LUA), str(request)]
        try:
            self._process = subprocess.Popen(command, stdout=self._output, stderr=self._errors)  # noqa: S603
        except OSError as error:
            self._close()
            fail(f"pandoc could not be started: {error}. Set the environment up again: remove .venv, then `make site`.")

    def stop(self) -> None:
        self._process.kill()
        self._process.wait()
        self._close()

    def _close(self) -> None:
        self._output.close()
        self._errors.close()
        self._folder.cleanup()

    def result(self) -> dict[str, Any]:
        try:
            failed = self._process.wait() != 0
            self._output.seek(0)
            self._errors.seek(0)
            text, errors = self._output.read(), self._errors.read().decode("utf-8", "replace")
        finally:
            self._close()
        if failed:
            fail(f"pandoc could not format the citations: {errors.strip() or 'it gave no reason'}")
        lines = iter(text.decode().split("\n"))
        return {job.id: job.answer([next(lines) for _ in job.documents]) for job in self._jobs}
