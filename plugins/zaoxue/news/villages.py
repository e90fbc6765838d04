"""Villages of the statistical list: a prefecture is unpacked when a story first asks for one of its villages."""

from __future__ import annotations

import zipfile
from functools import lru_cache
from pathlib import Path

_FILE = Path(__file__).with_name("data") / "villages.zip"
_TOWN = 9  # digits of a township's code


@lru_cache(maxsize=64)
def _prefecture(code: str) -> dict[str, dict[str, str]]:
    """Township code -> {usual name: village code}; empty for a code that the list does not have."""
    with zipfile.ZipFile(_FILE) as archive:
        if code not in archive.namelist():
            return {}
        lines = archive.read(code).decode().split("\n")
    towns: dict[str, dict[str, str]] = {}
    for town, _, villages in (line.partition("\t") for line in lines):
        towns[town] = {village[3:]: town + village[:3] for village in villages.split("|")}
    return towns


def village_code(name: str, within: str) -> str:
    """The 12-digit code of the village or community `name` inside the county or township `within`.

    "" if none or more than one there has this name. 石湾村 finds 石湾社区 too where no 石湾村 is left.
    """
    if len(within) < 6:
        return ""
    stem = name.removesuffix("社区").removesuffix("村")
    towns = [villages for town, villages in _prefecture(within[:4]).items() if town.startswith(within[:_TOWN])]
    for wanted in (name, f"{stem}村", f"{stem}社区", stem):
        found = [villages[wanted] for villages in towns if wanted in villages]
        if found:
            return found[0] if len(found) == 1 else ""
    return ""
