"""Open a file by its content, not by its name."""

from __future__ import annotations

import json
from dataclasses import dataclass

import polars as pl

from zaoxue.workbooks import limits
from zaoxue.workbooks.delimited import delimited_grid
from zaoxue.workbooks.errors import UnreadableFileError
from zaoxue.workbooks.signatures import EMPTY_ZIP, OLE, ZIP, refuse_foreign, refuse_foreign_ole


@dataclass(frozen=True)
class Grid:
    """One sheet: cells as text, null where empty; row i of `cells` is row i + 1 of the sheet.

    Columns are named c0, c1, … from the first column that holds anything, which is `first_column` (1 is A).
    `uncalculated`: (row, grid column) of formulas saved without a result. `merged_down`: (first row, last row, grid column)
    of cells merged over several rows; only the first holds the value. `date_1904`: dates count from 1904.
    """

    sheet: str
    cells: pl.DataFrame
    first_column: int = 1
    hidden: bool = False
    hidden_rows: int = 0
    date_1904: bool = False
    uncalculated: tuple[tuple[int, str], ...] = ()
    merged_down: tuple[tuple[int, int, str], ...] = ()


def open_grids(content: bytes) -> list[Grid]:
    """Every sheet of a workbook that holds anything, the single table of a CSV file, or the items of a bank's page.

    Raises UnreadableFileError, with what is wrong and how to mend it, for anything else.
    """
    if len(content) > limits.MAX_FILE_BYTES:
        raise too_large_file(len(content))
    if not content.strip(b"\x00 \t\r\n"):
        raise UnreadableFileError("文件是空的，请重新导出后再报送", "The file is empty; export it again and resend")
    if content.startswith((ZIP, EMPTY_ZIP)):
        return _workbook(content)
    if content.startswith(OLE):
        return _old_workbook(content)
    refuse_foreign(content)
    if content.lstrip()[:1] == b"{":
        return [_json_grid(content)]
    return [Grid("CSV", delimited_grid(content))]


def too_large_file(size: int) -> UnreadableFileError:
    """A file beyond the limit of bytes."""
    limit = limits.MAX_FILE_BYTES // limits.MIB
    return UnreadableFileError(
        f"文件过大（{size / limits.MIB:.0f} MiB，上限 {limit} MiB），不予读取，请拆分后再报送",
        f"The file is too big ({size / limits.MIB:.0f} MiB, the limit is {limit} MiB) and is not read; split it and resend",
    )


def _workbook(content: bytes) -> list[Grid]:
    from zaoxue.workbooks.xlsx import xlsx_grids  # costly; only where a workbook is read

    return xlsx_grids(content)


def _old_workbook(content: bytes) -> list[Grid]:
    from zaoxue.workbooks.guard import read_guarded

    refuse_foreign_ole(content)
    return [
        Grid(sheet.name, sheet.cells, sheet.first_column, sheet.hidden)
        for sheet in read_guarded(content)
        if sheet.cells.width
    ]


def _json_grid(content: bytes) -> Grid:
    try:
        items = json.loads(content)["items"]
        rows = pl.DataFrame(items, infer_schema_length=None) if items else pl.DataFrame()
        body = rows.select(pl.all().cast(pl.String))
    except (ValueError, KeyError, TypeError, RecursionError, OverflowError, pl.exceptions.PolarsError) as error:
        raise UnreadableFileError("不是完整的接口数据页", "Not a complete page of the interface") from error
    header = pl.DataFrame([body.columns], schema=body.columns, orient="row")
    cells = pl.concat([header, body])
    cells.columns = [f"c{i}" for i in range(cells.width)]
    return Grid("JSON", cells)
