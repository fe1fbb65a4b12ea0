"""What a forest plot shows: rows with an estimate and its interval, read from `docs/evidence/plots/NAME.yml`."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Annotated, Literal

import pydantic

from macros.data_files import DataFile, Line, Markdown, Record, SourceKey, load_data
from macros.problems import Problem

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    from pydantic.config import JsonDict

    from macros.data_files import Place
    from macros.settings import Settings

#: The folder of the plots, relative to that of the pages.
FOLDER = "evidence/plots"
#: What lies beyond is a slip of the keyboard, such as 112 for 1.12.
_SPAN = {"linear": (Decimal(-100), Decimal(100)), "log": (Decimal("0.001"), Decimal(1000))}

#: A number as the source prints it. YAML drops closing zeros; `"0.20"` between quotes keeps them.
Number = Annotated[Decimal, pydantic.Field(allow_inf_nan=False)]
Pair = Annotated[tuple[Number, ...], pydantic.Field(min_length=2, max_length=2)]


#: What editors are told of `level`: the validator's "not stated" does not show in the type.
_LEVELS: list[JsonDict] = [{"type": "number", "minimum": 50, "exclusiveMaximum": 100}, {"const": "not stated"}]


class Row(Record):
    """One result.

    Attributes:
        label: what was compared, in a few words.
        source: where it stands.
        sample: who and how many.
        comparator: with what it was compared.
        estimate: the effect.
        interval: the ends of its interval, lower first.
        level: the interval's level in per cent; in the file `not stated` (here `None`) if the source does not say.
        note: what the reader of the table should know, such as that the sign is turned.
    """

    label: Line
    source: SourceKey
    sample: Line
    comparator: Line
    estimate: Number
    interval: Pair
    level: Annotated[
        float | None,
        pydantic.Field(ge=50, lt=100, json_schema_extra={"anyOf": _LEVELS}),
        pydantic.BeforeValidator(lambda value: None if value == "not stated" else value),
    ] = 95
    note: Markdown | None = None

    @pydantic.field_validator("interval")
    @classmethod
    def _holds_its_estimate(cls, value: tuple[Decimal, ...], info: pydantic.ValidationInfo) -> tuple[Decimal, ...]:
        low, high = value
        if low > high:
            raise ValueError(f"The interval {low} to {high} is the wrong way round. | Write [{high}, {low}].")
        estimate = info.data.get("estimate")
        if estimate is not None and not low <= estimate <= high:
            hint = "Look both up in the source, and mind their signs."
            raise ValueError(f"The interval {low} to {high} does not hold its estimate, {estimate}. | {hint}")
        return value


class Group(Record):
    """Rows under one head.

    Attributes:
        title: the head.
        rows: the results.
    """

    title: Line
    rows: Annotated[tuple[Row, ...], pydantic.Field(min_length=1)]


class Plot(Record):
    """A forest plot.

    Attributes:
        title: what it compares.
        caption: what a reader may and may not conclude.
        measure: the measure that all rows share.
        scale: `log` for ratios, whose line of no effect is at 1; else `linear`, and it is at 0.
        no_effect: what that line is called.
        sides: what lies to its left and to its right, such as "favours control".
        axis: the ends of the axis, if intervals are to leave it; else the rows decide.
        groups: the rows.
    """

    title: Line
    caption: Markdown
    measure: Line
    scale: Literal["linear", "log"] = "linear"
    no_effect: Line = "no effect"
    sides: Annotated[tuple[Line, ...], pydantic.Field(min_length=2, max_length=2)]
    axis: Pair | None = None
    groups: Annotated[tuple[Group, ...], pydantic.Field(min_length=1)]

    @property
    def neutral(self) -> Decimal:
        """Where the line of no effect stands."""
        return Decimal(1 if self.scale == "log" else 0)

    def rows(self) -> Iterator[tuple[Place, Row]]:
        """Give all rows with their places in the file."""
        for index, group in enumerate(self.groups):
            for number, row in enumerate(group.rows):
                yield ("groups", index, "rows", number), row

    def includes_no_effect(self, row: Row) -> bool:
        """Tell whether a row's interval reaches the line of no effect.

        Args:
            row: the row.
        """
        return row.interval[0] <= self.neutral <= row.interval[1]


@dataclass(frozen=True)
class Plots:
    """All forest plots.

    Attributes:
        by_name: the plots, by the names of their files.
        names: these names, with those of files that have faults.
    """

    by_name: Mapping[str, DataFile[Plot]]
    names: tuple[str, ...]

    @property
    def files(self) -> tuple[DataFile[Plot], ...]:
        """The files that could be read."""
        return tuple(self.by_name.values())


def load(root: Path, settings: Settings) -> tuple[Plots, list[Problem]]:
    """Read all forest plots.

    Args:
        root: the project's root.
        settings: say where the pages are.

    Returns:
        The plots without faults, and what is wrong with the others.
    """
    by_name: dict[str, DataFile[Plot]] = {}
    names, problems = [], []
    for path in sorted((root / settings.docs_dir / FOLDER).glob("*.yml")):
        names.append(path.stem)
        file, faults = load_data(root, path, Plot)
        if file is not None:
            faults = faults + list(_faults(file))
        if file is not None and not faults:
            by_name[path.stem] = file
        problems += faults
    return Plots(by_name, tuple(names)), problems


def _faults(file: DataFile[Plot]) -> Iterator[Problem]:
    """Find what is wrong with a plot whose rows are each right in themselves."""
    plot = file.value
    least, most = _SPAN[plot.scale]
    if plot.axis and not (plot.axis[0] < plot.axis[1] and plot.axis[0] <= plot.neutral <= plot.axis[1]):
        message = f"The axis {plot.axis[0]} to {plot.axis[1]} does not hold the line of no effect, {plot.neutral}."
        yield Problem(file.path, file.line("axis"), message, "Write its lower end, then its upper end.")
    elif plot.axis and not (least <= plot.axis[0] and plot.axis[1] <= most):
        message = f"The axis {plot.axis[0]} to {plot.axis[1]} is wider than a plot can be, {least} to {most}."
        yield Problem(file.path, file.line("axis"), message)
    labels: dict[tuple[object, str], int] = {}
    for place, row in plot.rows():
        for field, value in (("estimate", row.estimate), *(("interval", end) for end in row.interval)):
            line = file.line(*place, field)
            if plot.scale == "log" and value <= 0:
                hint = "Ratios are above 0. For differences write `scale: linear`."
                yield Problem(file.path, line, f"`{field}` holds {value}, and the scale is that of ratios.", hint)
            elif not least <= value <= most:
                message = f"`{field}` holds {value}, which is beyond {least} to {most}."
                yield Problem(file.path, line, message, "Look it up: a decimal point may be missing.")
        if plot.axis and plot.axis[0] < plot.axis[1] and not plot.axis[0] <= row.estimate <= plot.axis[1]:
            message = f"`estimate` is {row.estimate}, which is not on the axis, {plot.axis[0]} to {plot.axis[1]}."
            hint = "Only intervals may leave the axis. Widen `axis`, or leave it out."
            yield Problem(file.path, file.line(*place, "estimate"), message, hint)
        key = (place[1], row.label.casefold())
        if key in labels:
            message = f"The label “{row.label}” stands in this group already, on line {labels[key]}."
            yield Problem(file.path, file.line(*place, "label"), message, "Say how the two rows differ.")
        labels.setdefault(key, file.line(*place, "label"))
