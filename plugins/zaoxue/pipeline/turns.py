"""The submissions of a batch in their turn: each is held against what stands when those before it are done."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import polars as pl

from zaoxue.contracts import Contract
from zaoxue.pipeline.decide import Decision, Standing, decide
from zaoxue.pipeline.intake import Intake
from zaoxue.pipeline.judge import Judged, with_files
from zaoxue.pipeline.whole_files import SUBMISSION, StandingRows, rows_brought

_NOTHING = StandingRows(0, {})


def up_to_partial(contract: Contract, intakes: list[Intake]) -> list[list[Intake]]:
    """The submissions in parts, so that none follows a partial one of its organisation: only the warehouse knows what
    stands after that."""
    parts: list[list[Intake]] = []
    partial: set[str] = set()
    for i in sorted(intakes, key=order_of_receipt):
        if not parts or i.organisation.code in partial:
            parts.append([])
            partial = set()
        parts[-1].append(i)
        if i.is_partial and contract.scope == "cumulative":
            partial.add(i.organisation.code)
    return parts


def order_of_receipt(intake: Intake) -> tuple[datetime, str]:
    """The order in which submissions are decided on."""
    return intake.file.received_at, intake.file.uri


def decide_in_turn(
    contract: Contract,
    intakes: list[Intake],
    judged: Judged,
    standing: Standing,
    before: dict[str, StandingRows],
    contracts: Path,
    released: frozenset[str],
    locked: dict[str, tuple[str, str]],
) -> tuple[dict[str, Decision], Judged]:
    """Decide on each submission in turn, each held against the one that stands when its turn comes.

    Whole files are judged in one go, on the guess that all that came before in the batch are accepted; where one was
    not, those after it are judged once more against what then stands. Each go settles at least one file more.
    `locked`: message (zh, en) of those whose period is closed; they wait, too, unless they are `released`.
    """
    with_rejects = set(judged.typed.filter(~pl.col("passed"))[SUBMISSION].unique())
    guess = _predecessors(contract, intakes, {i.submission_id for i in intakes})
    brought = rows_brought(contract, judged.typed) if any(guess.values()) else {}
    while True:
        against = {
            i.submission_id: brought.get(guess[i.submission_id] or "", _NOTHING)
            if guess[i.submission_id]
            else before.get(i.organisation.code, _NOTHING)
            for i in intakes
        }
        whole = with_files(judged, contract, intakes, against, contracts)
        stands = standing.copy()
        decisions = {
            i.submission_id: decide(
                i,
                stands,
                refused=whole.refused.get(i.submission_id),
                held=None
                if i.submission_id in released
                else locked.get(i.submission_id) or whole.held.get(i.submission_id),
                has_rejects=i.submission_id in with_rejects,
            )
            for i in intakes
        }
        found = _predecessors(contract, intakes, {s for s, d in decisions.items() if d.version is not None})
        if found == guess:
            return decisions, whole
        guess = found


def _predecessors(contract: Contract, intakes: list[Intake], accepted: set[str]) -> dict[str, str | None]:
    """For each submission the one of the batch whose rows stand when its turn comes; None: what stood before."""
    latest: dict[str, str] = {}
    found = {}
    for i in intakes:
        found[i.submission_id] = latest.get(i.organisation.code) if contract.scope == "cumulative" else None
        if i.submission_id in accepted and not i.is_nil:
            latest[i.organisation.code] = i.submission_id
    return found
