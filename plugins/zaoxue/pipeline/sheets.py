"""The sheets of one file: the ledgers among them, closing sheets, and those that cannot be read."""

from __future__ import annotations

from dataclasses import dataclass, field

import polars as pl

from zaoxue.contracts import Contract
from zaoxue.recognising import ClosingSheet, FeedFinder, RefusedSheetError, SheetLayout, find_closing_sheet
from zaoxue.workbooks import Grid, UnreadableFileError
from zaoxue.workbooks.own_sheets import is_own_sheet

_RESIDENT_ID = r"^\s*'?\d{17}[\dXx]\s*$"


@dataclass(frozen=True)
class BrokenSheet:
    """A sheet of a ledger that cannot be read. `rows`: all rows of the sheet; `title`: the text above its header."""

    sheet: str
    rows: int
    title: str
    reason: RefusedSheetError


@dataclass
class Sheets:
    """The sheets of a file after recognition.

    `broken`: by feed. `strays`: sheets of no known ledger with identity numbers in them, so probably a ledger whose
    header was spoilt; `others`: of no known ledger and without, such as notes. `hidden`: names of hidden ledgers.
    """

    ledgers: list[tuple[Grid, SheetLayout]] = field(default_factory=list)
    closings: list[ClosingSheet] = field(default_factory=list)
    broken: dict[str, list[BrokenSheet]] = field(default_factory=dict)
    strays: list[BrokenSheet] = field(default_factory=list)
    others: list[RefusedSheetError] = field(default_factory=list)
    hidden: list[str] = field(default_factory=list)

    @property
    def feeds(self) -> list[str]:
        """Feeds of which the file has a sheet, readable or not."""
        return list(dict.fromkeys([*(layout.contract.feed for _, layout in self.ledgers), *self.broken]))

    def strays_of(self, contract: Contract) -> list[BrokenSheet]:
        """Sheets that may hold rows of this ledger, though nobody can say so."""
        return self.strays if any(column.is_resident_id for column in contract.columns) else []


def recognise_sheets(grids: list[Grid], feeds: FeedFinder, name: str) -> Sheets:
    """Sort the sheets of a file. Raises UnreadableFileError where no ledger among them can be read."""
    sheets = Sheets()
    refused: list[RefusedSheetError] = []
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
            if not grid.hidden:
                refused.append(error)
                _set_aside(sheets, grid, error)
            continue
        if layout is not None and grid.hidden:
            sheets.hidden.append(grid.sheet)
        elif layout is not None:
            sheets.ledgers.append((grid, layout))
    if not sheets.ledgers:
        raise _nothing_to_read(sheets, refused)
    return sheets


def _set_aside(sheets: Sheets, grid: Grid, error: RefusedSheetError) -> None:
    broken = BrokenSheet(grid.sheet, grid.cells.height, error.title, error)
    if error.feed is not None:
        sheets.broken.setdefault(error.feed, []).append(broken)
    elif _holds_resident_ids(grid.cells):
        sheets.strays.append(broken)
    else:
        sheets.others.append(error)


def _holds_resident_ids(cells: pl.DataFrame) -> bool:
    found = cells.select(pl.any_horizontal(pl.all().str.contains(_RESIDENT_ID)).any().alias("found"))["found"]
    return bool(found.item())


def _nothing_to_read(sheets: Sheets, refused: list[RefusedSheetError]) -> UnreadableFileError:
    if sheets.hidden:
        names = "、".join(sheets.hidden)
        return RefusedSheetError(
            f"台账所在的工作表“{names}”是隐藏的，请取消隐藏后再报送",
            f"The sheet with the ledger ({names}) is hidden; unhide it and resend",
        )
    if sheets.closings:
        return RefusedSheetError(
            f"只有工作表“{sheets.closings[0].grid.sheet}”（终止名单），没有台账本身，请把两张表放在同一工作簿中报送",
            f"Only the closing sheet {sheets.closings[0].grid.sheet}; send it in one workbook with the ledger",
        )
    return refused[0] if refused else UnreadableFileError("文件里没有任何内容", "Nothing is written in the file")
