"""Stories told without the person, of whom a figure speaks, and what makes a claim doubtful: sentences of our own."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from tests.unit.news.test_claims import PROVINCE, claims_of

from zaoxue.contracts import load_contracts
from zaoxue.news import PlaceIndex, cases_frame, claims_frame, read_article
from zaoxue.news.cases import ACTIONS, Case, find_cases
from zaoxue.news.doubts import claim_confidence, claim_doubts, table
from zaoxue.news.locate import Locator
from zaoxue.news.names import find_names
from zaoxue.news.repair import Edit
from zaoxue.news.scope import place_level, scope_of
from zaoxue.settings import PROJECT_ROOT

PUBLISHED = date(2026, 6, 3)


@pytest.fixture(scope="module")
def places() -> PlaceIndex:
    return PlaceIndex([], extra=PROVINCE)


def cases_of(text: str, places: PlaceIndex) -> list[Case]:
    return find_cases(text, find_names(text), Locator(text, places), PUBLISHED)


STORY = (
    "家住青溪区柳桥镇的赵有田今年46岁，是一名残疾人，一家人靠低保生活。"
    "2025年3月，他参加了镇里的缝纫培训，5月拿到了职业资格证书。"
    "经服务站介绍，2025年6月他到服装厂上班，每月工资3200元。"
    "今年1月，赵有田主动退出低保，工作人员每月上门回访。"
)


def test_a_story_from_training_to_leaving_dibao(places: PlaceIndex) -> None:
    (case,) = cases_of(STORY, places)
    assert case.actions == ("training", "certificate", "referral", "placement", "dibao_exit", "follow_up")
    assert case.dates["training"] == date(2025, 3, 1)
    assert case.dates["placement"] == date(2025, 6, 1)
    assert case.dates["dibao_exit"] == date(2026, 1, 1)
    assert (case.age_band, case.outcome, case.monthly_wage) == ("40_49", "employed", 3200)
    assert set(case.hardship) == {"disabled", "dibao"}
    assert case.place_code == "990101001"
    assert len(case.evidence) == 4
    assert "赵有田" not in "".join(case.evidence)
    assert "赵某某" in case.evidence[0]
    assert case.doubts == ()
    assert case.confidence == 0.95


def test_two_people_are_two_stories_and_an_official_is_none(places: PlaceIndex) -> None:
    text = (
        "柳桥镇镇长孙立介绍，全镇今年培训320人，帮扶就业210人。\n"
        "村民王小花去年失业在家，今年通过招聘会到食品厂上班，月收入2800元。\n"
        "35岁的李大山申请到创业贷款10万元，开了一家小超市，当上了老板。"
    )
    first, second = cases_of(text, places)
    assert (first.actions, first.outcome, first.monthly_wage) == (("placement",), "employed", 2800)
    assert (second.actions, second.outcome, second.age_band) == (("loan",), "self_employed", "30_39")
    assert "one_action" in first.doubts
    assert first.confidence < 0.95


def test_a_wish_is_no_action(places: PlaceIndex) -> None:
    assert cases_of("村民王小花想到服装厂上班，希望参加培训。", places) == []
    assert cases_of("全镇帮扶就业210人，月工资3000元。", places) == []


def test_yearly_pay_and_other_peoples_age_are_not_taken(places: PlaceIndex) -> None:
    (case,) = cases_of("村民王小花的儿子17岁，她到服装厂上班，一年工资3万元。", places)
    assert case.monthly_wage is None
    assert case.age_band is None


@pytest.mark.parametrize(
    ("text", "measure", "scope", "level"),
    [
        ("今年以来，青溪区帮扶就业623人。", "persons_placed", "place", 6),
        ("今年以来，柳桥镇后山村帮扶就业12人。", "persons_placed", "village", 12),
        ("柳桥镇的月亮湾服装车间吸纳就业86人。", "persons_placed", "employer", 9),
        ("青溪区各类车间共吸纳就业860人。", "persons_placed", "place", 6),
        ("青溪区帮助残疾人就业30人。", "persons_placed", "group", 6),
        ("青溪区主动退保的低保对象有12人。", "dibao_exits", "place", 6),
        ("青溪区培训320人，其中脱贫劳动力90人。", "persons_trained", "part", 6),
        ("全国帮扶就业500万人。", "persons_placed", "place", 0),
    ],
)
def test_of_whom_in_its_place_a_figure_speaks(
    text: str, measure: str, scope: str, level: int, places: PlaceIndex
) -> None:
    claim = [c for c in claims_of(text, places) if c.measure == measure][-1]
    assert (scope_of(claim), place_level(claim)) == (scope, level)


def test_each_doubt_costs_what_the_table_says(places: PlaceIndex) -> None:
    (sure,) = claims_of("今年1至5月，青溪区帮扶就业困难群众623人。", places)
    assert claim_doubts(sure) == ()
    start = claim_confidence(sure, ())
    for doubt, worse in {
        "period_missing": replace(sure, period_start=None, period_end=None),
        "period_open": replace(sure, period_start=None),
        "unit_unusual": replace(sure, unit="元"),
        "lost_nearby": replace(sure, sentence=sure.sentence + "\ufffd"),
        "subject_doubtful": replace(sure, subject=""),
        "vague_figure": replace(sure, value=None),
        "place_inferred": replace(sure, sentence=sure.sentence.replace("青溪区", "全区")),
        "measure_guessed": replace(sure, confidence=0.7),
        "place_unresolved": replace(sure, place_code="", place_name="江化社区", confidence=sure.confidence - 0.15),
    }.items():
        assert claim_doubts(worse) == (doubt,), doubt
        reading = 0.7 if doubt == "measure_guessed" else start
        assert claim_confidence(worse, (doubt,)) == pytest.approx(reading - table()["claim"][doubt]["less"]), doubt
    slip = Edit("byte_shift_after_punctuation", 0, "??", "困难群众")
    assert claim_doubts(sure, [slip]) == ("repaired_nearby",)
    assert claim_doubts(sure, [replace(slip, step="traditional")]) == ()


def test_tables_and_contracts_name_the_same_codes() -> None:
    contracts = load_contracts(PROJECT_ROOT / "expectations")
    claims, cases = contracts["case_report"].by_name, contracts["case_story"].by_name
    assert set(table()["claim"]) == set(claims["doubts"].codes.values())
    assert set(table()["case"]) == set(cases["doubts"].codes.values())
    assert {m for measures in table()["units"].values() for m in measures} <= set(claims["measure"].codes.values())
    assert [f"{action}_on" for action in ACTIONS] == [
        c.name for c in contracts["case_story"].columns if c.name.endswith("_on")
    ][1:]
    assert all(0 < d["less"] < 1 and d["zh"] and d["en"] for what in ("claim", "case") for d in table()[what].values())


def test_frames_hold_the_contracts_columns_and_no_name(places: PlaceIndex) -> None:
    content = f"青溪区：岗位送到家门口\n2026-06-02\n{STORY}\n今年以来，青溪区帮扶就业623人。".encode()
    article = read_article(content, source="N9901", uri="news/1.txt", places=places)
    contracts = load_contracts(PROJECT_ROOT / "expectations")
    for feed, frame in (("case_report", claims_frame([article])), ("case_story", cases_frame([article]))):
        wanted = [c.name for c in contracts[feed].columns if not c.sources]
        assert [c for c in frame.columns if not c.startswith("_")] == wanted
        assert frame.height > 0
        assert "赵有田" not in frame.write_csv()
        assert set(frame["article_version"]) == {article.version}
    other = read_article(content + "又来了。".encode(), source="N9901", uri="news/1.txt", places=places)
    assert other.version != article.version
    assert other.article_id == article.article_id


def test_the_seed_that_calls_113_percent_100(shared_folder: Path) -> None:
    """551 were the task, 623 were placed, and the article says 100 %: the pieces that the check needs stand together."""
    (path,) = (shared_folder / "data" / "seeds").glob("001_*")
    article = read_article(path.read_bytes(), source="s", uri=path.name, places=PlaceIndex.load())
    found = {
        (c.kind, float(c.value or 0)): c for c in article.claims if c.measure in ("persons_placed", "placement_rate")
    }
    task, result, rate = found["target", 551], found["actual", 623], found["rate", 100]
    assert task.sentence_start == result.sentence_start == rate.sentence_start
    assert article.claims.index(task) < article.claims.index(rate)
    assert article.claims.index(result) < article.claims.index(rate)
