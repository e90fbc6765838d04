"""Text as typed by hand, made comparable."""

from __future__ import annotations

import polars as pl

_FULL_WIDTH = {chr(code): chr(code - 0xFEE0) for code in range(0xFF01, 0xFF5F)}
_FULL_WIDTH["\u3000"] = " "
# Marks of direction and zero-width characters come along when text is pasted from web pages and chats.
_INVISIBLE = [
    *("\u200b", "\u200c", "\u200d", "\u200e", "\u200f", "\u2060", "\ufeff", "\u00ad"),
    *("\u202a", "\u202b", "\u202c", "\u202d", "\u202e", "\u00a0", "\u2007", "\u202f"),
]
_SPACES = " \t\n\r\x0b\x0c\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2008\u2009\u200a\u2028\u2029\u205f"
_UNCLEAN = rf"^$|^\s|\s$|[{''.join(_FULL_WIDTH)}{''.join(_INVISIBLE)}]"
_WORD_TABLE = str.maketrans(
    {full: half for full, half in _FULL_WIDTH.items() if half != " "}
    | dict.fromkeys([*_INVISIBLE, "\u3000", *_SPACES], "")
)


def clean_text(cell: pl.Expr) -> pl.Expr:
    """Half-width characters, no invisible ones, no space at the ends; null where nothing is left."""
    return cell.map_batches(clean_cells, return_dtype=pl.String, is_elementwise=True)


def clean_cells(cells: pl.Series) -> pl.Series:
    """`clean_text` of a column. Most cells are clean already; finding that out costs a tenth of cleaning them."""
    unclean = cells.str.contains(_UNCLEAN).fill_null(False).arg_true()
    if unclean.is_empty():
        return cells
    if unclean.len() == cells.len():
        return _cleaned(cells)
    return cells.clone().scatter(unclean, _cleaned(cells.gather(unclean)))


def _cleaned(cells: pl.Series) -> pl.Series:
    cleaned = (
        cells.str.replace_many(list(_FULL_WIDTH), list(_FULL_WIDTH.values()))
        .str.replace_many(_INVISIBLE, [""] * len(_INVISIBLE))
        .str.strip_chars()
    )
    return cleaned.set(cleaned == "", None)


def clean_word(word: str) -> str:
    """`clean_text` for one word (a header, a label), with no space left in it at all."""
    return word.translate(_WORD_TABLE)
