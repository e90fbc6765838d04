"""A load killed at any moment: after the next run every receipt is there, the same as of a load nobody disturbed."""

from __future__ import annotations

import os
import random
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.fixtures.specimen import csv_text, ledger
from tests.pipeline.conftest import Night
from tests.pipeline.ledgers import TOWN, deliver, placement, write_placements
from tests.pipeline.test_load import query
from zaoxue.pipeline import load_files
from zaoxue.receipts import make_receipts
from zaoxue.receipts.write import receipts_folder
from zaoxue.settings import Settings

FILES = 40
KILLS = 6
LOAD = """
from zaoxue.inbox import discover
from zaoxue.inbox.discover import LEDGER_SUFFIXES
from zaoxue.pipeline import load_files
from zaoxue.settings import load_settings
from zaoxue.warehouse.database import connect

settings = load_settings()
with connect(settings) as connection:
    files = discover(settings.inbox, LEDGER_SUFFIXES, connection)
print("loading", flush=True)
load_files(settings, "killed", files)
"""


def deliver_files(settings: Settings) -> None:
    """Workbooks and text files, good ones, ones with bad rows, ones that are refused."""
    for number in range(FILES):
        month = f"2026年{1 + number % 5}月（{number}）"
        rows = [placement(n) for n in range(1, 30)]
        if number % 3:
            rows[number % 29]["就业终止日期"] = "2025-01-01"
        if number % 2:
            write_placements(
                settings.inbox, rows, name=f"就业台账_{month}.xlsx", title=None, received=f"2026-06-03T10:{number:02d}"
            )
        else:
            path = settings.inbox / TOWN / f"就业台账_{month}.csv"
            content = csv_text(ledger(*rows)) if number % 8 else "什么也不是\r\n"
            path.write_text(content, encoding="utf-8")
            deliver(path, f"2026-06-03T10:{number:02d}")


def contents(folder: Path) -> dict[str, bytes]:
    return {p.relative_to(folder).as_posix(): p.read_bytes() for p in sorted(folder.rglob("*")) if p.is_file()}


def load_and_kill(settings: Settings, draw: random.Random, *, in_receipts: bool) -> bool:
    """Whether it was killed before its end: somewhere in the load, or once a receipt more has been written."""
    environment = os.environ | {
        "ZAOXUE_DATABASE_URL": settings.database_url or "",
        "ZAOXUE_HOME": str(settings.home),
        "ZAOXUE_INBOX": str(settings.inbox),
    }
    process = subprocess.Popen([sys.executable, "-c", LOAD], env=environment, stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    assert process.stdout.readline() == "loading\n"
    if in_receipts:
        before = len(contents(receipts_folder(settings)))
        while process.poll() is None and len(contents(receipts_folder(settings))) == before:
            time.sleep(0.001)
        time.sleep(draw.uniform(0, 0.05))
    else:
        time.sleep(draw.uniform(0, 4))
    process.send_signal(signal.SIGKILL)
    return process.wait() != 0


@pytest.mark.timeout(900)
def test_after_any_kill_every_receipt_is_there_and_the_same(settings: Settings, night: Night) -> None:
    deliver_files(settings)
    draw = random.Random(7)
    killed = [load_and_kill(settings, draw, in_receipts=number % 2 == 1) for number in range(KILLS)]
    assert any(killed)
    night()
    make_receipts(settings, "the next night")
    folder = receipts_folder(settings)
    disturbed = {name: content for name, content in contents(folder).items() if not name.endswith(".part")}
    assert query(settings, "select count(*), count(distinct source_uri) from ops.submission") == [(FILES, FILES)]
    assert query(
        settings,
        "select count(*) from ops.submission where submission_id not in (select submission_id from ops.receipt)",
    ) == [(0,)]
    assert len(disturbed) == FILES
    for (path,) in query(settings, "select path from ops.receipt"):
        assert path in disturbed
    # The same facts, told by a run that nobody disturbs.
    shutil.rmtree(folder)
    query(settings, "delete from ops.receipt returning 1")
    make_receipts(settings, "undisturbed")
    assert contents(folder) == disturbed
    assert load_files(settings, "nothing is left", []).files == 0
