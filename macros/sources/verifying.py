"""Compares the bibliography with Crossref: does the DOI exist, is it this source, and has anything been said about it since?

What has been answered is kept in `.cache`, so that a run that was broken off goes on where it stopped.
"""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, field
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any, Literal

import pydantic

from macros.cache import FOLDER, write_whole
from macros.citations.latex import plain
from macros.settings import today
from macros.sources.crossref import CrossrefError, Work
from macros.sources.reading import latex_title
from macros.sources.writing import first_name, folded, title_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from pathlib import Path

    from macros.citations.bibliography import Source
    from macros.sources.crossref import Crossref, Update

#: Notices after which a source can no longer be cited as if nothing had happened.
GRAVE = frozenset({"retraction", "partial_retraction", "withdrawal", "removal", "expression_of_concern"})
#: So many failures in a row, and nobody is asked any more.
_ENOUGH = 5

State = Literal["grave", "unknown", "corrected", "differs", "unasked", "elsewhere", "fine"]
#: What a source can come to, with the words of the report; the gravest first.
STATES: dict[State, str] = {
    "grave": "Retracted, withdrawn or under concern",
    "unknown": "With a DOI that nobody has registered",
    "corrected": "Corrected or updated since",
    "differs": "Described otherwise by Crossref",
    "unasked": "Not asked about",
    "elsewhere": "Registered elsewhere than with Crossref, so not looked at",
    "fine": "As Crossref has them",
}


@dataclass(frozen=True)
class Notice:
    """Something that was published about a source.

    Attributes:
        kind: what it is, such as `retraction` or `correction`.
        label: the same in words.
        doi: its DOI.
        day: when it came out, as far as that is known.
        said_by: who says so: the publisher, or Retraction Watch.
    """

    kind: str
    label: str
    doi: str
    day: str
    said_by: str

    def __str__(self) -> str:
        where = f", https://doi.org/{self.doi}" if self.doi else ""
        day = f" of {self.day}" if self.day else ""
        return f"{self.label}{day} (according to {self.said_by}){where}"


@dataclass(frozen=True)
class Result:
    """What was found about a source.

    Attributes:
        key: its key.
        line: its line in the bibliography.
        doi: its DOI.
        state: what it comes to, a key of `STATES`.
        notices: what was published about it.
        differences: what Crossref says otherwise.
        why: why it was not looked at.
        asked: the day on which Crossref was asked.
    """

    key: str
    line: int
    doi: str
    state: State
    notices: tuple[Notice, ...] = ()
    differences: tuple[str, ...] = ()
    why: str = ""
    asked: str = ""


@dataclass
class Answers:
    """What Crossref has answered before, by DOI."""

    file: Path
    base: str
    known: dict[str, dict[str, Any]] = field(default_factory=dict)

    @classmethod
    def load(cls, root: Path, base: str) -> Answers:
        """Read the answers; a file that cannot be read holds none.

        Args:
            root: the project's root.
            base: the API's address; answers of another do not count.
        """
        file = root / FOLDER / "crossref.json"
        try:
            kept = json.loads(file.read_text("utf-8"))
            known = kept["answers"] if kept["base"] == base else {}
            known = {doi: one for doi, one in known.items() if isinstance(one, dict)}
        except (OSError, ValueError, TypeError, KeyError, AttributeError):
            known = {}
        return cls(file, base, known)

    def save(self) -> None:
        """Write the answers; a folder that cannot be written only costs time."""
        try:
            self.file.parent.mkdir(parents=True, exist_ok=True)
            write_whole(self.file, json.dumps({"base": self.base, "answers": self.known}, ensure_ascii=False))
        except OSError:
            pass

    def get(self, doi: str, days: int) -> tuple[str, Work | None, str] | None:
        """Give an answer that is young enough: the day, the work or `None`, and the agency.

        Args:
            doi: the DOI.
            days: how many days an answer counts.
        """
        one = self.known.get(doi.casefold(), {})
        try:
            if date.fromisoformat(one["asked"]) <= today() - timedelta(days=days):
                return None
            work = Work.model_validate_json(json.dumps(one["work"])) if one["work"] else None
            return one["asked"], work, str(one["agency"])
        except (KeyError, TypeError, ValueError, pydantic.ValidationError):
            return None

    def put(self, doi: str, work: Work | None, agency: str) -> None:
        """Keep an answer.

        Args:
            doi: the DOI.
            work: what Crossref knows; `None` if it does not know the DOI.
            agency: where the DOI is registered, if not with Crossref.
        """
        kept = work.model_dump(mode="json", by_alias=True, exclude_defaults=True) if work else None
        self.known[doi.casefold()] = {"asked": str(today()), "work": kept, "agency": agency}
        self.save()


def verify(sources: Sequence[Source], crossref: Crossref, answers: Answers, days: int) -> Iterator[Result]:
    """Ask about each source in turn.

    Args:
        sources: sources with a DOI.
        crossref: whom to ask.
        answers: what was answered before; each answer is added at once.
        days: how many days an answer counts.
    """
    failures, stopped = 0, ""
    for source in sources:
        answer = answers.get(source.doi, days)
        if answer is None and stopped:
            yield Result(source.key, source.line, source.doi, "unasked", why=stopped)
            continue
        if answer is None:
            try:
                work = crossref.work(source.doi)
                agency = crossref.agency(source.doi) if work is None else ""
            except CrossrefError as error:
                failures += 1
                if error.final or failures == _ENOUGH:
                    stopped = (
                        str(error) if error.final else f"Nothing was asked any more after {failures} failures in a row."
                    )
                yield Result(source.key, source.line, source.doi, "unasked", why=str(error))
                continue
            failures = 0
            answers.put(source.doi, work, agency)
            answer = (str(today()), work, agency)
        yield compare(source, answer[1], answer[2], answer[0])


def compare(source: Source, work: Work | None, agency: str, asked: str) -> Result:
    """Compare a source with what Crossref knows.

    Args:
        source: the source.
        work: what Crossref knows; `None` if it does not know the DOI.
        agency: where the DOI is registered, if not with Crossref.
        asked: the day on which Crossref was asked.
    """
    if work is None:
        if agency and agency != "crossref":
            return Result(
                source.key, source.line, source.doi, "elsewhere", why=f"Registered with {agency}.", asked=asked
            )
        return Result(source.key, source.line, source.doi, "unknown", asked=asked)
    found, differences = notices(work), tuple(_differences(source, work))
    grave = any(notice.kind in GRAVE for notice in found)
    state: State = "grave" if grave else "corrected" if found else "differs" if differences else "fine"
    return Result(source.key, source.line, source.doi, state, found, differences, asked=asked)


def notices(work: Work) -> tuple[Notice, ...]:
    """Give what was published about a work, each notice once, the gravest first.

    Args:
        work: what Crossref knows.
    """
    found: dict[tuple[str, str], Notice] = {}
    for update in work.updated_by:
        notice = _notice(update)
        found.setdefault((notice.kind, notice.doi.casefold()), notice)
    for update in work.update_to:
        if update.DOI.casefold() != work.DOI.casefold():
            label = f"It is itself a notice ({update.label or update.type or 'update'}) about another work"
            found.setdefault(
                ("notice", update.DOI.casefold()), Notice("notice", label, update.DOI, "", _said_by(update))
            )
    title = (work.title[0] if work.title else "").strip().casefold()
    for word, kind in (("retracted", "retraction"), ("withdrawn", "withdrawal")):
        if title.startswith((f"{word}:", f"{word} article", f"[{word}")) and not any(one[0] == kind for one in found):
            found[(kind, "")] = Notice(kind, "The title itself says that it is " + word, "", "", "its publisher")
    return tuple(sorted(found.values(), key=lambda notice: (notice.kind not in GRAVE, notice.kind, notice.day)))


def _notice(update: Update) -> Notice:
    kind = update.type.strip().casefold().replace("-", "_").replace(" ", "_") or "update"
    label = update.label or kind.replace("_", " ").capitalize()
    return Notice(kind, label, update.DOI, str(update.updated or ""), _said_by(update))


def _said_by(update: Update) -> str:
    return "Retraction Watch" if update.source == "retraction-watch" else "its publisher"


def _differences(source: Source, work: Work) -> Iterator[str]:
    if work.DOI.casefold() != source.doi.casefold():
        yield f"DOI: Crossref leads on to {work.DOI}"
    ours = title_of(source.fields)
    theirs = [folded(plain(latex_title(title))) for title in work.title]
    subtitles = [folded(plain(latex_title(subtitle))) for subtitle in work.subtitle]
    whole = [title + subtitle for title in theirs for subtitle in ("", *subtitles)]
    # A publisher that leaves the subtitle out is no reason to look.
    shorter = ":" in source.fields.get("title", "") and any(title and ours.startswith(title) for title in theirs)
    if whole and ours not in whole and not shorter:
        yield f"title: Crossref has “{plain(latex_title(work.title[0]))}”"
    year = source.fields.get("year", "") or source.fields.get("date", "")[:4]
    if work.years and year[:4].isdigit() and int(year[:4]) not in work.years:
        yield f"year: ours is {year}, Crossref has {' and '.join(map(str, work.years))}"
    people = work.author or work.editor
    name = folded(first_name(source.fields))
    if people and name and not _is(name, folded(people[0].family or people[0].name or people[0].given)):
        theirs_ = people[0].family or people[0].name or people[0].given
        yield f"first author: ours is {first_name(source.fields)}, Crossref has {theirs_}"


def _is(ours: str, theirs: str) -> bool:
    """Tell whether two folded names are one; particles such as "van de" are written or left out."""
    return ours == theirs or (bool(theirs) and (ours.endswith(theirs) or theirs.endswith(ours)))


def report_text(results: Iterable[Result], bibliography: str, without: int) -> str:
    """Give the report for people: the gravest first, the sources without fault only counted.

    Args:
        results: what was found.
        bibliography: the bibliography's path.
        without: how many sources have no DOI.
    """
    found = list(results)
    lines: list[str] = []
    for state, words in STATES.items():
        these = [one for one in found if one.state == state]
        if not these or state == "fine":
            continue
        lines += [f"{words}: {len(these)}"]
        for one in these:
            lines.append(f"  {bibliography}:{one.line}: {one.key}, https://doi.org/{one.doi}")
            lines += [f"      {said}" for said in (*map(str, one.notices), *one.differences, one.why) if said]
        lines += [f"    {_REMEDIES[state]}", ""]
    fine = sum(one.state == "fine" for one in found)
    count, them = ("1 source", "it") if len(found) == 1 else (f"{len(found)} sources", "them")
    lines.append(
        f"{count} with a DOI, {fine} as Crossref has {them}. {without} have no DOI: nobody was asked about these."
    )
    return "\n".join(lines)


_REMEDIES: dict[State, str] = {
    "grave": "Read the notice. Cite the source as retracted, saying so in `limits` and in the text, or not at all.",
    "unknown": "Look the DOI up on the source's own page.",
    "corrected": "Read the correction; see whether a number or a sentence of this guide rests on what it mends.",
    "differs": "Compare with the source itself: either may be wrong.",
    "unasked": "Run it again: it goes on with these.",
    "elsewhere": "Look at their own pages now and then.",
}


def report_json(results: Iterable[Result], bibliography: str, without: Sequence[str]) -> str:
    """Give the report for programs.

    Args:
        results: what was found.
        bibliography: the bibliography's path.
        without: the keys of the sources that have no DOI.
    """
    found = list(results)
    whole = {
        "bibliography": bibliography,
        "counts": {state: sum(one.state == state for one in found) for state in STATES},
        "sources": [asdict(one) for one in found],
        "without_doi": list(without),
    }
    return json.dumps(whole, ensure_ascii=False, indent=2)
