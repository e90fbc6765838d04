"""Placements and retention against the definition in plain Python, row by row, on random worlds."""

from __future__ import annotations

from datetime import date

import pytest

from tests.warehouse.conftest import Built, build_world
from tests.warehouse.retention_oracle import cohorts, judge, kaplan_meier
from tests.warehouse.side_feeds import SILENT
from zaoxue.settings import Settings


def assert_equals_oracle(built: Built) -> None:
    outcomes = judge(built.world.spells, built.world.follow_ups, built.as_of)
    assert {o.outcome for o in outcomes} == {"retained", "lost", "unknown", "not_due"}, "the world is too tame"
    assert {o.evidence for o in outcomes} == {"end_date", "follow_up", "ledger", None}, "the world is too tame"

    stored = built.query(
        "select person_key, started_on, district_code, township_code, ended_on from marts.fct_placement"
    )
    assert sorted(stored) == sorted(
        (s.person, s.started_on, s.district, s.township, s.ended_on) for s in built.world.spells
    )

    rows = built.query("""
        select placement.person_key, placement.started_on, retention.horizon_days, retention.due_on, retention.outcome,
            retention.evidence, retention.evidence_on, retention.district_code, retention.township_code, retention.cohort_month
        from marts.fct_retention as retention
        inner join marts.fct_placement as placement on retention.placement_key = placement.placement_key""")
    expected = [
        (
            o.spell.person,
            o.spell.started_on,
            o.horizon,
            o.due_on,
            o.outcome,
            o.evidence,
            o.evidence_on,
            o.spell.district,
            o.spell.township,
            o.spell.started_on.replace(day=1),
        )
        for o in outcomes
    ]
    assert sorted(rows, key=lambda row: row[:3]) == sorted(expected, key=lambda row: row[:3])
    assert len(rows) > 1000

    counted = built.query("""
        select district_code, cohort_month, horizon_days, placements, due, retained, lost, unknown,
            rate_known, rate_lower, rate_upper, km_rate, follow_up_coverage
        from marts.mart_retention_cohort where placements > 0""")
    wanted = cohorts(outcomes)
    assert {row[:3] for row in counted} == set(wanted)
    assert any(cohort.km_rate not in (None, 1.0) for cohort in wanted.values())
    for row in counted:
        cohort = wanted[row[0], row[1], row[2]]
        assert row[11] is None or float(row[11]) == pytest.approx(cohort.km_rate, abs=1e-9), row
        assert row[3:8] == (cohort.placements, cohort.due, cohort.retained, cohort.lost, cohort.unknown), row
        rates = (cohort.rate_known, cohort.rate_lower, cohort.rate_upper, cohort.km_rate, cohort.follow_up_coverage)
        for stored_rate, rate in zip(row[8:], rates, strict=True):
            assert (stored_rate is None) == (rate is None), row
            assert stored_rate is None or float(stored_rate) == pytest.approx(rate, abs=1e-6), row


def test_marts_equal_the_definition(built: Built) -> None:
    assert_equals_oracle(built)


def test_marts_equal_the_definition_in_the_middle_of_a_month(settings: Settings) -> None:
    assert_equals_oracle(build_world(settings, seed=7, as_of=date(2026, 2, 11)))


def test_a_district_that_sent_nothing_is_null_with_a_reason(built: Built) -> None:
    rows = built.query(
        """
        select placements, due, retained, lost, unknown, rate_known, rate_lower, rate_upper, km_rate, reason
        from marts.mart_retention_cohort where district_code = %s""",
        SILENT,
    )
    assert len(rows) == 17 * 4
    assert {row[:-1] for row in rows} == {(None,) * 9}
    assert {row[-1] for row in rows} == {"nothing_sent", "awaited"}
    monthly = built.query(
        """
        select distinct placements, persons_placed, public_posts, median_wage, reason
        from marts.mart_placement_monthly where district_code = %s""",
        SILENT,
    )
    assert {row[:-1] for row in monthly} == {(None,) * 4}


def test_a_second_build_changes_no_row(built: Built) -> None:
    from zaoxue.warehouse.dbt_build import build_marts

    def fingerprints() -> dict[str, str]:
        names = [
            name for (name,) in built.query("select tablename from pg_tables where schemaname = 'marts' order by 1")
        ]
        return {
            name: built.query(
                f"select md5(coalesce(string_agg(t::text, '~' order by t::text), '')) from marts.{name} as t"
            )[0][0]
            for name in names
        }

    before = fingerprints()
    assert before.keys() >= {"fct_placement", "fct_retention", "mart_retention_cohort", "mart_placement_monthly"}
    build_marts(built.settings, built.as_of)
    assert fingerprints() == before


def test_product_limit_of_the_textbook() -> None:
    """The 6-MP arm of Freireich et al. 1963, as every survival text prints it: S(6) 0.857, S(10) 0.753, S(22) 0.538."""
    ended = [6, 6, 6, 7, 10, 13, 16, 22, 23]
    censored = [6, 9, 10, 11, 17, 19, 20, 25, 32, 32, 34, 35]
    times = [(week, True) for week in ended] + [(week, False) for week in censored]
    assert kaplan_meier(times, 7) == pytest.approx(0.857, abs=5e-4)
    assert kaplan_meier(times, 11) == pytest.approx(0.753, abs=5e-4)
    assert kaplan_meier(times, 23) == pytest.approx(0.538, abs=5e-4)
    assert kaplan_meier(times, 24) == pytest.approx(0.448, abs=5e-4)
