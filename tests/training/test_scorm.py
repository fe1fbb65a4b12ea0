"""The SCORM 1.2 package: complete, faithful to its names, valid by the format's schemas, the same bytes every time."""

from __future__ import annotations

import json
import re
import zipfile
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote
from xml.etree import ElementTree

import click
import pytest
import xmlschema

from macros.guide import load_guide
from macros.training.packages import scorm
from tests.conftest import ROOT, Project
from tests.npm import SCORM_SCHEMAS, fetch
from tests.training.examples import MODULE
from tests.training.test_bad_modules import write

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

NAME = 'Paare & "Ketamin": Größe </script> <1>'
CP = "{http://www.imsproject.org/xsd/imscp_rootv1p1p2}"
ADL = "{http://www.adlnet.org/xsd/adlcp_rootv1p2}"


def make(project: Project) -> Project:
    write(project)
    project.write(
        "mkdocs.yml", project.read("mkdocs.yml").replace("A small guide", json.dumps(NAME, ensure_ascii=False))
    )
    project.write("docs/files/größer & schöner.txt", "A file with a name that addresses cannot hold.")
    assert project.build().returncode == 0
    return project


def package(project: Project, name: str = "course.zip") -> Path:
    run = project.run("macros", "course", "scorm", "site", name)
    assert run.returncode == 0, run.stderr
    assert "files" in run.stdout
    return project.root / name


@pytest.fixture(scope="module")
def small(make_project: Callable[[], Project]) -> Project:
    return make(make_project())


@pytest.fixture(scope="module")
def files(small: Project) -> dict[str, bytes]:
    with zipfile.ZipFile(package(small)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


@pytest.fixture(scope="module")
def manifest(files: dict[str, bytes]) -> ElementTree.Element:
    return ElementTree.fromstring(files["imsmanifest.xml"])  # noqa: S314 - our own


def launched(files: dict[str, bytes]) -> dict[str, Any]:
    page = files["course.html"].decode()
    match = re.search(r'<script type="application/json" id="course">(.*?)</script>', page)
    assert match
    return dict(json.loads(match[1]))


def test_the_manifest_names_every_file_and_no_other(manifest: ElementTree.Element, files: dict[str, bytes]) -> None:
    (resource,) = manifest.iter(f"{CP}resource")
    named = [unquote(file.attrib["href"]) for file in resource.iter(f"{CP}file")]
    assert sorted([*named, "imsmanifest.xml"]) == sorted(files)
    assert "guide/files/größer & schöner.txt" in named
    assert all(file.attrib["href"].isascii() and " " not in file.attrib["href"] for file in resource.iter(f"{CP}file"))
    assert next(iter(files)) == "imsmanifest.xml"


def test_it_launches_one_unit(manifest: ElementTree.Element) -> None:
    (item,) = manifest.iter(f"{CP}item")
    (resource,) = manifest.iter(f"{CP}resource")
    (organization,) = manifest.iter(f"{CP}organization")
    organizations = manifest.find(f"{CP}organizations")
    assert organizations is not None
    assert organizations.attrib["default"] == organization.attrib["identifier"]
    assert item.attrib["identifierref"] == resource.attrib["identifier"]
    assert resource.attrib[f"{ADL}scormtype"] == "sco"
    assert resource.attrib["href"] == "course.html"
    # With one the platform would turn a self-check into a test that is passed or failed.
    assert not list(manifest.iter(f"{ADL}masteryscore"))


def test_names_with_signs_of_markup_arrive_as_they_are(manifest: ElementTree.Element, files: dict[str, bytes]) -> None:
    assert [title.text for title in manifest.iter(f"{CP}title")] == [f"{NAME}: The course"] * 2
    assert (
        "<title>Paare &amp; &quot;Ketamin&quot;: Größe &lt;/script&gt; &lt;1&gt;: The course</title>"
        in files["course.html"].decode()
    )
    descriptions = [one.text for one in manifest.iter("{http://www.imsglobal.org/xsd/imsmd_rootv1p2p1}langstring")]
    assert "Module 1, First & foremost: What a trainee can do." in descriptions


def test_it_knows_all_that_counts(files: dict[str, bytes]) -> None:
    known = launched(files)
    assert known["start"] == "guide/training/index.html"
    assert set(known["items"].values()) == {
        f"first/{item}" for item in ("which", "which-two", "pairs", "steps", "again", "apart")
    }
    assert set(known["pages"].values()) == {"first ../index.md", "first first.md#sources"}
    assert set(known["cases"].values()) == {"small-case"}
    assert set(known["places"]) == {name for name in files if name.startswith("guide/") and name.endswith(".html")}


def test_only_pages_of_the_course_ask_for_the_platform(files: dict[str, bytes], small: Project) -> None:
    asking = {
        name: re.findall(r'<script src="([^"]*scorm/page\.js)"></script></head>', page.decode())
        for name, page in files.items()
        if name.endswith(".html")
    }
    assert asking["guide/training/first.html"] == ["../../scorm/page.js"]
    assert asking["guide/training/cases/small-case.html"] == ["../../../scorm/page.js"]
    assert asking["guide/index.html"] == []
    # and the public site nowhere
    for path in (small.root / "site").rglob("*.html"):
        assert "scorm/" not in path.read_text("utf-8")


def test_the_same_sources_give_the_same_bytes(small: Project) -> None:
    assert package(small, "one.zip").read_bytes() == package(small, "two.zip").read_bytes()


def test_a_code_comes_from_the_name_alone() -> None:
    assert scorm.codes(["a", "b"]) == {**scorm.codes(["b"]), **scorm.codes(["a"])}
    assert all(re.fullmatch(r"[\w-]{4}", code) for code in scorm.codes(map(str, range(500))))


def test_two_names_with_one_code_are_refused() -> None:
    with pytest.raises(click.ClickException, match=r"`\d+` and `\d+` have the same code in a package\. Rename one"):
        scorm.codes(map(str, range(20000)))


def refusal(project: Project) -> str:
    run = project.run("macros", "course", "scorm", "site", "refused.zip")
    assert run.returncode == 1
    assert not (project.root / "refused.zip").exists()
    assert "Traceback" not in run.stderr
    return run.stderr


def test_a_site_of_other_sources_is_refused(project: Project) -> None:
    make(project)
    project.write("docs/training/first.yml", MODULE.replace("  apart:\n", "  asunder:\n"))
    assert "is not this guide's course. Build the site first: make site." in refusal(project)


def test_a_site_that_needs_a_server_is_refused(project: Project) -> None:
    write(project)
    (project.root / "site").mkdir()
    project.write(
        "mkdocs.yml", project.read("mkdocs.yml").replace("use_directory_urls: false", "use_directory_urls: true")
    )
    assert "Write `use_directory_urls: false` in mkdocs.yml." in refusal(project)


def test_a_guide_without_a_course_is_refused(project: Project) -> None:
    (project.root / "site").mkdir()
    assert "This guide has no course" in refusal(project)


def test_a_guide_with_problems_is_refused(project: Project) -> None:
    write(project)
    (project.root / "site").mkdir()
    project.write("docs/training/first.yml", MODULE.replace("number: 1", "number: one"))
    assert "docs/training/first.yml:2" in refusal(project)


def test_progress_that_no_platform_could_keep_is_refused(
    small: Project, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    guide = load_guide(small.root, render=False)
    longest = 10 + 6 * 5 + 2 * 4 + 1 * 5
    monkeypatch.setattr(scorm, "LONGEST_PROGRESS", longest - 1)
    with pytest.raises(click.ClickException, match=f"6 questions, 2 pages and 1 cases takes {longest} characters"):
        scorm.write_scorm(guide, small.root / "site", tmp_path / "long.zip")
    monkeypatch.setattr(scorm, "LONGEST_PROGRESS", longest)
    assert scorm.write_scorm(guide, small.root / "site", tmp_path / "long.zip")


@pytest.fixture(scope="module")
def schema(tmp_path_factory: pytest.TempPathFactory) -> xmlschema.XMLSchema:
    """The schemas of SCORM 1.2, mended where no strict reader takes them.

    They bind the prefix `xml` to a file of their own, and allow the elements that they name a second time by `##any`.
    """
    folder = tmp_path_factory.mktemp("schemas")
    found = fetch(SCORM_SCHEMAS, folder) / "lib" / "schemas" / "definitionFiles" / "scorm12edition"
    for path in found.glob("*_root*.xsd"):
        text = path.read_text("utf-8").replace('schemaLocation="ims_xml.xsd"', "").replace("##any", "##other")
        (folder / path.name).write_text(text, "utf-8")
    return xmlschema.XMLSchema(
        str(folder / "imscp_rootv1p1p2.xsd"),
        locations={
            "http://www.adlnet.org/xsd/adlcp_rootv1p2": str(folder / "adlcp_rootv1p2.xsd"),
            "http://www.imsglobal.org/xsd/imsmd_rootv1p2p1": str(folder / "imsmd_rootv1p2p1.xsd"),
        },
    )


def test_the_manifest_is_valid_by_the_schemas_of_scorm(schema: xmlschema.XMLSchema, files: dict[str, bytes]) -> None:
    text = files["imsmanifest.xml"].decode()
    assert [error.reason for error in schema.iter_errors(text)] == []
    for before, after in (('scormtype="sco"', 'scormtype="unit"'), ("imsmd:general>", "imsmd:generally>")):
        assert list(schema.iter_errors(text.replace(before, after)))


def test_the_guides_own_manifest_is_valid(schema: xmlschema.XMLSchema, site: Path, tmp_path: Path) -> None:
    target = tmp_path / "course.zip"
    scorm.write_scorm(load_guide(ROOT, render=False), site, target)
    with zipfile.ZipFile(target) as archive:
        text = archive.read("imsmanifest.xml").decode()
    assert [error.reason for error in schema.iter_errors(text)] == []
