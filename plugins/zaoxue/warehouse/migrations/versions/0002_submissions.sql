create function ops.end_of_day(day date) returns timestamptz
language sql immutable parallel safe
return ((day + 1)::timestamp at time zone 'Asia/Shanghai');
comment on function ops.end_of_day(date) is 'The instant at which the night of a day is judged: midnight after it, Asia/Shanghai';

create function ops.nth_working_day(from_day date, n integer) returns date
language sql stable parallel safe
return (select day from ops.calendar_day where day >= from_day and is_workday order by day offset n - 1 limit 1);
comment on function ops.nth_working_day(date, integer) is
    'The n-th working day on or after from_day, n from 1; null where ops.calendar_day ends before it';

create function ops.add_working_days(from_day date, n integer) returns date
language sql stable parallel safe
return (case when n = 0 then from_day else ops.nth_working_day(from_day + 1, n) end);
comment on function ops.add_working_days(date, integer) is 'The n-th working day after from_day; from_day itself for n = 0';

-- One definition for the terminal, the alerts and the mart. A single select, so that PostgreSQL inlines it and a
-- condition on, say, district_code reaches the tables.
create function ops.obligation_state(as_of timestamptz)
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
            min(s.received_at) filter (where s.state <> 'rejected') as first_received_at,
            (array_agg(s.submission_id order by s.received_at, s.version, s.submission_id)
                filter (where s.state <> 'rejected'))[1] as first_submission_id,
            (array_agg(s.is_nil order by s.received_at desc, s.version desc nulls last, s.submission_id desc)
                filter (where s.state <> 'rejected'))[1] as stands_as_nil
        from ops.submission as s
        where s.received_at <= as_of
            and s.state in ('accepted', 'accepted_with_rejects', 'superseded', 'stale', 'rejected')
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
            when as_of > o.grace_until then 'missing'
            -- What is due within its own period (yearly tasks) is owed from the first day of it.
            when o.due_at < ops.end_of_day(o.period_end) or as_of >= ops.end_of_day(o.period_end) then 'due'
            else 'not_due'
        end,
        case
            when w.organisation_code is not null or r.first_received_at is not null then null
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
    'reason is rejected where only rejected files came (state not_due, due or missing), nothing received for other '
    'missing ones. '
    'received_at and submission_id are those of the first accepted version';

create table ops.watch_night (
    as_of date primary key,
    watched_at timestamptz not null default now()
);
comment on table ops.watch_night is 'Nights the submission watch has judged; alerts never go back before the last one';

create table ops.alert_obligation (
    organisation_code text not null references ops.organisation,
    feed text not null,
    period text not null,
    episode integer not null,
    kind text not null check (kind in ('missing', 'rejected', 'mended')),
    alert_key text not null references ops.alert (alert_key),
    primary key (organisation_code, feed, period, episode, kind)
);
create index alert_obligation_alert on ops.alert_obligation (alert_key);
comment on table ops.alert_obligation is 'What has been told about an obligation, written with the alert that tells it';
comment on column ops.alert_obligation.episode is
    'From 0; a mended message ends an episode, so what goes missing again is told again';

create table ops.alert_delivery (
    alert_key text not null references ops.alert (alert_key),
    channel text not null,
    delivered_at timestamptz not null default now(),
    primary key (alert_key, channel)
);
comment on table ops.alert_delivery is 'Channels an alert has reached: one that fails is tried again without repeating the others';
comment on column ops.alert_delivery.channel is 'file, or the scheme and a digest of an Apprise address (the address itself is a secret)';
