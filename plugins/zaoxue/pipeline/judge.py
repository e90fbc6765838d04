"""Normalise and gate the submissions of one feed, in one go for the whole batch."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import polars as pl

from zaoxue.contracts import Contract, Rule
from zaoxue.gate import Verdict, column_to_mend, file_rules, judge_files, judge_rows, suite_of
from zaoxue.gate.great import ROW_ID
from zaoxue.normalising import NOTHING_KNOWN, Known, load_parameters, normalise, with_checks
from zaoxue.normalising.derive_rows import FILE, FIRST_OF_KEY
from zaoxue.periods import bounds
from zaoxue.pipeline.intake import Intake
from zaoxue.protecting import masked
from zaoxue.reading import ROW, SHEET

SUBMISSION = FILE
_ENOUGH_TO_COMPARE = 20  # rows; under it a share says nothing
_MANY = 50  # rows


@dataclass(frozen=True)
class Judged:
    """A batch of one feed after the gate.

    `typed`: every data row, normalised, with `_submission`, `_sheet`, `_row`, `_row_id` and `passed`.
    `gate_results`: submission_id, rule_id, severity, evaluated, failed.
    `quarantine`: a line for each kept-out row and rule, value masked.
    `refused`: submission -> message (zh, en) of the file rule it fails; `held`: the same, of the rules that only hold.
    """

    typed: pl.DataFrame
    gate_results: pl.DataFrame
    quarantine: pl.DataFrame
    refused: dict[str, tuple[str, str]]
    held: dict[str, tuple[str, str]]


@dataclass(frozen=True)
class StandingRows:
    """Current rows of an organisation's cumulative ledger: how many, and how many of them fill each column."""

    rows: int
    filled: dict[str, int]


def judge(
    contract: Contract,
    intakes: list[Intake],
    standing_rows: dict[str, StandingRows],
    contracts: Path,
    known: Known = NOTHING_KNOWN,
) -> Judged:
    """Judge every row and every file of the batch.

    `standing_rows`: by organisation, for cumulative feeds only. `known`: what the warehouse knows from other
    ledgers, for the rules that look there.
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
    emptied = _emptied_columns(contract, intakes, text, standing_rows)
    file_verdict = judge_files(_figures(intakes, typed, standing_rows, emptied), file_rules(contracts), SUBMISSION)
    results = pl.concat([verdict.results, file_verdict.results]).rename({SUBMISSION: "submission_id"})
    return Judged(
        typed,
        results,
        _quarantine(contract, text, verdict),
        _failed_files(file_verdict, lambda rule: rule.severity == "critical"),
        _named(_failed_files(file_verdict, lambda rule: rule.holds), emptied),
    )


def _first_of_key(contract: Contract) -> pl.Expr:
    """Whether no earlier row of the file has its key; a part that may be empty is equal to another empty one."""
    keys = [pl.col(column.name) for column in contract.key_columns]
    complete = pl.all_horizontal(
        pl.col(column.name).is_not_null() for column in contract.key_columns if column.required
    )
    first = pl.struct(*keys).is_first_distinct().over(SUBMISSION)
    return (first | ~complete).alias(FIRST_OF_KEY)


def _figures(
    intakes: list[Intake],
    typed: pl.DataFrame,
    standing_rows: dict[str, StandingRows],
    emptied: dict[str, list[str]],
) -> pl.DataFrame:
    """One row of figures for each file, named in file_rules.yaml; null where there is nothing to compare with."""
    standing = [standing_rows.get(i.organisation.code) for i in intakes]
    files = pl.DataFrame(
        {
            SUBMISSION: [i.submission_id for i in intakes],
            "is_nil": [i.is_nil for i in intakes],
            "standing": [s.rows if s and s.rows >= _ENOUGH_TO_COMPARE else None for s in standing],
            "emptied_columns": [len(emptied[i.submission_id]) if i.submission_id in emptied else None for i in intakes],
        },
        schema_overrides={"standing": pl.Int64, "emptied_columns": pl.Int64},
    )
    counted = typed.group_by(SUBMISSION).agg(pl.len().alias("rows"), (~pl.col("passed")).mean().alias("bad_share"))
    return (
        files.join(counted, on=SUBMISSION, how="left", maintain_order="left")
        .with_row_index(ROW_ID)
        .with_columns(pl.col(ROW_ID).cast(pl.Int64), pl.col("rows").fill_null(0).cast(pl.Int64))
        .with_columns(
            (pl.col("rows") / pl.col("standing")).alias("share_of_standing"),
            pl.when(pl.col("rows") >= _MANY).then("bad_share").alias("bad_share_of_many"),
        )
        .with_columns(
            pl.when(~pl.col("is_nil")).then(pl.col(name)).alias(name) for name in ("rows", "share_of_standing")
        )
    )


def _emptied_columns(
    contract: Contract, intakes: list[Intake], text: pl.DataFrame, standing_rows: dict[str, StandingRows]
) -> dict[str, list[str]]:
    """Labels of the columns that stood filled in most rows and are empty throughout; only files worth comparing."""
    if not standing_rows:
        return {}
    sources = {str(c.warehouse_name): c for c in contract.warehouse_columns if not c.derived_from}
    filled = text.group_by(SUBMISSION).agg(
        pl.len().alias("rows"),
        *((pl.col(c.name).str.strip_chars() != "").any().alias(name) for name, c in sources.items()),
    )
    by_submission = {row[SUBMISSION]: row for row in filled.iter_rows(named=True)}  # one for each file
    emptied = {}
    for intake in intakes:
        row, standing = by_submission.get(intake.submission_id), standing_rows.get(intake.organisation.code)
        if row and standing and min(row["rows"], standing.rows) >= _ENOUGH_TO_COMPARE:
            emptied[intake.submission_id] = [
                column.label
                for name, column in sources.items()
                if not row[name] and standing.filled.get(name, 0) * 2 >= standing.rows
            ]
    return emptied


def _failed_files(verdict: Verdict, which: Callable[[Rule], bool]) -> dict[str, tuple[str, str]]:
    rules = {rule.rule_id: rule for rule in verdict.rules.values() if which(rule)}
    failed = verdict.results.filter((pl.col("failed") > 0) & pl.col("rule_id").is_in(list(rules)))
    messages: dict[str, list[Rule]] = {}
    for submission, rule_id in failed.select(SUBMISSION, "rule_id").rows():
        messages.setdefault(submission, []).append(rules[rule_id])
    return {
        submission: ("；".join(r.message_zh for r in broken), "; ".join(r.message_en for r in broken))
        for submission, broken in messages.items()
    }


def _named(held: dict[str, tuple[str, str]], emptied: dict[str, list[str]]) -> dict[str, tuple[str, str]]:
    """The messages with the columns that are empty, which a rule's own text cannot know."""
    return {
        submission: (
            zh + (f"（{'、'.join(columns)}）" if (columns := emptied.get(submission)) else ""),
            en + (f" ({', '.join(columns)})" if columns else ""),
        )
        for submission, (zh, en) in held.items()
    }


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
