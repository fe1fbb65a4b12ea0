"""`/.well-known/security.txt` (RFC 9116): where to report a hole, for people who look for holes."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

if TYPE_CHECKING:
    from macros.guide import Guide

ADDRESS = ".well-known/security.txt"
#: From the last review on: somebody was there then. The day of the build would make no two builds the same.
_GOOD_FOR = timedelta(days=364)


def security_txt(guide: Guide) -> dict[str, str]:
    """Give the file by its address, or nothing if the guide has no repository in which to report anything.

    Args:
        guide: the guide; its settings name the repository.
    """
    repository = guide.settings.repo_url
    reviewed = [page.reviewed for page in guide.pages.values() if page.reviewed]
    if not repository or not reviewed:
        return {}
    contact = f"{repository}/security/advisories/new" if urlsplit(repository).netloc == "github.com" else repository
    lines = [f"Contact: {contact}", f"Expires: {max(reviewed) + _GOOD_FOR}T00:00:00Z", "Preferred-Languages: en"]
    if guide.settings.site_url.startswith("https://"):
        lines.append(f"Canonical: {guide.settings.site_url.rstrip('/')}/{ADDRESS}")
    return {ADDRESS: "\n".join(lines) + "\n"}
