"""Derivations of check columns from several rows of one file, as window expressions.

A row that repeats an earlier one's key is a fault of its own and is left out of the others' verdict.
"""

from __future__ import annotations

import polars as pl

FILE = "_submission"
FIRST_OF_KEY = "_first_of_key"


def _counted(value: pl.Expr) -> pl.Expr:
    return pl.when(pl.col(FIRST_OF_KEY)).then(value)


def distinct_in_group(value: pl.Expr, *group: pl.Expr) -> pl.Expr:
    """Number of different values among the rows of the file that share the group; null where a part is missing."""
    together = pl.all_horizontal(value.is_not_null(), *(g.is_not_null() for g in group))
    counted = pl.when(together).then(_counted(value)).drop_nulls().n_unique().over(FILE, *group)
    return pl.when(together & pl.col(FIRST_OF_KEY)).then(counted.cast(pl.Int64))


def total_in_group(value: pl.Expr, *group: pl.Expr) -> pl.Expr:
    """Sum of the values of the file's rows that share the group; null where the row adds nothing to it."""
    together = pl.all_horizontal(value.is_not_null(), pl.col(FIRST_OF_KEY), *(g.is_not_null() for g in group))
    return pl.when(together).then(_counted(value).sum().over(FILE, *group))


def turn_in_group(*group: pl.Expr) -> pl.Expr:
    """1 for the first row of the file with these values, 2 for the second, and so on; null where one is missing."""
    together = pl.all_horizontal(pl.col(FIRST_OF_KEY), *(g.is_not_null() for g in group))
    return pl.when(together).then(together.cast(pl.Int64).cum_sum().over(FILE, *group))


def last_earlier_end(start: pl.Expr, end: pl.Expr, *group: pl.Expr) -> pl.Expr:
    """Latest end among the group's spells in the file that began earlier; null where there is none."""
    # Sorting once would serve both functions, but windows that sort are cheap beside the join they replace.
    ends = _counted(end).cum_max().shift(1).forward_fill().over(FILE, *group, order_by=start)
    return pl.when(pl.all_horizontal(start.is_not_null(), *(g.is_not_null() for g in group))).then(ends)


def no_earlier_open(start: pl.Expr, end: pl.Expr, *group: pl.Expr) -> pl.Expr:
    """False where a spell of the group that began earlier has no end; true elsewhere."""
    open_spell = (start.is_not_null() & end.is_null() & pl.col(FIRST_OF_KEY)).cast(pl.Int64)
    earlier = open_spell.cum_sum().shift(1, fill_value=0).over(FILE, *group, order_by=start)
    return pl.when(pl.all_horizontal(start.is_not_null(), *(g.is_not_null() for g in group))).then(earlier == 0)
