"""The build as the pipeline calls it: on nothing, on rows that break a rule, twice at once."""

from __future__ import annotations

import os
import threading
import time
from datetime import date

import pytest

from tests.warehouse.conftest import Built
from tests.warehouse.stored_rows import insert_rows
from zaoxue.errors import NeedsAPersonError
from zaoxue.settings import PROJECT_ROOT, Settings
from zaoxue.warehouse import dbt_build
from zaoxue.warehouse.database import connect

AS_OF = date(2026, 5, 31)


def test_an_empty_warehouse_then_a_row_that_breaks_a_rule(settings: Settings) -> None:
    before = dict(os.environ)
    outcomes = dbt_build.build_marts(settings, AS_OF)
    assert {outcome.status for outcome in outcomes} <= {"success", "pass"}
    assert len({outcome.unique_id for outcome in outcomes}) == len(outcomes) > 100
    assert {outcome.kind for outcome in outcomes} == {"model", "seed", "test"}
    by_name = {outcome.unique_id.split(".")[2]: outcome for outcome in outcomes}
    assert by_name["fct_placement"].rows == 0
    assert by_name["dim_code"].rows == by_name["code_list"].rows
    assert dict(os.environ) == before
    assert not list((PROJECT_ROOT / "dbt_project").glob("target")), "the project tree stays clean"

    with connect(settings) as connection:
        connection.execute(
            "insert into ops.organisation values ('990101001', 'x', 'township', null, '990101', '2026-01-01')"
        )
        row = {"person_key": "p", "channel": "own", "region": "in_county", "employment_type": "secret word"}
        insert_rows(
            connection,
            "placement",
            [row | {"started_on": AS_OF, "contract_months": 1, "organisation_code": "990101001"}],
        )
    with pytest.raises(dbt_build.DataTestError, match="accepted_values_fct_placement_employment_type") as caught:
        dbt_build.build_marts(settings, AS_OF)
    assert isinstance(caught.value, NeedsAPersonError)
    assert "secret word" not in str(caught.value)
    assert len(caught.value.outcomes) == len(outcomes)
    assert [o.status for o in caught.value.outcomes].count("fail") == 1


def test_a_database_that_is_away_is_told_as_such(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(dbt_build, "_environment", lambda _: _Nowhere())
    with pytest.raises(dbt_build.BuildError) as caught:
        dbt_build.build_marts(settings, AS_OF)
    assert not isinstance(caught.value, NeedsAPersonError), "trying again may help"


class _Nowhere:
    def __enter__(self) -> None:
        os.environ["DBT_ZAOXUE_HOST"] = "/nonexistent"

    def __exit__(self, *_: object) -> None:
        del os.environ["DBT_ZAOXUE_HOST"]


def test_two_builds_wait_for_each_other(built: Built) -> None:
    order: list[str] = []

    def second() -> None:
        with dbt_build._one_at_a_time(built.settings):
            order.append("second")

    with dbt_build._one_at_a_time(built.settings):
        other = threading.Thread(target=second)
        other.start()
        time.sleep(0.5)
        order.append("first")
    other.join(timeout=10)
    assert order == ["first", "second"]


def test_the_documentation_is_one_page(built: Built) -> None:
    page = dbt_build.write_docs(built.settings, built.as_of)
    assert "mart_retention_cohort" in page.read_text(encoding="utf-8")
