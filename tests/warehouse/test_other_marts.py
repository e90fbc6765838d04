"""The other marts against plain Python over the current rows of `raw`, and against crafted rows."""

from __future__ import annotations

import uuid
from collections import Counter, defaultdict
from datetime import date, datetime, timedelta
from statistics import median
from typing import Any

import psycopg
import pytest

from tests.warehouse.conftest import Built
from tests.warehouse.side_feeds import SILENT
from tests.warehouse.stored_rows import SHANGHAI, Ledger, insert_rows, record_submission
from zaoxue.contracts import load_contracts
from zaoxue.loading.raw_tables import ensure_raw_table
from zaoxue.settings import Settings
from zaoxue.warehouse import dbt_build
from zaoxue.warehouse.database import connect


def month(day: date) -> date:
    return day.replace(day=1)


def test_placements_of_a_month(built: Built) -> None:
    spells: dict[tuple[str, date], list[Any]] = defaultdict(list)
    for spell in built.world.spells:
        spells[spell.township, month(spell.started_on)].append(spell)
    stored = {
        row[:2]: row[2:]
        for row in built.query(
            "select township_code, month, placements, persons_placed, median_wage, reason from marts.mart_placement_monthly"
        )
    }
    assert {key for key, row in stored.items() if row[0]} == set(spells)
    for key, members in spells.items():
        placements, persons, median_wage, _ = stored[key]
        wages = [wage for s in members if (wage := built.world.wages[s.person, s.started_on]) is not None]
        assert (placements, persons) == (len(members), len({s.person for s in members}))
        assert median_wage == (pytest.approx(median(wages)) if len(wages) >= 5 else None)
    for (township, first_day), (placements, persons, _, reason) in stored.items():
        if placements is None:
            assert reason in ("nothing_sent", "rejected", "awaited", "waived")
        elif placements == 0:
            assert persons == 0
            assert township[:6] != SILENT
            until = max(
                ledger.cut_off
                for ledger in built.world.ledgers
                if ledger.organisation == township and ledger.state.startswith("accepted")
            )
            assert until >= first_day, "zero is told only where a ledger speaks for the month"


def test_timeliness_adds_up_and_counts_what_was_sent(built: Built) -> None:
    stored = {
        row[:3]: row[3:]
        for row in built.query("""
        select district_code, feed, period, expected, actual, on_time, late, missing, rejected, nil, waived, awaited,
            reporting_rate from marts.mart_submission_timeliness""")
    }
    wanted: dict[str, Counter[str]] = defaultdict(Counter)
    midnight = datetime(2026, 6, 1, tzinfo=SHANGHAI)
    for township in ("990101001", "990101002", "990102001", "990102002"):
        for number in range(17):
            period = f"{2025 + number // 12}-{number % 12 + 1:02d}"
            ledgers = sorted(
                (
                    x
                    for x in built.world.ledgers
                    if (x.organisation, x.period) == (township, period) and x.received_at < midnight
                ),
                key=lambda x: x.received_at,
            )
            accepted = [x for x in ledgers if x.state != "rejected"]
            counts = wanted[township[:6] + period]
            if accepted:
                counts["actual"] += 1
                counts["nil"] += accepted[-1].is_nil
            elif number < 16:  # May is not due before June
                counts["missing"] += 1
                counts["rejected"] += bool(ledgers)
    for (district, feed, period), row in stored.items():
        expected, actual, on_time, late, missing, rejected, nil, _, awaited, rate = row
        assert expected == actual + missing + awaited
        assert actual == on_time + late
        assert (rate is None) == (expected == 0)
        if feed == "placement" and district != SILENT:
            counts = wanted[district + period]
            assert (actual, missing, rejected, nil) == tuple(
                counts[w] for w in ("actual", "missing", "rejected", "nil")
            )
    assert stored["990102", "follow_up", "2025-03"][7] == 1, "the waiver"
    assert stored[SILENT, "placement", "2025-05"][:5] == (1, 0, 0, 0, 1)
    assert ("B9901", "loan", "2026-03") in stored


def test_a_person_of_two_registers_counts_once(built: Built) -> None:
    stored = dict(built.query("select person_key, township_code from marts.dim_person where is_registered"))
    assert stored == {person: township for person, (_, township) in built.world.registered.items()}
    unregistered = built.query(
        "select person_key, sex, birth_year, education from marts.dim_person where not is_registered"
    )
    assert {row[1:] for row in unregistered} == {(None, None, None)}
    named = {s.person for s in built.world.spells} | {f.person for f in built.world.follow_ups}
    assert {row[0] for row in unregistered} >= named - set(stored)


def test_training_funnel(built: Built) -> None:
    starts: dict[str, list[date]] = defaultdict(list)
    for spell in built.world.spells:
        starts[spell.person].append(spell.started_on)
    wanted: dict[tuple[str, date, str], Counter[str]] = defaultdict(Counter)
    window = timedelta(days=180)
    for person, township, kind, started, certified in built.query(
        "select person_key, organisation_code, training_type, started_on, certified_on from raw.training"
    ):
        counts = wanted[township[:6], month(started), kind]
        counts["enrolled"] += 1
        counts["certified"] += certified is not None
        is_due = certified is not None and certified + window <= built.as_of
        counts["due"] += is_due
        counts["placed"] += is_due and any(certified <= day <= certified + window for day in starts[person])
    stored = {
        row[:3]: row[3:]
        for row in built.query("""
        select district_code, month, training_type, enrolled, certified, certified_due, placed, placement_rate, reason
        from marts.mart_training_funnel""")
    }
    assert {key for key, row in stored.items() if row[0]} == set(wanted)
    assert sum(counts["placed"] for counts in wanted.values()) > 10
    for key, counts in wanted.items():
        assert stored[key][:4] == tuple(counts[word] for word in ("enrolled", "certified", "due", "placed")), key
    assert {row[:4] for key, row in stored.items() if key[0] == SILENT} == {(None,) * 4}


def test_targets(built: Built) -> None:
    people: dict[tuple[str, int], set[str]] = defaultdict(set)
    for spell in built.world.spells:
        people[spell.township, spell.started_on.year].add(spell.person)
    stored = {
        row[:3]: row[3:]
        for row in built.query(
            "select township_code, year, measure, target, actual, completion_rate, reason from marts.mart_target_progress"
        )
    }
    for (township, year, measure), (target, actual, rate, reason) in stored.items():
        if measure == "placements" and township[:6] != SILENT:
            assert actual == len(people[township, year])
        if measure == "ventures":
            assert (actual, reason) == (None, "no_ledger")
        if township[:6] == SILENT and measure != "ventures":
            assert (actual, rate, reason) == (None, None, "nothing_sent")
        if target == 0 and actual is not None:
            assert (rate, reason) == (None, "target_is_zero")


def test_loans_of_a_month(built: Built) -> None:
    loans = built.query(
        "select district_code, loan_kind, issued_on, repaid_on, overdue_since, principal, jobs_brought from raw.loan"
    )
    stored = {
        row[:3]: row[3:]
        for row in built.query("""
        select district_code, month, loan_kind, loans_issued, amount_issued, loans_running, loans_overdue, reason,
            loans_telling_jobs, jobs_brought
        from marts.mart_loan_monthly""")
    }
    assert len(stored) == 3 * 17 * 2
    for (district, first_day, kind), (issued, amount, running, overdue, reason, told, jobs) in stored.items():
        if first_day > date(2026, 3, 1):  # the bank's last word is of March
            assert (issued, told, jobs, reason) == (
                None,
                None,
                None,
                "nothing_sent" if first_day == date(2026, 4, 1) else "awaited",
            )
            continue
        mine = [loan for loan in loans if loan[:2] == (district, kind)]
        last_day = month(first_day + timedelta(days=31)) - timedelta(days=1)
        of_month = [loan for loan in mine if month(loan[2]) == first_day]
        alive = [loan for loan in mine if loan[2] <= last_day and (loan[3] is None or loan[3] > last_day)]
        assert (issued, amount) == (len(of_month), sum(loan[5] for loan in of_month))
        brought = [loan[6] for loan in of_month if loan[6] is not None]
        assert (told, jobs) == (len(brought), sum(brought) if brought else None)
        assert (running, overdue) == (len(alive), sum(loan[4] is not None and loan[4] <= last_day for loan in alive))


def test_history_and_the_knowledge_of_an_earlier_instant(settings: Settings) -> None:
    """A category that a later register drops ends; a build as known in April does not know what came in May."""
    april = Ledger("990101001", "2026-03", 1, "accepted", False, datetime(2026, 4, 3, 9, tzinfo=SHANGHAI))
    may = Ledger("990101001", "2026-04", 1, "accepted", False, datetime(2026, 5, 6, 9, tzinfo=SHANGHAI))
    with connect(settings) as connection:
        _two_ledgers(connection, settings, april, may)

    def build(known_at: str | None) -> tuple[list[Any], list[Any], list[Any]]:
        with dbt_build._environment(settings):
            dbt_build._run(settings, ["run"], date(2026, 5, 31), {"known_at": known_at} if known_at else None)
            with connect(settings) as connection:
                return (
                    connection.execute("select ended_on from marts.fct_placement").fetchall(),
                    connection.execute(
                        "select category, valid_to from marts.bridge_person_hardship order by 1"
                    ).fetchall(),
                    connection.execute("select evidence_on from marts.fct_placement").fetchall(),
                )

    with dbt_build._environment(settings):
        dbt_build._run(settings, ["seed"], date(2026, 5, 31))
    ends, hardship, _ = build(None)
    assert ends == [(date(2026, 4, 20),)]
    assert hardship == [("dibao", None), ("disabled", date(2026, 4, 30))]
    ends, _, evidence = build("2026-04-30 00:00:00+08:00")
    assert ends == [(None,)]
    assert evidence == [(date(2026, 3, 31),)]


def _two_ledgers(connection: psycopg.Connection, settings: Settings, april: Ledger, may: Ledger) -> None:
    for contract in load_contracts(settings.contracts).values():
        ensure_raw_table(connection, contract)
    connection.execute(
        "insert into ops.organisation values ('990101001', '柳桥镇', 'township', null, '990101', '2026-01-01')"
    )
    for feed in ("placement", "person"):
        for ledger in (april, may):
            record_submission(connection, feed, ledger)

    def versions(feed: str, row: dict[str, Any], before: dict[str, Any], after: dict[str, Any]) -> None:
        first, second = f"{feed} {april.submission_id}", f"{feed} {may.submission_id}"
        key = {"_row_key": uuid.UUID(int=1), "organisation_code": "990101001", "person_key": "p"}
        insert_rows(
            connection,
            feed,
            [
                row | key | before | {"_from_submission": first, "_to_submission": second},
                row | key | after | {"_from_submission": second},
            ],
        )

    versions(
        "placement",
        {
            "channel": "own",
            "region": "in_county",
            "employment_type": "farming",
            "contract_months": 1,
            "started_on": date(2026, 2, 1),
        },
        {"ended_on": None},
        {"ended_on": date(2026, 4, 20)},
    )
    versions(
        "person",
        {"education": "primary", "registered_on": date(2026, 1, 5)},
        {"hardship_categories": "|dibao|disabled|"},
        {"hardship_categories": "|dibao|"},
    )


def test_retention_by_kind_of_post_and_by_employer(built: Built) -> None:
    by_post: dict[tuple[str, bool, int], Counter[str]] = defaultdict(Counter)
    by_employer: dict[tuple[str, int], Counter[str]] = defaultdict(Counter)
    facts = built.query(
        "select r.district_code, p.is_public_post, e.employer_name, r.horizon_days, r.outcome from marts.fct_retention as r"
        " join marts.fct_placement as p using (placement_key) left join marts.dim_employer as e using (employer_key)"
    )
    for district, is_public_post, employer, horizon, outcome in facts:
        by_post[district, is_public_post, horizon][outcome] += 1
        if employer:
            by_employer[employer, horizon][outcome] += 1
    counts = "placements, due, retained, lost, unknown, rate_known"
    for table, keys, wanted in (
        ("mart_retention_post", "district_code, is_public_post, horizon_days", by_post),
        ("mart_retention_employer", "employer_name, horizon_days", by_employer),
    ):
        width = keys.count(",") + 1
        stored = {row[:width]: row[width:] for row in built.query(f"select {keys}, {counts} from marts.{table}")}
        assert stored.keys() == wanted.keys()
        for key, outcomes in wanted.items():
            told = [outcomes[word] for word in ("retained", "lost", "unknown")]
            known = told[0] + told[1]
            assert stored[key][:5] == (outcomes.total(), sum(told), *told)
            rate = stored[key][5]
            assert (float(rate) == pytest.approx(told[0] / known, abs=1e-6)) if known else rate is None


def test_follow_ups_of_a_month(built: Built) -> None:
    owed: dict[tuple[str, date, int], Counter[str]] = defaultdict(Counter)
    for township, due_on, horizon, state, result, placed_again_on in built.query(
        "select township_code, due_on, horizon_days, state, result, placed_again_on from marts.mart_follow_up_due"
    ):
        words = [word for word in (state, result, "placed_again" if placed_again_on else None) if word]
        owed[township, month(due_on), horizon].update(words)
    assert any(counts["placed_again"] for counts in owed.values()), "nobody was placed again: the world is too kind"
    words = ("on_time", "late", "missed", "not_reported", "due", "coming")
    results = ("employed", "employed_elsewhere", "out_of_work", "not_reached", "placed_again")
    columns = ", ".join(("township_code, month, horizon_days, rate_on_time, owed", *words, *results))
    stored = {row[:3]: row[3:] for row in built.query(f"select {columns} from marts.mart_follow_up_monthly")}
    assert stored.keys() == owed.keys()
    for key, counts in owed.items():
        judged = counts["on_time"] + counts["late"] + counts["missed"]
        rate, *told = stored[key]
        assert told == [sum(counts[word] for word in words), *(counts[word] for word in words + results)]
        assert (float(rate) == pytest.approx(counts["on_time"] / judged, abs=1e-6)) if judged else rate is None
