"""Numbers, qualifiers and bounds."""

from __future__ import annotations

import pytest

from zaoxue.news.mentions import find_mentions


def _only(sentence: str) -> tuple[object, ...]:
    (mention,) = find_mentions(sentence)

    def number(value: float | None) -> float | None:
        return None if value is None else float(value)

    return (number(mention.value), number(mention.low), number(mention.high), mention.unit.name, mention.qualifier)


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("培训30多名学员", (30, 31, 39, "人", "more_than")),
        ("走访480多户", (480, 481, 489, "户", "more_than")),
        ("慰问1300余人次", (1300, 1301, 1399, "人次", "more_than")),
        ("投入500余万元", (5e6, 5_000_001, 5_999_999, "元", "more_than")),
        ("筹集10多万元", (1e5, 100_001, 199_999, "元", "more_than")),
        ("工资两万多元", (2e4, 20_001, 29_999, "元", "more_than")),
        ("帮扶近200名", (200, 150, 199, "人", "nearly")),
        ("带动近7000人", (7000, 6500, 6999, "人", "nearly")),
        ("大约有60人", (60, 54, 66, "人", "about")),
        ("耗时一周左右", (1, 0.9, 1.1, "周", "about")),
        ("不少于20场", (20, 20, None, "场", "at_least")),
        ("培训3500万人次以上", (35e6, 35e6, None, "人次", "at_least")),
        ("超过300人", (300, 301, None, "人", "more_than")),
        ("突破1.2万人", (12000, 12001, None, "人", "more_than")),
        ("最高30万元", (3e5, None, 3e5, "元", "up_to")),
        ("不超过5万元", (5e4, None, 5e4, "元", "up_to")),
        ("六七位老人", (6, 6, 7, "人", "range")),
        ("七八十人", (70, 70, 80, "人", "range")),
        ("3至5万元", (3e4, 3e4, 5e4, "元", "range")),
        ("3000元—5000元", (3000, 3000, 5000, "元", "range")),
        ("几家企业", (None, 2, 9, "家", "vague")),
        ("几百人", (None, 200, 999, "人", "vague")),
        ("十几户", (None, 11, 19, "户", "vague")),
        ("一大半学员", (None, 50, 100, "%", "vague")),
        ("百余人", (100, 101, 199, "人", "more_than")),
        ("上千人", (1000, 1000, None, "人", "at_least")),
        ("五百二十多户", (520, 521, 529, "户", "more_than")),
        ("1.71亿元", (171e6, 171e6, 171e6, "元", "exact")),
        ("6,265人", (6265, 6265, 6265, "人", "exact")),
        ("６２３人", (623, 623, 623, "人", "exact")),
        ("百分之七十", (70, 70, 70, "%", "exact")),
        ("三分之一", (33.33, 33.33, 33.33, "%", "exact")),
        ("近八成的学员", (80, 75, 79, "%", "nearly")),
        ("七八成的人", (70, 70, 80, "%", "range")),
        ("过半数学员", (50, 50, 100, "%", "more_than")),
        ("提高3.5个百分点", (3.5, 3.5, 3.5, "个百分点", "exact")),
        ("实现动态清零", (0, 0, 0, "户", "exact")),
        ("全额贴息", (100, 100, 100, "%", "exact")),
        ("共有494.86万贫困人口", (4948600, 4948600, 4948600, "", "exact")),
        ("近4000多元", (4000, 3500, 4999, "元", "about")),
    ],
)
def test_number_unit_bounds_and_class(words: str, expected: tuple[object, ...]) -> None:
    assert _only(words) == pytest.approx(expected)


@pytest.mark.parametrize(
    "sentence",
    [
        "一对一帮扶，一举两得。",
        "搬进四室一厅的新家。",
        "第一书记来了。",
        "2026年5月30日上午开班。",
        "培训一人、就业一人、脱贫一户。",
        "“十四五”以来，一系列政策落地。",
        "请拨打12345。",
        "一户一档，一人一策。",
        "零就业家庭的事是大事。",
        "年3月，县里实现户搬迁对象入住。",
        "九〇后的年轻人。",
        "G318国道旁的A4纸厂。",
        "千方百计稳就业。",
        "他唯一的办法。",
        "发放贷款万元。",
    ],
)
def test_sayings_dates_and_stripped_digits_give_no_result(sentence: str) -> None:
    assert [m.text for m in find_mentions(sentence) if m.text not in ("万元",)] == []


def test_no_figure_beside_lost_characters() -> None:
    assert [m.text for m in find_mentions("共帮助3\ufffd2人就业，培训50人。")] == ["50人"]


def test_one_unit_for_a_list() -> None:
    assert [(m.text, m.unit.name) for m in find_mentions("分别补助1200、1600元")] == [("1200", "元"), ("1600元", "元")]
