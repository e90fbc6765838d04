"""Identity numbers against the plain loop of GB 11643."""

from __future__ import annotations

from datetime import date, timedelta

import polars as pl
from hypothesis import given, settings
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


@settings(deadline=None)
@given(st.lists(st.one_of(numbers, near_misses, st.text("0123456789Xx ", max_size=20)), max_size=30))
def test_equals_the_plain_loop(texts: list[str]) -> None:
    got, valid, whole = normalise_resident_ids(pl.Series("id", texts, dtype=pl.String))
    for text, number, verdict, is_whole in zip(texts, got, valid, whole, strict=True):
        bare = text.replace(" ", "").upper()
        if not bare:
            assert (number, verdict, is_whole) == (None, None, None)
        elif not is_whole:
            assert (number, verdict, is_valid(bare)) == (None, None, False)
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
    got, valid, _ = normalise_resident_ids(pl.Series("id", written))
    assert got.to_list() == [number] * len(written)
    assert valid.to_list() == [True] * len(written)


def test_what_excel_did_to_them_is_told_apart_from_other_faults() -> None:
    cut = ["3.40406E+17", "3.40406199001011e+17", "340406199001012000", "340406199001011968", "110105194912310000.0"]
    wrong = ["999999199001011234", "340406", "340406199001011234"]
    got, valid, whole = normalise_resident_ids(pl.Series("id", [*cut, *wrong, None]))
    assert got.to_list() == [None] * 9
    assert valid.to_list() == [None] * 5 + [False] * 3 + [None]
    assert whole.to_list() == [False] * 5 + [True] * 3 + [None]


def test_a_right_number_that_ends_in_000_is_whole() -> None:
    place = next(p for p in range(110000, 111000) if check_digit(f"{p}19900101500"[:17]) == "0")
    number = f"{place}19900101500"[:17] + "0"
    got, valid, whole = normalise_resident_ids(pl.Series("id", [number]))
    assert number.endswith("000")
    assert (got.item(), valid.item(), whole.item()) == (number, True, True)


@settings(deadline=None)
@given(st.lists(numbers.filter(lambda n: n[17] != "X"), min_size=1, max_size=20))
def test_a_number_that_went_through_excel_never_passes_as_valid_but_by_its_check_digit(texts: list[str]) -> None:
    through = [str(int(float(f"{int(text):.14E}"))) for text in texts]
    got, valid, whole = normalise_resident_ids(pl.Series("id", through))
    for text, number, verdict, is_whole in zip(through, got, valid, whole, strict=True):
        assert (verdict is True and is_valid(text) and number == text) or (is_whole is False and number is None)


def test_birth_year_and_sex() -> None:
    frame = pl.DataFrame({"id": ["11010519491231002X", "110105194912310038", None]})
    assert frame.select(birth_year_of_resident_id(pl.col("id"))).to_series().to_list() == [1949, 1949, None]
    assert frame.select(sex_of_resident_id(pl.col("id"))).to_series().to_list() == ["female", "male", None]
