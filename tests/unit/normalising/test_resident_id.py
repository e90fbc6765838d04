"""Identity numbers against the plain loop of GB 11643."""

from __future__ import annotations

from datetime import date, timedelta

import polars as pl
from hypothesis import given
from hypothesis import strategies as st
from tests.pipeline.ledgers import WEIGHTS

from zaoxue.normalising.resident_id import birth_year_of_resident_id, normalise_resident_ids, sex_of_resident_id


def check_digit(head: str) -> str:
    return "10X98765432"[sum(w * int(d) for w, d in zip(WEIGHTS, head, strict=True)) % 11]


def is_valid(text: str) -> bool:
    """The definition, one number at a time."""
    if len(text) != 18 or not text[:17].isascii() or not text[:17].isdigit() or text.startswith("999999"):
        return False
    try:
        born = date(int(text[6:10]), int(text[10:12]), int(text[12:14]))
    except ValueError:
        return False
    return born.year >= 1900 and text[17] == check_digit(text[:17])


heads = st.builds(
    lambda place, days, order: f"{place:06d}{date(1900, 1, 1) + timedelta(days):%Y%m%d}{order:03d}",
    st.integers(110000, 999998),
    st.integers(0, 45000),
    st.integers(0, 999),
)
numbers = heads.map(lambda head: head + check_digit(head))
near_misses = st.builds(
    lambda number, place, mark: number[:place] + mark + number[place + 1 :],
    numbers,
    st.integers(0, 17),
    st.sampled_from("0123456789X"),
)


@given(st.lists(st.one_of(numbers, near_misses, st.text("0123456789Xx ", max_size=20)), max_size=30))
def test_equals_the_plain_loop(texts: list[str]) -> None:
    got, valid = normalise_resident_ids(pl.Series("id", texts, dtype=pl.String))
    for text, number, verdict in zip(texts, got, valid, strict=True):
        bare = text.replace(" ", "").upper()
        if not bare:
            assert (number, verdict) == (None, None)
        elif len(bare) != 15:  # 15 digits are widened: see below
            assert verdict is is_valid(bare)
            assert number == (bare if verdict else None)


def test_as_clerks_write_them() -> None:
    number = "11010519491231002X"
    written = [
        "11010519491231002x",
        "'11010519491231002X",
        " 110105 19491231 002X ",
        "１１０１０５１９４９１２３１００２Ｘ",
        "110105491231002",
        "\u200b11010519491231002X",
    ]
    got, valid = normalise_resident_ids(pl.Series("id", written))
    assert got.to_list() == [number] * len(written)
    assert valid.to_list() == [True] * len(written)


def test_what_excel_did_to_them_is_refused() -> None:
    got, valid = normalise_resident_ids(
        pl.Series("id", ["3.40406E+17", "110105194912310000", "999999199001011234", "340406"])
    )
    assert got.to_list() == [None] * 4
    assert valid.to_list() == [False] * 4


def test_birth_year_and_sex() -> None:
    frame = pl.DataFrame({"id": ["11010519491231002X", "110105194912310038", None]})
    assert frame.select(birth_year_of_resident_id(pl.col("id"))).to_series().to_list() == [1949, 1949, None]
    assert frame.select(sex_of_resident_id(pl.col("id"))).to_series().to_list() == ["female", "male", None]
