"""Who really worked when: employment spells, one after the other, with gaps short and long."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import polars as pl

from zaoxue.demo.people import as_dates
from zaoxue.demo.places import Province

_PUBLIC_PROGRAMMES = ("public_welfare_post", "urban_public_post", "special_public_post")
_BRANDS = "禾穗云锦岚光泽润棠月桐荫梓木青枫鹿鸣霁晴沅芷陌上苓香汀舟澄怀"
_FIRM_KINDS = (
    "制衣厂",
    "电子厂",
    "食品加工厂",
    "家居厂",
    "物流公司",
    "餐饮店",
    "超市",
    "建筑劳务公司",
    "家政服务部",
    "帮扶车间",
)
_FAR_CITIES = ("东屿市", "沧澜市", "南麓市", "海棠湾市", "江渚市")
_LOCAL_FIRMS, _FAR_FIRMS, _FARMS = 24, 60, 8
_OCCUPATIONS = {
    "transfer": (
        "manufacturing",
        "processing",
        "service",
        "catering",
        "construction",
        "transport",
        "technician",
        "retail",
        "security",
        "e_commerce",
        "domestic_service",
        "nursing",
    ),
    "farming": ("planting", "livestock", "seasonal"),
    "flexible": ("home_work", "freelance", "handicraft", "seasonal", "domestic_service", "other"),
    "public": ("service", "security", "other", "nursing"),
}
_REASONS = ("resigned", "contract_ended", "dismissed", "employer_closed", "health", "family", "other")


def simulate_spells(
    rng: np.random.Generator,
    province: Province,
    persons: pl.DataFrame,
    certified: pl.DataFrame,
    first_day: int,
    last_day: int,
) -> pl.DataFrame:
    """One row for each employment spell, ordered by person and start.

    `certified` holds person_id and first_certified_on: about half of those who get a certificate start soon after it.
    Spells of one person never overlap. Days are day numbers; an end after `last_day` has not happened and is null.
    """
    base = persons.with_row_index("person").join(certified, on="person_id", how="left", maintain_order="left")
    people = base.height
    town = base["township_code"].replace_strict({t.code: i for i, t in enumerate(province.townships)}).to_numpy()
    # Districts differ in how well they place people and how long people stay.
    district_of_town = np.unique([t.parent for t in province.townships], return_inverse=True)[1]
    staying = rng.uniform(0.75, 1.35, len(province.districts))[district_of_town][town]
    placing = rng.uniform(0.7, 1.4, len(province.districts))[district_of_town][town]
    steady = np.exp(rng.normal(0, 0.35, people)) * staying
    hard = (base["hardship_categories"].is_not_null() & (base["labour_ability"] == "weak")).to_numpy()
    works = (base["employment_intent"] != "none").to_numpy() & (rng.random(people) < 0.9)
    registered = base["registered_on"].cast(pl.Int32).to_numpy().astype(np.int64)
    start = np.maximum(registered, first_day) + (rng.exponential(170, people) / placing).astype(np.int64)
    certificate = base["first_certified_on"].cast(pl.Int32).fill_null(10**6).to_numpy().astype(np.int64)
    soon = (certificate < 10**6) & (rng.random(people) < 0.55)
    start = np.where(soon, certificate + rng.integers(3, 80, people), start)

    rounds = []
    who = np.flatnonzero(works & (start <= last_day))
    begin = start[who]
    while len(who):
        drawn = _draw(rng, steady[who], hard[who])
        end = begin + drawn["days"] - 1
        rounds.append({"person": who, "begin": begin, "end": end, **drawn})
        short = rng.random(len(who)) < 0.27
        gap = np.where(short, rng.integers(1, 16, len(who)), 16 + rng.lognormal(3.7, 0.8, len(who)).astype(np.int64))
        follows = end + gap
        again = (follows <= last_day) & (rng.random(len(who)) < 0.8)
        who, begin = who[again], follows[again]
    fields = {
        key: np.concatenate([r[key] for r in rounds]) if rounds else np.array([], dtype=np.int64)
        for key in ("person", "begin", "end", "days", "kind", "months")
    }
    return _describe(rng, province, base, town, fields, last_day)


def _draw(
    rng: np.random.Generator, steady: npt.NDArray[np.float64], hard: npt.NDArray[np.bool_]
) -> dict[str, npt.NDArray[np.int64]]:
    """Kind (0 transfer, 1 farming, 2 flexible, 3 public post), contract months and true length in days."""
    count = len(steady)
    kind = rng.choice(4, count, p=[0.6, 0.12, 0.18, 0.1])
    kind = np.where(hard & (rng.random(count) < 0.35), 3, kind)
    group = rng.choice(3, count, p=[0.24, 0.43, 0.33])
    median = np.array([32.0, 150.0, 520.0])[group] * steady
    days = np.exp(rng.normal(0, 0.6, count)) * median
    days = np.where(kind == 1, np.clip(days, 20, 130), days)
    months = np.where(kind == 0, rng.choice([0, 3, 6, 12, 12, 24, 36], count), 0)
    months = np.where(kind == 3, 12, months)
    # Public posts are filled for a year; four in five last it out.
    days = np.where((kind == 3) & (rng.random(count) < 0.8), 365, days)
    return {"kind": kind, "months": months, "days": np.maximum(days, 3).astype(np.int64)}


def _describe(
    rng: np.random.Generator,
    province: Province,
    base: pl.DataFrame,
    town: npt.NDArray[np.int64],
    fields: dict[str, npt.NDArray[np.int64]],
    last_day: int,
) -> pl.DataFrame:
    person, kind, count = fields["person"], fields["kind"], len(fields["person"])
    spell_town = town[person]
    public = kind == 3
    away = rng.random(count)
    region = np.select(
        [public | (kind == 1), away < 0.2, away < 0.42, away < 0.55, away < 0.68, away < 0.995],
        ["in_township", "in_township", "in_county", "in_city", "in_province", "other_province"],
        "abroad",
    )
    employer, employer_kind = _employers(rng, province, base, person, spell_town, kind, region)
    base_wage = np.select([kind == 0, kind == 1, kind == 2], [4100.0, 2300.0, 2700.0], 1350.0)
    spread = np.where(public, 0.12, 0.32)
    wage = np.exp(rng.normal(0, 1, count) * spread) * base_wage * np.where(region == "other_province", 1.25, 1)
    open_ended = fields["end"] > last_day
    draw = rng.random(count)
    done = (public & (fields["days"] == 365)) | ((fields["months"] > 0) & (fields["days"] >= fields["months"] * 30))
    some_reason = rng.choice(_REASONS, count, p=[0.38, 0.2, 0.07, 0.1, 0.08, 0.12, 0.05])
    reason = np.where(done & (draw < 0.85), "contract_ended", some_reason)
    workshop = (kind == 0) & (region == "in_township") & (rng.random(count) < 0.5)
    base_site = (kind == 0) & (region == "in_county") & (rng.random(count) < 0.2)
    programme = np.select(
        [public, workshop, base_site],
        [
            np.array(_PUBLIC_PROGRAMMES)[rng.choice(3, count, p=[0.6, 0.25, 0.15])],
            "community_factory",
            "assistance_base",
        ],
        "",
    )
    channel = rng.choice(["organised", "relatives", "own", "other"], count, p=[0.46, 0.24, 0.26, 0.04])
    occupation = np.select(
        [kind == 0, kind == 1, kind == 2],
        [rng.choice(_OCCUPATIONS[key], count) for key in ("transfer", "farming", "flexible")],
        rng.choice(_OCCUPATIONS["public"], count),
    )
    who = pl.Series(person)
    spells = (
        pl.DataFrame(
            {
                "person_id": base["person_id"].gather(who),
                "name": base["name"].gather(who),
                "phone": base["phone"].gather(who),
                "district_code": base["district_code"].gather(who),
                "township_code": base["township_code"].gather(who),
                "started_on": as_dates(fields["begin"]),
                "ended_on": as_dates(fields["end"], open_ended),
                "end_reason": np.where(open_ended, "", reason),
                "employer_name": employer,
                "employer_kind": employer_kind,
                "channel": np.where(public | workshop, "organised", channel),
                "region": region,
                "employment_type": np.select([kind == 1, kind == 2], ["farming", "flexible"], "transfer"),
                "occupation": occupation,
                "special_programme": programme,
                "is_public_post": public,
                "monthly_wage": np.clip(np.round(wage / 50) * 50, 450, 18000).astype(np.int64),
                "contract_months": fields["months"],
            }
        )
        .with_columns(pl.col(pl.String).replace("", None))
        .sort("person_id", "started_on")
    )
    return spells.select(
        pl.format("S{}", pl.int_range(1, pl.len() + 1).cast(pl.String).str.zfill(7)).alias("spell_id"), pl.all()
    )


def _employers(
    rng: np.random.Generator,
    province: Province,
    base: pl.DataFrame,
    person: npt.NDArray[np.int64],
    town: npt.NDArray[np.int64],
    kind: npt.NDArray[np.int64],
    region: npt.NDArray[np.str_],
) -> tuple[npt.NDArray[np.str_], npt.NDArray[np.str_]]:
    """Employer name and kind of each spell; people of one district meet in the same firms."""
    count = len(person)
    district = np.unique([t.parent for t in province.townships], return_inverse=True)[1][town]
    local = np.array(
        [
            [f"{d.name[:-1]}{_brand(n + 7 * i)}{_FIRM_KINDS[(n + i) % len(_FIRM_KINDS)]}" for n in range(_LOCAL_FIRMS)]
            for i, d in enumerate(province.districts)
        ]
    )
    farms = np.array(
        [
            [f"{d.name[:-1]}{_brand(n + 5 * i + 3)}种植专业合作社" for n in range(_FARMS)]
            for i, d in enumerate(province.districts)
        ]
    )
    far = np.array([f"{_FAR_CITIES[n % len(_FAR_CITIES)]}{_brand(n)}{_FIRM_KINDS[n % 5]}" for n in range(_FAR_FIRMS)])
    # A few firms take most people: squaring a uniform draw makes the low numbers likelier.
    local_choice = (rng.random(count) ** 2 * _LOCAL_FIRMS).astype(int)
    far_choice = (rng.random(count) ** 2 * _FAR_FIRMS).astype(int)
    farm_choice = (rng.random(count) ** 2 * _FARMS).astype(int)
    town_names = np.array([t.name for t in province.townships])
    villages = base["village"].gather(pl.Series(person)).to_numpy()
    committee = np.array([f"{t}{v}公益岗位办" for t, v in zip(town_names[town], villages, strict=True)], dtype=str)
    near = np.isin(region, ["in_township", "in_county"])
    nameless = (kind == 2) & (rng.random(count) < 0.6)
    name = np.select(
        [kind == 3, nameless, kind == 1, near],
        [committee, "", farms[district, farm_choice], local[district, local_choice]],
        far[far_choice],
    )
    draw = rng.random(count)
    employer_kind = np.select(
        [kind == 3, nameless, kind == 1, draw < 0.72, draw < 0.93],
        ["village_public_post", "", "farm_or_cooperative", "firm", "sole_trader"],
        "state_firm",
    )
    return name, employer_kind


def _brand(number: int) -> str:
    size = len(_BRANDS)
    return _BRANDS[number * 3 % size] + _BRANDS[(number * 5 + number // size + 1) % size]
