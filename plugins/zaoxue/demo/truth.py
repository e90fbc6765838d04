"""The truth of a demo: everything that was really so, kept beside the messy files and never loaded."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from pathlib import Path

import numpy as np
import polars as pl

from zaoxue.demo.benefits import simulate_subsidies
from zaoxue.demo.employment import simulate_spells
from zaoxue.demo.households import simulate_dibao_exits, simulate_households, simulate_plans
from zaoxue.demo.lending import numbered, simulate_loans
from zaoxue.demo.offers import simulate_offers
from zaoxue.demo.people import day_number, recognise_before_work, simulate_people
from zaoxue.demo.places import OPENED_ON, Province
from zaoxue.demo.services import simulate_follow_ups, simulate_targets, simulate_trainings
from zaoxue.demo.showcase import (
    Showcase,
    choose_showcase,
    plant_loans,
    plant_spells,
    plant_targets,
    plant_trainings,
)
from zaoxue.demo.sites import simulate_events, simulate_sites

FIRST_DAY, LAST_DAY = date(2025, 1, 1), date(2026, 6, 30)
TARGET_YEAR = 2026
_QUIET_UNTIL = date(2026, 3, 1)
PARTS = (
    "persons",
    "trainings",
    "spells",
    "follow_ups",
    "targets",
    "loans",
    "households",
    "assistance_plans",
    "dibao_exits",
    "vacancies",
    "referrals",
    "sites",
    "subsidies",
    "events",
)


@dataclass(frozen=True)
class Truth:
    """What was so from FIRST_DAY to LAST_DAY; codes in English, dates as Date, identity numbers in clear.

    persons: person_id, name, sex, birth_date, phone, district_code, township_code, village, address, household_head_id,
      household_head_name, education, labour_ability, is_disabled, school_status, hardship_categories ('a|b'),
      hardship_recognised_on, employment_intent, training_intent, registered_on
    spells: spell_id, person_id, township_code, started_on, ended_on (null = still at work on LAST_DAY), …
    trainings, follow_ups, targets, loans: the columns of their contracts and the codes of the place.
    households, assistance_plans, dibao_exits, vacancies, referrals, sites, subsidies, events: the same; what depends on the
      day of a ledger is worked out by `programme_feeds`.
    showcase: the district with the planted figures, None in a small province.
    """

    province: Province
    persons: pl.DataFrame
    trainings: pl.DataFrame
    spells: pl.DataFrame
    follow_ups: pl.DataFrame
    targets: pl.DataFrame
    loans: pl.DataFrame
    households: pl.DataFrame
    assistance_plans: pl.DataFrame
    dibao_exits: pl.DataFrame
    vacancies: pl.DataFrame
    referrals: pl.DataFrame
    sites: pl.DataFrame
    subsidies: pl.DataFrame
    events: pl.DataFrame
    showcase: Showcase | None = None

    def write(self, folder: Path) -> None:
        """Write each part as folder/<part>.csv (UTF-8, ISO dates, empty = null)."""
        folder.mkdir(parents=True, exist_ok=True)
        for part in PARTS:
            frame: pl.DataFrame = getattr(self, part)
            lists = [name for name, kind in frame.schema.items() if kind == pl.List]
            joined = frame.with_columns(pl.col(name).cast(pl.List(pl.String)).list.join("|") for name in lists)
            joined.write_csv(folder / f"{part}.csv")


def simulate(seed: int, people: int, province: Province) -> Truth:
    """Live the eighteen months. Each part draws from a stream of its own, so one part can change without the others."""
    first, last = day_number(FIRST_DAY), day_number(LAST_DAY)

    def stream(number: int) -> np.random.Generator:
        return np.random.default_rng([seed, number])

    showcase = choose_showcase(province, people)
    persons = simulate_people(stream(1), province, people, FIRST_DAY, LAST_DAY, showcase)
    trainings = simulate_trainings(stream(2), persons, first, last, day_number(_QUIET_UNTIL))
    if showcase is not None:
        trainings = plant_trainings(stream(20), showcase, persons, trainings)
    certified = trainings.group_by("person_id").agg(pl.col("certified_on").min().alias("first_certified_on"))
    spells = simulate_spells(stream(3), province, persons, certified, first, last)
    if showcase is not None:
        spells = plant_spells(stream(21), showcase, persons, spells)
    persons = recognise_before_work(stream(14), persons, spells)
    follow_ups = simulate_follow_ups(stream(4), province, spells, first, last)
    targets = simulate_targets(stream(5), province, persons, TARGET_YEAR)
    lent = simulate_loans(stream(6), persons, first, last)
    if showcase is not None:
        targets = plant_targets(showcase, targets)
        lent = plant_loans(stream(22), showcase, persons, lent)
    loans = numbered(lent)
    households = simulate_households(stream(7), province, persons)
    plans = simulate_plans(stream(8), households, persons, trainings, spells, showcase)
    exits = simulate_dibao_exits(stream(9), households, persons, spells, first, last, showcase)
    sites = simulate_sites(stream(10), province, spells, LAST_DAY, showcase)
    events = simulate_events(stream(11), province, OPENED_ON, LAST_DAY)
    vacancies, referrals = simulate_offers(stream(12), persons, spells, day_number(OPENED_ON), last)
    subsidies = simulate_subsidies(stream(13), spells, loans, sites, LAST_DAY)
    return Truth(
        province=province,
        persons=persons,
        trainings=trainings,
        spells=spells,
        follow_ups=follow_ups,
        targets=targets,
        loans=loans,
        households=households,
        assistance_plans=plans,
        dibao_exits=exits,
        vacancies=vacancies,
        referrals=referrals,
        sites=sites,
        subsidies=subsidies,
        events=events,
        showcase=showcase,
    )
