"""Derivations of check columns from what other organisations say: in the other files of the batch, and what stands.

Of an organisation with several files in the batch only those of its latest period speak for it. What these derivations
find depends on which files came in one night, so no rule on them keeps a row out.
"""

from __future__ import annotations

import polars as pl

from zaoxue.normalising.derive_rows import FIRST_OF_KEY

ORGANISATION = "_organisation_code"
_DISTRICT_DIGITS = 6
_PLACE = "_place"


def overlaps_elsewhere(
    frame: pl.DataFrame, start: str, end: str, person: str, standing: pl.DataFrame | None
) -> pl.Series:
    """Whether another organisation of the district has a spell of the person at the same time; an open end never ends.

    Null where the row has no start or no person. `person` is a column of numbers or keys; `standing`: `key` (of the same
    kind), `organisation_code`, `started_on`, `ended_on` of the ledgers that have no file in the batch.
    """
    rows = frame.select(
        pl.col(person).alias("person"),
        pl.col(ORGANISATION).alias("organisation"),
        pl.col(start).alias("start"),
        pl.col(end).alias("end"),
        _speaks().alias("speaks"),
    ).with_row_index(_PLACE)
    spells = rows.filter(pl.col("start").is_not_null() & pl.col("person").is_not_null())
    # Whoever only one organisation lists, and that is nearly everybody, need not be compared.
    shared = (
        spells.filter("speaks")
        .group_by("person")
        .agg(pl.col("organisation").n_unique().alias("organisations"))
        .filter(pl.col("organisations") > 1)
    )
    others = spells.filter("speaks").join(shared, on="person", how="semi").drop(_PLACE, "speaks")
    if standing is not None:
        others = pl.concat(
            [
                others,
                standing.select(
                    pl.col("key").alias("person"),
                    pl.col("organisation_code").alias("organisation"),
                    pl.col("started_on").alias("start"),
                    pl.col("ended_on").alias("end"),
                ).join(spells, on="person", how="semi"),
            ]
        )
    found = (
        spells.join(others, on="person", suffix="_other")
        .filter(
            (pl.col("organisation") != pl.col("organisation_other"))
            & (_district("organisation") == _district("organisation_other"))
            & (pl.col("end_other").is_null() | (pl.col("end_other") > pl.col("start")))
            & (pl.col("end").is_null() | (pl.col("end") > pl.col("start_other")))
        )
        .select(pl.col(_PLACE).unique(), pl.lit(True).alias("found"))
    )
    judged = rows.select(_PLACE, (pl.col("start").is_not_null() & pl.col("person").is_not_null()).alias("judged"))
    return (
        judged.join(found, on=_PLACE, how="left", maintain_order="left")
        .select(pl.when("judged").then(pl.col("found").fill_null(False)))
        .to_series()
    )


def others_elsewhere(value: pl.Expr, group: pl.Expr) -> pl.Expr:
    """How many more values go with the group in all organisations of the batch than in the row's own; null where a part
    is missing."""
    given = value.is_not_null() & group.is_not_null()
    said = pl.when(given & _speaks()).then(value)
    everywhere = said.drop_nulls().n_unique().over(group)
    own = said.drop_nulls().n_unique().over(group, ORGANISATION)
    return pl.when(given & _speaks()).then(everywhere.cast(pl.Int64) - own.cast(pl.Int64))


def _speaks() -> pl.Expr:
    return pl.col(FIRST_OF_KEY) & (pl.col("_period_end") == pl.col("_period_end").max().over(ORGANISATION))


def _district(organisation: str) -> pl.Expr:
    return pl.col(organisation).str.slice(0, _DISTRICT_DIGITS)
