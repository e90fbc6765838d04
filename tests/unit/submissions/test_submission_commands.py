"""zaoxue status, why, alerts and waive: figures, words and exit codes."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

import psycopg
import pytest
import typer
from typer.testing import CliRunner

from zaoxue.alerts.watch import watch
from zaoxue.cli.submissions import register
from zaoxue.settings import Settings

BEIJING = ZoneInfo("Asia/Shanghai")
NIGHT = date(2026, 6, 30)


class Terminal:
    """Runs the commands against the test's warehouse."""

    def __init__(self) -> None:
        self._app = typer.Typer()
        register(self._app)
        self._runner = CliRunner()

    def run(self, *words: str, exit_code: int = 0) -> str:
        """Standard output (and standard error) of a command that must end with that exit code."""
        result = self._runner.invoke(self._app, list(words))
        assert result.exit_code == exit_code, result.output
        return result.output

    def json(self, *words: str) -> Any:
        """The document a --json command prints."""
        return json.loads(self.run(*words, "--json"))


@pytest.fixture
def terminal(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> Terminal:
    monkeypatch.setenv("ZAOXUE_HOME", str(settings.home))
    monkeypatch.setenv("ZAOXUE_DATABASE_URL", str(settings.database_url))
    monkeypatch.setenv("COLUMNS", "240")
    return Terminal()


@pytest.fixture
def watched(connection: psycopg.Connection, registry: int, settings: Settings, submit: Callable[..., str]) -> None:
    """May: 柳桥镇 sent all, training was rejected; 枫林乡 one late, one nil; 石门镇 nothing; then the watch."""

    def day(number: int) -> datetime:
        return datetime(2026, 6, number, 9, tzinfo=BEIJING)

    submit("990101001", "placement", "2026-05", day(3), state="accepted_with_rejects")
    submit("990101001", "follow_up", "2026-05", day(3))
    bad = submit("990101001", "training", "2026-05", day(4), state="rejected")
    connection.execute(
        "update ops.submission set reason_zh = '没有可认的表头', reason_en = 'No header row was found'"
        " where submission_id = %s",
        [bad],
    )
    connection.execute(
        "insert into ops.quarantine select submission_id, '表1', n, 'started_on', null, 'PLC-02',"
        " '2***', '就业起始日期晚于报送日期', 'starts after the day it was sent' from ops.submission,"
        " generate_series(4, 6) as n where state = 'accepted_with_rejects'"
    )
    submit("990101002", "placement", "2026-05", day(20))
    submit("990101002", "follow_up", "2026-05", day(4), is_nil=True)
    connection.commit()
    watch(settings, NIGHT)


@pytest.mark.usefixtures("watched")
def test_status_counts_add_up(terminal: Terminal) -> None:
    document = terminal.json("status", "--last", "1")
    assert (document["as_of"], document["plain_week_years"]) == ("2026-06-30", [])
    by_code = {row["code"]: row for row in document["districts"]}
    assert set(by_code) == {"990101", "990102", "B9901"}
    for row in by_code.values():
        assert row["expected"] == row["actual"] + row["awaited"] + row["missing"]
        assert row["actual"] == row["on_time"] + row["late"]
    document = terminal.json("status", "--last", "2")
    row = next(row for row in document["districts"] if row["code"] == "990101")
    # 2 townships x (May of 3 monthly ledgers, Q1 of person), the district's yearly tasks: 9. Since the other feeds came:
    # 2 townships x Q1 of 4 ledgers, the district's Q1 of 3 and May of its vacancies: 12, none of them sent.
    assert {name: row[name] for name in ("expected", "on_time", "late", "nil", "missing", "rejected", "open")} == {
        "expected": 21,
        "on_time": 3,
        "late": 1,
        "nil": 1,
        "missing": 17,
        "rejected": 1,
        "open": 20,
    }
    assert "zaoxue why 990101" in terminal.run("status")
    before = terminal.json("status", "--as-of", "2026-06-08")
    row = next(row for row in before["districts"] if row["code"] == "990101")
    assert (before["as_of"], row["awaited"], row["rejected"]) == ("2026-06-08", 4, 1), "May, within its grace"


@pytest.mark.usefixtures("watched")
def test_status_says_where_the_holiday_table_ends(terminal: Terminal, settings: Settings) -> None:
    watch(settings, date(2026, 12, 31))
    assert terminal.json("status")["plain_week_years"] == [2027]
    assert "2027 年尚无放假安排" in terminal.run("status")


@pytest.mark.usefixtures("watched")
def test_why_says_what_is_missing_and_for_what_cause(terminal: Terminal) -> None:
    document = terminal.json("why", "青溪")
    assert (document["code"], document["last_received_at"]) == ("990101", "2026-06-20T09:00:00+08:00")
    training = [m for m in document["missing"] if m["feed"] == "training" and m["period"] == "2026-05"]
    assert [(m["organisation_code"], m["reason"]) for m in training] == [
        ("990101001", "rejected"),
        ("990101002", "nothing received"),
    ]
    assert [r["reason_en"] for r in document["rejected"]] == ["No header row was found"]
    assert [(q["rule_id"], q["rows"]) for q in document["quarantine"]] == [("PLC-02", 3)]
    text = terminal.run("why", "990101")
    for words in (
        "柳桥镇 990101001",
        "nothing received",
        "没有可认的表头",
        "就业起始日期晚于报送日期",
        "2026-06-20 09:00",
    ):
        assert words in text
    assert "2***" not in text


@pytest.mark.usefixtures("watched")
def test_unknown_district_is_exit_code_2_with_a_hint(terminal: Terminal) -> None:
    assert "zaoxue status" in terminal.run("why", "火星区", exit_code=2)
    assert "青溪区 990101" in terminal.run("why", "99010", exit_code=2)


@pytest.mark.usefixtures("watched")
def test_alerts_are_listed(terminal: Terminal) -> None:
    rows = terminal.json("alerts")
    told = {"990101": "missing", "990102": "missing", "B9901": "missing", "9901": "escalated"}
    assert {row["recipient"]: row["kind"] for row in rows} == told
    assert all(row["sent_at"] and row["delivered"] == ["file"] for row in rows)
    assert [row["recipient"] for row in terminal.json("alerts", "--recipient", "990102")] == ["990102"]
    assert "【造血】青溪区" in terminal.run("alerts")


@pytest.mark.usefixtures("watched")
def test_waive_is_recorded_and_seen(terminal: Terminal, connection: psycopg.Connection) -> None:
    words = ("waive", "990102001", "placement", "2026-05", "--reason", "洪水")
    terminal.run(*words, "--as-of", "2026-06-30")
    missing = terminal.json("why", "990102")["missing"]
    assert not [m for m in missing if (m["feed"], m["period"]) == ("placement", "2026-05")]
    assert [m for m in missing if (m["feed"], m["period"]) == ("training", "2026-05")]
    assert connection.execute("select organisation_code, reason from ops.waiver").fetchall() == [("990102001", "洪水")]
    assert "No organisation" in terminal.run("waive", "990199", *words[2:], exit_code=2)
    assert "no period" in terminal.run("waive", "990102001", "placement", "2026Q2", *words[4:], exit_code=2)


def test_without_a_database_it_says_what_to_do(terminal: Terminal, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("ZAOXUE_DATABASE_URL")
    assert "zaoxue nightly" in terminal.run("status", exit_code=1)
    monkeypatch.setenv("ZAOXUE_DATABASE_URL", "postgresql://nobody:s3cret@127.0.0.1:9/zaoxue")
    output = terminal.run("status", exit_code=1)
    assert "zaoxue nightly" in output
    assert "s3cret" not in output
