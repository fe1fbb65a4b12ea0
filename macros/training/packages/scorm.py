"""The course as a SCORM 1.2 package: the whole site, one unit, and a script that speaks with the learning platform.

One unit (SCO) for the whole course, and not one for each module: its pages link to each other, units of SCORM 1.2 know
nothing of each other, and platforms differ most in how they show packages of several units. There is no
`adlcp:masteryscore`: with it the platform would turn a self-check that may be repeated into a test passed or failed.
"""

from __future__ import annotations

import base64
import hashlib
import html
import json
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import quote
from xml.etree.ElementTree import Element

import click

from macros.archive import site_files, write_archive
from macros.scripts import minified
from macros.training.packages.outline import outline
from macros.training.packages.xml import add, document

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from macros.guide import Guide
    from macros.training.packages.outline import Outline

LAUNCH = "course.html"
#: As many characters as a platform keeps for a trainee.
LONGEST_PROGRESS = 4096
_GUIDE, _SCRIPTS, _COURSE = "guide", "scorm", "training"
_PARTS = Path(__file__).parent / "scorm"
_LONGEST_TITLE = 200


def write_scorm(guide: Guide, site: Path, target: Path) -> int:
    """Write the course as a SCORM 1.2 package.

    Args:
        guide: the guide, without problems.
        site: the built site's folder.
        target: the zip file.

    Returns:
        How many files it holds.

    Raises:
        click.ClickException: if there is no course, the site was not built from this guide or needs a server that knows
            folders, or the trainee's progress would be longer than platforms keep.
    """
    if guide.settings.use_directory_urls:
        raise click.ClickException(
            "Platforms serve files, not folders. Write `use_directory_urls: false` in mkdocs.yml."
        )
    course = outline(guide)
    _check(course, site)
    files = [
        (
            f"{_GUIDE}/{inside}",
            _with_script(inside, path.read_bytes()) if inside.endswith(".html") else path.read_bytes(),
        )
        for inside, path in site_files(site)
    ]
    files = [
        (LAUNCH, _launch(guide, course, [inside for inside, _ in files if inside.endswith(".html")]).encode()),
        *(
            (f"{_SCRIPTS}/{name}", minified((_PARTS / name).read_text("utf-8")).encode())
            for name in ("page.js", "session.js")
        ),
        *files,
    ]
    manifest = _manifest(guide, course, [inside for inside, _ in files])
    return write_archive(target, [("imsmanifest.xml", document(manifest)), *files])


def _check(course: Outline, site: Path) -> None:
    start = site / course.start
    listed = start.read_text("utf-8") if start.is_file() else ""
    for name, file in course.files.items():
        if f'data-module="{name}" data-items="{" ".join(file.value.items)}"' not in listed:
            raise click.ClickException(f"{start} is not this guide's course. Build the site first: make site.")
    longest = 10 + 5 * len(course.items) + 4 * len(course.pages) + 5 * len(course.cases)
    if longest > LONGEST_PROGRESS:
        raise click.ClickException(
            f"The progress of {len(course.items)} questions, {len(course.pages)} pages and {len(course.cases)} cases takes "
            f"{longest} characters, and SCORM 1.2 keeps {LONGEST_PROGRESS}. Package the modules as several courses."
        )


def _with_script(inside: str, page: bytes) -> bytes:
    """Let a page of the course find the platform before its own script looks for the browser's storage."""
    if not inside.startswith(f"{_COURSE}/"):
        return page
    up = "../" * (inside.count("/") + 1)
    return page.replace(b"</head>", f'<script src="{up}{_SCRIPTS}/page.js"></script></head>'.encode(), 1)


def codes(names: Iterable[str]) -> dict[str, str]:
    """Give each name a code of four characters that comes from the name alone.

    Args:
        names: the names.

    Raises:
        click.ClickException: if two names have the same code.
    """
    found: dict[str, str] = {}
    for name in names:
        code = base64.urlsafe_b64encode(hashlib.sha256(name.encode()).digest()[:3]).decode()
        if code in found:
            raise click.ClickException(
                f"`{found[code]}` and `{name}` have the same code in a package. Rename one of them."
            )
        found[code] = name
    return found


def _launch(guide: Guide, course: Outline, places: Sequence[str]) -> str:
    known = {
        "start": f"{_GUIDE}/{course.start}",
        "items": codes(course.items),
        "pages": codes(course.pages),
        "cases": codes(course.cases),
        "places": places,
    }
    template = (_PARTS / LAUNCH).read_text("utf-8")
    title = html.escape(_title(guide, course))
    return template.replace("{title}", title).replace("{course}", json.dumps(known).replace("<", "\\u003c"))


def _title(guide: Guide, course: Outline) -> str:
    name = guide.settings.site_name
    return f"{name}: {course.home.title}"[:_LONGEST_TITLE] if name else course.home.title


def _manifest(guide: Guide, course: Outline, files: Sequence[str]) -> Element:
    title = _title(guide, course)
    digest = hashlib.sha256(guide.settings.site_name.encode()).hexdigest()[:12]
    manifest = Element(
        "manifest",
        {
            "identifier": f"course-{digest}",
            "xmlns": "http://www.imsproject.org/xsd/imscp_rootv1p1p2",
            "xmlns:adlcp": "http://www.adlnet.org/xsd/adlcp_rootv1p2",
            "xmlns:imsmd": "http://www.imsglobal.org/xsd/imsmd_rootv1p2p1",
        },
    )
    metadata = add(manifest, "metadata")
    add(metadata, "schema", "ADL SCORM")
    add(metadata, "schemaversion", "1.2")
    _describe(add(metadata, "imsmd:lom"), title, guide, course)
    organizations = add(manifest, "organizations", default="course")
    organization = add(organizations, "organization", identifier="course")
    add(organization, "title", title)
    item = add(organization, "item", identifier="unit", identifierref="site", isvisible="true")
    add(item, "title", title)
    resource = add(
        add(manifest, "resources"),
        "resource",
        identifier="site",
        type="webcontent",
        adlcp__scormtype="sco",
        href=LAUNCH,
    )
    for file in files:
        add(resource, "file", href=quote(file))
    return manifest


def _describe(lom: Element, title: str, guide: Guide, course: Outline) -> None:
    general = add(lom, "imsmd:general")
    _say(add(general, "imsmd:title"), title)
    add(general, "imsmd:language", "en")
    _say(add(general, "imsmd:description"), str(course.home.meta["description"]))
    for file in course.files.values():
        _say(add(general, "imsmd:description"), f"Module {file.value.number}, {file.value.title}: {file.value.summary}")
    lifecycle = add(lom, "imsmd:lifecycle")
    reviewed = [page.reviewed for page in guide.pages.values() if page.reviewed]
    if reviewed:
        _say(add(lifecycle, "imsmd:version"), max(reviewed).isoformat())
    technical = add(lom, "imsmd:technical")
    add(technical, "imsmd:format", "text/html")
    add(technical, "imsmd:location", LAUNCH, type="URI")
    educational = add(lom, "imsmd:educational")
    time = add(add(educational, "imsmd:typicallearningtime"), "imsmd:datetime")
    time.text = f"PT{course.minutes // 60}H{course.minutes % 60}M"
    rights = add(lom, "imsmd:rights")
    _choose(add(rights, "imsmd:cost"), "no")
    _choose(add(rights, "imsmd:copyrightandotherrestrictions"), "yes")
    _say(
        add(rights, "imsmd:description"),
        "Text CC BY 4.0, code MIT. It informs trained clinicians, and certifies nothing.",
    )


def _say(parent: Element, text: str) -> None:
    add(parent, "imsmd:langstring", text, xml__lang="en")


def _choose(parent: Element, value: str) -> None:
    add(add(parent, "imsmd:source"), "imsmd:langstring", "LOMv1.0", xml__lang="x-none")
    add(add(parent, "imsmd:value"), "imsmd:langstring", value, xml__lang="x-none")
