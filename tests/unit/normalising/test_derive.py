"""Check columns against plain Python, and dated parameters."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.pipeline.ledgers import resident_id

from zaoxue.contracts import ContractError
from zaoxue.normalising import derive_rows as rows
from zaoxue.normalising import derive_values as values
from zaoxue.normalising import load_parameters
from zaoxue.normalising.uscc import uscc_is_valid
from zaoxue.settings import load_settings

DAYS = st.dates(date(1930, 1, 1), date(2030, 12, 31))


@given(DAYS, DAYS)
def test_age_in_years_and_months(birth: date, day: date) -> None:
    frame = pl.DataFrame({"id": [resident_id(1, f"{birth:%Y%m%d}")], "day": [day]})
    years, months = frame.select(
        years=values.age_on(pl.col("id"), pl.col("day")), months=values.age_in_months_on(pl.col("id"), pl.col("day"))
    ).row(0)
    assert years == day.year - birth.year - ((day.month, day.day) < (birth.month, birth.day))
    assert months == (day.year - birth.year) * 12 + day.month - birth.month - (day.day < birth.day)


FEW_DAYS = st.dates(date(2026, 1, 1), date(2026, 1, 9))
SPELL = st.tuples(st.integers(0, 2), FEW_DAYS, st.none() | FEW_DAYS)


@given(st.lists(SPELL, max_size=12, unique_by=lambda spell: spell[:2]))
def test_earlier_spells_by_a_plain_loop(spells: list[tuple[int, date, date | None]]) -> None:
    schema = {"who": pl.Int64, "start": pl.Date, "end": pl.Date}
    frame = pl.DataFrame(spells, schema=schema, orient="row").with_columns(
        pl.lit("f").alias(rows.FILE), pl.lit(True).alias(rows.FIRST_OF_KEY)
    )
    columns = (pl.col("start"), pl.col("end"), pl.col("who"))
    found = frame.select(end=rows.last_earlier_end(*columns), closed=rows.no_earlier_open(*columns)).rows()
    for (who, start, _), (end, closed) in zip(spells, found, strict=True):
        earlier = [e for w, s, e in spells if w == who and s < start]
        assert end == max((e for e in earlier if e is not None), default=None)
        assert closed == all(e is not None for e in earlier)


def test_credit_codes() -> None:
    codes = pl.Series(["91350100M000100Y43", "91350100M000100Y34", "9135", "91350100I000100Y43", None], dtype=pl.String)
    assert uscc_is_valid(codes).to_list() == [True, False, False, False, None]


@pytest.mark.parametrize(
    ("condition", "kind", "holds"),
    [
        ("|dibao|older|", "array", True),
        ("|older_still|", "array", False),
        ("older", "string", True),
        (None, "string", None),
    ],
)
def test_conditions(condition: str | None, kind: str, holds: bool | None) -> None:
    frame = pl.DataFrame({"c": [condition]}, schema={"c": pl.String})
    assert frame.select(values.holds_any(pl.col("c"), ("older",), kind)).item() is holds


def value(name: str, on: date, area: str, code: str | None = None) -> float | None:
    frame = pl.DataFrame({"on": [on], "area": [area], "code": [code]}, schema_overrides={"code": pl.String})
    parameters = load_parameters(load_settings().contracts)
    return frame.select(parameters.value(name, pl.col("on"), pl.col("area"), pl.col("code"))).item()


@pytest.mark.parametrize(
    ("on", "area", "code", "expected"),
    [
        (date(2023, 8, 31), "990101", "person", 200_000),
        (date(2023, 9, 1), "990101", "person", 300_000),
        (date(2026, 5, 1), "440305", "person", 600_000),  # the smaller division counts
        (date(2026, 5, 1), "440305", "partnership", 4_000_000),  # which says nothing of partnerships
        (date(2019, 5, 1), "990101", "small_firm", None),
    ],
)
def test_parameters_go_by_day_place_and_code(on: date, area: str, code: str, expected: float | None) -> None:
    assert value("loan_cap", on, area, code) == expected


def test_an_unknown_parameter_or_a_broken_file_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ContractError, match="no_such"):
        value("no_such", date(2026, 1, 1), "99")
    (tmp_path / "parameters.csv").write_text("parameter,value\nx,abc\n")
    with pytest.raises(ContractError, match="parameters"):
        load_parameters(tmp_path)
