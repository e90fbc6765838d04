"""Weekly care of the archive, the warehouse and its documentation."""

from __future__ import annotations

import hashlib
from datetime import date

from zaoxue.inbox import archived_path
from zaoxue.outcomes import step
from zaoxue.settings import Settings
from zaoxue.warehouse.database import connect
from zaoxue.warehouse.dbt_build import write_docs


class LostOriginalError(RuntimeError):
    """An archived original is gone or changed; the message gives the submissions, not the content."""


def check_archive(settings: Settings, run_id: str) -> int:
    """Compare every registered original with its hash; return how many there are. Raises LostOriginalError."""
    with connect(settings) as connection:
        registered = connection.execute("select sha256, min(submission_id) from ops.submission group by 1").fetchall()
    with step(settings, run_id, "check archive") as outcome:
        outcome.rows = len(registered)
        lost = [submission for sha256, submission in registered if not _is_kept(settings, sha256)]
        if lost:
            raise LostOriginalError(f"{len(lost)} originals are gone or changed, first: submission {lost[0]}")
    return len(registered)


def analyze(settings: Settings, run_id: str) -> None:
    """Refresh the planner's statistics."""
    with step(settings, run_id, "analyze"), connect(settings) as connection:
        connection.execute("analyze")


def document_marts(settings: Settings, run_id: str, as_of: date) -> str:
    """Write dbt's documentation site; return its index page."""
    with step(settings, run_id, "document marts"):
        return str(write_docs(settings, as_of))


def _is_kept(settings: Settings, sha256: str) -> bool:
    path = archived_path(settings.archive, sha256)
    if not path.is_file():
        return False
    with path.open("rb") as content:
        return hashlib.file_digest(content, "sha256").hexdigest() == sha256
