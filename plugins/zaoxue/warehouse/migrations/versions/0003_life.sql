create table ops.submission_act (
    act_id bigint generated always as identity primary key,
    submission_id text not null,
    act text not null check (act in ('withdraw', 'release', 'resend')),
    reason text not null,
    acted_by text not null,
    acted_at timestamptz not null default now(),
    outcome text not null
);
create index submission_act_submission on ops.submission_act (submission_id);
comment on table ops.submission_act is
    'What a person decided about a submission; without a foreign key, for a file that is processed again may get another id';
comment on column ops.submission_act.outcome is 'State of the submission after the act; id and state of each, where it became others';

create table ops.receipt (
    submission_id text primary key references ops.submission on delete cascade,
    path text,
    made_at timestamptz not null default now()
);
comment on table ops.receipt is 'Receipts that were made; a submission without a row here still gets one';
comment on column ops.receipt.path is
    'Inside the folder of receipts; null where there is none (articles, pages of an interface, what came before receipts)';
insert into ops.receipt (submission_id) select submission_id from ops.submission;

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
    inner join ops.organisation as g
        on g.organisation_code = o.organisation_code
        and o.period_end >= g.opened_on
        and (g.closed_on is null or g.closed_on >= o.period_start)
    left join received as r
        on r.organisation_code = o.organisation_code and r.feed = o.feed and r.period = o.period
    left join ops.waiver as w
        on w.organisation_code = o.organisation_code and w.feed = o.feed and w.period = o.period
        and w.waived_at <= as_of
    where ops.end_of_day(o.period_start - 1) < as_of
$$;
comment on function ops.obligation_state(timestamptz) is
    'State of every obligation as known at an instant: not_due, due, on_time, late, missing, nil, waived. '
    'On time is judged on the first accepted version, against due_at; missing begins after grace_until. '
    'reason is rejected where only rejected files came (state not_due, due or missing), held where a file '
    'waits for a person to release it (state due, even past the grace), nothing received for other missing ones. '
    'received_at and submission_id are those of the first accepted version';
