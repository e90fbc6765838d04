"""Marts are built from sources that stand still."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from concurrent.futures import TimeoutError as StillRunningError

import psycopg
import pytest

from tests.pipeline.conftest import Night
from tests.pipeline.ledgers import placement, write_placements
from zaoxue.settings import Settings
from zaoxue.warehouse.database import connect, warehouse_url
from zaoxue.warehouse.locks import hold_for_building, hold_for_writing


def test_a_load_waits_for_a_build_that_runs(settings: Settings, night: Night) -> None:
    write_placements(settings.inbox, [placement(1)])
    with ThreadPoolExecutor(1) as pool:
        with psycopg.connect(warehouse_url(settings), autocommit=True) as build:
            hold_for_building(build)
            load = pool.submit(night)
            with pytest.raises(StillRunningError):
                load.result(timeout=4)
            assert build.execute("select count(*) from raw.placement").fetchone() == (0,)
        assert load.result(timeout=60).rows_inserted == 1


def test_a_build_waits_for_a_load_and_loads_do_not_wait_for_each_other(settings: Settings) -> None:
    with connect(settings) as one, connect(settings) as other:
        hold_for_writing(one)
        hold_for_writing(other)
        with psycopg.connect(warehouse_url(settings), autocommit=True) as build:
            build.execute("set lock_timeout to '500ms'")
            with pytest.raises(psycopg.errors.LockNotAvailable):
                hold_for_building(build)
