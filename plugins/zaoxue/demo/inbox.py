"""Write the planned files of the inbox, with what goes wrong in them, and note each fault where it was put."""

from __future__ import annotations

import os
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

import numpy as np
import polars as pl

from zaoxue.contracts import Contract
from zaoxue.demo.damages import DamageRecord, RowDamage, plant
from zaoxue.demo.deliveries import DEMO_FEEDS, Delivery
from zaoxue.demo.ledgers import Sheet, as_grid, as_sheet, first_data_row
from zaoxue.demo.styles import Style, draw_style, file_name
from zaoxue.demo.writing import Grid, csv_bytes, xlsx_bytes

_EFFECT_OF_STATE = {
    "missing": "submission_missing",
    "unreadable": "submission_missing",
    "late": "submission_late",
    "first_version": "superseded",
    "copy": "duplicate_submission",
}
_KIND_OF_STATE = {
    "missing": "missing",
    "unreadable": "unreadable",
    "late": "late",
    "first_version": "corrected",
    "copy": "copy",
}


@dataclass
class InboxWriter:
    """Writes deliveries below `inbox` and keeps the records of planted damage.

    `frames` holds the rows of each (feed, period) for all organisations; `damages` the faults of single rows.
    """

    inbox: Path
    seed: int
    contracts: dict[str, Contract]
    frames: dict[tuple[str, str], pl.DataFrame]
    damages: Iterable[RowDamage]

    def __post_init__(self) -> None:
        self.records: list[DamageRecord] = []
        self.files = 0
        self._styles: dict[tuple[str, str], Style] = {}
        self._parts = {
            key: frame.partition_by("organisation_code", as_dict=True, maintain_order=True)
            for key, frame in self.frames.items()
        }
        self._by_sender: dict[tuple[str, str], list[RowDamage]] = {}
        for damage in self.damages:
            self._by_sender.setdefault((damage.feed, damage.organisation_code), []).append(damage)

    def write(self, delivery: Delivery) -> None:
        """Write one delivery (or note that it is missing)."""
        feed, code, period = delivery.obligation
        if delivery.state == "missing":
            self._note(delivery, "missing", "", "", 0, "", "", "submission_missing")
            return
        style = self._style(feed, code, period)
        if delivery.state == "unreadable":
            style = replace(style, suffix="xlsx")
        frame = self.frames[feed, period]
        rows = self._parts[feed, period].get((code,), frame.clear())
        sheet = as_sheet(rows, self.contracts[feed], style)
        mark = delivery.mark if sheet.cells else f"{delivery.mark}_零报告"
        file = f"{delivery.folder}/{file_name(style, delivery.organisation.name, period, mark)}"
        shown_sheet = style.sheet if style.suffix == "xlsx" else "CSV"
        if delivery.state != "unreadable":
            self._spoil(delivery, sheet, style, rows, file, shown_sheet)
        if delivery.state in _EFFECT_OF_STATE:
            kind, effect = _KIND_OF_STATE[delivery.state], _EFFECT_OF_STATE[delivery.state]
            self._note(delivery, kind, file, shown_sheet, 0, "", "", effect)
        if not sheet.cells and delivery.state != "unreadable":
            self._note(delivery, "nil", file, shown_sheet, 0, "", "", "nil")
        content = _content(as_grid(sheet, style, delivery.organisation.name, period), style)
        if delivery.state == "unreadable":
            content = content[: len(content) * 2 // 3]
        self._store(file, content, delivery.received)

    def write_text(self, file: str, content: bytes, received: datetime) -> None:
        """Write a file that is no ledger (registry, article)."""
        self._store(file, content, received)

    def _spoil(
        self, delivery: Delivery, sheet: Sheet, style: Style, rows: pl.DataFrame, file: str, shown_sheet: str
    ) -> None:
        feed, code, period = delivery.obligation
        identity = next((name for name in ("person_id", "household_head_id") if name in rows.columns), None)
        people = rows[identity].to_list() if identity else []
        if delivery.state == "first_version" and len(sheet.cells) >= 6:
            self._make_first_version(delivery, sheet, style, people, file, shown_sheet)
        planned = [d for d in self._by_sender.get((feed, code), []) if d.first_period <= period <= d.last_period]
        for damage in sorted(planned, key=lambda d: d.kind == "repeated_row"):
            person_id = _person_of(sheet, people, damage.row_id)
            where = plant(sheet, style, damage, person_id)
            if where and delivery.state != "copy":
                self._note(delivery, damage.kind, file, shown_sheet, where[0], where[1], person_id, "row_quarantined")

    def _make_first_version(
        self, delivery: Delivery, sheet: Sheet, style: Style, people: list[str], file: str, shown_sheet: str
    ) -> None:
        """A handful of things that the correction will change: a row forgotten, amounts mistaken, an end not known."""
        rng = np.random.default_rng([self.seed, 41, int(delivery.organisation.code)])
        amount = "monthly_wage" if delivery.feed == "placement" else "training_days"
        spoiled = {damage.row_id for damage in self._by_sender.get((delivery.feed, delivery.organisation.code), [])}
        for index in rng.choice(len(people) - 1, 4, replace=False).tolist():
            column = amount if index % 2 and amount in sheet.columns else "ended_on"
            place = sheet.columns.index(column)
            cell = sheet.cells[index][place]
            if cell is None or sheet.row_ids[index] in spoiled:
                continue
            changed = None if column == "ended_on" else int(str(cell)) + 1
            sheet.cells[index][place] = str(changed) if changed is not None and style.numbers_as_text else changed
            self._note(
                delivery,
                "changed_by_correction",
                file,
                shown_sheet,
                first_data_row(style) + index,
                style.headers[place],
                people[index],
                "superseded",
            )
        last = len(people) - 1
        if sheet.row_ids[last] not in spoiled:
            del sheet.cells[last], sheet.row_ids[last]
            self._note(delivery, "row_forgotten", file, shown_sheet, 0, "", people[last], "superseded")

    def _style(self, feed: str, code: str, period: str) -> Style:
        if (feed, code) not in self._styles:
            contract = self.contracts[feed]
            frame = self.frames[feed, period]
            present = [column.name for column in contract.columns if column.name in frame.columns]
            number = int("".join(character for character in code if character.isdigit()))
            rng = np.random.default_rng([self.seed, 20, DEMO_FEEDS.index(feed), number])
            self._styles[feed, code] = draw_style(rng, contract, present)
        return self._styles[feed, code]

    def _note(
        self, delivery: Delivery, kind: str, file: str, sheet: str, row: int, column: str, person_id: str, effect: str
    ) -> None:
        feed, code, period = delivery.obligation
        self.records.append(DamageRecord(kind, code, feed, period, file, sheet, row, column, person_id, effect))

    def _store(self, file: str, content: bytes, received: datetime) -> None:
        path = self.inbox / file
        if path.exists():
            raise FileExistsError(f"two demo files are called {file}")
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
        os.utime(path, (received.timestamp(), received.timestamp()))
        self.files += 1


def _person_of(sheet: Sheet, people: list[str], row_id: str) -> str:
    if not people or row_id not in sheet.row_ids:
        return ""
    return people[sheet.position(row_id)] or ""


def _content(grid: Grid, style: Style) -> bytes:
    return xlsx_bytes(grid) if style.suffix == "xlsx" else csv_bytes(grid, style.encoding)
