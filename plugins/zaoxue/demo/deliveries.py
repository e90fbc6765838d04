"""Who sends which file when: the plan of an inbox before a byte of it is written."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta

import numpy as np

from zaoxue.contracts import Contract
from zaoxue.demo.calendar_days import SHANGHAI, due_at, due_days
from zaoxue.demo.places import BANK_BY_FILE, OPENED_ON, Place, Province
from zaoxue.demo.truth import LAST_DAY
from zaoxue.periods import bounds, periods_between

TOWNSHIP_FEEDS = (
    "person",
    "training",
    "placement",
    "follow_up",
    "household",
    "assistance_plan",
    "referral",
    "dibao_exit",
)
DEMO_FEEDS = (
    "person",
    "training",
    "placement",
    "follow_up",
    "target",
    "loan",
    "household",
    "assistance_plan",
    "referral",
    "dibao_exit",
    "vacancy",
    "subsidy",
    "site",
    "event",
)


@dataclass(frozen=True)
class Delivery:
    """One file to be sent. `mark` becomes part of its name; `state` says what is special about it:

    plain, late, unreadable, first_version (to be corrected), correction, copy (same bytes as the plain file of the
    same obligation) or missing (never sent).
    """

    feed: str
    organisation: Place
    folder: str
    period: str
    due: datetime
    received: datetime
    state: str = "plain"
    mark: str = ""

    @property
    def obligation(self) -> tuple[str, str, str]:
        """(feed, organisation code, period)."""
        return self.feed, self.organisation.code, self.period


def plan_deliveries(rng: np.random.Generator, province: Province, contracts: dict[str, Contract]) -> list[Delivery]:
    """Every file that falls due from OPENED_ON to LAST_DAY, each sent in time.

    The plan is always the whole one: an earlier night sees a part of it (`sent_by`), never another one.
    """
    plan = []
    end = datetime.combine(LAST_DAY + timedelta(days=1), time(), SHANGHAI)
    for feed in DEMO_FEEDS:
        contract = contracts[feed]
        for period in periods_between(str(contract.frequency), OPENED_ON, LAST_DAY):
            due = due_at(period, contract.sla)
            if due > end:
                continue
            days = due_days(period, contract.sla)
            for organisation, folder in _senders(contract, province):
                plan.append(Delivery(feed, organisation, folder, period, due, _moment(rng, days)))
    return plan


def sent_by(plan: list[Delivery], as_of: date) -> list[Delivery]:
    """What has been sent, or should have been, by the end of `as_of`."""
    end = datetime.combine(as_of + timedelta(days=1), time(), SHANGHAI)
    return [d for d in plan if (d.due if d.state == "missing" else d.received) < end]


def disturb(
    rng: np.random.Generator, plan: list[Delivery], province: Province, spared: str | None = None
) -> list[Delivery]:
    """Let some files come late, twice, unreadable, in need of correction, or never; the number grows with the plan.

    Nothing happens to the files of the district `spared`.
    """
    silent = _silent_districts(rng, province, spared)
    months = sorted({d.period for d in plan if len(d.period) == 7})
    last_month = months[-1] if months else ""
    done = [
        replace(d, state="missing") if d.organisation.parent in silent and d.period == last_month else d for d in plan
    ]
    open_places = [
        index
        for index, d in enumerate(done)
        if d.state == "plain" and d.feed in TOWNSHIP_FEEDS and d.organisation.parent != spared
    ]
    order = [open_places[index] for index in rng.permutation(len(open_places)).tolist()]
    share = len(order) / 1500
    counts = {"missing": 7, "late": 16, "correct": 12, "copy": 7, "unreadable": 1}
    extra: list[Delivery] = []
    for what, base in counts.items():
        for _ in range(max(1, round(base * share)) if order else 0):
            index = _next(order, done, what)
            if index is None:
                break
            extra += _disturb_one(rng, done, index, what)
    return [*done, *extra]


def _disturb_one(rng: np.random.Generator, done: list[Delivery], index: int, what: str) -> list[Delivery]:
    delivery = done[index]
    match what:
        case "missing" | "unreadable":
            done[index] = replace(delivery, state=what)
        case "late":
            hours = timedelta(days=int(rng.integers(1, 11)), minutes=int(rng.integers(-420, 60)))
            done[index] = replace(delivery, state="late", received=delivery.due + hours)
        case "copy":
            later = delivery.received + timedelta(minutes=int(rng.integers(4, 200)))
            return [replace(delivery, state="copy", mark="_副本", received=later)]
        case "correct":
            done[index] = replace(delivery, state="first_version")
            mark = "_更正" if rng.random() < 0.6 else "（更正版）"
            later = delivery.received + timedelta(days=int(rng.integers(1, 10)), minutes=int(rng.integers(0, 240)))
            return [replace(delivery, state="correction", mark=mark, received=later)]
    return []


def _next(order: list[int], done: list[Delivery], what: str) -> int | None:
    """Take the next file that fits: only ledgers with facts in them are corrected."""
    for position, index in enumerate(order):
        if what != "correct" or done[index].feed in ("placement", "training"):
            return order.pop(position)
    return None


def _silent_districts(rng: np.random.Generator, province: Province, spared: str | None) -> set[str]:
    """Districts that send nothing in the last month: two of a large province, one of a small one."""
    count = min(2 if len(province.districts) >= 6 else 1, len(province.districts) - 1)
    shuffled = [province.districts[index].code for index in rng.permutation(len(province.districts)).tolist()]
    return set([code for code in shuffled if code != spared][:count])


def _senders(contract: Contract, province: Province) -> list[tuple[Place, str]]:
    if contract.submitter == "bank":
        bank = Place(BANK_BY_FILE[0], BANK_BY_FILE[1], "")
        return [(bank, bank.folder)]
    if contract.submitter == "district":
        return [(district, district.folder) for district in province.districts]
    folders = {district.code: district.folder for district in province.districts}
    return [(town, f"{folders[town.parent]}/{town.folder}") for town in province.townships]


def _moment(rng: np.random.Generator, days: list[date]) -> datetime:
    """Some minute of office hours on one of the days; on the last one before the file is due."""
    day = days[int(rng.integers(0, len(days)))]
    return datetime.combine(day, time(9), SHANGHAI) + timedelta(minutes=int(rng.integers(0, 470)))


def cut_off(period: str) -> date:
    """The day for which a ledger of the period speaks."""
    return bounds(period)[1]
