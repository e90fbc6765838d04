"""Spaces, line ends and signs that the way of the page has changed."""

from __future__ import annotations

import re

from zaoxue.news.repair.edits import LOST, Edit, substitute

_HAN = r"\u3400-\u9fff"
_INDENT = re.compile(rf"^[ \t]*(?:\?{{2,8}})(?=[{_HAN}“‘”（(\d])", re.MULTILINE)
_BLANK_MARK = re.compile(r"^[ \t]*\?+[ \t]*$", re.MULTILINE)
_RESIDUE = re.compile(
    r"</?(?:p|br|div|span|strong|b|font)\b[^<>\n]{0,40}/?>|(?<=[。！？”\ufffd])/p>|&nbsp;", re.IGNORECASE
)
# 6月底yin—hang—123—net: an address that some mirrors write into sentences.
_AD_TOKEN = re.compile(r"[a-z]{2,}(?:—[a-z0-9]{2,}){2,}", re.IGNORECASE)
_PRIVATE = re.compile(r"[\ue000-\uf8ff]+")
_WIDE = {",": "，", ":": "：", ";": "；", "!": "！", "?": "？", "(": "（", ")": "）"}
_NARROW_SIGN = re.compile(r"[,:;!?()]")
_STOP = tuple("。！？!?；;：:”’》）)】…")

_WRAP = re.compile(r"[ \t\r\u3000\xa0]*\n[ \t\u3000\xa0]*")
_NUMBER_HEAD = re.compile(r"\d[.,:]?$")
_NUMBER_TAIL = re.compile(r"[.,:]?\d|[万亿元人户个名家%％余多]")
_INSIDE = re.compile(rf"[{_HAN}\d，、,%％“”《》（）()·-]")


def drop_lost_indents(text: str, log: list[Edit]) -> str:
    """`????` at the head of a paragraph was two ideographic spaces; a line of `?` alone was an empty one."""
    text = substitute("lost_ideographic_space", _INDENT, text, lambda m: "", log)
    return substitute("lost_ideographic_space", _BLANK_MARK, text, lambda m: "", log)


def drop_markup_residue(text: str, log: list[Edit]) -> str:
    """Tags that were left in the text, whole or with their first sign eaten."""
    return substitute("markup_residue", _RESIDUE, text, lambda m: "", log)


def drop_advertising(text: str, log: list[Edit]) -> str:
    """Addresses written with dashes inside sentences."""
    return substitute("advertising", _AD_TOKEN, text, lambda m: "", log)


def mark_private_use(text: str, log: list[Edit]) -> str:
    """A private-use character that no slip explains says nothing: U+FFFD."""
    return substitute("unmended", _PRIVATE, text, lambda m: LOST * len(m[0]), log)


def widen_signs(text: str, log: list[Edit]) -> str:
    """Half-width signs between Chinese characters made full width, where the whole text was folded.

    A text that has its own full-width commas keeps its signs; 6,265 and 14:30 keep theirs.
    """
    folded = len(re.findall(rf"(?<=[{_HAN}”％%\d])[,:](?=[{_HAN}“])", text))
    if folded < 3 or text.count("，") > folded // 4:
        return text

    def mend(match: re.Match[str]) -> str:
        before, after = text[match.start() - 1 : match.start()], text[match.end() : match.end() + 1]
        if before.isascii() and after.isascii() and match[0] not in "()!?;":
            return match[0]
        return _WIDE[match[0]]

    return substitute("half_width_punctuation", _NARROW_SIGN, text, mend, log)


def join_wrapped_lines(text: str, log: list[Edit]) -> str:
    """Line ends inside a number, and inside a paragraph that was wrapped at a fixed width, taken out.

    A line is wrapped if it is long, does not end a sentence, and either goes on with an indent or the text wraps
    most of its lines; a headline is short, or stands alone.
    """
    lines = [len(line.strip()) for line in text.split("\n") if line.strip()]
    body = [line.strip() for line in text.split("\n") if len(line.strip()) >= 15]
    open_ends = sum(not line.endswith(_STOP) for line in body)
    habit = len(body) >= 4 and open_ends >= 0.6 * len(body)
    if len(lines) < 2:
        return text
    width = sorted(len(line) for line in body if not line.endswith(_STOP))[open_ends // 2] if open_ends else 0

    def mend(match: re.Match[str]) -> str:
        start, end = match.start(), match.end()
        before = text[text.rfind("\n", 0, start) + 1 : start].strip()
        if end >= len(text) or not before or text[end] == "\n":
            return match[0]
        number = _NUMBER_HEAD.search(before) and _NUMBER_TAIL.match(text, end)
        if number and len(before) >= 8:
            return ""
        if not _INSIDE.match(text[end]):
            return match[0]
        ended = before.endswith(_STOP) or not _INSIDE.match(before[-1])
        if ended:
            return match[0]
        if before[-1] in "，、" or len(before) >= 45 or (habit and len(before) >= 0.7 * width):
            return ""
        return match[0]

    return substitute("hard_wrap", _WRAP, text, mend, log)
