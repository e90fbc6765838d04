"""Say again what an incremental feed's submissions say, for some of its rows.

In a feed whose rows stand for themselves a submission leaves no trace where it repeats what stood. So when one is taken
out or put back, the rows it touched are built anew from the originals, in the order of receipt.
"""

from __future__ import annotations

import psycopg

from zaoxue.contracts import Contract
from zaoxue.loading.history import Change, add_touched_keys, forget_touched, keep_touched_keys, touched_keys
from zaoxue.loading.load import load_rounds
from zaoxue.loading.row_keys import ROW_KEY
from zaoxue.pipeline.acts import Registered, find_where, take_in_again
from zaoxue.pipeline.batches import passed_rows
from zaoxue.pipeline.intake import Intake
from zaoxue.pipeline.judge import judge
from zaoxue.settings import Settings

_AT_ONCE = 100  # submissions; bounds the memory of a replay


def replay(
    settings: Settings,
    connection: psycopg.Connection,
    contracts: dict[str, Contract],
    contract: Contract,
    about: Registered,
) -> Change:
    """Build the rows that the submission touched from all submissions that count now. Needs the feed's lock."""
    keep_touched_keys(connection, contract, about.submission_id)
    if about.stands_in_history:
        for own in _taken(settings, connection, contracts, [about]):
            judged = judge(contract, [own], settings.contracts)
            add_touched_keys(connection, passed_rows(settings, contract, [own], judged)[0])
    change, speakers = forget_touched(connection, contract, about.submission_id)
    counting = find_where(
        connection,
        "feed = %(feed)s and state in ('accepted', 'accepted_with_rejects', 'superseded')"
        " and (organisation_code = %(organisation)s or submission_id = any(%(speakers)s))",
        {"feed": contract.feed, "organisation": about.organisation_code, "speakers": speakers},
    )
    counting.sort(key=lambda s: (s.received_at, s.source_uri))
    for first in range(0, len(counting), _AT_ONCE):
        taken = _taken(settings, connection, contracts, counting[first : first + _AT_ONCE])
        if taken:
            _apply(settings, connection, contract, taken)
    connection.execute("drop table touched")
    return change


def _taken(
    settings: Settings, connection: psycopg.Connection, contracts: dict[str, Contract], submissions: list[Registered]
) -> list[Intake]:
    wanted = {s.submission_id for s in submissions}
    again = take_in_again(settings, connection, contracts, submissions)
    return [t for t in again if isinstance(t, Intake) and t.submission_id in wanted]


def _apply(settings: Settings, connection: psycopg.Connection, contract: Contract, taken: list[Intake]) -> None:
    judged = judge(contract, taken, settings.contracts)
    rows, scopes = passed_rows(settings, contract, taken, judged)
    touched = rows.join(touched_keys(connection), on=ROW_KEY, how="semi", maintain_order="left")
    load_rounds(connection, contract, touched, scopes)
