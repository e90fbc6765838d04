"""What a row is (its key) and what it says (its hash), worked out over whole columns."""

from __future__ import annotations

import polars as pl
import polars_hash

from zaoxue.contracts import Contract

ROW_KEY = "_row_key"
ROW_HASH = "_row_hash"
SCOPE = "_scope"
_UNIT = "\x1f"  # ASCII's unit separator
_PERIOD_SCOPE = pl.concat_str("organisation_code", pl.lit("|"), "_period")
_OWNERS = {"cumulative": ["organisation_code"], "period": ["organisation_code", "_period"]}


def with_row_keys(rows: pl.DataFrame, contract: Contract) -> pl.DataFrame:
    """Add `_scope`, `_row_key` and `_row_hash` (the first 128 bits of SHA-1, as 32 hex digits) to rows that `protect` has made.

    The key is that of the scope's owner and the natural key. Empty parts are written as such, so that (a, null) differs
    from (null, a). The hash is that of the filled columns as name=value, so that a column added later changes none
    while it is empty.
    """
    kinds = {str(column.warehouse_name): column.logical_type for column in contract.warehouse_columns}
    keys = [str(column.warehouse_name) for column in contract.key_columns]
    key = pl.concat_str(
        *(_text(name, kinds).fill_null("") for name in [*_OWNERS.get(contract.scope, []), *keys]), separator=_UNIT
    )
    content = pl.concat_str(
        *(pl.lit(f"{name}=") + _text(name, kinds) for name in kinds), separator=_UNIT, ignore_nulls=True
    )
    return rows.with_columns(_scope(contract).alias(SCOPE), key.alias(ROW_KEY), content.alias(ROW_HASH)).with_columns(
        polars_hash.col(name).nchash.sha1().str.slice(0, 32).alias(name) for name in (ROW_KEY, ROW_HASH)
    )


def _scope(contract: Contract) -> pl.Expr:
    match contract.scope:
        case "cumulative":
            return pl.col("organisation_code")
        case "period":
            return _PERIOD_SCOPE
        case "document":
            return pl.col(str(contract.scope_column))
    return pl.lit(None, dtype=pl.String)


def _text(name: str, kinds: dict[str, str]) -> pl.Expr:
    """A text form that no setting changes: days since 1970 for a date."""
    value = pl.col(name)
    return (value.cast(pl.Int32) if kinds.get(name) == "date" else value).cast(pl.String)
