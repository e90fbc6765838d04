"""Normalise and gate the submissions of one feed, in one go for the whole batch."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path

import polars as pl

from zaoxue.contracts import Contract, Rule
from zaoxue.gate import Verdict, column_to_mend, judge_rows, suite_of
from zaoxue.gate.great import ROW_ID
from zaoxue.normalising import NOTHING_KNOWN, Known, load_parameters, normalise, with_checks
from zaoxue.normalising.derive_rows import FIRST_OF_KEY
from zaoxue.periods import bounds
from zaoxue.pipeline.intake import Intake
from zaoxue.pipeline.whole_files import SUBMISSION, StandingRows, columns_given, judge_whole_files
from zaoxue.protecting import masked
from zaoxue.reading import ROW, SHEET


@dataclass(frozen=True)
class Judged:
    """A batch of one feed after the gate.

    `typed`: every data row, normalised, with `_submission`, `_sheet`, `_row`, `_row_id` and `passed`.
    `gate_results`: submission_id, rule_id, severity, evaluated, failed.
    `quarantine`: a line for each kept-out row and rule, value masked. `given`: see `columns_given`.
    `refused`: submission -> message (zh, en) of the file rule it fails; `held`: the same, of the rules that only hold.
    """

    typed: pl.DataFrame
    gate_results: pl.DataFrame
    quarantine: pl.DataFrame
    given: pl.DataFrame
    refused: dict[str, tuple[str, str]]
    held: dict[str, tuple[str, str]]


def judge(contract: Contract, intakes: list[Intake], contracts: Path, known: Known = NOTHING_KNOWN) -> Judged:
    """Judge every row and every file, held against nothing: for files whose place in history is settled."""
    return with_files(judge_rows_of(contract, intakes, contracts, known), contract, intakes, {}, contracts)


def with_files(
    judged: Judged,
    contract: Contract,
    intakes: list[Intake],
    before: dict[str, StandingRows],
    contracts: Path,
) -> Judged:
    """The batch, with every file judged as a whole against `before` (by submission)."""
    files = judge_whole_files(contract, intakes, judged.typed, judged.given, before, contracts)
    results = files.results.rename({SUBMISSION: "submission_id"})
    return replace(
        judged, gate_results=pl.concat([judged.gate_results, results]), refused=files.refused, held=files.held
    )


def judge_rows_of(contract: Contract, intakes: list[Intake], contracts: Path, known: Known = NOTHING_KNOWN) -> Judged:
    """Judge every row of the batch; the files as wholes are still to be judged (`with_files`).

    `known`: what the warehouse knows from other ledgers, for the rules that look there.
    """
    text = (
        pl.concat(
            [
                table.rows.with_columns(pl.lit(i.submission_id).alias(SUBMISSION))
                for i in intakes
                for _, table in i.tables
            ]
        )
        .with_row_index(ROW_ID)
        .with_columns(pl.col(ROW_ID).cast(pl.Int64))
    )
    submissions = pl.DataFrame(
        {
            SUBMISSION: [i.submission_id for i in intakes],
            "_organisation_code": [i.organisation.code for i in intakes],
            "_received_on": [i.file.received_at.date() for i in intakes],
            "_period_start": [bounds(i.period)[0] for i in intakes],
            "_period_end": [i.period_end for i in intakes],
        }
    )
    typed = normalise(text, contract).join(submissions, on=SUBMISSION, how="left", maintain_order="left")
    typed = typed.with_columns(_first_of_key(contract))
    typed = with_checks(typed, contract, load_parameters(contracts), known)
    verdict = judge_rows(typed, suite_of(contract), SUBMISSION)
    typed = typed.join(
        verdict.critical_rows().with_columns(pl.lit(False).alias("passed")),
        on=ROW_ID,
        how="left",
        maintain_order="left",
    ).with_columns(pl.col("passed").fill_null(True))
    return Judged(
        typed,
        verdict.results.rename({SUBMISSION: "submission_id"}),
        _quarantine(contract, text, verdict),
        columns_given(contract, typed),
        {},
        {},
    )


def _first_of_key(contract: Contract) -> pl.Expr:
    """Whether no earlier row of the file has its key; a part that may be empty is equal to another empty one."""
    keys = [pl.col(column.name) for column in contract.key_columns]
    complete = pl.all_horizontal(
        pl.col(column.name).is_not_null() for column in contract.key_columns if column.required
    )
    first = pl.struct(*keys).is_first_distinct().over(SUBMISSION)
    return (first | ~complete).alias(FIRST_OF_KEY)


def _quarantine(contract: Contract, text: pl.DataFrame, verdict: Verdict) -> pl.DataFrame:
    critical = [rule for rule in verdict.rules.values() if rule.severity == "critical"]
    failing = set(verdict.violations["rule_id"].unique())
    lines = [_lines(contract, text, verdict.violations, rule) for rule in critical if rule.rule_id in failing]
    empty = text.head(0).select(
        pl.col(SUBMISSION).alias("submission_id"),
        pl.col(SHEET).alias("sheet"),
        pl.col(ROW).alias("row"),
        *(pl.lit("").alias(name) for name in _LINE_COLUMNS),
    )
    return pl.concat([empty, *lines])


_LINE_COLUMNS = ("column_name", "header", "rule_id", "masked_value", "message_zh", "message_en")


def _lines(contract: Contract, text: pl.DataFrame, violations: pl.DataFrame, rule: Rule) -> pl.DataFrame:
    column = column_to_mend(contract, rule)
    rows = violations.filter(pl.col("rule_id") == rule.rule_id).join(text, on=ROW_ID)
    value = pl.col(column.name) if column.name in text.columns else pl.lit(None, dtype=pl.String)
    return rows.select(
        pl.col(SUBMISSION).alias("submission_id"),
        pl.col(SHEET).alias("sheet"),
        pl.col(ROW).alias("row"),
        pl.lit(column.name).alias("column_name"),
        pl.lit(column.label).alias("header"),
        pl.lit(rule.rule_id).alias("rule_id"),
        masked(value, pl.lit(column.classification)).alias("masked_value"),
        pl.lit(rule.message_zh).alias("message_zh"),
        pl.lit(rule.message_en).alias("message_en"),
    )
