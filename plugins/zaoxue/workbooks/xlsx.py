"""An .xlsx from its zip to grids: checked first, then read here, or in a process of its own where it is big."""

from __future__ import annotations

import re
from dataclasses import replace

from zaoxue.workbooks import limits
from zaoxue.workbooks.excel import RawSheet, read_sheets
from zaoxue.workbooks.grid import Grid
from zaoxue.workbooks.guard import read_guarded
from zaoxue.workbooks.package import Package
from zaoxue.workbooks.sheet_xml import SheetFacts, sheet_facts
from zaoxue.workbooks.signatures import damaged

_DATE_1904 = re.compile(rb"""date1904\s*=\s*["'](?:1|true)["']""")
_SHARED_STRINGS = "xl/sharedstrings.xml"


def xlsx_grids(content: bytes) -> list[Grid]:
    """Every sheet that holds anything. Raises UnreadableFileError."""
    package = Package(content)
    workbook = package.workbook()
    facts = _facts(package, workbook)
    text_bytes = _text_bytes(package, facts)
    package.check_rest()
    calm = (
        package.read_bytes() <= limits.CALM_WORKBOOK_BYTES
        and text_bytes <= limits.CALM_TEXT_BYTES
        and all(known.cells <= limits.CALM_CELLS for known in facts.values())
    )
    if calm:
        raw = read_sheets(content, set(facts), with_errors=any(known.has_errors for known in facts.values()))
    else:
        raw = read_guarded(content)
    date_1904 = bool(_DATE_1904.search(workbook))
    return [_grid(sheet, facts[sheet.name], date_1904) for sheet in raw if sheet.name in facts and sheet.cells.width]


def _facts(package: Package, workbook: bytes) -> dict[str, SheetFacts]:
    """What each sheet's XML says; sheets of charts have none."""
    facts = {}
    for name, _, part in package.sheets(workbook):
        xml = package.part(part)
        if xml is None:
            raise damaged()
        if b"sheetData" in xml:
            facts[name] = sheet_facts(xml)
    if not facts:
        raise damaged()
    return facts


def _text_bytes(package: Package, facts: dict[str, SheetFacts]) -> int:
    """Upper bound of the text all cells hold together: one long shared string may stand in every cell."""
    shared = package.part(_SHARED_STRINGS)
    if not shared:
        return 0
    cells = sum(known.cells for known in facts.values())
    if len(shared) * cells <= limits.CALM_TEXT_BYTES:
        return 0
    longest = max(map(len, shared.split(b"</si>")))
    if longest > 8 * limits.MAX_CELL_CHARACTERS:  # markup and up to 4 bytes for a character
        raise limits.too_big(
            "单元格内的字符", f"{longest:,}", f"{limits.MAX_CELL_CHARACTERS:,}", "characters in one cell"
        )
    return 0 if longest * cells <= limits.CALM_TEXT_BYTES else longest * cells


def _grid(sheet: RawSheet, facts: SheetFacts, date_1904: bool) -> Grid:
    def column(number: int) -> str:
        return f"c{number - sheet.first_column}"

    cells = sheet.cells
    for row, number, text in facts.long_numbers:
        if row <= cells.height and column(number) in cells.columns:
            cells = cells.with_columns(cells[column(number)].scatter(row - 1, text))
    grid = Grid(sheet.name, cells, sheet.first_column, sheet.hidden, facts.hidden_rows, date_1904)
    return replace(
        grid,
        uncalculated=tuple((row, column(number)) for row, number in facts.uncalculated),
        merged_down=tuple(
            (top, min(bottom, cells.height), column(left))
            for top, left, bottom, _ in facts.merges
            if bottom > top and column(left) in cells.columns and top <= cells.height
        ),
    )
