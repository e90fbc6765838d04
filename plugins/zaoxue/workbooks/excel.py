"""Sheets of an Excel workbook (.xlsx by its zip, .xls and .et by their OLE container) as text, by calamine."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import polars as pl

from zaoxue.workbooks import limits
from zaoxue.workbooks.errors import UnreadableFileError
from zaoxue.workbooks.signatures import damaged, password_protected

_ERROR_TEXTS = {
    "Div0": "#DIV/0!",
    "NA": "#N/A",
    "Name": "#NAME?",
    "Null": "#NULL!",
    "Num": "#NUM!",
    "Ref": "#REF!",
    "Value": "#VALUE!",
    "GettingData": "#GETTING_DATA",
}


@dataclass(frozen=True)
class RawSheet:
    """Cells as text in columns c0, c1, … from column `first_column` (1 is A); errors of formulas as Excel shows them."""

    name: str
    hidden: bool
    first_column: int
    cells: pl.DataFrame


def read_sheets(content: bytes, names: set[str] | None = None, *, with_errors: bool = True) -> list[RawSheet]:
    """Read the sheets (all, or those named). Raises UnreadableFileError where the library cannot.

    `with_errors` False skips the search for formula errors, for sheets known to have none.
    """
    import fastexcel  # costly; only where a workbook is read

    try:
        reader = fastexcel.read_excel(content)
        wanted = [name for name in reader.sheet_names if names is None or name in names]
        return [_read(reader, name, with_errors) for name in wanted]
    except fastexcel.FastExcelError as error:
        raise _reason(str(error)) from error
    except (ValueError, OverflowError) as error:
        raise damaged() from error
    except BaseException as error:
        if type(error).__name__ == "PanicException":  # the library gave up on impossible content
            raise damaged() from error
        raise


def _read(reader: Any, name: str, with_errors: bool) -> RawSheet:
    # skip_rows=0 keeps leading empty rows, so that row numbers are those Excel shows.
    sheet = reader.load_sheet(name, header_row=None, skip_rows=0, dtypes="string")
    limits.check_size(sheet.total_height, sheet.width)
    hidden = sheet.visible != "visible"
    if not sheet.width:
        return RawSheet(name, hidden, 1, pl.DataFrame())
    first_column = sheet.available_columns()[0].absolute_index + 1
    cells = sheet.to_polars()
    cells.columns = [f"c{i}" for i in range(cells.width)]
    return RawSheet(name, hidden, first_column, _with_errors(sheet, cells) if with_errors else cells)


def _with_errors(sheet: Any, cells: pl.DataFrame) -> pl.DataFrame:
    """A cell that shows #REF! would be null, and so pass for one left empty."""
    _, found = sheet.to_arrow_with_errors()
    if found is None or not found.errors:
        return cells
    by_column: dict[int, list[tuple[int, str]]] = {}
    for error in found.errors:
        row, column = error.offset_position
        kind = error.detail.partition("Error(")[2].partition(")")[0]
        by_column.setdefault(column, []).append((row, _ERROR_TEXTS.get(kind, "#ERROR!")))
    return cells.with_columns(
        cells[f"c{column}"].scatter([row for row, _ in places], [text for _, text in places])
        for column, places in by_column.items()
    )


def _reason(text: str) -> UnreadableFileError:
    return password_protected() if "password" in text.lower() else damaged()
