"""Ledgers for tests: written with the same library a clerk's program would use, on people that cannot exist."""

from __future__ import annotations

import os
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

import xlsxwriter

from zaoxue.inbox.discover import SHANGHAI

WEIGHTS = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2]
TOWN = "990101_青溪区/990101001_柳桥镇"
PLACEMENT_HEADER = [
    "序号",
    "劳动力姓名*",
    "劳动力身份证号*",
    "就业渠道*",
    "就业地域*",
    "就业类型*",
    "就业单位",
    "特色就业",
    "就业起始日期*",
    "就业终止日期",
    "月工资（元）",
    "签订合同或协议（月）*",
    "联系电话",
]


def resident_id(number: int, birth: str = "19800101") -> str:
    """A well-formed identity number of the fictional province 99 (the check digit by the plain loop of GB 11643)."""
    head = f"990101{birth}{number:03d}"
    return head + "10X98765432"[sum(w * int(d) for w, d in zip(WEIGHTS, head, strict=True)) % 11]


def placement(number: int, **changes: object) -> dict[str, object]:
    """A good row of a placement ledger."""
    row: dict[str, object] = {
        "序号": number,
        "劳动力姓名*": f"测试{number}",
        "劳动力身份证号*": resident_id(number),
        "就业渠道*": "组织介绍",
        "就业地域*": "省外",
        "就业类型*": "转移就业",
        "就业单位": "东风纺织厂",
        "特色就业": None,
        "就业起始日期*": "2026-03-01",
        "就业终止日期": None,
        "月工资（元）": 3500,
        "签订合同或协议（月）*": 12,
        "联系电话": "13900000000",
    }
    return row | changes


def write_xlsx(path: Path, rows: Sequence[Sequence[object]], sheet: str = "Sheet1") -> Path:
    """Write cells as they are."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with xlsxwriter.Workbook(path) as workbook:
        worksheet = workbook.add_worksheet(sheet)
        for number, row in enumerate(rows):
            worksheet.write_row(number, 0, row)
    return path


def write_placements(
    inbox: Path,
    rows: list[dict[str, object]],
    *,
    name: str = "就业台账_2026年5月.xlsx",
    received: str = "2026-06-03T10:00",
    title: str | None = "柳桥镇2026年5月就业台账",
    town: str = TOWN,
) -> Path:
    """A placement ledger with a title, a header, the rows, a total and a signature."""
    cells: list[list[object]] = [[title]] if title else []
    cells += [
        list(PLACEMENT_HEADER),
        *([row.get(h) for h in PLACEMENT_HEADER] for row in rows),
        ["合计", f"{len(rows)}人"],
        [],
        ["填表人：某某", None, "（盖章）"],
    ]
    path = write_xlsx(inbox / town / name, cells)
    return deliver(path, received)


def deliver(path: Path, received: str) -> Path:
    """Set the time of receipt."""
    instant = datetime.fromisoformat(received).replace(tzinfo=SHANGHAI).timestamp()
    os.utime(path, (instant, instant))
    return path
