"""How sure a claim or a case is, by a table of doubts that says how much each costs and why (data/doubts.yaml)."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from zaoxue.news.claims import Claim
from zaoxue.news.repair import LOST, Edit

_FILE = Path(__file__).with_name("data") / "doubts.yaml"
_FROM_BYTES = {"byte_shift_after_punctuation", "pinyin_across_two_characters"}
_SURE_OF_MEASURE = 0.8
_SAID_ITSELF = {"zero_employment_households", "completion_rate", "change_vs_base"}
_TIMELESS = {"individual", "context", "programme_parameter", "ordinal", "time_reference", "date"}


@cache
def table() -> dict[str, Any]:
    """The table as written: `claim` and `case` doubts, and the usual `units`."""
    raw: dict[str, Any] = yaml.safe_load(_FILE.read_text("utf-8"))
    return raw


@cache
def _usual() -> dict[str, set[str]]:
    """Measure -> the units it is usually counted in."""
    units: dict[str, set[str]] = {}
    for unit, measures in table()["units"].items():
        for measure in measures:
            units.setdefault(measure, set()).add(unit)
    return units


def claim_doubts(claim: Claim, edits: Iterable[Edit] = ()) -> tuple[str, ...]:
    """Doubts about a claim, in the order of the table. `edits` are the repairs of its article."""
    sentence = claim.sentence
    usual = _usual().get(claim.measure)
    # The reader's own figure holds what it takes off for the place; that is counted here, by its own name.
    reading = claim.confidence + (0.15 if not claim.place_code and claim.place_name != "全国" else 0)
    holds = {
        "measure_guessed": reading < _SURE_OF_MEASURE,
        "place_unresolved": not claim.place_code and claim.place_name != "全国",
        "place_inferred": bool(claim.place_code) and not _named_in(claim.place_name, sentence),
        "period_missing": claim.period_start is None and claim.period_end is None and claim.kind not in _TIMELESS,
        "period_open": claim.period_start is None and claim.period_end is not None and claim.kind not in _TIMELESS,
        "unit_unusual": usual is not None and claim.unit.split("/")[0] not in usual,
        "repaired_nearby": any(
            edit.step in _FROM_BYTES and len(edit.after.strip()) > 1 and edit.after.strip() in sentence
            for edit in edits
        ),
        "lost_nearby": LOST in sentence,
        "subject_doubtful": not claim.subject
        and claim.unit in ("人", "人次", "户")
        and claim.measure not in _SAID_ITSELF,
        "vague_figure": claim.value is None,
    }
    return tuple(code for code in table()["claim"] if holds[code])


def confidence(start: float, doubts: Iterable[str], what: str) -> float:
    """From 0.05 to 1: `start` less what each doubt costs. `what` is `claim` or `case`."""
    costs = table()[what]
    less = sum(float(costs[code]["less"]) for code in doubts)
    return round(max(0.05, min(1.0, start - less)), 2)


def claim_confidence(claim: Claim, doubts: tuple[str, ...]) -> float:
    """Confidence of a claim: the reader's figure, its place put back, less the doubts."""
    reading = claim.confidence + (0.15 if "place_unresolved" in doubts else 0)
    return confidence(reading, doubts, "claim")


def _named_in(place_name: str, sentence: str) -> bool:
    """Whether the sentence names the place, by its last part: 青溪区石塘镇 by 石塘镇 or 石塘."""
    return any(place_name[-size:] in sentence for size in (4, 3, 2) if len(place_name) >= size) or bool(
        len(place_name) > 2 and place_name[-3:-1] in sentence
    )
