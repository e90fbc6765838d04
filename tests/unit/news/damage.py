"""Damage clean text the way copying sites did: the inverse of zaoxue.news.repair, written from the bytes up."""

from __future__ import annotations

from functools import cache

import opencc
from pypinyin import Style, pinyin

SIGNS = {"！": "!", "？": "?", "；": ";", "：": ":", "，": ",", "（": "(", "）": ")"}
_KEPT = set("后里余干只于")  # the converters that made the damage leave these


@cache
def _converter() -> opencc.OpenCC:
    return opencc.OpenCC("s2t")


@cache
def _traditional(character: str) -> str:
    if character in _KEPT:
        return character
    return "著" if character == "着" else str(_converter().convert(character))


def traditional(text: str) -> str:
    """Character by character, so 着 becomes 著 everywhere."""
    return "".join(map(_traditional, text))


def note(character: str, toned: bool = True) -> str:
    style = Style.TONE if toned else Style.NORMAL
    return f"({pinyin(character, style=style)[0][0]})"


def decode(code: bytes) -> str:
    """GBK with its user-defined area as private-use characters. A byte without its second half is `?`; a `(` that
    stands there is swallowed, other signs stay."""
    out, at = [], 0
    while at < len(code):
        first = code[at]
        following = code[at + 1] if at + 1 < len(code) else 0
        if first < 0x80:
            out.append(chr(first))
            at += 1
        elif 0x40 <= following <= 0xFE and following != 0x7F and first != 0x80 and first != 0xFF:
            out.append(code[at : at + 2].decode("gb18030"))
            at += 2
        else:
            out.append("?")
            at += 2 if following == ord("(") else 1
    return "".join(out)


def annotate(text: str, noted: str) -> str:
    """A toned note after each of the characters `noted`, searched as bytes: also across two characters."""
    code = text.encode("gb18030")
    for character in noted:
        pair = character.encode("gb18030")
        code = code.replace(pair, pair + note(character).encode("gb18030"))
    return decode(code)


def annotate_toneless(text: str, noted: str) -> str:
    return "".join(c + note(c, toned=False) * (1 + i % 3) if c in noted else c for i, c in enumerate(text))


def narrow_signs(text: str) -> str:
    """Full-width signs replaced as bytes: also across two characters."""
    code = text.encode("gb18030")
    for wide, narrow in SIGNS.items():
        code = code.replace(wide.encode("gb18030"), narrow.encode())
    return decode(code)


def wrap(text: str, width: int, indent: int) -> str:
    """Each paragraph cut at a fixed width, also inside a number; the lines after the first are indented."""
    out = []
    for paragraph in text.split("\n"):
        pieces = [paragraph[i : i + width] for i in range(0, len(paragraph), width)] or [""]
        out.append(("\n" + " " * indent).join(pieces))
    return "\n".join(out)
