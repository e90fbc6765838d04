"""Find the figures in a sentence: number, unit, qualifier, bounds and where the words stand."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import cache

from zaoxue.news.quantities import NUMERAL, SCALES, Number, more_than, nearly, read_number
from zaoxue.news.quantity_words import DATES, SAYINGS, after_class, before_class
from zaoxue.news.repair.edits import LOST
from zaoxue.news.sentences import fold
from zaoxue.news.units import PERCENT, UNKNOWN, Unit, unit_pattern, units

# 494万贫困人口: a large number may stand before its noun without a counter.
_PEOPLE_NOUN = re.compile(
    r"(?:就业)?(?:建档立卡|贫困|困难|脱贫|农村|城镇|农民|劳动|务工|返乡|失业|残疾|搬迁|高校|毕业生|群众|人口|职工|工人|妇女|青年)"
)
_CN1 = "一二三四五六七八九"


@dataclass(frozen=True)
class Mention:
    """A figure in a sentence; offsets are those of the sentence. `core` is where the numeral itself begins.

    `qualifier` is a class of docs/case_reports.md; `numeral` says how it was written: arabic, chinese or word.
    """

    start: int
    core: int
    end: int
    text: str
    value: Decimal | None
    low: Decimal | None
    high: Decimal | None
    unit: Unit
    qualifier: str
    numeral: str


@cache
def _pattern() -> re.Pattern[str]:
    unit = unit_pattern()
    return re.compile(
        rf"每(?P<of>[十百]|\d+)[户人名个][^，。；\d]{{0,14}}?有(?P<among>[{_CN1}\d]+)[户人名个]"
        rf"|百分之(?P<hundredth>{NUMERAL})"
        rf"|(?P<whole>[{_CN1}十百\d]+)分之(?P<part>[{_CN1}十\d]+)"
        rf"|(?P<tenths>\d(?:\.\d)?|[{_CN1}]{{1,2}})成(?P<tenths_more>多)?(?![立为功员长本果交绩都了型人就分效])"
        r"|(?P<half>一大半|大半|一多半|多半数?|过半数?|一半|半数|对半)(?=[^天年月小夜个径路边])"
        r"|(?P<all>全额?贴息|全部贴息)|(?P<none>动态清零|清零|“清零”)"
        rf"|(?P<first>{NUMERAL})\s?(?P<first_unit>%|％|{unit})?\s?(?:[-—–~～]{{1,2}}|至|到)\s?(?P<last>{NUMERAL})\s?"
        rf"(?P<last_unit>%|％|{unit})"
        rf"|(?P<number>{NUMERAL})\s?(?P<more>[多余来])?\s?(?P<unit>%|％|{unit})?(?P<more_after>多)?"
    )


def _masked(text: str) -> str:
    """The sentence with dates and sayings blanked out, so that every offset stays."""

    def hide(match: re.Match[str]) -> str:
        return "\x00" * len(match[0])

    return SAYINGS.sub(hide, DATES.sub(hide, text))


def find_mentions(sentence: str) -> list[Mention]:
    """Figures of one sentence in order. Dates, ordinals, sayings and figures beside lost characters give none."""
    text = _masked(fold(sentence))
    found: list[Mention] = []
    at = 0
    pattern = _pattern()
    while match := pattern.search(text, at):
        at = max(match.end(), match.start() + 1)
        mention = _read(match, text)
        if mention is None:
            continue
        at = max(match.start() + 1, mention.end)
        found.append(replace(mention, text=sentence[mention.start : mention.end].strip()))
    found = [
        m
        for i, m in enumerate(found)
        if not (m.unit is PERCENT and i and found[i - 1].end == m.start and found[i - 1].unit.name == "个")
    ]  # 3个100% are three rules
    found = _share_units(found, text)
    return [m for m in found if m.unit is not UNKNOWN and not _beside_lost(text, m)]


def _beside_lost(text: str, mention: Mention) -> bool:
    clause_start = max((text.rfind(c, 0, mention.start) for c in "，。；"), default=-1)
    clause_end = min((p for c in "，。；" if (p := text.find(c, mention.end)) >= 0), default=len(text))
    return LOST in text[clause_start + 1 : clause_end]


def _share_units(found: list[Mention], text: str) -> list[Mention]:
    """1200、1600元: a bare number takes the unit of the next one; 达22万 at a clause end stays for the measure to say."""
    out = list(found)
    for i in range(len(out) - 2, -1, -1):
        gap = text[out[i].end : out[i + 1].start]
        if out[i].unit is UNKNOWN and gap in ("、", "和", "及") and out[i].numeral == "arabic":
            out[i] = replace(out[i], unit=out[i + 1].unit)
    bare = Unit("", "bare", False)
    return [
        replace(m, unit=bare)
        if m.unit is UNKNOWN
        and m.numeral == "arabic"
        and m.value is not None
        and m.text[-1:] in "万亿多余"
        and (text[m.end : m.end + 1] in ("，", "。", "；", "、", "）", "的", "") or _PEOPLE_NOUN.match(text, m.end))
        else m
        for m in out
    ]


def _read(match: re.Match[str], text: str) -> Mention | None:
    if match["hundredth"]:
        number = read_number(match["hundredth"])
        return _qualified(number, PERCENT, match.start(), match.end(), text, "chinese") if number else None
    if match["whole"] or match["of"]:
        return _fraction(match, text)
    if match["tenths"]:
        return _tenths(match, text)
    if match["half"]:
        return _half(match, text)
    if match["all"]:
        hundred = Decimal(100)
        return Mention(
            match.start(), match.start(), match.end(), "", hundred, hundred, hundred, PERCENT, "exact", "word"
        )
    if match["none"]:
        zero = Decimal(0)
        unit = units()["户"]
        return Mention(match.start(), match.start(), match.end(), "", zero, zero, zero, unit, "exact", "word")
    if match["first"]:
        return _range(match, text)
    return _single(match, text)


def _fraction(match: re.Match[str], text: str) -> Mention | None:
    whole, part = read_number(match["whole"] or match["of"]), read_number(match["part"] or match["among"])
    if not whole or not part or not whole.value or part.value is None:
        return None
    value = round(part.value / whole.value * 100, 2)
    number = Number(value, value, value, Decimal(10))
    return _qualified(number, PERCENT, match.start(), match.end(), text, "chinese")


def _tenths(match: re.Match[str], text: str) -> Mention | None:
    number = read_number(match["tenths"])
    if number is None or number.value is None or text[match.start() - 1 : match.start()].isdigit():
        return None
    ten = Decimal(10)
    number = Number(
        number.value * ten,
        (number.low or 0) * ten,
        (number.high or 0) * ten,
        number.step * ten,
        "more" if match["tenths_more"] else number.fuzz,
    )
    return _qualified(number, PERCENT, match.start(), match.end(), text, "chinese")


def _half(match: re.Match[str], text: str) -> Mention | None:
    word, half, whole = match["half"], Decimal(50), Decimal(100)
    if word in ("一半", "半数", "对半"):
        return _qualified(Number(half, half, half, Decimal(10)), PERCENT, match.start(), match.end(), text, "word")
    if word.startswith("过"):
        return Mention(match.start(), match.start(), match.end(), "", half, half, whole, PERCENT, "more_than", "word")
    return Mention(match.start(), match.start(), match.end(), "", None, half, whole, PERCENT, "vague", "word")


def _range(match: re.Match[str], text: str) -> Mention | None:
    first, last = read_number(match["first"]), read_number(match["last"])
    unit = _unit(match["last_unit"])
    if first is None or last is None or first.value is None or last.value is None:
        return _single_from_range(match, text)
    if match["first_unit"] and _unit(match["first_unit"]) != unit:
        return _single_from_range(match, text)
    low, high = first.value, last.value
    if not match["first_unit"] and match["first"][-1] not in SCALES:  # 3至5万元
        for c in reversed(match["last"]):
            if c not in "万亿":
                break
            low *= SCALES[c]
    if low >= high or (match["first"][0] == "一" and match["last"][0] == "一"):
        return _single_from_range(match, text)
    return Mention(
        match.start(),
        match.start(),
        match.end(),
        "",
        low,
        low,
        high,
        unit,
        "range",
        "arabic" if match["first"][0].isdigit() else "chinese",
    )


def _single_from_range(match: re.Match[str], text: str) -> Mention | None:
    alone = _pattern().match(
        text, match.start(), match.end("first_unit") if match["first_unit"] else match.end("first")
    )
    return _single(alone, text) if alone and alone["number"] else None


def _unit(word: str | None) -> Unit:
    if not word:
        return UNKNOWN
    return PERCENT if word in "%％" else units()[word]


def _single(match: re.Match[str], text: str) -> Mention | None:
    numeral, start, end = match["number"], match.start(), match.end()
    unit = _unit(match["unit"])
    arabic = numeral[0].isdigit()
    before = text[start - 1 : start]
    if arabic and (before.isascii() and (before.isalnum() or before in "-./_@") and before != "\x00" and before):
        return None
    if before == "第" or (
        numeral == "几"
        and unit.group not in ("people", "household", "organisation", "thing", "event", "duration", "money", "class")
    ):
        return None
    right = text[end : end + 4]
    if match["unit"] == "人" and right[:1] in ("员", "才", "均", "民") and right[:2] not in ("员就", "员参"):
        return None
    if match["unit"] in ("日", "年级", "度") or (
        match["unit"] in ("名", "位", "口", "家", "户") and right[:1] in ("称", "字", "单")
    ):
        return None
    if unit is UNKNOWN and not arabic and not (match["more_after"] or match["more"]):
        return None
    number = read_number(numeral)
    if number is None:
        return None
    if match["more"] or match["more_after"]:
        number = replace(number, fuzz=number.fuzz or "more")
    if match["more"] == "来":
        number = replace(number, fuzz="about")
    if "个多" in (match["unit"] or "") or (match["unit"] or "").endswith("多"):
        number = replace(number, fuzz="more")
    return _qualified(number, unit, start, end, text, "arabic" if arabic else "chinese")


def _qualified(number: Number, unit: Unit, start: int, end: int, text: str, numeral: str) -> Mention:
    """Apply the words beside the number to its bounds."""
    left_class, left_length = before_class(text[max(0, start - 20) : start], text[start:end])
    right_class, right_length = after_class(text[end : end + 4])
    begin, stop = start - left_length, end + right_length
    qualifier, low, high = "exact", number.low, number.high
    value = number.value
    if number.fuzz == "few":
        qualifier = "vague"
    elif number.fuzz == "pair":
        qualifier = "range"
    elif number.fuzz == "more" and left_class == "nearly":
        qualifier, low, high = "about", nearly(number)[0], more_than(number)[1]
    elif number.fuzz == "more":
        qualifier, (low, high) = "more_than", more_than(number)
    elif value is not None and "nearly" in (left_class, right_class):
        qualifier, (low, high) = "nearly", nearly(number)
    elif value is not None and (number.fuzz == "about" or "about" in (left_class, right_class)):
        qualifier, low, high = "about", value * Decimal("0.9"), value * Decimal("1.1")
    elif value is not None and left_class == "more_than":
        closed = unit.group in ("percent", "age", "duration")
        qualifier, low, high = "more_than", value if closed else value + 1, None
    elif "up_to" in (left_class, right_class) and right_class != "at_least":
        qualifier, low, high = "up_to", None, value
    elif "at_least" in (left_class, right_class):
        qualifier, low, high = "at_least", value, None
    return Mention(begin, start, stop, "", value, low, high, unit, qualifier, numeral)
