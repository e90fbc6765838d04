"""Claims in sentences of our own (tests/fixtures/news/claims.yaml)."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest
import yaml

from zaoxue.news import PlaceIndex
from zaoxue.news.claims import Claim, extract_claims
from zaoxue.news.locate import Locator

CASES: list[dict[str, Any]] = yaml.safe_load(
    (Path(__file__).parents[2] / "fixtures" / "news" / "claims.yaml").read_text("utf-8")
)
PROVINCE = [
    ("99", "云岭省", ""),
    ("9901", "青江市", "99"),
    ("990101", "青溪区", "9901"),
    ("990101001", "柳桥镇", "990101"),
]


@pytest.fixture(scope="module")
def places() -> PlaceIndex:
    return PlaceIndex([], extra=PROVINCE)


def claims_of(text: str, places: PlaceIndex, published: date | None = date(2026, 6, 3)) -> list[Claim]:
    return extract_claims(text, Locator(text, places), published)


@pytest.mark.parametrize("case", CASES, ids=[c["text"][:16] for c in CASES])
def test_promoted_claims(case: dict[str, Any], places: PlaceIndex) -> None:
    found = [c for c in claims_of(case["text"], places) if c.promoted]
    got = [[c.text.removeprefix("最高可贷"), c.measure, c.kind, c.unit] for c in found]
    want = [[str(w[0]), *w[1:4]] for w in case["claims"]]
    if any(w[4:] == ["any"] for w in case["claims"]):  # a measure that only the sentence before could tell
        got, want = [[g[0], g[2]] for g in got], [[w[0], w[2]] for w in want]
    assert got == want
    assert [c.is_subset for c in found] == [w[4:] == ["subset"] for w in case["claims"]]


def test_sentence_and_offsets(places: PlaceIndex) -> None:
    text = "青溪区很美。\n今年以来，柳桥镇培训320人，帮助210人就业。“真好！”他们说，又来了15人。"
    for claim in claims_of(text, places):
        assert text[claim.start :].startswith(claim.text)
        assert text[claim.sentence_start :].startswith(claim.sentence)
        assert claim.text in claim.sentence


@pytest.mark.parametrize(
    ("text", "start", "end"),
    [
        ("截至5月底，青溪区培训320人。", None, date(2026, 5, 31)),
        ("今年以来，青溪区培训320人。", date(2026, 1, 1), date(2026, 6, 3)),
        ("2024年以来，青溪区培训320人。", date(2024, 1, 1), date(2026, 6, 3)),
        ("2025年，青溪区培训320人。", date(2025, 1, 1), date(2025, 12, 31)),
        ("去年，青溪区培训320人。", date(2025, 1, 1), date(2025, 12, 31)),
        ("1至4月，青溪区培训320人。", date(2026, 1, 1), date(2026, 4, 30)),
        ("今年上半年，青溪区计划培训320人。", date(2026, 1, 1), date(2026, 6, 30)),
        ("今明两年青溪区计划培训320人。", date(2026, 1, 1), date(2027, 12, 31)),
        ("目前，青溪区培训320人。", None, date(2026, 6, 3)),
        ("青溪区培训320人。", None, None),
    ],
)
def test_period(text: str, start: date | None, end: date | None, places: PlaceIndex) -> None:
    (claim,) = claims_of(text, places)
    assert (claim.period_start, claim.period_end) == (start, end)


def test_a_share_never_passes_100_but_a_completion_may(places: PlaceIndex) -> None:
    rate, done = claims_of("青溪区培训后就业率达70%以上，完成年度任务的110%以上。", places)
    assert (float(rate.value_min or 0), float(rate.value_max or 0)) == (70, 100)
    assert done.value_max is None


def test_a_headline_and_a_body_printed_twice_count_once(places: PlaceIndex) -> None:
    body = "今年以来，青溪区共帮助困难群众就业320人，举办招聘会12场。"
    found = claims_of(f"青溪区帮助320人就业\n{body}\n{body}", places)
    assert [c.text for c in found] == ["320人", "12场"]
    assert [c.text for c in claims_of("青溪区帮助320人就业\n各镇都行动起来了。", places)] == ["320人"]


def test_a_year_to_come_makes_a_target(places: PlaceIndex) -> None:
    assert [c.kind for c in claims_of("到2027年，青溪区建成车间20个。", places)] == ["target"]
    assert [c.kind for c in claims_of("到2025年，青溪区建成车间20个。", places)] == ["actual"]


def test_no_figure_is_read_beside_a_lost_character(places: PlaceIndex) -> None:
    text = "青溪区培训\ufffd30人，帮助21人就业，举办招聘会5\ufffd场；发放补贴4万元。"
    assert [c.text for c in claims_of(text, places)] == ["21人", "4万元"]
