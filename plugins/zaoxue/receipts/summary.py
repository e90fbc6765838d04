"""The first sheet of a receipt as a worksheet part: every cell a text, so nothing in it can be a formula."""

from __future__ import annotations

from zaoxue.receipts import wording
from zaoxue.receipts.facts import FileFacts
from zaoxue.receipts.ooxml import MAIN, Styles, column_letters, xml_text
from zaoxue.workbooks.own_sheets import OWN_SHEET_MARK

TITLE = f"{OWN_SHEET_MARK}回执 Receipt"
HEADINGS = ("原因 Cause", "行数 Rows", "前几行 First rows")
CHECK = "以下不影响入库，请核实 Loaded, but please check"
WIDTHS = (60, 12, 40)


def table(facts: FileFacts) -> list[tuple[bool, tuple[str, ...]]]:
    """Rows of the summary, each with whether it is a heading: verdicts, then causes with count and first rows."""
    rows: list[tuple[bool, tuple[str, ...]]] = [(True, (TITLE,))]
    rows += [(False, (line,)) for line in wording.headline(facts)]
    rows.append((True, HEADINGS))
    rows += [(False, (cause.message, str(cause.rows), cause.where)) for cause in wording.causes(facts)]
    checks = wording.remarks(facts)
    if checks:
        rows.append((True, (CHECK,)))
        rows += [(False, (cause.message, str(cause.rows))) for cause in checks]
    rows.append((False, (f"编号 Reference: {'、'.join(told.submission_id for told in facts.told)}",)))
    return rows


def lines_in(text: str, width: int) -> int:
    """Lines that a wrapped text takes in a column of that width, a Chinese character counting twice."""
    return sum(1 + max(0, _width(line) - 1) // width for line in text.split("\n"))


def row_height(cells: tuple[str, ...]) -> float:
    """Height in points; a text that stands alone runs across the whole table."""
    widths = (sum(WIDTHS),) if len(cells) == 1 else WIDTHS
    return 15.0 * max(lines_in(cell, width) for cell, width in zip(cells, widths, strict=False)) + 3


def summary_sheet(facts: FileFacts, styles: Styles) -> bytes:
    """`xl/worksheets/….xml`."""
    body, merged = [], []
    for number, (is_heading, cells) in enumerate(table(facts), start=1):
        style = styles.heading if is_heading else styles.body
        written = "".join(
            f'<c r="{column_letters(place)}{number}" s="{style}" t="inlineStr"><is><t xml:space="preserve">{xml_text(cell)}'
            "</t></is></c>"
            for place, cell in enumerate(cells)
        )
        body.append(f'<row r="{number}" ht="{row_height(cells):g}" customHeight="1">{written}</row>')
        if len(cells) == 1:
            merged.append(f'<mergeCell ref="A{number}:C{number}"/>')
    columns = "".join(
        f'<col min="{place}" max="{place}" width="{width}" customWidth="1"/>'
        for place, width in enumerate(WIDTHS, start=1)
    )
    return (
        f'<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n<worksheet xmlns="{MAIN}"><sheetPr><tabColor'
        ' rgb="FFC00000"/><pageSetUpPr fitToPage="1"/></sheetPr><sheetViews><sheetView tabSelected="1" workbookViewId="0"/>'
        f'</sheetViews><cols>{columns}</cols><sheetData>{"".join(body)}</sheetData><mergeCells count="{len(merged)}">'
        f'{"".join(merged)}</mergeCells><pageSetup paperSize="9" orientation="landscape" fitToHeight="0"/></worksheet>'
    ).encode()


def _width(text: str) -> int:
    return sum(2 if ord(letter) > 0x2E80 else 1 for letter in text)
