"""A batch of files from archive to load."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from itertools import groupby

import polars as pl
import psycopg
from psycopg import sql

from zaoxue.contracts import Contract, load_contracts
from zaoxue.inbox import ReceivedFile
from zaoxue.loading.load import apply_round, copy_rows, stage, unstage
from zaoxue.loading.lookups import read_lookups
from zaoxue.loading.raw_tables import ensure_raw_table
from zaoxue.normalising import Known, lookups_of
from zaoxue.outcomes import write_outcome
from zaoxue.pipeline.decide import Decision, Standing, decide, read_standing, scope_of
from zaoxue.pipeline.intake import Intake, Refusal, take_in
from zaoxue.pipeline.judge import SUBMISSION, Judged, StandingRows, judge
from zaoxue.pipeline.register import register, register_refusals
from zaoxue.protecting import person_keys, protect
from zaoxue.reading import ROW, SHEET
from zaoxue.receipts import make_receipts
from zaoxue.recognising import FeedFinder, OrganisationFinder, read_aliases
from zaoxue.settings import Settings, person_key_secret
from zaoxue.warehouse.database import connect
from zaoxue.warehouse.locks import hold_for_writing


@dataclass
class BatchReport:
    """Counts of one batch (safe to log): files and submissions by state, rows by what became of them."""

    files: int = 0
    states: Counter[str] = field(default_factory=Counter)
    rows_accepted: int = 0
    rows_quarantined: int = 0
    rows_closed: int = 0
    rows_inserted: int = 0
    feeds: set[str] = field(default_factory=set)

    def as_dict(self) -> dict[str, object]:
        """For XCom and logs."""
        return {
            "files": self.files,
            "states": dict(self.states),
            "rows_accepted": self.rows_accepted,
            "rows_quarantined": self.rows_quarantined,
            "rows_closed": self.rows_closed,
            "rows_inserted": self.rows_inserted,
            "feeds": sorted(self.feeds),
        }


def plan_batches(files: Iterable[ReceivedFile], batch_files: int) -> list[list[str]]:
    """Top folders (districts, banks) in batches of about `batch_files` files; a folder is never split.

    A batch is what one task loads: big enough that the gate's fixed cost does not count, small enough for memory.
    """
    sizes = Counter(file.folders[0] if file.folders else "" for file in files)
    batches: list[list[str]] = []
    room = 0
    for folder, size in sorted(sizes.items()):
        if not batches or size > room:
            batches.append([])
            room = batch_files
        batches[-1].append(folder)
        room -= size
    return batches


def load_files(settings: Settings, run_id: str, files: list[ReceivedFile], subject: str = "") -> BatchReport:
    """Archive, recognise, read, normalise, gate, protect and load these files; every one of them ends registered.

    Each feed of the batch is one transaction, so a kill leaves whole feeds done or undone and the next run goes on.
    """
    contracts = load_contracts(settings.contracts)
    report = BatchReport(files=len(files))
    with connect(settings) as connection:
        organisations = OrganisationFinder.from_registry(connection, read_aliases(settings.inbox))
    started = time.perf_counter()
    feeds = FeedFinder(contracts)
    taken = [result for file in files for result in take_in(file, settings.archive, feeds, organisations)]
    refusals = [result for result in taken if isinstance(result, Refusal)]
    intakes = [result for result in taken if isinstance(result, Intake)]
    with connect(settings) as connection:
        hold_for_writing(connection)
        register_refusals(connection, refusals)
        write_outcome(
            connection,
            run_id,
            "read",
            subject,
            "succeeded",
            sum(i.data_rows for i in intakes),
            time.perf_counter() - started,
            f"{len(files)} files, {len(refusals)} refused",
        )
    report.states["rejected"] += len(refusals)
    by_feed = groupby(sorted(intakes, key=lambda i: i.contract.feed), key=lambda i: i.contract.feed)
    for feed, of_feed in by_feed:
        load_feed(settings, run_id, contracts[feed], list(of_feed), subject, report)
    make_receipts(settings, run_id, [file.uri for file in files])
    return report


def load_feed(
    settings: Settings, run_id: str, contract: Contract, intakes: list[Intake], subject: str, report: BatchReport
) -> None:
    """Normalise, gate, protect and load the submissions of one feed in one transaction; adds to the report."""
    with connect(settings) as connection:
        hold_for_writing(connection)
        lock_feed(connection, contract.feed)
        intakes = _not_yet_registered(connection, intakes)
        if intakes:
            load_locked(connection, settings, run_id, contract, intakes, subject, report)


def lock_feed(connection: psycopg.Connection, feed: str) -> None:
    """Until the transaction ends, nobody else changes this feed: two runs at once must not load one file twice.

    The second waits here, then finds it registered.
    """
    connection.execute("select pg_advisory_xact_lock(hashtext(%s))", [f"zaoxue load {feed}"])


def load_locked(
    connection: psycopg.Connection,
    settings: Settings,
    run_id: str,
    contract: Contract,
    intakes: list[Intake],
    subject: str,
    report: BatchReport,
    released: frozenset[str] = frozenset(),
) -> None:
    """`load_feed` inside the caller's transaction and lock. `released`: submissions that no soft limit may hold."""
    started = time.perf_counter()
    intakes = sorted(intakes, key=lambda i: (i.file.received_at, i.file.uri))
    ensure_raw_table(connection, contract)
    known = _known(connection, contract, intakes, person_key_secret(settings))
    judged = judge(contract, intakes, _standing_rows(connection, contract, intakes), settings.contracts, known)
    decisions = _decide(contract, intakes, judged, read_standing(connection, contract), released)
    accepted_intakes = [i for i in intakes if decisions[i.submission_id].version is not None]
    closed, inserted = _load(connection, settings, contract, accepted_intakes, judged)
    register(connection, intakes, decisions, judged)
    accepted = _passed_rows(judged, accepted_intakes)
    write_outcome(
        connection,
        run_id,
        f"load {contract.feed}",
        subject,
        "succeeded",
        accepted.height,
        time.perf_counter() - started,
        f"{len(intakes)} submissions, {closed} closed, {inserted} inserted",
    )
    report.states.update(d.state for d in decisions.values())
    report.rows_accepted += accepted.height
    report.rows_quarantined += judged.typed.height - int(judged.typed["passed"].sum())
    report.rows_closed += closed
    report.rows_inserted += inserted
    report.feeds.add(contract.feed)


def _known(connection: psycopg.Connection, contract: Contract, intakes: list[Intake], secret: bytes) -> Known:
    """What stands in other ledgers of the same districts, as far as the contract's rules ask for it."""
    districts = {i.organisation.district_code for i in intakes if i.organisation.district_code}
    return Known(
        read_lookups(connection, lookups_of(contract), districts), lambda numbers: person_keys(numbers, secret)
    )


def _decide(
    contract: Contract, intakes: list[Intake], judged: Judged, standing: Standing, released: frozenset[str]
) -> dict[str, Decision]:
    with_rejects = set(judged.typed.filter(~pl.col("passed"))[SUBMISSION].unique())
    return {
        i.submission_id: decide(
            i,
            standing,
            refused=judged.refused.get(i.submission_id),
            held=None if i.submission_id in released else judged.held.get(i.submission_id),
            has_rejects=i.submission_id in with_rejects,
        )
        for i in intakes
    }


def _load(
    connection: psycopg.Connection, settings: Settings, contract: Contract, accepted: list[Intake], judged: Judged
) -> tuple[int, int]:
    rounds = stage_passed(connection, settings, contract, accepted, judged)
    # A nil report of a cumulative ledger says that nothing changed: it must not close what stands.
    replacing = rounds.filter(~pl.col("is_nil")) if contract.scope == "cumulative" else rounds
    connection.execute(
        "create temporary table stage_submission (round integer, scope text, submission_id text) on commit drop"
    )
    copy_rows(
        connection,
        sql.Identifier("stage_submission"),
        replacing.select(pl.col("_round").alias("round"), "scope", pl.col(SUBMISSION).alias("submission_id")),
    )
    counts = [apply_round(connection, contract, number) for number in sorted(rounds["_round"].unique())]
    unstage(connection, contract)
    connection.execute("drop table stage_submission")
    return sum(c for c, _ in counts), sum(i for _, i in counts)


def stage_passed(
    connection: psycopg.Connection, settings: Settings, contract: Contract, intakes: list[Intake], judged: Judged
) -> pl.DataFrame:
    """Stage the rows of these submissions that passed the gate; returns the round of each, in the given order."""
    rounds = _rounds(contract, intakes)
    rows = _passed_rows(judged, intakes).join(rounds, on=SUBMISSION)
    keep = ["organisation_code", "_period", SUBMISSION, "_round", SHEET, ROW]
    stage(connection, contract, protect(rows, contract, person_key_secret(settings), keep))
    return rounds


def _rounds(contract: Contract, accepted: list[Intake]) -> pl.DataFrame:
    """One row for each accepted submission: its place among those of its scope in this batch, from 0."""
    seen: Counter[str] = Counter()
    rows = []
    for i in accepted:
        scope = i.document or scope_of(contract, i.organisation.code, i.period, i.file.uri, i.submission_id)
        turn = i.organisation.code if contract.scope == "incremental" else scope
        rows.append((i.submission_id, i.organisation.code, i.period, scope, seen[turn], i.is_nil))
        seen[turn] += 1
    return pl.DataFrame(
        rows,
        orient="row",
        schema={
            SUBMISSION: pl.String,
            "organisation_code": pl.String,
            "_period": pl.String,
            "scope": pl.String,
            "_round": pl.Int32,
            "is_nil": pl.Boolean,
        },
    )


def _passed_rows(judged: Judged, intakes: list[Intake]) -> pl.DataFrame:
    return judged.typed.filter(pl.col("passed") & pl.col(SUBMISSION).is_in([i.submission_id for i in intakes]))


def _not_yet_registered(connection: psycopg.Connection, intakes: list[Intake]) -> list[Intake]:
    known = {
        row[0]
        for row in connection.execute(
            "select submission_id from ops.submission where submission_id = any(%s)",
            [[i.submission_id for i in intakes]],
        )
    }
    return [i for i in intakes if i.submission_id not in known]


def _standing_rows(
    connection: psycopg.Connection, contract: Contract, intakes: list[Intake]
) -> dict[str, StandingRows]:
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
