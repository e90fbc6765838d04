"""The places of the test world, and its feeds that nothing else depends on: training, tasks, loans, claims, the programme."""

from __future__ import annotations

import random
from datetime import date, datetime, time, timedelta

import psycopg

from tests.warehouse.stored_rows import SHANGHAI, Ledger, insert_rows, record_submission
from zaoxue.periods import bounds

FIRST_DAY = date(2025, 1, 1)
SILENT = "990103"  # the district that sends nothing
TOWNSHIPS = ("990101001", "990101002", "990102001", "990102002")
ORGANISATIONS = (
    ("99", "云州省", "province", None, None),
    ("9901", "青山市", "prefecture", "99", None),
    ("990101", "青溪区", "district", "9901", "990101"),
    ("990102", "白石县", "district", "9901", "990102"),
    (SILENT, "石门县", "district", "9901", SILENT),
    ("990101001", "柳桥镇", "township", "990101", "990101"),
    ("990101002", "城关镇", "township", "990101", "990101"),
    ("990102001", "城关镇", "township", "990102", "990102"),
    ("990102002", "松岭乡", "township", "990102", "990102"),
    (SILENT + "001", "云台镇", "township", SILENT, SILENT),
    ("B9901", "青山银行", "bank", "9901", None),
    ("N9901", "青山新闻网", "news_source", "9901", None),
)


def fill_trainings(connection: psycopg.Connection, rng: random.Random, homes: dict[str, str]) -> None:
    """Training attended by two fifths of the people; two ledgers each township."""
    for township in TOWNSHIPS:
        for period in ("2025-02", "2026-03"):
            received = datetime.combine(bounds(period)[1] + timedelta(days=3), time(9), SHANGHAI)
            record_submission(connection, "training", Ledger(township, period, 1, "accepted", False, received))
    rows = []
    for person, home in homes.items():
        if rng.random() < 0.4:
            started = FIRST_DAY + timedelta(days=rng.randrange(0, 400))
            ended = started + timedelta(days=10)
            rows.append(
                {
                    "person_key": person,
                    "training_type": rng.choice(("transfer_skills", "startup")),
                    "course": rng.choice(("家政服务", "电工")),
                    "provider": "青山技校",
                    "started_on": started,
                    "ended_on": ended,
                    "training_days": 10,
                    "certified_on": ended + timedelta(days=5) if rng.random() < 0.7 else None,
                    "organisation_code": home,
                }
            )
    insert_rows(connection, "training", rows)


def fill_targets(connection: psycopg.Connection, rng: random.Random) -> None:
    """Yearly tasks of every township."""
    rows = [
        {
            "area_code": township,
            "area_name": township,
            "year": year,
            "placements_target": rng.randrange(20, 90),
            "ventures_target": 3,
            "skill_training_target": 20,
            "startup_training_target": 0,
            "organisation_code": township[:6],
            "_period": str(year),
        }
        for township in (*TOWNSHIPS, SILENT + "001")
        for year in (2025, 2026)
    ]
    insert_rows(connection, "target", rows)


def fill_loans(connection: psycopg.Connection, rng: random.Random, persons: list[str]) -> None:
    """Sixty loans of one bank, told once, for March 2026."""
    received = datetime(2026, 4, 3, 9, tzinfo=SHANGHAI)
    record_submission(connection, "loan", Ledger("B9901", "2026-03", 1, "accepted", False, received))
    rows = []
    for number in range(60):
        issued = FIRST_DAY + timedelta(days=rng.randrange(0, 440))
        rows.append(
            {
                "receipt_no": f"J{number:04d}",
                "contract_no": f"H{number:04d}",
                "district_code": rng.choice(("990101", "990102")),
                "loan_kind": rng.choice(("startup_guaranteed", "microcredit")),
                "borrower_kind": "person",
                "person_key": rng.choice(persons),
                "principal": rng.choice((50000, 200000)),
                "annual_rate": 3.45,
                "issued_on": issued,
                "due_on": issued + timedelta(days=730),
                "overdue_since": issued + timedelta(days=200) if rng.random() < 0.1 else None,
                "repaid_on": issued + timedelta(days=120) if rng.random() < 0.2 else None,
                "outstanding": 40000,
                "interest_subsidy_paid": 300,
                "jobs_brought": number % 5 if number % 3 else None,
                "organisation_code": "B9901",
            }
        )
    insert_rows(connection, "loan", rows)


def fill_claims(connection: psycopg.Connection) -> None:
    """Three claims of one article, which do not agree with each other, and a case."""
    insert_rows(
        connection,
        "case_report",
        [
            {
                "claim_id": f"c{number}",
                "article_id": "a1",
                "article_version": "v1",
                "scope": "place",
                "place_level": 6,
                "source": "青山新闻网",
                "published_on": date(2026, 3, 9),
                "measure": "persons_placed",
                "kind": "actual",
                "value": 120 + number,
                "value_min": 120 + number,
                "value_max": 120 + number,
                "value_text": f"{120 + number}",
                "unit": "人",
                "qualifier_class": "exact",
                "is_subset": False,
                "place_code": "990101",
                "period_start": date(2025, 1, 1),
                "period_end": date(2025, 12, 31),
                "sentence": "今年以来，全区帮扶就业若干人。",
                "sentence_start": 40 * number,
                "confidence": 0.8,
                "organisation_code": "N9901",
            }
            for number in range(3)
        ],
    )
    insert_rows(
        connection,
        "case_story",
        [
            {
                "case_id": "s1",
                "article_id": "a1",
                "article_version": "v1",
                "source": "青山新闻网",
                "published_on": date(2026, 3, 9),
                "place_code": "990101001",
                "age_band": "40_49",
                "hardship_categories": "|disabled|dibao|",
                "actions": "training>placement",
                "outcome": "employed",
                "monthly_wage": 3200,
                "evidence": "张某某参加培训后到服装厂上班，每月工资3200元。",
                "sentence_start": 160,
                "confidence": 0.95,
                "organisation_code": "N9901",
            }
        ],
    )
    connection.execute(
        "insert into ops.news_review (item_id, row_hash, what, article_id, confidence, threshold)"
        " select claim_id, _row_hash, 'claim', article_id, confidence, 0.6 from raw.case_report"
        " union all select case_id, _row_hash, 'case', article_id, confidence, 0.6 from raw.case_story"
    )


def household_of(person: str) -> str:
    """Key of the household of a person: some share one."""
    return "h" + person[:2]


def fill_programme(connection: psycopg.Connection, homes: dict[str, str]) -> None:
    """A row or more of each feed about households, offers, subsidies and sites: enough for every question to find some."""
    people = sorted(homes)[:40]
    spring = date(2026, 3, 10)
    insert_rows(
        connection,
        "household",
        [
            {
                "household_key": key,
                "household_type": "other",
                "is_relocated": False,
                "member_count": 3,
                "organisation_code": home,
            }
            for key, home in {household_of(person): homes[person] for person in people}.items()
        ],
    )
    plan = {
        "plan_year": 2026,
        "contact_office": "民政局",
        "planned_on": spring,
        "target_on": date(2026, 4, 10),
        "status": "running",
    }
    stipend = {
        "measure": "stipend",
        "member_key": "child",
        "term": "spring",
        "school_stage": "higher",
        "stipend_standard": 2400,
    }
    insert_rows(
        connection,
        "assistance_plan",
        [
            plan
            | {
                "household_key": household_of(person),
                "measure": "employment",
                "member_key": person,
                "organisation_code": homes[person],
            }
            for person in people
        ]
        + [plan | stipend | {"stipend_amount": 2400, "household_key": "h00", "organisation_code": TOWNSHIPS[0]}],
    )
    exit_row = {"dibao_started_on": FIRST_DAY, "exited_on": spring, "reason": "employment", "persons_covered": 2}
    insert_rows(
        connection,
        "dibao_exit",
        [
            exit_row
            | {"household_key": household_of(people[0]), "member_key": people[0], "organisation_code": homes[people[0]]}
        ],
    )
    vacancy = {
        "employer_name": "青溪服装厂",
        "post_title": "缝纫工",
        "occupation": "manufacturing",
        "region": "in_county",
    }
    insert_rows(
        connection,
        "vacancy",
        [
            vacancy
            | {
                "vacancy_no": f"V{district}",
                "openings": 3,
                "filled": 1,
                "posted_on": spring,
                "status": "open",
                "organisation_code": district,
            }
            for district in ("990101", "990102")
        ],
    )
    referral = {"vacancy_no": "V990101", "referred_on": spring, "result": "refused", "reason": "wage"}
    insert_rows(connection, "referral", [referral | {"person_key": people[0], "organisation_code": homes[people[0]]}])
    paid = {
        "subsidy_kind": "public_post",
        "month_from": date(2026, 1, 1),
        "month_to": date(2026, 2, 28),
        "monthly_standard": 1300,
    }
    insert_rows(
        connection,
        "subsidy",
        [
            paid | {"person_key": person, "amount": 2600, "paid_on": spring, "organisation_code": district}
            for person in people[:5]
            for district in ("990101", "990102")
        ],
    )
    site = {
        "site_kind": "base",
        "level": "national",
        "recognised_on": FIRST_DAY,
        "worker_count": 9,
        "assisted_worker_count": 2,
    }
    insert_rows(
        connection,
        "site",
        [site | {"site_code": "ZT1", "site_name": "青溪基地", "site_address": "x", "organisation_code": "990101"}],
    )
