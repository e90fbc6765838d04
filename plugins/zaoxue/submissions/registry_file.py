"""Read INBOX/organisations.csv, and say of every bad line what is wrong with it, in Chinese and English."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from zaoxue.errors import NeedsAPersonError

if TYPE_CHECKING:
    import _csv

# Codes: domain words of the project (GB/T 2260 for the division codes: 2, 4, 6 and 9 digits).
_CODE_OF_KIND = {
    "province": re.compile(r"\d{2}"),
    "prefecture": re.compile(r"\d{4}"),
    "district": re.compile(r"\d{6}"),
    "township": re.compile(r"\d{9}"),
    "bank": re.compile(r"B[0-9A-Z]{1,19}"),
    "news_source": re.compile(r"N[0-9A-Z]{1,19}"),
}
# A district may lie under its province directly, as 省直管县 do.
_PARENTS_OF_KIND = {
    "province": (),
    "prefecture": ("province",),
    "district": ("prefecture", "province"),
    "township": ("district",),
    "bank": ("province", "prefecture", "district"),
    "news_source": ("province", "prefecture", "district"),
}
_REQUIRED = ("organisation_code", "name", "kind", "parent_code", "opened_on")
_COLUMNS = (*_REQUIRED, "closed_on", "alert_urls", "contact")
_MOBILE = re.compile(r"(?<!\d)1[3-9]\d{9}(?!\d)")  # a person's, and messages hold nothing personal
_SHOWN = 50


class RegistryError(NeedsAPersonError):
    """The registry cannot be used; `problems` lists every bad place, in Chinese and English."""

    def __init__(self, problems: list[str]) -> None:
        self.problems = problems
        shown = problems[:_SHOWN]
        if len(problems) > _SHOWN:
            shown.append(f"……另有 {len(problems) - _SHOWN} 处。And {len(problems) - _SHOWN} more.")
        super().__init__("\n".join(shown))


@dataclass(frozen=True)
class Organisation:
    """One row of `ops.organisation`. `district_code` is the district it lies in, itself for a district, or None.

    `contact`: office and line to call, as messages give it.
    """

    organisation_code: str
    name: str
    kind: str
    parent_code: str | None
    district_code: str | None
    opened_on: date
    closed_on: date | None
    alert_urls: str
    contact: str = ""


@dataclass(frozen=True)
class _Line:
    number: int
    cells: dict[str, str]


def read_registry(path: Path) -> list[Organisation]:
    """Every organisation of the file (UTF-8, BOM or not), in its order. Raises RegistryError naming line and column."""
    lines = _lines(path)
    problems: list[str] = []
    known: dict[str, _Line] = {}
    for line in lines:
        code = line.cells["organisation_code"]
        if code in known:
            problems.append(
                _problem(
                    line,
                    "organisation_code",
                    f"代码 {code} 与第 {known[code].number} 行重复",
                    f"code {code} stands in line {known[code].number} already",
                )
            )
        known.setdefault(code, line)
    organisations = [_organisation(line, known, problems) for line in lines]
    if problems:
        raise RegistryError(problems)
    return [organisation for organisation in organisations if organisation]


def _lines(path: Path) -> list[_Line]:
    try:
        text = path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as error:
        line = path.read_bytes()[: error.start].count(b"\n") + 1
        raise RegistryError(
            [
                f"organisations.csv 第 {line} 行：不是 UTF-8 编码，请另存为“CSV UTF-8”。"
                f"Line {line}: not UTF-8; save the file as CSV UTF-8."
            ]
        ) from error
    reader = csv.reader(io.StringIO(text, newline=""))
    header = [name.strip() for name in next(reader, [])]
    missing = [name for name in _REQUIRED if name not in header]
    unknown = [name for name in header if name and name not in _COLUMNS]
    if missing or unknown:
        raise RegistryError(
            [
                *(f"organisations.csv 第 1 行：缺少列 {name}。Line 1: column {name} is missing." for name in missing),
                *(
                    f"organisations.csv 第 1 行：不认识的列 {name!r}。Line 1: unknown column {name!r}."
                    for name in unknown
                ),
            ]
        )
    return list(_filled_lines(reader, header))


def _filled_lines(reader: _csv.Reader, header: list[str]) -> Iterator[_Line]:
    for row in reader:
        if any(cell.strip() for cell in row[len(header) :]):
            raise RegistryError(
                [
                    f"organisations.csv 第 {reader.line_num} 行：列数多于表头。"
                    f"Line {reader.line_num}: more cells than the header has."
                ]
            )
        filled = {name: cell.strip() for name, cell in zip(header, row, strict=False) if name}
        cells = dict.fromkeys(_COLUMNS, "") | filled
        if any(cells.values()):
            yield _Line(reader.line_num, cells)


def _organisation(line: _Line, known: dict[str, _Line], problems: list[str]) -> Organisation | None:
    before = len(problems)
    code, kind = line.cells["organisation_code"], line.cells["kind"]
    if kind not in _CODE_OF_KIND:
        problems.append(
            _problem(
                line, "kind", f"不认识的类别 {kind!r}", f"unknown kind {kind!r}; one of " + ", ".join(_CODE_OF_KIND)
            )
        )
    elif not _CODE_OF_KIND[kind].fullmatch(code):
        problems.append(
            _problem(
                line,
                "organisation_code",
                f"{code!r} 不是 {kind} 的代码（检查前导零和位数）",
                f"{code!r} is not the code of a {kind} ({_CODE_OF_KIND[kind].pattern})",
            )
        )
    else:
        problems.extend(_parent_problems(line, known))
    if not line.cells["name"]:
        problems.append(_problem(line, "name", "名称为空", "the name is empty"))
    opened_on = _date(line, "opened_on", problems)
    closed_on = _date(line, "closed_on", problems) if line.cells["closed_on"] else None
    if opened_on and closed_on and closed_on < opened_on:
        problems.append(_problem(line, "closed_on", "早于 opened_on", "before opened_on"))
    if _MOBILE.search(line.cells["contact"]):
        problems.append(
            _problem(line, "contact", "请写单位座机，不写个人手机号", "an office's line, not a person's mobile number")
        )
    if len(problems) > before or opened_on is None:
        return None
    return Organisation(
        code,
        line.cells["name"],
        kind,
        line.cells["parent_code"] or None,
        _district_of(line, known),
        opened_on,
        closed_on,
        " ".join(line.cells["alert_urls"].split()),
        " ".join(line.cells["contact"].split()),
    )


def _parent_problems(line: _Line, known: dict[str, _Line]) -> Iterator[str]:
    code, kind, parent = (line.cells[name] for name in ("organisation_code", "kind", "parent_code"))
    allowed = _PARENTS_OF_KIND[kind]
    if not parent:
        if kind == "township":
            yield _problem(line, "parent_code", "乡镇必须写明所属区县", "a township needs its district here")
    elif parent not in known:
        yield _problem(line, "parent_code", f"上级 {parent!r} 不在本表中", f"parent {parent!r} is not in this file")
    elif known[parent].cells["kind"] not in allowed:
        yield _problem(
            line,
            "parent_code",
            f"{kind} 的上级不能是 {known[parent].cells['kind']}",
            f"a {kind} cannot lie under a {known[parent].cells['kind']}",
        )
    elif code[0].isdigit() and not code.startswith(parent):
        yield _problem(
            line,
            "parent_code",
            f"代码 {code} 应以上级代码 {parent} 开头",
            f"code {code} does not begin with its parent's {parent}",
        )


def _district_of(line: _Line, known: dict[str, _Line]) -> str | None:
    if line.cells["kind"] == "district":
        return line.cells["organisation_code"]
    parent = known.get(line.cells["parent_code"])
    return parent.cells["organisation_code"] if parent and parent.cells["kind"] == "district" else None


def _date(line: _Line, column: str, problems: list[str]) -> date | None:
    try:
        return date.fromisoformat(line.cells[column])
    except ValueError:
        problems.append(
            _problem(
                line,
                column,
                f"{line.cells[column]!r} 不是日期，应如 2026-01-01",
                f"{line.cells[column]!r} is not a date such as 2026-01-01",
            )
        )
        return None


def _problem(line: _Line, column: str, chinese: str, english: str) -> str:
    return f"organisations.csv 第 {line.number} 行 {column}：{chinese}。Line {line.number}, {column}: {english}."
