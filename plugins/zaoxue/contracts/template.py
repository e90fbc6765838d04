"""An empty workbook for clerks, made from a contract."""

from __future__ import annotations

from pathlib import Path

import xlsxwriter

from zaoxue.contracts.model import Column, Contract

_ROWS = 2000  # rows that get drop-downs and text cells
_EXCEL_LIST_LIMIT = 255  # characters of a drop-down written into the cell; longer lists go to a sheet of their own
_TYPE_NOTES = {"date": "日期，如 2026-05-31", "integer": "整数", "number": "数字", "boolean": "填 是 或 否"}


def write_template(contract: Contract, path: Path) -> None:
    """Write `path`: the official headers (required ones with *), drop-downs for code lists, notes with the rules."""
    columns = [column for column in contract.columns if column.headers]
    with xlsxwriter.Workbook(path) as workbook:
        sheet = workbook.add_worksheet(contract.title)
        lists = workbook.add_worksheet("代码")
        required = workbook.add_format({"bold": True, "bg_color": "#FFE699", "border": 1, "text_wrap": True})
        optional = workbook.add_format({"bold": True, "bg_color": "#DDEBF7", "border": 1, "text_wrap": True})
        as_text = workbook.add_format({"num_format": "@"})
        for place, column in enumerate(columns):
            sheet.set_column(place, place, max(12, 2 * len(column.label) + 2), as_text)
            sheet.write(
                0, place, column.label + ("*" if column.required else ""), required if column.required else optional
            )
            sheet.write_comment(0, place, _note(column))
            labels = _labels(column)
            if not labels:
                continue
            lists.write_column(0, place, labels)
            source: list[str] | str = labels
            if len(",".join(labels)) > _EXCEL_LIST_LIMIT:
                letter = xlsxwriter.utility.xl_col_to_name(place)
                source = f"='代码'!${letter}$1:${letter}${len(labels)}"
            sheet.data_validation(
                1,
                place,
                _ROWS,
                place,
                {
                    "validate": "list",
                    "source": source,
                    "error_type": "warning" if column.logical_type == "array" else "stop",
                },
            )
        sheet.freeze_panes(1, 0)
        lists.hide()


def _note(column: Column) -> str:
    parts = ["必填" if column.required else "选填"]
    if column.is_resident_id:
        parts.append("18位身份证号，单元格设为文本格式")
    elif column.codes:
        parts.append("请从下拉列表选择" + ("，多项用、分隔" if column.logical_type == "array" else ""))
    elif column.logical_type in _TYPE_NOTES:
        parts.append(_TYPE_NOTES[column.logical_type])
    return "；".join(parts)


def _labels(column: Column) -> list[str]:
    if column.logical_type == "boolean":
        return ["是", "否"]
    first_label: dict[str, str] = {}
    for label, code in column.codes.items():
        first_label.setdefault(code, label)
    return list(first_label.values())
