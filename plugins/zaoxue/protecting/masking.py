"""Show enough of a bad value that its sender finds the cell, and too little to know a person by."""

from __future__ import annotations

import polars as pl

_HARMLESS = r"^[\d.,/\-+年月日号:%元万 ]{1,20}$"  # a date or an amount
_MAX_SHOWN_DIGITS = 10  # one fewer than a phone number
_MAX_STARS = 16


def masked(value: pl.Expr, classification: pl.Expr) -> pl.Expr:
    """Masked text of a cell; null stays null.

    A date or an amount in a column that holds no personal data is shown as it is: the clerk must see it. Of all
    else only the first character is shown, whatever the column: a row shifted by one puts a name under any header.
    """
    digits = value.str.count_matches(r"\d")
    harmless = (classification == "public") & value.str.contains(_HARMLESS) & (digits <= _MAX_SHOWN_DIGITS)
    stars = pl.lit("*").repeat_by((value.str.len_chars() - 1).clip(0, _MAX_STARS)).list.join("")
    return pl.when(harmless).then(value).otherwise(value.str.slice(0, 1) + stars)
