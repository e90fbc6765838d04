"""Dated parameters of the rules (age limits, caps, standards): data beside the contracts, never constants."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import polars as pl

from zaoxue.contracts import ContractError

PARAMETERS_FILE = "parameters.csv"
_SCHEMA = {
    "parameter": pl.String,
    "code": pl.String,
    "area_code": pl.String,
    "valid_from": pl.Date,
    "valid_to": pl.Date,
    "value": pl.Float64,
    "unit": pl.String,
    "source": pl.String,
}


@dataclass(frozen=True)
class Parameters:
    """The table of parameters.

    A row holds for the divisions whose code begins with `area_code` (empty: everywhere), from `valid_from` to
    `valid_to` inclusive (empty: without end), and for `code` (empty: for every code). Of several rows that hold, that
    of the smallest division counts, then the one that names the code, then the one that began last.
    """

    table: pl.DataFrame

    def value(self, name: str, on: pl.Expr, area: pl.Expr, code: pl.Expr | None = None) -> pl.Expr:
        """Value of a parameter on a day, in a division, for a code; null where none holds. Raises ContractError."""
        rows = self.table.filter(pl.col("parameter") == name).sort(
            pl.col("area_code").str.len_bytes(),
            pl.col("code") != "",
            "valid_from",
            descending=[True, True, True],
            nulls_last=True,
        )
        if rows.is_empty():
            raise ContractError(f"{PARAMETERS_FILE} holds no parameter {name}")
        choices = []
        for row in rows.iter_rows(named=True):
            holds = pl.lit(True)
            if row["area_code"]:
                holds &= area.str.starts_with(row["area_code"])
            if row["code"]:
                holds &= pl.lit(False) if code is None else code == row["code"]
            if row["valid_from"]:
                holds &= on >= row["valid_from"]
            if row["valid_to"]:
                holds &= on <= row["valid_to"]
            choices.append(pl.when(holds & on.is_not_null()).then(pl.lit(row["value"])))
        return pl.coalesce(choices)


def load_parameters(contracts: Path) -> Parameters:
    """Read `parameters.csv` beside the contracts. Raises ContractError where it cannot be read."""
    path = contracts / PARAMETERS_FILE
    try:
        table = pl.read_csv(path, schema=_SCHEMA).with_columns(pl.col("code", "area_code").fill_null(""))
    except (pl.exceptions.PolarsError, OSError) as error:
        raise ContractError(f"{path}: {error}") from error
    return Parameters(table)
