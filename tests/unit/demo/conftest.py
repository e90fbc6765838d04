"""Small demos, made once for the session."""

from __future__ import annotations

import pytest
from tests.unit.demo.demo_files import SIZE

from zaoxue.demo import DemoReport, make_demo


@pytest.fixture(scope="session")
def damaged_demo(tmp_path_factory: pytest.TempPathFactory) -> DemoReport:
    """A demo in which things go wrong."""
    return make_demo(tmp_path_factory.mktemp("damaged") / "demo", **SIZE)


@pytest.fixture(scope="session")
def clean_demo(tmp_path_factory: pytest.TempPathFactory) -> DemoReport:
    """The same demo with every file sent, in time and valid."""
    return make_demo(tmp_path_factory.mktemp("clean") / "demo", **SIZE, damage=False)
