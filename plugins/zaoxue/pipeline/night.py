"""The parts of a night, each one call: what the tasks of the DAGs run."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import psycopg

from zaoxue.alerts.watch import WatchReport, watch
from zaoxue.contracts import load_contracts
from zaoxue.inbox import ReceivedFile, discover
from zaoxue.inbox.discover import LEDGER_SUFFIXES, SHANGHAI
from zaoxue.outcomes import INBOX_READ, step, write_outcome
from zaoxue.periods import end_of_day
from zaoxue.pipeline.articles import load_articles
from zaoxue.pipeline.batches import BatchReport, load_files, plan_batches
from zaoxue.pipeline.prepare import prepare
from zaoxue.pipeline.release import tell_held
from zaoxue.receipts import make_receipts
from zaoxue.recognising import OrganisationFinder
from zaoxue.settings import Settings
from zaoxue.submissions.due_rules import read_overrides
from zaoxue.submissions.nights import remember_nights
from zaoxue.submissions.obligations import generate_obligations
from zaoxue.warehouse.database import connect
from zaoxue.warehouse.knowledge import knowledge_of
from zaoxue.warehouse.locks import hold_for_writing


def plan_ledgers(settings: Settings, run_id: str, as_of: date) -> list[list[str]]:
    """Get ready for the night and find what was delivered: top folders in batches, one for each task."""
    with step(settings, run_id, "prepare") as outcome:
        outcome.rows = prepare(settings, as_of)
    with step(settings, run_id, "discover") as outcome:
        files = _new_files(settings, from_banks=False)
        outcome.rows = len(files)
    make_receipts(settings, run_id)  # those that a killed run has loaded and not told
    return plan_batches(files, settings.batch_bytes)


def load_ledgers(settings: Settings, run_id: str, folders: list[str]) -> BatchReport:
    """Load the new files of these top folders ("" is the inbox itself)."""
    wanted = set(folders)
    files = [f for f in _new_files(settings, from_banks=False) if (f.folders[0] if f.folders else "") in wanted]
    return _load_and_answer(settings, run_id, files, ", ".join(folders)[:80])


def note_ledgers_read(settings: Settings, run_id: str) -> None:
    """Every batch of the run is loaded: from now on what the inbox did not hold when it was searched is known to be missing."""
    with connect(settings) as connection:
        row = connection.execute(
            "select max(at - make_interval(secs => seconds)) from ops.step_outcome"
            " where run_id = %s and step = 'discover' and outcome = 'succeeded'",
            [run_id],
        ).fetchone()
    if row and row[0]:
        _note_inbox_read(settings, run_id, "ledgers", row[0])


def _note_inbox_read(settings: Settings, run_id: str, source: str, since: datetime) -> None:
    """Read by ops.inbox_read_until: nobody is told that a file is missing which may lie there unread."""
    seconds = (datetime.now(SHANGHAI) - since).total_seconds()
    with connect(settings) as connection:
        write_outcome(connection, run_id, INBOX_READ, source, "succeeded", None, seconds, None)


def load_loans(settings: Settings, run_id: str, as_of: date) -> BatchReport:
    """Pull new pages from the bank's API, if there is one, and load them and the files in the banks' folders."""
    started = datetime.now(SHANGHAI)
    prepare(settings, as_of)
    pages: list[ReceivedFile] = []
    with step(settings, run_id, "pull loans", settings.bank_api_url or "") as outcome:
        if settings.bank_api_url is None:
            outcome.skipped = True
        else:
            pages = _pull(settings, as_of)
            outcome.rows = len(pages)
    report = _load_and_answer(settings, run_id, [*_new_files(settings, from_banks=True), *pages], "loans")
    _note_inbox_read(settings, run_id, "loans", started)
    return report


def load_case_reports(settings: Settings, run_id: str, as_of: date) -> BatchReport:
    """Read the new articles of the inbox and load their claims."""
    prepare(settings, as_of)
    return load_articles(settings, run_id)


def bring_obligations_up_to_date(settings: Settings, run_id: str, as_of: date) -> int:
    """What is owed up to this night; the marts and the alerts read it."""
    with step(settings, run_id, "obligations") as outcome, connect(settings) as connection:
        hold_for_writing(connection)
        contracts, overrides = load_contracts(settings.contracts), read_overrides(settings.contracts)
        outcome.rows = generate_obligations(connection, contracts, as_of, overrides)
    return outcome.rows


def watch_submissions(settings: Settings, run_id: str, as_of: date | None) -> WatchReport:
    """Obligations to states to alerts: on the night of `as_of`, or now."""
    now = datetime.now(SHANGHAI)
    with step(settings, run_id, "watch") as outcome:
        report = watch(settings, as_of) if as_of else watch(settings, now.date(), at=now)
        outcome.rows = len(report.districts_missing)
    with step(settings, run_id, "board") as outcome, connect(settings) as connection:
        outcome.rows = remember_nights(connection, report.as_of, None if as_of else now)
    tell_held(settings)
    return report


def _load_and_answer(settings: Settings, run_id: str, files: list[ReceivedFile], subject: str) -> BatchReport:
    report = load_files(settings, run_id, files, subject)
    make_receipts(settings, run_id, [file.uri for file in files])
    return report


def _new_files(settings: Settings, *, from_banks: bool) -> list[ReceivedFile]:
    """Files not yet registered: those in the folders of banks, or all the others."""
    with connect(settings) as connection:
        files = discover(settings.inbox, LEDGER_SUFFIXES, connection)
        finder = OrganisationFinder.from_registry(connection)
    return [file for file in files if (_is_bank(finder, file)) is from_banks]


def _is_bank(finder: OrganisationFinder, file: ReceivedFile) -> bool:
    return bool(file.folders) and finder.kind_of(file.folders[0]) == "bank"


def _pull(settings: Settings, as_of: date) -> list[ReceivedFile]:
    from zaoxue.loans import pull_loans

    with connect(settings) as connection:
        received_at = datetime.now(SHANGHAI)
        if (
            knowledge_of(connection, as_of) is None
        ):  # else a past night is told again: what comes now was not known then
            received_at = min(received_at, end_of_day(as_of) - timedelta(seconds=1))
        bank = settings.bank_code or _first_bank(connection)
        if bank is not None:
            pull_loans(
                settings.bank_api_url or "",
                settings.bank_api_token,
                bank,
                settings.pulled_loans,
                received_at=received_at,
            )
        return discover(settings.pulled_loans, LEDGER_SUFFIXES, connection) if settings.pulled_loans.is_dir() else []


def _first_bank(connection: psycopg.Connection) -> str | None:
    query = "select organisation_code from ops.organisation where kind = 'bank' order by 1 limit 1"
    row = connection.execute(query).fetchone()
    return row[0] if row else None
