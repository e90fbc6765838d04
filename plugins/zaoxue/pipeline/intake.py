"""One file up to a table of text: archive, open, recognise, read."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from zaoxue.contracts import Contract
from zaoxue.inbox import ReceivedFile, archive_file, archive_large_file
from zaoxue.periods import bounds, period_of
from zaoxue.reading import SheetTable, apply_closing, read_sheet
from zaoxue.recognising import (
    ClosingSheet,
    Evidence,
    FeedFinder,
    Organisation,
    OrganisationFinder,
    RefusedSheetError,
    SheetLayout,
    find_closing_sheet,
    find_period,
)
from zaoxue.workbooks import Grid, UnreadableFileError, open_grids, too_large_file
from zaoxue.workbooks.limits import MAX_FILE_BYTES
from zaoxue.workbooks.own_sheets import is_own_sheet

NIL_REPORT = "零报告"
_NOTHING = hashlib.sha256(b"").hexdigest()  # of what is not read at all
_REPLACING = ("cumulative", "period")


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


def submission_id(file: ReceivedFile, sha256: str, feed: str | None, part: str = "") -> str:
    """The same file delivered at the same time has the same id, however often it is processed.

    `part` tells the submissions of one feed in one file apart: the organisation, where it holds several.
    """
    text = "|".join((file.uri, sha256, file.received_at.isoformat(), feed or "", *([part] if part else [])))
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def take_in(
    file: ReceivedFile, archive: Path, feeds: FeedFinder, organisations: OrganisationFinder
) -> list[Intake | Refusal]:
    """Archive a file and read it: one Intake for each feed (and organisation) in it, or a Refusal that says why not."""
    if file.problem:
        return [refusal(file, _NOTHING, None, None, UnreadableFileError(*file.problem))]
    try:
        if file.size_bytes > MAX_FILE_BYTES:
            sha256 = archive_large_file(file.path, archive)
            return [refusal(file, sha256, None, None, too_large_file(file.size_bytes))]
        sha256, content = archive_file(file.path, archive)
    except UnreadableFileError as refused:
        return [refusal(file, _NOTHING, None, None, refused)]
    try:
        return _read(file, sha256, content, feeds, organisations)
    except UnreadableFileError as refused:
        return [refusal(file, sha256, None, None, refused)]
    except (Exception, MemoryError) as error:  # one file must not stop the night; the kind of error goes on record
        kind = type(error).__name__
        return [
            refusal(
                file,
                sha256,
                None,
                None,
                UnreadableFileError(
                    f"读取时出现意外错误（{kind}），请另存为 .xlsx 后重新报送，并告知管理员",
                    f"An unexpected error ({kind}) while reading; save it anew as .xlsx, resend, and tell the administrator",
                ),
            )
        ]


@dataclass
class _Sheets:
    """The sheets of a file after recognition: ledgers, closing sheets, and what is said of the others."""

    ledgers: list[tuple[Grid, SheetLayout]] = field(default_factory=list)
    closings: list[ClosingSheet] = field(default_factory=list)
    refused: list[RefusedSheetError] = field(default_factory=list)
    hidden: list[str] = field(default_factory=list)


def _read(
    file: ReceivedFile, sha256: str, content: bytes, feeds: FeedFinder, organisations: OrganisationFinder
) -> list[Intake | Refusal]:
    sheets = _recognise(open_grids(content), feeds, file.name)
    taken: list[Intake | Refusal] = []
    by_feed = {layout.contract.feed: layout.contract for _, layout in sheets.ledgers}
    for feed, contract in by_feed.items():
        of_feed = [(grid, layout) for grid, layout in sheets.ledgers if layout.contract.feed == feed]
        broken = next((r for r in sheets.refused if r.feed == feed), None)
        try:
            if broken is not None and contract.scope in _REPLACING:  # the rows of that sheet would be taken for gone
                raise broken
            for _, layout in of_feed:
                feeds.refuse_other_name(layout, layout.title + (f" {file.name}" if len(by_feed) == 1 else ""))
        except RefusedSheetError as refused:
            taken.append(refusal(file, sha256, feed, None, refused))
            continue
        taken += _take_feed(file, sha256, of_feed, organisations, sheets)
    return taken


def _recognise(grids: list[Grid], feeds: FeedFinder, name: str) -> _Sheets:
    sheets = _Sheets()
    for grid in grids:
        if is_own_sheet(grid):
            continue
        closing = find_closing_sheet(grid, feeds.contracts)
        if closing is not None:
            sheets.closings.append(closing)
            continue
        try:
            layout = feeds.find(grid, name)
        except RefusedSheetError as error:
            sheets.refused += [] if grid.hidden else [error]
            continue
        if layout is not None and grid.hidden:
            sheets.hidden.append(grid.sheet)
        elif layout is not None:
            sheets.ledgers.append((grid, layout))
    if sheets.ledgers:
        return sheets
    if sheets.hidden:
        names = "、".join(sheets.hidden)
        raise RefusedSheetError(
            f"台账所在的工作表“{names}”是隐藏的，请取消隐藏后再报送",
            f"The sheet with the ledger ({names}) is hidden; unhide it and resend",
        )
    if sheets.closings:
        raise RefusedSheetError(
            f"只有工作表“{sheets.closings[0].grid.sheet}”（终止名单），没有台账本身，请把两张表放在同一工作簿中报送",
            f"Only the closing sheet {sheets.closings[0].grid.sheet}; send it in one workbook with the ledger",
        )
    raise (
        sheets.refused[0]
        if sheets.refused
        else UnreadableFileError("文件里没有任何内容", "Nothing is written in the file")
    )


def _take_feed(
    file: ReceivedFile,
    sha256: str,
    of_feed: list[tuple[Grid, SheetLayout]],
    organisations: OrganisationFinder,
    sheets: _Sheets,
) -> list[Intake | Refusal]:
    """Sheets of one feed by the organisations that they name: usually one."""
    feed = of_feed[0][1].contract.feed
    by_sender: dict[Organisation, list[tuple[Grid, SheetLayout]]] = {}
    unsettled: list[tuple[str, RefusedSheetError]] = []
    for grid, layout in of_feed:
        sheet = grid.sheet if len(of_feed) > 1 or grid.sheet != "CSV" else ""
        evidence = Evidence(file.name, sheet, layout.title, file.received_at.date())
        try:
            by_sender.setdefault(organisations.find(file.folders, layout.contract, evidence), []).append((grid, layout))
        except RefusedSheetError as error:
            unsettled.append((grid.sheet, error))
    several = len(by_sender) + len(unsettled) > 1
    taken: list[Intake | Refusal] = [
        refusal(file, sha256, feed, None, error, part=sheet if several else "") for sheet, error in unsettled
    ]
    for organisation, ledgers in by_sender.items():
        part = organisation.code if several else ""
        try:
            taken.append(_take_sheets(file, sha256, organisation, ledgers, sheets, part))
        except RefusedSheetError as error:
            taken.append(refusal(file, sha256, feed, organisation, error, part))
    return taken


def _take_sheets(
    file: ReceivedFile,
    sha256: str,
    organisation: Organisation,
    ledgers: list[tuple[Grid, SheetLayout]],
    sheets: _Sheets,
    part: str,
) -> Intake:
    contract = ledgers[0][1].contract
    titles = " ".join(layout.title for _, layout in ledgers)
    period = _period(contract, file, titles, [grid.sheet for grid, _ in ledgers])
    tables = [read_sheet(grid, layout) for grid, layout in ledgers]
    accounts = list(zip((grid.sheet for grid, _ in ledgers), tables, strict=True))
    for closing in sheets.closings:
        if closing.feed == contract.feed and not part:
            tables, account = apply_closing(closing, tables)
            accounts = list(zip((grid.sheet for grid, _ in ledgers), tables, strict=True))
            accounts.append((closing.grid.sheet, account))
    remarks = [(r.reason_zh, r.reason_en) for r in sheets.refused]
    remarks += [_hidden_sheet_remark(name) for name in sheets.hidden]
    remarks += [remark for _, table in accounts for remark in table.remarks]
    said_nil = NIL_REPORT in file.name or NIL_REPORT in titles
    return Intake(
        submission_id(file, sha256, contract.feed, part),
        file,
        sha256,
        contract,
        organisation,
        period,
        tuple(accounts),
        said_nil and not any(table.rows.height for table in tables),
        "；".join(zh for zh, _ in remarks) or None,
        "; ".join(en for _, en in remarks) or None,
    )


def _hidden_sheet_remark(name: str) -> tuple[str, str]:
    return (
        f"工作表“{name}”是隐藏的，未读取；如需报送请取消隐藏",
        f"Sheet {name} is hidden and was not read; unhide it if it is meant to count",
    )


def _period(contract: Contract, file: ReceivedFile, title: str, sheets: list[str]) -> str:
    try:
        return find_period(contract, file.name, title, file.folders, " ".join(sheets))
    except RefusedSheetError:
        if contract.scope == "incremental":  # each row stands for itself: the month it came in will do
            return period_of(file.received_at.date(), "month")
        raise


def refusal(
    file: ReceivedFile,
    sha256: str,
    feed: str | None,
    organisation: Organisation | None,
    error: UnreadableFileError,
    part: str = "",
) -> Refusal:
    """A refusal with the reason the error carries."""
    return Refusal(
        submission_id(file, sha256, feed, part), file, sha256, feed, organisation, error.reason_zh, error.reason_en
    )
