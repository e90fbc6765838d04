"""Unified social credit codes of organisations, GB 32100-2015."""

from __future__ import annotations

import numpy as np
import polars as pl

_ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"
_WEIGHTS = np.array([pow(3, place, 31) for place in range(17)], dtype=np.int64)
_NUMBER = np.full(256, -1, dtype=np.int64)
_NUMBER[np.frombuffer(_ALPHABET.encode(), dtype=np.uint8)] = np.arange(31)
_SHAPE = f"^[{_ALPHABET}]{{18}}$"


def uscc_is_valid(codes: pl.Series) -> pl.Series:
    """Whether 18 characters of the alphabet end in the right check character; null where empty."""
    shaped = codes.fill_null("").str.contains(_SHAPE)
    fixed = pl.select(pl.when(shaped).then(codes).otherwise(pl.lit("0" * 18))).to_series()
    joined = fixed.str.join("").item() if len(fixed) else ""
    numbers = _NUMBER[np.frombuffer(joined.encode("ascii"), dtype=np.uint8)].reshape(-1, 18)
    check = (31 - numbers[:, :17] @ _WEIGHTS % 31) % 31
    verdict = shaped & pl.Series(check == numbers[:, 17])
    return pl.select(pl.when(codes.is_not_null()).then(verdict)).to_series()
