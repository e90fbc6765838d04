"""The empty workbook of every ledger: filled by openpyxl as a clerk would, it loads with nothing to complain of."""

from __future__ import annotations

from pathlib import Path

import openpyxl
import pytest

from tests.contract.rule_cases.all_feeds import CASES
from tests.pipeline.conftest import Night
from tests.pipeline.ledgers import TOWN, deliver
from tests.pipeline.test_load import query
from zaoxue.contracts import load_contracts
from zaoxue.contracts.template import write_template
from zaoxue.gate import suite_of
from zaoxue.settings import Settings, load_settings

CONTRACTS = load_contracts(load_settings().contracts)
LEDGERS = sorted(feed for feed, contract in CONTRACTS.items() if contract.submitter != "news_source")
FOLDERS = {"township": TOWN, "district": "990101_青溪区", "bank": "B9901_青溪农商行"}
PERIODS = {"month": "2026年5月", "quarter": "2026年第二季度", "year": "2026年"}


@pytest.mark.parametrize("feed", LEDGERS)
def test_a_filled_template_loads_with_nothing_to_complain_of(
    settings: Settings, night: Night, tmp_path: Path, feed: str
) -> None:
    contract = CONTRACTS[feed]
    empty = tmp_path / "模板.xlsx"
    write_template(contract, empty, suite_of(contract))
    book = openpyxl.load_workbook(empty)
    sheet = book[contract.title]
    columns = [c for c in contract.columns if c.headers and not c.derived_from]
    assert [cell.value for cell in sheet[1]] == [c.label + ("*" if c.required else "") for c in columns]
    good = CASES[feed].base  # the row on which every rule of the feed has nothing to say
    for place, column in enumerate(columns):
        assert good.get(column.name) or not column.required
        sheet.cell(2, place + 1, good.get(column.name))
    folder = settings.inbox / FOLDERS[contract.submitter]
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{contract.title}_{PERIODS.get(contract.frequency or 'month', '2026年5月')}.xlsx"
    book.save(path)
    deliver(path, "2026-06-03T10:00")
    night()
    assert query(settings, "select rule_id, failed from ops.gate_result where failed > 0") == []
    assert query(
        settings,
        "select feed, state, rows_accepted, rows_quarantined, reason_zh, reason_en from ops.submission",
    ) == [(feed, "accepted", 1, 0, None, None)]


@pytest.mark.parametrize("feed", LEDGERS)
def test_a_template_guides_the_hand(tmp_path: Path, feed: str) -> None:
    contract = CONTRACTS[feed]
    empty = tmp_path / "模板.xlsx"
    write_template(contract, empty, suite_of(contract))
    book = openpyxl.load_workbook(empty)
    sheet = book[contract.title]
    notes = {cell.value.strip("*"): cell.comment.text for cell in sheet[1]}
    choices = {
        sheet.cell(1, area.min_col).value.strip("*"): validation.formula1
        for validation in sheet.data_validations.dataValidation
        for area in validation.sqref.ranges
        if validation.type == "list"
    }
    for column in contract.columns:
        if not column.headers or column.derived_from:
            continue
        assert ("必填" if column.required else "选填") in notes[column.label]
        labels = column.codes
        if not labels:
            continue
        source = choices[column.label]
        if source.startswith('"'):
            offered = source.strip('"').split(",")
        else:
            first, last = source.split("!")[1].replace("$", "").split(":")
            offered = [row[0].value for row in book["代码"][f"{first}:{last}"]]
        assert {labels[word] for word in offered} == set(labels.values())
    for rule in contract.rules:
        if rule.column in notes or rule.arguments.get("column_A") in contract.by_name:
            assert any(rule.message_zh in note for note in notes.values()), rule.rule_id
    assert book["代码"].sheet_state == "hidden"
