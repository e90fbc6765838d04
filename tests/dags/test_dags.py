"""Every DAG loads, says what it is, and wires the night as designed. (That they run is shown in tests/e2e.)"""

from __future__ import annotations

import ast
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

DAGS = Path(__file__).resolve().parents[2] / "dags"
EXPECTED = {
    "township_ledgers",
    "loan_records",
    "case_reports",
    "marts",
    "submission_watch",
    "maintenance",
    "release_submission",
}
LOADERS = {"township_ledgers", "loan_records", "case_reports"}


@pytest.fixture(scope="module")
def bag() -> Any:
    from airflow.dag_processing.dagbag import DagBag

    return DagBag(dag_folder=str(DAGS))


def test_exactly_the_expected_dags_load(bag: Any) -> None:
    assert bag.import_errors == {}
    assert set(bag.dag_ids) == EXPECTED


@pytest.mark.parametrize("dag_id", sorted(EXPECTED))
def test_every_dag_says_who_owns_it_and_what_a_rerun_does(bag: Any, dag_id: str) -> None:
    dag = bag.dags[dag_id]
    assert dag.owner == "data-engineering"
    assert any(tag.startswith("tier:") for tag in dag.tags)
    assert dag.catchup is False
    for heading in ("**Inputs**", "**Outputs**", "**Schedule**", "**Run again**"):
        assert heading in dag.doc_md
    assert dag.max_active_runs == 1
    assert all(task.retries == 2 and task.retry_policy is not None for task in dag.tasks)


def test_nightly_loaders_and_the_marts_have_a_deadline(bag: Any) -> None:
    assert {dag_id for dag_id, dag in bag.dags.items() if dag.deadline} == {*LOADERS, "marts"}


def test_every_task_that_fails_for_good_tells_the_engineers(bag: Any) -> None:
    for dag in bag.dags.values():
        for task in dag.tasks:
            callbacks = task.on_failure_callback
            callbacks = callbacks if isinstance(callbacks, list) else [callbacks]
            assert [callback.__name__ for callback in callbacks] == ["task_has_failed"], (dag.dag_id, task.task_id)


def test_assets_connect_every_feed_to_the_marts(bag: Any) -> None:
    from zaoxue.contracts import load_contracts
    from zaoxue.settings import load_settings

    produced = {asset.name for dag_id in LOADERS for task in bag.dags[dag_id].tasks for asset in task.outlets}
    awaited = {asset.name for asset in bag.dags["marts"].schedule.asset_condition.objects}
    assert produced == awaited == set(load_contracts(load_settings().contracts))


def test_dag_files_are_thin_and_import_nothing_slow() -> None:
    for path in DAGS.glob("*.py"):
        tree = ast.parse(path.read_text(encoding="utf-8"))
        top_level = [node for node in tree.body if isinstance(node, ast.Import | ast.ImportFrom)]
        modules = {
            name
            for node in top_level
            for name in ([node.module] if isinstance(node, ast.ImportFrom) else [a.name for a in node.names])
        }
        assert modules <= {
            "__future__",
            "datetime",
            "typing",
            "airflow.sdk",
            "airflow.providers.standard.operators.hitl",
            "zaoxue_airflow",
        }, path.name
        assert len(path.read_text(encoding="utf-8").splitlines()) < 90, path.name


def test_the_airflow_module_imports_no_engine() -> None:
    """Airflow reads DAG files again and again: what they import must not pull in pandas, dbt or Great Expectations."""
    code = (
        "import sys; import airflow.sdk; import airflow.plugins_manager; before = set(sys.modules);"
        " sys.path.insert(0, 'plugins'); import zaoxue_airflow, zaoxue_board;"
        " print(sorted({m.split('.')[0] for m in set(sys.modules) - before}))"
    )
    out = subprocess.run(
        [sys.executable, "-c", code], cwd=DAGS.parent, capture_output=True, text=True, check=True
    ).stdout
    loaded = set(ast.literal_eval(out.splitlines()[-1]))
    assert not loaded & {"great_expectations", "pandas", "polars", "dbt", "psycopg"}
