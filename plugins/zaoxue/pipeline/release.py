"""Process a registered file again from the archive: one that was held, or one that a changed contract now reads."""

from __future__ import annotations

from dataclasses import dataclass

import psycopg

from zaoxue.alerts import engineers
from zaoxue.contracts import Contract, load_contracts
from zaoxue.loading.history import keep_touched_keys
from zaoxue.pipeline.acts import ActError, Registered, find, record, take_in_again
from zaoxue.pipeline.batches import BatchReport, load_locked, lock_feed
from zaoxue.pipeline.intake import Intake, Refusal
from zaoxue.pipeline.register import register_refusals
from zaoxue.pipeline.replay import replay
from zaoxue.pipeline.withdraw import later_version, unload
from zaoxue.settings import Settings
from zaoxue.warehouse.database import connect
from zaoxue.warehouse.locks import hold_for_writing

_RUN = "by hand"


@dataclass(frozen=True)
class Reprocessed:
    """State before and after; `became`: state now by submission id (a file can be read as other feeds than before)."""

    submission_id: str
    was: str
    became: dict[str, str]
    rows_accepted: int
    rows_quarantined: int


def release(settings: Settings, submission_id: str, reason: str, acted_by: str) -> Reprocessed:
    """Let a held submission load although a soft limit holds it; again is a no-op. Raises ActError where none is held.

    It takes the place it was received in: where a newer version stands by now, it becomes stale.
    """
    with connect(settings) as connection:
        found = find(connection, submission_id)
        if found.state != "received":
            if _was_released(connection, found.submission_id):
                return Reprocessed(found.submission_id, found.state, {found.submission_id: found.state}, 0, 0)
            raise ActError(
                f"报送 {submission_id} 没有被暂扣（{found.state}）",
                f"Submission {submission_id} is not held ({found.state})",
            )
    return _process_again(settings, submission_id, "release", reason, acted_by)


def describe_held(settings: Settings, submission_id: str) -> str:
    """What a person must know to decide, as Markdown. Raises ActError where no such submission is held."""
    with connect(settings) as connection:
        found = find(connection, submission_id)
        if found.state != "received":
            raise ActError(
                f"报送 {submission_id} 没有被暂扣（{found.state}）",
                f"Submission {submission_id} is not held ({found.state})",
            )
        rows = connection.execute(
            "select coalesce(o.name, ''), s.rows_in_file - s.rows_not_data, s.reason_zh, s.reason_en,"
            " (select count(distinct (q.sheet, q.row)) from ops.quarantine as q where q.submission_id = s.submission_id)"
            " from ops.submission as s left join ops.organisation as o using (organisation_code) where submission_id = %s",
            [found.submission_id],
        ).fetchone()
    name, data_rows, zh, en, bad = rows or ("", 0, "", "", 0)
    return (
        f"- {name}（{found.organisation_code}） {found.feed} {found.period}\n- {found.source_uri}\n"
        f"- {data_rows} 行 rows, {bad} 行有误 bad\n- **{zh}**\n- **{en}**\n"
    )


def tell_held(settings: Settings) -> int:
    """Tell the engineers, in one message, of the submissions that wait for a person; return how many were told now."""
    with connect(settings) as connection:
        held = connection.execute(
            "select submission_id from ops.submission as s where state = 'received' and not exists ("
            "select from ops.alert_submission as a where a.submission_id = s.submission_id)"
            " order by received_at, submission_id"
        ).fetchall()
    return engineers.tell_held(settings, [(id_, f"{id_}\n{describe_held(settings, id_)}") for (id_,) in held])


def resend(settings: Settings, submission_id: str, reason: str, acted_by: str) -> Reprocessed:
    """Judge a file as the contracts and the registry say now, as though it had just been found with its old date.

    Rejected, held, stale, duplicate and withdrawn ones get a new verdict (so a withdrawn one counts again). Of an
    accepted one the rows are brought to what it says under the present contract, and it may be rejected by it; where a
    later version of the same ledger stands, ActError says which: only that one has a say in what is current.
    """
    return _process_again(settings, submission_id, "resend", reason, acted_by)


def _process_again(settings: Settings, submission_id: str, act: str, reason: str, acted_by: str) -> Reprocessed:
    contracts = load_contracts(settings.contracts)
    report = BatchReport()
    with connect(settings) as connection:
        hold_for_writing(connection)
        seen = find(connection, submission_id)
        taken = take_in_again(settings, connection, contracts, [seen])
        feeds = {t.contract.feed for t in taken if isinstance(t, Intake)} | ({seen.feed} if seen.feed else set())
        for feed in sorted(feeds):
            lock_feed(connection, feed)
        found = find(connection, seen.submission_id)
        if act == "release" and found.state != "received":  # somebody else was faster
            return Reprocessed(found.submission_id, found.state, {found.submission_id: found.state}, 0, 0)
        chosen = _of_this_act(connection, taken, found)
        exempt = act == "release" or found.stands_in_history or _was_released(connection, found.submission_id)
        _unregister(settings, connection, contracts, found)
        register_refusals(connection, [t for t in chosen if isinstance(t, Refusal)])
        for intake in chosen:
            if isinstance(intake, Intake):
                released = frozenset([intake.submission_id] if exempt else [])
                load_locked(connection, settings, _RUN, intake.contract, [intake], act, report, released)
        now = [find(connection, t.submission_id) for t in chosen]
        for submission in {s.submission_id: s for s in [found, *now]}.values():
            # The rows it brought are in the order of receipt, not last; those it no longer brings are gone.
            if submission.feed and contracts[submission.feed].scope == "incremental":
                replay(settings, connection, contracts, contracts[submission.feed], submission)
        became = {s.submission_id: s.state for s in now}
        record(connection, found.submission_id, act, reason, acted_by, "; ".join(f"{k} {v}" for k, v in became.items()))
    return Reprocessed(found.submission_id, found.state, became, report.rows_accepted, report.rows_quarantined)


def _of_this_act(
    connection: psycopg.Connection, taken: list[Intake | Refusal], found: Registered
) -> list[Intake | Refusal]:
    """What the file is read as now, without its other feeds that are registered already."""
    ids = [t.submission_id for t in taken]
    known = {
        row[0]
        for row in connection.execute("select submission_id from ops.submission where submission_id = any(%s)", [ids])
    }
    chosen = [t for t in taken if t.submission_id == found.submission_id or t.submission_id not in known]
    if not chosen:
        raise ActError(
            f"原文件中已没有{found.feed}台账，其余内容已登记",
            f"The file holds no {found.feed} ledger any more; the rest of it is registered",
        )
    return chosen


def _unregister(
    settings: Settings, connection: psycopg.Connection, contracts: dict[str, Contract], found: Registered
) -> None:
    """Take a submission out of history and registry, to be judged anew. Raises ActError for one that was overtaken."""
    if found.stands_in_history and found.feed is not None:
        contract = contracts[found.feed]
        if contract.scope == "incremental":
            keep_touched_keys(connection, contract, found.submission_id)
        else:
            later = later_version(connection, contract, found)
            if later is not None or found.state == "superseded":
                raise ActError(
                    f"报送 {found.submission_id} 之后已有新版本{f'（{later.submission_id}）' if later else ''}，请重新处理新版本",
                    f"A later version than {found.submission_id} stands"
                    f"{f' ({later.submission_id})' if later else ''}; resend that one",
                )
            unload(settings, connection, contracts, found)
    connection.execute("delete from ops.submission where submission_id = %s", [found.submission_id])


def _was_released(connection: psycopg.Connection, submission_id: str) -> bool:
    row = connection.execute(
        "select 1 from ops.submission_act where submission_id = %s and act = 'release' limit 1", [submission_id]
    ).fetchone()
    return row is not None
