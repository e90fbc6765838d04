"""A closing sheet (结束): identity numbers and the day each person left, beside the ledger it closes spells of."""

from __future__ import annotations

from dataclasses import dataclass

from zaoxue.contracts import Contract
from zaoxue.normalising.text import clean_word
from zaoxue.recognising.headers import bare, header_words
from zaoxue.workbooks import Grid

_SEARCH_ROWS = 10


@dataclass(frozen=True)
class ClosingSheet:
    """`header_row` as Excel shows it; `identifier` and `ended` are grid columns; `ends`, `starts` contract columns."""

    grid: Grid
    feed: str
    header_row: int
    identifier: str
    ended: str
    identifier_name: str
    ends: str
    starts: str


def find_closing_sheet(grid: Grid, contracts: dict[str, Contract]) -> ClosingSheet | None:
    """The sheet as a closing sheet, or None where it is none: its name says so and its header is an ID and an end."""
    name = clean_word(grid.sheet)
    for contract in contracts.values():
        rule = contract.closing
        if rule is None or not any(word in name for word in rule.sheet_names):
            continue
        words = header_words(contract)
        ends = {clean_word(word) for word in rule.end_headers}
        for index, row in enumerate(grid.cells.head(_SEARCH_ROWS).rows()):
            headers = [bare(cell) for cell in row]
            identifiers = [i for i, word in enumerate(headers) if words.get(word) == rule.identifier]
            ended = [i for i, word in enumerate(headers) if word in ends or words.get(word) == rule.ends]
            narrow = sum(bool(word) for word in headers) <= rule.max_columns
            if len(identifiers) == 1 and len(ended) == 1 and narrow:
                return ClosingSheet(
                    grid,
                    contract.feed,
                    index + 1,
                    f"c{identifiers[0]}",
                    f"c{ended[0]}",
                    rule.identifier,
                    rule.ends,
                    rule.starts,
                )
    return None
