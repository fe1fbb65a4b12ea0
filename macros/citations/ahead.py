"""A large new bibliography is read, and its formatting begun, in a process of its own while the pages are being read.

That process does what the guide would do itself, and hands over what it would have put into the caches. So nothing depends
on it: what does not come from there, the guide does.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

from macros.cache import Cache
from macros.citations.bibliography import is_known, load_bibliography
from macros.citations.processor import Formatted, load_style
from macros.settings import load_settings

if TYPE_CHECKING:
    from collections.abc import Mapping

#: Bytes of BibTeX, about as many as take longer to read than a process to start.
LARGE = 1_000_000


class Ahead:
    """The process, and what it has found out."""

    def __init__(self, root: Path, config_file: str | None, versions: tuple[str, str]) -> None:
        """Start it.

        Args:
            root: the project's root.
            config_file: the settings file, if it is not `mkdocs.yml` in the root.
            versions: those of the caches of sources and of citations.
        """
        command = [sys.executable, "-P", "-m", __name__, str(root), config_file or "", *versions]
        # What stands in the current folder is none of its business.
        path = os.pathsep.join(filter(None, (str(Path(__file__).parents[2]), os.environ.get("PYTHONPATH"))))
        try:
            self._process: subprocess.Popen[str] | None = subprocess.Popen(  # noqa: S603 - this very module
                command,
                env=os.environ | {"PYTHONPATH": path},
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                encoding="utf-8",
            )
        except OSError:
            self._process = None

    def next(self) -> Mapping[str, Any]:
        """Wait for what comes next: the sources, then what a style needs of them, then the formatted sources.

        Returns:
            Values for a cache by fingerprint; none if the process failed.
        """
        if self._process is None or self._process.stdout is None:
            return {}
        line = self._process.stdout.readline()
        try:
            return dict(json.loads(line))
        except ValueError:
            self.stop()
            return {}

    def stop(self) -> None:
        """End the process; nothing more will be asked of it."""
        if self._process is not None:
            self._process.kill()
            self._process.communicate()
            self._process = None


def read_ahead(
    root: Path, config_file: str | None, bibliography: str, cache: Cache, versions: tuple[str, str]
) -> Ahead | None:
    """Start to read the bibliography, if it is large and new.

    Args:
        root: the project's root.
        config_file: the settings file, if it is not `mkdocs.yml` in the root.
        bibliography: the BibTeX file, relative to the root.
        cache: what was read off a faultless file before.
        versions: those of the caches of sources and of citations.
    """
    file = root / bibliography
    try:
        if file.stat().st_size < LARGE or is_known(file.read_bytes(), cache):
            return None
    except OSError:
        return None
    return Ahead(root, config_file, versions)


def main(root: Path, config_file: str | None, versions: tuple[str, str]) -> None:
    """Read, format and print: a line of JSON for each thing that is done.

    Args:
        root: the project's root.
        config_file: the settings file, if it is not `mkdocs.yml` in the root.
        versions: those of the caches of sources and of citations.
    """
    given: set[str] = set()

    def give(found: Cache) -> None:
        new = {name: value for name, value in found.values.items() if name not in given}
        given.update(new)
        sys.stdout.write(json.dumps(new, ensure_ascii=False) + "\n")
        sys.stdout.flush()

    settings, _ = load_settings(root, config_file)
    style, _ = load_style(settings, root)
    sources_cache, cache = (Cache(None, version=version) for version in versions)
    sources, problems = load_bibliography(root / settings.bibliography, settings.bibliography, sources_cache)
    if problems or style is None:
        return
    give(sources_cache)
    formatted = Formatted(style, sources, cache)  # pandoc works from here on
    give(cache)
    formatted.finish()
    give(cache)


if __name__ == "__main__":
    sys.stdout.reconfigure(encoding="utf-8")  # type: ignore[union-attr]
    main(Path(sys.argv[1]), sys.argv[2] or None, (sys.argv[3], sys.argv[4]))
