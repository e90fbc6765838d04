"""Notes (the yellow comments) of a worksheet: two parts that Excel wants, texts and their boxes."""

from __future__ import annotations

from zaoxue.receipts.ooxml import MAIN, column_letters, xml_text

Notes = dict[tuple[int, int], str]  # (row from 1, column from 0) -> text
_AUTHOR = "回执 receipt"
_SHAPES = (
    '<xml xmlns:v="urn:schemas-microsoft-com:vml" xmlns:o="urn:schemas-microsoft-com:office:office"'
    ' xmlns:x="urn:schemas-microsoft-com:office:excel"><o:shapelayout v:ext="edit"><o:idmap v:ext="edit" data="1"/>'
    '</o:shapelayout><v:shapetype id="_x0000_t202" coordsize="21600,21600" o:spt="202" path="m,l,21600r21600,l21600,xe">'
    '<v:stroke joinstyle="miter"/><v:path gradientshapeok="t" o:connecttype="rect"/></v:shapetype>'
)


def comments_part(notes: Notes) -> str:
    """`xl/commentsN.xml`."""
    items = "".join(_comment(row, column, text) for (row, column), text in sorted(notes.items()))
    return (
        f'<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n<comments xmlns="{MAIN}"><authors><author>{_AUTHOR}'
        f"</author></authors><commentList>{items}</commentList></comments>"
    )


def shapes_part(notes: Notes) -> str:
    """`xl/drawings/vmlDrawingN.vml`."""
    boxes = "".join(
        _shape(number, row, column, text) for number, ((row, column), text) in enumerate(sorted(notes.items()))
    )
    return f"{_SHAPES}{boxes}</xml>"


def _comment(row: int, column: int, text: str) -> str:
    return (
        f'<comment ref="{column_letters(column)}{row}" authorId="0"><text><r><rPr><sz val="10"/><rFont val="宋体"/>'
        f'</rPr><t xml:space="preserve">{xml_text(text)}</t></r></text></comment>'
    )


def _shape(number: int, row: int, column: int, text: str) -> str:
    lines = sum(1 + len(line) // 24 for line in text.split("\n"))  # some 24 Chinese characters fit a line
    height = max(4, min(16, lines + 1))
    return (
        f'<v:shape id="_x0000_s{1025 + number}" type="#_x0000_t202" style="position:absolute;visibility:hidden"'
        ' fillcolor="#ffffe1" o:insetmode="auto"><v:fill color2="#ffffe1"/><v:shadow on="t" color="black" obscured="t"/>'
        '<v:path o:connecttype="none"/><v:textbox style="mso-direction-alt:auto"><div style="text-align:left"/>'
        '</v:textbox><x:ClientData ObjectType="Note"><x:MoveWithCells/><x:SizeWithCells/>'
        f"<x:Anchor>{column + 1}, 15, {max(0, row - 2)}, 10, {column + 5}, 15, {max(0, row - 2) + height}, 4</x:Anchor>"
        f"<x:AutoFill>False</x:AutoFill><x:Row>{row - 1}</x:Row><x:Column>{column}</x:Column></x:ClientData></v:shape>"
    )
