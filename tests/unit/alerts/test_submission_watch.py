"""What is told, to whom, and how often."""

from __future__ import annotations

import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from zaoxue.alerts.watch import watch
from zaoxue.contracts import load_contracts
from zaoxue.periods import end_of_day
from zaoxue.settings import Settings
from zaoxue.submissions.waivers import waive
from zaoxue.warehouse.database import connect

NIGHT = date(2026, 6, 9)  # May's ledgers: due 5 June 17:00, grace until 9 June 17:00
Lines = Callable[[], list[dict[str, Any]]]
Submit = Callable[..., str]


@pytest.fixture
def others_sent(submit: Submit) -> None:
    """Everything of May has come but placement of 柳桥镇 and 枫林乡."""
    for township in ("990101001", "990101002", "990102001"):
        for feed in ("training", "follow_up", "placement"):
            if (township[:6], feed) != ("990101", "placement"):
                submit(township, feed, "2026-05", 2026, 6, 3)
    submit("B9901", "loan", "2026-05", 2026, 6, 3)


@pytest.mark.usefixtures("others_sent")
def test_one_digest_for_the_district_with_everything_in_it_and_never_again(
    province: Settings, sent_lines: Lines
) -> None:
    assert watch(province, date(2026, 6, 8)).states == {"due": 2, "not_due": 13, "on_time": 8}
    assert sent_lines() == [], "nothing is told within the grace"
    report = watch(province, NIGHT)
    assert (report.states["missing"], report.districts_missing) == (2, ("990101",))
    assert (report.alerts_written, report.alerts_sent, report.alerts_pending) == (1, 1, 0)
    (line,) = sent_lines()
    assert (line["recipient"], line["kind"]) == ("990101", "missing")
    assert line["subject"] == "【造血】青溪区：缺报 2 项 | 2 missing"
    assert "- 就业台账 2026年5月，应于 2026-06-05 17:00 前报送，2026-06-09 17:00 起缺报：柳桥镇、枫林乡" in line["body"]
    assert "- placement 2026-05, due 2026-06-05 17:00, missing since 2026-06-09 17:00: 柳桥镇, 枫林乡" in line["body"]
    assert "零报告" in line["body"]
    assert "Rejected" not in line["body"]
    for night in (NIGHT, NIGHT, date(2026, 6, 10)):
        again = watch(province, night)
        assert (again.alerts_written, again.alerts_sent) == (0, 0)
    assert len(sent_lines()) == 1


@pytest.mark.usefixtures("others_sent")
def test_mended_is_told_once_and_what_goes_missing_again_is_told_again(
    province: Settings, sent_lines: Lines, submit: Submit
) -> None:
    watch(province, NIGHT)
    late = submit("990101001", "placement", "2026-05", 2026, 6, 10)
    submit("990101002", "placement", "2026-05", 2026, 6, 10, is_nil=True)
    report = watch(province, date(2026, 6, 10))
    assert (report.states["nil"], report.districts_missing) == (1, ())
    assert report.states["late"] == 1
    mended = sent_lines()[-1]
    assert (mended["kind"], mended["subject"]) == ("mended", "【造血】青溪区：已补齐 2 项 | 2 mended")
    assert "- placement 2026-05: 柳桥镇, 枫林乡" in mended["body"]
    watch(province, date(2026, 6, 11))
    assert len(sent_lines()) == 2
    with connect(province) as connection:
        connection.execute("update ops.submission set state = 'withdrawn' where submission_id = %s", [late])
    watch(province, date(2026, 6, 12))
    assert [line["kind"] for line in sent_lines()] == ["missing", "mended", "missing"]
    assert "枫林乡" not in sent_lines()[-1]["body"]


@pytest.mark.usefixtures("others_sent")
def test_rejected_is_told_before_it_is_missing_and_said_once_where_both_are_new(
    province: Settings, sent_lines: Lines, submit: Submit
) -> None:
    submit("990101001", "placement", "2026-05", 2026, 6, 8, state="rejected")
    watch(province, date(2026, 6, 8))
    (line,) = sent_lines()
    assert (line["kind"], line["subject"]) == ("rejected", "【造血】青溪区：退回 1 项 | 1 rejected")
    submit("990101002", "placement", "2026-05", 2026, 6, 9, state="rejected")
    report = watch(province, NIGHT)
    assert report.states["missing"] == 2
    line = sent_lines()[-1]
    assert line["kind"] == "missing"
    assert line["subject"] == "【造血】青溪区：缺报 2 项（其中退回 2 项） | 2 missing (2 rejected)"
    assert (
        "what came was rejected and has not been mended.\n- placement 2026-05, due 2026-06-05 17:00, missing since 2026-06-09 17:00: 柳桥镇, 枫林乡\n"
    ) in line["body"]
    assert "截至 2026-06-09 24:00" in line["body"]
    assert line["body"].count("枫林乡") == 2, "once in Chinese, once in English"
    watch(province, date(2026, 6, 10))
    assert len(sent_lines()) == 2


@pytest.mark.usefixtures("others_sent")
def test_nil_late_and_waived_are_not_missing(province: Settings, sent_lines: Lines, submit: Submit) -> None:
    submit("990101001", "placement", "2026-05", 2026, 6, 4, is_nil=True)
    with connect(province) as connection:
        waive(
            connection,
            load_contracts(province.contracts),
            "990101002",
            "placement",
            "2026-05",
            reason="洪水",
            waived_by="test",
            waived_at=end_of_day(date(2026, 6, 1)),
        )
    report = watch(province, NIGHT)
    assert (report.states["nil"], report.states["waived"], "missing" in report.states) == (1, 1, False)
    assert sent_lines() == []


@pytest.mark.usefixtures("others_sent")
def test_waiver_after_the_message_mends(province: Settings, sent_lines: Lines, submit: Submit) -> None:
    submit("990101001", "placement", "2026-05", 2026, 6, 4)
    watch(province, NIGHT)
    with connect(province) as connection:
        waive(
            connection,
            load_contracts(province.contracts),
            "990101002",
            "placement",
            "2026-05",
            reason="洪水",
            waived_by="test",
            waived_at=end_of_day(NIGHT),
        )
    watch(province, date(2026, 6, 10))
    assert [line["kind"] for line in sent_lines()] == ["missing", "mended"]


def test_an_earlier_night_is_judged_but_told_to_nobody(province: Settings, sent_lines: Lines, submit: Submit) -> None:
    submit("990102001", "placement", "2026-05", 2026, 7, 1)  # missing on the earlier night, never told
    watch(province, date(2026, 8, 31))
    told = len(sent_lines())
    assert told == 3, "two districts and the bank"
    report = watch(province, NIGHT)
    assert report.is_replay
    assert report.states["missing"] == 10, "9 monthly ledgers, the loans"
    assert len(sent_lines()) == told


@pytest.mark.usefixtures("others_sent")
def test_by_day_it_judges_the_hour_and_not_the_coming_midnight(province: Settings) -> None:
    noon = datetime(2026, 6, 9, 12, tzinfo=ZoneInfo("Asia/Shanghai"))
    assert watch(province, NIGHT, at=noon).states.get("missing", 0) == 0
    assert watch(province, NIGHT).states["missing"] == 2


def test_two_watches_at_once_tell_it_once(province: Settings, sent_lines: Lines) -> None:
    eve = date(2026, 6, 8)
    watch(province, eve)  # so that neither the night nor an obligation is new, and only the alerts are
    already = len(sent_lines())
    with ThreadPoolExecutor(4) as pool, connect(province) as gate:
        gate.execute("select pg_advisory_xact_lock(hashtext('zaoxue watch'))")
        running = [pool.submit(watch, province, eve, at=end_of_day(NIGHT)) for _ in range(4)]
        while gate.execute(
            "select count(*) from pg_locks where locktype = 'advisory' and not granted"
            " and database = (select oid from pg_database where datname = current_database())"
        ).fetchone() != (4,):
            assert not any(watching.done() for watching in running), "a watch did not wait for the one before it"
            time.sleep(0.01)
        gate.commit()
        reports = [watching.result() for watching in running]
    assert sum(report.alerts_written for report in reports) == 3
    assert sorted(line["recipient"] for line in sent_lines()[already:]) == ["990101", "990102", "B9901"]
    with connect(province) as connection:
        assert connection.execute("select count(*) from ops.alert where sent_at is null").fetchone() == (0,)


def test_nobody_registered_nothing_told(settings: Settings) -> None:
    report = watch(settings, NIGHT)
    assert (report.obligations, report.states, report.alerts_written) == (0, {}, 0)
