"""Where people work and are served: workshops, bases, stations and labour streets; and the fairs, classes and visits."""

from __future__ import annotations

from datetime import date, timedelta

import numpy as np
import polars as pl

from zaoxue.demo import showcase as planted
from zaoxue.demo.people import as_dates, day_number
from zaoxue.demo.places import Province
from zaoxue.demo.showcase import Showcase

_USCC = "0123456789ABCDEFGHJKLMNPQRTUWXY"
_PROGRAMMES = {"community_factory": "workshop", "assistance_base": "base"}
_FARM = "茶果菌药竹桑禽渔"


def simulate_sites(
    rng: np.random.Generator, province: Province, spells: pl.DataFrame, last_day: date, showcase: Showcase | None
) -> pl.DataFrame:
    """One row for each site that was ever recognised.

    The employers of workshop and base spells are the workshops and bases. `own_workers` and `own_assisted` are people at work
    there whom no township of the demo lists; the headcount of a day adds those it does.
    """
    employers = (
        spells.filter(pl.col("special_programme").is_in(list(_PROGRAMMES)))
        .with_columns(
            pl.col("special_programme").replace_strict(_PROGRAMMES, return_dtype=pl.String).alias("site_kind")
        )
        .group_by("district_code", "site_kind", "employer_name")
        .agg(
            pl.col("started_on").min().alias("first"),
            pl.col("township_code").min().alias("area_code"),
            pl.when(pl.col("ended_on").is_null().any()).then(None).otherwise(pl.col("ended_on").max()).alias("last"),
        )
        .sort("district_code", "site_kind", "employer_name")
        .rename({"employer_name": "site_name"})
    )
    if showcase is not None:
        employers = _with_planted_bases(province, showcase, employers)
    firms = _firms(rng, employers, last_day, showcase)
    places = pl.concat([firms, _stations(rng, province)]).sort("district_code", "site_kind", "site_name", "area_code")
    names = {t.code: t.name for t in province.townships}
    numbered = places.with_columns(pl.int_range(1, pl.len() + 1).over("district_code").alias("number")).with_columns(
        pl.format("ZT{}{}", "district_code", pl.col("number").cast(pl.String).str.zfill(3)).alias("site_code"),
        pl.col("area_code").replace_strict(names, return_dtype=pl.String).alias("area_name"),
    )
    codes = [
        credit_code(district, number) for district, number in numbered.select("district_code", "number").iter_rows()
    ]
    return numbered.with_columns(
        pl.when(pl.col("site_kind").is_in(["workshop", "base"])).then(pl.Series(codes)).alias("credit_code"),
        pl.format("{}产业路{}号", "area_name", "number").alias("site_address"),
        pl.lit(False).alias("is_relocation_site"),
        (pl.col("number") % 9 == 0).alias("is_cooperation_programme"),
    ).drop("number")


def _with_planted_bases(province: Province, showcase: Showcase, employers: pl.DataFrame) -> pl.DataFrame:
    """As many bases in the showcase as planted: growers join the firms that are there."""
    own = employers.filter(showcase.has(), pl.col("site_kind") == "base").height
    towns = [t for t in province.townships if t.parent == showcase.district_code]
    extra = [
        {
            "district_code": showcase.district_code,
            "site_kind": "base",
            "site_name": f"{towns[n % len(towns)].name}{_FARM[n % len(_FARM)]}业帮扶基地{n // len(_FARM) + 1}",
            "first": date(2025, 3, 1) + timedelta(days=n),
            "area_code": towns[n % len(towns)].code,
            "last": None,
        }
        for n in range(max(planted.BASES - own, 0))
    ]
    return pl.concat([employers, pl.DataFrame(extra, schema=employers.schema)]) if extra else employers


def _firms(
    rng: np.random.Generator, employers: pl.DataFrame, last_day: date, showcase: Showcase | None
) -> pl.DataFrame:
    count = employers.height
    first = employers["first"].cast(pl.Int32).to_numpy().astype(np.int64)
    quiet = pl.col("last") < last_day - timedelta(days=60)
    if showcase is not None:
        quiet &= ~showcase.has()
    assisted = rng.integers(1, 9, count)
    turn = pl.int_range(pl.len()).over("district_code", "site_kind")
    level = (
        pl.when(pl.col("site_kind") == "workshop")
        .then(pl.lit("county"))
        .when(turn < (planted.NATIONAL_BASES if showcase is not None else 1), _is_of(showcase))
        .then(pl.lit("national"))
        .when(turn < 12)
        .then(pl.lit("province"))
        .when(turn < 30)
        .then(pl.lit("city"))
        .otherwise(pl.lit("county"))
    )
    return employers.select(
        "district_code",
        "site_kind",
        "site_name",
        "area_code",
        level.alias("level"),
        as_dates(first - rng.integers(30, 900, count)).alias("recognised_on"),
        pl.when(quiet).then(pl.col("last") + timedelta(days=30)).alias("withdrawn_on"),
        pl.Series("own_workers", assisted + rng.integers(4, 60, count)),
        pl.Series("own_assisted", assisted),
        pl.lit(None, pl.Int64).alias("served_a_month"),
    )


def _is_of(showcase: Showcase | None) -> pl.Expr:
    return showcase.has() if showcase is not None else pl.lit(False)


def _stations(rng: np.random.Generator, province: Province) -> pl.DataFrame:
    """A service station in each township, a labour street in each district's first one."""
    rows = [(t.parent, "station", f"{t.name}就业服务站", t.code) for t in province.townships]
    first = {t.parent: t for t in reversed(province.townships)}
    rows += [(d.code, "street", f"{d.name}零工一条街", first[d.code].code) for d in province.districts]
    count = len(rows)
    frame = pl.DataFrame(rows, schema=["district_code", "site_kind", "site_name", "area_code"], orient="row")
    return frame.with_columns(
        pl.when(pl.col("site_kind") == "station").then(pl.lit("township")).otherwise(pl.lit("county")).alias("level"),
        as_dates(day_number(date(2023, 1, 1)) + rng.integers(0, 700, count)).alias("recognised_on"),
        pl.lit(None, pl.Date).alias("withdrawn_on"),
        pl.lit(None, pl.Int64).alias("own_workers"),
        pl.lit(None, pl.Int64).alias("own_assisted"),
        pl.Series("served_a_month", rng.integers(6, 40, count)),
    )


def credit_code(district_code: str, number: int) -> str:
    """A unified social credit code of a firm that does not exist (GB 32100): its division is one of the demo's."""
    body = f"91{district_code}MA{number:07d}"
    total = sum(_USCC.index(character) * pow(3, place, 31) for place, character in enumerate(body))
    return body + _USCC[(31 - total % 31) % 31]


def simulate_events(rng: np.random.Generator, province: Province, first_day: date, last_day: date) -> pl.DataFrame:
    """One row for each fair, class or visit of a district; some two to four kinds a quarter."""
    rows = []
    for district in province.districts:
        for kind, name, gap in (
            ("fair", "专场招聘会", 31),
            ("online_fair", "直播带岗", 47),
            ("class", "就业指导课堂", 38),
            ("visit", "入户走访", 24),
        ):
            day, number = first_day + timedelta(days=int(rng.integers(3, gap))), 1
            while day <= last_day:
                rows.append((district.code, kind, f"{district.name}{name}第{number}场", day))
                day, number = day + timedelta(days=int(rng.integers(gap - 6, gap + 7))), number + 1
    frame = pl.DataFrame(rows, schema=["district_code", "event_kind", "event_name", "started_on"], orient="row")
    count = frame.height
    fair = frame["event_kind"].is_in(["fair", "online_fair"]).to_numpy()
    visit = (frame["event_kind"] == "visit").to_numpy()
    came = np.where(fair, rng.integers(60, 420, count), rng.integers(12, 60, count))
    jobs = rng.integers(80, 900, count)
    signed = (came * rng.uniform(0.08, 0.3, count)).astype(np.int64)
    at_work = (signed * rng.uniform(0.3, 0.95, count)).astype(np.int64)

    def part(whole: np.ndarray[tuple[int], np.dtype[np.int64]]) -> np.ndarray[tuple[int], np.dtype[np.int64]]:
        return (whole * rng.uniform(0.2, 0.8, count)).astype(np.int64)

    def only(
        values: np.ndarray[tuple[int], np.dtype[np.int64]], where: np.ndarray[tuple[int], np.dtype[np.bool_]]
    ) -> pl.Expr:
        return pl.when(pl.Series(where)).then(pl.Series(values))

    return frame.with_columns(
        (pl.col("started_on") + pl.duration(days=pl.when(pl.col("event_kind") == "class").then(1).otherwise(0))).alias(
            "ended_on"
        ),
        only(rng.integers(8, 70, count), fair).alias("employers"),
        only(jobs, fair).alias("jobs_offered"),
        only(part(jobs), fair).alias("assisted_jobs"),
        pl.Series("attendees", came),
        pl.Series("assisted_attendees", part(came)),
        only(signed, ~visit).alias("agreements"),
        only(part(signed), ~visit).alias("assisted_agreements"),
        only(at_work, ~visit).alias("placed_in_month"),
        only(part(at_work), ~visit).alias("assisted_placed_in_month"),
        pl.lit(False).alias("is_cooperation_programme"),
        pl.lit(False).alias("at_settlement"),
        pl.col("event_name").str.slice(0, 3).alias("place"),
    ).sort("district_code", "started_on", "event_kind")
