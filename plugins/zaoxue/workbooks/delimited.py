"""CSV and TSV files as Chinese spreadsheet programs write them."""

from __future__ import annotations

import codecs
import csv
import io
import re
from collections import deque
from itertools import zip_longest

import polars as pl

from zaoxue.workbooks import limits
from zaoxue.workbooks.errors import UnreadableFileError

_BOM = b"\xef\xbb\xbf"
_UTF16_MARKS = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
_SEPARATORS = ",\t;|"
_SEPARATOR_LINE = re.compile(r"^\"?sep=(.)\"?\r?(?:\n|$)")
_CONTROL = re.compile(r"[\x00-\x08\x0e-\x1f]")  # in no text; in nearly every file of another kind
_SEEN_CHARACTERS = 8192
_SEEN_LINES = 40


def delimited_grid(content: bytes) -> pl.DataFrame:
    """Cells of a CSV or TSV file as text in columns c0, c1, …; null where empty (not where blank), blank lines stay.

    Encodings: UTF-8 with or without a byte order mark, UTF-16, else GB18030. Line ends may be mixed. The separator
    (comma, tab, semicolon or bar) is the one that parts the first lines most. Raises UnreadableFileError for other bytes,
    quotes that are not closed, and tables beyond the limits.
    """
    text = _decode(content)
    if _CONTROL.search(text[:_SEEN_CHARACTERS]) or "\x00" in text:
        raise UnreadableFileError("不是表格文件", "Not a table of text")
    separator = None
    if told := _SEPARATOR_LINE.match(text[:16]):  # Excel's own hint; Excel does not show it as a row
        separator, text = told[1], text[told.end() :]
    if "\r" in text:
        text = text.replace("\r\n", "\n").replace("\r", "\n")
    separator = separator or _separator(text)
    grid = None if '"' in text else _plain_grid(text, separator)
    return _careful_grid(text, separator) if grid is None else grid


def _plain_grid(text: str, separator: str) -> pl.DataFrame | None:
    """Cells of a text without quotes in which no line is wider than its first ones; None for any other."""
    width = max(line.count(separator) for line in _first_lines(text)) + 1
    height = text.count("\n") + (not text.endswith("\n"))
    limits.check_size(height, width)
    try:
        cells = pl.read_csv(
            io.BytesIO(text.encode()),
            has_header=False,
            separator=separator,
            quote_char=None,
            schema={f"c{i}": pl.String for i in range(width)},
            missing_columns="insert",
        )
    except pl.exceptions.PolarsError:
        return None
    return cells if cells.height == height else None


def _careful_grid(text: str, separator: str) -> pl.DataFrame:
    lines = pl.Series("line", text.split("\n"))
    width = int(lines.str.count_matches(separator, literal=True).max() or 0) + 1  # type: ignore[arg-type]  # an integer or null
    limits.check_size(len(lines), width)
    if '"' in text and _has_line_breaks_in_cells(lines):
        return _by_record(text, separator)
    try:
        cells = pl.read_csv(
            io.BytesIO(text.encode()),
            has_header=False,
            separator=separator,
            schema={f"c{i}": pl.String for i in range(width)},
            missing_columns="insert",
            truncate_ragged_lines=True,
        )  # nothing is cut: no line has more than `width` cells
    except pl.exceptions.PolarsError:
        return _by_record(text, separator)
    if cells.height < len(lines) - 1:  # quotes that the fast reader takes for open: never lose a row
        return _by_record(text, separator)
    return cells


def _decode(content: bytes) -> str:
    if content.startswith(_UTF16_MARKS):
        return _decoded(content, "utf-16")
    if content.startswith(_BOM):
        content = content[len(_BOM) :]
    if b"\x00" in content[:400]:
        even, odd = content[0:400:2].count(0), content[1:400:2].count(0)
        if max(even, odd) > max(
            2, 10 * min(even, odd), len(content[:400]) // 8
        ):  # UTF-16 of mostly ASCII text, without its mark
            return _decoded(content, "utf-16-le" if odd > even else "utf-16-be")
        raise UnreadableFileError("不是表格文件", "Not a table of text")
    try:
        return content.decode("utf-8")
    except UnicodeDecodeError as not_utf8:
        try:
            return content.decode("gb18030")
        except UnicodeDecodeError as not_gb:
            raise _unknown_encoding(content, max(not_utf8.start, not_gb.start)) from not_gb


def _decoded(content: bytes, encoding: str) -> str:
    try:
        return content.decode(encoding)
    except UnicodeDecodeError as error:
        raise _unknown_encoding(content, error.start) from error


def _unknown_encoding(content: bytes, place: int) -> UnreadableFileError:
    line = content[:place].count(b"\n") + 1
    return UnreadableFileError(
        f"第{line}行的文字编码无法识别，请另存为 UTF-8 或 GB18030 的 CSV，或 .xlsx",
        f"The text encoding is unknown in line {line}; save it as CSV in UTF-8 or GB18030, or as .xlsx",
    )


def _separator(text: str) -> str:
    seen = _first_lines(text)
    return max(_SEPARATORS, key=lambda mark: max(line.count(mark) for line in seen))


def _first_lines(text: str) -> list[str]:
    lines = text[: _SEEN_LINES * _SEEN_CHARACTERS].split("\n", _SEEN_LINES)
    return lines[:_SEEN_LINES]


def _has_line_breaks_in_cells(lines: pl.Series) -> bool:
    return bool((lines.str.count_matches('"', literal=True) % 2 == 1).any())


def _by_record(text: str, separator: str) -> pl.DataFrame:
    # A quote that never closes would swallow the rows after it.
    records = []
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator)
    line = ended = 1
    try:
        for record in reader:
            line, ended = ended, reader.line_num + 1
            if any(len(cell) > limits.MAX_CELL_CHARACTERS or cell.count("\n") > 50 for cell in record):
                raise _open_quote(line)
            records.append(record)
    except csv.Error as error:
        raise _open_quote(ended) from error
    if records and _ends_inside_quotes(text, separator):
        raise _open_quote(line)
    limits.check_size(len(records), max(map(len, records), default=0))
    columns = zip_longest(*records)  # transposed inside the interpreter's C code
    return pl.DataFrame(
        [pl.Series(f"c{i}", [cell or None for cell in column], dtype=pl.String) for i, column in enumerate(columns)]
    )


def _ends_inside_quotes(text: str, separator: str) -> bool:
    """Whether a record more, put on a line of its own, is swallowed by the last one."""
    tail = csv.reader(io.StringIO(text + "\n\x02\n", newline=""), delimiter=separator)
    return deque(tail, maxlen=1).pop() != ["\x02"]


def _open_quote(line: int) -> UnreadableFileError:
    return UnreadableFileError(
        f"从第{line}行起的双引号没有成对，无法分清各行，请另存为 .xlsx 再报送",
        f"A double quote opened in line {line} is never closed, so rows cannot be told apart; save it as .xlsx and resend",
    )
