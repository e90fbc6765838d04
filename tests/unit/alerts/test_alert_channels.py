"""Real deliveries: a webhook in another process, down and up again."""

from __future__ import annotations

import json
import stat
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from receiver import Receiver

from zaoxue.alerts.channels import JsonLinesChannel, OutgoingAlert
from zaoxue.alerts.watch import watch
from zaoxue.settings import Settings
from zaoxue.warehouse.database import connect

NIGHT = date(2026, 6, 9)
Lines = Callable[[], list[dict[str, Any]]]


def test_webhook_gets_every_alert_of_the_settings(province: Settings, receiver: Receiver, sent_lines: Lines) -> None:
    report = watch(replace(province, alert_urls=(receiver.url,)), NIGHT)
    assert (report.alerts_sent, report.alerts_pending) == (3, 0)
    assert sorted((m["title"], m["message"].strip()) for m in receiver.taken()) == sorted(
        (line["subject"], line["body"].strip()) for line in sent_lines()
    )


def test_organisation_gets_its_own_alerts_alone(province: Settings, receiver: Receiver) -> None:
    with connect(province) as connection:
        connection.execute(
            "update ops.organisation set alert_urls = %s where organisation_code = '990102'", [receiver.url]
        )
    watch(province, NIGHT)
    (message,) = receiver.taken()
    assert message["title"].startswith("【造血】白石县：")


def test_channel_that_is_down_is_tried_again_and_the_others_are_not_repeated(
    province: Settings, receiver: Receiver, sent_lines: Lines, caplog: pytest.LogCaptureFixture
) -> None:
    settings = replace(province, alert_urls=(receiver.url,))
    receiver.behave("refuse")
    report = watch(settings, NIGHT)
    assert (report.alerts_written, report.alerts_sent, report.alerts_pending) == (3, 0, 3)
    assert len(sent_lines()) == 3
    with connect(province) as connection:
        rows = connection.execute("select last_error, attempts from ops.alert").fetchall()
        channels = connection.execute("select string_agg(distinct channel, ' ') from ops.alert_delivery").fetchone()
    assert all("not accepted" in error and attempts == 2 for error, attempts in rows)
    assert "s3cret" not in f"{rows} {channels} {caplog.text}"
    receiver.behave("take")
    report = watch(settings, NIGHT)
    assert (report.alerts_written, report.alerts_sent, report.alerts_pending) == (0, 3, 0)
    assert (len(receiver.taken()), len(sent_lines())) == (3, 3)


def test_dead_channel_does_not_hold_up_the_rest(
    province: Settings, sent_lines: Lines, caplog: pytest.LogCaptureFixture
) -> None:
    with connect(province) as connection:
        connection.execute(
            "insert into ops.organisation select '99' || n, '第' || n || '区', 'district', null,"
            " '99' || n, '2026-01-01', null, '' from generate_series(1001, 1040) as n"
        )
    report = watch(replace(province, alert_urls=("json://127.0.0.1:9/", "nonsense://s3cret")), NIGHT)
    assert (len(sent_lines()), report.alerts_pending) == (43, 43)
    assert "s3cret" not in caplog.text
    with connect(province) as connection:
        row = connection.execute("select sum(attempts) from ops.alert").fetchone()
    assert row == (43 + 3 + 3,), "each dead channel is given up for this run after three failures in a row"


def test_half_a_line_of_a_killed_writer_spoils_nothing_else(province: Settings) -> None:
    province.alert_file.parent.mkdir(parents=True, exist_ok=True)
    province.alert_file.write_text('{"alert_key": "ha')
    alert = OutgoingAlert("key", "missing", "990101", "标题", "正文\n第二行")
    assert JsonLinesChannel(province.alert_file).deliver(alert) is None
    half, whole = province.alert_file.read_text(encoding="utf-8").splitlines()
    assert half == '{"alert_key": "ha'
    assert json.loads(whole) == {
        "alert_key": "key",
        "kind": "missing",
        "recipient": "990101",
        "subject": "标题",
        "body": "正文\n第二行",
    }


def test_file_is_private_and_a_failing_disk_is_an_answer(province: Settings) -> None:
    alert = OutgoingAlert("key", "missing", "990101", "s", "b")
    JsonLinesChannel(province.alert_file).deliver(alert)
    assert stat.S_IMODE(province.alert_file.stat().st_mode) == 0o600
    refusal = JsonLinesChannel(province.alert_file / "below").deliver(alert)
    assert refusal == "file: FileExistsError"
