"""Rows of the ledgers about households, offers and subsidies, as they stood on a cut-off day."""

from __future__ import annotations

from datetime import date, timedelta

import polars as pl

from zaoxue.demo.truth import Truth

_NO_NOTE = pl.lit(None, pl.String).alias("note")
_ROW_ID = "_row_id"
_MEASURE_OF_PLAN = {"employment": "employment", "training": "training", "stipend": "education", "industry": "industry"}


def household_rows(truth: Truth, day: date) -> pl.DataFrame:
    """The files of all households registered by the day, with what was so on it."""
    open_spells = truth.spells.filter(
        pl.col("started_on") <= day, pl.col("ended_on").is_null() | (pl.col("ended_on") > day)
    )
    at_work = (
        open_spells.join(truth.persons.select("person_id", "household_head_id"), on="person_id")
        .group_by("household_head_id")
        .agg(
            pl.col("person_id").n_unique().cast(pl.Int64).alias("employed_count"),
            (pl.col("monthly_wage").sum() * 12).alias("wage_income"),
        )
    )
    done = (
        truth.assistance_plans.filter(
            (pl.col("done_on") <= day) | (pl.col("measure") == "industry"), pl.col("planned_on") <= day
        )
        .with_columns(pl.col("measure").replace_strict(_MEASURE_OF_PLAN, return_dtype=pl.String))
        .group_by("household_head_id")
        .agg(pl.col("measure").unique().sort().str.join("|").alias("measures"))
    )
    exits = truth.dibao_exits.filter(pl.col("exited_on") <= day).select(
        "household_head_id", (pl.col("returned_on").is_null() | (pl.col("returned_on") > day)).alias("has_left")
    )
    files = (
        truth.households.filter(pl.col("registered_on") <= day)
        .join(at_work, on="household_head_id", how="left", maintain_order="left")
        .join(done, on="household_head_id", how="left", maintain_order="left")
        .join(exits, on="household_head_id", how="left", maintain_order="left")
        .with_columns(pl.col("employed_count").fill_null(0))
    )
    kind = (
        pl.when(pl.col("is_zero_employment") & (pl.col("employed_count") == 0))
        .then(pl.lit("zero_employment"))
        .when(pl.col("has_left").fill_null(False))
        .then(pl.lit("other"))
        .otherwise("household_type")
    )
    return files.select(
        pl.col("township_code").alias("organisation_code"),
        pl.col("household_head_id").alias(_ROW_ID),
        "recognised_year",
        "household_head_name",
        "household_head_id",
        "phone",
        "address",
        "village",
        kind.alias("household_type"),
        "monitored_kind",
        "is_relocated",
        "settlement",
        "is_disabled",
        "poverty_status",
        "member_count",
        "labour_count",
        "willing_count",
        "employed_count",
        (pl.col("labour_count") - pl.col("employed_count")).alias("not_employed_count"),
        "identified_on",
        pl.when(pl.col("eliminated_on") <= day).then("eliminated_on").alias("eliminated_on"),
        "measures",
        "wage_income",
        _NO_NOTE,
    ).sort("organisation_code", "household_head_id")


def plan_rows(truth: Truth, day: date) -> pl.DataFrame:
    """The measures planned by the day, with how far they had come."""
    done = pl.col("done_on") <= day
    return (
        truth.assistance_plans.filter(pl.col("planned_on") <= day)
        .with_columns(
            pl.when(done).then(pl.lit("done")).otherwise(pl.lit("running")).alias("status"),
            pl.when(done).then("done_on").alias("finished_on"),
            pl.when(pl.col("stipend_paid_on") <= day).then("stipend_paid_on").alias("stipend_paid_on"),
            (pl.col("planned_on") + timedelta(days=180)).alias("target_on"),
            pl.lit(2026, pl.Int64).alias("plan_year"),
            _NO_NOTE,
        )
        .select(
            pl.col("township_code").alias("organisation_code"),
            pl.concat_str("household_head_id", "measure", pl.col("member_id").fill_null(""), separator="|").alias(
                _ROW_ID
            ),
            "household_head_name",
            "household_head_id",
            "plan_year",
            "measure",
            "member_name",
            "member_id",
            "term",
            "school_stage",
            "stipend_standard",
            "stipend_amount",
            "stipend_paid_on",
            "contact_name",
            "contact_office",
            "planned_on",
            "target_on",
            "finished_on",
            "status",
            "note",
        )
        .sort("organisation_code", _ROW_ID)
    )


def exit_rows(truth: Truth, day: date) -> pl.DataFrame:
    """The exits from minimum living security by the day."""
    return (
        truth.dibao_exits.filter(pl.col("exited_on") <= day)
        .select(
            pl.col("township_code").alias("organisation_code"),
            pl.concat_str("household_head_id", "exited_on", separator="|").alias(_ROW_ID),
            pl.exclude("township_code", "district_code", "returned_on"),
            _NO_NOTE,
        )
        .sort("organisation_code", "exited_on", "household_head_id")
    )


def vacancy_rows(truth: Truth, day: date) -> pl.DataFrame:
    """The vacancies posted by the day, with the people hired so far."""
    hired = (
        truth.referrals.filter(pl.col("result") == "hired", pl.col("started_on") <= day)
        .group_by("vacancy_no")
        .agg(pl.len().cast(pl.Int64).alias("filled"))
    )
    known = truth.vacancies.filter(pl.col("posted_on") <= day).join(
        hired, on="vacancy_no", how="left", maintain_order="left"
    )
    return (
        known.with_columns(pl.col("filled").fill_null(0))
        .with_columns(
            pl.when(pl.col("filled") >= pl.col("openings"))
            .then(pl.lit("filled"))
            .when(pl.col("closes_on") < day)
            .then(pl.lit("closed"))
            .otherwise(pl.lit("open"))
            .alias("status"),
            _work_place(truth).alias("work_place"),
            _NO_NOTE,
        )
        .select(
            pl.col("district_code").alias("organisation_code"),
            pl.col("vacancy_no").alias(_ROW_ID),
            "vacancy_no",
            "employer_name",
            "post_title",
            "occupation",
            "post_kind",
            "work_place",
            "region",
            "openings",
            "hardship_openings",
            "filled",
            "wage_min",
            "wage_max",
            "education",
            "age_min",
            "age_max",
            "posted_on",
            "closes_on",
            "status",
            "note",
        )
        .sort("organisation_code", "vacancy_no")
    )


def _work_place(truth: Truth) -> pl.Expr:
    names = {d.code: d.name for d in truth.province.districts}
    near = pl.col("region").is_in(["in_township", "in_county"])
    return (
        pl.when(near)
        .then(pl.col("district_code").replace_strict(names, return_dtype=pl.String))
        .otherwise(pl.col("employer_name").str.slice(0, 3))
    )


def referral_rows(truth: Truth, first: date, last: date) -> pl.DataFrame:
    """The people sent to vacancies in the period. Who starts later than its end is still undecided in its file."""
    seen = pl.col("started_on").is_null() | (pl.col("started_on") <= last)
    return (
        truth.referrals.filter(pl.col("referred_on").is_between(first, last))
        .with_columns(
            pl.when(seen).then("result").otherwise(pl.lit("pending")).alias("result"),
            pl.when(seen).then("started_on").alias("started_on"),
            pl.when(seen).then("offered_wage").alias("offered_wage"),
            _NO_NOTE,
        )
        .select(
            pl.col("township_code").alias("organisation_code"),
            pl.concat_str("person_id", "vacancy_no", "referred_on", separator="|").alias(_ROW_ID),
            pl.exclude("township_code", "district_code"),
        )
        .sort("organisation_code", "referred_on", "person_id")
    )


def subsidy_rows(truth: Truth, day: date) -> pl.DataFrame:
    """The payments made by the day."""
    months = (
        (pl.col("month_to").dt.year() - pl.col("month_from").dt.year()) * 12
        + pl.col("month_to").dt.month().cast(pl.Int32)
        - pl.col("month_from").dt.month()
        + 1
    )
    return (
        truth.subsidies.filter(pl.col("paid_on") <= day)
        .with_columns(
            months.cast(pl.Int64).alias("months"),
            pl.col("month_from").dt.strftime("%Y-%m"),
            pl.col("month_to").dt.strftime("%Y-%m"),
            pl.format("人社补〔{}〕{}号", pl.col("paid_on").dt.year(), pl.col("paid_on").dt.month()).alias(
                "document_no"
            ),
            _NO_NOTE,
        )
        .select(
            pl.col("district_code").alias("organisation_code"),
            pl.concat_str("person_id", "subsidy_kind", "month_from", separator="|").alias(_ROW_ID),
            "name",
            "person_id",
            "subsidy_kind",
            "employer_name",
            "site_code",
            "month_from",
            "month_to",
            "months",
            "monthly_standard",
            "contribution",
            "amount",
            "paid_on",
            "document_no",
            "note",
        )
        .sort("organisation_code", "paid_on", "person_id", "subsidy_kind")
    )
