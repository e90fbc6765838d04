"""Each rule on its good rows and its bad rows, through the same steps as a night: normalise, check columns, gate.

A feed's cases are submissions of one batch, so each feed is validated once.
"""

from __future__ import annotations

from collections import Counter
from datetime import datetime
from pathlib import Path

import polars as pl
import pytest

from tests.contract.rule_cases import FeedCases, Row
from tests.contract.rule_cases.all_feeds import CASES
from zaoxue.contracts import Contract, load_contracts
from zaoxue.contracts.rule_catalogue import CATALOGUE_FILE, current_catalogue
from zaoxue.gate import file_rules, suite_of
from zaoxue.inbox import ReceivedFile
from zaoxue.inbox.discover import SHANGHAI
from zaoxue.loading.lookups import LOOKUPS
from zaoxue.normalising import Known, lookups_of
from zaoxue.pipeline.intake import Intake
from zaoxue.pipeline.judge import judge
from zaoxue.protecting import person_keys
from zaoxue.reading import ROW, SHEET, SheetTable
from zaoxue.recognising import Organisation
from zaoxue.settings import load_settings

FOLDER = load_settings().contracts
CONTRACTS = load_contracts(FOLDER)
OTHER_TOWNSHIP = "990101002"
SECRET = b"a secret for tests"
# The ledger has no word for "not at school": the cell is blank, so there is nothing to judge.
BLANK_IS_GOOD = {"PLC-25", "PSN-07"}
Figures = dict[tuple[str, str], tuple[int, int]]


def submission(contract: Contract, name: str, organisation: str, rows: list[Row]) -> Intake:
    """One file of these rows, received on 2026-06-03 for May (or for the year 2026)."""
    sources = [column.name for column in contract.columns if not column.sources]
    assert all(set(row) <= set(sources) for row in rows), f"{name}: a cell of no column"
    frame = pl.DataFrame(
        {source: [row.get(source) for row in rows] for source in sources}, schema=dict.fromkeys(sources, pl.String)
    ).with_columns(pl.lit("1").alias(SHEET), pl.int_range(2, pl.len() + 2, dtype=pl.Int32).alias(ROW))
    file = ReceivedFile(Path(name), f"990101/{name}", 1, datetime(2026, 6, 3, 10, tzinfo=SHANGHAI))
    sender = Organisation(organisation, "测试", contract.submitter, organisation[:6])
    period = "2026" if contract.frequency == "year" else "2026-05"
    return Intake(name, file, name, contract, sender, period, ((" ", SheetTable(frame, len(rows), 0)),), False)


def known_of(cases: FeedCases) -> Known:
    """Frames as `read_lookups` gives them, keyed by person key where a row names an identity number."""
    frames = {}
    for lookup, rows in cases.known.items():
        keys = [person_keys(pl.Series([row["id"]]), SECRET).item() if "id" in row else row["key"] for row in rows]
        values = {
            value: pl.Series([row.get(value) for row in rows]).cast(kind)
            if kind != pl.Date()
            else pl.Series([row.get(value) for row in rows], dtype=pl.String).str.to_date()
            for value, kind in LOOKUPS[lookup].values.items()
        }
        frames[lookup] = pl.DataFrame({"key": keys, **values})
    return Known(frames, lambda numbers: person_keys(numbers, SECRET))


@pytest.fixture(scope="module")
def figures() -> dict[str, Figures]:
    """Feed -> (submission, rule) -> (rows judged, rows found)."""
    found: dict[str, Figures] = {}
    for feed, cases in CASES.items():
        contract = CONTRACTS[feed]
        intakes = [submission(contract, "base", cases.organisation, [cases.base])]
        for rule_id, case in cases.cases.items():
            for kind, rows in (("good", case.good), ("bad", case.bad)):
                sender = case.organisation or cases.organisation
                intakes.append(submission(contract, f"{kind} {rule_id}", sender, [cases.base | row for row in rows]))
            if case.elsewhere:
                others = [cases.base | row for row in case.elsewhere]
                intakes.append(submission(contract, f"elsewhere {rule_id}", OTHER_TOWNSHIP, others))
        results = judge(contract, intakes, FOLDER, known_of(cases)).gate_results
        found[feed] = {(row[0], row[1]): (row[3], row[4]) for row in results.rows()}
    return found


@pytest.mark.parametrize("feed", sorted(CONTRACTS))
def test_the_base_row_passes_every_rule(figures: dict[str, Figures], feed: str) -> None:
    failed = {rule: found for (name, rule), (_, found) in figures[feed].items() if name == "base" and found}
    assert failed == {}


ALL = [(feed, rule.rule_id) for feed, contract in CONTRACTS.items() for rule in contract.rules]


@pytest.mark.parametrize(("feed", "rule_id"), ALL, ids=[rule_id for _, rule_id in ALL])
def test_a_rule_finds_its_bad_rows_and_no_good_one(figures: dict[str, Figures], feed: str, rule_id: str) -> None:
    assert rule_id in CASES[feed].cases, "write its good and bad rows into tests/contract/rule_cases"
    judged, found = figures[feed][f"good {rule_id}", rule_id]
    assert judged > 0 or rule_id in BLANK_IS_GOOD, "the good row says nothing of the rule"
    assert found == 0
    assert figures[feed][f"bad {rule_id}", rule_id][1] == CASES[feed].cases[rule_id].findings


def test_there_are_enough_rules_and_their_ids_are_their_own() -> None:
    ids = Counter(rule_id for _, rule_id in ALL)
    assert len(ids) == len(ALL) >= 230
    assert len(CONTRACTS) == 16
    assert all(len(contract.rules) >= 2 for contract in CONTRACTS.values())
    every = [rule.rule_id for contract in CONTRACTS.values() for rule in suite_of(contract)]
    assert len(set(every)) == len(every)


@pytest.mark.parametrize("contract", CONTRACTS.values(), ids=list(CONTRACTS))
def test_every_check_column_serves_a_rule(contract: Contract) -> None:
    used = {
        str(v) for rule in contract.rules for k, v in rule.arguments.items() if k in ("column", "column_A", "column_B")
    }
    used |= {source for column in contract.columns if column.check_only for source in column.sources}
    assert [column.name for column in contract.columns if column.check_only and column.name not in used] == []
    assert lookups_of(contract) <= set(LOOKUPS)
    assert not [column.name for column in contract.warehouse_columns if column.check_only]


def test_the_catalogue_is_up_to_date() -> None:
    page = CATALOGUE_FILE.read_text(encoding="utf-8")
    assert page == current_catalogue(FOLDER), "run `python -m zaoxue.contracts.rule_catalogue`"
    for contract in CONTRACTS.values():
        assert all(f"| {rule.rule_id} |" in page for rule in contract.rules)
    assert all(f"| {rule.rule_id} |" in page for rule in file_rules(FOLDER))
