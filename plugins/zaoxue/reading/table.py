"""Rows of a sheet: those that are data, and those that are titles, totals, notes or blank."""

from __future__ import annotations

from dataclasses import dataclass

import polars as pl

from zaoxue.recognising import SheetLayout
from zaoxue.workbooks import Grid

SHEET = "_sheet"
ROW = "_row"
_TOTAL = r"^(?:本页|本表|总|累)?\s*(?:合\s*计|小\s*计|总\s*计|累\s*计)"
_NOTE = (
    r"^(?:填表|填报|制表|审核|复核|负责|单位负责人|单位|经办|联系人|联系电话|盖章|公章|日期|备注|说明|注)[^：:]{0,8}[：:]"
    r"|盖章|签字|签章"
)
_LEADING_CELLS = 4


@dataclass(frozen=True)
class SheetTable:
    """Data rows of one sheet as text.

    `rows`: the contract's source columns (null where the sheet has none of them), `_sheet` and `_row` (as Excel
    shows it). `rows_in_file` = rows of `rows` + `rows_not_data`.
    """

    rows: pl.DataFrame
    rows_in_file: int
    rows_not_data: int


def read_sheet(grid: Grid, layout: SheetLayout) -> SheetTable:
    """Take the data rows below the header.

    Not data: everything down to the header, blank rows, totals (合计, 小计 …), signatures and notes (填表人：…), and a
    header repeated further down. A row counts as a total or a note only while its first key column holds no
    long number.
    """
    cells = grid.cells
    sources = [column for column in layout.contract.columns if not column.derived_from]
    taken = [
        (pl.col(layout.columns[c.name]) if c.name in layout.columns else pl.lit(None, dtype=pl.String)).alias(c.name)
        for c in sources
    ]
    keys = [layout.columns[c.name] for c in layout.contract.key_columns if c.name in layout.columns]
    leading = pl.concat_str(
        [pl.col(name) for name in cells.columns[:_LEADING_CELLS]], separator=" ", ignore_nulls=True
    ).str.strip_chars()
    blank = pl.all_horizontal(pl.col(name).is_null() | (pl.col(name).str.strip_chars() == "") for name in cells.columns)
    keyless = pl.all_horizontal(pl.col(name).is_null() | ~pl.col(name).str.contains(r"\d{6}") for name in keys[:1])
    aside = keyless & (leading.str.contains(_TOTAL) | leading.str.contains(_NOTE))
    header = cells.row(layout.header_row - 1, named=True)
    repeated = pl.all_horizontal(pl.col(name).eq_missing(pl.lit(header[name])) for name in layout.columns.values())
    rows = (
        cells.with_row_index(ROW, offset=1)
        .filter((pl.col(ROW) > layout.header_row) & ~blank & ~aside & ~repeated)
        .select(*taken, pl.lit(grid.sheet).alias(SHEET), pl.col(ROW).cast(pl.Int32))
    )
    return SheetTable(rows, cells.height, cells.height - rows.height)
