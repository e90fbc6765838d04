"""Connect as each role and try: what must work, and above all what must fail."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

import psycopg
import pytest
from psycopg.conninfo import conninfo_to_dict
from typer.testing import CliRunner

from tests.warehouse.conftest import AS_OF, Built, build_world, new_warehouse
from zaoxue.cli.app import app
from zaoxue.contracts import load_contracts
from zaoxue.loading.raw_tables import ensure_raw_table
from zaoxue.settings import Settings
from zaoxue.warehouse.access import grant_access
from zaoxue.warehouse.database import connect, create_database
from zaoxue.warehouse.dbt_build import build_marts
from zaoxue.warehouse.embedded import EmbeddedPostgres
from zaoxue.warehouse.migrate import migrate

OWN, OTHER = "990101", "990102"
FOR_ALL = {"dim_code", "dim_date", "dim_course", "mart_retention_published"}
DENIED = (psycopg.errors.InsufficientPrivilege, psycopg.errors.UndefinedTable, psycopg.errors.UndefinedFunction)


def url_of(settings: Settings, login: str) -> str:
    address = conninfo_to_dict(str(settings.database_url))
    return f"postgresql://{login}@/{address['dbname']}?host={address['host']}&port={address['port']}"


@contextmanager
def new_login(server: EmbeddedPostgres, group: str | None, options: str = "") -> Iterator[str]:
    """A login of a group; it is dropped with all that it owns and may do."""
    name = f"u_{os.urandom(6).hex()}"
    with psycopg.connect(server.url, autocommit=True) as connection:
        connection.execute(f"create role {name} login {options} {f'in role {group}' if group else ''}".encode())
    yield name
    with psycopg.connect(server.url, autocommit=True) as connection:
        for (database,) in connection.execute("select datname from pg_database where datallowconn").fetchall():
            with psycopg.connect(server.database_url(database), autocommit=True) as there:
                there.execute(f"reassign owned by {name} to postgres; drop owned by {name}".encode())
        connection.execute(f"drop role {name}".encode())


@dataclass(frozen=True)
class Reader:
    """A connection of one login; `may` and `may_not` say what came of a statement, and leave nothing behind."""

    connection: psycopg.Connection

    def ask(self, statement: str) -> list[tuple[object, ...]]:
        with self.connection.transaction(force_rollback=True):
            cursor = self.connection.execute(statement.encode())
            return cursor.fetchall() if cursor.description else []

    def must_fail(self, statement: str) -> None:
        with pytest.raises(DENIED), self.connection.transaction(force_rollback=True):
            self.connection.execute(statement.encode())


@contextmanager
def reader(built: Built, server: EmbeddedPostgres, group: str | None, *districts: str) -> Iterator[Reader]:
    with new_login(server, group) as login:
        with connect(built.settings) as connection:
            for district in districts:
                connection.execute("insert into ops.login_district values (%s, %s)", [login, district])
        with psycopg.connect(url_of(built.settings, login), autocommit=True) as connection:
            yield Reader(connection)
        with connect(built.settings) as connection:
            connection.execute("delete from ops.login_district where login = %s", [login])


def marts_of(built: Built) -> list[str]:
    return [
        n
        for (n,) in built.query(
            "select relname from pg_class where relnamespace = 'marts'::regnamespace and relkind = 'r'"
        )
    ]


def columns_of(built: Built, mart: str) -> list[str]:
    return [
        name
        for (name,) in built.query(
            "select column_name from information_schema.columns where table_schema = 'marts' and table_name = %s", mart
        )
    ]


def test_a_district_sees_its_own_rows_of_every_mart_and_no_other(
    built: Built, postgres_server: EmbeddedPostgres
) -> None:
    with reader(built, postgres_server, "zaoxue_district", OWN) as own:
        for mart in marts_of(built):
            columns = columns_of(built, mart)
            if "district_code" in columns:
                where = f"district_code = '{OWN}'"
            elif mart in FOR_ALL:
                where = "true"
            else:
                where = {
                    "dim_person": f"township_code like '{OWN}%'",
                    "bridge_person_hardship": "person_key in (select person_key from marts.dim_person"
                    f" where township_code like '{OWN}%')",
                    "mart_retention_employer": "false",  # counts of all districts together
                    "dim_employer": f"employer_key in (select employer_key from marts.fct_placement where district_code = '{OWN}')",
                }.get(mart, f"place_code like '{OWN}%'")
            wanted = sorted(built.query(f"select t::text from marts.{mart} as t where {where}"))
            assert sorted(own.ask(f"select t::text from marts.{mart} as t")) == wanted, mart
            assert own.ask(f"select count(*) from marts.{mart} where not ({where})") == [(0,)], mart
        assert own.ask("select count(*) > 100 from marts.fct_placement") == [(True,)]
        assert own.ask("select count(*) > 0 from marts.bridge_person_hardship") == [(True,)]
        assert own.ask("select count(*) > 0 from marts.dim_employer") == [(True,)]


def test_two_districts_or_none(built: Built, postgres_server: EmbeddedPostgres) -> None:
    with reader(built, postgres_server, "zaoxue_district", OWN, OTHER) as both:
        assert both.ask("select distinct district_code from marts.fct_placement order by 1") == [(OWN,), (OTHER,)]
    with reader(built, postgres_server, "zaoxue_district") as stranger:
        for mart in set(marts_of(built)) - FOR_ALL:
            assert stranger.ask(f"select count(*) from marts.{mart}") == [(0,)], mart
        with connect(built.settings) as connection:
            advice = grant_access(connection)
        assert [login for login in advice.strangers if login.startswith("u_")] == [stranger.connection.info.user]


FORBIDDEN_TO_READERS = (
    "select * from raw.placement",
    "select * from ops.submission",
    "select * from ops.login_district",
    "select * from ops.organisation",
    "select * from staging.stg_placement",
    "select * from intermediate.int_placements",
    "select ops.districts_of('postgres')",
    "select ops.people_of('postgres')",
    "select ops.secure_mart('fct_placement', 'everyone')",
    "select ops.grant_access()",
    "insert into ops.login_district values (current_user, '990102')",
    "insert into marts.dim_code select * from marts.dim_code",
    "update marts.fct_placement set district_code = '990101'",
    "delete from marts.fct_placement",
    "truncate marts.fct_placement",
    "drop table marts.fct_placement",
    "alter table marts.fct_placement disable row level security",
    "alter policy zaoxue_district on marts.fct_placement using (true)",
    "drop policy zaoxue_district on marts.fct_placement",
    "create policy mine on marts.fct_placement using (true)",
    "create table marts.mine (a int)",
    "create view marts.mine as select 1 as a",
    "create table public.mine (a int)",
    "create schema mine",
    "set role zaoxue_loader",
    "set role zaoxue_transformer",
    "set role postgres",
    "set session authorization postgres",
    "alter role current_user bypassrls",
    "copy marts.fct_placement to program 'cat'",
    "copy marts.fct_placement to '/tmp/never'",
    "select pg_read_file('/etc/hostname')",
)


@pytest.mark.parametrize("group", ["zaoxue_analyst", "zaoxue_district"])
def test_readers_read_marts_alone(built: Built, postgres_server: EmbeddedPostgres, group: str) -> None:
    with reader(built, postgres_server, group, OWN) as who:
        assert who.ask("select count(*) > 0 from marts.fct_placement") == [(True,)]
        for statement in FORBIDDEN_TO_READERS:
            who.must_fail(statement)
        who.must_fail("set role zaoxue_analyst" if group == "zaoxue_district" else "set role zaoxue_district")
        assert built.query("select count(*) from marts.fct_placement") != [(0,)]


def test_an_analyst_reads_every_row(built: Built, postgres_server: EmbeddedPostgres) -> None:
    with reader(built, postgres_server, "zaoxue_analyst") as analyst:
        for mart in marts_of(built):
            assert analyst.ask(f"select count(*) from marts.{mart}") == built.query(
                f"select count(*) from marts.{mart}"
            ), mart


def test_a_login_without_a_role_reads_nothing(built: Built, postgres_server: EmbeddedPostgres) -> None:
    with reader(built, postgres_server, None, OWN) as nobody:
        nobody.must_fail("select * from marts.dim_code")
        nobody.must_fail("select * from ops.organisation")


def test_no_way_round_the_row_level_security(built: Built, postgres_server: EmbeddedPostgres) -> None:
    with reader(built, postgres_server, "zaoxue_district", OWN) as own:
        own.must_fail("set local row_security = off; select * from marts.fct_placement")
        said: list[str] = []
        own.connection.add_notice_handler(lambda notice: said.append(notice.message_primary or ""))
        own.ask(
            "create function pg_temp.tell(t text) returns boolean language plpgsql cost 0.0000001 as"
            " $$ begin raise notice 'seen %', t; return true; end $$;"
            " select count(*) from marts.fct_placement where pg_temp.tell(district_code)"
        )
        assert set(said) == {f"seen {OWN}"}, "a cheap function of one's own is asked before the policy"
        # Statistics hold values of all rows; PostgreSQL shows them only to who may see every row.
        assert own.ask("select count(*) from pg_stats where schemaname = 'marts' and tablename = 'fct_placement'") == [
            (0,)
        ]
        # An error must not tell the value of a row that is not one's own.
        assert own.ask(
            f"select count(1 / (case when district_code = '{OTHER}' then 0 else 1 end)) > 0 from marts.fct_placement"
        ) == [(True,)]
        assert own.ask(f"select count(*) from (table marts.fct_placement) as t where district_code = '{OTHER}'") == [
            (0,)
        ]
        assert own.ask(
            f"select count(*) from marts.fct_retention as r where exists (select from marts.fct_placement as p"
            f" where p.person_key = r.person_key and p.district_code = '{OTHER}')"
        ) == [(0,)]


def test_views_that_leak_are_named(built: Built, postgres_server: EmbeddedPostgres) -> None:
    assert built.query("select * from ops.access_leak") == []
    with reader(built, postgres_server, "zaoxue_district", OWN) as own, connect(built.settings) as owner:
        owner.execute("create view marts.as_owner as select * from marts.fct_placement")
        owner.execute(
            "create view marts.as_barrier with (security_barrier = true) as select * from marts.fct_placement"
        )
        owner.execute("create view marts.as_reader with (security_invoker = true) as select * from marts.fct_placement")
        owner.execute("create table marts.unsafe as select * from marts.fct_placement")
        owner.execute("create materialized view marts.kept as select * from marts.fct_placement")
        owner.execute("create table public.for_all as select * from marts.fct_placement")
        names = ("as_owner", "as_barrier", "as_reader", "unsafe", "kept")
        for name in names:
            owner.execute(f"grant select on marts.{name} to zaoxue_district".encode())
        owner.execute("grant select on public.for_all to public")
        owner.execute("grant select (organisation_code) on ops.organisation to zaoxue_analyst")
        owner.commit()
        try:
            districts = {
                name: own.ask(f"select count(distinct district_code) from marts.{name}")[0][0] for name in names
            }
            leaks = {row[:2] for row in built.query("select role_name, relation from ops.access_leak")}
        finally:
            owner.execute(
                "drop view marts.as_owner, marts.as_barrier, marts.as_reader; drop materialized view marts.kept;"
                "drop table marts.unsafe, public.for_all; revoke all (organisation_code) on ops.organisation from zaoxue_analyst"
            )
            owner.commit()
        assert districts["as_reader"] == 1
        assert {districts[name] for name in names if name != "as_reader"} == {2}, "they leak, as they are said to"
        assert leaks == {("zaoxue_district", f"marts.{name}") for name in names if name != "as_reader"} | {
            ("public", "public.for_all"),
            ("zaoxue_analyst", "public.for_all"),
            ("zaoxue_district", "public.for_all"),
            ("zaoxue_analyst", "ops.organisation"),
        }


def test_a_loader_writes_raw_and_ops_alone(built: Built, postgres_server: EmbeddedPostgres) -> None:
    with reader(built, postgres_server, "zaoxue_loader") as loader:
        loader.ask("insert into raw.placement select * from raw.placement where false")
        loader.ask("update raw.placement set _to_submission = 'later'")
        loader.ask("delete from ops.quarantine")
        loader.ask("insert into ops.step_outcome values ('r', 's', 't', 'succeeded', 1, 0.1)")
        loader.ask("create table raw.a_new_feed (a int)")
        loader.ask("select * from ops.obligation_state(now())")
        for statement in (
            "select * from marts.fct_placement",
            "select * from staging.stg_placement",
            "insert into ops.login_district values (current_user, '990102')",
            "drop table raw.placement",
            "create table marts.mine (a int)",
            "set role zaoxue_transformer",
        ):
            loader.must_fail(statement)


def test_a_transformer_builds_every_mart_and_writes_no_source(
    postgres_server: EmbeddedPostgres, template_database: str, tmp_path: Path
) -> None:
    settings = new_warehouse(postgres_server, template_database, tmp_path)
    with new_login(postgres_server, "zaoxue_transformer") as login:
        with connect(settings) as connection:
            for contract in load_contracts(settings.contracts).values():
                ensure_raw_table(connection, contract)
            connection.execute(
                "insert into ops.organisation values ('990101001', 'x', 'township', null, '990101', '2026-01-01')"
            )
        mine = replace(settings, database_url=url_of(settings, login))
        outcomes = build_marts(mine, AS_OF)
        assert {outcome.status for outcome in outcomes} <= {"success", "pass"}
        with psycopg.connect(str(mine.database_url), autocommit=True) as connection:
            transformer = Reader(connection)
            assert transformer.ask("select count(*) from marts.dim_district") == [(1,)]
            for statement in (
                "insert into raw.placement select * from raw.placement",
                "delete from ops.submission",
                "select alert_urls from ops.organisation",
                "select * from ops.alert",
                "insert into ops.login_district values (current_user, '990102')",
                "set role zaoxue_loader",
            ):
                transformer.must_fail(statement)
        with new_login(postgres_server, "zaoxue_district") as district:
            with connect(settings) as connection:
                connection.execute("insert into ops.login_district values (%s, '990101')", [district])
            with psycopg.connect(url_of(settings, district)) as connection:
                assert connection.execute("select district_code from marts.dim_district").fetchall() == [("990101",)]
                assert connection.execute("select count(*) from marts.dim_person").fetchall() == [(0,)]


def test_rights_outlive_a_build(settings: Settings, postgres_server: EmbeddedPostgres) -> None:
    with new_login(postgres_server, "zaoxue_district") as login:
        built = build_world(settings, 3, AS_OF)
        with connect(settings) as connection:
            connection.execute("insert into ops.login_district values (%s, %s)", [login, OWN])

        def seen() -> list[tuple[object, ...]]:
            with psycopg.connect(url_of(settings, login)) as connection:
                return connection.execute(
                    "select district_code, count(*) from marts.fct_placement group by 1"
                ).fetchall()

        before = seen()
        assert [row[0] for row in before] == [OWN]
        build_marts(settings, built.as_of)
        assert seen() == before
        assert built.query("select * from ops.access_leak") == []


def test_a_user_who_may_make_no_roles_is_told_what_to_do(
    postgres_server: EmbeddedPostgres, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """On a server of its own: roles belong to the whole server."""
    server = EmbeddedPostgres(tmp_path / "other", fast=True)
    server.start()
    try:
        with psycopg.connect(server.url, autocommit=True) as connection:
            connection.execute("create role office login")
            connection.execute("create database zaoxue owner office template template0 encoding 'UTF8'")
        address = re.sub("//postgres@", "//office@", server.database_url("zaoxue"))
        monkeypatch.setenv("ZAOXUE_DATABASE_URL", address)
        monkeypatch.setenv("ZAOXUE_HOME", str(tmp_path / "home"))
        first = CliRunner().invoke(app, ["db", "access"])
        assert first.exit_code == 1
        statements = re.findall(r"create role \w+ nologin;|grant \w+ to \"\w+\";", first.stderr)
        assert len(statements) == 5 + 2, first.stderr
        assert "CREATEROLE" in first.stderr
        with psycopg.connect(server.url, autocommit=True) as connection:
            connection.execute(" ".join(statements).encode())
        for _ in range(2):
            again = CliRunner().invoke(app, ["db", "access"])
            assert (again.exit_code, again.stderr) == (0, "")
        with psycopg.connect(address) as connection:
            assert connection.execute(
                "select has_schema_privilege('zaoxue_analyst', 'marts', 'usage'), has_schema_privilege('zaoxue_analyst', 'ops', 'usage')"
            ).fetchone() == (True, False)
    finally:
        server.stop()


def test_a_second_warehouse_of_a_server_finds_the_roles(postgres_server: EmbeddedPostgres, built: Built) -> None:
    url = postgres_server.database_url(f"t_{os.urandom(6).hex()}")
    create_database(url)
    migrate(replace(built.settings, database_url=url))
    with psycopg.connect(url) as connection:
        assert grant_access(connection).missing == ()
        assert connection.execute(
            "select count(*) from pg_roles where rolname like 'zaoxue\\_%' and not rolcanlogin"
        ).fetchone() == (5,)
