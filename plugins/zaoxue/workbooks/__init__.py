"""Bytes of a delivered file as grids of text: one for each sheet, with rows as Excel counts them."""

from zaoxue.workbooks.errors import UnreadableFileError
from zaoxue.workbooks.grid import Grid, open_grids, too_large_file

__all__ = ["Grid", "UnreadableFileError", "open_grids", "too_large_file"]
