"""The simulator's truth about the programme counted again in plain Python: households, standards, calls, subsidies, loans."""

from __future__ import annotations

from collections import defaultdict
from datetime import date, timedelta
from pathlib import Path

from tests.e2e.truth import CUT_OFF, day, key, read, visible_follow_ups, visible_spells
from tests.warehouse.retention_oracle import Known, end_of, merged_spells

QUARTER_END = date(2026, 3, 31)  # of the last quarter whose ledgers are due on the demo's last night
Rows = list[dict[str, str]]


def month_number(moment: date) -> int:
    """12 * year + month - 1."""
    return 12 * moment.year + moment.month - 1


class Programme:
    """What the ledgers of a clean province can know on its last night."""

    def __init__(self, folder: Path, secret: bytes, as_of: date) -> None:
        self.secret, self.as_of = secret, as_of
        self.persons = [r for r in read(folder, "persons") if r["registered_on"] <= QUARTER_END.isoformat()]
        self.spells = [r for r in read(folder, "spells") if r["started_on"] <= CUT_OFF.isoformat()]
        for row in self.spells:
            if row["ended_on"] > CUT_OFF.isoformat():
                row["ended_on"] = ""
        self.trainings = [r for r in read(folder, "trainings") if r["started_on"] <= CUT_OFF.isoformat()]
        self.calls = [
            r for r in read(folder, "follow_ups") if "2026-01-01" <= r["followed_up_on"] <= CUT_OFF.isoformat()
        ]
        self.households = [r for r in read(folder, "households") if r["registered_on"] <= QUARTER_END.isoformat()]
        self.plans = [r for r in read(folder, "assistance_plans") if r["planned_on"] <= QUARTER_END.isoformat()]
        self.exits = [r for r in read(folder, "dibao_exits") if r["exited_on"] <= QUARTER_END.isoformat()]
        self.subsidies = [r for r in read(folder, "subsidies") if r["paid_on"] <= QUARTER_END.isoformat()]
        self.referrals = [
            r for r in read(folder, "referrals") if "2026-01-01" <= r["referred_on"] <= QUARTER_END.isoformat()
        ]
        self.loans = read(folder, "loans")
        self.merged = merged_spells(visible_spells(folder, secret), visible_follow_ups(folder, secret), as_of)
        self.sites = [r for r in read(folder, "sites") if r["recognised_on"] <= QUARTER_END.isoformat()]

    def key(self, person_id: str) -> str:
        """Person or household key."""
        return key(self.secret, person_id)

    def village_standard(self) -> dict[tuple[str, str], tuple[int, ...]]:
        """(township, village) -> persons, willing to train, trained, able and willing, placed, served."""
        trained = {r["person_id"] for r in self.trainings}
        placed = {r["person_id"] for r in self.spells}
        served = trained | placed | {r["person_id"] for r in (*self.calls, *self.subsidies, *self.referrals)}
        planned = {r["household_head_id"] for r in self.plans}
        counts: dict[tuple[str, str], list[int]] = defaultdict(lambda: [0] * 6)
        for person in self.persons:
            who, row = person["person_id"], counts[person["township_code"], person["village"]]
            wants = bool(person["training_intent"])
            can = person["employment_intent"] == "transfer" and person["labour_ability"] not in ("none", "lost")
            is_served = who in served or person["household_head_id"] in planned
            facts = (True, wants, wants and who in trained, can, can and who in placed, is_served)
            for place, fact in enumerate(facts):
                row[place] += fact
        return {place: tuple(row) for place, row in counts.items()}

    def zero_employment(self) -> dict[str, tuple[date, date | None]]:
        """Household key -> recognised on, first day on or after it on which a member was at work."""
        spells: dict[str, list[tuple[date, date | None]]] = defaultdict(list)
        for row in self.spells:
            spells[row["person_id"]].append((date.fromisoformat(row["started_on"]), day(row["ended_on"])))
        recognised: dict[str, date] = {}
        members: dict[str, list[str]] = defaultdict(list)
        for person in self.persons:
            members[person["household_head_id"]].append(person["person_id"])
            if "zero_employment_household" in person["hardship_categories"]:
                on = day(person["hardship_recognised_on"])
                stated = on if on and on <= QUARTER_END else date.fromisoformat(person["registered_on"])
                head = person["household_head_id"]
                recognised[head] = min(recognised.get(head, stated), stated)
        out = {}
        for head, on in recognised.items():
            starts = [
                max(start, on) for member in members[head] for start, end in spells[member] if end is None or end >= on
            ]
            out[self.key(head)] = (on, min(starts, default=None))
        return out

    def subsidy_months(self) -> dict[tuple[str, int, str], tuple[int, float]]:
        """(district, month number, kind) -> people, amount."""
        people: dict[tuple[str, int, str], set[str]] = defaultdict(set)
        amounts: dict[tuple[str, int, str], float] = defaultdict(float)
        for row in self.subsidies:
            first, last = (month_number(date.fromisoformat(row[name])) for name in ("month_from", "month_to"))
            for number in range(first, last + 1):
                place = (row["district_code"], number, row["subsidy_kind"])
                people[place].add(row["person_id"])
                amounts[place] += float(row["amount"]) / (last - first + 1)
        return {place: (len(people[place]), amounts[place]) for place in people}

    def courses(self) -> dict[tuple[str, str, str], tuple[int, ...]]:
        """(district, course, provider) -> enrolled, certified, hired within 30 and 90 days of those long certified."""
        starts: dict[str, list[date]] = defaultdict(list)
        for row in self.spells:
            starts[row["person_id"]].append(date.fromisoformat(row["started_on"]))
        counts: dict[tuple[str, str, str], list[int]] = defaultdict(lambda: [0] * 6)
        for row in self.trainings:
            counted = counts[row["district_code"], row["course"], row["provider"]]
            certified = day(row["certified_on"])
            counted[0] += 1
            if certified is None or certified > CUT_OFF:
                continue
            counted[1] += 1
            for place, days in ((2, 30), (4, 90)):
                until = certified + timedelta(days=days)
                if until <= self.as_of:
                    counted[place] += 1
                    counted[place + 1] += any(certified <= start <= until for start in starts[row["person_id"]])
        return {place: tuple(row) for place, row in counts.items()}

    def follow_ups(self) -> dict[tuple[str, date, int], tuple[str, date | None]]:
        """(person, first day, horizon) -> state, day of the first call in the window."""
        calls: dict[str, list[date]] = defaultdict(list)
        for row in self.calls:
            calls[row["person_id"]].append(date.fromisoformat(row["followed_up_on"]))
        out: dict[tuple[str, date, int], tuple[str, date | None]] = {}
        for row in self.spells:
            start, end = date.fromisoformat(row["started_on"]), day(row["ended_on"])
            for horizon in (30, 90, 180, 365):
                due = start + timedelta(days=horizon)
                if due < date(2026, 1, 1) or due > self.as_of + timedelta(days=31) or (end and end < due):
                    continue
                first, last = due - timedelta(days=30), due + timedelta(days=30)
                done = min((c for c in calls[row["person_id"]] if first <= c <= last), default=None)
                if done:
                    state = "on_time" if done <= due + timedelta(days=15) else "late"
                elif last <= CUT_OFF:
                    state = "missed"
                elif last < self.as_of:
                    state = "not_reported"
                else:
                    state = "due" if due <= self.as_of else "coming"
                out[self.key(row["person_id"]), start, horizon] = (state, done)
        return out

    def known(self, person: str) -> list[Known]:
        """What is known of each spell of a person key, in order."""
        return [one for group in self.merged.get(person, []) for one in group]

    def at_work(self) -> set[str]:
        """Person keys with a spell that is open as far as is known."""
        return {person for person in self.merged if any(one.is_open for one in self.known(person))}

    def public_post_months(self) -> dict[str, int]:
        """Person key -> calendar months on public posts; an open spell counts as far as there is evidence of it."""
        months: dict[str, set[int]] = defaultdict(set)
        for row in self.spells:
            if row["is_public_post"] == "true":
                person, start = self.key(row["person_id"]), date.fromisoformat(row["started_on"])
                (reach,) = (one.reach for one in self.known(person) if one.spell.started_on == start)
                months[person] |= set(range(month_number(start), month_number(reach) + 1))
        return {person: len(numbers) for person, numbers in months.items()}

    def reopened(self) -> dict[str, date | None]:
        """Household key of each zero-employment household -> the day it had nobody at work again, None where it had not."""
        members: dict[str, list[str]] = defaultdict(list)
        for person in self.persons:
            members[self.key(person["household_head_id"])].append(self.key(person["person_id"]))
        out: dict[str, date | None] = {}
        for head, (recognised, _) in self.zero_employment().items():
            spans = sorted(
                (max(one.spell.started_on, recognised), self.as_of if one.is_open else one.reach, one.is_open)
                for member in members[head]
                for one in self.known(member)
                if one.is_open or one.reach >= recognised
            )
            until, is_open = None, False
            for begun, reach, still in spans:
                if until and (begun - until).days > 15:
                    break
                until, is_open = max(until or reach, reach), is_open or still
            is_over = until is not None and not is_open and until + timedelta(days=15) < self.as_of
            out[head] = until + timedelta(days=1) if until and is_over else None
        return out

    def work_behind_exits(self) -> dict[tuple[str, date], str | None]:
        """(household key, exit) -> what became of the work, half a year after; None where work was not the reason."""
        out: dict[tuple[str, date], str | None] = {}
        for row in self.exits:
            exited = date.fromisoformat(row["exited_on"])
            due = exited + timedelta(days=180)
            groups = [
                group
                for group in self.merged.get(self.key(row["member_id"]), [])
                if group[0].spell.started_on <= exited and exited <= (end_of(group) or exited)
            ]
            if row["reason"] not in ("employment", "startup"):
                outcome = None
            elif not groups:
                outcome = "no_spell"
            elif due > self.as_of:
                outcome = "not_due"
            elif end := end_of(groups[-1]):
                outcome = "lost" if end < due else "retained"
            else:
                last = max((one.evidence_on for one in groups[-1] if one.evidence_on), default=date.min)
                outcome = "retained" if last >= due - timedelta(days=30) else "unknown"
            out[self.key(row["household_head_id"]), exited] = outcome
        return out

    def headcounts(self) -> dict[str, tuple[int | None, int | None]]:
        """Site code -> workers, assisted among them on the last day of the quarter; a withdrawn site tells 0 and nothing."""
        programmes = {"community_factory": "workshop", "assistance_base": "base"}
        listed: dict[tuple[str, str, str], set[str]] = defaultdict(set)
        for row in self.spells:
            ended = day(row["ended_on"])
            if date.fromisoformat(row["started_on"]) <= QUARTER_END and not (ended and ended <= QUARTER_END):
                kind = programmes.get(row["special_programme"], "")
                listed[row["district_code"], kind, row["employer_name"]].add(row["person_id"])
        out: dict[str, tuple[int | None, int | None]] = {}
        for row in self.sites:
            withdrawn = day(row["withdrawn_on"])
            there = len(listed[row["district_code"], row["site_kind"], row["site_name"]])
            if not row["own_workers"]:
                out[row["site_code"]] = (None, None)
            elif withdrawn and withdrawn <= QUARTER_END:
                out[row["site_code"]] = (0, None)
            else:
                out[row["site_code"]] = (int(row["own_workers"]) + there, int(row["own_assisted"]) + there)
        return out
