"""Places: resolved by the story's own words."""

from __future__ import annotations

from datetime import date

import pytest

from zaoxue.news import PlaceIndex
from zaoxue.news.claims import extract_claims
from zaoxue.news.locate import Locator
from zaoxue.news.places import short_name

DEMO = [
    ("99", "云岭省", ""),
    ("9901", "青江市", "99"),
    ("990101", "青溪区", "9901"),
    ("990101001", "柳桥镇", "990101"),
    ("990101002", "城关镇", "990101"),
    ("9902", "白河市", "99"),
    ("990201", "云台县", "9902"),
    ("990201001", "城关镇", "990201"),
]


@pytest.fixture(scope="module")
def places() -> PlaceIndex:
    return PlaceIndex.load(DEMO)


def where(text: str, places: PlaceIndex, hint: str = "") -> list[tuple[str, str]]:
    return [
        (c.place_code, c.place_name)
        for c in extract_claims(text, Locator(text, places, hint), date(2026, 6, 1))
        if c.promoted
    ]


def test_the_list_has_counties_and_townships(places: PlaceIndex) -> None:
    assert places.full_name("320706022") == "江苏省连云港市海州区郁州街道"
    assert places.full_name("110101001") == "北京市东城区东华门街道"
    assert places.full_name("441900003") == "广东省东莞市东城街道"
    assert places.full_name("990101001") == "云岭省青江市青溪区柳桥镇"
    assert len(places.codes("城关镇")) == 2, "the caller's own rows win"


def test_a_repeated_township_needs_its_county(places: PlaceIndex) -> None:
    assert where("云台县城关镇培训60人。", places) == [("990201001", "云岭省白河市云台县城关镇")]
    assert where("青溪区召开会议。城关镇培训60人。", places) == [("990101002", "云岭省青江市青溪区城关镇")]


def test_a_repeated_county_is_told_by_its_townships_or_the_masthead(places: PlaceIndex) -> None:
    assert where("海州区新海街道培训60人。", places)[0][0] == "320706006"
    assert where("海州区培训60人。", places, hint="来源：连云港发布")[0][0] == "320706"
    assert where("海州区培训60人。", places, hint="来源：阜新日报")[0][0] == "210902"


def test_words_for_here(places: PlaceIndex) -> None:
    text = "青溪区柳桥镇培训60人，该镇又办班2期。全区培训900人，全市培训4000人，全省培训2万人，全国培训300万人。"
    assert [code for code, _ in where(text, places)] == ["990101001", "990101001", "990101", "9901", "99", ""]
    assert where(text, places)[-1] == ("", "全国")


def test_a_destination_or_a_list_is_not_the_place(places: PlaceIndex) -> None:
    assert where("青溪区组织60人到白河市务工。", places)[0][0] == "990101"
    assert where("青溪区在柳桥镇、城关镇等2个镇培训60人。", places)[-1][0] == "990101"


def test_village_and_paragraph(places: PlaceIndex) -> None:
    text = "青溪区柳桥镇石泉湾村的车间开工了。目前，车间已带动就业30人。\n青溪区共建车间12个。"
    assert where(text, places) == [("990101001", "云岭省青江市青溪区柳桥镇石泉湾村"), ("990101", "云岭省青江市青溪区")]


def test_aliases_and_old_names(places: PlaceIndex) -> None:
    assert where("海州区郁洲街道、新海街道开展活动。郁洲街道培训60人。", places)[0][0] == "320706022"
    assert where("沐川县幸福乡培训60人。", places) == [("511129100", "四川省乐山市沐川县幸福乡")]


def test_villages_of_the_list_have_their_own_code(places: PlaceIndex) -> None:
    text = "花垣县双龙镇十八洞村培训60人，该镇培训90人，全县培训900人。"
    assert [code for code, _ in where(text, places)] == ["433124110226", "433124110", "433124"]
    assert where("花垣县十八洞村培训60人。", places)[0][0] == "433124110226", "the only one in the county"
    assert where("沐川县月坝村培训60人。", places)[0][0] == "511129100223", "the township it belonged to is gone"
    assert where("花垣县没有村培训60人。", places)[0][0] == "433124"


def test_short_and_usual_names(places: PlaceIndex) -> None:
    assert where("威宁县培训60人。", places) == [("520526", "贵州省毕节市威宁彝族回族苗族自治县")]
    assert where("近日，重庆酉阳培训60人。", places)[0][0] == "500242"
    assert where("泗洪：技能培训送上门\n全县培训60人。", places)[0][0] == "321324"
    assert where("泗洪人社局培训60人。", places)[0][0] == "321324"
    assert where("大家和平相处，一路平安，培训60人。", places) == [("", "")]
    assert where("科右前旗培训60人，旬阳县培训70人。", places)[0][0] == "152221"
    assert where("云台县建成县级驿站60个，开发城镇岗位70个。", places)[0][0] == "990201"


def test_the_last_village_or_town_is_here(places: PlaceIndex) -> None:
    text = "青溪区柳桥镇石泉湾村变了样。\n据了解，该村培训60人。村里又安排就业20人，镇里培训90人。"
    assert [code for code, _ in where(text, places)] == ["990101001"] * 3
    assert where(text, places)[0][1].endswith("石泉湾村")
    fair = "云台县人社局主办的招聘会走进云台县城关镇。现场培训60人。"
    assert where(fair, places)[0][0] == "990201001"


@pytest.mark.parametrize(
    ("name", "short"),
    [
        ("淮南市", "淮南"),
        ("大理白族自治州", "大理"),
        ("赵县", "赵县"),
        ("新疆维吾尔自治区", "新疆"),
        ("务川仡佬族苗族自治县", "务川"),
    ],
)
def test_short_names(name: str, short: str) -> None:
    assert short_name(name) == short
