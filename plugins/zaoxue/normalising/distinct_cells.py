"""The distinct cells of a column: what is worked out from a cell alone is worked out once for each of them.

A province's ledgers hold six regions, a thousand dates and seventy wages, a million times.
"""

from __future__ import annotations

from dataclasses import dataclass

import polars as pl

_SEEN = 2000  # cells looked at before a column is taken for one of few values
_FEW = 0.5


@dataclass(frozen=True)
class DistinctCells:
    """`values`: the cells to work on. `places`: for each cell of the column its place in `values`, null where empty;
    None where the column is its own list of values, because nearly every cell differs."""

    values: pl.Series
    places: pl.Series | None

    @classmethod
    def of(cls, cells: pl.Series) -> DistinctCells:
        """Takes a column of text."""
        seen = cells.head(_SEEN)
        if seen.n_unique() > seen.len() * _FEW:
            return cls(cells, None)
        coded = cells.cast(pl.Categorical(pl.Categories.random()))  # of its own, so that its codes run from 0
        distinct = coded.unique().drop_nulls()
        order = distinct.to_physical().arg_sort()
        return cls(distinct.cast(pl.String).gather(order), coded.to_physical())

    def spread(self, worked_out: pl.Series) -> pl.Series:
        """What was worked out for `values`, for every cell of the column; null where the cell is empty."""
        return worked_out if self.places is None else worked_out.gather(self.places)
