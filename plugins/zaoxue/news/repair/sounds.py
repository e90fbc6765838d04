"""Is this the sound of that character? Readings of pypinyin's character table, with and without tones."""

from __future__ import annotations

import unicodedata
from functools import cache

TONED = "āáǎàēéěèêōóǒòīíǐìūúǔùǖǘǚǜüńňǹḿɡ"
LETTERS = f"a-z{TONED}"


def toneless(sound: str) -> str:
    """`lǜ` -> `lv`: marks dropped, ü written v."""
    plain = unicodedata.normalize("NFD", sound.replace("ɡ", "g")).replace("u\u0308", "v")
    return "".join(c for c in plain if not unicodedata.combining(c))


@cache
def readings(character: str) -> frozenset[str]:
    """All readings of one character: toned, and toneless in the spellings in use (lv, lu)."""
    from pypinyin.constants import PINYIN_DICT  # 0.2 s: only when a text holds an annotation

    sounds = [s for s in PINYIN_DICT.get(ord(character), "").split(",") if s]
    plain = {toneless(s) for s in sounds}
    return frozenset([*sounds, *plain, *(p.replace("v", "u") for p in plain), *(p.replace("v", "ü") for p in plain)])


def is_sound_of(sound: str, character: str) -> bool:
    """True if `sound` (toned or toneless) is a reading of `character`."""
    known = readings(character)
    return sound in known or (sound == toneless(sound) and sound in known)
