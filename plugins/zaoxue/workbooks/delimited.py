"""CSV files as Chinese spreadsheet programs write them."""

from __future__ import annotations

import csv
import io
from itertools import zip_longest

import polars as pl

from zaoxue.workbooks.errors import UnreadableFileError

_BOM = b"\xef\xbb\xbf"


def delimited_grid(content: bytes) -> pl.DataFrame:
    """Cells of a CSV file as text in columns c0, c1, …; rows that are short end in nulls, blank lines stay.

    Encodings: UTF-8 with or without a byte order mark, else GB18030. Raises UnreadableFileError for other bytes.
    """
    text = _decode(content)
    if "\x00" in text:
        raise UnreadableFileError("不是表格文件", "Not a table of text")
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    lines = pl.Series("line", text.split("\n"))
    if _has_line_breaks_in_cells(lines):
        return _by_record(text)
    width = int(lines.str.count_matches(",").max() or 0) + 1  # type: ignore[arg-type]
    schema = {f"c{i}": pl.String for i in range(width)}
    cells = pl.read_csv(
        io.BytesIO(text.encode()), has_header=False, schema=schema, missing_columns="insert", truncate_ragged_lines=True
    )  # nothing is cut: no line has more than `width` cells
    return cells.select(pl.when(pl.all().str.strip_chars() != "").then(pl.all()))


def _decode(content: bytes) -> str:
    if content.startswith(_BOM):
        content = content[len(_BOM) :]
    for encoding in ("utf-8", "gb18030"):
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise UnreadableFileError(
        "文字编码无法识别，请另存为 UTF-8 或 GB18030 的 CSV，或 .xlsx",
        "The text encoding is unknown; save it as CSV in UTF-8 or GB18030, or as .xlsx",
    )


def _has_line_breaks_in_cells(lines: pl.Series) -> bool:
    return bool((lines.str.count_matches('"') % 2 == 1).any())


def _by_record(text: str) -> pl.DataFrame:
    records = csv.reader(io.StringIO(text, newline=""))
    columns = zip_longest(*records)  # transposed inside the interpreter's C code
    return pl.DataFrame(
        [pl.Series(f"c{i}", [cell or None for cell in column], dtype=pl.String) for i, column in enumerate(columns)]
    )
