"""The words around one figure, cut the way figures are listed: 驿站2个、车间2个，招募基地3个."""

from __future__ import annotations

import re

from zaoxue.news.measures import Around, neutralise
from zaoxue.news.mentions import Mention

_CLAUSE = "，；。：！？:"
# Figures that stand inside the noun of another one (五类人员, 16至59岁) do not end its words.
_TRANSPARENT = {"age", "duration"}
_TRANSPARENT_UNITS = {"类", "种", "级", "个方面"}


def _bounds(text: str, mention: Mention, mentions: list[Mention]) -> tuple[int, int, int, int]:
    """(item start, item end, clause start, clause end)."""
    clause_start, depth = 0, 0
    for at in range(mention.start - 1, -1, -1):
        c = text[at]
        if c in "）)":
            depth += 1
        elif c in "（(":
            if depth == 0:
                clause_start = at + 1
                break
            depth -= 1
        elif c in _CLAUSE and depth == 0:
            clause_start = at + 1
            break
    clause_end = len(text)
    for at in range(mention.end, len(text)):
        if text[at] in _CLAUSE or text[at] in "）（()":
            clause_end = at
            break
    item_start, item_end = clause_start, clause_end
    commas = [m.start() for m in re.finditer("、", text[clause_start:clause_end])]
    pieces = [clause_start, *(clause_start + c + 1 for c in commas), clause_end + 1]
    counting = [m for m in mentions if m is mention or not _FAR_PLACES.search(text[max(0, m.start - 32) : m.start])]
    counted = [any(pieces[i] <= m.core < pieces[i + 1] for m in counting) for i in range(len(pieces) - 1)]
    here = max(i for i in range(len(pieces) - 1) if pieces[i] <= mention.core)
    if here and counted[here - 1]:
        item_start = pieces[here]
    if here + 1 < len(counted) and counted[here + 1]:
        item_end = pieces[here + 1] - 1
    return item_start, max(item_end, mention.end), clause_start, clause_end


_FAR_PLACES = re.compile(r"(?:在|到|赴|从|与|往|向)[^，。；]{2,30}等$")


def _transparent(mention: Mention, text: str) -> bool:
    if _FAR_PLACES.search(text[max(0, mention.start - 32) : mention.start]):
        return True  # 1126人在北京、西安等7个城市就业
    if mention.unit.group in _TRANSPARENT or mention.unit.name in _TRANSPARENT_UNITS:
        return True
    return mention.numeral == "chinese" and mention.value == 1  # 150户至少一人就业


def _cover(text: str, start: int, end: int, mentions: list[Mention]) -> str:
    """`text[start:end]` with the figures in it written #."""
    out, at = [], start
    for m in mentions:
        if m.start < start or m.end > end or _transparent(m, text):
            continue
        out += [text[at : m.start], "#"]
        at = m.end
    return "".join(out) + text[at:end]


def around(text: str, mention: Mention, mentions: list[Mention]) -> Around:
    """The words around `mention` in its sentence `text`; `mentions` are all figures of the sentence in order."""
    item_start, item_end, clause_start, clause_end = _bounds(text, mention, mentions)
    others = [m for m in mentions if m is not mention]
    left = _cover(text, item_start, mention.start, others)
    right = _cover(text, mention.end, item_end, others)
    shared = _shared_head(text, mention, mentions)
    if shared:
        right = shared
    clause = f"{_cover(text, clause_start, mention.start, others)}N{_cover(text, mention.end, clause_end, others)}"
    return Around(
        left=neutralise(left.rsplit("#", 1)[-1] + "N")[:-1],
        right=neutralise(right.split("#", 1)[0]),
        open="#" not in right,
        clause_left=neutralise(_cover(text, clause_start, mention.start, others) + "N")[:-1],
        chain=neutralise(_cover(text, _chain_start(text, mention), mention.start, others) + "N")[:-1],
        clause=neutralise(clause),
    )


def _shared_head(text: str, mention: Mention, mentions: list[Mention]) -> str:
    """每学期2400元、1600元的生活补助: the words after the last figure of a run belong to each of them."""
    at = mention.end
    for other in mentions:
        if (
            other.start >= at
            and other.unit == mention.unit
            and text[at : other.start] in ("、", "和", "及", "或", "以及")
        ):
            at = other.end
    if at == mention.end or text[at : at + 1] != "的":
        return ""
    stop = min((p for c in _CLAUSE + "、" if (p := text.find(c, at)) >= 0), default=len(text))
    return text[at:stop]


def _chain_start(text: str, mention: Mention) -> int:
    return max(text.rfind("；", 0, mention.start), text.rfind("。", 0, mention.start)) + 1
