"""Households: who lives in them, what was planned for them, and which left minimum living security (低保)."""

from __future__ import annotations

from datetime import date

import numpy as np
import polars as pl

from zaoxue.demo import showcase as planted
from zaoxue.demo.people import GIVEN, SURNAMES, as_dates, day_number, resident_ids
from zaoxue.demo.places import Province
from zaoxue.demo.showcase import Showcase

# A measure of work is done when somebody has been at work for so long: the placement ledger knows of it by then.
_PROBATION_DAYS = 32
DIBAO_STANDARD = 690  # 元 per head and month
# Stages of school, their ages and the stipend of a child and term in 元.
STAGES = (
    ("kindergarten", 3, 5, 500),
    ("primary", 6, 11, 800),
    ("junior_secondary", 12, 14, 1000),
    ("senior_secondary", 15, 17, 1600),
    ("vocational", 15, 18, 1600),
    ("higher", 18, 21, 2400),
)
_OFFICES = ("乡村振兴服务中心", "人力资源和社会保障局", "民政局", "农业农村局", "便民服务中心")
_YEAR_BEGINS = day_number(date(2026, 1, 1))


def simulate_households(rng: np.random.Generator, province: Province, persons: pl.DataFrame) -> pl.DataFrame:
    """One row for each household: household_head_id, its head's place, kind and dependants; what depends on the day is left
    to its ledger.

    `child_ages` is a list of the ages of its children in 2026; `kind_if_jobless` is its type while nobody of it works.
    """
    members = persons.group_by("household_head_id", maintain_order=True).agg(
        pl.len().alias("listed"),
        pl.col("labour_ability").is_in(["none", "lost"]).not_().sum().alias("labour_count"),
        (pl.col("employment_intent") != "none").sum().alias("willing_count"),
    )
    heads = members.join(
        persons, left_on="household_head_id", right_on="person_id", how="left", maintain_order="left", suffix="_own"
    )
    count = heads.height
    ages = [sorted(rng.integers(3, 22, n).tolist()) for n in rng.choice([0, 0, 1, 1, 2, 3], count).tolist()]
    elders = rng.choice([0, 0, 1, 2], count)
    holds = {
        code: heads["hardship_categories"].fill_null("").str.split("|").list.contains(code)
        for code in ("zero_employment_household", "dibao", "monitored", "lifted_out_of_poverty")
    }
    otherwise = (
        pl.when(holds["dibao"])
        .then(pl.lit("dibao"))
        .when(holds["monitored"])
        .then(pl.lit("monitored"))
        .when(holds["lifted_out_of_poverty"])
        .then(pl.lit("lifted_out_of_poverty"))
        .otherwise(pl.lit("other"))
    )
    registered = heads["registered_on"].cast(pl.Int32).to_numpy().astype(np.int64)
    relocated = rng.random(count) < 0.08
    identified = registered - rng.integers(0, 300, count)
    eliminated = identified + rng.integers(220, 700, count)
    towns = {t.code: t.name for t in province.townships}
    heads = heads.with_columns(pl.Series("child_ages", ages, dtype=pl.List(pl.Int64)))
    return heads.select(
        "household_head_id",
        pl.col("name").alias("household_head_name"),
        "phone",
        "address",
        "village",
        "district_code",
        "township_code",
        "registered_on",
        pl.col("registered_on").dt.year().alias("recognised_year"),
        otherwise.alias("household_type"),
        (holds["zero_employment_household"] & (pl.col("labour_count") > 0)).alias("is_zero_employment"),
        pl.when(holds["monitored"]).then(pl.lit("marginal")).alias("monitored_kind"),
        pl.Series("is_relocated", relocated),
        pl.when(pl.Series(relocated))
        .then(pl.col("township_code").replace_strict(towns, return_dtype=pl.String) + "安置点")
        .alias("settlement"),
        "is_disabled",
        pl.when(holds["lifted_out_of_poverty"]).then(pl.lit("lifted")).alias("poverty_status"),
        (pl.col("listed") + pl.Series(elders) + pl.col("child_ages").list.len()).cast(pl.Int64).alias("member_count"),
        pl.col("labour_count", "willing_count").cast(pl.Int64),
        as_dates(identified, ~holds["monitored"].to_numpy()).alias("identified_on"),
        as_dates(eliminated, ~holds["monitored"].to_numpy() | (rng.random(count) < 0.4)).alias("eliminated_on"),
        "child_ages",
    )


def simulate_plans(
    rng: np.random.Generator,
    households: pl.DataFrame,
    persons: pl.DataFrame,
    trainings: pl.DataFrame,
    spells: pl.DataFrame,
    showcase: Showcase | None,
) -> pl.DataFrame:
    """One row for each measure planned for a household in 2026 (and for each child and term of a stipend).

    `done_on` is the true day on which it was done, null while it goes on: a training's end, the day a person was at work
    who still is. A stipend is paid in the term.
    """
    helped = households["household_type"].is_in(["dibao", "monitored"]) | households["is_zero_employment"]
    chosen = helped.to_numpy() | (rng.random(households.height) < 0.1)
    if showcase is not None:
        chosen |= households.select(showcase.in_villages()).to_series().to_numpy()
    planned = households.filter(pl.Series(chosen))
    registered = planned["registered_on"].cast(pl.Int32).to_numpy().astype(np.int64)
    made = np.maximum(_YEAR_BEGINS + rng.integers(4, 70, planned.height), registered)
    office = np.array(_OFFICES)[rng.integers(0, len(_OFFICES), planned.height)]
    contact = _names(rng, np.array(list(SURNAMES))[rng.integers(0, len(SURNAMES), planned.height)].tolist())
    plans = planned.with_columns(
        as_dates(made).alias("planned_on"), pl.Series("contact_office", office), pl.Series("contact_name", contact)
    )
    members = persons.select(
        "household_head_id",
        pl.col("person_id").alias("member_id"),
        pl.col("name").alias("member_name"),
        "employment_intent",
        "training_intent",
    )
    each = plans.join(members, on="household_head_id", maintain_order="left_right")
    held = (
        spells.filter(pl.col("ended_on").is_null())
        .group_by("person_id")
        .agg(pl.col("started_on").max().alias("at_work_from"))
    )
    work = (
        each.filter(pl.col("employment_intent") != "none")
        .join(held, left_on="member_id", right_on="person_id", how="left", maintain_order="left")
        .select(
            *_PLAN,
            pl.lit("employment").alias("measure"),
            pl.max_horizontal(pl.col("at_work_from") + pl.duration(days=_PROBATION_DAYS), "planned_on").alias("work"),
            "at_work_from",
        )
        .with_columns(pl.when(pl.col("at_work_from").is_not_null()).then("work").alias("done_on"))
        .drop("work", "at_work_from")
    )
    first_course = (
        trainings.filter(pl.col("ended_on").is_not_null())
        .group_by("person_id")
        .agg(pl.col("ended_on").max().alias("course_end"))
    )
    courses = (
        each.filter(pl.col("training_intent").is_not_null())
        .join(first_course, left_on="member_id", right_on="person_id", how="left", maintain_order="left")
        .with_columns(
            pl.when(pl.col("course_end").is_not_null())
            .then(pl.max_horizontal("course_end", "planned_on"))
            .alias("done_on")
        )
        .select(*_PLAN, pl.lit("training").alias("measure"), "done_on")
    )
    nobody = plans.filter(~pl.col("household_head_id").is_in(pl.concat([work, courses])["household_head_id"].implode()))
    industry = nobody.with_columns(
        pl.lit(None, pl.String).alias("member_id"), pl.lit(None, pl.String).alias("member_name")
    ).select(*_PLAN, pl.lit("industry").alias("measure"), pl.lit(None, pl.Date).alias("done_on"))
    frame = pl.concat([work, courses, industry]).with_columns(
        *(pl.lit(None, kind).alias(name) for name, kind in _STIPEND.items()),
        pl.lit(None, pl.Date).alias("stipend_paid_on"),
    )
    return pl.concat([frame, _stipends(rng, plans, showcase)]).sort(
        "township_code", "household_head_id", "measure", "member_id", "term"
    )


_PLAN = (
    "household_head_name",
    "household_head_id",
    "district_code",
    "township_code",
    "member_name",
    "member_id",
    "contact_name",
    "contact_office",
    "planned_on",
)
_STIPEND = {"term": pl.String, "school_stage": pl.String, "stipend_standard": pl.Int64, "stipend_amount": pl.Int64}


def _stipends(rng: np.random.Generator, plans: pl.DataFrame, showcase: Showcase | None) -> pl.DataFrame:
    """Stipends of the spring term for the children of planned households; children have identity numbers of their own."""
    entitled = plans.filter(pl.col("child_ages").list.len() > 0)
    children = entitled.explode("child_ages")
    stages = [_stage(age) for age in children["child_ages"].to_list()]
    children = children.with_columns(
        pl.Series("school_stage", [s[0] for s in stages], dtype=pl.String),
        pl.Series("stipend_standard", [s[3] for s in stages], dtype=pl.Int64),
    )
    if showcase is not None:
        children = _with_planted_stipends(showcase, plans, children)
    count = children.height
    # First registered at the seat of the prefecture, a code that nobody of the registers has; one number for each child.
    prefecture = children["district_code"].cast(pl.Int64).to_numpy() // 100 * 100
    turn = children.select(pl.int_range(pl.len()).over(pl.Series(prefecture), "child_ages")).to_series().to_numpy()
    birth_year = 2025 - children["child_ages"].to_numpy()
    birth = birth_year * 10_000 + (1 + turn % 12) * 100 + 1 + turn // 12 % 28
    ids = resident_ids(prefecture, birth.astype(np.int64), (turn // 336).astype(np.int64))
    names = _names(rng, children["household_head_name"].str.slice(0, 1).to_list())
    paid = children["planned_on"].cast(pl.Int32).to_numpy().astype(np.int64) + rng.integers(3, 15, count)
    return children.with_columns(
        pl.Series("member_id", ids, dtype=pl.String), pl.Series("member_name", names, dtype=pl.String)
    ).select(
        *_PLAN,
        pl.lit("stipend").alias("measure"),
        as_dates(paid).alias("done_on"),
        pl.lit("spring").alias("term"),
        "school_stage",
        "stipend_standard",
        pl.col("stipend_standard").alias("stipend_amount"),
        as_dates(paid).alias("stipend_paid_on"),
    )


def _names(rng: np.random.Generator, surnames: list[str]) -> list[str]:
    given = rng.choice(list(GIVEN), (len(surnames), 2)).tolist()
    return [f"{surname}{first}{second}" for surname, (first, second) in zip(surnames, given, strict=True)]


def _stage(age: int) -> tuple[str, int, int, int]:
    return next(stage for stage in STAGES if stage[1] <= age <= stage[2])


def _with_planted_stipends(showcase: Showcase, plans: pl.DataFrame, children: pl.DataFrame) -> pl.DataFrame:
    """The three children of one household of the showcase, the first of three, get the planted stipends."""
    own = (
        children.filter(showcase.has())
        .group_by("household_head_id", maintain_order=True)
        .len()
        .filter(pl.col("len") == 3)
    )
    if own.is_empty():
        return children
    head = own["household_head_id"][0]
    ages = {"higher": 19, "senior_secondary": 16, "vocational": 17}
    mine = children["household_head_id"] == head
    planted_rows = children.filter(mine).with_columns(
        pl.Series("school_stage", [stage for stage, _ in planted.STIPENDS]),
        pl.Series("stipend_standard", [amount for _, amount in planted.STIPENDS]),
        pl.Series("child_ages", [ages[stage] for stage, _ in planted.STIPENDS]),
    )
    return pl.concat([children.filter(~mine), planted_rows])


def simulate_dibao_exits(
    rng: np.random.Generator,
    households: pl.DataFrame,
    persons: pl.DataFrame,
    spells: pl.DataFrame,
    first_day: int,
    last_day: int,
    showcase: Showcase | None,
) -> pl.DataFrame:
    """One row for each household that left minimum living security: most because a member found work that lasts.

    `returned_on` is the day on which some came back; null for those who stayed out.
    """
    dibao = households.filter(pl.col("household_type") == "dibao")
    at_work = (
        spells.filter(pl.col("ended_on").is_null())
        .join(persons.select("person_id", "household_head_id"), on="person_id", maintain_order="left")
        .unique("household_head_id", keep="first", maintain_order=True)
        .select(
            "household_head_id",
            pl.col("person_id").alias("member_id"),
            pl.col("name").alias("member_name"),
            "started_on",
        )
    )
    all_rows = dibao.join(at_work, on="household_head_id", how="left", maintain_order="left")
    count = all_rows.height
    works = all_rows["member_id"].is_not_null().to_numpy()
    since = all_rows["started_on"].cast(pl.Int32).fill_null(first_day).to_numpy().astype(np.int64)
    since = np.maximum(since, all_rows["registered_on"].cast(pl.Int32).to_numpy().astype(np.int64))
    exited = since + rng.integers(_PROBATION_DAYS, 200, count)
    other = rng.choice(["income", "assets", "moved", "death"], count, p=[0.5, 0.2, 0.2, 0.1])
    leaves = np.where(works, rng.random(count) < 0.5, rng.random(count) < 0.06) & (exited <= last_day)
    if showcase is not None:
        own = all_rows.select(showcase.has()).to_series().to_numpy()
        quarter = day_number(planted.QUARTER_UNTIL)
        exited = np.where(own & works, np.minimum(exited, quarter - 3), exited)
        fits = np.flatnonzero(own & (exited <= quarter) & (exited >= since + _PROBATION_DAYS))
        order = fits[np.argsort(~works[fits], kind="stable")][: planted.DIBAO_EXITS]
        leaves = np.where(own, False, leaves)
        leaves[order] = True
    back = exited + rng.integers(60, 220, count)
    stays_out = (rng.random(count) < 0.9) | (back > last_day)
    if showcase is not None:
        stays_out |= all_rows.select(showcase.has()).to_series().to_numpy()
    covered = all_rows["member_count"].to_numpy()
    per_head = rng.integers(260, 480, count)
    return (
        all_rows.with_columns(
            as_dates(exited).alias("exited_on"),
            as_dates(np.minimum(since, first_day) - rng.integers(400, 1800, count)).alias("dibao_started_on"),
            pl.Series("reason", np.where(works, "employment", other)),
            pl.Series("persons_covered", covered),
            pl.Series("monthly_benefit", covered * per_head),
            pl.Series("income_per_head", DIBAO_STANDARD + rng.integers(40, 900, count)),
            as_dates(exited - rng.integers(1, 12, count)).alias("approved_on"),
            as_dates(back, stays_out).alias("returned_on"),
        )
        .filter(pl.Series(leaves))
        .select(
            "household_head_name",
            "household_head_id",
            "district_code",
            "township_code",
            "dibao_started_on",
            "exited_on",
            "reason",
            (pl.col("reason") == "employment").alias("is_voluntary"),
            "persons_covered",
            "monthly_benefit",
            pl.when(pl.col("reason").is_in(["employment", "income"])).then("income_per_head").alias("income_per_head"),
            pl.lit(DIBAO_STANDARD).alias("local_standard"),
            "member_name",
            "member_id",
            "approved_on",
            "returned_on",
        )
        .sort("township_code", "exited_on", "household_head_id")
    )
