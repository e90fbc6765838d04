"""The receipt of each kind of file: where it lies, what it says, which cells it marks; made again after a kill."""

from __future__ import annotations

import shutil
from pathlib import Path

import openpyxl
import pytest
from openpyxl.workbook.defined_name import DefinedName

from tests.pipeline.conftest import Night
from tests.pipeline.ledgers import PLACEMENT_HEADER, TOWN, deliver, placement, resident_id, write_placements
from tests.pipeline.test_load import query
from zaoxue.pipeline.release import resend
from zaoxue.pipeline.withdraw import withdraw
from zaoxue.receipts import make_receipts, receipt_path
from zaoxue.settings import Settings
from zaoxue.warehouse.database import connect

RED = "FFFFC7CE"


def receipts(settings: Settings) -> dict[str, Path]:
    folder = settings.home / "receipts"
    return {p.relative_to(folder).as_posix(): p for p in folder.rglob("*") if p.is_file()}


def marked(sheet: openpyxl.worksheet.worksheet.Worksheet) -> dict[str, str]:
    """Red cells with their notes."""
    return {
        cell.coordinate: cell.comment.text if cell.comment else ""
        for row in sheet.iter_rows()
        for cell in row
        if cell.fill.patternType == "solid" and cell.fill.fgColor.rgb == RED
    }


def test_an_accepted_file_gets_its_thanks_in_words(settings: Settings, night: Night) -> None:
    write_placements(settings.inbox, [placement(n) for n in range(1, 213)])
    night()
    (path,) = receipts(settings)
    assert path == f"{TOWN}/就业台账_2026年5月_回执.txt"
    said = receipts(settings)[path].read_text(encoding="utf-8-sig")
    assert "收到，212 行，就业台账，期间 2026年5月，谢谢" in said
    assert "placement 2026-05: received, 212 rows, thank you" in said
    assert query(settings, "select path from ops.receipt") == [(path,)]
    assert night().files == 0


def test_bad_cells_are_red_with_a_note_in_the_senders_own_workbook(settings: Settings, night: Night) -> None:
    path = write_placements(
        settings.inbox,
        [placement(n) for n in range(1, 21)]
        + [
            placement(21, **{"就业渠道*": "熟人"}),
            placement(22, **{"就业起始日期*": None}),
            placement(23, **{"就业渠道*": "熟人", "月工资（元）": 99999}),
        ],
    )
    # What a clerk's workbook has: a column of his own, colours, a formula, widths, a frozen header, a drop-down, a print area.
    book = openpyxl.load_workbook(path)
    sheet = book.active
    sheet["N2"], sheet["N3"] = "村里备注", "老王家"
    sheet["O3"] = "=SUM(K3:K25)"
    sheet["A3"].fill = openpyxl.styles.PatternFill("solid", fgColor="FF00FF00")
    sheet["K25"].number_format = "0.00"
    sheet.column_dimensions["C"].width = 33
    sheet.freeze_panes = "A3"
    sheet.print_area = "A1:M30"
    choices = openpyxl.worksheet.datavalidation.DataValidation(type="list", formula1='"组织介绍,自行就业"')
    choices.add("D3:D30")
    sheet.add_data_validation(choices)
    book.save(path)
    deliver(path, "2026-06-03T10:00")
    night()
    (name,) = receipts(settings)
    assert name == f"{TOWN}/就业台账_2026年5月_回执.xlsx"
    back = openpyxl.load_workbook(receipts(settings)[name])
    assert back.sheetnames == ["回执", "Sheet1"]
    found = marked(back["Sheet1"])
    assert set(found) == {"D23", "I24", "D25", "K25"}
    assert found["I24"].startswith("“就业起始日期”必填")
    assert "must be one of" in found["D23"]
    # Nothing else has changed.
    was, now = openpyxl.load_workbook(path).active, back["Sheet1"]
    assert [[c.value for c in row] for row in now.iter_rows()] == [[c.value for c in row] for row in was.iter_rows()]
    assert now["A3"].fill.fgColor.rgb == "FF00FF00"
    assert now["K25"].number_format == "0.00"
    assert now.column_dimensions["C"].width == 33
    assert (now.freeze_panes, now.print_area) == ("A3", "'Sheet1'!$A$1:$M$30")
    assert len(now.data_validations.dataValidation) == 1
    # The summary: cause, count, first rows; most rows first.
    rows = [[c for c in row if c] for row in back["回执"].iter_rows(values_only=True)]
    at = rows.index(["原因 Cause", "行数 Rows", "前几行 First rows"])
    assert [(line[0].split("，")[0][:7], *line[1:]) for line in rows[at + 1 : -1]] == [
        ("“就业渠道”应", "2", "Sheet1：第 23、25 行"),
        ("“就业起始日期", "1", "Sheet1：第 24 行"),
        ("“月工资（元）", "1", "Sheet1：第 25 行"),
    ]
    assert "另有 3 行有误" in rows[2][0]


def test_a_mended_receipt_can_be_sent_as_it_is(settings: Settings, night: Night) -> None:
    write_placements(settings.inbox, [placement(n) for n in range(1, 5)] + [placement(5, **{"就业渠道*": "熟人"})])
    night()
    (receipt,) = receipts(settings).values()
    book = openpyxl.load_workbook(receipt)
    book["Sheet1"]["D7"] = "亲友介绍"
    back = settings.inbox / TOWN / "就业台账_2026年5月_回执.xlsx"
    book.save(back)
    deliver(back, "2026-06-04T10:00")
    assert night().rows_accepted == 5
    assert query(settings, "select state, reason_zh from ops.submission order by version") == [
        ("superseded", None),
        ("accepted", None),
    ]


@pytest.mark.parametrize("encoding", ["utf-8", "gb18030"])
def test_a_csv_file_comes_back_as_a_workbook_that_mirrors_it(settings: Settings, night: Night, encoding: str) -> None:
    rows = [placement(n) for n in range(1, 6)] + [placement(6, **{"就业渠道*": "熟人", "就业单位": "=1+1<&>\"'"})]
    lines = ["柳桥镇2026年5月就业台账" + "," * 13, ",".join([*PLACEMENT_HEADER, "自加列"])]
    lines += [
        ",".join([*(str(row[h] or "") for h in PLACEMENT_HEADER), "=cmd|' /c calc'!A1"]).replace('"', "”")
        for row in rows
    ]
    path = settings.inbox / TOWN / "就业台账_2026年5月.csv"
    path.write_bytes("\r\n".join(lines).encode(encoding))
    deliver(path, "2026-06-03T10:00")
    night()
    assert set(receipts(settings)) == {f"{TOWN}/就业台账_2026年5月.csv_回执.xlsx"}
    book = openpyxl.load_workbook(next(iter(receipts(settings).values())))
    sheet = book["台账"]
    assert set(marked(sheet)) == {"D8"}
    assert [c.value for c in sheet[2]] == [*PLACEMENT_HEADER, "自加列"]
    assert sheet["G8"].value == "=1+1<&>”'"
    # Text that looks like a formula stays text, in every cell of every sheet.
    assert all(c.data_type != "f" for s in book for row in s.iter_rows() for c in row)
    assert sheet["N3"].quotePrefix


def test_formulas_that_reach_out_of_the_workbook_do_not_come_back(settings: Settings, night: Night) -> None:
    path = write_placements(
        settings.inbox, [placement(n) for n in range(1, 5)] + [placement(5, **{"就业渠道*": "熟人"})]
    )
    book = openpyxl.load_workbook(path)
    book.active["P3"] = '=HYPERLINK("http://example.org/"&C3)'
    book.active["P4"] = "=cmd|'/c calc'!A1"
    book.defined_names["outside"] = DefinedName("outside", attr_text="[1]Sheet1!$A$1")
    book.save(path)
    deliver(path, "2026-06-03T10:00")
    night()
    back = openpyxl.load_workbook(next(iter(receipts(settings).values())))
    assert all(c.data_type != "f" for s in back for row in s.iter_rows() for c in row)
    assert "outside" not in back.defined_names


def test_what_was_returned_duplicate_or_stale_is_told_with_the_reason(settings: Settings, night: Night) -> None:
    town = settings.inbox / TOWN
    good = write_placements(settings.inbox, [placement(1)])
    (town / "坏.xlsx").write_bytes(b"PK\x03\x04 cut short")
    night()
    shutil.copyfile(good, town / "就业台账_2026年5月_再.xlsx")
    deliver(town / "就业台账_2026年5月_再.xlsx", "2026-06-09T09:00")
    write_placements(
        settings.inbox, [placement(2)], name="就业台账_2026年4月.xlsx", title=None, received="2026-06-09T09:00"
    )
    night()
    said = {name.rsplit("/", 1)[1]: p.read_text(encoding="utf-8-sig") for name, p in receipts(settings).items()}
    assert "损坏" in said["坏_回执.txt"]
    assert "无须再报" in said["就业台账_2026年5月_再_回执.txt"]
    assert "不覆盖现有数据" in said["就业台账_2026年4月_回执.txt"]


def test_a_receipt_follows_what_becomes_of_its_submission(settings: Settings, night: Night) -> None:
    write_placements(settings.inbox, [placement(n) for n in range(1, 5)] + [placement(5, **{"就业渠道*": "熟人"})])
    night()
    ((submission,),) = query(settings, "select submission_id from ops.submission")
    shown = receipt_path(settings, submission)
    assert shown is not None
    assert shown.suffix == ".xlsx"
    withdraw(settings, submission, "wrong", "me")
    make_receipts(settings, "test")
    assert list(receipts(settings)) == [f"{TOWN}/就业台账_2026年5月_回执.txt"]
    assert "已撤回" in next(iter(receipts(settings).values())).read_text(encoding="utf-8-sig")
    resend(settings, submission, "", "me")
    shown = receipt_path(settings, submission)
    assert shown is not None
    assert list(receipts(settings)) == [f"{TOWN}/就业台账_2026年5月_回执.xlsx"]
    first = shown.read_bytes()
    shown.unlink()  # somebody cleans up, or a run is killed before it is written
    again = receipt_path(settings, submission)
    assert again == shown
    assert shown.read_bytes() == first
    with connect(settings) as connection:  # killed between the file and its row
        connection.execute("delete from ops.receipt")
    assert make_receipts(settings, "test") == 1
    assert make_receipts(settings, "test") == 0
    assert shown.read_bytes() == first


def test_of_two_files_of_one_name_the_newer_has_the_answer(settings: Settings, night: Night) -> None:
    write_placements(settings.inbox, [placement(n) for n in range(1, 5)] + [placement(5, **{"就业渠道*": "熟人"})])
    night()
    write_placements(settings.inbox, [placement(n) for n in range(1, 6)], received="2026-06-04T10:00")
    night()
    assert list(receipts(settings)) == [f"{TOWN}/就业台账_2026年5月_回执.txt"]
    with connect(settings) as connection:
        connection.execute("delete from ops.receipt")
    make_receipts(settings, "test")
    assert list(receipts(settings)) == [f"{TOWN}/就业台账_2026年5月_回执.txt"]
    ids = [i for (i,) in query(settings, "select submission_id from ops.submission")]
    assert len({receipt_path(settings, i) for i in ids}) == 1


def test_a_workbook_with_notes_of_its_own_still_gets_its_marks(settings: Settings, night: Night) -> None:
    path = write_placements(
        settings.inbox, [placement(n) for n in range(1, 5)] + [placement(5, **{"就业渠道*": "熟人"})]
    )
    book = openpyxl.load_workbook(path)
    book.active["A3"].comment = openpyxl.comments.Comment("本人备注", "某某")
    book.save(path)
    deliver(path, "2026-06-03T10:00")
    night()
    back = openpyxl.load_workbook(next(iter(receipts(settings).values())))
    assert set(marked(back["Sheet1"])) == {"D7"}


def test_the_summary_holds_no_personal_data(settings: Settings, night: Night) -> None:
    rows = [placement(n) for n in range(1, 5)] + [
        placement(5, **{"就业渠道*": "欧阳样本", "月工资（元）": resident_id(9)})
    ]
    write_placements(settings.inbox, rows)
    night()
    back = openpyxl.load_workbook(next(iter(receipts(settings).values())))
    said = str([[c.value for c in row] for row in back["回执"].iter_rows()]) + str(marked(back["Sheet1"]))
    assert "欧阳" not in said
    assert resident_id(9) not in said
