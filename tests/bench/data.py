"""A province's placement ledgers for the bench: what townships send, and the same rows already clean.

Made from a fixed seed; identity numbers are of province 99, which does not exist. One file is one township's ledger
of 1,000 rows x 20 columns. Every fourth file writes dates another way, every second one is GB18030; about 0.4 % of the
rows break a rule, so that the gate has something to keep out.
"""

from __future__ import annotations

import os
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path

import numpy as np
import polars as pl
import xlsxwriter

from zaoxue.contracts import Contract, load_contracts
from zaoxue.inbox.discover import SHANGHAI
from zaoxue.settings import load_settings

ROWS = 1000
TOWNS = 40  # in a district
DISTRICTS = 25  # in a prefecture
COLUMNS = (
    "name",
    "person_id",
    "channel",
    "region",
    "employment_type",
    "employer_name",
    "employer_kind",
    "occupation",
    "special_programme",
    "started_on",
    "ended_on",
    "end_reason",
    "monthly_wage",
    "contract_months",
    "internship_subsidy",
    "job_seeking_subsidy",
    "transport_subsidy",
    "work_address",
    "phone",
    "note",
)
DATES = ("started_on", "ended_on")
NUMBERS = ("monthly_wage", "contract_months", "internship_subsidy", "job_seeking_subsidy", "transport_subsidy")
CODED = ("channel", "region", "employment_type", "employer_kind", "occupation", "special_programme", "end_reason")
REQUIRED = ("name", "person_id", "channel", "region", "employment_type", "started_on", "contract_months")
_DATE_STYLES = ("%Y-%m-%d", "%Y/%m/%d", "%Y.%m.%d", "%Y年%m月%d日")
_SURNAMES = "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗"
_GIVEN = "伟芳娜敏静丽强磊军洋勇艳杰娟涛明超秀霞平刚桂"
_WEIGHTS = np.array([7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2])


@dataclass(frozen=True)
class Town:
    """The sender of one file."""

    number: int

    @property
    def district(self) -> str:
        """Six digits: 99, prefecture, district."""
        district = self.number // TOWNS
        return f"99{district // DISTRICTS + 1:02d}{district % DISTRICTS + 1:02d}"

    @property
    def code(self) -> str:
        """Nine digits."""
        return f"{self.district}{self.number % TOWNS + 1:03d}"

    @property
    def folder(self) -> str:
        """Its folder in the inbox."""
        return f"{self.district}_某县/{self.code}_某镇"


def placement_contract() -> Contract:
    """The contract that names the headers and labels."""
    return load_contracts(load_settings().contracts)["placement"]


def ledger(town: Town, contract: Contract) -> pl.DataFrame:
    """The clean rows of one town (typed; code columns hold labels)."""
    random = np.random.default_rng(town.number)
    started = date(2025, 1, 1)
    began = random.integers(0, 480, ROWS)
    ended = random.random(ROWS) < 0.3
    frame = {
        "name": _picked(random, _SURNAMES) + _picked(random, _GIVEN) + _picked(random, _GIVEN),
        "person_id": _identity_numbers(town),
        **{name: _labels(random, contract, name) for name in CODED},
        "employer_name": pl.Series([f"某某{i}号纺织有限公司" for i in random.integers(0, 3000, ROWS)]),
        "started_on": pl.Series([started + timedelta(days=int(d)) for d in began]),
        "ended_on": pl.Series(
            [started + timedelta(days=int(d) + 20) if e else None for d, e in zip(began, ended, strict=True)],
            dtype=pl.Date,
        ),
        "monthly_wage": pl.Series(random.integers(20, 90, ROWS) * 100),
        "contract_months": pl.Series(random.integers(1, 37, ROWS)),
        **{name: _sometimes(random, pl.Series(random.integers(1, 10, ROWS) * 100), 0.2) for name in NUMBERS[2:]},
        "work_address": pl.Series([f"某省某市某区某某路{i}号" for i in random.integers(1, 999, ROWS)]),
        "phone": pl.Series([f"139{i:08d}" for i in random.integers(0, 10**8, ROWS)]),
        "note": _sometimes(random, pl.Series(["外出务工，每季度回访一次"] * ROWS), 0.1),
    }
    table = pl.DataFrame(frame).select(COLUMNS)
    closed = pl.col("ended_on").is_not_null()
    return table.with_columns(pl.when(closed).then("end_reason").alias("end_reason"))


def as_sent(clean: pl.DataFrame, town: Town, contract: Contract) -> pl.DataFrame:
    """The same rows as text under the template's headers: dates in the town's own way, 0.4 % of them broken."""
    random = np.random.default_rng(town.number + 10**6)
    style = _DATE_STYLES[town.number // 2 % len(_DATE_STYLES)]
    wrong_id, wrong_date = (pl.Series(random.random(ROWS) < 0.002) for _ in range(2))
    return (
        clean.with_columns(pl.col(*DATES).dt.strftime(style), pl.col(*NUMBERS).cast(pl.String))
        .with_columns(
            pl.when(wrong_id).then(pl.col("person_id").str.slice(0, 17)).otherwise("person_id").alias("person_id"),
            pl.when(wrong_date).then(pl.lit("不详")).otherwise("started_on").alias("started_on"),
        )
        .rename({name: contract.by_name[name].label for name in COLUMNS})
    )


def change_rows(clean: pl.DataFrame, town: Town) -> pl.DataFrame:
    """1 % of the rows with another wage: what a township sends again a month later."""
    random = np.random.default_rng(town.number + 2 * 10**6)
    changed = np.zeros(ROWS, dtype=bool)
    changed[random.choice(ROWS, ROWS // 100, replace=False)] = True
    wage = pl.col("monthly_wage")
    return clean.with_columns(pl.when(pl.Series(changed)).then(wage + 1).otherwise(wage).alias("monthly_wage"))


def write_province(folder: Path, files: int, *, suffix: str = ".csv", resent: bool = False) -> None:
    """Write the first towns' files to `folder`/inbox and the same rows already clean to `folder`/clean.csv.

    With `resent` also what they send a month later, 1 % of the rows changed, to `folder`/resent.
    """
    contract = placement_contract()
    folder.mkdir(parents=True)
    with (folder / "clean.csv").open("wb") as clean_file:
        for town in map(Town, range(files)):
            clean = ledger(town, contract)
            clean.write_csv(clean_file, include_header=False)
            _deliver(folder / "inbox", "5", "2026-06-03T10:00", suffix, town, as_sent(clean, town, contract))
            if resent:
                again = as_sent(change_rows(clean, town), town, contract)
                _deliver(folder / "resent", "6", "2026-07-02T10:00", suffix, town, again)
    _write_registry(folder / "inbox", files)


def _deliver(inbox: Path, month: str, received: str, suffix: str, town: Town, sent: pl.DataFrame) -> None:
    path = inbox / town.folder / f"就业台账_2026年{month}月{suffix}"
    path.parent.mkdir(parents=True, exist_ok=True)
    if suffix == ".csv":
        path.write_bytes(sent.write_csv().encode("gb18030" if town.number % 2 else "utf-8"))
    else:
        _write_workbook(path, sent)
    instant = datetime.fromisoformat(received).replace(tzinfo=SHANGHAI).timestamp()
    os.utime(path, (instant, instant))


def _write_registry(inbox: Path, files: int) -> None:
    towns = [Town(number) for number in range(files)]
    districts = sorted({town.district for town in towns})
    lines = ["organisation_code,name,kind,parent_code,opened_on", "99,某省,province,,2026-05-01"]
    lines += [f"{code},某市{code},prefecture,99,2026-05-01" for code in sorted({d[:4] for d in districts})]
    lines += [f"{code},某县{code},district,{code[:4]},2026-05-01" for code in districts]
    lines += [f"{town.code},某镇{town.code},township,{town.district},2026-05-01" for town in towns]
    (inbox / "organisations.csv").write_text("\n".join(lines) + "\n", encoding="utf-8")


def _write_workbook(path: Path, sent: pl.DataFrame) -> None:
    with xlsxwriter.Workbook(path, {"constant_memory": True}) as workbook:
        sheet = workbook.add_worksheet("就业台账")
        for number, row in enumerate([tuple(sent.columns), *sent.rows()]):
            sheet.write_row(number, 0, row)


def _identity_numbers(town: Town) -> pl.Series:
    """Distinct, with the right check digit (GB 11643)."""
    first = town.number % TOWNS * ROWS
    days = [(date(1965, 1, 1) + timedelta(days=(first + i) // 500)).strftime("%Y%m%d") for i in range(ROWS)]
    heads = [f"{town.district}{day}{(first + i) % 500 + 1:03d}" for i, day in enumerate(days)]
    digits = np.array([[int(d) for d in head] for head in heads])
    check = digits @ _WEIGHTS % 11
    return pl.Series([head + "10X98765432"[c] for head, c in zip(heads, check, strict=True)])


def _picked(random: np.random.Generator, options: str) -> pl.Series:
    return pl.Series([options[i] for i in random.integers(0, len(options), ROWS)])


def _labels(random: np.random.Generator, contract: Contract, name: str) -> pl.Series:
    labels = list(contract.by_name[name].codes)
    picked = pl.Series([labels[i] for i in random.integers(0, len(labels), ROWS)])
    return picked if name in REQUIRED else _sometimes(random, picked, 0.7)


def _sometimes(random: np.random.Generator, values: pl.Series, share: float) -> pl.Series:
    return pl.select(pl.when(pl.Series(random.random(ROWS) < share)).then(values)).to_series()
