"""Ways in which a file goes wrong, drawn from a seeded generator: the same seed gives the same file."""

from __future__ import annotations

import io
import random
import zipfile
from collections.abc import Callable

from tests.fixtures.biff import xls_bytes
from tests.fixtures.specimen import TITLE, Rows, book, csv_text, ledger
from tests.fixtures.zoo_layouts import NARROW, closing, hidden_rows, merged_data, narrow, pages, two_row_header
from tests.pipeline.ledgers import placement

PEOPLE = 12
_JUNK = [
    None, "", " ", "合计", "小计：", "填表人：某", "注：见下页", "-", "/", "0", "1e308", "-1", "nan", "inf", "=1/0", "#REF!", "是", "〇",
    "2026-05-31", "46173", "99999999", "2026年13月", "二〇二六年五月", "\u202e反", "\x00", "\ufeff", "'", '"', "a\nb", "9" * 400, "😀", "示例",
    "姓名", "劳动力身份证号*", "第1页", "3.40406E+17", "1,500", "0.15万", "。" * 20, "柳桥镇", 3.5, 340406199001012000, -1e300, True,
]  # fmt: skip
_TOKENS = [
    b"A1", b"XFD1048576", b"ZZ99999", b"A0", b"B-1", b"999999999999", b't="s"', b't="e"', b't="b"', b't="d"', b't="inlineStr"', b"<v>", b"</v>", b"<f>",
    b"</c>", b"</row>", b"<row>", b"<c>", b"&amp;", b"&#0;", b"&x;", b"<![CDATA[", b"-->", b'hidden="1"', b"\xff", b"\x00", b'r="', b"<mergeCell ref=\"A1:Z9\"/>",
    b"1e309", b"-1", b'"', b"'", b"<", b">", b"xml:space", b"date1904=\"1\"", b"rId1", b"sheet1.xml", b"../",
]  # fmt: skip


def bases() -> list[bytes]:
    """Sound files of every kind that is read."""
    text = csv_text(ledger(*(placement(n) for n in range(1, PEOPLE)), title=TITLE))
    return [
        book(ledger(*(placement(n) for n in range(1, PEOPLE)), title=TITLE)),
        two_row_header(),
        merged_data(),
        pages(),
        hidden_rows(),
        closing(["990101198001010017", "2026-05-20"]),
        xls_bytes({"就业": ledger(), "二": narrow(1)}),
        text.encode("gb18030"),
        text.encode("utf-8-sig"),
        text.replace(",", "\t").encode("utf-16"),
    ]


def mutated(draw: random.Random, base: bytes) -> bytes:
    """The file with a few faults: in its bytes, or inside one part of its zip."""
    if base.startswith(b"PK") and draw.random() < 0.7:
        return _inside_a_part(draw, base)
    return _bytes(draw, base, draw.randint(1, 6))


def _bytes(draw: random.Random, content: bytes, times: int) -> bytes:
    for _ in range(times):
        content = draw.choice(_WAYS)(draw, content)
    return content


def _place(draw: random.Random, content: bytes) -> int:
    return draw.randrange(len(content) + 1)


def _flip(draw: random.Random, content: bytes) -> bytes:
    place = _place(draw, content)
    return content[:place] + bytes([draw.randrange(256)]) + content[place + 1 :]


def _cut(draw: random.Random, content: bytes) -> bytes:
    return content[: _place(draw, content)] if draw.random() < 0.2 else content


def _drop(draw: random.Random, content: bytes) -> bytes:
    place = _place(draw, content)
    return content[:place] + content[place + draw.randint(1, 60) :]


def _insert(draw: random.Random, content: bytes) -> bytes:
    place = _place(draw, content)
    return content[:place] + draw.choice(_TOKENS) + content[place:]


def _replace(draw: random.Random, content: bytes) -> bytes:
    token = draw.choice(_TOKENS)
    return content.replace(token, draw.choice(_TOKENS), draw.randint(1, 3))


def _repeat(draw: random.Random, content: bytes) -> bytes:
    place = _place(draw, content)
    return content[:place] + content[place : place + draw.randint(1, 400)] * draw.randint(2, 30) + content[place:]


_WAYS: list[Callable[[random.Random, bytes], bytes]] = [_flip, _flip, _cut, _drop, _insert, _insert, _replace, _repeat]


def _inside_a_part(draw: random.Random, content: bytes) -> bytes:
    source = zipfile.ZipFile(io.BytesIO(content))
    names = [name for name in source.namelist() if name.startswith("xl/")]
    sheets = [name for name in names if "sheet" in name]
    chosen = draw.choice(sheets if draw.random() < 0.7 else names)
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as target:
        for name in source.namelist():
            body = source.read(name)
            if name == chosen:
                body = _bytes(draw, body, draw.randint(1, 4))
                if draw.random() < 0.05:
                    continue
            target.writestr(name, body)
    return buffer.getvalue()


def scribbled(draw: random.Random) -> tuple[Rows, bytes]:
    """A ledger with junk in some cells and junk rows between, and the file that holds it."""
    rows: Rows = [[TITLE], list(NARROW), *narrow(*range(1, PEOPLE))]
    for _ in range(draw.randint(0, 12)):
        number = draw.randrange(2, len(rows))
        if draw.random() < 0.5:
            rows.insert(number, [draw.choice(_JUNK) for _ in range(draw.randint(0, len(NARROW)))])
        elif rows[number]:
            rows[number] = list(rows[number])
            rows[number][draw.randrange(len(rows[number]))] = draw.choice(_JUNK)
    if draw.random() < 0.5:
        return rows, book(rows, {"nan_inf_to_errors": True, "strings_to_formulas": False})
    plain = [
        [
            str(cell).replace(",", "，").replace("\n", " ").replace('"', "").replace("\x00", "")
            if cell is not None
            else None
            for cell in row
        ]
        for row in rows
    ]
    return plain, csv_text(plain).encode(draw.choice(["utf-8-sig", "gb18030", "utf-16"]))
