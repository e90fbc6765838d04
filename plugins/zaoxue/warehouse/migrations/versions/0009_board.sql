create table ops.night_board (
    month date not null check (extract(day from month) = 1),
    feed text not null,
    recipient_code text not null references ops.organisation,
    last_night date not null,
    outstanding integer not null,
    missing integer not null,
    rejected integer not null,
    held integer not null,
    overdue integer not null,
    late integer not null,
    met integer not null,
    primary key (month, feed, recipient_code)
);
comment on table ops.night_board is
    'How each recipient stood with each feed at the end of each night of a month, as judged then: bit 0 of a state is the '
    '1st of the month. Several states of one night stand side by side; the board shows the worst';
comment on column ops.night_board.recipient_code is 'The district, or the organisation itself where it lies in none';
comment on column ops.night_board.last_night is 'Last night of the month that was judged';
comment on column ops.night_board.outstanding is 'Obligations missing at the end of last_night, those with only rejected files too';
comment on column ops.night_board.missing is 'Nights on which something was missing and nothing had come';
comment on column ops.night_board.rejected is 'Nights on which something past its due time had come only to be rejected';
comment on column ops.night_board.held is 'Nights on which a file waited for a person to release it';
comment on column ops.night_board.overdue is 'Nights on which something was past its due time and still in its grace';
comment on column ops.night_board.late is 'Nights on which the latest ledger due had come late';
comment on column ops.night_board.met is 'Nights on which the latest ledger due had come in time, or was waived';

create function ops.other_nights(month date, first_night date, last_night date) returns integer
language sql immutable parallel safe
return (
    with nights as (
        select
            greatest(first_night, month) - month as skipped,
            least(last_night, (month + interval '1 month - 1 day')::date) - greatest(first_night, month) + 1 as n
    )
    select case when n > 0 then ~(((1::bigint << n) - 1) << skipped)::integer else -1 end from nights
);
comment on function ops.other_nights(date, date, date) is 'Bits of the nights of a month that are not from first_night to last_night';

create function ops.remember_nights(first_night date, last_night date, until timestamptz, recipient text) returns bigint
language sql
as $$
    with judged as (
        select
            n.night::date as night,
            s.*,
            s.due_at <= n.at as is_past_due,
            row_number() over (
                partition by n.night, s.organisation_code, s.feed, s.due_at <= n.at order by s.period_start desc
            ) as periods_ago
        from (
            select day as night, least(ops.end_of_day(day::date), until) as at
            from generate_series(first_night, last_night, interval '1 day') as day
        ) as n
        cross join lateral ops.obligation_measure(n.at) as s
        where remember_nights.recipient is null or s.recipient = remember_nights.recipient
    ),

    marked as (
        select
            date_trunc('month', night)::date as month,
            feed,
            judged.recipient as recipient_code,
            night,
            1 << (extract(day from night)::integer - 1) as bit,
            is_missing as is_outstanding,
            is_missing and reason is distinct from 'rejected' as is_missing,
            is_rejected,
            reason = 'held' as is_held,
            is_awaited and reason is null as is_overdue,
            is_past_due and periods_ago = 1 and is_late as is_late,
            is_past_due and periods_ago = 1 and (is_waived or is_on_time) as is_met
        from judged
    ),

    boarded as (
        insert into ops.night_board as b (
            month, feed, recipient_code, last_night, outstanding, missing, rejected, held, overdue, late, met
        )
        select
            month,
            feed,
            recipient_code,
            max(night),
            count(*) filter (where is_outstanding and night = least(remember_nights.last_night, (month + interval '1 month - 1 day')::date)),
            coalesce(bit_or(bit) filter (where is_missing), 0),
            coalesce(bit_or(bit) filter (where is_rejected), 0),
            coalesce(bit_or(bit) filter (where is_held), 0),
            coalesce(bit_or(bit) filter (where is_overdue), 0),
            coalesce(bit_or(bit) filter (where is_late), 0),
            coalesce(bit_or(bit) filter (where is_met), 0)
        from marked
        group by month, feed, recipient_code
        on conflict (month, feed, recipient_code) do update set
            last_night = greatest(b.last_night, excluded.last_night),
            outstanding = case when excluded.last_night >= b.last_night then excluded.outstanding else b.outstanding end,
            missing = b.missing & ops.other_nights(b.month, first_night, remember_nights.last_night) | excluded.missing,
            rejected = b.rejected & ops.other_nights(b.month, first_night, remember_nights.last_night) | excluded.rejected,
            held = b.held & ops.other_nights(b.month, first_night, remember_nights.last_night) | excluded.held,
            overdue = b.overdue & ops.other_nights(b.month, first_night, remember_nights.last_night) | excluded.overdue,
            late = b.late & ops.other_nights(b.month, first_night, remember_nights.last_night) | excluded.late,
            met = b.met & ops.other_nights(b.month, first_night, remember_nights.last_night) | excluded.met
        returning 1
    )

    select count(*) from boarded
$$;
comment on function ops.remember_nights(date, date, timestamptz, text) is
    'Judges those nights by ops.obligation_measure, none later than an instant, for one recipient or (null) for all, and '
    'writes them into ops.night_board in place of what stood for them. Returns the rows written';

create table ops.account_organisation (
    account text not null,
    organisation_code text not null references ops.organisation,
    granted_by text not null default session_user,
    granted_at timestamptz not null default now(),
    primary key (account, organisation_code)
);
comment on table ops.account_organisation is
    'Organisations an account of the board sees, with all that lies below them; one that is named as an organisation needs no row';

create function ops.organisations_within(tops text[]) returns setof text
language sql stable parallel safe set search_path = pg_catalog, pg_temp
as $$
    with recursive placed as (
        -- Where the registry names no parent, the division code does: 9 digits lie in 6, 6 in 4, 4 in 2.
        select
            organisation_code,
            coalesce(
                parent_code,
                case when organisation_code ~ '^([0-9]{4}|[0-9]{6}|[0-9]{9})$' then
                    left(organisation_code, case length(organisation_code) when 9 then 6 when 6 then 4 else 2 end)
                end
            ) as parent
        from ops.organisation
    ),

    tree as (
        select organisation_code from placed where organisation_code = any(tops)
        union
        select p.organisation_code from placed as p inner join tree as t on p.parent = t.organisation_code
    )

    select organisation_code from tree
$$;
comment on function ops.organisations_within(text[]) is 'The organisations named, and all that lie below them in the registry';

-- Row-level security for accounts that are no logins: the board sets the role zaoxue_board and names the organisations.
create or replace function ops.districts_of(reader name) returns setof text
language sql stable security definer set search_path = pg_catalog, pg_temp
as $$
    select district_code from ops.login_district where login = reader
    union
    select o.organisation_code
    from ops.organisations_within(string_to_array(current_setting('zaoxue.organisations', true), ',')) as w (organisation_code)
    inner join ops.organisation as o on w.organisation_code = o.organisation_code
    where reader = 'zaoxue_board' and o.kind = 'district'
$$;
comment on function ops.districts_of(name) is
    'Districts of a login; of the board, those within the organisations it has named for the account it serves';

create or replace function ops.access_roles() returns table (role_name text, purpose text)
language sql immutable
as $$
    values
        ('zaoxue_loader', 'Zaoxue: writes raw and ops'),
        ('zaoxue_transformer', 'Zaoxue: reads raw and ops, makes staging, intermediate and marts'),
        ('zaoxue_analyst', 'Zaoxue: reads marts, every district'),
        ('zaoxue_district', 'Zaoxue: reads the rows of marts of its own district (ops.login_district)'),
        ('zaoxue_board', 'Zaoxue: what the board becomes to read marts for the account of a district')
$$;

create function ops.missing_memberships() returns table (role_name text, member text)
language sql stable set search_path = pg_catalog, pg_temp
as $$
    -- zaoxue_board sees what zaoxue_district sees, and the owner, as whom the board logs in, may become it.
    select w.role_name, w.member
    from (values ('zaoxue_district', 'zaoxue_board'), ('zaoxue_board', current_user::text)) as w (role_name, member)
    where
        case when to_regrole(w.role_name) is not null and to_regrole(w.member) is not null then
            not pg_has_role(
                w.member,
                w.role_name,
                -- Since PostgreSQL 16 a member need not be allowed to set the role.
                case when current_setting('server_version_num')::integer >= 160000 then 'set' else 'member' end
            )
            else true
        end
$$;
comment on function ops.missing_memberships() is 'Roles that another role, or the caller, should be a member of and is not';

alter function ops.grant_access() rename to grant_four_roles;
comment on function ops.grant_four_roles() is 'Part of ops.grant_access()';
create function ops.grant_access() returns setof text
language plpgsql set search_path = pg_catalog, pg_temp
as $$
declare
    missing text[] := array(select ops.grant_four_roles());
    wanted record;
begin
    for wanted in select * from ops.missing_memberships() where to_regrole(role_name) is not null and to_regrole(member) is not null
    loop
        begin
            execute format('grant %I to %I', wanted.role_name, wanted.member);
        exception
            when insufficient_privilege then null; -- told by ops.missing_memberships()
        end;
    end loop;
    if to_regrole('zaoxue_loader') is not null then
        -- Who sees which organisation is not the loader's to decide.
        revoke insert, update, delete on ops.account_organisation from zaoxue_loader;
    end if;
    return query select unnest(missing);
end
$$;
comment on function ops.grant_access() is
'Makes the roles and gives them what is theirs; may be called again. Returns the roles that are missing because the caller may not make them';

do $$ begin perform ops.grant_access(); end $$;
