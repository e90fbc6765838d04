"""Households, offers, subsidies, sites: coherent with the people and the work of the same truth; planted figures exact."""

from __future__ import annotations

from datetime import date

import polars as pl
import pytest

from zaoxue.demo.feeds import feed_rows
from zaoxue.demo.people import check_digit_is_right
from zaoxue.demo.places import build_province
from zaoxue.demo.truth import LAST_DAY, Truth, simulate
from zaoxue.normalising.uscc import uscc_is_valid

MAY, MARCH = date(2026, 5, 31), date(2026, 3, 31)
YEAR = date(2026, 1, 1)


@pytest.fixture(scope="module", params=[7, 8])
def truth(request: pytest.FixtureRequest) -> Truth:
    """A province just big enough for the planted figures, of two seeds."""
    return simulate(request.param, 3_000, build_province(4, 3))


def of_showcase(truth: Truth, frame: pl.DataFrame) -> pl.DataFrame:
    assert truth.showcase is not None
    return frame.filter(pl.col("district_code") == truth.showcase.district_code)


def test_the_figures_of_the_described_systems_are_planted(truth: Truth) -> None:
    this_year = pl.col("started_on").is_between(YEAR, MAY)
    spells = of_showcase(truth, truth.spells)
    assert spells.filter(this_year)["person_id"].n_unique() == 623
    trainings = of_showcase(truth, truth.trainings)
    assert trainings.filter(this_year, pl.col("training_type") != "startup")["person_id"].n_unique() == 206
    targets = of_showcase(truth, truth.targets)
    assert (targets["placements_target"].sum(), targets["skill_training_target"].sum()) == (551, 100)
    loans = of_showcase(truth, truth.loans).filter(
        pl.col("loan_kind") == "startup_guaranteed", pl.col("issued_on") >= YEAR
    )
    assert (loans.height, loans["principal"].sum()) == (5, 1_300_000)
    assert loans["principal"].max() <= 300_000
    assert of_showcase(truth, truth.dibao_exits).filter(pl.col("exited_on") <= MARCH).height == 12
    bases = of_showcase(truth, truth.sites).filter(site_kind="base")
    assert (bases.height, bases.filter(level="national").height, bases["withdrawn_on"].null_count()) == (78, 4, 78)
    stipends = of_showcase(truth, truth.assistance_plans).filter(measure="stipend")
    by_household = stipends.group_by("household_head_id").agg(pl.col("stipend_amount").sort(descending=True))
    assert [2400, 1600, 1600] in by_household["stipend_amount"].to_list()


def test_the_villages_of_the_standard_leave_nobody_out(truth: Truth) -> None:
    assert truth.showcase is not None
    people = truth.persons.filter(truth.showcase.in_villages(), pl.col("registered_on") <= MARCH)
    assert people.height > 30
    trained = truth.trainings.filter(pl.col("started_on") <= MAY)["person_id"].implode()
    placed = truth.spells.filter(pl.col("started_on") <= MAY)["person_id"].implode()
    planned = truth.assistance_plans["household_head_id"].implode()
    assert (
        people.filter(pl.col("training_intent").is_not_null()).select(pl.col("person_id").is_in(trained).all()).item()
    )
    assert people.filter(employment_intent="transfer").select(pl.col("person_id").is_in(placed).all()).item()
    assert people.select(pl.col("household_head_id").is_in(planned).all()).item()


def test_a_small_province_has_no_showcase() -> None:
    assert simulate(7, 900, build_province(3, 3)).showcase is None


def test_households_count_their_members(truth: Truth) -> None:
    files = feed_rows(truth, "household", "2026Q1")
    people = truth.persons.filter(pl.col("registered_on") <= MARCH)
    assert files.height == people["household_head_id"].n_unique()
    able = people.filter(~pl.col("labour_ability").is_in(["none", "lost"])).group_by("household_head_id").len()
    joined = files.join(able, on="household_head_id", how="left")
    assert (joined["labour_count"] == joined["len"].fill_null(0)).all()
    at_work = truth.spells.filter(
        pl.col("started_on") <= MARCH, pl.col("ended_on").is_null() | (pl.col("ended_on") > MARCH)
    ).join(people, on="person_id")
    assert files["employed_count"].sum() == at_work["person_id"].n_unique()
    assert (files["member_count"] >= files["labour_count"]).all()
    assert files.filter(household_type="zero_employment")["employed_count"].max() == 0


def test_children_of_stipends_are_nobody_of_the_registers(truth: Truth) -> None:
    children = truth.assistance_plans.filter(measure="stipend")
    assert children["member_id"].n_unique() == children.height
    assert children.select(check_digit_is_right(pl.col("member_id")).all()).item()
    assert not set(children["member_id"]) & set(truth.persons["person_id"])


def test_the_hired_began_the_work_they_were_sent_to(truth: Truth) -> None:
    hired = truth.referrals.filter(result="hired").join(
        truth.spells, on=["person_id", "started_on", "employer_name"], how="left", suffix="_spell"
    )
    assert hired["spell_id"].null_count() == 0
    assert (hired["offered_wage"] == hired["monthly_wage"]).all()
    told = truth.referrals.join(truth.vacancies, on="vacancy_no")
    assert told.height == truth.referrals.height
    assert (told["posted_on"] < told["referred_on"]).all()
    assert (told["closes_on"] >= told["referred_on"]).all()
    filled = feed_rows(truth, "vacancy", "2026-05")
    assert (filled["filled"] <= filled["openings"]).all()
    assert set(filled["status"]) == {"open", "filled", "closed"}


def test_subsidies_are_for_what_was_done_and_no_month_twice(truth: Truth) -> None:
    paid = truth.subsidies
    months = paid.with_columns(pl.date_ranges("month_from", "month_to", "1mo").alias("month")).explode("month")
    assert months.select("person_id", "subsidy_kind", "month").is_unique().all()
    exclusive = months.filter(pl.col("subsidy_kind").is_in(["public_post", "flexible_insurance"]))
    assert exclusive.select("person_id", "month").is_unique().all()
    posts = months.filter(subsidy_kind="public_post")
    held = posts.join(truth.spells.filter("is_public_post"), on="person_id").filter(
        pl.col("started_on").dt.truncate("1mo") <= pl.col("month"),
        pl.col("ended_on").is_null() | (pl.col("ended_on") >= pl.col("month")),
    )
    assert posts.join(held, on=["person_id", "month"], how="anti").is_empty()
    assert paid["paid_on"].max() <= LAST_DAY
    assert set(paid["site_code"].drop_nulls()) <= set(truth.sites["site_code"])


def test_sites_are_the_employers_of_their_programmes(truth: Truth) -> None:
    sites = truth.sites
    assert sites["site_code"].n_unique() == sites.height
    assert uscc_is_valid(sites["credit_code"]).drop_nulls().all()
    of_base = truth.spells.filter(special_programme="assistance_base")
    bases = sites.filter(site_kind="base")
    missing = of_base.join(
        bases, left_on=["district_code", "employer_name"], right_on=["district_code", "site_name"], how="anti"
    )
    assert missing.is_empty()
    assert sites.filter(pl.col("withdrawn_on") < pl.col("recognised_on")).is_empty()
