"""Retention from its definition, in plain loops over plain objects, without a database.

It shares nothing with the models but the rules, so that the two can be held against each other: by the tests here on
random worlds, and by the end-to-end test on the truth of the demo province.

The definition (a = as-of day, H = horizon, g = tolerated gap, w = evidence window):
    a spell ends on its stated last day, or on the first follow-up on or after its start that found the person out of
    work, whichever is earlier; a spell without an end is open, and reaches as far as there is evidence of work: the
    cut-off day of the ledger that lists it, or a follow-up that found the person in work, both up to a and not before
    the start;
    spells of a person merge while the next begins at most g days after all before it have reached;
    a merged spell is open if the spell that reaches farthest is;
    due = start + H. due > a: not_due. Closed before due: lost. Closed on due or later: retained.
    Open, with the last evidence on or after due - w: retained. Otherwise unknown.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

HORIZONS = (30, 90, 180, 365)
AT_WORK = ("employed", "employed_elsewhere")


@dataclass(frozen=True)
class Rules:
    """The parameters of the definition, in days."""

    gap: int = 15
    window: int = 30
    horizons: tuple[int, ...] = HORIZONS


@dataclass(frozen=True)
class Spell:
    """One employment spell. `listed_until`: cut-off day of the ledger that lists it, None where there is none."""

    person: str
    district: str
    township: str
    started_on: date
    ended_on: date | None
    listed_until: date | None


@dataclass(frozen=True)
class FollowUp:
    """A call or visit. `result`: employed, employed_elsewhere, out_of_work or not_reached."""

    person: str
    on: date
    result: str


@dataclass(frozen=True)
class Known:
    """What is known of one spell: where it reaches, whether it is open, and the last day that shows work."""

    spell: Spell
    is_open: bool
    reach: date
    evidence_on: date | None
    evidence: str | None


@dataclass(frozen=True)
class Outcome:
    """A spell judged at one horizon. `evidence` and `evidence_on` are None for not_due, and where there is none."""

    spell: Spell
    horizon: int
    due_on: date
    outcome: str
    evidence: str | None
    evidence_on: date | None
    is_followed_up: bool
    observed_days: int
    has_ended: bool


@dataclass(frozen=True)
class Cohort:
    """Counts and rates of one district, month of start and horizon; a rate is None where its denominator is 0."""

    placements: int
    due: int
    retained: int
    lost: int
    unknown: int
    rate_known: float | None
    rate_lower: float | None
    rate_upper: float | None
    km_rate: float | None
    follow_up_coverage: float | None


def judge(
    spells: Iterable[Spell], follow_ups: Iterable[FollowUp], as_of: date, rules: Rules = Rules()
) -> list[Outcome]:
    """Every spell at every horizon. (person, started_on) must be unique among the spells."""
    calls = _calls_by_person(follow_ups)
    return [
        _judge_one(member, group, horizon, calls[person], as_of, rules)
        for person, groups in merged_spells(spells, follow_ups, as_of, rules).items()
        for group in groups
        for member in group
        for horizon in rules.horizons
    ]


def merged_spells(
    spells: Iterable[Spell], follow_ups: Iterable[FollowUp], as_of: date, rules: Rules = Rules()
) -> dict[str, list[list[Known]]]:
    """Each person's spells, as far as they are known, by merged spell."""
    calls = _calls_by_person(follow_ups)
    of_person: dict[str, list[Spell]] = defaultdict(list)
    for spell in spells:
        of_person[spell.person].append(spell)
    return {
        person: _merge(
            [_know(spell, calls[person], as_of) for spell in sorted(theirs, key=lambda s: s.started_on)], rules.gap
        )
        for person, theirs in of_person.items()
    }


def judge_by_employer(
    spells: Iterable[Spell], employers: Mapping[Spell, str], follow_ups: Iterable[FollowUp], as_of: date
) -> dict[tuple[str, date, int], str]:
    """Outcome by (person, start, horizon) if only spells of one employer merge."""
    of_employer: dict[str, list[Spell]] = defaultdict(list)
    for spell in spells:
        of_employer[employers[spell]].append(spell)
    calls = list(follow_ups)
    return {
        (one.spell.person, one.spell.started_on, one.horizon): one.outcome
        for theirs in of_employer.values()
        for one in judge(theirs, [call for call in calls if call.person in {s.person for s in theirs}], as_of)
    }


def judge_on_day(
    spells: Iterable[Spell], follow_ups: Iterable[FollowUp], as_of: date, rules: Rules = Rules()
) -> dict[tuple[str, date, int], str]:
    """Outcome by (person, start, horizon) if only the due day itself counts, whatever lay between."""
    found = {}
    for person, groups in merged_spells(spells, follow_ups, as_of, rules).items():
        known = [one for group in groups for one in group]
        for start in [one.spell.started_on for one in known]:
            for horizon in rules.horizons:
                due = start + timedelta(days=horizon)
                begun = [one for one in known if one.spell.started_on <= due]
                seen_from = due - timedelta(days=rules.window)
                if due > as_of:
                    outcome = "not_due"
                elif any(
                    (one.evidence_on is not None and one.evidence_on >= seen_from) if one.is_open else one.reach >= due
                    for one in begun
                ):
                    outcome = "retained"
                else:
                    outcome = "unknown" if any(one.is_open for one in begun) else "lost"
                found[person, start, horizon] = outcome
    return found


def end_of(group: list[Known]) -> date | None:
    """Last day of a merged spell; None while it is open."""
    farthest = max(one.reach for one in group)
    return None if any(one.is_open for one in group if one.reach == farthest) else farthest


def _calls_by_person(follow_ups: Iterable[FollowUp]) -> dict[str, list[FollowUp]]:
    calls: dict[str, list[FollowUp]] = defaultdict(list)
    for follow_up in follow_ups:
        calls[follow_up.person].append(follow_up)
    return calls


def cohorts(outcomes: Iterable[Outcome], rules: Rules = Rules()) -> dict[tuple[str, date, int], Cohort]:
    """Rates by (district, first day of the month of start, horizon)."""
    groups: dict[tuple[str, date, int], list[Outcome]] = defaultdict(list)
    for outcome in outcomes:
        groups[outcome.spell.district, outcome.spell.started_on.replace(day=1), outcome.horizon].append(outcome)
    return {key: _cohort(members, key[2], rules) for key, members in groups.items()}


def kaplan_meier(times: Iterable[tuple[int, bool]], horizon: int) -> float:
    """Product-limit estimate of surviving to `horizon`, from (days observed, whether it ended then).

    Who ends on the day of the horizon has reached it; who is censored on a day is still at risk on that day.
    """
    observed = list(times)
    survival = 1.0
    for day in sorted({days for days, ended in observed if ended and days < horizon}):
        at_risk = sum(1 for days, _ in observed if days >= day)
        ended = sum(1 for days, has_ended in observed if has_ended and days == day)
        survival *= 1 - ended / at_risk
    return survival


def _know(spell: Spell, calls: list[FollowUp], as_of: date) -> Known:
    out_of_work = sorted(call.on for call in calls if call.result == "out_of_work" and call.on >= spell.started_on)
    if spell.ended_on and (not out_of_work or spell.ended_on <= out_of_work[0]):
        return Known(spell, False, spell.ended_on, spell.ended_on, "end_date")
    if out_of_work:
        return Known(spell, False, out_of_work[0], out_of_work[0], "follow_up")
    signs = []
    for call in calls:
        if call.result in AT_WORK and call.on >= spell.started_on:
            signs.append((min(call.on, as_of), "follow_up"))
    if spell.listed_until and spell.started_on <= min(spell.listed_until, as_of):
        signs.append((min(spell.listed_until, as_of), "ledger"))
    if not signs:
        return Known(spell, True, spell.started_on, None, None)
    # A follow-up on the cut-off day itself is the stronger word of the two.
    on, evidence = max(signs, key=lambda sign: (sign[0], sign[1] == "follow_up"))
    return Known(spell, True, max(on, spell.started_on), on, evidence)


def _merge(known: list[Known], gap: int) -> list[list[Known]]:
    groups: list[list[Known]] = []
    for one in known:
        if groups and (one.spell.started_on - max(member.reach for member in groups[-1])).days <= gap:
            groups[-1].append(one)
        else:
            groups.append([one])
    return groups


def _judge_one(
    member: Known, group: list[Known], horizon: int, calls: list[FollowUp], as_of: date, rules: Rules
) -> Outcome:
    due_on = member.spell.started_on + timedelta(days=horizon)
    window = timedelta(days=rules.window)
    farthest = max(one.reach for one in group)
    is_open = any(one.is_open for one in group if one.reach == farthest)
    signs = [one for one in group if one.evidence_on]
    last = max((one.evidence_on for one in signs if one.evidence_on), default=None)
    evidence_on: date | None
    if is_open:
        evidence_on = last
        kinds = sorted((not one.is_open, one.evidence or "") for one in signs if one.evidence_on == last)
        observed_to = last
    else:
        evidence_on = farthest
        kinds = sorted((False, one.evidence or "") for one in group if one.reach == farthest)
        observed_to = farthest
    evidence = kinds[0][1] if kinds else None
    if due_on > as_of:
        outcome, evidence, evidence_on = "not_due", None, None
    elif not is_open:
        outcome = "lost" if farthest < due_on else "retained"
    elif last and last >= due_on - window:
        outcome = "retained"
    else:
        outcome = "unknown"
    is_followed_up = outcome != "not_due" and any(
        call.result != "not_reached" and abs((call.on - due_on).days) <= rules.window and call.on <= as_of
        for call in calls
    )
    observed = max(0, (observed_to - member.spell.started_on).days) if observed_to else 0
    return Outcome(member.spell, horizon, due_on, outcome, evidence, evidence_on, is_followed_up, observed, not is_open)


def _cohort(members: list[Outcome], horizon: int, rules: Rules) -> Cohort:
    count = {word: sum(1 for m in members if m.outcome == word) for word in ("retained", "lost", "unknown", "not_due")}
    due = len(members) - count["not_due"]
    observed = max(m.observed_days for m in members)
    survival = kaplan_meier([(m.observed_days, m.has_ended) for m in members], horizon) if due else None
    if survival and observed < max(horizon - rules.window, 1):
        survival = None  # the curve says nothing beyond its last observation, unless everybody had ended by then
    return Cohort(
        placements=len(members),
        due=due,
        retained=count["retained"],
        lost=count["lost"],
        unknown=count["unknown"],
        rate_known=_share(count["retained"], count["retained"] + count["lost"]),
        rate_lower=_share(count["retained"], due),
        rate_upper=_share(count["retained"] + count["unknown"], due),
        km_rate=survival,
        follow_up_coverage=_share(sum(1 for m in members if m.is_followed_up), due),
    )


def _share(part: int, whole: int) -> float | None:
    return part / whole if whole else None
