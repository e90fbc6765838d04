"""Rules about whole files, each held against the version that stands when its turn comes."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import polars as pl
import psycopg
from psycopg import sql

from zaoxue.contracts import Column, Contract, Rule
from zaoxue.gate import Verdict, file_rules, judge_files
from zaoxue.gate.great import ROW_ID
from zaoxue.normalising import VALID_SUFFIX, WHOLE_SUFFIX
from zaoxue.normalising.derive_rows import FILE
from zaoxue.pipeline.intake import Intake

SUBMISSION = FILE
_ENOUGH_TO_COMPARE = 20  # rows; under it a share says nothing
_MANY = 50  # rows


@dataclass(frozen=True)
class StandingRows:
    """Rows of an organisation's cumulative ledger at some time: how many, and how many of them fill each column."""

    rows: int
    filled: dict[str, int]


@dataclass(frozen=True)
class FileVerdicts:
    """`results`: as Verdict.results. `refused`: submission -> message (zh, en) of the file rules that return it; `held`:
    the same, of those that only make it wait."""

    results: pl.DataFrame
    refused: dict[str, tuple[str, str]]
    held: dict[str, tuple[str, str]]


def judge_whole_files(
    contract: Contract,
    intakes: list[Intake],
    typed: pl.DataFrame,
    given: pl.DataFrame,
    before: dict[str, StandingRows],
    contracts: Path,
) -> FileVerdicts:
    """Judge every file as a whole.

    `typed`: the batch's rows with `passed`; `given`: one row for each file that has rows, from `columns_given`.
    `before`: what each submission is held against; none where it has nothing to be compared with.
    """
    emptied = _emptied_columns(contract, intakes, given, before)
    verdict = judge_files(_figures(intakes, typed, before, emptied), file_rules(contracts), SUBMISSION)
    return FileVerdicts(
        verdict.results,
        _failed_files(verdict, lambda rule: rule.severity == "critical"),
        _named(_failed_files(verdict, lambda rule: rule.holds), emptied),
    )


def columns_given(contract: Contract, typed: pl.DataFrame) -> pl.DataFrame:
    """For each file its rows, and of each column that reaches the warehouse whether any row says something in it."""
    return typed.group_by(SUBMISSION).agg(
        pl.len().alias("rows"),
        *(_says_something(c, typed).any().alias(name) for name, c in _sources(contract).items()),
    )


def _says_something(column: Column, typed: pl.DataFrame) -> pl.Expr:
    """A cell that cannot be read says something, too."""
    for companion in (column.name + WHOLE_SUFFIX, column.name + VALID_SUFFIX):
        if companion in typed.columns:
            return pl.col(companion).is_not_null()
    return pl.col(column.name).is_not_null()


def read_standing_rows(
    connection: psycopg.Connection, contract: Contract, intakes: list[Intake]
) -> dict[str, StandingRows]:
    """What stands in the warehouse, by organisation; nothing for feeds whose files replace no whole ledger."""
    if contract.scope != "cumulative":
        return {}
    names = [str(column.warehouse_name) for column in contract.warehouse_columns]
    query = sql.SQL(
        "select organisation_code, count(*), {} from raw.{} where _to_submission is null and _scope = any(%s) group by 1"
    ).format(
        sql.SQL(", ").join(sql.SQL("count({})").format(sql.Identifier(name)) for name in names),
        sql.Identifier(contract.feed),
    )
    codes = list({i.organisation.code for i in intakes})
    return {
        organisation: StandingRows(rows, dict(zip(names, filled, strict=True)))
        for organisation, rows, *filled in connection.execute(query, [codes])
    }


def rows_brought(contract: Contract, typed: pl.DataFrame) -> dict[str, StandingRows]:
    """What each file of the batch would leave standing: its rows that passed."""
    names = [str(c.warehouse_name) for c in contract.warehouse_columns]
    counted = (
        typed.filter("passed")
        .group_by(SUBMISSION)
        .agg(
            pl.len().alias("_rows"),
            *(pl.col(c.name).count().alias(str(c.warehouse_name)) for c in contract.warehouse_columns),
        )
    )
    return {
        submission: StandingRows(rows, dict(zip(names, filled, strict=True)))
        for submission, rows, *filled in counted.select(SUBMISSION, "_rows", *names).iter_rows()
    }


def _sources(contract: Contract) -> dict[str, Column]:
    return {str(c.warehouse_name): c for c in contract.warehouse_columns if not c.derived_from}


def _figures(
    intakes: list[Intake],
    typed: pl.DataFrame,
    before: dict[str, StandingRows],
    emptied: dict[str, list[str]],
) -> pl.DataFrame:
    """One row of figures for each file, named in file_rules.yaml; null where there is nothing to compare with.

    A partial file is not short of what stands: what it lacks is not taken for gone.
    """
    standing = [before.get(i.submission_id) for i in intakes]
    files = pl.DataFrame(
        {
            SUBMISSION: [i.submission_id for i in intakes],
            "is_nil": [i.is_nil for i in intakes],
            "is_partial": [i.is_partial for i in intakes],
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
        .with_columns(
            pl.when(~pl.col("is_partial") | (pl.col("share_of_standing") > 1))
            .then("share_of_standing")
            .alias("share_of_standing")
        )
    )


def _emptied_columns(
    contract: Contract, intakes: list[Intake], given: pl.DataFrame, before: dict[str, StandingRows]
) -> dict[str, list[str]]:
    """Labels of the columns that stood filled in most rows and are empty throughout; only files worth comparing."""
    sources = _sources(contract)
    by_submission = {row[SUBMISSION]: row for row in given.iter_rows(named=True)}  # one for each file
    emptied = {}
    for intake in intakes:
        row, standing = by_submission.get(intake.submission_id), before.get(intake.submission_id)
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
