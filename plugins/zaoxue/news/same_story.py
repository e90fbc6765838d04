"""Do two articles tell one story? Sites reprint each other, with another headline, credit line and tail.

Each text is sketched by the smallest hashes of its groups of five characters (bottom-k MinHash: Broder 1997), which
estimates the Jaccard similarity of the two sets. Reports of one office for April and May share most of their words
and none of their figures, so the figures must agree too: they are the part of a report that cannot be a coincidence.
"""

from __future__ import annotations

import hashlib
import re

SIZE = 128  # hashes of a sketch: the estimate is good to 1/sqrt(128) = 0.09
_FIGURES = 32
_SHINGLE, _SAME_WORDS, _SAME_FIGURES, _FEW = 5, 0.6, 0.8, 20
_NUMBER = re.compile(r"\d+(?:\.\d+)?")
_NOT_WORDS = re.compile(r"[\W\d_]+")


def _hash(text: str) -> int:
    return int.from_bytes(hashlib.blake2b(text.encode(), digest_size=8).digest(), "big", signed=True)


def sketch(text: str) -> list[int]:
    """Hashes of `text`: up to SIZE of its words without figures, then a 0, then up to _FIGURES of its figures."""
    words = _NOT_WORDS.sub("", text)
    groups = {words[i : i + _SHINGLE] for i in range(len(words) - _SHINGLE + 1)}
    figures = {n for n in _NUMBER.findall(text) if len(n) > 1}
    return [*sorted(map(_hash, groups))[:SIZE], 0, *sorted(map(_hash, figures))[:_FIGURES]]


def _similarity(one: list[int], other: list[int], size: int) -> float:
    smallest = sorted(set(one) | set(other))[:size]
    both = set(one) & set(other)
    return sum(h in both for h in smallest) / len(smallest) if smallest else 1.0


def same_story(one: list[int], other: list[int]) -> bool:
    """True if two sketches are of one story, as printed by two sites or twice by one."""
    words, figures = one[: one.index(0)], one[one.index(0) + 1 :]
    other_words, other_figures = other[: other.index(0)], other[other.index(0) + 1 :]
    if min(len(words), len(other_words)) < _FEW:
        return one == other
    return (
        _similarity(words, other_words, SIZE) >= _SAME_WORDS
        and _similarity(figures, other_figures, _FIGURES) >= _SAME_FIGURES
    )
