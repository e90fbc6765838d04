"""Working on distinct cells gives what working on each cell gives."""

from __future__ import annotations

import hmac

import polars as pl
from hypothesis import given
from hypothesis import strategies as st

from zaoxue.normalising.distinct_cells import DistinctCells
from zaoxue.protecting import person_keys

CELLS = st.lists(st.one_of(st.none(), st.sampled_from(["", " ", "甲", "乙（二）", "１", "　丙"]), st.text(max_size=4)))


@given(CELLS, st.booleans())
def test_spreading_what_was_worked_out_equals_working_it_out_everywhere(
    cells: list[str | None], repeated: bool
) -> None:
    column = pl.Series("a", cells * (30 if repeated else 1), dtype=pl.String)
    distinct = DistinctCells.of(column)
    assert distinct.spread(distinct.values.str.len_chars()).to_list() == column.str.len_chars().to_list()


@given(st.lists(st.one_of(st.none(), st.text(alphabet="0123456789X", min_size=18, max_size=18))), st.binary(min_size=1))
def test_person_keys_are_hmac_sha_256(numbers: list[str | None], secret: bytes) -> None:
    found = person_keys(pl.Series(numbers, dtype=pl.String), secret).to_list()
    assert found == [n if n is None else hmac.digest(secret, n.encode(), "sha256").hex() for n in numbers]
