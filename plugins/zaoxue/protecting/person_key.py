"""Person keys: HMAC-SHA-256 of the identity number.

A plain hash could be undone by trying every number (place x birth date x 999 is about 10^10); the secret prevents it
and never reaches the warehouse.
"""

from __future__ import annotations

import hmac

import polars as pl


def person_keys(numbers: pl.Series, secret: bytes) -> pl.Series:
    """Identity numbers in their normal form to keys of 64 hex digits; null stays null. Each distinct number is hashed once."""
    distinct = numbers.drop_nulls().unique()
    keys = [hmac.digest(secret, number.encode(), "sha256").hex() for number in distinct]
    return numbers.replace_strict(distinct, pl.Series(keys, dtype=pl.String), default=None, return_dtype=pl.String)
