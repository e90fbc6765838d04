"""What the townships did for people: training, follow-up calls, and the yearly tasks set for them."""

from __future__ import annotations

import numpy as np
import polars as pl

from zaoxue.demo.people import as_dates
from zaoxue.demo.places import Province

_COURSES = {
    "transfer_skills": ("缝纫", "电工", "焊工", "叉车司机", "育婴员", "中式烹调", "养老护理"),
    "on_the_job": ("质量检验", "设备维护", "安全生产"),
    "farming_skills": ("果树栽培", "食用菌种植", "家禽养殖"),
    "startup": ("创办小店", "电商运营"),
}
_SCHOOLS = ("泽润职业培训学校", "梓木技工学校", "云锦技能培训中心", "青枫就业培训中心")
# Townships whose first class starts only in March 2026, and the months of a township without any call.
QUIET_TRAINING_SHARE, QUIET_FOLLOW_UP_SHARE = 0.03, 0.02
_MILESTONES = (30, 90, 180, 365)
_CALL_CHANNELS = ("phone", "visit", "message", "other")


def simulate_trainings(
    rng: np.random.Generator, persons: pl.DataFrame, first_day: int, last_day: int, quiet_until: int
) -> pl.DataFrame:
    """One row for each person and course. In quiet townships no class starts before the day number `quiet_until`."""
    willing = persons.filter(pl.col("training_intent").is_not_null())
    takes = rng.random(willing.height) < 0.62
    second = takes & (rng.random(willing.height) < 0.22)
    who = np.concatenate([np.flatnonzero(takes), np.flatnonzero(second)])
    people = willing[who]
    count = people.height
    registered = people["registered_on"].cast(pl.Int32).to_numpy().astype(np.int64)
    opens = np.maximum(registered, first_day)
    begin = opens + (rng.random(count) * np.maximum(last_day - opens, 1)).astype(np.int64)
    is_second = np.arange(count) >= takes.sum()
    days = rng.choice([5, 7, 10, 15, 20, 30], count)
    kinds = people["training_intent"].to_numpy()
    draw = rng.random(count)
    course = np.select(
        [kinds == kind for kind in _COURSES],
        [np.array(names)[(draw * len(names)).astype(int)] for names in _COURSES.values()],
        "",
    )
    certified = rng.random(count) < 0.82
    certified_on = begin + days - 1 + rng.integers(2, 25, count)
    towns = np.unique(persons["township_code"].to_numpy())
    quiet_towns = towns[rng.random(len(towns)) < QUIET_TRAINING_SHARE]
    quiet = np.isin(people["township_code"].to_numpy(), quiet_towns) & (begin < quiet_until)
    trainings = people.select("person_id", "name", "phone", "district_code", "township_code").with_columns(
        pl.Series("training_type", kinds),
        pl.Series("course", course),
        pl.Series("provider", np.array(_SCHOOLS)[rng.integers(0, len(_SCHOOLS), count)]),
        as_dates(begin).alias("started_on"),
        as_dates(begin + days - 1, begin + days - 1 > last_day).alias("ended_on"),
        pl.Series("training_days", days),
        as_dates(certified_on, ~certified | (certified_on > last_day)).alias("certified_on"),
        pl.Series("is_cooperation_programme", rng.random(count) < 0.08),
        pl.Series("living_allowance", days * 30),
    )
    # One course once: a second course of the same name is dropped.
    return (
        trainings.filter(pl.Series(~quiet))
        .with_columns(pl.Series("second", is_second[~quiet]))
        .unique(["person_id", "course"], keep="first", maintain_order=True)
        .drop("second")
        .sort("person_id", "started_on", "course")
        .filter(~_overlaps_an_earlier_course())
    )


def _overlaps_an_earlier_course() -> pl.Expr:
    last_day = pl.col("started_on") + pl.duration(days=pl.col("training_days") - 1)
    return (pl.col("started_on") <= last_day.cum_max().shift(1).over("person_id")).fill_null(False)


def simulate_follow_ups(
    rng: np.random.Generator, province: Province, spells: pl.DataFrame, first_day: int, last_day: int
) -> pl.DataFrame:
    """One row for each call or visit: planned around 30, 90, 180 and 365 days after a spell began.

    The result is true on its day: `employed` still in that spell, `employed_elsewhere` in a later one, `out_of_work` in
    none, `not_reached` unanswered.
    """
    codes = [d.code for d in province.districts]
    coverage = dict(zip(codes, rng.uniform(0.5, 0.92, len(codes)).tolist(), strict=True))
    planned = pl.concat(
        [
            spells.select(
                "spell_id",
                "person_id",
                "name",
                "phone",
                "district_code",
                "township_code",
                "started_on",
                "ended_on",
                "monthly_wage",
                pl.lit(milestone).alias("milestone"),
            )
            for milestone in _MILESTONES
        ]
    )
    shift = pl.Series(rng.integers(-8, 22, planned.height))
    calls = planned.with_columns(
        (pl.col("started_on").cast(pl.Int32) + pl.col("milestone") + shift).cast(pl.Date).alias("followed_up_on"),
        pl.Series("drawn", rng.random(planned.height)),
        pl.Series("reached", rng.random(planned.height) < 0.87),
        pl.Series("channel", rng.choice(_CALL_CHANNELS, planned.height, p=[0.66, 0.16, 0.16, 0.02])),
    ).filter(
        pl.col("drawn") < pl.col("district_code").replace_strict(coverage),
        pl.col("followed_up_on").cast(pl.Int32).is_between(first_day, last_day),
    )
    calls = calls.sort("person_id", "followed_up_on", "spell_id").unique(
        ["person_id", "followed_up_on"], keep="first", maintain_order=True
    )
    calls = calls.filter(~_quiet_month(rng, calls))
    worked = spells.select(
        "person_id",
        pl.col("started_on").alias("from"),
        pl.col("ended_on").alias("until"),
        pl.col("spell_id").alias("held"),
        pl.col("monthly_wage").alias("wage"),
    )
    held = calls.sort("followed_up_on").join_asof(
        worked.sort("from"),
        left_on="followed_up_on",
        right_on="from",
        by="person_id",
        strategy="backward",
        check_sortedness=False,
    )
    at_work = pl.col("until").is_null() | (pl.col("until") >= pl.col("followed_up_on"))
    result = (
        pl.when(~pl.col("reached"))
        .then(pl.lit("not_reached"))
        .when(~at_work)
        .then(pl.lit("out_of_work"))
        .when(pl.col("held") == pl.col("spell_id"))
        .then(pl.lit("employed"))
        .otherwise(pl.lit("employed_elsewhere"))
    )
    told = pl.col("result").is_in(["employed", "employed_elsewhere"])
    return (
        held.with_columns(result.alias("result"))
        .with_columns(pl.when(told).then(pl.col("wage")).alias("monthly_wage"))
        .select(
            "person_id",
            "name",
            "phone",
            "district_code",
            "township_code",
            "followed_up_on",
            "channel",
            "result",
            "monthly_wage",
            "spell_id",
        )
        .sort("person_id", "followed_up_on")
    )


def simulate_targets(rng: np.random.Generator, province: Province, persons: pl.DataFrame, year: int) -> pl.DataFrame:
    """Yearly tasks, one row for each township, in people."""
    size = persons.group_by("township_code").len()
    towns = pl.DataFrame(
        {
            "district_code": [t.parent for t in province.townships],
            "area_code": [t.code for t in province.townships],
            "area_name": [t.name for t in province.townships],
        }
    )
    people = towns.join(size, left_on="area_code", right_on="township_code", how="left", maintain_order="left")["len"]
    share = rng.uniform(0.25, 0.45, towns.height)
    number = people.fill_null(0).to_numpy()
    trained = number * rng.uniform(0.1, 0.2, towns.height)
    return towns.with_columns(
        pl.lit(year).alias("year"),
        pl.Series("placements_target", np.maximum(number * share, 1).astype(np.int64)),
        pl.Series("ventures_target", np.maximum(number * 0.02, 1).astype(np.int64)),
        pl.Series("skill_training_target", np.maximum(trained, 1).astype(np.int64)),
        pl.Series("startup_training_target", np.maximum(number * 0.02, 1).astype(np.int64)),
    )


def _quiet_month(rng: np.random.Generator, calls: pl.DataFrame) -> pl.Series:
    """Whether a call would fall into a month in which its township made none."""
    months = calls.select("township_code", pl.col("followed_up_on").dt.truncate("1mo").alias("month"))
    each = months.unique().sort("township_code", "month")
    each = each.with_columns(pl.Series("quiet", rng.random(each.height) < QUIET_FOLLOW_UP_SHARE))
    return months.join(each, on=["township_code", "month"], how="left", maintain_order="left")["quiet"]
