"""What a sheet's XML says that a reader of values leaves out: its extent, formulas without a result, merges, hidden rows."""

from __future__ import annotations

import re
from dataclasses import dataclass

from zaoxue.workbooks import limits

_FAR_CELL = re.compile(rb"""\br=["'][A-Z]*(?:[A-Z]{2}|\d{5})""")
_BEYOND = re.compile(rb"""\br=["'](?:(?=[A-Z]{3})|(?=[A-Z]*(?:[5-9]\d{5}|\d{7})))([A-Z]*)(\d+)""")  # past ZZ or 499,999
_PLACE = re.compile(rb"""\br=["']([A-Z]*)(\d+)["']""")
_ROW_START = re.compile(rb"<(?:\w+:)?row\b")
_CHUNK = 4 * limits.MIB
_LONGEST_PLACE = 32
_FORMULA_CELL = re.compile(
    rb"""<(?:\w+:)?c\s([^>]*)>\s*<(?:\w+:)?f\b[^>]*?(?:/>|>[^<]*</(?:\w+:)?f>)\s*(<(?:\w+:)?v\s*/>|<(?:\w+:)?v[^>]*>([^<]*)<|</(?:\w+:)?c>)"""
)
_NUMBER_CELL = re.compile(
    rb"""<(?:\w+:)?c\s([^>]*)>\s*<(?:\w+:)?v>([1-9](?:\.\d{2,}[Ee]\+?1[67]|\d{16,17}(?:\.0*)?))</"""
)
_LONG_NUMBER = re.compile(rb"""v>[1-9](?:\.\d{2,}[Ee]\+?1[67]<|\d{16,17}(?:\.0*)?<)""")
_HIDDEN_ROW = re.compile(rb"""<(?:\w+:)?row\s[^>]*\bhidden=["'](?:1|true)["']""")
_MERGE = re.compile(rb"""<(?:\w+:)?mergeCell\s[^>]*ref=["']([A-Z]+)(\d+):([A-Z]+)(\d+)["']""")
_REFERENCE = re.compile(rb"""\br=["']([A-Z]+)(\d+)["']""")
_MAX_MERGES = 20_000
_NEAR_ROWS, _NEAR_COLUMNS = 9_999, 26


@dataclass(frozen=True)
class SheetFacts:
    """Cells by (row, column), both as Excel counts them, from 1.

    `uncalculated`: formulas whose result was never saved. `long_numbers`: cells of type number with 16 to 18 digits,
    of which a spreadsheet keeps only 15, as Excel shows them. `merges`: (top, left, bottom, right).
    """

    rows: int
    columns: int
    uncalculated: tuple[tuple[int, int], ...] = ()
    long_numbers: tuple[tuple[int, int, str], ...] = ()
    merges: tuple[tuple[int, int, int, int], ...] = ()
    hidden_rows: int = 0
    has_errors: bool = False

    @property
    def cells(self) -> int:
        """Cells of the rectangle that a reader holds (an upper bound)."""
        return self.rows * self.columns


def sheet_facts(xml: bytes) -> SheetFacts:
    """Look a sheet through. Raises UnreadableFileError where it is bigger than what is read."""
    rows, columns = _extent(xml)
    limits.check_size(rows, columns)
    tail = xml[xml.rfind(b"</sheetData") :] if b"</sheetData" in xml[-200_000:] else xml
    return SheetFacts(
        rows,
        columns,
        uncalculated=_uncalculated(xml) if b"<f" in xml or b":f>" in xml or b":f " in xml else (),
        long_numbers=_long_numbers(xml),
        merges=_merges(tail),
        hidden_rows=len(_HIDDEN_ROW.findall(xml)) if b"hidden=" in xml else 0,
        has_errors=b't="e"' in xml or b"t='e'" in xml,
    )


def column_number(letters: bytes) -> int:
    """A is 1, Z 26, AA 27."""
    number = 0
    for letter in letters:
        number = number * 26 + letter - 64
    return number


def _extent(xml: bytes) -> tuple[int, int]:
    """An upper bound of (rows, columns), exact where the sheet is large. Looks no further than a limit that is passed."""
    starts, cells = _count_tags(xml, b"row"), _count_tags(xml, b"c")
    rows, columns = max(starts, 1), 1
    if xml.count(b' r="') + xml.count(b" r='") < starts + cells:  # positions left out: cells stand one after another
        columns = max(_count_tags(part, b"c") for part in _ROW_START.split(xml, limits.MAX_ROWS)[1:] or [xml])
    if not _FAR_CELL.search(xml):
        return max(rows, _NEAR_ROWS), max(columns, _NEAR_COLUMNS)
    beyond = _BEYOND.search(xml)
    if beyond:
        return max(rows, int(beyond[2][:9])), max(columns, column_number(beyond[1][:4]))
    for begin in range(0, len(xml), _CHUNK):  # a piece at a time: there may be millions of cells
        places = _PLACE.findall(xml, begin, begin + _CHUNK + _LONGEST_PLACE)
        rows = max(rows, max((int(row) for _, row in places), default=0))
        columns = max(
            columns, max((column_number(letters) for letters in {letters for letters, _ in places}), default=0)
        )
    return rows, columns


def _count_tags(xml: bytes, name: bytes) -> int:
    plain = xml.count(b"<" + name + b" ") + xml.count(b"<" + name + b">") + xml.count(b"<" + name + b"/")
    return plain + xml.count(b":" + name + b" ")


def _uncalculated(xml: bytes) -> tuple[tuple[int, int], ...]:
    found = []
    for attributes, _, value in _FORMULA_CELL.findall(xml):
        text_result = b't="str"' in attributes or b"t='str'" in attributes
        place = _REFERENCE.search(b" " + attributes)
        if not value.strip() and not text_result and place:
            found.append((int(place[2]), column_number(place[1])))
    return tuple(found)


def _long_numbers(xml: bytes) -> tuple[tuple[int, int, str], ...]:
    if not _LONG_NUMBER.search(xml):
        return ()
    found = []
    for attributes, number in _NUMBER_CELL.findall(xml):
        place = _REFERENCE.search(b" " + attributes)
        if place and b't="s' not in attributes and b't="inlineStr"' not in attributes:
            found.append((int(place[2]), column_number(place[1]), f"{float(number):.14E}"))
    return tuple(found)


def _merges(tail: bytes) -> tuple[tuple[int, int, int, int], ...]:
    if b"mergeCell " not in tail:
        return ()
    merges = tuple(
        (int(top), column_number(left), int(bottom), column_number(right))
        for left, top, right, bottom in _MERGE.findall(tail)
    )
    return merges[:_MAX_MERGES]
