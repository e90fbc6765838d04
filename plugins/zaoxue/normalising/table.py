"""A table of text to a table of typed columns, by the contract."""

from __future__ import annotations

import polars as pl

from zaoxue.contracts import Column, Contract
from zaoxue.normalising.distinct_cells import DistinctCells
from zaoxue.normalising.resident_id import DERIVATIONS, normalise_resident_ids
from zaoxue.normalising.text import clean_cells, clean_word
from zaoxue.normalising.values import (
    is_mobile_phone,
    to_boolean,
    to_code,
    to_codes,
    to_date,
    to_integer,
    to_number,
    unless_nothing,
)

VALID_SUFFIX = "__valid"
WHOLE_SUFFIX = "__whole"


def normalise(table: pl.DataFrame, contract: Contract) -> pl.DataFrame:
    """Text columns to typed ones, and beside each that can be wrong `<name>__valid`: true, false, or null where empty.

    Shape: as many rows, in the same order; the columns of `table` that the contract does not know pass through.
    A cell that cannot be read as its type is null with `__valid` false: the gate states it, nothing is guessed. Identity
    numbers have `<name>__whole` too: false where a spreadsheet cut them (then `__valid` is null).
    """
    sources = [column for column in contract.columns if not column.derived_from]
    typed = table.with_columns(series for column in sources for series in _columns(column, table[column.name]))
    return typed.with_columns(
        DERIVATIONS[column.derivation or ""](pl.col(column.sources[0])).alias(column.name)
        for column in contract.columns
        if column.sources and not column.check_only
    )


def has_verdict(column: Column) -> bool:
    """Whether `normalise` gives the column a `__valid` companion."""
    return not column.derived_from and (
        column.logical_type != "string" or bool(column.codes) or column.semantic_type in ("resident_id", "mobile_phone")
    )


def _columns(column: Column, cells: pl.Series) -> list[pl.Series]:
    """The typed column and its companions."""
    distinct = DistinctCells.of(cells)
    cleaned = clean_cells(distinct.values).alias(column.name)
    if column.is_resident_id:
        numbers, valid, whole = normalise_resident_ids(cleaned)
        worked_out = [numbers, valid.alias(column.name + VALID_SUFFIX), whole.alias(column.name + WHOLE_SUFFIX)]
    else:
        worked_out = cleaned.to_frame().select(_expressions(column)).get_columns()
    return [distinct.spread(series) for series in worked_out]


def _expressions(column: Column) -> list[pl.Expr]:
    text = pl.col(column.name)
    if not has_verdict(column):
        return [text]
    if column.semantic_type == "mobile_phone":
        return [text, is_mobile_phone(text).alias(column.name + VALID_SUFFIX)]
    if column.logical_type in ("date", "integer", "number"):
        text = unless_nothing(text)
    typed = _typed(column, text)
    valid = pl.when(text.is_not_null()).then(typed.is_not_null())
    return [typed.alias(column.name), valid.alias(column.name + VALID_SUFFIX)]


def _typed(column: Column, text: pl.Expr) -> pl.Expr:
    codes = {clean_word(label): code for label, code in column.codes.items()}
    match column.logical_type:
        case "date":
            return to_date(text, month_only=column.month_only)
        case "integer":
            return to_integer(text)
        case "number":
            return to_number(text)
        case "boolean":
            return to_boolean(text)
        case "array":
            return to_codes(text, codes)
    return to_code(text, codes)
