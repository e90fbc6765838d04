"""How much of one file is read: limits that keep a worker under 1 GiB and a file under two minutes (docs/reading.md)."""

from __future__ import annotations

from zaoxue.workbooks.errors import UnreadableFileError

MIB = 1024 * 1024
MAX_FILE_BYTES = 64 * MIB  # a township's ledger of 3,000 rows has 0.3
MAX_PART_BYTES = 256 * MIB  # one part of a workbook, inflated
MAX_WORKBOOK_BYTES = 384 * MIB  # all parts that are read, inflated
MAX_PARTS = 4_000
MAX_ROWS = 499_999
MAX_COLUMNS = 702  # to ZZ
MAX_CELLS = 10_000_000  # readers hold a sheet as a full rectangle
MAX_CELL_CHARACTERS = 32_767  # Excel's own limit
MAX_SHEETS = 200

# Beyond these a workbook is read in a process of its own; below them it cannot hurt this one.
CALM_WORKBOOK_BYTES = 24 * MIB
CALM_CELLS = 1_500_000
CALM_TEXT_BYTES = 64 * MIB

GUARD_MEMORY_BYTES = 1024 * MIB
GUARD_SECONDS = 120.0


def check_size(rows: int, columns: int) -> None:
    """Raises UnreadableFileError where a sheet is bigger than what is read."""
    if rows > MAX_ROWS:
        raise too_big("行", f"{rows:,}", f"{MAX_ROWS:,}", "rows")
    if columns > MAX_COLUMNS:
        raise too_big("列", f"{columns:,}", f"{MAX_COLUMNS:,}", "columns")
    if rows * columns > MAX_CELLS:
        raise too_big("单元格", f"{rows:,} × {columns:,}", f"{MAX_CELLS:,}", "cells")


def too_big(what_zh: str, seen: str, limit: str, what_en: str) -> UnreadableFileError:
    """Something beyond a limit, with the limit."""
    return UnreadableFileError(
        f"{what_zh}过多（{seen}，上限 {limit}），请删除多余内容或拆分后再报送",
        f"Too many {what_en}: {seen}, the limit is {limit}; delete what is not needed or split the file",
    )
