"""Rows that stand in a sheet and are no data, told by their words."""

from __future__ import annotations

import polars as pl

from zaoxue.contracts import Contract

_TOTAL = r"^(?:本页|本表|总|累|全[镇乡县区村])?\s*(?:合\s*计|小\s*计|总\s*计|累\s*计|共\s*计)"
_NOTE = (
    r"^(?:填表|填报|制表|审核|复核|负责|单位负责人|单位|经办|联系人|联系电话|盖章|公章|日期|备注|说明|注|附注)[^：:]{0,8}[：:]"
    r"|盖章|签字|签章|^第\s*[\d一二三四五六七八九十]+\s*页|^续表|^-{3,}$|^以下空白|^（?\(?以下无正文"
)
_SENTENCE = r"[。；;：:]|.{15}"
_EXAMPLE = r"^(?:例|示例|样例|举例|填写示例|填表示例)\s*[0-9一二三]?\s*[：:]?$"
_LEADING_CELLS = 4
LONG_NUMBER = r"\d{6}"


def is_aside(cells: list[str], used: list[str], keys: list[str], title: str) -> pl.Expr:
    """Totals, signatures, notes, page marks, the title again, rows marked as an example.

    `cells` are all columns of the grid, `used` those of the contract, `keys` the identifying ones. A person's row is never
    one of these (but for the example) while its key holds a long number.
    """
    leading = pl.concat_str(pl.col(cells[:_LEADING_CELLS]), separator=" ", ignore_nulls=True).str.strip_chars()
    keyless = pl.all_horizontal(pl.col(name).is_null() | ~pl.col(name).str.contains(LONG_NUMBER) for name in keys)
    aside = leading.str.contains(f"{_TOTAL}|{_NOTE}")
    if title:
        aside = aside | leading.is_in([part for part in title.split() if part] + [title])
    # A lone sentence under the table is a note; a lone short word might be a person whose other cells were forgotten.
    lone = pl.sum_horizontal(pl.col(used).str.strip_chars().fill_null("") != "") == 1
    sentence = lone & leading.str.contains(_SENTENCE)
    return (keyless & (aside | sentence)) | is_example(cells[0])


def is_example(first_cell: str) -> pl.Expr:
    """A row marked as an example in its first cell."""
    return pl.col(first_cell).str.contains(_EXAMPLE).fill_null(False)


def is_repeated_header(columns: dict[str, str], contract: Contract) -> pl.Expr:
    """The header again, as on each page: a key column holds its own header word."""
    checks = [
        pl.col(columns[column.name])
        .str.replace_all(r"[\s*＊★※]|（必填）|\(必填\)", "")
        .is_in([column.name, *(word.replace(" ", "") for word in column.headers)])
        for column in contract.key_columns
        if column.name in columns
    ]
    return pl.any_horizontal(check.fill_null(False) for check in checks[:1])
