"""Which period a file is for: by its name, or by the title above its header."""

from __future__ import annotations

import re

from zaoxue.contracts import Contract
from zaoxue.normalising.text import clean_word
from zaoxue.recognising.feed import RefusedSheetError

_QUARTERS = {"一": 1, "二": 2, "三": 3, "四": 4, "1": 1, "2": 2, "3": 3, "4": 4}
_QUARTER = re.compile(r"(20\d{2})年?(?:第?([一二三四1-4])季度|Q([1-4]))")
_MONTH = re.compile(r"(20\d{2})(?:年|[-._/]|(?=\d{2}(?!\d)))(0?[1-9]|1[0-2])(?:月|(?![\d]))")
_YEAR = re.compile(r"(20\d{2})(?:年|(?!\d))")
_EXAMPLES = {"month": "2026年5月", "quarter": "2026年第一季度", "year": "2026年"}


def find_period(contract: Contract, file_name: str, title: str) -> str:
    """The period as text (zaoxue.periods) in the contract's frequency; the file name and the title must not disagree.

    Raises RefusedSheetError where neither names one, or where they name different ones.
    """
    frequency = contract.frequency or "month"
    named = [period for text in (file_name, title) if (period := _in_text(clean_word(text), frequency))]
    if not named:
        example = _EXAMPLES.get(frequency, "2026-05-31")
        raise RefusedSheetError(
            f"{contract.title}没有写明期间，请在文件名或标题中写明，如“{example}”",
            f"{contract.feed}: no period in the file name or the title; write one, as in {example}",
        )
    if len(set(named)) > 1:
        raise RefusedSheetError(
            f"文件名写的是{named[0]}，标题写的是{named[1]}，请改为一致",
            f"The file name says {named[0]}, the title says {named[1]}; make them agree",
        )
    return named[0]


def _in_text(text: str, frequency: str) -> str | None:
    quarter, month, year = _QUARTER.search(text), _MONTH.search(text), _YEAR.search(text)
    match frequency:
        case "quarter" if quarter:
            return f"{quarter[1]}Q{_QUARTERS[quarter[2] or quarter[3]]}"
        case "quarter" if month:
            return f"{month[1]}Q{(int(month[2]) + 2) // 3}"
        case "month" if month:
            return f"{month[1]}-{int(month[2]):02d}"
        case "year" if year:
            return year[1]
    return None
