"""Write what became of a batch into `ops`, in the transaction that loads its rows."""

from __future__ import annotations

import polars as pl
import psycopg
from psycopg import sql

from zaoxue.loading.load import copy_rows
from zaoxue.periods import bounds
from zaoxue.pipeline.decide import Decision
from zaoxue.pipeline.intake import Intake, Refusal
from zaoxue.pipeline.judge import Judged
from zaoxue.pipeline.whole_files import SUBMISSION
from zaoxue.reading import SHEET

_INSERT = """
insert into ops.submission (submission_id, source_uri, sha256, size_bytes, received_at, feed, organisation_code,
    district_code, period, period_end, version, state, is_nil, is_partial, rows_in_file, rows_accepted,
    rows_quarantined, rows_not_data, rows_refused, reason_zh, reason_en, contract_version)
values (%(submission_id)s, %(source_uri)s, %(sha256)s, %(size_bytes)s, %(received_at)s, %(feed)s, %(organisation_code)s,
    %(district_code)s, %(period)s, %(period_end)s, %(version)s, %(state)s, %(is_nil)s, %(is_partial)s,
    %(rows_in_file)s, %(rows_accepted)s, %(rows_quarantined)s, %(rows_not_data)s, %(rows_refused)s, %(reason_zh)s,
    %(reason_en)s, %(contract_version)s)
on conflict (submission_id) do nothing
"""


def register_refusals(connection: psycopg.Connection, refusals: list[Refusal]) -> None:
    """Register files that could not be taken in."""
    with connection.cursor() as cursor:
        cursor.executemany(
            _INSERT,
            [
                {
                    "submission_id": r.submission_id,
                    "source_uri": r.file.uri,
                    "sha256": r.sha256,
                    "size_bytes": r.file.size_bytes,
                    "received_at": r.file.received_at,
                    "feed": r.feed,
                    "organisation_code": r.organisation.code if r.organisation else None,
                    "district_code": r.organisation.district_code if r.organisation else None,
                    "period": r.period,
                    "period_end": bounds(r.period)[1] if r.period else None,
                    "version": None,
                    "state": "rejected",
                    "is_nil": False,
                    "is_partial": False,
                    "rows_in_file": 0,
                    "rows_accepted": 0,
                    "rows_quarantined": 0,
                    "rows_not_data": 0,
                    "rows_refused": 0,
                    "reason_zh": r.reason_zh,
                    "reason_en": r.reason_en,
                    "contract_version": None,
                }
                for r in refusals
            ],
        )


def register(
    connection: psycopg.Connection, intakes: list[Intake], decisions: dict[str, Decision], judged: Judged
) -> None:
    """Register submissions, their sheets, gate results and quarantine."""
    superseded = [d.supersedes for d in decisions.values() if d.supersedes]
    accounts = _accounts(intakes, decisions, judged)
    totals = {
        row[0]: row[1:]
        for row in accounts.group_by("submission_id")
        .agg(
            pl.col("rows_in_file").sum(),
            pl.col("rows_accepted").sum(),
            pl.col("rows_quarantined").sum(),
            pl.col("rows_not_data").sum(),
            pl.col("rows_refused").sum(),
        )
        .rows()
    }
    with connection.cursor() as cursor:
        cursor.executemany(_INSERT, [_row(i, decisions[i.submission_id], totals[i.submission_id]) for i in intakes])
    connection.execute("update ops.submission set state = 'superseded' where submission_id = any(%s)", [superseded])
    judged_ids = [i.submission_id for i in intakes if decisions[i.submission_id].state not in ("duplicate", "stale")]
    kept = pl.col("submission_id").is_in(judged_ids)
    copy_rows(connection, sql.Identifier("ops", "sheet_account"), accounts.filter(kept))
    copy_rows(connection, sql.Identifier("ops", "gate_result"), judged.gate_results.filter(kept))
    copy_rows(connection, sql.Identifier("ops", "quarantine"), judged.quarantine.filter(kept))


def _accounts(intakes: list[Intake], decisions: dict[str, Decision], judged: Judged) -> pl.DataFrame:
    """Rows of every sheet: in the file, accepted, quarantined, not data, in a refused sheet.

    Of a rejected file every data row is kept out.
    """
    sheets = pl.DataFrame(
        [
            (
                i.submission_id,
                sheet,
                table.rows_in_file,
                table.rows_not_data,
                decisions[i.submission_id].version is not None,
            )
            for i in intakes
            for sheet, table in i.tables
        ],
        schema=["submission_id", "sheet", "rows_in_file", "rows_not_data", "is_accepted"],
        orient="row",
    )
    passed = judged.typed.group_by(SUBMISSION, SHEET).agg(
        pl.col("passed").sum().cast(pl.Int64), (~pl.col("passed")).sum().cast(pl.Int64).alias("kept_out")
    )
    counted = sheets.join(
        passed, left_on=["submission_id", "sheet"], right_on=[SUBMISSION, SHEET], how="left"
    ).with_columns(pl.col("passed", "kept_out").fill_null(0))
    accepted = pl.when("is_accepted").then("passed").otherwise(0)
    refused = pl.DataFrame(
        [(i.submission_id, sheet, rows) for i in intakes for sheet, rows in i.refused_sheets],
        schema=["submission_id", "sheet", "rows_in_file"],
        orient="row",
        schema_overrides={"submission_id": pl.String, "sheet": pl.String, "rows_in_file": pl.Int64},
    )
    read = counted.select(
        "submission_id",
        "sheet",
        "rows_in_file",
        accepted.alias("rows_accepted"),
        (pl.col("passed") + pl.col("kept_out") - accepted).alias("rows_quarantined"),
        "rows_not_data",
        pl.lit(0, dtype=pl.Int64).alias("rows_refused"),
    )
    none = pl.lit(0, dtype=pl.Int64)
    return pl.concat(
        [
            read,
            refused.select(
                "submission_id",
                "sheet",
                "rows_in_file",
                none.alias("rows_accepted"),
                none.alias("rows_quarantined"),
                none.alias("rows_not_data"),
                pl.col("rows_in_file").alias("rows_refused"),
            ),
        ]
    )


def _row(intake: Intake, decision: Decision, totals: tuple[int, ...]) -> dict[str, object]:
    rows_in_file, accepted, quarantined, not_data, refused = totals
    return {
        "submission_id": intake.submission_id,
        "source_uri": intake.file.uri,
        "sha256": intake.sha256,
        "size_bytes": intake.file.size_bytes,
        "received_at": intake.file.received_at,
        "feed": intake.contract.feed,
        "organisation_code": intake.organisation.code,
        "district_code": intake.organisation.district_code,
        "period": intake.period,
        "period_end": intake.period_end,
        "version": decision.version,
        "state": decision.state,
        "is_nil": intake.is_nil,
        "is_partial": intake.is_partial,
        "rows_in_file": rows_in_file,
        "rows_accepted": accepted,
        "rows_quarantined": quarantined,
        "rows_not_data": not_data,
        "rows_refused": refused,
        "reason_zh": decision.reason_zh,
        "reason_en": decision.reason_en,
        "contract_version": intake.contract.version,
    }
