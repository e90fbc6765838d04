"""Merged cells: the value of the first in each of the rows it spans."""

from __future__ import annotations

import polars as pl


def fill_merged(cells: pl.DataFrame, merged_down: tuple[tuple[int, int, str], ...]) -> pl.DataFrame:
    """Fill down. `merged_down`: (first row, last row, column), rows as Excel counts them."""
    by_column: dict[str, list[tuple[int, int]]] = {}
    for top, bottom, column in merged_down:
        by_column.setdefault(column, []).append((top, bottom))
    filled = []
    for column, spans in by_column.items():
        values = cells[column].to_list()
        for top, bottom in spans:
            values[top - 1 : bottom] = [values[top - 1]] * (bottom - top + 1)
        filled.append(pl.Series(column, values, dtype=pl.String))
    return cells.with_columns(filled)
