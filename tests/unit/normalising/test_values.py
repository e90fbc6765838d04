"""Values as ledgers hold them."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from zaoxue.normalising.text import clean_text, clean_word
from zaoxue.normalising.values import is_mobile_phone, to_boolean, to_code, to_codes, to_date, to_integer, to_number


def values(function: Callable[[pl.Expr], pl.Expr], texts: list[str | None]) -> list[object]:
    frame = pl.DataFrame({"text": texts}, schema={"text": pl.String})
    return frame.select(function(clean_text(pl.col("text")))).to_series().to_list()


@pytest.mark.parametrize(
    "text",
    [
        "2026-05-31",
        "2026/5/31",
        "2026.5.31",
        "2026年5月31日",
        "2026 年 5 月 31 日",
        "20260531",
        "46173",
        "46173.0",
        "2026-05-31 00:00:00",
        "2026/05/31 13:05",
        "２０２６－０５－３１",
        " 2026-5-31 ",
        "2026年5月31号",
    ],
)
def test_one_day_in_many_forms(text: str) -> None:
    assert values(to_date, [text]) == [date(2026, 5, 31)]


def test_a_month_is_its_first_or_last_day() -> None:
    assert values(to_date, ["2026年2月", "2026-02", "2026.2"]) == [date(2026, 2, 1)] * 3
    assert values(lambda text: to_date(text, month_only="last"), ["2026年2月", "2024-02", "2026-02-03"]) == [
        date(2026, 2, 28),
        date(2024, 2, 29),
        date(2026, 2, 3),
    ]


@pytest.mark.parametrize(
    "text", ["2026-02-30", "20260532", "2026-13-01", "五月", "31/5/2026", "1", "999999", "2026-05-31x", "至今"]
)
def test_what_is_no_date_is_null(text: str) -> None:
    assert values(to_date, [text]) == [None]


@given(st.dates(date(1955, 1, 1), date(2090, 12, 31)))
def test_every_day_survives_every_form(day: date) -> None:
    serial = (day - date(1899, 12, 30)).days
    forms = [
        f"{day:%Y-%m-%d}",
        f"{day.year}/{day.month}/{day.day}",
        f"{day.year}年{day.month}月{day.day}日",
        f"{day:%Y%m%d}",
        str(serial),
    ]
    assert values(to_date, forms) == [day] * len(forms)


def test_numbers() -> None:
    assert values(to_number, ["1500", "1,500", "1500元", "￥1,500.50", " 0 ", "１５００", "-3"]) == [
        1500,
        1500,
        1500,
        1500.5,
        0,
        1500,
        -3,
    ]
    assert values(to_number, ["近1500", "一千五", "1500左右", None, ""]) == [None] * 5
    assert values(to_integer, ["12", "12.0", "12.5", "十二", "12人"]) == [12, 12, None, None, 12]


def test_booleans() -> None:
    assert values(to_boolean, ["是", "√", "有", "1", "Y", "true"]) == [True] * 6
    assert values(to_boolean, ["否", "×", "无", "0", "n", "false"]) == [False] * 6
    assert values(to_boolean, ["也许", None]) == [None, None]


CODES = {"低保": "dibao", "残疾": "disabled", "大龄": "older", "4050": "older"}


def test_codes() -> None:
    assert values(lambda text: to_code(text, CODES), ["低保", "低 保", "dibao", "4050", "高保", None]) == [
        "dibao",
        "dibao",
        "dibao",
        "older",
        None,
        None,
    ]


def test_several_codes_in_one_cell() -> None:
    assert values(
        lambda text: to_codes(text, CODES), ["残疾、低保", "低保,残疾", "低保；4050；大龄", "|dibao|disabled|"]
    ) == ["|dibao|disabled|", "|dibao|disabled|", "|dibao|older|", "|dibao|disabled|"]
    assert values(lambda text: to_codes(text, CODES), ["低保、高保", None]) == [None, None]


def test_phones() -> None:
    assert values(
        is_mobile_phone, ["13800138000", "１３８００１３８０００", "12800138000", "1380013800", "0551-1234567"]
    ) == [True, True, False, False, False]


def test_words_of_headers_and_labels() -> None:
    assert clean_word("就业地域 \n（必填）") == "就业地域(必填)"
    assert clean_word("乡（镇）内") == "乡(镇)内"
