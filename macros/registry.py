"""The features, in one list: each is a module with `NAMES` (its macros' names) and `macros(guide)`."""

from __future__ import annotations

from types import ModuleType

from macros import evidence, statements
from macros.citations import macros as citations

FEATURES: tuple[ModuleType, ...] = (citations, evidence, statements)

#: Macros that take nothing between their brackets.
WITHOUT_ARGUMENTS = evidence.NAMES | statements.NAMES

#: The names of all macros that pages may call.
MACRO_NAMES: frozenset[str] = frozenset().union(*(feature.NAMES for feature in FEATURES))
