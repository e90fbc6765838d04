"""Names of organisations as they are written in file names, sheets and titles: endings, short forms, former names."""

from __future__ import annotations

import csv
import re
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path

import yaml

from zaoxue.errors import NeedsAPersonError
from zaoxue.normalising.text import clean_word

ALIASES_FILE = "organisation_names.csv"  # beside organisations.csv, at the top of the inbox
_ENDINGS = Path(__file__).parent / "data" / "name_endings.yaml"
_SHORTEST_STEM = 2
_COLUMNS = ("organisation_code", "name", "valid_from", "valid_to")


@dataclass(frozen=True)
class Alias:
    """Another name of an organisation, as a spelling in use or a former name; dates are None where it has no bound."""

    organisation_code: str
    name: str
    valid_from: date | None
    valid_to: date | None

    def holds_on(self, day: date | None) -> bool:
        """Whether the organisation bore the name on that day."""
        return day is None or (
            (self.valid_from is None or self.valid_from <= day) and (self.valid_to is None or day <= self.valid_to)
        )


class AliasError(NeedsAPersonError):
    """The table of other names cannot be used; the message names the line."""


def read_aliases(inbox: Path) -> list[Alias]:
    """INBOX/organisation_names.csv (UTF-8): organisation_code,name,valid_from,valid_to. Empty where there is none."""
    path = inbox / ALIASES_FILE
    if not path.is_file():
        return []
    aliases = []
    with path.open(encoding="utf-8-sig", newline="") as lines:
        reader = csv.DictReader(lines)
        if not set(_COLUMNS[:2]) <= set(reader.fieldnames or ()):
            raise AliasError(f"{ALIASES_FILE}：表头应为 {','.join(_COLUMNS)}。The header must be {','.join(_COLUMNS)}.")
        for number, line in enumerate(reader, 2):
            try:
                aliases.append(
                    Alias(
                        line["organisation_code"].strip(),
                        clean_word(line["name"]),
                        _day(line.get("valid_from")),
                        _day(line.get("valid_to")),
                    )
                )
            except (ValueError, AttributeError) as error:
                raise AliasError(
                    f"{ALIASES_FILE} 第{number}行不完整或日期不对（应如 2019-12-31）。"
                    f"Line {number} is incomplete or its dates are wrong (write 2019-12-31)."
                ) from error
    return aliases


def spellings(name: str, kind: str) -> set[str]:
    """The name itself and the same office under other endings (石塘镇人民政府); for a full name only."""
    found = {name}
    for endings in _endings().get(kind, ()):
        own = next((ending for ending in endings if name.endswith(ending)), None)
        if own is not None:
            found |= {name.removesuffix(own) + ending for ending in endings}
            break
    return found


def stem(name: str, kind: str) -> str | None:
    """The name without its ending (石塘), or None where too little is left to be told from other words."""
    for endings in _endings().get(kind, ()):
        for ending in endings:
            if name.endswith(ending) and len(name) - len(ending) >= _SHORTEST_STEM:
                return name.removesuffix(ending)
    return None


def pattern_of(names: set[str]) -> re.Pattern[str] | None:
    """Finds any of the names in a text, the longest first."""
    return re.compile("|".join(map(re.escape, sorted(names, key=lambda n: (-len(n), n))))) if names else None


@cache
def _endings() -> dict[str, list[list[str]]]:
    table: dict[str, list[list[str]]] = yaml.safe_load(_ENDINGS.read_text(encoding="utf-8"))
    return {kind: [sorted(line, key=lambda e: -len(e)) for line in lines] for kind, lines in table.items()}


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text.strip()) if text and text.strip() else None
