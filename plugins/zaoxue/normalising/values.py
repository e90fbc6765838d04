"""Typed values out of cleaned text: each function takes text and gives null where the text is no such value."""

from __future__ import annotations

import polars as pl

_DATE = (
    r"^(?P<year>(?:19|20)\d{2})\s*[-/.年]\s*(?P<month>\d{1,2})(?:\s*[-/.月]\s*(?P<day>\d{1,2}))?\s*[日号月]?"
    r"(?:[ T]+\d{1,2}:\d{2}(?::\d{2}(?:\.\d+)?)?)?$"
)
_COMPACT_DATE = r"^(?P<year>(?:19|20)\d{2})(?P<month>\d{2})(?P<day>\d{2})$"
_SERIAL_DATE = r"^[2-6]\d{4}(?:\.0+)?$"  # 1954 to 2091 as days since 1899-12-30, Excel's 1900 date system
_EXCEL_EPOCH = pl.date(1899, 12, 30)
_MONEY_WORDS = r"[,\s￥¥]|元$|人$"
_YES = ["是", "有", "√", "✓", "1", "1.0", "Y", "y", "yes", "true", "TRUE", "True"]
_NO = ["否", "无", "×", "✗", "0", "0.0", "N", "n", "no", "false", "FALSE", "False"]


def to_date(text: pl.Expr, *, month_only: str = "first") -> pl.Expr:
    """Dates as 2026-05-31, 2026/5/31, 2026.5.31, 2026年5月31日, 20260531, an Excel serial, with or without a time.

    2026年5月 is the first or the last day of that month as `month_only` says.
    """
    parts = text.str.extract_groups(_DATE)
    compact = text.str.extract_groups(_COMPACT_DATE)
    year, month = parts.struct["year"], parts.struct["month"]
    day = parts.struct["day"]
    full = _date(
        pl.coalesce(year, compact.struct["year"]),
        pl.coalesce(month, compact.struct["month"]),
        pl.coalesce(day, compact.struct["day"], pl.when(year.is_not_null()).then(pl.lit("1"))),
    )
    if month_only == "last":
        full = pl.when(year.is_not_null() & day.is_null()).then(full.dt.month_end()).otherwise(full)
    serial = pl.when(text.str.contains(_SERIAL_DATE)).then(
        _EXCEL_EPOCH + pl.duration(days=text.str.slice(0, 5).cast(pl.Int64, strict=False))
    )
    return pl.coalesce(full, serial)


def to_number(text: pl.Expr) -> pl.Expr:
    """Numbers with thousands marks, a currency sign or a trailing 元 or 人."""
    return text.str.replace_all(_MONEY_WORDS, "").cast(pl.Float64, strict=False)


def to_integer(text: pl.Expr) -> pl.Expr:
    """As `to_number`, null where it is not whole."""
    number = to_number(text)
    return pl.when(number == number.round()).then(number.cast(pl.Int64, strict=False))


def to_boolean(text: pl.Expr) -> pl.Expr:
    """是/否, 有/无, √/×, 1/0, Y/N, true/false."""
    return pl.when(text.is_in(_YES)).then(pl.lit(True)).when(text.is_in(_NO)).then(pl.lit(False))


def to_code(text: pl.Expr, codes: dict[str, str]) -> pl.Expr:
    """Code of a label (spaces ignored), or the code itself; null for what the list does not hold."""
    known = codes | {code: code for code in codes.values()}
    return text.str.replace_all(r"\s", "").replace_strict(known, default=None, return_dtype=pl.String)


def to_codes(text: pl.Expr, codes: dict[str, str]) -> pl.Expr:
    """Several labels with 、 ， , ; or / between them as `|code|code|`, in the order of the list; null if one is unknown."""
    known = codes | {code: code for code in codes.values()}
    order = {code: place for place, code in enumerate(dict.fromkeys(codes.values()))}
    items = text.str.replace_all(r"\s", "").str.strip_chars("|").str.replace_all("[、，;；/|]", ",").str.split(",")
    coded = items.list.eval(pl.element().replace_strict(known, default=None, return_dtype=pl.String))
    ranked = coded.list.eval(
        pl.element().unique().sort_by(pl.element().unique().replace_strict(order, default=None, return_dtype=pl.Int64))
    )
    return pl.when(coded.list.eval(pl.element().is_null().any()).list.first().not_()).then(
        pl.lit("|") + ranked.list.join("|") + pl.lit("|")
    )


def is_mobile_phone(text: pl.Expr) -> pl.Expr:
    """Whether it is a mobile number of mainland China: 1, 3 to 9, nine digits."""
    return text.str.contains(r"^1[3-9]\d{9}$")


def _date(year: pl.Expr, month: pl.Expr, day: pl.Expr) -> pl.Expr:
    iso = year + "-" + month.str.zfill(2) + "-" + day.str.zfill(2)
    return iso.str.to_date("%Y-%m-%d", strict=False)
