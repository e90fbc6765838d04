"""The people of the demo: identity numbers of a province that does not exist, names, households, hardship."""

from __future__ import annotations

from datetime import date

import numpy as np
import numpy.typing as npt
import polars as pl

from zaoxue.demo.places import VILLAGES_PER_TOWNSHIP, Province, village_name
from zaoxue.demo.showcase import Showcase

type_ints = npt.NDArray[np.int64]

SURNAMES = "沈陆顾邵严薛尹俞柏卞费岑倪滕殷邬乐傅皮齐伍元卜孟黄穆萧尤祁毛禹狄贝臧戴谈宋茅庞熊"
GIVEN = "珂翊祺媛宸瑶旻晗琛蕙铎鹃煜霏钰骞妍烨曦淼澈皓岩蓓骏婕颢芮栩嫣毓彤赫昕黛朔楠璟屹暄"
_EDUCATION = ("bachelor_or_above", "junior_college", "senior_secondary", "junior_secondary", "primary", "illiterate")
_HARDSHIP = (
    "older",
    "disabled",
    "dibao",
    "zero_employment_household",
    "land_loss",
    "long_term_unemployed",
    "lifted_out_of_poverty",
    "monitored",
    "graduate",
)
_ID_WEIGHTS = np.array([7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2])
_CHECK_DIGITS = np.array(list("10X98765432"))


def day_number(day: date) -> int:
    """Days since 1970-01-01."""
    return (day - date(1970, 1, 1)).days


def as_dates(days: type_ints, missing: npt.NDArray[np.bool_] | None = None) -> pl.Series:
    """Day numbers as a Date series, null where `missing`."""
    series = pl.Series(days.astype(np.int32)).cast(pl.Date)
    if missing is None:
        return series
    return pl.select(pl.when(pl.Series(~missing)).then(series)).to_series()


def resident_ids(districts: type_ints, birth: type_ints, sequence: type_ints) -> list[str]:
    """Identity numbers with their check digit (GB 11643) from district codes, yyyymmdd and 3-digit sequences."""
    body = districts * 10**11 + birth * 10**3 + sequence
    digits = body[:, None] // 10 ** np.arange(16, -1, -1, dtype=np.int64) % 10
    check = _CHECK_DIGITS[digits @ _ID_WEIGHTS % 11]
    return [f"{number:017d}{last}" for number, last in zip(body.tolist(), check.tolist(), strict=True)]


def check_digit_is_right(ids: pl.Expr) -> pl.Expr:
    """Whether each text is 18 places long and ends in its GB 11643 check digit."""
    total = pl.sum_horizontal(
        *(
            ids.str.slice(place, 1).cast(pl.Int64, strict=False) * int(weight)
            for place, weight in enumerate(_ID_WEIGHTS)
        )
    )
    expected = (total % 11).replace_strict(dict(enumerate(_CHECK_DIGITS.tolist())), return_dtype=pl.String)
    return ids.str.contains(r"^\d{17}[\dX]$") & (ids.str.slice(17, 1) == expected)


def simulate_people(
    rng: np.random.Generator,
    province: Province,
    people: int,
    first_day: date,
    last_day: date,
    showcase: Showcase | None = None,
) -> pl.DataFrame:
    """One row for each person, in the order of townships; see docs of truth/persons.csv in `truth.py`.

    A showcase district gets people enough for the figures that are planted in it.
    """
    towns = len(province.townships)
    weights = rng.uniform(0.6, 1.4, towns)
    if showcase is not None:
        weights = showcase.weighted(weights, np.array([t.parent for t in province.townships]), people)
    # Everyone but the first of each township is spread by weight, so that no township is empty.
    town = np.sort(
        np.concatenate(
            [np.arange(towns) % towns, rng.choice(towns, max(people - towns, 0), p=weights / weights.sum())]
        )[:people]
    )
    male = rng.random(people) < 0.53
    birth = _birth_days(rng, people)
    district_codes = np.array([int(t.parent) for t in province.townships])
    ids = _unique_ids(rng, district_codes[town], birth, male)
    household_head = _household_heads(rng, town)
    registered = _registered_days(rng, people, first_day, last_day)[household_head]
    age = 2026 - (birth.astype("datetime64[Y]").astype(int) + 1970)
    disabled = rng.random(people) < 0.07
    recognised = registered + rng.integers(-400, 1, people)
    education = rng.choice(_EDUCATION, people, p=[0.04, 0.1, 0.2, 0.43, 0.2, 0.03])
    years_then = (recognised - birth.astype(np.int64)) / 365.25
    hardship = _hardship(rng, age, years_then, male, education, disabled, household_head)
    names = _names(rng, people)
    village_no = rng.integers(0, VILLAGES_PER_TOWNSHIP, people)[household_head]
    villages = [village_name(t, v) for t, v in zip(town.tolist(), village_no.tolist(), strict=True)]
    ability = rng.choice(["ordinary", "skilled", "weak", "lost", "none"], people, p=[0.66, 0.17, 0.13, 0.02, 0.02])
    able = ~np.isin(ability, ["lost", "none"])
    in_school = (age < 22) & (rng.random(people) < 0.15)
    wants = rng.choice(["transfer", "self_employment", "none"], people, p=[0.78, 0.08, 0.14])
    wants = np.where(able & ~in_school, wants, "none")
    training = rng.choice(
        ["transfer_skills", "on_the_job", "farming_skills", "startup", ""], people, p=[0.3, 0.12, 0.12, 0.06, 0.4]
    )
    template = np.array([t.code for t in province.townships])
    house = rng.integers(1, 320, people)[household_head]
    town_names = [t.name for t in province.townships]
    addresses = [f"{town_names[t]}{v}{h}号" for t, v, h in zip(town.tolist(), villages, house.tolist(), strict=True)]
    # No operator numbers its customers 160.
    phones = [f"160{number:08d}" for number in rng.choice(10**8, people, replace=False, shuffle=False).tolist()]
    return pl.DataFrame(
        {
            "person_id": ids,
            "name": names,
            "sex": np.where(male, "male", "female"),
            "birth_date": as_dates(birth.astype(np.int64)),
            "phone": phones,
            "district_code": district_codes[town].astype(str),
            "township_code": template[town],
            "village": villages,
            "address": addresses,
            "household_head_id": np.array(ids)[household_head],
            "household_head_name": np.array(names)[household_head],
            "education": education,
            "labour_ability": ability,
            "is_disabled": disabled,
            "school_status": np.where(in_school, "vocational", ""),
            "hardship_categories": hardship,
            "hardship_recognised_on": as_dates(recognised, np.array(hardship) == ""),
            "employment_intent": wants,
            "training_intent": np.where(able, training, ""),
            "registered_on": as_dates(registered),
        }
    ).with_columns(pl.col(pl.String).replace("", None))


def recognise_before_work(rng: np.random.Generator, persons: pl.DataFrame, spells: pl.DataFrame) -> pl.DataFrame:
    """Most zero-employment households were recognised shortly before the first of them found work.

    Left alone are households with a member whose category goes by the age on that day.
    """
    ages = r"(?:^|\|)(?:older|long_term_unemployed|graduate)(?:\||$)"
    mine = persons.filter(pl.col("hardship_categories").str.contains("zero_employment_household", literal=True))
    houses = (
        mine.group_by("household_head_id", maintain_order=True)
        .agg(pl.col("hardship_categories").str.contains(ages).any().alias("by_age"), pl.col("registered_on").max())
        .filter(~pl.col("by_age"))
    )
    first = (
        spells.join(persons.select("person_id", "household_head_id"), on="person_id")
        .group_by("household_head_id")
        .agg(pl.col("started_on").min())
    )
    found = houses.join(first, on="household_head_id", maintain_order="left")
    days = pl.Series(rng.integers(4, 50, found.height))
    chosen = found.with_columns((pl.col("started_on").cast(pl.Int32) - days).cast(pl.Date).alias("recognised")).filter(
        pl.col("recognised") >= pl.col("registered_on"), pl.col("recognised") <= date(2026, 3, 25)
    )
    return (
        persons.join(
            chosen.select("household_head_id", "recognised"), on="household_head_id", how="left", maintain_order="left"
        )
        .with_columns(
            pl.when(pl.col("hardship_recognised_on").is_not_null())
            .then(pl.coalesce("recognised", "hardship_recognised_on"))
            .alias("hardship_recognised_on")
        )
        .drop("recognised")
    )


def _birth_days(rng: np.random.Generator, people: int) -> npt.NDArray[np.datetime64]:
    oldest, youngest = np.datetime64("1964-01-01", "D"), np.datetime64("2008-01-01", "D")
    span = int((youngest - oldest).astype(int))
    return oldest + (rng.beta(1.3, 1.6, people) * span).astype(int)


def _unique_ids(
    rng: np.random.Generator, districts: type_ints, birth: npt.NDArray[np.datetime64], male: npt.NDArray[np.bool_]
) -> list[str]:
    years = birth.astype("datetime64[Y]")
    months = birth.astype("datetime64[M]")
    number = (
        (years.astype(int) + 1970) * 10000 + ((months - years).astype(int) + 1) * 100 + (birth - months).astype(int) + 1
    ).astype(np.int64)
    sequence = rng.integers(0, 500, len(number)) * 2 + male
    while True:
        body = districts * 10**11 + number * 10**3 + sequence
        _, first = np.unique(body, return_index=True)
        again = np.setdiff1d(np.arange(len(body)), first)
        if not len(again):
            return resident_ids(districts, number, sequence)
        sequence[again] = rng.integers(0, 500, len(again)) * 2 + male[again]


def _household_heads(rng: np.random.Generator, town: type_ints) -> type_ints:
    """Index of the head of each person's household; people next to each other in a township may share one."""
    starts = rng.random(len(town)) < 0.62
    starts |= np.diff(town, prepend=-1) != 0
    return np.maximum.accumulate(np.where(starts, np.arange(len(town)), 0))


def _registered_days(rng: np.random.Generator, people: int, first_day: date, last_day: date) -> type_ints:
    """Most were registered before the first day; the rest come in evenly until the last."""
    first, last = day_number(first_day), day_number(last_day)
    before = first - rng.integers(1, 900, people)
    during = rng.integers(first, last + 1, people)
    return np.where(rng.random(people) < 0.82, before, during)


def _hardship(
    rng: np.random.Generator,
    age: type_ints,
    years_then: npt.NDArray[np.float64],
    male: npt.NDArray[np.bool_],
    education: npt.NDArray[np.str_],
    disabled: npt.NDArray[np.bool_],
    household_head: type_ints,
) -> list[str]:
    """Categories of each person. `years_then` is the age on the day of recognition, by which 4050 and retirement go."""
    people = len(age)
    # A day's slack on either side, so that the calendar's leap days decide nothing.
    seeks_work = years_then < np.where(male, 59.99, 54.99)
    is_older = (years_then >= np.where(male, 50.01, 40.01)) & seeks_work
    went_to_college = np.isin(education, ["junior_college", "bachelor_or_above"])
    dibao, poverty, monitored, empty_house = (
        (rng.random(people) < share)[household_head] for share in (0.09, 0.22, 0.04, 0.03)
    )
    holds = np.column_stack(
        [
            is_older & (rng.random(people) < 0.45),
            disabled,
            dibao,
            empty_house,
            rng.random(people) < 0.04,
            seeks_work & (rng.random(people) < 0.08),
            poverty,
            monitored & ~poverty,
            (age <= 24) & went_to_college & (rng.random(people) < 0.6),
        ]
    )
    return ["|".join(code for code, held in zip(_HARDSHIP, row, strict=True) if held) for row in holds.tolist()]


def _names(rng: np.random.Generator, people: int) -> list[str]:
    surname = np.array(list(SURNAMES))[rng.integers(0, len(SURNAMES), people)]
    given = np.array(list(GIVEN))
    first, second = (given[rng.integers(0, len(given), people)] for _ in range(2))
    return np.char.add(np.char.add(surname, first), second).tolist()  # type: ignore[no-any-return]  # of strings it is a list of str


def resident_id_is_valid(text: str) -> bool:
    """Whether one text has 18 places and the right check digit (GB 11643)."""
    if len(text) != 18 or not text[:17].isdigit():
        return False
    total = sum(int(digit) * int(weight) for digit, weight in zip(text[:17], _ID_WEIGHTS, strict=True))
    return text[17] == str(_CHECK_DIGITS[total % 11])
