"""The four phases and the three couple therapies: their order, their names and their pages."""

from __future__ import annotations

from typing import Literal

Phase = Literal["assessment", "preparation", "dosing", "integration"]
Modality = Literal["cbct", "eft", "ibct"]

#: The phases in their order, with their names.
PHASES: dict[Phase, str] = {
    "assessment": "Assessment",
    "preparation": "Preparation",
    "dosing": "Dosing",
    "integration": "Integration",
}
#: The therapies in their order, with their short names and what these stand for.
MODALITIES: dict[Modality, tuple[str, str]] = {
    "cbct": ("CBCT", "cognitive-behavioural couple therapy"),
    "eft": ("EFT", "emotionally focused therapy"),
    "ibct": ("IBCT", "integrative behavioural couple therapy"),
}
