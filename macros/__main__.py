"""The command line: `python -m macros check` and others."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from macros.decision_trees.export import SCHEMA, schema_text
from macros.decision_trees.proof import prove
from macros.guide import due_for_review, load_guide
from macros.handbook import chapters_in_order, write_handbook
from macros.offline import write_offline
from macros.output import write_downloads
from macros.problems import report
from macros.settings import load_settings, today
from macros.stats import stats_table
from macros.training import model as module
from macros.training.packages.commands import course
from macros.yaml_source import load_mapping


@click.group()
def main() -> None:
    """Look after the guide."""


@main.command()
@click.option("--root", default=".", type=click.Path(exists=True, file_okay=False), help="The project's folder.")
def check(root: str) -> None:
    """Say what a build would refuse, without building; exit 1 if there is anything."""
    guide = load_guide(Path(root), render=False)
    for page in due_for_review(guide):
        click.echo(f"{page.path}: last reviewed on {page.reviewed}; read it against its sources again.", err=True)
    if guide.problems:
        click.echo(report(guide.problems), err=True)
        sys.exit(1)
    coverage = [page.claim_coverage() for page in guide.pages.values() if page.kind == "clinical"]
    least = f"; least claim coverage {min(coverage):.0f} %" if coverage else ""
    click.echo(f"{len(guide.pages)} pages, {len(guide.sources)} sources, no problems{least}.")


@main.command()
@click.option("--root", default=".", type=click.Path(exists=True, file_okay=False), help="The project's folder.")
def stats(root: str) -> None:
    """Count words, citations, sources and kinds of statement on each page."""
    guide = load_guide(Path(root), render=False)
    if guide.problems:
        click.echo(report(guide.problems), err=True)
        sys.exit(1)
    click.echo(stats_table(guide))


@main.command()
@click.argument("site", type=click.Path(exists=True, file_okay=False, path_type=Path))
@click.option("--root", default=".", type=click.Path(exists=True, file_okay=False), help="The project's folder.")
def downloads(site: Path, root: str) -> None:
    """Write the files to download into SITE, a site that another generator than MkDocs has built."""
    guide = load_guide(Path(root))
    if guide.problems:
        click.echo(report(guide.problems), err=True)
        sys.exit(1)
    click.echo(f"{write_downloads(guide, site)} files written.")


@main.command()
@click.option("--root", default=".", type=click.Path(exists=True, file_okay=False), help="The project's folder.")
def trees(root: str) -> None:
    """Walk every path of every decision tree, and say how many reach an end only past all safety questions."""
    guide = load_guide(Path(root), render=False)
    if guide.problems:
        click.echo(report(guide.problems), err=True)
        sys.exit(1)
    total = onward = 0
    for name, file in guide.data["macros.decision_trees"].by_name.items():
        if file.value.kind == "case":
            continue  # a case leads to no decision
        proof = prove(file.value)
        total, onward = total + proof.paths, onward + proof.onward
        click.echo(f"{name}: {proof}")
        if proof.unsafe:
            sys.exit(1)
    click.echo(f"In all {total} paths; {onward} go on, each with a clear answer to every safety question of its tree.")


@main.command()
@click.option("--root", default=".", type=click.Path(exists=True, file_okay=False), help="The project's folder.")
def schemas(root: str) -> None:
    """Write the JSON Schemas of the data files anew, for editors, into schemas/."""
    for name, text in ((SCHEMA, schema_text()), (module.SCHEMA, module.schema_text())):
        file = Path(root) / "schemas" / name
        file.parent.mkdir(exist_ok=True)
        file.write_text(text, "utf-8")
        click.echo(f"{file} written.")


@main.command()
@click.argument("site", type=click.Path(exists=True, file_okay=False, path_type=Path))
@click.argument("target", type=click.Path(dir_okay=False, path_type=Path))
@click.option("--root", default=".", type=click.Path(exists=True, file_okay=False), help="The project's folder.")
def offline(site: Path, target: Path, root: str) -> None:
    """Write SITE, a built site, into TARGET, a zip file that works without a server and without a network."""
    settings, _ = load_settings(Path(root))
    count = write_offline(site, target, settings.site_name)
    click.echo(f"{target}: {count} files, {target.stat().st_size / 1e6:.1f} MB. Unzip it and open START-HERE.html.")


@main.command()
@click.argument("site", type=click.Path(exists=True, file_okay=False, path_type=Path))
@click.argument("target", type=click.Path(dir_okay=False, path_type=Path))
@click.option("--root", default=".", type=click.Path(exists=True, file_okay=False), help="The project's folder.")
def handbook(site: Path, target: Path, root: str) -> None:
    """Print SITE, a built site, as TARGET, one PDF with contents, page numbers and bookmarks."""
    guide = load_guide(root, render=False)
    if guide.problems:
        click.echo(report(guide.problems), err=True)
        sys.exit(1)
    settings = guide.settings
    values, _, _ = load_mapping((guide.root / settings.config_path).read_text("utf-8"), settings.config_path)
    pages = chapters_in_order(
        values.get("nav"),
        {src: page.url(use_directory_urls=settings.use_directory_urls) for src, page in guide.pages.items()},
    )
    note = f"{values.get('site_description') or ''}. Printed on {today():%d %B %Y}. {settings.site_url}".lstrip(". ")
    count = write_handbook(site, target, pages, settings.site_name, note.strip())
    click.echo(f"{target}: {len(pages)} chapters, {count} sheets, {target.stat().st_size / 1e6:.1f} MB.")


main.add_command(course)

if __name__ == "__main__":
    main()
