"""Which feed a sheet holds, and where its header is: the row whose words fit a contract best."""

from __future__ import annotations

from dataclasses import dataclass

from zaoxue.contracts import Contract
from zaoxue.normalising.text import clean_word
from zaoxue.workbooks import Grid
from zaoxue.workbooks.errors import UnreadableFileError

HEADER_SEARCH_ROWS = 30
_REQUIRED_MARKS = "*＊"


class RefusedSheetError(UnreadableFileError):
    """A sheet whose feed, sender or period cannot be settled, with what was seen and what would settle it."""


@dataclass(frozen=True)
class SheetLayout:
    """What a sheet holds and where.

    `header_row`: its number as Excel shows it. `columns`: contract column name -> grid column (c0, c1, …).
    `unknown_headers`: header words the contract does not list. `title`: the text above the header.
    """

    contract: Contract
    header_row: int
    columns: dict[str, str]
    unknown_headers: tuple[str, ...]
    title: str


class FeedFinder:
    """Finds the feed of sheets among the given contracts."""

    def __init__(self, contracts: dict[str, Contract]) -> None:
        self._contracts = contracts
        self._headers = {feed: _header_words(contract) for feed, contract in contracts.items()}

    def find(self, grid: Grid, file_name: str = "") -> SheetLayout | None:
        """Layout of the sheet, or None where it is empty. Raises RefusedSheetError where it fits no feed, or two equally."""
        rows = [[clean_word(cell or "") for cell in row] for row in grid.cells.head(HEADER_SEARCH_ROWS).rows()]
        if not any(any(row) for row in rows):
            return None
        ranked = sorted(
            ((self._fit(feed, row), -index, feed) for index, row in enumerate(rows) for feed in self._contracts),
            reverse=True,
        )
        best_fit, negative_index, feed = ranked[0]
        if best_fit[0] < 0.5:  # under half of the required columns: no ledger that we know
            raise RefusedSheetError(
                f"工作表“{grid.sheet}”前{HEADER_SEARCH_ROWS}行中没有找到已知台账的表头，请使用下发的模板",
                f"Sheet {grid.sheet}: no header of a known ledger in the first {HEADER_SEARCH_ROWS} rows; use the template",
            )
        tied = [f for fit, _, f in ranked if fit == best_fit and f != feed]
        if tied:
            feed = self._by_title(
                [*tied, feed], "".join("".join(row) for row in rows[:-negative_index]) + file_name, grid
            )
        return self._layout(grid, feed, -negative_index, rows)

    def _fit(self, feed: str, row: list[str]) -> tuple[float, int]:
        """(share of the required columns present, columns present)."""
        words = self._headers[feed]
        present = {words[cell] for cell in map(_bare, row) if cell in words}
        required = [c.name for c in self._contracts[feed].columns if c.required]
        return (sum(name in present for name in required) / len(required), len(present))

    def _by_title(self, feeds: list[str], text: str, grid: Grid) -> str:
        named = {feed for feed in feeds for title in self._contracts[feed].titles if title in text}
        if len(named) == 1:
            return named.pop()
        options = "、".join(self._contracts[feed].title for feed in sorted(set(feeds)))
        raise RefusedSheetError(
            f"工作表“{grid.sheet}”的表头同时符合：{options}。请在文件名或标题中写明台账名称",
            f"Sheet {grid.sheet}: the header fits {', '.join(sorted(set(feeds)))}; name the ledger in the title",
        )

    def _layout(self, grid: Grid, feed: str, index: int, rows: list[list[str]]) -> SheetLayout:
        contract, words = self._contracts[feed], self._headers[feed]
        columns: dict[str, str] = {}
        unknown = []
        for position, cell in enumerate(map(_bare, rows[index])):
            name = words.get(cell)
            if name is None:
                unknown += [cell] if cell else []
            elif name in columns:
                raise RefusedSheetError(
                    f"工作表“{grid.sheet}”第{index + 1}行：表头“{cell}”与另一列重复，请只保留一列",
                    f"Sheet {grid.sheet}, row {index + 1}: two columns are headed {cell}; keep one",
                )
            else:
                columns[name] = f"c{position}"
        missing = [c.label for c in contract.columns if c.required and c.name not in columns]
        if missing:
            raise RefusedSheetError(
                f"工作表“{grid.sheet}”是{contract.title}，但第{index + 1}行表头缺少必填列：{'、'.join(missing)}",
                f"Sheet {grid.sheet} is a {feed} ledger, but its header in row {index + 1} lacks: {', '.join(missing)}",
            )
        title = " ".join("".join(row) for row in rows[:index])
        return SheetLayout(contract, index + 1, columns, tuple(unknown), title)


def _header_words(contract: Contract) -> dict[str, str]:
    return {
        _bare(clean_word(word)): column.name
        for column in contract.columns
        if not column.derived_from
        for word in (*column.headers, column.name)
    }


def _bare(header: str) -> str:
    return header.strip(_REQUIRED_MARKS)
