"""The suite that comes from a contract, and the gate on frames made by hand."""

from __future__ import annotations

import polars as pl
import pytest

from zaoxue.contracts import Contract, Rule, load_contracts
from zaoxue.gate import judge_rows, suite_of
from zaoxue.gate.great import ROW_ID
from zaoxue.settings import load_settings

CONTRACTS = load_contracts(load_settings().contracts)


@pytest.mark.parametrize("contract", CONTRACTS.values(), ids=list(CONTRACTS))
def test_the_schema_becomes_expectations_by_itself(contract: Contract) -> None:
    ids = [rule.rule_id for rule in suite_of(contract)]
    assert len(ids) == len(set(ids))
    for column in contract.columns:
        if column.derived_from:
            continue
        prefix = f"{contract.rule_prefix}.{column.name}."
        assert (f"{prefix}required" in ids) == column.required
        if column.codes:
            assert f"{prefix}code" in ids
        if column.is_resident_id:
            assert f"{prefix}resident_id" in ids
        if "maximum" in column.options:
            assert f"{prefix}range" in ids
    assert f"{contract.rule_prefix}.key.unique" in ids


def test_every_message_is_in_both_languages() -> None:
    for contract in CONTRACTS.values():
        for rule in suite_of(contract):
            assert any("\u4e00" <= c <= "\u9fff" for c in rule.message_zh), rule.rule_id
            assert rule.message_en, rule.rule_id


def rule(expectation: str, severity: str = "critical", **arguments: object) -> Rule:
    return Rule("R-1", severity, expectation, arguments, None, "不行", "no")


def test_more_failures_than_great_expectations_lists_by_default_are_all_found() -> None:
    frame = pl.DataFrame({ROW_ID: range(5000), "file": "a", "n": range(5000)})
    verdict = judge_rows(frame, [rule("expect_column_values_to_be_between", column="n", max_value=999)], "file")
    assert verdict.critical_rows()[ROW_ID].sort().to_list() == list(range(1000, 5000))
    assert verdict.results.rows() == [("a", "R-1", "critical", 5000, 4000)]


def test_a_warning_keeps_no_row_out() -> None:
    frame = pl.DataFrame({ROW_ID: [0, 1], "file": ["a", "b"], "n": [1, 5]})
    verdict = judge_rows(
        frame, [rule("expect_column_values_to_be_between", "warning", column="n", max_value=2)], "file"
    )
    assert verdict.critical_rows().height == 0
    assert verdict.results.select("file", "failed").rows() == [("a", 0), ("b", 1)]


def test_a_rule_that_cannot_run_never_passes() -> None:
    frame = pl.DataFrame({ROW_ID: [0], "file": ["a"], "n": ["text"]})
    with pytest.raises(RuntimeError, match="R-1"):
        judge_rows(frame, [rule("expect_column_values_to_be_between", column="n", max_value=2)], "file")
