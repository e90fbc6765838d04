"""Reminders, escalation, whom to call; nothing before a night has looked; quiet hours; named addresses; the engineers."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from receiver import Receiver

from zaoxue.alerts.engineers import tell_engineers, tell_held
from zaoxue.alerts.watch import watch
from zaoxue.settings import Settings
from zaoxue.warehouse.database import connect

BEIJING = ZoneInfo("Asia/Shanghai")
Lines = Callable[[], list[dict[str, Any]]]
Submit = Callable[..., str]


def at(*parts: int) -> datetime:
    return datetime(*parts, tzinfo=BEIJING)


@pytest.fixture
def one_awaited(province: Settings, submit: Submit) -> Settings:
    """Only 柳桥镇's placement of May is not there; 青溪区 lies under a prefecture, with lines to call."""
    with connect(province) as connection:
        connection.execute(
            "insert into ops.organisation (organisation_code, name, kind, opened_on, contact)"
            " values ('9901', '甲州', 'prefecture', '2026-05-01', '甲州就业局 0999-8000001')"
        )
        connection.execute(
            "update ops.organisation set parent_code = '9901', contact = '区就业局 0999-8000002'"
            " where organisation_code = '990101'"
        )
    for township in ("990101001", "990101002", "990102001"):
        for feed in ("training", "follow_up", "placement"):
            if (township, feed) != ("990101001", "placement"):
                submit(township, feed, "2026-05", 2026, 6, 3)
    submit("B9901", "loan", "2026-05", 2026, 6, 3)
    return province


def hourly(settings: Settings, instant: datetime) -> int:
    return watch(settings, instant.date(), at=instant).alerts_written


def test_reminder_missing_escalation_and_end(one_awaited: Settings, submit: Submit, sent_lines: Lines) -> None:
    told = [
        hourly(one_awaited, instant)
        for instant in (
            at(2026, 6, 3, 20),
            at(2026, 6, 4, 8),  # a working day before it is due
            at(2026, 6, 5, 17),
            at(2026, 6, 9, 17),  # the end of the grace itself
            at(2026, 6, 9, 18),
            at(2026, 6, 12, 17),  # three working days later
            at(2026, 6, 12, 18),
        )
    ]
    assert told == [0, 1, 0, 0, 1, 0, 1]
    reminder, missing, escalated = sent_lines()
    assert (reminder["recipient"], reminder["kind"]) == ("990101", "reminder")
    assert "- 就业台账 2026年5月，应于 2026-06-05 17:00 前报送：柳桥镇" in reminder["body"]
    assert "due 2026-06-05 17:00, missing since 2026-06-09 17:00: 柳桥镇" in missing["body"]
    assert "咨询：甲州 甲州就业局 0999-8000001" in missing["body"]
    assert (escalated["recipient"], escalated["subject"]) == ("9901", "【造血】甲州：下级逾期 1 项 | 1 escalated")
    assert "2026-06-09 17:00 起缺报：青溪区柳桥镇\n  联系：区就业局 0999-8000002" in escalated["body"]
    submit("990101001", "placement", "2026-05", 2026, 6, 13)
    assert hourly(one_awaited, at(2026, 6, 15, 8)) == 2
    assert {(line["recipient"], line["kind"]) for line in sent_lines()[3:]} == {
        ("9901", "mended"),
        ("990101", "mended"),
    }


def test_nobody_is_told_of_a_file_that_no_night_has_looked_for(one_awaited: Settings, sent_lines: Lines) -> None:
    def look(started: datetime) -> None:
        with connect(one_awaited) as connection:
            connection.execute(
                "insert into ops.step_outcome (run_id, step, subject, outcome, seconds, at)"
                " values ('n', 'inbox read', 'ledgers', 'succeeded', 600, %s)",
                [started + timedelta(minutes=10)],
            )

    look(at(2026, 6, 9, 1))
    assert hourly(one_awaited, at(2026, 6, 9, 18)) == 0, "it may have come in the afternoon"
    assert hourly(one_awaited, at(2026, 6, 10, 8)) == 0, "the night has failed"
    look(at(2026, 6, 11, 1))
    assert hourly(one_awaited, at(2026, 6, 11, 8)) == 1
    assert [line["kind"] for line in sent_lines()] == ["missing"]


def test_rejected_says_why_with_the_reason_of_the_receipt(
    one_awaited: Settings, submit: Submit, sent_lines: Lines
) -> None:
    id_ = submit("990101001", "placement", "2026-05", 2026, 6, 3, state="rejected")
    with connect(one_awaited) as connection:
        connection.execute(
            "update ops.submission set reason_zh = %s, reason_en = 'No header row was found' where submission_id = %s",
            ["没有可认的表头" + "，请核对" * 60, id_],
        )
    hourly(one_awaited, at(2026, 6, 4, 8))
    (line,) = sent_lines()
    assert (line["kind"], "  Reason: No header row was found\n" in line["body"]) == ("rejected", True)
    assert "  原因：没有可认的表头" in line["body"]
    assert max(map(len, line["body"].splitlines())) < 260, "a long reason is cut"


@pytest.mark.parametrize(("hour", "is_quiet"), [(20, False), (21, True), (23, True), (3, True), (7, True), (8, False)])
def test_clerks_are_left_alone_in_quiet_hours_and_engineers_are_not(
    one_awaited: Settings, receiver: Receiver, sent_lines: Lines, hour: int, is_quiet: bool
) -> None:
    settings = replace(one_awaited, quiet_hours=(time(20, 30), time(7, 30)), alert_urls=(receiver.url,))
    report = watch(settings, date(2026, 6, 10), at=at(2026, 6, 10, hour))
    assert (report.alerts_written, report.alerts_pending) == (1, int(is_quiet))
    assert (len(receiver.taken()), len(sent_lines())) == (int(not is_quiet), 1)
    watch(settings, date(2026, 6, 11), at=at(2026, 6, 11, 8))
    assert len(receiver.taken()) == 1, "in the morning, once"
    settings = replace(settings, quiet_hours=(time(0), time(23, 59, 59)))
    tell_engineers(settings, "late", "key", dag="marts", run="r")
    assert [m["title"] for m in receiver.taken()[1:]] == ["marts 未按时完成 / marts is not done in time"]


def test_an_address_may_be_named_and_a_name_without_one_waits(
    one_awaited: Settings, receiver: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    with connect(one_awaited) as connection:
        connection.execute("update ops.organisation set alert_urls = 'env:HOOK' where organisation_code = '990101'")
    monkeypatch.delenv("HOOK", raising=False)
    assert watch(one_awaited, date(2026, 6, 9)).alerts_pending == 1
    with connect(one_awaited) as connection:
        assert connection.execute("select last_error from ops.alert").fetchone() == (
            "env:HOOK: nothing is stored under this name",
        )
    monkeypatch.setenv("HOOK", receiver.url)
    assert watch(one_awaited, date(2026, 6, 9)).alerts_pending == 0
    assert len(receiver.taken()) == 1


def test_engineers_hear_once_of_a_year_without_a_table(one_awaited: Settings, sent_lines: Lines) -> None:
    for night in (date(2026, 11, 30), date(2026, 12, 1), date(2026, 12, 2)):
        watch(one_awaited, night)
    mine = [line for line in sent_lines() if line["recipient"] == "engineers"]
    assert [line["alert_key"] for line in mine] == ["holiday table|2027"]
    assert "chinesecalendar" in mine[0]["body"]


def test_engineers_hear_of_a_day_that_loads_far_less_than_its_like(one_awaited: Settings, sent_lines: Lines) -> None:
    def load(day: date, files: int) -> None:
        with connect(one_awaited) as connection:
            connection.execute(
                "insert into ops.submission (submission_id, source_uri, sha256, size_bytes, received_at, state, rows_in_file,"
                " rows_accepted) select md5(%(day)s::text || n), %(day)s::text || n, 'x', 1,"
                " %(day)s::timestamp at time zone 'Asia/Shanghai' + interval '10 hours', 'accepted', 100, 100"
                " from generate_series(1, %(files)s) as n",
                {"day": day, "files": files},
            )

    third_working_days = [date(2026, 3, 4), date(2026, 4, 3), date(2026, 5, 8), date(2026, 6, 3), date(2026, 7, 3)]
    for day, files in zip(third_working_days, (40, 44, 36, 20, 11), strict=True):
        load(day, files)
    load(date(2026, 6, 15), 1)  # nobody sends on the eleventh working day, so one file is not little
    for night in (*third_working_days[3:], date(2026, 6, 15), third_working_days[4]):
        watch(one_awaited, night)
    small = [line for line in sent_lines() if line["alert_key"].startswith("small load")]
    assert [line["alert_key"] for line in small] == ["small load|2026-07-03"]
    assert (
        "11 files with 1100 rows; usual on working day 3 of a month (median of the months before): 38 files"
        in (small[0]["body"])
    )


def test_many_held_files_are_one_message_and_each_is_told_once(province: Settings, sent_lines: Lines) -> None:
    assert tell_held(province, [("a", "甲"), ("b", "乙")]) == 2
    assert tell_held(province, [("a", "甲"), ("b", "乙"), ("c", "丙")]) == 1
    assert tell_held(province, [("c", "丙")]) == 0
    assert [line["subject"] for line in sent_lines()] == [
        "2 份报送待核实放行 / 2 held for a person to release",
        "1 份报送待核实放行 / 1 held for a person to release",
    ]
    assert "甲\n\n乙" in sent_lines()[0]["body"]


def test_engineers_hear_even_when_the_database_is_gone(province: Settings, sent_lines: Lines) -> None:
    gone = replace(province, database_url="postgresql://nobody@127.0.0.1:9/zaoxue")
    assert tell_engineers(gone, "failed", "key", dag="marts", run="r", task="dbt_build", error="OperationalError")
    (line,) = sent_lines()
    assert (line["kind"], line["subject"]) == ("engineers", "marts 运行失败 / marts has failed")
