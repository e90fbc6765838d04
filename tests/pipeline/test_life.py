"""The life of a submission: partial, held, released, withdrawn, processed again; on a real database and gate."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
import xlsxwriter

from tests.pipeline.conftest import Night
from tests.pipeline.ledgers import PLACEMENT_HEADER, TOWN, deliver, placement, write_placements
from tests.pipeline.test_load import query
from zaoxue.inbox import discover
from zaoxue.inbox.discover import LEDGER_SUFFIXES
from zaoxue.pipeline import load_files
from zaoxue.pipeline.acts import ActError
from zaoxue.pipeline.release import release, resend
from zaoxue.pipeline.withdraw import withdraw
from zaoxue.settings import Settings
from zaoxue.warehouse.database import connect

APRIL = {"name": "就业台账_2026年4月.xlsx", "title": None, "received": "2026-05-05T09:00"}
MAY = {"name": "就业台账_2026年5月.xlsx", "received": "2026-06-03T10:00"}
JUNE = {"name": "就业台账_2026年6月.xlsx", "title": None, "received": "2026-07-03T10:00"}
WHO = "某处长"


def current(settings: Settings) -> list[tuple[int, int]]:
    return query(
        settings,
        "select (_row - 1)::int, monthly_wage::int from raw.placement where _to_submission is null order by 1",
    )


def states(settings: Settings) -> list[tuple[str, str]]:
    return query(settings, "select period, state from ops.submission order by received_at, version")


def submission(settings: Settings, name: str) -> str:
    ((found,),) = query(settings, f"select submission_id from ops.submission where source_uri like '%{name}'")
    return str(found)


def rows(*wages: int) -> list[dict[str, object]]:
    return [placement(n, **{"月工资（元）": wage}) for n, wage in enumerate(wages, start=1)]


def test_withdrawing_the_newest_lets_the_version_before_stand_again(settings: Settings, night: Night) -> None:
    write_placements(settings.inbox, rows(3000, 3100, 3200), **APRIL)
    night()
    write_placements(settings.inbox, rows(3000, 5000), **(MAY | {"title": None}))
    night()
    assert current(settings) == [(1, 3000), (2, 5000)]
    done = withdraw(settings, submission(settings, "5月.xlsx"), "another town's", WHO)
    assert (done.was, done.rows_removed, done.rows_reopened, done.stands_again) == ("accepted", 1, 2, None)
    assert current(settings) == [(1, 3000), (2, 3100), (3, 3200)]
    assert states(settings) == [("2026-04", "accepted"), ("2026-05", "withdrawn")]
    # Again, and the night again: nothing more happens.
    assert withdraw(settings, done.submission_id, "again", WHO).was == "withdrawn"
    assert night().files == 0
    assert current(settings) == [(1, 3000), (2, 3100), (3, 3200)]
    assert query(settings, "select act, reason, acted_by, outcome from ops.submission_act") == [
        ("withdraw", "another town's", WHO, "withdrawn")
    ]


def test_withdrawing_a_correction_gives_the_obligation_back(settings: Settings, night: Night) -> None:
    bad = placement(4, 就业终止日期="2026-02-01")
    write_placements(settings.inbox, [*rows(3000, 3100, 3200), bad], **MAY)
    night()
    write_placements(settings.inbox, rows(9000), name="就业台账_2026年5月_更正.xlsx", received="2026-06-04T10:00")
    night()
    first, second = submission(settings, "5月.xlsx"), submission(settings, "更正.xlsx")
    assert withdraw(settings, second, "wrong", WHO).stands_again == first
    assert states(settings) == [("2026-05", "accepted_with_rejects"), ("2026-05", "withdrawn")]
    # The very same correction sent once more is no duplicate of a withdrawn one, and gets a number of its own.
    again = settings.inbox / TOWN / "就业台账_2026年5月_再次更正.xlsx"
    shutil.copyfile(settings.inbox / TOWN / "就业台账_2026年5月_更正.xlsx", again)
    deliver(again, "2026-06-05T10:00")
    night()
    assert query(settings, "select version, state from ops.submission order by version") == [
        (1, "superseded"),
        (2, "withdrawn"),
        (3, "accepted"),
    ]


def test_withdrawing_in_the_middle_leaves_every_other_version_as_it_was(settings: Settings, night: Night) -> None:
    write_placements(settings.inbox, rows(3000, 3100, 3200), **APRIL)
    write_placements(settings.inbox, rows(3000, 5000, 3200, 3300), **(MAY | {"title": None}))
    write_placements(settings.inbox, [*rows(3000, 3100), placement(9), *rows(0, 0, 0, 3300)[3:]], **JUNE)
    night()
    april, may, june = (submission(settings, name) for name in ("4月.xlsx", "5月.xlsx", "6月.xlsx"))
    withdraw(settings, may, "wrong", WHO)
    # As though May had never come: row 2 was the same in April and June, row 4 is June's, in June's place.
    assert query(
        settings,
        "select monthly_wage::int, _from_submission, _to_submission, _period, _row from raw.placement order by 1, 5",
    ) == [
        (3000, april, None, "2026-04", 2),
        (3100, april, None, "2026-04", 3),
        (3200, april, june, "2026-04", 4),
        (3300, june, None, "2026-06", 5),
        (3500, june, None, "2026-06", 4),
    ]


def test_what_was_set_aside_because_of_it_can_come_in(settings: Settings, night: Night) -> None:
    """May's ledger under June's name; the right one for May came later and was stale."""
    write_placements(settings.inbox, rows(9999), **(JUNE | {"received": "2026-06-03T10:00"}))
    night()
    write_placements(settings.inbox, rows(3000, 3100), **(MAY | {"received": "2026-06-04T10:00"}))
    night()
    may = submission(settings, "5月.xlsx")
    done = withdraw(settings, submission(settings, "6月.xlsx"), "misnamed", WHO)
    assert done.set_aside == [may]
    assert current(settings) == []
    assert resend(settings, may, "", WHO).became == {may: "accepted"}
    assert len(current(settings)) == 2


def test_a_rejected_file_is_processed_again_after_the_contract_changed(
    settings: Settings, night: Night, tmp_path: Path
) -> None:
    contracts = tmp_path / "expectations"
    shutil.copytree(settings.contracts, contracts)
    path = contracts / "placement.odcs.yaml"
    path.write_text(
        path.read_text(encoding="utf-8").replace("{value: own, label: 自行就业}", "{value: own, label: 自己去的}")
    )
    write_placements(settings.inbox, [placement(n, **{"就业渠道*": "自己去的"}) for n in range(1, 4)])
    night()
    ((rejected, state),) = query(settings, "select submission_id, state from ops.submission")
    assert state == "rejected"
    assert resend(settings, rejected, "", WHO).became == {rejected: "rejected"}
    changed = replace(settings, contracts=contracts)
    done = resend(changed, rejected, "new word", WHO)
    assert (done.was, done.became, done.rows_accepted) == ("rejected", {rejected: "accepted"}, 3)
    assert query(settings, "select count(*) from ops.quarantine") == [(0,)]
    # An accepted one is brought to what the contract says now, here back to a rejection: nothing of it is left.
    assert resend(settings, rejected, "", WHO).became == {rejected: "rejected"}
    assert query(settings, "select count(*) from raw.placement") == [(0,)]
    assert night().files == 0


def test_a_file_of_an_unknown_ledger_gets_its_own_id_once_it_is_known(
    settings: Settings, night: Night, tmp_path: Path
) -> None:
    known = settings.contracts
    fewer = tmp_path / "expectations"
    shutil.copytree(known, fewer)
    (fewer / "placement.odcs.yaml").unlink()
    write_placements(settings.inbox, [placement(1)])
    load_files(replace(settings, contracts=fewer), "test", discover(settings.inbox, LEDGER_SUFFIXES))
    assert query(settings, "select feed, state from ops.submission") == [(None, "rejected")]
    unknown = submission(settings, "5月.xlsx")
    (became,) = resend(settings, unknown, "now known", WHO).became.items()
    assert became[0] != unknown
    assert query(settings, "select submission_id, feed, state from ops.submission") == [
        (became[0], "placement", "accepted")
    ]
    # The old id still leads to it, and the night knows the file.
    assert resend(settings, unknown, "", WHO).became == {became[0]: "accepted"}
    assert night().files == 0


def test_an_overtaken_version_is_not_processed_again(settings: Settings, night: Night) -> None:
    write_placements(settings.inbox, rows(3000), **APRIL)
    write_placements(settings.inbox, rows(3100), **(MAY | {"title": None}))
    night()
    with pytest.raises(ActError, match=submission(settings, "5月.xlsx")):
        resend(settings, submission(settings, "4月.xlsx"), "", WHO)
    assert states(settings) == [("2026-04", "accepted"), ("2026-05", "accepted")]


def many(count: int = 40) -> list[dict[str, object]]:
    return [placement(n) for n in range(1, count + 1)]


@pytest.mark.parametrize(
    ("then", "why"),
    [
        (lambda: many(19), "行数不到上一版的一半"),
        (lambda: many(121), "三倍"),
        (lambda: many(40) + [placement(n, 就业终止日期="2026-02-01") for n in range(41, 60)], "三成"),
        (lambda: [row | {"就业单位": None} for row in many()], "请确认不是漏填（就业单位）"),
    ],
)
def test_a_soft_limit_holds_a_file_until_a_person_releases_it(
    settings: Settings, night: Night, then: Callable[[], list[dict[str, object]]], why: str
) -> None:
    write_placements(settings.inbox, many(), **APRIL)
    night()
    write_placements(settings.inbox, then(), **MAY)
    report = night()
    assert report.states["received"] == 1
    held = submission(settings, "5月.xlsx")
    ((state, reason, accepted),) = query(
        settings, f"select state, reason_zh, rows_accepted from ops.submission where submission_id = '{held}'"
    )
    assert (state, accepted) == ("received", 0)
    assert why in reason
    assert len(current(settings)) == 40
    assert night().files == 0
    done = release(settings, held, "checked by phone", WHO)
    assert done.became[held] in ("accepted", "accepted_with_rejects")
    ((loaded,),) = query(settings, f"select rows_accepted from ops.submission where submission_id = '{held}'")
    assert len(current(settings)) == loaded
    assert query(settings, "select act, reason, acted_by from ops.submission_act") == [
        ("release", "checked by phone", WHO)
    ]
    before = current(settings)
    assert release(settings, held, "again", WHO).became == {held: done.became[held]}
    assert current(settings) == before
    # Withdrawn and called back, it is not held a second time.
    withdraw(settings, held, "after all not", WHO)
    assert len(current(settings)) == 40
    assert resend(settings, held, "after all yes", WHO).became == done.became


@pytest.mark.parametrize(
    "then",
    [
        lambda: many(20),
        lambda: many(120),
        lambda: many(42) + [placement(n, 就业终止日期="2026-02-01") for n in range(43, 61)],
        lambda: [row | {"就业单位": None} for row in many(39)] + many(40)[39:],
    ],
)
def test_just_inside_the_soft_limits_nothing_is_held(
    settings: Settings, night: Night, then: Callable[[], list[dict[str, object]]]
) -> None:
    write_placements(settings.inbox, many(), **APRIL)
    night()
    write_placements(settings.inbox, then(), **MAY)
    assert night().states["received"] == 0


def test_a_held_file_that_was_overtaken_or_sent_twice(settings: Settings, night: Night) -> None:
    write_placements(settings.inbox, many(), **APRIL)
    night()
    first = write_placements(settings.inbox, many(10), **MAY)
    night()
    copy = first.with_name("就业台账_2026年5月（2）.xlsx")
    shutil.copyfile(first, copy)
    deliver(copy, "2026-06-04T10:00")
    write_placements(settings.inbox, many(41), name="就业台账_2026年5月_更正.xlsx", received="2026-06-05T10:00")
    assert night().states == {"duplicate": 1, "accepted": 1, "rejected": 0}
    held = submission(settings, "5月.xlsx")
    assert release(settings, held, "too late", WHO).became == {held: "stale"}
    assert len(current(settings)) == 41
    with pytest.raises(ActError, match="not held"):
        release(settings, submission(settings, "更正.xlsx"), "", WHO)


def test_a_held_file_is_neither_missing_nor_sent(settings: Settings, night: Night) -> None:
    write_placements(settings.inbox, many(), **APRIL)
    night()
    write_placements(settings.inbox, many(10), **MAY)
    assert night().states["received"] == 1
    with connect(settings) as connection:
        connection.execute(
            "insert into ops.obligation values ('990101001', 'placement', '2026-05', '2026-05-01', '2026-05-31',"
            " '2026-06-05 17:00+08', '2026-06-09 17:00+08')"
        )
    told = "select state, reason from ops.obligation_state('2026-06-30 00:00+08')"
    assert query(settings, told) == [("due", "held")]
    release(settings, submission(settings, "5月.xlsx"), "yes", WHO)
    assert query(settings, told) == [("on_time", None)]


def test_a_file_for_a_locked_period_waits_for_a_person(settings: Settings, night: Night) -> None:
    with connect(settings) as connection:
        connection.execute(
            "insert into ops.obligation (organisation_code, feed, period, period_start, period_end, due_at, grace_until,"
            " locked_at) values ('990101001', 'placement', '2026-05', '2026-05-01', '2026-05-31', '2026-06-02 17:00+08',"
            " '2026-06-02 17:00+08', '2026-06-03 09:59+08')"
        )
    write_placements(settings.inbox, many(), **MAY)
    assert night().states["received"] == 1
    ((reason,),) = query(settings, "select reason_zh from ops.submission")
    assert "锁定" in str(reason)
    assert len(current(settings)) == 0
    held = submission(settings, "5月.xlsx")
    assert release(settings, held, "the prefecture asked for it", WHO).became == {held: "accepted"}
    with connect(settings) as connection:
        connection.execute("update ops.obligation set locked_at = '2026-06-30 17:00+08'")
    write_placements(settings.inbox, many(40), name="就业台账_2026年5月_更正.xlsx", received="2026-06-05T10:00")
    assert night().states["received"] == 0, "before the lock"


def test_a_workbook_with_one_bad_sheet_loads_the_good_one_and_names_the_bad(settings: Settings, night: Night) -> None:
    path = settings.inbox / TOWN / "就业台账_2026年5月.xlsx"
    with xlsxwriter.Workbook(path) as book:
        good = book.add_worksheet("一村")
        for number, row in enumerate([PLACEMENT_HEADER, *([p.get(h) for h in PLACEMENT_HEADER] for p in many(3))]):
            good.write_row(number, 0, row)
        bad = book.add_worksheet("二村")
        bad.write_row(0, 0, ["甲", "乙"])
        bad.write_row(1, 0, ["1", "2"])
    deliver(path, "2026-06-03T10:00")
    assert night().rows_accepted == 3
    ((state, zh, en),) = query(settings, "select state, reason_zh, reason_en from ops.submission")
    assert state == "accepted"
    assert "二村" in zh
    assert "二村" in en


def by_village(settings: Settings, sheets: dict[str, tuple[list[str], list[dict[str, object]]]], **when: str) -> None:
    path = settings.inbox / TOWN / when["name"]
    with xlsxwriter.Workbook(path) as book:
        for name, (header, people) in sheets.items():
            sheet = book.add_worksheet(name)
            for number, row in enumerate(
                [header, *([p.get(h) for h in PLACEMENT_HEADER if h in header] for p in people)]
            ):
                sheet.write_row(number, 0, row)
    deliver(path, when["received"])


UNTYPED = [header for header in PLACEMENT_HEADER if header != "就业类型*"]


def test_rows_of_a_sheet_that_cannot_be_read_are_not_gone(settings: Settings, night: Night) -> None:
    one, two = many(30), [placement(n) for n in range(31, 61)]
    by_village(settings, {"一村": (PLACEMENT_HEADER, one), "二村": (PLACEMENT_HEADER, two)}, **APRIL)
    night()
    # In May one person of the first village is gone, one earns more, one is new; nobody can read the second village.
    changed = [placement(1, **{"月工资（元）": 9000}), *one[2:], placement(99)]
    by_village(settings, {"一村": (PLACEMENT_HEADER, changed), "二村": (UNTYPED, two)}, **MAY)
    report = night()
    assert report.states["accepted_with_rejects"] == 1
    assert (report.rows_closed, report.rows_inserted) == (1, 2)
    may = submission(settings, "5月.xlsx")
    ((is_partial, in_file, accepted, not_data, refused, zh, en),) = query(
        settings,
        "select is_partial, rows_in_file, rows_accepted, rows_not_data, rows_refused, reason_zh, reason_en"
        f" from ops.submission where submission_id = '{may}'",
    )
    assert (is_partial, in_file, accepted, not_data, refused) == (True, 62, 30, 1, 31)
    assert "工作表“二村”是就业台账，但第1行表头缺少必填列：就业类型" in zh
    assert "Sheet 二村" in en
    assert query(settings, f"select sheet, rows_refused from ops.sheet_account where submission_id = '{may}'") == [
        ("一村", 0),
        ("二村", 31),
    ]
    standing = "select count(*), max(monthly_wage)::int from raw.placement where _to_submission is null"
    assert query(settings, standing) == [(61, 9000)]
    # The whole file, mended: now the one who left is gone, and nobody else.
    by_village(
        settings,
        {"一村": (PLACEMENT_HEADER, changed), "二村": (PLACEMENT_HEADER, two)},
        name="就业台账_2026年5月_更正.xlsx",
        received="2026-06-05T10:00",
    )
    assert night().rows_closed == 1
    assert query(settings, standing) == [(60, 9000)]
    # Without April, what the partial file did not say was never said.
    withdraw(settings, submission(settings, "更正.xlsx"), "", WHO)
    assert query(settings, standing) == [(61, 9000)]
    withdraw(settings, submission(settings, "4月.xlsx"), "", WHO)
    assert query(settings, standing) == [(30, 9000)]
    assert query(settings, "select distinct _from_submission, _sheet from raw.placement") == [(may, "一村")]


def test_the_receipt_of_a_partial_file_names_the_sheet(settings: Settings, night: Night) -> None:
    by_village(settings, {"一村": (PLACEMENT_HEADER, many(3)), "二村": (UNTYPED, many(3))}, **MAY)
    night()
    (receipt,) = (settings.home / "receipts").rglob("*_回执.txt")
    words = receipt.read_text(encoding="utf-8-sig")
    assert "收到，3 行" in words
    assert "工作表“二村”是就业台账，但第1行表头缺少必填列：就业类型" in words
    assert "以上工作表（二村）未入库" in words
    assert "Not loaded: 二村. Correct these sheets" in words


@pytest.mark.parametrize("together", [True, False])
def test_files_of_one_batch_are_each_held_against_the_one_before(
    settings: Settings, night: Night, together: bool
) -> None:
    """Three months at once become what they become night by night."""
    months = [
        (many(), APRIL),  # nothing to compare with
        (many(10), MAY),  # under half of April: held
        (many(41), JUNE),  # like April, which still stands
        (many(10), JUNE | {"name": "就业台账_2026年7月.xlsx", "received": "2026-08-03T10:00"}),  # under half of June
        (
            [row | {"就业单位": None} for row in many(41)],
            JUNE | {"name": "就业台账_2026年8月.xlsx", "received": "2026-09-03T10:00"},
        ),
        (many(100), JUNE | {"name": "就业台账_2026年9月.xlsx", "received": "2026-10-03T10:00"}),
        (many(121), JUNE | {"name": "就业台账_2026年10月.xlsx", "received": "2026-11-03T10:00"}),
    ]
    for people, when in months:
        write_placements(settings.inbox, people, **(when | {"title": None}))
        if not together:
            night()
    night()
    assert query(settings, "select period, state from ops.submission order by received_at") == [
        ("2026-04", "accepted"),
        ("2026-05", "received"),
        ("2026-06", "accepted"),
        ("2026-07", "received"),
        ("2026-08", "received"),
        ("2026-09", "accepted"),
        ("2026-10", "accepted"),
    ]
    assert query(settings, "select count(*) from ops.gate_result where rule_id = 'FIL-03' and evaluated > 0") == [(6,)]


def test_nothing_to_withdraw_and_nobody_known(settings: Settings, night: Night) -> None:
    with pytest.raises(ActError, match="no submission"):
        withdraw(settings, "0" * 16, "", WHO)
    (settings.inbox / TOWN / "空.csv").write_bytes(b"")
    night()
    with pytest.raises(ActError, match="not accepted"):
        withdraw(settings, submission(settings, "空.csv"), "", WHO)
