create table ops.mart_build (
    only_one boolean primary key default true check (only_one),
    as_of date not null,
    fingerprint text not null,
    built_at timestamptz not null default now()
);
comment on table ops.mart_build is
    'The build that the marts hold, whole and tested: at most one row, none while a build runs or after one that failed';
comment on column ops.mart_build.fingerprint is
    'Hash of what a build rests on besides rows: models, seeds, parameters in force, registry';

create table ops.changed_person (
    person_key text not null
);
comment on table ops.changed_person is
    'People of whom a row of raw was written, closed, reopened or removed since that build; may name one many times';

-- In the transaction of whoever changes raw. Without a build to stand on the next one is whole, and nothing need be kept.
create function ops.keep_changed_people() returns trigger
language plpgsql security definer set search_path = pg_catalog, pg_temp
as $$
begin
    if not exists (select from ops.mart_build) then
        return null;
    end if;
    if tg_op in ('INSERT', 'UPDATE') then
        insert into ops.changed_person select distinct person_key from rows_after where person_key is not null;
    end if;
    if tg_op in ('DELETE', 'UPDATE') then
        insert into ops.changed_person select distinct person_key from rows_before where person_key is not null;
    end if;
    if tg_op = 'TRUNCATE' then
        delete from ops.mart_build;
    end if;
    return null;
end
$$;
comment on function ops.keep_changed_people() is 'Trigger of each table of raw that has a person_key';

create function ops.watch_people(feed text) returns void
language plpgsql set search_path = pg_catalog, pg_temp
as $$
begin
    if exists (select from pg_trigger where tgrelid = format('raw.%I', feed)::regclass and tgname = 'people_inserted') then
        return;
    end if;
    execute format(
        'create trigger people_inserted after insert on raw.%I referencing new table as rows_after
        for each statement execute function ops.keep_changed_people()', feed
    );
    execute format(
        'create trigger people_updated after update on raw.%I referencing old table as rows_before new table as rows_after
        for each statement execute function ops.keep_changed_people()', feed
    );
    execute format(
        'create trigger people_deleted after delete on raw.%I referencing old table as rows_before
        for each statement execute function ops.keep_changed_people()', feed
    );
    execute format(
        'create trigger people_truncated after truncate on raw.%I
        for each statement execute function ops.keep_changed_people()', feed
    );
    -- What was written before is in no journal.
    delete from ops.mart_build;
end
$$;
comment on function ops.watch_people(text) is 'Makes a table of raw tell ops.changed_person whose rows change; may be called again';

create function ops.void_mart_build() returns void
language sql security definer set search_path = pg_catalog, pg_temp
as $$ delete from ops.mart_build $$;
comment on function ops.void_mart_build() is 'Called by dbt before it changes anything: nothing can be built upon until the build has been recorded';

create function ops.record_mart_build(built_as_of date, built_fingerprint text) returns void
language plpgsql security definer set search_path = pg_catalog, pg_temp
as $$
begin
    delete from ops.mart_build;
    truncate ops.changed_person;
    if built_fingerprint is not null then
        insert into ops.mart_build (as_of, fingerprint) values (built_as_of, built_fingerprint);
    end if;
end
$$;
comment on function ops.record_mart_build(date, text) is
    'Called when everything is built and tested, under the lock that builds hold; without a fingerprint nothing can be built upon';

create function ops.registry_digest() returns text
language sql stable security definer set search_path = pg_catalog, pg_temp
as $$
    select md5(string_agg(concat_ws('|', organisation_code, kind, parent_code, district_code, opened_on, closed_on), '~'
        order by organisation_code))
    from ops.organisation
$$;
comment on function ops.registry_digest() is 'Changes when an organisation comes, goes or moves to another district';

-- Tables that are there already; later ones are watched from when they are made.
do $$
declare
    feed text;
begin
    for feed in
        select table_name from information_schema.columns
        where table_schema = 'raw' and column_name = 'person_key'
    loop
        perform ops.watch_people(feed);
    end loop;
    perform ops.grant_access();
end $$;
