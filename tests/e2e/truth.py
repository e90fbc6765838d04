"""The simulator's truth, as the ledgers of a cut-off day would tell it, in plain Python."""

from __future__ import annotations

import csv
import hmac
from datetime import date
from pathlib import Path

from tests.warehouse.retention_oracle import FollowUp, Spell

OPENED_ON = date(2026, 1, 1)  # of every organisation of the demo
CUT_OFF = date(2026, 5, 31)  # the last period for which ledgers are due on the demo's last night


def read(folder: Path, name: str) -> list[dict[str, str]]:
    """Rows of one truth table."""
    with (folder / "truth" / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def key(secret: bytes, person_id: str) -> str:
    """Person key by the definition."""
    return hmac.new(secret, person_id.encode(), "sha256").hexdigest()


def day(text: str) -> date | None:
    """A day, or None where empty."""
    return date.fromisoformat(text) if text else None


def visible_spells(folder: Path, secret: bytes) -> list[Spell]:
    """Spells begun by the cut-off; an end after it is not known yet."""
    spells = []
    for row in read(folder, "spells"):
        started_on, ended_on = date.fromisoformat(row["started_on"]), day(row["ended_on"])
        if started_on <= CUT_OFF:
            spells.append(
                Spell(
                    key(secret, row["person_id"]),
                    row["district_code"],
                    row["township_code"],
                    started_on,
                    ended_on if ended_on and ended_on <= CUT_OFF else None,
                    CUT_OFF,
                )
            )
    return spells


def visible_follow_ups(folder: Path, secret: bytes) -> list[FollowUp]:
    """Follow-ups of the periods that were owed."""
    return [
        FollowUp(key(secret, row["person_id"]), date.fromisoformat(row["followed_up_on"]), row["result"])
        for row in read(folder, "follow_ups")
        if OPENED_ON <= date.fromisoformat(row["followed_up_on"]) <= CUT_OFF
    ]
