"""Check columns: what a rule needs to know of a row beyond its cells, worked out once so that an expectation can state it.

A contract declares them (`transformSourceObjects`, `transformLogic`, custom property `checkOnly`) and they are never
loaded. `transformLogic` is a name of the registry with constant arguments in brackets, as in `only_if(organised)`.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

import polars as pl

from zaoxue.contracts import Column, Contract, ContractError
from zaoxue.normalising import derive_rows as rows
from zaoxue.normalising import derive_values as values
from zaoxue.normalising.derive_elsewhere import others_elsewhere, overlaps_elsewhere
from zaoxue.normalising.parameters import Parameters

POLARS_TYPES: dict[str, pl.DataType] = {
    "string": pl.String(),
    "array": pl.String(),
    "integer": pl.Int64(),
    "number": pl.Float64(),
    "boolean": pl.Boolean(),
    "date": pl.Date(),
}
KEY = "key"
IS_KNOWN = "is_known"
_CALL = re.compile(r"^(\w+)(?:\((.*)\))?$")
_PLAIN: dict[str, Callable[..., pl.Expr]] = {
    function.__name__: function
    for function in (
        values.age_on,
        values.age_in_months_on,
        values.is_given,
        values.is_above_zero,
        values.months_inclusive,
        values.days_inclusive,
        values.year_of,
        values.product,
        values.total,
        values.difference,
        values.earliest,
        values.interest,
        values.credit_code_is_valid,
        values.division_is_listed,
        values.holds_text,
        rows.distinct_in_group,
        rows.total_in_group,
        rows.turn_in_group,
        rows.last_earlier_end,
        rows.no_earlier_open,
        others_elsewhere,
    )
}


@dataclass(frozen=True)
class Known:
    """What the warehouse knows, for rules that look beyond the file.

    `frames`: lookup name -> a frame with `key` and named values, at most one row for each key. `person_keys` turns
    identity numbers into the keys of the warehouse. Without a frame every value looked up is null and its rule is not
    judged: the other ledger may come later. The value `is_known` is true, or false where a frame lacks the key.
    """

    frames: Mapping[str, pl.DataFrame] = field(default_factory=dict)
    person_keys: Callable[[pl.Series], pl.Series] | None = None


NOTHING_KNOWN = Known()


def with_checks(frame: pl.DataFrame, contract: Contract, parameters: Parameters, known: Known) -> pl.DataFrame:
    """Add the contract's check columns to a typed frame that has `_submission`, `_organisation_code` and `_first_of_key`.

    Also adds the person keys that a lookup needed. Raises ContractError for a derivation that nobody knows.
    """
    for column in contract.columns:
        if column.check_only:
            frame = _with_check(frame, contract, column, parameters, known)
    return frame


def lookups_of(contract: Contract) -> set[str]:
    """Names of the lookups that the contract's check columns ask for."""
    calls = [_call(column) for column in contract.columns if column.check_only]
    return {arguments[0] for name, arguments in calls if name in ("lookup", "overlaps_elsewhere")}


def _with_check(
    frame: pl.DataFrame, contract: Contract, column: Column, parameters: Parameters, known: Known
) -> pl.DataFrame:
    name, arguments = _call(column)
    if name == "lookup":
        return _looked_up(frame, contract, column, arguments, known)
    if name == "overlaps_elsewhere":
        return _overlapping(frame, contract, column, arguments[0], known)
    sources = [pl.col(source) for source in column.sources]
    if name == "parameter":
        derived = parameters.value(arguments[0], *sources)
    elif name in _CONDITIONAL:
        condition = contract.by_name[column.sources[1]]
        holds = values.holds_any(sources[1], arguments, condition.logical_type)
        derived = pl.when(holds).then(_CONDITIONAL[name](sources[0]))
    elif name == "months_after":
        derived = values.months_after(sources[0], int(arguments[0]))
    elif name == "times":
        derived = sources[0] * float(arguments[0])
    elif name == "coalesce":
        derived = pl.coalesce(sources)
    elif name == "filled_with":  # where the other is filled in, this must be too
        derived = pl.when(sources[1].is_not_null()).then(sources[0].is_not_null())
    elif name == "differs":
        derived = sources[0] != sources[1]
    elif name == "starts_with":
        derived = sources[0].str.starts_with(sources[1])
    elif name in _PLAIN:
        derived = _PLAIN[name](*sources)
    else:
        raise ContractError(f"{contract.feed}.{column.name}: no derivation is named {name}")
    return frame.with_columns(derived.cast(POLARS_TYPES[column.logical_type]).alias(column.name))


# The first source is the cell to mend, the second the condition; the arguments are its codes.
_CONDITIONAL: dict[str, Callable[[pl.Expr], pl.Expr]] = {
    "only_if": lambda value: value,
    "filled_if": lambda value: value.is_not_null(),
    "empty_if": lambda value: value.is_null(),
    "above_zero_if": values.is_above_zero,
}


def _looked_up(
    frame: pl.DataFrame, contract: Contract, column: Column, arguments: tuple[str, ...], known: Known
) -> pl.DataFrame:
    lookup, value = arguments
    kind = POLARS_TYPES[column.logical_type]
    found = known.frames.get(lookup)
    if found is None:
        return frame.with_columns(pl.lit(None, dtype=kind).alias(column.name))
    frame, key = _with_key(frame, contract, column.sources[0], known)
    values_found = found.select(pl.col(KEY).alias(key), pl.col(value).cast(kind).alias(column.name))
    joined = frame.join(values_found, on=key, how="left", maintain_order="left")
    if value != IS_KNOWN or found.is_empty():  # an empty ledger has not been sent yet: nothing can be said
        return joined
    return joined.with_columns(pl.when(pl.col(key).is_not_null()).then(pl.col(column.name).fill_null(False)))


def _overlapping(frame: pl.DataFrame, contract: Contract, column: Column, lookup: str, known: Known) -> pl.DataFrame:
    start, end, person = column.sources
    standing = known.frames.get(lookup)
    if standing is not None and not standing.is_empty():  # the keys cost something, so only where they are needed
        frame, person = _with_key(frame, contract, person, known)
    else:
        standing = None
    return frame.with_columns(overlaps_elsewhere(frame, start, end, person, standing).alias(column.name))


def _with_key(frame: pl.DataFrame, contract: Contract, name: str, known: Known) -> tuple[pl.DataFrame, str]:
    """The frame and the column by which it finds the warehouse's rows: a person's key in place of the number."""
    source = contract.by_name[name]
    if not source.is_resident_id:
        return frame, name
    if known.person_keys is None:
        raise ValueError("a lookup by identity number needs person_keys")
    key = str(source.key_name)
    if key not in frame.columns:
        frame = frame.with_columns(known.person_keys(frame[name]).alias(key))
    return frame, key


def _call(column: Column) -> tuple[str, tuple[str, ...]]:
    parsed = _CALL.match(column.derivation or "")
    if parsed is None:
        raise ContractError(f"{column.name}: transformLogic {column.derivation!r} is no call")
    return parsed[1], tuple(part.strip() for part in (parsed[2] or "").split(",") if part.strip())
