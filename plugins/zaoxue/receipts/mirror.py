"""A bare workbook with the cells of a CSV file, or of a workbook that is not patched, ready to be marked."""

from __future__ import annotations

import re
from dataclasses import replace

import polars as pl

from zaoxue.receipts.facts import FileFacts
from zaoxue.receipts.ooxml import (
    HEADER_ROWS,
    MAIN,
    PACKAGE,
    RELATIONS,
    TYPES,
    column_letters,
    columns_headed,
    xml_text,
)
from zaoxue.receipts.workbook import Patch, marked_cells, notes_of
from zaoxue.workbooks import Grid
from zaoxue.workbooks.own_sheets import OWN_SHEET_MARK

_MOST_ROWS = 20_000  # of a larger sheet only the rows to mend are shown
_HEADER_ROWS = 10  # of such a sheet, so that the columns can be told
_CUT = f"{OWN_SHEET_MARK}文件很大，这里只列出有误的行，请在自己的文件中改正 Only the rows to mend: mend them in your own file"
_XML = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
_OFFICE = "application/vnd.openxmlformats-officedocument.spreadsheetml"
_TEXT_STYLE = "1"
# Style 1: text, marked as such, so that no program ever takes what begins with = for a formula.
_STYLES = (
    f'{_XML}<styleSheet xmlns="{MAIN}"><fonts count="1"><font><sz val="11"/><name val="宋体"/></font></fonts>'
    '<fills count="2"><fill><patternFill patternType="none"/></fill><fill><patternFill patternType="gray125"/></fill></fills>'
    '<borders count="1"><border><left/><right/><top/><bottom/><diagonal/></border></borders>'
    '<cellStyleXfs count="1"><xf numFmtId="0" fontId="0" fillId="0" borderId="0"/></cellStyleXfs>'
    '<cellXfs count="2"><xf numFmtId="0" fontId="0" fillId="0" borderId="0" xfId="0"/>'
    '<xf numFmtId="49" fontId="0" fillId="0" borderId="0" xfId="0" applyNumberFormat="1" quotePrefix="1"/></cellXfs>'
    '<cellStyles count="1"><cellStyle name="Normal" xfId="0" builtinId="0"/></cellStyles>'
    "</styleSheet>"
)


def mirrored_workbook(grids: list[Grid], facts: FileFacts) -> bytes:
    """The grids as a marked workbook: the same cells in the same places, every one a text."""
    names = {grid.sheet: _name(grid.sheet, number) for number, grid in enumerate(grids)}
    marks = [replace(mark, sheet=names[mark.sheet]) for mark in facts.marks if mark.sheet in names]
    patch = Patch(_package(list(names.values())))
    red = patch.styles.marked(_TEXT_STYLE)
    for number, grid in enumerate(grids, start=1):
        cells = grid.cells
        if cells.height > _MOST_ROWS:
            wanted = {mark.row for mark in marks if mark.sheet == names[grid.sheet]}
            cells, moved = _only(cells, wanted)
            marks = [replace(m, row=moved[m.row]) if m.sheet == names[grid.sheet] else m for m in marks]
        own = [mark for mark in marks if mark.sheet == names[grid.sheet]]
        top = cells.head(HEADER_ROWS).rows()
        headers = ([(text or "", place) for place, text in enumerate(row)] for row in top)
        found = marked_cells(own, columns_headed({mark.header_words for mark in own}, headers))
        path = f"xl/worksheets/sheet{number}.xml"
        drawing = patch.attach_notes(number - 1, path, notes_of(found)) if found else None
        patch.parts[path] = _sheet(cells, set(found), red, drawing)
    return patch.finished(facts)


def _only(cells: pl.DataFrame, wanted: set[int]) -> tuple[pl.DataFrame, dict[int, int]]:
    """The first rows and the wanted ones with their numbers in front, under a line that makes it no ledger."""
    numbered = cells.with_row_index("row", offset=1)
    shown = numbered.filter((pl.col("row") <= _HEADER_ROWS) | pl.col("row").is_in(sorted(wanted)))
    moved = {row: place for place, row in enumerate(shown["row"].to_list(), start=2)}
    listed = shown.with_columns(pl.format("第 {} 行", "row").alias("row"))
    title = pl.DataFrame({"row": [_CUT]})
    return pl.concat([title, listed], how="diagonal"), moved


def _sheet(cells: pl.DataFrame, marked: set[tuple[int, int]], red: str, drawing: str | None) -> bytes:
    """The part of a sheet; its marked cells (row from 1, column from 0) bear the style `red`."""
    row = (pl.int_range(1, pl.len() + 1)).cast(pl.String)
    written = [
        pl.when(pl.col(name).is_not_null())
        .then(
            pl.concat_str(
                pl.lit(f'<c r="{column_letters(place)}'),
                row,
                pl.lit(f'" s="{_TEXT_STYLE}" t="inlineStr"><is><t xml:space="preserve">'),
                _escaped(pl.col(name)),
                pl.lit("</t></is></c>"),
            )
        )
        .otherwise(pl.lit(""))
        for place, name in enumerate(cells.columns)
    ]
    lines = cells.select(pl.concat_str(pl.lit('<row r="'), row, pl.lit('">'), *written, pl.lit("</row>")))
    texts = lines.to_series().to_list()
    by_row: dict[int, set[int]] = {}
    for number, place in marked:
        by_row.setdefault(number, set()).add(place)
    for number, places in by_row.items():  # only those to mend
        texts[number - 1] = _marked_row(number, cells.row(number - 1), places, red)
    body = "".join(texts)
    notes = f'<legacyDrawing xmlns:r="{RELATIONS}" r:id="{drawing}"/>' if drawing else ""
    return (
        f'{_XML}<worksheet xmlns="{MAIN}"><sheetFormatPr defaultRowHeight="15"/><cols><col min="1"'
        f' max="{max(1, cells.width)}" width="16" customWidth="1"/></cols><sheetData>{body}</sheetData>{notes}</worksheet>'
    ).encode()


def _marked_row(number: int, values: tuple[str | None, ...], places: set[int], red: str) -> str:
    written = []
    for place in range(max(len(values), *(place + 1 for place in places))):
        text = values[place] if place < len(values) else None
        style = red if place in places else _TEXT_STYLE
        reference = f'<c r="{column_letters(place)}{number}" s="{style}"'
        if text is not None:
            written.append(f'{reference} t="inlineStr"><is><t xml:space="preserve">{xml_text(text)}</t></is></c>')
        elif place in places:
            written.append(f"{reference}/>")
    return f'<row r="{number}">{"".join(written)}</row>'


def _escaped(text: pl.Expr) -> pl.Expr:
    return (
        text.str.replace_all("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]", "")
        .str.replace_all("&", "&amp;", literal=True)
        .str.replace_all("<", "&lt;", literal=True)
        .str.replace_all(">", "&gt;", literal=True)
    )


def _package(names: list[str]) -> dict[str, bytes]:
    """The parts around the sheets."""
    numbers = range(1, len(names) + 1)
    sheets = "".join(
        f'<sheet name="{xml_text(name)}" sheetId="{number}" r:id="rId{number}"/>'
        for number, name in zip(numbers, names, strict=True)
    )
    related = "".join(
        f'<Relationship Id="rId{number}" Type="{RELATIONS}/worksheet" Target="worksheets/sheet{number}.xml"/>'
        for number in numbers
    )
    declared = "".join(
        f'<Override PartName="/xl/worksheets/sheet{number}.xml" ContentType="{_OFFICE}.worksheet+xml"/>'
        for number in numbers
    )
    parts = {
        "[Content_Types].xml": f'{_XML}<Types xmlns="{TYPES}"><Default Extension="rels"'
        ' ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        '<Default Extension="xml" ContentType="application/xml"/>'
        f'<Override PartName="/xl/workbook.xml" ContentType="{_OFFICE}.sheet.main+xml"/>'
        f'<Override PartName="/xl/styles.xml" ContentType="{_OFFICE}.styles+xml"/>{declared}</Types>',
        "_rels/.rels": f'{_XML}<Relationships xmlns="{PACKAGE}"><Relationship Id="rId1"'
        f' Type="{RELATIONS}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
        "xl/workbook.xml": f'{_XML}<workbook xmlns="{MAIN}" xmlns:r="{RELATIONS}"><bookViews><workbookView/></bookViews>'
        f"<sheets>{sheets}</sheets></workbook>",
        "xl/_rels/workbook.xml.rels": f'{_XML}<Relationships xmlns="{PACKAGE}">{related}<Relationship Id="styles"'
        f' Type="{RELATIONS}/styles" Target="styles.xml"/></Relationships>',
        "xl/styles.xml": _STYLES,
    }
    return {path: text.encode() for path, text in parts.items()}


def _name(sheet: str, number: int) -> str:
    """A name that Excel allows, unlike those of the others."""
    if sheet == "CSV":
        return "台账"
    cleaned = re.sub(r"[\[\]:*?/\\']", "", sheet)[:28]
    return f"{cleaned}_{number + 1}" if cleaned != sheet or not cleaned else cleaned
