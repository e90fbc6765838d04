"""From rows to the grid of a clerk's sheet: labels for codes, dates as that clerk writes them, titles, totals."""

from __future__ import annotations

from dataclasses import dataclass

import polars as pl

from zaoxue.contracts import Column, Contract
from zaoxue.demo.feeds import ROW_ID
from zaoxue.demo.styles import Style, title_text
from zaoxue.demo.writing import Cell, Grid

_SUMMED = {
    "monthly_wage",
    "transport_subsidy",
    "living_allowance",
    "placements_target",
    "ventures_target",
    "skill_training_target",
    "startup_training_target",
    "amount",
    "openings",
    "member_count",
    "stipend_amount",
    "monthly_benefit",
    "attendees",
}
_CLERKS = ("填表人：小程", "填表人：老魏", "制表：便民服务中心")


@dataclass
class Sheet:
    """A clerk's sheet while it is being made: data rows still apart from the rows around them.

    `row_ids` name the data rows in order; `columns` are contract names in the sheet's order.
    """

    columns: tuple[str, ...]
    row_ids: list[str]
    cells: list[list[Cell]]

    def position(self, row_id: str) -> int:
        """Index of a data row. Raises ValueError where the sheet has no such row."""
        return self.row_ids.index(row_id)


def as_sheet(rows: pl.DataFrame, contract: Contract, style: Style) -> Sheet:
    """The organisation's rows (Date and code columns) as the cells its clerk would type."""
    shown = rows.select(*(_shown(contract.by_name[name], style, rows.schema[name]) for name in style.columns))
    return Sheet(style.columns, rows[ROW_ID].to_list(), [list(row) for row in shown.rows()])


def as_grid(sheet: Sheet, style: Style, place: str, period: str) -> Grid:
    """Put title, header, totals, signature and blank rows around the data rows."""
    before: list[Cell] = ["序号"] if style.serial else []
    header: list[Cell] = before + list(style.headers)
    blank: list[Cell] = [None] * len(header)
    rows: list[list[Cell]] = []
    if style.title_rows:
        rows.append([title_text(style, place, period), *blank[1:]])
    if style.title_rows > 1:
        rows.append([f"填报单位：{place}", *blank[1:]])
    rows.append(header)
    data = sheet.cells
    if style.serial:
        data = [[number if style.suffix == "xlsx" else str(number), *row] for number, row in enumerate(data, 1)]
    rows += data
    if style.totals and sheet.cells:
        rows.append(_totals(sheet, len(before)))
    if style.signature:
        clerk = _CLERKS[len(place + style.sheet) % len(_CLERKS)]
        rows += [blank, [clerk, None, "单位负责人：", None, "（盖章）", *blank[5:]]]
    return Grid(style.sheet, rows, style.title_rows)


def first_data_row(style: Style) -> int:
    """Row number, as Excel shows it, of the first data row."""
    return style.title_rows + 2


def _totals(sheet: Sheet, before: int) -> list[Cell]:
    """合计 in front, sums of the amounts under their columns, the number of rows in the last column."""
    sums: list[Cell] = [None] * len(sheet.columns)
    for place, column in enumerate(sheet.columns):
        if column in _SUMMED:
            sums[place] = sum(int(float(str(row[place]))) for row in sheet.cells if row[place] is not None)
    if sheet.columns[-1] not in _SUMMED:
        sums[-1] = f"共{len(sheet.cells)}行"
    return ["合计", *sums] if before else ["合计", *sums[1:]]


def _shown(column: Column, style: Style, kind: pl.DataType) -> pl.Expr:
    cell = pl.col(column.name)
    if column.logical_type == "array":
        return _joined_labels(cell, column, style)
    if column.codes:
        return cell.replace_strict(_labels(column, style), return_dtype=pl.String)
    if column.is_resident_id and style.lower_x:
        return cell.str.to_lowercase()
    if kind == pl.Date:
        return cell if style.date_pattern is None else cell.dt.strftime(style.date_pattern)
    if kind == pl.Boolean:
        return pl.when(cell).then(pl.lit("是")).when(~cell).then(pl.lit("否")).alias(column.name)
    if kind.is_numeric() and style.numbers_as_text:
        return cell.cast(pl.String).str.strip_suffix(".0")
    return cell


def _labels(column: Column, style: Style) -> dict[str, str]:
    """Code to label; where a code has several labels the clerk keeps to one of them."""
    several: dict[str, list[str]] = {}
    for label, code in column.codes.items():
        several.setdefault(code, []).append(label)
    return {code: labels[style.label_choice % len(labels)] for code, labels in several.items()}


def _joined_labels(cell: pl.Expr, column: Column, style: Style) -> pl.Expr:
    # Only the names of the codes are replaced; no code is part of another one.
    labels = _labels(column, style)
    return cell.str.replace_many(list(labels), list(labels.values())).str.replace_all("|", "、", literal=True)
