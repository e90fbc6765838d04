"""Which feed a sheet holds, and where its header is: the row (or two) whose words fit a contract best."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

from zaoxue.contracts import Contract
from zaoxue.normalising.text import clean_word
from zaoxue.recognising.headers import Header, bare, habits, header_words, one_row, two_rows, without_ordinal
from zaoxue.workbooks import Grid
from zaoxue.workbooks.errors import UnreadableFileError

HEADER_SEARCH_ROWS = 30
_MAX_COLUMNS_NAMED = 8
_SHOWN_CHARACTERS = 16


class RefusedSheetError(UnreadableFileError):
    """A sheet whose feed, sender or period cannot be settled, with what was seen and what would settle it.

    `feed` is known where the sheet is plainly one of that feed, and yet cannot be read; `title` is then the text above
    its header, which may name its sender.
    """

    feed: str | None = None
    title: str = ""


@dataclass(frozen=True)
class SheetLayout:
    """What a sheet holds and where.

    `header_row`: number, as Excel shows it, of the (lower) header row; `header_rows` how many rows it is high.
    `columns`: contract column name -> grid column (c0, c1, …). `groups`: for a block that repeats within a row (several
    follow-ups of one person), the columns of the second block, the third, and so on.
    `unknown_headers`: header words the contract does not list. `title`: the text above the header.
    """

    contract: Contract
    header_row: int
    columns: dict[str, str]
    unknown_headers: tuple[str, ...]
    title: str
    header_rows: int = 1
    groups: tuple[dict[str, str], ...] = ()


class FeedFinder:
    """Finds the feed of sheets among the given contracts."""

    def __init__(self, contracts: dict[str, Contract]) -> None:
        self._contracts = contracts
        self._words = {feed: header_words(contract) for feed, contract in contracts.items()}
        self._required = {
            feed: frozenset(c.name for c in contract.columns if c.required and not c.derived_from)
            for feed, contract in contracts.items()
        }
        self._named_by: dict[str, list[tuple[str, str]]] = {}
        for feed, words in self._words.items():
            for word, name in words.items():
                self._named_by.setdefault(word, []).append((feed, name))
        self._titles = sorted(
            ((clean_word(title), feed) for feed, contract in contracts.items() for title in contract.titles if title),
            key=lambda pair: -len(pair[0]),
        )

    def find(self, grid: Grid, file_name: str = "") -> SheetLayout | None:
        """Layout of the sheet, or None where it is empty. Raises RefusedSheetError where it fits no feed, or two equally."""
        texts = grid.cells.head(HEADER_SEARCH_ROWS).rows()
        if not any(cell and cell.strip() for row in texts for cell in row):
            return None
        fit, header, feed = self._best(texts)
        if fit[0] < 0.5:  # under half of the required columns: no ledger that we know
            raise RefusedSheetError(
                f"工作表“{grid.sheet}”前{HEADER_SEARCH_ROWS}行中没有找到已知台账的表头，请使用下发的模板",
                f"Sheet {grid.sheet}: no header of a known ledger in the first {HEADER_SEARCH_ROWS} rows; use the template",
            )
        title = _title(texts[: header.first])
        tied = [other for other in self._contracts if other != feed and self._fit(other, header)[0] == fit]
        if tied:
            feed = self._by_title([*tied, feed], title + grid.sheet + file_name, grid)
        try:
            return self._layout(grid, feed, header, title)
        except RefusedSheetError as refused:
            refused.feed, refused.title = feed, title
            raise

    @property
    def contracts(self) -> dict[str, Contract]:
        """The contracts it knows, by feed."""
        return self._contracts

    def refuse_other_name(self, layout: SheetLayout, text: str) -> None:
        """Raises RefusedSheetError where a text (file name, title) names other ledgers and not the one the header shows."""
        named = self.named_in(text)
        contract = layout.contract
        if named and contract.feed not in named:
            titles = "、".join(self._contracts[feed].title for feed in sorted(named))
            raise RefusedSheetError(
                f"文件名或标题写的是{titles}，表头却是{contract.title}的。请核对内容，改正名称后再报送",
                f"The name or title says {', '.join(sorted(named))}, but the header is that of {contract.feed};"
                " check the content and correct the name",
            )

    def named_in(self, text: str) -> set[str]:
        """Feeds whose titles stand in the text; a title inside a longer one does not count."""
        text, named = clean_word(text), set()
        for title, feed in self._titles:
            if title in text:
                named.add(feed)
                text = text.replace(title, "\n")
        return named

    def _best(self, texts: list[tuple[str | None, ...]]) -> tuple[tuple[float, int], Header, str]:
        """The header and the feed that fit best; the upper one, and one row rather than two, where several fit alike.

        The search ends one row below a header that has every required column of a feed.
        """
        best: tuple[tuple[float, int], Header, str] = ((0.0, 0), one_row(0, []), "")
        above: list[str] = []
        above_hits = 0
        for index, cells in enumerate(texts):
            row = [bare(cell) for cell in cells]
            hits = sum(word in self._named_by or without_ordinal(word) in self._named_by for word in row if word)
            candidates = [one_row(index, row)] if hits else []
            if (hits or above_hits) and any(above) and any(row):
                candidates.append(two_rows(index - 1, above, row))
            for header in candidates:
                for feed in self._feeds_of(header):
                    fit, _ = self._fit(feed, header)
                    if fit > best[0]:
                        best = (fit, header, feed)
            if best[0][0] == 1.0 and index > best[1].last:
                break
            above, above_hits = row, hits
        return best

    def _feeds_of(self, header: Header) -> list[str]:
        present = {
            feed
            for words in header.words
            for word in words
            for feed, _ in self._named_by.get(word) or self._named_by.get(without_ordinal(word)) or ()
        }
        return [feed for feed in self._contracts if feed in present]

    def _fit(self, feed: str, header: Header) -> tuple[tuple[float, int], set[str]]:
        """(share of the required columns present, columns present), and the columns."""
        names = self._words[feed]
        present = {name for words in header.words if (name := _name(words, names)[0])}
        required = self._required[feed]
        share = len(required & present) / len(required) if required else float(bool(present))
        return (share, len(present)), present

    def _by_title(self, feeds: list[str], text: str, grid: Grid) -> str:
        named = self.named_in(text) & set(feeds)
        if len(named) == 1:
            return named.pop()
        options = "、".join(self._contracts[feed].title for feed in sorted(set(feeds)))
        raise RefusedSheetError(
            f"工作表“{grid.sheet}”的表头同时符合：{options}。请在文件名或标题中写明台账名称",
            f"Sheet {grid.sheet}: the header fits {', '.join(sorted(set(feeds)))}; name the ledger in the title",
        )

    def _layout(self, grid: Grid, feed: str, header: Header, title: str) -> SheetLayout:
        contract, names = self._contracts[feed], self._words[feed]
        places: dict[str, list[tuple[int, str]]] = {}
        unknown = []
        for position, words in enumerate(header.words):
            name, word = _name(words, names)
            if name:
                places.setdefault(name, []).append((position, word))
            elif words and not any(w in habits().ignorable for w in words):
                unknown.append(words[-1] if len(words) == 1 else words[0])
        row = header.last + 1
        groups = _groups(contract, places, grid, row)
        missing = [c.label for c in contract.columns if c.name in self._required[feed] and c.name not in places]
        if missing:
            raise RefusedSheetError(
                f"工作表“{grid.sheet}”是{contract.title}，但第{row}行表头缺少必填列：{'、'.join(missing)}",
                f"Sheet {grid.sheet} is a {feed} ledger, but its header in row {row} lacks: {', '.join(missing)}",
            )
        columns = {name: f"c{found[0][0]}" for name, found in places.items()}
        return SheetLayout(contract, row, columns, tuple(unknown), title, header.last - header.first + 1, groups)


def unknown_columns_remark(layout: SheetLayout, sheet: str) -> tuple[str, str] | None:
    """What the sender is told of columns that nobody listed (zh, en); None where there are none."""
    if not layout.unknown_headers:
        return None
    shown = [word[:_SHOWN_CHARACTERS] for word in layout.unknown_headers[:_MAX_COLUMNS_NAMED]]
    zh = "、".join(shown) + ("等" if len(layout.unknown_headers) > len(shown) else "")
    count = len(layout.unknown_headers)
    return (
        f"工作表“{sheet}”有{count}个模板以外的列未入库，内容保留在原件中：{zh}",
        f"Sheet {sheet}: {count} columns that the template does not have were not loaded and stay in the original: {', '.join(shown)}",
    )


def _name(words: tuple[str, ...], names: dict[str, str]) -> tuple[str | None, str]:
    """Column that the words name, and the word that did."""
    for word in words:
        if word in names:
            return names[word], word
    for word in words:
        plain = without_ordinal(word)
        if plain in names:
            return names[plain], plain
    return None, ""


def _groups(
    contract: Contract, places: dict[str, list[tuple[int, str]]], grid: Grid, row: int
) -> tuple[dict[str, str], ...]:
    """Blocks after the first. Columns may repeat only together, and with a part of the key that tells the rows apart."""
    counts = Counter({name: len(found) for name, found in places.items() if len(found) > 1})
    if not counts:
        return ()
    keys = [column.name for column in contract.key_columns]
    blocks = max(counts.values())
    if len(counts) > 1 and keys[0] not in counts and set(keys[1:]) & set(counts) and set(counts.values()) == {blocks}:
        return tuple({name: f"c{places[name][block][0]}" for name in counts} for block in range(1, blocks))
    word = next(iter(found[-1][1] for name, found in places.items() if name in counts))
    raise RefusedSheetError(
        f"工作表“{grid.sheet}”第{row}行：表头“{word}”与另一列重复，请只保留一列",
        f"Sheet {grid.sheet}, row {row}: two columns are headed {word}; keep one",
    )


def _title(rows: list[tuple[str | None, ...]]) -> str:
    return " ".join(" ".join(dict.fromkeys(cell.strip() for cell in row if cell)) for row in rows)
