"""Administrative places by name and code: the statistical list, aliases with history, and rows the caller adds."""

from __future__ import annotations

import csv
import gzip
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path

_DATA = Path(__file__).with_name("data")
_PLACEHOLDERS = {"市辖区", "县", "省直辖县级行政区划", "自治区直辖县级行政区划", "直辖县级"}
# County names that are ordinary words: only right after the name of their prefecture.
ORDINARY = {
    "街道",
    "乡镇",
    "城镇",
    "城区",
    "郊区",
    "矿区",
    "东区",
    "西区",
    "新区",
    "南区",
    "北区",
    "老城区",
    "新城区",
    "市中区",
    "开发区",
}
# What stands before these two characters where they are no county: 建成县级市场, 村和县里, 振兴县域.
_BEFORE_SHORT = {"成县": "建完形组达合", "和县": "省市州镇乡村", "兴县": "振"}
_SUFFIXES = (
    "特别行政区",
    "维吾尔自治区",
    "壮族自治区",
    "回族自治区",
    "自治区",
    "自治州",
    "自治县",
    "地区",
    "街道",
    "省",
    "市",
    "县",
    "区",
    "盟",
    "旗",
    "镇",
    "乡",
)
_MINORITIES = (
    "维吾尔族",
    "哈萨克族",
    "朝鲜族",
    "土家族",
    "布依族",
    "傈僳族",
    "纳西族",
    "景颇族",
    "蒙古族",
    "蒙古",
    "藏族",
    "羌族",
    "彝族",
    "苗族",
    "侗族",
    "壮族",
    "回族",
    "傣族",
    "白族",
    "瑶族",
    "黎族",
    "畲族",
    "满族",
    "仡佬族",
    "哈尼族",
    "土族",
    "撒拉族",
    "东乡族",
    "佤族",
    "拉祜族",
    "哈萨克",
    "柯尔克孜",
    "布朗族",
    "水族",
    "毛南族",
    "仫佬族",
    "各族",
)


@dataclass(frozen=True)
class Division:
    """One administrative division. `code` has 2, 4, 6 or 9 digits; `parent` is "" for a province."""

    code: str
    name: str
    parent: str

    @property
    def level(self) -> int:
        """Digits of the code: 2 province, 4 prefecture, 6 county, 9 township, 12 village."""
        return len(self.code)


def _parent_of(code: str) -> str:
    return {4: code[:2], 6: code[:4], 9: code[:6], 12: code[:9]}.get(len(code), "")


def short_name(name: str) -> str:
    """Name without its kind: 淮南市 -> 淮南, 大理白族自治州 -> 大理; the whole name where too little would be left."""
    for suffix in _SUFFIXES:
        if name.endswith(suffix):
            short = name[: -len(suffix)]
            changed = True
            while changed:
                changed = False
                for people in _MINORITIES:
                    if short.endswith(people) and len(short) > len(people) + 1:
                        short, changed = short[: -len(people)], True
            return short if len(short) >= 2 else name
    return name


@cache
def ordinary_short() -> frozenset[str]:
    """Short names of counties that are ordinary words (data/place_words.txt)."""
    lines = (_DATA / "place_words.txt").read_text("utf-8").splitlines()
    return frozenset(word for line in lines if not line.startswith("#") for word in line.split())


class PlaceIndex:
    """Divisions by code, by name and by short name.

    `extra` rows (code, name, parent code) are added to the statistical list and win over it where names are the same:
    a district's own villages, or the fictional province of the demo.
    """

    def __init__(
        self,
        divisions: Iterable[Division],
        aliases: Iterable[tuple[str, str]] = (),
        extra: Iterable[tuple[str, str, str]] = (),
    ) -> None:
        """Take `divisions`, then `aliases` as (name, code), then the caller's `extra` rows."""
        self.by_code: dict[str, Division] = {}
        self._names: dict[str, list[str]] = {}
        for division in divisions:
            self._add(division)
        for name, code in aliases:
            if code in self.by_code:
                self._names.setdefault(name, []).append(code)
        for code, name in [(d.code, d.name) for d in self.by_code.values() if "自治" in d.name and len(d.code) <= 6]:
            usual = short_name(name) + name[-1]  # 威宁县, 恩施州: as papers write them
            if len(usual) >= 3 and usual != name:
                self._names.setdefault(usual, []).append(code)
        self.extra_codes: frozenset[str] = frozenset(
            self._add(Division(code, name, parent or _parent_of(code))) for code, name, parent in extra
        )

    def _add(self, division: Division) -> str:
        self.by_code[division.code] = division
        if division.name not in _PLACEHOLDERS:
            self._names.setdefault(division.name, []).append(division.code)
        return division.code

    @classmethod
    def load(cls, extra: Iterable[tuple[str, str, str]] = ()) -> PlaceIndex:
        """The list shipped with the library (data/divisions.source.txt) and its aliases. Takes about 0.1 s."""
        with gzip.open(_DATA / "divisions.csv.gz", "rt", encoding="utf-8", newline="") as file:
            rows = csv.reader(file)
            next(rows)
            divisions = [Division(code, name, _parent_of(code)) for code, name in rows]
        with (_DATA / "place_aliases.csv").open(encoding="utf-8", newline="") as aliases_file:
            aliases = [(row["name"], row["code"]) for row in csv.DictReader(aliases_file)]
        return cls(divisions, aliases, extra)

    @cached_property
    def _by_head(self) -> dict[str, list[str]]:
        heads: dict[str, set[str]] = {}
        for name in self._names:
            if len(name) >= 2:
                heads.setdefault(name[:2], set()).add(name)
        return {head: sorted(names, key=lambda n: (-len(n), n)) for head, names in heads.items()}

    @cached_property
    def _short(self) -> dict[str, list[str]]:
        shorts: dict[str, list[str]] = {}
        for name, codes in self._names.items():
            large = [code for code in codes if len(code) <= 6]
            short = short_name(name)
            if large and short != name:
                shorts.setdefault(short, []).extend(c for c in large if c not in shorts.get(short, ()))
        return shorts

    def codes(self, name: str) -> list[str]:
        """Codes of all divisions of this name; the caller's own alone where they have it."""
        codes = self._names.get(name, [])
        return [c for c in codes if c in self.extra_codes] or codes

    def short_codes(self, short: str) -> list[str]:
        """Codes of the provinces, prefectures and counties with this short name."""
        codes = self._short.get(short, [])
        return [c for c in codes if c in self.extra_codes] or codes

    def longest_at(self, text: str, at: int) -> str:
        """The longest division name that begins at `at`, or ""."""
        for name in self._by_head.get(text[at : at + 2], ()):
            if text.startswith(name, at):
                # 建成县级市场, 镇和县: no county 成县 or 和县
                inside = len(name) == 2 and text[at - 1 : at] in _BEFORE_SHORT.get(name, ())
                return "" if inside or text[at + len(name) : at + len(name) + 1] == "级" else name
        return ""

    def is_within(self, code: str, larger: str) -> bool:
        """True if `code` is `larger` or lies in it."""
        while code:
            if code == larger:
                return True
            code = self.by_code[code].parent if code in self.by_code else _parent_of(code)
        return False

    def ancestors(self, code: str) -> list[Division]:
        """The division and what it lies in, smallest first; of a village that is not in the list its township first."""
        chain: list[Division] = []
        while code and code not in self.by_code:
            code = _parent_of(code)
        while code in self.by_code and len(chain) < 6:
            chain.append(self.by_code[code])
            code = self.by_code[code].parent
        return chain

    def full_name(self, code: str) -> str:
        """Names from the province down; 市辖区 and a repeated name are left out."""
        parts: list[str] = []
        for division in reversed(self.ancestors(code)):
            if division.name not in _PLACEHOLDERS and (not parts or parts[-1] != division.name):
                parts.append(division.name)
        return "".join(parts)
