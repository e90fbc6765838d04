"""Numerals of written Chinese: what was written, and between which bounds it may lie.

Table-driven where it can be; the bounds follow the table of docs/case_reports.md: 30多 is 31 to 39, 近200 is 150 to
199, 六七 is 6 to 7, 几百 is 200 to 999. cn2an is not used: it reads 六七位 as 67.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal

DIGITS = {c: n for n, c in enumerate("零一二三四五六七八九")} | {"〇": 0, "两": 2, "壹": 1, "贰": 2, "叁": 3, "伍": 5}
SCALES = {"十": 10, "百": 100, "千": 1_000, "万": 10_000, "亿": 100_000_000}
_CN = "零〇一二两三四五六七八九"
# A number as it is written, fuzz inside it included: 1.2万, 500余万, 10多万, 两千三百, 十几, 数百, 三四十, 百余.
NUMERAL = (
    rf"(?:\d{{1,3}}(?:,\d{{3}})+(?:\.\d+)?|\d+(?:\.\d+)?)(?:\s?[多余来几]?\s?(?:百万|千万|万亿|十万|百|千|万|亿))?(?:\d+千|\d+万\d*)?"
    rf"|[几数][十百千万亿]+|十几[万亿]?|几|[{_CN}十]+点[{_CN}]+[万亿]?"
    rf"|[{_CN}十百千万亿]+[余多来几]?[百千万亿]*"
)


@dataclass(frozen=True)
class Number:
    """The number written (None where the words give none), its bounds, and the size of its last step.

    `step` is the place value of the last non-zero digit: 480 -> 10, 1300 -> 100. `fuzz` is "more" for a 多 or 余 read
    inside, "few" for 几, "pair" for 六七.
    """

    value: Decimal | None
    low: Decimal | None
    high: Decimal | None
    step: Decimal
    fuzz: str = ""


def _arabic(text: str) -> Number | None:
    match = re.fullmatch(r"([\d,]+(?:\.(\d+))?)\s?([多余来几]?)\s?([百千万亿十]*)", text)
    if not match:
        return None
    plain = match[1].replace(",", "")
    scale = Decimal(1)
    for c in match[4]:
        scale *= SCALES[c]
    value = Decimal(plain) * scale
    if match[2]:
        step = Decimal(10) ** -len(match[2]) * scale
    else:
        step = Decimal(10) ** (len(plain) - len(plain.rstrip("0"))) * scale if int(plain) else scale
    return Number(value, value, value, step, "more" if match[3] else "")


def _chinese(text: str) -> Number | None:
    """两千三百五十 / 十二 / 三万五 / 二〇二〇 / 六七 / 三四十 / 七八百万 / 几百 / 百余 / 一百多万."""
    if re.fullmatch(rf"[{_CN}]{{3,}}", text):  # digits said one by one
        value = Decimal("".join(str(DIGITS[c]) for c in text))
        return Number(value, value, value, Decimal(1))
    pair = re.fullmatch(rf"([十百千]?)([{_CN}])([{_CN}])([十百千万亿]*)", text)
    if pair and (pair[4] or len(text) <= 3) and DIGITS[pair[3]] == DIGITS[pair[2]] + 1 and pair[2] not in "零〇":
        scale = _scale(pair[4])
        base = _scale(pair[1]) if pair[1] else Decimal(0)
        low, high = base + DIGITS[pair[2]] * scale, base + DIGITS[pair[3]] * scale
        return Number(low, low, high, scale, "pair")
    few = re.fullmatch(r"(十|[几数])(几?)?([十百千万亿]*)", text)
    if few and ("几" in text or "数" in text):
        scale = _scale(few[3])
        if text[0] == "十":
            return Number(None, 11 * scale, 19 * scale, scale, "few")
        top = 10 * scale - (1 if scale > 1 else 0)
        return Number(None, 2 * scale, top if scale > 1 else Decimal(9), scale, "few")
    fuzz = re.fullmatch(r"([^余多来几]+)([余多来])([百千万亿]*)", text)
    if fuzz:
        inner = _plain_chinese(fuzz[1])
        if inner is None:
            return None
        scale = _scale(fuzz[3])
        value = inner[0] * scale
        return Number(value, value, value, inner[1] * scale, "about" if fuzz[2] == "来" else "more")
    plain = _plain_chinese(text)
    return Number(plain[0], plain[0], plain[0], plain[1]) if plain else None


def _scale(text: str) -> Decimal:
    value = Decimal(1)
    for c in text:
        value *= SCALES[c]
    return value


def _plain_chinese(text: str) -> tuple[Decimal, Decimal] | None:
    """(value, step of the last digit) of a numeral without fuzz."""
    if "点" in text:
        whole, _, rest = text.partition("点")
        scale = Decimal(1)
        while rest and rest[-1] in "万亿":
            scale *= SCALES[rest[-1]]
            rest = rest[:-1]
        head = _plain_chinese(whole)
        if head is None or any(c not in DIGITS for c in rest):
            return None
        digits = "".join(str(DIGITS[c]) for c in rest)
        return Decimal(f"{int(head[0])}.{digits}") * scale, Decimal(10) ** -len(digits) * scale
    total, section, digit, last = Decimal(0), Decimal(0), None, Decimal(1)
    previous = Decimal(0)
    for c in text:
        if c in DIGITS:
            if digit is not None and digit != 0 and DIGITS[c] != 0:
                return None
            digit = DIGITS[c]
        elif c in "十百千":
            section += (1 if digit is None else digit) * SCALES[c]
            last, previous, digit = Decimal(SCALES[c]), Decimal(SCALES[c]), None
        else:  # 万 亿 close a section
            section += digit or 0
            if digit:
                last = Decimal(1)
            total = (
                (total + (section or 1)) * SCALES[c] if c == "亿" or not total else total + (section or 1) * SCALES[c]
            )
            last *= SCALES[c]
            section, digit, previous = Decimal(0), None, Decimal(SCALES[c])
    if digit:
        # 三万五 and 一百二: the last digit stands for the next lower place; after 零 it is a unit.
        short = previous >= 100 and len(text) >= 2 and text[-2] not in "零〇十"
        last = previous / 10 if short else Decimal(1)
        section += digit * last
    elif digit == 0 and text in "零〇":
        return Decimal(0), Decimal(1)
    return total + section, last


def read_number(text: str) -> Number | None:
    """Read one NUMERAL match; None if it is no number after all (十分, 千方百计 never get here)."""
    text = text.strip()
    compound = re.fullmatch(r"(\d+(?:\.\d+)?)(万|千)(\d+)(千|百)?", text)
    if compound:
        unit = Decimal(SCALES[compound[2]])
        rest = Decimal(compound[3]) * (
            SCALES[compound[4]] if compound[4] else unit / 10 if len(compound[3]) == 1 else 1
        )
        value = Decimal(compound[1]) * unit + rest
        return Number(value, value, value, Decimal(SCALES[compound[4]]) if compound[4] else Decimal(1))
    try:
        return _arabic(text) if text[:1].isdigit() else _chinese(text)
    except KeyError:  # 几 or a digit in the middle of a numeral in characters: a misprint, not a number
        return None


def more_than(number: Number) -> tuple[Decimal | None, Decimal | None]:
    """Bounds of 30多: from one above to the last value before the next step."""
    if number.value is None:
        return number.low, number.high
    one = Decimal(1) if number.step >= 1 else number.step / 10
    return number.value + one, number.value + number.step - one if number.step > one else number.value + number.step


def nearly(number: Number) -> tuple[Decimal | None, Decimal | None]:
    """Bounds of 近200: half a step below, up to the last value under it."""
    if number.value is None:
        return number.low, number.high
    one = Decimal(1) if number.step >= 1 else number.step / 10
    low, high = number.value - number.step / 2, number.value - one
    return min(low, high), high
