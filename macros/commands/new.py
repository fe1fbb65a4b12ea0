"""The commands `new ...`: beginnings of pages, trees, modules, cases and terms that pass the check at once.

Another kind is another command of the group `new`: it makes the files' texts and hands them to `_write`, which checks them
and takes them back if they would bring a problem.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import click

from macros.commands.shared import root_option, stop, write_checked
from macros.data_files import is_name, load_data
from macros.glossary.model import GLOSSARY, TermsFile
from macros.guide import load_guide
from macros.navigation import add_to_nav, yaml_text
from macros.pages import KINDS, SUBJECTS
from macros.problems import Problem
from macros.scaffolds import add_term, case_files, module_files, page_text, tree_files
from macros.site_settings import not_in_nav

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping
    from pathlib import Path

    from macros.settings import Settings

LONGEST_DESCRIPTION = 155  # what search engines show


@click.group()
def new() -> None:
    """Begin a page, a decision tree, a module of the course, a branching case or a term.

    What is written passes `check` at once. Each place to fill in begins with "Write here".
    """


def _line(value: str) -> str:
    return " ".join(value.split())


def _src(settings: Settings, path: str) -> str:
    return path.removeprefix("./").removeprefix(f"{settings.docs_dir}/")


_FAULTS = "guide.faults_of_name"


class _Asked(click.Option):
    """An option that is asked for if it is not given, once what was given is known to be right."""

    def prompt_for_value(self, ctx: click.Context) -> Any:  # noqa: ANN401 - as click has it
        if ctx.meta.get(_FAULTS):
            stop(ctx.meta[_FAULTS])
        return super().prompt_for_value(ctx)


def _page_path(context: click.Context, _: click.Parameter, path: str) -> str:
    root = context.params["root"]
    settings = load_guide(root, render=False).settings
    src = _src(settings, path)
    hint = "Write lower-case letters, digits and hyphens, and end it in .md: safety/new-page.md."
    context.meta[_FAULTS] = (
        _existing(root, [f"{settings.docs_dir}/{src}"])
        if re.fullmatch(r"(?:[a-z0-9-]+/)*[a-z0-9][a-z0-9-]*\.md", src)
        else [Problem(path, 0, "This cannot be a page's file.", hint)]
    )
    return path


def _named(folder: str, what: str, example: str) -> Callable[[click.Context, click.Parameter, str], str]:
    """Give what judges the name of a file in a folder."""

    def judge(context: click.Context, _: click.Parameter, name: str) -> str:
        root = context.params["root"]
        home = f"{load_guide(root, render=False).settings.docs_dir}/{folder}"
        hint = f"Write lower-case letters, digits and hyphens, such as {example}."
        context.meta[_FAULTS] = (
            _existing(root, [f"{home}/{name}.yml", f"{home}/{name}.md"])
            if is_name(name) and not name.endswith("-paths")
            else [Problem(f"{home}/{name}.yml", 0, f"`{name}` cannot be the name of {what}.", hint)]
        )
        return name

    return judge


def _existing(root: Path, files: Iterable[str]) -> list[Problem]:
    hint = "Change it, or choose another name."
    return [Problem(name, 0, "There is such a file already.", hint) for name in files if (root / name).exists()]


def _faults_of_name() -> list[Problem]:
    return list(click.get_current_context().meta[_FAULTS])


def _filled(_: click.Context, parameter: click.Parameter, value: str) -> str:
    if not _line(value):
        raise click.BadParameter("write something between the quotes.", param=parameter)
    return value


@new.command()
@click.argument("path", callback=_page_path)
@click.option("--title", cls=_Asked, prompt="Title", help="The page's title and heading.")
@click.option(
    "--description", cls=_Asked, prompt="What the reader finds there, in one sentence", help="At most 155 characters."
)
@click.option("--kind", type=click.Choice(KINDS), default="clinical", show_default=True,
              help="clinical: each claim is cited or set apart; guide: a page about the guide itself.")  # fmt: skip
@click.option("--mechanism", multiple=True, type=click.Choice(SUBJECTS["mechanism"]), help="What it is about.")
@click.option("--modality", multiple=True, type=click.Choice(SUBJECTS["modality"]), help="Likewise.")
@click.option("--phase", multiple=True, type=click.Choice(SUBJECTS["phase"]), help="Likewise.")
@root_option
def page(
    path: str,
    title: str,
    description: str,
    kind: str,
    mechanism: tuple[str, ...],
    modality: tuple[str, ...],
    phase: tuple[str, ...],
    root: Path,
) -> None:
    """Begin the page PATH, such as safety/pregnancy.md, and put it into the navigation.

    \b
    Example:
      python -m macros new page safety/pregnancy.md \\
        --title Pregnancy --description "What is known about ketamine in pregnancy, and what to ask."
    """
    settings = load_guide(root, render=False).settings
    src = _src(settings, path)
    title, description = _line(title), _line(description)
    problems = _faults_of_name() + _description_faults(f"{settings.docs_dir}/{src}", description, "--description")
    subjects = {"mechanism": mechanism, "modality": modality, "phase": phase}
    name = f"{settings.docs_dir}/{src}"
    files = {name: page_text(title, description, kind, subjects)}
    _write(root, settings, files, problems, nav={src: title})
    click.echo(f"Now write it: {name}. Then: python -m macros check")


@new.command()
@click.argument("name", callback=_named("decisions", "a tree", "after-a-setback"))
@click.option("--title", cls=_Asked, prompt="The decision, as a question", help="The decision, as a question.")
@click.option(
    "--purpose", cls=_Asked, prompt="What the clinician decides with it", help="One sentence of at most 155 characters."
)
@root_option
def tree(name: str, title: str, purpose: str, root: Path) -> None:
    """Begin the decision tree NAME, such as after-a-setback, with its page and the page of its paths.

    \b
    Example:
      python -m macros new tree after-a-setback \\
        --title "What now, after a setback?" --purpose "Decide what to do in the week after a setback."
    """
    settings = load_guide(root, render=False).settings
    title, purpose = _line(title), _line(purpose)
    problems = _faults_of_name() + _description_faults(
        f"{settings.docs_dir}/decisions/{name}.yml", purpose, "--purpose"
    )
    files = tree_files(name, title, purpose)
    _write_named(root, settings, "decisions", name, title, files, problems, then="trees")


@new.command()
@click.argument("name", callback=_named("training", "a module", "m9-groups"))
@click.option("--title", cls=_Asked, prompt="Title", help="The module's title.")
@click.option(
    "--summary",
    cls=_Asked,
    prompt="What the trainee can do afterwards, in one sentence",
    help="At most 155 characters.",
)
@root_option
def quiz(name: str, title: str, summary: str, root: Path) -> None:
    """Begin the module NAME of the course, such as m9-groups, with its self-check and its page.

    It comes last in the course; each of its three objectives has the two items that it needs.

    \b
    Example:
      python -m macros new quiz m9-groups \\
        --title "Work with groups" --summary "Say what is known of group formats, and what is not."
    """
    guide = load_guide(root, render=False)
    title, summary = _line(title), _line(summary)
    problems = _faults_of_name() + _description_faults(
        f"{guide.settings.docs_dir}/training/{name}.yml", summary, "--summary"
    )
    modules = {other: file.value for other, file in guide.data["macros.training"].by_name.items()}
    last = max(modules, key=lambda other: modules[other].number, default=None)
    number = modules[last].number + 1 if last else 1
    files = module_files(name, title, summary, number, [last] if last else [])
    _write_named(root, guide.settings, "training", name, f"{number}. {title}", files, problems)


@new.command()
@click.argument("name", callback=_named("training/cases", "a case", "the-visitor"))
@click.option("--title", cls=_Asked, prompt="Title", help="The case's title.")
@click.option("--purpose", cls=_Asked, prompt="What it practises, in one sentence", help="At most 155 characters.")
@root_option
def case(name: str, title: str, purpose: str, root: Path) -> None:
    """Begin the branching case NAME, such as the-visitor, with its page.

    \b
    Example:
      python -m macros new case the-visitor \\
        --title "Case: the visitor" --purpose "Decide who may be in the room on the day."
    """
    settings = load_guide(root, render=False).settings
    title, purpose = _line(title), _line(purpose)
    problems = _faults_of_name() + _description_faults(
        f"{settings.docs_dir}/training/cases/{name}.yml", purpose, "--purpose"
    )
    _write_named(root, settings, "training/cases", name, title, case_files(name, title, purpose), problems)


@new.command()
@click.argument("term", callback=_filled)
@click.option("--means", prompt="What it is, in one or two plain sentences", help="At most 320 characters.")
@click.option("--also", multiple=True, help="Another form, by which it is found in text; may be given again.")
@click.option("--source", multiple=True, help="A source that bears the definition, by its key; may be given again.")
@click.option("--see", default="", help="The page that says more, such as safety/law.md.")
@root_option
def term(term: str, means: str, also: tuple[str, ...], source: tuple[str, ...], see: str, root: Path) -> None:
    """Put TERM into the glossary, at its place in the alphabet.

    \b
    Example:
      python -m macros new term "Wash-out" --also "wash-out period" \\
        --means "The time between two treatments in a trial in which the first can wear off."
    """
    settings = load_guide(root, render=False).settings
    name = f"{settings.docs_dir}/{GLOSSARY}"
    if not (root / name).exists():
        hint = "Write one that begins with `terms:`, and {{ glossary() }} on a page."
        stop([Problem(name, 0, "There is no glossary to put the term into.", hint)])
    file, problems = load_data(root, root / name, TermsFile)
    if file is None:
        stop(problems)
    fields: dict[str, str | tuple[str, ...]] = {"term": _line(term), "also": also, "means": _line(means)}
    fields |= {"source": source, "see": see}
    text = (root / name).read_bytes().decode("utf-8-sig")
    written = add_term(text, file, {key: value for key, value in fields.items() if value})
    bom = b"\xef\xbb\xbf" if (root / name).read_bytes().startswith(b"\xef\xbb\xbf") else b""
    found = write_checked(root, {name: bom + written.encode()})
    if found:
        stop(found)
    line = written[: written.index(f"- term: {yaml_text(_line(term))}")].count("\n") + 1
    click.echo(f"{name}:{line}: {_line(term)}")


def _description_faults(path: str, text: str, option: str) -> list[Problem]:
    if len(text) <= LONGEST_DESCRIPTION:
        return []
    message = f"{option} has {len(text)} characters, and search engines show {LONGEST_DESCRIPTION}."
    return [Problem(path, 0, message, "Shorten it.")]


def _write_named(
    root: Path,
    settings: Settings,
    folder: str,
    name: str,
    title: str,
    texts: Mapping[str, str],
    problems: list[Problem],
    then: str = "check",
) -> None:
    """Write a data file with its pages into a folder of the pages, and say what comes next."""
    home = f"{settings.docs_dir}/{folder}"
    files = {f"{home}/{file}": text for file, text in texts.items()}
    _write(root, settings, files, problems, nav={f"{folder}/{name}.md": title})
    click.echo(f"Now write it: {home}/{name}.yml, then {name}.md. Then: python -m macros {then}")


def _write(
    root: Path, settings: Settings, files: Mapping[str, str], problems: list[Problem], nav: Mapping[str, str]
) -> None:
    """Write new files and put their pages into the navigation, or say why not and end."""
    found = [*dict.fromkeys([*problems, *_existing(root, files)])]
    if found:
        stop(found)
    contents = {name: text.encode() for name, text in files.items()}
    config = (root / settings.config_path).read_bytes().decode("utf-8")
    left = {}
    for src, title in nav.items():
        with_page = add_to_nav(config, title, src)
        if with_page is None:
            left[src] = title
        else:
            config = with_page
    if len(left) < len(nav):
        contents[settings.config_path] = config.encode()
    apart = {not_in_nav(f"{settings.docs_dir}/{src}") for src in left}
    found = write_checked(root, contents, apart=apart)
    if found:
        stop(found)
    for name in contents:
        click.echo(f"{name} {'changed: the page is in `nav`' if name == settings.config_path else 'written'}.")
    for src, title in left.items():
        entry = f"- {yaml_text(title)}: {src}"
        click.echo(
            f"Put it into `nav` in {settings.config_path} yourself, where readers should find it:\n      {entry}"
        )
