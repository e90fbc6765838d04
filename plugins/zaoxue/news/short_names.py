"""Counties that a story names by their short name alone."""

from __future__ import annotations

import re
from collections import Counter

from zaoxue.news.places import PlaceIndex, ordinary_short, short_name

_HEADLINE = 40  # characters
_INSTITUTION = re.compile(r"(?:县|区|市|旗)?(?:人社|融媒|农商|农信|劳务|就业|日报|晚报|发布|新闻网|政府|籍)")


def told_by_short(text: str, index: PlaceIndex) -> dict[str, str]:
    """{short name: code} of counties and prefectures that a story names by their short name alone.

    A short name is a common word too often (和平, 平安), so it must show that it is a place: after the name of what it
    lies in (重庆酉阳), before an institution (云和农商银行), or at the head of a headline (泗洪打出组合拳).
    """
    told: Counter[tuple[str, str]] = Counter()
    lines = [line.strip() for line in text.strip().split("\n")[:3]]
    heads = {text.find(line) for line in lines if line and len(line) <= _HEADLINE and "。" not in line}
    for at in range(len(text) - 1):
        for length in (4, 3, 2):
            short = text[at : at + length]
            codes = [c for c in index.short_codes(short) if len(c) >= 4] if len(short) == length else []
            codes = [c for c in codes if not any(c != o and index.is_within(c, o) for o in codes)]  # 东营市, not 东营区
            if not codes:
                continue
            before, after = text[max(0, at - 6) : at], text[at + length : at + length + 5]
            inside = [
                c for c in codes if any(before.endswith((d.name, short_name(d.name))) for d in index.ancestors(c)[1:])
            ]
            if len(inside) == 1:
                told[short, inside[0]] += 3
            elif len(codes) == 1 and short not in ordinary_short() and (at in heads or _INSTITUTION.match(after)):
                told[short, codes[0]] += 2
            break
    best: dict[str, str] = {}
    for (short, code), _ in told.most_common():
        best.setdefault(short, code)
    return best
