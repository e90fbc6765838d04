"""Two districts that owe ledgers, a way to send them, and a real HTTP receiver in a process of its own."""

from __future__ import annotations

import json
import shutil
import uuid
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from receiver import Receiver

from zaoxue.settings import Settings
from zaoxue.submissions.registry import load_registry
from zaoxue.warehouse.database import connect

FEEDS = ("person", "placement", "training", "follow_up", "target", "loan", "case_report")
BEIJING = ZoneInfo("Asia/Shanghai")
REGISTRY = """organisation_code,name,kind,parent_code,opened_on
990101,青溪区,district,,2026-05-01
990102,白石县,district,,2026-05-01
990101001,柳桥镇,township,990101,2026-05-01
990101002,枫林乡,township,990101,2026-05-01
990102001,石门镇,township,990102,2026-05-01
B9901,甲州某某银行,bank,,2026-05-01
"""


@pytest.fixture
def province(settings: Settings, tmp_path: Path) -> Settings:
    """Settings of a warehouse whose townships owe placement, training and follow_up (and the person ledger) from May 2026.

    Its contracts are those of a few feeds, so that a feed more changes no figure here.
    """
    few = tmp_path / "expectations"
    few.mkdir()
    for path in settings.contracts.iterdir():
        if not path.name.endswith(".odcs.yaml") or path.name.split(".")[0] in FEEDS:
            shutil.copyfile(path, few / path.name)
    settings = replace(settings, contracts=few)
    (settings.inbox / "organisations.csv").write_text(REGISTRY, encoding="utf-8")
    with connect(settings) as connection:
        load_registry(connection, settings.inbox)
    return settings


@pytest.fixture
def submit(province: Settings) -> Callable[..., str]:
    """Register a submission of 9 o'clock: submit("990101001", "placement", "2026-05", 2026, 6, 3, state=...)."""

    def add(organisation: str, feed: str, period: str, *day: int, state: str = "accepted", is_nil: bool = False) -> str:
        submission_id = uuid.uuid4().hex[:16]
        received_at = datetime(*day, 9, tzinfo=BEIJING)
        with connect(province) as connection:
            connection.execute(
                "insert into ops.submission (submission_id, source_uri, sha256, size_bytes, received_at, feed,"
                " organisation_code, district_code, period, state, is_nil)"
                " values (%s, 'inbox', 'x', 1, %s, %s, %s, left(%s, 6), %s, %s, %s)",
                [submission_id, received_at, feed, organisation, organisation, period, state, is_nil],
            )
        return submission_id

    return add


@pytest.fixture
def sent_lines(province: Settings) -> Callable[[], list[dict[str, Any]]]:
    """What the JSON-lines file holds."""

    def read() -> list[dict[str, Any]]:
        if not province.alert_file.exists():
            return []
        return [json.loads(line) for line in province.alert_file.read_text(encoding="utf-8").splitlines()]

    return read


@pytest.fixture
def receiver(tmp_path: Path) -> Iterator[Receiver]:
    folder = tmp_path / "receiver"
    folder.mkdir()
    running = Receiver(folder)
    yield running
    running.stop()
