"""Typed values out of cleaned text: each function takes text and gives null where the text is no such value."""

from __future__ import annotations

import polars as pl

from zaoxue.normalising.dates import to_date

__all__ = [
    "is_mobile_phone",
    "to_boolean",
    "to_code",
    "to_codes",
    "to_date",
    "to_integer",
    "to_number",
    "unless_nothing",
]

_PLAIN_NUMBER = r"^[+-]?\d{1,15}(?:\.\d+)?$"
_WORDED_NUMBER = (
    r"^(?:每[月年天人])?(?:人民币|RMB|rmb|约为?|大约|近|[￥¥])*(?P<sign>[+-]?)"
    r"(?P<number>\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?)(?P<scale>[千万亿]?)"
    r"(?:元整?|块钱?|人民币|人|户|个月|个|次|天|课时|学时)?(?:/[月年天人次])?(?:左右|上下)?$"
)
_SCALES = {"": 1.0, "千": 1e3, "万": 1e4, "亿": 1e8}
_YES = ["是", "有", "√", "✓", "✔", "☑", "对", "1", "1.0", "Y", "y", "yes", "true", "TRUE", "True"]
_NO = ["否", "无", "没有", "×", "✗", "✘", "☒", "不是", "0", "0.0", "N", "n", "no", "false", "FALSE", "False"]
_NOTHING = [
    "-",
    "--",
    "—",
    "——",
    "–",
    "/",
    "//",
    "\\",
    "无",
    "暂无",
    "空",
    "至今",
    "长期",
    "N/A",
    "n/a",
    "null",
    "NULL",
]


def unless_nothing(text: pl.Expr) -> pl.Expr:
    """Null for the words and strokes by which clerks say that a cell has nothing to hold: -, /, 无, 至今."""
    return pl.when(~text.is_in(_NOTHING)).then(text)


def to_number(text: pl.Expr) -> pl.Expr:
    """Numbers as 1500, 1,500, ￥1500, 1500元, 1500元/月, 近1500, 1500左右, 0.15万.

    近, 约 and 左右 are taken at the figure they stand with. A bound or a span (1500多, 1000-2000, 至少1500) is no number, nor
    are commas that do not part thousands.
    """
    return text.map_batches(_numbers, return_dtype=pl.Float64, is_elementwise=True)


def _numbers(cells: pl.Series) -> pl.Series:
    """Plain numbers are nearly all of a sheet; only the others meet the long pattern."""
    plain = cells.str.contains(_PLAIN_NUMBER).fill_null(False)
    fast = cells.cast(pl.Float64, strict=False)
    if (plain | cells.is_null()).all():
        return fast
    others = pl.Series("text", cells.filter(~plain)).str.replace_all(r"\s", "")
    parts = others.str.extract_groups(_WORDED_NUMBER).struct.unnest()
    figures = (parts["sign"] + parts["number"].str.replace_all(",", "", literal=True)).cast(pl.Float64, strict=False)
    scales = parts["scale"].fill_null("").replace_strict(_SCALES, return_dtype=pl.Float64)
    # 0.15 × 10000 is 1500.0000000000002 in binary; amounts have no more than four decimals.
    return fast.scatter(pl.arg_where(~plain, eager=True), (figures * scales).round(4))


def to_integer(text: pl.Expr) -> pl.Expr:
    """As `to_number`, null where it is not whole."""
    number = to_number(text)
    return pl.when(number == number.round()).then(number.cast(pl.Int64, strict=False))


def to_boolean(text: pl.Expr) -> pl.Expr:
    """是/否, 有/无, √/×, 1/0, Y/N, true/false."""
    return pl.when(text.is_in(_YES)).then(pl.lit(True)).when(text.is_in(_NO)).then(pl.lit(False))


def to_code(text: pl.Expr, codes: dict[str, str]) -> pl.Expr:
    """Code of a label (spaces ignored), or the code itself; null for what the list does not hold."""
    known = codes | {code: code for code in codes.values()}
    return text.str.replace_all(r"\s", "").replace_strict(known, default=None, return_dtype=pl.String)


def to_codes(text: pl.Expr, codes: dict[str, str]) -> pl.Expr:
    """Several labels with 、 ， , ; or / between them as `|code|code|`, in the order of the list; null if one is unknown."""
    known = codes | {code: code for code in codes.values()}
    order = {code: place for place, code in enumerate(dict.fromkeys(codes.values()))}
    items = text.str.replace_all(r"\s", "").str.strip_chars("|").str.replace_all("[、，;；/|]", ",").str.split(",")
    coded = items.list.eval(pl.element().replace_strict(known, default=None, return_dtype=pl.String))
    ranked = coded.list.eval(
        pl.element().unique().sort_by(pl.element().unique().replace_strict(order, default=None, return_dtype=pl.Int64))
    )
    return pl.when(coded.list.eval(pl.element().is_null().any()).list.first().not_()).then(
        pl.lit("|") + ranked.list.join("|") + pl.lit("|")
    )


def is_mobile_phone(text: pl.Expr) -> pl.Expr:
    """Whether it is a mobile number of mainland China: 1, 3 to 9, nine digits."""
    return text.str.contains(r"^1[3-9]\d{9}$")
