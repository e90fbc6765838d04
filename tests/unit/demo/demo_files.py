"""The size of the test demos, and how to read their truth."""

from __future__ import annotations

from pathlib import Path

import polars as pl

# Big enough for every kind of damage, small enough to be made in two seconds.
SIZE = {"people": 900, "districts": 3, "townships_per_district": 3}


def truth_part(folder: Path, part: str) -> pl.DataFrame:
    """One file of the truth: dates as Date, codes and identity numbers as text."""
    text = dict.fromkeys(
        (
            "person_id",
            "household_head_id",
            "district_code",
            "township_code",
            "area_code",
            "organisation_code",
            "place_code",
            "phone",
            "period",
            "bank_code",
        ),
        pl.String,
    )
    return pl.read_csv(
        folder / "truth" / f"{part}.csv", try_parse_dates=True, schema_overrides=text, infer_schema_length=None
    )
