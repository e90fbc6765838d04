"""What goes wrong in single rows: chosen once, planted in every file in which the row stands, and written down."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
import polars as pl

from zaoxue.contracts import Contract
from zaoxue.demo.feeds import ROW_ID
from zaoxue.demo.ledgers import Sheet, first_data_row
from zaoxue.demo.people import resident_id_is_valid
from zaoxue.demo.styles import Style
from zaoxue.demo.writing import Cell

# (kind, column, how many in a demo of 20,000 people)
_PLANTED: dict[str, tuple[tuple[str, str, int], ...]] = {
    "placement": (
        ("bad_check_digit", "person_id", 30),
        ("id_as_number", "person_id", 10),
        ("empty_required", "name", 8),
        ("empty_required", "channel", 8),
        ("empty_required", "contract_months", 6),
        ("unknown_code", "channel", 12),
        ("unknown_code", "region", 8),
        ("impossible_date", "started_on", 15),
        ("end_before_start", "ended_on", 15),
        ("repeated_row", "", 15),
        ("wage_out_of_range", "monthly_wage", 10),
    ),
    "person": (
        ("bad_check_digit", "person_id", 16),
        ("id_as_number", "person_id", 6),
        ("empty_required", "education", 10),
        ("unknown_code", "education", 10),
        ("impossible_date", "registered_on", 10),
        ("repeated_row", "", 10),
    ),
    "training": (
        ("bad_check_digit", "person_id", 8),
        ("empty_required", "provider", 6),
        ("unknown_code", "training_type", 6),
        ("impossible_date", "started_on", 5),
        ("end_before_start", "ended_on", 6),
        ("repeated_row", "", 5),
    ),
    "follow_up": (
        ("bad_check_digit", "person_id", 10),
        ("empty_required", "result", 8),
        ("unknown_code", "result", 8),
        ("impossible_date", "followed_up_on", 6),
        ("future_date", "followed_up_on", 6),
        ("repeated_row", "", 6),
    ),
    "target": (("empty_required", "placements_target", 1), ("bad_area_code", "area_code", 1)),
    "loan": (
        ("bad_check_digit", "person_id", 2),
        ("balance_above_principal", "outstanding", 2),
        ("end_before_start", "due_on", 2),
    ),
    "household": (
        ("bad_check_digit", "household_head_id", 8),
        ("empty_required", "address", 6),
        ("unknown_code", "household_type", 6),
        ("repeated_row", "", 5),
    ),
    "assistance_plan": (
        ("empty_required", "contact_office", 6),
        ("unknown_code", "status", 5),
        ("impossible_date", "planned_on", 5),
        ("repeated_row", "", 4),
    ),
    "referral": (
        ("bad_check_digit", "person_id", 4),
        ("unknown_code", "result", 3),
        ("impossible_date", "referred_on", 3),
    ),
    "dibao_exit": (("bad_check_digit", "household_head_id", 2), ("end_before_start", "exited_on", 2)),
    "vacancy": (("empty_required", "openings", 3), ("end_before_start", "closes_on", 3)),
    "subsidy": (
        ("bad_check_digit", "person_id", 6),
        ("unknown_code", "subsidy_kind", 5),
        ("empty_required", "amount", 5),
        ("repeated_row", "", 3),
    ),
    "site": (("bad_area_code", "area_code", 2), ("unknown_code", "site_kind", 2)),
    "event": (("empty_required", "attendees", 2), ("impossible_date", "started_on", 2)),
}
_UNKNOWN_LABELS = ("中介公司介绍", "不清楚", "见附件", "其它（待核实）")
_IMPOSSIBLE_DATES = ("2026-02-30", "2026年13月5日", "去年底", "20260431")
_STARTS = {
    "ended_on": "started_on",
    "due_on": "issued_on",
    "exited_on": "dibao_started_on",
    "closes_on": "posted_on",
}


@dataclass(frozen=True)
class RowDamage:
    """One thing wrong with one row of an organisation's ledger, from `first_period` to `last_period` inclusive."""

    kind: str
    feed: str
    organisation_code: str
    row_id: str
    column: str
    first_period: str
    last_period: str
    number: int


class DamageRecord(NamedTuple):
    """A line of truth/damages.csv. `row` is 0 for a whole file or obligation; `file` is relative to the inbox."""

    kind: str
    organisation_code: str
    feed: str
    period: str
    file: str
    sheet: str
    row: int
    column: str
    person_id: str
    expected_effect: str


def plan_row_damages(
    rng: np.random.Generator,
    frames: dict[tuple[str, str], pl.DataFrame],
    contracts: dict[str, Contract],
    scale: float,
    spared: str | None = None,
) -> list[RowDamage]:
    """Choose what goes wrong. `frames` holds the rows of each (feed, period); `scale` is people / 20,000. No row of the
    district `spared` is hit.

    In a cumulative ledger half of the faults stay to the last period, the others are mended after one or two.
    At most one row in twenty-five of a file is hit (one, where the file is smaller).
    """
    plan: list[RowDamage] = []
    taken: Counter[tuple[str, str]] = Counter()
    used: set[tuple[str, str]] = set()
    for feed, kinds in _PLANTED.items():
        periods = sorted(period for name, period in frames if name == feed)
        for kind, column, count in kinds:
            for _ in range(max(1, round(count * scale))):
                start = int(rng.integers(0, len(periods))) if periods else 0
                hit = None
                if periods:
                    rows = frames[feed, periods[start]]
                    if spared is not None:
                        rows = rows.filter(~pl.col("organisation_code").str.starts_with(spared))
                    hit = _choose(rng, rows, feed, kind, column, taken, used)
                if hit is None:
                    continue
                end = len(periods) - 1 if rng.random() < 0.5 else min(start + int(rng.integers(0, 2)), len(periods) - 1)
                if contracts[feed].scope != "cumulative":
                    end = start
                plan.append(RowDamage(kind, feed, hit[0], hit[1], column, periods[start], periods[end], len(plan)))
    return plan


def plant(sheet: Sheet, style: Style, damage: RowDamage, person_id: str) -> tuple[int, str] | None:
    """Put one damage into a sheet that is being made; its row as Excel shows it and the header, or None.

    None where the row is not in the file, or the clerk has left the column out.
    """
    if damage.row_id not in sheet.row_ids or (damage.column and damage.column not in sheet.columns):
        return None
    index = sheet.position(damage.row_id)
    if damage.kind == "repeated_row":
        sheet.cells.append(list(sheet.cells[index]))
        sheet.row_ids.append(damage.row_id)
        return first_data_row(style) + len(sheet.cells) - 1, ""
    place = sheet.columns.index(damage.column)
    cell = _bad_cell(damage, sheet.cells[index], sheet, style, person_id)
    if cell == sheet.cells[index][place]:
        return None
    sheet.cells[index][place] = cell
    return first_data_row(style) + index, style.headers[place]


def damages_frame(records: list[DamageRecord]) -> pl.DataFrame:
    """truth/damages.csv: one line for each planted damage, in the order of files and rows."""
    kinds = {name: (pl.Int64 if name == "row" else pl.String) for name in DamageRecord._fields}
    return pl.DataFrame([tuple(record) for record in records], schema=kinds, orient="row").sort(
        "feed", "period", "organisation_code", "file", "row", "kind", "column"
    )


def _choose(
    rng: np.random.Generator,
    rows: pl.DataFrame,
    feed: str,
    kind: str,
    column: str,
    taken: Counter[tuple[str, str]],
    used: set[tuple[str, str]],
) -> tuple[str, str] | None:
    if column and kind != "id_as_number":
        rows = rows.filter(pl.col(column).is_not_null())
    if kind == "id_as_number":
        rows = rows.filter(pl.col(column).str.ends_with("X").not_())
    size = dict(rows.group_by("organisation_code").len().iter_rows())
    for index in rng.integers(0, max(rows.height, 1), 20).tolist() if rows.height else []:
        organisation, row_id = str(rows["organisation_code"][index]), str(rows[ROW_ID][index])
        allowed = max(1, size[organisation] // 25) if size[organisation] >= 4 else 0
        if taken[feed, organisation] < allowed and (feed, row_id) not in used:
            taken[feed, organisation] += 1
            used.add((feed, row_id))
            return organisation, row_id
    return None


def _bad_cell(damage: RowDamage, row: list[Cell], sheet: Sheet, style: Style, person_id: str) -> Cell:
    match damage.kind:
        case "bad_check_digit":
            return person_id[:-1] + ("5" if person_id[-1] == "X" else str((int(person_id[-1]) + 3) % 10))
        case "id_as_number":
            return _as_excel_number(person_id, style)
        case "empty_required":
            return None
        case "unknown_code":
            return _UNKNOWN_LABELS[damage.number % len(_UNKNOWN_LABELS)]
        case "impossible_date":
            return _IMPOSSIBLE_DATES[damage.number % len(_IMPOSSIBLE_DATES)]
        case "end_before_start":
            return "2019-12-31" if _STARTS[damage.column] in sheet.columns else row[sheet.columns.index(damage.column)]
        case "future_date":
            return "2062-05-06"
        case "wage_out_of_range":
            return 300_000 if not style.numbers_as_text else "300000"
        case "balance_above_principal":
            return "99999999" if damage.number % 2 else "9000000"
        case "bad_area_code":
            return "9901"
    raise ValueError(f"unknown kind of damage {damage.kind}")


def _as_excel_number(person_id: str, style: Style) -> Cell:
    """What is left of an identity number that Excel took for a number: 15 digits, the rest zeros.

    One digit fewer is kept where what is left happens to have a right check digit again, as text or as a float.
    """
    left = next(
        text
        for kept in range(15, 0, -1)
        if not resident_id_is_valid(text := person_id[:kept].ljust(18, "0"))
        and not resident_id_is_valid(str(int(float(text))))
    )
    if style.suffix == "xlsx":
        return float(left)
    return f"{left[0]}.{left[1:6].rstrip('0')}E+17"
