"""Read: a recognised sheet into a table of text, with every row accounted for."""

from zaoxue.reading.table import ROW, SHEET, SheetTable, read_sheet

__all__ = ["ROW", "SHEET", "SheetTable", "read_sheet"]
