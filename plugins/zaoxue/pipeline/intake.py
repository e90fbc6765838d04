"""One file up to a table of text: archive, open, recognise, read."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from zaoxue.contracts import Contract
from zaoxue.inbox import ReceivedFile, archive_file
from zaoxue.periods import bounds, period_of
from zaoxue.reading import SheetTable, read_sheet
from zaoxue.recognising import FeedFinder, Organisation, OrganisationFinder, RefusedSheetError, find_period
from zaoxue.recognising.feed import SheetLayout
from zaoxue.workbooks import Grid, UnreadableFileError, open_grids
from zaoxue.workbooks.own_sheets import is_own_sheet

NIL_REPORT = "零报告"


@dataclass(frozen=True)
class Intake:
    """One submission as it was read: a file and one of the feeds in it.

    `document`: value of the contract's scope column, where the file is one document (an article).
    """

    submission_id: str
    file: ReceivedFile
    sha256: str
    contract: Contract
    organisation: Organisation
    period: str
    tables: tuple[tuple[str, SheetTable], ...]
    is_nil: bool
    remark_zh: str | None = None
    remark_en: str | None = None
    document: str | None = None

    @property
    def period_end(self) -> date:
        """Last day of the period: the day a cumulative ledger speaks for."""
        return bounds(self.period)[1]

    @property
    def data_rows(self) -> int:
        """Rows that are data, over all sheets."""
        return sum(table.rows.height for _, table in self.tables)


@dataclass(frozen=True)
class Refusal:
    """A file, or one feed of it, that could not be taken in, with the reason for its sender."""

    submission_id: str
    file: ReceivedFile
    sha256: str
    feed: str | None
    organisation: Organisation | None
    reason_zh: str
    reason_en: str


def submission_id(file: ReceivedFile, sha256: str, feed: str | None) -> str:
    """The same file delivered at the same time has the same id, however often it is processed."""
    text = "|".join((file.uri, sha256, file.received_at.isoformat(), feed or ""))
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def take_in(
    file: ReceivedFile, archive: Path, feeds: FeedFinder, organisations: OrganisationFinder
) -> list[Intake | Refusal]:
    """Archive a file and read it: one Intake for each feed in it, or a Refusal that says why not."""
    sha256, content = archive_file(file.path, archive)
    try:
        sheets, remarks = _recognise(open_grids(content), feeds, file.name)
    except UnreadableFileError as refused:
        return [refusal(file, sha256, None, None, refused)]
    taken: list[Intake | Refusal] = []
    for feed in dict.fromkeys(layout.contract.feed for _, layout in sheets):
        of_feed = [(grid, layout) for grid, layout in sheets if layout.contract.feed == feed]
        taken.append(_take_feed(file, sha256, of_feed, organisations, remarks))
    return taken


def _recognise(
    grids: list[Grid], feeds: FeedFinder, name: str
) -> tuple[list[tuple[Grid, SheetLayout]], list[RefusedSheetError]]:
    sheets, refused = [], []
    for grid in grids:
        if is_own_sheet(grid):
            continue
        try:
            layout = feeds.find(grid, name)
        except RefusedSheetError as error:
            refused.append(error)
            continue
        if layout is not None:
            sheets.append((grid, layout))
    if not sheets:
        raise refused[0] if refused else UnreadableFileError("文件里没有任何内容", "Nothing is written in the file")
    return sheets, refused


def _take_feed(
    file: ReceivedFile,
    sha256: str,
    sheets: list[tuple[Grid, SheetLayout]],
    organisations: OrganisationFinder,
    remarks: list[RefusedSheetError],
) -> Intake | Refusal:
    contract = sheets[0][1].contract
    organisation = None
    try:
        organisation = organisations.find(file.folders, contract)
        period = _period(contract, file, " ".join(layout.title for _, layout in sheets))
    except RefusedSheetError as refused:
        return refusal(file, sha256, contract.feed, organisation, refused)
    tables = tuple((grid.sheet, read_sheet(grid, layout)) for grid, layout in sheets)
    rows = sum(table.rows.height for _, table in tables)
    said_nil = NIL_REPORT in file.name or any(NIL_REPORT in layout.title for _, layout in sheets)
    return Intake(
        submission_id(file, sha256, contract.feed),
        file,
        sha256,
        contract,
        organisation,
        period,
        tables,
        said_nil and rows == 0,
        "；".join(r.reason_zh for r in remarks) or None,
        "; ".join(r.reason_en for r in remarks) or None,
    )


def _period(contract: Contract, file: ReceivedFile, title: str) -> str:
    try:
        return find_period(contract, file.name, title)
    except RefusedSheetError:
        if contract.scope == "incremental":  # each row stands for itself: the month it came in will do
            return period_of(file.received_at.date(), "month")
        raise


def refusal(
    file: ReceivedFile, sha256: str, feed: str | None, organisation: Organisation | None, error: UnreadableFileError
) -> Refusal:
    """A refusal with the reason the error carries."""
    return Refusal(
        submission_id(file, sha256, feed), file, sha256, feed, organisation, error.reason_zh, error.reason_en
    )
