"""Odd files through the whole load: several senders in one workbook, closing sheets, links, old workbooks."""

from __future__ import annotations

from tests.fixtures.biff import xls_bytes
from tests.fixtures.specimen import book, ledger
from tests.fixtures.zoo_layouts import NARROW, narrow
from tests.pipeline.conftest import Night
from tests.pipeline.ledgers import TOWN, deliver, placement, resident_id
from zaoxue.settings import Settings
from zaoxue.warehouse.database import connect


def query(settings: Settings, text: str) -> list[tuple[object, ...]]:
    with connect(settings) as connection:
        return connection.execute(text).fetchall()


def put(settings: Settings, uri: str, content: bytes) -> None:
    path = settings.inbox / uri
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)
    deliver(path, "2026-06-03T10:00")


def test_one_workbook_of_a_district_is_a_submission_of_each_of_its_towns(settings: Settings, night: Night) -> None:
    sheets = {"柳桥镇": ledger(placement(1)), "石塘镇": ledger(placement(2)), "无名镇": ledger(placement(3))}
    put(settings, "990101_青溪区/就业台账_2026年5月.xlsx", book(sheets))
    # Whose the third sheet is nobody can say, so no row of the two counts as gone.
    assert night().states == {"accepted_with_rejects": 2, "rejected": 1}
    assert query(
        settings, "select organisation_code, period, state, rows_accepted from ops.submission order by 1 nulls last"
    ) == [
        ("990101", "2026-05", "rejected", 0),  # in whose folder it lies
        ("990101001", "2026-05", "accepted_with_rejects", 1),
        ("990101002", "2026-05", "accepted_with_rejects", 1),
    ]
    assert query(settings, "select organisation_code, _sheet from raw.placement order by 1") == [
        ("990101001", "柳桥镇"),
        ("990101002", "石塘镇"),
    ]
    assert night().files == 0


def test_a_closing_sheet_ends_spells_and_is_accounted_for(settings: Settings, night: Night) -> None:
    sheets = {"就业": [NARROW, *narrow(1, 2)], "结束": [["身份证号码", "结束日期"], [resident_id(2), "2026-05-20"]]}
    put(settings, f"{TOWN}/就业台账_2026年5月.xlsx", book(sheets))
    assert night().states["accepted"] == 1
    assert query(settings, "select _row, ended_on::text from raw.placement order by 1") == [
        (2, None),
        (3, "2026-05-20"),
    ]
    assert query(
        settings, "select sheet, rows_in_file, rows_accepted, rows_not_data from ops.sheet_account order by 2"
    ) == [
        ("结束", 2, 0, 2),
        ("就业", 3, 2, 1),
    ]


def test_the_night_goes_on_past_links_and_broken_files(settings: Settings, night: Night) -> None:
    put(settings, f"{TOWN}/就业台账_2026年5月.xls", xls_bytes({"就业": ledger()}))
    put(settings, f"{TOWN}/培训台账_2026年5月.pdf", b"%PDF-1.7")
    put(settings, f"{TOWN}/a\u202ecsv.xlsx", b"x")
    (settings.inbox / TOWN / "链接.csv").symlink_to("/etc/hostname")
    report = night()
    assert report.states == {"accepted": 1, "rejected": 3}
    assert {uri.rsplit("/", 1)[-1] for (uri,) in query(settings, "select source_uri from ops.submission")} == {
        "就业台账_2026年5月.xls",
        "培训台账_2026年5月.pdf",
        "a\\u202ecsv.xlsx",
        "链接.csv",
    }
    assert night().files == 0
