"""Where a number stands on a plot's axis, and the round numbers under it."""

from __future__ import annotations

import math
from dataclasses import dataclass
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from macros.forest_plots.model import Plot

_MOST_TICKS = 7
#: Where the axis begins and ends, in per cent of the drawing's width: squares and numbers at its ends need room.
_START, _END = 5.0, 95.0


@dataclass(frozen=True)
class Axis:
    """An axis.

    Attributes:
        low: its left end.
        high: its right end.
        ticks: the numbers that stand under it.
        log: whether equal ratios, and not equal differences, are equally wide.
    """

    low: Decimal
    high: Decimal
    ticks: tuple[Decimal, ...]
    log: bool

    def place(self, value: Decimal) -> float:
        """Give the place of a number in per cent of the drawing's width; one beyond the axis stands at its end.

        Args:
            value: the number.
        """
        value = min(max(value, self.low), self.high)
        if self.log:
            share = math.log(value / self.low) / math.log(self.high / self.low)
        else:
            share = float((value - self.low) / (self.high - self.low))
        return round(_START + (_END - _START) * share, 2)


def axis_of(plot: Plot) -> Axis:
    """Give a plot's axis: the one that it asks for, or one of round numbers that holds all of its rows.

    Args:
        plot: the plot.
    """
    ends = plot.axis or [end for _, row in plot.rows() for end in row.interval] + [plot.neutral]
    log = plot.scale == "log"
    for ticks in _ratios(min(ends), max(ends)) if log else _steps(min(ends), max(ends)):
        low, high = plot.axis or (ticks[0], ticks[-1])
        shown = tuple(tick for tick in ticks if low <= tick <= high)
        if len(shown) <= _MOST_TICKS:
            break
    return Axis(low, high, shown, log)


def _steps(low: Decimal, high: Decimal) -> Iterator[Sequence[Decimal]]:
    """Give round numbers at equal steps, from below the lower end to above the upper one; then fewer and fewer."""
    span = max(high - low, Decimal("0.01"))  # a lone row may have an interval of no width, at 0
    magnitude = Decimal(10) ** (math.floor(math.log10(span)) - 1)
    for factor in (1, 2, 5, 10, 20, 50):
        step = magnitude * factor
        first = int((low / step).to_integral_value(ROUND_FLOOR))
        last = max(int((high / step).to_integral_value(ROUND_CEILING)), first + 1)
        yield [step * number for number in range(first, last + 1)]


def _ratios(low: Decimal, high: Decimal) -> Iterator[Sequence[Decimal]]:
    """Give round ratios, from below the lower end to above the upper one; then fewer and fewer."""
    for factors in ((1, 2, 5), (1, 3), (1,)):
        ratios = [Decimal(factor).scaleb(power) for power in range(-4, 5) for factor in factors]
        first = max(index for index, ratio in enumerate(ratios) if ratio <= low)
        last = min(index for index, ratio in enumerate(ratios) if ratio >= high)
        yield ratios[first : max(last, first + 1) + 1]


def number(value: Decimal) -> str:
    """Write a number with a real minus sign.

    Args:
        value: the number.
    """
    return f"{value:f}".replace("-", "−")
