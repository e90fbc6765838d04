"""What is owed: every organisation x feed x period that the registry and the contracts ask for, with its due time."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import astuple, dataclass, fields
from datetime import date, time, timedelta

import psycopg

from zaoxue.contracts import Contract, ContractError
from zaoxue.periods import bounds, periods_between
from zaoxue.submissions.calendar import fill_calendar

_DUE_IN = ("following", "current")


@dataclass(frozen=True)
class Deadline:
    """When one feed is owed for one period by one kind of organisation.

    Due on the `working_day`-th working day on or after `count_from`, at `due_time` Asia/Shanghai;
    grace lasts `grace_working_days` working days longer, to the same time.
    """

    feed: str
    kind: str
    period: str
    period_start: date
    period_end: date
    count_from: date
    working_day: int
    due_time: time
    grace_working_days: int


# Due times are worked out once for each deadline (feeds x periods), then joined to the organisations. Rows that stand
# already are left out by the outer join, so a night without news writes nothing.
_UPSERT = """
with deadline as materialized (
    select d.*, ops.nth_working_day(count_from, working_day) as due_day
    from unnest(%s::text[], %s::text[], %s::text[], %s::date[], %s::date[], %s::date[], %s::integer[], %s::time[],
        %s::integer[])
        as d (feed, kind, period, period_start, period_end, count_from, working_day, due_time, grace_working_days)
),
timed as materialized (
    select feed, kind, period, period_start, period_end,
        (due_day + due_time) at time zone 'Asia/Shanghai' as due_at,
        (ops.add_working_days(due_day, grace_working_days) + due_time) at time zone 'Asia/Shanghai' as grace_until
    from deadline
),
owed as (
    select g.organisation_code, t.feed, t.period, t.period_start, t.period_end, t.due_at, t.grace_until
    from ops.organisation as g
    inner join timed as t on t.kind = g.kind and t.period_end >= g.opened_on
        and (g.closed_on is null or g.closed_on >= t.period_start)
),
written as (
    insert into ops.obligation (organisation_code, feed, period, period_start, period_end, due_at, grace_until)
    select owed.*
    from owed
    left join ops.obligation as present using (organisation_code, feed, period)
    where (present.period_start, present.period_end, present.due_at, present.grace_until)
        is distinct from (owed.period_start, owed.period_end, owed.due_at, owed.grace_until)
    on conflict (organisation_code, feed, period) do update
    set period_start = excluded.period_start, period_end = excluded.period_end,
        due_at = excluded.due_at, grace_until = excluded.grace_until
)
select count(*) from owed
"""


def generate_obligations(connection: psycopg.Connection, contracts: Mapping[str, Contract], as_of: date) -> int:
    """Write every obligation of the periods begun by `as_of` into `ops.obligation`; returns how many are owed.

    Idempotent: a second run writes nothing, a changed contract or calendar moves the due times. What an organisation
    no longer owes (closed, or opened later) is left in the table and left out by `ops.obligation_state`.
    Raises ContractError where a contract's due times cannot be read.
    """
    row = connection.execute("select min(opened_on) from ops.organisation").fetchone()
    first = row[0] if row else None
    if first is None or first > as_of:
        return 0
    # A period begun by as_of ends within its year, and is due and forgiven within the year after.
    fill_calendar(connection, first.year, as_of.year + 1)
    owed = list(deadlines(contracts.values(), first, as_of))
    columns = [list(column) for column in zip(*map(astuple, owed), strict=True)] or [[] for _ in fields(Deadline)]
    counted = connection.execute(_UPSERT, columns).fetchone()
    return int(counted[0]) if counted else 0


def deadlines(contracts: Iterable[Contract], first: date, last: date) -> Iterable[Deadline]:
    """The deadline of each contract and period with a day from `first` to `last`; none for a feed that owes nothing."""
    for contract in contracts:
        if contract.frequency is None:
            continue
        working_day, due_in, due_time, grace = _due_rule(contract)
        for period in periods_between(contract.frequency, first, last):
            start, end = bounds(period)
            count_from = start if due_in == "current" else end + timedelta(days=1)
            yield Deadline(
                contract.feed, contract.submitter, period, start, end, count_from, working_day, due_time, grace
            )


def _due_rule(contract: Contract) -> tuple[int, str, time, int]:
    try:
        working_day = int(contract.sla["dueWorkingDay"])
        due_time = time.fromisoformat(str(contract.sla["dueTime"]))
        grace = int(contract.sla.get("graceWorkingDays", 0))
    except (KeyError, ValueError, TypeError) as error:
        raise ContractError(
            f"{contract.feed}: slaProperties need dueWorkingDay, dueTime and graceWorkingDays "
            f"({type(error).__name__}: {error})"
        ) from error
    due_in = str(contract.sla.get("dueIn", "following"))
    if due_in not in _DUE_IN or not 1 <= working_day <= 60 or not 0 <= grace <= 60:
        raise ContractError(
            f"{contract.feed}: dueIn must be one of {', '.join(_DUE_IN)}, "
            "dueWorkingDay 1 to 60 and graceWorkingDays 0 to 60"
        )
    return working_day, due_in, due_time, grace
