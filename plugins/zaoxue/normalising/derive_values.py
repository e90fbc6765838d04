"""Derivations of check columns from the values of one row. Each takes its sources in the order of the contract."""

from __future__ import annotations

from functools import cache
from importlib.resources import files

import polars as pl

from zaoxue.normalising.uscc import uscc_is_valid

_MONTHS = 12


def age_on(identity_number: pl.Expr, day: pl.Expr) -> pl.Expr:
    """Completed years on a day, by the birth date in an identity number (GB 11643)."""
    birth = [identity_number.str.slice(start, size).cast(pl.Int64, strict=False) for start, size in ((6, 4), (10, 4))]
    month_and_day = day.dt.month().cast(pl.Int64) * 100 + day.dt.day()
    return day.dt.year() - birth[0] - (month_and_day < birth[1]).cast(pl.Int64)


def age_in_months_on(identity_number: pl.Expr, day: pl.Expr) -> pl.Expr:
    """Completed months of life on a day, by the birth date in an identity number."""
    year, month, date = (
        identity_number.str.slice(start, size).cast(pl.Int64, strict=False)
        for start, size in ((6, 4), (10, 2), (12, 2))
    )
    months = (day.dt.year() - year) * _MONTHS + day.dt.month() - month
    return months - (day.dt.day() < date).cast(pl.Int64)


def holds_any(condition: pl.Expr, codes: tuple[str, ...], logical_type: str) -> pl.Expr:
    """Whether a cell holds one of the codes: of a code list, of several codes (`|a|b|`), or true / false."""
    if logical_type == "array":
        return condition.str.contains_any([f"|{code}|" for code in codes])
    if logical_type == "boolean":
        return condition.is_in([code == "true" for code in codes])
    return condition.is_in(list(codes))


def is_given(value: pl.Expr) -> pl.Expr:
    """Whether a cell says something."""
    return value.is_not_null()


def is_above_zero(value: pl.Expr) -> pl.Expr:
    """Whether an amount is above zero; an empty one is not."""
    return (value > 0).fill_null(False)


def months_inclusive(last: pl.Expr, first: pl.Expr) -> pl.Expr:
    """Calendar months from one day's month to another's, both counted."""
    return (last.dt.year() - first.dt.year()) * _MONTHS + last.dt.month().cast(pl.Int64) - first.dt.month() + 1


def days_inclusive(last: pl.Expr, first: pl.Expr) -> pl.Expr:
    """Days from one day to another, both counted."""
    return (last - first).dt.total_days() + 1


def months_after(day: pl.Expr, months: int) -> pl.Expr:
    """The same day some months later; the last of the month where there is no such day."""
    return day.dt.offset_by(f"{months}mo")


def year_of(day: pl.Expr) -> pl.Expr:
    """The year of a day."""
    return day.dt.year().cast(pl.Int64)


def product(*factors: pl.Expr) -> pl.Expr:
    """Product; null where one is missing."""
    result = factors[0]
    for factor in factors[1:]:
        result = result * factor
    return result


def total(*terms: pl.Expr) -> pl.Expr:
    """Sum; null where one is missing."""
    result = terms[0]
    for term in terms[1:]:
        result = result + term
    return result


def difference(first: pl.Expr, second: pl.Expr) -> pl.Expr:
    """First less second; null where one is missing."""
    return first - second


def earliest(*days: pl.Expr) -> pl.Expr:
    """The earliest day that is given."""
    return pl.min_horizontal(days)


def interest(principal: pl.Expr, annual_rate: pl.Expr, until: pl.Expr, since: pl.Expr) -> pl.Expr:
    """Simple interest on the whole principal, days over 360, rate in percent: the most there can be."""
    return principal * annual_rate / 100 * (until - since).dt.total_days() / 360


def credit_code_is_valid(code: pl.Expr) -> pl.Expr:
    """GB 32100."""
    return code.map_batches(uscc_is_valid, return_dtype=pl.Boolean)


@cache
def _listed_divisions() -> pl.Series:
    """Codes of the statistical list of divisions that ships with the articles' reader, to the township."""
    resource = files("zaoxue.news") / "data" / "divisions.csv.gz"
    return pl.read_csv(resource.read_bytes(), columns=["code"], schema_overrides={"code": pl.String})["code"]


def division_is_listed(code: pl.Expr, is_registered: pl.Expr) -> pl.Expr:
    """Whether a code of 2 to 12 digits lies in a division of the statistical list (2023-06-30) or is one of the registry.

    Null where the registry has not been read and the list does not hold it.
    """
    listed = code.str.slice(0, 9).is_in(_listed_divisions().implode())
    return pl.when(listed).then(pl.lit(True)).otherwise(is_registered)


def holds_text(text: pl.Expr, words: pl.Expr) -> pl.Expr:
    """Whether the words stand in the text, spaces apart."""
    return text.str.replace_all(r"\s", "").str.contains(words.str.replace_all(r"\s", ""), literal=True)
