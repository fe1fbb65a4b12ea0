"""Results kept on disk from one build to the next. A cache that is missing, damaged or cannot be written only costs time."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping

#: Where caches live, relative to the project's root.
FOLDER = ".cache/guide"


class Cache:
    """JSON values by a fingerprint of all that they depend on; what a build did not ask for is dropped when it is saved."""

    def __init__(self, file: Path | None, version: str = "") -> None:
        """Read the cache.

        Args:
            file: where it is kept; `None` for a cache that lasts as long as the process.
            version: changes when values made before are no longer good.
        """
        self._file = file
        self._version = version
        self._used: dict[str, Any] = {}
        self._changed = False
        self._known: dict[str, Any] = _read(file) if file else {}

    def _fingerprint(self, key: str) -> str:
        return hashlib.sha256(f"{self._version} {key}".encode()).hexdigest()[:24]

    def get(self, key: str) -> Any:  # noqa: ANN401 - whatever was put
        """Give the value for a key, or `None`.

        Args:
            key: everything that the value depends on, as text.
        """
        fingerprint = self._fingerprint(key)
        value = self._known.get(fingerprint)
        if value is not None:
            self._used[fingerprint] = value
        return value

    def put(self, key: str, value: Any) -> None:  # noqa: ANN401
        """Keep a value.

        Args:
            key: everything that the value depends on, as text.
            value: what JSON can hold.
        """
        self._used[self._fingerprint(key)] = value
        self._changed = True

    @property
    def values(self) -> Mapping[str, Any]:
        """What was asked for or put in, by fingerprint."""
        return self._used

    def adopt(self, values: Mapping[str, Any]) -> None:
        """Take over what another cache of the same version holds.

        Args:
            values: its `values`.
        """
        self._known |= values
        self._changed = self._changed or bool(values)

    def next(self) -> Cache:
        """Give a cache that begins with what was asked for or put in here, and lasts as long as the process."""
        following = Cache(None, self._version)
        following._known = self._used
        return following

    def save(self) -> None:
        """Write what was used, if anything is new."""
        if not self._file or not (self._changed or len(self._used) < len(self._known)):
            return
        try:
            self._file.parent.mkdir(parents=True, exist_ok=True)
            text = json.dumps(self._used, ensure_ascii=False)
            write_whole(self._file, f"{_digest(text)}\n{text}")
        except OSError:
            pass


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def _read(file: Path) -> dict[str, Any]:
    """Read what was saved, if it is just that: what somebody or a faulty disk has changed since is not trusted."""
    try:
        digest, _, text = file.read_text("utf-8").partition("\n")
    except (OSError, ValueError):
        return {}
    return dict(json.loads(text)) if digest == _digest(text) else {}


def write_whole(path: Path, content: str | bytes) -> None:
    """Write a file so that nobody ever sees half of it. One that is there keeps its permissions.

    Args:
        path: the file.
        content: its content; text becomes UTF-8.

    Raises:
        OSError: if it cannot be written.
    """
    handle, temporary = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}")
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content.encode() if isinstance(content, str) else content)
        if path.exists():
            shutil.copymode(path, temporary)
        Path(temporary).replace(path)
    except OSError:
        Path(temporary).unlink(missing_ok=True)
        raise
