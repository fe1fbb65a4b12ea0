"""What Material for MkDocs writes wrong into every page, put right in the finished page.

Its templates could be copied and mended, but then each new version of the theme would have to be merged by hand. What the
theme mends by itself one day is simply no longer found. Zensical's templates do not have these faults.
"""

from __future__ import annotations

import re

_REPAIRS = (
    # A dialog needs a name.
    ('<div class="md-search" data-md-component="search" role="dialog">',
     '<div class="md-search" data-md-component="search" role="dialog" aria-label="Search">'),
    # Not an attribute of check boxes. (Firefox, for which it is meant, is told by search-on-demand.js.)
    (' type="checkbox" id="__drawer" autocomplete="off">', ' type="checkbox" id="__drawer">'),
    (' type="checkbox" id="__search" autocomplete="off">', ' type="checkbox" id="__search">'),
    # A landmark needs a name.
    ('<aside class="md-banner">', '<aside class="md-banner" aria-label="How far the evidence goes, and safety">'),
    # Two landmarks of one name.
    ('<nav class="md-path" aria-label="Navigation" >', '<nav class="md-path" aria-label="You are here">'),
    ('<nav class="md-path" aria-label="Navigation">', '<nav class="md-path" aria-label="You are here">'),
    # Asks the repository's host for its stars: no page of the guide asks another host for anything.
    (' class="md-source" data-md-component="source">', ' class="md-source">'),
    # An empty number.
    (' tabindex="">', ">"),
)  # fmt: skip
#: The theme's script holds up the page where it stands; it works as well once the page is read. Scripts in front of it
#: that wait, too (overrides/main.html), still run before it.
_SCRIPT = re.compile(r'<script src="(?=[^"]*assets/javascripts/bundle\.[^"]+">)')
#: Points at a check box that the theme leaves out on the first page of a section.
_TOC_LABEL = '<label class="md-nav__title" for="__toc">'


_SKIP = re.compile(r'<div data-md-component="skip">.*?(?=</div>)', re.DOTALL)
_SKIPPED_TO = re.compile(r'<[a-z-]+ [^<>]*id="([^"]+)" data-skip="([^"]+)">')


def add_skip_links(html: str) -> str:
    """Lead past all that stands above what a page is for: an element with `id` and then `data-skip` gets a skip link.

    Args:
        html: the finished page.
    """
    found = _SKIPPED_TO.findall(html) if " data-skip=" in html else []
    links = "".join(f'<a href="#{name}" class="md-skip">{words}</a>' for name, words in found)
    return _SKIP.sub(lambda match: match[0] + links, html, count=1) if links else html


def repair(html: str) -> str:
    """Put the theme's faults in a page right.

    Args:
        html: the finished page.
    """
    for wrong, right in _REPAIRS:
        html = html.replace(wrong, right)
    html = _SCRIPT.sub('<script defer src="', html, count=1)
    if 'id="__toc"' not in html:
        html = html.replace(_TOC_LABEL, _TOC_LABEL.replace(' for="__toc"', ""))
    return html
