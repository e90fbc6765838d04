"""Files for a period that is closed: they wait for a person, so that figures which were published do not move by themselves."""

from __future__ import annotations

import psycopg

from zaoxue.contracts import Contract
from zaoxue.pipeline.intake import Intake

_MESSAGE = (
    "该期已过锁定时限，须经核实后放行，不会自动入库",
    "The period is locked: a person has to release it before it loads",
)


def held_by_lock(
    connection: psycopg.Connection, contract: Contract, intakes: list[Intake]
) -> dict[str, tuple[str, str]]:
    """Submission -> message (zh, en) of those received after `ops.obligation.locked_at` (lockWorkingDays of the contract)."""
    rows = connection.execute(
        "select organisation_code, period, locked_at from ops.obligation"
        " where feed = %s and locked_at is not null and organisation_code = any(%s)",
        [contract.feed, list({i.organisation.code for i in intakes})],
    )
    locked = {(organisation, period): at for organisation, period, at in rows}
    return {
        i.submission_id: _MESSAGE
        for i in intakes
        if (at := locked.get((i.organisation.code, i.period))) is not None and i.file.received_at > at
    }
