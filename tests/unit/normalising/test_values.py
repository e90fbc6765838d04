"""Values as ledgers hold them."""

from __future__ import annotations

import math
from collections.abc import Callable
from datetime import date
from decimal import Decimal

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from zaoxue.normalising.text import clean_text, clean_word
from zaoxue.normalising.values import (
    is_mobile_phone,
    to_boolean,
    to_code,
    to_codes,
    to_date,
    to_integer,
    to_number,
    unless_nothing,
)


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
        "2026。5。31",
        "二〇二六年五月三十一日",
        "二零二六年五月三十一日",
        "46173.52",
    ],
)
def test_one_day_in_many_forms(text: str) -> None:
    assert values(to_date, [text]) == [date(2026, 5, 31)]


def test_a_month_is_its_first_or_last_day() -> None:
    assert values(to_date, ["2026年2月", "2026-02", "2026.2", "202602", "二〇二六年二月"]) == [date(2026, 2, 1)] * 5
    assert values(lambda text: to_date(text, month_only="last"), ["2026年2月", "2024-02", "2026-02-03"]) == [
        date(2026, 2, 28),
        date(2024, 2, 29),
        date(2026, 2, 3),
    ]


@pytest.mark.parametrize(
    "text",
    [
        "2026-02-30",
        "20260532",
        "2026-13-01",
        "五月",
        "31/5/2026",
        "1",
        "999999",
        "2026-05-31x",
        "至今",
        "二〇二六年五月三十二日",
        "五月三十一日",
        "5/31/26",
    ],
)
def test_what_is_no_date_is_null(text: str) -> None:
    assert values(to_date, [text]) == [None]


def numeral(number: int) -> str:
    tens, ones = divmod(number, 10)
    return ("" if tens == 0 else "十" if tens == 1 else " 一二三"[tens] + "十") + (
        "" if ones == 0 else "〇一二三四五六七八九"[ones]
    )


def chinese(day: date) -> str:
    year = "".join("〇一二三四五六七八九"[int(digit)] for digit in str(day.year))
    return f"{year}年{numeral(day.month)}月{numeral(day.day)}日"


@settings(deadline=None)
@given(st.dates(date(1955, 1, 1), date(2090, 12, 31)))
def test_every_day_survives_every_form(day: date) -> None:
    serial = (day - date(1899, 12, 30)).days
    forms = [
        f"{day:%Y-%m-%d}",
        f"{day.year}/{day.month}/{day.day}",
        f"{day.year}年{day.month}月{day.day}日",
        f"{day:%Y-%m-%d} 00:00:00",
        chinese(day),
        f"{day.year}．{day.month}．{day.day}",
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
    assert (
        values(to_number, ["近1500", "1500左右", "约 1,500 元", "1500元/月", "0.15万", "0.15万元", "1.5千"])
        == [1500] * 7
    )
    assert (
        values(to_number, ["1500多", "1000-2000", "至少1500", "一千五", "1,50", "1,5000", "nan", "inf", None, ""])
        == [None] * 10
    )
    assert values(to_integer, ["12", "12.0", "12.5", "十二", "12人"]) == [12, 12, None, None, 12]


@settings(deadline=None)
@given(st.decimals(0, 999_999, places=2))
def test_every_amount_survives_every_form(amount: Decimal) -> None:
    forms = [
        f"{amount}",
        f"{amount:,}",
        f"{amount}元",
        f"￥{amount:,}",
        f"近{amount}",
        f"{amount / 10000}万",
        f"{amount}元/月",
    ]
    for value in values(to_number, forms):
        assert value == pytest.approx(float(amount), abs=0.001)


@settings(deadline=None)
@given(st.lists(st.text(max_size=25), max_size=30))
def test_no_text_breaks_a_parser_and_the_fast_way_gives_what_the_slow_one_gives(texts: list[str]) -> None:
    for parse in (to_date, to_number, to_integer, to_boolean, is_mobile_phone, lambda t: to_codes(t, CODES)):
        together = values(parse, [*texts])
        assert together == [values(parse, [text])[0] for text in texts]
        assert len(together) == len(texts)


@settings(deadline=None)
@given(st.lists(st.from_regex(r"[0-9,.\-+eE万元年月日/ ]{1,12}", fullmatch=True), max_size=30))
def test_numbers_are_finite_and_dates_lie_in_the_years_of_the_ledgers(texts: list[str]) -> None:
    for number in values(to_number, [*texts]):
        assert number is None or (isinstance(number, float) and math.isfinite(number))
    for day in values(to_date, [*texts]):
        assert day is None or (isinstance(day, date) and 1900 <= day.year <= 2099)


def test_words_for_nothing() -> None:
    assert values(unless_nothing, ["-", "/", "无", "至今", "——", "0", "1500"]) == [None] * 5 + ["0", "1500"]


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
