"""A small random world of ledgers, written straight into `raw` and `ops` as the loader would leave them.

Deterministic for a seed. Names nobody: person keys are made up, and columns that hold personal data never reach `raw`.
"""

from __future__ import annotations

import hashlib
import random
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import Any

import psycopg

from tests.warehouse.retention_oracle import FollowUp, Spell
from tests.warehouse.side_feeds import (
    FIRST_DAY,
    ORGANISATIONS,
    TOWNSHIPS,
    fill_claims,
    fill_loans,
    fill_programme,
    fill_targets,
    fill_trainings,
    household_of,
)
from tests.warehouse.stored_rows import SHANGHAI, Ledger, insert_rows, record_submission
from zaoxue.contracts import load_contracts
from zaoxue.loading.raw_tables import ensure_raw_table
from zaoxue.periods import bounds, period_of, periods_between
from zaoxue.settings import Settings


@dataclass
class World:
    """What was written, in the oracle's words. `listed_until` of a spell is not yet capped at as_of."""

    spells: list[Spell] = field(default_factory=list)
    follow_ups: list[FollowUp] = field(default_factory=list)
    ledgers: list[Ledger] = field(default_factory=list)
    wages: dict[tuple[str, date], int | None] = field(default_factory=dict)
    registered: dict[str, tuple[date, str]] = field(default_factory=dict)


def make_world(connection: psycopg.Connection, settings: Settings, seed: int, as_of: date, people: int = 500) -> World:
    """Fill a fresh warehouse and say what is in it."""
    rng = random.Random(seed)
    for contract in load_contracts(settings.contracts).values():
        ensure_raw_table(connection, contract)
    world = World()
    _organisations(connection, as_of)
    _ledgers(connection, rng, world, as_of)
    persons = [hashlib.sha256(f"{seed} {n}".encode()).hexdigest() for n in range(people)]
    homes = {person: rng.choice(TOWNSHIPS) for person in persons}
    _registers(connection, rng, world, homes)
    _spells(connection, rng, world, homes, as_of)
    _follow_ups(connection, rng, world, homes, as_of)
    fill_trainings(connection, rng, homes)
    fill_targets(connection, rng)
    fill_loans(connection, rng, persons)
    fill_claims(connection)
    fill_programme(connection, homes)
    return world


def _organisations(connection: psycopg.Connection, as_of: date) -> None:
    for code, name, kind, parent, district in ORGANISATIONS:
        connection.execute(
            "insert into ops.organisation (organisation_code, name, kind, parent_code, district_code, opened_on)"
            " values (%s, %s, %s, %s, %s, %s)",
            [code, name, kind, parent, district, FIRST_DAY],
        )
    owed = {
        "township": (("placement", "month"), ("training", "month"), ("follow_up", "month"), ("person", "quarter")),
        "district": (("target", "year"),),
        "bank": (("loan", "month"),),
    }
    for code, _, kind, _, _ in ORGANISATIONS:
        for feed, frequency in owed.get(kind, ()):
            for period in periods_between(frequency, FIRST_DAY, as_of):
                first, last = bounds(period)
                due = datetime.combine(last + timedelta(days=7), time(17), SHANGHAI)
                connection.execute(
                    "insert into ops.obligation values (%s, %s, %s, %s, %s, %s, %s)",
                    [code, feed, period, first, last, due, due + timedelta(days=2)],
                )
    connection.execute(
        "insert into ops.waiver values ('990102002', 'follow_up', '2025-03', 'flood', 'tester', '2025-03-02+08')"
    )


def _ledgers(connection: psycopg.Connection, rng: random.Random, world: World, as_of: date) -> None:
    for number, township in enumerate(TOWNSHIPS):
        periods = list(periods_between("month", FIRST_DAY, as_of))
        # The townships fall silent after one another, so that evidence grows old at different times.
        for period in periods[: len(periods) - 2 * number]:
            last = bounds(period)[1]

            def at(days: int, last: date = last) -> datetime:
                return datetime.combine(last + timedelta(days=days), time(rng.choice((0, 9, 23)), 30), SHANGHAI)

            fate = rng.choice(("plain", "plain", "plain", "early", "corrected", "missing", "nil", "rejected"))
            if period == periods[0]:
                fate = "plain"
            elif number == 1 and period == periods[-3]:
                fate = "nil"  # its last word lists nobody: the ledger before it is the evidence
            if fate == "missing":
                continue
            versions = {
                "plain": [Ledger(township, period, 1, "accepted", False, at(4))],
                "early": [Ledger(township, period, 1, "accepted_with_rejects", False, at(-8))],
                "corrected": [
                    Ledger(township, period, 1, "superseded", False, at(3)),
                    Ledger(township, period, 2, "accepted", False, at(11)),
                ],
                "nil": [Ledger(township, period, 1, "accepted", True, at(2))],
                "rejected": [Ledger(township, period, None, "rejected", False, at(2))],
            }[fate]
            world.ledgers += versions
    for ledger in world.ledgers:
        record_submission(connection, "placement", ledger)


def _listed_until(world: World, township: str) -> date | None:
    standing = [
        ledger
        for ledger in world.ledgers
        if ledger.organisation == township
        and not ledger.is_nil
        and ledger.state in ("accepted", "accepted_with_rejects")
    ]
    if not standing:
        return None
    return max(standing, key=lambda ledger: (bounds(ledger.period)[1], ledger.received_at)).cut_off


def _spells(
    connection: psycopg.Connection, rng: random.Random, world: World, homes: dict[str, str], as_of: date
) -> None:
    rows = []
    for person, home in homes.items():
        day = FIRST_DAY + timedelta(days=rng.randrange(-40, 300))
        for _ in range(rng.choice((0, 1, 1, 1, 2, 2, 3, 4))):
            last = day + timedelta(days=rng.choice((0, 3, 29, 30, 31, 60, 89, 90, 100, 180, 200, 365, 400)))
            ended = None if last > as_of or rng.random() < 0.3 else last
            township = home if rng.random() < 0.9 else rng.choice(TOWNSHIPS)
            listed = sorted({township, rng.choice(TOWNSHIPS)} if rng.random() < 0.05 else {township})
            wage = rng.choice((None, 2600, 3200, 4100))
            for organisation in listed:
                rows.append(_placement(rng, organisation, person, day, ended, wage))
            if rng.random() < 0.2:  # an older version, closed since: must not count
                rows.append(_placement(rng, township, person, day, day + timedelta(days=1), 1, closed=True))
            chosen = min(listed, key=lambda code: (-(_listed_until(world, code) or date.min).toordinal(), code))
            world.spells.append(Spell(person, chosen[:6], chosen, day, ended, _listed_until(world, chosen)))
            world.wages[person, day] = wage
            overlapping = rng.random() < 0.1
            if overlapping:  # a second post held until the very day the ledger of an open one speaks for
                until = _listed_until(world, chosen)
                if until and day + timedelta(days=1) < until and ended is None:
                    rows.append(_placement(rng, chosen, person, day + timedelta(days=1), until, wage))
                    world.spells.append(Spell(person, chosen[:6], chosen, day + timedelta(days=1), until, until))
                    world.wages[person, day + timedelta(days=1)] = wage
                    break
            day = (ended or day + timedelta(days=rng.randrange(1, 200))) + timedelta(
                days=rng.choice((1, 2, 14, 15, 16, 17, 40, 120))
            )
            if day > as_of:
                break
    insert_rows(connection, "placement", rows)


def _placement(
    rng: random.Random,
    organisation: str,
    person: str,
    started: date,
    ended: date | None,
    wage: int | None,
    closed: bool = False,
) -> dict[str, Any]:
    return {
        "person_key": person,
        "channel": rng.choice(("organised", "relatives", "own")),
        "region": "in_county",
        "employment_type": rng.choice(("transfer", "farming", "flexible")),
        "employer_name": rng.choice((None, "青溪服装厂", "白石果业合作社", "云州物流")),
        "employer_kind": rng.choice((None, "firm")),
        "special_programme": rng.choice((None, None, "community_factory", "public_welfare_post")),
        "started_on": started,
        "ended_on": ended,
        "end_reason": "resigned" if ended else None,
        "monthly_wage": wage,
        "contract_months": 12,
        "organisation_code": organisation,
        "_to_submission": "later" if closed else None,
    }


def _follow_ups(
    connection: psycopg.Connection, rng: random.Random, world: World, homes: dict[str, str], as_of: date
) -> None:
    rows: list[dict[str, Any]] = []
    starts = {spell.person: spell.started_on for spell in world.spells}
    for person, home in homes.items():
        for _ in range(rng.choice((0, 0, 1, 2, 4))):
            anchor = starts.get(person, FIRST_DAY)
            on = min(anchor + timedelta(days=rng.choice((-5, 0, 30, 59, 60, 61, 90, 150, 170, 200, 340, 395))), as_of)
            result = rng.choice(
                ("employed", "employed", "employed_elsewhere", "not_reached", "not_reached", "out_of_work")
            )
            key = (person, on)
            if key in {(row["person_key"], row["followed_up_on"]) for row in rows[-8:]}:
                continue
            world.follow_ups.append(FollowUp(person, on, result))
            rows.append(
                {
                    "person_key": person,
                    "followed_up_on": on,
                    "channel": "phone",
                    "result": result,
                    "monthly_wage": None,
                    "organisation_code": home,
                    "_period": period_of(on, "month"),
                }
            )
    # The same call told again in the file of the next month must count once.
    rows.append(dict(rows[0], _period="2027-01"))
    insert_rows(connection, "follow_up", rows)


def _registers(connection: psycopg.Connection, rng: random.Random, world: World, homes: dict[str, str]) -> None:
    rows = []
    for person, home in homes.items():
        if rng.random() < 0.1:
            continue
        entries = {home} | ({rng.choice(TOWNSHIPS)} if rng.random() < 0.1 else set())
        for organisation in sorted(entries):
            registered = FIRST_DAY - timedelta(days=rng.randrange(0, 3))
            best = world.registered.get(person)
            world.registered[person] = min(best or (registered, organisation), (registered, organisation))
            rows.append(
                {
                    "person_key": person,
                    "sex": rng.choice(("male", "female")),
                    "birth_year": rng.randrange(1965, 2006),
                    "education": rng.choice(("junior_secondary", "primary")),
                    "registered_on": registered,
                    "hardship_categories": rng.choice(
                        (None, "|older|", "|dibao|disabled|", "|lifted_out_of_poverty|", "|zero_employment_household|")
                    ),
                    "hardship_recognised_on": None,
                    "household_key": household_of(person),
                    "village": f"村{int(person[:2], 16) % 3}",
                    "labour_ability": "ordinary",
                    "employment_intent": "transfer",
                    "training_intent": "startup" if int(person[2], 16) % 2 else None,
                    "organisation_code": organisation,
                }
            )
    insert_rows(connection, "person", rows)
