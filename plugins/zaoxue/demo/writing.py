"""Write a grid of cells as the file a clerk would send: xlsx, or CSV in one of three encodings."""

from __future__ import annotations

import csv
import io
from dataclasses import dataclass
from datetime import date, datetime

import xlsxwriter

Cell = str | int | float | date | None
_FIXED_CREATION = datetime(2026, 1, 1)  # noqa: DTZ001  # a property of the workbook, so that equal grids give equal bytes
_EXCEL_EPOCH = date(1899, 12, 30)


@dataclass(frozen=True)
class Grid:
    """One sheet as Excel shows it: row 1 is `rows[0]`. All rows are as wide as the header row."""

    sheet: str
    rows: list[list[Cell]]
    title_rows: int


def xlsx_bytes(grid: Grid) -> bytes:
    """The workbook; equal grids give equal bytes."""
    buffer = io.BytesIO()
    book = xlsxwriter.Workbook(buffer, {"in_memory": True})
    book.set_properties({"created": _FIXED_CREATION})
    sheet = book.add_worksheet(grid.sheet)
    heading = book.add_format({"bold": True, "align": "center"})
    day = book.add_format({"num_format": "yyyy-mm-dd"})
    width = max((len(row) for row in grid.rows), default=1)
    sheet.set_column(0, width - 1, 16)
    for number, row in enumerate(grid.rows):
        if number < grid.title_rows:
            sheet.merge_range(number, 0, number, max(width - 1, 1), row[0] or "", heading)
            continue
        style = heading if number == grid.title_rows else None
        for place, cell in enumerate(row):
            if isinstance(cell, str):
                sheet.write_string(number, place, cell, style)
            elif isinstance(cell, date):
                sheet.write_number(number, place, (cell - _EXCEL_EPOCH).days, day)
            elif cell is not None:
                sheet.write_number(number, place, cell)
    book.close()
    return buffer.getvalue()


def csv_bytes(grid: Grid, encoding: str) -> bytes:
    """The sheet as Excel saves it: one line for each row, padded with commas, CRLF."""
    buffer = io.StringIO(newline="")
    csv.writer(buffer, lineterminator="\r\n").writerows(grid.rows)
    return buffer.getvalue().encode(encoding)
