"""The truth is consistent: people who cannot exist, work that does not overlap, answers that are so on their day."""

from __future__ import annotations

from datetime import date

import polars as pl
import pytest
from tests.unit.demo.demo_files import SIZE, truth_part

from zaoxue.contracts import load_contracts
from zaoxue.demo import DemoReport
from zaoxue.demo.feeds import feed_rows, spells_on
from zaoxue.demo.lending import loans_on
from zaoxue.demo.people import check_digit_is_right, resident_id_is_valid
from zaoxue.demo.places import build_province, registry_rows
from zaoxue.demo.truth import LAST_DAY, PARTS, simulate
from zaoxue.settings import PROJECT_ROOT

TRUTH = simulate(11, 2_000, build_province(4, 3))


def test_check_digit_of_the_standard_example() -> None:
    assert resident_id_is_valid("11010519491231002X")  # the example printed in GB 11643
    assert not resident_id_is_valid("110105194912310021")
    assert not resident_id_is_valid("1101051949123100")


def test_people_have_valid_numbers_of_a_province_that_does_not_exist() -> None:
    people = TRUTH.persons
    assert people.height == 2_000
    assert people["person_id"].n_unique() == people.height
    checks = people.select(
        valid=check_digit_is_right(pl.col("person_id")).all(),
        place=(pl.col("person_id").str.slice(0, 6) == pl.col("district_code")).all(),
        fictional=pl.col("district_code").str.starts_with("99").all(),
        born=(pl.col("person_id").str.slice(6, 8) == pl.col("birth_date").dt.strftime("%Y%m%d")).all(),
        sex=((pl.col("person_id").str.slice(16, 1).cast(pl.Int64) % 2 == 1) == (pl.col("sex") == "male")).all(),
        phone=pl.col("phone").str.contains(r"^160\d{8}$").all(),
        head=pl.col("household_head_id").is_in(people["person_id"].implode()).all(),
    )
    assert all(checks.row(0))
    assert people["phone"].n_unique() == people.height


def test_no_name_hides_in_a_public_word() -> None:
    """Looking for a person's name in a dump of the warehouse must not find an employer or a village."""
    names = set(TRUTH.persons["name"])
    public = {word for column in ("employer_name",) for word in TRUTH.spells[column].drop_nulls().unique()}
    public |= set(TRUTH.trainings["provider"]) | set(TRUTH.trainings["course"]) | set(TRUTH.persons["village"])
    public |= {row[1] for row in registry_rows(TRUTH.province)}
    assert {len(name) for name in names} == {3}
    assert not [(name, word) for word in public for name in names if name in word]


def test_spells_of_a_person_do_not_overlap_and_leave_short_and_long_gaps() -> None:
    spells = TRUTH.spells.sort("person_id", "started_on")
    gaps = spells.with_columns(
        gap=(pl.col("started_on").shift(-1).over("person_id") - pl.col("ended_on")).dt.total_days(),
        next=pl.col("started_on").shift(-1).over("person_id"),
    )
    followed = gaps.filter(pl.col("next").is_not_null())
    assert followed["ended_on"].null_count() == 0
    assert followed["gap"].min() >= 1
    assert 0.15 < (followed["gap"] <= 15).mean() < 0.5
    assert spells.select("person_id", "started_on").is_unique().all()
    assert spells.filter(pl.col("ended_on") < pl.col("started_on")).is_empty()
    assert spells["started_on"].max() <= LAST_DAY
    assert (spells["ended_on"].is_null() == spells["end_reason"].is_null()).all()
    joined = spells.join(TRUTH.persons, on="person_id")
    assert (joined["started_on"] >= joined["registered_on"]).all()


def test_follow_ups_say_what_was_so_on_the_day() -> None:
    calls = TRUTH.follow_ups
    assert calls.select("person_id", "followed_up_on").is_unique().all()
    at_work = calls.join_where(
        TRUTH.spells.select(
            pl.col("person_id").alias("worker"), "started_on", "ended_on", pl.col("spell_id").alias("held")
        ),
        pl.col("person_id") == pl.col("worker"),
        pl.col("started_on") <= pl.col("followed_up_on"),
    ).filter(pl.col("ended_on").is_null() | (pl.col("ended_on") >= pl.col("followed_up_on")))
    states = calls.join(
        at_work.select("person_id", "followed_up_on", "held"), on=["person_id", "followed_up_on"], how="left"
    )
    assert states.height == calls.height
    assert states.filter(result="out_of_work")["held"].is_null().all()
    same = states.filter(result="employed")
    assert (same["held"] == same["spell_id"]).all()
    other = states.filter(result="employed_elsewhere")
    assert (other["held"] != other["spell_id"]).all()
    assert other["held"].null_count() == 0
    assert set(calls["result"]) == {"employed", "employed_elsewhere", "out_of_work", "not_reached"}


def test_trainings_and_loans_are_in_order() -> None:
    trainings = TRUTH.trainings
    assert trainings.select("person_id", "course", "started_on").is_unique().all()
    assert trainings.filter(
        (pl.col("certified_on") < pl.col("ended_on"))
        | (pl.col("ended_on") < pl.col("started_on"))
        | (pl.col("certified_on").is_not_null() & pl.col("ended_on").is_null())
    ).is_empty()
    loans = TRUTH.loans
    assert loans["receipt_no"].n_unique() == loans.height
    assert (loans["due_on"] > loans["issued_on"]).all()
    assert (
        loans.filter(pl.col("borrower_kind") != "small_firm")
        .select(check_digit_is_right(pl.col("person_id")).all())
        .item()
    )
    book = loans_on(loans, LAST_DAY)
    assert ((book["outstanding"] >= 0) & (book["outstanding"] <= book["principal"])).all()
    assert (book.filter(pl.col("repaid_on").is_not_null())["outstanding"] == 0).all()
    startup = book.filter(pl.col("loan_kind") == "startup_guaranteed")
    until = pl.min_horizontal("due_on", "overdue_since", "repaid_on", pl.lit(LAST_DAY))
    days = (until - pl.col("issued_on")).dt.total_days()
    most = pl.col("principal") * pl.col("annual_rate") / 100 * 0.5 * days / 360
    assert startup.select((pl.col("interest_subsidy_paid") <= most).all()).item()
    assert startup.select(((most - pl.col("interest_subsidy_paid")) * 360 / days).max()).item() > 0


def test_codes_are_those_of_the_contracts() -> None:
    contracts = load_contracts(PROJECT_ROOT / "expectations")
    periods = {
        "person": "2026Q1",
        "placement": "2026-05",
        "training": "2026-05",
        "follow_up": "2026-05",
        "target": "2026",
        "loan": "2026-05",
        "household": "2026Q1",
        "assistance_plan": "2026Q1",
        "dibao_exit": "2026Q1",
        "vacancy": "2026-05",
        "referral": "2026Q1",
        "subsidy": "2026Q1",
        "site": "2026Q1",
        "event": "2026Q1",
    }
    for feed, period in periods.items():
        rows, contract = feed_rows(TRUTH, feed, period), contracts[feed]
        assert set(rows.columns) - {"organisation_code", "_row_id"} <= set(contract.by_name)
        for column in contract.columns:
            if column.required and not column.derived_from:
                assert rows[column.name].null_count() == 0, (feed, column.name)
            if column.codes and column.name in rows.columns and column.logical_type != "array":
                assert set(rows[column.name].drop_nulls()) <= set(column.codes.values()), (feed, column.name)
        assert rows.select(column.name for column in contract.key_columns).is_unique().all()


def test_a_ledger_shows_an_end_only_once_it_has_come() -> None:
    day = date(2026, 3, 31)
    seen = spells_on(TRUTH.spells, day)
    assert seen["started_on"].max() <= day
    assert seen["ended_on"].max() <= day
    later = TRUTH.spells.filter(pl.col("started_on") <= day, pl.col("ended_on") > day)
    shown = seen.join(later.select("spell_id"), on="spell_id")
    assert later.height > 0
    assert shown["ended_on"].is_null().all()
    assert shown["end_reason"].is_null().all()


def test_the_truth_does_not_depend_on_damage(damaged_demo: DemoReport, clean_demo: DemoReport) -> None:
    for part in PARTS:
        assert truth_part(damaged_demo.folder, part).equals(truth_part(clean_demo.folder, part)), part
    assert damaged_demo.people == SIZE["people"]


def test_another_seed_lives_another_life() -> None:
    other = simulate(12, 2_000, build_province(4, 3))
    assert not other.spells.equals(TRUTH.spells)
    assert simulate(11, 2_000, build_province(4, 3)).spells.equals(TRUTH.spells)


@pytest.mark.parametrize(("districts", "towns"), [(12, 8), (99, 99), (1, 1)])
def test_divisions_have_codes_and_names_of_their_own(districts: int, towns: int) -> None:
    province = build_province(districts, towns)
    assert len(province.districts) == districts
    assert len({place.code for place in province.townships}) == districts * towns
    assert all(len(place.code) == 9 and place.code.startswith(place.parent) for place in province.townships)
    assert (province.districts[0].name, province.townships[0].folder) == ("青溪区", "990101001_柳桥镇")
    if districts == 12:
        names = [(place.parent, place.name) for place in province.townships]
        assert len(set(names)) == len(names)
        assert len({place.name for place in province.townships}) < len(names)  # town names repeat, as in the world
    with pytest.raises(ValueError, match="1 to 99"):
        build_province(0, 8)
