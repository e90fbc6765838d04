"""The marts of the programme against the simulator's truth, to the row, and the planted figures of described systems."""

from __future__ import annotations

import csv
from datetime import date, timedelta
from decimal import Decimal

import pytest

from tests.e2e.conftest import AS_OF, Province
from tests.e2e.programme_truth import QUARTER_END, Programme, month_number
from zaoxue.settings import PROJECT_ROOT, person_key_secret

SCHOOL = {"primary": 1, "junior_secondary": 2, "senior_secondary": 3, "junior_college": 4, "bachelor_or_above": 5}


def seed(name: str) -> list[tuple[str, str]]:
    """First two columns of one seed of the dbt project."""
    with (PROJECT_ROOT / "dbt_project" / "seeds" / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return [(row[0], row[1]) for row in csv.reader(file)][1:]


@pytest.fixture(scope="module")
def programme(clean: Province) -> Programme:
    """The truth of the clean province."""
    return Programme(clean.folder, person_key_secret(clean.settings), AS_OF)


def test_the_described_figures_come_out_of_the_marts(clean: Province) -> None:
    assert clean.query(
        "select measure, sum(target), sum(actual), round(100.0 * sum(actual) / sum(target), 1)"
        " from marts.mart_target_progress where district_code = '990101' and year = 2026"
        " and measure in ('placements', 'skill_training') group by measure order by measure"
    ) == [("placements", 551, 623, Decimal("113.1")), ("skill_training", 100, 206, 206)]
    assert clean.query(
        "select sum(loans_issued), sum(amount_issued) from marts.mart_loan_monthly"
        " where district_code = '990101' and loan_kind = 'startup_guaranteed' and month >= '2026-01-01'"
    ) == [(5, 1_300_000)]
    assert clean.query(
        "select count(*), bool_or(c.is_above_cap) from marts.mart_loan_check c join marts.fct_loan l using (loan_key)"
        " where c.district_code = '990101' and c.loan_kind = 'startup_guaranteed' and l.issued_on >= '2026-01-01'"
    ) == [(5, False)]
    assert clean.query("select count(*) from marts.fct_dibao_exit where district_code = '990101'") == [(12,)]
    assert clean.query(
        "select sum(standing), sum(standing) filter (where level = 'national') from marts.mart_site_standing"
        " where district_code = '990101' and site_kind = 'base'"
    ) == [(78, 4)]
    standard = clean.query(
        "select training_rate, placement_rate, service_rate, willing_to_train, able_and_willing, persons"
        " from marts.mart_village_standard where meets_standard and district_code = '990101'"
        " and township_code = '990101001'"
    )
    assert len(standard) >= 3
    assert {rate for row in standard for rate in row[:3]} == {1}
    assert all(len(set(row[3:])) == 3 for row in standard), "three denominators, each its own"
    assert clean.query(
        "select count(*) from (select household_key, string_agg(stipend_amount::int::text, ' ' order by stipend_amount desc)"
        " as stipends from marts.fct_assistance_plan where measure = 'stipend' and term = 'spring'"
        " and district_code = '990101' group by 1) t where stipends = '2400 1600 1600'"
    ) == [(1,)]


def test_household_files(clean: Province, programme: Programme) -> None:
    stored = {
        row[0]: row[1:]
        for row in clean.query(
            "select household_key, township_code, village, has_file, member_count, labour_count, registered_people,"
            " employed_count, at_work_by_ledger, agrees_with_ledger, completeness, measures_planned, measures_done, stipends"
            " from marts.mart_household_file"
        )
    }
    at_work = {
        s["person_id"]
        for s in programme.spells
        if s["started_on"] <= QUARTER_END.isoformat()
        and not (s["ended_on"] and s["ended_on"] <= QUARTER_END.isoformat())
    }
    members: dict[str, list[str]] = {}
    for person in programme.persons:
        members.setdefault(person["household_head_id"], []).append(person["person_id"])
    assert len(stored) == len(programme.households) == len(members)
    for house in programme.households:
        head = house["household_head_id"]
        working = sum(member in at_work for member in members[head])
        plans = [p for p in programme.plans if p["household_head_id"] == head]
        assert stored[programme.key(head)] == (
            house["township_code"],
            house["village"],
            True,
            int(house["member_count"]),
            int(house["labour_count"]),
            len(members[head]),
            working,
            working,
            True,
            1,
            len(plans),
            sum("" < p["done_on"] <= QUARTER_END.isoformat() for p in plans),
            sum(int(p["stipend_amount"] or 0) for p in plans),
        )


def test_village_standard(clean: Province, programme: Programme) -> None:
    stored = {
        row[:2]: row[2:]
        for row in clean.query(
            "select township_code, village, persons, willing_to_train, trained, able_and_willing, placed, served"
            " from marts.mart_village_standard"
        )
    }
    assert stored == programme.village_standard()


def test_zero_employment_households(clean: Province, programme: Programme) -> None:
    stored = {
        row[0]: row[1:]
        for row in clean.query(
            "select household_key, recognised_on, cleared_on, outcome from marts.mart_zero_employment_household"
        )
    }
    expected = programme.zero_employment()
    # An open spell of which a later call finds nobody at work ends that day; it began all the same.
    assert {house: row[:2] for house, row in stored.items()} == expected
    for on, cleared, outcome in stored.values():
        by = on + timedelta(days=30)
        if cleared is None:
            assert outcome == ("overdue" if by < AS_OF else "open")
        else:
            assert outcome == ("cleared_in_time" if cleared <= by else "cleared_late")
    assert {row[2] for row in stored.values()} >= {"cleared_in_time", "cleared_late", "overdue"}
    reopened = dict(
        clean.query(
            "select household_key, reopened_on from marts.mart_zero_employment_household where cleared_on <= '2026-06-30'"
        )
    )
    expected_again = programme.reopened()
    assert reopened == {house: expected_again[house] for house in reopened}
    assert len([day for day in reopened.values() if day]) > 3


def test_follow_ups_due(clean: Province, programme: Programme) -> None:
    stored = {
        row[:3]: row[3:]
        for row in clean.query(
            "select d.person_key, p.started_on, d.horizon_days, d.state, d.done_on from marts.mart_follow_up_due d"
            " join marts.fct_placement p using (placement_key)"
        )
    }
    assert stored == programme.follow_ups()
    assert {state for state, _ in stored.values()} == {"on_time", "late", "missed", "not_reported", "due", "coming"}


def test_subsidies(clean: Province, programme: Programme) -> None:
    assert clean.query("select count(*), sum(amount), sum(months_paid_twice) from marts.fct_subsidy") == [
        (len(programme.subsidies), sum(int(r["amount"]) for r in programme.subsidies), 0)
    ]
    stored = {
        (district, month_number(month), kind): (persons, float(amount))
        for district, month, kind, persons, amount in clean.query(
            "select district_code, month, subsidy_kind, persons, amount from marts.mart_subsidy_monthly where persons > 0"
        )
    }
    expected = programme.subsidy_months()
    assert stored.keys() == expected.keys()
    for place, (persons, amount) in expected.items():
        assert stored[place] == (persons, pytest.approx(amount, abs=0.01)), place
    unknown = clean.query("select distinct month from marts.mart_subsidy_monthly where persons is null")
    assert {month for (month,) in unknown} == {date(2026, 4, 1), date(2026, 5, 1), date(2026, 6, 1)}


def test_courses(clean: Province, programme: Programme) -> None:
    stored = {
        row[:3]: row[3:]
        for row in clean.query(
            "select district_code, course, provider, enrolled, certified, due_30, hired_30, due_90, hired_90"
            " from marts.mart_course_outcome"
        )
    }
    assert stored == programme.courses()


def test_public_post_terms(clean: Province, programme: Programme) -> None:
    assert dict(clean.query("select person_key, months_served from marts.mart_public_post_term")) == (
        programme.public_post_months()
    )
    assert clean.query("select distinct months_max from marts.mart_public_post_term") == [(36,)]


def test_loans_are_subsidised_as_computed(clean: Province, programme: Programme) -> None:
    stored = {
        row[0]: row[1:]
        for row in clean.query(
            "select receipt_no, subsidised_until, interest_subsidy_due, subsidy_verdict, is_above_cap, is_beyond_term"
            " from marts.mart_loan_check where loan_kind = 'startup_guaranteed'"
        )
    }
    assert len(stored) > 50
    for row in programme.loans:
        if row["receipt_no"] not in stored:
            continue
        until, due, verdict, above, beyond = stored[row["receipt_no"]]
        told = AS_OF if row["bank_code"] == "B9901" else date(2026, 5, 31)
        ends = [date.fromisoformat(row[n]) for n in ("due_on", "overdue_since", "repaid_on") if row[n]]
        assert until == min([told, *ends])
        days = (until - date.fromisoformat(row["issued_on"])).days
        interest = float(row["principal"]) * float(row["annual_rate"]) / 100 * 0.5 * days / 360
        assert float(due) == pytest.approx(interest, abs=0.011)
        assert (verdict, above, beyond) == ("in_order", False, False), row["receipt_no"]


def test_exits_and_sites(clean: Province, programme: Programme) -> None:
    stored = {
        row[:2]: row[2:]
        for row in clean.query("select household_key, exited_on, reason, outcome from marts.fct_dibao_exit")
    }
    for row in programme.exits:
        back = bool(row["returned_on"]) and row["returned_on"] <= QUARTER_END.isoformat()
        reason, outcome = stored.pop((programme.key(row["household_head_id"]), date.fromisoformat(row["exited_on"])))
        assert reason == row["reason"]
        assert outcome == (
            "returned" if back else "lasted" if row["exited_on"] < QUARTER_END.isoformat() else "unknown"
        )
    assert stored == {}
    work = {
        row[:2]: row[2]
        for row in clean.query("select household_key, exited_on, work_outcome from marts.fct_dibao_exit")
    }
    assert work == programme.work_behind_exits()
    assert len(set(work.values())) > 2, set(work.values())
    heads = {
        row[0]: row[1:]
        for row in clean.query("select site_code, worker_count, assisted_worker_count from marts.dim_site")
    }
    assert heads == programme.headcounts()
    assert dict(clean.query("select site_code, withdrawn_on from marts.dim_site")) == {
        row["site_code"]: date.fromisoformat(row["withdrawn_on"])
        if row["withdrawn_on"] and row["withdrawn_on"] <= QUARTER_END.isoformat()
        else None
        for row in programme.sites
    }


def test_matches(clean: Province, programme: Programme) -> None:
    """Ranked again from what the ledgers told (some offices leave out a column) and from who is at work in truth."""
    people = clean.query(
        "select person_key, organisation_code, birth_year, education, labour_ability from raw.person"
        " where _to_submission is null and employment_intent = 'transfer'"
    )
    vacancies = clean.query(
        "select vacancy_no, organisation_code, occupation, region, openings, coalesce(filled, 0), wage_min, wage_max,"
        " education, age_min, age_max, posted_on, closes_on, status from raw.vacancy where _to_submission is null"
    )
    jobs = clean.query(
        "select person_key, started_on, monthly_wage, occupation from raw.placement where _to_submission is null"
    )
    certificates = clean.query(
        "select person_key, course from raw.training where _to_submission is null and certified_on <= '2026-06-30'"
    )
    sent = set(clean.query("select person_key, vacancy_no from raw.referral where _to_submission is null"))
    working = programme.at_work()
    strength = dict(seed("occupation_strength"))
    occupations = dict(seed("course_occupation"))
    skills = {(person, occupations.get(course)) for person, course in certificates}
    skills |= {(person, occupation) for person, _, _, occupation in jobs}
    wages = {person: wage for person, _, wage, _ in sorted(jobs, key=lambda job: job[1]) if wage is not None}
    seekers = [p for p in people if p[0] not in working and p[4] not in ("none", "lost")]
    expected = []
    for (
        no,
        district,
        work,
        region,
        openings,
        filled,
        low,
        high,
        school,
        youngest,
        oldest,
        posted,
        closes,
        status,
    ) in vacancies:
        if status not in (None, "open") or posted > AS_OF or (closes and closes < AS_OF) or filled >= openings:
            continue
        ranked = []
        for person, township, born, education, ability in seekers:
            age = AS_OF.year - born
            if (
                township[:6] != district
                or (person, no) in sent
                or (youngest and age < youngest)
                or (oldest and age > oldest)
            ):
                continue
            if SCHOOL.get(school, 0) > SCHOOL.get(education, 0):
                continue
            need = strength.get(work, "medium")
            best = high if high is not None else low
            fits = {
                "place": region in ("in_township", "in_county"),
                "strength": need == "light"
                or ability in ("ordinary", "skilled")
                or (need == "medium" and ability != "weak"),
                "skill": (person, work) in skills and work is not None,
                "wage": best is None or person not in wages or best >= wages[person],
            }
            ranked.append(
                (-sum(fits.values()), not fits["skill"], person, ",".join(word for word in fits if fits[word]))
            )
        expected += [
            (no, rank, person, -score, reasons)
            for rank, (score, _, person, reasons) in enumerate(sorted(ranked)[:10], start=1)
        ]
    stored = clean.query("select vacancy_no, match_rank, person_key, score, reasons from marts.mart_vacancy_match")
    assert len(stored) > 100
    assert sorted(stored) == sorted(expected)
    assert {word for row in stored for word in row[4].split(",") if word} == {"place", "strength", "skill", "wage"}
