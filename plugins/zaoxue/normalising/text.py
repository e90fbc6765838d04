"""Text as typed by hand, made comparable."""

from __future__ import annotations

import polars as pl

_FULL_WIDTH = {chr(code): chr(code - 0xFEE0) for code in range(0xFF01, 0xFF5F)}
_FULL_WIDTH["\u3000"] = " "
_INVISIBLE = ["\u200b", "\ufeff", "\u00a0", "\u2007", "\u202f"]


def clean_text(cell: pl.Expr) -> pl.Expr:
    """Half-width characters, no invisible ones, no space at the ends; null where nothing is left."""
    cleaned = (
        cell.str.replace_many(list(_FULL_WIDTH), list(_FULL_WIDTH.values()))
        .str.replace_many(_INVISIBLE, [""] * len(_INVISIBLE))
        .str.strip_chars()
    )
    return pl.when(cleaned != "").then(cleaned)


def clean_word(word: str) -> str:
    """`clean_text` for one word (a header, a label), with no space left in it at all."""
    for mark in _INVISIBLE:
        word = word.replace(mark, "")
    return "".join("".join(_FULL_WIDTH.get(c, c) for c in word).split())
