"""The few things that are changed in an .xlsx: cells found and coloured, styles and notes added.

The original's parts are patched in place, not loaded into a model of a workbook and written anew: that keeps all of the
sender's layout, and costs a hundredth of the time.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from xml.sax.saxutils import escape

from lxml import etree

from zaoxue.normalising.text import clean_word

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
RELATIONS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE = "http://schemas.openxmlformats.org/package/2006/relationships"
TYPES = "http://schemas.openxmlformats.org/package/2006/content-types"
_BAD_FILL = "FFFFC7CE"
_HEADING_FILL = "FFE7E6E6"
_FILL = (
    f'<fill xmlns="{MAIN}"><patternFill patternType="solid"><fgColor rgb="{{colour}}"/><bgColor indexed="64"/>'
    "</patternFill></fill>"
)
_REQUIRED = "*＊"
HEADER_ROWS = 40  # a header is looked for no further down
_REFERENCE = re.compile(r"([A-Z]{1,3})(\d+)")
_NOT_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")


class UnusualWorkbookError(ValueError):
    """A workbook built in a way that is not patched; the receipt is made anew from its values instead."""


def parse(content: bytes) -> etree._Element:
    """A part as a tree; no entity is resolved, nothing is fetched. Raises UnusualWorkbookError."""
    try:
        root = etree.fromstring(content, etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=False))
    except etree.XMLSyntaxError as error:
        raise UnusualWorkbookError("a part is no XML") from error
    if root.getroottree().docinfo.doctype:
        raise UnusualWorkbookError("a part has a document type")
    return root


def serialise(root: etree._Element) -> bytes:
    """The tree as a part."""
    return bytes(etree.tostring(root, xml_declaration=True, encoding="UTF-8", standalone=True))


def tag(name: str, space: str = MAIN) -> str:
    """A qualified name."""
    return f"{{{space}}}{name}"


def xml_text(text: str) -> str:
    """Text that may stand in XML."""
    return escape(_NOT_XML.sub("", text), {'"': "&quot;"})


def column_letters(index: int) -> str:
    """0 -> A, 26 -> AA."""
    letters = ""
    index += 1
    while index:
        index, rest = divmod(index - 1, 26)
        letters = chr(65 + rest) + letters
    return letters


def column_index(letters: str) -> int:
    """A -> 0, AA -> 26."""
    index = 0
    for letter in letters:
        index = 26 * index + ord(letter) - 64
    return index - 1


def columns_headed(
    wanted: set[tuple[str, ...]], rows: Iterable[Iterable[tuple[str, int]]]
) -> dict[tuple[str, ...], int]:
    """Column of each group of header words: where one of them stands first, from above. `rows`: (text, column) of cells."""
    by_word = {clean_word(word).strip(_REQUIRED): words for words in wanted for word in words}
    found: dict[tuple[str, ...], int] = {}
    for row in rows:
        if len(found) == len(wanted):
            break
        for text, column in row:
            words = by_word.get(clean_word(text).strip(_REQUIRED))
            if words:
                found.setdefault(words, column)
    return found


class Styles:
    """The styles part; gives each style of the workbook its marked twin, made on first use."""

    def __init__(self, content: bytes) -> None:
        self._root = parse(content)
        formats = self._root.find(tag("cellXfs"))
        fills = self._root.find(tag("fills"))
        fonts = self._root.find(tag("fonts"))
        if formats is None or fills is None or fonts is None:
            raise UnusualWorkbookError("no styles")
        self._formats, self._twins = formats, dict[str, str]()
        self._red = self._add(fills, _FILL.format(colour=_BAD_FILL))
        bold = self._add(fonts, f'<font xmlns="{MAIN}"><b/><sz val="11"/><name val="宋体"/><family val="3"/></font>')
        plain = self._add(fonts, f'<font xmlns="{MAIN}"><sz val="11"/><name val="宋体"/><family val="3"/></font>')
        grey = self._add(fills, _FILL.format(colour=_HEADING_FILL))
        self.heading = self._add(formats, self._wrapped(bold, grey))
        self.body = self._add(formats, self._wrapped(plain, 0))

    def marked(self, style: str) -> str:
        """Index of the style that looks like `style` but red."""
        if style not in self._twins:
            originals = self._formats.findall(tag("xf"))
            number = int(style)
            if number >= len(originals):
                raise UnusualWorkbookError("a cell has an unknown style")
            twin = etree.fromstring(etree.tostring(originals[number]))
            twin.set("fillId", str(self._red))
            twin.set("applyFill", "1")
            self._formats.append(twin)
            self._twins[style] = str(len(originals))
        return self._twins[style]

    def content(self) -> bytes:
        """The part as it is now."""
        self._formats.set("count", str(len(self._formats)))
        return serialise(self._root)

    @staticmethod
    def _wrapped(font: int, fill: int) -> str:
        return (
            f'<xf xmlns="{MAIN}" numFmtId="49" fontId="{font}" fillId="{fill}" borderId="0" xfId="0" applyNumberFormat="1"'
            ' applyFont="1" applyFill="1" applyAlignment="1"><alignment vertical="top" wrapText="1"/></xf>'
        )

    @staticmethod
    def _add(parent: etree._Element, xml: str) -> int:
        parent.append(etree.fromstring(xml))
        parent.set("count", str(len(parent)))
        return len(parent) - 1


class Sheet:
    """One worksheet part."""

    def __init__(self, content: bytes, strings: list[str]) -> None:
        self.root = parse(content)
        data = self.root.find(tag("sheetData"))
        if data is None:
            raise UnusualWorkbookError("no sheet data")
        self._rows = {row.get("r"): row for row in data}
        if None in self._rows:
            raise UnusualWorkbookError("rows without numbers")
        self._strings = strings

    def columns_of(self, wanted: set[tuple[str, ...]]) -> dict[tuple[str, ...], int]:
        """Column of each group of header words: where one of them stands first, from above."""
        rows = (self._rows.get(str(number)) for number in range(1, HEADER_ROWS + 1))
        texts = ([(self._text(c), self._place(c)) for c in row] if row is not None else [] for row in rows)
        return columns_headed(wanted, texts)

    def mark(self, row: int, column: int, styles: Styles) -> None:
        """Colour a cell, made if it is not there."""
        found = self._rows.get(str(row))
        if found is None:
            raise UnusualWorkbookError("a row is not where it was read")
        places = [self._place(cell) for cell in found]
        if column in places:
            cell = found[places.index(column)]
            cell.set("s", styles.marked(cell.get("s", "0")))
            return
        made = etree.Element(tag("c"), r=f"{column_letters(column)}{row}", s=styles.marked(found.get("s", "0")))
        found.insert(sum(place < column for place in places), made)

    def values_for_formulas(self, is_harmless: Callable[[str], bool]) -> None:
        """Unless all formulas are harmless, leave of each only its last value (they may depend on one another)."""
        formulas = self.root.findall(f".//{tag('c')}/{tag('f')}")
        if all(is_harmless(formula.text or "") for formula in formulas):
            return
        for formula in formulas:
            formula.getparent().remove(formula)

    def deselect(self) -> None:
        """No longer the sheet that is shown first."""
        for view in self.root.iter(tag("sheetView")):
            view.attrib.pop("tabSelected", None)

    def _text(self, cell: etree._Element) -> str:
        if cell.get("t") == "inlineStr":
            return "".join(t.text or "" for t in cell.iter(tag("t")))
        value = cell.findtext(tag("v")) or ""
        if cell.get("t") != "s":
            return value
        return self._strings[int(value)] if value.isdigit() and int(value) < len(self._strings) else ""

    @staticmethod
    def _place(cell: etree._Element) -> int:
        found = _REFERENCE.fullmatch(cell.get("r") or "")
        if not found:
            raise UnusualWorkbookError("cells without references")
        return column_index(found[1])


def shared_strings(content: bytes | None) -> list[str]:
    """Texts of the shared strings part (phonetic hints left out)."""
    if content is None:
        return []
    return [
        "".join(t.text or "" for t in item.iter(tag("t")) if t.getparent().tag != tag("rPh")) for item in parse(content)
    ]
