"""Sheets that we put into workbooks ourselves: the summary of a receipt, the code lists of a template.

A clerk sends the mended receipt or the filled template back, and the reader must not take them for ledgers.
"""

from __future__ import annotations

from zaoxue.workbooks.grid import Grid

OWN_SHEET_MARK = "〔造血〕"  # the first cell of such a sheet begins with it


def is_own_sheet(grid: Grid) -> bool:
    """Whether we wrote the sheet."""
    if grid.cells.is_empty():
        return False
    first = grid.cells.row(0)[0]
    return isinstance(first, str) and first.startswith(OWN_SHEET_MARK)
