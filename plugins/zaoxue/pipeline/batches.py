"""A batch of files from archive to load."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

import polars as pl
import psycopg

from zaoxue.contracts import Contract, load_contracts
from zaoxue.inbox import ReceivedFile
from zaoxue.loading.load import ROUND, Loaded, load_rounds
from zaoxue.loading.lookups import read_lookups
from zaoxue.loading.raw_tables import ensure_raw_table
from zaoxue.loading.row_keys import SCOPE, with_row_keys
from zaoxue.normalising import Known, lookups_of
from zaoxue.outcomes import write_outcome
from zaoxue.pipeline.decide import read_standing, scope_of
from zaoxue.pipeline.intake import Intake, Refusal, take_in
from zaoxue.pipeline.judge import Judged, judge_rows_of
from zaoxue.pipeline.locked import held_by_lock
from zaoxue.pipeline.register import register, register_refusals
from zaoxue.pipeline.turns import decide_in_turn, order_of_receipt, up_to_partial
from zaoxue.pipeline.whole_files import SUBMISSION, read_standing_rows
from zaoxue.protecting import person_keys, protect
from zaoxue.reading import ROW, SHEET
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


def plan_batches(files: Iterable[ReceivedFile], batch_bytes: int) -> list[list[str]]:
    """Top folders (districts, banks) in batches of about `batch_bytes`, one for each task.

    A folder is never split between tasks: its files are loaded in the order of receipt. A batch is big enough that the
    gate's fixed cost does not count, and small enough for memory.
    """
    sizes: Counter[str] = Counter()
    for file in files:
        sizes[file.folders[0] if file.folders else ""] += file.size_bytes
    batches: list[list[str]] = []
    room = 0
    for folder, size in sorted(sizes.items()):
        if not batches or size > room:
            batches.append([])
            room = batch_bytes
        batches[-1].append(folder)
        room -= size
    return batches


def load_files(settings: Settings, run_id: str, files: list[ReceivedFile], subject: str = "") -> BatchReport:
    """Archive, recognise, read, normalise, gate, protect and load these files; every one of them ends registered.

    In parts of about `batch_bytes` in the order of receipt, whatever was delivered. Each feed of a part is one transaction,
    so a kill leaves whole feeds done or undone and the next run goes on. Receipts are a step of their own,
    `make_receipts`.
    """
    contracts = load_contracts(settings.contracts)
    report = BatchReport(files=len(files))
    with connect(settings) as connection:
        organisations = OrganisationFinder.from_registry(connection, read_aliases(settings.inbox))
    feeds = FeedFinder(contracts)
    for part in _parts(files, settings.batch_bytes):
        _load_part(settings, run_id, part, feeds, organisations, subject, report)
    return report


def _parts(files: list[ReceivedFile], batch_bytes: int) -> Iterator[list[ReceivedFile]]:
    part: list[ReceivedFile] = []
    room = batch_bytes
    for file in sorted(files, key=lambda f: (f.received_at, f.uri)):
        if part and file.size_bytes > room:
            yield part
            part, room = [], batch_bytes
        part.append(file)
        room -= file.size_bytes
    if part:
        yield part


def _load_part(
    settings: Settings,
    run_id: str,
    files: list[ReceivedFile],
    feeds: FeedFinder,
    organisations: OrganisationFinder,
    subject: str,
    report: BatchReport,
) -> None:
    started = time.perf_counter()
    taken = [result for file in files for result in take_in(file, settings.archive, feeds, organisations)]
    refusals = [result for result in taken if isinstance(result, Refusal)]
    by_feed: dict[str, list[Intake]] = {}
    for result in taken:
        if isinstance(result, Intake):
            by_feed.setdefault(result.contract.feed, []).append(result)
    with connect(settings) as connection:
        hold_for_writing(connection)
        register_refusals(connection, refusals)
        write_outcome(
            connection,
            run_id,
            "read",
            subject,
            "succeeded",
            sum(intake.data_rows for intakes in by_feed.values() for intake in intakes),
            time.perf_counter() - started,
            f"{len(files)} files, {len(refusals)} refused",
        )
    report.states["rejected"] += len(refusals)
    del taken
    for feed in sorted(by_feed):
        load_feed(settings, run_id, feeds.contracts[feed], by_feed.pop(feed), subject, report)


def load_feed(
    settings: Settings, run_id: str, contract: Contract, intakes: list[Intake], subject: str, report: BatchReport
) -> None:
    """Normalise, gate, protect and load the submissions of one feed in one transaction; adds to the report."""
    load_together(settings, run_id, [(contract, intakes)], subject, report)


def load_together(
    settings: Settings,
    run_id: str,
    feeds: Iterable[tuple[Contract, list[Intake]]],
    subject: str,
    report: BatchReport,
) -> None:
    """The same for several feeds that must stand together: one transaction, so a kill leaves all of them or none."""
    with connect(settings) as connection:
        hold_for_writing(connection)
        for contract, intakes in sorted(feeds, key=lambda f: f[0].feed):
            lock_feed(connection, contract.feed)
            for part in up_to_partial(contract, _not_yet_registered(connection, intakes)):
                load_locked(connection, settings, run_id, contract, part, subject, report)


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
    intakes = sorted(intakes, key=order_of_receipt)
    ensure_raw_table(connection, contract)
    known = _known(connection, contract, intakes, person_key_secret(settings))
    decisions, judged = decide_in_turn(
        contract,
        intakes,
        judge_rows_of(contract, intakes, settings.contracts, known),
        read_standing(connection, contract),
        read_standing_rows(connection, contract, intakes),
        settings.contracts,
        released,
        held_by_lock(connection, contract, intakes),
    )
    accepted_intakes = [i for i in intakes if decisions[i.submission_id].version is not None]
    loaded = load_passed(connection, settings, contract, accepted_intakes, judged)
    register(connection, intakes, decisions, judged)
    accepted = _count_passed(judged, accepted_intakes)
    write_outcome(
        connection,
        run_id,
        f"load {contract.feed}",
        subject,
        "succeeded",
        accepted,
        time.perf_counter() - started,
        f"{len(intakes)} submissions, {loaded.closed} closed, {loaded.inserted} inserted",
    )
    report.states.update(d.state for d in decisions.values())
    report.rows_accepted += accepted
    report.rows_quarantined += judged.typed.height - int(judged.typed["passed"].sum())
    report.rows_closed += loaded.closed
    report.rows_inserted += loaded.inserted
    report.feeds.add(contract.feed)


def _known(connection: psycopg.Connection, contract: Contract, intakes: list[Intake], secret: bytes) -> Known:
    """What stands in other ledgers of the same districts, as far as the contract's rules ask for it."""
    districts = {i.organisation.district_code for i in intakes if i.organisation.district_code}
    return Known(
        read_lookups(
            connection, lookups_of(contract), districts, {i.organisation.code for i in intakes if not i.is_nil}
        ),
        lambda numbers: person_keys(numbers, secret),
    )


def load_passed(
    connection: psycopg.Connection, settings: Settings, contract: Contract, accepted: list[Intake], judged: Judged
) -> Loaded:
    """Bring the rows of these submissions that passed into history, in the given order."""
    rows, scopes = passed_rows(settings, contract, accepted, judged)
    return load_rounds(connection, contract, rows, scopes)


def passed_rows(
    settings: Settings, contract: Contract, intakes: list[Intake], judged: Judged
) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Rows of these submissions that passed the gate, protected and keyed, and the scopes they replace: see `load_rounds`."""
    rounds = _rounds(contract, intakes)
    rows = _passed_rows(contract, judged, intakes).join(
        rounds.select(SUBMISSION, "organisation_code", "_period", ROUND), on=SUBMISSION, maintain_order="left"
    )
    keep = ["organisation_code", "_period", SUBMISSION, ROUND, SHEET, ROW]
    keyed = with_row_keys(protect(rows, contract, person_key_secret(settings), keep), contract)
    # A nil report of a cumulative ledger says that nothing changed: it must not close what stands.
    replacing = rounds.filter(~pl.col("is_nil")) if contract.scope == "cumulative" else rounds
    return keyed, replacing.filter(pl.lit(contract.scope != "incremental")).select(
        ROUND, SCOPE, SUBMISSION, "is_partial"
    )


def _rounds(contract: Contract, accepted: list[Intake]) -> pl.DataFrame:
    """One row for each accepted submission: its place among those of its scope in this batch, from 0."""
    seen: Counter[str] = Counter()
    rows = []
    for i in accepted:
        scope = i.document or scope_of(contract, i.organisation.code, i.period, i.file.uri, i.submission_id)
        turn = i.organisation.code if contract.scope == "incremental" else scope
        rows.append((i.submission_id, i.organisation.code, i.period, scope, seen[turn], i.is_nil, i.is_partial))
        seen[turn] += 1
    return pl.DataFrame(
        rows,
        orient="row",
        schema={
            SUBMISSION: pl.String,
            "organisation_code": pl.String,
            "_period": pl.String,
            SCOPE: pl.String,
            ROUND: pl.Int32,
            "is_nil": pl.Boolean,
            "is_partial": pl.Boolean,
        },
    )


def _passed_rows(contract: Contract, judged: Judged, intakes: list[Intake]) -> pl.DataFrame:
    """Only the columns that a load needs: filtering the check columns too would copy them all."""
    needed = [SUBMISSION, SHEET, ROW]
    for column in contract.columns:
        if column.warehouse_name:
            needed += sorted({column.name, column.warehouse_name} & set(judged.typed.columns))
    own = pl.col(SUBMISSION).is_in([i.submission_id for i in intakes])
    return judged.typed.lazy().filter(pl.col("passed") & own).select(*dict.fromkeys(needed)).collect()


def _count_passed(judged: Judged, intakes: list[Intake]) -> int:
    passed = judged.typed.select(SUBMISSION, "passed").filter("passed")[SUBMISSION]
    return int(passed.is_in([i.submission_id for i in intakes]).sum())


def _not_yet_registered(connection: psycopg.Connection, intakes: list[Intake]) -> list[Intake]:
    known = {
        row[0]
        for row in connection.execute(
            "select submission_id from ops.submission where submission_id = any(%s)",
            [[i.submission_id for i in intakes]],
        )
    }
    return [i for i in intakes if i.submission_id not in known]
