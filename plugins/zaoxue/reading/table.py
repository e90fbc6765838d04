"""Rows of a sheet: those that are data, and those that are titles, totals, notes or blank."""

from __future__ import annotations

from dataclasses import dataclass

import polars as pl

from zaoxue.reading.rows import LONG_NUMBER, is_aside, is_example, is_repeated_header
from zaoxue.recognising import RefusedSheetError, SheetLayout
from zaoxue.recognising.feed import unknown_columns_remark
from zaoxue.workbooks import Grid
from zaoxue.workbooks.merges import fill_merged

SHEET = "_sheet"
ROW = "_row"
_DAYS_FROM_1900_TO_1904 = 1462
_NAMED_ROWS = 10


@dataclass(frozen=True)
class SheetTable:
    """Data rows of one sheet as text.

    `rows`: the contract's source columns (null where the sheet has none of them), `_sheet` and `_row` (as Excel
    shows it). `rows_in_file` = rows of `rows` + `rows_not_data`; a row of the sheet that holds several records (repeated
    blocks of columns) counts once for each. `remarks`: what the sender is told although the sheet was read (zh, en).
    """

    rows: pl.DataFrame
    rows_in_file: int
    rows_not_data: int
    remarks: tuple[tuple[str, str], ...] = ()


def read_sheet(grid: Grid, layout: SheetLayout) -> SheetTable:
    """Take the data rows below the header.

    Not data: everything down to the header, rows without anything in a column of the contract, totals (合计, 小计 …),
    signatures and notes (填表人：…), a header or title repeated further down, a row marked as an example. A row counts
    as a total or a note only while its first key column holds no long number. Hidden rows are data like the others.

    Raises RefusedSheetError where a data row needs the result of a formula that was never saved.
    """
    cells = fill_merged(grid.cells, grid.merged_down) if grid.merged_down else grid.cells
    used = list(dict.fromkeys([*layout.columns.values(), *(c for group in layout.groups for c in group.values())]))
    keys = [layout.columns[c.name] for c in layout.contract.key_columns if c.name in layout.columns]
    data = _data_rows(cells, layout, used, keys[:1])
    if grid.uncalculated:
        _refuse_uncalculated(grid, data.select(ROW), set(used), layout)
    remarks = [unknown_columns_remark(layout, grid.sheet), _hidden_remark(grid)]
    if layout.groups:
        rows, rest_in_file, remark = _unpivoted(data, grid, layout)
        remarks.append(remark)
    else:
        rows = data.select(_taken(layout, layout.columns, grid))
        rest_in_file = 0
    in_file = cells.height + rest_in_file
    return SheetTable(rows, in_file, in_file - rows.height, tuple(remark for remark in remarks if remark))


def _data_rows(cells: pl.DataFrame, layout: SheetLayout, used: list[str], keys: list[str]) -> pl.DataFrame:
    """Rows of data with their numbers. A row with a long number in its key is one (but for an example): nearly all are,
    and only the others are looked at closely."""
    below = cells.with_row_index(ROW, offset=1).slice(layout.header_row)
    keyed = [pl.col(name).str.contains(LONG_NUMBER).fill_null(False) for name in keys] or [pl.lit(False)]
    plain = below.select((pl.all_horizontal(keyed) & ~is_example(cells.columns[0])).alias("plain")).to_series()
    if plain.all():
        return below
    judged = below.filter(~plain).filter(
        ~is_blank(used),
        ~is_aside(cells.columns, used, keys, layout.title),
        ~is_repeated_header(layout.columns, layout.contract),
    )
    return below.filter(plain | below[ROW].is_in(judged[ROW].implode()))


def is_blank(names: list[str]) -> pl.Expr:
    """Rows with nothing in these columns."""
    return pl.all_horizontal(pl.col(names).str.strip_chars().fill_null("") == "")


def _taken(layout: SheetLayout, columns: dict[str, str], grid: Grid) -> list[pl.Expr]:
    taken = []
    for column in layout.contract.columns:
        if column.derived_from:
            continue
        if column.name not in columns:
            taken.append(pl.lit(None, dtype=pl.String).alias(column.name))
            continue
        text = pl.col(columns[column.name])
        if grid.date_1904 and column.logical_type == "date":
            text = _shifted(text)
        taken.append(text.alias(column.name))
    return [*taken, pl.lit(grid.sheet).alias(SHEET), pl.col(ROW).cast(pl.Int32)]


def _shifted(text: pl.Expr) -> pl.Expr:
    """Day numbers of the 1904 system as those of the 1900 system; what is no day number stays."""
    days = text.str.extract(r"^\s*(\d{5})(?:\.\d+)?\s*$").cast(pl.Int64)
    return pl.coalesce((days + _DAYS_FROM_1900_TO_1904).cast(pl.String), text)


def _unpivoted(data: pl.DataFrame, grid: Grid, layout: SheetLayout) -> tuple[pl.DataFrame, int, tuple[str, str] | None]:
    """One row for each filled block; (rows, how many more they are than rows of the sheet, remark on rows without any)."""
    repeated = list(layout.groups[0])
    blocks = []
    for number, group in enumerate([layout.columns, *layout.groups]):
        columns = {**layout.columns, **group}
        filled = data.filter(~is_blank([columns[name] for name in repeated]))
        blocks.append(filled.select(*_taken(layout, columns, grid), pl.lit(number).alias("_block")))
    rows = pl.concat(blocks).sort(ROW, "_block", maintain_order=True).drop("_block")
    with_any = rows[ROW].n_unique()
    without = data.height - with_any
    remark = None
    if without:
        remark = (
            f"工作表“{grid.sheet}”有{without}行没有填写任何一次记录，未作为数据",
            f"Sheet {grid.sheet}: {without} rows have none of the repeated records filled in and are no data",
        )
    return rows, rows.height - with_any, remark


def _refuse_uncalculated(grid: Grid, data: pl.DataFrame, used: set[str], layout: SheetLayout) -> None:
    places = pl.DataFrame(
        [(row, column) for row, column in grid.uncalculated if column in used],
        schema={ROW: pl.UInt32, "column": pl.String},
        orient="row",
    )
    needed = places.join(data.select(pl.col(ROW).cast(pl.UInt32)), on=ROW)
    if needed.is_empty():
        return
    rows = sorted(set(needed[ROW].to_list()))
    shown = "、".join(map(str, rows[:_NAMED_ROWS])) + ("等" if len(rows) > _NAMED_ROWS else "")
    raise RefusedSheetError(
        f"工作表“{grid.sheet}”第{shown}行的公式没有保存计算结果，请用 Excel 或 WPS 打开并保存一次后再报送",
        f"Sheet {grid.sheet}: formulas in rows {shown} were saved without their results; open the file in Excel or WPS,"
        " save it once and resend",
    )


def _hidden_remark(grid: Grid) -> tuple[str, str] | None:
    if not grid.hidden_rows:
        return None
    return (
        f"工作表“{grid.sheet}”有{grid.hidden_rows}行被隐藏，已一并读取；不需要的行请删除而不是隐藏",
        f"Sheet {grid.sheet}: {grid.hidden_rows} hidden rows were read like the others; delete rows that do not count",
    )
