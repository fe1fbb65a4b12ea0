"""The guide's own settings, from `extra` in `mkdocs.yml`."""

from __future__ import annotations

import os
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path

from macros.markdown_blocks import is_active
from macros.problems import Problem
from macros.yaml_source import load_mapping

#: The settings that are numbers, and how large each may be: a hundred years, and all claims.
_MOST = {"review_after_months": 1200, "claim_coverage": 100}
#: What the guide itself reads under `extra`; others may stand beside it.
OWN_SETTINGS = ("citation_style", "bibliography", "guide_author", *_MOST, "widget_scripts")


@dataclass(frozen=True)
class Settings:
    """What `mkdocs.yml` says about the guide.

    Attributes:
        config_path: the settings file, relative to the root.
        site_name: the guide's name, as in "Cite this page".
        site_url: the address it is published at, or an empty string.
        repo_url: the address of the repository, without a slash at its end, or an empty string.
        docs_dir: the folder of the pages, relative to the root.
        exclude_docs: the pages that MkDocs does not publish, as patterns.
        draft_docs: the pages that only a served site has, likewise.
        use_directory_urls: as in MkDocs; decides how links between pages look.
        citation_style: a CSL style: a name in `macros/citations/styles` or the path of a `.csl` file.
        citation_style_line: the line of `mkdocs.yml` on which it stands, or 0.
        bibliography: the BibTeX file, relative to the root.
        guide_author: the corporate author in "Cite this page".
        review_after_months: a page whose `reviewed` date is older is due for review.
        keeps_blocks: whether the Markdown extension `macros.markdown_blocks` is switched on.
        claim_coverage: least share of a clinical page's blocks that carry a citation or are set apart, in per cent.
    """

    config_path: str = "mkdocs.yml"
    site_name: str = ""
    site_url: str = ""
    repo_url: str = ""
    docs_dir: str = "docs"
    exclude_docs: str = ""
    draft_docs: str = ""
    use_directory_urls: bool = True
    citation_style: str = "apa"
    citation_style_line: int = 0
    bibliography: str = "references.bib"
    guide_author: str = "Guide contributors"
    review_after_months: int = 12
    claim_coverage: int = 95
    keeps_blocks: bool = False


def load_settings(root: Path, config_file: str | None = None) -> tuple[Settings, list[Problem]]:
    """Read the settings.

    Args:
        root: the project's root.
        config_file: the path of the settings file, if it is not `mkdocs.yml` in the root.
    """
    path = Path(config_file) if config_file else root / "mkdocs.yml"
    name = os.path.relpath(path, root).replace(os.sep, "/")
    try:
        text = path.read_text("utf-8")
    except (OSError, UnicodeDecodeError) as error:
        return Settings(config_path=name), [Problem(name, 0, f"The settings cannot be read: {error}.")]
    values, lines, problems = load_mapping(text, name)
    extra = values.get("extra") or {}
    if not isinstance(extra, dict):
        hint = "Write `citation_style: apa` and the like under it, indented."
        problems.append(Problem(name, lines.get("extra", 0), "`extra` should hold `key: value` lines.", hint))
        extra = {}
    defaults = Settings()
    whole_numbers = {}
    for key, most in _MOST.items():
        value = extra.get(key, getattr(defaults, key))
        if not isinstance(value, int) or isinstance(value, bool) or not 0 <= value <= most:
            message = f"`{key}` should be a whole number, not {value!r}."
            problems.append(Problem(name, lines.get(f"extra.{key}", 0), message, f"Write one from 0 to {most}."))
            value = getattr(defaults, key)
        whole_numbers[key] = value
    return (
        Settings(
            config_path=name,
            site_name=str(values.get("site_name") or ""),
            site_url=_of_version(os.environ.get("SITE_URL") or _address(values.get("site_url"))),
            repo_url=(os.environ.get("REPO_URL") or _address(values.get("repo_url"))).rstrip("/"),
            docs_dir=str(values.get("docs_dir") or defaults.docs_dir),
            exclude_docs=str(values.get("exclude_docs") or ""),
            draft_docs=str(values.get("draft_docs") or ""),
            use_directory_urls=bool(values.get("use_directory_urls", True)),
            citation_style=str(extra.get("citation_style") or defaults.citation_style),
            citation_style_line=lines.get("extra.citation_style", 0),
            bibliography=str(extra.get("bibliography") or defaults.bibliography),
            guide_author=str(extra.get("guide_author") or defaults.guide_author),
            review_after_months=whole_numbers["review_after_months"],
            claim_coverage=whole_numbers["claim_coverage"],
            keeps_blocks=is_active(values.get("markdown_extensions")),
        ),
        problems,
    )


def _of_version(site_url: str) -> str:
    """Give the address of the version that mike publishes, which lies in a folder of its own."""
    version = os.environ.get("MIKE_DOCS_VERSION")
    return f"{site_url.rstrip('/')}/{version}/" if site_url and version else site_url


def _address(value: object) -> str:
    return value if isinstance(value, str) and value.startswith(("http://", "https://")) else ""


def today() -> date:
    """Give the date of the build: `SOURCE_DATE_EPOCH` if it is set, so that builds can be repeated, else today's."""
    epoch = os.environ.get("SOURCE_DATE_EPOCH", "")
    if epoch.isdigit():
        return datetime.fromtimestamp(int(epoch), UTC).date()
    return datetime.now(UTC).date()
