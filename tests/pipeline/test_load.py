"""From delivered files to system-versioned rows, on a real database and through the real gate."""

from __future__ import annotations

import shutil
from collections import Counter
from pathlib import Path
from typing import Any

from tests.pipeline.conftest import Night
from tests.pipeline.ledgers import TOWN, deliver, placement, resident_id, write_placements
from zaoxue.inbox import archived_path
from zaoxue.settings import Settings
from zaoxue.warehouse.database import connect


def query(settings: Settings, text: str) -> list[tuple[Any, ...]]:
    with connect(settings) as connection:
        return connection.execute(text).fetchall()


def history(settings: Settings) -> list[tuple[Any, ...]]:
    """Every version of every placement row, and whether it is current."""
    return query(
        settings,
        "select _row, monthly_wage, _from_submission, _to_submission from raw.placement"
        " order by _row_key, _from_submission, _row_hash",
    )


def test_a_good_ledger_is_loaded_and_accounted_for(settings: Settings, night: Night) -> None:
    path = write_placements(settings.inbox, [placement(n) for n in range(1, 6)])
    report = night()
    assert report.as_dict() | {"feeds": []} == {
        "files": 1,
        "states": {"rejected": 0, "accepted": 1},
        "rows_accepted": 5,
        "rows_quarantined": 0,
        "rows_closed": 0,
        "rows_inserted": 5,
        "feeds": [],
    }
    # Title, header, total, blank and signature rows are not data.
    assert query(
        settings, "select sheet, rows_in_file, rows_accepted, rows_quarantined, rows_not_data from ops.sheet_account"
    ) == [("Sheet1", 10, 5, 0, 5)]
    assert query(
        settings, "select feed, organisation_code, district_code, period, version, state from ops.submission"
    ) == [("placement", "990101001", "990101", "2026-05", 1, "accepted")]
    assert query(
        settings,
        "select min(_row), max(_row), count(distinct person_key), min(started_on)::text, min(channel)"
        " from raw.placement",
    ) == [(3, 7, 5, "2026-03-01", "organised")]
    ((digest,),) = query(settings, "select sha256 from ops.submission")
    assert archived_path(settings.archive, digest).read_bytes() == path.read_bytes()


def test_loading_again_changes_nothing(settings: Settings, night: Night) -> None:
    write_placements(settings.inbox, [placement(n) for n in range(1, 6)])
    night()
    before = history(settings)
    assert night().files == 0
    with connect(settings) as connection:  # even when the files are handed over again
        connection.execute("update ops.submission set size_bytes = size_bytes + 1")
    report = night()
    assert (report.files, report.rows_closed, report.rows_inserted) == (1, 0, 0)
    assert history(settings) == before


def test_a_corrected_file_changes_only_what_changed(settings: Settings, night: Night) -> None:
    rows = [placement(n) for n in range(1, 101)]
    write_placements(settings.inbox, rows)
    night()
    corrected = [*rows[:40], *rows[41:99], placement(100, **{"月工资（元）": 4200}), placement(101)]  # 41 gone, 101 new
    write_placements(settings.inbox, corrected, name="就业台账_2026年5月_更正.xlsx", received="2026-06-04T09:00")
    report = night()
    assert (report.rows_closed, report.rows_inserted) == (2, 2)
    assert query(settings, "select version, state from ops.submission order by version") == [
        (1, "superseded"),
        (2, "accepted"),
    ]
    assert query(settings, "select count(*) from raw.placement where _to_submission is null") == [(100,)]


def test_versions_of_one_night_are_applied_in_the_order_of_receipt(settings: Settings, night: Night) -> None:
    write_placements(
        settings.inbox, [placement(1)], name="就业台账_2026年4月.xlsx", title=None, received="2026-05-05T09:00"
    )
    write_placements(settings.inbox, [placement(1, 就业终止日期="2026-05-10")])
    report = night()
    assert report.states == Counter(accepted=2, rejected=0)
    assert [(row[3] is None) for row in history(settings)].count(True) == 1
    assert query(settings, "select ended_on::text from raw.placement where _to_submission is null") == [("2026-05-10",)]


def test_same_bytes_again_are_a_duplicate_and_an_old_ledger_is_stale(settings: Settings, night: Night) -> None:
    first = write_placements(settings.inbox, [placement(1)])
    night()
    again = first.with_name("就业台账_2026年5月（重报）.xlsx")
    shutil.copyfile(first, again)
    deliver(again, "2026-06-08T09:00")
    write_placements(
        settings.inbox, [placement(2)], name="就业台账_2026年4月.xlsx", title=None, received="2026-06-09T09:00"
    )
    before = history(settings)
    report = night()
    assert report.states == Counter(duplicate=1, stale=1, rejected=0)
    assert history(settings) == before


def test_every_bad_row_is_quarantined_with_its_place_and_reason(settings: Settings, night: Night) -> None:
    """More than 200: Great Expectations cuts some of its lists there."""
    good = [placement(n) for n in range(1, 701)]
    bad = [placement(n, 就业终止日期="2026-02-01") for n in range(701, 951)]
    write_placements(settings.inbox, good + bad)
    report = night()
    assert (report.rows_accepted, report.rows_quarantined) == (700, 250)
    lines = query(settings, "select sheet, row, header, rule_id, masked_value from ops.quarantine order by row")
    assert lines == [("Sheet1", row, "就业终止日期", "PLC-01", "2026-02-01") for row in range(703, 953)]
    assert query(settings, "select evaluated, failed, severity from ops.gate_result where rule_id = 'PLC-01'") == [
        (250, 250, "critical")
    ]
    assert query(settings, "select state from ops.submission") == [("accepted_with_rejects",)]


def test_each_kind_of_bad_cell_says_where_what_and_how_to_mend_it(settings: Settings, night: Night) -> None:
    wrong_check = resident_id(2)[:-1] + ("1" if resident_id(2)[-1] != "1" else "2")
    rows = [placement(n) for n in range(1, 31)] + [
        placement(31, **{"劳动力身份证号*": wrong_check}),
        placement(32, **{"就业渠道*": "熟人"}),
        placement(33, **{"就业起始日期*": None}),
        placement(34, **{"就业起始日期*": "2026-02-30"}),
        placement(35, **{"月工资（元）": 300000}),
        placement(36, **{"签订合同或协议（月）*": "一年"}),
        placement(1),
        placement(38, **{"劳动力姓名*": None}),
    ]
    write_placements(settings.inbox, rows)
    assert night().rows_quarantined == 8
    lines = query(settings, "select row, header, rule_id, masked_value from ops.quarantine order by row, rule_id")
    assert lines == [
        (33, "劳动力身份证号", "PLC.person_id.resident_id", "9" + "*" * 16),
        (34, "就业渠道", "PLC.channel.code", "熟*"),
        (35, "就业起始日期", "PLC.started_on.required", None),
        (36, "就业起始日期", "PLC.started_on.readable", "2026-02-30"),
        (37, "月工资（元）", "PLC.monthly_wage.range", "300000"),
        (38, "签订合同或协议（月）", "PLC.contract_months.readable", "一*"),
        (39, "劳动力身份证号", "PLC.key.unique", "9" + "*" * 16),
        (40, "劳动力姓名", "PLC.name.required", None),
    ]
    for zh, en in query(settings, "select message_zh, message_en from ops.quarantine"):
        assert zh
        assert en.isascii() or "”" in en or any(word in en for word in ("身份证", "就业", "月工资", "签订", "劳动力"))


def test_a_file_of_mostly_bad_rows_is_rejected_whole(settings: Settings, night: Night) -> None:
    write_placements(settings.inbox, [placement(1)] + [placement(n, **{"就业渠道*": "熟人"}) for n in range(2, 8)])
    report = night()
    assert (report.states["rejected"], report.rows_inserted) == (1, 0)
    assert query(
        settings, "select rows_accepted, rows_quarantined, reason_en like 'More than half%%' from ops.submission"
    ) == [(0, 7, True)]
    assert query(settings, "select count(*) from ops.quarantine") == [(6,)]


def test_a_nil_report_is_accepted_and_closes_nothing_of_a_cumulative_ledger(settings: Settings, night: Night) -> None:
    write_placements(
        settings.inbox, [placement(1)], name="就业台账_2026年4月.xlsx", title=None, received="2026-05-05T09:00"
    )
    write_placements(settings.inbox, [], name="零报告_就业台账_2026年5月.xlsx", title=None)
    night()
    assert query(settings, "select period, state, is_nil from ops.submission order by period") == [
        ("2026-04", "accepted", False),
        ("2026-05", "accepted", True),
    ]
    assert query(settings, "select count(*) from raw.placement where _to_submission is null") == [(1,)]


def test_an_empty_ledger_that_does_not_say_so_is_rejected(settings: Settings, night: Night) -> None:
    write_placements(settings.inbox, [])
    night()
    ((reason,),) = query(settings, "select reason_zh from ops.submission where state = 'rejected'")
    assert "零报告" in reason


def test_what_cannot_be_taken_in_is_registered_with_the_reason(settings: Settings, night: Night) -> None:
    town = settings.inbox / TOWN
    (town / "就业台账_2026年5月.xlsx").write_bytes(b"PK\x03\x04 cut short")
    (town / "空.csv").write_bytes(b"")
    (town / "通讯录.csv").write_text("甲,乙\n1,2\n", encoding="utf-8")
    write_placements(settings.inbox, [placement(1)], name="就业台账.xlsx", title=None)
    write_placements(settings.inbox, [placement(1)], town="无名镇")
    write_placements(settings.inbox, [placement(1)], name="就业台账_2026年4月.xlsx")  # its title says May
    write_placements(
        settings.inbox, [placement(1)], town="990101_青溪区", name="区级就业台账_2026年5月.xlsx", title="区级汇总"
    )
    report = night()
    assert report.states == Counter(rejected=7)
    reasons = dict(query(settings, "select source_uri, reason_zh from ops.submission"))
    assert "损坏" in reasons[f"{TOWN}/就业台账_2026年5月.xlsx"]
    assert "空" in reasons[f"{TOWN}/空.csv"]
    assert "表头" in reasons[f"{TOWN}/通讯录.csv"]
    assert "期间" in reasons[f"{TOWN}/就业台账.xlsx"]
    assert "文件夹" in reasons["无名镇/就业台账_2026年5月.xlsx"]
    assert "一致" in reasons[f"{TOWN}/就业台账_2026年4月.xlsx"]
    assert "乡镇" in reasons["990101_青溪区/区级就业台账_2026年5月.xlsx"]
    # What names and folders tell of each is kept, so that it is known as rejected and not as missing.
    purposes = {
        uri: rest
        for uri, *rest in query(settings, "select source_uri, organisation_code, feed, period from ops.submission")
    }
    assert purposes == {
        f"{TOWN}/就业台账_2026年5月.xlsx": ["990101001", "placement", "2026-05"],
        f"{TOWN}/空.csv": ["990101", None, None],
        f"{TOWN}/通讯录.csv": ["990101", None, None],
        f"{TOWN}/就业台账.xlsx": ["990101001", "placement", None],
        "无名镇/就业台账_2026年5月.xlsx": [None, "placement", "2026-05"],
        f"{TOWN}/就业台账_2026年4月.xlsx": ["990101001", "placement", None],
        "990101_青溪区/区级就业台账_2026年5月.xlsx": ["990101", "placement", "2026-05"],
    }
    assert night().files == 0


def test_no_personal_data_reaches_the_database(settings: Settings, night: Night, tmp_path: Path) -> None:
    names = ["欧阳测试", "司徒样本", "上官示例"]
    rows = [placement(n, **{"劳动力姓名*": names[n % 3], "联系电话": f"1390000{n:04d}"}) for n in range(1, 21)]
    rows += [
        placement(21, **{"就业渠道*": names[0], "就业单位": None, "月工资（元）": resident_id(21)})
    ]  # shifted by a column
    write_placements(settings.inbox, rows)
    night()
    with connect(settings) as connection:
        tables = connection.execute(
            "select schemaname, tablename from pg_tables where schemaname in ('ops', 'raw')"
        ).fetchall()
        dump = "\n".join(
            str(row)
            for schema, table in tables
            for row in connection.execute(f"select t::text from {schema}.{table} t")
        )
    assert "测*" not in dump
    for secret in [*names, *(resident_id(n) for n in range(1, 22)), *(f"1390000{n:04d}" for n in range(1, 21))]:
        assert secret not in dump


def test_the_same_bytes_for_a_later_period_are_no_duplicate(settings: Settings, night: Night) -> None:
    first = write_placements(
        settings.inbox, [placement(1)], name="就业台账_2026年4月.xlsx", title=None, received="2026-05-05T09:00"
    )
    later = first.with_name("就业台账_2026年5月.xlsx")
    shutil.copyfile(first, later)
    deliver(later, "2026-06-03T09:00")
    assert night().states == Counter(accepted=2, rejected=0)
    assert query(settings, "select count(*) from raw.placement") == [(1,)]


def test_a_total_row_with_its_count_in_the_key_column_is_no_data(settings: Settings, night: Night) -> None:
    total = {"序号": "合计", "劳动力姓名*": None, "劳动力身份证号*": "212人"}
    write_placements(settings.inbox, [placement(1), total])
    assert (night().rows_accepted, query(settings, "select count(*) from ops.quarantine")) == (1, [(0,)])
