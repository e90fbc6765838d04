"""Files as they come: encodings, line ends, damaged and foreign ones; rows as Excel counts them."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from tests.pipeline.ledgers import write_xlsx

from zaoxue.contracts import load_contracts
from zaoxue.reading import read_sheet
from zaoxue.recognising import FeedFinder, RefusedSheetError
from zaoxue.settings import load_settings
from zaoxue.workbooks import UnreadableFileError, open_grids

CONTRACTS = load_contracts(load_settings().contracts)
TEXT = "行政区划编码,行政区划名称,年度,转移就业任务\n990101001,柳桥镇,2026,50\n"


@pytest.mark.parametrize(
    "content",
    [
        TEXT.encode(),
        b"\xef\xbb\xbf" + TEXT.encode(),
        TEXT.encode("gb18030"),
        TEXT.replace("\n", "\r\n").encode(),
        TEXT.replace("\n", "\r").encode(),
    ],
)
def test_one_table_in_every_encoding_and_line_end(content: bytes) -> None:
    (grid,) = open_grids(content)
    assert grid.cells.rows() == [
        ("行政区划编码", "行政区划名称", "年度", "转移就业任务"),
        ("990101001", "柳桥镇", "2026", "50"),
    ]


def test_csv_rows_keep_their_numbers() -> None:
    (grid,) = open_grids('标题\n\n甲,乙\n1,"x\ny, z"\n\n2\n'.encode())
    assert grid.cells.rows() == [
        ("标题", None),
        (None, None),
        ("甲", "乙"),
        ("1", "x\ny, z"),
        (None, None),
        ("2", None),
    ]
    (plain,) = open_grids("标题\n\n甲,乙\n1,x\n\n2\n".encode())
    assert plain.cells.rows() == [("标题", None), (None, None), ("甲", "乙"), ("1", "x"), (None, None), ("2", None)]


def test_workbook_rows_keep_their_numbers_below_empty_rows(tmp_path: Path) -> None:
    path = write_xlsx(
        tmp_path / "a.xlsx",
        [[], [], ["年度任务 2026年"], ["行政区划编码", "年度", "转移就业任务"], ["990101001", 2026, 50]],
    )
    (grid,) = open_grids(path.read_bytes())
    layout = FeedFinder(CONTRACTS).find(grid)
    assert layout is not None
    assert (layout.contract.feed, layout.header_row) == ("target", 4)
    table = read_sheet(grid, layout)
    assert table.rows["_row"].to_list() == [5]
    assert table.rows["area_code"].to_list() == ["990101001"]
    assert (table.rows_in_file, table.rows_not_data) == (5, 4)


@pytest.mark.parametrize(
    "content", [b"", b"   \n", b"PK\x03\x04broken", b"\xd0\xcf\x11\xe0old", b"\x00\x01\x02\x03", b'{"items"']
)
def test_what_cannot_be_read_says_so_in_two_languages(content: bytes) -> None:
    with pytest.raises(UnreadableFileError) as refused:
        open_grids(content)
    assert refused.value.reason_zh
    assert refused.value.reason_en.isascii()


def test_a_page_of_a_bank_is_a_table() -> None:
    page = json.dumps(
        {"items": [{"receipt_no": "J1", "principal": 1000}, {"receipt_no": "J2", "due_on": "2027-01-01"}]}
    )
    (grid,) = open_grids(page.encode())
    assert grid.cells.rows() == [
        ("receipt_no", "principal", "due_on"),
        ("J1", "1000", None),
        ("J2", None, "2027-01-01"),
    ]


def header(feed: str, **renamed: str) -> list[str]:
    return [renamed.get(c.name, c.headers[0]) for c in CONTRACTS[feed].columns if c.headers]


@pytest.mark.parametrize("feed", [feed for feed, c in CONTRACTS.items() if c.submitter != "news_source"])
def test_every_feed_is_known_by_its_own_header(feed: str, tmp_path: Path) -> None:
    path = write_xlsx(tmp_path / "a.xlsx", [header(feed)])
    (grid,) = open_grids(path.read_bytes())
    layout = FeedFinder(CONTRACTS).find(grid)
    assert layout is not None
    assert layout.contract.feed == feed
    assert layout.unknown_headers == ()


def test_synonyms_and_stars_and_spaces_in_headers(tmp_path: Path) -> None:
    words = header("placement", person_id="公民 身份\n号码*", started_on="＊就业起始年月", employer_name="务工企业名称")
    path = write_xlsx(tmp_path / "a.xlsx", [["封面"], words, []])
    (grid,) = open_grids(path.read_bytes())
    layout = FeedFinder(CONTRACTS).find(grid)
    assert layout is not None
    assert layout.contract.feed == "placement"
    assert {"person_id", "started_on", "employer_name"} <= set(layout.columns)


def test_a_missing_required_column_and_a_doubled_one_are_named(tmp_path: Path) -> None:
    short = write_xlsx(tmp_path / "a.xlsx", [[h for h in header("placement") if h != "就业渠道"]])
    with pytest.raises(RefusedSheetError) as missing:
        FeedFinder(CONTRACTS).find(open_grids(short.read_bytes())[0])
    assert "就业渠道" in missing.value.reason_zh
    doubled = write_xlsx(tmp_path / "b.xlsx", [[*header("placement"), "身份证号码"]])
    with pytest.raises(RefusedSheetError) as twice:
        FeedFinder(CONTRACTS).find(open_grids(doubled.read_bytes())[0])
    assert "身份证号码" in twice.value.reason_zh


def test_totals_notes_blanks_and_repeated_headers_are_no_data(tmp_path: Path) -> None:
    words = ["序号", "行政区划编码", "年度", "转移就业任务"]
    rows = [
        words,
        [1, "990101001", 2026, 5],
        ["小计", None, None, 5],
        words,
        [2, "990101002", 2026, 6],
        [],
        ["合  计", None, None, 11],
        ["备注：以上为全年任务"],
        [None, "单位负责人：某某", "（盖章）"],
    ]
    (grid,) = open_grids(write_xlsx(tmp_path / "a.xlsx", rows).read_bytes())
    layout = FeedFinder(CONTRACTS).find(grid)
    assert layout is not None
    table = read_sheet(grid, layout)
    assert table.rows["_row"].to_list() == [2, 5]
    assert table.rows_in_file == table.rows.height + table.rows_not_data == 9
