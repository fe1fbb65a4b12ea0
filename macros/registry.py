"""The features, in one list.

A feature is a module with `NAMES` (its macros' names) and `macros(guide)`. One that reads data files also has

- `load(root, settings)`, which gives its data, a `FeatureData`, and what is wrong with the files alone;
- `check(data, pages)`, which finds what is wrong with the data beside the pages, and with the pages' calls of its macros;
- `embedded(data, call)`, which gives the citations that a call of one of its macros puts into a page.

One whose output needs the widgets' scripts has `WIDGETS`, the names of the macros that give it.

One that offers files to download has `downloads(guide)`, which gives them by address relative to the site's root.
"""

from __future__ import annotations

from types import ModuleType
from typing import TYPE_CHECKING, Any, Protocol

from macros import (
    changelog,
    decision_trees,
    evidence,
    forest_plots,
    framework_map,
    framework_picture,
    glossary,
    measures,
    phases_timeline,
    session_sheets,
    statements,
    training,
)
from macros.citations import macros as citations

if TYPE_CHECKING:
    from collections.abc import Sequence

    from macros.data_files import DataFile


class FeatureData(Protocol):
    """What a feature has read from its data files."""

    @property
    def files(self) -> Sequence[DataFile[Any]]:
        """The files that could be read."""


FEATURES: tuple[ModuleType, ...] = (
    changelog,
    citations,
    decision_trees,
    evidence,
    forest_plots,
    framework_map,
    framework_picture,
    glossary,
    measures,
    phases_timeline,
    session_sheets,
    statements,
    training,
)

#: Macros that take nothing between their brackets.
WITHOUT_ARGUMENTS = (
    changelog.NAMES
    | evidence.NAMES
    | framework_map.NAMES
    | framework_picture.NAMES
    | phases_timeline.NAMES
    | statements.NAMES
    | training.WITHOUT_ARGUMENTS
    | {"glossary", "session_sheets"}
)

#: The names of all macros that pages may call.
MACRO_NAMES: frozenset[str] = frozenset().union(*(feature.NAMES for feature in FEATURES))

#: Macros whose output needs `extra.widget_scripts`.
WIDGETS: frozenset[str] = frozenset().union(*(getattr(feature, "WIDGETS", ()) for feature in FEATURES))
