"""Derivations of check columns from several rows of one file, as window expressions.

A row that repeats an earlier one's key is a fault of its own and is left out of the others' verdict.
"""

from __future__ import annotations

from collections.abc import Sequence

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
    """Latest end among the group's spells in the file that began earlier (or as early, and stand above); null if none."""
    earlier = pl.col("end").cum_max().shift(1).forward_fill().over(FILE, "group")
    return _in_order_of_start(start, end, group, earlier, None, pl.Date())


def no_earlier_open(start: pl.Expr, end: pl.Expr, *group: pl.Expr) -> pl.Expr:
    """False where a spell of the group that began earlier (or as early, and stands above) has no end; true elsewhere."""
    is_open = pl.col("end").is_null().cast(pl.Int64)
    earlier = is_open.cum_sum().shift(1, fill_value=0).over(FILE, "group") == 0
    return _in_order_of_start(start, end, group, earlier, True, pl.Boolean())


def _in_order_of_start(
    start: pl.Expr, end: pl.Expr, group: tuple[pl.Expr, ...], value: pl.Expr, alone: bool | None, kind: pl.DataType
) -> pl.Expr:
    """`value` for each row that has a start and a group, judged among those rows in the order of their starts.

    `alone`: the value of a row that has its group to itself, as most have. The others are sorted once: a window with an
    order of its own sorts each of a hundred thousand small groups.
    """

    def judge(columns: Sequence[pl.Series]) -> pl.Series:
        file, counted, starts, ends, *groups = columns
        rows = pl.DataFrame({FILE: file, "counted": counted, "start": starts, "end": ends}).with_columns(
            pl.struct(groups).alias("group") if len(groups) > 1 else groups[0].alias("group")
        )
        judged = counted & starts.is_not_null()
        for part in groups:
            judged = judged & part.is_not_null()
        # A person of two files is no group, but looking for repetition in one column costs a fifth of looking in two.
        shared = judged & rows.select(pl.col("group").is_duplicated()).to_series()
        spells = (
            rows.with_row_index("place")
            .filter(shared)
            .sort("start", maintain_order=True)
            .select("place", value.cast(kind).alias("value"))
        )
        values = pl.select(pl.when(judged).then(pl.lit(alone, dtype=kind))).to_series()
        return values.scatter(spells["place"], spells["value"])

    return pl.map_batches([pl.col(FILE), pl.col(FIRST_OF_KEY), start, end, *group], judge, return_dtype=kind)
