"""Which of several characters makes a word with its neighbours? Words of pypinyin's phrase table."""

from __future__ import annotations

from collections.abc import Collection
from functools import cache

from zaoxue.news.repair.script import to_simplified


@cache
def _words() -> frozenset[str]:
    from pypinyin.constants import PHRASES_DICT  # loaded with the character table

    return frozenset(word for word in PHRASES_DICT if 2 <= len(word) <= 4)


def _longest_word(before: str, character: str, after: str) -> int:
    text, at = before + character + after, len(before)
    return max(
        (
            length
            for length in (2, 3, 4)
            for start in range(max(0, at - length + 1), at + 1)
            if text[start : start + length] in _words() and start + length <= len(text)
        ),
        default=0,
    )


def only_word(characters: Collection[str], before: str, after: str) -> str:
    """The one character that makes the longest word with up to three neighbours on each side; "" if none or several.

    A word of two characters proves nothing (社长, 社常), so it must have three or four: 与此同时.
    """
    before, after = to_simplified(before), to_simplified(after)
    lengths = {c: _longest_word(before[-3:], to_simplified(c), after[:3]) for c in characters}
    best = max(lengths.values(), default=0)
    winners = [c for c, length in lengths.items() if length == best]
    return winners[0] if best >= 3 and len(winners) == 1 else ""
