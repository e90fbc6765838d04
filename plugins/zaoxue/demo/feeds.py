"""What each organisation knew on a cut-off day: the rows of its ledger, by the contract's column names."""

from __future__ import annotations

from datetime import date

import polars as pl

from zaoxue.demo import programme_feeds, site_feeds
from zaoxue.demo.lending import loans_on
from zaoxue.demo.truth import Truth
from zaoxue.periods import bounds

# Identity of a row for damages and comparisons; never written to a file.
ROW_ID = "_row_id"


def feed_rows(truth: Truth, feed: str, period: str) -> pl.DataFrame:
    """Rows of one feed and period for all organisations: organisation_code, ROW_ID, then contract columns.

    A ledger states what was so on the period's last day: a spell that had begun, an end only if it had come.
    Raises ValueError on a feed that the demo does not send.
    """
    first, last = bounds(period)
    match feed:
        case "person":
            return _persons(truth, last)
        case "placement":
            return _placements(truth, last)
        case "training":
            return _trainings(truth, last)
        case "follow_up":
            return _follow_ups(truth, first, last)
        case "target":
            return truth.targets.select(
                pl.col("district_code").alias("organisation_code"),
                pl.col("area_code").alias(ROW_ID),
                pl.exclude("district_code"),
            ).sort(ROW_ID)
        case "loan":
            return _loans(truth, first, last, everything=period.endswith("-01"))
        case "household":
            return programme_feeds.household_rows(truth, last)
        case "assistance_plan":
            return programme_feeds.plan_rows(truth, last)
        case "dibao_exit":
            return programme_feeds.exit_rows(truth, last)
        case "vacancy":
            return programme_feeds.vacancy_rows(truth, last)
        case "referral":
            return programme_feeds.referral_rows(truth, first, last)
        case "subsidy":
            return programme_feeds.subsidy_rows(truth, last)
        case "site":
            return site_feeds.site_rows(truth, last)
        case "event":
            return site_feeds.event_rows(truth, first, last)
    raise ValueError(f"the demo sends no {feed}")


def spells_on(spells: pl.DataFrame, day: date) -> pl.DataFrame:
    """The spells that had begun by `day`, with an end and its reason only if it had come by then."""
    over = pl.col("ended_on") <= day
    return spells.filter(pl.col("started_on") <= day).with_columns(
        pl.when(over).then(pl.col("ended_on")).alias("ended_on"),
        pl.when(over).then(pl.col("end_reason")).alias("end_reason"),
    )


def _persons(truth: Truth, day: date) -> pl.DataFrame:
    at_work = (
        spells_on(truth.spells, day)
        .filter(pl.col("ended_on").is_null())
        .select(
            "person_id",
            pl.when(pl.col("employment_type") == "farming")
            .then(pl.lit("farming"))
            .otherwise(pl.lit("transfer"))
            .alias("employment_status"),
        )
    )
    left_dibao = truth.dibao_exits.filter(
        pl.col("exited_on") <= day, pl.col("returned_on").is_null() | (pl.col("returned_on") > day)
    )["household_head_id"]
    categories = (
        pl.when(pl.col("household_head_id").is_in(left_dibao.implode()))
        .then(pl.col("hardship_categories").str.replace(r"(^|\|)dibao", "").str.strip_chars("|").replace("", None))
        .otherwise("hardship_categories")
    )
    return (
        truth.persons.filter(pl.col("registered_on") <= day)
        .with_columns(categories.alias("hardship_categories"))
        .join(at_work, on="person_id", how="left", maintain_order="left")
        .with_columns(
            pl.col("employment_status").fill_null("not_employed"),
            pl.when(pl.col("hardship_recognised_on") <= day, pl.col("hardship_categories").is_not_null())
            .then(pl.col("hardship_recognised_on"))
            .alias("hardship_recognised_on"),
            pl.lit(None, pl.String).alias("note"),
        )
        .select(
            pl.col("township_code").alias("organisation_code"),
            pl.col("person_id").alias(ROW_ID),
            "household_head_name",
            "household_head_id",
            "name",
            "person_id",
            pl.col("sex").alias("stated_sex"),
            "phone",
            "village",
            "address",
            "education",
            "employment_status",
            "employment_intent",
            "training_intent",
            "labour_ability",
            "is_disabled",
            "school_status",
            "hardship_categories",
            "hardship_recognised_on",
            "registered_on",
            "note",
        )
        .sort("organisation_code", "registered_on", "person_id")
    )


def _placements(truth: Truth, day: date) -> pl.DataFrame:
    away = pl.col("region").is_in(["in_city", "in_province", "other_province"])
    transport = pl.col("region").replace_strict(
        {"in_city": 150, "in_province": 300, "other_province": 500}, default=None, return_dtype=pl.Int64
    )
    return (
        spells_on(truth.spells, day)
        .with_columns(
            pl.when(away & (pl.col("channel") == "organised")).then(transport).alias("transport_subsidy"),
            pl.lit(None, pl.Int64).alias("internship_subsidy"),
            pl.lit(None, pl.Int64).alias("job_seeking_subsidy"),
            pl.col("employer_name").fill_null("本地灵活务工").alias("work_address"),
            pl.lit(None, pl.String).alias("note"),
        )
        .select(
            pl.col("township_code").alias("organisation_code"),
            pl.col("spell_id").alias(ROW_ID),
            "name",
            "person_id",
            "channel",
            "region",
            "employment_type",
            "employer_name",
            "employer_kind",
            "occupation",
            "special_programme",
            "started_on",
            "ended_on",
            "end_reason",
            "monthly_wage",
            "contract_months",
            "internship_subsidy",
            "job_seeking_subsidy",
            "transport_subsidy",
            "work_address",
            "phone",
            "note",
        )
        .sort("organisation_code", "started_on", "person_id")
    )


def _trainings(truth: Truth, day: date) -> pl.DataFrame:
    over, certified = pl.col("ended_on") <= day, pl.col("certified_on") <= day
    row_id = pl.concat_str("person_id", "course", "started_on", separator="|")
    return (
        truth.trainings.filter(pl.col("started_on") <= day)
        .with_columns(
            pl.when(over).then("ended_on").alias("ended_on"),
            pl.when(over).then("training_days").alias("training_days"),
            pl.when(over).then("living_allowance").alias("living_allowance"),
            pl.when(certified).then("certified_on").alias("certified_on"),
            pl.when(certified).then(pl.format("ZS99{}", pl.col("person_id").hash(0) % 10**8)).alias("certificate_no"),
            pl.col("provider").alias("training_address"),
            pl.lit(None, pl.String).alias("note"),
        )
        .select(
            pl.col("township_code").alias("organisation_code"),
            row_id.alias(ROW_ID),
            "name",
            "person_id",
            "training_type",
            "course",
            "provider",
            "training_address",
            "started_on",
            "ended_on",
            "training_days",
            "certified_on",
            "certificate_no",
            "is_cooperation_programme",
            "living_allowance",
            "phone",
            "note",
        )
        .sort("organisation_code", "started_on", "person_id", "course")
    )


def _follow_ups(truth: Truth, first: date, last: date) -> pl.DataFrame:
    action = pl.col("result").replace_strict(
        {"out_of_work": "推荐岗位", "not_reached": "下月再联系"}, default="继续跟踪", return_dtype=pl.String
    )
    return (
        truth.follow_ups.filter(pl.col("followed_up_on").is_between(first, last))
        .with_columns(
            action.alias("next_action"),
            pl.lit("镇便民服务中心").alias("served_at"),
            pl.lit(None, pl.String).alias("note"),
        )
        .select(
            pl.col("township_code").alias("organisation_code"),
            pl.concat_str("person_id", "followed_up_on", separator="|").alias(ROW_ID),
            "name",
            "person_id",
            "followed_up_on",
            "channel",
            "result",
            "monthly_wage",
            "next_action",
            "served_at",
            "phone",
            "note",
        )
        .sort("organisation_code", "followed_up_on", "person_id")
    )


def _loans(truth: Truth, first: date, last: date, *, everything: bool) -> pl.DataFrame:
    """The first file of a year brings every receipt, a later one those that are new or have changed."""
    now = loans_on(truth.loans, last)
    if not everything:
        before = loans_on(truth.loans, date.fromordinal(first.toordinal() - 1))
        now = now.join(before, on=now.columns, how="anti", nulls_equal=True, maintain_order="left")
    return now.select(
        pl.col("bank_code").alias("organisation_code"), pl.col("receipt_no").alias(ROW_ID), pl.exclude("bank_code")
    ).sort("organisation_code", ROW_ID)
