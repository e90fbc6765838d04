"""What other ledgers say, for the rules of the gate that look beyond the file.

Each lookup is what stands (the current rows of `raw`) in the districts of the batch, one row for each key. A ledger
that has not been sent yet gives an empty frame: its rules are then not judged, and no row suffers for a late file.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import polars as pl
import psycopg
from psycopg import sql

from zaoxue.loading.load import read_rows


@dataclass(frozen=True)
class Lookup:
    """`query` gives one row for each key, first column; `values` are its other columns and their types.

    `elsewhere`: only of organisations that have no file in the batch, and several rows for a key.
    """

    query: str
    values: dict[str, pl.DataType]
    elsewhere: bool = False


_TEXT, _DAY, _YES, _COUNT = pl.String(), pl.Date(), pl.Boolean(), pl.Int64()
# `{person}`, `{placement}`, … stand for the current rows of that feed in the batch's districts.
LOOKUPS = {
    "register": Lookup(
        "select distinct on (person_key) person_key, true, labour_ability, school_status, household_key from {person} as r"
        " order by person_key, registered_on desc, organisation_code",
        {"is_known": _YES, "labour_ability": _TEXT, "school_status": _TEXT, "household_key": _TEXT},
    ),
    "households": Lookup(
        "select distinct on (household_key) household_key, true, household_type, member_count from {household} as r"
        " order by household_key, organisation_code",
        {"is_known": _YES, "household_type": _TEXT, "member_count": _COUNT},
    ),
    "employment": Lookup(
        "select distinct person_key, true from {placement} as r where ended_on is null",
        {"is_known": _YES},
    ),
    "full_time_spells": Lookup(
        "select person_key, organisation_code, started_on, ended_on from {placement} as r"
        " where employment_type = 'transfer' and started_on is not null and person_key is not null",
        {"organisation_code": _TEXT, "started_on": _DAY, "ended_on": _DAY},
        elsewhere=True,
    ),
    "public_posts": Lookup(
        "select person_key, bool_or(special_programme in ('public_welfare_post', 'urban_public_post',"
        " 'special_public_post')) is true from {placement} as r group by person_key",
        {"is_known": _YES},
    ),
    "work_outside": Lookup(
        "select person_key, bool_or(region in ('in_city', 'in_province', 'other_province', 'abroad')) is true"
        " from {placement} as r group by person_key",
        {"is_known": _YES},
    ),
    # Nobody's work is known before the placement ledger has come, so a household has a count only once there is one.
    "households_at_work": Lookup(
        "select p.household_key, count(distinct w.person_key) from {person} as p"
        " left join (select person_key from {placement} as r where ended_on is null) as w on w.person_key = p.person_key"
        " where p.household_key is not null and exists (select from {placement} as r) group by p.household_key",
        {"working_members": _COUNT},
    ),
    "vacancies": Lookup(
        "select distinct on (vacancy_no) vacancy_no, true, posted_on, closes_on from {vacancy} as r"
        " order by vacancy_no, organisation_code",
        {"is_known": _YES, "posted_on": _DAY, "closes_on": _DAY},
    ),
    # Of the whole registry: an article speaks of places that are not its source's.
    "divisions": Lookup(
        "select organisation_code, true from ops.organisation"
        " where kind in ('province', 'prefecture', 'district', 'township')",
        {"is_known": _YES},
    ),
    "sites": Lookup(
        "select distinct on (site_code) site_code, true, withdrawn_on from {site} as r where site_code is not null"
        " order by site_code, organisation_code",
        {"is_known": _YES, "withdrawn_on": _DAY},
    ),
}
FEEDS = ("household", "person", "placement", "site", "vacancy")


def read_lookups(
    connection: psycopg.Connection, names: Iterable[str], districts: Iterable[str], senders: Iterable[str] = ()
) -> dict[str, pl.DataFrame]:
    """Frames of the named lookups: `key` and their values. Raises KeyError for a name that is not in LOOKUPS.

    `senders`: codes of the organisations that have a file in the batch; what they said before is about to be replaced.

    A lookup whose tables no load has made yet is left out.
    """
    wanted = sorted(set(names))
    if not wanted:
        return {}
    made = {
        name
        for (name,) in connection.execute("select tablename from pg_tables where schemaname = 'raw'").fetchall()
        if name in FEEDS
    }
    within = sorted(set(districts))
    standing = {feed: _standing(feed, within, []) for feed in made}
    elsewhere = {feed: _standing(feed, within, sorted(set(senders))) for feed in made}
    return {
        name: _read(connection, LOOKUPS[name], elsewhere if LOOKUPS[name].elsewhere else standing)
        for name in wanted
        if all(feed in made for feed in FEEDS if f"{{{feed}}}" in LOOKUPS[name].query)
    }


def _standing(feed: str, districts: list[str], without: list[str]) -> sql.Composed:
    """Current rows of organisations of these districts, but of some; by scope, which is indexed and in cumulative feeds
    the sender."""
    return sql.SQL(
        "(select * from raw.{} where _to_submission is null and _scope in"
        " (select organisation_code from ops.organisation where district_code = any({}) and organisation_code <> all({}::text[])))"
    ).format(sql.Identifier(feed), sql.Literal(districts), sql.Literal(without))


def _read(connection: psycopg.Connection, lookup: Lookup, standing: dict[str, sql.Composed]) -> pl.DataFrame:
    query = sql.SQL(lookup.query).format(**standing)  # our own text, from LOOKUPS
    schema = {"key": _TEXT} | {name: (_TEXT if kind == _YES else kind) for name, kind in lookup.values.items()}
    text = read_rows(connection, query, schema)
    return text.with_columns((pl.col(name) == "t").alias(name) for name, kind in lookup.values.items() if kind == _YES)
