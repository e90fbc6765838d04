"""From findings to a verdict: which rows are kept out and why, and which files are refused."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import polars as pl

from zaoxue.contracts import Rule
from zaoxue.gate.distinct import NOT_NULL, columns_of, distinct_values, rows_with
from zaoxue.gate.great import ROW_ID, validate

_NO_VIOLATIONS = pl.DataFrame(schema={ROW_ID: pl.Int64, "rule_id": pl.String})


@dataclass(frozen=True)
class Verdict:
    """The gate's verdict on a batch.

    `violations`: one row for each row and rule that failed: `_row_id`, rule_id.
    `results`: one row for each subject and rule: the `by` column, rule_id, severity, evaluated, failed.
    """

    rules: dict[str, Rule]
    violations: pl.DataFrame
    results: pl.DataFrame

    def critical_rows(self) -> pl.DataFrame:
        """Distinct `_row_id` of the rows that may not pass."""
        critical = [rule.rule_id for rule in self.rules.values() if rule.severity == "critical"]
        return self.violations.filter(pl.col("rule_id").is_in(critical)).select(ROW_ID).unique()


def judge_rows(frame: pl.DataFrame, rules: list[Rule], by: str) -> Verdict:
    """Judge every row of a batch in one validation. `frame` has `_row_id` and the column `by` (the submission)."""
    return _judge(frame, rules, by)


def judge_files(figures: pl.DataFrame, rules: list[Rule], by: str) -> Verdict:
    """Judge whole files: one row of figures for each, with `_row_id` and the column `by`."""
    return _judge(figures, rules, by)


def _judge(frame: pl.DataFrame, rules: list[Rule], by: str) -> Verdict:
    violations = pl.concat([_NO_VIOLATIONS, *_violations(frame, rules)])
    return Verdict({rule.rule_id: rule for rule in rules}, violations, _results(frame, rules, violations, by))


def _violations(frame: pl.DataFrame, rules: list[Rule]) -> Iterator[pl.DataFrame]:
    for values in distinct_values(frame, rules):
        findings = validate(values.frame.to_pandas(use_pyarrow_extension_array=True), values.reworded)
        for place, finding in enumerate(findings):
            if len(finding.failed):
                rows = rows_with(frame, values.values_at(place, pl.Series(finding.failed)))
                yield pl.DataFrame({ROW_ID: rows}).with_columns(pl.lit(finding.rule.rule_id).alias("rule_id"))


def _results(frame: pl.DataFrame, rules: list[Rule], violations: pl.DataFrame, by: str) -> pl.DataFrame:
    evaluated = (
        frame.group_by(by)
        .agg(_applies(rule).sum().alias(rule.rule_id) for rule in rules)
        .unpivot(index=by, variable_name="rule_id", value_name="evaluated")
    )
    failed = violations.join(frame.select(ROW_ID, by), on=ROW_ID).group_by(by, "rule_id").agg(pl.len().alias("failed"))
    severities = pl.DataFrame({"rule_id": [r.rule_id for r in rules], "severity": [r.severity for r in rules]})
    return (
        evaluated.join(failed, on=[by, "rule_id"], how="left")
        .join(severities, on="rule_id")
        .select(by, "rule_id", "severity", "evaluated", pl.col("failed").fill_null(0))
        .sort(by, "rule_id")
    )


def _applies(rule: Rule) -> pl.Expr:
    if rule.expectation == NOT_NULL:
        return pl.col(rule.arguments["column"]).is_null() | True  # every row
    return pl.all_horizontal(pl.col(name).is_not_null() for name in columns_of(rule))
