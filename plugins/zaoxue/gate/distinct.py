"""The distinct values that rules speak of, so that a rule is judged once for each value and not once for each row.

A rule about single rows depends on nothing but the values of its columns. A ledger of 100,000 rows has three verdicts
on a cell, some twenty codes and a thousand dates: judging those and carrying the verdict back costs a fraction.
Great Expectations copies the whole frame for each rule, so a frame holds only sets of values of about the same size.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import groupby

import polars as pl

from zaoxue.contracts import ContractError, Rule
from zaoxue.gate.great import ROW_ID

COLUMN_ARGUMENTS = ("column", "column_A", "column_B")
NOT_NULL = "expect_column_values_to_not_be_null"
_GROWTH = 8  # sets of up to 8 times the size share a frame
_SMALLEST = 512
# Expectations whose verdict on a row hangs on that row's values alone. Uniqueness does not: say it by a derived column.
ROW_WISE = {
    "expect_column_values_to_be_null",
    NOT_NULL,
    "expect_column_values_to_be_in_set",
    "expect_column_values_to_not_be_in_set",
    "expect_column_values_to_be_between",
    "expect_column_values_to_match_regex",
    "expect_column_values_to_not_match_regex",
    "expect_column_value_lengths_to_be_between",
    "expect_column_pair_values_to_be_equal",
    "expect_column_pair_values_to_be_in_set",
    "expect_column_pair_values_a_to_be_greater_than_b",
    "expect_select_column_values_to_be_unique_within_record",
}


@dataclass(frozen=True)
class DistinctValues:
    """A frame for one validation, and the rules to run on it.

    `frame`: `_row_id` and sets of distinct values side by side; shorter ones repeat their first value to the length of
    the longest. `rules`: as they are written, `reworded`: for `frame`, in the same order.
    """

    frame: pl.DataFrame
    rules: list[Rule]
    reworded: list[Rule]

    def values_at(self, place: int, row_ids: pl.Series) -> pl.DataFrame:
        """The values that the rule at this place speaks of in those rows of `frame`, under the batch's names."""
        names = dict(zip(columns_of(self.reworded[place]), columns_of(self.rules[place]), strict=True))
        return self.frame[row_ids.to_list()].select(names.keys()).rename(names)


def columns_of(rule: Rule) -> tuple[str, ...]:
    """The columns a rule speaks of, each once."""
    single = [rule.arguments[name] for name in COLUMN_ARGUMENTS if name in rule.arguments]
    return tuple(dict.fromkeys([*single, *rule.arguments.get("column_list", [])]))


def distinct_values(batch: pl.DataFrame, rules: list[Rule]) -> Iterator[DistinctValues]:
    """The distinct values of every set of columns that a rule uses, in as many frames as there are orders of size.

    A rule that nothing is said of (every row lacks one of its columns) is left out: it finds nothing.
    Raises ContractError for a rule that is no statement about single rows.
    """
    for rule in rules:
        if rule.expectation not in ROW_WISE:
            raise ContractError(f"{rule.rule_id}: {rule.expectation} is not among {', '.join(sorted(ROW_WISE))}")
    sets = {
        names: batch.select(names).unique(maintain_order=True) for names in dict.fromkeys(columns_of(r) for r in rules)
    }
    rules = [rule for rule in rules if rule.expectation == NOT_NULL or sets[columns_of(rule)].drop_nulls().height]
    sets = {names: sets[names] for names in dict.fromkeys(columns_of(rule) for rule in rules)}
    sized = sorted(sets, key=lambda names: sets[names].height)
    for _, group in groupby(sized, key=lambda names: _size_class(sets[names].height)):
        together = {names: place for place, names in enumerate(group)}
        length = max(sets[names].height for names in together)
        columns = [
            sets[names].select(pl.all().gather(_padded(sets[names].height, length)).name.suffix(f"@{place}"))
            for names, place in together.items()
        ]
        row_ids = pl.select(pl.int_range(length, dtype=pl.Int64).alias(ROW_ID))
        chosen = [rule for rule in rules if columns_of(rule) in together]
        yield DistinctValues(
            pl.concat([row_ids, *columns], how="horizontal"),
            chosen,
            [_reworded(rule, together[columns_of(rule)]) for rule in chosen],
        )


def rows_with(batch: pl.DataFrame, values: pl.DataFrame) -> pl.Series:
    """`_row_id` of the batch's rows that hold one of these combinations of values; null equals null."""
    names = values.columns
    return batch.select(ROW_ID, *names).join(values.unique(), on=names, how="semi", nulls_equal=True)[ROW_ID]


def _size_class(height: int) -> int:
    size = 0
    while height > _SMALLEST * _GROWTH**size:
        size += 1
    return size


def _padded(height: int, length: int) -> pl.Expr:
    place = pl.int_range(length)
    return pl.when(place < height).then(place).otherwise(0)


def _reworded(rule: Rule, place: int) -> Rule:
    arguments = dict(rule.arguments)
    for name in COLUMN_ARGUMENTS:
        if name in arguments:
            arguments[name] = f"{arguments[name]}@{place}"
    if "column_list" in arguments:
        arguments["column_list"] = [f"{name}@{place}" for name in arguments["column_list"]]
    return replace(rule, arguments=arguments)
