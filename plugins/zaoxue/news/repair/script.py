"""Traditional characters to simplified ones, with 著 and 着 kept apart."""

from __future__ import annotations

import re
from functools import cache
from typing import Any

from zaoxue.news.repair.edits import Edit, difference

# The converter writes 著 for every 着; these words really have 著.
_ZHU = (
    "显著",
    "名著",
    "著名",
    "著作",
    "著称",
    "原著",
    "编著",
    "专著",
    "巨著",
    "论著",
    "著述",
    "著者",
    "著有",
    "土著",
    "昭著",
    "卓著",
    "著书",
    "译著",
    "遗著",
    "合著",
    "著录",
    "新著",
    "执著",
    "拙著",
)
_KEEP = re.compile("|".join(_ZHU))
_HAN = re.compile(r"[\u3400-\u9fff]")


@cache
def _converter() -> Any:
    import opencc

    return opencc.OpenCC("t2s")


def to_simplified(text: str) -> str:
    """OpenCC t2s as it is (it leaves 著)."""
    return str(_converter().convert(text))


@cache
def _is_traditional(character: str) -> bool:
    # 著 乾 and 於 occur in simplified text too, and t2s leaves or changes them by word: no sign of the script.
    return character not in "著乾於瞭藉麼" and to_simplified(character) != character


def traditional_share(text: str) -> float:
    """Share of characters of `text` that simplified Chinese does not use, from 0 to 1."""
    han = _HAN.findall(text)
    return sum(map(_is_traditional, han)) / len(han) if han else 0.0


def simplify(text: str, log: list[Edit]) -> str:
    """`text` in simplified characters, line by line.

    A line is converted if the whole text is in traditional script (2 % of its characters), or the line itself is:
    a name in traditional characters inside simplified text stays as its writer wrote it.
    """
    whole = traditional_share(text) >= 0.02
    lines = text.split("\n")
    start = 0
    for at, line in enumerate(lines):
        if whole or (len(line) > 20 and traditional_share(line) >= 0.05):
            plain = to_simplified(line)
            plain = _zhe(plain) if whole else plain
            if len(plain) == len(line):
                part: list[Edit] = []
                difference("traditional", line, plain, part)
                log.extend(Edit(e.step, e.start + start, e.before, e.after) for e in part)
            elif plain != line:
                log.append(Edit("traditional", start, line, plain))
            lines[at] = plain
        start += len(line) + 1
    return "\n".join(lines)


def _zhe(text: str) -> str:
    kept = {at for word in _KEEP.finditer(text) for at in range(word.start(), word.end())}
    return "".join("着" if c == "著" and at not in kept else c for at, c in enumerate(text))
