"""What a file is, by its first bytes: names lie. Each kind that is no ledger is refused with its own remedy."""

from __future__ import annotations

import re
import struct

from zaoxue.workbooks.errors import UnreadableFileError

ZIP = b"PK\x03\x04"
EMPTY_ZIP = b"PK\x05\x06"
OLE = b"\xd0\xcf\x11\xe0"
_SAVE_ZH = "请用 Excel 或 WPS 打开后另存为 .xlsx 再报送"
_SAVE_EN = "open it in Excel or WPS, save it as .xlsx and resend"
# First bytes -> what it is in Chinese and English.
_FOREIGN: tuple[tuple[bytes, str, str], ...] = (
    (b"%PDF", "PDF 文件", "a PDF"),
    (b"Rar!", "RAR 压缩包", "a RAR archive"),
    (b"7z\xbc\xaf\x27\x1c", "7z 压缩包", "a 7z archive"),
    (b"\x1f\x8b", "gzip 压缩包", "a gzip archive"),
    (b"\x89PNG", "图片", "a picture"),
    (b"\xff\xd8\xff", "图片", "a picture"),
    (b"GIF8", "图片", "a picture"),
    (b"BM6", "图片", "a picture"),
    (b"{\\rtf", "RTF 文档", "an RTF document"),
    (b"MZ", "可执行程序", "a program"),
    (b"\x7fELF", "可执行程序", "a program"),
)
_HTML = re.compile(rb"^\s*(?:<!--.*?-->\s*)*<(?:!doctype\s+html|html|head|body|table|meta|style|div)\b", re.I | re.S)
_XML = re.compile(rb"^\s*<\?xml|^\s*<(?:\w+:)?Workbook\b")
_FILEPASS = 0x2F
_FIRST_RECORDS = 12
_BEGIN_GLOBALS = (b"\x09\x08\x10\x00\x00\x06\x05\x00", b"\x09\x08\x08\x00\x00\x05\x05\x00")  # BIFF8, BIFF5
_OLE_STREAMS: tuple[tuple[str, str, str], ...] = (
    ("WordDocument", "Word 文档", "a Word document"),
    ("PowerPoint Document", "演示文稿", "a presentation"),
    ("__substg1.0_", "Outlook 邮件", "an Outlook message"),
)


def refuse_foreign(content: bytes) -> None:
    """Raises UnreadableFileError where the bytes are those of something that is no table."""
    head = content[:4096].lstrip(b"\xef\xbb\xbf\x00 \t\r\n") if content[:1] != b"\x00" else content[:4096]
    for signature, zh, en in _FOREIGN:
        if head.startswith(signature):
            raise _foreign(zh, en)
    if _HTML.match(head):
        raise _foreign(
            "网页（从系统导出时常把网页存成 .xls）", "a web page, as some systems export it under the name .xls"
        )
    if _XML.match(head):
        raise _foreign("XML 文件", "an XML file")


def refuse_foreign_ole(content: bytes) -> None:
    """Raises UnreadableFileError for OLE files that hold no readable workbook: encrypted ones, Word documents."""
    if _utf16("EncryptedPackage") in content:
        raise password_protected()
    if _utf16("Workbook") in content or _utf16("Book") in content:
        if _asks_for_password(content):
            raise password_protected()
        return
    for stream, zh, en in _OLE_STREAMS:
        if _utf16(stream) in content:
            raise _foreign(zh, en)
    raise damaged()


def _asks_for_password(content: bytes) -> bool:
    """Whether a FILEPASS record follows the beginning of the workbook's globals ([MS-XLS] 2.4.117)."""
    place = next((found for begin in _BEGIN_GLOBALS if (found := content.find(begin)) >= 0), -1)
    for _ in range(_FIRST_RECORDS):
        if not 0 <= place <= len(content) - 4:
            return False
        kind, length = struct.unpack_from("<HH", content, place)
        if kind == _FILEPASS:
            return True
        place += 4 + length
    return False


def password_protected() -> UnreadableFileError:
    """A workbook that asks for a password."""
    return UnreadableFileError(
        "工作簿设有打开密码，无法读取。请在 Excel 或 WPS 中取消密码后另存为 .xlsx 再报送",
        "The workbook is protected by a password; take the password off, save it as .xlsx and resend",
    )


def damaged() -> UnreadableFileError:
    """A workbook that ends too soon or contradicts itself."""
    return UnreadableFileError(
        "工作簿已损坏或不完整，请重新保存后再报送", "The workbook is damaged or cut short; save it again and resend"
    )


def _foreign(zh: str, en: str) -> UnreadableFileError:
    return UnreadableFileError(f"这是{zh}，不是表格文件。{_SAVE_ZH}", f"This is {en} and no table; {_SAVE_EN}")


def foreign_package(zh: str, en: str) -> UnreadableFileError:
    """A zip that is no .xlsx."""
    return _foreign(zh, en)


def _utf16(name: str) -> bytes:
    return name.encode("utf-16-le")
