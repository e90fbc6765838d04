"""An empty workbook for clerks, made from a contract."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import xlsxwriter

from zaoxue.contracts.model import Column, Contract, Rule
from zaoxue.workbooks.own_sheets import OWN_SHEET_MARK

_ROWS = 2000  # rows that get drop-downs and formats
_EXCEL_LIST_LIMIT = 255  # characters of a drop-down written into the cell; longer lists go to a sheet of their own
_FONT = {"font_name": "宋体", "font_size": 11}
_FORMATS = {"date": "yyyy-mm-dd", "integer": "General", "number": "General"}  # all else is text: codes, numbers, names
_TYPE_NOTES = {"date": "日期，如 2026-05-31", "integer": "整数", "number": "数字", "boolean": "填 是 或 否"}
_GUIDE = ("列 Column", "必填 Required", "填法 How to fill", "出现以下情况会退回或提示 What is checked")
_GUIDE_WIDTHS = (24, 14, 40, 70)


def write_template(contract: Contract, path: Path, rules: Sequence[Rule] = ()) -> None:
    """Write `path`: the official headers (required ones with *), drop-downs for code lists, notes with the rules.

    `rules`: those of the gate; each is told in the note of its column and on a page of its own. The reader skips that
    page and the sheet with the lists.
    """
    columns = [column for column in contract.columns if column.headers and not column.derived_from]
    by_column = _by_column(contract, columns, rules)
    with xlsxwriter.Workbook(path) as workbook:
        sheet = workbook.add_worksheet(contract.title)
        guide = workbook.add_worksheet("填表说明")
        lists = workbook.add_worksheet("代码")
        lists.write_string(0, 0, f"{OWN_SHEET_MARK}代码表 Code lists")
        heading = _FONT | {"bold": True, "border": 1, "text_wrap": True, "align": "center", "valign": "vcenter"}
        required = workbook.add_format(heading | {"bg_color": "#FFE699"})
        optional = workbook.add_format(heading | {"bg_color": "#DDEBF7"})
        formats = {kind: workbook.add_format(_FONT | {"num_format": kind}) for kind in {"@", *_FORMATS.values()}}
        sheet.set_row(0, 32)
        for place, column in enumerate(columns):
            kind = "@" if column.codes else _FORMATS.get(column.logical_type, "@")
            sheet.set_column(place, place, max(12, 2 * len(column.label) + 3), formats[kind])
            sheet.write_string(
                0, place, column.label + ("*" if column.required else ""), required if column.required else optional
            )
            sheet.write_comment(0, place, *_comment(column, by_column[column.name]))
            validation = _validation(column, place, lists)
            if validation:
                sheet.data_validation(1, place, _ROWS, place, validation)
        sheet.freeze_panes(1, 0)
        sheet.set_landscape()
        sheet.set_paper(9)
        sheet.fit_to_pages(1, 0)
        sheet.repeat_rows(0)
        _write_guide(workbook, guide, contract, columns, by_column)
        lists.hide()


def _by_column(contract: Contract, columns: list[Column], rules: Sequence[Rule]) -> dict[str, list[Rule]]:
    """Rules by the columns they speak of: those of the sheet, also where a rule asks a column worked out from them."""
    found: dict[str, list[Rule]] = {column.name: [] for column in columns}
    for rule in rules:
        named = [rule.column, *(rule.arguments.get(name) for name in ("column", "column_A", "column_B"))]
        spoken_of = [name for given in named if given for name in _on_the_sheet(contract, str(given))]
        for name in dict.fromkeys(spoken_of):
            if name in found:
                found[name].append(rule)
    return found


def _on_the_sheet(contract: Contract, name: str) -> list[str]:
    """The column itself, or the columns it is worked out from."""
    name = name.partition("__")[0]
    column = contract.by_name.get(name)
    if column is None or not column.sources:
        return [name]
    return [source for given in column.sources for source in _on_the_sheet(contract, given)]


def _comment(column: Column, rules: list[Rule]) -> tuple[str, dict[str, Any]]:
    lines = [_how(column), *(f"· {rule.message_zh}" for rule in rules if not rule.rule_id.endswith(".required"))]
    height = sum(1 + len(line) // 20 for line in lines)  # some 20 Chinese characters fit a line of the box
    return "\n".join(lines), {
        "author": "造血 Zaoxue",
        "font_name": "宋体",
        "font_size": 10,
        "width": 300,
        "height": 24 + 18 * height,
    }


def _how(column: Column) -> str:
    parts = ["必填" if column.required else "选填"]
    if column.is_resident_id:
        parts.append("18位身份证号，单元格设为文本格式")
    elif column.codes:
        parts.append("请从下拉列表选择" + ("，多项用、分隔" if column.logical_type == "array" else ""))
    elif column.semantic_type == "mobile_phone":
        parts.append("11位手机号")
    elif column.logical_type in _TYPE_NOTES:
        parts.append(_TYPE_NOTES[column.logical_type])
    return "；".join(parts)


def _validation(column: Column, place: int, lists: Any) -> dict[str, Any] | None:
    labels = _labels(column)
    if labels:
        lists.write_column(1, place, labels)
        source: list[str] | str = labels
        if len(",".join(labels)) > _EXCEL_LIST_LIMIT or any("," in label for label in labels):
            letter = xlsxwriter.utility.xl_col_to_name(place)
            source = f"='代码'!${letter}$2:${letter}${len(labels) + 1}"
        several = column.logical_type == "array"
        return {
            "validate": "list",
            "source": source,
            "error_type": "warning" if several else "stop",
            "error_title": "请从列表选择",
            "error_message": "多项请用、分隔" if several else "请从下拉列表中选择一项",
        }
    if column.is_resident_id:
        return {
            "validate": "length",
            "criteria": "==",
            "value": 18,
            "error_type": "warning",
            "error_title": "身份证号",
            "error_message": "身份证号应为18位，请核对",
        }
    return None


def _write_guide(
    workbook: xlsxwriter.Workbook,
    guide: Any,
    contract: Contract,
    columns: list[Column],
    by_column: dict[str, list[Rule]],
) -> None:
    heading = workbook.add_format(_FONT | {"bold": True, "bg_color": "#E7E6E6", "valign": "top"})
    body = workbook.add_format(_FONT | {"text_wrap": True, "valign": "top"})
    for place, width in enumerate(_GUIDE_WIDTHS):
        guide.set_column(place, place, width)
    guide.write_string(0, 0, f"{OWN_SHEET_MARK}{contract.title}填表说明 How to fill", heading)
    guide.write_string(
        1,
        0,
        "文件名请写明期间，如 "
        + f"{contract.title}_{_EXAMPLES.get(contract.frequency or 'month', '2026年5月')}.xlsx；"
        + "带 * 的列必填；本页不会被读取。",
        workbook.add_format(_FONT),
    )
    for place, word in enumerate(_GUIDE):
        guide.write_string(3, place, word, heading)
    for number, column in enumerate(columns, start=4):
        told = [rule.message_zh for rule in by_column[column.name] if not rule.rule_id.endswith(".required")]
        need, _, how = _how(column).partition("；")
        cells = (column.label, need, how, "\n".join(told))
        lines = max(
            sum(1 + 2 * len(line) // width for line in cell.split("\n"))
            for cell, width in zip(cells, _GUIDE_WIDTHS, strict=True)
        )
        guide.set_row(number, 16 * lines)
        for place, cell in enumerate(cells):
            guide.write_string(number, place, cell, body)
    guide.set_landscape()
    guide.fit_to_pages(1, 0)


_EXAMPLES = {"month": "2026年5月", "quarter": "2026年第一季度", "year": "2026年"}


def _labels(column: Column) -> list[str]:
    if column.logical_type == "boolean":
        return ["是", "否"]
    first_label: dict[str, str] = {}
    for label, code in column.codes.items():
        first_label.setdefault(code, label)
    return list(first_label.values())
