alter table ops.organisation add column contact text not null default '';
comment on column ops.organisation.contact is 'Office and line to call about submissions; an office''s, never a person''s own';

alter table ops.obligation
    add column remind_at timestamptz,
    add column escalate_at timestamptz,
    add column locked_at timestamptz;
comment on column ops.obligation.remind_at is 'From when on its sender is reminded, until due_at; null: never';
comment on column ops.obligation.escalate_at is 'After it a missing one is told to the parent organisation, too; null: never';
comment on column ops.obligation.locked_at is 'After it a file waits for a person before it changes the period; null: never';

create table ops.obligation_basis (
    deadlines text not null,
    registry text not null,
    owed bigint not null
);
comment on table ops.obligation_basis is
    'What ops.obligation was last written from (hashes of due times with calendar, and of the registry): while both are the '
    'same there is nothing to write';

create function ops.working_day_before(from_day date, n integer) returns date
language sql stable parallel safe
return (select day from ops.calendar_day where day < from_day and is_workday order by day desc offset n - 1 limit 1);
comment on function ops.working_day_before(date, integer) is
    'The n-th working day before from_day, n from 1; null where ops.calendar_day begins after it';

create or replace function ops.obligation_state(as_of timestamptz)
returns table (
    organisation_code text,
    organisation_name text,
    kind text,
    district_code text,
    feed text,
    period text,
    period_start date,
    period_end date,
    due_at timestamptz,
    grace_until timestamptz,
    state text,
    reason text,
    received_at timestamptz,
    submission_id text
)
language sql stable parallel safe
as $$
    with received as (
        select
            s.organisation_code,
            s.feed,
            s.period,
            min(s.received_at) filter (where s.state not in ('rejected', 'received')) as first_received_at,
            (array_agg(s.submission_id order by s.received_at, s.version, s.submission_id)
                filter (where s.state not in ('rejected', 'received')))[1] as first_submission_id,
            (array_agg(s.is_nil order by s.received_at desc, s.version desc nulls last, s.submission_id desc)
                filter (where s.state not in ('rejected', 'received')))[1] as stands_as_nil,
            bool_or(s.state = 'received') as is_held
        from ops.submission as s
        where s.received_at <= as_of
            and s.state in ('accepted', 'accepted_with_rejects', 'superseded', 'stale', 'rejected', 'received')
        group by s.organisation_code, s.feed, s.period
    )
    select
        o.organisation_code,
        g.name,
        g.kind,
        g.district_code,
        o.feed,
        o.period,
        o.period_start,
        o.period_end,
        o.due_at,
        o.grace_until,
        case
            when w.organisation_code is not null then 'waived'
            when r.first_received_at is not null and r.stands_as_nil then 'nil'
            when r.first_received_at <= o.due_at then 'on_time'
            when r.first_received_at is not null then 'late'
            -- It has come and waits for a person of ours: no fault of the sender's.
            when r.is_held then 'due'
            when as_of > o.grace_until then 'missing'
            -- What is due within its own period (yearly tasks) is owed from the first day of it.
            when o.due_at < ops.end_of_day(o.period_end) or as_of >= ops.end_of_day(o.period_end) then 'due'
            else 'not_due'
        end,
        case
            when w.organisation_code is not null or r.first_received_at is not null then null
            when r.is_held then 'held'
            when r.organisation_code is not null then 'rejected'
            when as_of > o.grace_until then 'nothing received'
        end,
        r.first_received_at,
        r.first_submission_id
    from ops.obligation as o
    -- Owed by who was there during the period and is there when it falls due: an organisation opened in May does not owe
    -- that January's task, one closed in April does not owe April's ledger in May.
    inner join ops.organisation as g
        on g.organisation_code = o.organisation_code
        and o.period_end >= g.opened_on
        and o.due_at >= ops.end_of_day(g.opened_on - 1)
        and (g.closed_on is null or (o.period_start <= g.closed_on and o.due_at < ops.end_of_day(g.closed_on)))
    left join received as r
        on r.organisation_code = o.organisation_code and r.feed = o.feed and r.period = o.period
    left join ops.waiver as w
        on w.organisation_code = o.organisation_code and w.feed = o.feed and w.period = o.period
        and w.waived_at <= as_of
    where ops.end_of_day(o.period_start - 1) < as_of
$$;

-- What each obligation counts as. Every figure of the terminal, the board, the messages and the mart is a sum of these.
create function ops.obligation_measure(as_of timestamptz)
returns table (
    recipient text,
    organisation_code text,
    organisation_name text,
    kind text,
    district_code text,
    feed text,
    period text,
    period_start date,
    period_end date,
    due_at timestamptz,
    grace_until timestamptz,
    state text,
    reason text,
    received_at timestamptz,
    submission_id text,
    is_expected boolean,
    is_actual boolean,
    is_on_time boolean,
    is_late boolean,
    is_awaited boolean,
    is_missing boolean,
    is_rejected boolean,
    is_nil boolean,
    is_waived boolean,
    is_open boolean
)
language sql stable parallel safe
as $$
    select
        coalesce(s.district_code, s.organisation_code),
        s.organisation_code,
        s.organisation_name,
        s.kind,
        s.district_code,
        s.feed,
        s.period,
        s.period_start,
        s.period_end,
        s.due_at,
        s.grace_until,
        s.state,
        s.reason,
        s.received_at,
        s.submission_id,
        s.state in ('on_time', 'late', 'nil', 'missing') or (s.state = 'due' and s.due_at <= as_of),
        s.state in ('on_time', 'late', 'nil'),
        s.state in ('on_time', 'late', 'nil') and s.received_at <= s.due_at,
        s.state in ('on_time', 'late', 'nil') and s.received_at > s.due_at,
        s.state = 'due' and s.due_at <= as_of,
        s.state = 'missing',
        (s.state = 'missing' or (s.state = 'due' and s.due_at <= as_of)) and s.reason is not distinct from 'rejected',
        s.state = 'nil',
        s.state = 'waived',
        s.state = 'due' and s.due_at > as_of
    from ops.obligation_state(as_of) as s
$$;
comment on function ops.obligation_measure(timestamptz) is
    'The reporting rates of DHIS2, one obligation each: is_expected = is_actual or is_awaited or is_missing; '
    'is_actual = is_on_time or is_late (nil reports are actual); is_rejected is a part of awaited and missing. '
    'Expected: its due time has come, or it was met before it; neither waived nor not due. is_open: owed, not past its '
    'due time. recipient: the district it is told to, or the organisation itself where it lies in none';

create function ops.reporting_rate(as_of timestamptz)
returns table (
    recipient text,
    feed text,
    period text,
    period_start date,
    period_end date,
    expected bigint,
    actual bigint,
    on_time bigint,
    late bigint,
    awaited bigint,
    missing bigint,
    rejected bigint,
    nil bigint,
    waived bigint,
    open bigint,
    reporting_rate numeric,
    reporting_rate_on_time numeric,
    last_received_at timestamptz
)
language sql stable parallel safe
as $$
    select
        m.recipient,
        m.feed,
        m.period,
        m.period_start,
        m.period_end,
        count(*) filter (where m.is_expected),
        count(*) filter (where m.is_actual),
        count(*) filter (where m.is_on_time),
        count(*) filter (where m.is_late),
        count(*) filter (where m.is_awaited),
        count(*) filter (where m.is_missing),
        count(*) filter (where m.is_rejected),
        count(*) filter (where m.is_nil),
        count(*) filter (where m.is_waived),
        count(*) filter (where m.is_open),
        round(count(*) filter (where m.is_actual)::numeric / nullif(count(*) filter (where m.is_expected), 0), 6),
        round(count(*) filter (where m.is_on_time)::numeric / nullif(count(*) filter (where m.is_expected), 0), 6),
        max(m.received_at)
    from ops.obligation_measure(as_of) as m
    where m.state <> 'not_due'
    group by m.recipient, m.feed, m.period, m.period_start, m.period_end
$$;
comment on function ops.reporting_rate(timestamptz) is
    'Expected, actual, on time, reporting rate and reporting rate on time (DHIS2) by recipient, feed and period; rates are '
    'null where nothing is expected. The same figures as marts.mart_submission_timeliness, at any instant';

-- From when the last night that read the whole inbox had looked into it: what lay there before is known, what came since is not.
create function ops.inbox_read_until(source text) returns timestamptz
language sql stable parallel safe
return (select max(at - make_interval(secs => seconds)) from ops.step_outcome
    where step = 'inbox read' and subject = source and outcome = 'succeeded');
comment on function ops.inbox_read_until(text) is
    'Start of the last complete reading of what was delivered (source: ledgers or loans); null before the first';
create index step_outcome_inbox_read on ops.step_outcome (subject, at) where step = 'inbox read';

alter table ops.alert_obligation
    drop constraint alert_obligation_kind_check,
    add constraint alert_obligation_kind_check
        check (kind in ('reminder', 'missing', 'rejected', 'escalated', 'mended', 'relieved'));
comment on column ops.alert_obligation.kind is
    'relieved: mended, as told to the parent organisation it had been escalated to';

create table ops.alert_submission (
    submission_id text primary key,
    alert_key text not null references ops.alert (alert_key)
);
comment on table ops.alert_submission is 'Held submissions the engineers have been told of, written with the alert that tells them';
insert into ops.alert_submission (submission_id, alert_key)
    select split_part(alert_key, '|', 2), alert_key from ops.alert where alert_key like 'held|%';
