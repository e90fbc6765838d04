"""The marts against the simulator's truth: equal where the files are clean, and every difference explained where not."""

from __future__ import annotations

from collections import Counter
from datetime import date

import pytest

from tests.e2e.conftest import AS_OF, Province
from tests.e2e.truth import CUT_OFF, key, read, visible_follow_ups, visible_spells
from tests.warehouse.retention_oracle import HORIZONS, cohorts, judge, judge_by_employer, judge_on_day
from zaoxue.settings import person_key_secret


def placements(province: Province) -> list[tuple[object, ...]]:
    return province.query(
        "select person_key, district_code, township_code, started_on, ended_on from marts.fct_placement"
    )


def test_clean_files_pass_the_gate_whole(clean: Province) -> None:
    assert clean.query("select count(*) from ops.quarantine") == [(0,)]
    assert {state for (state,) in clean.query("select distinct state from ops.submission")} == {"accepted"}


def test_no_rule_finds_anything_in_clean_files(clean: Province) -> None:
    """But that people who came after the quarter's register work or learn already, which is so."""
    found = clean.query(
        "select distinct rule_id from ops.gate_result where failed > 0 and severity in ('critical', 'warning')"
    )
    assert found == []
    noted = clean.query("select distinct rule_id from ops.gate_result where failed > 0")
    assert {rule for (rule,) in noted} <= {"PLC-26", "TRN-13"}
    judged = {rule for (rule,) in clean.query("select distinct rule_id from ops.gate_result where evaluated > 0")}
    assert {"HHD-14", "APL-10", "DBX-07", "REF-13", "SUB-08", "SUB-19", "SIT-10", "EVT-13", "VAC-12"} <= judged


def test_fct_placement_equals_the_truth_row_by_row(clean: Province) -> None:
    truth = visible_spells(clean.folder, person_key_secret(clean.settings))
    expected = [(s.person, s.district, s.township, s.started_on, s.ended_on) for s in truth]
    assert len(expected) > 2000
    assert Counter(placements(clean)) == Counter(expected)


def test_fct_placement_attributes_equal_the_truth(clean: Province) -> None:
    secret = person_key_secret(clean.settings)
    stored = clean.query(
        "select person_key, started_on, channel, employment_type, is_public_post, monthly_wage,"
        " contract_months, case when ended_on is not null then end_reason end from marts.fct_placement"
    )
    expected = []
    for row in read(clean.folder, "spells"):
        if date.fromisoformat(row["started_on"]) > CUT_OFF:
            continue
        is_over = bool(row["ended_on"]) and date.fromisoformat(row["ended_on"]) <= CUT_OFF
        expected.append(
            (
                key(secret, row["person_id"]),
                date.fromisoformat(row["started_on"]),
                row["channel"],
                row["employment_type"],
                row["is_public_post"] == "true",
                float(row["monthly_wage"]),
                int(row["contract_months"]),
                (row["end_reason"] or None) if is_over else None,
            )
        )
    wage_as_float = [(*r[:5], float(r[5]) if r[5] is not None else None, *r[6:]) for r in stored]
    # A column that is not required is left out of some offices' ledgers: null there, never another value.
    truth_by_key = {row[:2]: row for row in expected}
    assert set(truth_by_key) == {row[:2] for row in wage_as_float}
    for row in wage_as_float:
        for mine, true in zip(row, truth_by_key[row[:2]], strict=True):
            assert mine is None or mine == true, row[2:]
    assert sum(row[5] is None for row in wage_as_float) < len(wage_as_float) / 2


def test_retention_equals_the_truth_for_every_district_cohort_and_horizon(clean: Province) -> None:
    secret = person_key_secret(clean.settings)
    outcomes = judge(visible_spells(clean.folder, secret), visible_follow_ups(clean.folder, secret), AS_OF)
    expected = cohorts(outcomes)
    stored = {
        row[:3]: row[3:]
        for row in clean.query(
            "select district_code, cohort_month, horizon_days, placements, due, retained, lost, unknown, rate_known,"
            " rate_lower, rate_upper, km_rate, follow_up_coverage from marts.mart_retention_cohort where placements > 0"
        )
    }
    assert set(stored) == set(expected)
    assert len({k[0] for k in stored}) == 4
    assert {k[2] for k in stored} == {30, 90, 180, 365}
    for place, cohort in expected.items():
        row = stored[place]
        assert row[:5] == (cohort.placements, cohort.due, cohort.retained, cohort.lost, cohort.unknown), place
        rates = (cohort.rate_known, cohort.rate_lower, cohort.rate_upper, cohort.km_rate, cohort.follow_up_coverage)
        for mine, true in zip(row[5:], rates, strict=True):
            assert (mine is None) == (true is None), place
            assert mine is None or float(mine) == pytest.approx(true, abs=1e-6), place


def test_retention_by_each_measure_equals_the_truth(clean: Province) -> None:
    """An employer is what the ledger names (some offices leave it out); all else is the truth."""
    secret = person_key_secret(clean.settings)
    spells, calls = visible_spells(clean.folder, secret), visible_follow_ups(clean.folder, secret)
    told = {
        row[:2]: row[2:]
        for row in clean.query("select person_key, started_on, employer_key, is_public_post from marts.fct_placement")
    }
    employers = {s: told[s.person, s.started_on][0] or f"{s.person} {s.started_on}" for s in spells}
    outcomes = {
        "continuous": {(o.spell.person, o.spell.started_on, o.horizon): o.outcome for o in judge(spells, calls, AS_OF)},
        "same_employer": judge_by_employer(spells, employers, calls, AS_OF),
        "on_day": judge_on_day(spells, calls, AS_OF),
    }
    expected: dict[tuple[object, ...], Counter[str]] = {}
    for spell in spells:
        for measure, found in outcomes.items():
            for horizon in HORIZONS:
                outcome = found[spell.person, spell.started_on, horizon]
                for posts in ("in",) if told[spell.person, spell.started_on][1] else ("in", "out"):
                    cell = (spell.district, spell.started_on.replace(day=1), horizon, measure, posts)
                    expected.setdefault(cell, Counter())[outcome] += 1
    stored = {
        row[:5]: row[5:]
        for row in clean.query(
            "select district_code, cohort_month, horizon_days, measure, public_posts, placements, due, retained, lost, unknown"
            " from marts.mart_retention_by_measure where placements > 0"
        )
    }
    assert stored == {
        cell: (n.total(), n.total() - n["not_due"], n["retained"], n["lost"], n["unknown"])
        for cell, n in expected.items()
    }
    held = {m: sum(row[2] for cell, row in stored.items() if cell[3] == m) for m in outcomes}
    assert held["same_employer"] < held["continuous"], held
    assert held["on_day"] != held["continuous"], held


def test_every_planted_damage_had_its_effect_and_nothing_else_did(damaged: Province) -> None:
    """Quarantined cells are exactly the planted ones: file, sheet, row as Excel shows it."""
    planted = {
        (row["file"], int(row["row"]))
        for row in read(damaged.folder, "damages")
        if row["expected_effect"] == "row_quarantined"
    }
    # The copies of a file (same bytes under another name) repeat its damages and are duplicates, not read again.
    found = {
        (uri, row)
        for uri, row in damaged.query(
            "select s.source_uri, q.row from ops.quarantine q join ops.submission s using (submission_id)"
        )
    }
    bank_rows = {(uri, row) for uri, row in found if uri.endswith(".json")}
    assert len(planted) > 30
    assert found - bank_rows == {(file, row) for file, row in planted if not file.endswith(".json")}


def test_differences_from_the_truth_are_explained(damaged: Province) -> None:
    """A spell that is missing, or older than the truth, has a row in quarantine or a ledger that never came."""
    secret = person_key_secret(damaged.settings)
    truth = {(s.person, s.started_on): s for s in visible_spells(damaged.folder, secret)}
    stored = {(row[0], row[3]): row for row in placements(damaged)}
    assert not set(stored) - set(truth), "a placement that nobody had"
    damages = read(damaged.folder, "damages")
    hurt_people = {key(secret, row["person_id"]) for row in damages if row["feed"] == "placement" and row["person_id"]}
    last_period = dict(
        damaged.query(
            "select organisation_code, max(period) from ops.submission where feed = 'placement' and version is not null"
            " group by 1"
        )
    )
    unexplained = []
    for place, spell in truth.items():
        mine = stored.get(place)
        if mine is not None and mine[4] == spell.ended_on:
            continue
        is_behind = last_period.get(spell.township, "") < "2026-05"
        if not is_behind and spell.person not in hurt_people:
            unexplained.append((spell.township, spell.started_on))
    assert unexplained == []
    assert len(set(truth) - set(stored)) > 10, "the damage did nothing"


def test_every_row_is_accounted_for(damaged: Province) -> None:
    wrong = damaged.query("""
        select s.source_uri from ops.submission s join ops.sheet_account a using (submission_id)
        group by s.submission_id, s.source_uri
        having sum(a.rows_in_file) <> sum(a.rows_accepted + a.rows_quarantined + a.rows_not_data)
            or sum(a.rows_accepted) <> min(s.rows_accepted) or sum(a.rows_in_file) <> min(s.rows_in_file)""")
    assert wrong == []
    kept_out = damaged.query("""
        select s.source_uri, s.rows_quarantined, count(distinct (q.sheet, q.row)) from ops.submission s
        left join ops.quarantine q using (submission_id) where s.state = 'accepted_with_rejects' group by s.submission_id
        having s.rows_quarantined <> count(distinct (q.sheet, q.row))""")
    assert kept_out == []


def planted_as(province: Province, effect: str) -> set[tuple[str, ...]]:
    return {
        (row["organisation_code"], row["feed"], row["period"])
        for row in read(province.folder, "damages")
        if row["expected_effect"] == effect
    }


def in_state(province: Province, state: str) -> set[tuple[str, ...]]:
    return set(
        province.query(
            "select organisation_code, feed, period from ops.obligation_state('2026-07-01 00:00+08')"
            f" where state = '{state}'"
        )
    )


def test_who_has_not_sent_is_who_was_planted(damaged: Province) -> None:
    assert planted_as(damaged, "submission_missing") == in_state(damaged, "missing")
    assert planted_as(damaged, "nil") == in_state(damaged, "nil")
    # A nil report that came late is a nil report; the timeliness mart counts it as not on time.
    assert planted_as(damaged, "submission_late") - planted_as(damaged, "nil") == in_state(damaged, "late")


def test_loans_from_the_api_and_the_files_are_all_there(clean: Province) -> None:
    jobs = ("jobs_brought", "needy_jobs_brought")
    truth = {
        row["receipt_no"]: (float(row["principal"]), *(int(float(row[c])) if row[c] else None for c in jobs))
        for row in read(clean.folder, "loans")
        if date.fromisoformat(row["issued_on"]) <= CUT_OFF
    }
    stored = {
        receipt: (float(principal), *brought)
        for receipt, principal, *brought in clean.query(
            f"select receipt_no, principal, {', '.join(jobs)} from marts.fct_loan where issued_on <= '2026-05-31'"
        )
    }
    assert stored == truth
    assert any(brought[1] for brought in truth.values())
