"""Sentences with their offsets, and the smaller pieces a figure is read in."""

from __future__ import annotations

import re
from dataclasses import dataclass

_END = re.compile(r"[。！？!?]+[”’』」）)]*|\n+|……(?=[“\n])")
_LEAD = " \t\u3000\xa0\r\n”’』」"
_FULL_WIDTH = str.maketrans("０１２３４５６７８９％．＋－～", "0123456789%.+-~")


@dataclass(frozen=True)
class Sentence:
    """One sentence: its words and its offset in the mended text; `paragraph` counts from 0."""

    text: str
    start: int
    paragraph: int

    @property
    def end(self) -> int:
        """Offset after the last character."""
        return self.start + len(self.text)


def fold(text: str) -> str:
    """Full-width digits and number signs as ASCII ones; every offset stays."""
    return text.translate(_FULL_WIDTH)


def sentences(text: str) -> list[Sentence]:
    """Sentences of `text` in order: cut after 。！？ and at line ends; a closing quote goes with what it closes."""
    found: list[Sentence] = []
    start, paragraph = 0, 0
    for end in [*_END.finditer(text), None]:
        stop = end.end() if end else len(text)
        piece = text[start:stop]
        words = piece.strip().lstrip(_LEAD)
        if words:
            found.append(Sentence(words, start + piece.index(words), paragraph))
        if end and "\n" in end[0]:
            paragraph += 1
        start = stop
    return found
