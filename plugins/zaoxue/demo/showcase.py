"""One district of a demo in which the figures of systems that offices have described come out exactly.

They are counted in what has been sent for May 2026, and for the first quarter where a ledger is quarterly; nothing of this
district is late, lost or damaged, so that the marts show them on the demo's last night.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np
import numpy.typing as npt
import polars as pl

from zaoxue.demo.places import BANK_BY_FILE, Province, village_name

PLACEMENT_TARGET, PERSONS_PLACED = 551, 623  # 113.1 %
TRAINING_TARGET, PERSONS_TRAINED = 100, 206
LOANS = (300_000, 300_000, 300_000, 200_000, 200_000)  # 5 loans, 1.3 million 元
DIBAO_EXITS = 12
BASES, NATIONAL_BASES = 78, 4
STIPENDS = (
    ("higher", 2400),
    ("senior_secondary", 1600),
    ("vocational", 1600),
)  # of three children of one household, per term
VILLAGES = 3  # that reach three times 100 %
LEDGERS_UNTIL, QUARTER_UNTIL = date(2026, 5, 31), date(2026, 3, 31)
_YEAR_BEGINS = date(2026, 1, 1)
_LEAST_PEOPLE, _WANTED_PEOPLE = 3000, 1600


@dataclass(frozen=True)
class Showcase:
    """The district, and the villages (township code, name) that reach the standard."""

    district_code: str
    villages: tuple[tuple[str, str], ...]

    def weighted(
        self, weights: npt.NDArray[np.float64], districts: npt.NDArray[np.str_], people: int
    ) -> npt.NDArray[np.float64]:
        """Weights of the townships, those of the district raised until it can expect the people it needs."""
        own = districts == self.district_code
        share = min(0.9, _WANTED_PEOPLE / people)
        if weights[own].sum() >= share * weights.sum():
            return weights
        return np.where(own, weights * share * weights[~own].sum() / ((1 - share) * weights[own].sum()), weights)

    def has(self) -> pl.Expr:
        """Whether a row's district is this one."""
        return pl.col("district_code") == self.district_code

    def in_villages(self) -> pl.Expr:
        """Whether a row's village is one of those that reach the standard."""
        places = [f"{town}{name}" for town, name in self.villages]
        return (pl.col("township_code") + pl.col("village")).is_in(places)


def choose_showcase(province: Province, people: int) -> Showcase | None:
    """The first district of a province of some size; none in a small one."""
    if people < _LEAST_PEOPLE or len(province.districts) < 2:
        return None
    district = province.districts[0].code
    town = next(i for i, t in enumerate(province.townships) if t.parent == district)
    code = province.townships[town].code
    return Showcase(district, tuple((code, village_name(town, number)) for number in range(VILLAGES)))


def plant_trainings(
    rng: np.random.Generator, showcase: Showcase, persons: pl.DataFrame, trainings: pl.DataFrame
) -> pl.DataFrame:
    """As many people in skills training this year as planted, and everybody who wants it in the villages trained."""
    is_counted = _of_this_year() & (pl.col("training_type") != "startup")
    listed = persons.filter(showcase.has(), pl.col("registered_on") <= QUARTER_UNTIL)
    villagers = listed.filter(showcase.in_villages())
    counted = trainings.filter(showcase.has(), is_counted)["person_id"].unique(maintain_order=True)
    # A villager's first course must be one that the ledgers tell of.
    trainings = trainings.filter(
        (pl.col("started_on") <= LEDGERS_UNTIL) | ~pl.col("person_id").is_in(villagers["person_id"].implode())
    )
    untrained = listed.filter(
        pl.col("training_intent").is_not_null(), ~pl.col("person_id").is_in(trainings["person_id"].implode())
    )
    startup = untrained["training_intent"] == "startup"
    in_village = untrained.select(showcase.in_villages()).to_series()
    must, may = untrained.filter(in_village), untrained.filter(~in_village & ~startup)
    musts_counted = must.filter(pl.col("training_intent") != "startup").height
    added = pl.concat([must, _some(rng, may, PERSONS_TRAINED - counted.len() - musts_counted)])
    surplus = counted.filter(~counted.is_in(villagers["person_id"].implode()))
    drop = surplus.head(max(counted.len() + musts_counted - PERSONS_TRAINED, 0))
    kept = trainings.filter(~(is_counted & pl.col("person_id").is_in(drop.implode())))
    return pl.concat([kept, _courses(rng, added, trainings)]).sort("person_id", "started_on", "course")


def plant_spells(
    rng: np.random.Generator, showcase: Showcase, persons: pl.DataFrame, spells: pl.DataFrame
) -> pl.DataFrame:
    """As many people placed this year as planted, and everybody able and willing in the villages placed.

    New spells are like other spells of the district; only people who have not worked since the year began get one.
    """
    counted = spells.filter(showcase.has(), _of_this_year())["person_id"].unique(maintain_order=True)
    busy = spells.filter(pl.col("ended_on").is_null() | (pl.col("ended_on") >= _YEAR_BEGINS - timedelta(days=20)))
    listed = persons.filter(
        showcase.has(), pl.col("registered_on") <= QUARTER_UNTIL, pl.col("employment_intent") == "transfer"
    )
    villagers = listed.filter(showcase.in_villages())["person_id"]
    spells = spells.filter((pl.col("started_on") <= LEDGERS_UNTIL) | ~pl.col("person_id").is_in(villagers.implode()))
    busy = busy.filter(pl.col("spell_id").is_in(spells["spell_id"].implode()))
    free = listed.filter(~pl.col("person_id").is_in(busy["person_id"].implode()))
    wanted = showcase.in_villages() & ~pl.col("person_id").is_in(spells["person_id"].implode())
    must, may = free.filter(wanted), free.filter(~wanted)
    added = pl.concat([must, _some(rng, may, PERSONS_PLACED - counted.len() - must.height)])
    surplus = counted.filter(~counted.is_in(villagers.implode()))
    drop = surplus.head(max(counted.len() + must.height - PERSONS_PLACED, 0))
    kept = spells.filter(~(_of_this_year() & pl.col("person_id").is_in(drop.implode())))
    models = spells.filter(
        showcase.has(), _of_this_year(), pl.col("employment_type") == "transfer", ~pl.col("is_public_post")
    )
    return (
        pl.concat([kept, _like(rng, added, models)])
        .sort("person_id", "started_on")
        .with_columns(pl.format("S{}", pl.int_range(1, pl.len() + 1).cast(pl.String).str.zfill(7)).alias("spell_id"))
    )


def plant_targets(showcase: Showcase, targets: pl.DataFrame) -> pl.DataFrame:
    """The district's tasks add up to the planted ones, spread as they were."""
    own = targets["district_code"] == showcase.district_code
    for column, total in (("placements_target", PLACEMENT_TARGET), ("skill_training_target", TRAINING_TARGET)):
        numbers = targets[column].to_numpy().copy()
        numbers[own.to_numpy()] = _spread(numbers[own.to_numpy()], total)
        targets = targets.with_columns(pl.Series(column, numbers))
    return targets


def plant_loans(
    rng: np.random.Generator, showcase: Showcase, persons: pl.DataFrame, loans: pl.DataFrame
) -> pl.DataFrame:
    """The district's startup loans of this year are the planted ones, all of one bank."""
    is_replaced = showcase.has() & (pl.col("loan_kind") == "startup_guaranteed") & (pl.col("issued_on") >= _YEAR_BEGINS)
    borrowers = persons.filter(showcase.has(), pl.col("employment_intent") != "none", _registered_long())
    people = borrowers[rng.choice(borrowers.height, len(LOANS), replace=False)]
    issued = [_YEAR_BEGINS + timedelta(days=20 + 29 * number) for number in range(len(LOANS))]
    planted = people.select(
        pl.lit(BANK_BY_FILE[0]).alias("bank_code"),
        "district_code",
        pl.lit("startup_guaranteed").alias("loan_kind"),
        pl.lit("person").alias("borrower_kind"),
        pl.col("name").alias("borrower_name"),
        "person_id",
        pl.Series("principal", LOANS),
        pl.lit(3.1).alias("annual_rate"),
        pl.Series("issued_on", issued),
        pl.Series("due_on", [day + timedelta(days=1095) for day in issued]),
        *(pl.lit(None, pl.Date).alias(name) for name in ("extended_to", "overdue_since", "repaid_on")),
        pl.lit(2, pl.Int64).alias("jobs_brought"),
        pl.lit(1, pl.Int64).alias("needy_jobs_brought"),
    )
    return pl.concat([loans.filter(~is_replaced), planted])


def _of_this_year() -> pl.Expr:
    return pl.col("started_on").is_between(_YEAR_BEGINS, LEDGERS_UNTIL)


def _registered_long() -> pl.Expr:
    return pl.col("registered_on") < _YEAR_BEGINS


def _some(rng: np.random.Generator, rows: pl.DataFrame, count: int) -> pl.DataFrame:
    """`count` of the rows, or all where there are fewer."""
    size = min(max(count, 0), rows.height)
    return rows[np.sort(rng.choice(rows.height, size, replace=False))]


def _spread(numbers: npt.NDArray[np.int64], total: int) -> npt.NDArray[np.int64]:
    shares = np.maximum(numbers, 1) / np.maximum(numbers, 1).sum()
    ends = np.round(np.cumsum(shares) * total).astype(np.int64)
    return np.concatenate([ends[:1], ends[1:] - ends[:-1]])


def _starts(rng: np.random.Generator, people: pl.DataFrame, latest: date) -> npt.NDArray[np.int64]:
    """A day for each person: in this year, after the registration, by `latest`, as a day number."""
    first = np.maximum(
        people["registered_on"].cast(pl.Int32).to_numpy().astype(np.int64), (_YEAR_BEGINS - date(1970, 1, 1)).days + 4
    )
    room = (latest - date(1970, 1, 1)).days - first
    starts: npt.NDArray[np.int64] = first + (rng.random(people.height) * room).astype(np.int64)
    return starts


def _courses(rng: np.random.Generator, people: pl.DataFrame, trainings: pl.DataFrame) -> pl.DataFrame:
    """A course for each of the people, of the kind they want; each like some course of that kind."""
    begin = _starts(rng, people, LEDGERS_UNTIL - timedelta(days=30))
    kinds = people["training_intent"].to_list()
    models = {str(kind): trainings.filter(pl.col("training_type") == kind) for kind in sorted(set(kinds))}
    rows = [models[kind].row(int(rng.integers(0, models[kind].height)), named=True) for kind in kinds]
    like = pl.DataFrame(rows, schema=trainings.schema)
    started = pl.Series("started_on", begin.astype(np.int32)).cast(pl.Date)
    ended = started + like.select(pl.duration(days=pl.col("training_days") - 1)).to_series()
    return like.with_columns(
        *(people[name] for name in ("person_id", "name", "phone", "district_code", "township_code")),
        started,
        ended.alias("ended_on"),
        pl.select(pl.when(like["certified_on"].is_not_null()).then(ended + timedelta(days=5)))
        .to_series()
        .alias("certified_on"),
    )


def _like(rng: np.random.Generator, people: pl.DataFrame, models: pl.DataFrame) -> pl.DataFrame:
    """A spell for each of the people, still going on, in other things like one of the models."""
    like = models[rng.integers(0, models.height, people.height)]
    begin = _starts(rng, people, LEDGERS_UNTIL - timedelta(days=3))
    return like.with_columns(
        *(people[name] for name in ("person_id", "name", "phone", "district_code", "township_code")),
        pl.Series("started_on", begin.astype(np.int32)).cast(pl.Date),
        pl.lit(None, pl.Date).alias("ended_on"),
        pl.lit(None, pl.String).alias("end_reason"),
    )
