"""A year hour by hour, as the DAG runs: every state and every message equal to an oracle in plain Python.

Late, missing, nil, waived, rejected and mended, held, withdrawn; holiday weeks and make-up Saturdays; nights that failed;
January 2027 without a holiday table; an organisation opened in May and one closed in September; due times of one's own. The
sender is killed at random moments, the mail server is down for hours and then for days.
"""

from __future__ import annotations

import json
import multiprocessing
import random
import re
import shutil
import signal
import time as clocks
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any

import psycopg
import pytest
import yaml
from receiver import MailServer, Receiver
from replay_oracle import BEIJING, HOUR, Fact, Owed, clock, midnight, send_at_random, tell, working_days_on

from zaoxue.alerts.watch import watch
from zaoxue.settings import Settings
from zaoxue.submissions.registry import load_registry
from zaoxue.warehouse.database import connect

FIRST, LAST = date(2025, 12, 1), date(2027, 1, 22)
FAILED_NIGHTS = {date(2026, 3, 9), date(2026, 3, 10), date(2026, 3, 11), date(2026, 10, 9)}
PARENTS = {"990101": "9901", "990102": "9901", "B9901": "9901", "9901": "99"}
NAMES = {"990101": "青溪区", "990102": "白石县", "B9901": "甲州银行", "9901": "甲州"}
ORGANISATIONS = (  # code, name, kind, opened_on, closed_on
    ("990101", "青溪区", "district", FIRST, None),
    ("990102", "白石县", "district", date(2026, 5, 20), None),
    ("990101001", "柳桥镇", "township", FIRST, None),
    ("990101002", "枫林乡", "township", FIRST, date(2026, 9, 15)),
    ("990102001", "石门镇", "township", date(2026, 5, 20), None),
    ("B9901", "甲州银行", "bank", date(2026, 9, 21), date(2026, 10, 16)),
)
SLA: dict[str, tuple[str, str, list[dict[str, Any]]]] = {  # feed -> kind, unit, slaProperties
    "placement": ("township", "month", [{"dueWorkingDay": 5}, {"dueTime": "17:00"}, {"graceWorkingDays": 2}]),
    "training": (
        "township",
        "week",
        [{"dueDay": 5}, {"dueIn": "current"}, {"dueTime": "12:00"}, {"graceWorkingDays": 1}],
    ),
    "follow_up": (
        "township",
        "month",
        [
            {"dueDay": 25},
            {"dueIn": "current"},
            {"dueTime": "16:30"},
            {"graceWorkingDays": 2},
            {"escalateWorkingDays": 5},
        ],
    ),
    "person": ("township", "quarter", [{"dueWorkingDay": 3}, {"dueTime": "17:00"}, {"graceWorkingDays": 2}]),
    "target": (
        "district",
        "year",
        [{"dueWorkingDay": 10}, {"dueIn": "current"}, {"dueTime": "17:00"}, {"graceWorkingDays": 5}],
    ),
    "loan": ("bank", "day", [{"dueWorkingDay": 1}, {"dueTime": "10:00"}, {"graceWorkingDays": 1}]),
}
OVERRIDES = """organisation_code,feed,property,value,first_period,last_period,reason
990101002,placement,dueWorkingDay,8,2026-03,2026-08,山洪
990102,follow_up,dueTime,12:00,,,集中办公
"""
SECTIONS = {
    "Long overdue": "escalated",
    "Missing: the grace period is over and nothing": "missing",
    "Missing: the grace period is over, and what came": "missing_rejected",
    "Rejected": "rejected",
    "Reminder": "reminder",
    "Mended": "mended",
}
LINE = re.compile(r"- (.+?) (\S+?)(?:, due (\S+ \S+?))?(?:, (?:missing since|received) (\S+ \S+?))?: (.+)")


def periods(unit: str) -> Iterator[tuple[str, date, date]]:
    """Name, first and last day of every period that has a day from FIRST to LAST."""
    day = FIRST - timedelta(days=370)
    while day <= LAST:
        match unit:
            case "day":
                name, end = day.isoformat(), day
            case "week":
                day -= timedelta(days=day.weekday())
                year, week, _ = day.isocalendar()
                name, end = f"{year}W{week:02d}", day + timedelta(days=6)
            case "month":
                day = day.replace(day=1)
                name, end = f"{day:%Y-%m}", (day + timedelta(days=31)).replace(day=1) - timedelta(days=1)
            case "quarter":
                day = day.replace(month=(day.month - 1) // 3 * 3 + 1, day=1)
                name = f"{day.year}Q{day.month // 3 + 1}"
                end = (day + timedelta(days=92)).replace(day=1) - timedelta(days=1)
            case _:
                day = day.replace(month=1, day=1)
                name, end = str(day.year), day.replace(month=12, day=31)
        if end >= FIRST:
            yield name, day, end
        day = end + timedelta(days=1)


def all_owed() -> list[Owed]:
    """Every obligation of the year with its due times, by the rules."""
    found = []
    for code, name, kind, opened, closed in ORGANISATIONS:
        recipient = code[:6] if kind != "bank" else code
        above = name if recipient == code else NAMES[recipient] + name
        for feed, (of_kind, unit, properties) in SLA.items():
            if of_kind != kind:
                continue
            sla = {key: value for item in properties for key, value in item.items()}
            for period, start, end in periods(unit):
                ordinal, hour = sla.get("dueWorkingDay"), time.fromisoformat(sla["dueTime"])
                if (code, feed) == ("990101002", "placement") and date(2026, 3, 1) <= start <= date(2026, 8, 1):
                    ordinal = 8
                if (recipient, feed) == ("990102", "follow_up"):
                    hour = time(12)
                base = start if sla.get("dueIn") == "current" else end + timedelta(days=1)
                if ordinal is None:
                    due_day = working_days_on(base + timedelta(days=sla["dueDay"] - 2), 1)
                else:
                    due_day = working_days_on(base - timedelta(days=1), ordinal)
                grace_day = working_days_on(due_day, sla["graceWorkingDays"])
                overdue_day = working_days_on(grace_day, sla.get("escalateWorkingDays", 3))
                there = end >= opened and due_day >= opened
                if closed is not None:
                    there = there and start <= closed and due_day <= closed
                if there:
                    found.append(
                        Owed(
                            code,
                            name,
                            above,
                            recipient,
                            kind == "bank",
                            feed,
                            period,
                            start,
                            end,
                            datetime.combine(due_day, hour, BEIJING),
                            datetime.combine(grace_day, hour, BEIJING),
                            None if unit == "day" else midnight(working_days_on(due_day, -1)),
                            datetime.combine(overdue_day, hour, BEIJING),
                        )
                    )
    return found


def hours_of(instants: set[datetime]) -> list[datetime]:
    """The hourly runs, 8 to 20 o'clock, that are the first at or after an instant, and the first after it."""
    hours = set()
    for instant in instants:
        hour = instant.replace(minute=0, second=0, microsecond=0)
        for candidate in (hour, hour + HOUR):
            if candidate < instant:
                continue
            while not 8 <= candidate.hour <= 20:
                candidate += HOUR
            hours.add(candidate)
    return sorted(hour for hour in hours if FIRST < hour.date() <= LAST)


def facts_of(body: str) -> set[Fact]:
    """What the English half of a message says, obligation by obligation."""
    facts, section, last = set[Fact](), "", list[Fact]()
    for line in body.split("\n---\n")[1].splitlines():
        section = next((name for head, name in SECTIONS.items() if line.startswith(head)), section)
        if found := LINE.fullmatch(line):
            feed, period, due, since, organisations = found.groups()
            last = [(section, feed, period, name, due or "", since or "", "") for name in organisations.split(", ")]
            facts |= set(last)
        elif line.startswith("  Reason: "):
            facts -= set(last)
            facts |= {(*fact[:6], line.removeprefix("  Reason: ")) for fact in last}
    return facts


def subject_of(recipient: str, facts: set[Fact]) -> str:
    """The subject that goes with the facts."""
    count = Counter(fact[0] for fact in facts)
    missing, rejected = count["missing"] + count["missing_rejected"], count["missing_rejected"]
    zh = [
        (count["escalated"], "下级逾期 %d 项"),
        (missing, f"缺报 %d 项（其中退回 {rejected} 项）" if rejected else "缺报 %d 项"),
        (count["rejected"], "退回 %d 项"),
        (count["reminder"], "即将到期 %d 项"),
        (count["mended"], "已补齐 %d 项"),
    ]
    en = [
        (count["escalated"], "%d escalated"),
        (missing, f"%d missing ({rejected} rejected)" if rejected else "%d missing"),
        (count["rejected"], "%d rejected"),
        (count["reminder"], "%d due soon"),
        (count["mended"], "%d mended"),
    ]
    chinese = "，".join(words % number for number, words in zh if number)
    return f"【造血】{NAMES[recipient]}：{chinese} | " + ", ".join(words % number for number, words in en if number)


@pytest.fixture
def year(settings: Settings, tmp_path: Path) -> Settings:
    """Settings with six feeds of five cadences, and the registry."""
    folder = tmp_path / "expectations"
    shutil.copytree(settings.contracts, folder, ignore=shutil.ignore_patterns("*.odcs.yaml"))
    (folder / "due_times.csv").write_text(OVERRIDES, encoding="utf-8")
    for feed, (_, unit, properties) in SLA.items():
        contract = yaml.safe_load((settings.contracts / f"{feed}.odcs.yaml").read_text(encoding="utf-8"))
        contract["slaProperties"] = [
            {"property": "frequency", "value": 1, "unit": unit},
            *({"property": name, "value": value} for item in properties for name, value in item.items()),
        ]
        (folder / f"{feed}.odcs.yaml").write_text(yaml.safe_dump(contract, allow_unicode=True), encoding="utf-8")
    lines = ["organisation_code,name,kind,parent_code,opened_on,closed_on,alert_urls,contact"]
    lines += [
        "99,虚构省,province,,2025-12-01,,,",
        "9901,甲州,prefecture,99,2025-12-01,,env:MAIL_9901,甲州就业局 0999-8000001",
    ]
    for code, name, kind, opened, closed in ORGANISATIONS:
        parent = code[:6] if kind == "township" else "9901"
        url = {"990101": "env:MAIL_990101", "990102": "env:HOOK_990102"}.get(code, "")
        lines.append(f"{code},{name},{kind},{parent},{opened},{closed or ''},{url},")
    (settings.inbox / "organisations.csv").write_text("\n".join(lines), encoding="utf-8")
    with connect(settings) as connection:
        load_registry(connection, settings.inbox)
    return replace(settings, contracts=folder)


@pytest.fixture
def connection(year: Settings) -> Iterator[psycopg.Connection]:
    with connect(year) as opened:
        opened.commit()
        opened.autocommit = True
        yield opened


@pytest.fixture
def mail(tmp_path: Path) -> Iterator[MailServer]:
    running = MailServer(tmp_path)
    yield running
    running.stop()


class Replay:
    """Plays what the world does into the warehouse, and the watch as the DAG runs it."""

    def __init__(self, settings: Settings, owed: list[Owed], loads: list[datetime]) -> None:
        self.settings, self.owed, self.kills = settings, owed, 0
        self._chance = random.Random(4)
        acts: list[tuple[datetime, str, tuple[Any, ...]]] = []
        for load in loads:
            for source in ("ledgers", "loans"):
                acts.append((load + timedelta(minutes=20), _READ, (source, load + timedelta(minutes=20))))
        for o in owed:
            place = (o.organisation, o.feed, o.period)
            if o.waived:
                acts.append((o.waived, _WAIVE, (*place, o.waived)))
            for number, v in enumerate(o.versions):
                zh, en = v.reason or (None, None)
                district = None if o.is_bank else o.recipient
                values = (v.id, v.received, *place, district, number, v.states[0][1], v.is_nil, zh, en)
                acts.append((v.registered, _SUBMIT, values))
                acts += [(when, _STATE, (state, v.id)) for when, state in v.states[1:]]
        self._acts = sorted(acts, key=lambda act: act[0])

    def play_until(self, at: datetime, connection: psycopg.Connection) -> None:
        """Everything that has happened by then."""
        while self._acts and self._acts[0][0] <= at:
            _, statement, values = self._acts.pop(0)
            connection.execute(statement, values)

    def run(self, at: datetime, kill: bool) -> None:
        """One run of the hourly watch; where it is killed, Airflow tries again."""
        if kill:
            child = multiprocessing.get_context("fork").Process(
                target=watch, args=(self.settings, at.date()), kwargs={"at": at}
            )
            child.start()
            clocks.sleep(self._chance.random() * 0.08)
            child.kill()
            child.join()
            self.kills += child.exitcode == -signal.SIGKILL
        watch(self.settings, at.date(), at=at)


_READ = (
    "insert into ops.step_outcome (run_id, step, subject, outcome, seconds, at)"
    " values ('night', 'inbox read', %s, 'succeeded', 1200, %s)"
)
_WAIVE = "insert into ops.waiver values (%s, %s, %s, '洪水', 'test', %s)"
_STATE = "update ops.submission set state = %s where submission_id = %s"
_SUBMIT = (
    "insert into ops.submission (submission_id, source_uri, sha256, size_bytes, received_at, organisation_code, feed,"
    " period, district_code, version, state, is_nil, reason_zh, reason_en)"
    " values (%s, 'inbox', 'x', 1, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s)"
)


def test_every_state_and_message_of_a_year(
    year: Settings,
    connection: psycopg.Connection,
    mail: MailServer,
    receiver: Receiver,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("MAIL_9901", mail.url("9901@example.org"))
    monkeypatch.setenv("MAIL_990101", mail.url("990101@example.org"))
    monkeypatch.setenv("HOOK_990102", receiver.url)
    import apprise  # noqa: F401 - before the processes that are killed are forked

    chance = random.Random(2026)
    owed = all_owed()
    nights = [FIRST + timedelta(days=n) for n in range((LAST - FIRST).days + 1)]
    loads = [midnight(night) + HOUR for night in nights if night not in FAILED_NIGHTS]
    for o in owed:
        send_at_random(chance, o, loads, FIRST)
    downs = [(datetime(2026, 4, 8, 9, tzinfo=BEIJING), 30), (datetime(2026, 9, 22, 9, tzinfo=BEIJING), 24 * 9)]
    instants = {instant for o in owed for instant in o.instants()}
    instants |= {
        next((load for load in loads if load > o.grace), loads[-1]) for o in owed
    }  # then it is known to be missing
    instants |= {down + hours * HOUR for down, hours in downs}
    runs = hours_of(instants)
    replay = Replay(year, owed, loads)
    killed = set(chance.sample(runs, 40))
    expected: list[tuple[datetime, str, set[Fact]]] = []
    seen = Counter[tuple[str, str | None]]()
    written, mail_is_up = 0, True
    for at in runs:
        is_down = any(down <= at < down + hours * HOUR for down, hours in downs)
        if is_down == mail_is_up:
            mail.stop() if is_down else mail.start()
            mail_is_up = not is_down
        replay.play_until(at, connection)
        replay.run(at, at in killed)
        rows = connection.execute(
            "select organisation_code, feed, period, state, reason from ops.obligation_state(%s)", [at]
        ).fetchall()
        told = connection.execute(
            "select alert_key, recipient, subject, body from ops.alert where recipient <> 'engineers'"
            " order by alert_id offset %s",
            [written],
        ).fetchall()
        begun = {(o.organisation, o.feed, o.period): o.judge(at) for o in owed if midnight(o.start) < at}
        assert {row[:3]: row[3:] for row in rows} == begun, at
        seen.update(begun.values())
        read_until = max((load for load in loads if load + timedelta(minutes=20) <= at), default=midnight(FIRST))
        news = tell(owed, at, read_until, PARENTS)
        assert {recipient: facts_of(body) for _, recipient, _, body in told} == news, at
        for _, recipient, subject, body in told:
            assert subject == subject_of(recipient, news[recipient])
            assert f"截至 {clock(at)}" in body
            expected.append((at, recipient, news[recipient]))
        written += len(told)
    print(f"{len(owed)} obligations, {len(runs)} runs, {written} messages, {replay.kills} killed, {seen}")

    outbox = dict(connection.execute("select alert_key, recipient from ops.alert").fetchall())
    unsent = connection.execute("select count(*) from ops.alert where sent_at is null").fetchone()
    assert unsent == (0,)
    engineers = [key for key, recipient in outbox.items() if recipient == "engineers"]
    assert engineers == ["holiday table|2027"]
    assert replay.kills >= 25
    lines = [json.loads(line) for line in year.alert_file.read_text(encoding="utf-8").splitlines()]
    by_file = Counter(line["alert_key"] for line in lines)
    _none_lost_or_doubled(by_file, set(outbox), replay.kills)
    for name, taken, recipients in (
        ("mail", [m["body"].split()[-1] for m in mail.taken()], {"9901", "990101"}),
        ("hook", [m["message"].split()[-1] for m in receiver.taken()], {"990102"}),
    ):
        due = {key[:12] for key, recipient in outbox.items() if recipient in recipients}
        assert due, name
        _none_lost_or_doubled(Counter(taken), due, replay.kills)
    addressed = {(m["to"][0], m["body"].split()[-1]) for m in mail.taken()}
    assert addressed == {(f"{r}@example.org", key[:12]) for key, r in outbox.items() if r in ("9901", "990101")}
    # Everything that the rules know has come up, told and untold.
    assert {section for _, _, facts in expected for section, *_ in facts} == set(SECTIONS.values())
    assert {"waived", "nil", "on_time", "late", "missing", "due", "not_due"} == {state for state, _ in seen}
    assert {("due", "held"), ("missing", "rejected"), ("due", "rejected")} <= set(seen)


def _none_lost_or_doubled(taken: Counter[str], written: set[str], kills: int) -> None:
    """Each message came; a kill can repeat one, on one channel, and nothing else does."""
    assert set(taken) == written
    assert sum(taken.values()) <= len(written) + kills
