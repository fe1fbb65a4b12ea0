"""Writing the built site: files to download, and the change from the old site to the new one."""

from __future__ import annotations

import ctypes
import os
import shutil
import sys
import time
import uuid
from typing import TYPE_CHECKING

from mkdocs.utils import clean_directory

from macros.registry import FEATURES
from macros.security_txt import security_txt

if TYPE_CHECKING:
    from pathlib import Path

    from macros.guide import Guide


#: How the names of unfinished sites begin.
STAGING = ".site-"
_ABANDONED_AFTER = 3600  # seconds; no build takes that long


def tidy(site: Path) -> None:
    """Mend what builds left that were killed: unfinished sites go, and a site on its way out comes back.

    Args:
        site: the published folder, beside which they stand.
    """
    if not site.parent.is_dir():
        return
    if not site.exists():
        old = sorted(site.parent.glob(f"{_old(site)}*"), key=lambda folder: folder.stat().st_mtime)
        if old:
            old[-1].rename(site)
    for pattern in (f"{STAGING}*", f"{_old(site)}*"):
        for folder in site.parent.glob(pattern):
            if folder.is_dir() and time.time() - folder.stat().st_mtime > _ABANDONED_AFTER:
                shutil.rmtree(folder, ignore_errors=True)


def _old(site: Path) -> str:
    return f".old-{site.name}-"


def write_downloads(guide: Guide, site: Path, previous: Path | None = None) -> int:
    """Write the files that the features offer to download, and `security.txt`.

    Args:
        guide: the guide.
        site: the built site's folder.
        previous: the site as it was built before, which this one will replace. What has not changed since is linked from
            there: to write hundreds of new files can take longer than to make what is in them.

    Returns:
        How many files were written.

    Raises:
        OSError: if the folder cannot be written to.
    """
    files = security_txt(guide)
    for feature in FEATURES:
        if hasattr(feature, "downloads"):
            files |= feature.downloads(guide)
    for folder in {(site / address).parent for address in files}:
        folder.mkdir(parents=True, exist_ok=True)
    for address, text in files.items():
        _write(site / address, text.encode(), previous / address if previous else None)
    return len(files)


def _write(path: Path, content: bytes, known: Path | None) -> None:
    if known is not None:
        try:
            if known.read_bytes() == content:
                os.link(known, path)
                return
        except OSError:  # it is new, or the disk knows no hard links
            pass
    path.write_bytes(content)


#: Where a served site lies until the next is finished. MkDocs leaves hidden entries alone when it empties the folder.
PREVIOUS = ".previous"


def set_aside(previous: Path) -> None:
    """Put what a served site holds aside, where the next build finds it.

    Args:
        previous: where to; in the folder that is served, and hidden.

    Raises:
        OSError: if it cannot be moved; all of it is then where it was.
    """
    shutil.rmtree(previous, ignore_errors=True)
    previous.mkdir(parents=True)
    try:
        _move(previous.parent, previous)
    except OSError:
        _move(previous, previous.parent)
        raise


def bring_back(previous: Path) -> None:
    """Bring back what `set_aside` put aside, in the place of a site that could not be finished.

    Args:
        previous: where it lies.

    Raises:
        OSError: if it cannot be moved.
    """
    clean_directory(str(previous.parent))
    _move(previous, previous.parent)
    previous.rmdir()


def _move(source: Path, target: Path) -> None:
    for entry in source.iterdir():
        if not entry.name.startswith("."):
            entry.rename(target / entry.name)


def swap(staging: Path, site: Path) -> None:
    """Put a finished site in the place of the published one. At no moment is there half a site.

    Where the system can exchange two folders in one step (Linux, macOS), there is a whole site even if the power fails
    meanwhile. Elsewhere a moment without a site remains, and `tidy` brings the old one back.

    Args:
        staging: the finished site, on the same disk.
        site: the published folder; it need not exist.

    Raises:
        OSError: if a folder cannot be renamed; the published one is then put back.
    """
    site.parent.mkdir(parents=True, exist_ok=True)
    if site.exists() and _exchange(staging, site):
        shutil.rmtree(staging, ignore_errors=True)
        return
    old = site.with_name(f"{_old(site)}{uuid.uuid4().hex[:8]}")
    if site.exists():
        site.rename(old)
    try:
        staging.rename(site)
    except OSError:
        if old.exists():
            old.rename(site)
        raise
    shutil.rmtree(old, ignore_errors=True)


_HERE = -100  # AT_FDCWD: paths are relative to the working directory
_EXCHANGE = 2  # RENAME_EXCHANGE on Linux, RENAME_SWAP on macOS


def _exchange(one: Path, other: Path) -> bool:
    """Exchange two folders in one step, if the system and the disk can."""
    first, second = os.fsencode(one), os.fsencode(other)
    try:
        system = ctypes.CDLL(None)
        if sys.platform == "darwin":
            return bool(system.renamex_np(first, second, _EXCHANGE) == 0)
        return bool(system.renameat2(_HERE, first, _HERE, second, _EXCHANGE) == 0)
    except (AttributeError, OSError, TypeError):  # no such call, or no such library
        return False
