"""What people decide about single submissions: found, read again from the archive, and written down."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

import psycopg
from psycopg.rows import class_row

from zaoxue.contracts import Contract
from zaoxue.inbox import ReceivedFile, archived_path
from zaoxue.pipeline.intake import Intake, Refusal, take_in
from zaoxue.recognising import FeedFinder, OrganisationFinder
from zaoxue.settings import Settings

ARTICLES = ("case_report", "case_story")  # what one article is read as


class ActError(ValueError):
    """Why an act cannot be done, in Chinese and English. Nothing has changed."""

    def __init__(self, zh: str, en: str) -> None:
        super().__init__(f"{zh} / {en}")


@dataclass(frozen=True)
class Registered:
    """One row of `ops.submission`, as far as acts need it."""

    submission_id: str
    source_uri: str
    sha256: str
    size_bytes: int
    received_at: datetime
    feed: str | None
    organisation_code: str | None
    period: str | None
    period_end: date | None
    version: int | None
    state: str
    is_nil: bool
    is_partial: bool

    @property
    def stands_in_history(self) -> bool:
        """Whether rows of `raw` may bear its id."""
        return self.state in ("accepted", "accepted_with_rejects", "superseded")


_COLUMNS = ", ".join(Registered.__dataclass_fields__)


def find(connection: psycopg.Connection, submission_id: str) -> Registered:
    """The submission of that id, or the one it became when its file was processed again. Raises ActError."""
    with connection.cursor(row_factory=class_row(Registered)) as cursor:
        found = cursor.execute(
            f"select {_COLUMNS} from ops.submission where submission_id = %s",  # noqa: S608 - our own column names
            [submission_id],
        ).fetchone()
    if found:
        return found
    became = connection.execute(
        "select split_part(outcome, ' ', 1) from ops.submission_act where submission_id = %s and act <> 'withdraw'"
        " order by act_id desc limit 1",
        [submission_id],
    ).fetchone()
    if became and became[0] != submission_id and len(became[0]) == len(submission_id):
        return find(connection, became[0])
    raise ActError(f"没有编号为 {submission_id} 的报送", f"There is no submission {submission_id}")


def find_where(connection: psycopg.Connection, condition: str, values: dict[str, object]) -> list[Registered]:
    """Submissions that a condition of this program's own picks, oldest first."""
    with connection.cursor(row_factory=class_row(Registered)) as cursor:
        return cursor.execute(
            f"select {_COLUMNS} from ops.submission where {condition}"  # noqa: S608 - no value in it
            " order by period_end, received_at, version, source_uri",
            values,
        ).fetchall()


def take_in_again(
    settings: Settings, connection: psycopg.Connection, contracts: dict[str, Contract], submissions: list[Registered]
) -> list[Intake | Refusal]:
    """Read originals again from the archive, with what the contracts and the registry say now."""
    organisations = OrganisationFinder.from_registry(connection)
    feeds = FeedFinder(contracts)
    files = [
        ReceivedFile(archived_path(settings.archive, s.sha256), s.source_uri, s.size_bytes, s.received_at)
        for s in submissions
        if s.feed not in ARTICLES
    ]
    taken = [result for file in files for result in take_in(file, settings.archive, feeds, organisations)]
    articles = [s for s in submissions if s.feed in ARTICLES]
    if articles:
        from zaoxue.pipeline.articles import take_in_articles

        taken += take_in_articles(
            settings,
            connection,
            contracts,
            list(
                {  # claims and cases of one article are two submissions of one file
                    (s.source_uri, s.sha256, s.received_at): ReceivedFile(
                        archived_path(settings.archive, s.sha256), s.source_uri, s.size_bytes, s.received_at
                    )
                    for s in articles
                }.values()
            ),
        )
    return taken


def record(
    connection: psycopg.Connection, submission_id: str, act: str, reason: str, acted_by: str, outcome: str
) -> None:
    """Write an act down, in the transaction that does it."""
    connection.execute(
        "insert into ops.submission_act (submission_id, act, reason, acted_by, outcome) values (%s, %s, %s, %s, %s)",
        [submission_id, act, reason, acted_by, outcome],
    )
