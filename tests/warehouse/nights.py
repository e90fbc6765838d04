"""Nights of random changes to a warehouse, and every row of what is built from it."""

from __future__ import annotations

import random
import uuid
from collections import Counter
from datetime import date, datetime, time, timedelta

import psycopg
from psycopg import sql

from tests.warehouse.side_feeds import TOWNSHIPS
from tests.warehouse.stored_rows import SHANGHAI, Ledger, insert_rows, record_submission
from zaoxue.settings import Settings
from zaoxue.warehouse.database import connect

# What a build keeps for itself: which people it touched, what it replaced.
_OF_THE_BUILD = ("int_touched_people", "int_build_scope", "int_organisation_standing_before")


def change_rows(connection: psycopg.Connection, rng: random.Random, night: date, people: int) -> None:
    """Rows of some people: placements that are new, end, or are taken back; calls late, of today and of days to come;
    registers corrected, a course attended."""
    chosen = [
        row[0]
        for row in connection.execute(
            "select distinct person_key from raw.placement where _to_submission is null order by 1"
        ).fetchall()
    ]
    for person in rng.sample(chosen, people):
        act = rng.choice(("new", "end", "take_back", "wage", "call", "call", "register", "course", "reopen"))
        if act == "new":
            insert_rows(connection, "placement", [_placement(rng, person, night)])
        elif act == "end":
            _rewrite(connection, person, "ended_on = greatest(started_on, %s), end_reason = 'resigned'", [night])
        elif act == "wage":
            _rewrite(connection, person, "monthly_wage = %s", [rng.choice((None, 2700, 3300, 9000))])
        elif act == "take_back":
            connection.execute(
                "update raw.placement set _to_submission = 'taken back' where person_key = %s and _to_submission is null",
                [person],
            )
        elif act == "reopen":
            connection.execute(
                "update raw.placement set _to_submission = null where person_key = %s and _to_submission = 'taken back'",
                [person],
            )
        elif act == "call":
            insert_rows(connection, "follow_up", [_call(rng, person, night)])
        elif act == "register":
            connection.execute(
                "update raw.person set education = %s where person_key = %s",
                [rng.choice(("bachelor_or_above", None)), person],
            )
        else:
            connection.execute("delete from raw.training where person_key = %s", [person])
    nobody = uuid.UUID(int=rng.getrandbits(128)).hex
    insert_rows(connection, "placement", [_placement(rng, nobody, night)])


def _placement(rng: random.Random, person: str, night: date) -> dict[str, object]:
    started = night - timedelta(days=rng.choice((-9, 0, 1, 29, 30, 31, 89, 91, 180, 364, 366)))
    return {
        "person_key": person,
        "channel": "own",
        "region": "in_county",
        "employment_type": "transfer",
        "employer_name": rng.choice((None, "青溪服装厂", "新来的工厂")),
        "special_programme": rng.choice((None, "public_welfare_post")),
        "started_on": started,
        "monthly_wage": rng.choice((None, 3100, 4321)),
        "contract_months": 12,
        "organisation_code": rng.choice(TOWNSHIPS),
        "_row_key": uuid.UUID(int=rng.getrandbits(128)),
    }


def _call(rng: random.Random, person: str, night: date) -> dict[str, object]:
    on = night + timedelta(days=rng.choice((-200, -60, -5, 0, 2, 20, 40)))
    return {
        "person_key": person,
        "followed_up_on": on,
        "channel": "phone",
        "result": rng.choice(("employed", "out_of_work", "not_reached")),
        "monthly_wage": None,
        "organisation_code": rng.choice(TOWNSHIPS),
        "_row_key": uuid.UUID(int=rng.getrandbits(128)),
    }


def _rewrite(connection: psycopg.Connection, person: str, what: str, values: list[object]) -> None:
    """A correction: the row that stood is closed, the new one stands."""
    connection.execute(
        "create temporary table corrected on commit drop as"
        " select * from raw.placement where person_key = %s and _to_submission is null",
        [person],
    )
    connection.execute(
        "update raw.placement set _to_submission = 'corrected' where person_key = %s and _to_submission is null",
        [person],
    )
    connection.execute(f"update corrected set {what}".encode(), values)
    connection.execute("insert into raw.placement table corrected")
    connection.execute("drop table corrected")


def send_ledgers(connection: psycopg.Connection, townships: list[str], period: str, night: date) -> None:
    """These townships have sent the ledgers of a month: what they list is seen until a later day, changed or not."""
    for township in townships:
        sent = Ledger(township, period, 1, "accepted", False, datetime.combine(night, time(8), SHANGHAI))
        for feed in ("placement", "follow_up"):
            record_submission(connection, feed, sent)


def everything(settings: Settings) -> dict[str, Counter[tuple[object, ...]]]:
    """Rows of every table of `marts` and `intermediate`, however often each."""
    found = {}
    with connect(settings) as connection:
        tables = connection.execute(
            "select relnamespace::regnamespace::text, relname from pg_class where relkind = 'r'"
            " and relnamespace::regnamespace::text in ('marts', 'intermediate')"
        ).fetchall()
        for schema, name in tables:
            if name not in _OF_THE_BUILD and not name.endswith(("__replaced", "__changed")):
                query = sql.SQL("select * from {}").format(sql.Identifier(schema, name))
                columns = sorted(
                    (column.name, place)
                    for place, column in enumerate(connection.execute(query + sql.SQL(" limit 0")).description or ())
                )
                found[name] = Counter(
                    tuple(row[place] for _, place in columns) for row in connection.execute(query).fetchall()
                )
    return found
