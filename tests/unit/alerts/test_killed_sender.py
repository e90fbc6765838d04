"""The sender killed with SIGKILL: nothing lost, at most one repeat for each kill."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from receiver import Receiver

from zaoxue.settings import Settings
from zaoxue.warehouse.database import connect

Lines = Callable[[], list[dict[str, Any]]]

# Kills itself the n-th time it reaches a point: just before a delivery, or just after it and before the mark.
SENDER = """
import os, signal, sys
from datetime import date
from zaoxue.alerts import channels, outbox
from zaoxue.alerts.watch import watch
from zaoxue.settings import load_settings

point, count = sys.argv[2], int(sys.argv[3])
deliver = channels.JsonLinesChannel.deliver

def deliver_and_die(self, alert):
    global count
    count -= 1
    if count == 0 and point == "before":
        os.kill(os.getpid(), signal.SIGKILL)
    refusal = deliver(self, alert)
    if count == 0 and point == "after":
        os.kill(os.getpid(), signal.SIGKILL)
    return refusal

if point in ("before", "after"):
    channels.JsonLinesChannel.deliver = deliver_and_die
if point == "written":
    outbox.channels_for = lambda *_: os.kill(os.getpid(), signal.SIGKILL)
print("ready", flush=True)
watch(load_settings(), date.fromisoformat(sys.argv[1]))
"""


def _start(
    settings: Settings, night: date, *, point: str = "-", count: int = 0, urls: str = ""
) -> subprocess.Popen[str]:
    environment = os.environ | {
        "ZAOXUE_HOME": str(settings.home),
        "ZAOXUE_DATABASE_URL": str(settings.database_url),
        "ZAOXUE_ALERT_URLS": urls,
        "ZAOXUE_QUIET_HOURS": "",
    }
    return subprocess.Popen(
        [sys.executable, "-c", SENDER, night.isoformat(), point, str(count)],
        env=environment,
        stdout=subprocess.PIPE,
        text=True,
    )


def _ended(process: subprocess.Popen[str]) -> int:
    process.communicate(timeout=60)
    return process.returncode


def _alerts(settings: Settings) -> tuple[set[str], int]:
    with connect(settings) as connection:
        keys = {key for (key,) in connection.execute("select alert_key from ops.alert")}
        unsent = connection.execute("select count(*) from ops.alert where sent_at is null").fetchone()
    assert unsent is not None
    return keys, unsent[0]


@pytest.mark.parametrize(("point", "count", "repeats"), [("written", 0, 0), ("before", 2, 0), ("after", 2, 1)])
def test_killed_between_write_send_and_mark(
    province: Settings, sent_lines: Lines, point: str, count: int, repeats: int
) -> None:
    night = date(2026, 6, 9)
    assert _ended(_start(province, night, point=point, count=count)) == -signal.SIGKILL
    keys, unsent = _alerts(province)
    assert len(keys) == 3
    assert unsent > 0
    assert _ended(_start(province, night)) == 0
    assert _alerts(province) == (keys, 0)
    told = Counter(line["alert_key"] for line in sent_lines())
    assert set(told) == keys
    assert sum(told.values()) == 3 + repeats


@pytest.mark.parametrize(("mode", "repeats"), [("kill-before", 0), ("kill-after", 1)])
def test_killed_by_the_clock_of_the_other_side(
    province: Settings, receiver: Receiver, sent_lines: Lines, mode: str, repeats: int
) -> None:
    night = date(2026, 6, 9)
    sender = _start(province, night, urls=receiver.url)
    receiver.behave(f"{mode} {sender.pid}")
    assert _ended(sender) == -signal.SIGKILL
    receiver.behave("take")
    assert _ended(_start(province, night, urls=receiver.url)) == 0
    titles = Counter(message["title"] for message in receiver.taken())
    assert len(titles) == 3
    assert sum(titles.values()) == 3 + repeats
    assert len(sent_lines()) == 3, "the channel that had taken it is not asked again"


def test_killed_at_random_moments_through_a_summer(province: Settings, receiver: Receiver, sent_lines: Lines) -> None:
    chance = random.Random(8)
    nights = [date(2026, month, day) for month in (6, 7, 8, 9) for day in (9, 20)]
    kills = 0
    for night in nights:
        sender = _start(province, night, urls=receiver.url)
        assert sender.stdout is not None
        sender.stdout.readline()
        time.sleep(chance.random() * 0.5)
        sender.kill()
        kills += _ended(sender) == -signal.SIGKILL
    assert _ended(_start(province, nights[-1], urls=receiver.url)) == 0
    assert kills >= 4
    keys, unsent = _alerts(province)
    assert unsent == 0
    for told in (
        Counter(line["alert_key"] for line in sent_lines()),
        Counter(message["message"].split()[-1] for message in receiver.taken()),
    ):
        assert len(told) == len(keys)
        assert sum(told.values()) <= len(keys) + kills
    with connect(province) as connection:
        owed = connection.execute(
            "select count(*), count(*) filter (where exists (select from ops.alert_obligation as a"
            " where (a.organisation_code, a.feed, a.period, a.kind)"
            "     = (s.organisation_code, s.feed, s.period, 'missing')))"
            " from ops.obligation_state(ops.end_of_day('2026-09-20')) as s where state = 'missing'"
        ).fetchone()
        told_about = connection.execute("select count(*) from ops.alert_obligation").fetchone()
    assert owed is not None
    assert told_about is not None
    assert owed[0] == owed[1] == told_about[0], "everything missing is told, once"
