"""Of whom in its place a claim speaks: the whole place, a village, one employer, a named group, or a part."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from zaoxue.news.claims import Claim

_FILE = Path(__file__).with_name("data") / "scopes.yaml"
_VILLAGE = re.compile(r"(?:村|社区|嘎查|[组屯寨])$")


@cache
def _table() -> dict[str, Any]:
    raw: dict[str, Any] = yaml.safe_load(_FILE.read_text("utf-8"))
    return {key: re.compile(value.replace(" ", "")) if isinstance(value, str) else value for key, value in raw.items()}


def place_level(claim: Claim) -> int | None:
    """Digits the place's own code would have: 12 for a village (whose `place_code` is its township's), 0 for the
    nation, None where no place is known."""
    if not claim.place_name:
        return None
    if _VILLAGE.search(claim.place_name):
        return 12
    return len(claim.place_code) if claim.place_code else 0 if claim.place_name == "全国" else None


def scope_of(claim: Claim) -> str:
    """`place`, `village`, `employer`, `group` or `part` (其中), the narrowest that holds."""
    table = _table()
    if claim.is_subset:
        return "part"
    before = claim.sentence[: claim.start - claim.sentence_start].rsplit("；", 1)[-1]
    for match in table["employer"].finditer(before):
        if not table["not_employer"].search(before[: match.start()]):
            return "employer"
    clause = re.split("[，：。]", before)[-1] + claim.subject
    if claim.measure not in table["whole_of_group"] and table["group"].search(clause):
        return "group"
    return "village" if place_level(claim) == 12 else "place"
