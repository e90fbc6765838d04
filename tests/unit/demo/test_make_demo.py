"""The files: the same for a seed, delivered when they should be, and damaged exactly where the truth says so."""

from __future__ import annotations

import csv
import hashlib
import io
import json
import shutil
import subprocess
import sys
import time
from datetime import date, datetime
from pathlib import Path

import openpyxl
import polars as pl
import pytest
from tests.unit.demo.demo_files import SIZE, truth_part

from zaoxue.contracts import load_contracts
from zaoxue.demo import DemoReport, NotADemoFolderError, make_demo
from zaoxue.demo.calendar_days import SHANGHAI, due_at
from zaoxue.demo.people import resident_id_is_valid
from zaoxue.settings import PROJECT_ROOT

TINY = {"people": 120, "districts": 1, "townships_per_district": 2}


def cells_of(path: Path) -> list[list[object]]:
    """Rows of the only sheet as a clerk sees them; row 1 is the first."""
    if path.suffix == ".xlsx":
        book = openpyxl.load_workbook(path)
        assert len(book.sheetnames) == 1
        return [list(row) for row in book.active.iter_rows(values_only=True)]
    content = path.read_bytes()
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = content.decode("gb18030")
    return [[cell or None for cell in row] for row in csv.reader(io.StringIO(text))]


def digests(folder: Path) -> dict[str, tuple[str, float]]:
    return {
        path.relative_to(folder).as_posix(): (
            hashlib.sha256(path.read_bytes()).hexdigest(),
            path.stat().st_mtime if "inbox" in path.parts else 0,
        )
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


def damages(report: DemoReport, **given: str) -> pl.DataFrame:
    return truth_part(report.folder, "damages").filter(**given)


def test_equal_seeds_give_equal_bytes_and_times(tmp_path: Path) -> None:
    first, second = make_demo(tmp_path / "a", **TINY), make_demo(tmp_path / "b", **TINY)
    assert first.made
    assert digests(first.folder) == digests(second.folder)
    other = make_demo(tmp_path / "c", **TINY, seed=8)
    assert digests(other.folder) != digests(first.folder)


def test_the_same_demo_is_left_alone_and_another_one_replaces_it(tmp_path: Path) -> None:
    first = make_demo(tmp_path / "demo", **TINY)
    before = {path: path.stat().st_ino for path in (tmp_path / "demo").rglob("*")}
    again = make_demo(tmp_path / "demo", **TINY)
    assert not again.made
    assert (again.files, again.damages) == (first.files, first.damages)
    assert {path: path.stat().st_ino for path in (tmp_path / "demo").rglob("*")} == before
    earlier = make_demo(tmp_path / "demo", **TINY, as_of=date(2026, 4, 30))
    assert earlier.made
    assert earlier.files < first.files
    assert [path.name for path in tmp_path.iterdir()] == ["demo"]


def test_a_killed_demo_is_made_again_and_two_at_once_make_one(tmp_path: Path) -> None:
    whole = digests(make_demo(tmp_path / "whole", **TINY).folder)
    script = (
        "import sys; from pathlib import Path; from zaoxue.demo import make_demo;"
        f"print('go', flush=True); print(make_demo(Path(sys.argv[1]), **{TINY!r}).made)"
    )
    command = [sys.executable, "-c", script, str(tmp_path / "demo")]
    for seconds in (0.1, 0.4, 0.7):
        with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
            assert process.stdout is not None
            process.stdout.readline()
            time.sleep(seconds)
            process.kill()
        assert not (tmp_path / "demo").exists() or digests(tmp_path / "demo") == whole
    shutil.rmtree(tmp_path / "demo", ignore_errors=True)
    both = [subprocess.Popen(command, stdout=subprocess.PIPE, text=True) for _ in range(2)]
    assert sorted(process.communicate()[0].split()[1] for process in both) == ["False", "True"]
    assert digests(tmp_path / "demo") == whole
    assert sorted(path.name for path in tmp_path.iterdir()) == ["demo", "whole"]


def test_foreign_folders_are_left_alone(tmp_path: Path) -> None:
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "ledger.xlsx").write_bytes(b"")
    with pytest.raises(NotADemoFolderError):
        make_demo(tmp_path / "mine", **TINY)
    with pytest.raises(ValueError, match="as_of"):
        make_demo(tmp_path / "new", **TINY, as_of=date(2027, 1, 1))
    assert [path.name for path in tmp_path.iterdir()] == ["mine"]


def test_everything_owed_is_there_and_in_time(clean_demo: DemoReport) -> None:
    inbox = clean_demo.folder / "inbox"
    contracts = load_contracts(PROJECT_ROOT / "expectations")
    towns, districts = 9, SIZE["districts"]
    ledgers = [path for path in inbox.rglob("*") if path.suffix in (".xlsx", ".csv") and path.parent != inbox]
    by_month, by_quarter = 3, 5  # township feeds; the person register is one of the quarterly ones
    of_districts = 1 + 5 + 3  # tasks of the year; vacancies of five months; subsidies, sites and events of a quarter
    assert len(ledgers) == towns * (by_quarter + by_month * 5) + districts * of_districts + 5
    assert clean_demo.damages.keys() <= {"nil"}
    for period, sla, day in (
        ("2026-05", contracts["placement"].sla, "2026-06-05"),
        ("2026-04", contracts["placement"].sla, "2026-05-11"),  # holidays, and a Saturday worked
        ("2026Q1", contracts["person"].sla, "2026-04-03"),
        ("2026", contracts["target"].sla, "2026-01-15"),
    ):  # Sunday 4 January is a working day
        assert due_at(period, sla) == datetime.fromisoformat(f"{day}T17:00").replace(tzinfo=SHANGHAI)
    may = [path for path in ledgers if "2026年5月" in path.name or "202605" in path.name]
    assert may
    received = [datetime.fromtimestamp(path.stat().st_mtime, SHANGHAI) for path in may]
    assert min(received) >= datetime(2026, 6, 1, 9, tzinfo=SHANGHAI)
    assert max(received) < datetime(2026, 6, 5, 17, tzinfo=SHANGHAI)
    assert len({moment.hour for moment in received}) > 4


def test_clean_files_hold_valid_rows_in_many_shapes(clean_demo: DemoReport) -> None:
    inbox = clean_demo.folder / "inbox"
    contract = load_contracts(PROJECT_ROOT / "expectations")["placement"]
    words = {header: column.name for column in contract.columns for header in column.headers}
    header_rows, encodings, orders = set(), set(), set()
    spells = truth_part(clean_demo.folder, "spells").filter(pl.col("started_on") <= date(2026, 5, 31))
    found = 0
    for path in sorted(inbox.glob("99*/99*/*")):
        rows = cells_of(path)
        text = "".join(str(cell) for cell in rows[0]) + path.name
        if "就业" not in text or not ("2026年5月" in text or "202605" in text):
            continue
        at = next(
            index for index, row in enumerate(rows) if {words.get(str(cell)) for cell in row} >= {"name", "person_id"}
        )
        columns = [words.get(str(cell)) for cell in rows[at]]
        ids = [
            str(row[columns.index("person_id")]).upper() for row in rows[at + 1 :] if row[columns.index("person_id")]
        ]
        ids = [text for text in ids if text[0].isdigit()]
        assert all(resident_id_is_valid(text) for text in ids), path
        found += len(ids)
        header_rows.add(at + 1)
        orders.add(tuple(columns))
        if path.suffix == ".csv":
            content = path.read_bytes()
            encodings.add("bom" if content.startswith(b"\xef\xbb\xbf") else "plain")
    assert found == spells.height
    assert len(header_rows) > 1
    assert len(orders) > 4


def test_each_damage_is_where_it_is_said_to_be(damaged_demo: DemoReport) -> None:
    inbox = damaged_demo.folder / "inbox"
    planted = damages(damaged_demo, expected_effect="row_quarantined").filter(pl.col("file") != "bank/loans.json")
    assert {
        "bad_check_digit",
        "id_as_number",
        "empty_required",
        "unknown_code",
        "impossible_date",
        "end_before_start",
        "repeated_row",
        "wage_out_of_range",
        "future_date",
    } <= set(planted["kind"])
    seen: dict[str, list[list[object]]] = {}
    for record in planted.iter_rows(named=True):
        rows = seen.setdefault(record["file"], cells_of(inbox / record["file"]))
        line = rows[record["row"] - 1]
        if record["kind"] == "repeated_row":
            assert sum(row[1:] == line[1:] for row in rows) >= 2, record
            continue
        header = next(row for row in rows if record["column"] in row)
        cell = line[header.index(record["column"])]
        match record["kind"]:
            case "bad_check_digit":
                assert not resident_id_is_valid(str(cell)), record
                assert str(cell)[:17] == record["person_id"][:17]
            case "id_as_number":
                assert isinstance(cell, (int, float)) or "E+17" in str(cell), record
                assert not resident_id_is_valid(str(int(float(cell)))), record
            case "empty_required":
                assert cell is None, record
            case "wage_out_of_range":
                assert float(str(cell)) == 300_000, record
            case "end_before_start":
                assert cell == "2019-12-31", record
            case _:
                assert cell is not None, record
        assert record["person_id"] in [*map(str, line), ""] or record["column"] in ("身份证号", *header), record


def test_files_go_missing_late_twice_and_unreadable(damaged_demo: DemoReport) -> None:
    inbox = damaged_demo.folder / "inbox"
    contracts = load_contracts(PROJECT_ROOT / "expectations")
    missing = damages(damaged_demo, kind="missing")
    silent = missing.filter(period="2026-05")["organisation_code"].str.slice(0, 6).value_counts()
    assert silent["count"].max() >= 9  # a whole district: three feeds of three townships
    late = damages(damaged_demo, kind="late")
    assert late.height >= 1
    for record in late.iter_rows(named=True):
        due = due_at(record["period"], contracts[record["feed"]].sla)
        assert due.timestamp() < (inbox / record["file"]).stat().st_mtime < due.timestamp() + 12 * 86_400
    for record in damages(damaged_demo, kind="copy").iter_rows(named=True):
        copies = [
            path
            for path in (inbox / record["file"]).parent.iterdir()
            if path.read_bytes() == (inbox / record["file"]).read_bytes()
        ]
        assert len(copies) == 2
    (broken,) = damages(damaged_demo, kind="unreadable")["file"]
    with pytest.raises(Exception, match="zip"):
        openpyxl.load_workbook(inbox / broken)


def test_a_correction_changes_a_handful_of_cells(damaged_demo: DemoReport) -> None:
    inbox = damaged_demo.folder / "inbox"
    corrected = damages(damaged_demo, kind="corrected")
    assert corrected.height >= 1
    for record in corrected.iter_rows(named=True):
        first = inbox / record["file"]
        (second,) = [
            path for path in first.parent.iterdir() if path.name.startswith(first.stem) and "更正" in path.name
        ]
        assert second.stat().st_mtime > first.stat().st_mtime
        before, after = ({json.dumps(row, default=str) for row in cells_of(path)} for path in (first, second))
        assert 1 <= len(after - before) <= 12


def test_nil_reports_say_so(damaged_demo: DemoReport) -> None:
    inbox = damaged_demo.folder / "inbox"
    nil = damages(damaged_demo, kind="nil")
    assert sorted(nil["file"]) == sorted(path.relative_to(inbox).as_posix() for path in inbox.rglob("*零报告*"))
    follow_ups = truth_part(damaged_demo.folder, "follow_ups")
    for record in nil.filter(feed="follow_up").iter_rows(named=True):
        month = pl.col("followed_up_on").dt.strftime("%Y-%m") == record["period"]
        assert follow_ups.filter(month, township_code=record["organisation_code"]).is_empty()


@pytest.mark.parametrize("damage", [True, False])
def test_an_earlier_night_has_a_part_of_the_same_files(
    damage: bool, damaged_demo: DemoReport, clean_demo: DemoReport, tmp_path: Path
) -> None:
    whole = damaged_demo if damage else clean_demo
    early = make_demo(tmp_path / "early", **SIZE, damage=damage, as_of=date(2026, 5, 31))
    before, after = digests(early.folder / "inbox"), digests(whole.folder / "inbox")
    assert before.items() < after.items()
    assert not [name for name in before if "台账202605" in name or "2026年5月" in name]
    end = datetime(2026, 6, 1, tzinfo=SHANGHAI).timestamp()
    assert max(moment for _, moment in before.values()) < end
    assert {name for name in after.keys() - before.keys() if after[name][1] < end} == set()
