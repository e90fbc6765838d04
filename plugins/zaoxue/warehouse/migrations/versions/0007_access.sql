create table ops.login_district (
    login text not null,
    district_code text not null check (district_code ~ '^[0-9]{6}$'),
    granted_by text not null default session_user,
    granted_at timestamptz not null default now(),
    primary key (login, district_code)
);
comment on table ops.login_district is 'Districts whose rows of the marts a login of zaoxue_district sees; no row, no rows';
comment on column ops.login_district.login is 'Role as it logs in (or as it was set); its memberships give nothing';

-- The functions the policies call. They read as their owner, so that a district needs no right on `ops` or on another
-- mart; their bodies are looked up when called, so that no policy hangs on a table which the next build replaces.
create function ops.districts_of(reader name) returns setof text
language sql stable security definer set search_path = pg_catalog, pg_temp
as $$ select district_code from ops.login_district where login = reader $$;
comment on function ops.districts_of(name) is 'Districts of a login';

create function ops.townships_of(reader name) returns setof text
language sql stable security definer set search_path = pg_catalog, pg_temp
as $$
    select organisation_code from ops.organisation
    where kind = 'township'
        and coalesce(district_code, substr(organisation_code, 1, 6)) in (select ops.districts_of(reader))
$$;
comment on function ops.townships_of(name) is 'Townships of the districts of a login';

create function ops.people_of(reader name) returns setof text
language plpgsql stable security definer set search_path = pg_catalog, pg_temp
as $$
begin
    return query
        select person_key from marts.dim_person where township_code in (select ops.townships_of(reader));
end
$$;
comment on function ops.people_of(name) is 'Person keys that the registers of the districts of a login hold';

create function ops.employers_of(reader name) returns setof text
language plpgsql stable security definer set search_path = pg_catalog, pg_temp
as $$
begin
    return query
        select distinct employer_key from marts.fct_placement
        where employer_key is not null and district_code in (select ops.districts_of(reader));
end
$$;
comment on function ops.employers_of(name) is 'Employers of the placements of the districts of a login';

create function ops.access_roles() returns table (role_name text, purpose text)
language sql immutable
as $$
    values
        ('zaoxue_loader', 'Zaoxue: writes raw and ops'),
        ('zaoxue_transformer', 'Zaoxue: reads raw and ops, makes staging, intermediate and marts'),
        ('zaoxue_analyst', 'Zaoxue: reads marts, every district'),
        ('zaoxue_district', 'Zaoxue: reads the rows of marts of its own district (ops.login_district)')
$$;
comment on function ops.access_roles() is 'The roles of Zaoxue, none of which can log in itself';

create function ops.secure_mart(mart text, seen_by text) returns void
language plpgsql set search_path = pg_catalog, pg_temp
as $$
declare
    -- What of a mart a district sees, by the column that tells; anything else: nothing.
    own text := case
        when seen_by = 'everyone' then 'true'
        when seen_by = 'district_code' then 'district_code in (select ops.districts_of(current_user))'
        when seen_by = 'township_code' then 'township_code in (select ops.townships_of(current_user))'
        when seen_by = 'person_key' then 'person_key in (select ops.people_of(current_user))'
        when seen_by = 'employer_key' then 'employer_key in (select ops.employers_of(current_user))'
        when seen_by = 'place_code' then 'substr(place_code, 1, 6) in (select ops.districts_of(current_user))'
        else 'false'
    end;
    wanted record;
    present text;
begin
    execute format('alter table marts.%I enable row level security', mart);
    for wanted in
        select * from (
            values
                ('zaoxue_transformer', 'true'),
                ('zaoxue_analyst', 'true'),
                ('zaoxue_district', own),
                -- As whom the functions above read: where another login builds the marts, they are not its own.
                ((select pg_get_userbyid(proowner) from pg_proc where oid = 'ops.people_of(name)'::regprocedure), 'true')
        ) as rules (reader, sees)
        where reader in (select rolname from pg_roles)
    loop
        -- A policy takes the table from its readers for a moment: only where it is not there as it should be.
        select obj_description(oid, 'pg_policy') into present
        from pg_policy where polrelid = format('marts.%I', mart)::regclass and polname = wanted.reader;
        if present is distinct from wanted.sees then
            execute format('drop policy if exists %I on marts.%I', wanted.reader, mart);
            execute format(
                'create policy %I on marts.%I for select to %I using (%s)', wanted.reader, mart, wanted.reader, wanted.sees
            );
            execute format('comment on policy %I on marts.%I is %L', wanted.reader, mart, wanted.sees);
        end if;
        if not has_table_privilege(wanted.reader, format('marts.%I', mart), 'select') then
            execute format('grant select on marts.%I to %I', mart, wanted.reader);
        end if;
    end loop;
end
$$;
comment on function ops.secure_mart(text, text) is
'Called by dbt in the transaction that makes a mart: rights and row-level security, by the column that tells the district';

create function ops.grant_access() returns setof text
language plpgsql set search_path = pg_catalog, pg_temp
as $$
declare
    wanted record;
begin
    for wanted in select * from ops.access_roles() where role_name not in (select rolname from pg_roles)
    loop
        begin
            execute format('create role %I nologin', wanted.role_name);
            execute format('comment on role %I is %L', wanted.role_name, wanted.purpose);
        exception
            when insufficient_privilege then null; -- returned below as missing
            when duplicate_object or unique_violation then null; -- another database of this server was faster
        end;
    end loop;

    create schema if not exists raw;
    create schema if not exists staging;
    create schema if not exists intermediate;
    create schema if not exists marts;
    -- Of what PostgreSQL makes, functions alone are everybody's by default.
    revoke all on all functions in schema ops from public;

    if to_regrole('zaoxue_loader') is not null then
        grant usage, create on schema raw to zaoxue_loader;
        grant usage on schema ops to zaoxue_loader;
        grant select, insert, update, delete on all tables in schema raw, ops to zaoxue_loader;
        grant usage, select on all sequences in schema raw, ops to zaoxue_loader;
        grant execute on all functions in schema ops to zaoxue_loader;
        alter default privileges in schema raw grant select, insert, update, delete on tables to zaoxue_loader;
        alter default privileges in schema ops grant select, insert, update, delete on tables to zaoxue_loader;
        alter default privileges in schema ops grant usage, select on sequences to zaoxue_loader;
        -- Who sees which district is not the loader's to decide.
        revoke insert, update, delete on ops.login_district from zaoxue_loader;
    end if;
    if to_regrole('zaoxue_transformer') is not null then
        grant usage on schema raw, ops to zaoxue_transformer;
        grant usage, create on schema staging, intermediate, marts to zaoxue_transformer;
        grant select on all tables in schema raw, ops to zaoxue_transformer;
        grant execute on all functions in schema ops to zaoxue_transformer;
        alter default privileges in schema raw grant select on tables to zaoxue_transformer;
        alter default privileges in schema ops grant select on tables to zaoxue_transformer;
        -- The address of a channel is a secret, and no model reads it.
        revoke select on ops.organisation, ops.alert from zaoxue_transformer;
        grant select (organisation_code, name, kind, parent_code, district_code, opened_on, closed_on)
        on ops.organisation to zaoxue_transformer;
    end if;
    if to_regrole('zaoxue_analyst') is not null then
        grant usage on schema marts to zaoxue_analyst;
    end if;
    if to_regrole('zaoxue_district') is not null then
        grant usage on schema marts to zaoxue_district;
        grant execute on function
        ops.districts_of(name), ops.townships_of(name), ops.people_of(name), ops.employers_of(name) to zaoxue_district;
    end if;
    return query select role_name from ops.access_roles() where to_regrole(role_name) is null;
end
$$;
comment on function ops.grant_access() is
'Makes the roles and gives them what is theirs; may be called again. Returns the roles that are missing because the caller may not make them';

create view ops.access_leak as
with readable as (
    select
        reader.role_name,
        c.oid,
        n.nspname,
        c.relname,
        c.relkind,
        c.relrowsecurity,
        coalesce(c.reloptions @> array['security_invoker=true'], false)
        or coalesce(c.reloptions @> array['security_invoker=on'], false) as asks_as_reader
    from (values ('public'), ('zaoxue_analyst'), ('zaoxue_district')) as reader (role_name)
    cross join pg_class as c
    inner join pg_namespace as n on c.relnamespace = n.oid
    where
        c.relkind in ('r', 'v', 'm', 'p', 'f')
        and n.nspname not like 'pg\_%' and n.nspname <> 'information_schema'
        and (reader.role_name = 'public' or to_regrole(reader.role_name) is not null)
        and has_any_column_privilege(reader.role_name, c.oid, 'select')
)

select
    role_name,
    nspname || '.' || relname as relation,
    case
        when role_name = 'public' then 'everybody may read it'
        when nspname <> 'marts' then 'it is not a mart'
        when relkind = 'v' then 'the view reads as its owner: make it with (security_invoker = true)'
        when relkind = 'm' then 'a materialised view has no rows of its own district'
        else 'it has no row-level security'
    end as why
from readable
where
    role_name = 'public'
    or nspname <> 'marts'
    or (role_name = 'zaoxue_district' and not relrowsecurity and not (relkind = 'v' and asks_as_reader));
comment on view ops.access_leak is 'What a reader can reach that it should not: must be empty';

do $$ begin perform ops.grant_access(); end $$;
