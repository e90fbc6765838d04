"""Rows that passed the gate, without what names a person."""

from __future__ import annotations

import polars as pl

from zaoxue.contracts import Contract
from zaoxue.protecting.person_key import person_keys


def protect(rows: pl.DataFrame, contract: Contract, secret: bytes, keep: list[str]) -> pl.DataFrame:
    """Exactly the contract's warehouse columns and the columns of `keep`; identity numbers replaced by person keys."""
    keyed = rows.with_columns(
        person_keys(rows[column.name], secret).alias(str(column.key_name))
        for column in contract.columns
        if column.is_resident_id and column.key_name not in rows.columns  # a lookup of the gate may have made it
    )
    return keyed.select(*(str(column.warehouse_name) for column in contract.warehouse_columns), *keep)
