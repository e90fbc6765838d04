"""Rows of the ledgers about sites and events, as they stood on a cut-off day."""

from __future__ import annotations

from datetime import date

import polars as pl

from zaoxue.demo.truth import Truth

_NO_NOTE = pl.lit(None, pl.String).alias("note")
_ROW_ID = "_row_id"


def headcounts(truth: Truth, day: date) -> pl.DataFrame:
    """site_code, worker_count, assisted_worker_count on a day: the site's own people and those whom townships list there."""
    programmes = {"community_factory": "workshop", "assistance_base": "base"}
    listed = (
        truth.spells.filter(
            pl.col("special_programme").is_in(list(programmes)),
            pl.col("started_on") <= day,
            pl.col("ended_on").is_null() | (pl.col("ended_on") > day),
        )
        .with_columns(pl.col("special_programme").replace_strict(programmes, return_dtype=pl.String).alias("site_kind"))
        .group_by("district_code", "site_kind", pl.col("employer_name").alias("site_name"))
        .agg(pl.col("person_id").n_unique().cast(pl.Int64).alias("listed"))
    )
    gone = pl.col("withdrawn_on") <= day
    return truth.sites.join(
        listed, on=["district_code", "site_kind", "site_name"], how="left", maintain_order="left"
    ).select(
        "site_code",
        *(
            pl.when(gone & pl.col(own).is_not_null())
            .then(0)
            .otherwise(pl.col(own) + pl.col("listed").fill_null(0))
            .alias(name)
            for own, name in (("own_workers", "worker_count"), ("own_assisted", "assisted_worker_count"))
        ),
    )


def site_rows(truth: Truth, day: date) -> pl.DataFrame:
    """The sites recognised by the day, with their headcount on it."""
    gone = pl.col("withdrawn_on") <= day
    months = (pl.lit(day) - pl.col("recognised_on")).dt.total_days() // 30
    served = pl.col("served_a_month") * months
    # A withdrawn workshop employs nobody; what it had is not told any more.
    assisted = pl.when(~gone.fill_null(False)).then("assisted_worker_count")
    return (
        truth.sites.join(headcounts(truth, day), on="site_code", how="left", maintain_order="left")
        .filter(pl.col("recognised_on") <= day)
        .select(
            pl.col("district_code").alias("organisation_code"),
            pl.col("site_code").alias(_ROW_ID),
            "site_code",
            "site_kind",
            "site_name",
            "credit_code",
            "area_code",
            "area_name",
            "site_address",
            "level",
            "recognised_on",
            pl.when(gone).then("withdrawn_on").alias("withdrawn_on"),
            "worker_count",
            assisted.alias("assisted_worker_count"),
            served.alias("served_count"),
            (served * 2 // 5).alias("assisted_served_count"),
            "is_relocation_site",
            pl.lit(None, pl.String).alias("settlement"),
            "is_cooperation_programme",
            _NO_NOTE,
        )
        .sort("organisation_code", "site_code")
    )


def event_rows(truth: Truth, first: date, last: date) -> pl.DataFrame:
    """The events of the period; who was at work after a month is told of those a month old."""
    # The file is sent on the first working days after the period.
    month_over = pl.col("started_on").dt.offset_by("1mo") <= last
    return (
        truth.events.filter(pl.col("started_on").is_between(first, last))
        .with_columns(
            *(pl.when(month_over).then(name).alias(name) for name in ("placed_in_month", "assisted_placed_in_month")),
            pl.lit(None, pl.String).alias("partners"),
            pl.lit(None, pl.String).alias("settlement"),
            _NO_NOTE,
        )
        .select(
            pl.col("district_code").alias("organisation_code"),
            pl.concat_str("event_kind", "event_name", "started_on", separator="|").alias(_ROW_ID),
            "event_kind",
            "event_name",
            "partners",
            "is_cooperation_programme",
            "place",
            "at_settlement",
            "settlement",
            "started_on",
            "ended_on",
            "employers",
            "jobs_offered",
            "assisted_jobs",
            "attendees",
            "assisted_attendees",
            "agreements",
            "assisted_agreements",
            "placed_in_month",
            "assisted_placed_in_month",
            "note",
        )
        .sort("organisation_code", "started_on", _ROW_ID)
    )
