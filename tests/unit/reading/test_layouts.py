"""What is taken from the odd layouts, cell by cell."""

from __future__ import annotations

from datetime import date

import polars as pl
from tests.fixtures import zoo_layouts, zoo_values
from tests.fixtures.specimen import book, ledger
from tests.pipeline.ledgers import placement, resident_id

from zaoxue.contracts import load_contracts
from zaoxue.normalising import normalise
from zaoxue.reading import SheetTable, apply_closing, read_sheet
from zaoxue.recognising import FeedFinder, SheetLayout, find_closing_sheet, find_period
from zaoxue.settings import load_settings
from zaoxue.workbooks import open_grids

CONTRACTS = load_contracts(load_settings().contracts)
FEEDS = FeedFinder(CONTRACTS)


def table_of(content: bytes, sheet: int = 0) -> tuple[SheetTable, SheetLayout]:
    grid = open_grids(content)[sheet]
    layout = FEEDS.find(grid)
    assert layout is not None
    return read_sheet(grid, layout), layout


def column(table: SheetTable, name: str) -> list[object]:
    return table.rows[name].to_list()


def test_two_rows_of_header_are_one() -> None:
    table, layout = table_of(zoo_layouts.two_row_header())
    assert (layout.header_row, layout.header_rows) == (3, 2)
    assert column(table, "started_on") == ["2026-03-01"] * 2
    assert column(table, "channel") == ["组织介绍"] * 2


def test_a_merged_cell_holds_for_each_of_its_rows() -> None:
    table, _ = table_of(zoo_layouts.merged_data())
    assert column(table, "person_id") == [resident_id(1), resident_id(1), resident_id(2)]
    assert column(table, "started_on") == ["2026-03-01", "2026-04-01", "2026-03-01"]


def test_each_filled_block_is_a_record_of_its_row() -> None:
    header = ["姓名", "身份证号", *["回访日期", "回访方式", "回访结果"] * 2, "备注"]
    visits = [*zoo_layouts.call("2026-05-06"), *zoo_layouts.call("2026-05-20", "离岗未就业")]
    one = [*zoo_layouts.call("2026-05-07"), None, None, None]
    content = book(
        [
            header,
            [*zoo_layouts.person(1), *visits, "甲"],
            [*zoo_layouts.person(2), *one, "乙"],
            [*zoo_layouts.person(3)],
        ]
    )
    table, layout = table_of(content)
    assert len(layout.groups) == 1
    assert table.rows.select("_row", "followed_up_on", "result", "note").rows() == [
        (2, "2026-05-06", "在岗", "甲"),
        (2, "2026-05-20", "离岗未就业", "甲"),
        (3, "2026-05-07", "在岗", "乙"),
    ]
    # Three records of two rows, the header, and the row without any.
    assert (table.rows_in_file, table.rows_not_data) == (5, 2)


def test_a_closing_sheet_ends_the_latest_open_spell() -> None:
    spells = [
        placement(1, **{"就业起始日期*": "2026-01-01"}),
        placement(1, **{"就业起始日期*": "2026-02-01"}),
        placement(2, 就业终止日期="2026-04-01"),
        placement(3, **{"就业起始日期*": "2026-06-01"}),
        placement(4),
    ]
    ends = [
        ["身份证号码", "结束日期"],
        [resident_id(1), "2026.5.20"],
        [resident_id(2), "2026-04-01"],
        [resident_id(3), "2026-05-20"],
    ]
    grids = open_grids(book({"就业": ledger(*spells), "结束": ends}))
    closing = find_closing_sheet(grids[1], CONTRACTS)
    assert closing is not None
    assert find_closing_sheet(grids[0], CONTRACTS) is None
    layout = FEEDS.find(grids[0])
    assert layout is not None
    (table,), account = apply_closing(closing, [read_sheet(grids[0], layout)])
    # The second spell of person 1 began later; person 2 had that end already; person 3 began after it.
    assert column(table, "ended_on") == [None, "2026-05-20", "2026-04-01", None, None]
    assert (account.rows_in_file, account.rows_not_data, account.rows.height) == (4, 4, 0)
    ((zh, en),) = account.remarks
    assert "第4行" in zh
    assert "rows 4" in en


def test_days_count_from_1904_where_the_workbook_says_so() -> None:
    for system_1904 in (False, True):
        table, layout = table_of(zoo_values.real_dates(system_1904=system_1904))
        days = normalise(table.rows, layout.contract)["started_on"].to_list()
        assert days == [date(2026, 3, 1), date(2026, 3, 2), date(2026, 3, 2)]


def test_a_number_cell_is_told_from_text_even_where_the_check_digit_agrees() -> None:
    """A cut number may pass the check by chance; the type of its cell does not lie."""
    cut = (f"990101198001{day:02d}{order}000" for day in range(1, 29) for order in range(10))
    number = int(next(text for text in cut if _valid(text)))
    rows = ledger(placement(1), placement(2))
    rows[1][2], rows[2][2] = number, str(number)
    table, layout = table_of(book(rows))
    typed = normalise(table.rows, layout.contract)
    assert column(table, "person_id")[0] == f"{number:.14E}"
    assert typed["person_id__whole"].to_list() == [False, True]
    assert typed["person_id__valid"].to_list() == [None, True]


def _valid(text: str) -> bool:
    from zaoxue.normalising.resident_id import normalise_resident_ids

    return bool(normalise_resident_ids(pl.Series([text]))[1].item())


def test_rows_of_sheets_that_begin_in_column_c_keep_their_places() -> None:
    rows = [[None, None, *row] for row in ledger()]
    (grid,) = open_grids(book([[], *rows]))
    assert grid.first_column == 3
    table, _ = table_of(book([[], *rows]))
    assert column(table, "_row") == [3, 4, 5]
    assert column(table, "person_id") == [resident_id(n) for n in (1, 2, 3)]


def test_titles_within_longer_titles_do_not_count() -> None:
    assert FEEDS.named_in("柳桥镇劳动力就业台账") == {"placement"}
    assert FEEDS.named_in("培训台账与就业台账") == {"training", "placement"}
    assert FEEDS.named_in("通讯录") == set()


def test_periods_of_other_frequencies() -> None:
    target = CONTRACTS["target"]
    assert find_period(target, "年度任务_2026年.xlsx", "青溪区二〇二六年年度任务") == "2026"
    quarterly = CONTRACTS["person"]
    for text in ("2026年第二季度", "2026Q2", "2026年二季度", "2026年5月", "202605"):
        assert find_period(quarterly, text, "") == "2026Q2"
