"""What is owed: every organisation x feed x period that the registry and the contracts ask for, with its due time."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, fields
from datetime import date, time
from hashlib import sha256
from operator import attrgetter

import psycopg

from zaoxue.contracts import Contract, ContractError
from zaoxue.periods import bounds, periods_between
from zaoxue.submissions.calendar import fill_calendar, working_days
from zaoxue.submissions.due_rules import OVERRIDES_FILE, DueRule, Override, due_rule, overridden

EVERYBODY = ""


@dataclass(frozen=True)
class Deadline:
    """When one feed is owed for one period by one kind of organisation.

    `scope`: the organisation for which (with all below it) due_times.csv says otherwise, or EVERYBODY.
    Due on the `working_day`-th working day on or after `count_from` (None: on that very day), at `due_time`
    Asia/Shanghai; grace lasts `grace` working days longer, to the same time. `remind` working days before the due day,
    `escalate` after the grace, `lock` after the due day; 0 for never.
    """

    scope: str
    feed: str
    kind: str
    period: str
    period_start: date
    period_end: date
    count_from: date
    working_day: int | None
    due_time: time
    grace: int
    remind: int
    escalate: int
    lock: int


_AS_ROW = attrgetter(*(f.name for f in fields(Deadline)))

# The watch asks every hour, and almost always nothing has changed since: neither due times, nor calendar, nor registry.
_REGISTRY = """
    select md5(string_agg(concat_ws('|', organisation_code, kind, coalesce(parent_code, '-'), opened_on, coalesce(closed_on::text, '-')),
        E'\\n' order by organisation_code))
    from ops.organisation
"""
_KNOWN = f"select owed from ops.obligation_basis where deadlines = %s and registry = ({_REGISTRY})"  # noqa: S608 - our own text

# Due times are worked out once for each deadline (feeds x periods x areas that differ), then joined to the organisations.
# Rows that stand already are left out by the outer join, so a night without news writes nothing.
_UPSERT = """
with recursive deadline as materialized (
    select
        d.*,
        case when working_day is null then count_from else ops.nth_working_day(count_from, working_day) end as due_day
    from unnest(%s::text[], %s::text[], %s::text[], %s::text[], %s::date[], %s::date[], %s::date[], %s::integer[],
        %s::time[], %s::integer[], %s::integer[], %s::integer[], %s::integer[])
        as d (scope, feed, kind, period, period_start, period_end, count_from, working_day, due_time, grace, remind,
            escalate, lock)
),
graced as materialized (
    select *, ops.add_working_days(due_day, grace) as grace_day from deadline
),
timed as materialized (
    select scope, feed, kind, period, period_start, period_end,
        (due_day + due_time) at time zone 'Asia/Shanghai' as due_at,
        (grace_day + due_time) at time zone 'Asia/Shanghai' as grace_until,
        case when remind > 0 then ops.working_day_before(due_day, remind)::timestamp at time zone 'Asia/Shanghai' end
            as remind_at,
        case when escalate > 0 then (ops.add_working_days(grace_day, escalate) + due_time) at time zone 'Asia/Shanghai' end
            as escalate_at,
        case when lock > 0 then (ops.add_working_days(due_day, lock) + due_time) at time zone 'Asia/Shanghai' end
            as locked_at
    from graced
),
lineage as (
    select organisation_code, organisation_code as scope, 0 as steps from ops.organisation
    where exists (select from timed where scope <> '')
    union all
    select l.organisation_code, g.parent_code, l.steps + 1
    from lineage as l
    inner join ops.organisation as g on g.organisation_code = l.scope
    where g.parent_code is not null
),
special as materialized (
    select distinct on (l.organisation_code, t.feed, t.period) l.organisation_code, t.*
    from lineage as l
    inner join timed as t on t.scope = l.scope
    order by l.organisation_code, t.feed, t.period, l.steps
),
timed_for as (
    select g.organisation_code, t.*
    from ops.organisation as g
    inner join timed as t on t.kind = g.kind and t.scope = ''
    where not exists (
        select from special as s where (s.organisation_code, s.feed, s.period) = (g.organisation_code, t.feed, t.period)
    )
    union all
    select s.organisation_code, s.scope, s.feed, s.kind, s.period, s.period_start, s.period_end, s.due_at, s.grace_until,
        s.remind_at, s.escalate_at, s.locked_at
    from special as s
    inner join ops.organisation as g using (organisation_code, kind)
),
owed as (
    select t.organisation_code, t.feed, t.period, t.period_start, t.period_end, t.due_at, t.grace_until,
        t.remind_at, t.escalate_at, t.locked_at
    from timed_for as t
    -- As ops.obligation_state has it.
    inner join ops.organisation as g
        on g.organisation_code = t.organisation_code
        and t.period_end >= g.opened_on
        and t.due_at >= ops.end_of_day(g.opened_on - 1)
        and (g.closed_on is null or (t.period_start <= g.closed_on and t.due_at < ops.end_of_day(g.closed_on)))
),
written as (
    insert into ops.obligation (organisation_code, feed, period, period_start, period_end, due_at, grace_until,
        remind_at, escalate_at, locked_at)
    select owed.*
    from owed
    left join ops.obligation as present using (organisation_code, feed, period)
    where (present.period_start, present.period_end, present.due_at, present.grace_until,
            present.remind_at, present.escalate_at, present.locked_at)
        is distinct from (owed.period_start, owed.period_end, owed.due_at, owed.grace_until,
            owed.remind_at, owed.escalate_at, owed.locked_at)
    on conflict (organisation_code, feed, period) do update
    set period_start = excluded.period_start, period_end = excluded.period_end,
        due_at = excluded.due_at, grace_until = excluded.grace_until, remind_at = excluded.remind_at,
        escalate_at = excluded.escalate_at, locked_at = excluded.locked_at
)
select count(*) from owed
"""


def generate_obligations(
    connection: psycopg.Connection,
    contracts: Mapping[str, Contract],
    as_of: date,
    overrides: Iterable[Override] = (),
) -> int:
    """Write every obligation of the periods begun by `as_of` into `ops.obligation`; returns how many are owed.

    `overrides`: the lines of due_times.csv. Idempotent: a second run writes nothing, a changed contract, line or calendar
    moves the due times. An organisation owes the periods in which it was there and which fall due while it is. What it no
    longer owes is left in the table and left out by `ops.obligation_state`.
    Raises ContractError where due times cannot be read, or a line names what is not there.
    """
    row = connection.execute("select min(opened_on) from ops.organisation").fetchone()
    first = row[0] if row else None
    if first is None or first > as_of:
        return 0
    lines = list(overrides)
    owed = [
        _AS_ROW(deadline)
        for deadline in deadlines(contracts.values(), first, as_of, lines, _lineage(connection, lines, contracts))
    ]
    # A period begun by as_of ends within its year, and is due and forgiven within the year after; the reminder of what is
    # due in the first days of the first year lies in the year before.
    years = range(first.year - 1, as_of.year + 2)
    basis = sha256(repr((owed, [working_days(year) for year in years])).encode()).hexdigest()
    known = connection.execute(_KNOWN, [basis]).fetchone()
    if known:
        return int(known[0])
    fill_calendar(connection, years[0], years[-1])
    columns = [list(column) for column in zip(*owed, strict=True)] or [[] for _ in fields(Deadline)]
    counted = connection.execute(_UPSERT, columns).fetchone()
    count = int(counted[0]) if counted else 0
    connection.execute("delete from ops.obligation_basis")
    connection.execute(f"insert into ops.obligation_basis select %s, ({_REGISTRY}), %s", [basis, count])
    return count


def deadlines(
    contracts: Iterable[Contract],
    first: date,
    last: date,
    overrides: list[Override],
    lineage: Mapping[str, tuple[str, ...]],
) -> Iterator[Deadline]:
    """The deadline of each contract and period with a day from `first` to `last`; none for a feed that owes nothing.

    For every area that due_times.csv names there is one more, in the periods for which a line of it holds.
    """
    for contract in contracts:
        if contract.frequency is None:
            continue
        rule = due_rule(contract)
        special = list(overridden(contract, overrides, lineage))
        for period in periods_between(contract.frequency, first, last):
            yield _deadline(EVERYBODY, contract, rule, period)
            for scope, lines in special:
                changed = {line.property: line.value for line in lines if line.holds(contract.feed, period)}
                if changed:
                    yield _deadline(scope, contract, due_rule(contract, changed), period)


def _deadline(scope: str, contract: Contract, rule: DueRule, period: str) -> Deadline:
    start, end = bounds(period)
    count_from, working_day = rule.count_from(str(contract.frequency), period)
    return Deadline(
        scope,
        contract.feed,
        contract.submitter,
        period,
        start,
        end,
        count_from,
        working_day,
        rule.due_time,
        rule.grace,
        rule.remind,
        rule.escalate,
        rule.lock,
    )


def _lineage(
    connection: psycopg.Connection, overrides: list[Override], contracts: Mapping[str, Contract]
) -> dict[str, tuple[str, ...]]:
    """Of each organisation itself and its parents, the nearest first; read only where a line needs it."""
    if not overrides:
        return {}
    rows = connection.execute("select organisation_code, parent_code from ops.organisation").fetchall()
    parents: dict[str, str | None] = dict(rows)
    for line in overrides:
        if line.organisation_code not in parents:
            raise ContractError(f"{OVERRIDES_FILE}: no organisation has the code {line.organisation_code}")
        if line.feed != "*" and line.feed not in contracts:
            raise ContractError(f"{OVERRIDES_FILE}: there is no feed {line.feed}")
    return {code: tuple(_above(code, parents)) for code in parents}


def _above(code: str, parents: Mapping[str, str | None]) -> Iterator[str]:
    at: str | None = code
    while at is not None:
        yield at
        at = parents.get(at)
