"""Writing the built site: files to download, and the change from the old site to the new one."""

from __future__ import annotations

import shutil
import time
import uuid
from typing import TYPE_CHECKING

from macros.registry import FEATURES

if TYPE_CHECKING:
    from pathlib import Path

    from macros.guide import Guide


#: How the names of unfinished sites begin.
STAGING = ".site-"
_ABANDONED_AFTER = 3600  # seconds; no build takes that long


def remove_abandoned(site: Path) -> None:
    """Remove unfinished sites that builds left which were killed.

    Args:
        site: the published folder, beside which they stand.
    """
    if not site.parent.is_dir():
        return
    for folder in site.parent.glob(f"{STAGING}*"):
        if folder.is_dir() and time.time() - folder.stat().st_mtime > _ABANDONED_AFTER:
            shutil.rmtree(folder, ignore_errors=True)


def write_downloads(guide: Guide, site: Path) -> int:
    """Write the files that the features offer to download.

    Args:
        guide: the guide.
        site: the built site's folder.

    Returns:
        How many files were written.

    Raises:
        OSError: if the folder cannot be written to.
    """
    files: dict[str, str] = {}
    for feature in FEATURES:
        if hasattr(feature, "downloads"):
            files |= feature.downloads(guide)
    for folder in {(site / address).parent for address in files}:
        folder.mkdir(parents=True, exist_ok=True)
    for address, text in files.items():
        (site / address).write_bytes(text.encode())
    return len(files)


def swap(staging: Path, site: Path) -> None:
    """Put a finished site in the place of the published one. At no moment is there half a site.

    Args:
        staging: the finished site, on the same disk.
        site: the published folder; it need not exist.

    Raises:
        OSError: if a folder cannot be renamed; the published one is then put back.
    """
    site.parent.mkdir(parents=True, exist_ok=True)
    old = site.with_name(f".{site.name}-old-{uuid.uuid4().hex[:8]}")
    if site.exists():
        site.rename(old)
    try:
        staging.rename(site)
    except OSError:
        if old.exists():
            old.rename(site)
        raise
    shutil.rmtree(old, ignore_errors=True)
