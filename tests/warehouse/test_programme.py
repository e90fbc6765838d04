"""What happened after people left the programme, and what may be published, each recomputed from its definition."""

from __future__ import annotations

import random
from collections import defaultdict
from datetime import date, timedelta
from statistics import median
from typing import Any

import jinja2
import pytest

from tests.warehouse.conftest import Built
from tests.warehouse.retention_oracle import _know
from zaoxue.settings import PROJECT_ROOT, Settings
from zaoxue.warehouse.database import connect

MACROS = PROJECT_ROOT / "dbt_project" / "macros" / "rules.sql"
SMALL = 5
DAY = timedelta(days=1)


def exits_of(services: list[tuple[date, date]], as_of: date) -> list[date]:
    """Last days of service, walked through day by day: 90 days without any, all of them past."""
    served = {
        first + DAY * n
        for first, last in services
        if first <= as_of
        for n in range((max(first, last) - first).days + 1)
    }
    return [day for day in served if day + 90 * DAY <= as_of and not any(day + n * DAY in served for n in range(1, 91))]


def quarter_start(number: int) -> date:
    return date(number // 4, number % 4 * 3 + 1, 1)


def test_outcomes_after_leaving_equal_the_definition(built: Built) -> None:
    services: dict[str, list[tuple[date, date]]] = defaultdict(list)
    for person, first, last in built.query("select person_key, started_on, ended_on from marts.fct_training"):
        services[person].append((first, last or first))
    for table, person_column, day in (("referral", "person_key", "referred_on"),):
        for person, on in built.query(f"select {person_column}, {day} from raw.{table} where _to_submission is null"):
            services[person].append((on, on))
    for person, on in built.query(
        "select person_key, served_on from intermediate.int_services where kind = 'assistance_plan'"
    ):
        services[person].append((on, on))
    home = dict(built.query("select person_key, township_code from marts.dim_person"))
    public = {
        (person, on)
        for person, on in built.query("select person_key, started_on from marts.fct_placement where is_public_post")
    }
    calls: dict[str, list[Any]] = defaultdict(list)
    for call in built.world.follow_ups:
        calls[call.person].append(call)
    known: dict[str, list[Any]] = defaultdict(list)
    for spell in built.world.spells:
        if (spell.person, spell.started_on) not in public:
            known[spell.person].append(_know(spell, calls[spell.person], built.as_of))

    cells: dict[tuple[str, date, str], list[tuple[str, int | None]]] = defaultdict(list)
    for person, theirs in services.items():
        for left in exits_of(theirs, built.as_of):
            number = left.year * 4 + (left.month - 1) // 3
            for measure, first, last, needed in (
                ("employed_q2", quarter_start(number + 2), quarter_start(number + 3) - DAY, 1),
                ("employed_q4", quarter_start(number + 4), quarter_start(number + 5) - DAY, 1),
                ("job_outcome_26_weeks", left + DAY, left + 364 * DAY, 182),
            ):
                window = {first + DAY * n for n in range((last - first).days + 1)}
                spells = [spell for spell in known[person] if spell.spell.started_on <= last]
                at_work = [s for s in spells if s.reach >= first]
                days = {day for s in at_work for day in window if s.spell.started_on <= day <= s.reach}
                if last > built.as_of:
                    outcome = "not_due"
                elif len(days) >= needed:
                    outcome = "achieved"
                elif any(s.is_open and s.reach < last for s in spells):
                    outcome = "unknown"
                else:
                    outcome = "not_achieved"
                latest = max(at_work, key=lambda s: s.spell.started_on, default=None)
                wage = built.world.wages[person, latest.spell.started_on] if latest and outcome == "achieved" else None
                cells[home[person][:6], quarter_start(number), measure].append((outcome, wage))

    stored = {
        row[:3]: row[3:]
        for row in built.query("""
            select district_code, exit_quarter, measure, exits, due, achieved, not_achieved, unknown, wages_known,
                median_monthly_wage, rate_known, rate_lower, rate_upper, reason, rule from marts.mart_programme_outcome""")
    }
    assert set(stored) == set(cells)
    seen: set[str] = set()
    for key, members in cells.items():
        outcomes = [outcome for outcome, _ in members]
        seen |= {f"{key[2]} {outcome}" for outcome in outcomes}
        wages = [wage for outcome, wage in members if outcome == "achieved" and wage is not None]
        exits, due, achieved, lost, unknown, wages_known, wage, rate, lower, upper, reason, rule = stored[key]
        counts = [outcomes.count(word) for word in ("achieved", "not_achieved", "unknown")]
        assert [exits, due, achieved, lost, unknown] == [len(members), sum(counts), *counts], key
        assert wages_known == len(wages), key
        shows = key[2] == "employed_q2" and len(wages) >= SMALL
        assert wage == (pytest.approx(median(wages)) if shows else None), key
        assert (rate is None) == (achieved + lost == 0)
        assert (lower is None) == (upper is None) == (due == 0)
        if rate is not None:
            assert float(rate) == pytest.approx(achieved / (achieved + lost), abs=1e-6)
            assert (float(lower), float(upper)) == pytest.approx((achieved / due, (achieved + unknown) / due), abs=1e-6)
        elif reason is None:
            pytest.fail(f"{key}: null without a reason")
        assert "exit_gap_days=90" in rule
    assert len(seen) == 12, f"the world is too tame: {sorted(seen)}"
    assert any(row[6] is not None for row in stored.values())


def attack(shown: dict[str, tuple[int | None, ...]], people: dict[str, tuple[int, ...]], total_shown: bool) -> None:
    """What a reader of the table can work out: a shown count, and the total less all that is shown."""
    hidden = [area for area, row in shown.items() if row[0] is None]
    for area, row in shown.items():
        for value, count in zip(row, people[area], strict=True):
            assert value is None or not 0 < count < SMALL, f"{area} shows a small count"
    if total_shown and hidden:
        assert len(hidden) > 1, "one hidden row is the total less the others"
        for column in range(len(people[hidden[0]])):
            together = sum(people[area][column] for area in hidden)
            assert not 0 < together < SMALL, "the hidden rows together are a small count"


def test_small_counts_cannot_be_worked_out_of_random_tables(settings: Settings) -> None:
    environment = jinja2.Environment(trim_blocks=False, autoescape=False)  # noqa: S701 - makes SQL
    module = environment.from_string(MACROS.read_text(encoding="utf-8")).make_module({})
    statement = str(module.hide_small("cell", "g", ["a", "b", "c"], "area", str(SMALL)))
    rng = random.Random(5)
    rows = []
    for group in range(3000):
        for area in range(rng.randrange(1, 7)):
            parts = [rng.choice((0, 0, 1, 2, 3, 4, 5, 6, 9, 40)) for _ in range(2)]
            rows.append((group, f"{area}", sum(parts), *parts))
    with connect(settings) as connection:
        connection.execute("create temporary table cell (g int, area text, a int, b int, c int)")
        connection.cursor().executemany("insert into cell values (%s, %s, %s, %s, %s)", rows)
        found = connection.execute(
            f"select g, area, a, b, c, is_small, is_hidden from ({statement}) as t".encode()
        ).fetchall()
    assert len(found) == len(rows)
    groups: dict[int, list[tuple[Any, ...]]] = defaultdict(list)
    for row in found:
        groups[row[0]].append(row)
    needless = 0
    for members in groups.values():
        people = {row[1]: row[2:5] for row in members}
        totals = [sum(row[column] for row in members) for column in (2, 3, 4)]
        shown = {row[1]: (None,) * 3 if row[6] else row[2:5] for row in members}
        assert all(row[6] for row in members if row[5])
        attack(shown, people, total_shown=not any(0 < total < SMALL for total in totals))
        if not any(row[5] for row in members):
            assert not any(row[6] for row in members), "nothing small, nothing hidden"
        needless += sum(1 for row in members if row[6] and not row[5])
    assert 0 < needless < len(rows) / 4
    assert any(not row[6] and any(other[6] for other in groups[row[0]]) for row in found), "not whole groups alone"


def test_the_published_table_gives_no_small_count_away(built: Built) -> None:
    counts: dict[tuple[int, int], dict[str, list[set[str]]]] = defaultdict(
        lambda: defaultdict(lambda: [set(), set(), set(), set()])
    )
    placements: dict[tuple[int, int], dict[str, list[int]]] = defaultdict(lambda: defaultdict(lambda: [0, 0, 0, 0]))
    words = ("retained", "lost", "unknown")
    for district, month, horizon, outcome, person in built.query(
        "select district_code, cohort_month, horizon_days, outcome, person_key from marts.fct_retention"
    ):
        key = (month.year * 4 + (month.month - 1) // 3, horizon)
        people, rows = counts[key][district], placements[key][district]
        if outcome != "not_due":
            for column in (0, 1 + words.index(outcome)):
                people[column].add(person)
                rows[column] += 1
    stored: dict[tuple[int, int], dict[str, tuple[Any, ...]]] = defaultdict(dict)
    for row in built.query(
        "select cohort_quarter_no, horizon_days, area_code, due, retained, lost, unknown, reason, rate_lower, rate_known, rule"
        " from marts.mart_retention_published"
    ):
        stored[row[0], row[1]][row[2]] = row[3:]
    assert set(stored) == set(counts)
    reasons: set[str | None] = set()
    for key, areas in counts.items():
        people = {area: tuple(len(persons) for persons in sets) for area, sets in areas.items()}
        published = stored[key]
        total = published.pop("000000")
        assert set(published) == set(people)
        for area, row in published.items():
            due, *outcomes = row[:4]
            assert due in (None, placements[key][area][0])
            assert outcomes in ([None] * 3, placements[key][area][1:])
            if outcomes == [None] * 3:
                assert row[4:7] in (("small_cell", None, None), ("complement", None, None))
            reasons.add(row[4])
        attack(
            {area: row[:1] for area, row in published.items()},
            {a: p[:1] for a, p in people.items()},
            total[0] is not None,
        )
        attack(
            {area: row[1:4] for area, row in published.items()},
            {a: p[1:] for a, p in people.items()},
            total[1] is not None,
        )
        summed = [sum(placements[key][area][column] for area in areas) for column in range(4)]
        assert total[0] in (None, summed[0])
        assert list(total[1:4]) in ([None] * 3, summed[1:])
    assert reasons >= {"small_cell", "complement", "not_due", None}, reasons


def test_a_parameter_is_in_force_from_its_day(built: Built) -> None:
    rules = {rule for (rule,) in built.query("select distinct rule from marts.mart_retention_cohort")}
    assert rules == {"gap_days=15 evidence_window_days=30 employer=any public_posts=in"}
