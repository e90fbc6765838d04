"""Withdraw a submission: what it said is unsaid, and the version before it stands again."""

from __future__ import annotations

from dataclasses import dataclass

import psycopg

from zaoxue.contracts import Contract, load_contracts
from zaoxue.loading.history import Change, number_again, take_out
from zaoxue.pipeline.acts import ActError, Registered, find, find_where, record, take_in_again
from zaoxue.pipeline.batches import load_passed, lock_feed, passed_rows
from zaoxue.pipeline.intake import Intake
from zaoxue.pipeline.judge import judge
from zaoxue.pipeline.replay import replay
from zaoxue.settings import Settings
from zaoxue.warehouse.database import connect
from zaoxue.warehouse.locks import hold_for_writing

_COUNTS = "version is not null and state not in ('withdrawn', 'received')"
_SAME_SCOPE = {
    "cumulative": "organisation_code = %(organisation)s and not is_nil",
    "period": "organisation_code = %(organisation)s and period = %(period)s",
    "document": "source_uri = %(uri)s",
}


@dataclass(frozen=True)
class Withdrawal:
    """What a withdrawal did. `stands_again`: the version before it, if it stood; `set_aside`: stale or duplicate
    submissions of the same sender and feed, which `zaoxue resend` may bring in now."""

    submission_id: str
    was: str
    rows_removed: int
    rows_reopened: int
    stands_again: str | None
    set_aside: list[str]


def withdraw(settings: Settings, submission_id: str, reason: str, acted_by: str) -> Withdrawal:
    """Withdraw a submission, in one transaction; again is a no-op. Raises ActError where it never counted."""
    contracts = load_contracts(settings.contracts)
    with connect(settings) as connection:
        hold_for_writing(connection)
        seen = find(connection, submission_id)
        if seen.feed:
            lock_feed(connection, seen.feed)
        found = find(connection, seen.submission_id)
        if found.state == "withdrawn":
            return Withdrawal(found.submission_id, "withdrawn", 0, 0, None, [])
        if found.feed is None or found.state in ("rejected", "duplicate"):
            raise ActError(
                f"报送 {submission_id} 未被接收（{found.state}），不需要撤回",
                f"Submission {submission_id} was not accepted ({found.state}); there is nothing to withdraw",
            )
        contract = contracts[found.feed]
        stands_again = unload(settings, connection, contracts, found)
        connection.execute(
            "update ops.submission set state = 'withdrawn' where submission_id = %s", [found.submission_id]
        )
        change = stands_again.change
        if contract.scope == "incremental" and found.stands_in_history:
            change = replay(settings, connection, contracts, contract, found)
        connection.execute("delete from ops.receipt where submission_id = %s", [found.submission_id])
        record(connection, found.submission_id, "withdraw", reason, acted_by, "withdrawn")
        aside = find_where(
            connection,
            "feed = %(feed)s and organisation_code = %(organisation)s and state in ('stale', 'duplicate')"
            " and received_at >= %(since)s",
            {"feed": found.feed, "organisation": found.organisation_code, "since": found.received_at},
        )
    return Withdrawal(
        found.submission_id,
        found.state,
        change.removed,
        change.reopened,
        stands_again.submission,
        [s.submission_id for s in aside],
    )


@dataclass(frozen=True)
class Unloaded:
    """Rows changed by taking a submission out, and the version of its obligation that stands again."""

    change: Change
    submission: str | None


def unload(
    settings: Settings, connection: psycopg.Connection, contracts: dict[str, Contract], found: Registered
) -> Unloaded:
    """Take a submission out of its scope's history and give its place back to the version before; state left alone.

    Rows of an incremental feed are left to `replay`, which needs the submission's new state. Needs the feed's lock.
    """
    if not found.stands_in_history or found.feed is None:
        return Unloaded(Change(0, 0), None)
    contract = contracts[found.feed]
    change = Change(0, 0)
    if contract.scope != "incremental" and not (contract.scope == "cumulative" and found.is_nil):
        later = later_versions(connection, contract, found)
        if later and later[0].is_partial:
            change = _take_out_and_say_again(settings, connection, contracts, contract, found, later)
        else:
            following = later[0] if later else None
            change = take_out(connection, contract, found.submission_id, following.submission_id if following else None)
            if following is not None:
                _number_again(settings, connection, contracts, contract, following)
    return Unloaded(change, _give_back(connection, contract, found))


def later_version(connection: psycopg.Connection, contract: Contract, found: Registered) -> Registered | None:
    """The next version of the same scope that counts."""
    later = later_versions(connection, contract, found)
    return later[0] if later else None


def later_versions(connection: psycopg.Connection, contract: Contract, found: Registered) -> list[Registered]:
    """The versions of the same scope that count and came after, oldest first."""
    return find_where(
        connection,
        f"feed = %(feed)s and {_COUNTS} and {_SAME_SCOPE[contract.scope]}"
        " and (period_end, received_at, version) > (%(period_end)s, %(received_at)s, %(version)s)",
        {
            "feed": found.feed,
            "organisation": found.organisation_code,
            "period": found.period,
            "uri": found.source_uri,
            "period_end": found.period_end,
            "received_at": found.received_at,
            "version": found.version,
        },
    )


def _take_out_and_say_again(
    settings: Settings,
    connection: psycopg.Connection,
    contracts: dict[str, Contract],
    contract: Contract,
    found: Registered,
    later: list[Registered],
) -> Change:
    """Take out a version that a partial one follows: what that does not say may be what the found one said.

    So the later versions are taken out too, the newest first, and then say again what they said, from the originals.
    """
    taken = {t.submission_id: t for t in take_in_again(settings, connection, contracts, later) if isinstance(t, Intake)}
    unread = [version.submission_id for version in later if version.submission_id not in taken]
    if unread:
        raise ActError(
            f"其后的版本 {'、'.join(unread)} 的原件现在无法读取，请先撤回该版本",
            f"The originals of later versions cannot be read any more ({', '.join(unread)}); withdraw those first",
        )
    for version in reversed(later):
        take_out(connection, contract, version.submission_id, None)
    change = take_out(connection, contract, found.submission_id, None)
    for version in later:
        again = [taken[version.submission_id]]
        load_passed(connection, settings, contract, again, judge(contract, again, settings.contracts))
    return change


def _give_back(connection: psycopg.Connection, contract: Contract, found: Registered) -> str | None:
    """The newest superseded version of the same obligation (or document) stands again, where the found one stood."""
    if found.state == "superseded" or contract.scope == "incremental":
        return None
    same = (
        "source_uri = %(uri)s"
        if contract.scope == "document"
        else ("organisation_code = %(organisation)s and period = %(period)s")
    )
    row = connection.execute(
        "update ops.submission set state = case when rows_quarantined > 0 or is_partial then 'accepted_with_rejects' else 'accepted' end"  # noqa: S608 - our own text
        f" where submission_id = (select submission_id from ops.submission where feed = %(feed)s and {same}"
        " and state = 'superseded' order by version desc, received_at desc limit 1) returning submission_id",
        {
            "feed": found.feed,
            "uri": found.source_uri,
            "organisation": found.organisation_code,
            "period": found.period,
        },
    ).fetchone()
    return str(row[0]) if row else None


def _number_again(
    settings: Settings,
    connection: psycopg.Connection,
    contracts: dict[str, Contract],
    contract: Contract,
    following: Registered,
) -> None:
    """Rows that pass to the next version bear sheet and row as its own sender's Excel shows them."""
    taken = [
        t
        for t in take_in_again(settings, connection, contracts, [following])
        if isinstance(t, Intake) and t.submission_id == following.submission_id
    ]
    if not taken:  # the contract has changed so much that its file is no longer read; the old numbers stay
        return
    judged = judge(contract, taken, settings.contracts)
    rows, _ = passed_rows(settings, contract, taken, judged)
    number_again(connection, contract, following.submission_id, rows)
