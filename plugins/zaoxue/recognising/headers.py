"""Header words: what a word names in each contract, one row or two rows high, and blocks that repeat."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path
from typing import Any

import yaml

from zaoxue.contracts import Contract
from zaoxue.normalising.text import clean_word

_HABITS = Path(__file__).parent / "data" / "header_habits.yaml"
_LONGEST_HEADER = 40
_MARKED = "*(★※)"  # first or last character of every mark in the table


@dataclass(frozen=True)
class Header:
    """A candidate for the header: rows `first` to `last` (from 0) and one word for each column, "" where empty.

    `words[i]` are the ways to read column i, the most telling first: two rows give 就业+起始日期, then 起始日期.
    """

    first: int
    last: int
    words: tuple[tuple[str, ...], ...]


@dataclass(frozen=True)
class Habits:
    """Habits of clerks with headers, from data/header_habits.yaml."""

    ignorable: frozenset[str]
    required_marks: tuple[str, ...]
    ordinals: tuple[re.Pattern[str], ...]


@cache
def habits() -> Habits:
    """The table of habits."""
    table: dict[str, Any] = yaml.safe_load(_HABITS.read_text(encoding="utf-8"))
    return Habits(
        frozenset(clean_word(str(word)) for word in table["ignorable"]),
        tuple(sorted({clean_word(mark) for mark in table["required_marks"]}, key=len, reverse=True)),
        tuple(re.compile(pattern) for pattern in table["ordinals"]),
    )


def bare(cell: str | None) -> str:
    """A header cell as a word: no spaces, half-width, no mark of a required column. Long text gives ""."""
    return "" if not cell or len(cell) > 3 * _LONGEST_HEADER else _bare(cell)


@lru_cache(maxsize=20_000)
def _bare(cell: str) -> str:
    word = clean_word(cell)
    if word and (word[0] in _MARKED or word[-1] in _MARKED):
        for mark in habits().required_marks:
            word = word.removeprefix(mark).removesuffix(mark)
    return word if len(word) <= _LONGEST_HEADER else ""


def header_words(contract: Contract) -> dict[str, str]:
    """Word -> column name, for every word a contract knows a column by."""
    return {
        bare(word): column.name
        for column in contract.columns
        if not column.derived_from
        for word in (*column.headers, column.name)
    }


@lru_cache(maxsize=20_000)
def without_ordinal(word: str) -> str:
    """回访日期 for 第一次回访日期 or 回访日期2; the word itself where it has no ordinal."""
    for pattern in habits().ordinals:
        stripped = pattern.sub("", word)
        if stripped and stripped != word:
            return stripped
    return word


def one_row(index: int, row: list[str]) -> Header:
    """A header of one row."""
    return Header(index, index, tuple((word,) if word else () for word in row))


def two_rows(index: int, above: list[str], below: list[str]) -> Header:
    """A header of two rows: the upper one names groups, or holds the words of cells merged over both."""
    words: list[tuple[str, ...]] = []
    group = ""
    for upper, lower in zip(above, below, strict=True):
        group = upper or (group if lower else "")
        if lower:
            words.append((group + lower, lower) if group else (lower,))
        else:
            words.append((upper,) if upper else ())
    return Header(index, index + 1, tuple(words))
