"""Vacancies of the districts, and the people whom townships sent to them."""

from __future__ import annotations

from datetime import timedelta

import numpy as np
import polars as pl

from zaoxue.demo.people import as_dates

_TITLES = {
    "manufacturing": "车间操作工",
    "processing": "食品加工工",
    "service": "客服员",
    "catering": "餐厅服务员",
    "construction": "建筑小工",
    "transport": "仓储搬运工",
    "technician": "设备维修工",
    "retail": "超市理货员",
    "security": "保安员",
    "e_commerce": "电商客服",
    "domestic_service": "家政服务员",
    "nursing": "养老护理员",
}
_EDUCATION = ("none", "primary", "junior_secondary", "senior_secondary")
_REASONS = ("wage", "distance", "skill", "health", "family", "post_gone", "other")
_CHANNELS = ("phone", "visit", "message", "fair", "station")
_SPARE_PER_DISTRICT = 14


def simulate_offers(
    rng: np.random.Generator, persons: pl.DataFrame, spells: pl.DataFrame, first_day: int, last_day: int
) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Vacancies and referrals from `first_day` on (day numbers).

    About half of the transfer employment that townships organised came of a referral: those people were hired for a
    vacancy of their employer. Others were sent to a vacancy in vain. A vacancy is posted before the month of any referral
    to it, so that its list has come when the referral is told.
    """
    hired = _hired(rng, spells, first_day, last_day)
    vacancies = pl.concat([_filled_vacancies(rng, hired), _spare_vacancies(rng, spells, first_day, last_day)])
    numbered = vacancies.sort("district_code", "posted_on", "employer_name", "occupation", "place_key").with_columns(
        pl.format(
            "GW{}{}",
            "district_code",
            pl.int_range(1, pl.len() + 1).over("district_code").cast(pl.String).str.zfill(5),
        ).alias("vacancy_no")
    )
    key = ["district_code", "employer_name", "occupation", "region", "month"]
    by_key = numbered.filter(pl.col("month").is_not_null()).select(*key, "vacancy_no", "post_title")
    sent = pl.concat(
        [
            hired.join(by_key, on=key, how="inner", maintain_order="left").select(_REFERRAL),
            _in_vain(rng, persons, spells, numbered, first_day, last_day).select(_REFERRAL),
        ]
    ).sort("township_code", "referred_on", "person_id", "vacancy_no")
    return numbered.drop("place_key", "month"), sent


_REFERRAL = (
    "name",
    "person_id",
    "phone",
    "district_code",
    "township_code",
    "vacancy_no",
    "employer_name",
    "post_title",
    "referred_on",
    "channel",
    "interviewed_on",
    "interview_result",
    "result",
    "started_on",
    "offered_wage",
    "reason",
)


def _hired(rng: np.random.Generator, spells: pl.DataFrame, first_day: int, last_day: int) -> pl.DataFrame:
    """Referrals that ended in work, from spells that still go on; the person was sent in the month the work began."""
    begun = pl.col("started_on").cast(pl.Int32)
    fit = spells.filter(
        begun.is_between(first_day, last_day),
        pl.col("started_on").dt.day() >= 4,
        pl.col("ended_on").is_null(),
        pl.col("channel") == "organised",
        pl.col("employment_type") == "transfer",
        ~pl.col("is_public_post"),
    )
    fit = fit.filter(pl.Series(rng.random(fit.height) < 0.5))
    started = fit["started_on"].cast(pl.Int32).to_numpy().astype(np.int64)
    day = fit["started_on"].dt.day().to_numpy().astype(np.int64)
    referred = started - 2 - (rng.random(fit.height) * np.minimum(day - 3, 18)).astype(np.int64)
    return fit.with_columns(
        as_dates(referred).alias("referred_on"),
        as_dates(referred + 1).alias("interviewed_on"),
        pl.lit("passed").alias("interview_result"),
        pl.lit("hired").alias("result"),
        pl.Series("channel", rng.choice(_CHANNELS, fit.height)),
        pl.col("monthly_wage").alias("offered_wage"),
        pl.lit(None, pl.String).alias("reason"),
        pl.col("started_on").dt.truncate("1mo").alias("month"),
    )


def _filled_vacancies(rng: np.random.Generator, hired: pl.DataFrame) -> pl.DataFrame:
    """A vacancy for those whom one employer hired for one kind of work in one month."""
    groups = hired.group_by("district_code", "employer_name", "occupation", "region", "month", maintain_order=True).agg(
        pl.len().cast(pl.Int64).alias("hires"),
        pl.col("started_on").max().alias("last_start"),
        pl.col("monthly_wage").min().alias("wage_min"),
        pl.col("monthly_wage").max().alias("wage_max"),
        pl.col("special_programme").first().alias("programme"),
    )
    count = groups.height
    posted = groups["month"].cast(pl.Int32).to_numpy().astype(np.int64) - rng.integers(2, 40, count)
    openings = groups["hires"].to_numpy() + rng.integers(0, 3, count)
    closes = groups["last_start"].cast(pl.Int32).to_numpy().astype(np.int64) + rng.integers(5, 60, count)
    return _described(rng, groups, posted, closes, openings, groups["wage_min"], groups["wage_max"])


def _spare_vacancies(rng: np.random.Generator, spells: pl.DataFrame, first_day: int, last_day: int) -> pl.DataFrame:
    """Vacancies for which nobody was found, at employers near home."""
    near = spells.filter(
        pl.col("region").is_in(["in_township", "in_county", "in_city"]),
        pl.col("employment_type") == "transfer",
        ~pl.col("is_public_post"),
    ).unique(["district_code", "employer_name", "occupation"], keep="first", maintain_order=True)
    shuffled = near[rng.permutation(near.height)].filter(
        pl.int_range(pl.len()).over("district_code") < _SPARE_PER_DISTRICT
    )
    count = shuffled.height
    groups = shuffled.select(
        "district_code",
        "employer_name",
        "occupation",
        "region",
        pl.lit(None, pl.Date).alias("month"),
        pl.lit(0, pl.Int64).alias("hires"),
        pl.col("special_programme").alias("programme"),
    )
    posted = rng.integers(first_day - 60, last_day - 20, count)
    low = (shuffled["monthly_wage"] // 100 * 100).alias("wage_min")
    return _described(
        rng, groups, posted, posted + rng.integers(45, 240, count), rng.integers(1, 12, count), low, low + 800
    )


def _described(
    rng: np.random.Generator,
    groups: pl.DataFrame,
    posted: np.ndarray[tuple[int], np.dtype[np.int64]],
    closes: np.ndarray[tuple[int], np.dtype[np.int64]],
    openings: np.ndarray[tuple[int], np.dtype[np.int64]],
    wage_min: pl.Series,
    wage_max: pl.Series,
) -> pl.DataFrame:
    count = groups.height
    oldest = rng.choice([45, 50, 55, 60], count)
    return groups.select(
        "district_code",
        "employer_name",
        "occupation",
        pl.col("occupation").replace_strict(_TITLES, default="普工", return_dtype=pl.String).alias("post_title"),
        pl.when(pl.col("programme") == "community_factory")
        .then(pl.lit("workshop"))
        .otherwise(pl.lit("market"))
        .alias("post_kind"),
        "region",
        "month",
        pl.Series("openings", openings.astype(np.int64)),
        pl.Series("hardship_openings", openings.astype(np.int64) // 2),
        pl.Series("wage_min", wage_min).cast(pl.Int64),
        pl.Series("wage_max", wage_max).cast(pl.Int64),
        pl.Series("education", rng.choice(_EDUCATION, count, p=[0.4, 0.2, 0.3, 0.1])),
        pl.lit(18, pl.Int64).alias("age_min"),
        pl.Series("age_max", oldest.astype(np.int64)),
        as_dates(posted.astype(np.int64)).alias("posted_on"),
        as_dates(closes.astype(np.int64)).alias("closes_on"),
        pl.int_range(pl.len()).alias("place_key"),
    )


def _in_vain(
    rng: np.random.Generator,
    persons: pl.DataFrame,
    spells: pl.DataFrame,
    vacancies: pl.DataFrame,
    first_day: int,
    last_day: int,
) -> pl.DataFrame:
    """People out of work sent to a vacancy of their district that was open, and not hired, unwilling or undecided.

    Each of them once: three refusals of one person in a period would be a finding of the gate.
    """
    ready = persons.filter(
        pl.col("employment_intent") == "transfer", pl.col("registered_on").cast(pl.Int32) < first_day
    )
    chosen = ready.filter(pl.Series(rng.random(ready.height) < 0.06))
    day = rng.integers(first_day + 5, last_day + 1, chosen.height)
    sent = chosen.with_columns(as_dates(day).alias("referred_on"))
    working = (
        sent.join(spells.select("person_id", pl.col("started_on").alias("from"), "ended_on"), on="person_id")
        .filter(
            pl.col("from") <= pl.col("referred_on") + timedelta(days=40),
            pl.col("ended_on").is_null() | (pl.col("ended_on") >= pl.col("referred_on")),
        )["person_id"]
        .unique()
    )
    sent = sent.filter(~pl.col("person_id").is_in(working.implode()))
    offers = vacancies.select(
        "district_code", "vacancy_no", "employer_name", "post_title", "wage_min", "posted_on", "closes_on"
    )
    pairs = sent.join(offers, on="district_code", maintain_order="left_right").filter(
        pl.col("posted_on") < pl.col("referred_on").dt.truncate("1mo"), pl.col("closes_on") >= pl.col("referred_on")
    )
    pairs = pairs.with_columns(pl.Series("draw", rng.random(pairs.height)))
    one = pairs.sort("person_id", "draw").unique("person_id", keep="first", maintain_order=True)
    count = one.height
    result = rng.choice(["not_hired", "refused", "pending"], count, p=[0.5, 0.4, 0.1])
    met = (result == "not_hired") & (rng.random(count) < 0.7)
    referred = one["referred_on"].cast(pl.Int32).to_numpy().astype(np.int64)
    return one.with_columns(
        pl.Series("channel", rng.choice(_CHANNELS, count)),
        as_dates(referred + 1, ~met).alias("interviewed_on"),
        pl.when(pl.Series(met)).then(pl.lit("failed")).alias("interview_result"),
        pl.Series("result", result),
        pl.lit(None, pl.Date).alias("started_on"),
        pl.lit(None, pl.Int64).alias("offered_wage"),
        pl.when(pl.Series(result != "pending")).then(pl.Series(rng.choice(_REASONS, count))).alias("reason"),
    )
