"""The fictional province: code 99, which no real division has, and names made for it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

PROVINCE_CODE, PROVINCE_NAME = "99", "云泽省"
PREFECTURES = (("9901", "岚江市"), ("9902", "苍梓市"))
OPENED_ON = date(2026, 1, 1)
BANK_BY_FILE = ("B9902", "云泽农商银行")
BANK_BY_API = ("B9901", "岚江惠民银行")
# The API bank joins in the last month: older loans come with its first pull, and it owes nothing for earlier months.
BANK_BY_API_OPENED_ON = date(2026, 6, 1)
NEWS_SOURCE = ("N9901", "云泽乡讯网")

_DISTRICTS = (
    ("青溪区", "望棠区", "云禾县", "溯川县", "枫陌县", "鹿汀县"),
    ("梓南区", "霁山区", "澄陌县", "松岑县", "麦陇县", "雁泊县"),
)
_FIRST = "柳霁岚棠枫苓菱芷汀澜沄桐槐荻梧栎葭萱筠蘅"
_SECOND = "桥渡坪湾浦岭堰洲陂埠滩塬"
_DISTRICT_FIRST, _DISTRICT_SECOND = "溪棠禾川陌汀梓霁澄岑陇雁泊沅菱苇", "阳阴平宁安源昌陵"
_VILLAGE_FIRST, _VILLAGE_SECOND = "上下前后东西南北新老大小", "麻榆梨杏芦枣葵菊桑樱"
_SUFFIXES = ("镇", "镇", "乡", "镇", "街道", "乡", "镇", "镇")
VILLAGES_PER_TOWNSHIP = 10


@dataclass(frozen=True)
class Place:
    """A district or a township; `parent` is the code of the prefecture or the district."""

    code: str
    name: str
    parent: str

    @property
    def folder(self) -> str:
        """Its folder in the inbox."""
        return f"{self.code}_{self.name}"


@dataclass(frozen=True)
class Province:
    """All districts and townships of a demo, in the order of their codes."""

    districts: tuple[Place, ...]
    townships: tuple[Place, ...]

    def district_of(self, township: Place) -> Place:
        """The district a township lies in."""
        return next(district for district in self.districts if district.code == township.parent)


def build_province(districts: int, townships_per_district: int) -> Province:
    """Make the divisions. Raises ValueError outside 1 to 99 districts and 1 to 99 townships each."""
    if not (1 <= districts <= 99 and 1 <= townships_per_district <= 99):
        raise ValueError("a demo province has 1 to 99 districts of 1 to 99 townships")
    first_half = (districts + 1) // 2
    made_districts, made_townships = [], []
    for number in range(districts):
        prefecture, place = (0, number) if number < first_half else (1, number - first_half)
        parent = PREFECTURES[prefecture][0]
        district = Place(f"{parent}{place + 1:02d}", _district_name(prefecture, place), parent)
        made_districts.append(district)
        made_townships += [
            Place(f"{district.code}{town + 1:03d}", _township_name(number, town), district.code)
            for town in range(townships_per_district)
        ]
    return Province(tuple(made_districts), tuple(made_townships))


def village_name(township_number: int, village_number: int) -> str:
    """Name of a village; villages of different townships may share one, as they do in the world."""
    first = _VILLAGE_FIRST[(village_number * 5 + township_number) % len(_VILLAGE_FIRST)]
    second = _VILLAGE_SECOND[(village_number + township_number * 3) % len(_VILLAGE_SECOND)]
    return f"{first}{second}{'社区' if village_number % 5 == 4 else '村'}"


def registry_rows(province: Province) -> list[tuple[str, str, str, str, str, str, str]]:
    """Rows of organisations.csv: organisation_code, name, kind, parent_code, opened_on, closed_on, alert_urls."""
    opened = OPENED_ON.isoformat()
    rows = [(PROVINCE_CODE, PROVINCE_NAME, "province", "", opened, "", "")]
    rows += [(code, name, "prefecture", PROVINCE_CODE, opened, "", "") for code, name in PREFECTURES]
    rows += [(p.code, p.name, "district", p.parent, opened, "", "") for p in province.districts]
    rows += [(p.code, p.name, "township", p.parent, opened, "", "") for p in province.townships]
    rows.append((*BANK_BY_FILE, "bank", PROVINCE_CODE, opened, "", ""))
    rows.append((*BANK_BY_API, "bank", PROVINCE_CODE, BANK_BY_API_OPENED_ON.isoformat(), "", ""))
    rows.append((*NEWS_SOURCE, "news_source", PROVINCE_CODE, opened, "", ""))
    return rows


def _district_name(prefecture: int, place: int) -> str:
    if place < len(_DISTRICTS[prefecture]):
        return _DISTRICTS[prefecture][place]
    number = place - len(_DISTRICTS[prefecture])
    first = _DISTRICT_FIRST[(number + 7 * prefecture) % len(_DISTRICT_FIRST)]
    return f"{first}{_DISTRICT_SECOND[(number // len(_DISTRICT_FIRST) + 3 * prefecture) % len(_DISTRICT_SECOND)]}县"


def _township_name(district: int, town: int) -> str:
    # The last of each group of eight repeats in every sixth district: a town's name alone does not say where it is.
    row = district % 6 if town % 8 == 7 else district
    first = _FIRST[(town * 3 + row * 7) % len(_FIRST)]
    second = _SECOND[(town + row) % len(_SECOND)]
    return f"{first}{second}{_SUFFIXES[(town + district) % len(_SUFFIXES)]}" if (district, town) != (0, 0) else "柳桥镇"
