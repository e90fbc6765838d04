"""Mutated files: each is read or refused in words, in time and in memory, and no row of any is lost.

Some hundreds with every run of the tests; ZAOXUE_FUZZ=10000 asks for so many.
"""

from __future__ import annotations

import os
import random
import resource
import sys
import time
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import pytest

from tests.fixtures.zoo_layouts import NARROW
from tests.fuzz.mutations import bases, mutated, scribbled
from tests.pipeline.ledgers import resident_id
from zaoxue.contracts import load_contracts
from zaoxue.inbox.discover import SHANGHAI, ReceivedFile
from zaoxue.normalising import normalise
from zaoxue.pipeline import intake
from zaoxue.pipeline.intake import Intake, Refusal
from zaoxue.recognising import FeedFinder, Organisation, OrganisationFinder
from zaoxue.settings import load_settings
from zaoxue.workbooks import UnreadableFileError

RUNS = int(os.environ.get("ZAOXUE_FUZZ", "300"))
FEEDS = FeedFinder(load_contracts(load_settings().contracts))
SENDERS = OrganisationFinder(
    [
        Organisation("990101", "青溪区", "district", "990101"),
        Organisation("990101001", "柳桥镇", "township", "990101"),
    ]
)
FILE = ReceivedFile(
    Path("x"), "990101_青溪区/990101001_柳桥镇/就业台账_2026年5月.xlsx", 1, datetime(2026, 6, 3, 10, tzinfo=SHANGHAI)
)
SECONDS = 30
PEAK_MIB = 1536


def read(content: bytes) -> list[Intake | Refusal]:
    """Without the net that keeps the night going: any error but a refusal is a crash."""
    try:
        taken = intake._read(FILE, "0" * 64, content, FEEDS, SENDERS)
    except UnreadableFileError as refused:
        in_two_languages(refused.reason_zh, refused.reason_en)
        return []
    for result in taken:
        if isinstance(result, Refusal):
            in_two_languages(result.reason_zh, result.reason_en)
            continue
        for _, table in result.tables:
            assert table.rows_in_file == table.rows.height + table.rows_not_data
            assert table.rows_not_data >= 0
            assert normalise(table.rows, result.contract).height == table.rows.height
    return taken


def in_two_languages(zh: str, en: str) -> None:
    assert any("\u4e00" <= character <= "\u9fff" for character in zh)
    assert any(character.isascii() and character.isalpha() for character in en)


@pytest.fixture(autouse=True)
def _within_memory() -> Iterator[None]:
    yield
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // (1 if sys.platform == "darwin" else 1024)
    assert peak < PEAK_MIB


@pytest.mark.timeout(max(600, RUNS))
def test_mutated_files() -> None:
    sound = bases()
    readable = 0
    for seed in range(RUNS):
        draw = random.Random(seed)
        content = mutated(draw, draw.choice(sound))
        started = time.perf_counter()
        try:
            readable += any(isinstance(result, Intake) for result in read(content))
        except Exception as error:
            raise AssertionError(f"seed {seed}") from error
        assert time.perf_counter() - started < SECONDS, f"seed {seed}"
    assert readable > RUNS // 20  # or the mutations would test nothing but the zip


@pytest.mark.timeout(max(600, RUNS))
def test_no_row_with_an_identity_number_is_lost_among_junk() -> None:
    people = {resident_id(number) for number in range(1, 100)}
    for seed in range(RUNS):
        rows, content = scribbled(random.Random(seed))
        (taken,) = read(content)
        assert isinstance(taken, Intake), f"seed {seed}: {taken.reason_en}"
        ((_, table),) = taken.tables
        assert table.rows_in_file <= len(rows), f"seed {seed}"
        expected = {
            number
            for number, row in enumerate(rows, 1)
            if len(row) > 1 and row[1] in people and str(row[0]).strip() != "示例"
        }
        assert expected <= set(table.rows["_row"].to_list()), f"seed {seed}"
        found = dict(table.rows.select("_row", "person_id").rows())
        assert all(found[number] == rows[number - 1][NARROW.index("劳动力身份证号*")] for number in expected), (
            f"seed {seed}"
        )
