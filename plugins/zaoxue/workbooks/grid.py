"""Open a file by its content, not by its name."""

from __future__ import annotations

import json
from dataclasses import dataclass

import polars as pl

from zaoxue.workbooks.delimited import delimited_grid
from zaoxue.workbooks.errors import UnreadableFileError

_ZIP = b"PK\x03\x04"
_OLE = b"\xd0\xcf\x11\xe0"


@dataclass(frozen=True)
class Grid:
    """One sheet: cells as text, null where empty; row i of `cells` is row i + 1 of the sheet.

    Columns are named c0, c1, … from the first column that holds anything.
    """

    sheet: str
    cells: pl.DataFrame


def open_grids(content: bytes) -> list[Grid]:
    """Every sheet of a workbook, the single table of a CSV file, or the items of a bank's page.

    Raises UnreadableFileError, with what is wrong and how to mend it, for anything else.
    """
    if not content.strip():
        raise UnreadableFileError("文件是空的，请重新导出后再报送", "The file is empty; export it again and resend")
    if content.startswith(_ZIP):
        return _workbook_grids(content)
    if content.startswith(_OLE):
        raise UnreadableFileError(
            "旧版 .xls 或加密的工作簿，请另存为不加密的 .xlsx",
            "An old .xls or an encrypted workbook; save it as .xlsx without a password",
        )
    if content.lstrip()[:1] == b"{":
        return [_json_grid(content)]
    return [Grid("CSV", delimited_grid(content))]


def _workbook_grids(content: bytes) -> list[Grid]:
    import fastexcel  # costly; only where a workbook is read

    try:
        reader = fastexcel.read_excel(content)
        # skip_rows=0 keeps leading empty rows, so that row numbers are those Excel shows.
        sheets = [
            (name, reader.load_sheet(name, header_row=None, skip_rows=0, dtypes="string").to_polars())
            for name in reader.sheet_names
        ]
    except fastexcel.FastExcelError as error:
        raise UnreadableFileError(
            "工作簿已损坏或不完整，请重新保存后再报送", "The workbook is damaged or cut short; save it again and resend"
        ) from error
    return [Grid(name, _named(cells)) for name, cells in sheets if cells.width]


def _json_grid(content: bytes) -> Grid:
    try:
        items = json.loads(content)["items"]
    except (ValueError, KeyError, TypeError) as error:
        raise UnreadableFileError("不是完整的接口数据页", "Not a complete page of the interface") from error
    rows = pl.DataFrame(items, infer_schema_length=None) if items else pl.DataFrame()
    body = rows.select(pl.all().cast(pl.String))
    header = pl.DataFrame([body.columns], schema=body.columns, orient="row")
    return Grid("JSON", _named(pl.concat([header, body])))


def _named(cells: pl.DataFrame) -> pl.DataFrame:
    return cells.rename({name: f"c{i}" for i, name in enumerate(cells.columns)})
