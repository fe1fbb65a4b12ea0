"""Measures: what each asks, of whom and when, its cut-off and its licence, each number with its source.

They stand in `docs/toolkit/measures.yml`; `{{ measures(domain="relationship") }}` shows those of a domain.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Literal

import pydantic
from jinja2 import pass_context

from macros.calls import caller
from macros.citations.macros import page_of
from macros.data_files import Line, Markdown, OneFile, Record, SourceKey, check_claim, load_one
from macros.markdown_safe import block, escape
from macros.problems import Problem, nearest
from macros.tables import with_columns
from macros.terms import PHASES, Phase
from macros.texts import check_link, links_in, to_html

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence
    from pathlib import Path

    from jinja2.runtime import Context

    from macros.data_files import Place
    from macros.expansion import PageContext
    from macros.guide import Guide
    from macros.pages import MacroCall, Page
    from macros.settings import Settings

NAMES = frozenset({"measures"})
_FOLDER = "toolkit"
_LONGEST = 200

Domain = Literal["relationship", "violence", "depression", "ptsd", "dissociation", "experience", "safety", "substance"]
DOMAINS: dict[Domain, str] = {
    "relationship": "Relationship and alliance",
    "violence": "Violence between partners",
    "depression": "Mood and anxiety",
    "ptsd": "Post-traumatic stress",
    "dissociation": "Dissociation",
    "experience": "Experience under a drug, and what follows",
    "safety": "Safety",
    "substance": "Alcohol and drugs",
}
_WHO = {
    "each": "Each partner",
    "alone": "Each partner alone, unseen by the other",
    "clinician": "Clinician",
}
_TEXTS = ("note", "items", "range", "cutoff", "change", "licence")


class Measure(Record):
    """A measure. What nobody found is left out.

    Attributes:
        name: its full name.
        short: its abbreviation.
        about: what it measures.
        domain: where it is listed.
        who: who fills it in.
        when: in which phases it is of use; this guide's reading.
        sources: where it is described.
        note: what its user should know.
        items: how many items it has.
        range: its lowest and highest score.
        cutoff: the score that counts as a case.
        change: the change that counts.
        licence: who may use it.
    """

    name: Line
    short: Line
    about: Line
    domain: Domain
    who: Literal["each", "alone", "clinician"]
    when: Annotated[tuple[Phase, ...], pydantic.Field(min_length=1)]
    sources: Annotated[tuple[SourceKey, ...], pydantic.Field(min_length=1)]
    note: Markdown | None = None
    items: Markdown | None = None
    range: Markdown | None = None
    cutoff: Markdown | None = None
    change: Markdown | None = None
    licence: Markdown | None = None

    def texts(self) -> Iterator[tuple[str, str]]:
        """Give the texts that there are, by field, in the order in which they are read."""
        for name in _TEXTS:
            text = getattr(self, name)
            if text:
                yield name, text


class Measures(Record):
    """All measures.

    Attributes:
        measures: the measures.
    """

    measures: tuple[Measure, ...]

    def of(self, domain: str) -> Iterator[tuple[Place, Measure]]:
        """Give the measures of a domain with their places in the file.

        Args:
            domain: the domain.
        """
        for number, measure in enumerate(self.measures):
            if measure.domain == domain:
                yield ("measures", number), measure


def load(root: Path, settings: Settings) -> tuple[OneFile[Measures], list[Problem]]:
    """Read the measures.

    Args:
        root: the project's root.
        settings: say where the pages are.
    """
    data, problems = load_one(root, f"{settings.docs_dir}/toolkit/measures.yml", Measures)
    seen: dict[str, int] = {}
    for number, measure in enumerate(data.file.value.measures if data.file else ()):
        assert data.file  # noqa: S101 - there would be no measures
        line = data.file.line("measures", number, "short")
        if measure.short in seen:
            message = f"The measure `{measure.short}` stands here a second time."
            problems.append(Problem(data.path, line, message, f"The first is on line {seen[measure.short]}; keep one."))
        seen.setdefault(measure.short, line)
        for name, text in measure.texts():
            problems += check_claim(data.file, ("measures", number, name), text, _LONGEST)
    return data, problems


def check(data: OneFile[Measures], pages: Mapping[str, Page]) -> list[Problem]:
    """Find faulty calls, links that lead nowhere, and domains that no page shows.

    Args:
        data: the measures.
        pages: the pages, by `src`.
    """
    problems = data.check_calls(NAMES, pages, "measures")
    shown: set[str] = set()
    for page in pages.values():
        for call in page.calls:
            if call.name in NAMES:
                fault = _fault(call)
                if fault:
                    problems.append(Problem(page.path, call.line, *fault))
                shown.add(_domain(call))
    for number, measure in enumerate(data.file.value.measures if data.file and shown else ()):
        assert data.file  # noqa: S101 - there would be no measures
        if measure.domain not in shown:
            hint = f'Write {{{{ measures(domain="{measure.domain}") }}}} in one.'
            line = data.file.line("measures", number)
            problems.append(Problem(data.path, line, f"No page shows the measures of {measure.domain}.", hint))
        for name, text in measure.texts():
            for target in links_in(text):
                problems += check_link(target, data.path, data.file.line("measures", number, name), pages, _FOLDER)
    return problems


def _domain(call: MacroCall) -> str:
    return str(dict(call.kwargs).get("domain", call.args[0] if call.args else ""))


def _fault(call: MacroCall) -> tuple[str, str] | None:
    """Give what is wrong with a call."""
    write = 'Write {{ measures(domain="relationship") }}.'
    for option, _ in call.kwargs:
        if option != "domain":
            return f"`measures()` has no option `{option}`.", write
    if len(call.args) + len(call.kwargs) != 1:
        return "`measures()` should name one domain.", write
    domain = _domain(call)
    if domain not in DOMAINS:
        close = nearest(domain, DOMAINS)
        hint = f"Did you mean `{close}`?" if close else f"The domains are: {', '.join(DOMAINS)}."
        return f"There is no domain `{domain}`.", hint
    return None


def embedded(data: OneFile[Measures], call: MacroCall) -> Sequence[MacroCall]:
    """Give the citations that the measures of a domain put into a page, in the order in which they stand there.

    Args:
        data: the measures.
        call: the call of the macro.
    """
    if data.file is None:
        return []
    return [one for place, _ in data.file.value.of(_domain(call)) for one in data.file.calls_in(*place)]


def macros(guide: Guide) -> dict[str, Callable[..., str]]:
    """Give the macros of this feature.

    Args:
        guide: the guide that they look things up in.
    """
    data: OneFile[Measures] = guide.data[__name__]
    calls = caller(guide)

    @pass_context
    def measures(context: Context | PageContext, domain: Domain) -> str:
        """Show the measures of a domain."""
        assert data.file  # noqa: S101 - a guide without measures is not rendered with this macro
        page = page_of(context, guide)

        call = calls(context)
        rows = []
        for _, measure in data.file.value.of(domain):
            # Citations are counted as they stand on the page: the sources, then the texts.
            cited = " ".join(call("cite", key) for key in measure.sources)
            texts = {
                name: to_html(text, page, guide, call, base=_FOLDER, inline=True) for name, text in measure.texts()
            }
            rows.append(_row(measure, cited, texts))
        heads = "".join(
            f"<th>{head}</th>" for head in ("Measure", "Items and range", "Cut-off", "Change that counts", "Licence")
        )
        table = with_columns(
            f'<table aria-label="{DOMAINS[domain]}"><thead><tr>{heads}</tr></thead>'
            f"<tbody>{''.join(rows)}</tbody></table>"
        )
        html = (
            f'<div class="measures"><p>{_counted(len(rows))}. When to use one is this guide’s reading.</p>{table}</div>'
        )
        return block(lambda: html, kept=guide.settings.keeps_blocks, searched=True)

    return {"measures": measures}


def _counted(count: int) -> str:
    return "1 measure" if count == 1 else f"{count} measures"


def _row(measure: Measure, cited: str, texts: Mapping[str, str]) -> str:
    note = f"<span>{texts['note']}</span>" if "note" in texts else ""
    phases = ", ".join(PHASES[phase].lower() for phase in measure.when)
    size = "; ".join(texts[name] for name in ("items", "range") if name in texts) or _MISSING
    cells = [f"<td>{part}</td>" for part in (size, *(texts.get(name, _MISSING) for name in _TEXTS[3:]))]
    return (
        f"<tr><td><b>{escape(measure.name)} ({escape(measure.short)})</b> {escape(measure.about)} {cited}. "
        f"<span>{_WHO[measure.who]}: {phases}.</span>{note}</td>{''.join(cells)}</tr>"
    )


_MISSING = '<i class="missing">not found</i>'
