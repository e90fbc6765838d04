"""A year of sending and what must be judged and told of it, from the rules in plain Python. Calls none of our code."""

from __future__ import annotations

import random
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

BEIJING = ZoneInfo("Asia/Shanghai")
HOUR = timedelta(hours=1)
Fact = tuple[str, str, str, str, str, str, str]  # section, feed, period, organisation, due, since, reason

# The State Council's notice for 2026. For 2027 there is none: Monday to Friday.
_FREE = {
    date(2026, *day)
    for first, last in [((1, 1), (1, 3)), ((2, 15), (2, 23)), ((4, 4), (4, 6)), ((5, 1), (5, 5)), ((6, 19), (6, 21)),
                        ((9, 25), (9, 27)), ((10, 1), (10, 7))]
    for day in [(first[0], number) for number in range(first[1], last[1] + 1)]
}  # fmt: skip
_MADE_UP = {date(2026, *day) for day in [(1, 4), (2, 14), (2, 28), (5, 9), (9, 20), (10, 10)]}


def is_worked(day: date) -> bool:
    """Whether a day is a working day."""
    return day in _MADE_UP or (day.weekday() < 5 and day not in _FREE)


def working_days_on(day: date, number: int) -> date:
    """The day itself for 0, else the number-th working day after (or, below 0, before) it."""
    step = timedelta(days=1 if number > 0 else -1)
    while number:
        day += step
        number -= (1 if number > 0 else -1) * is_worked(day)
    return day


def midnight(day: date) -> datetime:
    """When a day begins."""
    return datetime.combine(day, time(), BEIJING)


@dataclass
class Version:
    """A file: when it was delivered, when the night registered it, its states from then on, and why it was returned."""

    id: str
    received: datetime
    registered: datetime
    states: list[tuple[datetime, str]]
    is_nil: bool = False
    reason: tuple[str, str] | None = None

    def state(self, at: datetime) -> str | None:
        known = [state for since, state in self.states if since <= at]
        return known[-1] if known else None


@dataclass
class Owed:
    """One obligation, what happened to it, and what has been told of it."""

    organisation: str
    name: str
    name_above: str
    recipient: str
    is_bank: bool
    feed: str
    period: str
    start: date
    end: date
    due: datetime
    grace: datetime
    remind: datetime | None
    escalate: datetime
    versions: list[Version] = field(default_factory=list)
    waived: datetime | None = None
    told: set[str] = field(default_factory=set)

    def judge(self, at: datetime) -> tuple[str, str | None]:
        """State and reason at an instant, as known then."""
        known = [(v.received, v.registered, v) for v in self.versions if v.received <= at]
        standing = sorted((r, g, v.id) for r, g, v in known if v.state(at) in ("accepted", "accepted_with_rejects"))
        if self.waived is not None and self.waived <= at:
            return "waived", None
        if standing:
            by_id = {v.id: v for v in self.versions}
            if by_id[standing[-1][2]].is_nil:
                return "nil", None
            return ("on_time" if standing[0][0] <= self.due else "late"), None
        states = {v.state(at) for _, _, v in known}
        if "received" in states:
            return "due", "held"
        was_rejected = "rejected" in states
        if at > self.grace:
            return "missing", "rejected" if was_rejected else "nothing received"
        over = midnight(self.end + timedelta(days=1))
        state = "due" if at >= over or self.due < over else "not_due"
        return state, "rejected" if was_rejected else None

    def instants(self) -> list[datetime]:
        """Instants at which its state, or what must be told of it, may change."""
        found = [midnight(self.start), midnight(self.end + timedelta(days=1)), self.due, self.grace, self.escalate]
        found += [self.remind] if self.remind else []
        found += [self.waived] if self.waived else []
        found += [since for version in self.versions for since, _ in version.states]  # unknown before it is registered
        return found

    def returned(self, at: datetime) -> Version:
        """The latest rejected file."""
        rejected = [v for v in self.versions if v.received <= at and v.state(at) == "rejected"]
        return max(rejected, key=lambda v: v.received)


def send_at_random(chance: random.Random, owed: Owed, loads: list[datetime], first_day: date) -> None:
    """Decide what happens to one obligation: in time, late, never, nil, waived, rejected, mended, held, withdrawn."""

    def deliver(earliest: datetime, latest: datetime, state: str, **more: Any) -> datetime:
        begin = max(earliest, midnight(first_day) + HOUR)
        received = (begin + chance.random() * max(latest - begin, timedelta())).replace(microsecond=0)
        registered = next((load for load in loads if load > received), None)
        if registered is None:
            return received
        states = [(registered, state)]
        for later, when in more.pop("then", []):
            states.append((registered + when, later))
        number = len(owed.versions)
        owed.versions.append(
            Version(f"{owed.organisation}-{owed.feed}-{owed.period}-{number}", received, registered, states, **more)
        )
        return received

    early, two_days = owed.due - timedelta(days=4), timedelta(days=2)
    reason = (f"没有可认的表头 {owed.organisation}", f"No header row was found {owed.organisation}")
    kind = chance.choices(
        ["on_time", "late", "very_late", "never", "nil", "waived", "waived_late", "rejected", "mended", "mended_late",
         "held", "withdrawn", "edge", "returned_and_nil"],
        [40, 8, 6, 6, 6, 3, 4, 3, 5, 6, 3, 4, 3, 3],
    )[0]  # fmt: skip
    match kind:
        case "on_time":
            deliver(early, owed.due, chance.choice(["accepted", "accepted_with_rejects"]))
        case "late":
            deliver(owed.due, owed.grace, "accepted")
        case "very_late":
            deliver(owed.grace, owed.grace + timedelta(days=12), "accepted")
        case "nil":
            deliver(early, owed.grace + two_days, "accepted", is_nil=True)
        case "waived" | "waived_late":
            owed.waived = owed.due + timedelta(hours=chance.randint(-60, 0) if kind == "waived" else 24 * 8 + 3)
        case "rejected":
            deliver(early, owed.grace + two_days, "rejected", reason=reason)
        case "mended":
            returned = deliver(early, owed.due, "rejected", reason=reason)
            deliver(returned, owed.grace, "accepted")
        case "mended_late":
            returned = deliver(early, owed.grace, "rejected", reason=reason)
            returned = deliver(returned, owed.grace + two_days, "rejected", reason=reason)
            deliver(max(returned, owed.grace), owed.grace + timedelta(days=15), "accepted_with_rejects")
        case "held":
            then = [(chance.choice(["accepted", "withdrawn"]), timedelta(hours=chance.randint(5, 90)))]
            deliver(early, owed.due, "received", then=then)
        case "withdrawn":
            then = [("withdrawn", timedelta(hours=chance.randint(10, 300)))]
            sent = deliver(early, owed.grace + two_days, "accepted", then=then)
            if chance.random() < 0.6:
                deliver(sent + timedelta(days=9), owed.grace + timedelta(days=25), "accepted")
        case "edge":
            moment = chance.choice([owed.due, owed.due + timedelta(seconds=1), owed.grace, owed.grace + HOUR])
            deliver(moment, moment - timedelta(days=1), "accepted")
        case "returned_and_nil":
            deliver(early, owed.due, "rejected", reason=reason)
            deliver(owed.grace, owed.grace + timedelta(days=4), "accepted", is_nil=True)


def clock(instant: datetime) -> str:
    """As a message writes it."""
    local = instant.astimezone(BEIJING)
    if (local.hour, local.minute) == (0, 0):
        return f"{(local - timedelta(days=1)):%Y-%m-%d} 24:00"
    return f"{local:%Y-%m-%d %H:%M}"


def tell(all_owed: list[Owed], at: datetime, read_until: datetime, parents: dict[str, str]) -> dict[str, set[Fact]]:
    """What must be told at an instant, by recipient; remembers it. `read_until`: the last night's look into the inbox."""
    messages: dict[str, set[Fact]] = {}
    for owed in all_owed:
        if midnight(owed.start) >= at:
            continue
        state, reason = owed.judge(at)
        told, due = owed.told, clock(owed.due)
        here, above = messages.setdefault(owed.recipient, set()), messages.setdefault(parents[owed.recipient], set())
        feed = owed.feed.replace("_", " ")
        place, place_above = (feed, owed.period, owed.name), (feed, owed.period, owed.name_above)
        why = owed.returned(at).reason if reason == "rejected" else None
        english = why[1] if why else ""
        is_missed = state == "missing" and owed.grace < read_until
        if state in ("on_time", "late", "nil", "waived"):
            if told & {"missing", "rejected"}:
                here.add(("mended", *place, "", "", ""))
                if "escalated" in told:
                    above.add(("mended", *place_above, "", "", ""))
                owed.told = told & {"reminder"}  # a new episode
            continue
        if owed.remind and owed.remind <= at <= owed.due and reason is None and "reminder" not in told:
            here.add(("reminder", *place, due, "", ""))
            told.add("reminder")
        new = {"missing"} if is_missed and "missing" not in told else set()
        new |= {"rejected"} if reason == "rejected" and "rejected" not in told else set()
        if new:
            if state == "missing":
                section = "missing_rejected" if reason == "rejected" else "missing"
                here.add((section, *place, due, clock(owed.grace), english))
            else:
                here.add(("rejected", *place, due, clock(owed.returned(at).received), english))
            told |= new
        if is_missed and at > owed.escalate and "escalated" not in told:
            above.add(("escalated", *place_above, due, clock(owed.grace), english))
            told.add("escalated")
    return {recipient: facts for recipient, facts in messages.items() if facts}
