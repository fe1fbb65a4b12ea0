"""The five mechanisms, the three couple therapies and the four phases: their order and their names."""

from __future__ import annotations

from typing import Literal

Phase = Literal["assessment", "preparation", "dosing", "integration"]
Modality = Literal["cbct", "eft", "ibct"]
Mechanism = Literal[
    "neuroplasticity", "functional-connectivity", "adaptive-dissociation", "decreased-inhibition", "reduced-avoidance"
]

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
#: The mechanisms in the order of the framework's abstract, with their names.
MECHANISMS: dict[Mechanism, str] = {
    "neuroplasticity": "Neuroplasticity",
    "functional-connectivity": "Functional connectivity",
    "adaptive-dissociation": "Adaptive dissociation",
    "decreased-inhibition": "Decreased inhibition",
    "reduced-avoidance": "Reduced avoidance",
}
