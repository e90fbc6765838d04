"""Every figure of the ledgers that a claim can be held against, on rows whose answer is counted by hand; and the
checks of an article against itself, with the near misses that are none."""

from __future__ import annotations

import uuid
from datetime import date, datetime
from typing import Any

import pytest

from tests.warehouse.conftest import Built, new_warehouse
from tests.warehouse.side_feeds import ORGANISATIONS
from tests.warehouse.stored_rows import SHANGHAI, Ledger, insert_rows, record_submission
from tests.warehouse.world import World
from zaoxue.contracts import load_contracts
from zaoxue.loading.raw_tables import ensure_raw_table
from zaoxue.periods import bounds
from zaoxue.warehouse.database import connect
from zaoxue.warehouse.dbt_build import build_marts
from zaoxue.warehouse.embedded import EmbeddedPostgres

AS_OF = date(2026, 6, 30)
TOWN, OTHER, DISTRICT, BANK = "990101001", "990101002", "990101", "B9901"
MAY = (date(2026, 5, 1), date(2026, 5, 31))
TOWNSHIP_FEEDS = ("placement", "training", "person", "household", "dibao_exit")
DISTRICT_FEEDS = ("site", "event", "subsidy", "vacancy")

# article, sentence, measure, kind, unit, value, more of the row: (verdict, reason, ledger value)
Asked = tuple[str, int, str, str, str, float | None, dict[str, Any]]
LEDGER: list[tuple[Asked, tuple[str, str | None, float | None]]] = [
    (("a", 1, "persons_placed", "actual", "人", 2, {}), ("agrees", None, 2)),
    (("a", 2, "persons_placed", "actual", "人次", 3, {}), ("agrees", None, 3)),
    (("a", 3, "persons_placed", "actual", "人", 5, {"value_min": 3, "value_max": None}), ("above", None, 2)),
    (("a", 4, "persons_placed", "actual", "人", 1, {}), ("below", None, 2)),
    (("a", 5, "persons_placed", "actual", "人", 1, {"place_code": TOWN, "place_level": 9}), ("agrees", None, 1)),
    (("a", 6, "persons_placed", "actual", "人", 2, {"place_code": "9901", "place_level": 4}), ("no_ledger_data", "ledgers_incomplete", None)),
    (("a", 7, "public_posts", "actual", "个", 1, {}), ("agrees", None, 1)),
    (("a", 8, "persons_employed", "actual", "人", 3, {"period_start": None}), ("agrees", None, 3)),
    (("a", 9, "persons_trained", "actual", "人", 1, {}), ("agrees", None, 1)),
    (("a", 10, "persons_trained", "actual", "人次", 2, {}), ("agrees", None, 2)),
    (("a", 11, "training_classes", "actual", "期", 2, {}), ("agrees", None, 2)),
    (("a", 12, "certificates_issued", "actual", "本", 1, {}), ("agrees", None, 1)),
    (("a", 13, "registrations", "actual", "人", 3, {}), ("agrees", None, 3)),
    (("a", 14, "hardship_population", "actual", "人", 1, {}), ("agrees", None, 1)),
    (("a", 15, "hardship_population", "actual", "户", 3, {}), ("agrees", None, 3)),
    (("a", 16, "zero_employment_households", "actual", "户", 1, {}), ("agrees", None, 1)),
    (("a", 17, "dibao_exits", "actual", "户", 2, {}), ("agrees", None, 2)),
    (("a", 18, "dibao_exits", "actual", "人", 5, {}), ("agrees", None, 5)),
    (("a", 19, "subsidy_amount", "actual", "元", 1500, {}), ("agrees", None, 1500)),
    (("a", 20, "job_events_held", "actual", "场", 2, {}), ("agrees", None, 2)),
    (("a", 21, "sites_workshop", "actual", "个", 1, {"period_start": None}), ("agrees", None, 1)),
    (("a", 22, "sites_station", "actual", "个", 2, {"period_start": None}), ("above", None, 0)),
    (("a", 23, "vacancies_offered", "actual", "个", 12, {}), ("agrees", None, 12)),
    (("a", 24, "loans_issued", "actual", "笔", 2, {}), ("agrees", None, 2)),
    (("a", 25, "loans_issued", "actual", "人", 1, {}), ("agrees", None, 1)),
    (("a", 26, "loan_amount", "actual", "元", 150000, {}), ("agrees", None, 150000)),
    (("a", 27, "loans_issued", "actual", "笔", 2, {"place_code": TOWN, "place_level": 9}), ("not_comparable", "smaller_place", None)),
    (("a", 28, "persons_placed", "target", "人", 90, {"period_end": date(2026, 12, 31)}), ("agrees", None, 90)),
    (("a", 29, "persons_trained", "target", "人", 40, {"period_end": date(2026, 12, 31)}), ("below", None, 50)),
    (("a", 30, "ventures_supported", "target", "人", 6, {"period_end": date(2026, 12, 31)}), ("agrees", None, 6)),
    (("a", 31, "persons_placed", "target", "人", 90, {"period_start": date(2025, 1, 1)}), ("not_comparable", "unclear_period", None)),
    (("a", 32, "ventures_supported", "actual", "人", 6, {}), ("no_ledger_data", "no_ledger", None)),
    (("a", 33, "persons_placed", "actual", "户", 6, {}), ("not_comparable", "other_unit", None)),
    (("a", 34, "placement_rate", "rate", "%", 96, {}), ("not_comparable", "other_denominator", None)),
    (("a", 35, "change_vs_base", "rate", "%", 9, {}), ("not_comparable", "other_base", None)),
    (("a", 36, "persons_placed", "actual", "人", 6, {"scope": "group"}), ("not_comparable", "part_of_group", None)),
    (("a", 37, "persons_placed", "actual", "人", 6, {"scope": "employer"}), ("not_comparable", "part_of_place", None)),
    (("a", 38, "persons_placed", "actual", "人", 6, {"period_start": None}), ("not_comparable", "unclear_period", None)),
    (("a", 39, "persons_placed", "actual", "人", 6, {"period_start": None, "period_end": None}), ("not_comparable", "unclear_period", None)),
    (("a", 40, "persons_placed", "actual", "人", 6, {"period_start": date(2018, 1, 1)}), ("not_comparable", "cumulative", None)),
    (("a", 41, "persons_placed", "actual", "人", 6, {"period_start": date(2018, 1, 1), "period_end": date(2018, 12, 31)}), ("no_ledger_data", "before_ledgers", None)),
    (("a", 42, "persons_placed", "actual", "人", 6, {"place_code": None, "place_level": 0}), ("not_comparable", "wider_place", None)),
    (("a", 43, "persons_placed", "actual", "人", 6, {"place_code": None, "place_level": None}), ("not_comparable", "unclear_place", None)),
    (("a", 44, "persons_placed", "actual", "人", 6, {"place_code": "340406"}), ("no_ledger_data", "place_not_covered", None)),
    (("a", 45, "persons_placed", "actual", "人", None, {"value_min": None, "value_max": None}), ("not_comparable", "no_figure", None)),
    (("a", 46, "persons_placed", "actual", "人", 6, {"period_start": date(2026, 6, 1), "period_end": date(2026, 6, 20)}), ("no_ledger_data", "ledgers_incomplete", None)),
    (("a", 47, "job_events_held", "actual", "场", 0, {"period_start": date(2026, 4, 1)}), ("no_ledger_data", "ledgers_incomplete", None)),
    (("a", 48, "persons_placed", "actual", "人", 0, {"place_code": "990102", "place_level": 6}), ("no_ledger_data", "ledgers_incomplete", None)),
]  # fmt: skip
YEAR = {"period_start": date(2026, 1, 1), "period_end": date(2026, 12, 31)}
# In articles of their own: (claim, what it contradicts, expected value by the other figures)
ARTICLES: list[tuple[Asked, tuple[str, float] | None]] = [
    # 623 of 551 is not 100 %.
    (("b", 1, "persons_placed", "target", "人", 551, YEAR), None),
    (("b", 1, "persons_placed", "actual", "人", 623, YEAR), None),
    (("b", 1, "placement_rate", "rate", "%", 100, YEAR), ("task_rate", 113.0672)),
    (("b", 2, "persons_trained", "target", "人", 551, YEAR), None),
    (("b", 2, "persons_trained", "actual", "人", 623, YEAR), None),
    (("b", 2, "completion_rate", "rate", "%", 113, YEAR), None),
    (("b", 3, "persons_placed", "target", "人", 551, YEAR), None),
    (("b", 3, "persons_placed", "actual", "人", 620, {**YEAR, "value_min": 621, "value_max": 629}), None),
    (("b", 3, "completion_rate", "rate", "%", 114.2, YEAR), None),
    (("b", 3, "completion_rate", "rate", "%", 116, YEAR), ("task_rate", 112.5227)),
    # A rate of another thing, or in another sentence, is no contradiction.
    (("b", 4, "stable_employment_rate", "rate", "%", 90, YEAR), None),
    # Parts.
    (("c", 1, "persons_trained", "actual", "人", 100, {}), None),
    (("c", 1, "persons_trained", "actual", "人", 60, {"scope": "part"}), None),
    (("c", 1, "persons_trained", "actual", "人", 120, {"scope": "part"}), ("part", 100)),
    (("c", 2, "persons_trained", "actual", "人", 99, {"scope": "part"}), None),
    # Two figures of one thing; another place, month, group or a bound that meets is another thing.
    (("d", 1, "persons_placed", "actual", "人", 100, {"subject": "群众"}), None),
    (("d", 2, "persons_placed", "actual", "人", 110, {"subject": "群众"}), ("two_figures", 100)),
    (("d", 3, "persons_placed", "actual", "人", 100, {"subject": "群众", "value_min": 90, "value_max": 105, "unit": "人次"}), None),
    (("d", 4, "persons_placed", "actual", "人次", 101, {"subject": "群众"}), None),
    (("d", 5, "persons_placed", "actual", "人", 300, {"subject": "群众", "period_start": date(2026, 1, 1)}), None),
    (("d", 6, "persons_placed", "actual", "人", 40, {"subject": "群众", "place_code": TOWN, "place_level": 9}), None),
    (("d", 7, "persons_placed", "actual", "人", 50, {"subject": "残疾人", "scope": "group"}), None),
    (("d", 8, "persons_placed", "actual", "人", 20, {"subject": "毕业生"}), None),
]  # fmt: skip


def claim(number: int, asked: Asked) -> dict[str, Any]:
    article, sentence, measure, kind, unit, value, more = asked
    return {
        "claim_id": f"{article}{number}",
        "article_id": article,
        "article_version": "v",
        "source": "青山新闻网",
        "published_on": date(2026, 6, 9),
        "measure": measure,
        "kind": kind,
        "unit": unit,
        "value": value,
        "value_min": value,
        "value_max": value,
        "value_text": str(value),
        "qualifier_class": "exact",
        "is_subset": False,
        "place_code": DISTRICT,
        "place_level": 6,
        "scope": "place",
        "period_start": MAY[0],
        "period_end": MAY[1],
        "sentence": "…",
        "sentence_start": sentence * 100,
        "confidence": 0.9,
        "organisation_code": "N9901",
        "_row": number,
    } | more


def ledgers(connection: Any) -> None:
    for code, name, kind, parent, district in ORGANISATIONS:
        connection.execute(
            "insert into ops.organisation (organisation_code, name, kind, parent_code, district_code, opened_on)"
            " values (%s, %s, %s, %s, %s, %s)",
            [code, name, kind, parent, district, date(2026, 1, 1)],
        )
    sent = [(code, feed, "2026-05") for code in (TOWN, OTHER) for feed in TOWNSHIP_FEEDS]
    sent += [(DISTRICT, feed, "2026-05") for feed in DISTRICT_FEEDS] + [
        (DISTRICT, "target", "2026"),
        (BANK, "loan", "2026-05"),
    ]
    owed_not_sent = [
        ("990102001", "placement", "2026-05"),
        ("990103001", "placement", "2026-05"),
        (DISTRICT, "event", "2026-04"),
    ]
    for code, feed, period in sent + owed_not_sent:
        due = datetime(2026, 6, 8, 17, tzinfo=SHANGHAI)
        connection.execute(
            "insert into ops.obligation values (%s, %s, %s, %s, %s, %s, %s)",
            [code, feed, period, *bounds(period), due, due],
        )
    for code, feed, period in sent:
        received = datetime(2026, 6, 3, 9, tzinfo=SHANGHAI)
        record_submission(connection, feed, Ledger(code, period, 1, "accepted", False, received))


def rows(connection: Any) -> None:
    may = date(2026, 5, 10)
    old = date(2026, 2, 1)
    work = {"channel": "own", "region": "in_county", "employment_type": "transfer"}
    insert_rows(connection, "placement", [
        work | {"person_key": "p1", "started_on": may, "ended_on": date(2026, 5, 12), "organisation_code": TOWN},
        work | {"person_key": "p1", "started_on": date(2026, 5, 20), "organisation_code": TOWN},
        work | {"person_key": "p2", "started_on": may, "organisation_code": OTHER, "special_programme": "public_welfare_post"},
        work | {"person_key": "p3", "started_on": old, "organisation_code": OTHER},
        work | {"person_key": "p9", "started_on": may, "organisation_code": "990102001"},
    ])  # fmt: skip
    course = {"training_type": "transfer_skills", "provider": "技校", "started_on": may}
    insert_rows(connection, "training", [
        course | {"person_key": "p1", "course": "电工", "organisation_code": TOWN, "certified_on": date(2026, 5, 30)},
        course | {"person_key": "p1", "course": "家政", "organisation_code": TOWN},
        course | {"person_key": "p2", "course": "家政", "organisation_code": OTHER, "started_on": old},
    ])  # fmt: skip
    insert_rows(connection, "person", [
        {"person_key": "p1", "registered_on": old, "hardship_categories": "|dibao|", "organisation_code": TOWN},
        {"person_key": "p2", "registered_on": old, "organisation_code": OTHER},
        {"person_key": "p3", "registered_on": may, "organisation_code": OTHER},
        {"person_key": "p4", "registered_on": date(2026, 6, 2), "organisation_code": OTHER},
    ])  # fmt: skip
    file = {"recognised_year": 2026, "is_relocated": False, "organisation_code": TOWN}
    insert_rows(connection, "household", [
        file | {"household_key": "h1", "household_type": "zero_employment"},
        file | {"household_key": "h2", "household_type": "zero_employment", "identified_on": old, "eliminated_on": may},
        file | {"household_key": "h3", "household_type": "dibao"},
    ])  # fmt: skip
    insert_rows(connection, "dibao_exit", [
        {"household_key": "h1", "exited_on": may, "persons_covered": 3, "is_voluntary": True, "organisation_code": TOWN},
        {"household_key": "h2", "exited_on": may, "persons_covered": 2, "organisation_code": OTHER},
        {"household_key": "h3", "exited_on": may, "persons_covered": 1, "is_voluntary": False, "organisation_code": OTHER},
    ])  # fmt: skip
    insert_rows(connection, "subsidy", [
        {"person_key": person, "subsidy_kind": "public_post", "amount": amount, "month_from": paid, "month_to": paid,
         "paid_on": paid, "organisation_code": DISTRICT}
        for person, amount, paid in (("p1", 1000, may), ("p2", 500, may), ("p2", 900, old))
    ])  # fmt: skip
    insert_rows(connection, "event", [
        {"event_kind": kind, "event_name": name, "started_on": may, "organisation_code": DISTRICT}
        for kind, name in (("fair", "一"), ("online_fair", "二"), ("class", "三"))
    ])  # fmt: skip
    insert_rows(connection, "site", [
        {"site_kind": "workshop", "site_name": "一", "recognised_on": old, "organisation_code": DISTRICT},
        {"site_kind": "workshop", "site_name": "二", "recognised_on": old, "withdrawn_on": may, "organisation_code": DISTRICT},
        {"site_kind": "base", "site_name": "三", "recognised_on": old, "organisation_code": DISTRICT},
    ])  # fmt: skip
    insert_rows(connection, "vacancy", [
        {"vacancy_no": "1", "openings": 10, "posted_on": may, "organisation_code": DISTRICT},
        {"vacancy_no": "2", "openings": 2, "posted_on": may, "organisation_code": DISTRICT},
        {"vacancy_no": "3", "openings": 7, "posted_on": old, "organisation_code": DISTRICT},
    ])  # fmt: skip
    loan = {"contract_no": "1", "loan_kind": "microcredit", "borrower_kind": "person", "person_key": "p1", "annual_rate": 3,
            "issued_on": may, "due_on": date(2027, 5, 1), "outstanding": 1, "organisation_code": BANK}  # fmt: skip
    insert_rows(connection, "loan", [
        loan | {"receipt_no": "1", "principal": 100000, "district_code": DISTRICT},
        loan | {"receipt_no": "2", "principal": 50000, "district_code": DISTRICT},
        loan | {"receipt_no": "3", "principal": 70000, "district_code": "990102"},
    ])  # fmt: skip
    insert_rows(connection, "target", [
        {"area_code": town, "area_name": town, "year": 2026, "placements_target": 45, "ventures_target": 3,
         "skill_training_target": 20, "startup_training_target": 5, "organisation_code": DISTRICT, "_period": "2026"}
        for town in (TOWN, OTHER)
    ])  # fmt: skip


@pytest.fixture(scope="module")
def crafted(
    postgres_server: EmbeddedPostgres, template_database: str, tmp_path_factory: pytest.TempPathFactory
) -> Built:
    settings = new_warehouse(postgres_server, template_database, tmp_path_factory.mktemp("crafted"))
    with connect(settings) as connection:
        for contract in load_contracts(settings.contracts).values():
            ensure_raw_table(connection, contract)
        ledgers(connection)
        rows(connection)
        asked = [a for a, _ in LEDGER] + [a for a, _ in ARTICLES]
        for row in (claim(number, one) for number, one in enumerate(asked)):
            insert_rows(connection, "case_report", [row | {"_row_key": uuid.uuid4(), "_row_hash": uuid.uuid4()}])
        connection.execute(
            "insert into ops.news_review (item_id, row_hash, what, article_id, confidence, threshold)"
            " select claim_id, _row_hash, 'claim', article_id, confidence, 0.6 from raw.case_report"
        )
    return Built(settings, AS_OF, World(), build_marts(settings, AS_OF))


def test_each_claim_against_the_ledgers(crafted: Built) -> None:
    stored = {
        row[0]: row[1:]
        for row in crafted.query(
            "select claim_id, verdict, reason, ledger_value::float from marts.mart_claim_reconciliation where basis = 'ledger'"
        )
    }
    wrong = [
        (asked[1:6], stored[f"{asked[0]}{number}"], wanted)
        for number, (asked, wanted) in enumerate(LEDGER)
        if stored[f"{asked[0]}{number}"] != wanted
    ]
    assert wrong == []
    assert len(stored) == len(LEDGER) + len(ARTICLES)


def test_articles_against_themselves(crafted: Built) -> None:
    stored = {
        row[0]: (row[1], round(row[2], 4))
        for row in crafted.query(
            "select claim_id, reason, expected_value::float from marts.mart_claim_reconciliation where basis = 'article'"
            " and article_id <> 'a'"
        )
    }
    numbered = enumerate(ARTICLES, start=len(LEDGER))
    assert stored == {f"{asked[0]}{number}": wanted for number, (asked, wanted) in numbered if wanted}


def test_every_measure_is_answered_or_says_why(crafted: Built) -> None:
    """A rule for each measure and unit that a ledger can count; the list of measures is the contract's."""
    rules = crafted.query("select distinct measure from staging.claim_rule")
    codes = set(load_contracts(crafted.settings.contracts)["case_report"].by_name["measure"].codes.values())
    assert {measure for (measure,) in rules} <= codes
    figures = {f for (f,) in crafted.query("select distinct figure from staging.claim_rule where figure is not null")}
    assert figures == {f for (f,) in crafted.query("select distinct figure from intermediate.int_ledger_facts")} | {
        "stable",
        "station",
        "other_site",
    }
