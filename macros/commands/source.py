"""The commands `source add` and `source verify`."""

from __future__ import annotations

import re
import sys
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import click

from macros.citations.bibliography import DESIGNS, STUDIED, load_bibliography
from macros.commands.shared import root_option, stop, write_checked
from macros.pages import not_utf8
from macros.problems import Problem, nearest
from macros.settings import load_settings, today
from macros.sources.crossref import BASE, Crossref, CrossrefError
from macros.sources.reading import bare_doi, entry_of_work, latex, read_bibtex, read_ris, shown_title
from macros.sources.verifying import GRAVE, Answers, notices, report_json, report_text, verify
from macros.sources.writing import Entry, insert, known_as, make_key

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from macros.citations.bibliography import Source


@click.group()
def source() -> None:
    """Add sources, and see whether those that are there still stand."""


def _crossref_options(command: Callable[..., None]) -> Callable[..., None]:
    options = (
        click.option("--base", default=BASE, show_default=True, envvar="CROSSREF_BASE", help="The address of its REST API."),
        click.option("--mailto", default="", envvar="CROSSREF_MAILTO", metavar="ADDRESS",
                     help="Your address, so that Crossref can reach you; it then answers faster. Also CROSSREF_MAILTO."),
        click.option("--timeout", default=20.0, show_default=True, type=click.FloatRange(0.1), metavar="SECONDS",
                     help="How long to wait for an answer."),
    )  # fmt: skip
    for option in reversed(options):
        command = option(command)
    return command


def _bibliography(root: Path) -> tuple[str, dict[str, Source]]:
    settings, problems = load_settings(root)
    # Without the cache, which knows no lines of fields.
    sources, faults = load_bibliography(root / settings.bibliography, settings.bibliography)
    problems += faults
    if problems:
        stop(problems)
    return settings.bibliography, sources


@source.command()
@click.argument("what", metavar="DOI|FILE.ris|FILE.bib")
@click.option("--design", type=click.Choice(list(DESIGNS)), help="What kind of study or text it is.")
@click.option("--studied", type=click.Choice(STUDIED), help="Whom it studied.")
@click.option("--sample", default="", help="Who was studied, and how many.")
@click.option("--finding", default="", help="The one or two facts that matter here, with effect and interval.")
@click.option("--limits", default="", help="What the source cannot show.")
@click.option("--confirmed", default="", metavar="DATE", help="The day on which you saw the source itself; or: today.")
@click.option("--key", default="", help="Its key; without it, the first author and the year, as in monson2020.")
@click.option("--ask/--no-ask", default=None, help="Ask for what is missing; without either, if this is a terminal.")
@click.option("--dry-run", is_flag=True, help="Show the entry and write nothing.")
@_crossref_options
@root_option
def add(
    what: str,
    design: str | None,
    studied: str | None,
    sample: str,
    finding: str,
    limits: str,
    confirmed: str,
    key: str,
    ask: bool | None,
    dry_run: bool,
    base: str,
    mailto: str,
    timeout: float,
    root: Path,
) -> None:
    """Add a source to the bibliography, by its DOI or from a file of RIS or BibTeX.

    Fetches the source's data from Crossref, or reads the file; asks what only a reader of the source can say; and puts one
    entry at its place, leaving every other byte of the bibliography as it was. A source that is there already, by its DOI
    or its title, is not added again; one that was retracted is refused.

    See the source itself first: `confirmed` says that you have. Where you saw no finding, leave --finding out; the
    source may then be cited for its existence only.

    \b
    Examples:
      python -m macros source add 10.1080/20008198.2020.1840123
      python -m macros source add export.ris --no-ask --design rct --studied couples \\
        --limits "No control group." --confirmed today
    """
    path, sources = _bibliography(root)
    asks = sys.stdin.isatty() if ask is None else ask
    given = {
        "design": design or "",
        "studied": studied or "",
        "sample": latex(sample),
        "finding": latex(finding),
        "limits": latex(limits),
    }
    entries = _read(what, lambda: Crossref(base, mailto, timeout=timeout))
    if len(entries) > 1 and (key or any(given[name] for name in ("sample", "finding", "limits"))):
        message = f"The file holds {len(entries)} sources, and --key, --sample, --finding and --limits are for one."
        stop([Problem(what, 0, message, "Leave these options out and answer for each source.")])
    known, new = dict(sources), []
    for entry in entries:
        doubled = known_as(entry, known.values())
        if doubled:
            there = doubled[0]
            message = f"`{there.key}` is this source already: it has the same {doubled[1]}."
            click.echo(Problem(path, there.line, message, f'Cite it: {{{{ cite("{there.key}") }}}}.'), err=True)
            continue
        own = {name: value for name, value in given.items() if value}
        finished = _finished(entry, own, confirmed, key, path, known, asks=asks)
        known[finished.key] = _as_source(finished)
        new.append(finished)
    if not new:
        sys.exit(1)
    _put_in(root, path, list(sources.values()), new, dry_run=dry_run)


def _read(what: str, crossref: Callable[[], Crossref]) -> list[Entry]:
    """Give the sources that the argument means, or say what is wrong and end."""
    file = Path(what)
    readers = {".ris": read_ris, ".bib": read_bibtex}
    if file.suffix.casefold() in readers and not bare_doi(what):
        try:
            content = file.read_bytes()
        except OSError as error:
            stop([Problem(what, 0, f"The file cannot be read: {error.strerror}.")])
        try:
            text = content.decode("utf-8-sig")
        except UnicodeDecodeError as error:
            stop([not_utf8(what, content, error)])
        entries, problems = readers[file.suffix.casefold()](text, what)
        if problems:
            stop(problems)
        return entries
    doi = bare_doi(what)
    if not doi:
        hint = "A DOI starts with `10.`, four or more digits and a slash, as in 10.3389/fpsyt.2024.1376646."
        stop([Problem(what, 0, "This is neither a DOI nor a file that ends in .ris or .bib.", hint)])
    try:
        work = crossref().work(doi)
    except CrossrefError as error:
        hint = "Try again later, or export the source from its page as RIS and add that file."
        stop([Problem(doi, 0, str(error), hint)])
    if work is None:
        hint = (
            "Check it on the source's page. Other agencies than Crossref know some: export RIS there and add the file."
        )
        stop([Problem(doi, 0, "Crossref does not know this DOI.", hint)])
    grave = [notice for notice in notices(work) if notice.kind in GRAVE]
    if grave:
        hint = "A retracted source is no evidence. To cite it as retracted, write its entry by hand and say so in `limits`."
        stop([Problem(doi, 0, f"{notice}.", hint) for notice in grave])
    for notice in notices(work):
        click.echo(f"Read this too: {notice}", err=True)
    return [entry_of_work(work)]


_QUESTIONS = {
    "sample": "Sample: who was studied, and how many (Enter leaves it out)",
    "finding": "Finding, with effect and interval (Enter if you saw none)",
    "limits": "Limits: what it cannot show",
}


def _finished(
    entry: Entry,
    own: Mapping[str, str],
    confirmed: str,
    key: str,
    path: str,
    known: Mapping[str, Source],
    *,
    asks: bool,
) -> Entry:
    """Add what only a reader of the source can say, and a key."""
    fields = dict(entry.fields) | dict(own)
    confirmed = confirmed or fields.get("confirmed", "")
    if asks:
        _show(fields)
        for name, choices in (("design", tuple(DESIGNS)), ("studied", STUDIED)):
            if not fields.get(name):
                fields[name] = click.prompt(name.capitalize(), type=click.Choice(choices), err=True)
        for name, question in _QUESTIONS.items():
            if not fields.get(name):
                empty = None if name == "limits" else ""
                fields[name] = latex(click.prompt(question, default=empty, show_default=False, err=True, type=str))
        confirmed = confirmed or click.prompt(
            "The day on which you saw the source itself (Enter for today)",
            default=str(today()),
            show_default=False,
            err=True,
        )
    problems = []
    if not fields.get("design"):
        problems.append(Problem(path, 0, "What kind of study is it?", f"Add --design: one of {', '.join(DESIGNS)}."))
    if fields.get("design") and fields["design"] not in DESIGNS:
        close = nearest(fields["design"], DESIGNS)
        hint = f"Did you mean `{close}`?" if close else f"It is one of: {', '.join(DESIGNS)}."
        problems.append(Problem(path, 0, f"`{fields['design']}` is no design.", hint))
    if not fields.get("limits"):
        problems.append(Problem(path, 0, "What can the source not show?", 'Add --limits "No control group."'))
    fields["confirmed"] = str(today()) if confirmed == "today" else confirmed
    if not _is_day(fields["confirmed"]):
        hint = f"See it, at least its abstract, then add --confirmed today (or a date such as {today()})."
        problems.append(Problem(path, 0, "Nobody says that they saw the source itself.", hint))
    if key and key.casefold() in {one.casefold() for one in known}:
        problems.append(
            Problem(path, known[key].line if key in known else 0, f"The key `{key}` is taken.", "Choose another.")
        )
    if problems:
        stop(problems)
    return Entry(entry.entry_type, fields, key or make_key(fields, {one.casefold() for one in known}), entry.left_out)


def _show(fields: Mapping[str, str]) -> None:
    for name in ("author", "title", "journal", "booktitle", "year", "doi"):
        if fields.get(name):
            click.echo(f"  {name}: {fields[name]}", err=True)


def _is_day(text: str) -> bool:
    try:
        return bool(re.fullmatch(r"\d{4}-\d\d-\d\d", text)) and date.fromisoformat(text) <= today()
    except ValueError:
        return False


def _as_source(entry: Entry) -> Source:
    from macros.citations.bibliography import Source  # noqa: PLC0415 - the name is a command's here

    return Source(entry.key, entry.entry_type, 0, entry.fields, doi=entry.fields.get("doi", ""))


def _put_in(root: Path, path: str, sources: Sequence[Source], entries: Sequence[Entry], *, dry_run: bool) -> None:
    content = (root / path).read_bytes()
    bom = b"\xef\xbb\xbf" if content.startswith(b"\xef\xbb\xbf") else b""
    written = insert(content.decode("utf-8-sig"), sources, entries)
    if not dry_run:
        problems = write_checked(root, {path: bom + written.encode()})
        if problems:
            stop(problems)
    for entry in entries:
        above = written[: written.index(f"@{entry.entry_type}{{{entry.key},")]
        line = above.count("\n" if "\n" in written else "\r") + 1
        click.echo(f"{'This would stand on' if dry_run else 'Added on'} line {line} of {path}:\n\n{entry.text()}\n")
        if entry.left_out:
            click.echo(f"Left out, since the guide has no use for them: {', '.join(entry.left_out)}.")
        shown = shown_title(entry.fields.get("title", ""))
        if shown:
            click.echo(f"Readers see the title as “{shown}”. Put braces round what must keep its capital: {{Italian}}.")
        if not dry_run:
            click.echo(f'Compare it with the source, then cite it: {{{{ cite("{entry.key}") }}}}')


@source.command("verify")
@click.argument("keys", nargs=-1)
@click.option("--format", "form", type=click.Choice(["text", "json"]), default="text", show_default=True)
@click.option("--days", default=30, show_default=True, type=click.IntRange(0),
              help="How many days an answer counts; 0 asks anew about every source.")  # fmt: skip
@_crossref_options
@root_option
def verify_command(
    keys: tuple[str, ...], form: str, days: int, base: str, mailto: str, timeout: float, root: Path
) -> None:
    """Ask Crossref about every source that has a DOI, or about those with the KEYS.

    Tells which were retracted, withdrawn, put under concern or corrected since, according to their publishers and to
    Retraction Watch; which DOIs nobody has registered; and where title, year or first author differ.

    It asks slowly, as Crossref wishes: some two minutes for 350 sources. Break it off when you like: answers are kept
    in .cache for --days days, and the next run goes on with the rest. The exit code is 1 if a source was retracted or the
    like, if a DOI is unknown, or if something could not be asked; corrections and differences are for you to judge.

    \b
    Examples:
      python -m macros source verify --mailto you@example.org
      python -m macros source verify monson2020 khalifian2024
      python -m macros source verify --format json > verified.json
    """
    path, sources = _bibliography(root)
    unknown = [key for key in keys if key not in sources]
    if unknown:
        stop(
            Problem(path, 0, f"There is no source `{key}`.", f"Did you mean `{close}`?" if close else "")
            for key in unknown
            for close in (nearest(key, sources),)
        )
    chosen = [sources[key] for key in keys] if keys else list(sources.values())
    asked = [one for one in chosen if one.doi]
    crossref, answers = Crossref(base, mailto, timeout=timeout), Answers.load(root, base)
    results = []
    try:
        with click.progressbar(
            verify(asked, crossref, answers, days), length=len(asked), label="Asking Crossref", file=sys.stderr
        ) as progress:
            results = list(progress)
    except KeyboardInterrupt:
        click.echo("\nBroken off. What was answered is kept; run it again to go on.", err=True)
        sys.exit(130)
    without = [one.key for one in chosen if not one.doi]
    click.echo(report_json(results, path, without) if form == "json" else report_text(results, path, len(without)))
    if any(one.state in ("grave", "unknown", "unasked") for one in results):
        sys.exit(1)
