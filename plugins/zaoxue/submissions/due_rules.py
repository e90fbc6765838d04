"""When a feed is owed: the due times of its contract, and what `due_times.csv` changes for an area or some periods."""

from __future__ import annotations

import csv
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, time, timedelta
from pathlib import Path
from typing import Any

from zaoxue.contracts import Contract, ContractError
from zaoxue.periods import bounds, period_of

OVERRIDES_FILE = "due_times.csv"
_COLUMNS = ["organisation_code", "feed", "property", "value", "first_period", "last_period", "reason"]
_CHOICES = {"dueIn": ("following", "current"), "dueOnDayOff": ("next_working_day", "same_day")}
_NUMBERS = {
    "dueWorkingDay": (1, 60),
    "dueDay": (1, 366),
    "graceWorkingDays": (0, 60),
    "remindWorkingDays": (0, 60),
    "escalateWorkingDays": (0, 250),
    "lockWorkingDays": (0, 250),
}
_PROPERTIES = {*_CHOICES, *_NUMBERS, "dueTime"}
_LONGEST = {"day": 1, "week": 7, "month": 31, "quarter": 92, "year": 366}  # days


@dataclass(frozen=True)
class DueRule:
    """How the due time of a period is counted.

    Due on the `working_day`-th working day, or on the `day`-th day (the last one where there are fewer; `moves`: on the
    next working day where that one is free), of the period itself (`due_in` current) or the one after it, at `due_time`
    Asia/Shanghai. The rest counts working days: grace after the due day, a reminder before it, escalation after the
    grace, the lock after the due day; 0 for the last three means never.
    """

    due_in: str
    working_day: int | None
    day: int | None
    moves: bool
    due_time: time
    grace: int
    remind: int
    escalate: int
    lock: int

    def count_from(self, frequency: str, period: str) -> tuple[date, int | None]:
        """The day to count from, and the working day to take on or after it; None: that very day."""
        start, end = bounds(period)
        first, last = start, end
        if self.due_in == "following":
            first = end + timedelta(days=1)
            last = bounds(period_of(first, frequency))[1]
        if self.day is None:
            return first, self.working_day
        return min(first + timedelta(days=self.day - 1), last), 1 if self.moves else None


@dataclass(frozen=True)
class Override:
    """One line of due_times.csv: one property of one feed (`*`: all) for an organisation and all below it."""

    organisation_code: str
    feed: str
    property: str
    value: str
    first_day: date | None
    last_day: date | None

    def holds(self, feed: str, period: str) -> bool:
        """Whether it holds for a feed and a period: the whole period must lie within first_period to last_period."""
        start, end = bounds(period)
        return (
            self.feed in ("*", feed)
            and (self.first_day is None or self.first_day <= start)
            and (self.last_day is None or end <= self.last_day)
        )


def due_rule(contract: Contract, changed: Mapping[str, str] | None = None) -> DueRule:
    """The rule of a contract, with the properties that an override changes. Raises ContractError where it makes no sense."""
    sla = dict(contract.sla)
    if changed:
        for one, other in (("dueDay", "dueWorkingDay"), ("dueWorkingDay", "dueDay")):
            if one in changed:
                sla.pop(other, None)
        sla |= changed
    try:
        given = {name: int(sla[name]) for name in _NUMBERS if name in sla}
        due_time = time.fromisoformat(str(sla["dueTime"]))
    except (KeyError, ValueError, TypeError) as error:
        raise ContractError(
            f"{contract.feed}: slaProperties need dueTime, and whole numbers of days ({type(error).__name__}: {error})"
        ) from error
    _check(contract, sla, given)
    return DueRule(
        due_in=str(sla.get("dueIn", "following")),
        working_day=given.get("dueWorkingDay"),
        day=given.get("dueDay"),
        moves=sla.get("dueOnDayOff", "next_working_day") == "next_working_day",
        due_time=due_time,
        grace=given.get("graceWorkingDays", 0),
        # A reminder every day is none.
        remind=given.get("remindWorkingDays", 0 if contract.frequency == "day" else 1),
        escalate=given.get("escalateWorkingDays", 3),
        lock=given.get("lockWorkingDays", 0),
    )


def _check(contract: Contract, sla: Mapping[str, Any], given: Mapping[str, int]) -> None:
    if ("dueWorkingDay" in given) == ("dueDay" in given):
        raise ContractError(f"{contract.feed}: slaProperties need either dueWorkingDay or dueDay")
    for name, number in given.items():
        low, high = _NUMBERS[name]
        if name == "dueDay":
            high = _LONGEST[str(contract.frequency)]
        if not low <= number <= high:
            raise ContractError(f"{contract.feed}: {name} must be {low} to {high}")
    for name, choices in _CHOICES.items():
        if str(sla.get(name, choices[0])) not in choices:
            raise ContractError(f"{contract.feed}: {name} must be one of {', '.join(choices)}")
    if 0 < given.get("lockWorkingDays", 0) < given.get("graceWorkingDays", 0):
        raise ContractError(f"{contract.feed}: lockWorkingDays must not end before graceWorkingDays")


def read_overrides(contracts: Path) -> list[Override]:
    """The lines of due_times.csv beside the contracts; none where there is no such file. Raises ContractError."""
    path = contracts / OVERRIDES_FILE
    if not path.is_file():
        return []
    with path.open(encoding="utf-8-sig", newline="") as lines:
        reader = csv.DictReader(lines)
        if reader.fieldnames != _COLUMNS:
            raise ContractError(f"{OVERRIDES_FILE}: the columns must be {', '.join(_COLUMNS)}")
        return [_override(reader.line_num, line) for line in reader]


def _override(number: int, line: Mapping[str, str | None]) -> Override:
    cells = {name: (line.get(name) or "").strip() for name in _COLUMNS}
    if not cells["organisation_code"] or not cells["feed"] or cells["property"] not in _PROPERTIES:
        raise ContractError(
            f"{OVERRIDES_FILE} line {number}: needs organisation_code, feed (or *) and a property, one of "
            + ", ".join(sorted(_PROPERTIES))
        )
    try:
        first = bounds(cells["first_period"])[0] if cells["first_period"] else None
        last = bounds(cells["last_period"])[1] if cells["last_period"] else None
    except ValueError as error:
        raise ContractError(f"{OVERRIDES_FILE} line {number}: {error}") from error
    return Override(cells["organisation_code"], cells["feed"], cells["property"], cells["value"], first, last)


def overridden(
    contract: Contract, overrides: list[Override], lineage: Mapping[str, tuple[str, ...]]
) -> Iterator[tuple[str, list[Override]]]:
    """Organisations for which lines of due_times.csv change a feed, each with its lines, its parents' first.

    `lineage`: organisation -> itself and its parents, the nearest first.
    """
    named = {o.organisation_code for o in overrides if o.feed in ("*", contract.feed)}
    for code in sorted(named):
        if code in lineage:
            yield (
                code,
                [o for above in reversed(lineage[code]) for o in overrides if o.organisation_code == above],
            )
