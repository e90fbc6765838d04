"""Names that no word of reporting gives away: in headlines, as the subject, after 让, 像, 找到.

A guess needs all of these: a surname; one or two characters that names are made of; no word of the dictionary that
begins with that surname (data/surname_words.txt.gz); and before and after it a sign, an edge or a word that stands
beside names. Two characters alone (刘洋) need more: a second mention, or a word after it that people do.
"""

from __future__ import annotations

import gzip
import re
from collections import Counter
from functools import cache
from pathlib import Path

import yaml

from zaoxue.news.name_words import PLACE_KIND

_DATA = Path(__file__).with_name("data")
_EDGE = set("，。；：、“”‘’！？!?,:;（）()《》—…·|｜ \t\n\u3000\xa0")
# A name ends its clause after these (让…高兴 does not): 找到张三，
_BEFORE_END, _MET = set("让像叫是找见的访员户民"), ("找到", "见到", "看到", "遇到", "认识", "联系")
_CLEAR = re.compile(
    r"[说笑]|告诉|眼里|一家|家[的里住门]|的(?:丈夫|妻子|父|母|孩|儿|女|脸|心里|家)|夫妇|和(?:丈夫|妻子|爱人)|没有想|没想|患|身患|丧|离[异婚]|合不拢|[他她]"
)


@cache
def _table() -> tuple[frozenset[str], frozenset[str], frozenset[str], re.Pattern[str], frozenset[str]]:
    """(surnames, given characters, characters before, words after, words that are no names)."""
    raw = yaml.safe_load((_DATA / "names.yaml").read_text("utf-8"))
    words = gzip.decompress((_DATA / "surname_words.txt.gz").read_bytes()).decode().split()
    after = "|".join(map(re.escape, sorted(raw["after_guess"].split(), key=lambda w: (-len(w), w))))
    return (
        frozenset(raw["surnames"].replace(" ", "")),
        frozenset(raw["given"].replace(" ", "")),
        frozenset(raw["before_guess"].split()),
        re.compile(after),
        frozenset([*words, *raw["not_names"].split()]),
    )


def _is_word(candidate: str) -> bool:
    words = _table()[4]
    return candidate[:2] in words or candidate in words


def _at(text: str, at: int) -> tuple[str, bool]:
    """(the name that may begin at `at` or "", whether its neighbours are clear)."""
    surnames, given, before, after, _ = _table()
    left = text[at - 1 : at]
    if text[at] not in surnames or not (left in _EDGE or not left or left in before):
        return "", False
    for length in (3, 2):
        candidate = text[at : at + length]
        if len(candidate) < length or any(c not in given for c in candidate[1:]) or _is_word(candidate):
            continue
        following = text[at + length : at + length + 6]
        if PLACE_KIND.match(candidate[2:] + following):
            continue
        right = not following or following[0] in _EDGE or after.match(following)
        if not right or (
            left not in _EDGE
            and left
            and following[:1] in _EDGE
            and left not in _BEFORE_END
            and text[at - 2 : at] not in _MET
        ):
            continue
        clear = _CLEAR.match(following) is not None
        if length == 3 or clear or left in _EDGE:
            return candidate, length == 3 or clear
    return "", False


def guess_names(text: str) -> set[str]:
    """Likely names of people in simplified, mended text that no cue of names.py finds."""
    found: set[str] = set()
    doubtful: Counter[str] = Counter()
    for at in range(len(text) - 1):
        name, clear = _at(text, at)
        if name and clear:
            found.add(name)
        elif name:
            doubtful[name] += 1
    return found | {name for name, times in doubtful.items() if times > 1}
