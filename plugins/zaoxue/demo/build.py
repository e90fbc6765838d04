"""Make the demo: live the eighteen months, write what the offices sent, the truth beside it, and the bank's book."""

from __future__ import annotations

import csv
import fcntl
import io
import json
import os
import shutil
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import date, datetime, time
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl

from zaoxue.contracts import load_contracts
from zaoxue.demo.calendar_days import SHANGHAI
from zaoxue.demo.damages import DamageRecord, damages_frame, plan_row_damages
from zaoxue.demo.deliveries import disturb, plan_deliveries, sent_by
from zaoxue.demo.feeds import feed_rows
from zaoxue.demo.inbox import InboxWriter
from zaoxue.demo.lending import loans_on
from zaoxue.demo.news import write_news
from zaoxue.demo.places import BANK_BY_API, OPENED_ON, build_province, registry_rows
from zaoxue.demo.truth import FIRST_DAY, LAST_DAY, Truth, simulate
from zaoxue.settings import PROJECT_ROOT

# Goes up whenever the same parameters give other files, so that an old demo is made anew.
DEMO_VERSION = 2
MARKER = "demo.json"
REGISTRY_HEADER = ("organisation_code", "name", "kind", "parent_code", "opened_on", "closed_on", "alert_urls")


class NotADemoFolderError(RuntimeError):
    """The folder holds something that no demo has written; it is left alone."""


@dataclass(frozen=True)
class DemoReport:
    """What a demo holds. `made` is False where the folder held the same demo already.

    `files` counts the inbox (articles and registry included), `damages` the planted damages by kind.
    """

    folder: Path
    made: bool
    files: int
    townships: int
    people: int
    spells: int
    trainings: int
    follow_ups: int
    loans: int
    households: int
    vacancies: int
    subsidies: int
    sites: int
    articles: int
    damages: dict[str, int]


def make_demo(
    folder: Path,
    *,
    seed: int = 7,
    people: int = 20_000,
    districts: int = 12,
    townships_per_district: int = 8,
    damage: bool = True,
    as_of: date = LAST_DAY,
) -> DemoReport:
    """Write inbox/, truth/ and bank/loans.json below `folder`, or leave it as it is if it holds the same demo.

    It holds what has been sent by the end of `as_of`; an earlier night of the same parameters holds a part of the same
    files. The folder is replaced as a whole: it is either the old demo or the new one. Raises NotADemoFolderError where it holds anything else, ValueError
    where `as_of` lies outside the simulated days.
    """
    if not OPENED_ON <= as_of <= LAST_DAY:
        raise ValueError(f"as_of must lie between {OPENED_ON} and {LAST_DAY}")
    wanted = {
        "version": DEMO_VERSION,
        "seed": seed,
        "people": people,
        "districts": districts,
        "townships_per_district": townships_per_district,
        "damage": damage,
        "as_of": as_of.isoformat(),
    }
    folder.parent.mkdir(parents=True, exist_ok=True)
    with _locked(folder.parent):
        found = _marker(folder)
        if found and found["parameters"] == wanted:
            return DemoReport(folder=folder, made=False, **found["report"])
        if not found and folder.exists() and any(folder.iterdir()):
            raise NotADemoFolderError(f"{folder} is not empty and holds no demo; choose another folder")
        draft = folder.with_name(f".{folder.name}.draft")
        shutil.rmtree(draft, ignore_errors=True)  # of a run that was killed
        truth = simulate(seed, people, build_province(districts, townships_per_district))
        report = _write(draft, truth, seed=seed, scale=people / 20_000, damage=damage, as_of=as_of, folder=folder)
        fields = {key: value for key, value in asdict(report).items() if key not in ("folder", "made")}
        (draft / MARKER).write_text(json.dumps({"parameters": wanted, "report": fields}, ensure_ascii=False, indent=1))
        _put_in_place(draft, folder)
        return report


def _write(
    draft: Path, truth: Truth, *, seed: int, scale: float, damage: bool, as_of: date, folder: Path
) -> DemoReport:
    contracts = load_contracts(PROJECT_ROOT / "expectations")
    plan = plan_deliveries(np.random.default_rng([seed, 30]), truth.province, contracts)
    frames = {key: feed_rows(truth, *key) for key in sorted({(d.feed, d.period) for d in plan})}
    row_damages = []
    if damage:
        spared = truth.showcase.district_code if truth.showcase else None
        plan = disturb(np.random.default_rng([seed, 31]), plan, truth.province, spared)
        row_damages = plan_row_damages(np.random.default_rng([seed, 32]), frames, contracts, scale, spared)
    writer = InboxWriter(draft / "inbox", seed, contracts, frames, row_damages)
    writer.write_text("organisations.csv", _registry(truth), datetime.combine(OPENED_ON, time(9), SHANGHAI))
    for delivery in sent_by(plan, as_of):
        writer.write(delivery)
    news = write_news(np.random.default_rng([seed, 50]), truth, writer, damage=damage, as_of=as_of)
    records = writer.records + _write_bank(draft / "bank" / "loans.json", truth, as_of, damage=damage)
    truth.write(draft / "truth")
    damages_frame(records).write_csv(draft / "truth" / "damages.csv")
    news.claims.write_csv(draft / "truth" / "claims.csv")
    news.cases.write_csv(draft / "truth" / "cases.csv")
    return DemoReport(
        folder=folder,
        made=True,
        files=writer.files,
        townships=len(truth.province.townships),
        people=truth.persons.height,
        spells=truth.spells.height,
        trainings=truth.trainings.height,
        follow_ups=truth.follow_ups.height,
        loans=truth.loans.height,
        households=truth.households.height,
        vacancies=truth.vacancies.height,
        subsidies=truth.subsidies.height,
        sites=truth.sites.height,
        articles=news.articles,
        damages=dict(sorted(Counter(record.kind for record in records).items())),
    )


def _registry(truth: Truth) -> bytes:
    buffer = io.StringIO(newline="")
    csv.writer(buffer, lineterminator="\n").writerows([REGISTRY_HEADER, *registry_rows(truth.province)])
    return buffer.getvalue().encode()


def _write_bank(path: Path, truth: Truth, as_of: date, *, damage: bool) -> list[DamageRecord]:
    """The book of the bank that is asked through its API: one item for each receipt as it stands on `as_of`."""
    book = loans_on(truth.loans, as_of).filter(pl.col("bank_code") == BANK_BY_API[0]).sort("issued_on", "receipt_no")
    shown = book.drop("bank_code").with_columns(pl.col(pl.Date).dt.strftime("%Y-%m-%d"))
    items: list[dict[str, Any]] = shown.to_dicts()
    records = []
    for index in range(len(items) // 3, len(items), max(len(items) // 3, 1)) if damage and len(items) > 9 else ():
        person_id = items[index]["person_id"] or ""
        items[index]["outstanding"] = items[index]["principal"] * 10
        records.append(
            DamageRecord(
                "balance_above_principal",
                BANK_BY_API[0],
                "loan",
                as_of.isoformat()[:7],
                "bank/loans.json",
                items[index]["receipt_no"],
                index + 1,
                "outstanding",
                person_id,
                "row_quarantined",
            )
        )
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps({"bank_code": BANK_BY_API[0], "items": items}, ensure_ascii=False))
    return records


@contextmanager
def _locked(folder: Path) -> Iterator[None]:
    """Two commands at once make one demo: the second waits, and finds it made. The lock goes with its process."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield
    finally:
        os.close(handle)


def _marker(folder: Path) -> dict[str, Any] | None:
    path = folder / MARKER
    return json.loads(path.read_text()) if path.exists() else None


def _put_in_place(draft: Path, folder: Path) -> None:
    """Swap the folders; between the two renames there is no demo, never half of one."""
    old = folder.with_name(f".{folder.name}.old")
    shutil.rmtree(old, ignore_errors=True)
    if folder.exists():
        folder.rename(old)
    draft.rename(folder)
    shutil.rmtree(old, ignore_errors=True)


__all__ = ["FIRST_DAY", "LAST_DAY", "DemoReport", "NotADemoFolderError", "make_demo"]
