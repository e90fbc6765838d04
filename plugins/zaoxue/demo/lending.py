"""Loans of two banks: what was lent, and what each loan looks like on a given day."""

from __future__ import annotations

from datetime import date

import numpy as np
import polars as pl

from zaoxue.demo.people import as_dates
from zaoxue.demo.places import BANK_BY_API, BANK_BY_FILE

LOANS_PER_PERSON = 0.06
# Share of the interest that the budget pays for a startup loan (财金〔2023〕75号).
SUBSIDY_SHARE = 0.5
_QUARTER_DAYS = 91
_JOBS = ("jobs_brought", "needy_jobs_brought")
_LAST = ("interest_subsidy_paid", *_JOBS)


def simulate_loans(rng: np.random.Generator, persons: pl.DataFrame, first_day: int, last_day: int) -> pl.DataFrame:
    """One row for each receipt, not yet numbered, with all its true dates; those past `last_day` are left out.

    Principal is paid back in one sum: early, on the last day of the term or of its extension, or never (overdue).
    """
    able = persons.filter(pl.col("employment_intent") != "none")
    count = max(4, int(persons.height * LOANS_PER_PERSON))
    people = able[rng.integers(0, able.height, count)]
    firm = rng.random(count) < 0.1
    startup = firm | (rng.random(count) < 0.62)
    partners = startup & ~firm & (rng.random(count) < 0.06)
    principal = np.where(startup, rng.integers(4, 31, count) * 10_000, rng.integers(1, 6, count) * 10_000)
    principal = np.where(firm, rng.integers(10, 201, count) * 20_000, principal)
    registered = people["registered_on"].cast(pl.Int32).to_numpy().astype(np.int64)
    issued = np.maximum(registered, rng.integers(first_day, last_day - 3, count))
    months = np.where(firm, 24, np.where(rng.random(count) < 0.5, 36, 24))
    months = np.where(rng.random(count) < 0.3, 12, months)
    due = issued + months * 365 // 12
    overdue = np.where(rng.random(count) < 0.04, issued + rng.integers(120, 700, count), last_day + 1)
    in_time = overdue > last_day
    early = (rng.random(count) < 0.18) & in_time
    extended = (months == 12) & (rng.random(count) < 0.3) & (due <= last_day)
    at_the_end = np.where(in_time, np.where(extended, due + 180, due), last_day + 1)
    repaid = np.where(early, np.minimum(issued + rng.integers(90, 500, count), due), at_the_end)
    extended &= repaid > due
    bank = np.where(rng.random(count) < 0.6, BANK_BY_FILE[0], BANK_BY_API[0])
    jobs = np.where(firm, 3 + issued % 9, issued % 4)  # no draw: what is drawn after this stays as it was
    firm_names = np.array([f"{name}云辉商贸行" for name in people["village"].to_list()])
    return pl.DataFrame(
        {
            "bank_code": bank,
            "district_code": people["district_code"],
            "loan_kind": np.where(startup, "startup_guaranteed", "microcredit"),
            "borrower_kind": np.select([firm, partners], ["small_firm", "partnership"], "person"),
            "borrower_name": np.where(firm, firm_names, people["name"].to_numpy().astype(str)),
            "person_id": np.where(firm, "", people["person_id"].to_numpy().astype(str)),
            "principal": principal.astype(np.int64),
            "annual_rate": np.where(startup, 3.1, 3.45) + rng.integers(0, 8, count) * 0.05,
            "issued_on": as_dates(issued),
            "due_on": as_dates(due),
            "extended_to": as_dates(due + 180, ~extended),
            "overdue_since": as_dates(overdue, overdue > last_day),
            "repaid_on": as_dates(repaid, repaid > last_day),
            "jobs_brought": jobs,
            "needy_jobs_brought": jobs // 2,
        }
    ).with_columns(
        pl.col("person_id").replace("", None),
        pl.col("annual_rate").round(2),
        # A microcredit feeds a household: nobody counts its jobs.
        *(pl.when(pl.col("loan_kind") == "startup_guaranteed").then(name).alias(name) for name in _JOBS),
    )


def numbered(loans: pl.DataFrame) -> pl.DataFrame:
    """The receipts in the order of their issue, with receipt and contract numbers."""
    frame = loans.sort("issued_on", maintain_order=True)
    number = pl.int_range(1, pl.len() + 1).cast(pl.String).str.zfill(6)
    stamp = pl.col("issued_on").dt.strftime("%Y")
    return frame.select(
        pl.format("JJ99{}{}", stamp, number).alias("receipt_no"),
        pl.format("HT99{}{}", stamp, number).alias("contract_no"),
        pl.all(),
    )


def loans_on(loans: pl.DataFrame, day: date) -> pl.DataFrame:
    """The receipts issued by `day` as a bank would report them then: balance, subsidy paid, overdue, repaid.

    Interest subsidy of a startup loan is paid for whole quarters of 91 days, days over 360, and for the rest of the term
    when it ends; it stops with the term, repayment or the first overdue day, and never covers an extension.
    """
    ends = pl.min_horizontal("due_on", "overdue_since", "repaid_on")
    elapsed = (pl.lit(day) - pl.col("issued_on")).dt.total_days()
    eligible = (ends - pl.col("issued_on")).dt.total_days()
    paid_days = pl.when(eligible <= elapsed).then(eligible).otherwise(elapsed // _QUARTER_DAYS * _QUARTER_DAYS)
    subsidy = pl.col("principal") * pl.col("annual_rate") / 100 * SUBSIDY_SHARE * paid_days / 360
    known = [pl.when(pl.col(name) <= day).then(pl.col(name)).alias(name) for name in ("overdue_since", "repaid_on")]
    return (
        loans.filter(pl.col("issued_on") <= day)
        .with_columns(
            # Rounded down: half a cent too much is too much.
            pl.when(pl.col("loan_kind") == "startup_guaranteed")
            .then((subsidy * 100 + 1e-6).floor() / 100)
            .alias("interest_subsidy_paid"),
        )
        .with_columns(*known, pl.when(pl.col("due_on") <= day).then(pl.col("extended_to")).alias("extended_to"))
        .with_columns(
            pl.when(pl.col("repaid_on").is_not_null()).then(0.0).otherwise(pl.col("principal")).alias("outstanding")
        )
        .select(pl.exclude(_LAST), *_LAST)
    )
