"""Spoil the text of an article the way crawled pages are spoilt.

Traditional characters one by one, pinyin in brackets, lost indents, half-width punctuation.
"""

from __future__ import annotations

import re
from functools import cache

import numpy as np
import opencc
from pypinyin import Style, lazy_pinyin

_LEFT_ALONE = "后里余干只于"
_OWN_WAY = {"着": "著", "为": "為", "群": "群", "众": "眾"}
_HALF_WIDTH = str.maketrans("，：；！（）", ",:;!()")
_CHINESE = re.compile(r"[\u4e00-\u9fff]")


def traditional(text: str) -> str:
    """Each character by itself, as simple converters do: 后 里 余 干 只 于 stay, 着 becomes 著."""
    one_by_one = {
        character: _OWN_WAY.get(character) or _converter().convert(character)
        for character in set(text)
        if _CHINESE.match(character) and character not in _LEFT_ALONE
    }
    return text.translate(str.maketrans(one_by_one))


def toned_pinyin(text: str, rng: np.random.Generator, share: float = 0.12) -> str:
    """Put the toned reading in brackets after some characters, as in 動(dòng)."""
    return _annotate(text, rng, share, Style.TONE, most=1)


def plain_pinyin(text: str, rng: np.random.Generator, share: float = 0.7) -> str:
    """Put the toneless reading after most characters, up to three times over, as in 臺(tai)(tai)."""
    return _annotate(text, rng, share, Style.NORMAL, most=3)


def half_width(text: str) -> str:
    """Fold the commas and their like."""
    return text.translate(_HALF_WIDTH)


def lost_indent(paragraph: str) -> str:
    """Two ideographic spaces that went through a narrower character set."""
    return f"????{paragraph}"


@cache
def _converter() -> opencc.OpenCC:
    return opencc.OpenCC("s2t")  # takes a tenth of a second to make


def _annotate(text: str, rng: np.random.Generator, share: float, style: Style, most: int) -> str:
    drawn, times = rng.random(len(text)), rng.integers(1, most + 1, len(text))
    return "".join(
        f"{character}{f'({lazy_pinyin(character, style=style)[0]})' * int(often)}"
        if _CHINESE.match(character) and chance < share
        else character
        for character, chance, often in zip(text, drawn, times, strict=True)
    )
