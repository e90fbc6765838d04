"""Read: a recognised sheet into a table of text, with every row accounted for."""

from zaoxue.reading.closing import apply_closing
from zaoxue.reading.table import ROW, SHEET, SheetTable, read_sheet

__all__ = ["ROW", "SHEET", "SheetTable", "apply_closing", "read_sheet"]
