"""The zip of an .xlsx, looked at before any library opens it: sizes, names, doubles, what it really is."""

from __future__ import annotations

import io
import re
import struct
import zipfile
import zlib
from html import unescape

from zaoxue.workbooks import limits
from zaoxue.workbooks.errors import UnreadableFileError
from zaoxue.workbooks.signatures import damaged, foreign_package

_TAG_SHEET = re.compile(rb"<(?:\w+:)?sheet\s[^>]*>")
_TAG_RELATION = re.compile(rb"<(?:\w+:)?Relationship\s[^>]*>")
_ATTRIBUTE = re.compile(rb"([\w:.-]+)\s*=\s*(?:\"([^\"]*)\"|'([^']*)')")
_LOCAL_HEADER = 30
_MAX_HEADER_BYTES = 65_536


class Package:
    """The parts of a workbook by their names in lower case. Nothing in it is inflated past the limits."""

    def __init__(self, content: bytes) -> None:
        """Raises UnreadableFileError for a zip that is cut short, too big, encrypted, or no workbook."""
        self._content = content
        try:
            with zipfile.ZipFile(io.BytesIO(content)) as archive:
                entries = archive.infolist()
        except (zipfile.BadZipFile, ValueError, OSError, NotImplementedError, struct.error, UnicodeError) as error:
            raise damaged() from error
        if len(entries) > limits.MAX_PARTS:
            raise limits.too_big("压缩包内的部件", f"{len(entries)}", f"{limits.MAX_PARTS}", "parts in the workbook")
        self._entries: dict[str, zipfile.ZipInfo] = {}
        for entry in entries:
            name = entry.filename.replace("\\", "/").lower().lstrip("/")
            if name in self._entries or ".." in name.split("/"):
                raise damaged()
            self._entries[name] = entry
        self._refuse_other_packages()
        self._checked: set[str] = set()
        sizes = [entry.file_size for name, entry in self._entries.items() if _is_markup(name)]
        if sum(sizes) > limits.MAX_WORKBOOK_BYTES or max(sizes, default=0) > limits.MAX_PART_BYTES:
            raise _bomb(sum(sizes), max(sizes))

    def part(self, name: str) -> bytes | None:
        """A part inflated, or None where there is none. Its real size counts, not the one the directory states."""
        entry = self._entries.get(name.lower())
        if entry is None:
            return None
        if entry.flag_bits & 1:
            raise damaged()
        head = self._content[entry.header_offset : entry.header_offset + _LOCAL_HEADER]
        if len(head) < _LOCAL_HEADER or head[:4] != b"PK\x03\x04":
            raise damaged()
        name_length, extra_length = struct.unpack("<HH", head[26:30])
        start = entry.header_offset + _LOCAL_HEADER + name_length + extra_length
        packed = memoryview(self._content)[start : start + entry.compress_size]
        body = _inflate(entry, packed)
        if len(body) != entry.file_size or zlib.crc32(body) != entry.CRC:
            raise damaged()
        self._refuse_document_type(body)
        self._checked.add(name.lower())
        return body

    def check_rest(self) -> None:
        """Look at the markup that nobody has read yet: other programs will open the original. Raises UnreadableFileError."""
        for name in self._entries:
            if _is_markup(name) and name not in self._checked:
                self.part(name)

    def read_bytes(self) -> int:
        """Size of all markup once inflated, in bytes."""
        return sum(entry.file_size for name, entry in self._entries.items() if _is_markup(name))

    def workbook(self) -> bytes:
        """xl/workbook.xml. Raises UnreadableFileError where it is missing."""
        body = self.part("xl/workbook.xml")
        if body is None:
            raise damaged()
        return body

    def sheets(self, workbook: bytes) -> list[tuple[str, bool, str]]:
        """(name, hidden, part) of every sheet in the order of the workbook."""
        targets = {}
        for tag in _TAG_RELATION.findall(self.part("xl/_rels/workbook.xml.rels") or b""):
            relation = _attributes(tag)
            target = relation.get("target", "").replace("\\", "/")
            path = target.lstrip("/") if target.startswith(("/", "xl/")) else f"xl/{target}"
            targets[relation.get("id", "")] = path.lower()
        found = []
        for tag in _TAG_SHEET.findall(workbook):
            sheet = _attributes(tag)
            found.append(
                (
                    sheet.get("name", ""),
                    sheet.get("state", "visible") != "visible",
                    targets.get(sheet.get("id", ""), ""),
                )
            )
        if len(found) > limits.MAX_SHEETS:
            raise limits.too_big("工作表", f"{len(found)}", f"{limits.MAX_SHEETS}", "sheets")
        return found

    def _refuse_other_packages(self) -> None:
        names = self._entries
        if "xl/workbook.xml" in names:
            return
        if "xl/workbook.bin" in names:
            raise foreign_package("二进制工作簿 .xlsb", "a binary workbook .xlsb")
        if "word/document.xml" in names:
            raise foreign_package("Word 文档", "a Word document")
        if "ppt/presentation.xml" in names:
            raise foreign_package("演示文稿", "a presentation")
        if "content.xml" in names and "mimetype" in names:
            raise foreign_package("OpenDocument 文件", "an OpenDocument file")
        if any(name.endswith((".xlsx", ".xls", ".csv", ".et")) for name in names):
            raise foreign_package(
                "压缩包（里面的台账请解压后逐个报送）", "an archive; unpack it and send the ledgers one by one"
            )
        raise foreign_package("压缩包", "an archive")

    @staticmethod
    def _refuse_document_type(body: bytes) -> None:
        """No office program writes a DTD or UTF-16 into a workbook; both serve to smuggle entities past a check."""
        root = body.find(b"xmlns", 0, _MAX_HEADER_BYTES)
        prolog = body[: root if root >= 0 else _MAX_HEADER_BYTES]
        if (
            b"<!DOCTYPE" in prolog
            or b"<!ENTITY" in prolog
            or body[:2] in (b"\xff\xfe", b"\xfe\xff", b"<\x00", b"\x00<")
        ):
            raise UnreadableFileError(
                "工作簿内含有 DTD 或实体定义，为安全起见不予读取。请用 Excel 或 WPS 重新另存为 .xlsx",
                "The workbook holds a document type or entities and is not read, for safety; save it anew as .xlsx",
            )


def _bomb(size: int, largest: int) -> UnreadableFileError:
    is_one_part = largest > limits.MAX_PART_BYTES
    mebibytes = (largest if is_one_part else size) // limits.MIB
    limit = (limits.MAX_PART_BYTES if is_one_part else limits.MAX_WORKBOOK_BYTES) // limits.MIB
    return UnreadableFileError(
        f"工作簿解压后过大（{mebibytes} MiB，上限 {limit} MiB），不予读取。请只保留台账内容后另存为 .xlsx",
        f"The workbook is too big once unpacked ({mebibytes} MiB, the limit is {limit} MiB); keep the ledger alone and save it anew",
    )


def _inflate(entry: zipfile.ZipInfo, packed: memoryview) -> bytes:
    if entry.compress_type == zipfile.ZIP_STORED:
        return bytes(packed)
    if entry.compress_type != zipfile.ZIP_DEFLATED:
        raise damaged()
    machine = zlib.decompressobj(-15)
    try:
        body = machine.decompress(packed, entry.file_size + 1)
    except zlib.error as error:
        raise damaged() from error
    if len(body) > entry.file_size:  # the directory states less than there is
        raise damaged()
    return body


def _is_markup(name: str) -> bool:
    """Pictures and other binary parts stay packed."""
    return name.endswith((".xml", ".rels", ".vml"))


def _attributes(tag: bytes) -> dict[str, str]:
    """Attributes by their local names in lower case (r:id is id)."""
    return {
        name.rsplit(b":", 1)[-1].decode("ascii", "replace").lower(): unescape(
            (double or single).decode("utf-8", "replace")
        )
        for name, double, single in _ATTRIBUTE.findall(tag)
    }
