"""How a paper writes a number: exactly, or rounded with 余, 近 or 超过, and the bounds that these words leave."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

_UNITS = {"loans_issued": "笔", "loan_amount": "元"}


@dataclass(frozen=True)
class Figure:
    """The words, the number written (in 人, 笔 or 元), its honest bounds and the class of its qualifier."""

    text: str
    value: float
    least: float
    most: float | None
    qualifier: str


def written_figure(rng: np.random.Generator, measure: str, value: int) -> Figure:
    """Write a value in words. Money is given in 万元; only numbers from 20 on are rounded."""
    if measure == "loan_amount":
        tens = value / 10_000
        return Figure(f"{tens:g}万元", float(value), float(value), float(value), "exact")
    unit = _UNITS.get(measure, "人")
    step = 10 if value < 300 else 100
    low, rest = value - value % step, value % step
    draw = rng.random()
    if value < 20 or rest == 0 or draw < 0.6:
        return Figure(f"{value}{unit}", float(value), float(value), float(value), "exact")
    if draw < 0.8:
        return Figure(f"{low}余{unit}", float(low), float(low + 1), float(low + _room(low) - 1), "more_than")
    if draw < 0.9 and rest >= step // 2:
        high = low + step
        return Figure(f"近{high}{unit}", float(high), float(high - _room(high) // 2), float(high - 1), "nearly")
    return Figure(f"超过{low}{unit}", float(low), float(low + 1), None, "more_than")


def _room(value: int) -> int:
    """The step of the last digit written that is not zero: 10 for 130, 100 for 1300."""
    step = 1
    while value % (step * 10) == 0:
        step *= 10
    return step
