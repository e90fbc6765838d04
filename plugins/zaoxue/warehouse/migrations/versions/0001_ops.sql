create schema if not exists ops;
create schema if not exists raw;

create table ops.organisation (
    organisation_code text primary key,
    name text not null,
    kind text not null check (kind in ('province', 'prefecture', 'district', 'township', 'bank', 'news_source')),
    parent_code text references ops.organisation deferrable initially deferred,
    district_code text,
    opened_on date not null,
    closed_on date,
    alert_urls text not null default ''
);
comment on table ops.organisation is 'Who owes submissions: one row for each organisation of the registry';
comment on column ops.organisation.district_code is '6-digit code of the district the organisation lies in, itself for a district';
comment on column ops.organisation.opened_on is 'First day on which it owes anything';
comment on column ops.organisation.alert_urls is 'Apprise addresses, separated by spaces';

create table ops.calendar_day (
    day date primary key,
    is_workday boolean not null,
    basis text not null check (basis in ('holiday_table', 'plain_week'))
);
comment on table ops.calendar_day is 'Working days of China, make-up workdays included; plain_week where the holiday table ends';

create table ops.submission (
    submission_id text primary key,
    source_uri text not null,
    sha256 text not null,
    size_bytes bigint not null,
    received_at timestamptz not null,
    feed text,
    organisation_code text,
    district_code text,
    period text,
    period_end date,
    version integer,
    state text not null check (state in ('received', 'accepted', 'accepted_with_rejects', 'rejected', 'stale',
                                         'duplicate', 'superseded', 'withdrawn')),
    is_nil boolean not null default false,
    rows_in_file integer not null default 0,
    rows_accepted integer not null default 0,
    rows_quarantined integer not null default 0,
    rows_not_data integer not null default 0,
    reason_zh text,
    reason_en text,
    contract_version text,
    loaded_at timestamptz not null default now(),
    check (rows_in_file = rows_accepted + rows_quarantined + rows_not_data or state in ('rejected', 'stale', 'duplicate')),
    unique (organisation_code, feed, period, version)
);
create index submission_source on ops.submission (source_uri);
create index submission_obligation on ops.submission (feed, organisation_code, period);
comment on table ops.submission is 'One row for each received file and feed, whatever became of it';
comment on column ops.submission.submission_id is 'First 16 hex digits of a hash of address, content, time of receipt and feed: the same file always gets the same id';
comment on column ops.submission.received_at is 'When the file was delivered (its modification time in the inbox)';
comment on column ops.submission.version is 'Place among the accepted versions of its obligation, from 1; null where it was not accepted';

create table ops.sheet_account (
    submission_id text not null references ops.submission on delete cascade,
    sheet text not null,
    rows_in_file integer not null,
    rows_accepted integer not null,
    rows_quarantined integer not null,
    rows_not_data integer not null,
    primary key (submission_id, sheet),
    check (rows_in_file = rows_accepted + rows_quarantined + rows_not_data)
);
comment on table ops.sheet_account is 'Every row of every sheet accounted for: accepted, quarantined or recognised as not data';

create table ops.gate_result (
    submission_id text not null references ops.submission on delete cascade,
    rule_id text not null,
    severity text not null check (severity in ('critical', 'warning', 'info')),
    evaluated integer not null,
    failed integer not null,
    primary key (submission_id, rule_id)
);
comment on table ops.gate_result is 'Verdict of each rule of the gate on each submission, in rows';

create table ops.quarantine (
    submission_id text not null references ops.submission on delete cascade,
    sheet text not null,
    row integer not null,
    column_name text not null,
    header text,
    rule_id text not null,
    masked_value text,
    message_zh text not null,
    message_en text not null,
    primary key (submission_id, sheet, row, column_name, rule_id)
);
comment on table ops.quarantine is 'Why a row was kept out: one line for each row and rule; the value is masked, the original is in the archive';
comment on column ops.quarantine.row is 'Row number as Excel shows it';

create table ops.step_outcome (
    run_id text not null,
    step text not null,
    subject text not null,
    outcome text not null check (outcome in ('succeeded', 'failed', 'skipped')),
    rows bigint,
    seconds double precision not null,
    detail text,
    at timestamptz not null default now()
);
create index step_outcome_run on ops.step_outcome (run_id, step);
comment on table ops.step_outcome is 'One row for each step of each run, whether it succeeded or not';

create table ops.obligation (
    organisation_code text not null references ops.organisation,
    feed text not null,
    period text not null,
    period_start date not null,
    period_end date not null,
    due_at timestamptz not null,
    grace_until timestamptz not null,
    primary key (organisation_code, feed, period)
);
comment on table ops.obligation is 'What is owed: an organisation, a feed and a period, with its due time and the end of its grace';

create table ops.waiver (
    organisation_code text not null references ops.organisation,
    feed text not null,
    period text not null,
    reason text not null,
    waived_by text not null,
    waived_at timestamptz not null default now(),
    primary key (organisation_code, feed, period)
);
comment on table ops.waiver is 'Obligations that need not be met this period, with the reason';

create table ops.alert (
    alert_id bigint generated always as identity primary key,
    alert_key text not null unique,
    kind text not null,
    recipient text not null,
    subject text not null,
    body text not null,
    created_at timestamptz not null default now(),
    sent_at timestamptz,
    attempts integer not null default 0,
    last_error text
);
comment on table ops.alert is 'Outbox: written first under a unique key, then sent, then marked sent';
