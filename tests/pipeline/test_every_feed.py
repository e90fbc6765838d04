"""Every ledger feed from a workbook to its raw table, and rules that look into other ledgers, on a real database."""

from __future__ import annotations

import os
from datetime import datetime
from pathlib import Path

import pytest
import xlsxwriter

from tests.contract.rule_cases import GROWN, STRANGER, UNABLE, Row
from tests.contract.rule_cases.all_feeds import CASES
from tests.pipeline.conftest import Night
from zaoxue.contracts import load_contracts
from zaoxue.inbox.discover import SHANGHAI
from zaoxue.settings import Settings, load_settings
from zaoxue.warehouse.database import connect

CONTRACTS = load_contracts(load_settings().contracts)
LEDGERS = sorted(feed for feed, contract in CONTRACTS.items() if contract.submitter in ("township", "district"))
FOLDERS = {"township": "990101_青溪区/990101001_柳桥镇", "district": "990101_青溪区"}
PERIODS = {"quarter": "2026年第二季度", "year": "2026年"}


def deliver(inbox: Path, feed: str, rows: list[Row], received: str = "2026-06-03T10:00") -> None:
    """A workbook with the official headers of the columns that are filled in."""
    contract = CONTRACTS[feed]
    period = PERIODS.get(contract.frequency or "", "2026年5月")
    path = inbox / FOLDERS[contract.submitter] / f"{contract.title}_{period}_{received[-5:-3]}.xlsx"
    path.parent.mkdir(parents=True, exist_ok=True)
    columns = [column for column in contract.columns if column.headers and any(row.get(column.name) for row in rows)]
    with xlsxwriter.Workbook(path) as workbook:
        sheet = workbook.add_worksheet(contract.title)
        sheet.write_row(0, 0, [column.label for column in columns])
        for number, row in enumerate(rows, start=1):
            sheet.write_row(number, 0, [row.get(column.name) for column in columns])
    moment = datetime.fromisoformat(received).replace(tzinfo=SHANGHAI).timestamp()
    os.utime(path, (moment, moment))


@pytest.mark.parametrize("feed", LEDGERS)
def test_a_ledger_of_each_feed_is_loaded_without_its_check_columns(settings: Settings, night: Night, feed: str) -> None:
    deliver(settings.inbox, feed, [CASES[feed].base])
    report = night()
    assert report.states["accepted"] == 1, report.as_dict()
    with connect(settings) as connection:
        rows = connection.execute(f"select * from raw.{feed}").fetchall()
        names = {
            name
            for (name,) in connection.execute(
                "select column_name from information_schema.columns where table_schema = 'raw' and table_name = %s",
                [feed],
            )
        }
    assert len(rows) == 1
    assert not names & {column.name for column in CONTRACTS[feed].columns if column.check_only}
    personal = [cell for name, cell in CASES[feed].base.items() if name.endswith("_id") or name == "phone"]
    assert not [cell for cell in personal if cell in map(str, rows[0])]


def findings(settings: Settings, rule_id: str) -> list[tuple[int, int]]:
    with connect(settings) as connection:
        return connection.execute(
            "select g.evaluated, g.failed from ops.gate_result as g inner join ops.submission as s using (submission_id)"
            " where g.rule_id = %s order by s.received_at",
            [rule_id],
        ).fetchall()


def test_work_of_a_person_who_cannot_work_is_found_once_the_register_has_come(settings: Settings, night: Night) -> None:
    register, work = CASES["person"].base, CASES["placement"].base
    deliver(settings.inbox, "placement", [work, {**work, "person_id": UNABLE}])
    night()
    assert findings(settings, "PLC-24") == [(0, 0)], "nothing can be said before the register has come"
    assert findings(settings, "PLC-26") == [(0, 0)]
    deliver(
        settings.inbox,
        "person",
        [
            {**register, "labour_ability": "普通劳动力"},
            {**register, "person_id": UNABLE, "labour_ability": "丧失劳动力", "phone": None},
        ],
        "2026-06-03T11:00",
    )
    night()
    rows = [work, {**work, "person_id": UNABLE}, {**work, "person_id": STRANGER}]
    deliver(settings.inbox, "placement", rows, "2026-06-03T12:00")
    report = night()
    assert report.states["accepted"] == 1
    assert report.rows_accepted == 3, "a warning keeps no row out"
    assert findings(settings, "PLC-24")[-1] == (2, 1)
    assert findings(settings, "PLC-26")[-1] == (3, 1)


def test_a_household_helped_into_work_where_nobody_works(settings: Settings, night: Night) -> None:
    household = {**CASES["household"].base, "measures": "就业帮扶"}
    deliver(settings.inbox, "person", [CASES["person"].base])
    deliver(settings.inbox, "placement", [{**CASES["placement"].base, "ended_on": "2026-05-01"}], "2026-06-03T10:30")
    night()
    deliver(settings.inbox, "household", [household], "2026-06-03T11:00")
    night()
    assert findings(settings, "HHD-12") == [(1, 1)]
    deliver(settings.inbox, "placement", [CASES["placement"].base], "2026-06-03T12:00")
    night()
    deliver(settings.inbox, "household", [{**household, "village": "柳村"}], "2026-06-03T13:00")
    night()
    assert findings(settings, "HHD-12") == [(1, 1), (1, 0)]
    assert GROWN  # the head of household is the person at work


def test_a_referral_is_held_against_the_list_of_vacancies(settings: Settings, night: Night) -> None:
    deliver(settings.inbox, "vacancy", [{**CASES["vacancy"].base, "closes_on": "2026-05-09"}])
    night()
    referral = CASES["referral"].base
    deliver(settings.inbox, "referral", [referral, {**referral, "vacancy_no": "V9"}], "2026-06-03T11:00")
    night()
    assert findings(settings, "REF-16") == [(2, 1)]
    assert findings(settings, "REF-18") == [(1, 1)]
