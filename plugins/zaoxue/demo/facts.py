"""Figures of the truth for a place and a span of days: what a claim in the news is held against."""

from __future__ import annotations

from datetime import date

import polars as pl

from zaoxue.demo.truth import Truth

# Measures (codes of the case_report contract) that the demo's ledgers can answer.
MEASURES = (
    "persons_placed",
    "persons_employed",
    "public_posts",
    "persons_trained",
    "certificates_issued",
    "training_classes",
    "loans_issued",
    "loan_amount",
)


def ledger_value(truth: Truth, measure: str, place_code: str, first: date, last: date) -> int:
    """Value of a measure, in people, loans or 元. Stocks (persons_employed) are taken on `last`.

    `place_code` is a division code of 2 to 9 digits; loans are known by district only. Raises ValueError on other
    measures.
    """
    spells, trainings, loans = (_of_place(frame, place_code) for frame in (truth.spells, truth.trainings, truth.loans))
    match measure:
        case "persons_placed":
            return spells.filter(pl.col("started_on").is_between(first, last))["person_id"].n_unique()
        case "public_posts":
            return spells.filter(pl.col("is_public_post"), pl.col("started_on").is_between(first, last))[
                "person_id"
            ].n_unique()
        case "persons_employed":
            at_work = pl.col("ended_on").is_null() | (pl.col("ended_on") >= last)
            return spells.filter(pl.col("started_on") <= last, at_work)["person_id"].n_unique()
        case "persons_trained":
            return trainings.filter(pl.col("started_on").is_between(first, last))["person_id"].n_unique()
        case "certificates_issued":
            return trainings.filter(pl.col("certified_on").is_between(first, last))["person_id"].n_unique()
        case "training_classes":
            return (
                trainings.filter(pl.col("started_on").is_between(first, last))
                .select("training_type", "course", "provider", "started_on")
                .n_unique()
            )
        case "loans_issued":
            return loans.filter(pl.col("issued_on").is_between(first, last)).height
        case "loan_amount":
            return int(loans.filter(pl.col("issued_on").is_between(first, last))["principal"].sum())
    raise ValueError(f"the demo's ledgers do not know {measure}")


def placements_target(truth: Truth, place_code: str) -> int:
    """People to be placed in the year, by the tasks set for the townships of a place."""
    return int(truth.targets.filter(pl.col("area_code").str.starts_with(place_code))["placements_target"].sum())


def _of_place(frame: pl.DataFrame, place_code: str) -> pl.DataFrame:
    code = "township_code" if "township_code" in frame.columns else "district_code"
    return frame.filter(pl.col(code).str.starts_with(place_code))
