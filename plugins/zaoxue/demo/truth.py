"""The truth of a demo: everything that was really so, kept beside the messy files and never loaded."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from pathlib import Path

import numpy as np
import polars as pl

from zaoxue.demo.employment import simulate_spells
from zaoxue.demo.lending import simulate_loans
from zaoxue.demo.people import day_number, simulate_people
from zaoxue.demo.places import Province
from zaoxue.demo.services import simulate_follow_ups, simulate_targets, simulate_trainings

FIRST_DAY, LAST_DAY = date(2025, 1, 1), date(2026, 6, 30)
TARGET_YEAR = 2026
_QUIET_UNTIL = date(2026, 3, 1)
PARTS = ("persons", "trainings", "spells", "follow_ups", "targets", "loans")


@dataclass(frozen=True)
class Truth:
    """What was so from FIRST_DAY to LAST_DAY; codes in English, dates as Date, identity numbers in clear.

    persons: person_id, name, sex, birth_date, phone, district_code, township_code, village, address, household_head_id,
      household_head_name, education, labour_ability, is_disabled, school_status, hardship_categories ('a|b'),
      hardship_recognised_on, employment_intent, training_intent, registered_on
    spells: spell_id, person_id, township_code, started_on, ended_on (null = still at work on LAST_DAY), …
    trainings, follow_ups, targets, loans: the columns of their contracts and the codes of the place.
    """

    province: Province
    persons: pl.DataFrame
    trainings: pl.DataFrame
    spells: pl.DataFrame
    follow_ups: pl.DataFrame
    targets: pl.DataFrame
    loans: pl.DataFrame

    def write(self, folder: Path) -> None:
        """Write each part as folder/<part>.csv (UTF-8, ISO dates, empty = null)."""
        folder.mkdir(parents=True, exist_ok=True)
        for part in PARTS:
            frame: pl.DataFrame = getattr(self, part)
            frame.write_csv(folder / f"{part}.csv")


def simulate(seed: int, people: int, province: Province) -> Truth:
    """Live the eighteen months. Each part draws from a stream of its own, so one part can change without the others."""
    first, last = day_number(FIRST_DAY), day_number(LAST_DAY)

    def stream(number: int) -> np.random.Generator:
        return np.random.default_rng([seed, number])

    persons = simulate_people(stream(1), province, people, FIRST_DAY, LAST_DAY)
    trainings = simulate_trainings(stream(2), persons, first, last, day_number(_QUIET_UNTIL))
    certified = trainings.group_by("person_id").agg(pl.col("certified_on").min().alias("first_certified_on"))
    spells = simulate_spells(stream(3), province, persons, certified, first, last)
    follow_ups = simulate_follow_ups(stream(4), province, spells, first, last)
    targets = simulate_targets(stream(5), province, persons, TARGET_YEAR)
    loans = simulate_loans(stream(6), persons, first, last)
    return Truth(province, persons, trainings, spells, follow_ups, targets, loans)
