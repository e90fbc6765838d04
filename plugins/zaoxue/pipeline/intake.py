"""One file up to a table of text: archive, open, recognise, read."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from zaoxue.contracts import Contract
from zaoxue.inbox import ReceivedFile, archive_file, archive_large_file
from zaoxue.periods import bounds, period_of
from zaoxue.pipeline.refused import with_purpose
from zaoxue.pipeline.sheets import BrokenSheet, Sheets, recognise_sheets
from zaoxue.reading import SheetTable, apply_closing, read_sheet
from zaoxue.recognising import (
    Evidence,
    FeedFinder,
    Organisation,
    OrganisationFinder,
    RefusedSheetError,
    SheetLayout,
    find_period,
)
from zaoxue.workbooks import Grid, UnreadableFileError, open_grids, too_large_file
from zaoxue.workbooks.limits import MAX_FILE_BYTES

NIL_REPORT = "零报告"
_NOTHING = hashlib.sha256(b"").hexdigest()  # of what is not read at all
_REPLACING = ("cumulative", "period")


@dataclass(frozen=True)
class Intake:
    """One submission as it was read: a file and one of the feeds in it.

    `document`: value of the contract's scope column, where the file is one document (an article).
    `is_partial`: a sheet with rows of this ledger could not be read, so what the others lack is not gone;
    `refused_sheets`: (name, rows) of such sheets that are surely this sender's.
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
    is_partial: bool = False
    refused_sheets: tuple[tuple[str, int], ...] = ()

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
    """A file, or one feed of it, that could not be taken in, with the reason for its sender.

    `title`: what could be read of its titles. `feed`, `organisation`, `period`: what it was for, as far as can be told.
    """

    submission_id: str
    file: ReceivedFile
    sha256: str
    feed: str | None
    organisation: Organisation | None
    reason_zh: str
    reason_en: str
    title: str = ""
    period: str | None = None


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
    taken = _take_in(file, archive, feeds, organisations)
    return [with_purpose(t, feeds, organisations) if isinstance(t, Refusal) else t for t in taken]


def _take_in(
    file: ReceivedFile, archive: Path, feeds: FeedFinder, organisations: OrganisationFinder
) -> list[Intake | Refusal]:
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


def _read(
    file: ReceivedFile, sha256: str, content: bytes, feeds: FeedFinder, organisations: OrganisationFinder
) -> list[Intake | Refusal]:
    sheets = recognise_sheets(open_grids(content), feeds, file.name)
    found = sheets.feeds
    taken: list[Intake | Refusal] = []
    for feed in found:
        ledgers, broken = [], list(sheets.broken.get(feed, []))
        for grid, layout in sheets.ledgers:
            if layout.contract.feed != feed:
                continue
            try:
                feeds.refuse_other_name(layout, layout.title + (f" {file.name}" if len(found) == 1 else ""))
            except RefusedSheetError as refused:
                broken.append(BrokenSheet(grid.sheet, grid.cells.height, layout.title, refused))
            else:
                ledgers.append((grid, layout))
        taken += _take_feed(file, sha256, feeds.contracts[feed], ledgers, broken, organisations, sheets)
    return taken


@dataclass
class _OfSender:
    """Sheets of one feed that one organisation sent in a file."""

    ledgers: list[tuple[Grid, SheetLayout]] = field(default_factory=list)
    broken: list[BrokenSheet] = field(default_factory=list)


def _take_feed(
    file: ReceivedFile,
    sha256: str,
    contract: Contract,
    ledgers: list[tuple[Grid, SheetLayout]],
    broken: list[BrokenSheet],
    organisations: OrganisationFinder,
    sheets: Sheets,
) -> list[Intake | Refusal]:
    """Sheets of one feed by the organisations that they name: usually one."""
    several_sheets = len(ledgers) + len(broken) > 1

    def sender_of(sheet: str, title: str) -> Organisation:
        named = sheet if several_sheets or sheet != "CSV" else ""
        return organisations.find(file.folders, contract, Evidence(file.name, named, title, file.received_at.date()))

    senders: dict[Organisation, _OfSender] = {}
    unsettled: list[BrokenSheet] = []
    for grid, layout in ledgers:
        try:
            senders.setdefault(sender_of(grid.sheet, layout.title), _OfSender()).ledgers.append((grid, layout))
        except RefusedSheetError as error:
            unsettled.append(BrokenSheet(grid.sheet, grid.cells.height, layout.title, error))
    for sheet in broken:
        try:
            senders.setdefault(sender_of(sheet.sheet, sheet.title), _OfSender()).broken.append(sheet)
        except RefusedSheetError:
            unsettled.append(sheet)
    several = len(senders) + len(unsettled) > 1
    taken: list[Intake | Refusal] = [
        refusal(file, sha256, contract.feed, None, sheet.reason, sheet.sheet if several else "", sheet.title)
        for sheet in unsettled
    ]
    anyones = [*unsettled, *sheets.strays_of(contract)]
    for organisation, own in senders.items():
        part = organisation.code if several else ""
        try:
            taken.append(_take_sheets(file, sha256, contract, organisation, own, anyones, sheets, part))
        except RefusedSheetError as error:
            titles = [layout.title for _, layout in own.ledgers] + [sheet.title for sheet in own.broken]
            taken.append(refusal(file, sha256, contract.feed, organisation, error, part, " ".join(titles)))
    return taken


def _take_sheets(
    file: ReceivedFile,
    sha256: str,
    contract: Contract,
    organisation: Organisation,
    own: _OfSender,
    anyones: list[BrokenSheet],
    sheets: Sheets,
    part: str,
) -> Intake:
    """The readable sheets of one sender. Raises RefusedSheetError where none holds a row although others are broken."""
    read: list[tuple[Grid, SheetTable]] = []
    titles = []
    broken = list(own.broken)
    for grid, layout in own.ledgers:
        try:
            read.append((grid, read_sheet(grid, layout)))
            titles.append(layout.title)
        except RefusedSheetError as error:
            broken.append(BrokenSheet(grid.sheet, grid.cells.height, layout.title, error))
    tables = [table for _, table in read]
    missing = [*broken, *anyones]
    if not read or (missing and not any(table.rows.height for table in tables)):
        raise missing[0].reason
    title = " ".join(titles)
    period = _period(contract, file, title, [grid.sheet for grid, _ in read])
    closings = []
    for closing in sheets.closings:
        if closing.feed == contract.feed and not part:
            tables, account = apply_closing(closing, tables)
            closings.append((closing.grid.sheet, account))
    accounts = [*zip((grid.sheet for grid, _ in read), tables, strict=True), *closings]
    remarks = _broken_remarks(missing, contract)
    remarks += [(other.reason_zh, other.reason_en) for other in sheets.others]
    remarks += [_hidden_sheet_remark(name) for name in sheets.hidden]
    remarks += [remark for _, table in accounts for remark in table.remarks]
    said_nil = NIL_REPORT in file.name or NIL_REPORT in title
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
        is_partial=bool(missing),
        refused_sheets=tuple((sheet.sheet, sheet.rows) for sheet in broken),
    )


def _broken_remarks(missing: list[BrokenSheet], contract: Contract) -> list[tuple[str, str]]:
    remarks = []
    for sheet in missing:
        zh, en = sheet.reason.reason_zh, sheet.reason.reason_en
        remarks.append(
            (
                zh if sheet.sheet in zh else f"工作表“{sheet.sheet}”：{zh}",
                en if sheet.sheet in en else f"Sheet {sheet.sheet}: {en}",
            )
        )
    if missing and contract.scope in _REPLACING:
        names = "、".join(sheet.sheet for sheet in missing)
        remarks.append(
            (
                f"以上工作表（{names}）未入库，请改正后重新报送整个文件；在此之前，以前报送过而这次没有的行仍然保留，不视为减少",
                f"Not loaded: {names}. Correct these sheets and send the whole file again; until then rows that were sent"
                " before and are not in this file stay as they are",
            )
        )
    return remarks


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
    title: str = "",
) -> Refusal:
    """A refusal with the reason the error carries."""
    id_ = submission_id(file, sha256, feed, part)
    return Refusal(id_, file, sha256, feed, organisation, error.reason_zh, error.reason_en, title)
