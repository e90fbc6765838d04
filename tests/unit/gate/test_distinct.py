"""Judging distinct values says the same of every row as judging every row."""

from __future__ import annotations

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from zaoxue.contracts import ContractError, Rule
from zaoxue.gate import judge_rows
from zaoxue.gate.distinct import distinct_values
from zaoxue.gate.great import ROW_ID, validate


def rule(number: int, expectation: str, **arguments: object) -> Rule:
    return Rule(f"R-{number}", "critical", expectation, arguments, None, "不行", "no")


RULES = [
    rule(1, "expect_column_values_to_not_be_null", column="a"),
    rule(2, "expect_column_values_to_be_between", column="a", max_value=3),
    rule(3, "expect_column_values_to_be_in_set", column="ok", value_set=[True]),
    rule(4, "expect_column_values_to_match_regex", column="text", regex="^x"),
    rule(
        5,
        "expect_column_pair_values_a_to_be_greater_than_b",
        column_A="a",
        column_B="b",
        or_equal=True,
        ignore_row_if="either_value_is_missing",
    ),
    rule(
        6, "expect_column_pair_values_to_be_equal", column_A="b", column_B="a", ignore_row_if="either_value_is_missing"
    ),
    rule(7, "expect_column_values_to_not_be_in_set", column="text", value_set=["y"]),
]
ROWS = st.lists(
    st.tuples(
        st.none() | st.integers(0, 6),
        st.none() | st.integers(0, 6),
        st.none() | st.booleans(),
        st.none() | st.sampled_from(["x", "y", "xx", ""]),
    ),
    max_size=40,
)


def frame_of(rows: list[tuple[object, ...]]) -> pl.DataFrame:
    schema = {"a": pl.Int64, "b": pl.Int64, "ok": pl.Boolean, "text": pl.String}
    frame = pl.DataFrame(rows, schema=schema, orient="row").with_row_index(ROW_ID)
    return frame.with_columns(pl.col(ROW_ID).cast(pl.Int64), pl.lit("file").alias("file"))


@settings(max_examples=30, deadline=None)
@given(ROWS)
def test_same_findings_as_on_every_row(rows: list[tuple[object, ...]]) -> None:
    frame = frame_of(rows)
    plain = {
        finding.rule.rule_id: sorted(finding.failed.tolist())
        for finding in validate(frame.drop("file").to_pandas(use_pyarrow_extension_array=True), RULES)
    }
    verdict = judge_rows(frame, RULES, "file")
    assert {r.rule_id: verdict.violations.filter(rule_id=r.rule_id)[ROW_ID].sort().to_list() for r in RULES} == plain


def test_sets_of_unlike_size_do_not_share_a_frame() -> None:
    frame = pl.DataFrame({ROW_ID: range(100_000), "many": range(100_000), "few": [True, False] * 50_000})
    rules = [
        rule(1, "expect_column_values_to_be_between", column="many", min_value=0),
        rule(2, "expect_column_values_to_be_in_set", column="few", value_set=[True]),
    ]
    assert [values.frame.height for values in distinct_values(frame, rules)] == [2, 100_000]


def test_a_rule_that_is_no_statement_about_single_rows_is_refused() -> None:
    frame = frame_of([(1, 1, True, "x")])
    with pytest.raises(ContractError, match="R-1"):
        judge_rows(frame, [rule(1, "expect_column_values_to_be_unique", column="a")], "file")
