"""The counter words of data/units.yaml."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from pathlib import Path

import yaml

_FILE = Path(__file__).with_name("data") / "units.yaml"


@dataclass(frozen=True)
class Unit:
    """A counter: the name used in claims, the group of measures it goes with, whether it follows 一, 两, 三."""

    name: str
    group: str
    loose: bool


PERCENT = Unit("%", "percent", True)
UNKNOWN = Unit("", "unknown", False)


@cache
def units() -> dict[str, Unit]:
    """Written word -> Unit."""
    rows = yaml.safe_load(_FILE.read_text("utf-8"))
    return {word: Unit(row["unit"], row["group"], row["loose"]) for row in rows for word in row["words"]}


@cache
def unit_pattern() -> str:
    """Alternation of all written words, longest first."""
    return "|".join(sorted(units(), key=lambda word: (-len(word), word)))
