"""Let a closing sheet end the open spells of the ledger sheets of the same workbook."""

from __future__ import annotations

from dataclasses import replace

import polars as pl

from zaoxue.normalising.resident_id import normalise_resident_ids
from zaoxue.normalising.text import clean_text
from zaoxue.normalising.values import to_date
from zaoxue.reading.table import ROW, SheetTable, is_blank
from zaoxue.recognising.closing import ClosingSheet

_NAMED_ROWS = 20


def apply_closing(closing: ClosingSheet, tables: list[SheetTable]) -> tuple[list[SheetTable], SheetTable]:
    """Write each end into the person's open spell: of several open ones, the latest that began by then.

    Returns the tables with the ends filled in, and the account of the closing sheet itself: all its rows are not data,
    and its remarks name the rows that ended nothing (no such person, no open spell, no readable number or date).
    """
    used = [closing.identifier, closing.ended]
    rows = (
        closing.grid.cells.with_row_index(ROW, offset=1)
        .filter((pl.col(ROW) > closing.header_row) & ~is_blank(used))
        .select(pl.col(ROW).cast(pl.Int32), clean_text(pl.col(closing.ended)).alias("ended"), closing.identifier)
    )
    ends = rows.with_columns(
        normalise_resident_ids(rows[closing.identifier])[0].alias("person"), to_date(pl.col("ended")).alias("ended_on")
    ).filter(pl.col("person").is_not_null() & pl.col("ended_on").is_not_null())
    spells = pl.concat(
        [
            table.rows.select(
                pl.lit(number, dtype=pl.Int32).alias("table"),
                pl.int_range(pl.len()).alias("place"),
                normalise_resident_ids(table.rows[closing.identifier_name])[0].alias("person"),
                to_date(clean_text(pl.col(closing.starts))).alias("started_on"),
                clean_text(pl.col(closing.ends)).alias("known_end"),
            )
            for number, table in enumerate(tables)
        ]
    )
    open_spells = spells.filter(pl.col("known_end").is_null() & pl.col("person").is_not_null())
    closed = (
        ends.unique("person", keep="last", maintain_order=True)
        .join(open_spells, on="person")
        .filter(pl.col("started_on").is_null() | (pl.col("started_on") <= pl.col("ended_on")))
        .sort("person", "started_on", nulls_last=False)
        .unique("person", keep="last", maintain_order=True)
    )
    # A person whose spell in the ledger has that very end already is no loose end.
    agreed = ends.join(spells, on="person").filter(to_date(pl.col("known_end")) == pl.col("ended_on"))
    loose = rows.join(closed, on=ROW, how="anti").join(agreed, on=ROW, how="anti")[ROW].to_list()
    filled = [_with_ends(table, closed.filter(pl.col("table") == n), closing.ends) for n, table in enumerate(tables)]
    height = closing.grid.cells.height
    return filled, SheetTable(tables[0].rows.clear(), height, height, _remark(closing.grid.sheet, loose))


def _with_ends(table: SheetTable, closed: pl.DataFrame, ends: str) -> SheetTable:
    if closed.is_empty():
        return table
    column = table.rows[ends].scatter(closed["place"], closed["ended_on"].cast(pl.String))
    return replace(table, rows=table.rows.with_columns(column))


def _remark(sheet: str, loose: list[int]) -> tuple[tuple[str, str], ...]:
    if not loose:
        return ()
    shown = "、".join(map(str, loose[:_NAMED_ROWS])) + ("等" if len(loose) > _NAMED_ROWS else "")
    return (
        (
            f"工作表“{sheet}”第{shown}行没有对应的未终止就业记录，或身份证号、日期无法识别，未起作用，请核对",
            f"Sheet {sheet}, rows {shown}: no open spell of that person in the ledger, or the number or date cannot be read;"
            " these rows changed nothing, please check them",
        ),
    )
