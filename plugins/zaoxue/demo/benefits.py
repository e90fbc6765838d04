"""Subsidies paid to people for what they really did: public-welfare posts, workshops, travel, insurance, starting up."""

from __future__ import annotations

from datetime import date

import numpy as np
import polars as pl

POST_STANDARD = 1_300  # 元 per month
WORKSHOP_STANDARD = 300
TRANSPORT = {"in_city": 150, "in_province": 300, "other_province": 500}  # 元 a year
STARTUP_BONUS = 3_000
_CONTRIBUTION = 1_050  # of a self-employed person to social insurance, 元 per month
_SUBSIDY = (
    "name",
    "person_id",
    "district_code",
    "subsidy_kind",
    "employer_name",
    "site_code",
    "month_from",
    "month_to",
    "monthly_standard",
    "contribution",
    "amount",
    "paid_on",
)


def simulate_subsidies(
    rng: np.random.Generator, spells: pl.DataFrame, loans: pl.DataFrame, sites: pl.DataFrame, last_day: date
) -> pl.DataFrame:
    """One row for each payment: person, kind, first and last month (their first days), standard, amount, day of payment.

    What runs by the month is paid once a quarter, in its last month; no month is paid twice for one kind, and public
    posts and insurance never for the same month.
    """
    workshops = sites.filter(pl.col("site_kind") == "workshop").select(
        "district_code", pl.col("site_name").alias("employer_name"), "site_code", "withdrawn_on"
    )
    in_workshop = spells.filter(pl.col("special_programme") == "community_factory").join(
        workshops, on=["district_code", "employer_name"], how="inner", maintain_order="left"
    )
    flexible = spells.filter(pl.col("employment_type") == "flexible")
    insured = flexible.filter(pl.Series(rng.random(flexible.height) < 0.2))
    exclusive = pl.concat(
        [
            _months(spells.filter("is_public_post"), "public_post", last_day),
            _months(insured, "flexible_insurance", last_day),
        ]
    )
    # One month, one kind of the two; the one that began earlier.
    exclusive = exclusive.sort("person_id", "month", "started_on", "subsidy_kind").unique(
        ["person_id", "month"], keep="first", maintain_order=True
    )
    workshop = _months(in_workshop, "workshop", last_day).unique(
        ["person_id", "month"], keep="first", maintain_order=True
    )
    quarters = _by_quarter(pl.concat([exclusive, workshop])).filter(pl.col("paid_on") <= last_day)
    paid = quarters.with_columns(
        pl.col("subsidy_kind")
        .replace_strict(
            {
                "public_post": POST_STANDARD,
                "workshop": WORKSHOP_STANDARD,
                "flexible_insurance": _CONTRIBUTION * 2 // 3,
            },
            return_dtype=pl.Int64,
        )
        .alias("monthly_standard")
    )
    insurance = pl.col("subsidy_kind") == "flexible_insurance"
    paid = paid.with_columns(
        (pl.col("monthly_standard") * pl.col("months")).alias("amount"),
        pl.when(insurance).then(_CONTRIBUTION * pl.col("months")).alias("contribution"),
        pl.when(pl.col("subsidy_kind") == "workshop").then("employer_name").alias("employer_name"),
    )
    once = pl.concat([_transport(spells, last_day), _startup(loans, last_day)])
    return pl.concat([paid.select(_SUBSIDY), once.select(_SUBSIDY)]).sort(
        "district_code", "paid_on", "person_id", "subsidy_kind", "month_from"
    )


def _months(spells: pl.DataFrame, kind: str, last_day: date) -> pl.DataFrame:
    """One row for each month in which a spell was held, begun by the 20th."""
    until = pl.col("ended_on").fill_null(last_day)
    if "withdrawn_on" in spells.columns:
        until = pl.min_horizontal(until, pl.col("withdrawn_on").fill_null(last_day))
    site = pl.col("site_code") if "site_code" in spells.columns else pl.lit(None, pl.String)
    held = spells.with_columns(
        pl.date_ranges(pl.col("started_on").dt.truncate("1mo"), until.dt.truncate("1mo"), "1mo").alias("month")
    ).filter(until >= pl.col("started_on"))
    begun = pl.col("started_on") <= pl.col("month").dt.offset_by("19d")
    return (
        held.explode("month")
        .filter(begun)
        .select(
            "name",
            "person_id",
            "district_code",
            "started_on",
            pl.lit(kind).alias("subsidy_kind"),
            "employer_name",
            site.alias("site_code"),
            "month",
        )
    )


def _by_quarter(months: pl.DataFrame) -> pl.DataFrame:
    """Unbroken months of one person, kind and place within a quarter become one payment, made on the 25th of its last."""
    quarter = pl.col("month").dt.truncate("1q")
    number = pl.col("month").dt.year() * 12 + pl.col("month").dt.month()
    place = ("person_id", "subsidy_kind", "site_code")
    return (
        months.sort("person_id", "subsidy_kind", "site_code", "month")
        .with_columns(quarter.alias("quarter"), number.cast(pl.Int64).alias("number"))
        .with_columns((pl.col("number") - pl.int_range(pl.len()).over(*place)).alias("island"))
        .group_by(*place, "quarter", "island", maintain_order=True)
        .agg(
            pl.col("name", "district_code", "employer_name").first(),
            pl.col("month").min().alias("month_from"),
            pl.col("month").max().alias("month_to"),
            pl.len().cast(pl.Int64).alias("months"),
        )
        .with_columns(pl.col("quarter").dt.offset_by("2mo24d").alias("paid_on"))
    )


def _transport(spells: pl.DataFrame, last_day: date) -> pl.DataFrame:
    """Once a person and year, for organised work outside the county; paid a month after it began."""
    away = spells.filter(pl.col("channel") == "organised", pl.col("region").is_in(list(TRANSPORT)))
    first = (
        away.with_columns(pl.col("started_on").dt.year().alias("year"))
        .sort("person_id", "started_on")
        .unique(["person_id", "year"], keep="first", maintain_order=True)
    )
    amount = pl.col("region").replace_strict(TRANSPORT, return_dtype=pl.Int64)
    return _one_off(
        first.with_columns(pl.col("started_on").alias("earned_on"), amount.alias("amount")), "transport", 40, last_day
    )


def _startup(loans: pl.DataFrame, last_day: date) -> pl.DataFrame:
    """Once a person who borrowed to start up."""
    borrowers = (
        loans.filter(pl.col("loan_kind") == "startup_guaranteed", pl.col("borrower_kind") == "person")
        .sort("issued_on", "receipt_no")
        .unique("person_id", keep="first", maintain_order=True)
    )
    earned = borrowers.with_columns(
        pl.col("borrower_name").alias("name"),
        pl.col("issued_on").alias("earned_on"),
        pl.lit(STARTUP_BONUS, pl.Int64).alias("amount"),
    )
    return _one_off(earned, "startup", 60, last_day)


def _one_off(rows: pl.DataFrame, kind: str, days_later: int, last_day: date) -> pl.DataFrame:
    return rows.select(
        "name",
        "person_id",
        "district_code",
        pl.lit(kind).alias("subsidy_kind"),
        pl.lit(None, pl.String).alias("employer_name"),
        pl.lit(None, pl.String).alias("site_code"),
        pl.col("earned_on").dt.truncate("1mo").alias("month_from"),
        pl.col("earned_on").dt.truncate("1mo").alias("month_to"),
        pl.col("amount").alias("monthly_standard"),
        pl.lit(None, pl.Int64).alias("contribution"),
        "amount",
        (pl.col("earned_on") + pl.duration(days=days_later)).alias("paid_on"),
    ).filter(pl.col("paid_on") <= last_day)
