"""The sender's own .xlsx back: bad cells coloured and noted, a summary sheet in front, all else as it was."""

from __future__ import annotations

import io
import posixpath
import re
import zipfile

from lxml import etree

from zaoxue.receipts.facts import FileFacts, Mark
from zaoxue.receipts.formulas import is_harmless
from zaoxue.receipts.notes import Notes, comments_part, shapes_part
from zaoxue.receipts.ooxml import (
    PACKAGE,
    RELATIONS,
    TYPES,
    Sheet,
    Styles,
    UnusualWorkbookError,
    parse,
    serialise,
    shared_strings,
    tag,
)
from zaoxue.receipts.summary import summary_sheet
from zaoxue.receipts.wording import note

SUMMARY = "回执"
_MOST_BYTES = 64 * 1024 * 1024  # unpacked; what is larger is answered with a list
_MOST_NOTES = 2000  # a sheet with more notes is slow to open; the cells past it are coloured only
_SAME_TIME = (2026, 1, 1, 0, 0, 0)  # equal facts give equal bytes
_WORKBOOK = "xl/workbook.xml"
_SHEET_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml"
_COMMENT_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.comments+xml"
_SHAPE_TYPE = "application/vnd.openxmlformats-officedocument.vmlDrawing"
_AFTER_SHAPES = [
    "legacyDrawingHF",
    "drawingHF",
    "picture",
    "oleObjects",
    "controls",
    "webPublishItems",
    "tableParts",
    "extLst",
]


def marked_workbook(content: bytes, facts: FileFacts) -> bytes:
    """The workbook with every mark of the facts. Raises UnusualWorkbookError where it is built in a way we do not patch."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as package:
            if sum(item.file_size for item in package.infolist()) > _MOST_BYTES:
                raise UnusualWorkbookError("too large")
            parts = {item.filename: package.read(item) for item in package.infolist() if not item.is_dir()}
    except (zipfile.BadZipFile, OSError, RuntimeError, NotImplementedError) as error:
        raise UnusualWorkbookError("no readable package") from error
    return Patch(parts).apply(facts)


Cells = dict[tuple[int, int], list[Mark]]


def marked_cells(marks: list[Mark], columns: dict[tuple[str, ...], int]) -> Cells:
    """(row, column) -> its marks; the first column where a header is not found."""
    cells: Cells = {}
    for mark in marks:
        cells.setdefault((mark.row, columns.get(mark.header_words, 0)), []).append(mark)
    return cells


def notes_of(cells: Cells) -> Notes:
    """The notes of the cells, as many as a sheet may have."""
    return {place: note(found) for place, found in list(cells.items())[:_MOST_NOTES]}


class Patch:
    """A workbook's package while marks, notes and a summary are put into it."""

    def __init__(self, parts: dict[str, bytes]) -> None:
        self.parts = parts
        self.workbook = parse(self._part(_WORKBOOK))
        self.relations = parse(self._part("xl/_rels/workbook.xml.rels"))
        self.types = parse(self._part("[Content_Types].xml"))
        self.styles_path = self._related("/styles", "xl/styles.xml")
        self.styles = Styles(self._part(self.styles_path))
        strings = self._related("/sharedStrings", "xl/sharedStrings.xml")
        self.strings = shared_strings(parts.get(strings))

    def apply(self, facts: FileFacts) -> bytes:
        """The package with the marks of `facts` in its sheets and a summary of them in front."""
        by_sheet: dict[str, list[Mark]] = {}
        for mark in facts.marks:
            by_sheet.setdefault(mark.sheet, []).append(mark)
        paths = self._sheets()
        if set(by_sheet) - set(paths):
            raise UnusualWorkbookError("a sheet is not where it was read")
        for number, (name, path) in enumerate(paths.items()):
            self._sheet(number, path, by_sheet.get(name, []))
        self._drop_outward_names()
        self._drop_calculation_chain()
        return self.finished(facts)

    def finished(self, told: FileFacts) -> bytes:
        """The package as its sheets are now, with a summary of `told` in front."""
        self._put_summary_first(summary_sheet(told, self.styles))
        self.parts[self.styles_path] = self.styles.content()
        self.parts[_WORKBOOK] = serialise(self.workbook)
        self.parts["xl/_rels/workbook.xml.rels"] = serialise(self.relations)
        self.parts["[Content_Types].xml"] = serialise(self.types)
        return self._zipped()

    def _sheets(self) -> dict[str, str]:
        """Path of the part of each worksheet, by name."""
        targets = {r.get("Id"): r.get("Target", "") for r in self.relations if r.get("Type", "").endswith("/worksheet")}
        sheets = self.workbook.find(tag("sheets"))
        if sheets is None:
            raise UnusualWorkbookError("no sheets")
        return {
            str(sheet.get("name")): _resolve("xl", targets[sheet.get(tag("id", RELATIONS))])
            for sheet in sheets
            if sheet.get(tag("id", RELATIONS)) in targets
        }

    def _sheet(self, number: int, path: str, marks: list[Mark]) -> None:
        content = self._part(path)
        if not marks and b"<f" not in content and b"tabSelected" not in content:
            return
        sheet = Sheet(content, self.strings)
        if b"<f" in content or b":f" in content:
            sheet.values_for_formulas(is_harmless)
        sheet.deselect()
        notes = self._mark(sheet, marks)
        if notes:
            self._add_notes(number, path, sheet, notes)
        self.parts[path] = serialise(sheet.root)

    def _mark(self, sheet: Sheet, marks: list[Mark]) -> Notes:
        cells = marked_cells(marks, sheet.columns_of({mark.header_words for mark in marks}))
        for row, column in cells:
            sheet.mark(row, column, self.styles)
        return notes_of(cells)

    def _add_notes(self, number: int, path: str, sheet: Sheet, notes: Notes) -> None:
        if sheet.root.find(tag("legacyDrawing")) is not None:
            raise UnusualWorkbookError("the sheet has notes of its own")
        drawing = etree.Element(tag("legacyDrawing"))
        drawing.set(tag("id", RELATIONS), self.attach_notes(number, path, notes))
        following = [e for e in sheet.root if etree.QName(e).localname in _AFTER_SHAPES]
        if following:
            following[0].addprevious(drawing)
        else:
            sheet.root.append(drawing)

    def attach_notes(self, number: int, path: str, notes: Notes) -> str:
        """Add the parts that hold the notes of a sheet; the id that its `legacyDrawing` must name."""
        name = f"zaoxue{number + 1}"
        comments, shapes = f"xl/comments_{name}.xml", f"xl/drawings/vml_{name}.vml"
        self.parts[comments] = comments_part(notes).encode()
        self.parts[shapes] = shapes_part(notes).encode()
        relations_path = posixpath.join(posixpath.dirname(path), "_rels", f"{posixpath.basename(path)}.rels")
        given = self.parts.get(relations_path)
        relations = parse(given) if given else etree.Element(tag("Relationships", PACKAGE), nsmap={None: PACKAGE})
        _relate(relations, f"{name}c", "comments", f"/{comments}")
        _relate(relations, f"{name}v", "vmlDrawing", f"/{shapes}")
        self.parts[relations_path] = serialise(relations)
        self._declare(f"/{comments}", _COMMENT_TYPE)
        self._declare(f"/{shapes}", _SHAPE_TYPE)
        return f"{name}v"

    def _put_summary_first(self, content: bytes) -> None:
        path = "xl/worksheets/zaoxue_receipt.xml"
        self.parts[path] = content
        self._declare(f"/{path}", _SHEET_TYPE)
        _relate(self.relations, "zaoxueReceipt", "worksheet", "/" + path)
        sheets = self.workbook.find(tag("sheets"))
        taken = {sheet.get("name") for sheet in sheets}
        name = next(n for n in (SUMMARY, *(f"{SUMMARY}{i}" for i in range(2, 99))) if n not in taken)
        summary = etree.Element(
            tag("sheet"), name=name, sheetId=str(1 + max(int(sheet.get("sheetId", "0")) for sheet in sheets))
        )
        summary.set(tag("id", RELATIONS), "zaoxueReceipt")
        sheets.insert(0, summary)
        for defined in self.workbook.iter(tag("definedName")):
            if defined.get("localSheetId") is not None:
                defined.set("localSheetId", str(1 + int(defined.get("localSheetId", "0"))))
        for view in self.workbook.iter(tag("workbookView")):
            view.set("activeTab", "0")
            view.attrib.pop("firstSheet", None)

    def _drop_outward_names(self) -> None:
        for defined in list(self.workbook.iter(tag("definedName"))):
            if not is_harmless(defined.text or ""):
                defined.getparent().remove(defined)

    def _drop_calculation_chain(self) -> None:
        """It may name cells whose formula is gone; Excel makes it anew."""
        for relation in list(self.relations):
            if relation.get("Type", "").endswith("/calcChain"):
                path = _resolve("xl", relation.get("Target", ""))
                self.parts.pop(path, None)
                self.relations.remove(relation)
                for override in list(self.types):
                    if override.get("PartName") == f"/{path}":
                        self.types.remove(override)

    def _declare(self, part: str, kind: str) -> None:
        etree.SubElement(self.types, tag("Override", TYPES), PartName=part, ContentType=kind)

    def _related(self, kind: str, default: str) -> str:
        for relation in self.relations:
            if relation.get("Type", "").endswith(kind):
                return _resolve("xl", relation.get("Target", ""))
        return default

    def _part(self, path: str) -> bytes:
        if path not in self.parts:
            raise UnusualWorkbookError("a part is missing")
        return self.parts[path]

    def _zipped(self) -> bytes:
        out = io.BytesIO()
        with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED, compresslevel=3) as package:
            for name, content in self.parts.items():
                item = zipfile.ZipInfo(name, _SAME_TIME)
                item.compress_type = zipfile.ZIP_DEFLATED
                package.writestr(item, content)
        return out.getvalue()


def _relate(relations: etree._Element, name: str, kind: str, target: str) -> None:
    etree.SubElement(relations, tag("Relationship", PACKAGE), Id=name, Type=f"{RELATIONS}/{kind}", Target=target)


def _resolve(folder: str, target: str) -> str:
    """Path of a relation's target inside the package."""
    path = target[1:] if target.startswith("/") else posixpath.normpath(posixpath.join(folder, target))
    if re.match(r"\.\.", path):
        raise UnusualWorkbookError("a part lies outside the package")
    return path
