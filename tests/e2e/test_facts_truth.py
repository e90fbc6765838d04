"""People, calls, courses and employers of the marts against the simulator's truth, where the files are clean.

A column that is not required is left out of some offices' ledgers: null there, never another value.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any

from tests.e2e.conftest import Province
from tests.e2e.truth import CUT_OFF, OPENED_ON, day, key, read
from zaoxue.settings import person_key_secret

REGISTER_UNTIL = date(2026, 3, 31)  # registers are quarterly: the last one that is due


def assert_same(stored: Iterable[tuple[Any, ...]], truth: dict[tuple[Any, ...], tuple[Any, ...]], width: int) -> None:
    """The same keys (the first `width` columns), and of each the true values or null; every column is told of somebody."""
    told: set[int] = set()
    rows = {row[:width]: row[width:] for row in stored}
    assert rows.keys() == truth.keys()
    for found, values in rows.items():
        for number, (mine, true) in enumerate(zip(values, truth[found], strict=True)):
            assert mine is None or mine == true, (number, mine, true)
            if mine is not None:
                told.add(number)
    assert told == set(range(len(next(iter(truth.values())))))


def test_follow_ups(clean: Province) -> None:
    secret = person_key_secret(clean.settings)
    truth = {
        (
            key(secret, row["person_id"]),
            date.fromisoformat(row["followed_up_on"]),
            row["township_code"],
            row["result"],
        ): (
            row["channel"],
            float(row["monthly_wage"]) if row["monthly_wage"] else None,
        )
        for row in read(clean.folder, "follow_ups")
        if OPENED_ON <= date.fromisoformat(row["followed_up_on"]) <= CUT_OFF
    }
    stored = clean.query(
        "select person_key, followed_up_on, township_code, result, channel, monthly_wage::float8 from marts.fct_follow_up"
    )
    assert len(truth) > 300
    assert_same(stored, truth, 4)


def test_trainings_and_courses(clean: Province) -> None:
    secret = person_key_secret(clean.settings)
    truth = {}
    for row in read(clean.folder, "trainings"):
        started_on, ended_on, certified_on = (day(row[name]) for name in ("started_on", "ended_on", "certified_on"))
        if not started_on or started_on > CUT_OFF:
            continue
        is_over = ended_on is not None and ended_on <= CUT_OFF
        truth[key(secret, row["person_id"]), started_on, row["course"], row["training_type"]] = (
            row["township_code"],
            row["provider"],
            ended_on if is_over else None,
            int(row["training_days"]) if is_over else None,
            certified_on if certified_on and certified_on <= CUT_OFF else None,
            row["is_cooperation_programme"] == "true",
        )
    stored = clean.query(
        "select t.person_key, t.started_on, c.course, t.training_type, t.township_code, c.provider, t.ended_on,"
        " t.training_days, t.certified_on, t.is_cooperation_programme"
        " from marts.fct_training as t join marts.dim_course as c using (course_key)"
    )
    assert len(truth) > 300
    assert_same(stored, truth, 4)


def test_people_and_their_hardship(clean: Province) -> None:
    secret = person_key_secret(clean.settings)
    registered = [
        row for row in read(clean.folder, "persons") if date.fromisoformat(row["registered_on"]) <= REGISTER_UNTIL
    ]
    truth: dict[tuple[Any, ...], tuple[Any, ...]] = {
        (key(secret, row["person_id"]),): (
            row["sex"],
            int(row["birth_date"][:4]),
            row["education"],
            row["township_code"],
            date.fromisoformat(row["registered_on"]),
        )
        for row in registered
    }
    stored = clean.query(
        "select person_key, sex, birth_year, education, township_code, first_registered_on from marts.dim_person"
        " where is_registered"
    )
    assert len(truth) > 1000
    assert_same(stored, truth, 1)
    left_dibao = {
        row["household_head_id"]
        for row in read(clean.folder, "dibao_exits")
        if date.fromisoformat(row["exited_on"]) <= REGISTER_UNTIL < (day(row["returned_on"]) or date.max)
    }
    hardship = {
        (key(secret, row["person_id"]), category)
        for row in registered
        for category in row["hardship_categories"].split("|")
        if category and not (category == "dibao" and row["household_head_id"] in left_dibao)
    }
    assert (
        set(clean.query("select person_key, category from marts.bridge_person_hardship where valid_to is null"))
        == hardship
    )


def test_employers(clean: Province) -> None:
    starts: dict[str, list[date]] = {}
    for row in read(clean.folder, "spells"):
        started_on = date.fromisoformat(row["started_on"])
        if row["employer_name"] and started_on <= CUT_OFF:
            starts.setdefault(row["employer_name"], []).append(started_on)
    stored = clean.query("select employer_name, first_placement_on, last_placement_on from marts.dim_employer")
    assert {row[0] for row in stored} <= starts.keys()
    assert len(stored) > 50
    for name, first, last in stored:
        assert min(starts[name]) <= first <= last <= max(starts[name])


def test_places_and_days(clean: Province) -> None:
    people = read(clean.folder, "persons")
    places = clean.query("select district_code, township_code from marts.dim_township")
    assert set(places) == {(row["district_code"], row["township_code"]) for row in people}
    assert dict(clean.query("select district_code, townships from marts.dim_district")) == {
        district: sum(place[0] == district for place in places) for district, _ in places
    }
    days = clean.query("select date_day, weekday, is_workday, workday_basis from marts.dim_date order by 1")
    assert [row[0].toordinal() for row in days] == list(range(days[0][0].toordinal(), days[-1][0].toordinal() + 1))
    assert all(weekday == found.isoweekday() for found, weekday, *_ in days)
    assert all(is_workday == (weekday <= 5) for _, weekday, is_workday, basis in days if basis == "plain_week")
    # The spring festival of 2026 as the State Council gave it: nine days off, two of the days before and after made up.
    by_day = {row[0]: row[2] for row in days}
    assert not any(by_day[date(2026, 2, number)] for number in range(15, 24))
    assert by_day[date(2026, 2, 14)]
    assert by_day[date(2026, 2, 28)]
