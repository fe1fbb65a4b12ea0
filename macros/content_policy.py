"""The content security policy of each page: what a browser may run, load and send, whatever has slipped into the page.

Scripts and styles come from the site's own files only. The few inline scripts that the theme writes are allowed by their
hashes. Which these are is read off 404.html, which holds the theme's scripts and no text of the guide: a script that came
into another page with its text has a hash that is not allowed, and is not run.

Only MkDocs does this (`macros.mkdocs_hooks`). While a site is served to its author no policy is written, since MkDocs then
adds a script of its own to each page; what the policy would refuse is told all the same.
"""

from __future__ import annotations

import base64
import functools
import hashlib
import re

#: The page that the theme renders before all others, without any text of the guide.
THEME_ONLY = "404.html"

_POLICY = (
    "default-src 'none'; script-src 'self'{hashes}; style-src 'self'; img-src 'self' data:; font-src 'self'; "
    "connect-src 'self'; worker-src 'self'; base-uri 'none'; form-action 'none'"
)
_META = '<meta http-equiv="Content-Security-Policy" content="{policy}">'
#: An encoding that came later than the first kilobyte would not count, so it stays first.
_PLACES = ('<meta charset="utf-8">', "<head>")

_SCRIPT = re.compile(r"<script\b([^>]*)>(.*?)</script>", re.DOTALL | re.IGNORECASE)
#: Scripts with an address are no inline scripts, and data is not run.
_NOT_INLINE = re.compile(r"""\bsrc\s*=|\btype\s*=\s*["']?(?!module|text/javascript)[^\s"'>]""", re.IGNORECASE)
#: How deep a page lies differs, and stands in the theme's script.
_BASE = re.compile(r'(?<=^__md_scope=new URL\(")[^"\\]*(?=",location\))')
#: What may be in a tag but is not run or shown then. Nearly all pages have none of it, and these are found fast; the
#: pattern after them sees whether it stands in a tag.
_SUSPECT = ("style=", "<style", "javascript:")
_HANDLER = re.compile(r""" on[a-z]+=["']""")
_REFUSED = re.compile(
    r"""<[a-z][^<>]*?\s((?:style|on[a-z]+)\s*=\s*["'][^"']*)|(<style)\b|<a\s[^<>]*?(href\s*=\s*["']javascript:)""",
    re.IGNORECASE,
)


def inline_scripts(html: str) -> list[str]:
    """Give the scripts that stand in a page itself.

    Args:
        html: the finished page.
    """
    return [match[2] for match in _SCRIPT.finditer(html) if match[2].strip() and not _NOT_INLINE.search(match[1])]


@functools.lru_cache(maxsize=64)
def _hash(script: str) -> str:
    return base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()


class ContentPolicy:
    """The policy of one site."""

    def __init__(self) -> None:
        self._known: set[str] = set()

    def learn(self, html: str) -> None:
        """Allow the inline scripts of a page.

        Args:
            html: a page without any text of the guide.
        """
        self._known |= {_BASE.sub("", script) for script in inline_scripts(html)}

    def refused(self, html: str) -> list[str]:
        """Say what in a page the policy refuses.

        Args:
            html: the finished page.
        """
        scripts = [script for script in inline_scripts(html) if _BASE.sub("", script) not in self._known]
        suspect = any(text in html for text in _SUSPECT) or _HANDLER.search(html)
        tags = [next(filter(None, found)) for found in _REFUSED.findall(html)] if suspect else []
        return [" ".join(text.split())[:60] for text in scripts + tags]

    def protect(self, html: str) -> str:
        """Write the policy into a page.

        Args:
            html: the finished page.
        """
        allowed = [script for script in inline_scripts(html) if _BASE.sub("", script) in self._known]
        hashes = "".join(f" 'sha256-{_hash(script)}'" for script in dict.fromkeys(allowed))
        meta = _META.format(policy=_POLICY.format(hashes=hashes))
        for place in _PLACES:
            if place in html:
                return html.replace(place, place + meta, 1)
        return html
