"""Commands that write what is published beside the pages: `downloads`, `offline`, `handbook`."""

from __future__ import annotations

from pathlib import Path

import click

from macros.commands.shared import guide_without_problems, root_option, stop
from macros.guide import load_guide
from macros.handbook import chapters_in_order, write_handbook
from macros.offline import write_offline
from macros.output import write_downloads
from macros.settings import load_settings, today
from macros.yaml_source import load_mapping

_site = click.argument("site", type=click.Path(exists=True, file_okay=False, path_type=Path))
_target = click.argument("target", type=click.Path(dir_okay=False, path_type=Path))


@click.command()
@_site
@root_option
def downloads(site: Path, root: Path) -> None:
    """Write the files to download into SITE, a site that another generator than MkDocs has built.

    MkDocs builds write them by themselves; `make zensical` calls this.
    """
    guide = load_guide(root)
    if guide.problems:
        stop(guide.problems)
    click.echo(f"{write_downloads(guide, site)} files written.")


@click.command()
@_site
@_target
@root_option
def offline(site: Path, target: Path, root: Path) -> None:
    """Write SITE, a built site, into TARGET, a zip file that works without a server and without a network.

    `make offline` builds the site and calls this.
    """
    settings, _ = load_settings(root)
    count = write_offline(site, target, settings.site_name)
    click.echo(f"{target}: {count} files, {target.stat().st_size / 1e6:.1f} MB. Unzip it and open START-HERE.html.")


@click.command()
@_site
@_target
@root_option
def handbook(site: Path, target: Path, root: Path) -> None:
    """Print SITE, a built site, as TARGET, one PDF with contents, page numbers and bookmarks.

    Needs a browser; `make handbook` sees to that, builds the site and calls this.
    """
    guide = guide_without_problems(root)
    settings = guide.settings
    values, _, _ = load_mapping((guide.root / settings.config_path).read_text("utf-8"), settings.config_path)
    pages = chapters_in_order(
        values.get("nav"),
        {src: page.url(use_directory_urls=settings.use_directory_urls) for src, page in guide.pages.items()},
    )
    note = f"{values.get('site_description') or ''}. Printed on {today():%d %B %Y}. {settings.site_url}".lstrip(". ")
    count = write_handbook(site, target, pages, settings.site_name, note.strip())
    click.echo(f"{target}: {len(pages)} chapters, {count} sheets, {target.stat().st_size / 1e6:.1f} MB.")
