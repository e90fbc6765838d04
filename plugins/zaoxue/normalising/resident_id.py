"""Resident identity numbers, GB 11643-1999, checked over a byte buffer and not row by row."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import polars as pl

from zaoxue.normalising.text import clean_text

_WEIGHTS = np.array([7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2], dtype=np.float32)  # BLAS knows no integers
_CHECK_DIGITS = np.frombuffer(b"10X98765432", dtype=np.uint8)
_DAYS_IN_MONTH = np.array([0, 31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31], dtype=np.int32)
_ZERO = ord("0")
_EIGHTEEN = r"^[0-9]{17}[0-9X]$"
_PLACEHOLDER = "999999"
_SCIENTIFIC = r"^\d(?:\.\d+)?E\+?1[4-8]$"
_LOST = 1000  # Excel keeps 15 digits of a number: of 18 the last three are lost


def normalise_resident_ids(cells: pl.Series) -> tuple[pl.Series, pl.Series, pl.Series]:
    """Text cells to identity numbers of 18 characters or null, and two verdicts: `valid` and `whole`.

    `whole`: false where a spreadsheet took the text for a number and lost its last digits (`is_damaged`), null where empty,
    else true. `valid`: true or false; null where empty or not whole, for which no check can be made.

    Takes off spaces and a leading apostrophe, widens 15-digit numbers (19 before the year, check digit added),
    raises a lower-case x. Valid: 17 digits and the right check digit, and a birth date that exists; the first six
    digits are the place of first registration and are not judged. The placeholder prefix 999999 is invalid.
    """
    plain = _are_valid_as_they_stand(cells)
    others = (~plain).arg_true()
    if others.is_empty():
        return cells, plain, plain
    numbers, valid, whole = _of_any_form(cells.gather(others))
    return (
        cells.clone().scatter(others, numbers),  # scatter works in place
        plain.clone().scatter(others, valid),
        plain.scatter(others, whole),
    )


def _are_valid_as_they_stand(cells: pl.Series) -> pl.Series:
    """18 characters, as nearly all are: these need no mending."""
    plain = (cells.str.contains(_EIGHTEEN) & ~cells.str.starts_with(_PLACEHOLDER)).fill_null(False)
    characters = _characters(cells.filter(plain))
    valid = plain.to_numpy(writable=True)
    valid[valid] = (characters[:, 17] == _check_digits(characters)) & _birth_date_exists(characters)
    return pl.Series(valid)


def _of_any_form(cells: pl.Series) -> tuple[pl.Series, pl.Series, pl.Series]:
    cleaned = (
        cells.to_frame("id")
        .select(clean_text(pl.col("id")).str.strip_chars("'‘’`").str.replace_all(" ", "").str.to_uppercase())
        .to_series()
    )
    given = cleaned.is_not_null()
    shaped = cleaned.fill_null("")
    is_old = shaped.str.contains(r"^\d{15}$")
    widened = pl.select(
        pl.when(is_old).then(shaped.str.slice(0, 6) + "19" + shaped.str.slice(6, 9) + "0").otherwise(shaped)
    ).to_series()
    well_formed = widened.str.contains(_EIGHTEEN) & ~widened.str.starts_with(_PLACEHOLDER)
    blank = "0" * 18
    fixed = pl.select(pl.when(well_formed).then(widened).otherwise(pl.lit(blank))).to_series()
    characters = _characters(fixed)
    check = _check_digits(characters)
    old = is_old.to_numpy()
    characters[old, 17] = check[old]
    valid = well_formed.to_numpy() & (characters[:, 17] == check) & _birth_date_exists(characters)
    numbers = pl.Series("id", characters.view("S18").ravel().astype("U18"), dtype=pl.String)
    whole = ~is_damaged(shaped, pl.Series(valid))
    verdict = pl.Series("valid", valid) & whole
    return (
        pl.select(pl.when(verdict).then(numbers)).to_series(),
        pl.select(pl.when(given & whole).then(verdict)).to_series().alias("valid"),
        pl.select(pl.when(given).then(whole)).to_series().alias("whole"),
    )


def is_damaged(texts: pl.Series, valid: pl.Series) -> pl.Series:
    """Whether a spreadsheet kept only the first 15 digits: 3.40406E+17, or 18 digits that end in 000 or are the binary
    number nearest to that. The latter only where the check digit is wrong too: one number in a thousand ends in 000.
    """
    eighteen = texts.str.contains(r"^\d{18}(?:\.0+)?$") & ~valid
    if eighteen.any():
        number = texts.str.slice(0, 18).cast(pl.Int64, strict=False)
        rounded = (number + _LOST // 2) // _LOST * _LOST
        nearest = rounded.cast(pl.Float64).cast(pl.Int64, strict=False)
        eighteen = eighteen & ((number == rounded) | (number == nearest)).fill_null(False)
    return eighteen | texts.str.contains(_SCIENTIFIC)


def birth_year_of_resident_id(numbers: pl.Expr) -> pl.Expr:
    """Year of birth: digits 7 to 10 (GB 11643)."""
    return numbers.str.slice(6, 4).cast(pl.Int64, strict=False)


def sex_of_resident_id(numbers: pl.Expr) -> pl.Expr:
    """`male` where the 17th digit is odd, else `female` (GB 11643)."""
    odd = numbers.str.slice(16, 1).cast(pl.Int64, strict=False) % 2 == 1
    return pl.when(odd).then(pl.lit("male")).when(~odd).then(pl.lit("female"))


DERIVATIONS = {"birth_year_of_resident_id": birth_year_of_resident_id, "sex_of_resident_id": sex_of_resident_id}


def _characters(fixed: pl.Series) -> npt.NDArray[np.uint8]:
    joined = fixed.str.join("").item() if len(fixed) else ""
    return np.frombuffer(bytearray(joined.encode("ascii")), dtype=np.uint8).reshape(-1, 18)


def _check_digits(characters: npt.NDArray[np.uint8]) -> npt.NDArray[np.uint8]:
    sums = (characters[:, :17].astype(np.float32) - _ZERO) @ _WEIGHTS
    digits: npt.NDArray[np.uint8] = _CHECK_DIGITS[sums.astype(np.int32) % 11]
    return digits


def _birth_date_exists(characters: npt.NDArray[np.uint8]) -> npt.NDArray[np.bool_]:
    digits = characters[:, 6:14].astype(np.int32) - _ZERO
    year = ((digits[:, 0] * 10 + digits[:, 1]) * 10 + digits[:, 2]) * 10 + digits[:, 3]
    month = digits[:, 4] * 10 + digits[:, 5]
    day = digits[:, 6] * 10 + digits[:, 7]
    leap = ((year % 4 == 0) & (year % 100 != 0)) | (year % 400 == 0)
    in_month = (month >= 1) & (month <= 12)
    last = _DAYS_IN_MONTH[np.where(in_month, month, 0)] - ((month == 2) & ~leap)
    exists: npt.NDArray[np.bool_] = in_month & (day >= 1) & (day <= last) & (year >= 1900)
    return exists
